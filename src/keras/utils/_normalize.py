"""`normalize`: arrays scaled to norm 1."""

from __future__ import annotations

from typing import Any

import numpy as np

from keras import ops
from keras.backend import current
from keras.typing import TensorLike


def normalize(x: TensorLike, axis: int = -1, order: int | float = 2) -> Any:
    """`x` divided by its norms along an axis; what is zero stays zero.

    Args:
        x: array of any shape.
        axis: int.
        order: order of the norm; 2 is the Euclidean one.

    Returns:
        A tensor for a tensor of the engine, else a NumPy array.

    Example:
        >>> keras.utils.normalize([[3.0, 4.0]])
        array([[0.6, 0.8]])
    """
    is_foreign = isinstance(x, np.ndarray | list | tuple | int | float)
    if not is_foreign and current.load(current.active()).is_tensor(x):
        return ops.normalize(x, axis=axis, order=order)
    array = np.asarray(x)
    norms = np.linalg.norm(array, order, axis, keepdims=True)
    return array / np.where(norms == 0, 1, norms)
