"""Quantiles, histograms, correlation, differences."""

from typing import Any, Literal

import numpy as np

from keras.backend import current
from keras.core import dtypes
from keras.core.dtypes import RULES
from keras.errors import ShapeError, unknown_name
from keras.ops._indexing import needs_values
from keras.ops._op import axis_index, axis_tuple, op, ruled, tensor, tensors
from keras.ops._shapes import entries, moved, ravel
from keras.typing import Axis, Native, Tensor, TensorLike

QuantileMethod = Literal["linear", "lower", "higher", "midpoint", "nearest"]
_METHODS = ("linear", "lower", "higher", "midpoint", "nearest")


@op
def quantile(
    x: TensorLike,
    q: TensorLike,
    axis: Axis | None = None,
    method: QuantileMethod = "linear",
    keepdims: bool = False,
) -> Tensor:
    """The values below which parts `q` of the entries along axes lie; NaN where one is.

    Args:
        x: tensor.
        q: probabilities in [0, 1]: a scalar or one dimension.
        axis: int or several; `None` means all.
        method: what to give between two entries: "linear", "lower", "higher",
            "midpoint" or "nearest".
        keepdims: keep the axes with length 1.

    Returns:
        The dimension of `q`, if it has one, then what is left of those of `x`.
    """
    return _quantile(x, q, axis, method, keepdims, "quantile")


@op
def nanquantile(
    x: TensorLike,
    q: TensorLike,
    axis: Axis | None = None,
    method: QuantileMethod = "linear",
    keepdims: bool = False,
) -> Tensor:
    """`quantile` of the entries that are not NaN; NaN where all are."""
    return _quantile(x, q, axis, method, keepdims, "nanquantile")


@op
def percentile(
    x: TensorLike,
    q: TensorLike,
    axis: Axis | None = None,
    method: QuantileMethod = "linear",
    keepdims: bool = False,
) -> Tensor:
    """`quantile` for `q` in percent."""
    part = current.engine.divide(tensor(q, "float32"), 100.0)
    return _quantile(x, part, axis, method, keepdims, "quantile")


@op
def nanpercentile(
    x: TensorLike,
    q: TensorLike,
    axis: Axis | None = None,
    method: QuantileMethod = "linear",
    keepdims: bool = False,
) -> Tensor:
    """`nanquantile` for `q` in percent."""
    part = current.engine.divide(tensor(q, "float32"), 100.0)
    return _quantile(x, part, axis, method, keepdims, "nanquantile")


@op
def median(x: TensorLike, axis: Axis | None = None, keepdims: bool = False) -> Tensor:
    """The middle entry along axes, or the mean of the middle two; NaN where one is."""
    return _quantile(x, 0.5, axis, "midpoint", keepdims, "quantile")


@op
def nanmedian(
    x: TensorLike, axis: Axis | None = None, keepdims: bool = False
) -> Tensor:
    """`median` of the entries that are not NaN; NaN where all are."""
    return _quantile(x, 0.5, axis, "midpoint", keepdims, "nanquantile")


def _quantile(
    x: Any, q: Any, axis: Any, method: str, keepdims: bool, what: str
) -> Native:
    if method not in _METHODS:
        raise unknown_name(f"method of keras.ops.{what}", method, _METHODS)
    if isinstance(q, int | float) and not 0 <= q <= 1:
        raise ValueError(f"keras.ops.{what}: got q={q}; expected 0 to 1.")
    engine = current.engine
    x, q = ruled(x, RULES[what]), tensor(q, "float32")
    axes = axis_tuple(axis, x.ndim, what)
    kept = [1 if i in axes else d for i, d in enumerate(x.shape)]
    rest = [d for i, d in enumerate(x.shape) if i not in axes]
    lines = engine.transpose(x, [*(i for i in range(x.ndim) if i not in axes), *axes])
    # (..., entries): the lines to find quantiles of.
    length = entries([x.shape[a] for a in axes])
    lines = engine.reshape(lines, (*rest, length))
    if not length:  # the quantiles of nothing are those of NaN
        lines = engine.full((*rest, 1), float("nan"), engine.dtype(x))
    bad = engine.isnan(lines)
    ordered = engine.sort(lines, len(rest))
    if what == "nanquantile":
        good = engine.cast(engine.logical_not(bad), "float32")
        count = engine.sum(good, (len(rest),), True)
    else:
        count = engine.full((*rest, 1), float(lines.shape[-1]), "float32")
    values = _between(ordered, count, ravel(q), method)  # (..., q)
    if what == "quantile":
        nan = engine.full((), float("nan"), engine.dtype(x))
        values = engine.where(engine.any(bad, (len(rest),), True), nan, values)
    values = moved(values, -1, 0, what)  # (q, ...)
    shape = kept if keepdims else rest
    return engine.reshape(values, (*q.shape, *shape))


