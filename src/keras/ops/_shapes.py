"""Shapes: reorder, join, cut and repeat what a tensor holds."""

from collections.abc import Sequence
from operator import index
from typing import Any

import numpy as np

from keras.backend import current
from keras.backend.planning import planned
from keras.core import dtypes
from keras.core.variable import Variable
from keras.errors import ShapeError
from keras.ops._op import (
    axis_index,
    axis_tuple,
    kind_or_dtype,
    op,
    tensor,
    tensors,
)
from keras.typing import Axis, Native, Tensor, TensorLike


def entries(shape: Sequence[int]) -> int:
    """How many entries a tensor of this shape has."""
    result = 1
    for d in shape:
        result *= int(d)
    return result


@op(expects="a new shape with as many entries as x")
def reshape(x: TensorLike, newshape: int | Sequence[int | None]) -> Tensor:
    """The entries of `x` in another shape.

    Args:
        x: tensor.
        newshape: ints; one of them may be -1, which is then computed. `None` stands for
            -1, or, where there are several, for the dimension of `x` at its place.
    """
    x = tensor(x)
    if not isinstance(newshape, list | tuple):
        newshape = [int(d) for d in np.ravel(np.asarray(newshape))]
    dims: Any = tuple(newshape)
    if None in dims:
        dims = _without_none(dims, x)
    if -1 in dims and 0 in dims:
        raise ShapeError(
            f"keras.ops.reshape: got newshape={dims} for a tensor of shape "
            f"{tuple(x.shape)}; beside a 0 the dimension -1 could be any. Give it."
        )
    return current.engine.reshape(x, dims)


def _without_none(dims: Sequence[int | None], x: Native) -> tuple[int, ...]:
    several = sum(d in (None, -1) for d in dims) > 1
    return tuple(
        d if d is not None else int(x.shape[i]) if several and i < x.ndim else -1
        for i, d in enumerate(dims)
    )


@op
def ravel(x: TensorLike) -> Tensor:
    """The entries of `x` in one dimension."""
    return flat(tensor(x))


def flat(x: Native) -> Native:
    """`ravel` of a tensor."""
    return x if x.ndim == 1 else current.engine.reshape(x, (-1,))


@op(expects="axes that are a permutation of those of x")
def transpose(x: TensorLike, axes: Sequence[int] | None = None) -> Tensor:
    """The axes of `x` in another order; reversed by default."""
    x = tensor(x)
    order = axis_tuple(axes, x.ndim, "transpose")
    return current.engine.transpose(x, order if axes is not None else order[::-1])


@op
def swapaxes(x: TensorLike, axis1: int, axis2: int) -> Tensor:
    """`x` with two axes exchanged."""
    x = tensor(x)
    return current.engine.transpose(x, _swapped(axis1, axis2, x.ndim, "swapaxes"))


@planned
def _swapped(axis1: int, axis2: int, rank: int, what: str) -> tuple[int, ...]:
    a, b = axis_index(axis1, rank, what), axis_index(axis2, rank, what)
    order = list(range(rank))
    order[a], order[b] = b, a
    return tuple(order)


@op
def moveaxis(x: TensorLike, source: Axis, destination: Axis) -> Tensor:
    """`x` with axes moved to other places, the rest in the same order."""
    x = tensor(x)
    return moved(x, source, destination, "moveaxis")


def moved(x: Native, source: Any, destination: Any, what: str) -> Native:
    """`moveaxis` of a tensor."""
    old = axis_tuple(source, x.ndim, what)
    new = axis_tuple(destination, x.ndim, what)
    if len(old) != len(new):
        raise ShapeError(
            f"keras.ops.{what}: got source={source} and destination={destination}; "
            "expected as many of one as of the other."
        )
    if old == new:
        return x
    return current.engine.transpose(x, _moved_order(old, new, x.ndim))


@planned
def _moved_order(
    old: tuple[int, ...], new: tuple[int, ...], rank: int
) -> tuple[int, ...]:
    order = [a for a in range(rank) if a not in old]
    for place, a in sorted(zip(new, old, strict=True)):
        order.insert(place, a)
    return tuple(order)


