"""`BackupAndRestore`: a training that goes on where it was interrupted."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from keras.callbacks import _training_state
from keras.callbacks._callback import Callback, Logs, overrides
from keras.callbacks._progress import write
from keras.callbacks._save_points import SavePoints
from keras.errors import FileFormatError
from keras.typing import Config

_LATEST, _PREVIOUS = "latest.h5", "previous.h5"


class BackupAndRestore(Callback):
    """Keeps the state of training on disk, and goes on from it after an interruption.

    The state is all of it: weights, optimizer, metrics, random generators, order of the
    data and the place in it, history, and what other callbacks keep, so that a run on
    the same engine and machine ends with the same numbers as one that was never
    interrupted. It lies in one file, which is replaced as a whole. Run the same program
    again to go on. A generator is read anew up to the place; of other data only the
    epoch that was interrupted is, so that its order must follow from its own state or
    the generators of Python and NumPy.

    Args:
        backup_dir: folder for the state; use it for nothing else.
        save_freq: "epoch", or a number of batches.
        double_checkpoint: whether to keep the state before the last one as well, and
            use it where the last one cannot be read.
        delete_checkpoint: whether to delete the folder when training has ended.

    Attributes:
        resume_at: epochs and batches of the next one that were done before; `None`
            where the training begins anew.
        resume_logs: the metrics of the last of these batches.

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
        self._state_on_disk: Config | None = None
        self.resume_at: tuple[int, int] | None = None
        self.resume_logs: Logs = {}
        self._epoch = self._first_epoch = 0
        self._others: Sequence[Callback] = ()
        self._sources: Mapping[str, Any] = {}
        self._fresh: Mapping[str, Mapping[str, bytes]] = {}

    def follow(
        self, first_epoch: int, others: Sequence[Callback], sources: Mapping[str, Any]
    ) -> None:
        """Told by `fit` what else there is to keep.

        Args:
            first_epoch: where a training begins that was not interrupted.
            others: the other callbacks.
            sources: the data, which knows how far it has been read.
        """
        self._first_epoch, self._others, self._sources = first_epoch, others, sources
        self._fresh = _training_state.fingerprints(others)

    def hears(self, method: str) -> bool:
        """Batches matter only where they are counted."""
        counts = method != "on_train_batch_end" or not self._points.each_epoch
        return overrides(self, method, Callback if counts else BackupAndRestore)

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Go back to the state on disk; if there is none, keep the one of now.

        Raises:
            FileFormatError: if it is damaged, or of another model.
        """
        self._state_on_disk = self.resume_at = None
        self.resume_logs = {}
        for part in self._folder.glob(".*.part"):
            part.unlink()  # the process ended while it was written
        if not self._restore():
            self._save(self._first_epoch, 0, trained=False)

    def _restore(self) -> bool:
        paths = [self._folder / name for name in (_LATEST, _PREVIOUS)]
        paths = [path for path in paths if path.exists()]
        for path in paths:
            state: Config = {}
            try:
                state = _training_state.read(path)
                _training_state.restore(state, self.model, self._others, self._sources)
            except FileFormatError as error:
                if not state.get("trained", True):
                    return False  # a program that was changed before its first step
                if path is not paths[-1]:
                    continue
                raise FileFormatError(
                    f"{path}: cannot go on with this training. {error} It is damaged, "
                    "or of another model or optimizer; delete it to begin anew."
                ) from error
            self._state_on_disk = state
            self.resume_at = epoch, batch = state["epoch"], state["batch"]
            self.resume_logs = state["logs"]
            if state["trained"]:
                write(f"Going on after {epoch} epochs, {batch} batches.\n")
            return True
        return False

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """Within an epoch, undo what its beginning has done a second time."""
        self._epoch = epoch
        state, self._state_on_disk = self._state_on_disk, None
        if state is not None and state["batch"]:
            # The data waits at its place since `on_train_begin`.
            _training_state.restore(state, self.model, self._others, {})

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Save after `save_freq` batches."""
        if self._points.batch_done():
            self._save(self._epoch, batch + 1, logs or {})

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Save after the epoch."""
        if self._points.each_epoch:
            self._save(epoch + 1, 0)

    def _save(
        self, epoch: int, batch: int, logs: Logs | None = None, trained: bool = True
    ) -> None:
        state = _training_state.gather(
            self.model,
            self._others,
            self._sources,
            self._fresh,
            epoch=epoch,
            batch=batch,
            trained=trained,
            logs=logs or {},
        )
        latest = self._folder / _LATEST
        if self.double_checkpoint and latest.exists():
            latest.replace(self._folder / _PREVIOUS)
        _training_state.write(latest, state)

    def on_train_end(self, logs: Logs | None = None) -> None:
        """Delete the state: there is nothing to go on with."""
        if not self.delete_checkpoint:
            return
        for name in (_LATEST, _PREVIOUS):
            (self._folder / name).unlink(missing_ok=True)
        if self._folder.is_dir() and not any(self._folder.iterdir()):
            self._folder.rmdir()
