"""Intersection over union of predicted and true classes."""

import warnings
from collections.abc import Sequence
from typing import Any

from keras import ops
from keras.core.dtypes import is_float, is_int
from keras.core.lookup import constructor_config
from keras.core.variable import Variable
from keras.losses._pairs import as_dtype, no_fit
from keras.losses._reduce import fit_weights
from keras.metrics._mean import divide_or_zero
from keras.metrics._metric import Metric
from keras.ops._op import dtype_of
from keras.typing import Config, Tensor, TensorLike


class _ConfusionMatrix(Metric):
    """Counts of predicted classes by true class, `(num_classes, num_classes)`."""

    def __init__(
        self,
        num_classes: int,
        name: str | None = None,
        dtype: Any = None,
        ignore_class: int | None = None,
        sparse_y_true: bool = True,
        sparse_y_pred: bool = True,
        axis: int = -1,
    ) -> None:
        super().__init__(name=name, dtype=dtype or "int32")
        self.num_classes = num_classes
        self.ignore_class = ignore_class
        self.sparse_y_true = sparse_y_true
        self.sparse_y_pred = sparse_y_pred
        self.axis = axis
        self.total_confusion_matrix: Variable = self.add_variable(
            (num_classes, num_classes), "zeros", name="total_confusion_matrix"
        )

    def update_state(
        self,
        y_true: TensorLike,
        y_pred: TensorLike,
        sample_weight: TensorLike | None = None,
    ) -> None:
        """Take in a batch.

        Args:
            y_true: class indices `(batch, ...)`, or one-hot targets `(batch, ...,
                classes)` where they are not sparse. Indices that are no class do not
                count.
            y_pred: class indices or scores, likewise.
            sample_weight: `(batch,)`, or of the shape of the indices; ints, unless the
                metric was made with a float dtype.

        Raises:
            ShapeError: if the shapes do not fit.
        """
        target = self._classes(y_true, self.sparse_y_true)
        predicted = self._classes(y_pred, self.sparse_y_pred)
        if target.shape != predicted.shape:
            target, predicted = ops.squeeze(target), ops.squeeze(predicted)
        if target.shape != predicted.shape:
            raise no_fit(y_true, y_pred, self.name)
        weights = ops.ones_like(target, dtype=self.dtype)
        if sample_weight is not None:
            self._warn_of_lost_fractions(sample_weight)
            given = as_dtype(sample_weight, self.dtype)
            weights = weights * fit_weights(given, target, self.name)
        counts = ops.logical_and(self._is_class(target), self._is_class(predicted))
        if self.ignore_class is not None:
            counts = ops.logical_and(counts, ops.not_equal(target, self.ignore_class))
        weights = ops.where(counts, weights, ops.zeros_like(weights))
        place = ops.where(counts, target * self.num_classes + predicted, 0)
        matrix = ops.segment_sum(
            ops.reshape(weights, (-1,)), ops.reshape(place, (-1,)), self.num_classes**2
        )
        shape = (self.num_classes, self.num_classes)
        self.total_confusion_matrix.assign_add(ops.reshape(matrix, shape))

    def _classes(self, y: TensorLike, sparse: bool) -> Tensor:
        y = ops.convert_to_tensor(y)
        return as_dtype(y if sparse else ops.argmax(y, axis=self.axis), "int32")

    def _is_class(self, index: Tensor) -> Tensor:
        return ops.logical_and(index >= 0, index < self.num_classes)

    def _warn_of_lost_fractions(self, sample_weight: Any) -> None:
        if is_int(self.dtype) and is_float(
            dtype_of(ops.convert_to_tensor(sample_weight))
        ):
            warnings.warn(
                f"{self.name}: float sample_weight is cut to {self.dtype}, the dtype "
                f"of the counts. Make the metric with {type(self).__name__}(..., "
                "dtype='float32').",
                stacklevel=5,
            )

    def _ious(self) -> tuple[Tensor, Tensor]:
        """`intersection / union` for each class, and whether the class occurred."""
        matrix = as_dtype(self.total_confusion_matrix.value, _result_dtype(self.dtype))
        both = ops.diagonal(matrix)
        either = ops.sum(matrix, axis=0) + ops.sum(matrix, axis=1) - both
        return divide_or_zero(both, either), either > 0

    def get_config(self) -> Config:
        """The constructor's arguments."""
        return constructor_config(self)


def _result_dtype(dtype: str) -> str:
    return dtype if is_float(dtype) else "float32"


class IoU(_ConfusionMatrix):
    """`true positives / (true positives + false positives + false negatives)`.

    The mean of it over the target classes that occurred.

    Args:
        num_classes: int: the number of classes.
        target_class_ids: class indices to look at.
        name: as for `keras.Metric`.
        dtype: of the counts; default: "int32".
        ignore_class: a class index whose samples do not count.
        sparse_y_true: whether targets are class indices, rather than one-hot.
        sparse_y_pred: whether predictions are class indices, rather than scores.
        axis: where the classes stand in what is not sparse.

    Raises:
        ValueError: for a target class that is none.

    Example:
        >>> metric = keras.metrics.IoU(num_classes=2, target_class_ids=[0])
        >>> metric([0, 0, 1, 1], [0, 1, 0, 1])
        0.3333
    """

    def __init__(
        self,
        num_classes: int,
        target_class_ids: Sequence[int],
        name: str | None = None,
        dtype: Any = None,
        ignore_class: int | None = None,
        sparse_y_true: bool = True,
        sparse_y_pred: bool = True,
        axis: int = -1,
    ) -> None:
        super().__init__(
            num_classes,
            name=name,
            dtype=dtype,
            ignore_class=ignore_class,
            sparse_y_true=sparse_y_true,
            sparse_y_pred=sparse_y_pred,
            axis=axis,
        )
        wrong = [c for c in target_class_ids if not 0 <= c < num_classes]
        if wrong:
            raise ValueError(
                f"{type(self).__name__}(target_class_ids=...): got {wrong}; expected "
                f"class indices from 0 to {num_classes - 1}. Raise num_classes, or "
                "leave them out."
            )
        self.target_class_ids: list[int] = list(target_class_ids)

    def result(self) -> Tensor:
        """The mean over the target classes, a scalar; 0 where none occurred."""
        ious, occurred = self._ious()
        index = ops.convert_to_tensor(self.target_class_ids, dtype="int32")
        ious = ops.take(ious, index, axis=0)
        occurred = ops.cast(ops.take(occurred, index, axis=0), dtype_of(ious))
        return divide_or_zero(ops.sum(ious * occurred), ops.sum(occurred))


