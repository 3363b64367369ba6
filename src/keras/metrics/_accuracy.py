"""How often predictions are right: for classes, thresholds, and the k best."""

from typing import Any

from keras import ops
from keras.core.config import floatx
from keras.errors import ShapeError
from keras.losses._pairs import as_dtype, no_fit, same_rank, shapes_agree
from keras.metrics._mean import MeanMetricWrapper
from keras.typing import Tensor, TensorLike


def accuracy(y_true: TensorLike, y_pred: TensorLike) -> Tensor:
    """1 where predictions equal targets, entry by entry.

    Args:
        y_true: targets of any shape.
        y_pred: predictions of the same shape.

    Returns:
        A float tensor of the same shape.
    """
    y_true, y_pred = _alike(y_true, y_pred, "accuracy")
    return _right(ops.equal(y_true, y_pred))


def binary_accuracy(
    y_true: TensorLike, y_pred: TensorLike, threshold: float = 0.5
) -> Tensor:
    """1 where a prediction is on its target's side of a threshold.

    Args:
        y_true: targets 0 or 1, of any shape.
        y_pred: predicted probabilities of the same shape.
        threshold: float: predictions above it stand for 1.

    Returns:
        A float tensor of the same shape.

    Raises:
        ShapeError: if the shapes differ.

    Example:
        >>> keras.metrics.binary_accuracy([[0.0, 1.0]], [[0.2, 0.3]])
        [[1.0, 0.0]]
    """
    y_true, y_pred = _alike(y_true, y_pred, "binary_accuracy")
    return _right(ops.equal(y_true, ops.cast(y_pred > threshold, "int32")))


def categorical_accuracy(y_true: TensorLike, y_pred: TensorLike) -> Tensor:
    """1 where the best prediction is the target's class.

    Args:
        y_true: one-hot targets `(batch, ..., classes)`.
        y_pred: predicted probabilities or logits of the same shape.

    Returns:
        A float tensor `(batch, ...)`.

    Raises:
        ShapeError: if the shapes differ.

    Example:
        >>> keras.metrics.categorical_accuracy([[0, 1]], [[0.4, 0.6]])
        [1.0]
    """
    y_true, y_pred = _alike(
        y_true,
        y_pred,
        "categorical_accuracy",
        "For integer class indices use sparse_categorical_accuracy.",
    )
    return _right(ops.equal(ops.argmax(y_true, axis=-1), ops.argmax(y_pred, axis=-1)))


def sparse_categorical_accuracy(y_true: TensorLike, y_pred: TensorLike) -> Tensor:
    """1 where the best prediction is the target's class.

    Args:
        y_true: class indices `(batch, ...)` or `(batch, ..., 1)`.
        y_pred: predicted probabilities or logits `(batch, ..., classes)`.

    Returns:
        A float tensor `(batch, ...)`.

    Raises:
        ShapeError: if the shapes do not fit.

    Example:
        >>> keras.metrics.sparse_categorical_accuracy([1], [[0.4, 0.6]])
        [1.0]
    """
    y_true, y_pred = _indices(y_true, y_pred, "sparse_categorical_accuracy")
    return _right(ops.equal(y_true, ops.argmax(y_pred, axis=-1)))


def top_k_categorical_accuracy(
    y_true: TensorLike, y_pred: TensorLike, k: int = 5
) -> Tensor:
    """1 where the target's class is among the `k` best predictions.

    Args:
        y_true: one-hot targets `(batch, ..., classes)`.
        y_pred: predicted probabilities or logits of the same shape.
        k: int of at least 1.

    Returns:
        A float tensor `(batch, ...)`.

    Raises:
        ShapeError: if the shapes differ.

    Example:
        >>> keras.metrics.top_k_categorical_accuracy([[0, 1]], [[0.6, 0.4]], k=2)
        [1.0]
    """
    y_true, y_pred = _alike(
        y_true,
        y_pred,
        "top_k_categorical_accuracy",
        "For integer class indices use sparse_top_k_categorical_accuracy.",
    )
    return _among_best(ops.argmax(y_true, axis=-1), y_pred, k)


def sparse_top_k_categorical_accuracy(
    y_true: TensorLike, y_pred: TensorLike, k: int = 5, from_sorted_ids: bool = False
) -> Tensor:
    """1 where the target's class is among the `k` best predictions.

    Args:
        y_true: class indices `(batch, ...)` or `(batch, ..., 1)`.
        y_pred: predicted probabilities or logits `(batch, ..., classes)`.
        k: int of at least 1.
        from_sorted_ids: whether `y_pred` holds class indices, the best first, instead.

    Returns:
        A float tensor `(batch, ...)`.

    Raises:
        ShapeError: if the shapes do not fit.

    Example:
        >>> keras.metrics.sparse_top_k_categorical_accuracy([1], [[0.6, 0.4]], k=2)
        [1.0]
    """
    y_true, y_pred = _indices(y_true, y_pred, "sparse_top_k_categorical_accuracy")
    if from_sorted_ids:
        best = y_pred[..., :k]
        return _right(ops.any(ops.equal(ops.expand_dims(y_true, -1), best), axis=-1))
    return _among_best(y_true, y_pred, k)


