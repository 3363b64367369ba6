"""Means, variances and what is made of them."""

from collections.abc import Sequence
from typing import Any

from keras.backend import current
from keras.backend.planning import planned
from keras.core import config
from keras.errors import ShapeError
from keras.ops._op import axis_index, axis_tuple, fast_path, floating, op, tensor
from keras.typing import Axis, Native, Tensor, TensorLike

_HALF = ("float16", "bfloat16")
_HALF_MAX = {"float16": 65504.0}
_TINY = 1e-37  # the least positive power of ten that float32 holds with full precision


def _widened(x: Native) -> tuple[Native, str]:
    """`x` with enough precision to sum, and the dtype it had."""
    engine = current.engine
    dtype = engine.dtype(x)
    return (engine.cast(x, "float32") if dtype in _HALF else x), dtype


def _narrowed(x: Native, dtype: str) -> Native:
    engine = current.engine
    return x if engine.dtype(x) == dtype else engine.cast(x, dtype)


@op
def moments(
    x: TensorLike,
    axes: Axis,
    keepdims: bool = False,
    synchronized: bool = False,
) -> tuple[Tensor, Tensor]:
    """Mean and (population) variance. Half floats are summed in float32.

    Args:
        x: tensor of any shape; ints become floats.
        axes: int or ints: what to reduce.
        keepdims: whether the reduced axes stay with size 1.
        synchronized: accepted for compatibility.

    Returns:
        A pair of tensors, mean and variance, of the dtype of `x`.

    Example:
        >>> keras.ops.moments([0.0, 2.0], 0)
        (1.0, 1.0)
    """
    wide, dtype = _widened(floating(x))
    reduced = axis_tuple(axes, wide.ndim, "keras.ops.moments")
    engine = current.engine
    mean = engine.mean(wide, reduced, keepdims)
    variance = engine.var(wide, reduced, keepdims)
    if dtype in _HALF_MAX:
        limit = _HALF_MAX[dtype]
        mean = engine.clip(mean, -limit, limit)
        variance = engine.clip(variance, -limit, limit)
    return _narrowed(mean, dtype), _narrowed(variance, dtype)


@op(masked=True)
def batch_normalization(
    x: TensorLike,
    mean: TensorLike,
    variance: TensorLike,
    axis: int,
    offset: TensorLike | None = None,
    scale: TensorLike | None = None,
    epsilon: float = 1e-3,
) -> Tensor:
    """`(x - mean) / sqrt(variance + epsilon) * scale + offset` (Ioffe 2015).

    Args:
        x: tensor of any shape; ints become floats.
        mean, variance: `(channels,)`.
        axis: where the channels of `x` stand.
        offset, scale: `(channels,)`, or `None` to leave it out.
        epsilon: keeps the division finite.

    Returns:
        A tensor of the shape and dtype of `x`.

    Raises:
        ShapeError: if mean and channels do not fit.

    Example:
        >>> keras.ops.batch_normalization([[1.0], [3.0]], [2.0], [1.0], axis=-1)
        [[-0.9995], [0.9995]]
    """
    x = floating(x)
    axis = axis_index(axis, x.ndim, "keras.ops.batch_normalization")
    engine, kind = current.engine, x.dtype
    channels = (x.shape[axis],)
    given: list[Any] = [mean, variance, offset, scale]
    for i, value in enumerate(given):
        if value is None:
            continue
        if type(value) not in engine.tensor_types or value.dtype is not kind:
            given[i] = value = tensor(value, engine.dtype(x))
        if value.shape != channels:
            name = ("mean", "variance", "offset", "scale")[i]
            raise ShapeError(
                f"keras.ops.batch_normalization: got {name} of shape "
                f"{tuple(value.shape)} and x of shape {tuple(x.shape)}; expected "
                f"{channels}, the size of axis {axis}. Check axis."
            )
    native = fast_path("batch_normalization")
    if native is not None:
        result = native(x, axis, *given, epsilon)
        if result is not None:
            return result
    return _batch_normalization(x, axis, given, epsilon)


