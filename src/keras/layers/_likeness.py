"""Which layers do the same to inputs of equal shapes, so that one is asked for all."""

from __future__ import annotations

from collections.abc import Hashable
from types import FunctionType
from typing import TYPE_CHECKING, Any

from keras.core.infer import PLAIN
from keras.core.policies import DTypePolicy
from keras.core.seeds import SeedGenerator
from keras.core.variable import Variable
from keras.initializers import Initializer
from keras.layers._input_spec import InputSpec
from keras.layers._state import _HIDDEN

if TYPE_CHECKING:
    from keras.layers._layer import Layer

_NO_MATTER = _HIDDEN | {"name", "_path", "_was_called"}


def likeness(layer: Layer) -> Hashable | None:
    """Equal for layers of Keras whose outputs have the same shapes and dtypes.

    It is made of the class and all attributes; `None` where it is not known what one of
    them does: a layer inside, an object of the user's.
    """
    if not type(layer).__module__.startswith("keras.layers."):
        return None
    attributes = vars(layer)
    try:
        return type(layer), *[
            (name, _trait(attributes[name]))
            for name in attributes
            if name not in _NO_MATTER
        ]
    except _Unknown:
        return None


class _Unknown(Exception):
    """A value that may do anything."""


def _trait(value: Any) -> Any:
    kind = type(value)
    if kind in PLAIN:
        return kind, value
    if kind is list or kind is tuple:
        return kind, *map(_trait, value)
    if kind is Variable:
        return value.shape, value.dtype
    if isinstance(value, Initializer | InputSpec | SeedGenerator):
        return kind  # they decide on values, or were consulted before
    if isinstance(value, DTypePolicy):
        return value.name
    if kind is FunctionType and value.__module__.startswith("keras."):
        return value
    raise _Unknown
