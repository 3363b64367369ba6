"""`ReduceLROnPlateau`: smaller steps where a metric no longer improves."""

from __future__ import annotations

from typing import Any

from keras.callbacks._callback import Callback, Logs
from keras.callbacks._learning_rate import learning_rate_of, set_learning_rate
from keras.callbacks._progress import write
from keras.callbacks._watch import Watch


class ReduceLROnPlateau(Callback):
    """Multiplies the learning rate by a factor when a metric has stopped improving.

    The learning rate is added to the logs of each epoch.

    Args:
        monitor: name of the metric.
        factor: float below 1.
        patience: int, epochs without improvement after which it acts.
        verbose: 1 to write a line when it acts.
        mode: "min", "max", or "auto": by the name of the metric.
        min_delta: float, how much better a value must be to count.
        cooldown: int, epochs to wait after a reduction before counting again.
        min_lr: float, the least learning rate.

    Raises:
        ValueError: if `factor` is not below 1.

    Example:
        >>> reduce = keras.callbacks.ReduceLROnPlateau(factor=0.2, patience=5)
        >>> model.fit(x, y, validation_split=0.1, epochs=100, callbacks=[reduce])
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        factor: float = 0.1,
        patience: int = 10,
        verbose: int = 0,
        mode: str = "auto",
        min_delta: float = 1e-4,
        cooldown: int = 0,
        min_lr: float = 0.0,
        **kwargs: Any,
    ) -> None:
        super().__init__()
        if kwargs:
            raise TypeError(
                f"ReduceLROnPlateau: got unknown arguments {', '.join(kwargs)}."
            )
        if factor >= 1.0:
            raise ValueError(
                f"ReduceLROnPlateau(factor=...): got {factor}; expected a number below "
                "1, by which the learning rate is multiplied. Pass factor=0.1."
            )
        self._watch = Watch(monitor, mode, min_delta, type(self).__name__)
        self.monitor = monitor
        self.factor = factor
        self.patience = patience
        self.verbose = verbose
        self.mode = mode
        self.min_delta = min_delta
        self.cooldown = cooldown
        self.min_lr = min_lr
        self._begin()

    def _begin(self) -> None:
        self.wait: int = 0
        self.cooldown_counter: int = 0
        self.best: float | None = None

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Forget an earlier training."""
        self._begin()

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Compare the metric with the best so far."""
        logs = {} if logs is None else logs
        rate = learning_rate_of(self.model, "ReduceLROnPlateau")
        logs["learning_rate"] = rate
        current = self._watch.value(logs, "the learning rate is not reduced")
        if current is None:
            return
        if self.in_cooldown():
            self.cooldown_counter -= 1
            self.wait = 0
        if self._watch.improves(current, self.best):
            self.best = current
            self.wait = 0
        elif not self.in_cooldown():
            self.wait += 1
            if self.wait >= self.patience and rate > self.min_lr:
                self._reduce(epoch, rate)

    def _reduce(self, epoch: int, rate: float) -> None:
        rate = max(rate * self.factor, self.min_lr)
        set_learning_rate(self.model, rate, "ReduceLROnPlateau")
        self.cooldown_counter = self.cooldown
        self.wait = 0
        if self.verbose:
            write(
                f"Epoch {epoch + 1}: ReduceLROnPlateau reducing learning rate to "
                f"{rate:.6g}.\n"
            )

    def in_cooldown(self) -> bool:
        """Whether a reduction is so recent that epochs do not count yet."""
        return self.cooldown_counter > 0
