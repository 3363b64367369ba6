"""Metrics for numbers: mean errors, the square root of one, cosine, R2."""

from typing import Any, Literal

from keras import losses, ops
from keras.core import masks
from keras.core.lookup import constructor_config
from keras.core.variable import Variable
from keras.errors import ShapeError, unknown_name
from keras.losses._pairs import as_dtype, pair
from keras.losses._reduce import fit_weights, joint_mask
from keras.losses._similarity import cosines
from keras.metrics._mean import Mean, MeanMetricWrapper
from keras.metrics._metric import Metric
from keras.typing import Config, Tensor, TensorLike


class MeanSquaredError(MeanMetricWrapper):
    """The mean of `keras.losses.mean_squared_error`.

    Args:
        name, dtype: as for `keras.Metric`.

    Example:
        >>> keras.metrics.MeanSquaredError()([[0.0, 2.0]], [[1.0, 1.0]])
        1.0
    """

    def __init__(
        self, name: str | None = "mean_squared_error", dtype: Any = None
    ) -> None:
        super().__init__(losses.mean_squared_error, name=name, dtype=dtype)


class MeanAbsoluteError(MeanMetricWrapper):
    """The mean of `keras.losses.mean_absolute_error`.

    Args:
        name, dtype: as for `keras.Metric`.

    Example:
        >>> keras.metrics.MeanAbsoluteError()([[0.0, 2.0]], [[1.0, 1.0]])
        1.0
    """

    def __init__(
        self, name: str | None = "mean_absolute_error", dtype: Any = None
    ) -> None:
        super().__init__(losses.mean_absolute_error, name=name, dtype=dtype)


class MeanAbsolutePercentageError(MeanMetricWrapper):
    """The mean of `keras.losses.mean_absolute_percentage_error`.

    Args:
        name, dtype: as for `keras.Metric`.

    Example:
        >>> metric = keras.metrics.MeanAbsolutePercentageError()
        >>> metric([[2.0, 4.0]], [[1.0, 5.0]])
        37.5
    """

    def __init__(
        self, name: str | None = "mean_absolute_percentage_error", dtype: Any = None
    ) -> None:
        super().__init__(losses.mean_absolute_percentage_error, name=name, dtype=dtype)


class MeanSquaredLogarithmicError(MeanMetricWrapper):
    """The mean of `keras.losses.mean_squared_logarithmic_error`.

    Args:
        name, dtype: as for `keras.Metric`.

    Example:
        >>> keras.metrics.MeanSquaredLogarithmicError()([[0.0]], [[1.0]])
        0.4805
    """

    def __init__(
        self, name: str | None = "mean_squared_logarithmic_error", dtype: Any = None
    ) -> None:
        super().__init__(losses.mean_squared_logarithmic_error, name=name, dtype=dtype)


class LogCoshError(MeanMetricWrapper):
    """The mean of `keras.losses.log_cosh`.

    Args:
        name, dtype: as for `keras.Metric`.

    Example:
        >>> keras.metrics.LogCoshError()([[0.0]], [[1.0]])
        0.4338
    """

    def __init__(self, name: str | None = "logcosh", dtype: Any = None) -> None:
        super().__init__(losses.log_cosh, name=name, dtype=dtype)


class CosineSimilarity(MeanMetricWrapper):
    """The mean cosine of the angle between targets and predictions; 1 is best.

    Without the sign of `keras.losses.cosine_similarity`.

    Args:
        name, dtype: as for `keras.Metric`.
        axis: along which the vectors lie.

    Example:
        >>> keras.metrics.CosineSimilarity()([[0.0, 1.0]], [[0.0, 2.0]])
        1.0
    """

    def __init__(
        self,
        name: str | None = "cosine_similarity",
        dtype: Any = None,
        axis: int = -1,
    ) -> None:
        super().__init__(cosines, name=name, dtype=dtype, axis=axis)


class RootMeanSquaredError(Mean):
    """`sqrt(mean((y_true - y_pred) ** 2))`.

    Args:
        name, dtype: as for `keras.Metric`.

    Example:
        >>> keras.metrics.RootMeanSquaredError()([[0.0, 2.0]], [[2.0, 0.0]])
        2.0
    """

    def __init__(
        self, name: str | None = "root_mean_squared_error", dtype: Any = None
    ) -> None:
        super().__init__(name=name, dtype=dtype)

    def update_state(  # type: ignore[override]  # the API's
        self,
        y_true: TensorLike,
        y_pred: TensorLike,
        sample_weight: TensorLike | None = None,
    ) -> None:
        """Take in a batch.

        Args:
            y_true: targets `(batch, ...)`.
            y_pred: predictions of the same shape.
            sample_weight: `(batch,)`, or of their shape.
        """
        mask = joint_mask(masks.get_mask(y_pred), masks.get_mask(y_true))
        y_true, y_pred = pair(y_true, y_pred, self.name)
        self._include(ops.square(y_true - y_pred), sample_weight, mask)

    def result(self) -> Tensor:
        """The root of the mean, a scalar."""
        return ops.sqrt(super().result())


