"""Convolutions over 1, 2 or 3 spatial axes."""

from collections.abc import Sequence
from typing import Any

from keras.backend import current
from keras.backend.planning import planned
from keras.core.config import check_data_format
from keras.errors import ShapeError
from keras.ops._op import op, operands, tensor
from keras.typing import Native, Tensor, TensorLike

Ints = tuple[int, ...]
Pads = tuple[tuple[int, int], ...]


def spatial(value: int | Sequence[int], rank: int, what: str, least: int = 1) -> Ints:
    """One int for each spatial axis.

    Raises:
        ValueError: for anything but one int, or `rank` of them, of at least `least`.
    """
    ints: tuple[Any, ...] = (value,) if isinstance(value, int) else tuple(value)
    if len(ints) == 1:
        ints = ints * rank
    if len(ints) != rank or any(not isinstance(n, int) or n < least for n in ints):
        raise ValueError(
            f"{what}: got {value!r}; expected an int of at least {least}, or a tuple "
            f"of {rank} of them."
        )
    return ints


@planned
def same_padding(size: Ints, window: Ints, strides: Ints, dilation: Ints) -> Pads:
    """Zeros before and after, so that `ceil(size / stride)` windows fit.

    As TensorFlow has it: the odd zero comes after.
    """
    pads = []
    for n, k, s, d in zip(size, window, strides, dilation, strict=True):
        total = max((-(-n // s) - 1) * s + (k - 1) * d + 1 - n, 0)
        pads.append((total // 2, total - total // 2))
    return tuple(pads)


def window_padding(
    padding: str, size: Ints, window: Ints, strides: Ints, dilation: Ints, what: str
) -> Pads:
    """The padding pairs that "valid" or "same" stands for.

    Raises:
        ValueError: for another word.
        ShapeError: if a "valid" window does not fit into the input.
    """
    mode = str(padding).lower()
    if mode == "same":
        return same_padding(size, window, strides, dilation)
    if mode != "valid":
        raise ValueError(
            f'{what}: got padding={padding!r}; expected "valid" or "same".'
        )
    for n, k, d in zip(size, window, dilation, strict=True):
        if (k - 1) * d + 1 > n:
            raise ShapeError(
                f"{what}: got an input of spatial shape {size} and windows of {window} "
                f"(dilation {dilation}), which do not fit. Give a larger input, or use "
                'padding="same".'
            )
    return ((0, 0),) * len(size)


def to_last(x: Native, data_format: str | None) -> Native:
    """`x` with the channels at the end."""
    if check_data_format(data_format) == "channels_last":
        return x
    return current.engine.transpose(x, (0, *range(2, x.ndim), 1))


def from_last(x: Native, data_format: str | None) -> Native:
    """Channels-last `x` in the layout asked for."""
    if check_data_format(data_format) == "channels_last":
        return x
    return current.engine.transpose(x, (0, x.ndim - 1, *range(1, x.ndim - 1)))


def _check_ranks(inputs: tuple[int, ...], kernel: tuple[int, ...], what: str) -> int:
    """The number of spatial axes."""
    rank = len(kernel) - 2
    if len(inputs) != len(kernel) or not 1 <= rank <= 3:
        raise ShapeError(
            f"{what}: got inputs of shape {tuple(inputs)} and a kernel of shape "
            f"{tuple(kernel)}; expected both to have 1, 2 or 3 spatial axes and two "
            "more. Add or remove an axis."
        )
    return rank


@op
def conv(
    inputs: TensorLike,
    kernel: TensorLike,
    strides: int | Sequence[int] = 1,
    padding: str = "valid",
    data_format: str | None = None,
    dilation_rate: int | Sequence[int] = 1,
) -> Tensor:
    """Convolution (cross-correlation) over 1, 2 or 3 spatial axes.

    Args:
        inputs: `(batch, *spatial, channels)`, or `(batch, channels, *spatial)`.
        kernel: `(*window, channels / groups, filters)`; the number of groups follows
            from the channels.
        strides: int, or one for each spatial axis.
        padding: "valid", or "same" for zeros so that the output has
            `ceil(size / stride)` entries.
        data_format: "channels_last" or "channels_first"; default:
            `keras.config.image_data_format()`.
        dilation_rate: int, or one for each spatial axis.

    Returns:
        `(batch, *new_spatial, filters)`, or channels first.

    Raises:
        ShapeError: if inputs and kernel do not fit.

    Example:
        >>> x, k = keras.ops.ones((1, 4, 4, 2)), keras.ops.ones((3, 3, 2, 5))
        >>> keras.ops.conv(x, k).shape
        (1, 2, 2, 5)
    """
    x, kernel = operands(inputs, kernel)
    return _conv(x, kernel, strides, padding, data_format, dilation_rate)


def convolved(
    x: Tensor,
    kernel: Any,
    bias: Any,
    strides: Ints,
    padding: str,
    data_format: str,
    dilation_rate: Ints,
    depthwise: bool = False,
) -> Tensor:
    """`conv` or `depthwise_conv` and a bias (or `None`), in one kernel where the engine
    has it.

    No op but what the call of a layer computes: its arguments have values.
    """
    x, kernel = operands(x, tensor(kernel))
    bias = None if bias is None else tensor(bias, current.engine.dtype(x))
    convolve = _depthwise if depthwise else _conv
    return convolve(x, kernel, strides, padding, data_format, dilation_rate, bias=bias)


def _conv(
    x: Native,
    kernel: Native,
    strides: Any,
    padding: str,
    data_format: str | None,
    dilation_rate: Any,
    what: str = "keras.ops.conv",
    bias: Native | None = None,
) -> Native:
    if x.ndim != kernel.ndim:
        _check_ranks(x.shape, kernel.shape, what)
    x = to_last(x, data_format)
    plan = _conv_plan(x.shape, kernel.shape, strides, padding, dilation_rate, what)
    return from_last(current.engine.conv(x, kernel, bias, *plan), data_format)


@planned
def _conv_plan(
    inputs: tuple[int, ...],
    kernel: tuple[int, ...],
    strides: int | Sequence[int],
    padding: str,
    dilation_rate: int | Sequence[int],
    what: str,
) -> tuple[Ints, Pads, Ints, int]:
    """Strides, padding, dilation and groups for channels-last inputs of a shape."""
    rank = _check_ranks(inputs, kernel, what)
    *window, depth, filters = kernel
    channels = inputs[-1]
    groups = channels // depth
    if groups * depth != channels or not groups or filters % groups:
        raise ShapeError(
            f"{what}: got inputs with {channels} channels and a kernel of shape "
            f"{tuple(kernel)}, which takes {depth} channels for each group and makes "
            f"{filters}; expected both to divide into groups. Check data_format and "
            "the kernel."
        )
    steps = spatial(strides, rank, f"{what}(strides=...)")
    dilation = spatial(dilation_rate, rank, f"{what}(dilation_rate=...)")
    size = tuple(inputs[1:-1])
    pads = window_padding(padding, size, tuple(window), steps, dilation, what)
    return steps, pads, dilation, groups


@op
def depthwise_conv(
    inputs: TensorLike,
    kernel: TensorLike,
    strides: int | Sequence[int] = 1,
    padding: str = "valid",
    data_format: str | None = None,
    dilation_rate: int | Sequence[int] = 1,
) -> Tensor:
    """Convolution of each channel by itself.

    Args:
        inputs: `(batch, *spatial, channels)`, or `(batch, channels, *spatial)`.
        kernel: `(*window, channels, multiplier)`.
        strides: int, or one for each spatial axis.
        padding: "valid" or "same".
        data_format: "channels_last" or "channels_first"; default:
            `keras.config.image_data_format()`.
        dilation_rate: int, or one for each spatial axis.

    Returns:
        `(batch, *new_spatial, channels * multiplier)`, or channels first.

    Raises:
        ShapeError: if inputs and kernel do not fit.

    Example:
        >>> x, k = keras.ops.ones((1, 4, 4, 2)), keras.ops.ones((3, 3, 2, 5))
        >>> keras.ops.depthwise_conv(x, k).shape
        (1, 2, 2, 10)
    """
    x, kernel = operands(inputs, kernel)
    return _depthwise(x, kernel, strides, padding, data_format, dilation_rate)


def _depthwise(
    x: Native,
    kernel: Native,
    strides: Any,
    padding: str,
    data_format: str | None,
    dilation_rate: Any,
    bias: Native | None = None,
) -> Native:
    what = "keras.ops.depthwise_conv"
    _check_ranks(x.shape, kernel.shape, what)
    *window, channels, multiplier = kernel.shape
    found = x.shape[-1 if check_data_format(data_format) == "channels_last" else 1]
    if found != channels:
        raise ShapeError(
            f"{what}: got inputs with {found} channels and a kernel of shape "
            f"{tuple(kernel.shape)}, which takes {channels}. Check data_format and the "
            "kernel."
        )
    grouped = current.engine.reshape(kernel, (*window, 1, channels * multiplier))
    return _conv(x, grouped, strides, padding, data_format, dilation_rate, what, bias)


@op
def separable_conv(
    inputs: TensorLike,
    depthwise_kernel: TensorLike,
    pointwise_kernel: TensorLike,
    strides: int | Sequence[int] = 1,
    padding: str = "valid",
    data_format: str | None = None,
    dilation_rate: int | Sequence[int] = 1,
) -> Tensor:
    """A depthwise convolution, then one with a window of 1 that mixes the channels.

    Args:
        inputs: `(batch, *spatial, channels)`, or `(batch, channels, *spatial)`.
        depthwise_kernel: `(*window, channels, multiplier)`.
        pointwise_kernel: `(*ones, channels * multiplier, filters)`.
        strides: int, or one for each spatial axis.
        padding: "valid" or "same".
        data_format: "channels_last" or "channels_first"; default:
            `keras.config.image_data_format()`.
        dilation_rate: int, or one for each spatial axis.

    Returns:
        `(batch, *new_spatial, filters)`, or channels first.

    Raises:
        ShapeError: if inputs and kernels do not fit.

    Example:
        >>> ones = keras.ops.ones
        >>> x, d, p = ones((1, 4, 2)), ones((3, 2, 1)), ones((1, 2, 5))
        >>> keras.ops.separable_conv(x, d, p).shape
        (1, 2, 5)
    """
    x, depthwise_kernel = operands(inputs, depthwise_kernel)
    x = _depthwise(x, depthwise_kernel, strides, padding, data_format, dilation_rate)
    x, pointwise_kernel = operands(x, pointwise_kernel)
    return _conv(
        x, pointwise_kernel, 1, "valid", data_format, 1, "keras.ops.separable_conv"
    )


@op
def conv_transpose(
    inputs: TensorLike,
    kernel: TensorLike,
    strides: int | Sequence[int] = 1,
    padding: str = "valid",
    output_padding: int | Sequence[int] | None = None,
    data_format: str | None = None,
    dilation_rate: int | Sequence[int] = 1,
) -> Tensor:
    """The gradient of `conv` in its inputs: makes them larger by `strides`.

    Args:
        inputs: `(batch, *spatial, channels)`, or `(batch, channels, *spatial)`.
        kernel: `(*window, filters, channels)`.
        strides: int, or one for each spatial axis.
        padding: "valid", or "same" for an output of `size * stride` entries.
        output_padding: entries added at the end, fewer than the stride; `None` lets
            `padding` decide the size.
        data_format: "channels_last" or "channels_first"; default:
            `keras.config.image_data_format()`.
        dilation_rate: int, or one for each spatial axis.

    Returns:
        `(batch, *new_spatial, filters)`, or channels first.

    Raises:
        ShapeError: if inputs and kernel do not fit.

    Example:
        >>> k = keras.ops.ones((3, 3, 5, 2))
        >>> keras.ops.conv_transpose(keras.ops.ones((1, 4, 4, 2)), k, 2, "same").shape
        (1, 8, 8, 5)
    """
    what = "keras.ops.conv_transpose"
    x, weights = operands(inputs, kernel)
    rank = _check_ranks(x.shape, weights.shape, what)
    x = to_last(x, data_format)
    if x.shape[-1] != weights.shape[-1]:
        raise ShapeError(
            f"{what}: got inputs with {x.shape[-1]} channels and a kernel of shape "
            f"{tuple(weights.shape)}, which takes {weights.shape[-1]}. Check "
            "data_format and the kernel, (*window, filters, channels)."
        )
    if padding.lower() not in ("valid", "same"):
        raise ValueError(
            f'{what}: got padding={padding!r}; expected "valid" or "same".'
        )
    steps = spatial(strides, rank, f"{what}(strides=...)")
    dilation = spatial(dilation_rate, rank, f"{what}(dilation_rate=...)")
    extra: Ints | None = None
    if output_padding is not None:
        extra = spatial(output_padding, rank, f"{what}(output_padding=...)", 0)
        if any(e >= s for e, s in zip(extra, steps, strict=True)):
            raise ValueError(
                f"{what}: got output_padding={output_padding!r} and "
                f"strides={strides!r}; expected less than the stride."
            )
    window = tuple(weights.shape[:rank])
    pads = _transposed_padding(padding.lower(), window, steps, dilation, extra)
    result = current.engine.conv_transpose(x, weights, steps, pads, dilation)
    return from_last(result, data_format)


@planned
def _transposed_padding(
    padding: str, window: Ints, strides: Ints, dilation: Ints, extra: Ints | None
) -> Pads:
    """Zeros around the spread input, whose full result is `(n - 1) * s + span` long."""
    pads = []
    for axis, (k, s, d) in enumerate(zip(window, strides, dilation, strict=True)):
        span = (k - 1) * d + 1
        if extra is None:
            # What `conv` padded of n * s entries is cut off; where the window is
            # smaller than the stride, zeros are added at the end instead.
            total = max(span - s, 0) if padding == "same" else 0
            before, after = total // 2, total - total // 2 - max(s - span, 0)
        else:
            half = span // 2 if padding == "same" else 0
            before, after = half, half - extra[axis]
        pads.append((span - 1 - before, span - 1 - after))
    return tuple(pads)
