"""Indexing: read and write parts of tensors."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from keras.backend import current
from keras.backend.blocks import block
from keras.core import dtypes, scopes
from keras.core.dtypes import RULES
from keras.core.variable import Variable
from keras.errors import ShapeError, unknown_name
from keras.ops._op import (
    axis_index,
    both,
    kind_or_dtype,
    op,
    ruled,
    tensor,
    tensors,
)
from keras.ops._shapes import entries, flat
from keras.typing import Native, Tensor, TensorLike

_slice = slice  # the op of that name hides it


@op
def get_item(x: TensorLike, key: Any) -> Tensor:
    """`x[key]`, with the keys of NumPy: ints, slices, `None`, `...`, tensors.

    Raises:
        IndexError: if an int of the key is out of range, or there are too many.
    """
    x = tensor(x)
    keys = key if isinstance(key, tuple) else (key,)
    if _is_plain(keys, x.shape):
        return x[keys]
    return current.engine.getitem(x, _native_key(keys, x))


def _is_plain(keys: tuple[Any, ...], shape: tuple[int, ...]) -> bool:
    """Whether a key is of ints within range and slices without a step, as most are: all
    engines know these, and alike."""
    if len(keys) > len(shape):
        return False
    for i, k in enumerate(keys):
        kind = type(k)
        if kind is int:
            if not -shape[i] <= k < shape[i]:
                return False
        elif (
            kind is not _slice
            or k.step is not None
            or type(k.start) not in _BOUNDS
            or type(k.stop) not in _BOUNDS
        ):
            return False
    return True


_BOUNDS = frozenset({int, type(None)})


def _native_key(keys: tuple[Any, ...], x: Native) -> tuple[Any, ...]:
    result = tuple(_native(k) for k in keys)
    used = sum(_consumed(k) for k in result)
    if used > x.ndim:
        raise IndexError(
            f"keras.ops.get_item: got {used} indices for a tensor of {x.ndim} "
            f"dimensions (shape {tuple(x.shape)})."
        )
    axis = 0
    for position, k in enumerate(result):
        if k is Ellipsis:
            axis = x.ndim - sum(_consumed(rest) for rest in result[position + 1 :])
        elif type(k) is int and not -x.shape[axis] <= k < x.shape[axis]:
            raise IndexError(
                f"keras.ops.get_item: got index {k} for dimension {axis} of length "
                f"{x.shape[axis]} (shape {tuple(x.shape)})."
            )
        axis += 0 if k is Ellipsis else _consumed(k)
    return result


def _consumed(key: Any) -> int:
    """How many dimensions of the tensor a key stands for."""
    if key is None or key is Ellipsis or isinstance(key, bool):
        return 0
    engine = current.engine
    if engine.is_tensor(key) and engine.dtype(key) == "bool":
        return int(key.ndim)
    return 1


def _native(key: Any) -> Any:
    if isinstance(key, _slice):
        return _slice(*(_index(k) for k in (key.start, key.stop, key.step)))
    if isinstance(key, np.integer):
        return int(key)
    if isinstance(key, list | np.ndarray | Variable):
        return tensor(key)
    return key


def _index(value: Any) -> Any:
    return value if value is None or isinstance(value, int) else int(value)


_INDEX = RULES["take"]


@op(expects="integer indices within the length of axis")
def take(x: TensorLike, indices: TensorLike, axis: int | None = None) -> Tensor:
    """Slices of `x` at `indices` along an axis.

    Args:
        x: tensor.
        indices: integers of any shape; negative ones count from the end.
        axis: `None` means indices into the flat tensor.

    Returns:
        The shape of `x` with that of `indices` in the place of `axis`.
    """
    x = tensor(x)
    if axis is None:
        x, axis = flat(x), 0
    elif axis:
        axis = axis_index(axis, x.ndim, "take")
    return current.engine.take(x, ruled(indices, _INDEX), axis)


def integers(indices: Any) -> Native:
    """Indices in a dtype that holds negative ones too."""
    return ruled(indices, _INDEX)


def positive(indices: Any, length: int) -> Native:
    """Integer indices, those from the end counted from the start."""
    engine = current.engine
    indices = integers(indices)
    negative = engine.less(indices, 0)
    return engine.where(negative, engine.add(indices, int(length)), indices)


@op(expects="integer indices of as many dimensions as x, equal to x but at axis")
def take_along_axis(
    x: TensorLike, indices: TensorLike, axis: int | None = None
) -> Tensor:
    """Entries of `x` at other indices for each line along an axis.

    Args:
        x: tensor.
        indices: integers; their shape is that of `x`, or broadcasts with it, but at
            `axis`.
        axis: `None` means indices into the flat tensor.
    """
    if axis is None:
        x, indices, axis = flat(tensor(x)), flat(tensor(indices)), 0
    x = tensor(x)
    axis = axis_index(axis, x.ndim, "take_along_axis")
    return current.engine.take_along_axis(x, integers(indices), axis)


@op(expects="shapes that broadcast: from the right, equal or 1")
def where(
    condition: TensorLike, x1: TensorLike | None = None, x2: TensorLike | None = None
) -> Tensor:
    """`x1` where `condition` holds, else `x2`.

    Args:
        condition: bool tensor.
        x1, x2: scalars or tensors; all three shapes broadcast. Without them the result
            is `nonzero(condition)` in int64.
    """
    if x1 is None and x2 is None:
        return current.engine.cast(nonzero(condition), "int64")
    if x1 is None or x2 is None:
        raise ShapeError(
            "keras.ops.where: got one of x1 and x2; expected both or none of them."
        )
    a, b = both(x1, x2)
    return current.engine.where(tensor(condition, "bool"), a, b)


@op
def nonzero(x: TensorLike) -> Tensor:
    """The indices of the entries that are not zero, as int32, a row for each axis.

    Their number depends on the data, so that there is no symbolic result.
    """
    needs_values(x, "nonzero")
    return current.engine.nonzero(tensor(x))


def needs_values(x: Any, what: str) -> None:
    """Refuse to infer a shape that depends on data.

    Raises:
        NotImplementedError: where shapes are inferred.
    """
    if abstract_evaluation():
        raise NotImplementedError(
            f"keras.ops.{what}: got a symbolic tensor; the result's shape depends on "
            "the data. Call it on real tensors, or in a Layer (compute_output_shape)."
        )


def abstract_evaluation() -> bool:
    """Whether only shapes are computed now."""
    return isinstance(scopes.current_stateless(), scopes.AbstractScope)


@op(expects="indices (..., depth), updates that fit the slices they point at")
def scatter(indices: TensorLike, values: TensorLike, shape: Sequence[int]) -> Tensor:
    """Zeros of `shape` with `values` added at `indices`.

    Args:
        indices: integers `(..., depth)`, each an index into the first `depth` axes.
        values: `(...)` followed by the shape of what stands at an index.
        shape: of the result.
    """
    values = tensor(values)
    engine = current.engine
    dims = tuple(int(d) for d in shape)
    zeros = engine.full(dims, 0, engine.dtype(values))
    return engine.scatter_update(zeros, _depth(indices, dims), values, "add")


def _depth(indices: Any, shape: Sequence[int]) -> Native:
    """Indices into several axes, none of them negative."""
    engine = current.engine
    indices = tensor(indices)
    if not dtypes.is_int(engine.dtype(indices)):
        indices = engine.cast(indices, "int32")
    sizes = engine.convert(
        np.asarray([int(d) for d in shape[: indices.shape[-1]]]), engine.dtype(indices)
    )
    return engine.where(engine.less(indices, 0), engine.add(indices, sizes), indices)


_REDUCTIONS = {None: "set", "add": "add", "max": "max", "min": "min", "mul": "multiply"}


@op(expects="indices (..., depth), updates that fit the slices they point at")
def scatter_update(
    inputs: TensorLike,
    indices: TensorLike,
    updates: TensorLike,
    reduction: str | None = None,
) -> Tensor:
    """A copy of `inputs` with `updates` at `indices`.

    Args:
        inputs: tensor.
        indices: integers `(..., depth)`, each an index into the first `depth` axes.
        updates: `(...)` followed by the shape of what stands at an index.
        reduction: how an update joins what is there: `None` (takes its place), "add",
            "max", "min" or "mul".
    """
    if reduction not in _REDUCTIONS:
        known = [r for r in _REDUCTIONS if r]
        raise unknown_name("reduction of keras.ops.scatter_update", reduction, known)
    x = tensor(inputs)
    engine = current.engine
    updates = tensor(updates, engine.dtype(x))
    places = _depth(indices, x.shape)
    return engine.scatter_update(x, places, updates, _REDUCTIONS[reduction])


@op(expects="a start and a length for each dimension, and no more than is there")
def slice(
    inputs: TensorLike, start_indices: Sequence[int] | TensorLike, shape: Sequence[int]
) -> Tensor:
    """The block of `shape` that begins at `start_indices`.

    Args:
        inputs: tensor.
        start_indices: one for each dimension; a block that would end outside is moved
            inside.
        shape: lengths; -1 reaches to the end, where the start is known.
    """
    x = tensor(inputs)
    try:
        key = block(start_indices, shape, x.shape)  # type: ignore[arg-type]
    except TypeError:  # no tuples, or of tensors
        shape, starts = tuple(shape), _starts(start_indices)
        if type(starts) is not tuple:
            shape = _to_the_end(shape, start_indices, x.shape)
            return current.engine.slice(x, starts, shape)
        key = block(starts, shape, x.shape)
    return x[key]  # forward slices: all engines have them


def _to_the_end(
    lengths: Sequence[int], starts: Any, shape: Sequence[int]
) -> tuple[int, ...]:
    """`lengths` without -1, which needs the value of a start."""
    if any(
        n == -1 and not isinstance(start, int | np.integer)
        for n, start in zip(lengths, starts, strict=True)
    ):
        needs_values(starts, "slice to the end, from a start that is a tensor")
    sizes = zip(lengths, starts, shape, strict=True)
    return tuple(size - int(start) if n == -1 else n for n, start, size in sizes)


def _starts(start_indices: Any) -> Native:
    """A tuple where all are known, else a tensor."""
    if type(start_indices) is tuple and _INTEGERS.issuperset(map(type, start_indices)):
        return start_indices
    if isinstance(start_indices, np.ndarray):
        start_indices = start_indices.tolist()
    if not isinstance(start_indices, list | tuple):
        return tensor(start_indices, "int32")
    if _INTEGERS.issuperset(map(type, start_indices)):
        return tuple(start_indices)
    parts = [tensor(i, "int32") for i in start_indices]
    return current.engine.stack(parts, 0)


_INTEGERS = {int, np.int32, np.int64}


@op(expects="a start for each dimension, and updates no larger than inputs")
def slice_update(
    inputs: TensorLike,
    start_indices: Sequence[int] | TensorLike,
    updates: TensorLike,
) -> Tensor:
    """A copy of `inputs` with `updates` as the block that begins at `start_indices`."""
    x = tensor(inputs)
    engine = current.engine
    updates = tensor(updates, engine.dtype(x))
    return engine.slice_update(x, _starts(start_indices), updates)


@op
def tril(x: TensorLike, k: int = 0) -> Tensor:
    """`x` with zeros above the k-th diagonal of its last two axes."""
    return current.engine.tril(_matrix(x, "tril"), int(k))


@op
def triu(x: TensorLike, k: int = 0) -> Tensor:
    """`x` with zeros below the k-th diagonal of its last two axes."""
    return current.engine.triu(_matrix(x, "triu"), int(k))


def _matrix(x: Any, what: str) -> Native:
    x = tensor(x)
    if x.ndim < 2:
        raise ShapeError(
            f"keras.ops.{what}: got a tensor of shape {tuple(x.shape)}; expected at "
            "least two dimensions."
        )
    return x


@op
def diagonal(x: TensorLike, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Tensor:
    """The diagonal of two axes, as a new last axis.

    Args:
        x: tensor of at least two dimensions.
        offset: which diagonal; above the main one where positive.
        axis1, axis2: the two axes.
    """
    x = tensor(x)
    rank = x.ndim
    a, b = axis_index(axis1, rank, "diagonal"), axis_index(axis2, rank, "diagonal")
    return current.engine.diagonal(x, int(offset), a, b)


@op
def diag(x: TensorLike, k: int = 0) -> Tensor:
    """The k-th diagonal of a matrix, or a matrix with the flat `x` as its diagonal."""
    x = tensor(x)
    if x.ndim == 1:
        return current.engine.diag(x, int(k))
    if x.ndim != 2:
        raise ShapeError(
            f"keras.ops.diag: got a tensor of shape {tuple(x.shape)}; expected one or "
            "two dimensions. Use keras.ops.diagonal for more."
        )
    return current.engine.diagonal(x, int(k), 0, 1)


@op
def diagflat(x: TensorLike, k: int = 0) -> Tensor:
    """A matrix with the entries of `x` on its k-th diagonal."""
    return current.engine.diag(flat(tensor(x)), int(k))


@op
def unravel_index(indices: TensorLike, shape: Sequence[int]) -> tuple[Tensor, ...]:
    """Indices into a flat tensor as indices into `shape`, one tensor for each axis."""
    engine = current.engine
    dims = [int(d) for d in shape]
    rest = positive(indices, entries(dims))
    result = []
    for d in reversed(dims):
        result.append(engine.mod(rest, d))
        rest = engine.floor_divide(rest, d)
    return tuple(reversed(result))


@op(expects="shapes that broadcast: from the right, equal or 1")
def select(
    condlist: Sequence[TensorLike],
    choicelist: Sequence[TensorLike],
    default: TensorLike = 0,
) -> Tensor:
    """For each entry the first of several choices whose condition holds.

    Args:
        condlist: bool tensors.
        choicelist: as many tensors to choose from.
        default: where no condition holds.
    """
    if len(condlist) != len(choicelist) or not condlist:
        raise ShapeError(
            f"keras.ops.select: got {len(condlist)} conditions and {len(choicelist)} "
            "choices; expected as many of one as of the other, at least one."
        )
    engine = current.engine
    dtype = dtypes.promote([kind_or_dtype(v) for v in (*choicelist, default)])
    *choices, result = tensors((*choicelist, default), dtype=dtype)
    for condition, choice in zip(reversed(condlist), reversed(choices), strict=True):
        result = engine.where(tensor(condition, "bool"), choice, result)
    return result