def _among_best(index: Tensor, scores: Tensor, k: int) -> Tensor:
    shape = ops.shape(index)
    index, scores = (
        ops.reshape(index, (-1,)),
        ops.reshape(scores, (-1, scores.shape[-1])),
    )
    right = ops.in_top_k(ops.cast(index, "int32"), scores, k=k)
    return ops.reshape(_right(right), shape)


def _right(equal: Tensor) -> Tensor:
    return as_dtype(equal, floatx())


def _alike(
    y_true: TensorLike, y_pred: TensorLike, what: str, hint: str = ""
) -> tuple[Tensor, Tensor]:
    target, predicted = ops.convert_to_tensor(y_true), ops.convert_to_tensor(y_pred)
    target, predicted = same_rank(target, predicted)
    if not shapes_agree(target, predicted):
        raise no_fit(y_true, y_pred, what, hint)
    return target, predicted


def _indices(
    y_true: TensorLike, y_pred: TensorLike, what: str
) -> tuple[Tensor, Tensor]:
    index, scores = ops.convert_to_tensor(y_true), ops.convert_to_tensor(y_pred)
    if len(index.shape) == len(scores.shape) and index.shape[-1] == 1:
        index = ops.squeeze(index, -1)
    if tuple(index.shape) != tuple(scores.shape[:-1]):
        raise ShapeError(
            f"{what}: got y_true of shape {tuple(index.shape)} and y_pred of shape "
            f"{tuple(scores.shape)}; expected class indices of the shape of y_pred "
            f"without its last axis. Use {what.removeprefix('sparse_')} for one-hot "
            "targets."
        )
    return index, scores


class Accuracy(MeanMetricWrapper):
    """How often predictions equal targets.

    In `compile`, the string "accuracy" means the accuracy that fits the shapes instead.

    Args:
        name, dtype: as for `keras.Metric`.

    Example:
        >>> keras.metrics.Accuracy()([1, 2, 3, 4], [1, 2, 3, 0])
        0.75
    """

    def __init__(self, name: str | None = "accuracy", dtype: Any = None) -> None:
        super().__init__(accuracy, name=name, dtype=dtype)


class BinaryAccuracy(MeanMetricWrapper):
    """How often predictions are on the right side of a threshold.

    Args:
        name, dtype: as for `keras.Metric`.
        threshold: float between 0 and 1: predictions above it stand for 1.

    Raises:
        ValueError: for a threshold that is not between 0 and 1.

    Example:
        >>> keras.metrics.BinaryAccuracy()([[0.0], [1.0]], [[0.2], [0.3]])
        0.5
    """

    def __init__(
        self,
        name: str | None = "binary_accuracy",
        dtype: Any = None,
        threshold: float = 0.5,
    ) -> None:
        if not 0 < threshold < 1:
            raise ValueError(
                f"BinaryAccuracy(threshold=...): got {threshold!r}; expected a float "
                "between 0 and 1. Pass 0.5, or convert logits with ops.sigmoid."
            )
        super().__init__(binary_accuracy, name=name, dtype=dtype, threshold=threshold)


class CategoricalAccuracy(MeanMetricWrapper):
    """How often the best prediction is the class of a one-hot target.

    Args:
        name, dtype: as for `keras.Metric`.

    Example:
        >>> keras.metrics.CategoricalAccuracy()([[0, 1]], [[0.4, 0.6]])
        1.0
    """

    def __init__(
        self, name: str | None = "categorical_accuracy", dtype: Any = None
    ) -> None:
        super().__init__(categorical_accuracy, name=name, dtype=dtype)


class SparseCategoricalAccuracy(MeanMetricWrapper):
    """How often the best prediction is the class of an integer target.

    Args:
        name, dtype: as for `keras.Metric`.

    Example:
        >>> keras.metrics.SparseCategoricalAccuracy()([1], [[0.4, 0.6]])
        1.0
    """

    def __init__(
        self, name: str | None = "sparse_categorical_accuracy", dtype: Any = None
    ) -> None:
        super().__init__(sparse_categorical_accuracy, name=name, dtype=dtype)


class TopKCategoricalAccuracy(MeanMetricWrapper):
    """How often the class of a one-hot target is among the `k` best predictions.

    Args:
        k: int of at least 1.
        name, dtype: as for `keras.Metric`.

    Example:
        >>> keras.metrics.TopKCategoricalAccuracy(k=2)([[0, 1]], [[0.6, 0.4]])
        1.0
    """

    def __init__(
        self,
        k: int = 5,
        name: str | None = "top_k_categorical_accuracy",
        dtype: Any = None,
    ) -> None:
        super().__init__(top_k_categorical_accuracy, name=name, dtype=dtype, k=k)


class SparseTopKCategoricalAccuracy(MeanMetricWrapper):
    """How often the class of an integer target is among the `k` best predictions.

    Args:
        k: int of at least 1.
        name, dtype: as for `keras.Metric`.
        from_sorted_ids: whether predictions are class indices, the best first.

    Example:
        >>> keras.metrics.SparseTopKCategoricalAccuracy(k=2)([1], [[0.6, 0.4]])
        1.0
    """

    def __init__(
        self,
        k: int = 5,
        name: str | None = "sparse_top_k_categorical_accuracy",
        dtype: Any = None,
        from_sorted_ids: bool = False,
    ) -> None:
        super().__init__(
            sparse_top_k_categorical_accuracy,
            name=name,
            dtype=dtype,
            k=k,
            from_sorted_ids=from_sorted_ids,
        )
