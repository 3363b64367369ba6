"""Losses for numbers: squared, absolute, relative, logarithmic, Huber, log-cosh."""

import math
from typing import Any

from keras import ops
from keras.core.config import epsilon
from keras.losses._loss import SUM_OVER_BATCH_SIZE, FunctionLoss
from keras.losses._pairs import pair
from keras.losses._reduce import Reduction
from keras.typing import Tensor, TensorLike


def mean_squared_error(y_true: TensorLike, y_pred: TensorLike) -> Tensor:
    """`mean((y_true - y_pred) ** 2)` over the last axis.

    Args:
        y_true: targets `(batch, ..., features)`.
        y_pred: predictions of the same shape; a last dimension of 1 may be left out of
            one of the two.

    Returns:
        A float tensor `(batch, ...)`.

    Raises:
        ShapeError: if the shapes differ.

    Example:
        >>> keras.losses.mean_squared_error([[0.0, 2.0]], [[1.0, 1.0]])
        [1.0]
    """
    y_true, y_pred = pair(y_true, y_pred, "mean_squared_error")
    return ops.mean(ops.square(y_true - y_pred), axis=-1)


def mean_absolute_error(y_true: TensorLike, y_pred: TensorLike) -> Tensor:
    """`mean(|y_true - y_pred|)` over the last axis; arguments as `mean_squared_error`.

    Example:
        >>> keras.losses.mean_absolute_error([[0.0, 2.0]], [[1.0, 1.0]])
        [1.0]
    """
    y_true, y_pred = pair(y_true, y_pred, "mean_absolute_error")
    return ops.mean(ops.abs(y_true - y_pred), axis=-1)


def mean_absolute_percentage_error(y_true: TensorLike, y_pred: TensorLike) -> Tensor:
    """`100 * mean(|(y_true - y_pred) / y_true|)` over the last axis.

    Where the target is 0, `keras.config.epsilon()` stands in the denominator. Arguments
    as for `mean_squared_error`.

    Example:
        >>> keras.losses.mean_absolute_percentage_error([[2.0, 4.0]], [[1.0, 5.0]])
        [37.5]
    """
    y_true, y_pred = pair(y_true, y_pred, "mean_absolute_percentage_error")
    scale = ops.maximum(ops.abs(y_true), epsilon())
    return 100.0 * ops.mean(ops.abs((y_true - y_pred) / scale), axis=-1)


def mean_squared_logarithmic_error(y_true: TensorLike, y_pred: TensorLike) -> Tensor:
    """`mean((log(y_true + 1) - log(y_pred + 1)) ** 2)` over the last axis.

    Values below `keras.config.epsilon()` count as that. Arguments as for
    `mean_squared_error`.

    Example:
        >>> keras.losses.mean_squared_logarithmic_error([[0.0]], [[1.0]])
        [0.4805]
    """
    y_true, y_pred = pair(y_true, y_pred, "mean_squared_logarithmic_error")
    log_true = ops.log(ops.maximum(y_true, epsilon()) + 1.0)
    log_pred = ops.log(ops.maximum(y_pred, epsilon()) + 1.0)
    return ops.mean(ops.square(log_true - log_pred), axis=-1)


def huber(y_true: TensorLike, y_pred: TensorLike, delta: float = 1.0) -> Tensor:
    """`e ** 2 / 2` for errors up to `delta`, `delta * (|e| - delta / 2)` beyond.

    The mean over the last axis (Huber 1964, "Robust estimation of a location
    parameter"). Other arguments as for `mean_squared_error`.

    Args:
        y_true: targets `(batch, ..., features)`.
        y_pred: predictions of the same shape.
        delta: float: the error from which on the loss grows linearly.

    Returns:
        A float tensor `(batch, ...)`.

    Example:
        >>> keras.losses.huber([[0.0, 0.0]], [[1.0, 3.0]])
        [1.5]
    """
    y_true, y_pred = pair(y_true, y_pred, "huber")
    error = ops.abs(y_true - y_pred)
    near = 0.5 * ops.square(error)
    far = delta * error - 0.5 * delta * delta
    return ops.mean(ops.where(error <= delta, near, far), axis=-1)


