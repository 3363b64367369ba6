"""The cosine of the angle between targets and predictions."""

from typing import Any

from keras import ops
from keras.losses._loss import SUM_OVER_BATCH_SIZE, FunctionLoss
from keras.losses._pairs import pair
from keras.losses._reduce import Reduction
from keras.typing import Tensor, TensorLike

# Squared lengths below it count as it, so that a zero vector has similarity 0.
_SMALLEST_SQUARE = 1e-12


def cosines(y_true: TensorLike, y_pred: TensorLike, axis: int = -1) -> Tensor:
    """`sum(y_true * y_pred) / (|y_true| |y_pred|)` along `axis`."""
    y_true, y_pred = pair(y_true, y_pred, "cosine_similarity")
    return ops.sum(_unit(y_true, axis) * _unit(y_pred, axis), axis=axis)


def _unit(x: Tensor, axis: int) -> Tensor:
    square = ops.sum(ops.square(x), axis=axis, keepdims=True)
    return x * ops.rsqrt(ops.maximum(square, _SMALLEST_SQUARE))


def cosine_similarity(y_true: TensorLike, y_pred: TensorLike, axis: int = -1) -> Tensor:
    """`-sum(y_true * y_pred) / (|y_true| |y_pred|)`: -1 where directions agree.

    Args:
        y_true: targets `(batch, ..., features)`.
        y_pred: predictions of the same shape.
        axis: along which the vectors lie.

    Returns:
        A float tensor without `axis`, between -1 and 1; 0 for a vector of length 0.

    Raises:
        ShapeError: if the shapes differ.

    Example:
        >>> keras.losses.cosine_similarity([[0.0, 1.0]], [[0.0, 2.0]])
        [-1.0]
    """
    return -cosines(y_true, y_pred, axis)


class CosineSimilarity(FunctionLoss):
    """The negative cosine of an angle: see `keras.losses.cosine_similarity`.

    Args:
        axis: along which the vectors lie.
        reduction, name, dtype: as for `keras.Loss`.

    Example:
        >>> keras.losses.CosineSimilarity()([[0.0, 1.0]], [[0.0, 2.0]])
        -1.0
    """

    def __init__(
        self,
        axis: int = -1,
        reduction: Reduction | None = SUM_OVER_BATCH_SIZE,
        name: str | None = "cosine_similarity",
        dtype: Any = None,
    ) -> None:
        super().__init__(cosine_similarity, name, reduction, dtype, axis=axis)