def _batch_normalization(
    x: Native, axis: int, given: Sequence[Native | None], epsilon: float
) -> Native:
    """The composed form."""
    engine = current.engine
    if axis != x.ndim - 1:
        shape = [1] * x.ndim
        shape[axis] = x.shape[axis]
        given = [None if v is None else engine.reshape(v, shape) for v in given]
    mean, variance, offset, scale = given
    factor = engine.rsqrt(engine.add(variance, epsilon))
    if scale is not None:
        factor = engine.multiply(factor, scale)
    result = engine.multiply(engine.subtract(x, mean), factor)
    return result if offset is None else engine.add(result, offset)


def normalized_batch(
    x: Tensor, axis: int, offset: Any, scale: Any, epsilon: float
) -> tuple[Tensor, Tensor, Tensor]:
    """`batch_normalization` by mean and variance of `x` itself over all axes but one,
    and these two, through which no gradient flows.

    No op but what `BatchNormalization` computes: its arguments have values.
    """
    engine = current.engine
    axis = axis_index(axis, x.ndim, "keras.ops.batch_normalization")
    native = fast_path("normalized_batch")
    if native is not None:
        result = native(x, axis, _beside(x, offset), _beside(x, scale), epsilon)
        if result is not None:
            return result
    mean, variance = moments(x, [a for a in range(x.ndim) if a != axis])
    result = batch_normalization(x, mean, variance, axis, offset, scale, epsilon)
    return result, engine.stop_gradient(mean), engine.stop_gradient(variance)


