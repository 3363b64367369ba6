"""Automatic names of layers and variables, as they stand in files."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token

_counts: Counter[str] = Counter()
_scope: ContextVar[tuple[str, ...]] = ContextVar("name_scope", default=())


def to_snake_case(name: str) -> str:
    """`"BatchNormalization"` -> `"batch_normalization"`, `"Conv2D"` -> `"conv2d"`."""
    name = re.sub(r"\W+", "", name)
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    name = re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()
    return name


def auto_name(prefix: str) -> str:
    """`prefix`; from its second use in the process on `prefix_1`, `prefix_2`, ..."""
    prefix = to_snake_case(prefix)
    count = _counts[prefix]
    _counts[prefix] += 1
    return prefix if count == 0 else f"{prefix}_{count}"


def get_uid(prefix: str = "") -> int:
    """A number, counted up from 1 for each `prefix`."""
    _counts[prefix] += 1
    return _counts[prefix]


def reset() -> None:
    """Start counting anew."""
    _counts.clear()


class name_scope:
    """Inside it, paths of new variables begin with `name` and a slash.

    Args:
        name: a str without slashes.
        caller, deduplicate, override_parent: accepted for compatibility.

    Example:
        >>> with keras.name_scope("encoder"):
        ...     kernel = keras.Variable(1.0, name="kernel")
    """

    def __init__(
        self,
        name: str,
        caller: object = None,
        deduplicate: bool = True,
        override_parent: bool | None = None,
    ) -> None:
        if "/" in str(name) or not isinstance(name, str):
            raise ValueError(
                f"keras.name_scope: got {name!r}; expected a str without '/'. Nest "
                "scopes instead."
            )
        self.name = name
        self._tokens: list[Token[tuple[str, ...]]] = []

    def __enter__(self) -> "name_scope":
        self._tokens.append(_scope.set((*_scope.get(), self.name)))
        return self

    def __exit__(self, *args: object, **kwargs: object) -> None:
        _scope.reset(self._tokens.pop())


@contextmanager
def absolute_scope(path: str) -> Iterator[None]:
    """Inside it, paths of new variables begin with `path` and nothing else."""
    token = _scope.set((path,) if path else ())
    try:
        yield
    finally:
        _scope.reset(token)


def current_path() -> str:
    """The names of the scopes around this code, joined by slashes."""
    return "/".join(_scope.get())
