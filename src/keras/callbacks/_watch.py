"""Watching one metric: which direction is better, and what to say when it is missing."""

from __future__ import annotations

import math
import warnings
from typing import Any

from keras.callbacks._callback import Logs

_MODES = ("auto", "min", "max")

_GROWING = (
    "acc", "accuracy", "auc", "precision", "recall", "specificity", "sensitivity",
    "fscore", "f1", "f1_score", "fbeta", "fbeta_score", "iou", "io_u", "r2", "r2_score",
    "cosine_similarity", "pearson_correlation", "concordance_correlation",
    "true_positives", "true_negatives",
)  # fmt: skip
"""Metrics that are better when higher, as whole words within a name."""


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
            warnings.warn(
                f"{owner}(mode=...): got {mode!r}; expected 'min', 'max' or 'auto'. "
                "Goes on with 'auto'.",
                stacklevel=4,
            )
            mode = "auto"
        self._mode = mode
        self._warned = False

    @property
    def wants_more(self) -> bool:
        """Whether higher values are better."""
        if self._mode == "auto":
            return is_better_when_higher(self.monitor)
        return self._mode == "max"

    @property
    def worst(self) -> float:
        """What every value is better than."""
        return -math.inf if self.wants_more else math.inf

    def improves(self, value: float, best: float | None) -> bool:
        """Whether `value` is better than `best` by at least `min_delta`; NaN never is."""
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
                warnings.warn(
                    f"{self._owner}(monitor={self.monitor!r}): no such metric; {what}. "
                    f"Available metrics are: {', '.join(logs) or 'none'}.",
                    stacklevel=4,
                )
            return None
        return as_number(value)


def as_number(value: Any) -> float:
    """The value of a metric; that of an array is its mean."""
    if isinstance(value, int | float):
        return float(value)
    mean = getattr(value, "mean", None)
    return float(mean() if mean is not None and getattr(value, "ndim", 0) else value)


def is_better_when_higher(monitor: str) -> bool:
    """Whether a metric of this name grows as the model improves.

    Losses and errors shrink, names that hold one of a list of words grow; the
    prefix "val_" and counters ("auc_1") do not matter.
    """
    name = monitor.lower()
    if name.endswith("loss"):
        return False
    padded = f"_{name}_"
    return any(f"_{word}_" in padded for word in _GROWING)
