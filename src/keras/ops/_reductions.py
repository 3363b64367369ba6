"""Reductions along axes, cumulative ones too."""

from typing import Any

import numpy as np

from keras.backend import current
from keras.core import dtypes
from keras.core.dtypes import RULES, tensor_dtype
from keras.ops._op import axis_index, axis_tuple, fast_path, op, ruled, tensor
from keras.typing import Axis, DType, Native, Tensor, TensorLike


@op
def sum(x: TensorLike, axis: Axis | None = None, keepdims: bool = False) -> Tensor:
    """The sum along axes.

    Args:
        x: tensor; bools and integers below 32 bits are summed as int32.
        axis: int or several; `None` means all.
        keepdims: keep the axes with length 1.
    """
    x = ruled(x, RULES["sum"])
    return current.engine.sum(x, axis_tuple(axis, x.ndim, "sum"), keepdims)


@op
def prod(
    x: TensorLike,
    axis: Axis | None = None,
    keepdims: bool = False,
    dtype: DType | None = None,
) -> Tensor:
    """The product along axes, in `dtype` if given."""
    x = ruled(x, RULES["prod"]) if dtype is None else tensor(x, tensor_dtype(dtype))
    return current.engine.prod(x, axis_tuple(axis, x.ndim, "prod"), keepdims)


@op
def mean(x: TensorLike, axis: Axis | None = None, keepdims: bool = False) -> Tensor:
    """The arithmetic mean along axes, a float."""
    x = ruled(x, RULES["mean"])
    return current.engine.mean(x, axis_tuple(axis, x.ndim, "mean"), keepdims)


@op
def var(x: TensorLike, axis: Axis | None = None, keepdims: bool = False) -> Tensor:
    """The variance along axes: the mean squared distance from the mean."""
    x = ruled(x, RULES["var"])
    return variance(x, axis_tuple(axis, x.ndim, "var"), keepdims)


def variance(x: Native, axes: tuple[int, ...], keepdims: bool) -> Native:
    """`var` of a clean float tensor, complex ones too."""
    engine = current.engine
    if engine.dtype(x) in dtypes.COMPLEX:
        parts = engine.var(engine.real(x), axes, keepdims)
        return engine.add(parts, engine.var(engine.imag(x), axes, keepdims))
    return engine.var(x, axes, keepdims)


@op
def std(x: TensorLike, axis: Axis | None = None, keepdims: bool = False) -> Tensor:
    """The standard deviation along axes: the square root of `var`."""
    x = ruled(x, RULES["std"])
    axes = axis_tuple(axis, x.ndim, "std")
    native = fast_path("std")
    if native is not None and (result := native(x, axes, keepdims)) is not None:
        return result
    return current.engine.sqrt(variance(x, axes, keepdims))


@op(expects="at least one entry along axis, or initial")
def max(
    x: TensorLike,
    axis: Axis | None = None,
    keepdims: bool = False,
    initial: float | None = None,
) -> Tensor:
    """The largest entry along axes; NaN where one is.

    Args:
        x: tensor.
        axis: int or several; `None` means all.
        keepdims: keep the axes with length 1.
        initial: the result is at least this; needed where nothing is left to compare.
    """
    return _extreme(x, axis, keepdims, initial, "max", "maximum")


@op(expects="at least one entry along axis, or initial")
def min(
    x: TensorLike,
    axis: Axis | None = None,
    keepdims: bool = False,
    initial: float | None = None,
) -> Tensor:
    """The smallest entry along axes; NaN where one is.

    Args:
        x: tensor.
        axis: int or several; `None` means all.
        keepdims: keep the axes with length 1.
        initial: the result is at most this; needed where nothing is left to compare.
    """
    return _extreme(x, axis, keepdims, initial, "min", "minimum")


def _extreme(
    x: Any, axis: Any, keepdims: bool, initial: Any, name: str, pairwise: str
) -> Native:
    engine = current.engine
    x = tensor(x)
    axes = axis_tuple(axis, x.ndim, name)
    if initial is None:
        return getattr(engine, name)(x, axes, keepdims)
    first = tensor(initial, engine.dtype(x))
    if 0 in [x.shape[a] for a in axes]:
        dims = list(enumerate(x.shape))
        shape = [1 if i in axes else d for i, d in dims if keepdims or i not in axes]
        return engine.broadcast_to(first, shape)
    return getattr(engine, pairwise)(getattr(engine, name)(x, axes, keepdims), first)


