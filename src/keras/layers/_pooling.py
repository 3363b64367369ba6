"""Maximum and mean over windows: `MaxPooling1D` to `AveragePooling3D`."""

from collections.abc import Sequence
from typing import Any, Unpack

from keras import ops
from keras.core.config import check_data_format
from keras.layers._input_spec import InputSpec
from keras.layers._layer import TensorLayer, UnnamedOptions
from keras.layers._options import one_of
from keras.ops._convolutions import spatial
from keras.typing import Tensor


class Pooling(TensorLayer):
    """Reduces windows over `rank` spatial axes; subclasses set `rank` and `call`."""

    rank: int

    def __init__(
        self,
        pool_size: int | Sequence[int] = 2,
        strides: int | Sequence[int] | None = None,
        padding: str = "valid",
        data_format: str | None = None,
        name: str | None = None,
        **kwargs: Unpack[UnnamedOptions],
    ) -> None:
        super().__init__(name=name, **kwargs)
        what = type(self).__name__
        self.pool_size: tuple[int, ...] = spatial(
            pool_size, self.rank, f"{what}(pool_size=...)"
        )
        self.strides: tuple[int, ...] = (
            self.pool_size
            if strides is None
            else spatial(strides, self.rank, f"{what}(strides=...)")
        )
        self.padding: str = one_of(padding, ("valid", "same"), what, "padding")
        self.data_format: str = check_data_format(data_format)
        self.input_spec: Any = InputSpec(ndim=self.rank + 2)


class MaxPooling(Pooling):
    """The maximum of each window."""

    def call(self, inputs: Tensor) -> Tensor:
        """Reduce the windows."""
        return ops.max_pool(
            inputs, self.pool_size, self.strides, self.padding, self.data_format
        )


class AveragePooling(Pooling):
    """The mean of each window; padding does not count."""

    def call(self, inputs: Tensor) -> Tensor:
        """Reduce the windows."""
        return ops.average_pool(
            inputs, self.pool_size, self.strides, self.padding, self.data_format
        )


class MaxPooling1D(MaxPooling):
    """The maximum of each window of steps.

    Input `(batch, steps, channels)`, output `(batch, new_steps, channels)`; with
    "channels_first" the channels come second in both.

    Args:
        pool_size: size of the windows.
        strides: distance of the windows; default: `pool_size`.
        padding: "valid" for whole windows only, or "same" for `ceil(steps / stride)`
            windows.
        data_format: "channels_last" or "channels_first"; default:
            `keras.config.image_data_format()`.

    Example:
        >>> keras.layers.MaxPooling1D(2)(numpy.ones((1, 7, 3))).shape
        (1, 3, 3)
    """

    rank = 1


class MaxPooling2D(MaxPooling):
    """The maximum of each window of an image.

    Input `(batch, height, width, channels)`. The arguments are those of `MaxPooling1D`,
    with an int or a pair for pool_size and strides.

    Example:
        >>> keras.layers.MaxPooling2D()(numpy.ones((1, 8, 8, 3))).shape
        (1, 4, 4, 3)
    """

    rank = 2


class MaxPooling3D(MaxPooling):
    """The maximum of each window of a volume.

    Input `(batch, depth, height, width, channels)`. The arguments are those of
    `MaxPooling1D`, with an int or a triple for pool_size and strides.

    Example:
        >>> keras.layers.MaxPooling3D()(numpy.ones((1, 8, 8, 8, 3))).shape
        (1, 4, 4, 4, 3)
    """

    rank = 3


class AveragePooling1D(AveragePooling):
    """The mean of each window of steps; the arguments are those of `MaxPooling1D`.

    Input `(batch, steps, channels)`, output `(batch, new_steps, channels)`.

    Example:
        >>> keras.layers.AveragePooling1D(2)(numpy.ones((1, 7, 3))).shape
        (1, 3, 3)
    """

    rank = 1


class AveragePooling2D(AveragePooling):
    """The mean of each window of an image; the arguments are those of `MaxPooling2D`.

    Input `(batch, height, width, channels)`.

    Example:
        >>> keras.layers.AveragePooling2D(2)(numpy.ones((1, 8, 8, 3))).shape
        (1, 4, 4, 3)
    """

    rank = 2


class AveragePooling3D(AveragePooling):
    """The mean of each window of a volume; the arguments are those of `MaxPooling3D`.

    Input `(batch, depth, height, width, channels)`.

    Example:
        >>> keras.layers.AveragePooling3D(2)(numpy.ones((1, 8, 8, 8, 3))).shape
        (1, 4, 4, 4, 3)
    """

    rank = 3
