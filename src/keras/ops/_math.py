"""Error functions, log-sum-exp, the k largest, sums over segments."""

import math

from keras.backend import current
from keras.errors import ShapeError
from keras.ops._op import axis_tuple, floating, floats, op, tensor
from keras.typing import Axis, Tensor, TensorLike


@op(masked=True)
def erf(x: TensorLike) -> Tensor:
    """The error function, `2 / sqrt(pi)` times the integral of `exp(-t**2)` to `x`.

    Args:
        x: tensor of any shape; ints become floats.

    Returns:
        A float tensor of the shape of `x`.

    Example:
        >>> keras.ops.erf([1.0])
        [0.8427]
    """
    return current.engine.erf(floating(x))


@op(masked=True)
def erfc(x: TensorLike) -> Tensor:
    """`1 - erf(x)`, exact where that would be rounded to zero.

    Args:
        x: tensor of any shape; ints become floats.

    Returns:
        A float tensor of the shape of `x`.

    Example:
        >>> keras.ops.erfc([1.0])
        [0.1573]
    """
    return current.engine.erfc(floating(x))


@op(masked=True)
def erfinv(x: TensorLike) -> Tensor:
    """The inverse of `erf`.

    Args:
        x: tensor of any shape, between -1 and 1; ints become floats.

    Returns:
        A float tensor of the shape of `x`.

    Example:
        >>> keras.ops.erfinv([0.5])
        [0.4769]
    """
    return current.engine.erfinv(floating(x))


@op(masked=True)
def rsqrt(x: TensorLike) -> Tensor:
    """`1 / sqrt(x)`.

    Args:
        x: tensor of any shape; ints become floats.

    Returns:
        A float tensor of the shape of `x`.

    Example:
        >>> keras.ops.rsqrt([4.0])
        [0.5]
    """
    return current.engine.rsqrt(floating(x))


@op
def logsumexp(
    x: TensorLike, axis: Axis | None = None, keepdims: bool = False
) -> Tensor:
    """`log(sum(exp(x)))` without overflow.

    Args:
        x: tensor of any shape; ints become floats.
        axis: int or ints to reduce; `None` means all.
        keepdims: whether the reduced axes stay with size 1.

    Returns:
        A float tensor.

    Example:
        >>> keras.ops.logsumexp([0.0, 0.0])
        0.6931
    """
    x = floating(x)
    axes = axis_tuple(axis, x.ndim, "keras.ops.logsumexp")
    return current.engine.logsumexp(x, axes, keepdims)


@op
def psnr(x1: TensorLike, x2: TensorLike, max_val: float) -> Tensor:
    """Peak signal-to-noise ratio: `20 log10(max_val) - 10 log10(mean((x1 - x2)**2))`.

    Args:
        x1, x2: tensors of one shape; ints become floats.
        max_val: the largest value that a signal may have.

    Returns:
        A scalar tensor, in decibels.

    Raises:
        ShapeError: if the shapes differ.

    Example:
        >>> keras.ops.psnr([0.0], [0.1], max_val=1.0)
        20.0
    """
    a, b = floats(x1, x2)
    if tuple(a.shape) != tuple(b.shape):
        raise ShapeError(
            f"keras.ops.psnr: got shapes {tuple(a.shape)} and {tuple(b.shape)}; "
            "expected equal ones. Reshape one."
        )
    engine = current.engine
    error = engine.square(engine.subtract(a, b))
    mean = engine.mean(error, tuple(range(error.ndim)), False)
    decibels = engine.multiply(engine.log10(mean), -10.0)
    return engine.add(decibels, 20 * math.log10(max_val))


@op(masked=True)
def polar(abs_: TensorLike, angle: TensorLike) -> Tensor:
    """Complex numbers from their absolute values and angles.

    Args:
        abs_, angle: float tensors of one shape; angles in radians.

    Returns:
        A complex tensor of that shape.

    Example:
        >>> keras.ops.polar([2.0], [0.0])
        [2+0j]
    """
    size, turn = floats(abs_, angle)
    engine = current.engine
    real = engine.multiply(size, engine.cos(turn))
    return engine.complex(real, engine.multiply(size, engine.sin(turn)))


@op
def view_as_complex(x: TensorLike) -> Tensor:
    """Pairs of real numbers along the last axis as complex numbers.

    Args:
        x: float tensor `(..., 2)`.

    Returns:
        A complex tensor `(...)`.

    Raises:
        ShapeError: if the last axis has not two entries.

    Example:
        >>> keras.ops.view_as_complex([[1.0, 2.0]])
        [1+2j]
    """
    x = floating(x)
    if not x.ndim or x.shape[-1] != 2:
        raise ShapeError(
            f"keras.ops.view_as_complex: got a tensor of shape {tuple(x.shape)}; "
            "expected (..., 2), the real and the imaginary part in the last axis."
        )
    return current.engine.complex(x[..., 0], x[..., 1])


@op
def view_as_real(x: TensorLike) -> Tensor:
    """Complex numbers as pairs of real numbers along a new last axis.

    Args:
        x: complex tensor `(...)`.

    Returns:
        A float tensor `(..., 2)`.

    Example:
        >>> keras.ops.view_as_real(keras.ops.view_as_complex([[1.0, 2.0]]))
        [[1.0, 2.0]]
    """
    x = tensor(x)
    engine = current.engine
    return engine.stack([engine.real(x), engine.imag(x)], x.ndim)
