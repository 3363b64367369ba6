"""`OrbaxCheckpoint`: training state saved by Orbax, in the background."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np

from keras.callbacks._callback import Callback, Logs, overrides
from keras.callbacks._save_points import SavePoints
from keras.callbacks._watch import Watch


class OrbaxCheckpoint(Callback):
    """Saves weights and optimizer as checkpoints of Orbax, which other JAX code reads.

    A checkpoint is a tree of arrays, `{"weights": [...], "optimizer": [...],
    "metrics": [...]}` (lists in the order of `model.weights` and so on).

    Args:
        directory: folder of the checkpoints.
        monitor: name of the metric for `save_best_only`.
        verbose: accepted for compatibility.
        save_best_only: whether to save only what is better than all before.
        mode: "min", "max", or "auto": by the name of the metric.
        save_freq: "epoch", or a number of batches.
        initial_value_threshold: float, a value that must be beaten first.
        max_to_keep: checkpoints to keep.
        save_on_background: whether training goes on while files are written.
        save_weights_only: whether to leave out optimizer and metrics.

    Raises:
        ImportError: where the package "orbax-checkpoint" is not installed.

    Example:
        >>> checkpoint = keras.callbacks.OrbaxCheckpoint("checkpoints", max_to_keep=3)
    """

    def __init__(
        self,
        directory: str | os.PathLike[str],
        monitor: str = "val_loss",
        verbose: int = 0,
        save_best_only: bool = False,
        mode: str = "auto",
        save_freq: int | str = "epoch",
        initial_value_threshold: float | None = None,
        max_to_keep: int | None = 1,
        save_on_background: bool = True,
        save_weights_only: bool = False,
    ) -> None:
        super().__init__()
        self._orbax = _orbax()
        self._watch = Watch(monitor, mode, 0.0, type(self).__name__)
        self._points = SavePoints(save_freq, type(self).__name__)
        self.directory: str = os.fspath(directory)
        self.monitor = monitor
        self.verbose = verbose
        self.save_best_only = save_best_only
        self.mode = mode
        self.save_freq = save_freq
        self.best = initial_value_threshold
        self.max_to_keep = max_to_keep
        self.save_on_background = save_on_background
        self.save_weights_only = save_weights_only
        self._batches = 0
        self._manager = self._orbax.CheckpointManager(
            Path(directory).absolute(),
            options=self._orbax.CheckpointManagerOptions(
                max_to_keep=max_to_keep,
                enable_async_checkpointing=save_on_background,
            ),
        )

    def hears(self, method: str) -> bool:
        """Batches matter only where they are counted."""
        counts = method != "on_train_batch_end" or not self._points.each_epoch
        return overrides(self, method, Callback if counts else OrbaxCheckpoint)

    def is_multihost_enabled(self) -> bool:
        """Whether several processes train together."""
        return bool(self._orbax.utils.multihost.process_count() > 1)

    def is_primary_host(self) -> bool:
        """Whether this process is the one that writes."""
        return bool(self._orbax.utils.multihost.process_index() == 0)

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Save after `save_freq` batches."""
        self._batches += 1
        if self._points.batch_done():
            self._save(self._batches, logs)

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Save after the epoch."""
        if self._points.each_epoch:
            self._save(epoch, logs)

    def on_train_end(self, logs: Logs | None = None) -> None:
        """Wait until everything is written."""
        self.wait_until_finished()

    def wait_until_finished(self) -> None:
        """Wait until everything is written."""
        self._manager.wait_until_finished()

    def _save(self, step: int, logs: Logs | None) -> None:
        if self.save_best_only:
            value = self._watch.value(logs, "nothing is saved")
            if value is None or not self._watch.improves(value, self.best):
                return
            self.best = value
        tree = {"weights": _values(self.model.weights)}
        if not self.save_weights_only:
            if self.model.optimizer is not None:
                tree["optimizer"] = _values(self.model.optimizer.variables)
            tree["metrics"] = _values(
                v for m in self.model.metrics for v in m.variables
            )
        self._manager.save(step, args=self._orbax.args.StandardSave(tree))


def _values(variables: Any) -> list[np.ndarray[Any, Any]]:
    return [np.array(v.numpy()) for v in variables]


def _orbax() -> Any:
    try:
        # Only for this callback.
        import orbax.checkpoint as orbax  # type: ignore
    except ImportError as error:
        raise ImportError(
            "OrbaxCheckpoint: the package orbax-checkpoint is not installed. Run "
            "`pip install orbax-checkpoint`, or use keras.callbacks.ModelCheckpoint."
        ) from error
    return orbax
