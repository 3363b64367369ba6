"""Blocks of images: into the channels and back, into columns and back."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from keras.backend import current
from keras.errors import ShapeError
from keras.ops._convolutions import from_last, spatial, to_last
from keras.ops._op import op, tensor
from keras.ops._segments import overlap_add
from keras.typing import Native, Tensor, TensorLike


def _image(x: TensorLike, what: str) -> Native:
    x = tensor(x)
    if x.ndim != 4:
        raise ShapeError(
            f"{what}: got a tensor of shape {tuple(x.shape)}; expected a batch of "
            "images with four axes. Add a batch axis with x[None]."
        )
    return x


@op
def space_to_depth(
    x: TensorLike, block_size: int, data_format: str = "channels_last"
) -> Tensor:
    """Blocks of pixels become channels.

    Args:
        x: `(batch, height, width, channels)`, or channels first.
        block_size: int that divides height and width.
        data_format: "channels_last" or "channels_first".

    Returns:
        `(batch, height / block, width / block, channels * block**2)`, or channels
        first.

    Raises:
        ShapeError: if the blocks do not fit.

    Example:
        >>> keras.ops.space_to_depth(keras.ops.ones((1, 4, 4, 1)), 2).shape
        (1, 2, 2, 4)
    """
    image = to_last(_image(x, "keras.ops.space_to_depth"), data_format)
    batch, height, width, channels = image.shape
    b = block_size
    if height % b or width % b:
        raise ShapeError(
            f"keras.ops.space_to_depth: got block_size={b} for images of {height} x "
            f"{width}; expected a divisor of both. Crop or pad the images."
        )
    engine = current.engine
    blocks = engine.reshape(image, (batch, height // b, b, width // b, b, channels))
    blocks = engine.transpose(blocks, (0, 1, 3, 2, 4, 5))
    shape = (batch, height // b, width // b, b * b * channels)
    return from_last(engine.reshape(blocks, shape), data_format)


@op
def depth_to_space(
    x: TensorLike, block_size: int, data_format: str = "channels_last"
) -> Tensor:
    """Channels become blocks of pixels: the inverse of `space_to_depth`.

    Args:
        x: `(batch, height, width, channels)`, or channels first.
        block_size: int whose square divides the channels.
        data_format: "channels_last" or "channels_first".

    Returns:
        `(batch, height * block, width * block, channels / block**2)`, or channels
        first.

    Raises:
        ShapeError: if the channels do not make blocks.

    Example:
        >>> keras.ops.depth_to_space(keras.ops.ones((1, 2, 2, 4)), 2).shape
        (1, 4, 4, 1)
    """
    image = to_last(_image(x, "keras.ops.depth_to_space"), data_format)
    batch, height, width, channels = image.shape
    b = block_size
    if channels % (b * b):
        raise ShapeError(
            f"keras.ops.depth_to_space: got block_size={b} for {channels} channels; "
            "expected a number whose square divides them."
        )
    engine = current.engine
    depth = channels // (b * b)
    blocks = engine.reshape(image, (batch, height, width, b, b, depth))
    blocks = engine.transpose(blocks, (0, 1, 3, 2, 4, 5))
    result = engine.reshape(blocks, (batch, height * b, width * b, depth))
    return from_last(result, data_format)


Pair = tuple[int, ...]


def _axis_places(
    size: int, kernel: int, dilation: int, stride: int
) -> np.ndarray[Any, Any]:
    """Indices `(kernel, count)` of the windows along one axis."""
    count = max((size - (kernel - 1) * dilation - 1) // stride + 1, 0)
    return (np.arange(kernel) * dilation)[:, None] + np.arange(count) * stride


def _pixel_places(
    size: Pair, kernel: Pair, dilation: Pair, stride: Pair
) -> np.ndarray[Any, Any]:
    """Flat indices `(kernel positions, window positions)` into a padded image."""
    rows, columns = (
        _axis_places(*one) for one in zip(size, kernel, dilation, stride, strict=True)
    )
    places = rows[:, None, :, None] * size[1] + columns[None, :, None, :]
    return places.reshape(kernel[0] * kernel[1], -1).astype("int32")


@op
def unfold(
    x: TensorLike,
    kernel_size: int | Sequence[int],
    dilation: int | Sequence[int] = 1,
    padding: int | Sequence[int] = 0,
    stride: int | Sequence[int] = 1,
) -> Tensor:
    """The windows of images as columns.

    Args:
        x: `(batch, channels, height, width)`.
        kernel_size: int or pair.
        dilation: int or pair.
        padding: zeros on both sides: int or pair.
        stride: int or pair.

    Returns:
        `(batch, channels * kernel_height * kernel_width, windows)`.

    Raises:
        ShapeError: if no window fits.

    Example:
        >>> keras.ops.unfold(keras.ops.ones((1, 2, 3, 3)), 2).shape
        (1, 8, 4)
    """
    image = _image(x, "keras.ops.unfold")
    engine = current.engine
    kernel, spread, pads, steps = _windows(kernel_size, dilation, padding, stride)
    widths = [(0, 0), (0, 0), *((n, n) for n in pads)]
    if any(pads):
        image = engine.pad(image, widths, "constant", 0)
    batch, channels, *size = image.shape
    places = _pixel_places(tuple(size), kernel, spread, steps)
    if not places.size:
        raise ShapeError(
            f"keras.ops.unfold: got padded images of {tuple(size)} and windows of "
            f"{kernel} (dilation {spread}), which do not fit. Give larger images."
        )
    flat = engine.reshape(image, (batch, channels, size[0] * size[1]))
    patches = engine.take(flat, tensor(places), 2)
    return engine.reshape(patches, (batch, channels * places.shape[0], places.shape[1]))


def _windows(*options: int | Sequence[int]) -> tuple[Pair, ...]:
    names = ("kernel_size", "dilation", "padding", "stride")
    return tuple(
        spatial(option, 2, f"{name}=...", 0 if name == "padding" else 1)
        for option, name in zip(options, names, strict=True)
    )


@op
def fold(
    x: TensorLike,
    output_size: int | Sequence[int],
    kernel_size: int | Sequence[int],
    dilation: int | Sequence[int] = 1,
    padding: int | Sequence[int] = 0,
    stride: int | Sequence[int] = 1,
) -> Tensor:
    """Sum columns of windows into images: the gradient of `unfold`.

    Args:
        x: `(batch, channels * kernel_height * kernel_width, windows)`.
        output_size: height and width of the images: int or pair.
        kernel_size: int or pair.
        dilation: int or pair.
        padding: zeros on both sides that `unfold` added: int or pair.
        stride: int or pair.

    Returns:
        `(batch, channels, *output_size)`.

    Raises:
        ShapeError: if the number of windows is another one.

    Example:
        >>> keras.ops.fold(keras.ops.ones((1, 8, 4)), (3, 3), 2).shape
        (1, 2, 3, 3)
    """
    x = tensor(x)
    engine = current.engine
    kernel, spread, pads, steps = _windows(kernel_size, dilation, padding, stride)
    height, width = spatial(output_size, 2, "keras.ops.fold(output_size=...)")
    size = (height + 2 * pads[0], width + 2 * pads[1])
    places = _pixel_places(size, kernel, spread, steps)
    if x.ndim != 3 or x.shape[1] % places.shape[0] or x.shape[2] != places.shape[1]:
        raise ShapeError(
            f"keras.ops.fold: got columns of shape {tuple(x.shape)}; expected (batch, "
            f"channels * {places.shape[0]}, {places.shape[1]}) for images of {height} "
            f"x {width}. Give the arguments that unfold was given."
        )
    channels = x.shape[1] // places.shape[0]
    columns = engine.reshape(x, (x.shape[0], channels, *places.shape))
    image = engine.reshape(
        overlap_add(columns, places, size[0] * size[1]), (x.shape[0], channels, *size)
    )
    if not any(pads):
        return image
    return image[:, :, pads[0] : pads[0] + height, pads[1] : pads[1] + width]
