"""`Masking` makes masks; `Identity` changes nothing."""

from typing import Any, Unpack

from keras import ops
from keras.layers._layer import Layer, LayerOptions, TensorLayer
from keras.typing import Tensor


class Masking(TensorLayer):
    """Masks the steps whose features all equal a value, and sets them to zero.

    Input and output `(batch, steps, features)`; the mask that travels on is
    `(batch, steps)`, false for such steps.

    Args:
        mask_value: the value that stands for "no step here".

    Example:
        >>> keras.layers.Masking(-1.0)(numpy.array([[[-1.0], [2.0]]]))
        [[[0.0], [2.0]]]
    """

    _makes_mask = True

    def __init__(self, mask_value: float = 0.0, **kwargs: Unpack[LayerOptions]) -> None:
        super().__init__(**kwargs)
        self.mask_value = mask_value
        self.supports_masking = True

    def _is_step(self, inputs: Tensor, keepdims: bool) -> Tensor:
        return ops.any(
            ops.not_equal(inputs, self.mask_value), axis=-1, keepdims=keepdims
        )

    def call(self, inputs: Tensor) -> Tensor:
        """Set the steps that are none to zero."""
        is_step = self._is_step(inputs, keepdims=True)
        return ops.multiply(inputs, ops.cast(is_step, inputs.dtype))

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """Which steps are real."""
        return self._is_step(inputs, keepdims=False)


class Identity(Layer):
    """Returns its input.

    Example:
        >>> keras.layers.Identity()(numpy.array([1.0]))
        [1.0]
    """

    def __init__(self, **kwargs: Unpack[LayerOptions]) -> None:
        super().__init__(**kwargs)
        self.supports_masking = True

    def call(self, inputs: Any) -> Any:
        """Return the input."""
        return inputs
