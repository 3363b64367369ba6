"""Overlap of masks: Dice and Tversky losses."""

from collections.abc import Sequence
from typing import Any

from keras import ops
from keras.core.config import epsilon
from keras.losses._loss import SUM_OVER_BATCH_SIZE, FunctionLoss
from keras.losses._pairs import pair
from keras.losses._reduce import Reduction
from keras.typing import Tensor, TensorLike


def dice(
    y_true: TensorLike, y_pred: TensorLike, axis: int | Sequence[int] | None = None
) -> Tensor:
    """`1 - 2 * sum(y_true * y_pred) / (sum(y_true) + sum(y_pred))`.

    The Sørensen-Dice coefficient, as a loss between 0 and 1.

    Args:
        y_true: targets between 0 and 1, of any shape.
        y_pred: predicted probabilities of the same shape.
        axis: along which to sum; default: all.

    Returns:
        A float tensor without `axis`.

    Raises:
        ShapeError: if the shapes differ.

    Example:
        >>> keras.losses.dice([[0.0, 1.0]], [[0.5, 0.5]])
        0.5
    """
    y_true, y_pred = pair(y_true, y_pred, "dice")
    both = ops.sum(y_true * y_pred, axis=axis)
    total = ops.sum(y_true, axis=axis) + ops.sum(y_pred, axis=axis)
    return 1.0 - 2.0 * both / (total + epsilon())


def tversky(
    y_true: TensorLike,
    y_pred: TensorLike,
    alpha: float = 0.5,
    beta: float = 0.5,
    axis: int | Sequence[int] | None = None,
) -> Tensor:
    """`1 - both / (both + alpha * missed + beta * wrong)`.

    `both = sum(y_true * y_pred)`, `missed = sum(y_true * (1 - y_pred))`,
    `wrong = sum((1 - y_true) * y_pred)` (Salehi et al. 2017,
    https://arxiv.org/abs/1706.05721). With `alpha = beta = 0.5` it is the Dice loss.

    Args:
        y_true: targets between 0 and 1, of any shape.
        y_pred: predicted probabilities of the same shape.
        alpha: float: the weight of what was missed.
        beta: float: the weight of what was predicted in the wrong place.
        axis: along which to sum; default: all.

    Returns:
        A float tensor without `axis`.

    Raises:
        ShapeError: if the shapes differ.

    Example:
        >>> keras.losses.tversky([[0.0, 1.0]], [[0.5, 0.5]], alpha=1.0, beta=0.0)
        0.5
    """
    y_true, y_pred = pair(y_true, y_pred, "tversky")
    both = ops.sum(y_true * y_pred, axis=axis)
    missed = ops.sum(y_true * (1.0 - y_pred), axis=axis)
    wrong = ops.sum((1.0 - y_true) * y_pred, axis=axis)
    return 1.0 - both / (both + alpha * missed + beta * wrong + epsilon())


class Dice(FunctionLoss):
    """The overlap of masks: see `keras.losses.dice`.

    Args:
        reduction, name, dtype: as for `keras.Loss`.
        axis: along which to sum; default: all, with one loss for the whole batch.

    Example:
        >>> keras.losses.Dice()([[0.0, 1.0]], [[0.5, 0.5]])
        0.5
    """

    def __init__(
        self,
        reduction: Reduction | None = SUM_OVER_BATCH_SIZE,
        name: str | None = "dice",
        axis: int | Sequence[int] | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(dice, name, reduction, dtype, axis=axis)


class Tversky(FunctionLoss):
    """The overlap of masks with weights for either error: see `keras.losses.tversky`.

    Args:
        alpha: float: the weight of what was missed.
        beta: float: the weight of what was predicted in the wrong place.
        reduction, name, dtype: as for `keras.Loss`.
        axis: along which to sum; default: all, with one loss for the whole batch.

    Example:
        >>> loss = keras.losses.Tversky(alpha=1.0, beta=0.0)
        >>> loss([[0.0, 1.0]], [[0.5, 0.5]])
        0.5
    """

    def __init__(
        self,
        alpha: float = 0.5,
        beta: float = 0.5,
        reduction: Reduction | None = SUM_OVER_BATCH_SIZE,
        name: str | None = "tversky",
        axis: int | Sequence[int] | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(
            tversky, name, reduction, dtype, alpha=alpha, beta=beta, axis=axis
        )
