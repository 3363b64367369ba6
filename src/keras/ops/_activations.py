"""Activation functions, entry by entry.

Each is composed over the waist; an engine that has the function as one kernel offers it
under the same name.
"""

import math

from keras.backend import current
from keras.ops._op import fast_path, floating, op, tensor
from keras.typing import Native, Tensor, TensorLike

# Klambauer et al. 2017, "Self-normalizing neural networks", equation 14.
SELU_ALPHA = 1.6732632423543772848170429916717
SELU_SCALE = 1.0507009873554804934193349852946


def _constant(x: Native, value: float) -> Native:
    """`value` as a scalar tensor of the dtype of `x`."""
    engine = current.engine
    return engine.full((), value, engine.dtype(x))


@op(masked=True)
def relu(x: TensorLike) -> Tensor:
    """Rectified linear unit: `max(x, 0)`.

    Args:
        x: tensor of any shape and real dtype.

    Returns:
        A tensor of the shape and dtype of `x`.

    Example:
        >>> keras.ops.relu([-1.0, 2.0])
        [0.0, 2.0]
    """
    return current.engine.relu(tensor(x))


@op(masked=True)
def relu6(x: TensorLike) -> Tensor:
    """`min(max(x, 0), 6)`.

    Args:
        x: tensor of any shape and real dtype.

    Returns:
        A tensor of the shape and dtype of `x`.

    Example:
        >>> keras.ops.relu6([-1.0, 2.0, 9.0])
        [0.0, 2.0, 6.0]
    """
    x = tensor(x)
    native = fast_path("relu6")
    return native(x) if native else current.engine.clip(x, 0, 6)


@op(masked=True)
def sigmoid(x: TensorLike) -> Tensor:
    """`1 / (1 + exp(-x))`.

    Args:
        x: tensor of any shape; ints become floats.

    Returns:
        A float tensor of the shape of `x`, between 0 and 1.

    Example:
        >>> keras.ops.sigmoid([0.0])
        [0.5]
    """
    return current.engine.sigmoid(floating(x))


@op(masked=True)
def log_sigmoid(x: TensorLike) -> Tensor:
    """`log(sigmoid(x))`, exact where the sigmoid would underflow.

    Args:
        x: tensor of any shape; ints become floats.

    Returns:
        A float tensor of the shape of `x`.

    Example:
        >>> keras.ops.log_sigmoid([0.0])
        [-0.6931]
    """
    return _log_sigmoid(floating(x))


def _log_sigmoid(x: Native) -> Native:
    native = fast_path("log_sigmoid")
    if native is not None:
        return native(x)
    engine = current.engine
    return engine.negative(_softplus(engine.negative(x)))


@op(masked=True)
def softplus(x: TensorLike) -> Tensor:
    """`log(1 + exp(x))`, a smooth relu.

    Args:
        x: tensor of any shape; ints become floats.

    Returns:
        A float tensor of the shape of `x`.

    Example:
        >>> keras.ops.softplus([0.0])
        [0.6931]
    """
    return _softplus(floating(x))


def _softplus(x: Native) -> Native:
    native = fast_path("softplus")
    return native(x) if native else current.engine.logaddexp(x, 0.0)


@op(masked=True)
def softsign(x: TensorLike) -> Tensor:
    """`x / (1 + |x|)`.

    Args:
        x: tensor of any shape; ints become floats.

    Returns:
        A float tensor of the shape of `x`, between -1 and 1.

    Example:
        >>> keras.ops.softsign([1.0])
        [0.5]
    """
    x = floating(x)
    engine = current.engine
    return engine.divide(x, engine.add(engine.abs(x), 1))


@op(masked=True)
def silu(x: TensorLike) -> Tensor:
    """`x * sigmoid(x)`, also called swish.

    Args:
        x: tensor of any shape; ints become floats.

    Returns:
        A float tensor of the shape of `x`.

    Example:
        >>> keras.ops.silu([1.0])
        [0.7311]
    """
    x = floating(x)
    native = fast_path("silu")
    if native is not None:
        return native(x)
    return current.engine.multiply(x, current.engine.sigmoid(x))


@op(masked=True)
def hard_sigmoid(x: TensorLike) -> Tensor:
    """`relu6(x + 3) / 6`, a sigmoid made of three lines.

    Args:
        x: tensor of any shape; ints become floats.

    Returns:
        A float tensor of the shape of `x`.

    Example:
        >>> keras.ops.hard_sigmoid([0.0, 3.0])
        [0.5, 1.0]
    """
    return _hard_sigmoid(floating(x))