@op(masked=True)
def expand_dims(x: TensorLike, axis: Axis) -> Tensor:
    """`x` with new dimensions of length 1 where the result has `axis`."""
    result = tensor(x)
    if type(axis) is int:
        axis = axis_index(axis, result.ndim + 1, "expand_dims")
        return current.engine.expand_dims(result, axis)
    rank = result.ndim + (1 if isinstance(axis, int | np.integer) else len(axis))
    for a in sorted(axis_tuple(axis, rank, "expand_dims")):
        result = current.engine.expand_dims(result, a)
    return result


@op(masked=True)
def squeeze(x: TensorLike, axis: Axis | None = None) -> Tensor:
    """`x` without dimensions of length 1: all of them, or those at `axis`."""
    x = tensor(x)
    shape = x.shape
    if axis is None:
        axes = tuple(i for i, d in enumerate(shape) if d == 1)
    else:
        axes = axis_tuple(axis, len(shape), "squeeze")
        for a in axes:
            if shape[a] != 1:
                raise ShapeError(
                    f"keras.ops.squeeze: got axis={axis} for a tensor of shape "
                    f"{tuple(shape)}; expected dimensions of length 1."
                )
    return current.engine.squeeze(x, axes)


@op(expects="a shape to which that of x broadcasts")
def broadcast_to(x: TensorLike, shape: Sequence[int | None]) -> Tensor:
    """`x` repeated to `shape`."""
    x = tensor(x)
    dims: Any = shape
    if type(shape) is not tuple or None in shape or -1 in shape:
        offset = len(shape) - x.ndim
        dims = [
            x.shape[i - offset] if d is None or d == -1 else int(d)
            for i, d in enumerate(shape)
        ]
    return current.engine.broadcast_to(x, dims)


@op(expects="shapes that are equal but for the dimension at axis")
def concatenate(xs: Sequence[TensorLike], axis: int | None = 0) -> Tensor:
    """Tensors joined along an axis.

    Args:
        xs: tensors, of equal shapes but for `axis`.
        axis: `None` flattens them first.
    """
    parts = tensors(xs)
    if axis is None:
        return current.engine.concatenate([flat(p) for p in parts], 0)
    return current.engine.concatenate(
        parts, axis_index(axis, parts[0].ndim, "concatenate")
    )


@op(expects="tensors of equal shapes")
def stack(x: Sequence[TensorLike], axis: int = 0) -> Tensor:
    """Tensors of one shape laid side by side along a new axis."""
    parts = tensors(x)
    if axis:
        axis = axis_index(axis, parts[0].ndim + 1, "stack")
    return current.engine.stack(parts, axis)


@op(expects="shapes that are equal but for the dimension at axis")
def append(x1: TensorLike, x2: TensorLike, axis: int | None = None) -> Tensor:
    """`x2` behind `x1` along an axis; both flat where it is `None`."""
    dtype = dtypes.RULES["append"](*(kind_or_dtype(x) for x in (x1, x2)))
    return concatenate([tensor(x1, dtype), tensor(x2, dtype)], axis)


def _at_least(x: Any, rank: int) -> Native:
    x = tensor(x)
    if rank == 3:
        shape = {0: (1, 1, 1), 1: (1, *x.shape, 1), 2: (*x.shape, 1)}.get(x.ndim)
    else:
        shape = (1,) * (rank - x.ndim) + tuple(x.shape) if x.ndim < rank else None
    return x if shape is None else current.engine.reshape(x, shape)


@op(expects="shapes that are equal but for the first dimension")
def vstack(xs: Sequence[TensorLike]) -> Tensor:
    """Tensors one below the other: joined along the first axis; flat ones are rows."""
    return concatenate([_at_least(x, 2) for x in xs], 0)


@op(expects="shapes that are equal but for the second dimension")
def hstack(xs: Sequence[TensorLike]) -> Tensor:
    """Tensors side by side: joined along the second axis, flat ones along the first."""
    parts = [_at_least(x, 1) for x in xs]
    return concatenate(parts, 0 if parts[0].ndim == 1 else 1)


