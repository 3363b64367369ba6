"""Crossentropies: binary, categorical, sparse, generalized."""

from typing import Any

from keras import ops
from keras.core import masks
from keras.errors import ShapeError
from keras.losses._loss import SUM_OVER_BATCH_SIZE, FunctionLoss
from keras.losses._pairs import as_dtype, as_float, no_fit, pair
from keras.losses._reduce import Reduction
from keras.ops._op import dtype_of
from keras.typing import Tensor, TensorLike

_SPARSE = (
    "For integer class indices use sparse_categorical_crossentropy, or make them "
    "one-hot with keras.ops.one_hot."
)


def binary_crossentropy(
    y_true: TensorLike,
    y_pred: TensorLike,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Tensor:
    """`-mean(y_true * log(y_pred) + (1 - y_true) * log(1 - y_pred))` along `axis`.

    Args:
        y_true: targets between 0 and 1, `(batch, ..., features)`.
        y_pred: predicted probabilities of the same shape, or with `from_logits` logits.
        from_logits: whether `y_pred` has not gone through a sigmoid yet.
        label_smoothing: float from 0 to 1: how far targets are moved towards 1/2.
        axis: the mean is taken along it.

    Returns:
        A float tensor without `axis`.

    Raises:
        ShapeError: if the shapes differ.

    Example:
        >>> keras.losses.binary_crossentropy([[0.0, 1.0]], [[0.5, 0.5]])
        [0.6931]
    """
    y_true, y_pred = pair(y_true, y_pred, "binary_crossentropy")
    y_true = smooth_binary(y_true, label_smoothing)
    losses = ops.binary_crossentropy(y_true, y_pred, from_logits=from_logits)
    return ops.mean(losses, axis=axis)


def smooth_binary(y_true: Tensor, smoothing: float) -> Tensor:
    """Binary targets moved towards 1/2."""
    return y_true * (1.0 - smoothing) + 0.5 * smoothing if smoothing else y_true


def smooth_classes(y_true: Tensor, smoothing: float, axis: int) -> Tensor:
    """One-hot targets moved towards the uniform distribution."""
    if not smoothing:
        return y_true
    share: float = smoothing / y_true.shape[axis]
    return y_true * (1.0 - smoothing) + share


def class_pair(
    y_true: TensorLike, y_pred: TensorLike, what: str, axis: int
) -> tuple[Tensor, Tensor]:
    """One-hot targets and predictions as floats of one dtype and shape.

    Raises:
        ShapeError: if the shapes differ; where the targets look like class indices, the
            message names the sparse form.
    """
    predicted = as_float(y_pred)
    target = as_dtype(y_true, dtype_of(predicted))
    shape = tuple(predicted.shape)
    rank = len(target.shape)
    if rank == len(shape) and target.shape[axis] == 1 != shape[axis]:
        raise no_fit(y_true, y_pred, what, _SPARSE)
    if rank < len(shape):
        raise no_fit(y_true, y_pred, what, _SPARSE)
    return pair(target, predicted, what)


def categorical_crossentropy(
    y_true: TensorLike,
    y_pred: TensorLike,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Tensor:
    """`-sum(y_true * log(y_pred))` over the classes.

    Args:
        y_true: one-hot targets or distributions `(batch, ..., classes)`.
        y_pred: predicted probabilities of the same shape, or with `from_logits` logits.
        from_logits: whether `y_pred` has not gone through a softmax yet.
        label_smoothing: float from 0 to 1: how far targets are moved towards the
            uniform distribution.
        axis: where the classes stand.

    Returns:
        A float tensor without `axis`.

    Raises:
        ShapeError: if the shapes differ, as where the targets are class indices.

    Example:
        >>> keras.losses.categorical_crossentropy([[0.0, 1.0]], [[0.5, 0.5]])
        [0.6931]
    """
    y_true, y_pred = class_pair(y_true, y_pred, "categorical_crossentropy", axis)
    y_true = smooth_classes(y_true, label_smoothing, axis)
    return ops.categorical_crossentropy(
        y_true, y_pred, from_logits=from_logits, axis=axis
    )


def sparse_categorical_crossentropy(
    y_true: TensorLike,
    y_pred: TensorLike,
    from_logits: bool = False,
    ignore_class: int | None = None,
    axis: int = -1,
) -> Tensor:
    """`-log(y_pred)` of the target's class.

    Args:
        y_true: class indices `(batch, ...)`, or `(batch, ..., 1)`.
        y_pred: predicted probabilities, or with `from_logits` logits,
            `(batch, ..., classes)`.
        from_logits: whether `y_pred` has not gone through a softmax yet.
        ignore_class: an index, such as 255 or -1, whose entries get the loss 0 and a
            mask, so that a `Loss` leaves them out of its mean.
        axis: where the classes stand in `y_pred`.

    Returns:
        A float tensor `(batch, ...)`.

    Raises:
        ShapeError: if the shapes do not fit, as where the targets are one-hot.

    Example:
        >>> keras.losses.sparse_categorical_crossentropy([1], [[0.5, 0.5]])
        [0.6931]
    """
    if ignore_class is None:
        return ops.sparse_categorical_crossentropy(
            y_true, y_pred, from_logits=from_logits, axis=axis
        )
    y_true = ops.convert_to_tensor(y_true)
    if len(y_true.shape) == len(ops.shape(y_pred)):
        y_true = ops.squeeze(y_true, axis)
    counts = ops.not_equal(y_true, ignore_class)
    losses = ops.sparse_categorical_crossentropy(
        ops.where(counts, y_true, 0), y_pred, from_logits=from_logits, axis=axis
    )
    losses = ops.where(counts, losses, 0.0)
    masks.set_mask(losses, counts)
    return losses


def categorical_generalized_cross_entropy(
    y_true: TensorLike, y_pred: TensorLike, q: float
) -> Tensor:
    """`(1 - p ** q) / q` of the probability p of the target's class.

    Between the crossentropy (`q` near 0) and the absolute error (`q` near 1), for noisy
    labels (Zhang & Sabuncu 2018, https://arxiv.org/abs/1805.07836).

    Args:
        y_true: class indices `(batch, ...)`.
        y_pred: predicted probabilities `(batch, ..., classes)`.
        q: float between 0 and 1, both excluded.

    Returns:
        A float tensor `(batch, ...)`.

    Raises:
        ShapeError: if the shapes do not fit.

    Example:
        >>> keras.losses.categorical_generalized_cross_entropy([1], [[0.75, 0.25]], 0.5)
        [1.0]
    """
    y_pred = as_float(y_pred)
    y_true = ops.convert_to_tensor(y_true)
    shape = tuple(y_pred.shape)
    if len(y_true.shape) == len(shape) and y_true.shape[-1] == 1:
        y_true = ops.squeeze(y_true, -1)
    if len(y_true.shape) != len(shape) - 1:
        raise ShapeError(
            f"categorical_generalized_cross_entropy: got y_true of shape "
            f"{tuple(y_true.shape)} and y_pred of shape {shape}; expected class "
            "indices of the shape of y_pred without its last axis. Use "
            "ops.argmax(y_true, -1) for one-hot targets."
        )
    targets = ops.one_hot(as_dtype(y_true, "int32"), shape[-1], dtype=dtype_of(y_pred))
    p = ops.sum(targets * y_pred, axis=-1)
    return (1.0 - ops.power(p, q)) / q


class BinaryCrossentropy(FunctionLoss):
    """For targets of 0 and 1: see `keras.losses.binary_crossentropy`.

    Args:
        from_logits: whether predictions have not gone through a sigmoid yet.
        label_smoothing: float from 0 to 1.
        axis: the mean is taken along it.
        reduction, name, dtype: as for `keras.Loss`.

    Example:
        >>> keras.losses.BinaryCrossentropy()([[0.0, 1.0]], [[0.5, 0.5]])
        0.6931
    """

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: Reduction | None = SUM_OVER_BATCH_SIZE,
        name: str | None = "binary_crossentropy",
        dtype: Any = None,
    ) -> None:
        super().__init__(
            binary_crossentropy,
            name,
            reduction,
            dtype,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
            axis=axis,
        )


class CategoricalCrossentropy(FunctionLoss):
    """For one-hot targets: see `keras.losses.categorical_crossentropy`.

    Args:
        from_logits: whether predictions have not gone through a softmax yet.
        label_smoothing: float from 0 to 1.
        axis: where the classes stand.
        reduction, name, dtype: as for `keras.Loss`.

    Example:
        >>> keras.losses.CategoricalCrossentropy()([[0.0, 1.0]], [[0.5, 0.5]])
        0.6931
    """

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: Reduction | None = SUM_OVER_BATCH_SIZE,
        name: str | None = "categorical_crossentropy",
        dtype: Any = None,
    ) -> None:
        super().__init__(
            categorical_crossentropy,
            name,
            reduction,
            dtype,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
            axis=axis,
        )


