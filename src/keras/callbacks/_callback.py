"""`Callback`: what is told of the course of `fit`, `evaluate` and `predict`."""

from __future__ import annotations

from typing import Any, TypeAlias

from keras.callbacks._kept import Kept

Logs: TypeAlias = dict[str, Any]
"""Metrics by name; all callbacks are given the same dict and may add to it."""


class Callback(Kept):
    """Methods that are called at the begin and end of training, epochs and batches.

    Override those you need; a callback that overrides no method for batches costs
    nothing per batch. With `BackupAndRestore`, attributes of plain data (numbers,
    texts, arrays, lists, dicts) are restored when a training goes on.

    Attributes:
        params: a dict with `epochs`, `steps`, `verbose`.

    Example:
        >>> class Shout(keras.callbacks.Callback):
        ...     def on_epoch_end(self, epoch, logs=None):
        ...         print(epoch, logs["loss"])
    """

    def __init__(self) -> None:
        self.params: dict[str, Any] = {}
        self._model: Any = None

    def set_params(self, params: dict[str, Any]) -> None:
        """Told before anything else: `epochs`, `steps`, `verbose`."""
        self.params = params

    def set_model(self, model: Any) -> None:
        """Told which model is trained."""
        self._model = model

    @property
    def model(self) -> Any:
        """The model that is trained."""
        return self._model

    def hears(self, method: str) -> bool:
        """Whether this callback does anything in `method`.

        The loop looks at single batches only where a callback hears of them.
        Override it where that depends on options.

        Args:
            method: the name of a method, such as "on_train_batch_end".
        """
        return overrides(self, method, Callback)

    def _abandon(self) -> None:
        """The run was broken off: close files and displays."""

    def on_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """Another name of `on_train_batch_begin`."""

    def on_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Another name of `on_train_batch_end`."""

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """An epoch of training begins; epochs count from 0."""

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """An epoch of training ends; `logs` hold all metrics, also `val_` ones."""

    def on_train_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """A batch of training begins."""
        self.on_batch_begin(batch, logs)

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """A batch of training ends; `logs` hold the metrics of the epoch so far."""
        self.on_batch_end(batch, logs)

    def on_test_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """A batch of evaluation begins."""

    def on_test_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """A batch of evaluation ends."""

    def on_predict_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """A batch of prediction begins."""

    def on_predict_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """A batch of prediction ends; `logs` hold `outputs`."""

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Training begins."""

    def on_train_end(self, logs: Logs | None = None) -> None:
        """Training ends; `logs` are those of the last epoch."""

    def on_test_begin(self, logs: Logs | None = None) -> None:
        """Evaluation begins."""

    def on_test_end(self, logs: Logs | None = None) -> None:
        """Evaluation ends."""

    def on_predict_begin(self, logs: Logs | None = None) -> None:
        """Prediction begins."""

    def on_predict_end(self, logs: Logs | None = None) -> None:
        """Prediction ends."""


def overrides(callback: Callback, method: str, base: type[Callback]) -> bool:
    """Whether a callback has another `method` than the class `base`."""
    if method in callback.__dict__:
        return True
    return getattr(type(callback), method) is not getattr(base, method)