def _hard_sigmoid(x: Native) -> Native:
    native = fast_path("hard_sigmoid")
    if native is not None:
        return native(x)
    engine = current.engine
    return engine.divide(engine.clip(engine.add(x, 3), 0, 6), 6)


@op(masked=True)
def hard_silu(x: TensorLike) -> Tensor:
    """`x * hard_sigmoid(x)`, also called hard swish.

    Args:
        x: tensor of any shape; ints become floats.

    Returns:
        A float tensor of the shape of `x`.

    Example:
        >>> keras.ops.hard_silu([3.0])
        [3.0]
    """
    x = floating(x)
    native = fast_path("hard_silu")
    return native(x) if native else current.engine.multiply(x, _hard_sigmoid(x))


@op(masked=True)
def hard_tanh(x: TensorLike) -> Tensor:
    """`x` cut off at -1 and 1.

    Args:
        x: tensor of any shape and real dtype.

    Returns:
        A tensor of the shape and dtype of `x`.

    Example:
        >>> keras.ops.hard_tanh([-2.0, 0.5])
        [-1.0, 0.5]
    """
    return current.engine.clip(tensor(x), -1, 1)


@op(masked=True)
def tanh_shrink(x: TensorLike) -> Tensor:
    """`x - tanh(x)`.

    Args:
        x: tensor of any shape; ints become floats.

    Returns:
        A float tensor of the shape of `x`.

    Example:
        >>> keras.ops.tanh_shrink([1.0])
        [0.2384]
    """
    x = floating(x)
    return current.engine.subtract(x, current.engine.tanh(x))


@op(masked=True)
def soft_shrink(x: TensorLike, threshold: float = 0.5) -> Tensor:
    """`x` moved towards zero by `threshold`, and zero within it.

    Args:
        x: tensor of any shape; ints become floats.
        threshold: at least 0.

    Returns:
        A float tensor of the shape of `x`.

    Example:
        >>> keras.ops.soft_shrink([-1.0, 0.2])
        [-0.5, 0.0]
    """
    x = floating(x)
    engine = current.engine
    return engine.subtract(x, engine.clip(x, -threshold, threshold))


@op(masked=True)
def hard_shrink(x: TensorLike, threshold: float = 0.5) -> Tensor:
    """`x`, but zero where `|x| <= threshold`.

    Args:
        x: tensor of any shape; ints become floats.
        threshold: at least 0.

    Returns:
        A float tensor of the shape of `x`.

    Example:
        >>> keras.ops.hard_shrink([-1.0, 0.2])
        [-1.0, 0.0]
    """
    x = floating(x)
    engine = current.engine
    outside = engine.greater(engine.abs(x), threshold)
    return engine.where(outside, x, _constant(x, 0))


@op(masked=True)
def threshold(x: TensorLike, threshold: float, default_value: float) -> Tensor:
    """`x` where it is above `threshold`, else `default_value`.

    Args:
        x: tensor of any shape; ints become floats.
        threshold: the bound.
        default_value: what stands in place of entries that do not exceed it.

    Returns:
        A float tensor of the shape of `x`.

    Example:
        >>> keras.ops.threshold([-1.0, 2.0], 0, -9)
        [-9.0, 2.0]
    """
    x = floating(x)
    engine = current.engine
    return engine.where(engine.greater(x, threshold), x, _constant(x, default_value))


@op(masked=True)
def sparse_plus(x: TensorLike) -> Tensor:
    """0 up to -1, `(x + 1)**2 / 4` up to 1, `x` above: a softplus with exact zeros.

    Args:
        x: tensor of any shape; ints become floats.

    Returns:
        A float tensor of the shape of `x`.

    Example:
        >>> keras.ops.sparse_plus([-2.0, 0.0, 2.0])
        [0.0, 0.25, 2.0]
    """
    x = floating(x)
    engine = current.engine
    # The parabola between -1 and 1, and what lies above 1.
    inner = engine.square(engine.add(engine.clip(x, -1, 1), 1))
    return engine.add(engine.divide(inner, 4), engine.relu(engine.subtract(x, 1)))


@op(masked=True)
def sparse_sigmoid(x: TensorLike) -> Tensor:
    """0 up to -1, `(x + 1) / 2` up to 1, 1 above.

    Args:
        x: tensor of any shape; ints become floats.

    Returns:
        A float tensor of the shape of `x`.

    Example:
        >>> keras.ops.sparse_sigmoid([-2.0, 0.0, 2.0])
        [0.0, 0.5, 1.0]
    """
    x = floating(x)
    engine = current.engine
    return engine.clip(engine.divide(engine.add(x, 1), 2), 0, 1)


