"""Order: sort, search, count, pick out what is unique."""

from typing import Any, Literal

from keras.backend import current
from keras.core import dtypes
from keras.ops._op import axis_index, op, tensor
from keras.ops._shapes import entries, ravel
from keras.typing import Native, Tensor, TensorLike


@op
def sort(x: TensorLike, axis: int | None = -1) -> Tensor:
    """`x` in ascending order along an axis; NaN comes last.

    Args:
        x: tensor.
        axis: `None` means along the flat tensor.
    """
    x, axis = _line(x, axis, "sort")
    return current.engine.sort(x, axis)


@op
def argsort(x: TensorLike, axis: int | None = -1) -> Tensor:
    """The indices, as int32, that sort `x` along an axis; equals keep their order.

    Args:
        x: tensor.
        axis: `None` means along the flat tensor.
    """
    x, axis = _line(x, axis, "argsort")
    return current.engine.argsort(x, axis)


def _line(x: Any, axis: int | None, what: str) -> tuple[Native, int]:
    x = tensor(x)
    if axis is None or x.ndim == 0:
        return ravel(x) if axis is None else x, 0
    return x, axis_index(axis, x.ndim, what)
