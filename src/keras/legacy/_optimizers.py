"""Arguments and attributes that optimizers had in earlier versions."""

from collections.abc import Callable, Mapping
from typing import Any

from keras.core import registry
from keras.errors import nearest
from keras.legacy._names import unknown_argument, warn_renamed

_KNOWN = (
    *("learning_rate", "weight_decay", "clipnorm", "clipvalue", "global_clipnorm"),
    *("use_ema", "ema_momentum", "ema_overwrite_frequency", "loss_scale_factor"),
    *("gradient_accumulation_steps", "name", "momentum", "nesterov", "rho", "beta_1"),
    *("beta_2", "epsilon", "amsgrad", "centered"),
)

# Arguments that nothing follows from any more, and what to do instead.
_GONE = {
    "jit_compile": "compile(jit_compile=...) of the model",
    "schedule_decay": "nothing in its place: it follows from beta_1",
    "is_legacy_optimizer": "nothing in its place",
}


def modern_learning_rate(owner: str, rate: Any, kwargs: Mapping[str, Any]) -> Any:
    """The learning rate that old arguments of an optimizer amount to.

    Args:
        owner: the class, for messages.
        rate: the learning rate, or its default.
        kwargs: what came beyond the arguments of today.

    Raises:
        TypeError: for a name that never was.
    """
    for name in kwargs:
        if name not in ("lr", "decay", *_GONE):
            raise unknown_argument(owner, name, _KNOWN)
        if name in _GONE:
            warn_renamed(f"{owner}({name}=...)", _GONE[name])
    if "lr" in kwargs:
        rate = kwargs["lr"]
        warn_renamed(f"{owner}(lr=...)", f"{owner}(learning_rate=...)")
    if "decay" not in kwargs:
        return rate
    decay = kwargs["decay"]
    if not decay:
        warn_renamed(f"{owner}(decay=0)", "nothing in its place")
        return rate
    # By its name: schedules stand above this floor.
    schedule = registry.find("keras.optimizers.schedules", "InverseTimeDecay", None)
    warn_renamed(
        f"{owner}(decay=...)",
        f"learning_rate=schedules.InverseTimeDecay({rate}, 1, {decay})",
    )
    return schedule(rate, 1, decay)


_ATTRIBUTES: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "lr": ("learning_rate", lambda o: o.learning_rate),
    "weights": ("variables", lambda o: o.variables),
    "get_weights": (
        "[v.numpy() for v in optimizer.variables]",
        lambda o: lambda: [v.numpy() for v in o.variables],
    ),
}


def old_attribute(optimizer: Any, name: str) -> Any:
    """What stands today for an attribute of earlier versions.

    Raises:
        AttributeError: for a name that never was.
    """
    if name in _ATTRIBUTES:
        new, read = _ATTRIBUTES[name]
        warn_renamed(f"optimizer.{name}", new)
        return read(optimizer)
    owner = type(optimizer)
    close = nearest(name, [n for n in dir(owner) if not n.startswith("_")])
    hint = f" Did you mean {' or '.join(close)}?" if close else ""
    raise AttributeError(f"{owner.__name__} has no attribute {name!r}.{hint}")


class LegacyOptimizer:
    """What stood at `keras.optimizers.legacy`; the current optimizers replace it.

    Raises:
        ImportError: when made.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        raise ImportError(
            "keras.optimizers.legacy: its optimizers are gone. Use the one of the same "
            "name in keras.optimizers, with learning_rate= in place of lr= and a "
            "schedule in place of decay=."
        )
