"""Progress as people see it: the text of a line, and a line that is drawn again."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import numpy as np

from keras.core.config import flags


def write(text: str) -> None:
    """Put text where progress goes: the standard output, or the log "keras"."""
    if not flags.interactive_logging:
        logging.getLogger("keras").info(text.strip())
        return
    sys.stdout.write(text)
    sys.stdout.flush()


# The text of a line.


def count_text(step: int, total: int | None) -> str:
    """How many of how many, the numbers below each other."""
    return str(step) if total is None else f"{step:>{len(str(total))}}/{total}"


def bar_text(step: int, total: int | None, width: int) -> str:
    """A bar that is full at the end."""
    filled = width if not total else min(width, width * step // total)
    return "━" * filled + "─" * (width - filled)


def metrics_text(logs: Mapping[str, Any]) -> str:
    """Names and values, each after a dash."""
    return "".join(f" - {k}: {number_text(v)}" for k, v in logs.items())


def number_text(value: Any) -> str:
    """A number with four digits; the mean of an array."""
    try:
        value = float(np.mean(value))
    except (TypeError, ValueError):
        return str(value)
    is_plain = value == 0 or 1e-3 < abs(value) < 1e5
    return f"{value:.4f}" if is_plain or not np.isfinite(value) else f"{value:.4e}"


def pace_text(seconds: float, unit: str) -> str:
    """The time that one step takes."""
    if seconds >= 1:
        return f"{seconds:.0f}s/{unit}"
    if seconds >= 1e-3:
        return f"{seconds * 1e3:.0f}ms/{unit}"
    return f"{seconds * 1e6:.0f}us/{unit}"


def duration_text(seconds: float) -> str:
    """A time in seconds, minutes and hours, as far as it has them."""
    whole = int(seconds)
    if whole < 60:
        return f"{whole}s"
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


class Line:
    """A line of progress: drawn again while steps are done, written once at the end.

    Args:
        total: the number of steps, where it is known.
        unit: what a step is called.
        width: characters of the bar; 0 leaves it out.
        is_live: whether to draw it before its end; it needs a terminal or a notebook.
    """

    def __init__(
        self,
        total: int | None,
        unit: str = "step",
        width: int = 20,
        is_live: bool = True,
    ) -> None:
        self.total, self._unit, self._width = total, unit, width
        self._began = time.perf_counter()
        self._first_done: tuple[int, float] | None = None
        self._live: _Display | None = None
        self._may_draw = is_live and flags.interactive_logging and is_interactive()

    def draw(self, step: int, logs: Mapping[str, Any]) -> None:
        """Show the line as it stands after `step` steps."""
        if self._first_done is None and step:
            self._first_done = step, time.perf_counter()
        if not self._may_draw:
            return
        if self._live is None:
            self._live = _RichDisplay(self.total, self._width)
        time_text = duration_text(self._remaining(step)) if self.total else ""
        self._live.show(
            step,
            count_text(step, self.total),
            f"{time_text or duration_text(self._elapsed())} {self._pace(step)}",
            metrics_text(logs),
        )

    def end(self, step: int, logs: Mapping[str, Any]) -> None:
        """Write the line for good."""
        self.close()
        bar = f" {bar_text(step, self.total, self._width)}" if self._width else " -"
        write(
            f"{count_text(step, self.total)}{bar} {duration_text(self._elapsed())} "
            f"{self._pace(step)}{metrics_text(logs)}\n"
        )

    def close(self) -> None:
        """Take away what was drawn."""
        if self._live is not None:
            self._live.stop()
        self._live = None

    def _elapsed(self) -> float:
        return time.perf_counter() - self._began

    def _per_step(self, step: int) -> float:
        """Seconds for a step, without those first ones in which things are compiled."""
        if self._first_done is not None and step > self._first_done[0]:
            done, at = self._first_done
            return (time.perf_counter() - at) / (step - done)
        return self._elapsed() / max(step, 1)

    def _remaining(self, step: int) -> float:
        return self._per_step(step) * max((self.total or step) - step, 0)

    def _pace(self, step: int) -> str:
        return pace_text(self._per_step(step), self._unit)


def is_interactive() -> bool:
    """Whether the output can be drawn over: a terminal or a notebook."""
    isatty = getattr(sys.stdout, "isatty", None)
    return bool(isatty and isatty()) or "ipykernel" in sys.modules


class _Display(Protocol):
    def show(self, step: int, count: str, pace: str, metrics: str) -> None: ...
    def stop(self) -> None: ...


class _RichDisplay:
    """A line drawn by rich; what a program prints meanwhile appears above it."""

    def __init__(self, total: int | None, width: int) -> None:
        # rich takes a while to load: only where something is drawn.
        from rich.progress import BarColumn, Progress, TextColumn

        text = "{task.fields[%s]}"
        self._progress = Progress(
            TextColumn(text % "count", markup=False),
            BarColumn(bar_width=width or None),
            TextColumn(text % "pace" + text % "metrics", markup=False),
            auto_refresh=False,
            transient=True,
        )
        self._task = self._progress.add_task(
            "", total=total, count="", pace="", metrics=""
        )
        self._progress.start()

    def show(self, step: int, count: str, pace: str, metrics: str) -> None:
        self._progress.update(
            self._task,
            completed=step,
            refresh=True,
            count=count,
            pace=pace,
            metrics=metrics,
        )

    def stop(self) -> None:
        self._progress.stop()


class Progbar:
    """Shows how far a loop has come, and what it measures.

    Args:
        target: the number of steps; `None` if it is not known.
        width: characters of the bar.
        verbose: 0 shows nothing, 1 a line drawn again, 2 a line at the end.
        interval: least number of seconds between two drawings.
        stateful_metrics: names of values shown as they are, as all are by default.
        stateless_metrics: names of the values to average over the steps.
        unit_name: what a step is called.

    Example:
        >>> bar = keras.utils.Progbar(3)
        >>> for step in range(3):
        ...     bar.add(1, values=[("loss", 0.1)])
    """

    def __init__(
        self,
        target: int | None,
        width: int = 20,
        verbose: int = 1,
        interval: float = 0.05,
        stateful_metrics: Iterable[str] | None = None,
        stateless_metrics: Iterable[str] | None = None,
        unit_name: str = "step",
    ) -> None:
        self.target = target
        self.width = width
        self.verbose = verbose
        self.interval = interval
        self.stateful_metrics: set[str] = set(stateful_metrics or ())
        self.stateless_metrics: set[str] = set(stateless_metrics or ())
        self.unit_name = unit_name
        self._seen = 0
        self._sums: dict[str, tuple[float, float]] = {}
        self._shown = 0.0
        bar = width if verbose == 1 else 0
        self._line = Line(target, unit_name, bar, is_live=verbose == 1)

    def add(self, n: int, values: Iterable[tuple[str, Any]] | None = None) -> None:
        """Go on by `n` steps.

        Args:
            n: a number of steps.
            values: pairs of a name and a value.
        """
        self.update(self._seen + n, values)

    def update(
        self,
        current: int,
        values: Iterable[tuple[str, Any]] | None = None,
        finalize: bool | None = None,
    ) -> None:
        """Go on to a step.

        Args:
            current: the number of steps done.
            values: pairs of a name and a value.
            finalize: whether this is the end; default: if `current` is the target.
        """
        steps = max(current - self._seen, 1)
        for name, value in values or ():
            self._note(name, value, steps)
        self._seen = current
        if finalize is None:
            finalize = self.target is not None and current >= self.target
        if not self.verbose:
            return
        if finalize:
            if self.target is None:
                self.target = self._line.total = current
            self._line.end(current, self._values())
        elif time.perf_counter() - self._shown >= self.interval:
            self._shown = time.perf_counter()
            self._line.draw(current, self._values())

    def _note(self, name: str, value: Any, steps: int) -> None:
        value = float(np.mean(value))
        total, count = self._sums.get(name, (0.0, 0.0))
        if name in self.stateless_metrics:
            self._sums[name] = total + value * steps, count + steps
        else:
            self._sums[name] = value, 1.0

    def _values(self) -> dict[str, float]:
        return {name: total / count for name, (total, count) in self._sums.items()}
