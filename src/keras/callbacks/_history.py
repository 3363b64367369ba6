"""`History`: the metrics of every epoch."""

from typing import Any

from keras.callbacks._callback import Callback, Logs


class History(Callback):
    """What `fit` returns.

    Attributes:
        history: lists of the metrics by name, an entry for each epoch.
        epoch: the numbers of the epochs.

    Example:
        >>> model.fit(x, y, epochs=2).history["loss"]
    """

    def __init__(self) -> None:
        super().__init__()
        self.history: dict[str, list[Any]] = {}
        self.epoch: list[int] = []

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Forget the numbers of the epochs of an earlier training."""
        self.epoch = []

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Note the metrics of an epoch."""
        self.epoch.append(epoch)
        for key, value in (logs or {}).items():
            self.history.setdefault(key, []).append(value)
        if self.model is not None:
            self.model.history = self
