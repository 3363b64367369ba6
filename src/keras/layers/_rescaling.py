"""`Rescaling`: numbers of one range in another."""

from collections.abc import Sequence
from typing import Unpack

from keras import ops
from keras.layers._layer import LayerOptions, TensorLayer
from keras.typing import Tensor


class Rescaling(TensorLayer):
    """`x * scale + offset`, as floats. Input and output have the same shape.

    Args:
        scale: a number, or one for each channel.
        offset: a number, or one for each channel.

    Example:
        >>> keras.layers.Rescaling(1 / 255)(numpy.array([[0, 255]], "uint8"))
        [[0.0, 1.0]]
    """

    def __init__(
        self,
        scale: float | Sequence[float],
        offset: float | Sequence[float] = 0.0,
        **kwargs: Unpack[LayerOptions],
    ) -> None:
        super().__init__(**kwargs)
        self.scale = scale
        self.offset = offset
        self.supports_masking = True

    def call(self, inputs: Tensor) -> Tensor:
        """Scale and shift."""
        dtype = self.compute_dtype
        x = ops.cast(inputs, dtype)
        return ops.add(ops.multiply(x, _as(self.scale, dtype)), _as(self.offset, dtype))


def _as(value: float | Sequence[float], dtype: str) -> Tensor | float:
    if isinstance(value, int | float):
        return value
    return ops.convert_to_tensor(value, dtype=dtype)
