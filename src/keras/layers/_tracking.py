"""Which variables and layers an object holds: found by looking at its attributes.

Nothing is registered when an attribute is set, so that a list that grows later needs no
wrapper. What is found is kept until something anywhere may have changed (`version`).
"""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from keras.core.seeds import SeedGenerator
from keras.core.variable import Variable

R = TypeVar("R")


class _Version:
    """Counts the changes that may alter what some object holds."""

    number = 0


def touch() -> None:
    """Something that objects hold has been made or moved."""
    _Version.number += 1


def version() -> int:
    """Differs from an earlier call if anything has been made or moved since."""
    return _Version.number


def cached(owner: Any, key: str, make: Callable[[], R]) -> R:
    """`make()`, remembered on `owner` until `version` changes."""
    cache = owner.__dict__.get("_cache")
    if cache is None or cache[0] != _Version.number:
        cache = (_Version.number, {})
        owner.__dict__["_cache"] = cache
    found = cache[1].get(key)
    if found is None:
        found = cache[1][key] = make()
    return found  # type: ignore[no-any-return]


def held(owner: Any, hidden: frozenset[str]) -> Iterator[Any]:
    """The variables, layers, metrics, seed generators in the attributes of `owner`.

    They come in the order of assignment, from lists, tuples, dicts and sets too.
    """
    for name, value in list(vars(owner).items()):
        if name not in hidden:
            yield from _items(value, 0)


_LEAVES = (str, bytes, int, float, bool, type, type(None))


def _items(value: Any, depth: int) -> Iterator[Any]:
    if isinstance(value, _LEAVES):
        return  # a class counts among them: it is no layer, though it makes layers
    if isinstance(value, Variable | SeedGenerator) or hasattr(value, "_is_tracked"):
        yield value
    elif isinstance(value, dict) and depth < 8:
        for item in list(value.values()):
            yield from _items(item, depth + 1)
    elif isinstance(value, list | tuple | set | frozenset) and depth < 8:
        for item in list(value):
            yield from _items(item, depth + 1)


def unique(items: Iterator[Any] | list[Any]) -> list[Any]:
    """`items` without repetitions (by identity), in order."""
    seen: dict[int, Any] = {}
    for item in items:
        seen.setdefault(id(item), item)
    return list(seen.values())