@op(expects="shapes that are equal but for the third dimension")
def dstack(xs: Sequence[TensorLike]) -> Tensor:
    """Tensors one behind the other: joined along the third axis."""
    return concatenate([_at_least(x, 3) for x in xs], 2)


@op
def split(
    x: TensorLike, indices_or_sections: int | Sequence[int], axis: int = 0
) -> list[Tensor]:
    """`x` cut along an axis.

    Args:
        x: tensor.
        indices_or_sections: into how many equal parts, or before which indices to cut.
        axis: along which axis.

    Raises:
        ValueError: if the parts cannot be equal.
    """
    return _split(tensor(x), indices_or_sections, axis, True, "split")


@op
def array_split(
    x: TensorLike, indices_or_sections: int | Sequence[int], axis: int = 0
) -> list[Tensor]:
    """`x` cut along an axis, into parts that differ by at most one in length.

    Args:
        x: tensor.
        indices_or_sections: into how many parts, or before which indices to cut.
        axis: along which axis.
    """
    return _split(tensor(x), indices_or_sections, axis, False, "array_split")


def _split(x: Native, cuts: Any, axis: int, equal: bool, what: str) -> list[Any]:
    axis = axis_index(axis, x.ndim, what)
    engine = current.engine
    if type(cuts) is int or isinstance(cuts, np.integer):
        places = _cuts(x.shape[axis], int(cuts), equal, axis, what)
    else:
        given = engine.to_numpy(cuts) if engine.is_tensor(cuts) else np.asarray(cuts)
        # As a slice ends there: negative ones from the end, late ones at it.
        ends = (slice(int(i)) for i in given.reshape(-1))
        places = tuple(end.indices(x.shape[axis])[1] for end in ends)
    return list(engine.split(x, places, axis))


@planned
def _cuts(
    length: int, parts: int, equal: bool, axis: int, what: str
) -> tuple[int, ...]:
    """Before which indices to cut a dimension into so many parts."""
    if parts < 1 or (equal and length % parts):
        raise ShapeError(
            f"keras.ops.{what}: got {parts} sections of a dimension of length "
            f"{length} (axis={axis}); expected a divisor of it. Use "
            "keras.ops.array_split for parts of unequal lengths."
        )
    small, extra = divmod(length, parts)
    return tuple(small * i + min(i, extra) for i in range(1, parts))


@op
def vsplit(x: TensorLike, indices_or_sections: int | Sequence[int]) -> list[Tensor]:
    """`x` cut along the first axis."""
    return _split(tensor(x), indices_or_sections, 0, True, "vsplit")


@op
def hsplit(x: TensorLike, indices_or_sections: int | Sequence[int]) -> list[Tensor]:
    """`x` cut along the second axis, a flat one along its only axis."""
    x = tensor(x)
    return _split(x, indices_or_sections, 0 if x.ndim == 1 else 1, True, "hsplit")


@op
def dsplit(x: TensorLike, indices_or_sections: int | Sequence[int]) -> list[Tensor]:
    """`x` cut along the third axis."""
    return _split(tensor(x), indices_or_sections, 2, True, "dsplit")


@op
def unstack(x: TensorLike, num: int | None = None, axis: int = 0) -> list[Tensor]:
    """The slices of `x` along an axis, without that axis.

    Args:
        x: tensor.
        num: the length of the axis; default: found out.
        axis: along which axis.
    """
    x = tensor(x)
    axis = axis_index(axis, x.ndim, "unstack")
    length = int(x.shape[axis])
    if num is not None and num != length:
        raise ShapeError(
            f"keras.ops.unstack: got num={num} for a dimension of length {length} "
            f"(axis={axis}); expected that length. Leave num out."
        )
    return list(current.engine.unstack(x, axis))


@op
def tile(x: TensorLike, repeats: int | Sequence[int]) -> Tensor:
    """`x` repeated as a whole, so many times along each axis."""
    x = tensor(x)
    engine = current.engine
    if type(repeats) is not tuple:
        given = engine.to_numpy(repeats) if engine.is_tensor(repeats) else repeats
        repeats = tuple(np.ravel(given).tolist())
    return engine.tile(x, repeats)


