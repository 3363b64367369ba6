"""Losses of distributions: Kullback-Leibler divergence, Poisson."""

from typing import Any

from keras import ops
from keras.core.config import epsilon
from keras.losses._loss import SUM_OVER_BATCH_SIZE, FunctionLoss
from keras.losses._pairs import pair
from keras.losses._reduce import Reduction
from keras.typing import Tensor, TensorLike


def kl_divergence(y_true: TensorLike, y_pred: TensorLike) -> Tensor:
    """`sum(y_true * log(y_true / y_pred))` over the last axis.

    Args:
        y_true: distributions `(batch, ..., classes)`.
        y_pred: predicted distributions of the same shape. Both are kept between
            `keras.config.epsilon()` and 1.

    Returns:
        A float tensor `(batch, ...)`.

    Raises:
        ShapeError: if the shapes differ.

    Example:
        >>> keras.losses.kl_divergence([[0.5, 0.5]], [[0.25, 0.75]])
        [0.1438]
    """
    y_true, y_pred = pair(y_true, y_pred, "kl_divergence")
    y_true = ops.clip(y_true, epsilon(), 1.0)
    y_pred = ops.clip(y_pred, epsilon(), 1.0)
    return ops.sum(y_true * ops.log(y_true / y_pred), axis=-1)


def poisson(y_true: TensorLike, y_pred: TensorLike) -> Tensor:
    """`mean(y_pred - y_true * log(y_pred))` over the last axis.

    The negative log likelihood of counts, up to a constant.

    Args:
        y_true: counts `(batch, ..., features)`.
        y_pred: predicted rates of the same shape, not negative;
            `keras.config.epsilon()` is added inside the logarithm.

    Returns:
        A float tensor `(batch, ...)`.

    Raises:
        ShapeError: if the shapes differ.

    Example:
        >>> keras.losses.poisson([[1.0, 0.0]], [[1.0, 2.0]])
        [1.5]
    """
    y_true, y_pred = pair(y_true, y_pred, "poisson")
    return ops.mean(y_pred - y_true * ops.log(y_pred + epsilon()), axis=-1)


class KLDivergence(FunctionLoss):
    """How far one distribution is from another: see `keras.losses.kl_divergence`.

    Args:
        reduction, name, dtype: as for `keras.Loss`.

    Example:
        >>> keras.losses.KLDivergence()([[0.5, 0.5]], [[0.25, 0.75]])
        0.1438
    """

    def __init__(
        self,
        reduction: Reduction | None = SUM_OVER_BATCH_SIZE,
        name: str | None = "kl_divergence",
        dtype: Any = None,
    ) -> None:
        super().__init__(kl_divergence, name, reduction, dtype)


class Poisson(FunctionLoss):
    """The negative log likelihood of counts: see `keras.losses.poisson`.

    Args:
        reduction, name, dtype: as for `keras.Loss`.

    Example:
        >>> keras.losses.Poisson()([[1.0, 0.0]], [[1.0, 2.0]])
        1.5
    """

    def __init__(
        self,
        reduction: Reduction | None = SUM_OVER_BATCH_SIZE,
        name: str | None = "poisson",
        dtype: Any = None,
    ) -> None:
        super().__init__(poisson, name, reduction, dtype)
