"""Regularizers by name: `get`, `serialize`, `deserialize`."""

from collections.abc import Mapping
from typing import Any

from keras import typing
from keras.core.lookup import Lookup
from keras.regularizers._norms import L1, L1L2, L2
from keras.regularizers._orthogonal import OrthogonalRegularizer

LOOKUP = Lookup(
    "regularizer",
    "keras.regularizers",
    (L1, L1L2, L2, OrthogonalRegularizer),
    aliases={"l1_l2": L1L2},
)


def get(identifier: "typing.Regularizer | None") -> Any:
    """A regularizer from its name, config, class, or itself.

    Args:
        identifier: for example "l2", a config, an instance, a function of a weight, or
            `None`.

    Raises:
        UnknownNameError: for a name that stands for nothing.

    Example:
        >>> keras.regularizers.get("l2")
    """
    return LOOKUP.get(identifier)


def serialize(regularizer: Any) -> Any:
    """A regularizer as plain data."""
    return LOOKUP.serialize(regularizer)


def deserialize(config: Any, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """The regularizer that `serialize` described."""
    return LOOKUP.deserialize(config, custom_objects)
