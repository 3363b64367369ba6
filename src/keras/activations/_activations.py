"""Activations that are more than an op of the same name and arguments."""

from keras import ops
from keras.typing import Tensor, TensorLike


def linear(x: TensorLike) -> Tensor:
    """`x`.

    Args:
        x: tensor of any shape.

    Example:
        >>> keras.activations.linear(keras.ops.ones(2))
    """
    return x  # type: ignore[return-value]


def exponential(x: TensorLike) -> Tensor:
    """`exp(x)`.

    Args:
        x: tensor of any shape.

    Example:
        >>> keras.activations.exponential(keras.ops.zeros(2))
    """
    return ops.exp(x)


def mish(x: TensorLike) -> Tensor:
    """`x * tanh(log(1 + exp(x)))`: Misra, 2019 (arXiv 1908.08681).

    Args:
        x: tensor of any shape.

    Example:
        >>> keras.activations.mish(keras.ops.ones(2))
    """
    return ops.multiply(x, ops.tanh(ops.softplus(x)))


def gelu(x: TensorLike, approximate: bool = False) -> Tensor:
    """`x * P(X <= x)`, X standard normal: Hendrycks and Gimpel (arXiv 1606.08415).

    Args:
        x: tensor of any shape.
        approximate: use the form with `tanh`. (`keras.ops.gelu` does by default.)

    Example:
        >>> keras.activations.gelu(keras.ops.ones(2))
    """
    return ops.gelu(x, approximate)


def relu(
    x: TensorLike,
    negative_slope: float = 0.0,
    max_value: float | None = None,
    threshold: float = 0.0,
) -> Tensor:
    """`max(x, 0)`, or more generally a line with two bends.

    It is `negative_slope * (x - threshold)` below `threshold`, then `x`, and
    `max_value` from there on.

    Args:
        x: tensor of any shape.
        negative_slope: slope below the threshold.
        max_value: largest value, or `None`.
        threshold: where the lower part ends.

    Example:
        >>> keras.activations.relu(keras.ops.array([-1.0, 2.0]))
    """
    if not negative_slope and not threshold:
        if max_value is None:
            return ops.relu(x)
        return ops.clip(x, 0.0, max_value)
    x = ops.convert_to_tensor(x)
    upper = x if max_value is None else ops.minimum(x, max_value)
    lower = negative_slope * (x - threshold)
    return ops.where(x > threshold, upper, lower)
