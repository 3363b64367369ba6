"""`CallbackList`: many callbacks as one, which knows what nobody listens to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from keras.callbacks._backup_and_restore import BackupAndRestore
from keras.callbacks._callback import Callback, Logs
from keras.callbacks._history import History
from keras.callbacks._progbar_logger import ProgbarLogger


class CallbackList(Callback):
    """Passes every call on to each of its callbacks, in their order.

    Args:
        callbacks: the callbacks.
        add_history: whether to add a `History`.
        add_progbar: whether to add a `ProgbarLogger`.
        model: the model that is trained.
        params: `epochs`, `steps`, `verbose`.

    Raises:
        TypeError: for something that is no callback.

    Example:
        >>> callbacks = keras.callbacks.CallbackList(
        ...     [keras.callbacks.TerminateOnNaN()], model=model, epochs=3
        ... )
        >>> callbacks.on_train_begin()
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
        if add_progbar and not self._holds(ProgbarLogger):
            self.callbacks.append(ProgbarLogger())
        # Last, so that it notes what the others add to the logs.
        if add_history and not self._holds(History):
            self.callbacks.append(History())
        self._put_backups_last()
        if model is not None:
            self.set_model(model)
        if params:
            self.set_params(params)

    def _holds(self, cls: type[Callback]) -> bool:
        return any(isinstance(c, cls) for c in self.callbacks)

    def _put_backups_last(self) -> None:
        # They keep, and restore, what the others have done at the same event.
        self.callbacks.sort(key=lambda c: isinstance(c, BackupAndRestore))

    def append(self, callback: Callback) -> None:
        """Add a callback at the end."""
        self.callbacks.append(callback)
        self._put_backups_last()

    def follow(self, first_epoch: int, sources: Mapping[str, Any]) -> None:
        """Tell those who make interruptions good what there is to keep.

        Args:
            first_epoch: where a training begins that was not interrupted.
            sources: the data, which knows how far it has been read.
        """
        for backup in self._backups:
            others = [c for c in self.callbacks if not isinstance(c, BackupAndRestore)]
            backup.follow(first_epoch, others, sources)

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

    def hears(self, method: str) -> bool:
        """Whether any callback does anything in `method`."""
        return any(c.hears(method) for c in self.callbacks)

    def listens(self, *methods: str) -> bool:
        """Whether any callback does anything in one of these methods."""
        return any(self.hears(m) for m in methods)

    def abandon(self) -> None:
        """The run was broken off: let all callbacks close what they opened."""
        for callback in self.callbacks:
            callback._abandon()

    def progress(self, step: int, logs: Logs) -> None:
        """Tell those who show progress where the run is, a few times a second."""
        for callback in self.callbacks:
            if isinstance(callback, ProgbarLogger):
                callback.show(step, logs)

    @property
    def resume_at(self) -> tuple[int, int] | None:
        """Epochs and batches done before an interruption, if one is made good."""
        found = (c.resume_at for c in self._backups)
        return next((place for place in found if place is not None), None)

    @property
    def resume_logs(self) -> Logs:
        """The metrics of the last batch before an interruption."""
        return next((c.resume_logs for c in self._backups if c.resume_logs), {})

    @property
    def _backups(self) -> list[BackupAndRestore]:
        return [c for c in self.callbacks if isinstance(c, BackupAndRestore)]

    @property
    def history(self) -> History | None:
        """The history among the callbacks."""
        return next((c for c in self.callbacks if isinstance(c, History)), None)

    def on_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """Tell all callbacks that a batch of training begins."""
        logs = {} if logs is None else logs
        for callback in self.callbacks:
            callback.on_batch_begin(batch, logs)

    def on_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Tell all callbacks that a batch of training ends."""
        logs = {} if logs is None else logs
        for callback in self.callbacks:
            callback.on_batch_end(batch, logs)

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """Tell all callbacks that an epoch begins."""
        logs = {} if logs is None else logs
        for callback in self.callbacks:
            callback.on_epoch_begin(epoch, logs)

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Tell all callbacks that an epoch ends."""
        logs = {} if logs is None else logs
        for callback in self.callbacks:
            callback.on_epoch_end(epoch, logs)

    def on_train_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """Tell all callbacks that a batch of training begins."""
        logs = {} if logs is None else logs
        for callback in self.callbacks:
            callback.on_train_batch_begin(batch, logs)

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Tell all callbacks that a batch of training ends."""
        logs = {} if logs is None else logs
        for callback in self.callbacks:
            callback.on_train_batch_end(batch, logs)

    def on_test_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """Tell all callbacks that a batch of evaluation begins."""
        logs = {} if logs is None else logs
        for callback in self.callbacks:
            callback.on_test_batch_begin(batch, logs)

    def on_test_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Tell all callbacks that a batch of evaluation ends."""
        logs = {} if logs is None else logs
        for callback in self.callbacks:
            callback.on_test_batch_end(batch, logs)

    def on_predict_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """Tell all callbacks that a batch of prediction begins."""
        logs = {} if logs is None else logs
        for callback in self.callbacks:
            callback.on_predict_batch_begin(batch, logs)

    def on_predict_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Tell all callbacks that a batch of prediction ends."""
        logs = {} if logs is None else logs
        for callback in self.callbacks:
            callback.on_predict_batch_end(batch, logs)

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Tell all callbacks that training begins."""
        logs = {} if logs is None else logs
        for callback in self.callbacks:
            callback.on_train_begin(logs)

    def on_train_end(self, logs: Logs | None = None) -> None:
        """Tell all callbacks that training ends."""
        logs = {} if logs is None else logs
        for callback in self.callbacks:
            callback.on_train_end(logs)

    def on_test_begin(self, logs: Logs | None = None) -> None:
        """Tell all callbacks that evaluation begins."""
        logs = {} if logs is None else logs
        for callback in self.callbacks:
            callback.on_test_begin(logs)

    def on_test_end(self, logs: Logs | None = None) -> None:
        """Tell all callbacks that evaluation ends."""
        logs = {} if logs is None else logs
        for callback in self.callbacks:
            callback.on_test_end(logs)

    def on_predict_begin(self, logs: Logs | None = None) -> None:
        """Tell all callbacks that prediction begins."""
        logs = {} if logs is None else logs
        for callback in self.callbacks:
            callback.on_predict_begin(logs)

    def on_predict_end(self, logs: Logs | None = None) -> None:
        """Tell all callbacks that prediction ends."""
        logs = {} if logs is None else logs
        for callback in self.callbacks:
            callback.on_predict_end(logs)


def _flat(callbacks: Any) -> list[Callback]:
    """The callbacks in nested lists, in their order."""
    found: list[Callback] = []
    for each in callbacks or ():
        if isinstance(each, list | tuple):
            found.extend(_flat(each))
        elif isinstance(each, CallbackList):
            found.extend(each.callbacks)
        elif isinstance(each, Callback):
            found.append(each)
        else:
            what = "the class" if isinstance(each, type) else "an object of type"
            name = each.__name__ if isinstance(each, type) else type(each).__name__
            raise TypeError(
                f"callbacks: got {what} {name}; expected keras.callbacks.Callback "
                "objects. Pass an instance, with its arguments."
            )
    return found