def _between(ordered: Native, count: Native, q: Native, method: str) -> Native:
    """The quantiles `q` of ascending lines whose first `count` entries count."""
    engine = current.engine
    place = engine.multiply(engine.maximum(engine.subtract(count, 1.0), 0.0), q)
    last = len(ordered.shape) - 1

    def entry(index: Native) -> Native:
        return engine.take_along_axis(ordered, engine.cast(index, "int32"), last)

    if method == "nearest":
        return entry(engine.round(place))
    low, high = engine.floor(place), engine.ceil(place)
    if method in ("lower", "higher"):
        return entry(low if method == "lower" else high)
    dtype = engine.dtype(ordered)
    part = engine.subtract(place, low)
    if method == "midpoint":
        half = engine.full((), 0.5, "float32")
        part = engine.where(engine.greater(part, 0.0), half, part)
    part = engine.cast(part, dtype)
    below, above = entry(low), entry(high)
    # Equal ends give themselves, infinite ones too.
    mixed = engine.add(below, engine.multiply(engine.subtract(above, below), part))
    return engine.where(engine.equal(below, above), below, mixed)


@op(expects="weights of the shape of x, or of its length along axis")
def average(
    x: TensorLike, axis: Axis | None = None, weights: TensorLike | None = None
) -> Tensor:
    """The mean along axes, each entry counted by its weight.

    Args:
        x: tensor.
        axis: int or several; `None` means all.
        weights: of the shape of `x`, or of its dimension at `axis`.
    """
    engine = current.engine
    if weights is None:
        x = ruled(x, RULES["average"])
        return engine.mean(x, axis_tuple(axis, x.ndim, "average"), False)
    a, w = tensors((x, weights))
    a, w = ruled(a, RULES["average"]), ruled(w, RULES["average"])
    axes = axis_tuple(axis, a.ndim, "average")
    if w.ndim == 1 and a.ndim > 1 and len(axes) == 1:
        w = engine.reshape(w, [-1 if i in axes else 1 for i in range(a.ndim)])
    w = engine.broadcast_to(w, tuple(a.shape))
    total = engine.sum(engine.multiply(a, w), axes, False)
    return engine.divide(total, engine.sum(w, axes, False))


@op(expects="one or two dimensions in x")
def bincount(
    x: TensorLike,
    weights: TensorLike | None = None,
    minlength: int = 0,
    sparse: bool = False,
) -> Tensor:
    """How often each of the numbers 0, 1, ... stands in `x`.

    The length of the result depends on the data, so that there is no symbolic result.

    Args:
        x: integers, none below zero: one dimension, or two to count each row.
        weights: of the shape of `x`: what each entry counts, instead of 1.
        minlength: the result is at least so long.
        sparse: accepted for compatibility; the result is dense.
    """
    needs_values(x, "bincount")
    engine = current.engine
    x = tensor(x, "int32")
    largest = (
        int(engine.max(x, tuple(range(x.ndim)), False)) if entries(x.shape) else -1
    )
    length = max(largest + 1, int(minlength))
    counts = engine.full_like(x, 1, "int32") if weights is None else tensor(weights)
    return _counted(x, counts, length)


def _counted(x: Native, counts: Native, length: int) -> Native:
    """Sums of `counts` over equal entries of `x`, along the last axis."""
    engine = current.engine
    rows = entries(x.shape[:-1])
    offset = engine.multiply(engine.arange(0, rows, 1, "int32"), length)
    flat = engine.reshape(x, (rows, x.shape[-1]))
    flat = ravel(engine.add(flat, engine.expand_dims(offset, 1)))
    zeros = engine.full((rows * length,), 0, engine.dtype(counts))
    total = engine.scatter_update(
        zeros, engine.expand_dims(flat, 1), ravel(counts), "add"
    )
    return engine.reshape(total, (*x.shape[:-1], length))


@op
def histogram(
    x: TensorLike, bins: int = 10, range: tuple[float, float] | None = None
) -> tuple[Tensor, Tensor]:
    """How many entries lie in each of several equal intervals.

    Args:
        x: tensor; taken flat.
        bins: how many intervals.
        range: where they begin and end; default: the least and the largest entry.
            What lies outside is not counted.

    Returns:
        The counts `(bins,)`, floats too, and the limits `(bins + 1,)`.
    """
    if bins != int(bins) or bins < 1:
        raise ShapeError(
            f"keras.ops.histogram: got bins={bins!r}; expected a positive int."
        )
    if range is not None and not range[0] < range[1]:
        raise ShapeError(
            f"keras.ops.histogram: got range={range}; expected (low, high), low < high."
        )
    engine = current.engine
    x = ravel(ruled(x, RULES["divide"]))
    dtype = engine.dtype(x)
    if range is not None:
        low, high = (engine.full((), float(v), dtype) for v in range)
    elif x.shape[0]:
        low, high = engine.min(x, (0,), False), engine.max(x, (0,), False)
    else:
        low, high = engine.full((), 0.0, dtype), engine.full((), 1.0, dtype)
    flat = engine.equal(low, high)
    low = engine.where(flat, engine.subtract(low, 0.5), low)
    high = engine.where(flat, engine.add(high, 0.5), high)
    limits = _linspace(low, high, bins + 1)
    inside = engine.logical_and(
        engine.greater_equal(x, low), engine.less_equal(x, high)
    )
    place = engine.subtract(engine.searchsorted(limits, x, "right"), 1)
    place = engine.clip(place, 0, bins - 1)
    return _counted(place, engine.cast(inside, dtype), bins), limits


