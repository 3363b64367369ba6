"""What a training that was interrupted must know again of an object in Python."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np

_OF_THE_RUN = frozenset({"params", "_model", "model"})


class Kept:
    """Something whose attributes of plain data are kept with the state of a training.

    Those that have the name of an argument of the constructor are not: what a file
    holds must not decide where a callback writes.
    """

    def _state(self) -> dict[str, Any]:
        """What to keep, as plain data and arrays."""
        state = {}
        for name, value in vars(self).items():
            if isinstance(value, Kept) and not hasattr(value, "set_model"):
                state[name] = value._state()
            elif _may_be_set(self, name) and is_plain(value):
                state[name] = value
        return state

    def _set_state(self, state: dict[str, Any]) -> None:
        """Take over what `_state` returned.

        Raises:
            ValueError: for a name that is none of a plain attribute.
        """
        for name, value in state.items():
            own = vars(self).get(name)
            if isinstance(own, Kept):
                own._set_state(value)
            elif _may_be_set(self, name) and (own is None or is_plain(own)):
                setattr(self, name, value)
            else:
                raise ValueError(f"{type(self).__name__} keeps no {name!r}")


def _may_be_set(owner: Any, name: Any) -> bool:
    return (
        isinstance(name, str)
        and name.isidentifier()
        and not name.startswith("__")
        and name not in _OF_THE_RUN | _arguments(type(owner))
        and _is_data(getattr(type(owner), name, None))
    )


def _is_data(value: Any) -> bool:
    """Whether an attribute of a class may be hidden by one of the object."""
    return not callable(value) and not hasattr(value, "__get__")


def _arguments(cls: type) -> frozenset[str]:
    """The names of arguments of the constructors of a class and its bases."""
    return frozenset(
        name
        for base in cls.__mro__
        if inspect.isfunction(init := vars(base).get("__init__"))
        for name in inspect.signature(init).parameters
    )


def is_plain(value: Any) -> bool:
    """Whether a value consists of numbers, texts, arrays, lists, tuples and dicts."""
    if isinstance(value, np.ndarray | np.generic):
        return value.dtype.kind in "biufcV" and value.dtype.names is None
    if type(value) is dict:
        return all(is_plain(x) for item in value.items() for x in item)
    if type(value) in (list, tuple):
        return all(map(is_plain, value))
    return value is None or type(value) in (bool, int, float, str)
