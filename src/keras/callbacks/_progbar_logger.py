"""`ProgbarLogger`: progress in a terminal, in a notebook, or as plain lines."""

from __future__ import annotations

import sys
import time
from typing import Any, TextIO

from keras.callbacks._callback import Callback, Logs
from keras.core.config import flags

_BAR = 20


class ProgbarLogger(Callback):
    """Shows step, speed, remaining time and metrics while a model runs.

    In a terminal one line is drawn anew a few times a second; where the output is no
    terminal, or with `verbose=2`, there is one line for each epoch.

    Attributes:
        refresh: seconds between two drawings.
    """

    refresh = 0.1

    def __init__(self) -> None:
        super().__init__()
        self._epochs = 1
        self._steps: int | None = None
        self._began = 0.0
        self._line: _Line | None = None
        self._kind = ""

    @property
    def _verbose(self) -> int:
        return int(self.params.get("verbose", 1))

    def set_params(self, params: dict[str, Any]) -> None:
        """Take the numbers of epochs and steps."""
        super().set_params(params)
        self._epochs = int(params.get("epochs") or 1)
        self._steps = params.get("steps")

    def _begin(self, kind: str) -> None:
        self._kind, self._began = kind, time.perf_counter()
        self._line = _Line(sys.stdout) if self._verbose == 1 else None

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """Begin the line of an epoch."""
        self._steps = self.params.get("steps")
        self._begin("epoch")
        self._number = epoch + 1
        if self._verbose == 1 and self._epochs > 1:
            write(f"Epoch {self._number}/{self._epochs}\n")

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """End the line of an epoch with its metrics."""
        if self._verbose == 1:
            self._finish(logs or {})
        elif self._verbose == 2:
            head = f"Epoch {self._number}/{self._epochs} - "
            write(head + self._text(self._steps, logs or {}, done=True) + "\n")

    def on_test_begin(self, logs: Logs | None = None) -> None:
        """Begin a line, unless it is a validation inside `fit`."""
        if self._kind != "epoch":
            self._begin("test")

    def on_test_end(self, logs: Logs | None = None) -> None:
        """End the line with the metrics."""
        if self._kind == "test":
            self._end_alone(logs or {})

    def on_predict_begin(self, logs: Logs | None = None) -> None:
        """Begin a line."""
        self._begin("predict")

    def on_predict_end(self, logs: Logs | None = None) -> None:
        """End the line."""
        self._end_alone({})

    def _end_alone(self, logs: Logs) -> None:
        if self._verbose == 1:
            self._finish(logs)
        elif self._verbose == 2:
            write(self._text(self._steps, logs, done=True) + "\n")
        self._kind = ""

    def show(self, step: int, logs: Logs) -> None:
        """Draw the line as it stands after `step` steps."""
        if self._line is not None and self._line.is_live:
            self._line.draw(self._text(step, logs, done=False))

    def _finish(self, logs: Logs) -> None:
        if self._line is not None:
            self._line.end(self._text(self._steps, logs, done=True))
        self._line = None

    def _text(self, step: int | None, logs: Logs, done: bool) -> str:
        elapsed = max(time.perf_counter() - self._began, 1e-9)
        count = self._done if step is None else step
        self._done = count
        parts = []
        if self._steps:
            filled = _BAR if done else int(_BAR * count / self._steps)
            parts.append(f"{count}/{self._steps} " + "━" * filled + "─" * (_BAR - filled))
        elif count:
            parts.append(f"{count} steps")
        rate = count / elapsed if count else 0.0
        parts.append(_duration(elapsed))
        if rate:
            parts.append(f"{rate:.0f} steps/s" if rate >= 10 else f"{1e3 / rate:.0f} ms/step")
        if not done and self._steps and rate:
            parts.append("left " + _duration((self._steps - count) / rate))
        parts.extend(f"{k}: {_number(v)}" for k, v in logs.items())
        return " - ".join(parts)

    _done = 0
    _number = 1


class _Line:
    """One line of a terminal that is drawn again and again."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.is_live = bool(getattr(stream, "isatty", lambda: False)()) or _in_notebook()
        self._width = 0

    def draw(self, text: str) -> None:
        """Show `text` in place of what was shown."""
        padded = text.ljust(self._width)
        self._width = len(text)
        write("\r" + padded, self._stream)

    def end(self, text: str) -> None:
        """Show `text` for good."""
        if self.is_live:
            self.draw(text)
            write("\n", self._stream)
        else:
            write(text + "\n", self._stream)


def write(text: str, stream: TextIO | None = None) -> None:
    """Put text where progress goes: the standard output, or the log."""
    if not flags.interactive_logging:
        import logging

        logging.getLogger("keras").info(text.strip())
        return
    stream = stream or sys.stdout
    stream.write(text)
    stream.flush()


def _in_notebook() -> bool:
    return "ipykernel" in sys.modules


def _duration(seconds: float) -> str:
    if seconds < 1:
        return f"{seconds * 1e3:.0f}ms"
    if seconds < 100:
        return f"{seconds:.0f}s"
    minutes, seconds = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def _number(value: Any) -> str:
    try:
        value = float(value)
    except (TypeError, ValueError):
        return str(value)
    return f"{value:.4f}" if value == 0 or 1e-3 <= abs(value) < 1e5 else f"{value:.4e}"
