"""Maximum and average over windows."""

from collections.abc import Callable, Sequence
from typing import Any

from keras.backend import current
from keras.backend.planning import planned
from keras.errors import ShapeError
from keras.ops._convolutions import (
    Ints,
    Pads,
    from_last,
    spatial,
    to_last,
    window_padding,
)
from keras.ops._op import floating, op, tensor
from keras.typing import Native, Tensor, TensorLike


@op
def max_pool(
    inputs: TensorLike,
    pool_size: int | Sequence[int],
    strides: int | Sequence[int] | None = None,
    padding: str = "valid",
    data_format: str | None = None,
) -> Tensor:
    """The maximum of each window.

    Args:
        inputs: `(batch, *spatial, channels)`, or `(batch, channels, *spatial)`.
        pool_size: size of the windows: int, or one for each spatial axis.
        strides: distance of the windows; default: `pool_size`.
        padding: "valid", or "same" for `ceil(size / stride)` windows.
        data_format: "channels_last" or "channels_first"; default:
            `keras.config.image_data_format()`.

    Returns:
        `(batch, *new_spatial, channels)`, or channels first.

    Raises:
        ShapeError: if a window does not fit into the inputs.

    Example:
        >>> keras.ops.max_pool(keras.ops.ones((1, 4, 4, 2)), 2).shape
        (1, 2, 2, 2)
    """
    x = tensor(inputs)
    pool = current.engine.max_pool
    return _pool(
        pool, x, pool_size, strides, padding, data_format, "keras.ops.max_pool"
    )


@op
def average_pool(
    inputs: TensorLike,
    pool_size: int | Sequence[int],
    strides: int | Sequence[int] | None = None,
    padding: str = "valid",
    data_format: str | None = None,
) -> Tensor:
    """The mean of each window; padding does not count.

    Args:
        inputs: `(batch, *spatial, channels)`, or `(batch, channels, *spatial)`; ints
            become floats.
        pool_size: size of the windows: int, or one for each spatial axis.
        strides: distance of the windows; default: `pool_size`.
        padding: "valid", or "same" for `ceil(size / stride)` windows.
        data_format: "channels_last" or "channels_first"; default:
            `keras.config.image_data_format()`.

    Returns:
        `(batch, *new_spatial, channels)`, or channels first.

    Raises:
        ShapeError: if a window does not fit into the inputs.

    Example:
        >>> keras.ops.average_pool(keras.ops.ones((1, 4, 4, 2)), 2).shape
        (1, 2, 2, 2)
    """
    x = floating(inputs)
    pool = current.engine.average_pool
    return _pool(
        pool, x, pool_size, strides, padding, data_format, "keras.ops.average_pool"
    )


def _pool(
    pool: Callable[..., Native],
    x: Native,
    pool_size: Any,
    strides: Any,
    padding: str,
    data_format: str | None,
    what: str,
) -> Native:
    x = to_last(x, data_format)
    plan = _pool_plan(x.shape, pool_size, strides, padding, what)
    return from_last(pool(x, *plan), data_format)


@planned
def _pool_plan(
    shape: tuple[int, ...], pool_size: Any, strides: Any, padding: str, what: str
) -> tuple[Ints, Ints, Pads]:
    """Windows, strides and padding for channels-last inputs of a shape."""
    rank = _spatial_rank(shape, what)
    size = spatial(pool_size, rank, f"{what}(pool_size=...)")
    steps = size if strides is None else spatial(strides, rank, f"{what}(strides=...)")
    pads = window_padding(padding, tuple(shape[1:-1]), size, steps, (1,) * rank, what)
    return size, steps, pads


def _spatial_rank(shape: tuple[int, ...], what: str) -> int:
    rank = len(shape) - 2
    if not 1 <= rank <= 3:
        raise ShapeError(
            f"{what}: got inputs of shape {tuple(shape)}; expected a batch axis, 1, 2 "
            "or 3 spatial axes, and channels. Add or remove an axis."
        )
    return rank


@op
def adaptive_average_pool(
    inputs: TensorLike,
    output_size: int | Sequence[int],
    data_format: str | None = None,
) -> Tensor:
    """The means of windows chosen so that the output has a given size.

    Args:
        inputs: `(batch, *spatial, channels)`, or `(batch, channels, *spatial)`; ints
            become floats.
        output_size: int, or one for each spatial axis. Entry i of m covers the entries
            from `floor(i * n / m)` to before `ceil((i + 1) * n / m)`.
        data_format: "channels_last" or "channels_first"; default:
            `keras.config.image_data_format()`.

    Returns:
        `(batch, *output_size, channels)`, or channels first.

    Example:
        >>> keras.ops.adaptive_average_pool(keras.ops.ones((1, 5, 4, 2)), 2).shape
        (1, 2, 2, 2)
    """
    x = floating(inputs)
    engine = current.engine
    what = "keras.ops.adaptive_average_pool"
    return _adaptive(
        x, output_size, data_format, engine.average_pool, engine.mean, what
    )


@op
def adaptive_max_pool(
    inputs: TensorLike,
    output_size: int | Sequence[int],
    data_format: str | None = None,
) -> Tensor:
    """The maxima of windows chosen so that the output has a given size.

    Args:
        inputs: `(batch, *spatial, channels)`, or `(batch, channels, *spatial)`.
        output_size: int, or one for each spatial axis; the windows are those of
            `adaptive_average_pool`.
        data_format: "channels_last" or "channels_first"; default:
            `keras.config.image_data_format()`.

    Returns:
        `(batch, *output_size, channels)`, or channels first.

    Example:
        >>> keras.ops.adaptive_max_pool(keras.ops.ones((1, 5, 4, 2)), 2).shape
        (1, 2, 2, 2)
    """
    x = tensor(inputs)
    engine = current.engine
    what = "keras.ops.adaptive_max_pool"
    return _adaptive(x, output_size, data_format, engine.max_pool, engine.max, what)


def _adaptive(
    x: Native,
    output_size: Any,
    data_format: str | None,
    pool: Callable[..., Native],
    reduce: Callable[..., Native],
    what: str,
) -> Native:
    rank = _spatial_rank(x.shape, what)
    x = to_last(x, data_format)
    target = spatial(output_size, rank, f"{what}(output_size=...)")
    size = x.shape[1:-1]
    if all(n % m == 0 for n, m in zip(size, target, strict=True)):
        window = tuple(n // m for n, m in zip(size, target, strict=True))
        result = pool(x, window, window, ((0, 0),) * rank)
        return from_last(result, data_format)
    # The mean of equally long means is the mean, so each axis can go by itself.
    engine = current.engine
    for axis, m in enumerate(target, start=1):
        n = x.shape[axis]
        before: Any = (slice(None),) * axis
        parts = [
            reduce(x[(*before, slice(i * n // m, -(-(i + 1) * n // m)))], (axis,), True)
            for i in range(m)
        ]
        x = engine.concatenate(parts, axis)
    return from_last(x, data_format)
