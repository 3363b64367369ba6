"""Constraints by name: `get`, `serialize`, `deserialize`."""

from collections.abc import Mapping
from typing import Any

from keras import typing
from keras.constraints._norms import MaxNorm, MinMaxNorm, NonNeg, UnitNorm
from keras.core.lookup import Lookup


def _modern(name: str) -> str:
    # Late: legacy stands above, and only old programs need it.
    from keras.legacy._names import modern_constraint

    return modern_constraint(name)


LOOKUP = Lookup(
    "constraint",
    "keras.constraints",
    (MaxNorm, MinMaxNorm, NonNeg, UnitNorm),
    renamed=_modern,
)


def get(identifier: "typing.Constraint | None") -> Any:
    """A constraint from its name, config, class, or itself.

    Args:
        identifier: for example "non_neg", a config, an instance, a function of a
            weight, or `None`.

    Raises:
        UnknownNameError: for a name that stands for nothing.

    Example:
        >>> keras.constraints.get("max_norm")
    """
    return LOOKUP.get(identifier)


def serialize(constraint: Any) -> Any:
    """A constraint as plain data."""
    return LOOKUP.serialize(constraint)


def deserialize(config: Any, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """The constraint that `serialize` described."""
    return LOOKUP.deserialize(config, custom_objects)