def log_cosh(y_true: TensorLike, y_pred: TensorLike) -> Tensor:
    """`mean(log(cosh(y_pred - y_true)))` over the last axis.

    About `e ** 2 / 2` for small errors and `|e| - log(2)` for large ones, computed as
    `e + softplus(-2 e) - log(2)`, which never overflows. Arguments as for
    `mean_squared_error`.

    Example:
        >>> keras.losses.log_cosh([[0.0]], [[1.0]])
        [0.4338]
    """
    y_true, y_pred = pair(y_true, y_pred, "log_cosh")
    error = y_pred - y_true
    return ops.mean(error + ops.softplus(-2.0 * error) - math.log(2.0), axis=-1)


class MeanSquaredError(FunctionLoss):
    """The squared difference: see `keras.losses.mean_squared_error`.

    Args:
        reduction, name, dtype: as for `keras.Loss`.

    Example:
        >>> keras.losses.MeanSquaredError()([[0.0, 2.0]], [[1.0, 1.0]])
        1.0
    """

    def __init__(
        self,
        reduction: Reduction | None = SUM_OVER_BATCH_SIZE,
        name: str | None = "mean_squared_error",
        dtype: Any = None,
    ) -> None:
        super().__init__(mean_squared_error, name, reduction, dtype)


class MeanAbsoluteError(FunctionLoss):
    """The absolute difference: see `keras.losses.mean_absolute_error`.

    Args:
        reduction, name, dtype: as for `keras.Loss`.

    Example:
        >>> keras.losses.MeanAbsoluteError()([[0.0, 2.0]], [[1.0, 1.0]])
        1.0
    """

    def __init__(
        self,
        reduction: Reduction | None = SUM_OVER_BATCH_SIZE,
        name: str | None = "mean_absolute_error",
        dtype: Any = None,
    ) -> None:
        super().__init__(mean_absolute_error, name, reduction, dtype)


class MeanAbsolutePercentageError(FunctionLoss):
    """The relative difference: see `keras.losses.mean_absolute_percentage_error`.

    Args:
        reduction, name, dtype: as for `keras.Loss`.

    Example:
        >>> keras.losses.MeanAbsolutePercentageError()([[2.0, 4.0]], [[1.0, 5.0]])
        37.5
    """

    def __init__(
        self,
        reduction: Reduction | None = SUM_OVER_BATCH_SIZE,
        name: str | None = "mean_absolute_percentage_error",
        dtype: Any = None,
    ) -> None:
        super().__init__(mean_absolute_percentage_error, name, reduction, dtype)


class MeanSquaredLogarithmicError(FunctionLoss):
    """The difference of logarithms: see `keras.losses.mean_squared_logarithmic_error`.

    Args:
        reduction, name, dtype: as for `keras.Loss`.

    Example:
        >>> keras.losses.MeanSquaredLogarithmicError()([[0.0]], [[1.0]])
        0.4805
    """

    def __init__(
        self,
        reduction: Reduction | None = SUM_OVER_BATCH_SIZE,
        name: str | None = "mean_squared_logarithmic_error",
        dtype: Any = None,
    ) -> None:
        super().__init__(mean_squared_logarithmic_error, name, reduction, dtype)


class Huber(FunctionLoss):
    """Quadratic for small errors, linear for large ones: see `keras.losses.huber`.

    Args:
        delta: float: the error from which on the loss grows linearly.
        reduction, name, dtype: as for `keras.Loss`.

    Example:
        >>> keras.losses.Huber(delta=1.0)([[0.0, 0.0]], [[1.0, 3.0]])
        1.5
    """

    def __init__(
        self,
        delta: float = 1.0,
        reduction: Reduction | None = SUM_OVER_BATCH_SIZE,
        name: str | None = "huber_loss",
        dtype: Any = None,
    ) -> None:
        super().__init__(huber, name, reduction, dtype, delta=delta)


class LogCosh(FunctionLoss):
    """The logarithm of the hyperbolic cosine: see `keras.losses.log_cosh`.

    Args:
        reduction, name, dtype: as for `keras.Loss`.

    Example:
        >>> keras.losses.LogCosh()([[0.0]], [[1.0]])
        0.4338
    """

    def __init__(
        self,
        reduction: Reduction | None = SUM_OVER_BATCH_SIZE,
        name: str | None = "log_cosh",
        dtype: Any = None,
    ) -> None:
        super().__init__(log_cosh, name, reduction, dtype)
