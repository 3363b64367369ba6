"""`Softmax`: numbers as probabilities."""

from collections.abc import Sequence
from typing import Unpack

from keras import ops
from keras.layers._layer import LayerOptions, TensorLayer
from keras.typing import Axis, Tensor

# What masked entries are set to: far below all others, and finite in their dtype.
_MASKED = {"float16": -3e4}
_MASKED_DEFAULT = -1e9


class Softmax(TensorLayer):
    """`exp(x) / sum(exp(x))` along an axis. Input and output have the same shape.

    Args:
        axis: int or ints along which the results sum to 1.

    Call arguments:
        mask: bool, broadcast to `inputs`; where it is false the result is 0.

    Example:
        >>> keras.layers.Softmax()(numpy.zeros((1, 4)))
        [[0.25, 0.25, 0.25, 0.25]]
    """

    def __init__(self, axis: Axis = -1, **kwargs: Unpack[LayerOptions]) -> None:
        super().__init__(**kwargs)
        self.axis = axis
        self.supports_masking = True

    def call(self, inputs: Tensor, mask: Tensor | None = None) -> Tensor:
        """Normalize the exponentials."""
        x = inputs
        if mask is not None:
            # The mask of a sequence, (batch, time), lacks the features.
            for _ in range(x.ndim - mask.ndim):
                mask = ops.expand_dims(mask, -1)
            lowest = _MASKED.get(self.compute_dtype, _MASKED_DEFAULT)
            x = ops.where(mask, x, lowest)
        axis: Axis = self.axis
        if isinstance(axis, Sequence):
            if len(axis) > 1:
                return ops.exp(
                    ops.subtract(x, ops.logsumexp(x, axis=tuple(axis), keepdims=True))
                )
            axis = axis[0]
        return ops.softmax(x, axis=axis)
