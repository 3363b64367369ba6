"""Sums, products and extremes over segments of the first axis."""

from typing import Any

import numpy as np

from keras.backend import current
from keras.core import dtypes
from keras.errors import ShapeError
from keras.ops._indexing import integers, needs_values
from keras.ops._op import op, tensor
from keras.typing import Native, Tensor, TensorLike


def _arguments(
    data: TensorLike, segment_ids: TensorLike, num_segments: int | None, what: str
) -> tuple[Native, Native, int]:
    data, ids = tensor(data), integers(segment_ids)
    rows = ids.shape
    if len(rows) != 1 or data.shape[:1] != rows:
        raise ShapeError(
            f"{what}: got data of shape {tuple(data.shape)} and segment_ids of shape "
            f"{tuple(ids.shape)}; expected one id for each row, (n, ...) and (n,)."
        )
    engine = current.engine
    if num_segments is None:
        needs_values(ids, f"{what.removeprefix('keras.ops.')} without num_segments")
        num_segments = int(engine.max(ids, (0,), False)) + 1 if rows[0] else 0
    return data, ids, num_segments


@op
def segment_sum(
    data: TensorLike,
    segment_ids: TensorLike,
    num_segments: int | None = None,
    sorted: bool = False,
) -> Tensor:
    """The sum of the rows that have the same id.

    Args:
        data: tensor `(n, ...)`.
        segment_ids: int tensor `(n,)`; rows with an id outside count nowhere.
        num_segments: how many segments; default: the largest id plus one, which cannot
            be found while a function is traced.
        sorted: accepted for compatibility.

    Returns:
        A tensor `(num_segments, ...)`; zeros for an empty segment.

    Raises:
        ShapeError: if there is not one id for each row.

    Example:
        >>> keras.ops.segment_sum([1, 2, 3], [0, 0, 1])
        [3, 3]
    """
    rows, ids, count = _arguments(
        data, segment_ids, num_segments, "keras.ops.segment_sum"
    )
    return current.engine.segment_sum(rows, ids, count)


@op
def segment_max(
    data: TensorLike,
    segment_ids: TensorLike,
    num_segments: int | None = None,
    sorted: bool = False,
) -> Tensor:
    """The maximum of the rows that have the same id.

    Args:
        data: tensor `(n, ...)`.
        segment_ids: int tensor `(n,)`; rows with an id outside count nowhere.
        num_segments: how many segments; default: the largest id plus one.
        sorted: accepted for compatibility.

    Returns:
        A tensor `(num_segments, ...)`; the dtype's least value (minus infinity) for an
        empty segment.

    Raises:
        ShapeError: if there is not one id for each row.

    Example:
        >>> keras.ops.segment_max([1, 2, 3], [0, 0, 1])
        [2, 3]
    """
    rows, ids, count = _arguments(
        data, segment_ids, num_segments, "keras.ops.segment_max"
    )
    return current.engine.segment_max(rows, ids, count)


@op
def segment_min(
    data: TensorLike,
    segment_ids: TensorLike,
    num_segments: int | None = None,
    sorted: bool = False,
) -> Tensor:
    """The minimum of the rows that have the same id.

    Args:
        data: tensor `(n, ...)`.
        segment_ids: int tensor `(n,)`; rows with an id outside count nowhere.
        num_segments: how many segments; default: the largest id plus one.
        sorted: accepted for compatibility.

    Returns:
        A tensor `(num_segments, ...)`; the dtype's greatest value (infinity) for an
        empty segment.

    Raises:
        ShapeError: if there is not one id for each row.

    Example:
        >>> keras.ops.segment_min([1, 2, 3], [0, 0, 1])
        [1, 3]
    """
    rows, ids, count = _arguments(
        data, segment_ids, num_segments, "keras.ops.segment_min"
    )
    engine = current.engine
    # Turning all bits round reverses the order of ints, the least one included.
    turn = engine.bitwise_not if dtypes.is_int(engine.dtype(rows)) else engine.negative
    return turn(engine.segment_max(turn(rows), ids, count))


@op
def segment_prod(
    data: TensorLike,
    segment_ids: TensorLike,
    num_segments: int | None = None,
    sorted: bool = False,
) -> Tensor:
    """The product of the rows that have the same id.

    Args:
        data: tensor `(n, ...)`.
        segment_ids: int tensor `(n,)`; rows with an id outside count nowhere.
        num_segments: how many segments; default: the largest id plus one.
        sorted: accepted for compatibility.

    Returns:
        A tensor `(num_segments, ...)`; ones for an empty segment.

    Raises:
        ShapeError: if there is not one id for each row.

    Example:
        >>> keras.ops.segment_prod([1, 2, 3], [0, 0, 1])
        [2, 3]
    """
    rows, ids, count = _arguments(
        data, segment_ids, num_segments, "keras.ops.segment_prod"
    )
    engine = current.engine
    inside = engine.logical_and(engine.greater_equal(ids, 0), engine.less(ids, count))
    # What lies outside goes to one more row, which is cut off.
    spare = engine.full((), count, engine.dtype(ids))
    places = engine.expand_dims(engine.where(inside, ids, spare), 1)
    ones = engine.full((count + 1, *rows.shape[1:]), 1, engine.dtype(rows))
    return engine.scatter_update(ones, places, rows, "multiply")[:count]


def overlap_add(x: Native, places: np.ndarray[Any, Any], size: int) -> Native:
    """Sum the entries of `x` `(..., *places.shape)` into `(..., size)`.

    `places` says for each entry of the last axes where it goes.
    """
    engine = current.engine
    lead = tuple(x.shape[: x.ndim - places.ndim])
    flat = engine.reshape(x, (-1, places.size) if lead else (1, places.size))
    columns = engine.transpose(flat, (1, 0))
    total = engine.segment_sum(columns, tensor(places.reshape(-1)), size)
    return engine.reshape(engine.transpose(total, (1, 0)), (*lead, size))
