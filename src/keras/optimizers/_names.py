"""Optimizers by name: `get`, `serialize`, `deserialize`."""

from collections.abc import Mapping
from typing import Any

from keras.core.lookup import Lookup
from keras.optimizers._adadelta import Adadelta
from keras.optimizers._adafactor import Adafactor
from keras.optimizers._adagrad import Adagrad
from keras.optimizers._adam import Adam
from keras.optimizers._adamax import Adamax
from keras.optimizers._adamw import AdamW
from keras.optimizers._ftrl import Ftrl
from keras.optimizers._lamb import Lamb
from keras.optimizers._lion import Lion
from keras.optimizers._loss_scale_optimizer import LossScaleOptimizer
from keras.optimizers._multi_optimizer import MultiOptimizer
from keras.optimizers._muon import Muon
from keras.optimizers._nadam import Nadam
from keras.optimizers._optimizer import Optimizer
from keras.optimizers._rmsprop import RMSprop
from keras.optimizers._schedule_free_adamw import ScheduleFreeAdamW
from keras.optimizers._sgd import SGD

CLASSES = (
    Adadelta,
    Adafactor,
    Adagrad,
    Adam,
    Adamax,
    AdamW,
    Ftrl,
    Lamb,
    Lion,
    LossScaleOptimizer,
    MultiOptimizer,
    Muon,
    Nadam,
    RMSprop,
    ScheduleFreeAdamW,
    SGD,
)

LOOKUP = Lookup(
    "optimizer",
    "keras.optimizers",
    CLASSES,
    # Also the plain lower case: "adamw", "rmsprop", "lossscaleoptimizer".
    aliases={cls.__name__.lower(): cls for cls in CLASSES},
)


def get(identifier: Any) -> Optimizer:
    """An optimizer from its name, config, class, or itself.

    Args:
        identifier: for example "adam", "AdamW", a config, a class, an instance.

    Raises:
        UnknownNameError: for a name that stands for nothing.

    Example:
        >>> keras.optimizers.get("rmsprop")
    """
    return LOOKUP.get(identifier)  # type: ignore[no-any-return]


def serialize(optimizer: Optimizer) -> Any:
    """An optimizer as plain data, with its learning rate of now."""
    return LOOKUP.serialize(optimizer)


def deserialize(config: Any, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """The optimizer that `serialize` described."""
    return LOOKUP.deserialize(config, custom_objects)
