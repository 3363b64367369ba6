"""Noise in training: `GaussianNoise`, `GaussianDropout`, `AlphaDropout`."""

from collections.abc import Sequence
from math import sqrt
from typing import Unpack

from keras import ops, random
from keras.core.seeds import SeedGenerator
from keras.layers._layer import LayerOptions, TensorLayer
from keras.layers._options import fraction, not_negative
from keras.typing import Tensor

# alpha * scale of SELU: what its output tends to for very negative inputs.
_SELU_FLOOR = 1.6732632423543772 * 1.0507009873554805


class GaussianNoise(TensorLayer):
    """Adds noise of mean 0 in training. Input and output have the same shape.

    Args:
        stddev: standard deviation of the noise, at least 0.
        seed: an int, or a `keras.random.SeedGenerator`.

    Example:
        >>> keras.layers.GaussianNoise(0.1)(numpy.ones((2, 3)), training=True)
    """

    def __init__(
        self, stddev: float, seed: int | None = None, **kwargs: Unpack[LayerOptions]
    ) -> None:
        super().__init__(**kwargs)
        self.stddev: float = not_negative(stddev, "GaussianNoise", "stddev")
        self.seed = seed
        if stddev > 0:
            self.seed_generator: SeedGenerator = SeedGenerator(seed)
        self.supports_masking = True

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        """Add noise if `training`, else return the input."""
        if not training or self.stddev == 0:
            return inputs
        noise = random.normal(
            inputs.shape,
            0.0,
            self.stddev,
            dtype=self.compute_dtype,
            seed=self.seed_generator,
        )
        return ops.add(inputs, noise)


class GaussianDropout(TensorLayer):
    """Multiplies by noise of mean 1 in training, of the strength of `Dropout`.

    The standard deviation is `sqrt(rate / (1 - rate))` (Srivastava et al. 2014).

    Args:
        rate: the share that dropout would drop, from 0 to below 1.
        seed: an int, or a `keras.random.SeedGenerator`.

    Example:
        >>> keras.layers.GaussianDropout(0.5)(numpy.ones((2, 3)), training=True)
    """

    def __init__(
        self, rate: float, seed: int | None = None, **kwargs: Unpack[LayerOptions]
    ) -> None:
        super().__init__(**kwargs)
        self.rate: float = fraction(rate, "GaussianDropout", "rate")
        self.seed = seed
        if rate > 0:
            self.seed_generator: SeedGenerator = SeedGenerator(seed)
        self.supports_masking = True

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        """Multiply by noise if `training`, else return the input."""
        if not training or self.rate == 0:
            return inputs
        # A rate of 1 would ask for infinite noise.
        stddev = sqrt(self.rate / max(1.0 - self.rate, 1e-7))
        noise = random.normal(
            inputs.shape,
            1.0,
            stddev,
            dtype=self.compute_dtype,
            seed=self.seed_generator,
        )
        return ops.multiply(inputs, noise)


class AlphaDropout(TensorLayer):
    """Dropout that keeps mean and variance: for networks with the activation "selu".

    Entries that are dropped get the least value of SELU, then all are scaled and
    shifted (Klambauer et al. 2017, Self-normalizing neural networks).

    Args:
        rate: the share that is dropped, from 0 to 1.
        noise_shape: shape of the noise, broadcast to the input; default: the input's.
        seed: an int, or a `keras.random.SeedGenerator`.

    Example:
        >>> keras.layers.AlphaDropout(0.5)(numpy.ones((2, 3)), training=True)
    """

    def __init__(
        self,
        rate: float,
        noise_shape: Sequence[int | None] | None = None,
        seed: int | None = None,
        **kwargs: Unpack[LayerOptions],
    ) -> None:
        super().__init__(**kwargs)
        self.rate: float = fraction(rate, "AlphaDropout", "rate")
        self.noise_shape = noise_shape
        self.seed = seed
        if rate > 0:
            self.seed_generator: SeedGenerator = SeedGenerator(seed)
        self.supports_masking = True

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        """Drop entries if `training`, else return the input."""
        if not training or self.rate == 0:
            return inputs
        if self.rate == 1:
            return ops.zeros_like(inputs)
        given = self.noise_shape or (None,) * inputs.ndim
        shape = [
            n if m is None else m for n, m in zip(inputs.shape, given, strict=True)
        ]
        kept = ops.greater_equal(
            random.uniform(shape, seed=self.seed_generator), self.rate
        )
        floor, rate = -_SELU_FLOOR, self.rate
        scale = 1 / sqrt((1 - rate) * (1 + rate * floor**2))
        x = ops.where(kept, inputs, floor)
        return ops.add(ops.multiply(x, scale), -scale * floor * rate)
