"""The area under a curve: receiver operating characteristic, precision and recall."""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from keras import ops
from keras.core.config import epsilon
from keras.core.lookup import constructor_config
from keras.errors import ShapeError, unknown_name
from keras.losses._pairs import as_dtype
from keras.metrics._confusion import Thresholds, confusion
from keras.metrics._mean import divide_or_zero
from keras.metrics._metric import Metric
from keras.metrics._tradeoff import OUTCOMES
from keras.typing import Config, Tensor, TensorLike

Curve = Literal["ROC", "PR", "PRGAIN"]
Summation = Literal["interpolation", "minoring", "majoring"]


class AUC(Metric):
    """The area under the ROC or the precision-recall curve.

    The curve is drawn through `num_thresholds` points, so that the area is a close
    approximation, which is best if predictions are spread over 0 to 1.

    Args:
        num_thresholds: int of at least 2: thresholds evenly spaced from 0 to 1.
        curve: "ROC" (true against false positive rate), "PR" (precision against
            recall), or "PRGAIN" (their gains over guessing: Flach & Kull 2015).
        summation_method: "interpolation" (the mean of the heights at both ends of an
            interval; for "PR" as Davis & Goadrich 2006), "minoring" (the lower end) or
            "majoring" (the upper end).
        name, dtype: as for `keras.Metric`.
        thresholds: floats from 0 to 1 in place of evenly spaced ones; one below 0 and
            one above 1 are added.
        multi_label: whether columns are labels with curves of their own, whose areas
            are averaged; else all entries make one curve.
        num_labels: int: the number of columns, where it should be known at once.
        label_weights: a float for each column: how it weighs in the average, or where
            `multi_label` is false how its entries weigh.
        from_logits: whether predictions have not gone through a sigmoid yet.

    Raises:
        ValueError: for too few thresholds, or one out of range.
        UnknownNameError: for an unknown curve or summation method.

    Example:
        >>> metric = keras.metrics.AUC(num_thresholds=3)
        >>> metric([0, 0, 1, 1], [0.0, 0.5, 0.3, 0.9])
        0.75
    """

    true_positives: Any
    false_positives: Any
    true_negatives: Any
    false_negatives: Any

    def __init__(
        self,
        num_thresholds: int = 200,
        curve: Curve = "ROC",
        summation_method: Summation = "interpolation",
        name: str | None = None,
        dtype: Any = None,
        thresholds: Sequence[float] | None = None,
        multi_label: bool = False,
        num_labels: int | None = None,
        label_weights: Sequence[float] | None = None,
        from_logits: bool = False,
    ) -> None:
        super().__init__(name=name, dtype=dtype)
        self.curve: Any = _known("curve", curve, ("ROC", "PR", "PRGAIN"))
        self.summation_method: Any = _known(
            "summation_method",
            summation_method,
            ("interpolation", "minoring", "majoring"),
        )
        if num_labels is not None and not multi_label:
            raise ValueError(
                f"AUC(num_labels={num_labels}): is for multi_label=True only. Pass "
                "both, or leave num_labels out."
            )
        inner = _inner_thresholds(num_thresholds, thresholds)
        self._own_thresholds = None if thresholds is None else inner
        self._cuts = Thresholds([-epsilon(), *inner, 1.0 + epsilon()])
        self.num_thresholds: int = len(inner) + 2
        self.multi_label = multi_label
        self.num_labels = num_labels
        weights = None if label_weights is None else np.asarray(label_weights)
        self.label_weights: Any = None if weights is None else weights.tolist()
        self.from_logits = from_logits
        self._built = False
        if not multi_label or num_labels:
            self._build(num_labels or 1)

    @property
    def thresholds(self) -> list[float]:
        """All thresholds, from one below 0 to one above 1."""
        return self._cuts.values

    def _build(self, labels: int) -> None:
        count = self.num_thresholds
        shape = (count, labels) if self.multi_label else (count,)
        for outcome in OUTCOMES:
            variable = self.add_variable(shape, "zeros", name=outcome)
            setattr(self, outcome, variable)
        self._built = True

    def update_state(
        self,
        y_true: TensorLike,
        y_pred: TensorLike,
        sample_weight: TensorLike | None = None,
    ) -> None:
        """Take in a batch.

        Args:
            y_true: targets of any shape, with `multi_label` `(batch, labels)`; all but
                0 are positive.
            y_pred: probabilities of the same shape.
            sample_weight: `(batch,)`, or of their shape.

        Raises:
            ShapeError: if the shapes do not fit.
        """
        y_pred = as_dtype(y_pred, self.dtype)
        if not self._built or self.multi_label:
            self._check_labels(y_pred)
        if self.from_logits:
            y_pred = ops.sigmoid(y_pred)
        outcome = confusion(
            self._cuts,
            y_true,
            y_pred,
            sample_weight,
            self.dtype,
            self.name,
            multi_label=self.multi_label,
            label_weights=None if self.multi_label else self.label_weights,
        )
        for field in OUTCOMES:
            counts = getattr(outcome, field)
            if not self.multi_label:
                counts = counts[:, 0]
            getattr(self, field).assign_add(counts)

    def _check_labels(self, y_pred: Tensor) -> None:
        shape = tuple(y_pred.shape)
        labels = self.num_labels or (shape[-1] if len(shape) == 2 else None)
        if len(shape) != 2 or shape[-1] != labels:
            raise ShapeError(
                f"{self.name}: got y_pred of shape {shape}; expected (batch, "
                f"{labels or 'labels'}) since multi_label is true. Reshape it."
            )
        if not self._built:
            self._build(labels)

    def interpolate_pr_auc(self) -> Tensor:
        """The area under the precision-recall curve (Davis & Goadrich 2006).

        Between two thresholds true positives are taken to grow linearly with predicted
        ones, `tp = a + b * p`, which integrates to
        `b * (dtp + a * log(p[i] / p[i + 1]))`, over the number of positives.
        """
        tp = self.true_positives.value
        predicted = tp + self.false_positives
        d_tp = tp[:-1] - tp[1:]
        slope = divide_or_zero(d_tp, predicted[:-1] - predicted[1:])
        intercept = tp[1:] - slope * predicted[1:]
        both = ops.logical_and(predicted[:-1] > 0, predicted[1:] > 0)
        ratio = ops.where(both, divide_or_zero(predicted[:-1], predicted[1:]), 1.0)
        positives = tp[1:] + self.false_negatives[1:]
        area = slope * (d_tp + intercept * ops.log(ratio))
        return self._averaged(ops.sum(divide_or_zero(area, positives), axis=0))

    def result(self) -> Tensor:
        """The area, a scalar."""
        if not self._built:
            return ops.zeros((), self.dtype)
        if self.curve == "PR" and self.summation_method == "interpolation":
            return self.interpolate_pr_auc()
        x, y = self._points()
        if self.summation_method == "interpolation":
            heights = (y[:-1] + y[1:]) / 2.0
        elif self.summation_method == "minoring":
            heights = ops.minimum(y[:-1], y[1:])
        else:
            heights = ops.maximum(y[:-1], y[1:])
        return self._averaged(ops.sum((x[:-1] - x[1:]) * heights, axis=0))

    def _points(self) -> tuple[Tensor, Tensor]:
        """The curve, abscissas falling."""
        tp, fp = self.true_positives.value, self.false_positives.value
        tn, fn = self.true_negatives.value, self.false_negatives.value
        recall = divide_or_zero(tp, tp + fn)
        if self.curve == "ROC":
            return divide_or_zero(fp, fp + tn), recall
        precision = divide_or_zero(tp, tp + fp)
        if self.curve == "PR":
            return recall, precision
        # The rate of positives is the precision of guessing: gains are above it.
        odds = divide_or_zero(tp + fn, fp + tn)
        precision_gain = 1.0 - odds * divide_or_zero(fp, tp)
        recall_gain = 1.0 - odds * divide_or_zero(fn, tp)
        return recall_gain, precision_gain

    def _averaged(self, areas: Tensor) -> Tensor:
        """The mean over labels, if there are several."""
        if not self.multi_label:
            return areas
        if self.label_weights is None:
            return ops.mean(areas)
        weights = as_dtype(self.label_weights, self.dtype)
        return divide_or_zero(ops.sum(areas * weights), ops.sum(weights))

    def get_config(self) -> Config:
        """The constructor's arguments."""
        config = constructor_config(self)
        del config["thresholds"]
        if self._own_thresholds is not None:
            config["thresholds"] = self._own_thresholds
        return config


def _known(option: str, value: Any, known: tuple[str, ...]) -> Any:
    if value not in known:
        raise unknown_name(f"{option} of AUC", value, known)
    return value


def _inner_thresholds(count: int, given: Sequence[float] | None) -> list[float]:
    if given is not None:
        values = sorted(float(v) for v in given)
        if any(not 0 <= v <= 1 for v in values):
            raise ValueError(
                f"AUC(thresholds=...): got values from {values[0]} to {values[-1]}; "
                "expected 0 to 1. Use from_logits=True where predictions are logits."
            )
        return values
    if count < 2:
        raise ValueError(
            f"AUC(num_thresholds=...): got {count!r}; expected an int of at least 2. "
            "Pass num_thresholds=200."
        )
    return [(i + 1) / (count - 1) for i in range(count - 2)]
