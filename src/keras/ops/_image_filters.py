"""Filters over images: blur, edges, similarity, patches."""

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np

from keras.backend import current
from keras.errors import ShapeError
from keras.ops._convolutions import from_last, spatial, to_last, window_padding
from keras.ops._image_resize import images_in
from keras.ops._op import floating, floats, op, tensor
from keras.typing import Native, Tensor, TensorLike


def _gaussian(size: int, sigma: float) -> np.ndarray[Any, Any]:
    """Weights of the normal density that sum to one."""
    at = np.arange(size) - (size - 1) / 2
    weights = np.exp(-0.5 * np.square(at / sigma))
    return weights / weights.sum()


def _depthwise(x: Native, kernel: np.ndarray[Any, Any], pads: Any) -> Native:
    """Every channel convolved with one kernel `(height, width)`."""
    engine = current.engine
    channels = x.shape[-1]
    repeated = np.repeat(kernel[:, :, None, None], channels, -1)
    weights = tensor(repeated.astype("float32"), engine.dtype(x))
    return engine.conv(x, weights, None, (1, 1), pads, (1, 1), channels)


def blurred(x: Native, size: Sequence[int], sigma: Sequence[float]) -> Native:
    """Channels-last `x` under a Gaussian window, zeros outside."""
    for axis in (0, 1):
        shape = [1, 1]
        shape[axis] = size[axis]
        kernel = _gaussian(size[axis], sigma[axis]).reshape(shape)
        pads = [((n - 1) // 2, n // 2) for n in shape]
        x = _depthwise(x, kernel, pads)
    return x


@op
def gaussian_blur(
    images: TensorLike,
    kernel_size: Sequence[int] = (3, 3),
    sigma: Sequence[float] = (1.0, 1.0),
    data_format: str | None = None,
) -> Tensor:
    """Images blurred by a Gaussian window; outside they count as zero.

    Args:
        images: `(height, width, channels)`, or a batch of them, or channels first.
        kernel_size: size of the window `(width, height)`.
        sigma: its standard deviations `(width, height)`, in pixels.
        data_format: "channels_last" or "channels_first"; default:
            `keras.config.image_data_format()`.

    Returns:
        Float images of the same shape.

    Example:
        >>> keras.ops.image.gaussian_blur(keras.ops.ones((4, 4, 3))).shape
        (4, 4, 3)
    """
    what = "keras.ops.image.gaussian_blur"
    x, undo = images_in(floating(images), data_format, what)
    width, height = spatial(kernel_size, 2, f"{what}(kernel_size=...)")
    return undo(blurred(x, (height, width), tuple(sigma)[::-1]))


_SOBEL = np.array([[-1.0, -2.0, -1.0], [0.0, 0.0, 0.0], [1.0, 2.0, 1.0]])


@op
def sobel_edges(images: TensorLike, data_format: str | None = None) -> Tensor:
    """The slopes of images along height and width (Sobel's filters), zeros outside.

    Args:
        images: `(batch, height, width, channels)`, or channels first.
        data_format: "channels_last" or "channels_first"; default:
            `keras.config.image_data_format()`.

    Returns:
        Float images with a new last axis of two: dy and dx.

    Example:
        >>> keras.ops.image.sobel_edges(keras.ops.ones((1, 4, 4, 3))).shape
        (1, 4, 4, 3, 2)
    """
    what = "keras.ops.image.sobel_edges"
    x, undo = images_in(floating(images), data_format, what)
    engine = current.engine
    pads = ((1, 1), (1, 1))
    slopes = [undo(_depthwise(x, k, pads)) for k in (_SOBEL, _SOBEL.T)]
    return engine.stack(slopes, slopes[0].ndim)


@op
def ssim(
    image1: TensorLike,
    image2: TensorLike,
    max_val: float = 1.0,
    filter_size: int = 11,
    filter_sigma: float = 1.5,
    k1: float = 0.01,
    k2: float = 0.03,
    data_format: str | None = None,
) -> Tensor:
    """Structural similarity of images (Wang et al. 2004), 1 for equal ones.

    Args:
        image1, image2: `(batch, height, width, channels)`, or channels first.
        max_val: the largest value that a pixel may have.
        filter_size: size of the Gaussian window.
        filter_sigma: its standard deviation.
        k1, k2: constants of the formula.
        data_format: "channels_last" or "channels_first"; default:
            `keras.config.image_data_format()`.

    Returns:
        A tensor `(batch,)`.

    Raises:
        ShapeError: if the shapes differ.

    Example:
        >>> x = keras.ops.ones((1, 16, 16, 3))
        >>> keras.ops.image.ssim(x, x)
        [1.0]
    """
    what = "keras.ops.image.ssim"
    a, b = floats(image1, image2)
    if tuple(a.shape) != tuple(b.shape):
        raise ShapeError(
            f"{what}: got images of shapes {tuple(a.shape)} and {tuple(b.shape)}; "
            "expected equal ones. Resize one."
        )
    single = a.ndim == 3
    (a, _), (b, _) = (images_in(x, data_format, what) for x in (a, b))
    if filter_size > min(a.shape[1:3]):
        raise ShapeError(
            f"{what}: got filter_size={filter_size} for images of {a.shape[1]} x "
            f"{a.shape[2]}; expected a smaller window."
        )
    engine = current.engine
    line = _gaussian(filter_size, filter_sigma)
    window = np.outer(line, line)

    def mean(x: Native) -> Native:
        return _depthwise(x, window, ((0, 0), (0, 0)))

    c1, c2 = (k1 * max_val) ** 2, (k2 * max_val) ** 2
    mean_a, mean_b = mean(a), mean(b)
    squares = mean_a * mean_a + mean_b * mean_b
    covariance = mean(a * b) - mean_a * mean_b
    variances = mean(a * a + b * b) - squares
    luminance = (2 * mean_a * mean_b + c1) / (squares + c1)
    structure = (2 * covariance + c2) / (variances + c2)
    result = engine.mean(luminance * structure, (1, 2, 3), False)
    return result[0] if single else result


@op
def extract_patches(
    images: TensorLike,
    size: int | Sequence[int],
    strides: int | Sequence[int] | None = None,
    dilation_rate: int | Sequence[int] = 1,
    padding: str = "valid",
    data_format: str | None = None,
) -> Tensor:
    """The windows of images, each as one vector of channels.

    Args:
        images: `(height, width, channels)`, or a batch of them, or channels first; with
            five axes, or three sizes, volumes as in `extract_patches_3d`.
        size: of the windows: int or `(height, width)`.
        strides: distance of the windows; default: `size`.
        dilation_rate: distance of the pixels in a window.
        padding: "valid" or "same".
        data_format: "channels_last" or "channels_first"; default:
            `keras.config.image_data_format()`.

    Returns:
        `(rows, columns, height * width * channels)` for each image, or channels first.

    Raises:
        ShapeError: if no window fits.

    Example:
        >>> keras.ops.image.extract_patches(keras.ops.ones((1, 4, 4, 3)), 2).shape
        (1, 2, 2, 12)
    """
    what = "keras.ops.image.extract_patches"
    images = tensor(images)
    if images.ndim == 5 or (isinstance(size, list | tuple) and len(size) == 3):
        return extract_patches_3d(
            images, size, strides, dilation_rate, padding, data_format
        )
    x, undo = images_in(images, data_format, what)
    return undo(_patches(x, size, strides, dilation_rate, padding, what))


@op
def extract_patches_3d(
    volumes: TensorLike,
    size: int | Sequence[int],
    strides: int | Sequence[int] | None = None,
    dilation_rate: int | Sequence[int] = 1,
    padding: str = "valid",
    data_format: str | None = None,
) -> Tensor:
    """The windows of volumes, each as one vector of channels.

    Args:
        volumes: `(depth, height, width, channels)`, or a batch of them, or channels
            first.
        size: of the windows: int or `(depth, height, width)`.
        strides: distance of the windows; default: `size`.
        dilation_rate: distance of the entries in a window.
        padding: "valid" or "same".
        data_format: "channels_last" or "channels_first"; default:
            `keras.config.image_data_format()`.

    Returns:
        `(planes, rows, columns, window * channels)` for each volume, or channels first.

    Raises:
        ShapeError: if no window fits.

    Example:
        >>> x = keras.ops.ones((1, 4, 4, 4, 3))
        >>> keras.ops.image.extract_patches_3d(x, 2).shape
        (1, 2, 2, 2, 24)
    """
    what = "keras.ops.image.extract_patches_3d"
    x = tensor(volumes)
    engine = current.engine
    if x.ndim not in (4, 5):
        raise ShapeError(
            f"{what}: got volumes of shape {tuple(x.shape)}; expected (depth, height, "
            "width, channels) or a batch of them. Add or remove an axis."
        )
    single = x.ndim == 4
    batch = to_last(engine.expand_dims(x, 0) if single else x, data_format)
    patches = _patches(batch, size, strides, dilation_rate, padding, what)
    patches = from_last(patches, data_format)
    return engine.squeeze(patches, (0,)) if single else patches


def _patches(
    x: Native, size: Any, strides: Any, dilation_rate: Any, padding: str, what: str
) -> Native:
    """The windows of channels-last `x`, of which each place is one strided slice."""
    engine = current.engine
    rank = x.ndim - 2
    window = spatial(size, rank, f"{what}(size=...)")
    steps = (
        window if strides is None else spatial(strides, rank, f"{what}(strides=...)")
    )
    dilation = spatial(dilation_rate, rank, f"{what}(dilation_rate=...)")
    pads = window_padding(padding, tuple(x.shape[1:-1]), window, steps, dilation, what)
    if any(map(any, pads)):
        x = engine.pad(x, [(0, 0), *pads, (0, 0)], "constant", 0)
    counts = [
        (n - (k - 1) * d - 1) // s + 1
        for n, k, d, s in zip(x.shape[1:-1], window, dilation, steps, strict=True)
    ]
    parts = []
    for place in product(*map(range, window)):
        cut = tuple(
            slice(i * d, i * d + (count - 1) * s + 1, s)
            for i, d, s, count in zip(place, dilation, steps, counts, strict=True)
        )
        parts.append(x[(slice(None), *cut)])
    return engine.concatenate(parts, x.ndim - 1)
