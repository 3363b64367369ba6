"""Masks that travel with tensors: which time steps are real, not padding.

A mask is a bool tensor `(batch, time)`. It is an attribute of its tensor where the
engine's tensors take attributes, else it stands in a table of weak references.
"""

import weakref
from typing import Any

_table: dict[int, tuple[weakref.ref[Any], Any]] = {}
in_use = False
"""Whether any mask was ever set: where none was, masks cost nothing. Read it as
`masks.in_use` at every use: it changes."""


def set_mask(x: Any, mask: Any) -> None:
    """Let `mask` travel with `x`; `None` takes its mask away."""
    global in_use
    if mask is None and not in_use:
        return
    in_use = True
    try:
        x._keras_mask = mask
    except AttributeError:
        _set_weakly(x, mask)


def _set_weakly(x: Any, mask: Any) -> None:
    key = id(x)
    if mask is None:
        _table.pop(key, None)
        return
    try:
        reference = weakref.ref(x, lambda _: _table.pop(key, None))
    except TypeError:  # a NumPy scalar: it has no time axis to mask
        return
    _table[key] = (reference, mask)


def get_mask(x: Any) -> Any:
    """The mask that travels with `x`, or `None`."""
    if not in_use:
        return None
    mask = getattr(x, "_keras_mask", None)
    if mask is None and _table:
        entry = _table.get(id(x))
        if entry is not None and entry[0]() is x:
            return entry[1]
    return mask


def carry(result: Any, *sources: Any) -> None:
    """Give `result` the mask of the first of `sources` that has one and fits it."""
    for source in sources:
        mask = get_mask(source)
        if mask is not None:
            shape = getattr(result, "shape", ())
            if len(shape) >= 2 and tuple(shape[:2]) == tuple(source.shape[:2]):
                set_mask(result, mask)
            return
