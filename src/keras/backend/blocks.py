"""Blocks of arrays as keys: what `slice` and `slice_update` read and write."""

from functools import lru_cache
from typing import Any

import numpy as np

_INTEGERS = {int, np.int32, np.int64}


@lru_cache
def block(starts: Any, lengths: Any, shape: tuple[int, ...]) -> tuple[slice, ...]:
    """The slices of a block that begins at `starts` and is kept within the array, as
    XLA's dynamic slice does; a length of -1 reaches to the end.

    Raises:
        TypeError: for starts that are no tuple of ints; that is not remembered.
    """
    if type(starts) is not tuple or not {*map(type, starts)} <= _INTEGERS:
        raise TypeError("starts that are no tuple of ints")
    key = []
    for start, length, size in zip(starts, lengths, shape, strict=True):
        length = size - start if length == -1 else length
        if not 0 <= length <= size:
            raise ValueError(f"a length of {length} in a dimension of {size}")
        start = min(max(start, 0), size - length)
        key.append(slice(start, start + length))
    return tuple(key)


def block_at(starts: Any, lengths: Any, shape: tuple[int, ...]) -> tuple[slice, ...]:
    """`block` where starts may also be an array whose values can be read."""
    starts = starts if type(starts) is tuple else tuple(starts.tolist())
    return block(starts, tuple(lengths), tuple(shape))
