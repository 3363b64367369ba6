"""A step happens whole or not at all, whatever is raised in it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import update_wrapper
from operator import is_
from types import CodeType, FrameType
from typing import Any, ParamSpec, TypeVar

from keras.core import scopes
from keras.core.updates import read_all
from keras.core.variable import Variable
from keras.layers import _tracking

P = ParamSpec("P")
R = TypeVar("R")


# Ctrl-C.


class _Interrupt:
    """A Ctrl-C that waits for the end of what must not be cut in two."""

    waiting = False
    handler: Callable[[int, FrameType | None], Any] | None = None
    """What Ctrl-C does outside of `between_steps`."""


_whole_code: set[CodeType] = set()


def whole(function: Callable[P, R]) -> Callable[P, R]:
    """`function`, which inside of `between_steps` Ctrl-C does not cut in two.

    Where the program is, is read from the stack when Ctrl-C comes: a call pays only
    for a look whether one is waiting.
    """

    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        result = function(*args, **kwargs)
        if _Interrupt.waiting:
            _deliver()
        return result

    _whole_code.add(run.__code__)
    return update_wrapper(run, function, updated=())


@contextmanager
def between_steps() -> Iterator[None]:
    """Inside it Ctrl-C waits until the step under way is done; a second one does not.

    What a step leaves half done could not be repaired: an engine that compiles reuses
    the memory of the old weights, the others update them in place.
    """
    is_main = threading.current_thread() is threading.main_thread()
    before = signal.getsignal(signal.SIGINT) if is_main else None
    if not callable(before) or before is _on_interrupt:
        yield
        return
    _Interrupt.handler = before
    signal.signal(signal.SIGINT, _on_interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        _deliver()


def _on_interrupt(number: int, frame: FrameType | None) -> None:
    inner = frame
    while inner is not None and inner.f_code not in _whole_code:
        inner = inner.f_back
    if inner is not None and not _Interrupt.waiting:
        _Interrupt.waiting = True
        return
    _Interrupt.waiting = False
    assert _Interrupt.handler is not None
    _Interrupt.handler(number, frame)


def _deliver() -> None:
    """Let a Ctrl-C that waits take effect, in the thread that it is meant for."""
    is_main = threading.current_thread() is threading.main_thread()
    if _Interrupt.waiting and is_main and _Interrupt.handler is not None:
        _Interrupt.waiting = False
        _Interrupt.handler(signal.SIGINT, None)


# Exceptions.


class Undone:
    """A step after whose failure the state is what it was before.

    That holds for what a step replaces: statistics, seeds, metrics. The weights change
    in their own memory and last; once they have, the rest stays changed too.

    Args:
        step: takes a batch.
        state: gives the variables that a step replaces.
        counters: gives those that are replaced when the weights change.
    """

    def __init__(
        self,
        step: Callable[[Any], Any],
        state: Callable[[], list[Variable]],
        counters: Callable[[], list[Variable]],
    ) -> None:
        self._step, self._find_state, self._find_counters = step, state, counters
        self._version = -1
        self._state: list[Variable] = []
        self._counters: list[Variable] = []

    def __call__(self, batch: Any) -> Any:
        """Run the step."""
        if scopes.is_tracing():
            return self._step(batch)
        if self._version != _tracking.version():
            self._version = _tracking.version()
            self._state, self._counters = self._find_state(), self._find_counters()
        before, counts = read_all(self._state), read_all(self._counters)
        try:
            return self._step(batch)
        except BaseException:
            if all(map(is_, counts, read_all(self._counters))):
                for variable, value in zip(self._state, before, strict=True):
                    variable.replace_value(value)
            raise
