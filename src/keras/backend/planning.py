"""What follows from shapes and other arguments that are no tensors, worked out once."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

import numpy as np

P = ParamSpec("P")
R = TypeVar("R")


def planned(function: Callable[P, R]) -> Callable[P, R]:
    """`function`, of such arguments by position, with its results remembered."""
    remembered = lru_cache(maxsize=1024)(function)

    @wraps(function)
    def call(*args: Any) -> R:
        try:
            return remembered(*args)
        except TypeError:  # a list or an array, which is no key
            keys = tuple(map(_key, args))
        try:
            return remembered(*keys)
        except TypeError:  # a size that is a symbol of the engine's, or a mistake
            return function(*keys)  # type: ignore[call-arg]

    return call  # type: ignore[return-value]


def _key(x: Any) -> Any:
    if isinstance(x, np.ndarray):
        x = x.tolist()
    return tuple(map(_key, x)) if isinstance(x, list | tuple) else x
