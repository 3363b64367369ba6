"""A layer's options: the arguments of its constructor, as plain data and back."""

import inspect
from collections.abc import Sequence
from functools import cache
from typing import Any

from keras.core.registry import public_path
from keras.core.serialization import deserialize_keras_object, serialize_keras_object
from keras.errors import UnknownNameError

_BASE = (
    "self",
    "name",
    "trainable",
    "dtype",
    "activity_regularizer",
    "autocast",
    "weights",
)


@cache
def option_names(cls: type) -> tuple[str, ...]:
    """The arguments of the constructor beside those that every layer has."""
    kinds = inspect.Parameter
    return tuple(
        p.name
        for p in inspect.signature(cls.__init__).parameters.values()  # type: ignore[misc]
        if p.kind not in (kinds.VAR_POSITIONAL, kinds.VAR_KEYWORD)
        and p.name not in _BASE
    )


def serialized_option(value: Any) -> Any:
    """An option as plain data: tuples stay tuples, activations are their names."""
    if isinstance(value, tuple):
        return tuple(serialized_option(v) for v in value)
    if inspect.isfunction(value) and public_path(value) in (
        "keras.activations",
        "keras.ops",
    ):
        return value.__name__
    return serialize_keras_object(value)


def deserialized_option(value: Any) -> Any:
    """An option from a file: described objects are made, the rest stays."""
    if isinstance(value, dict) and "class_name" in value and "config" in value:
        return deserialize_keras_object(value)
    if isinstance(value, list) and any(isinstance(v, dict) for v in value):
        return [deserialized_option(v) for v in value]
    return value


def positive_int(value: Any, layer: str, name: str) -> int:
    """`value`, an int of at least 1.

    Raises:
        ValueError: for anything else.
    """
    if isinstance(value, bool) or not hasattr(value, "__index__") or value < 1:
        raise ValueError(
            f"{layer}({name}=...): got {value!r} ({type(value).__name__}); expected a "
            f"positive int. Pass for example {name}=8."
        )
    return int(value)


def one_of(value: Any, choices: Sequence[str], layer: str, name: str) -> str:
    """`value` in lower case, which must be one of `choices`.

    Raises:
        UnknownNameError: for anything else.
    """
    lower = value.lower() if isinstance(value, str) else value
    if lower not in choices:
        listed = ", ".join(map(repr, choices))
        raise UnknownNameError(
            f"{layer}({name}=...): got {value!r}; expected one of {listed}."
        )
    return str(lower)


def fraction(value: Any, layer: str, name: str) -> float:
    """`value`, a number from 0 to 1.

    Raises:
        ValueError: for anything else.
    """
    if not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValueError(
            f"{layer}({name}=...): got {value!r}; expected a number from 0 to 1."
        )
    return value


def not_negative(value: Any, layer: str, name: str) -> float:
    """`value`, a number of at least 0.

    Raises:
        ValueError: for anything else.
    """
    if not isinstance(value, int | float) or value < 0:
        raise ValueError(
            f"{layer}({name}=...): got {value!r}; expected a number of at least 0."
        )
    return value
