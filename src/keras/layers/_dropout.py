"""`Dropout`: entries set to zero at random in training."""

from collections.abc import Sequence
from typing import Unpack

from keras import random
from keras.core.seeds import SeedGenerator
from keras.layers._layer import LayerOptions, TensorLayer
from keras.layers._options import fraction
from keras.typing import Tensor


class Dropout(TensorLayer):
    """Sets a share of the inputs to zero in training, and scales up the rest.

    Entries that stay are divided by `1 - rate`, so that sums keep their expectation.
    Source: Srivastava et al. 2014, Dropout: a simple way to prevent neural networks
    from overfitting.

    Args:
        rate: the share that is dropped, from 0 to 1.
        noise_shape: shape of the noise, broadcast to the input; default: the input's.
        seed: an int, or a `keras.random.SeedGenerator`.

    Example:
        >>> keras.layers.Dropout(0.5)(numpy.ones((2, 3)), training=True)
    """

    def __init__(
        self,
        rate: float,
        noise_shape: Sequence[int | None] | None = None,
        seed: int | None = None,
        **kwargs: Unpack[LayerOptions],
    ) -> None:
        super().__init__(**kwargs)
        self.rate: float = fraction(rate, "Dropout", "rate")
        self.noise_shape = noise_shape
        self.seed = seed
        if rate > 0:
            self.seed_generator: SeedGenerator = SeedGenerator(seed)
        self.supports_masking = True

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        """Drop entries if `training`, else return the input."""
        if not training or self.rate == 0:
            return inputs
        return random.dropout(inputs, self.rate, self.noise_shape, self.seed_generator)
