"""A batch: inputs, targets and sample weights, packed and unpacked; epochs of them."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

Batch = tuple[Any, Any, Any]
"""Inputs, targets, sample weights: structures of tensors, or `None`."""


def unpack_x_y_sample_weight(data: Any) -> Batch:
    """Inputs, targets and sample weights of a batch, `None` for what is missing.

    Args:
        data: `x`, `(x,)`, `(x, y)` or `(x, y, sample_weight)`.

    Returns:
        `(x, y, sample_weight)`.

    Raises:
        ValueError: for a tuple of another length.

    Example:
        >>> x, y, sample_weight = keras.utils.unpack_x_y_sample_weight((1, 2))
    """
    if isinstance(data, list):
        data = tuple(data)
    if not isinstance(data, tuple):
        return data, None, None
    if not 1 <= len(data) <= 3:
        raise ValueError(
            f"A batch is a tuple of {len(data)} items; expected x, (x,), (x, y) or "
            "(x, y, sample_weight). Nest several inputs in a list or dict: ((a, b), y)."
        )
    x, y, weights = (*data, None, None)[:3]
    return x, y, weights


def pack_x_y_sample_weight(x: Any, y: Any = None, sample_weight: Any = None) -> Any:
    """The inverse of `unpack_x_y_sample_weight`: leaves out what is `None`.

    Args:
        x, y, sample_weight: structures of arrays.

    Returns:
        `x` (in a tuple, if it is a list or tuple itself), `(x, y)` or
        `(x, y, sample_weight)`.

    Example:
        >>> keras.utils.pack_x_y_sample_weight(1, 2)
        (1, 2)
    """
    if y is None:
        return (x,) if isinstance(x, list | tuple) else x
    return (x, y) if sample_weight is None else (x, y, sample_weight)


class Epochs:
    """Batches, epoch after epoch, of which one is under way at a time."""

    _running: Generator[Batch] | None = None

    def _batches(self) -> Generator[Batch]:
        raise NotImplementedError

    def epoch(self) -> Generator[Batch]:
        """The batches of one more epoch."""
        self._running = self._batches()
        return self._running

    def close(self) -> None:
        """Break off the epoch under way: what it opened is closed."""
        if self._running is not None:
            self._running.close()