@op(expects="one count, or one for each entry along axis")
def repeat(
    x: TensorLike, repeats: int | Sequence[int] | TensorLike, axis: int | None = None
) -> Tensor:
    """Each entry of `x` several times in a row.

    Args:
        x: tensor.
        repeats: how often: an int, or one for each entry along `axis`.
        axis: `None` means along the flat tensor.
    """
    rows = tensor(x)
    rows = flat(rows) if axis is None else rows
    axis = axis_index(axis or 0, rows.ndim, "repeat")
    if isinstance(repeats, int | np.integer):
        return current.engine.repeat(rows, int(repeats), axis)
    if isinstance(repeats, list | tuple | np.ndarray):
        # As a gather, whose shape is known in a compiled program too.
        places = np.repeat(np.arange(rows.shape[axis]), repeats)
        return current.engine.take(rows, tensor(places, "int32"), axis)
    counts = tensor(repeats, "int32")
    if entries(counts.shape) == 1:
        counts = current.engine.broadcast_to(counts, (rows.shape[axis],))
    return current.engine.repeat(rows, counts, axis)


@op
def flip(x: TensorLike, axis: Axis | None = None) -> Tensor:
    """`x` in reverse order along axes; along all by default."""
    x = tensor(x)
    return current.engine.flip(x, axis_tuple(axis, x.ndim, "flip"))


@op
def flipud(x: TensorLike) -> Tensor:
    """`x` in reverse order along the first axis."""
    x = tensor(x)
    return current.engine.flip(x, (axis_index(0, x.ndim, "flipud"),))


@op
def fliplr(x: TensorLike) -> Tensor:
    """`x` in reverse order along the second axis."""
    x = tensor(x)
    return current.engine.flip(x, (axis_index(1, x.ndim, "fliplr"),))


@op
def roll(x: TensorLike, shift: int | Sequence[int], axis: Axis | None = None) -> Tensor:
    """`x` moved along axes; what leaves at one end comes in at the other.

    Args:
        x: tensor.
        shift: by how many places, for all axes or one number for each.
        axis: `None` means along the flat tensor.
    """
    x = tensor(x)
    engine = current.engine
    axes = axis_tuple(axis, x.ndim, "roll")
    if type(shift) is int and axis is not None:
        return engine.roll(x, (shift,) * len(axes), axes)
    shifts = _shifts(shift)
    if axis is None:
        rolled = _rolled(flat(x), (sum(shifts),), (0,))
        return engine.reshape(rolled, tuple(x.shape))
    return _rolled(x, shifts * len(axes) if len(shifts) == 1 else shifts, axes)


def _shifts(shift: Any) -> tuple[Any, ...]:
    """A Python number for each axis, or a tensor, whose value is not looked at."""
    is_tensor = current.engine.is_tensor
    if isinstance(shift, np.ndarray):
        shift = shift.tolist()
    if is_tensor(shift) or isinstance(shift, Variable):
        return tuple(current.engine.unstack(flat(tensor(shift)), 0))
    given = shift if isinstance(shift, list | tuple) else (shift,)
    return tuple(s if is_tensor(s) else index(s) for s in given)


def _rolled(x: Native, shifts: tuple[Any, ...], axes: tuple[int, ...]) -> Native:
    engine = current.engine
    if not any(map(engine.is_tensor, shifts)):
        return engine.roll(x, shifts, axes)
    for shift, axis in zip(shifts, axes, strict=True):
        length = max(x.shape[axis], 1)
        places = engine.arange(0, x.shape[axis], 1, "int32")
        moved_from = engine.subtract(places, tensor(shift, "int32"))
        x = engine.take(x, engine.mod(moved_from, length), axis)
    return x


