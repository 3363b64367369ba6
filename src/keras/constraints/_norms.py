"""Constraints on norms and signs of weights."""

from keras import ops
from keras.constraints._constraint import Configured, Constraint
from keras.core.config import epsilon
from keras.typing import Axis, Tensor, TensorLike


def _norms(w: TensorLike, axis: Axis) -> Tensor:
    return ops.sqrt(ops.sum(ops.square(w), axis=axis, keepdims=True))


class MaxNorm(Configured):
    """Weights scaled down where their norm exceeds a bound.

    Args:
        max_value: the bound.
        axis: axes that the norm is taken over: 0 for a Dense kernel (inputs, units),
            `[0, 1, 2]` for a Conv2D kernel.

    Example:
        >>> keras.layers.Dense(4, kernel_constraint=keras.constraints.MaxNorm(2))
    """

    def __init__(self, max_value: float = 2, axis: Axis = 0) -> None:
        self.max_value = max_value
        self.axis = axis

    def __call__(self, w: TensorLike) -> Tensor:
        """`w * min(norm, max_value) / norm`."""
        w = ops.convert_to_tensor(w)
        norms = _norms(w, self.axis)
        return w * (ops.clip(norms, 0, self.max_value) / (epsilon() + norms))


class MinMaxNorm(Configured):
    """Weights scaled so that their norm lies, or comes nearer to lying, in a range.

    Args:
        min_value: the least norm.
        max_value: the largest norm.
        rate: 1.0 enforces the range; less moves the norm that part of the way.
        axis: axes that the norm is taken over.

    Example:
        >>> keras.layers.Dense(4, kernel_constraint=keras.constraints.MinMaxNorm(0.5))
    """

    def __init__(
        self,
        min_value: float = 0.0,
        max_value: float = 1.0,
        rate: float = 1.0,
        axis: Axis = 0,
    ) -> None:
        self.min_value = min_value
        self.max_value = max_value
        self.rate = rate
        self.axis = axis

    def __call__(self, w: TensorLike) -> Tensor:
        """`w * (rate * clip(norm, min_value, max_value) / norm + 1 - rate)`."""
        w = ops.convert_to_tensor(w)
        norms = _norms(w, self.axis)
        allowed = ops.clip(norms, self.min_value, self.max_value)
        wanted = self.rate * allowed + (1 - self.rate) * norms
        return w * (wanted / (epsilon() + norms))


class NonNeg(Constraint):
    """Negative weights become 0.

    Example:
        >>> keras.layers.Dense(4, kernel_constraint="non_neg")
    """

    def __call__(self, w: TensorLike) -> Tensor:
        """`max(w, 0)`."""
        return ops.maximum(w, 0)


class UnitNorm(Configured):
    """Weights scaled to norm 1.

    Args:
        axis: axes that the norm is taken over.

    Example:
        >>> keras.layers.Dense(4, kernel_constraint="unit_norm")
    """

    def __init__(self, axis: Axis = 0) -> None:
        self.axis = axis

    def __call__(self, w: TensorLike) -> Tensor:
        """`w / norm`."""
        w = ops.convert_to_tensor(w)
        return w / (epsilon() + _norms(w, self.axis))
