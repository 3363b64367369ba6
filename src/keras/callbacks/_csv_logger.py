"""`CSVLogger`: the metrics of every epoch in a text file."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from keras.callbacks._callback import Callback, Logs


class CSVLogger(Callback):
    """Writes a line of metrics for each epoch into a CSV file.

    The columns are the metrics of the first epoch, sorted, with columns for
    validation in any case; what an epoch does not have is "NA". Every line is on the
    disk when its epoch ends.

    Args:
        filename: path of the file.
        separator: between the columns.
        append: whether to go on with a file that exists, rather than begin it anew.

    Example:
        >>> model.fit(x, y, callbacks=[keras.callbacks.CSVLogger("training.csv")])
    """

    def __init__(
        self,
        filename: str | os.PathLike[str],
        separator: str = ",",
        append: bool = False,
    ) -> None:
        super().__init__()
        self.filename: str = os.fspath(filename)
        self.sep = separator
        self.append = append
        self._is_begun = False
        self._keys: list[str] | None = None

    def _state(self) -> dict[str, Any]:
        if not self._is_begun:
            return {}
        # The text itself: rows that were written after this state are to go.
        with self._open("r") as file:
            return {"_keys": self._keys, "text": file.read()}

    def _set_state(self, state: dict[str, Any]) -> None:
        self._keys, text = state["_keys"], state["text"]
        with self._open("w") as file:
            file.write(text)

    def _open(self, mode: str) -> TextIO:
        return Path(self.filename).open(mode, newline="", encoding="utf-8")  # type: ignore[return-value]

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Begin the file, or go on with it."""
        path = Path(self.filename)
        self._keys = None
        goes_on = self.append and path.exists() and path.stat().st_size > 0
        if goes_on:
            with self._open("r") as file:
                header = next(csv.reader(file, delimiter=self.sep), [])
            self._keys = [k for k in header if k != "epoch"]
        self._open("a" if self.append else "w").close()
        self._is_begun = True

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Write a line."""
        logs = logs or {}
        if not self._is_begun:
            raise RuntimeError(
                "CSVLogger.on_epoch_end: no file is open. Call on_train_begin first."
            )
        with self._open("a") as file:
            writer = csv.writer(file, delimiter=self.sep, lineterminator="\n")
            if self._keys is None:
                self._keys = _columns(logs)
                writer.writerow(["epoch", *self._keys])
            writer.writerow([epoch, *(_cell(logs.get(k, "NA")) for k in self._keys)])

    def on_train_end(self, logs: Logs | None = None) -> None:
        """End the file."""
        self._is_begun = False


def _columns(logs: Logs) -> list[str]:
    """The metrics; where the first epoch was not validated, later ones may be."""
    keys = sorted(logs)
    if any(k.startswith("val_") for k in keys):
        return keys
    return keys + [f"val_{k}" for k in keys]


def _cell(value: Any) -> Any:
    """A number or text as it is; arrays and lists as one quoted cell."""
    if isinstance(value, str) or np.ndim(value) == 0:
        return value
    items: Iterable[Any] = np.asarray(value).ravel().tolist()
    return f"[{', '.join(map(str, items))}]"
