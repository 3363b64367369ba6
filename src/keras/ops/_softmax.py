"""Activation functions along an axis."""

from collections.abc import Callable, Sequence
from typing import Any

from keras.backend import current
from keras.errors import ShapeError
from keras.ops._op import axis_index, axis_tuple, floating, op
from keras.typing import Native, Tensor, TensorLike


@op
def glu(x: TensorLike, axis: int = -1) -> Tensor:
    """One half of `x` times the sigmoid of the other (Dauphin et al. 2016).

    Args:
        x: tensor whose size along `axis` is even; ints become floats.
        axis: the axis that is halved.

    Returns:
        A float tensor of half the size along `axis`.

    Raises:
        ShapeError: if the size along `axis` is odd.

    Example:
        >>> keras.ops.glu([1.0, 0.0])
        [0.5]
    """
    x = floating(x)
    axis = axis_index(axis, x.ndim, "keras.ops.glu")
    size = x.shape[axis]
    if size % 2:
        raise ShapeError(
            f"keras.ops.glu: got shape {tuple(x.shape)}, with {size} entries along "
            f"axis {axis}; expected an even number. Choose another axis."
        )
    engine = current.engine
    value, gate = engine.split(x, (size // 2,), axis)
    return engine.multiply(value, engine.sigmoid(gate))


@op(masked=True)
def softmax(x: TensorLike, axis: int | Sequence[int] | None = -1) -> Tensor:
    """`exp(x) / sum(exp(x))` along one or more axes.

    Args:
        x: tensor of any shape; ints become floats.
        axis: int, or several over which the entries sum to one; `None` means all.

    Returns:
        A float tensor of the shape of `x`.

    Example:
        >>> keras.ops.softmax([0.0, 0.0])
        [0.5, 0.5]
    """
    return _along(floating(x), axis, current.engine.softmax)


@op(masked=True)
def log_softmax(x: TensorLike, axis: int | Sequence[int] | None = -1) -> Tensor:
    """`log(softmax(x))`, exact where the softmax would underflow.

    Args:
        x: tensor of any shape; ints become floats.
        axis: int, or several over which the exponentials sum to one; `None` means all.

    Returns:
        A float tensor of the shape of `x`.

    Example:
        >>> keras.ops.log_softmax([0.0, 0.0])
        [-0.6931, -0.6931]
    """
    return _along(floating(x), axis, current.engine.log_softmax)


def _along(x: Native, axis: Any, function: Callable[[Native, int], Native]) -> Native:
    """`function` along one axis, or over several as if they were one."""
    if isinstance(axis, int):
        return function(x, axis_index(axis, x.ndim, "keras.ops.softmax"))
    axes = axis_tuple(axis, x.ndim, "keras.ops.softmax")
    if len(axes) == 1:
        return function(x, axes[0])
    engine = current.engine
    rest = [a for a in range(x.ndim) if a not in axes]
    order = [*rest, *axes]
    turned = engine.transpose(x, order)
    flat = engine.reshape(turned, [*(x.shape[a] for a in rest), -1])
    result = engine.reshape(function(flat, len(rest)), tuple(turned.shape))
    return engine.transpose(result, [order.index(a) for a in range(x.ndim)])


@op(masked=True)
def sparsemax(x: TensorLike, axis: int = -1) -> Tensor:
    """A softmax with zeros, as Keras 3 computes it.

    It is `max(x - t, 0)`. In Martins and Astudillo 2016, algorithm 1, t is
    `(sum of the k largest - 1) / k` with the largest k that leaves them positive;
    Keras 3 adds up the sums of the 1, 2, ..., k largest instead, and models trained
    with it need that. So the entries sum to one only where k is 1.

    Args:
        x: tensor of any shape; ints become floats.
        axis: the axis over which the entries sum to one.

    Returns:
        A float tensor of the shape of `x`.

    Example:
        >>> keras.ops.sparsemax([2.0, 0.0])
        [1.0, 0.0]
    """
    x = floating(x)
    axis = axis_index(axis, x.ndim, "keras.ops.sparsemax")
    engine = current.engine
    dtype = engine.dtype(x)
    shape = [1] * x.ndim
    shape[axis] = x.shape[axis]
    ordered = engine.flip(engine.sort(x, axis), (axis,))
    count = engine.reshape(engine.arange(1, shape[axis] + 1, 1, dtype), shape)
    total = engine.cumsum(ordered, axis)
    # An entry is in the support while 1 + k z_k exceeds the sum of the k largest.
    inside = engine.greater(engine.add(engine.multiply(ordered, count), 1), total)
    size = engine.sum(engine.cast(inside, dtype), (axis,), True)
    top = engine.sum(engine.multiply(total, engine.cast(inside, dtype)), (axis,), True)
    level = engine.divide(engine.subtract(top, 1), size)
    return engine.relu(engine.subtract(x, level))
