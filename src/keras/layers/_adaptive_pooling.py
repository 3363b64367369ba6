"""Pooling to a given size: `AdaptiveMaxPooling1D` and its family."""

from collections.abc import Sequence
from typing import Any, Unpack

from keras import ops
from keras.core.config import check_data_format
from keras.layers._input_spec import InputSpec
from keras.layers._layer import LayerOptions, TensorLayer
from keras.ops._convolutions import spatial
from keras.typing import DataFormat, Tensor


class AdaptivePooling(TensorLayer):
    """Reduces `rank` spatial axes to given sizes; subclasses set `rank` and `call`."""

    rank: int

    def __init__(
        self,
        output_size: int | Sequence[int],
        data_format: DataFormat | None = None,
        **kwargs: Unpack[LayerOptions],
    ) -> None:
        super().__init__(**kwargs)
        what = f"{type(self).__name__}(output_size=...)"
        self.output_size: tuple[int, ...] = spatial(output_size, self.rank, what)
        self.data_format: str = check_data_format(data_format)
        self.input_spec: Any = InputSpec(ndim=self.rank + 2)


class AdaptiveMaxPooling(AdaptivePooling):
    """The maximum of each window."""

    def call(self, inputs: Tensor) -> Tensor:
        """Reduce the windows."""
        return ops.adaptive_max_pool(inputs, self.output_size, self.data_format)


class AdaptiveAveragePooling(AdaptivePooling):
    """The mean of each window."""

    def call(self, inputs: Tensor) -> Tensor:
        """Reduce the windows."""
        return ops.adaptive_average_pool(inputs, self.output_size, self.data_format)


class AdaptiveMaxPooling1D(AdaptiveMaxPooling):
    """The maxima of as many windows of steps as the output shall have.

    Input `(batch, steps, channels)`, output `(batch, output_size, channels)`. Window i
    of m covers the steps from `floor(i * n / m)` to before `ceil((i + 1) * n / m)`.

    Args:
        output_size: int, or one for each spatial axis.
        data_format: "channels_last" or "channels_first"; default:
            `keras.config.image_data_format()`.

    Example:
        >>> keras.layers.AdaptiveMaxPooling1D(2)(numpy.ones((1, 5, 3))).shape
        (1, 2, 3)
    """

    rank = 1


class AdaptiveMaxPooling2D(AdaptiveMaxPooling):
    """The maxima of so many windows of an image; as `AdaptiveMaxPooling1D`.

    Example:
        >>> keras.layers.AdaptiveMaxPooling2D(2)(numpy.ones((1, 5, 5, 3))).shape
        (1, 2, 2, 3)
    """

    rank = 2


class AdaptiveMaxPooling3D(AdaptiveMaxPooling):
    """The maxima of so many windows of a volume; as `AdaptiveMaxPooling1D`.

    Example:
        >>> keras.layers.AdaptiveMaxPooling3D(2)(numpy.ones((1, 5, 5, 5, 3))).shape
        (1, 2, 2, 2, 3)
    """

    rank = 3


class AdaptiveAveragePooling1D(AdaptiveAveragePooling):
    """The means of so many windows of steps; as `AdaptiveMaxPooling1D`.

    Example:
        >>> keras.layers.AdaptiveAveragePooling1D(2)(numpy.ones((1, 5, 3))).shape
        (1, 2, 3)
    """

    rank = 1


class AdaptiveAveragePooling2D(AdaptiveAveragePooling):
    """The means of so many windows of an image; as `AdaptiveMaxPooling1D`.

    Example:
        >>> keras.layers.AdaptiveAveragePooling2D(2)(numpy.ones((1, 5, 5, 3))).shape
        (1, 2, 2, 3)
    """

    rank = 2


class AdaptiveAveragePooling3D(AdaptiveAveragePooling):
    """The means of so many windows of a volume; as `AdaptiveMaxPooling1D`.

    Example:
        >>> keras.layers.AdaptiveAveragePooling3D(2)(numpy.ones((1, 5, 5, 5, 3))).shape
        (1, 2, 2, 2, 3)
    """

    rank = 3
