"""Images of another size: resampling, cropping, padding."""

import math
from collections.abc import Callable, Sequence
from typing import Any

from keras.backend import current
from keras.core import dtypes
from keras.core.config import check_data_format
from keras.errors import ShapeError, unknown_name
from keras.ops._op import fast_path, floating, op, tensor
from keras.typing import Native, Tensor, TensorLike


def images_in(
    images: TensorLike, data_format: str | None, what: str
) -> tuple[Native, Callable[[Native], Native]]:
    """Images as a channels-last batch, and what undoes that.

    Raises:
        ShapeError: for anything but one image or a batch of them.
    """
    x = tensor(images)
    if x.ndim not in (3, 4):
        raise ShapeError(
            f"{what}: got images of shape {tuple(x.shape)}; expected (height, width, "
            "channels) or a batch of them. Add or remove an axis."
        )
    engine = current.engine
    single = x.ndim == 3
    first = check_data_format(data_format) == "channels_first"
    x = engine.expand_dims(x, 0) if single else x
    x = engine.transpose(x, (0, 2, 3, 1)) if first else x

    def undo(y: Native) -> Native:
        y = engine.transpose(y, (0, 3, 1, 2)) if first else y
        return engine.squeeze(y, (0,)) if single else y

    return x, undo


def _triangle(x: Native) -> Native:
    engine = current.engine
    return engine.relu(engine.subtract(1.0, x))


def _cubic(a: float) -> Callable[[Native], Native]:
    """Keys 1981, "Cubic convolution interpolation", with the slope `a` at 1."""

    def kernel(x: Native) -> Native:
        near = ((a + 2) * x - (a + 3)) * x * x + 1
        far = ((a * x - 5 * a) * x + 8 * a) * x - 4 * a
        engine = current.engine
        zero = engine.multiply(x, 0)
        return engine.where(
            engine.less_equal(x, 1), near, engine.where(engine.less(x, 2), far, zero)
        )

    return kernel


def _lanczos(radius: int) -> Callable[[Native], Native]:
    def kernel(x: Native) -> Native:
        engine = current.engine
        # At 0 the quotient is 1; the small number keeps it finite.
        y = engine.add(x, 1e-6)
        angle = engine.multiply(y, math.pi)
        product = engine.multiply(
            engine.sin(angle), engine.sin(engine.divide(angle, radius))
        )
        value = engine.divide(product * radius, engine.square(angle))
        inside = engine.cast(engine.less(x, radius), engine.dtype(x))
        return engine.multiply(value, inside)

    return kernel


_KERNELS: dict[str, Callable[[Native], Native]] = {
    "linear": _triangle,
    "bilinear": _triangle,
    "trilinear": _triangle,
    "triangle": _triangle,
    "cubic": _cubic(-0.5),
    "bicubic": _cubic(-0.5),
    "tricubic": _cubic(-0.5),
    "lanczos3": _lanczos(3),
    "lanczos5": _lanczos(5),
}


def _weights(
    size: int, target: int, scale: Any, shift: Any, method: str, antialias: bool
) -> Native:
    """The matrix `(target, size)` that resamples one axis.

    Output i is centred at `(i + 0.5 - shift) / scale` of the input, where entry j
    covers j to j + 1; with `antialias` the kernel is as wide as an output entry.
    """
    engine = current.engine
    inverse = 1.0 / scale
    spot = engine.arange(0, target, 1, "float32") + 0.5
    spot = spot * inverse - shift * inverse - 0.5
    entry = engine.arange(0, size, 1, "float32")
    distance = engine.abs(spot[:, None] - entry[None, :])
    if antialias:
        width = (
            max(inverse, 1.0)
            if isinstance(inverse, float)
            else (engine.clip(inverse, 1.0, None))
        )
        distance = distance / width
    weights = _KERNELS[method](distance)
    total = engine.sum(weights, (1,), True)
    inside = engine.logical_and(
        engine.greater_equal(spot, -0.5), engine.less_equal(spot, size - 0.5)
    )
    # Where all weights vanish, or the place lies outside, the result is zero.
    valid = engine.logical_and(
        engine.greater(engine.abs(total), 1e-4), engine.expand_dims(inside, 1)
    )
    share = engine.cast(valid, "float32")
    return weights / (total + (1 - share)) * share


