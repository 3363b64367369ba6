"""`to_categorical`: class numbers as one-hot rows."""

from __future__ import annotations

from typing import Any

import numpy as np

from keras import ops
from keras.backend import current
from keras.typing import TensorLike


def to_categorical(x: TensorLike, num_classes: int | None = None) -> Any:
    """One-hot rows for class numbers.

    Args:
        x: ints from 0 on, `(...)` or `(..., 1)`.
        num_classes: int; default: the largest number plus one.

    Returns:
        `(..., num_classes)`: a tensor for a tensor of the engine, else a NumPy array of
        float64.

    Raises:
        ValueError: for a number that is not below `num_classes`.

    Example:
        >>> keras.utils.to_categorical([0, 2], num_classes=3)
        array([[1., 0., 0.],
               [0., 0., 1.]])
    """
    is_tensor = not isinstance(x, np.ndarray | list | tuple | int) and (
        current.load(current.active()).is_tensor(x)
    )
    labels = np.asarray(ops.convert_to_numpy(x) if is_tensor else x).astype("int64")
    shape = labels.shape
    if len(shape) > 1 and shape[-1] == 1:
        shape = shape[:-1]
    labels = labels.reshape(-1)
    top = int(labels.max(initial=-1)) + 1
    count = top if num_classes is None else num_classes
    if top > count or labels.min(initial=0) < -count:
        raise ValueError(
            f"keras.utils.to_categorical(num_classes={num_classes}): got class numbers "
            f"from {labels.min(initial=0)} to {top - 1}; expected 0 to {count - 1}. "
            f"Pass num_classes={top}."
        )
    rows = np.zeros((labels.size, count))
    rows[np.arange(labels.size), labels] = 1
    rows = rows.reshape(*shape, count)
    return ops.convert_to_tensor(rows.astype("float32")) if is_tensor else rows
