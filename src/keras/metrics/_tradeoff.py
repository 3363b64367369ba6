"""The best of one rate where another is at least so high: precision at recall, ..."""

from typing import Any

import numpy as np

from keras import ops
from keras.core.lookup import constructor_config
from keras.metrics._confusion import Thresholds, confusion
from keras.metrics._mean import divide_or_zero
from keras.metrics._metric import Metric
from keras.typing import Config, Tensor, TensorLike

OUTCOMES = (
    "true_positives",
    "false_positives",
    "true_negatives",
    "false_negatives",
)


class _Tradeoff(Metric):
    """All four outcomes at evenly spaced thresholds."""

    true_positives: Any
    false_positives: Any
    true_negatives: Any
    false_negatives: Any

    def __init__(
        self,
        option: str,
        value: float,
        num_thresholds: int,
        class_id: int | None,
        name: str | None,
        dtype: Any,
    ) -> None:
        super().__init__(name=name, dtype=dtype)
        what = type(self).__name__
        if not 0 <= value <= 1:
            raise ValueError(
                f"{what}({option}=...): got {value!r}; expected a float from 0 to 1. "
                f"Pass {option}=0.5."
            )
        if num_thresholds < 1:
            raise ValueError(
                f"{what}(num_thresholds=...): got {num_thresholds!r}; expected an int "
                "of at least 1. Pass num_thresholds=200."
            )
        self.num_thresholds = num_thresholds
        self.class_id = class_id
        steps = np.linspace(0.0, 1.0, num_thresholds) if num_thresholds > 1 else [0.5]
        self.thresholds: list[float] = [float(v) for v in steps]
        self._cuts = Thresholds(self.thresholds)
        self._least = float(value)
        for outcome in OUTCOMES:
            variable = self.add_variable((num_thresholds,), "zeros", name=outcome)
            setattr(self, outcome, variable)

    def update_state(
        self,
        y_true: TensorLike,
        y_pred: TensorLike,
        sample_weight: TensorLike | None = None,
    ) -> None:
        """Take in a batch.

        Args:
            y_true: targets of any shape; all but 0 are positive.
            y_pred: probabilities of the same shape.
            sample_weight: `(batch,)`, or of their shape.

        Raises:
            ShapeError: if the shapes do not fit.
        """
        outcome = confusion(
            self._cuts,
            y_true,
            y_pred,
            sample_weight,
            self.dtype,
            self.name,
            class_id=self.class_id,
        )
        for field in OUTCOMES:
            getattr(self, field).assign_add(getattr(outcome, field)[:, 0])

    def _rate(self, hits: Any, misses: Any) -> Tensor:
        return divide_or_zero(hits.value, hits + misses)

    def _recall(self) -> Tensor:
        return self._rate(self.true_positives, self.false_negatives)

    def _specificity(self) -> Tensor:
        return self._rate(self.true_negatives, self.false_positives)

    def _precision(self) -> Tensor:
        return self._rate(self.true_positives, self.false_positives)

    def _best(self, rate: Tensor, where: Tensor) -> Tensor:
        """The highest rate among thresholds where the other is high enough, or 0."""
        return ops.max(ops.where(where >= self._least, rate, 0.0))

    def get_config(self) -> Config:
        """The constructor's arguments."""
        return constructor_config(self)


class SensitivityAtSpecificity(_Tradeoff):
    """The best sensitivity at a specificity of at least `specificity`.

    Sensitivity is `tp / (tp + fn)`, specificity `tn / (tn + fp)`.

    Args:
        specificity: float from 0 to 1.
        num_thresholds: int of at least 1: thresholds tried between 0 and 1.
        class_id: int: look at this class along the last axis only.
        name, dtype: as for `keras.Metric`.

    Raises:
        ValueError: for a rate or a number out of range.

    Example:
        >>> metric = keras.metrics.SensitivityAtSpecificity(0.5)
        >>> metric([0, 0, 0, 1, 1], [0.0, 0.3, 0.8, 0.3, 0.8])
        0.5
    """

    def __init__(
        self,
        specificity: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(
            "specificity", specificity, num_thresholds, class_id, name, dtype
        )
        self.specificity = specificity

    def result(self) -> Tensor:
        """The sensitivity, a scalar."""
        return self._best(self._recall(), where=self._specificity())


class SpecificityAtSensitivity(_Tradeoff):
    """The best specificity at a sensitivity of at least `sensitivity`.

    Specificity is `tn / (tn + fp)`, sensitivity `tp / (tp + fn)`.

    Args:
        sensitivity: float from 0 to 1.
        num_thresholds: int of at least 1: thresholds tried between 0 and 1.
        class_id: int: look at this class along the last axis only.
        name, dtype: as for `keras.Metric`.

    Raises:
        ValueError: for a rate or a number out of range.

    Example:
        >>> metric = keras.metrics.SpecificityAtSensitivity(0.5)
        >>> metric([0, 0, 0, 1, 1], [0.0, 0.3, 0.8, 0.3, 0.8])
        0.6667
    """

    def __init__(
        self,
        sensitivity: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(
            "sensitivity", sensitivity, num_thresholds, class_id, name, dtype
        )
        self.sensitivity = sensitivity

    def result(self) -> Tensor:
        """The specificity, a scalar."""
        return self._best(self._specificity(), where=self._recall())


class PrecisionAtRecall(_Tradeoff):
    """The best precision at a recall of at least `recall`.

    Args:
        recall: float from 0 to 1.
        num_thresholds: int of at least 1: thresholds tried between 0 and 1.
        class_id: int: look at this class along the last axis only.
        name, dtype: as for `keras.Metric`.

    Raises:
        ValueError: for a rate or a number out of range.

    Example:
        >>> metric = keras.metrics.PrecisionAtRecall(0.5)
        >>> metric([0, 0, 0, 1, 1], [0.0, 0.3, 0.8, 0.3, 0.8])
        0.5
    """

    def __init__(
        self,
        recall: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__("recall", recall, num_thresholds, class_id, name, dtype)
        self.recall = recall

    def result(self) -> Tensor:
        """The precision, a scalar."""
        return self._best(self._precision(), where=self._recall())


class RecallAtPrecision(_Tradeoff):
    """The best recall at a precision of at least `precision`.

    Args:
        precision: float from 0 to 1.
        num_thresholds: int of at least 1: thresholds tried between 0 and 1.
        class_id: int: look at this class along the last axis only.
        name, dtype: as for `keras.Metric`.

    Raises:
        ValueError: for a rate or a number out of range.

    Example:
        >>> metric = keras.metrics.RecallAtPrecision(0.8)
        >>> metric([0, 0, 1, 1], [0.0, 0.5, 0.3, 0.9])
        0.5
    """

    def __init__(
        self,
        precision: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__("precision", precision, num_thresholds, class_id, name, dtype)
        self.precision = precision

    def result(self) -> Tensor:
        """The recall, a scalar."""
        return self._best(self._recall(), where=self._precision())