def _linspace(low: Native, high: Native, count: int) -> Native:
    engine = current.engine
    part = engine.convert(np.linspace(0, 1, count), engine.dtype(low))
    return engine.add(
        engine.multiply(low, engine.subtract(1.0, part)), engine.multiply(high, part)
    )


@op
def corrcoef(x: TensorLike) -> Tensor:
    """Pearson's correlation of each row of `x` with each other.

    Args:
        x: `(variables, observations)`, or one variable `(observations,)`.
    """
    engine = current.engine
    x = ruled(x, RULES["corrcoef"])
    last = x.ndim - 1
    centred = engine.subtract(x, engine.mean(x, (last,), True))
    if x.ndim == 1:
        variance = engine.sum(engine.square(centred), (0,), False)
        return engine.divide(variance, variance)
    norm = engine.sqrt(engine.sum(engine.square(centred), (last,), True))
    unit = engine.divide(centred, norm)
    result = engine.matmul(unit, engine.transpose(unit, (1, 0)))
    return engine.clip(result, -1.0, 1.0)


@op(expects="one dimension in each")
def correlate(
    x1: TensorLike,
    x2: TensorLike,
    mode: Literal["valid", "same", "full"] = "valid",
) -> Tensor:
    """The cross-correlation of two sequences: `sum_n x1[n + k] * conj(x2[n])`.

    Args:
        x1, x2: tensors of one dimension.
        mode: "valid" (where they overlap entirely), "same" (as long as the longer) or
            "full" (where they overlap at all).
    """
    if mode not in ("valid", "same", "full"):
        raise unknown_name(
            "mode of keras.ops.correlate", mode, ("valid", "same", "full")
        )
    engine = current.engine
    a, b = tensors((x1, x2))
    dtype = engine.dtype(a)
    if dtypes.is_complex(dtype):
        b = engine.conj(b)
    longer, shorter = max(a.shape[0], b.shape[0]), min(a.shape[0], b.shape[0])
    width = b.shape[0]
    padded = engine.pad(a, [(width - 1, width - 1)], "constant", 0)
    starts = np.arange(a.shape[0] + width - 1)[:, None] + np.arange(width)
    windows = engine.take(padded, engine.convert(starts, "int32"), 0)
    full = engine.sum(engine.multiply(windows, b), (1,), False)
    if mode == "full":
        return full
    if mode == "valid":
        return full[shorter - 1 : longer]
    begin = (shorter - 1) // 2 if a.shape[0] >= width else shorter // 2
    return full[begin : begin + longer]


@op
def diff(a: TensorLike, n: int = 1, axis: int = -1) -> Tensor:
    """The differences of neighbours along an axis, taken `n` times."""
    engine = current.engine
    x = tensor(a)
    axis = axis_index(axis, x.ndim, "diff")
    before = (np.s_[:],) * axis
    for _ in range(n):
        upper, lower = x[(*before, np.s_[1:])], x[(*before, np.s_[:-1])]
        different = engine.dtype(x) == "bool"
        x = (engine.not_equal if different else engine.subtract)(upper, lower)
    return x


@op(expects="x of the shape of y, or of its length along axis")
def trapezoid(
    y: TensorLike, x: TensorLike | None = None, dx: float = 1.0, axis: int = -1
) -> Tensor:
    """The integral along an axis by the trapezoidal rule.

    Args:
        y: values.
        x: where they stand; default: at equal distances.
        dx: that distance.
        axis: along which axis.
    """
    engine = current.engine
    y = ruled(y, RULES["trapezoid"])
    axis = axis_index(axis, y.ndim, "trapezoid")
    before = (np.s_[:],) * axis
    pairs = engine.add(y[(*before, np.s_[1:])], y[(*before, np.s_[:-1])])
    if x is None:
        return engine.multiply(engine.sum(pairs, (axis,), False), dx / 2)
    places = tensor(x, engine.dtype(y))
    if places.ndim == 1:
        width = engine.reshape(
            diff(places), [-1 if i == axis else 1 for i in range(y.ndim)]
        )
    else:
        width = diff(places, axis=axis)
    area = engine.multiply(engine.multiply(pairs, width), 0.5)
    return engine.sum(area, (axis,), False)


@op(expects="square matrices in the last two dimensions")
def slogdet(x: TensorLike) -> tuple[Tensor, Tensor]:
    """The sign of the determinant of matrices, and the log of its distance to 0."""
    return current.engine.slogdet(ruled(x, RULES["divide"]))
