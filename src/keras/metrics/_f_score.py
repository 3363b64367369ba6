"""F-scores: one number for precision and recall."""

from typing import Any, Literal

from keras import ops
from keras.core.config import epsilon
from keras.core.lookup import constructor_config
from keras.core.variable import Variable
from keras.errors import ShapeError, unknown_name
from keras.losses._pairs import as_dtype, pair
from keras.losses._reduce import fit_weights
from keras.metrics._metric import Metric
from keras.metrics._regression import batch_and_outputs
from keras.typing import Config, Tensor, TensorLike

Average = Literal["micro", "macro", "weighted"]

# The highest score of a row is a prediction only if it is not zero.
_LEAST_SCORE = 1e-9


class FBetaScore(Metric):
    """`(1 + b ** 2) * precision * recall / (b ** 2 * precision + recall)`.

    Args:
        average: `None` (one score for each class), "micro" (one score from the counts
            of all classes), "macro" (the mean of the scores) or "weighted" (their mean
            by the number of true samples).
        beta: float above 0: how many times recall matters more than precision.
        threshold: float above 0: scores above it are predictions; default: the highest
            score of each sample is.
        name, dtype: as for `keras.Metric`.

    Raises:
        UnknownNameError: for an unknown average.
        ValueError: for a threshold or `beta` that is no float above 0.

    Example:
        >>> metric = keras.metrics.FBetaScore(beta=2.0, threshold=0.5)
        >>> metric([[1.0, 1.0], [1.0, 0.0]], [[0.2, 0.6], [0.6, 0.8]])
        [0.5556, 0.8333]
    """

    true_positives: Variable
    false_positives: Variable
    false_negatives: Variable
    intermediate_weights: Variable

    def __init__(
        self,
        average: Average | None = None,
        beta: float = 1.0,
        threshold: float | None = None,
        name: str | None = "fbeta_score",
        dtype: Any = None,
    ) -> None:
        super().__init__(name=name, dtype=dtype)
        what = type(self).__name__
        known = ("micro", "macro", "weighted")
        if average is not None and average not in known:
            raise unknown_name(f"average of {what}", average, known)
        _check_positive(what, "beta", beta)
        if threshold is not None:
            _check_positive(what, "threshold", threshold)
        self.average = average
        self.beta = beta
        self.threshold = threshold
        self._built = False

    def _build(self, classes: int) -> None:
        shape = () if self.average == "micro" else (classes,)
        for name in _STATE:
            setattr(self, name, self.add_variable(shape, "zeros", name=name))
        self._classes = classes
        self._built = True

    def update_state(
        self,
        y_true: TensorLike,
        y_pred: TensorLike,
        sample_weight: TensorLike | None = None,
    ) -> None:
        """Take in a batch.

        Args:
            y_true: targets 0 or 1, `(batch, classes)`.
            y_pred: scores of the same shape.
            sample_weight: `(batch,)` or `(batch, 1)`.

        Raises:
            ShapeError: if the shapes do not fit, or the number of classes changes.
        """
        y_pred = as_dtype(y_pred, self.dtype)
        y_true, y_pred = pair(y_true, y_pred, self.name)
        batch_and_outputs(y_true, self.name)
        if not self._built:
            self._build(y_true.shape[1])
        elif y_true.shape[1] != self._classes:
            raise ShapeError(
                f"{self.name}: got y_true of shape {tuple(y_true.shape)}; expected "
                f"{self._classes} classes as in earlier batches. Make a metric for "
                "each number of classes."
            )
        predicted = as_dtype(self._predictions(y_pred), self.dtype)
        axis = None if self.average == "micro" else 0
        weights = None
        if sample_weight is not None:
            weights = as_dtype(sample_weight, self.dtype)
            weights = fit_weights(weights, y_true, self.name)

        def total(x: Tensor) -> Tensor:
            return ops.sum(x if weights is None else x * weights, axis=axis)

        self.true_positives.assign_add(total(predicted * y_true))
        self.false_positives.assign_add(total(predicted * (1.0 - y_true)))
        self.false_negatives.assign_add(total((1.0 - predicted) * y_true))
        self.intermediate_weights.assign_add(total(y_true))

    def _predictions(self, y_pred: Tensor) -> Tensor:
        if self.threshold is not None:
            return y_pred > self.threshold
        highest = ops.max(y_pred, axis=-1, keepdims=True)
        return ops.logical_and(y_pred >= highest, ops.abs(y_pred) > _LEAST_SCORE)

    def result(self) -> Tensor:
        """The score: a scalar, or `(classes,)` where `average` is `None`."""
        if not self._built:
            return ops.zeros((), self.dtype)
        tp = self.true_positives.value
        precision = tp / (tp + self.false_positives + epsilon())
        recall = tp / (tp + self.false_negatives + epsilon())
        weighted = self.beta**2 * precision + recall + epsilon()
        score = precision * recall * (1.0 + self.beta**2) / weighted
        if self.average == "weighted":
            shares = self.intermediate_weights.value
            return ops.sum(score * shares / (ops.sum(shares) + epsilon()))
        return ops.mean(score) if self.average is not None else score

    def get_config(self) -> Config:
        """The constructor's arguments."""
        return constructor_config(self)


_STATE = (
    "true_positives",
    "false_positives",
    "false_negatives",
    "intermediate_weights",
)


def _check_positive(what: str, option: str, value: Any) -> None:
    if not isinstance(value, float) or value <= 0:
        raise ValueError(
            f"{what}({option}=...): got {value!r} ({type(value).__name__}); expected a "
            f"float above 0. Pass {option}=0.5 for example."
        )


class F1Score(FBetaScore):
    """`2 * precision * recall / (precision + recall)`: `FBetaScore` of beta 1.

    Args:
        average: as for `FBetaScore`.
        threshold: as for `FBetaScore`.
        name, dtype: as for `keras.Metric`.

    Example:
        >>> metric = keras.metrics.F1Score(threshold=0.5)
        >>> metric([[1.0, 1.0], [1.0, 0.0]], [[0.2, 0.6], [0.6, 0.8]])
        [0.6667, 0.6667]
    """

    def __init__(
        self,
        average: Average | None = None,
        threshold: float | None = None,
        name: str | None = "f1_score",
        dtype: Any = None,
    ) -> None:
        super().__init__(average, beta=1.0, threshold=threshold, name=name, dtype=dtype)
