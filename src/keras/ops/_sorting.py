"""Order: sort, search, count, pick out what is unique."""

from typing import Any, Literal

from keras.backend import current
from keras.errors import ShapeError
from keras.ops._indexing import abstract_evaluation, needs_values
from keras.ops._op import axis_index, op, tensor, tensors
from keras.ops._shapes import entries, flat, moved
from keras.typing import Native, Tensor, TensorLike


@op
def sort(x: TensorLike, axis: int | None = -1) -> Tensor:
    """`x` in ascending order along an axis; NaN comes last.

    Args:
        x: tensor.
        axis: `None` means along the flat tensor.
    """
    x, axis = _line(x, axis, "sort")
    return current.engine.sort(x, axis)


@op
def argsort(x: TensorLike, axis: int | None = -1) -> Tensor:
    """The indices, as int32, that sort `x` along an axis; equals keep their order.

    Args:
        x: tensor.
        axis: `None` means along the flat tensor.
    """
    x, axis = _line(x, axis, "argsort")
    return current.engine.argsort(x, axis)


def _line(x: Any, axis: int | None, what: str) -> tuple[Tensor, int]:
    x = tensor(x)
    if axis is None or x.ndim == 0:
        return flat(x) if axis is None else x, 0
    return x, axis_index(axis, x.ndim, what)


@op
def argpartition(x: TensorLike, kth: int, axis: int | None = -1) -> Tensor:
    """Indices, as int32, that put the `kth` smallest entry of each line in its place.

    What is smaller stands before it, what is larger behind it; here all is sorted.
    """
    x, axis = _line(x, axis, "argpartition")
    axis_index(kth, x.shape[axis], "argpartition")
    return current.engine.argsort(x, axis)


@op(expects='one dimension in sorted_sequence, and side "left" or "right"')
def searchsorted(
    sorted_sequence: TensorLike,
    values: TensorLike,
    side: Literal["left", "right"] = "left",
) -> Tensor:
    """Where `values` belong in an ascending sequence, as int32.

    Args:
        sorted_sequence: tensor of one dimension.
        values: tensor of any shape.
        side: "left": before equal entries; "right": behind them.
    """
    line, wanted = tensors((sorted_sequence, values))
    return _searched(line, wanted, side, "searchsorted")


def _searched(line: Native, values: Native, side: str, what: str) -> Native:
    if line.ndim != 1 or side not in ("left", "right"):
        raise ShapeError(
            f"keras.ops.{what}: got a sequence of shape {tuple(line.shape)} and "
            f'side={side!r}; expected one dimension, and "left" or "right".'
        )
    engine = current.engine
    if engine.dtype(line) == "bool":
        line, values = engine.cast(line, "int32"), engine.cast(values, "int32")
    return engine.searchsorted(line, values, side)


@op(expects="one dimension in bins")
def digitize(x: TensorLike, bins: TensorLike) -> Tensor:
    """In which bin each entry lies, as int32: `bins[i - 1] <= x < bins[i]`.

    Args:
        x: tensor.
        bins: ascending limits, in one dimension.
    """
    line, values = tensors((bins, x))
    return _searched(line, values, "right", "digitize")


@op
def isin(
    x1: TensorLike, x2: TensorLike, assume_unique: bool = False, invert: bool = False
) -> Tensor:
    """Whether entries of `x1` are among those of `x2`.

    Args:
        x1, x2: tensors of any shapes.
        assume_unique: accepted for compatibility.
        invert: whether they are not.
    """
    engine = current.engine
    a, b = tensors((x1, x2))
    line = engine.sort(flat(b), 0)
    if line.shape[0] == 0:
        return engine.full_like(a, invert, "bool")
    place = _searched(line, flat(a), "left", "isin")
    place = engine.minimum(place, line.shape[0] - 1)
    found = engine.equal(engine.take(line, place, 0), flat(a))
    found = engine.reshape(found, tuple(a.shape))
    return engine.logical_not(found) if invert else found


@op
def unique(
    x: TensorLike,
    sorted: bool = True,
    return_index: bool = False,
    return_inverse: bool = False,
    return_counts: bool = False,
    axis: int | None = None,
    size: int | None = None,
    fill_value: TensorLike | None = None,
) -> Tensor | tuple[Tensor, ...]:
    """The different entries of `x` in ascending order.

    Their number depends on the data: without `size` there is no symbolic result.

    Args:
        x: tensor.
        sorted: accepted for compatibility; the result is sorted.
        return_index: also return where each value stands first.
        return_inverse: also return where each entry of `x` stands in the result.
        return_counts: also return how often each value stands in `x`.
        axis: compare whole slices along this axis; `None` compares entries.
        size: cut or fill the result to so many values.
        fill_value: what to fill with; default: the first value.
    """
    if size is None:
        needs_values(x, "unique without size")
    engine = current.engine
    x = tensor(x)
    slices = flat(x) if axis is None else moved(x, axis, 0, "unique")
    inverse, counts = _ranks(slices)
    # The stable order groups equals; each group begins where those before it end.
    order = engine.cast(engine.argsort(inverse, 0), "int64")
    starts = engine.subtract(engine.cumsum(counts, 0), counts)
    first = engine.take(order, starts, 0)
    values = engine.take(slices, first, 0)
    if size is not None:
        first, counts = _resized(first, size, None), _resized(counts, size, 0)
        values = _resized(values, size, fill_value)
    values = values if axis is None else moved(values, 0, axis, "unique")
    shape = tuple(x.shape) if axis is None else (slices.shape[0],)
    extras = [
        (return_index, first),
        (return_inverse, engine.reshape(inverse, shape)),
        (return_counts, counts),
    ]
    results = (values, *(extra for wanted, extra in extras if wanted))
    return results if len(results) > 1 else values


def _ranks(slices: Native) -> tuple[Native, Native]:
    """Of each slice the rank among the different ones, and how often each occurs."""
    engine = current.engine
    if abstract_evaluation():  # as if none occurred twice
        inverse = counts = engine.full((slices.shape[0],), 0, "int64")
    elif slices.ndim == 1:
        _, inverse, counts = engine.unique(slices)
    else:
        columns = engine.reshape(slices, (slices.shape[0], entries(slices.shape[1:])))
        inverse = engine.full((slices.shape[0],), 0, "int64")
        counts = engine.full((1,), slices.shape[0], "int64")
        for i in range(columns.shape[1]):
            _, rank, kinds = engine.unique(columns[:, i])
            joined = engine.multiply(inverse, kinds.shape[0])
            joined = engine.add(joined, engine.cast(rank, "int64"))
            _, inverse, counts = engine.unique(joined)
            inverse = engine.cast(inverse, "int64")
    return engine.cast(inverse, "int64"), engine.cast(counts, "int64")


def _resized(x: Native, size: int, fill: Any) -> Native:
    """The first `size` slices, filled up with `fill` or the first slice."""
    engine = current.engine
    missing = size - x.shape[0]
    if missing <= 0:
        return x[:size]
    row = x[:1] if fill is None else tensor(fill, engine.dtype(x))
    rest = engine.broadcast_to(row, (missing, *x.shape[1:]))
    return engine.concatenate([x, rest], 0)
