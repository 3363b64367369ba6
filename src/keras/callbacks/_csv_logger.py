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
        self._file: TextIO | None = None
        self._keys: list[str] | None = None

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Open the file."""
        path = Path(self.filename)
        self._keys = None
        goes_on = self.append and path.exists() and path.stat().st_size > 0
        if goes_on:
            with path.open(newline="", encoding="utf-8") as file:
                header = next(csv.reader(file, delimiter=self.sep), [])
            self._keys = [k for k in header if k != "epoch"]
        self._file = path.open(
            "a" if self.append else "w", newline="", encoding="utf-8"
        )

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Write a line."""
        logs = logs or {}
        file = self._file
        if file is None:
            raise RuntimeError(
                "CSVLogger.on_epoch_end: no file is open. Call on_train_begin first."
            )
        writer = csv.writer(file, delimiter=self.sep, lineterminator="\n")
        if self._keys is None:
            self._keys = _columns(logs)
            writer.writerow(["epoch", *self._keys])
        writer.writerow([epoch, *(_cell(logs.get(k, "NA")) for k in self._keys)])
        file.flush()

    def on_train_end(self, logs: Logs | None = None) -> None:
        """Close the file."""
        self._abandon()

    def _abandon(self) -> None:
        if self._file is not None:
            self._file.close()
        self._file = None


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
