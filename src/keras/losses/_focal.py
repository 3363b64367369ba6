"""Focal losses: crossentropies in which what is easy counts less."""

from typing import Any

from keras import ops
from keras.core.config import epsilon
from keras.losses._crossentropy import class_pair, smooth_binary, smooth_classes
from keras.losses._loss import SUM_OVER_BATCH_SIZE, FunctionLoss
from keras.losses._pairs import pair
from keras.losses._reduce import Reduction
from keras.typing import Tensor, TensorLike


def binary_focal_crossentropy(
    y_true: TensorLike,
    y_pred: TensorLike,
    apply_class_balancing: bool = False,
    alpha: float = 0.25,
    gamma: float = 2.0,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Tensor:
    """`(1 - p) ** gamma` times the binary crossentropy, p the probability of the truth.

    From Lin et al. 2017, https://arxiv.org/abs/1708.02002.

    Args:
        y_true: targets between 0 and 1, `(batch, ..., features)`.
        y_pred: predicted probabilities of the same shape, or with `from_logits` logits.
        apply_class_balancing: whether to weigh the class 1 by `alpha` and the class 0
            by `1 - alpha`.
        alpha: float from 0 to 1.
        gamma: float of at least 0: how much less easy examples count.
        from_logits: whether `y_pred` has not gone through a sigmoid yet.
        label_smoothing: float from 0 to 1: how far targets are moved towards 1/2.
        axis: the mean is taken along it.

    Returns:
        A float tensor without `axis`.

    Raises:
        ShapeError: if the shapes differ.

    Example:
        >>> keras.losses.binary_focal_crossentropy([[0.0, 1.0]], [[0.5, 0.5]])
        [0.1733]
    """
    y_true, y_pred = pair(y_true, y_pred, "binary_focal_crossentropy")
    y_true = smooth_binary(y_true, label_smoothing)
    p = ops.sigmoid(y_pred) if from_logits else y_pred
    losses = ops.binary_crossentropy(y_true, y_pred, from_logits=from_logits)
    p_true = y_true * p + (1.0 - y_true) * (1.0 - p)
    losses = ops.power(1.0 - p_true, gamma) * losses
    if apply_class_balancing:
        losses = (y_true * alpha + (1.0 - y_true) * (1.0 - alpha)) * losses
    return ops.mean(losses, axis=axis)


def categorical_focal_crossentropy(
    y_true: TensorLike,
    y_pred: TensorLike,
    alpha: float = 0.25,
    gamma: float = 2.0,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Tensor:
    """`-alpha * sum((1 - p) ** gamma * y_true * log(p))` over the classes.

    From Lin et al. 2017, https://arxiv.org/abs/1708.02002.

    Args:
        y_true: one-hot targets or distributions `(batch, ..., classes)`.
        y_pred: predicted probabilities of the same shape, or with `from_logits` logits.
        alpha: float, or one for each class.
        gamma: float of at least 0: how much less easy examples count.
        from_logits: whether `y_pred` has not gone through a softmax yet.
        label_smoothing: float from 0 to 1: how far targets are moved towards the
            uniform distribution.
        axis: where the classes stand.

    Returns:
        A float tensor without `axis`.

    Raises:
        ShapeError: if the shapes differ, as where the targets are class indices.

    Example:
        >>> keras.losses.categorical_focal_crossentropy([[0.0, 1.0]], [[0.5, 0.5]])
        [0.0433]
    """
    what = "categorical_focal_crossentropy"
    y_true, y_pred = class_pair(y_true, y_pred, what, axis)
    y_true = smooth_classes(y_true, label_smoothing, axis)
    if from_logits:
        p = ops.softmax(y_pred, axis=axis)
    else:
        p = y_pred / ops.sum(y_pred, axis=axis, keepdims=True)
    p = ops.clip(p, epsilon(), 1.0 - epsilon())
    losses = y_true * ops.log(p) * ops.power(1.0 - p, gamma) * alpha
    return -ops.sum(losses, axis=axis)


class BinaryFocalCrossentropy(FunctionLoss):
    """For rare positives: see `keras.losses.binary_focal_crossentropy`.

    Args:
        apply_class_balancing: whether to weigh the classes by `alpha` and `1 - alpha`.
        alpha: float from 0 to 1.
        gamma: float of at least 0: how much less easy examples count.
        from_logits: whether predictions have not gone through a sigmoid yet.
        label_smoothing: float from 0 to 1.
        axis: the mean is taken along it.
        reduction, name, dtype: as for `keras.Loss`.

    Example:
        >>> keras.losses.BinaryFocalCrossentropy()([[0.0, 1.0]], [[0.5, 0.5]])
        0.1733
    """

    def __init__(
        self,
        apply_class_balancing: bool = False,
        alpha: float = 0.25,
        gamma: float = 2.0,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: Reduction | None = SUM_OVER_BATCH_SIZE,
        name: str | None = "binary_focal_crossentropy",
        dtype: Any = None,
    ) -> None:
        super().__init__(
            binary_focal_crossentropy,
            name,
            reduction,
            dtype,
            apply_class_balancing=apply_class_balancing,
            alpha=alpha,
            gamma=gamma,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
            axis=axis,
        )


class CategoricalFocalCrossentropy(FunctionLoss):
    """For rare classes: see `keras.losses.categorical_focal_crossentropy`.

    Args:
        alpha: float, or one for each class.
        gamma: float of at least 0: how much less easy examples count.
        from_logits: whether predictions have not gone through a softmax yet.
        label_smoothing: float from 0 to 1.
        axis: where the classes stand.
        reduction, name, dtype: as for `keras.Loss`.

    Example:
        >>> keras.losses.CategoricalFocalCrossentropy()([[0.0, 1.0]], [[0.5, 0.5]])
        0.0433
    """

    def __init__(
        self,
        alpha: float = 0.25,
        gamma: float = 2.0,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: Reduction | None = SUM_OVER_BATCH_SIZE,
        name: str | None = "categorical_focal_crossentropy",
        dtype: Any = None,
    ) -> None:
        super().__init__(
            categorical_focal_crossentropy,
            name,
            reduction,
            dtype,
            alpha=alpha,
            gamma=gamma,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
            axis=axis,
        )
