"""`pad_sequences`: sequences of different lengths in one array."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

Side = Literal["pre", "post"]


def pad_sequences(
    sequences: Sequence[Any],
    maxlen: int | None = None,
    dtype: str = "int32",
    padding: Side = "pre",
    truncating: Side = "pre",
    value: Any = 0.0,
) -> np.ndarray[Any, Any]:
    """One array of sequences, padded or cut to the same length.

    Args:
        sequences: sequences of numbers or arrays.
        maxlen: the length; default: that of the longest.
        dtype: of the result.
        padding: "pre" or "post": where to pad.
        truncating: "pre" or "post": where to cut.
        value: what to pad with.

    Returns:
        Array `(len(sequences), maxlen, ...)`.

    Raises:
        ValueError: for something that is no sequence, or items of different shapes.

    Example:
        >>> keras.utils.pad_sequences([[1], [2, 3]])
        array([[0, 1],
               [2, 3]], dtype=int32)
    """
    for name, side in (("padding", padding), ("truncating", truncating)):
        if side not in ("pre", "post"):
            raise ValueError(
                f"pad_sequences({name}=...): got {side!r}; expected 'pre' or 'post'."
            )
    if not hasattr(sequences, "__len__"):
        raise ValueError(
            f"pad_sequences: got {type(sequences).__name__}; expected a list of "
            "sequences. Pass list(sequences)."
        )
    for i, each in enumerate(sequences):
        if not hasattr(each, "__len__"):
            raise ValueError(
                f"pad_sequences: item {i} is {type(each).__name__}; expected a "
                "sequence. Put single numbers into lists."
            )
    longest = max(map(len, sequences), default=0)
    length = longest if maxlen is None else maxlen
    item = next((np.shape(s)[1:] for s in sequences if len(s)), ())
    is_text = np.dtype(dtype).kind in "SU"
    if isinstance(value, str) and dtype != "object" and not is_text:
        raise ValueError(
            f"pad_sequences(dtype={dtype!r}, value=...): got a string to pad with. "
            "Pass dtype='object'."
        )
    result = np.full((len(sequences), length, *item), value, dtype=dtype)
    for row, each in zip(result, sequences, strict=True):
        if not len(each):
            continue
        kept = (
            each[max(len(each) - length, 0) :] if truncating == "pre" else each[:length]
        )
        values = np.asarray(kept, dtype=dtype)
        if values.shape[1:] != item:
            raise ValueError(
                f"pad_sequences: got items of shape {values.shape[1:]} and {item}; "
                "expected the same shape in all sequences."
            )
        at = (
            slice(length - len(values), None)
            if padding == "pre"
            else slice(len(values))
        )
        row[at] = values
    return result
