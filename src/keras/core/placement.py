"""Where tensors lie, and what is computed anew in the backward pass."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, ParamSpec, TypeVar

from keras.backend import current

P = ParamSpec("P")
R = TypeVar("R")


def device(device_name: str) -> AbstractContextManager[Any]:
    """Inside it, new tensors and variables lie on the device.

    Args:
        device_name: "cpu:0", "gpu:0", ...

    Raises:
        ValueError: if the active engine sees no such device.

    Example:
        >>> with keras.device("cpu:0"):
        ...     x = keras.ops.ones((2, 2))
    """
    engine = current.load(current.active())
    kind, _, index = device_name.lower().partition(":")
    kind = "gpu" if kind == "cuda" else kind
    if f"{kind}:{index or 0}" not in engine.devices(kind):
        known = dict.fromkeys((*engine.devices("cpu"), *engine.devices(None)))
        raise ValueError(
            f"keras.device({device_name!r}): the {engine.name} engine sees no such "
            f"device here, but {', '.join(known)}. Choose one of them."
        )
    return engine.device(device_name)


def remat(f: Callable[P, R]) -> Callable[P, R]:
    """`f`, whose intermediate values are computed anew in the backward pass.

    It takes less memory and more time.

    Args:
        f: a function of tensors.

    Example:
        >>> block = keras.remat(lambda x: keras.ops.tanh(keras.ops.exp(x)))
    """

    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        return current.load(current.active()).remat(f)(*args, **kwargs)  # type: ignore[no-any-return]

    return call
