"""`BackupAndRestore`: a training that goes on where it was interrupted."""

from __future__ import annotations

import os
from pathlib import Path

from keras.callbacks import _training_state
from keras.callbacks._callback import Callback, Logs, overrides
from keras.callbacks._progress import write
from keras.callbacks._save_points import SavePoints
from keras.callbacks._training_state import Position
from keras.core import seeds
from keras.errors import FileFormatError

_LATEST, _PREVIOUS = "latest.npz", "previous.npz"


class BackupAndRestore(Callback):
    """Keeps the state of training on disk, and goes on from it after an interruption.

    The state is all of it: weights, optimizer, metrics, random generators, order of the
    data and the place in it, so that a run on the same engine and machine ends with the
    same numbers as one that was never interrupted. It lies in one file, which is
    replaced as a whole. Run the same program again to go on.

    Args:
        backup_dir: folder for the state; use it for nothing else.
        save_freq: "epoch", or a number of batches.
        double_checkpoint: whether to keep the state before the last one as well, and
            use it where the last one cannot be read.
        delete_checkpoint: whether to delete the folder when training has ended.

    Attributes:
        resume_at: epochs and batches of the next one that were done before; `None`
            where the training begins anew.

    Raises:
        ValueError: for an empty `backup_dir` or an unknown `save_freq`.

    Example:
        >>> model.fit(x, y, callbacks=[keras.callbacks.BackupAndRestore("backup")])
    """

    def __init__(
        self,
        backup_dir: str | os.PathLike[str],
        save_freq: int | str = "epoch",
        double_checkpoint: bool = False,
        delete_checkpoint: bool = True,
    ) -> None:
        super().__init__()
        if not os.fspath(backup_dir):
            raise ValueError(
                "BackupAndRestore(backup_dir=...): got an empty path; expected a "
                "folder."
            )
        self._points = SavePoints(save_freq, type(self).__name__)
        self.backup_dir: str = os.fspath(backup_dir)
        self.save_freq = save_freq
        self.double_checkpoint = double_checkpoint
        self.delete_checkpoint = delete_checkpoint
        self._folder = Path(backup_dir)
        self._restored: Path | None = None
        self.resume_at: tuple[int, int] | None = None
        self._epoch = 0
        self._streams: dict[str, object] = {}

    def hears(self, method: str) -> bool:
        """Batches matter only where they are counted."""
        counts = method != "on_train_batch_end" or not self._points.each_epoch
        return overrides(self, method, Callback if counts else BackupAndRestore)

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Go back to the state on disk, if there is one.

        Raises:
            FileFormatError: if it is damaged, or of another model.
        """
        self._restored = self.resume_at = None
        found = [self._folder / n for n in (_LATEST, _PREVIOUS)]
        found = [path for path in found if path.exists()]
        for path in found:
            try:
                position = _training_state.load(path, self.model)
            except FileFormatError:
                if path is found[-1]:
                    raise
                continue
            self._restored = path
            seeds.restore(position.streams)
            self.resume_at = (position.epoch, position.batch)
            write(
                f"Going on after {position.epoch} epochs, {position.batch} batches.\n"
            )
            return

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """Note where the host streams are; within an epoch also restore its metrics."""
        self._epoch = epoch
        self._streams = seeds.snapshot()
        if self._restored is not None and self.resume_at and self.resume_at[1]:
            # The loop has reset the metrics since they were restored.
            _training_state.load(self._restored, self.model)
        self._restored = None

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Save after `save_freq` batches."""
        if self._points.batch_done():
            self._save(Position(self._epoch, batch + 1, self._streams))

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Save after the epoch."""
        if self._points.each_epoch:
            self._save(Position(epoch + 1, 0, seeds.snapshot()))

    def _save(self, position: Position) -> None:
        latest = self._folder / _LATEST
        if self.double_checkpoint and latest.exists():
            latest.replace(self._folder / _PREVIOUS)
        _training_state.save(latest, self.model, position)

    def on_train_end(self, logs: Logs | None = None) -> None:
        """Delete the state: there is nothing to go on with."""
        if not self.delete_checkpoint:
            return
        for name in (_LATEST, _PREVIOUS):
            (self._folder / name).unlink(missing_ok=True)
        if self._folder.is_dir() and not any(self._folder.iterdir()):
            self._folder.rmdir()
