"""Larger by repetition or interpolation: `UpSampling1D` to `UpSampling3D`."""

from collections.abc import Sequence
from typing import Any, Unpack

from keras import ops
from keras.core.config import check_data_format
from keras.layers._input_spec import InputSpec
from keras.layers._layer import LayerOptions, TensorLayer
from keras.layers._options import one_of, positive_int
from keras.ops._convolutions import from_last, spatial, to_last
from keras.typing import DataFormat, Tensor


def _repeated(x: Tensor, times: Sequence[int], first: int) -> Tensor:
    """Each entry so often along the axes from `first` on."""
    for axis, n in enumerate(times, start=first):
        if n != 1:
            x = ops.repeat(x, n, axis=axis)
    return x


class UpSampling1D(TensorLayer):
    """Each step several times: `(batch, steps, ...)` to `(batch, steps * size, ...)`.

    Args:
        size: how often.

    Example:
        >>> keras.layers.UpSampling1D(2)(numpy.ones((1, 3, 4))).shape
        (1, 6, 4)
    """

    def __init__(self, size: int = 2, **kwargs: Unpack[LayerOptions]) -> None:
        super().__init__(**kwargs)
        self.size: int = positive_int(size, "UpSampling1D", "size")
        self.input_spec: Any = InputSpec(ndim=3)

    def call(self, inputs: Tensor) -> Tensor:
        """Repeat the steps."""
        return _repeated(inputs, (self.size,), 1)


_INTERPOLATIONS = ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5")


class UpSampling2D(TensorLayer):
    """Images larger by whole factors.

    Input `(batch, height, width, channels)`, output
    `(batch, height * size[0], width * size[1], channels)`.

    Args:
        size: int or pair: the factors.
        data_format: "channels_last" or "channels_first"; default:
            `keras.config.image_data_format()`.
        interpolation: "nearest" to repeat rows and columns, or "bilinear", "bicubic",
            "lanczos3", "lanczos5".

    Example:
        >>> keras.layers.UpSampling2D(2)(numpy.ones((1, 3, 3, 4))).shape
        (1, 6, 6, 4)
    """

    def __init__(
        self,
        size: int | Sequence[int] = 2,
        data_format: DataFormat | None = None,
        interpolation: str = "nearest",
        **kwargs: Unpack[LayerOptions],
    ) -> None:
        super().__init__(**kwargs)
        self.size: tuple[int, ...] = spatial(size, 2, "UpSampling2D(size=...)")
        self.data_format: str = check_data_format(data_format)
        self.interpolation: str = one_of(
            interpolation, _INTERPOLATIONS, "UpSampling2D", "interpolation"
        )
        self.input_spec: Any = InputSpec(ndim=4)

    def call(self, inputs: Tensor) -> Tensor:
        """Repeat rows and columns, or interpolate between them."""
        x = to_last(inputs, self.data_format)
        height, width = x.shape[1:3]
        x = ops.image.resize(
            x,
            (height * self.size[0], width * self.size[1]),
            interpolation=self.interpolation,
            data_format="channels_last",
        )
        return from_last(x, self.data_format)  # type: ignore[no-any-return]


class UpSampling3D(TensorLayer):
    """Volumes larger by whole factors, with each entry repeated.

    Input `(batch, depth, height, width, channels)`.

    Args:
        size: int or triple: the factors.
        data_format: "channels_last" or "channels_first"; default:
            `keras.config.image_data_format()`.

    Example:
        >>> keras.layers.UpSampling3D(2)(numpy.ones((1, 3, 3, 3, 4))).shape
        (1, 6, 6, 6, 4)
    """

    def __init__(
        self,
        size: int | Sequence[int] = 2,
        data_format: DataFormat | None = None,
        **kwargs: Unpack[LayerOptions],
    ) -> None:
        super().__init__(**kwargs)
        self.size: tuple[int, ...] = spatial(size, 3, "UpSampling3D(size=...)")
        self.data_format: str = check_data_format(data_format)
        self.input_spec: Any = InputSpec(ndim=5)

    def call(self, inputs: Tensor) -> Tensor:
        """Repeat along all spatial axes."""
        first = 1 if self.data_format == "channels_last" else 2
        return _repeated(inputs, self.size, first)
