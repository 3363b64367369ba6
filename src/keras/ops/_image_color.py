"""Colour spaces."""

from keras.backend import current
from keras.core.config import check_data_format
from keras.errors import ShapeError
from keras.ops._op import floating, op, tensor
from keras.typing import Native, Tensor, TensorLike

# ITU-R BT.601, as TensorFlow rounds it.
_LUMA = (0.2989, 0.587, 0.114)


def _channels(
    images: TensorLike, data_format: str | None, what: str
) -> tuple[list[Native], int, str]:
    """Red, green and blue with the axis kept, that axis, and the dtype."""
    engine = current.engine
    given = tensor(images)
    x = floating(given)
    if x.ndim not in (3, 4):
        raise ShapeError(
            f"{what}: got images of shape {tuple(x.shape)}; expected (height, width, "
            "3) or a batch of them. Add or remove an axis."
        )
    axis = x.ndim - (1 if check_data_format(data_format) == "channels_last" else 3)
    if x.shape[axis] != 3:
        raise ShapeError(
            f"{what}: got images of shape {tuple(x.shape)}; expected 3 channels at "
            f"axis {axis}. Check data_format."
        )
    return list(engine.split(x, (1, 2), axis)), axis, engine.dtype(given)


@op
def rgb_to_grayscale(images: TensorLike, data_format: str | None = None) -> Tensor:
    """`0.2989 red + 0.587 green + 0.114 blue`.

    Args:
        images: `(height, width, 3)`, or a batch of them, or channels first.
        data_format: "channels_last" or "channels_first"; default:
            `keras.config.image_data_format()`.

    Returns:
        Images with one channel, of the dtype of `images`.

    Raises:
        ShapeError: if there are not three channels.

    Example:
        >>> keras.ops.image.rgb_to_grayscale(keras.ops.ones((4, 4, 3))).shape
        (4, 4, 1)
    """
    what = "keras.ops.image.rgb_to_grayscale"
    (red, green, blue), _, dtype = _channels(images, data_format, what)
    gray = red * _LUMA[0] + green * _LUMA[1] + blue * _LUMA[2]
    return current.engine.cast(gray, dtype)


@op
def rgb_to_hsv(images: TensorLike, data_format: str | None = None) -> Tensor:
    """Hue, saturation and value, all between 0 and 1.

    Args:
        images: floats `(height, width, 3)`, or a batch of them, or channels first.
        data_format: "channels_last" or "channels_first"; default:
            `keras.config.image_data_format()`.

    Returns:
        A float tensor of the same shape.

    Raises:
        ShapeError: if there are not three channels.

    Example:
        >>> keras.ops.image.rgb_to_hsv([[[1.0, 0.0, 0.0]]])
        [[[0.0, 1.0, 1.0]]]
    """
    what = "keras.ops.image.rgb_to_hsv"
    (red, green, blue), axis, _ = _channels(images, data_format, what)
    engine = current.engine
    value = engine.maximum(engine.maximum(red, green), blue)
    low = engine.minimum(engine.minimum(red, green), blue)
    span = value - low
    saturation = _ratio(span, value)
    # Sixths of the circle, from the colour that is strongest.
    hue = engine.where(
        engine.equal(value, red),
        _ratio(green - blue, span),
        engine.where(
            engine.equal(value, green),
            _ratio(blue - red, span) + 2,
            _ratio(red - green, span) + 4,
        ),
    )
    hue = engine.multiply(
        hue / 6, engine.cast(engine.greater(span, 0), engine.dtype(hue))
    )
    hue = hue + engine.cast(engine.less(hue, 0), engine.dtype(hue))
    return engine.concatenate([hue, saturation, value], axis)


def _ratio(a: Native, b: Native) -> Native:
    """`a / b`, and 0 where `b` is 0."""
    engine = current.engine
    zero = engine.cast(engine.equal(b, 0), engine.dtype(b))
    return engine.multiply(engine.divide(a, b + zero), 1 - zero)


@op
def hsv_to_rgb(images: TensorLike, data_format: str | None = None) -> Tensor:
    """The inverse of `rgb_to_hsv`.

    Args:
        images: floats `(height, width, 3)`, or a batch of them, or channels first.
        data_format: "channels_last" or "channels_first"; default:
            `keras.config.image_data_format()`.

    Returns:
        A float tensor of the same shape.

    Raises:
        ShapeError: if there are not three channels.

    Example:
        >>> keras.ops.image.hsv_to_rgb([[[0.0, 1.0, 1.0]]])
        [[[1.0, 0.0, 0.0]]]
    """
    what = "keras.ops.image.hsv_to_rgb"
    (hue, saturation, value), axis, _ = _channels(images, data_format, what)
    engine = current.engine
    turn = hue * 6
    # Each colour is a trapezoid of the hue.
    red = engine.clip(engine.abs(turn - 3) - 1, 0, 1)
    green = engine.clip(2 - engine.abs(turn - 2), 0, 1)
    blue = engine.clip(2 - engine.abs(turn - 4), 0, 1)
    colours = [(1 + saturation * (c - 1)) * value for c in (red, green, blue)]
    return engine.concatenate(colours, axis)