def normalized_groups(
    x: Tensor, groups: int, axis: int, offset: Any, scale: Any, epsilon: float
) -> Tensor:
    """`x` with mean 0 and variance 1 in each group of channels of each sample.

    No op but what `GroupNormalization` computes: its arguments have values.
    """
    engine, dtype = current.engine, current.engine.dtype(x)
    native = fast_path("normalized_groups")
    if native is not None:
        return native(x, groups, axis, _beside(x, offset), _beside(x, scale), epsilon)
    shape = tuple(x.shape)
    channels = shape[axis]
    grouped = (*shape[:axis], groups, channels // groups, *shape[axis + 1 :])
    parts = engine.reshape(x, grouped)  # (batch, ..., groups, channels / groups, ...)
    axes = tuple(a for a in range(1, parts.ndim) if a != axis)
    mean, variance = engine.mean(parts, axes, True), engine.var(parts, axes, True)
    factor = engine.rsqrt(engine.add(variance, epsilon))
    parts = engine.multiply(engine.subtract(parts, mean), factor)
    return _scaled(engine.reshape(parts, shape), scale, offset, (axis,), dtype)


def _beside(x: Native, value: Any) -> Native | None:
    """`value`, if there is one, as a tensor of the dtype of `x`."""
    engine = current.engine
    if value is None or (type(value) in engine.tensor_types and value.dtype is x.dtype):
        return value
    return tensor(value, engine.dtype(x))


@op(masked=True)
def layer_normalization(
    x: TensorLike,
    gamma: TensorLike | None = None,
    beta: TensorLike | None = None,
    axis: Axis = -1,
    epsilon: float | None = None,
    **kwargs: Any,
) -> Tensor:
    """`(x - mean) / sqrt(variance + epsilon) * gamma + beta` (Ba et al. 2016).

    Args:
        x: tensor of any shape; ints become floats. Half floats are computed in float32.
        gamma, beta: of the shape of `x` along `axis`, or `None` to leave it out.
        axis: int or ints over which mean and variance are taken.
        epsilon: keeps the division finite; default: `keras.config.epsilon()`.

    Returns:
        A tensor of the shape and dtype of `x`.

    Example:
        >>> keras.ops.layer_normalization([[1.0, 3.0]])
        [[-1.0, 1.0]]
    """
    if kwargs and kwargs != {"rms_scaling": False}:  # which Keras 3 writes into files
        raise TypeError(
            "keras.ops.layer_normalization: got unknown arguments "
            f"{', '.join(kwargs)}. For scaling by the root mean square use "
            "ops.rms_normalization."
        )
    x = floating(x)
    axes, last = _normalized(axis, x.ndim, "keras.ops.layer_normalization")
    eps = config.epsilon() if epsilon is None else epsilon
    native = fast_path("layer_normalization") if last else None
    if native is not None:
        result = native(x, _beside(x, gamma), _beside(x, beta), last, eps)
        if result is not None:
            return result
    return _layer_normalization(x, gamma, beta, axes, eps)


@planned
def _normalized(axis: Axis, rank: int, what: str) -> tuple[tuple[int, ...], int]:
    """The axes, and how many they are if they are the last ones, else 0."""
    axes = axis_tuple(axis, rank, what)
    last = axes == tuple(range(rank - len(axes), rank))
    return axes, len(axes) if last else 0


def _layer_normalization(
    x: Native, gamma: Any, beta: Any, axes: tuple[int, ...], epsilon: float
) -> Native:
    """The composed form."""
    engine = current.engine
    wide, dtype = _widened(x)
    mean = engine.mean(wide, axes, True)
    variance = engine.var(wide, axes, True)
    factor = engine.rsqrt(engine.add(variance, epsilon))
    result = engine.multiply(engine.subtract(wide, mean), factor)
    return _scaled(result, gamma, beta, axes, dtype)


def _scaled(
    x: Native, gamma: Any, beta: Any, axes: Sequence[int], dtype: str
) -> Native:
    """`x * gamma + beta` where these have the axes of `axes` only."""
    engine = current.engine
    shape = [n if a in axes else 1 for a, n in enumerate(x.shape)]
    if gamma is not None:
        gamma = tensor(gamma, engine.dtype(x))
        x = engine.multiply(x, engine.reshape(gamma, shape))
    if beta is not None:
        beta = tensor(beta, engine.dtype(x))
        x = engine.add(x, engine.reshape(beta, shape))
    return _narrowed(x, dtype)


@op(masked=True)
def rms_normalization(
    x: TensorLike,
    scale: TensorLike | None = None,
    axis: Axis = -1,
    epsilon: float | None = None,
) -> Tensor:
    """`x / sqrt(mean(x**2) + epsilon) * scale` (Zhang and Sennrich 2019).

    Args:
        x: tensor of any shape; ints become floats. Half floats are computed in float32.
        scale: of the shape of `x` along `axis`, or `None` to leave it out.
        axis: int or ints over which the mean is taken.
        epsilon: keeps the division finite; default: `keras.config.epsilon()`.

    Returns:
        A tensor of the shape and dtype of `x`.

    Example:
        >>> keras.ops.rms_normalization([[3.0, 3.0]])
        [[1.0, 1.0]]
    """
    wide, dtype = _widened(floating(x))
    axes = axis_tuple(axis, wide.ndim, "keras.ops.rms_normalization")
    eps = config.epsilon() if epsilon is None else epsilon
    engine = current.engine
    power = engine.mean(engine.square(wide), axes, True)
    result = engine.multiply(wide, engine.rsqrt(engine.add(power, eps)))
    return _scaled(result, scale, None, axes, dtype)


@op(masked=True)
def normalize(
    x: TensorLike,
    axis: Axis | None = -1,
    order: float = 2,
    epsilon: float | None = None,
) -> Tensor:
    """`x / max(norm(x), epsilon)`, with the norm `sum(|x|**order)**(1 / order)`.

    Args:
        x: tensor of any shape; ints become floats.
        axis: int or ints along which the norm is taken; `None` means all.
        order: a positive int.
        epsilon: the least divisor; default: `keras.config.epsilon()`.

    Returns:
        A float tensor of the shape of `x`.

    Raises:
        ValueError: if `order` is no positive int.

    Example:
        >>> keras.ops.normalize([3.0, 4.0])
        [0.6, 0.8]
    """
    if not isinstance(order, int) or order < 1:
        raise ValueError(
            f"keras.ops.normalize: got order={order!r}; expected an int of at least 1."
        )
    wide, dtype = _widened(floating(x))
    axes = axis_tuple(axis, wide.ndim, "keras.ops.normalize")
    eps = config.epsilon() if epsilon is None else epsilon
    engine = current.engine
    # The power is bounded, not its root: a root has no slope at zero.
    least = max(eps**order, _TINY)
    if order == 2:
        power = engine.sum(engine.square(wide), axes, True)
        result = engine.multiply(wide, engine.rsqrt(engine.clip(power, least, None)))
        return _narrowed(result, dtype)
    size = engine.abs(wide)
    powers = size if order == 1 else engine.power(size, order)
    total = engine.clip(engine.sum(powers, axes, True), least, None)
    norm = total if order == 1 else engine.power(total, 1 / order)
    return _narrowed(engine.divide(wide, norm), dtype)
