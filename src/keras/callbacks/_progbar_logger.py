"""`ProgbarLogger`: progress in a terminal, in a notebook, or as plain lines."""

from __future__ import annotations

from typing import Any

from keras.callbacks._callback import Callback, Logs
from keras.callbacks._progress import Line, write


class ProgbarLogger(Callback):
    """Shows step, speed, remaining time and metrics while a model runs.

    In a terminal and in a notebook a line is drawn a few times a second; in the end
    there is one line for each epoch. Where the output is neither, or with `verbose=2`,
    only that one is written. After `keras.config.disable_interactive_logging()` it goes
    to the logger "keras".

    Attributes:
        refresh: seconds between two drawings at least; where a drawing takes long,
            they are fewer, so that it does not slow the training.

    Example:
        >>> model.fit(x, y, callbacks=[keras.callbacks.ProgbarLogger()])
    """

    refresh: float = 0.1

    def __init__(self) -> None:
        super().__init__()
        self._epochs = 1
        self._number = 1
        self._line: Line | None = None
        self._step = 0
        self._is_epoch = False

    @property
    def _verbose(self) -> int:
        return int(self.params.get("verbose", 1))

    def _state(self) -> dict[str, Any]:
        return {}  # what is on the screen belongs to this run

    def set_params(self, params: dict[str, Any]) -> None:
        """Take the numbers of epochs and steps."""
        super().set_params(params)
        self._epochs = int(params.get("epochs") or 1)

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Forget what an interrupted run left."""
        self._close()

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """Begin the line of an epoch."""
        self._is_epoch = True
        self._number = epoch + 1
        if self._verbose == 1 and self._epochs > 1:
            write(f"Epoch {self._number}/{self._epochs}\n")
        self._begin()

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """End the line of an epoch with its metrics."""
        if self._verbose == 2 and self._epochs > 1:
            write(f"Epoch {self._number}/{self._epochs} - ")
        self._end(logs or {})
        self._is_epoch = False

    def on_test_begin(self, logs: Logs | None = None) -> None:
        """Begin a line, unless it is a validation inside `fit`."""
        if not self._is_epoch:
            self._begin()

    def on_test_end(self, logs: Logs | None = None) -> None:
        """End the line with the metrics."""
        if not self._is_epoch:
            self._end(logs or {})

    def on_predict_begin(self, logs: Logs | None = None) -> None:
        """Begin a line."""
        self._is_epoch = False
        self._begin()

    def on_predict_end(self, logs: Logs | None = None) -> None:
        """End the line."""
        self._end({})

    def show(self, step: int, logs: Logs) -> None:
        """Draw the line as it stands after `step` steps; the loop calls it by time."""
        self._step = step
        if self._line is not None:
            self._line.draw(step, logs)

    def _begin(self) -> None:
        self._close()
        self._step = 0
        if self._verbose:
            is_live = self._verbose == 1
            width = 20 if is_live else 0
            self._line = Line(self.params.get("steps"), "step", width, is_live)

    def _end(self, logs: Logs) -> None:
        if self._line is not None:
            total = self._line.total
            self._line.end(self._step if total is None else total, logs)
            self._line = None

    def _abandon(self) -> None:
        self._close()

    def _close(self) -> None:
        if self._line is not None:
            self._line.close()
        self._line = None
