"""Maximum and mean over all positions: `GlobalMaxPooling1D` and its family."""

from typing import Any, Unpack

from keras import ops
from keras.core.config import check_data_format
from keras.layers._input_spec import InputSpec
from keras.layers._layer import LayerOptions, TensorLayer
from keras.typing import DataFormat, Tensor


class GlobalPooling(TensorLayer):
    """Reduces all of `rank` spatial axes; subclasses set `rank` and `call`."""

    rank: int

    def __init__(
        self,
        data_format: DataFormat | None = None,
        keepdims: bool = False,
        **kwargs: Unpack[LayerOptions],
    ) -> None:
        super().__init__(**kwargs)
        self.data_format: str = check_data_format(data_format)
        self.keepdims = keepdims
        self.input_spec: Any = InputSpec(ndim=self.rank + 2)
        first = 1 if self.data_format == "channels_last" else 2
        self._axes = tuple(range(first, first + self.rank))


class GlobalMaxPooling(GlobalPooling):
    """The maximum over all positions."""

    def call(self, inputs: Tensor) -> Tensor:
        """Reduce the spatial axes."""
        return ops.max(inputs, axis=self._axes, keepdims=self.keepdims)


class GlobalAveragePooling(GlobalPooling):
    """The mean over all positions."""

    def call(self, inputs: Tensor) -> Tensor:
        """Reduce the spatial axes."""
        return ops.mean(inputs, axis=self._axes, keepdims=self.keepdims)


class GlobalMaxPooling1D(GlobalMaxPooling):
    """The maximum over all steps: `(batch, steps, channels)` to `(batch, channels)`.

    Args:
        data_format: "channels_last" or "channels_first"; default:
            `keras.config.image_data_format()`.
        keepdims: whether the reduced axes stay with size 1.

    Example:
        >>> keras.layers.GlobalMaxPooling1D()(numpy.ones((2, 7, 3))).shape
        (2, 3)
    """

    rank = 1


class GlobalMaxPooling2D(GlobalMaxPooling):
    """The maximum over an image; the arguments are those of `GlobalMaxPooling1D`.

    Example:
        >>> keras.layers.GlobalMaxPooling2D()(numpy.ones((2, 7, 7, 3))).shape
        (2, 3)
    """

    rank = 2


class GlobalMaxPooling3D(GlobalMaxPooling):
    """The maximum over a volume; the arguments are those of `GlobalMaxPooling1D`.

    Example:
        >>> keras.layers.GlobalMaxPooling3D()(numpy.ones((2, 7, 7, 7, 3))).shape
        (2, 3)
    """

    rank = 3


class GlobalAveragePooling1D(GlobalAveragePooling):
    """The mean over all steps; the arguments are those of `GlobalMaxPooling1D`.

    Call arguments:
        mask: bool, `(batch, steps)`; only steps where it is true count.

    Example:
        >>> keras.layers.GlobalAveragePooling1D()(numpy.ones((2, 7, 3))).shape
        (2, 3)
    """

    rank = 1

    def __init__(
        self,
        data_format: DataFormat | None = None,
        keepdims: bool = False,
        **kwargs: Unpack[LayerOptions],
    ) -> None:
        super().__init__(data_format, keepdims, **kwargs)
        self.supports_masking = True

    def call(self, inputs: Tensor, mask: Tensor | None = None) -> Tensor:
        """Reduce the steps, of which the mask may leave some out."""
        if mask is None:
            return super().call(inputs)
        channels = 2 if self.data_format == "channels_last" else 1
        weights = ops.expand_dims(ops.cast(mask, inputs.dtype), channels)
        total = ops.sum(
            ops.multiply(inputs, weights), axis=self._axes, keepdims=self.keepdims
        )
        count = ops.sum(weights, axis=self._axes, keepdims=self.keepdims)
        return ops.divide(total, count)

    def compute_mask(self, inputs: Any, previous_mask: Any) -> None:
        """No mask: there are no steps left."""
        return None


class GlobalAveragePooling2D(GlobalAveragePooling):
    """The mean over an image; the arguments are those of `GlobalMaxPooling1D`.

    Example:
        >>> keras.layers.GlobalAveragePooling2D()(numpy.ones((2, 7, 7, 3))).shape
        (2, 3)
    """

    rank = 2


class GlobalAveragePooling3D(GlobalAveragePooling):
    """The mean over a volume; the arguments are those of `GlobalMaxPooling1D`.

    Example:
        >>> keras.layers.GlobalAveragePooling3D()(numpy.ones((2, 7, 7, 7, 3))).shape
        (2, 3)
    """

    rank = 3