class R2Score(Metric):
    """`1 - sum((y_true - y_pred) ** 2) / sum((y_true - mean(y_true)) ** 2)`.

    The coefficient of determination: 1 for perfect predictions, 0 for the mean.

    Args:
        class_aggregation: "uniform_average", "variance_weighted_average" (outputs weigh
            by the variance of their targets), or `None`: one score for each output.
        num_regressors: int of at least 0; more than 0 gives the adjusted score
            `1 - (1 - score) * (n - 1) / (n - num_regressors - 1)`, n being the number
            of target values, as far as n allows it.
        name, dtype: as for `keras.Metric`.

    Raises:
        UnknownNameError: for an unknown aggregation.
        ValueError: for a negative number of regressors.

    Example:
        >>> keras.metrics.R2Score()([[1.0], [2.0], [3.0]], [[1.0], [2.0], [2.0]])
        0.5
    """

    def __init__(
        self,
        class_aggregation: Literal["uniform_average", "variance_weighted_average"]
        | None = "uniform_average",
        num_regressors: int = 0,
        name: str | None = "r2_score",
        dtype: Any = None,
    ) -> None:
        super().__init__(name=name, dtype=dtype)
        known = ("uniform_average", "variance_weighted_average")
        if class_aggregation is not None and class_aggregation not in known:
            raise unknown_name("class_aggregation of R2Score", class_aggregation, known)
        if num_regressors < 0:
            raise ValueError(
                f"R2Score(num_regressors=...): got {num_regressors!r}; expected an int "
                "of at least 0. Pass 0 for the score that is not adjusted."
            )
        self.class_aggregation = class_aggregation
        self.num_regressors = num_regressors
        self.num_samples: Variable = self.add_variable((), "zeros", name="num_samples")
        self._built = False

    sum: Variable
    squared_sum: Variable
    residual: Variable
    count: Variable

    def _build(self, outputs: int) -> None:
        for name in ("squared_sum", "sum", "residual", "count"):
            setattr(self, name, self.add_variable((outputs,), "zeros", name=name))
        self._built = True

    def update_state(
        self,
        y_true: TensorLike,
        y_pred: TensorLike,
        sample_weight: TensorLike | None = None,
    ) -> None:
        """Take in a batch.

        Args:
            y_true: targets `(batch, outputs)`.
            y_pred: predictions of the same shape.
            sample_weight: `(batch,)`, `(batch, 1)`, or of their shape.

        Raises:
            ShapeError: if there are not 2 dimensions.
        """
        y_true, y_pred = as_dtype(y_true, self.dtype), as_dtype(y_pred, self.dtype)
        y_true, y_pred = pair(y_true, y_pred, self.name)
        batch_and_outputs(y_true, self.name)
        batch, outputs = tuple(y_true.shape)
        if not self._built:
            self._build(outputs)
        weights: Tensor = ops.ones((), self.dtype)
        if sample_weight is not None:
            weights = as_dtype(sample_weight, self.dtype)
            weights = fit_weights(weights, y_true, self.name)
        weighted = y_true * weights
        self.sum.assign_add(ops.sum(weighted, axis=0))
        self.squared_sum.assign_add(ops.sum(y_true * weighted, axis=0))
        error = ops.square(y_true - y_pred) * weights
        self.residual.assign_add(ops.sum(error, axis=0))
        self.count.assign_add(
            ops.sum(ops.broadcast_to(weights, (batch, outputs)), axis=0)
        )
        self.num_samples.assign_add(batch * outputs)

    def result(self) -> Tensor:
        """The score, a scalar, or `(outputs,)` where `class_aggregation` is `None`."""
        if not self._built:
            return ops.zeros((), self.dtype)
        mean = self.sum / ops.maximum(self.count, _TINY)
        total = self.squared_sum - self.sum * mean
        ratio = self.residual / ops.where(ops.equal(total, 0.0), 1.0, total)
        # Targets that do not vary tell nothing: the score is 0.
        score = ops.where(ops.equal(total, 0.0), 0.0, 1.0 - ratio)
        if self.class_aggregation == "uniform_average":
            score = ops.mean(score)
        elif self.class_aggregation == "variance_weighted_average":
            everything = ops.sum(total)
            score = ops.sum(score * total) / ops.maximum(everything, _TINY)
        return self._adjusted(score) if self.num_regressors else score

    def _adjusted(self, score: Tensor) -> Tensor:
        freedom = self.num_samples - self.num_regressors - 1.0
        enough = freedom > 0.0
        factor = (self.num_samples - 1.0) / ops.where(enough, freedom, 1.0)
        return ops.where(enough, 1.0 - (1.0 - score) * factor, score)

    def get_config(self) -> Config:
        """The constructor's arguments."""
        return constructor_config(self)


# Keeps a division by a sum of nothing finite.
_TINY = 1e-12


def batch_and_outputs(y: Tensor, what: str) -> None:
    """Raise a `ShapeError` unless `y` has 2 dimensions."""
    if len(y.shape) != 2:
        raise ShapeError(
            f"{what}: got y_true and y_pred of shape {tuple(y.shape)}; expected "
            "(batch, outputs). Reshape them to two dimensions."
        )
