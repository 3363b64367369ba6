"""Old spellings of arguments, attributes and strings, each with one warning."""

from collections.abc import Mapping
from typing import Any

from keras.errors import nearest, warn


def warn_renamed(old: str, new: str) -> None:
    """Say once per line of the caller how `old` is spelled today."""
    warn(f"{old} is an old spelling. Write {new}.", DeprecationWarning)


def modern_arguments(
    owner: str, renamed: Mapping[str, str], kwargs: Mapping[str, Any]
) -> dict[str, Any]:
    """`kwargs` of `owner` under their names of today.

    Args:
        owner: the class, for messages.
        renamed: old names and new ones.
        kwargs: what came beyond the arguments of today.

    Raises:
        TypeError: for a name that never was.
    """
    modern = {}
    for name, value in kwargs.items():
        if name not in renamed:
            raise unknown_argument(owner, name, renamed.values())
        warn_renamed(f"{owner}({name}=...)", f"{owner}({renamed[name]}=...)")
        modern[renamed[name]] = value
    return modern


def unknown_argument(owner: str, name: str, known: Any) -> TypeError:
    """The error for an argument that `owner` does not have."""
    close = nearest(name, known)
    hint = f"Did you mean {' or '.join(close)}?" if close else "Leave it out."
    return TypeError(f"{owner}: got an unknown argument {name!r}. {hint}")


_CONSTRAINTS = {"maxnorm": "max_norm", "nonneg": "non_neg", "unitnorm": "unit_norm"}


def modern_constraint(name: str) -> str:
    """The name of today for a constraint."""
    if name in _CONSTRAINTS:
        warn_renamed(f"The constraint {name!r}", repr(_CONSTRAINTS[name]))
    return _CONSTRAINTS.get(name, name)
