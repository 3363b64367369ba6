"""`EarlyStopping`: ends a training that no longer improves."""

from __future__ import annotations

from typing import Any

import numpy as np

from keras.callbacks._callback import Callback, Logs
from keras.callbacks._progress import write
from keras.callbacks._watch import Watch


class EarlyStopping(Callback):
    """Stops training when a metric has not improved for some epochs.

    Args:
        monitor: name of the metric.
        min_delta: float, how much better a value must be to count.
        patience: int, epochs without improvement after which training stops.
        verbose: 1 to write a line when it acts.
        mode: "min", "max", or "auto": by the name of the metric.
        baseline: float, a value that must be beaten first.
        restore_best_weights: whether to go back to the weights of the best epoch at
            the end.
        start_from_epoch: int, epochs at the start that are not looked at.

    Attributes:
        best: the best value so far.
        best_epoch: its epoch, from 0.
        stopped_epoch: the epoch in which training was stopped, 0 if it was not.

    Example:
        >>> stop = keras.callbacks.EarlyStopping(patience=3, restore_best_weights=True)
        >>> model.fit(x, y, validation_split=0.1, epochs=100, callbacks=[stop])
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        min_delta: float = 0,
        patience: int = 0,
        verbose: int = 0,
        mode: str = "auto",
        baseline: float | None = None,
        restore_best_weights: bool = False,
        start_from_epoch: int = 0,
    ) -> None:
        super().__init__()
        self._watch = Watch(monitor, mode, min_delta, type(self).__name__)
        self.monitor = monitor
        self.min_delta: float = abs(min_delta)
        self.patience = patience
        self.verbose = verbose
        self.mode = mode
        self.baseline = baseline
        self.restore_best_weights = restore_best_weights
        self.start_from_epoch = start_from_epoch
        self._begin()

    def _begin(self) -> None:
        self.wait: int = 0
        self.stopped_epoch: int = 0
        self.best: float | None = None
        self.best_epoch: int = 0
        self.best_weights: list[np.ndarray[Any, Any]] | None = None

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Forget an earlier training."""
        self._begin()

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Compare the metric with the best so far."""
        current = self.get_monitor_value(logs)
        if current is None or epoch < self.start_from_epoch:
            return
        if self.restore_best_weights and self.best_weights is None:
            # Without any improvement those of the first epoch are the best.
            self._keep_weights(epoch)
        self.wait += 1
        if self._watch.improves(current, self.best):
            self.best = current
            if self.restore_best_weights:
                self._keep_weights(epoch)
            self.best_epoch = epoch
            if self.baseline is None or self._watch.improves(current, self.baseline):
                self.wait = 0
                return
        if self.wait >= self.patience and epoch > 0:
            self.stopped_epoch = epoch
            self.model.stop_training = True

    def _keep_weights(self, epoch: int) -> None:
        # Copies: an engine may give views of what the next step overwrites.
        self.best_weights = [np.array(w) for w in self.model.get_weights()]
        self.best_epoch = epoch

    def on_train_end(self, logs: Logs | None = None) -> None:
        """Go back to the best weights."""
        if self.stopped_epoch and self.verbose:
            write(f"Epoch {self.stopped_epoch + 1}: early stopping\n")
        if self.restore_best_weights and self.best_weights is not None:
            if self.verbose:
                write(
                    "Restoring model weights from the end of the best epoch: "
                    f"{self.best_epoch + 1}.\n"
                )
            self.model.set_weights(self.best_weights)

    def get_monitor_value(self, logs: Logs | None) -> float | None:
        """The value of the metric, or `None` with a warning."""
        return self._watch.value(logs, "training is not stopped early")
