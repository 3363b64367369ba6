"""`ActivityRegularization`: a penalty on what passes."""

from typing import Unpack

from keras import regularizers
from keras.layers._layer import RegularizedOptions, TensorLayer
from keras.typing import Config, Tensor


class ActivityRegularization(TensorLayer):
    """Returns its input, and adds a penalty on it to the loss.

    The penalty is `sum(l1 * abs(x) + l2 * x**2)`, divided by the size of the batch.

    Args:
        l1, l2: the factors.

    Example:
        >>> layer = keras.layers.ActivityRegularization(l1=0.5)
        >>> layer(numpy.array([[2.0]])); layer.losses
        [1.0]
    """

    def __init__(
        self, l1: float = 0.0, l2: float = 0.0, **kwargs: Unpack[RegularizedOptions]
    ) -> None:
        kwargs["activity_regularizer"] = regularizers.L1L2(l1=l1, l2=l2)
        super().__init__(**kwargs)
        self.l1 = l1
        self.l2 = l2
        self.supports_masking = True

    def call(self, inputs: Tensor) -> Tensor:
        """Return the input."""
        return inputs

    def get_config(self) -> Config:
        """The constructor's arguments, which make the regularizer again."""
        config = super().get_config()
        del config["activity_regularizer"]
        return config
