"""What surrounds the call of a layer: its signature, and what nested calls share."""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable
from contextvars import ContextVar, Token
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from keras.layers._state import State


building = threading.RLock()
"""Held by the thread that makes what all threads then share: weights, graphs."""


@dataclass(frozen=True, slots=True)
class CallSignature:
    """What the `call` method of a layer class takes."""

    names: tuple[str, ...]
    """Positional parameters, without `self`."""
    has_training: bool
    masks: tuple[tuple[str, str], ...]
    """Pairs of a tensor parameter and the parameter for its mask."""
    takes_any: bool
    """Whether it has `**kwargs`."""


_NOT_TENSORS = ("training", "mask")


@cache
def call_signature(function: Callable[..., Any]) -> CallSignature:
    """The signature of a `call` method, analysed once per class."""
    parameters = list(inspect.signature(function).parameters.values())[1:]
    kinds = inspect.Parameter
    names = tuple(
        p.name
        for p in parameters
        if p.kind in (kinds.POSITIONAL_ONLY, kinds.POSITIONAL_OR_KEYWORD)
    )
    every = {p.name for p in parameters}
    masks = [(n, f"{n}_mask") for n in names if f"{n}_mask" in every]
    if "mask" in every and names and names[0] not in _NOT_TENSORS:
        masks.insert(0, (names[0], "mask"))
    return CallSignature(
        names=names,
        has_training="training" in every,
        masks=tuple(masks),
        takes_any=any(p.kind is kinds.VAR_KEYWORD for p in parameters),
    )


class CallContext:
    """Shared by all layers called inside one outermost call.

    Attributes:
        training: what layers that were given no `training` argument use.
        losses: what `add_loss` collected.
        owners: the layers that collected them.
    """

    __slots__ = ("_token", "losses", "owners", "training")

    def __init__(self, training: bool | None) -> None:
        self.training = training
        self.losses: list[Any] = []
        self.owners: list[State] = []
        self._token: Token[CallContext | None] | None = None

    def __enter__(self) -> CallContext:
        self._token = _context.set(self)
        return self

    def __exit__(self, *args: object) -> None:
        if self._token is not None:
            _context.reset(self._token)

    def forget_losses(self) -> None:
        """Take the collected losses away from the layers that hold them."""
        for owner in self.owners:
            owner._losses.clear()
        self.owners.clear()


_context: ContextVar[CallContext | None] = ContextVar("call_context", default=None)


def call_context() -> CallContext | None:
    """The context of the outermost call that this code runs in."""
    return _context.get()
