"""Metrics by name: `get`, `serialize`, `deserialize`."""

from collections.abc import Callable, Mapping
from typing import Any

from keras.core.lookup import Lookup
from keras.metrics import (
    _accuracy,
    _auc,
    _correlation,
    _counts,
    _f_score,
    _hinge,
    _iou,
    _mean,
    _probabilistic,
    _regression,
    _tradeoff,
)
from keras.metrics._metric import Metric
from keras.typing import Config


def _modern(name: str) -> str:
    # Late: legacy stands above, and only old programs need it.
    from keras.legacy._losses import modern_metric

    return modern_metric(name)


CLASSES = (
    _auc.AUC,
    _accuracy.Accuracy,
    _accuracy.BinaryAccuracy,
    _probabilistic.BinaryCrossentropy,
    _iou.BinaryIoU,
    _accuracy.CategoricalAccuracy,
    _probabilistic.CategoricalCrossentropy,
    _hinge.CategoricalHinge,
    _correlation.ConcordanceCorrelation,
    _regression.CosineSimilarity,
    _f_score.F1Score,
    _f_score.FBetaScore,
    _counts.FalseNegatives,
    _counts.FalsePositives,
    _hinge.Hinge,
    _iou.IoU,
    _probabilistic.KLDivergence,
    _regression.LogCoshError,
    _mean.Mean,
    _regression.MeanAbsoluteError,
    _regression.MeanAbsolutePercentageError,
    _iou.MeanIoU,
    _mean.MeanMetricWrapper,
    _regression.MeanSquaredError,
    _regression.MeanSquaredLogarithmicError,
    _iou.OneHotIoU,
    _iou.OneHotMeanIoU,
    _correlation.PearsonCorrelation,
    _probabilistic.Poisson,
    _counts.Precision,
    _tradeoff.PrecisionAtRecall,
    _regression.R2Score,
    _counts.Recall,
    _tradeoff.RecallAtPrecision,
    _regression.RootMeanSquaredError,
    _tradeoff.SensitivityAtSpecificity,
    _accuracy.SparseCategoricalAccuracy,
    _probabilistic.SparseCategoricalCrossentropy,
    _accuracy.SparseTopKCategoricalAccuracy,
    _tradeoff.SpecificityAtSensitivity,
    _hinge.SquaredHinge,
    _mean.Sum,
    _accuracy.TopKCategoricalAccuracy,
    _counts.TrueNegatives,
    _counts.TruePositives,
)
_SHORT = {
    "bce": _probabilistic.BinaryCrossentropy,
    "kld": _probabilistic.KLDivergence,
    "mae": _regression.MeanAbsoluteError,
    "mape": _regression.MeanAbsolutePercentageError,
    "mse": _regression.MeanSquaredError,
    "msle": _regression.MeanSquaredLogarithmicError,
    "rmse": _regression.RootMeanSquaredError,
}
LOOKUP = Lookup(
    "metric",
    "keras.metrics",
    CLASSES,
    aliases={
        **_SHORT,
        **{name.upper(): cls for name, cls in _SHORT.items()},
        "log_cosh": _regression.LogCoshError,
    },
    renamed=_modern,
)


def get(identifier: str | Config | Metric | Callable[..., Any] | None) -> Any:
    """A metric from its name, config, class, or itself.

    Args:
        identifier: for example "mse", "mean_squared_error" or "MeanSquaredError", a
            config, a class, an instance, a function `(y_true, y_pred)`, or `None`.

    Raises:
        UnknownNameError: for a name that stands for nothing.

    Example:
        >>> keras.metrics.get("auc")
    """
    return LOOKUP.get(identifier)


def serialize(metric: Any) -> Any:
    """A metric as plain data."""
    return LOOKUP.serialize(metric)


def deserialize(config: Any, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """The metric that `serialize` described."""
    return LOOKUP.deserialize(config, custom_objects)
