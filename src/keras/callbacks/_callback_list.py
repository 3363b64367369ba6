"""`CallbackList`: many callbacks as one, which knows what nobody listens to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from keras.callbacks._callback import Callback, Logs
from keras.callbacks._history import History
from keras.callbacks._progbar_logger import ProgbarLogger


class CallbackList(Callback):
    """Passes every call on to each of its callbacks.

    Args:
        callbacks: the callbacks.
        add_history: whether to add a `History`.
        add_progbar: whether to add a `ProgbarLogger`.
        model: the model that is trained.
        params: `epochs`, `steps`, `verbose`.
    """

    def __init__(
        self,
        callbacks: Iterable[Callback] | Callback | None = None,
        add_history: bool = False,
        add_progbar: bool = False,
        model: Any = None,
        **params: Any,
    ) -> None:
        super().__init__()
        if isinstance(callbacks, Callback):
            callbacks = [callbacks]
        self.callbacks: list[Callback] = _flat(callbacks)
        if add_progbar and not any(
            isinstance(c, ProgbarLogger) for c in self.callbacks
        ):
            self.callbacks.append(ProgbarLogger())
        if add_history and not any(isinstance(c, History) for c in self.callbacks):
            self.callbacks.append(History())
        if model is not None:
            self.set_model(model)
        if params:
            self.set_params(params)

    def append(self, callback: Callback) -> None:
        """Add a callback at the end."""
        self.callbacks.append(callback)

    def set_params(self, params: dict[str, Any]) -> None:
        """Tell all callbacks the parameters."""
        self.params = params
        for callback in self.callbacks:
            callback.set_params(params)

    def set_model(self, model: Any) -> None:
        """Tell all callbacks the model."""
        super().set_model(model)
        for callback in self.callbacks:
            callback.set_model(model)

    def listens(self, *methods: str) -> bool:
        """Whether any callback overrides one of these methods."""
        return any(
            getattr(type(c), m, None) is not getattr(Callback, m)
            for c in self.callbacks
            for m in methods
        )

    def progress(self, step: int, logs: Logs) -> None:
        """Tell those who show progress where the run is; called a few times a second."""
        for callback in self.callbacks:
            if isinstance(callback, ProgbarLogger):
                callback.show(step, logs)

    @property
    def history(self) -> History | None:
        """The history among the callbacks."""
        return next((c for c in self.callbacks if isinstance(c, History)), None)


def _flat(callbacks: Any) -> list[Callback]:
    if callbacks is None:
        return []
    found: list[Callback] = []
    for each in callbacks:
        if isinstance(each, list | tuple):
            found.extend(_flat(each))
        elif isinstance(each, CallbackList):
            found.extend(each.callbacks)
        elif isinstance(each, Callback) or hasattr(each, "on_epoch_end"):
            found.append(each)
        else:
            raise TypeError(
                f"callbacks: got {each!r}; expected keras.callbacks.Callback objects. "
                "Pass an instance, with its arguments."
            )
    return found


def _passed_on(name: str) -> Any:
    def method(self: CallbackList, *args: Any) -> None:
        for callback in self.callbacks:
            getattr(callback, name)(*args)

    def with_logs(self: CallbackList, *args: Any, logs: Logs | None = None) -> None:
        method(self, *args, *(() if logs is None else (logs,)))

    with_logs.__name__ = name
    with_logs.__doc__ = getattr(Callback, name).__doc__
    return with_logs


for _name in [n for n in vars(Callback) if n.startswith("on_")]:
    setattr(CallbackList, _name, _passed_on(_name))