@op(masked=True)
def squareplus(x: TensorLike, b: float = 4) -> Tensor:
    """`(x + sqrt(x**2 + b)) / 2`, a smooth relu.

    Args:
        x: tensor of any shape; ints become floats.
        b: how smooth; at least 0.

    Returns:
        A float tensor of the shape of `x`.

    Example:
        >>> keras.ops.squareplus([0.0])
        [1.0]
    """
    x = floating(x)
    engine = current.engine
    root = engine.sqrt(engine.add(engine.square(x), b))
    return engine.divide(engine.add(x, root), 2)


@op(masked=True)
def elu(x: TensorLike, alpha: float = 1.0) -> Tensor:
    """`x` above zero, `alpha * (exp(x) - 1)` below.

    Args:
        x: tensor of any shape; ints become floats.
        alpha: minus the limit on the left.

    Returns:
        A float tensor of the shape of `x`.

    Example:
        >>> keras.ops.elu([-1.0, 2.0])
        [-0.6321, 2.0]
    """
    return _elu(floating(x), alpha)


def _elu(x: Native, alpha: float) -> Native:
    native = fast_path("elu")
    if native is not None:
        return native(x, alpha)
    engine = current.engine
    below = engine.multiply(engine.expm1(engine.minimum(x, 0)), alpha)
    return engine.add(engine.relu(x), below)


@op(masked=True)
def celu(x: TensorLike, alpha: float = 1.0) -> Tensor:
    """`max(x, 0) + min(0, alpha * (exp(x / alpha) - 1))`.

    Args:
        x: tensor of any shape; ints become floats.
        alpha: minus the limit on the left.

    Returns:
        A float tensor of the shape of `x`.

    Example:
        >>> keras.ops.celu([-1.0, 2.0])
        [-0.6321, 2.0]
    """
    x = floating(x)
    native = fast_path("celu")
    if native is not None:
        return native(x, alpha)
    engine = current.engine
    below = engine.expm1(engine.divide(engine.minimum(x, 0), alpha))
    return engine.add(engine.relu(x), engine.multiply(below, alpha))


@op(masked=True)
def selu(x: TensorLike) -> Tensor:
    """`scale * elu(x, alpha)` with the two constants that keep mean and variance.

    Args:
        x: tensor of any shape; ints become floats.

    Returns:
        A float tensor of the shape of `x`.

    Example:
        >>> keras.ops.selu([1.0])
        [1.0507]
    """
    x = floating(x)
    native = fast_path("selu")
    if native is not None:
        return native(x)
    return current.engine.multiply(_elu(x, SELU_ALPHA), SELU_SCALE)


@op(masked=True)
def gelu(x: TensorLike, approximate: bool = True) -> Tensor:
    """`x * P(X <= x)` for a standard normal X (Hendrycks and Gimpel 2016).

    Args:
        x: tensor of any shape; ints become floats.
        approximate: whether to use the formula with tanh in place of the exact one.

    Returns:
        A float tensor of the shape of `x`.

    Example:
        >>> keras.ops.gelu([1.0], approximate=False)
        [0.8413]
    """
    x = floating(x)
    native = fast_path("gelu")
    if native is not None:
        return native(x, approximate)
    engine = current.engine
    if approximate:
        cubic = engine.multiply(engine.multiply(engine.square(x), x), 0.044715)
        inner = engine.multiply(engine.add(x, cubic), math.sqrt(2 / math.pi))
        cdf = engine.add(engine.tanh(inner), 1)
    else:
        cdf = engine.add(engine.erf(engine.multiply(x, math.sqrt(0.5))), 1)
    return engine.multiply(engine.multiply(x, 0.5), cdf)


@op(masked=True)
def leaky_relu(x: TensorLike, negative_slope: float = 0.2) -> Tensor:
    """`x` above zero, `negative_slope * x` below.

    Args:
        x: tensor of any shape; ints become floats.
        negative_slope: the slope on the left.

    Returns:
        A float tensor of the shape of `x`.

    Example:
        >>> keras.ops.leaky_relu([-1.0, 2.0])
        [-0.2, 2.0]
    """
    x = floating(x)
    native = fast_path("leaky_relu")
    if native is not None:
        return native(x, negative_slope)
    engine = current.engine
    return engine.where(engine.greater(x, 0), x, engine.multiply(x, negative_slope))


hard_swish = hard_silu
swish = silu
