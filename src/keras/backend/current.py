"""Which engine is active; the one place where an engine is loaded, when first used."""

import importlib
import random as python_random
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

import numpy as np

from keras.backend.allocation import keep_freed_memory
from keras.backend.base import Engine
from keras.backend.settings import check_engine, settings

_loaded: dict[str, Engine] = {}
_listeners: list[Callable[[Engine], None]] = []
_chosen: str | None = None


class _Unloaded:
    """Stands for the engine until something needs a tensor."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(load(active()), name)


engine: Engine = cast(Engine, _Unloaded())
"""The active engine. Read it as `current.engine` at every use: it changes."""


def active() -> str:
    """The name of the active engine; loads nothing."""
    return _chosen or settings().backend


def load(name: str) -> Engine:
    """Make `name` the active engine and return it."""
    global engine, _chosen
    check_engine(name, "keras.config.set_backend")
    if name not in _loaded:
        keep_freed_memory()
        try:
            with _streams_kept():
                module = importlib.import_module(f"keras.backend.{name}")
        except ModuleNotFoundError as error:
            if error.name == f"keras.backend.{name}":
                raise NotImplementedError(
                    f"The engine {name!r} is not part of this version of Keras. Choose "
                    "torch, jax or numpy with KERAS_BACKEND, keras.json, or "
                    "keras.config.set_backend."
                ) from None
            raise ImportError(
                f"The engine {name!r} cannot be loaded: no module named {error.name!r}."
                f" Install it (pip install 'keras[{name}]'), or choose another engine "
                "with KERAS_BACKEND or keras.config.set_backend."
            ) from error
        _loaded[name] = cast(Engine, module)
        for listener in _listeners:
            listener(_loaded[name])
    engine, _chosen = _loaded[name], name
    return engine


@contextmanager
def _streams_kept() -> Iterator[None]:
    """Leave the random numbers of Python and NumPy as they were: importing JAX draws
    some, and a program that has set a seed gets the same ones on every engine."""
    states = python_random.getstate(), np.random.get_state()
    try:
        yield
    finally:
        python_random.setstate(states[0])
        np.random.set_state(states[1])


def load_if_imported() -> None:
    """Load the engine if the program has imported its framework by itself.

    Layers made from there on have the base class that users of that framework expect.
    """
    if isinstance(engine, _Unloaded) and active() in sys.modules:
        load(active())


def set_active(name: str) -> None:
    """Switch engines. One that was never loaded is loaded at its first use."""
    global engine, _chosen
    check_engine(name, "keras.config.set_backend")
    _chosen = name
    engine = _loaded.get(name, cast(Engine, _Unloaded()))


def when_loaded(listener: Callable[[Engine], None]) -> None:
    """Call `listener(engine)` once for every engine, now or when it is loaded."""
    _listeners.append(listener)
    for loaded in _loaded.values():
        listener(loaded)


def is_loaded(name: str) -> bool:
    """Whether the engine has been imported by Keras in this process."""
    return name in _loaded
