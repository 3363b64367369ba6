"""Schedules as plain data and back."""

from collections.abc import Mapping
from typing import Any

from keras.core.lookup import Lookup
from keras.optimizers.schedules._cosine import CosineDecay, CosineDecayRestarts
from keras.optimizers.schedules._decays import (
    ExponentialDecay,
    InverseTimeDecay,
    PiecewiseConstantDecay,
    PolynomialDecay,
)

LOOKUP = Lookup(
    "learning rate schedule",
    "keras.optimizers.schedules",
    (
        CosineDecay,
        CosineDecayRestarts,
        ExponentialDecay,
        InverseTimeDecay,
        PiecewiseConstantDecay,
        PolynomialDecay,
    ),
)


def serialize(learning_rate_schedule: Any) -> Any:
    """A schedule as plain data."""
    return LOOKUP.serialize(learning_rate_schedule)


def deserialize(config: Any, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """The schedule that `serialize` described."""
    return LOOKUP.deserialize(config, custom_objects)
