"""Correlation of predictions with targets: Pearson, concordance."""

from typing import Any

from keras import ops
from keras.core.config import epsilon
from keras.losses._pairs import pair
from keras.metrics._mean import MeanMetricWrapper
from keras.typing import Tensor, TensorLike


def _centered(x: Tensor, axis: int) -> tuple[Tensor, Tensor]:
    mean = ops.mean(x, axis=axis, keepdims=True)
    return mean, x - mean


def pearson_correlation(
    y_true: TensorLike, y_pred: TensorLike, axis: int = -1
) -> Tensor:
    """`cov(y_true, y_pred) / (std(y_true) * std(y_pred))` along `axis`.

    Args:
        y_true: targets `(batch, ..., n)`.
        y_pred: predictions of the same shape.
        axis: along which to correlate.

    Returns:
        A float tensor without `axis`, between -1 and 1; NaN where either is constant.

    Raises:
        ShapeError: if the shapes differ.

    Example:
        >>> keras.metrics.pearson_correlation([[0.0, 1.0, 2.0]], [[1.0, 3.0, 5.0]])
        [1.0]
    """
    y_true, y_pred = pair(y_true, y_pred, "pearson_correlation")
    _, x = _centered(y_true, axis)
    _, y = _centered(y_pred, axis)
    x = x / ops.std(x, axis=axis, keepdims=True)
    y = y / ops.std(y, axis=axis, keepdims=True)
    return ops.mean(x * y, axis=axis)


def concordance_correlation(
    y_true: TensorLike, y_pred: TensorLike, axis: int = -1
) -> Tensor:
    """`2 * cov / (var(y_true) + var(y_pred) + (mean(y_true) - mean(y_pred)) ** 2)`.

    Correlation that also asks for equal location and scale (Lin 1989).

    Args:
        y_true: targets `(batch, ..., n)`.
        y_pred: predictions of the same shape.
        axis: along which to correlate.

    Returns:
        A float tensor without `axis`, between -1 and 1; 0 where both are constant.

    Raises:
        ShapeError: if the shapes differ.

    Example:
        >>> keras.metrics.concordance_correlation([[0.0, 1.0, 2.0]], [[1.0, 2.0, 3.0]])
        [0.5714]
    """
    y_true, y_pred = pair(y_true, y_pred, "concordance_correlation")
    mean_true, x = _centered(y_true, axis)
    mean_pred, y = _centered(y_pred, axis)
    shift = ops.squeeze(ops.square(mean_true - mean_pred), axis)
    spread = ops.mean(ops.square(x), axis=axis) + ops.mean(ops.square(y), axis=axis)
    return 2.0 * ops.mean(x * y, axis=axis) / (spread + shift + epsilon())


class PearsonCorrelation(MeanMetricWrapper):
    """The mean of `keras.metrics.pearson_correlation` over the samples.

    Args:
        name, dtype: as for `keras.Metric`.
        axis: along which to correlate.

    Example:
        >>> metric = keras.metrics.PearsonCorrelation()
        >>> metric([[0.0, 1.0, 2.0]], [[1.0, 3.0, 5.0]])
        1.0
    """

    def __init__(
        self,
        name: str | None = "pearson_correlation",
        dtype: Any = None,
        axis: int = -1,
    ) -> None:
        super().__init__(pearson_correlation, name=name, dtype=dtype, axis=axis)


class ConcordanceCorrelation(MeanMetricWrapper):
    """The mean of `keras.metrics.concordance_correlation` over the samples.

    Args:
        name, dtype: as for `keras.Metric`.
        axis: along which to correlate.

    Example:
        >>> metric = keras.metrics.ConcordanceCorrelation()
        >>> metric([[0.0, 1.0, 2.0]], [[1.0, 2.0, 3.0]])
        0.5714
    """

    def __init__(
        self,
        name: str | None = "concordance_correlation",
        dtype: Any = None,
        axis: int = -1,
    ) -> None:
        super().__init__(concordance_correlation, name=name, dtype=dtype, axis=axis)