def _resample(x: Native, axis: int, weights: Native) -> Native:
    """`x` with one axis multiplied by `weights` `(target, size)`."""
    engine = current.engine
    order = [*(a for a in range(x.ndim) if a != axis), axis]
    turned = engine.transpose(x, order)
    result = engine.matmul(turned, engine.transpose(weights, (1, 0)))
    return engine.transpose(result, [order.index(a) for a in range(x.ndim)])


def _nearest(x: Native, axis: int, target: int) -> Native:
    engine = current.engine
    size = x.shape[axis]
    if size and target % size == 0:  # its gradient is a sum, that of a gather is slow
        return engine.repeat(x, target // size, axis)
    places = [min(int((i + 0.5) * size / target), size - 1) for i in range(target)]
    return engine.take(x, tensor(places, "int32"), axis)


# The slope of PyTorch, OpenCV and the first paper, for resizing without antialiasing.
_SHARP_CUBIC = _cubic(-0.75)


def _sharp_cubic_weights(size: int, target: int) -> Native:
    """The matrix `(target, size)`, where entries go on at both ends."""
    engine = current.engine
    spot = (engine.arange(0, target, 1, "float32") + 0.5) * (size / target) - 0.5
    reach = 2
    entry = engine.arange(-reach, size + reach, 1, "float32")
    weights = _SHARP_CUBIC(engine.abs(spot[:, None] - entry[None, :]))
    first = engine.sum(weights[:, : reach + 1], (1,), True)
    last = engine.sum(weights[:, size + reach - 1 :], (1,), True)
    if size == 1:
        return engine.full((target, 1), 1, "float32")
    middle = weights[:, reach + 1 : size + reach - 1]
    return engine.concatenate([first, middle, last], 1)


_METHODS = ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5", "area")


@op
def resize(
    images: TensorLike,
    size: Sequence[int],
    interpolation: str = "bilinear",
    antialias: bool = False,
    crop_to_aspect_ratio: bool = False,
    pad_to_aspect_ratio: bool = False,
    fill_mode: str = "constant",
    fill_value: float = 0.0,
    data_format: str | None = None,
) -> Tensor:
    """Images of another size.

    Args:
        images: `(height, width, channels)`, or a batch of them, or channels first.
        size: `(height, width)` of the result.
        interpolation: "nearest", "bilinear", "bicubic", "lanczos3", "lanczos5", "area".
        antialias: whether shrinking averages over all pixels that an output covers.
        crop_to_aspect_ratio: whether to cut out the largest middle part that has the
            new shape first.
        pad_to_aspect_ratio: whether to add a border so that nothing is distorted.
        fill_mode: "constant".
        fill_value: of the border.
        data_format: "channels_last" or "channels_first"; default:
            `keras.config.image_data_format()`.

    Returns:
        Images of the dtype of `images`.

    Raises:
        ValueError: for an unknown interpolation, or cropping together with padding.

    Example:
        >>> keras.ops.image.resize(keras.ops.ones((4, 4, 3)), (2, 6)).shape
        (2, 6, 3)
    """
    what = "keras.ops.image.resize"
    if interpolation not in _METHODS:
        raise unknown_name(f"interpolation of {what}", interpolation, _METHODS)
    if crop_to_aspect_ratio and pad_to_aspect_ratio:
        raise ValueError(
            f"{what}: got crop_to_aspect_ratio and pad_to_aspect_ratio; expected one "
            "of them. Set the other to False."
        )
    if fill_mode != "constant":
        raise ValueError(f"{what}: got fill_mode={fill_mode!r}; expected 'constant'.")
    if len(tuple(size)) != 2:
        raise ValueError(f"{what}: got size={size!r}; expected (height, width).")
    height, width = (int(n) for n in size)
    x, undo = images_in(images, data_format, what)
    dtype = current.engine.dtype(x)
    if crop_to_aspect_ratio:
        x = _cropped_to(x, height / width)
    elif pad_to_aspect_ratio:
        x = _padded_to(x, height / width, fill_value)
    native = None if antialias else fast_path("resize")
    if interpolation == "nearest":
        result = native(x, (height, width), interpolation) if native else None
        if result is None:
            result = _nearest(_nearest(x, 1, height), 2, width)
        return undo(result)
    x = floating(x)
    wide = x if current.engine.dtype(x) == "float64" else tensor(x, "float32")
    if native is not None:
        result = native(wide, (height, width), interpolation)
        if result is not None:
            return undo(_back(result, dtype))
    if interpolation == "area":
        interpolation, antialias = "bilinear", True
    for axis, target in ((1, height), (2, width)):
        n = wide.shape[axis]
        if n != target:
            if interpolation == "bicubic" and not antialias:
                matrix = _sharp_cubic_weights(n, target)
            else:
                matrix = _weights(n, target, target / n, 0.0, interpolation, antialias)
            wide = _resample(wide, axis, tensor(matrix, current.engine.dtype(wide)))
    return undo(_back(wide, dtype))


def _back(x: Native, dtype: str) -> Native:
    """Rounded and kept in range where `dtype` holds whole numbers."""
    engine = current.engine
    if engine.dtype(x) == dtype:
        return x
    if dtypes.is_int(dtype):
        x = engine.round(x)
        if dtype == "uint8":
            x = engine.clip(x, 0, 255)
    return engine.cast(x, dtype)


def _cropped_to(x: Native, ratio: float) -> Native:
    """The largest middle part with `ratio` of height to width."""
    height, width = x.shape[1:3]
    new_height = min(int(width * ratio), height) or 1
    new_width = min(int(height / ratio), width) or 1
    top, left = (height - new_height) // 2, (width - new_width) // 2
    return x[:, top : top + new_height, left : left + new_width]


def _padded_to(x: Native, ratio: float, value: float) -> Native:
    """A border that gives `ratio` of height to width."""
    height, width = x.shape[1:3]
    # The same on both sides, as Keras 3 does; an odd rest is left to the resampling.
    top = (max(int(width * ratio), height) - height) // 2
    left = (max(int(height / ratio), width) - width) // 2
    widths = [(0, 0), (top, top), (left, left), (0, 0)]
    return current.engine.pad(x, widths, "constant", value)


@op
def scale_and_translate(
    images: TensorLike,
    output_shape: Sequence[int],
    scale: TensorLike,
    translation: TensorLike,
    spatial_dims: Sequence[int],
    method: str,
    antialias: bool = True,
) -> Tensor:
    """Resample axes: what stood at p comes to stand at `p * scale + translation`.

    Args:
        images: tensor of any shape; ints become floats.
        output_shape: of the result.
        scale, translation: a number for each of `spatial_dims`.
        spatial_dims: the axes to resample.
        method: "linear", "bilinear", "trilinear", "cubic", "bicubic", "tricubic",
            "lanczos3" or "lanczos5".
        antialias: whether shrinking averages over all that an output covers.

    Returns:
        A float tensor of `output_shape`.

    Raises:
        ValueError: for an unknown method.

    Example:
        >>> x = keras.ops.ones((4, 4))
        >>> keras.ops.image.scale_and_translate(
        ...     x, (8, 4), [2.0], [0.0], (0,), "linear").shape
        (8, 4)
    """
    if method not in _KERNELS:
        what = "method of keras.ops.image.scale_and_translate"
        raise unknown_name(what, method, _KERNELS)
    x = floating(images)
    factors, shifts = tensor(scale, "float32"), tensor(translation, "float32")
    for i, axis in enumerate(spatial_dims):
        matrix = _weights(
            x.shape[axis],
            output_shape[axis],
            factors[i],
            shifts[i],
            method,
            antialias,
        )
        x = _resample(x, axis % x.ndim, tensor(matrix, current.engine.dtype(x)))
    return x


def _border(
    before: int | None, after: int | None, rest: int | None, names: str
) -> tuple[int, int]:
    """Both borders from two of: the one before, the one after, their sum."""
    given = [v is not None for v in (before, after, rest)]
    if sum(given) != 2:
        raise ValueError(
            f"{names}: got {sum(given)} of the three; expected two. Leave out the one "
            "that follows from the others."
        )
    if rest is not None:
        before = rest - (after or 0) if before is None else before
        after = rest - before if after is None else after
    assert before is not None and after is not None
    if before < 0 or after < 0:
        raise ValueError(
            f"{names}: got borders of {before} and {after}; expected at least 0. Check "
            "the target."
        )
    return before, after


@op
def pad_images(
    images: TensorLike,
    top_padding: int | None = None,
    left_padding: int | None = None,
    bottom_padding: int | None = None,
    right_padding: int | None = None,
    target_height: int | None = None,
    target_width: int | None = None,
    data_format: str | None = None,
) -> Tensor:
    """Images with a border of zeros.

    Args:
        images: `(height, width, channels)`, or a batch of them, or channels first.
        top_padding, bottom_padding, target_height: two of them.
        left_padding, right_padding, target_width: two of them.
        data_format: "channels_last" or "channels_first"; default:
            `keras.config.image_data_format()`.

    Returns:
        The larger images.

    Raises:
        ValueError: if the borders do not follow.

    Example:
        >>> x = keras.ops.ones((2, 2, 3))
        >>> keras.ops.image.pad_images(x, 1, 0, target_height=4, target_width=2).shape
        (4, 2, 3)
    """
    what = "keras.ops.image.pad_images"
    x, undo = images_in(images, data_format, what)
    vertical = f"{what}(top_padding, bottom_padding, target_height)"
    horizontal = f"{what}(left_padding, right_padding, target_width)"
    height = None if target_height is None else target_height - x.shape[1]
    width = None if target_width is None else target_width - x.shape[2]
    rows = _border(top_padding, bottom_padding, height, vertical)
    columns = _border(left_padding, right_padding, width, horizontal)
    widths = [(0, 0), rows, columns, (0, 0)]
    return undo(current.engine.pad(x, widths, "constant", 0))


@op
def crop_images(
    images: TensorLike,
    top_cropping: int | None = None,
    left_cropping: int | None = None,
    bottom_cropping: int | None = None,
    right_cropping: int | None = None,
    target_height: int | None = None,
    target_width: int | None = None,
    data_format: str | None = None,
) -> Tensor:
    """Images without a border.

    Args:
        images: `(height, width, channels)`, or a batch of them, or channels first.
        top_cropping, bottom_cropping, target_height: two of them.
        left_cropping, right_cropping, target_width: two of them.
        data_format: "channels_last" or "channels_first"; default:
            `keras.config.image_data_format()`.

    Returns:
        The smaller images.

    Raises:
        ValueError: if the borders do not follow.

    Example:
        >>> x = keras.ops.ones((4, 4, 3))
        >>> keras.ops.image.crop_images(x, 1, 0, target_height=2, target_width=2).shape
        (2, 2, 3)
    """
    what = "keras.ops.image.crop_images"
    x, undo = images_in(images, data_format, what)
    height, width = x.shape[1:3]
    vertical = f"{what}(top_cropping, bottom_cropping, target_height)"
    horizontal = f"{what}(left_cropping, right_cropping, target_width)"
    rows = None if target_height is None else height - target_height
    columns = None if target_width is None else width - target_width
    top, bottom = _border(top_cropping, bottom_cropping, rows, vertical)
    left, right = _border(left_cropping, right_cropping, columns, horizontal)
    return undo(x[:, top : height - bottom, left : width - right])
