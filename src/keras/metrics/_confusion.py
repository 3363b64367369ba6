"""True and false positives at many thresholds in one pass over the predictions."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from keras import ops
from keras.core.variable import Variable
from keras.losses._pairs import as_dtype, no_fit, same_rank, shapes_agree
from keras.losses._reduce import fit_weights
from keras.typing import Tensor

# From so many thresholds on, sorting predictions into bins is cheaper than comparing
# each with all of them.
_MANY = 8


class Thresholds:
    """Thresholds, as given and as a tensor that stays on the device.

    Args:
        values: floats in any order.
    """

    def __init__(self, values: Sequence[float]) -> None:
        self.values = [float(v) for v in values]
        array = np.asarray(self.values, "float32")
        order = np.argsort(array, kind="stable")
        self._sorted = _constant(array[order])
        self._back = None if _is_range(order) else _constant(np.argsort(order))

    def __len__(self) -> int:
        return len(self.values)

    def count(self, y_pred: Tensor, y_true: Tensor, weights: Tensor) -> "Confusion":
        """Weights of the four outcomes at each threshold.

        Args:
            y_pred: scores `(n, labels)`.
            y_true: bool `(n, labels)`.
            weights: float `(n, labels)`.
        """
        true = ops.where(y_true, weights, 0.0)
        both = ops.stack([weights - true, true], axis=0)  # (2, n, labels)
        if len(self) < _MANY:
            above = self._compared(y_pred, both)
        else:
            above = self._binned(y_pred, y_true, weights)
        if self._back is not None:
            above = ops.take(above, self._back, axis=1)
        return Confusion(above, both)

    def _compared(self, y_pred: Tensor, both: Tensor) -> Tensor:
        limits = ops.reshape(self._sorted, (-1, 1, 1))
        above = ops.expand_dims(y_pred, 0) > limits  # (thresholds, n, labels)
        # Not a product of matrices: those may round on GPUs.
        counts = ops.where(ops.expand_dims(above, 0), ops.expand_dims(both, 1), 0.0)
        return ops.sum(counts, axis=2)

    def _binned(self, y_pred: Tensor, y_true: Tensor, weights: Tensor) -> Tensor:
        bins, labels = len(self) + 1, y_pred.shape[1]
        flat = ops.reshape(as_dtype(y_pred, "float32"), (-1,))
        # The number of thresholds below each prediction.
        passed = ops.searchsorted(self._sorted, flat, side="left")
        place = ops.reshape(ops.cast(passed, "int32"), (-1, labels))
        place = place + bins * ops.cast(y_true, "int32")
        place = place * labels + ops.arange(labels, dtype="int32")
        counts = ops.segment_sum(
            ops.reshape(weights, (-1,)), ops.reshape(place, (-1,)), 2 * bins * labels
        )
        counts = ops.reshape(counts, (2, bins, labels))
        return ops.flip(ops.cumsum(ops.flip(counts, axis=1), axis=1), axis=1)[:, 1:]


class Confusion:
    """Weights of the four outcomes by threshold, `(thresholds, labels)` each.

    Args:
        above: of what is predicted positive, wrongly and rightly,
            `(2, thresholds, labels)`.
        samples: of the negative and of the positive samples, `(2, n, labels)`.
    """

    def __init__(self, above: Tensor, samples: Tensor) -> None:
        self.false_positives, self.true_positives = above[0], above[1]
        self._samples = samples

    @property
    def true_negatives(self) -> Tensor:
        """Negative samples that are not predicted positive."""
        return ops.sum(self._samples[0], axis=0) - self.false_positives

    @property
    def false_negatives(self) -> Tensor:
        """Positive samples that are not predicted positive."""
        return ops.sum(self._samples[1], axis=0) - self.true_positives


def confusion(
    thresholds: Thresholds,
    y_true: Any,
    y_pred: Any,
    sample_weight: Any,
    dtype: str,
    what: str,
    *,
    multi_label: bool = False,
    top_k: int | None = None,
    class_id: int | None = None,
    label_weights: Any = None,
) -> Confusion:
    """What predictions are at each threshold; those above it count as positive.

    Args:
        thresholds: where to cut.
        y_true: targets of any shape; all but 0 are positive.
        y_pred: scores of the same shape.
        sample_weight: of their shape, `(batch,)`, or `None`.
        dtype: of the counts.
        what: the metric's name, for errors.
        multi_label: whether the last axis holds labels to be counted apart.
        top_k: count only the k highest scores along the last axis as positive.
        class_id: look at one class along the last axis only.
        label_weights: a weight for each label along the last axis.

    Raises:
        ShapeError: if the shapes do not fit.
    """
    scores, target = as_dtype(y_pred, dtype), as_dtype(y_true, "bool")
    scores, target = same_rank(scores, target)
    if not shapes_agree(scores, target):
        raise no_fit(y_true, y_pred, what)
    weights = ops.ones_like(scores)
    if sample_weight is not None:
        given = as_dtype(sample_weight, dtype)
        weights = weights * fit_weights(given, scores, what)
    if label_weights is not None:
        weights = weights * as_dtype(label_weights, dtype)
    if top_k is not None:
        scores = _only_best(scores, top_k)
    if class_id is not None:
        _check_class(class_id, scores, what)
        scores, target, weights = (x[..., class_id] for x in (scores, target, weights))
    shape = (-1, scores.shape[-1] if multi_label else 1)
    scores, target, weights = (ops.reshape(x, shape) for x in (scores, target, weights))
    return thresholds.count(scores, target, weights)


def _only_best(scores: Tensor, k: int) -> Tensor:
    """`scores` with all but the k highest of each row far below any threshold."""
    _, indices = ops.top_k(scores, k=k, sorted=False)
    chosen = ops.one_hot(indices, scores.shape[-1], dtype="bool")
    return ops.where(ops.any(chosen, axis=-2), scores, NEVER)


NEVER = -1e10
"""A score below every threshold."""


def _check_class(class_id: int, scores: Tensor, what: str) -> None:
    if not -scores.shape[-1] <= class_id < scores.shape[-1]:
        raise ValueError(
            f"{what}(class_id={class_id}): got predictions of {scores.shape[-1]} "
            f"classes. Pass a class_id from 0 to {scores.shape[-1] - 1}."
        )


def _constant(array: Any) -> Variable:
    """Numbers that live on the device, but are no part of a metric's state."""
    return Variable(array, trainable=False, autocast=False, name="constant")


def _is_range(order: Any) -> bool:
    return bool(np.array_equal(order, np.arange(len(order))))