@op(expects="at least one entry along axis")
def amax(x: TensorLike, axis: Axis | None = None, keepdims: bool = False) -> Tensor:
    """The largest entry along axes; the same as `max`."""
    return max(x, axis, keepdims)


@op(expects="at least one entry along axis")
def amin(x: TensorLike, axis: Axis | None = None, keepdims: bool = False) -> Tensor:
    """The smallest entry along axes; the same as `min`."""
    return min(x, axis, keepdims)


@op(expects="at least one entry along axis")
def ptp(x: TensorLike, axis: Axis | None = None, keepdims: bool = False) -> Tensor:
    """The distance from the smallest to the largest entry along axes."""
    return current.engine.subtract(max(x, axis, keepdims), min(x, axis, keepdims))


@op
def any(x: TensorLike, axis: Axis | None = None, keepdims: bool = False) -> Tensor:
    """Whether an entry along axes is nonzero."""
    x = tensor(x, "bool")
    return current.engine.any(x, axis_tuple(axis, x.ndim, "any"), keepdims)


@op
def all(x: TensorLike, axis: Axis | None = None, keepdims: bool = False) -> Tensor:
    """Whether all entries along axes are nonzero."""
    x = tensor(x, "bool")
    return current.engine.all(x, axis_tuple(axis, x.ndim, "all"), keepdims)


@op
def count_nonzero(x: TensorLike, axis: Axis | None = None) -> Tensor:
    """How many entries along axes are nonzero, as int32."""
    ones = current.engine.cast(tensor(x, "bool"), "int32")
    return current.engine.sum(ones, axis_tuple(axis, ones.ndim, "count_nonzero"), False)


@op(expects="at least one entry along axis")
def argmax(x: TensorLike, axis: int | None = None, keepdims: bool = False) -> Tensor:
    """Where the largest entry stands, as int32; the first of equals, or the first NaN.

    Args:
        x: tensor.
        axis: `None` means an index into the flat tensor.
        keepdims: keep the axis with length 1.
    """
    return arg_extreme(tensor(x), axis, keepdims, "argmax")


@op(expects="at least one entry along axis")
def argmin(x: TensorLike, axis: int | None = None, keepdims: bool = False) -> Tensor:
    """Where the smallest entry stands, as int32; the first of equals, or the first NaN.

    Args:
        x: tensor.
        axis: `None` means an index into the flat tensor.
        keepdims: keep the axis with length 1.
    """
    return arg_extreme(tensor(x), axis, keepdims, "argmin")


def arg_extreme(x: Native, axis: int | None, keepdims: bool, name: str) -> Native:
    """`argmax` or `argmin` of a tensor."""
    engine = current.engine
    if engine.dtype(x) == "bool":
        x = engine.cast(x, "int32")
    run = getattr(engine, name)
    if axis is not None:
        return run(x, axis_index(axis, x.ndim, name), keepdims)
    result = run(engine.reshape(x, (-1,)), 0, False)
    return engine.reshape(result, (1,) * x.ndim) if keepdims else result


@op
def cumsum(
    x: TensorLike, axis: int | None = None, dtype: DType | None = None
) -> Tensor:
    """The sums of all entries up to each along an axis, in `dtype` if given.

    Args:
        x: tensor.
        axis: `None` means along the flat tensor.
        dtype: default: that of `x`, at most 32 bits, int32 for bools.
    """
    x, axis = _line(x, axis, dtype, "cumsum")
    return current.engine.cumsum(x, axis)


@op
def cumprod(
    x: TensorLike, axis: int | None = None, dtype: DType | None = None
) -> Tensor:
    """The products of all entries up to each along an axis, in `dtype` if given.

    Args:
        x: tensor.
        axis: `None` means along the flat tensor.
        dtype: default: that of `x`, at most 32 bits, int32 for bools.
    """
    x, axis = _line(x, axis, dtype, "cumprod")
    return current.engine.cumprod(x, axis)


def _line(
    x: Any, axis: int | None, dtype: DType | None, what: str
) -> tuple[Tensor, int]:
    """`x` in the dtype to compute in, and the axis to run along."""
    x = ruled(x, RULES[what]) if dtype is None else tensor(x, tensor_dtype(dtype))
    if axis is None:
        return current.engine.reshape(x, (int(np.prod(x.shape, dtype=int)),)), 0
    return x, axis_index(axis, x.ndim, what)
