"""`Activation`: a function of one tensor, as a layer."""

from collections.abc import Callable
from typing import Unpack

from keras import activations
from keras.layers._layer import LayerOptions, TensorLayer
from keras.typing import Activation as ActivationLike
from keras.typing import Tensor


class Activation(TensorLayer):
    """Applies an activation function. Input and output have the same shape.

    Args:
        activation: a function, or the name of one in `keras.activations`.

    Example:
        >>> keras.layers.Activation("relu")(numpy.array([[-1.0, 2.0]]))
        [[0.0, 2.0]]
    """

    def __init__(
        self, activation: ActivationLike | None, **kwargs: Unpack[LayerOptions]
    ) -> None:
        super().__init__(**kwargs)
        self.activation: Callable[..., Tensor] = activations.get(activation)
        self.supports_masking = True

    def call(self, inputs: Tensor) -> Tensor:
        """Apply the function."""
        return self.activation(inputs)