class SparseCategoricalCrossentropy(FunctionLoss):
    """For class indices: see `keras.losses.sparse_categorical_crossentropy`.

    Args:
        from_logits: whether predictions have not gone through a softmax yet.
        ignore_class: an index whose entries do not count.
        reduction, name, dtype: as for `keras.Loss`.
        axis: where the classes stand in the predictions.

    Example:
        >>> keras.losses.SparseCategoricalCrossentropy()([1], [[0.5, 0.5]])
        0.6931
    """

    integer_targets = True

    def __init__(
        self,
        from_logits: bool = False,
        ignore_class: int | None = None,
        reduction: Reduction | None = SUM_OVER_BATCH_SIZE,
        axis: int = -1,
        name: str | None = "sparse_categorical_crossentropy",
        dtype: Any = None,
    ) -> None:
        super().__init__(
            sparse_categorical_crossentropy,
            name,
            reduction,
            dtype,
            from_logits=from_logits,
            ignore_class=ignore_class,
            axis=axis,
        )


class CategoricalGeneralizedCrossEntropy(FunctionLoss):
    """For noisy labels: see `keras.losses.categorical_generalized_cross_entropy`.

    Args:
        q: float between 0 and 1, both excluded.
        reduction, name, dtype: as for `keras.Loss`.

    Raises:
        ValueError: if `q` is not between 0 and 1.

    Example:
        >>> keras.losses.CategoricalGeneralizedCrossEntropy()([1], [[0.75, 0.25]])
        1.0
    """

    integer_targets = True

    def __init__(
        self,
        q: float = 0.5,
        reduction: Reduction | None = SUM_OVER_BATCH_SIZE,
        name: str | None = "categorical_generalized_cross_entropy",
        dtype: Any = None,
    ) -> None:
        if not 0 < q < 1:
            raise ValueError(
                f"CategoricalGeneralizedCrossEntropy(q=...): got {q!r}; expected a "
                "float between 0 and 1. Pass q=0.5."
            )
        super().__init__(
            categorical_generalized_cross_entropy, name, reduction, dtype, q=q
        )