@op
def rot90(array: TensorLike, k: int = 1, axes: tuple[int, int] = (0, 1)) -> Tensor:
    """`array` turned `k` times by 90 degrees, from one of two axes to the other."""
    x = tensor(array)
    engine = current.engine
    a, b = axis_tuple(axes, x.ndim, "rot90")
    if a == b:
        raise ShapeError(
            f"keras.ops.rot90: got axes={tuple(axes)} for a tensor of {x.ndim} "
            "dimensions; expected two different ones."
        )
    order = _swapped(a, b, x.ndim, "rot90")
    turns = k % 4
    if turns == 0:
        return x
    if turns == 2:
        return engine.flip(x, (a, b))
    if turns == 1:
        return engine.transpose(engine.flip(x, (b,)), order)
    return engine.flip(engine.transpose(x, order), (b,))


_PAD_MODES = ("constant", "reflect", "symmetric", "edge", "wrap")


@op(expects="two widths for each dimension; in mode reflect less than its length")
def pad(
    x: TensorLike,
    pad_width: int | Sequence[Any],
    mode: str = "constant",
    constant_values: float | None = None,
) -> Tensor:
    """`x` with a margin around it.

    Args:
        x: tensor.
        pad_width: one int, `(before, after)`, or such a pair for each axis.
        mode: what stands in the margin: "constant", "reflect" (mirrored at the last
            entry), "symmetric" (mirrored behind it), "edge" or "wrap".
        constant_values: for mode "constant"; default 0.
    """
    x = tensor(x)
    if mode not in _PAD_MODES:
        raise ShapeError(
            f"keras.ops.pad: got mode={mode!r}; expected one of "
            f"{', '.join(_PAD_MODES)}."
        )
    if constant_values is not None and mode != "constant":
        raise ShapeError(
            f"keras.ops.pad: got constant_values with mode={mode!r}; expected them "
            'with mode="constant" only. Leave them out.'
        )
    engine = current.engine
    given: Any = pad_width
    if type(pad_width) is not tuple and engine.is_tensor(pad_width):
        given = engine.to_numpy(given)
    widths = _widths(given, x.ndim)
    if constant_values is None:
        return engine.pad(x, widths, mode, 0)
    if dtypes.kind(constant_values) is not None:
        return engine.pad(x, widths, mode, constant_values)
    # A tensor, whose value is not looked at.
    value = engine.reshape(tensor(constant_values, engine.dtype(x)), ())
    inside = engine.pad(engine.full_like(x, True, "bool"), widths, mode, False)
    return engine.where(inside, engine.pad(x, widths, mode, 0), value)


@planned
def _widths(pad_width: Any, rank: int) -> tuple[tuple[int, int], ...]:
    pairs = np.broadcast_to(np.asarray(pad_width), (rank, 2))
    return tuple((int(a), int(b)) for a, b in pairs)


@op(expects="shapes that broadcast: from the right, equal or 1")
def meshgrid(*x: TensorLike, indexing: str = "xy") -> list[Tensor]:
    """Coordinates of a grid from those along its axes.

    Args:
        x: tensors of one dimension (or scalars).
        indexing: "xy" exchanges the first two dimensions of the results; "ij" does not.
    """
    if indexing not in ("xy", "ij"):
        raise ShapeError(
            f'keras.ops.meshgrid: got indexing={indexing!r}; expected "xy" or "ij".'
        )
    engine = current.engine
    lines = [flat(tensor(v)) for v in x]
    columns, shape = _grid(tuple(line.shape[0] for line in lines), indexing)
    return [
        engine.broadcast_to(engine.reshape(line, column), shape)
        for line, column in zip(lines, columns, strict=True)
    ]


@planned
def _grid(
    lengths: tuple[int, ...], indexing: str
) -> tuple[list[tuple[int, ...]], tuple[int, ...]]:
    """The shape of each line of coordinates in the grid, and that of the grid."""
    places = list(range(len(lengths)))
    if indexing == "xy":
        places[:2] = reversed(places[:2])
    columns, shape = [[1] * len(lengths) for _ in lengths], [0] * len(lengths)
    for column, place, length in zip(columns, places, lengths, strict=True):
        column[place] = shape[place] = length
    return [tuple(column) for column in columns], tuple(shape)
