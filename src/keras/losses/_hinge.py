"""Margin losses: hinge, squared hinge, categorical hinge."""

from typing import Any

from keras import ops
from keras.losses._loss import SUM_OVER_BATCH_SIZE, FunctionLoss
from keras.losses._pairs import pair
from keras.losses._reduce import Reduction
from keras.typing import Tensor, TensorLike


def _signs(y_true: Tensor) -> Tensor:
    """Labels 0 and 1 as -1 and 1, if there are no others."""
    is_binary = ops.all(ops.logical_or(ops.equal(y_true, 0), ops.equal(y_true, 1)))
    return ops.where(is_binary, 2.0 * y_true - 1.0, y_true)


def hinge(y_true: TensorLike, y_pred: TensorLike) -> Tensor:
    """`mean(max(1 - y_true * y_pred, 0))` over the last axis.

    Args:
        y_true: -1 or 1, or else 0 or 1, which stand for -1 and 1, `(batch, ..., d)`.
        y_pred: predictions of the same shape.

    Returns:
        A float tensor `(batch, ...)`.

    Raises:
        ShapeError: if the shapes differ.

    Example:
        >>> keras.losses.hinge([[-1.0, 1.0]], [[0.5, 0.5]])
        [1.0]
    """
    y_true, y_pred = pair(y_true, y_pred, "hinge")
    return ops.mean(ops.maximum(1.0 - _signs(y_true) * y_pred, 0.0), axis=-1)


def squared_hinge(y_true: TensorLike, y_pred: TensorLike) -> Tensor:
    """`mean(max(1 - y_true * y_pred, 0) ** 2)` over the last axis; see `hinge`.

    Example:
        >>> keras.losses.squared_hinge([[-1.0, 1.0]], [[0.5, 0.5]])
        [1.25]
    """
    y_true, y_pred = pair(y_true, y_pred, "squared_hinge")
    margin = ops.maximum(1.0 - _signs(y_true) * y_pred, 0.0)
    return ops.mean(ops.square(margin), axis=-1)


def categorical_hinge(y_true: TensorLike, y_pred: TensorLike) -> Tensor:
    """`max(1 + best wrong score - right score, 0)`.

    `max(1 + max((1 - y_true) * y_pred) - sum(y_true * y_pred), 0)` over the last axis.

    Args:
        y_true: one-hot targets `(batch, ..., classes)`.
        y_pred: scores of the same shape.

    Returns:
        A float tensor `(batch, ...)`.

    Raises:
        ShapeError: if the shapes differ.

    Example:
        >>> keras.losses.categorical_hinge([[0.0, 1.0]], [[0.25, 0.75]])
        [0.5]
    """
    y_true, y_pred = pair(y_true, y_pred, "categorical_hinge")
    right = ops.sum(y_true * y_pred, axis=-1)
    wrong = ops.max((1.0 - y_true) * y_pred, axis=-1)
    return ops.maximum(wrong - right + 1.0, 0.0)


class Hinge(FunctionLoss):
    """How far scores are from the right side of a margin: see `keras.losses.hinge`.

    Args:
        reduction, name, dtype: as for `keras.Loss`.

    Example:
        >>> keras.losses.Hinge()([[-1.0, 1.0]], [[0.5, 0.5]])
        1.0
    """

    def __init__(
        self,
        reduction: Reduction | None = SUM_OVER_BATCH_SIZE,
        name: str | None = "hinge",
        dtype: Any = None,
    ) -> None:
        super().__init__(hinge, name, reduction, dtype)


class SquaredHinge(FunctionLoss):
    """The square of the hinge: see `keras.losses.squared_hinge`.

    Args:
        reduction, name, dtype: as for `keras.Loss`.

    Example:
        >>> keras.losses.SquaredHinge()([[-1.0, 1.0]], [[0.5, 0.5]])
        1.25
    """

    def __init__(
        self,
        reduction: Reduction | None = SUM_OVER_BATCH_SIZE,
        name: str | None = "squared_hinge",
        dtype: Any = None,
    ) -> None:
        super().__init__(squared_hinge, name, reduction, dtype)


class CategoricalHinge(FunctionLoss):
    """The margin between classes: see `keras.losses.categorical_hinge`.

    Args:
        reduction, name, dtype: as for `keras.Loss`.

    Example:
        >>> keras.losses.CategoricalHinge()([[0.0, 1.0]], [[0.25, 0.75]])
        0.5
    """

    def __init__(
        self,
        reduction: Reduction | None = SUM_OVER_BATCH_SIZE,
        name: str | None = "categorical_hinge",
        dtype: Any = None,
    ) -> None:
        super().__init__(categorical_hinge, name, reduction, dtype)
