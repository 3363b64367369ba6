"""A layer's options: the arguments of its constructor, as plain data and back."""

import inspect
from functools import cache
from typing import Any

from keras.core.registry import public_path
from keras.core.serialization import deserialize_keras_object, serialize_keras_object

_BASE = ("self", "name", "trainable", "dtype", "activity_regularizer", "autocast")


@cache
def option_names(cls: type) -> tuple[str, ...]:
    """The arguments of the constructor beside those that every layer has."""
    kinds = inspect.Parameter
    return tuple(
        p.name
        for p in inspect.signature(cls.__init__).parameters.values()  # type: ignore[misc]
        if p.kind not in (kinds.VAR_POSITIONAL, kinds.VAR_KEYWORD) and p.name not in _BASE
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
