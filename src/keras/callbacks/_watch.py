"""Watching one metric: which direction is better, and what to say without it."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np

from keras.callbacks._callback import Logs
from keras.errors import warn

_MODES = ("auto", "min", "max")

_GROWING = frozenset(
    "acc accuracy auc dice f1 fbeta fscore iou precision r2 recall score sensitivity "
    "similarity specificity correlation true".split()
)
"""Words in the names of metrics that are better when higher."""

_SHRINKING = frozenset(
    "crossentropy distance divergence error false hinge loss mae mape mse msle rmse "
    "perplexity poisson kld logcosh".split()
)
"""Words in the names of metrics that are better when lower."""


class Watch:
    """Compares the values of one metric.

    Args:
        monitor: the name of the metric in the logs.
        mode: "min", "max", or "auto": by the name of the metric.
        min_delta: how much better a value must be to count.
        owner: the name of the callback, for messages.
    """

    def __init__(self, monitor: str, mode: str, min_delta: float, owner: str) -> None:
        self.monitor, self._owner = monitor, owner
        self._min_delta = abs(min_delta)
        if mode not in _MODES:
            warn(
                f"{owner}(mode=...): got {mode!r}; expected 'min', 'max' or 'auto'. "
                "Goes on with 'auto'."
            )
            mode = "auto"
        self._mode = mode
        self._warned = False

    @property
    def wants_more(self) -> bool:
        """Whether higher values are better.

        Raises:
            ValueError: if mode="auto" cannot tell.
        """
        if self._mode == "auto":
            self._mode = best_direction(self.monitor, self._owner)
        return self._mode == "max"

    def improves(self, value: float, best: float | None) -> bool:
        """Whether `value` is better than `best` by `min_delta`; NaN never is."""
        if best is None:
            return not math.isnan(value)
        if self.wants_more:
            return value - self._min_delta > best
        return value + self._min_delta < best

    def value(self, logs: Logs | None, what: str) -> float | None:
        """The metric's value; if it is missing, `None`, with one warning.

        Args:
            logs: the metrics.
            what: what cannot be done without the metric.
        """
        logs = logs or {}
        value = logs.get(self.monitor)
        if value is None:
            if not self._warned:
                self._warned = True
                warn(
                    f"{self._owner}(monitor={self.monitor!r}): no such metric; {what}. "
                    f"Available metrics are: {', '.join(logs) or 'none'}."
                )
            return None
        return as_number(value)


def as_number(value: Any) -> float:
    """The value of a metric; that of an array is its mean."""
    if isinstance(value, int | float):
        return float(value)
    return float(np.mean(value))


def best_direction(monitor: str, owner: str) -> str:
    """ "min" or "max" for a metric, by the words in its name; the last one counts.

    Raises:
        ValueError: if no word is known.
    """
    for word in reversed(re.split(r"[_\W]+", monitor.lower())):
        if word in _SHRINKING:
            return "min"
        if word in _GROWING:
            return "max"
    raise ValueError(
        f"{owner}(monitor={monitor!r}, mode='auto'): the name does not tell whether "
        "higher or lower values are better. Pass mode='max' or mode='min'."
    )