class BinaryIoU(IoU):
    """The intersection over union of two classes told apart by a threshold.

    Args:
        target_class_ids: class indices to look at: 0, 1 or both.
        threshold: float: predictions of at least it are class 1.
        name: as for `keras.Metric`.
        dtype: of the counts; default: "int32".

    Example:
        >>> metric = keras.metrics.BinaryIoU(target_class_ids=[1], threshold=0.3)
        >>> metric([0, 1, 0, 1], [0.1, 0.2, 0.4, 0.7])
        0.3333
    """

    def __init__(
        self,
        target_class_ids: Sequence[int] = (0, 1),
        threshold: float = 0.5,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(2, target_class_ids, name=name, dtype=dtype)
        self.threshold = threshold

    def update_state(
        self,
        y_true: TensorLike,
        y_pred: TensorLike,
        sample_weight: TensorLike | None = None,
    ) -> None:
        """Take in a batch.

        Args:
            y_true: targets 0 or 1, of any shape.
            y_pred: probabilities of the same shape.
            sample_weight: `(batch,)`, or of their shape.

        Raises:
            ShapeError: if the shapes do not fit.
        """
        y_pred = ops.cast(ops.convert_to_tensor(y_pred) >= self.threshold, "int32")
        super().update_state(y_true, y_pred, sample_weight)


class MeanIoU(IoU):
    """The mean intersection over union of all classes that occurred.

    Args:
        num_classes: int: the number of classes.
        name: as for `keras.Metric`.
        dtype: of the counts; default: "int32".
        ignore_class: a class index whose samples do not count.
        sparse_y_true: whether targets are class indices, rather than one-hot.
        sparse_y_pred: whether predictions are class indices, rather than scores.
        axis: where the classes stand in what is not sparse.

    Example:
        >>> keras.metrics.MeanIoU(num_classes=2)([0, 0, 1, 1], [0, 1, 0, 1])
        0.3333
    """

    def __init__(
        self,
        num_classes: int,
        name: str | None = None,
        dtype: Any = None,
        ignore_class: int | None = None,
        sparse_y_true: bool = True,
        sparse_y_pred: bool = True,
        axis: int = -1,
    ) -> None:
        super().__init__(
            num_classes,
            range(num_classes),
            name=name,
            dtype=dtype,
            ignore_class=ignore_class,
            sparse_y_true=sparse_y_true,
            sparse_y_pred=sparse_y_pred,
            axis=axis,
        )


class OneHotIoU(IoU):
    """`IoU` for one-hot targets.

    Args:
        num_classes: int: the number of classes.
        target_class_ids: class indices to look at.
        name: as for `keras.Metric`.
        dtype: of the counts; default: "int32".
        ignore_class: a class index whose samples do not count.
        sparse_y_pred: whether predictions are class indices, rather than scores.
        axis: where the classes stand.

    Example:
        >>> metric = keras.metrics.OneHotIoU(num_classes=2, target_class_ids=[0])
        >>> metric([[1, 0], [0, 1]], [[0.6, 0.4], [0.3, 0.7]])
        1.0
    """

    def __init__(
        self,
        num_classes: int,
        target_class_ids: Sequence[int],
        name: str | None = None,
        dtype: Any = None,
        ignore_class: int | None = None,
        sparse_y_pred: bool = False,
        axis: int = -1,
    ) -> None:
        super().__init__(
            num_classes,
            target_class_ids,
            name=name,
            dtype=dtype,
            ignore_class=ignore_class,
            sparse_y_true=False,
            sparse_y_pred=sparse_y_pred,
            axis=axis,
        )


class OneHotMeanIoU(MeanIoU):
    """`MeanIoU` for one-hot targets.

    Args:
        num_classes: int: the number of classes.
        name: as for `keras.Metric`.
        dtype: of the counts; default: "int32".
        ignore_class: a class index whose samples do not count.
        sparse_y_pred: whether predictions are class indices, rather than scores.
        axis: where the classes stand.

    Example:
        >>> metric = keras.metrics.OneHotMeanIoU(num_classes=2)
        >>> metric([[1, 0], [0, 1]], [[0.6, 0.4], [0.3, 0.7]])
        1.0
    """

    def __init__(
        self,
        num_classes: int,
        name: str | None = None,
        dtype: Any = None,
        ignore_class: int | None = None,
        sparse_y_pred: bool = False,
        axis: int = -1,
    ) -> None:
        super().__init__(
            num_classes,
            name=name,
            dtype=dtype,
            ignore_class=ignore_class,
            sparse_y_true=False,
            sparse_y_pred=sparse_y_pred,
            axis=axis,
        )
