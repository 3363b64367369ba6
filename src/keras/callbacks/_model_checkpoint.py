"""`ModelCheckpoint`: the model saved while it is trained."""

from __future__ import annotations

import os
from pathlib import Path

from keras.callbacks._callback import Callback, Logs, overrides
from keras.callbacks._file_names import filled
from keras.callbacks._progress import write
from keras.callbacks._save_points import SavePoints
from keras.callbacks._watch import Watch


class ModelCheckpoint(Callback):
    """Saves the model or its weights, always or only when a metric has improved.

    Args:
        filepath: path that ends in ".keras" (or ".h5"), with `save_weights_only` in
            ".weights.h5"; may hold `{epoch:02d}`, `{batch}` and metrics, as
            `{val_loss:.2f}`.
        monitor: name of the metric for `save_best_only`.
        verbose: 1 to write a line for each file.
        save_best_only: whether to save only what is better than all before.
        save_weights_only: whether to save the weights alone.
        mode: "min", "max", or "auto": by the name of the metric.
        save_freq: "epoch", or a number of batches.
        initial_value_threshold: float, a value that must be beaten first.

    Raises:
        ValueError: for a path with another ending, or an unknown `save_freq`.

    Example:
        >>> best = keras.callbacks.ModelCheckpoint("best.keras", save_best_only=True)
        >>> model.fit(x, y, validation_split=0.1, callbacks=[best])
    """

    def __init__(
        self,
        filepath: str | os.PathLike[str],
        monitor: str = "val_loss",
        verbose: int = 0,
        save_best_only: bool = False,
        save_weights_only: bool = False,
        mode: str = "auto",
        save_freq: int | str = "epoch",
        initial_value_threshold: float | None = None,
    ) -> None:
        super().__init__()
        self._watch = Watch(monitor, mode, 0.0, type(self).__name__)
        self._points = SavePoints(save_freq, type(self).__name__)
        self.filepath: str = os.fspath(filepath)
        self.monitor = monitor
        self.verbose = verbose
        self.save_best_only = save_best_only
        self.save_weights_only = save_weights_only
        self.mode = mode
        self.save_freq = save_freq
        self.best = initial_value_threshold
        self._epoch = 0
        self._check_ending()

    def _check_ending(self) -> None:
        endings = (".weights.h5",) if self.save_weights_only else (".keras", ".h5")
        if not self.filepath.endswith(endings):
            what = "weights" if self.save_weights_only else "models"
            raise ValueError(
                f"ModelCheckpoint(filepath=...): got {self.filepath!r}; expected a "
                f"path that ends in {' or '.join(endings)}, as files of {what} do. "
                f"Append {endings[0]!r}."
            )

    def hears(self, method: str) -> bool:
        """Batches matter only where they are counted."""
        counts = method != "on_train_batch_end" or not self._points.each_epoch
        return overrides(self, method, Callback if counts else ModelCheckpoint)

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """Note the epoch."""
        self._epoch = epoch

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Save after `save_freq` batches."""
        if self._points.batch_done():
            self._save(self._epoch, batch, logs or {})

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Save after the epoch."""
        if self._points.each_epoch:
            self._save(epoch, None, logs or {})

    def _save(self, epoch: int, batch: int | None, logs: Logs) -> None:
        reason = ""
        if self.save_best_only:
            value = self._watch.value(logs, "nothing is saved")
            if value is None:
                return
            if not self._watch.improves(value, self.best):
                if self.verbose:
                    best = "none" if self.best is None else f"{self.best:.5f}"
                    write(
                        f"Epoch {epoch + 1}: {self.monitor} did not improve from "
                        f"{best}\n"
                    )
                return
            before = "" if self.best is None else f" from {self.best:.5f}"
            reason = f"{self.monitor} improved{before} to {value:.5f}, "
            self.best = value
        path = Path(filled(self.filepath, type(self).__name__, epoch, batch, logs))
        path.parent.mkdir(parents=True, exist_ok=True)
        if self.verbose:
            what = "weights" if self.save_weights_only else "model"
            write(f"Epoch {epoch + 1}: {reason}saving {what} to {path}\n")
        if self.save_weights_only:
            self.model.save_weights(path, overwrite=True)
        else:
            self.model.save(path, overwrite=True)
