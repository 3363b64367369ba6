"""Reductions that leave NaN out."""

import math
from typing import Any

from keras.backend import current
from keras.core import dtypes
from keras.core.dtypes import RULES
from keras.ops._op import axis_tuple, op, ruled, tensor
from keras.ops._reductions import arg_extreme, cumprod, cumsum
from keras.typing import Axis, DType, Native, Tensor, TensorLike


def _filled(x: Tensor, value: float) -> Tensor:
    """`x` with `value` in the place of NaN."""
    engine = current.engine
    if not dtypes.is_float(engine.dtype(x)):
        return x
    fill = engine.full((), value, engine.dtype(x))
    return engine.where(engine.isnan(x), fill, x)


@op
def nansum(x: TensorLike, axis: Axis | None = None, keepdims: bool = False) -> Tensor:
    """The sum along axes, NaN counted as 0."""
    x = _filled(ruled(x, RULES["nansum"]), 0)
    return current.engine.sum(x, axis_tuple(axis, x.ndim, "nansum"), keepdims)


@op
def nanprod(x: TensorLike, axis: Axis | None = None, keepdims: bool = False) -> Tensor:
    """The product along axes, NaN counted as 1."""
    x = _filled(ruled(x, RULES["nanprod"]), 1)
    return current.engine.prod(x, axis_tuple(axis, x.ndim, "nanprod"), keepdims)


def _count(x: Native, axes: tuple[int, ...], keepdims: bool) -> Native:
    """How many entries along axes are not NaN, in the dtype of `x`."""
    engine = current.engine
    good = engine.cast(engine.logical_not(engine.isnan(x)), engine.dtype(x))
    return engine.sum(good, axes, keepdims)


@op
def nanmean(x: TensorLike, axis: Axis | None = None, keepdims: bool = False) -> Tensor:
    """The mean along axes of the entries that are not NaN; NaN where all are."""
    x = ruled(x, RULES["nanmean"])
    axes = axis_tuple(axis, x.ndim, "nanmean")
    return _mean(x, axes, keepdims)


def _mean(x: Native, axes: tuple[int, ...], keepdims: bool) -> Native:
    engine = current.engine
    total = engine.sum(_filled(x, 0), axes, keepdims)
    return engine.divide(total, _count(x, axes, keepdims))


@op
def nanvar(x: TensorLike, axis: Axis | None = None, keepdims: bool = False) -> Tensor:
    """The variance along axes of the entries that are not NaN; NaN where all are."""
    x = ruled(x, RULES["nanvar"])
    return _variance(x, axis_tuple(axis, x.ndim, "nanvar"), keepdims)


def _variance(x: Native, axes: tuple[int, ...], keepdims: bool) -> Native:
    engine = current.engine
    mean = _mean(x, axes, True)
    # The place of a NaN is filled before the square, whose gradient it would spoil.
    distance = engine.subtract(engine.where(engine.isnan(x), mean, x), mean)
    total = engine.sum(engine.square(distance), axes, keepdims)
    return engine.divide(total, _count(x, axes, keepdims))


@op
def nanstd(x: TensorLike, axis: Axis | None = None, keepdims: bool = False) -> Tensor:
    """The standard deviation along axes of the entries that are not NaN."""
    x = ruled(x, RULES["nanstd"])
    axes = axis_tuple(axis, x.ndim, "nanstd")
    return current.engine.sqrt(_variance(x, axes, keepdims))


@op(expects="at least one entry along axis")
def nanmax(x: TensorLike, axis: Axis | None = None, keepdims: bool = False) -> Tensor:
    """The largest entry along axes that is not NaN; NaN where all are."""
    return _extreme(tensor(x), axis, keepdims, "max", -math.inf)


@op(expects="at least one entry along axis")
def nanmin(x: TensorLike, axis: Axis | None = None, keepdims: bool = False) -> Tensor:
    """The smallest entry along axes that is not NaN; NaN where all are."""
    return _extreme(tensor(x), axis, keepdims, "min", math.inf)


def _extreme(x: Native, axis: Any, keepdims: bool, name: str, worst: float) -> Native:
    engine = current.engine
    axes = axis_tuple(axis, x.ndim, f"nan{name}")
    result = getattr(engine, name)(_filled(x, worst), axes, keepdims)
    if not dtypes.is_float(engine.dtype(x)):
        return result
    nan = engine.full((), math.nan, engine.dtype(x))
    return engine.where(engine.all(engine.isnan(x), axes, keepdims), nan, result)


@op(expects="at least one entry along axis")
def nanargmax(x: TensorLike, axis: int | None = None, keepdims: bool = False) -> Tensor:
    """Where the largest entry that is no NaN stands, as int32; -1 where all are NaN."""
    return _arg_extreme(tensor(x), axis, keepdims, "argmax", -math.inf)


@op(expects="at least one entry along axis")
def nanargmin(x: TensorLike, axis: int | None = None, keepdims: bool = False) -> Tensor:
    """Where the least entry that is no NaN stands, as int32; -1 where all are NaN."""
    return _arg_extreme(tensor(x), axis, keepdims, "argmin", math.inf)


def _arg_extreme(
    x: Native, axis: int | None, keepdims: bool, name: str, worst: float
) -> Native:
    engine = current.engine
    result = arg_extreme(_filled(x, worst), axis, keepdims, name)
    if not dtypes.is_float(engine.dtype(x)):
        return result
    axes = axis_tuple(axis, x.ndim, f"nan{name}")
    empty = engine.all(engine.isnan(x), axes, keepdims)
    return engine.where(empty, engine.full((), -1, "int32"), result)


@op
def nancumsum(
    x: TensorLike, axis: int | None = None, dtype: DType | None = None
) -> Tensor:
    """`cumsum`, NaN counted as 0."""
    return cumsum(_filled(tensor(x), 0), axis, dtype)


@op
def nancumprod(
    x: TensorLike, axis: int | None = None, dtype: DType | None = None
) -> Tensor:
    """`cumprod`, NaN counted as 1."""
    return cumprod(_filled(tensor(x), 1), axis, dtype)
