"""Initializers by name: `get`, `serialize`, `deserialize`."""

from collections.abc import Mapping
from typing import Any

from keras import typing
from keras.core.lookup import Lookup
from keras.initializers._constant import Constant, Identity, Ones, Zeros
from keras.initializers._initializer import Initializer
from keras.initializers._orthogonal import Orthogonal
from keras.initializers._random import RandomNormal, RandomUniform, TruncatedNormal
from keras.initializers._stft import STFT
from keras.initializers._variance_scaling import (
    GlorotNormal,
    GlorotUniform,
    HeNormal,
    HeUniform,
    LecunNormal,
    LecunUniform,
    VarianceScaling,
)

LOOKUP = Lookup(
    "initializer",
    "keras.initializers",
    (
        Constant,
        GlorotNormal,
        GlorotUniform,
        HeNormal,
        HeUniform,
        Identity,
        LecunNormal,
        LecunUniform,
        Ones,
        Orthogonal,
        RandomNormal,
        RandomUniform,
        STFT,
        TruncatedNormal,
        VarianceScaling,
        Zeros,
    ),
    aliases={
        "IdentityInitializer": Identity,
        "OrthogonalInitializer": Orthogonal,
        "STFTInitializer": STFT,
        "normal": RandomNormal,
        "one": Ones,
        "uniform": RandomUniform,
        "zero": Zeros,
    },
)


def get(identifier: "typing.Initializer | Initializer | None") -> Any:
    """An initializer from its name, config, class, or itself.

    Args:
        identifier: for example "glorot_uniform", "GlorotUniform", a config, an
            instance, a function `(shape, dtype)`, an array (a constant), or `None`.

    Raises:
        UnknownNameError: for a name that stands for nothing.

    Example:
        >>> keras.initializers.get("he_normal")
    """
    if hasattr(identifier, "shape") and not callable(identifier):
        return Constant(identifier)
    return LOOKUP.get(identifier)


def serialize(initializer: Any) -> Any:
    """An initializer as plain data."""
    return LOOKUP.serialize(initializer)


def deserialize(config: Any, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """The initializer that `serialize` described."""
    return LOOKUP.deserialize(config, custom_objects)
