"""Functions of one tensor, entry by entry."""

import builtins
import math

from keras.backend import current
from keras.core import dtypes
from keras.core.dtypes import RULES
from keras.ops._op import floating, op, ruled, tensor
from keras.typing import Native, Tensor, TensorLike


@op(masked=True)
def exp(x: TensorLike) -> Tensor:
    """e to the power of `x`."""
    return current.engine.exp(ruled(x, RULES["exp"]))


@op(masked=True)
def exp2(x: TensorLike) -> Tensor:
    """2 to the power of `x`."""
    return current.engine.exp2(ruled(x, RULES["exp2"]))


@op(masked=True)
def expm1(x: TensorLike) -> Tensor:
    """`exp(x) - 1`, exact where `x` is small."""
    return current.engine.expm1(ruled(x, RULES["expm1"]))


@op(masked=True)
def log(x: TensorLike) -> Tensor:
    """Natural logarithm."""
    return current.engine.log(ruled(x, RULES["log"]))


@op(masked=True)
def log1p(x: TensorLike) -> Tensor:
    """`log(1 + x)`, exact where `x` is small."""
    return current.engine.log1p(ruled(x, RULES["log1p"]))


@op(masked=True)
def log2(x: TensorLike) -> Tensor:
    """Logarithm to base 2."""
    return current.engine.log2(ruled(x, RULES["log2"]))


@op(masked=True)
def log10(x: TensorLike) -> Tensor:
    """Logarithm to base 10."""
    return current.engine.log10(ruled(x, RULES["log10"]))


@op(masked=True)
def sqrt(x: TensorLike) -> Tensor:
    """Square root; NaN for negative numbers."""
    return current.engine.sqrt(ruled(x, RULES["sqrt"]))


@op(masked=True)
def square(x: TensorLike) -> Tensor:
    """`x * x`."""
    return current.engine.square(ruled(x, RULES["square"]))


@op(masked=True)
def reciprocal(x: TensorLike) -> Tensor:
    """`1 / x`."""
    return current.engine.reciprocal(ruled(x, RULES["reciprocal"]))


@op(masked=True)
def sin(x: TensorLike) -> Tensor:
    """Sine of an angle in radians."""
    return current.engine.sin(ruled(x, RULES["sin"]))


@op(masked=True)
def cos(x: TensorLike) -> Tensor:
    """Cosine of an angle in radians."""
    return current.engine.cos(ruled(x, RULES["cos"]))


@op(masked=True)
def tan(x: TensorLike) -> Tensor:
    """Tangent of an angle in radians."""
    return current.engine.tan(ruled(x, RULES["tan"]))


@op(masked=True)
def sinh(x: TensorLike) -> Tensor:
    """Hyperbolic sine."""
    return current.engine.sinh(ruled(x, RULES["sinh"]))


@op(masked=True)
def cosh(x: TensorLike) -> Tensor:
    """Hyperbolic cosine."""
    return current.engine.cosh(ruled(x, RULES["cosh"]))


@op(masked=True)
def tanh(x: TensorLike) -> Tensor:
    """Hyperbolic tangent."""
    return current.engine.tanh(ruled(x, RULES["tanh"]))


@op(masked=True)
def arcsin(x: TensorLike) -> Tensor:
    """Angle in radians whose sine is `x`, in [-pi/2, pi/2]."""
    return current.engine.arcsin(ruled(x, RULES["arcsin"]))


@op(masked=True)
def arccos(x: TensorLike) -> Tensor:
    """Angle in radians whose cosine is `x`, in [0, pi]."""
    return current.engine.arccos(ruled(x, RULES["arccos"]))


@op(masked=True)
def arctan(x: TensorLike) -> Tensor:
    """Angle in radians whose tangent is `x`, in [-pi/2, pi/2]."""
    return current.engine.arctan(ruled(x, RULES["arctan"]))


@op(masked=True)
def arcsinh(x: TensorLike) -> Tensor:
    """Inverse hyperbolic sine."""
    return current.engine.arcsinh(ruled(x, RULES["arcsinh"]))


@op(masked=True)
def arccosh(x: TensorLike) -> Tensor:
    """Inverse hyperbolic cosine."""
    return current.engine.arccosh(ruled(x, RULES["arccosh"]))


@op(masked=True)
def arctanh(x: TensorLike) -> Tensor:
    """Inverse hyperbolic tangent."""
    return current.engine.arctanh(ruled(x, RULES["arctanh"]))


@op(masked=True)
def i0(x: TensorLike) -> Tensor:
    """Modified Bessel function of the first kind, order 0."""
    return current.engine.i0(ruled(x, RULES["i0"]))


@op(masked=True)
def floor(x: TensorLike) -> Tensor:
    """The largest whole number that is not above `x`."""
    return current.engine.floor(ruled(x, RULES["floor"]))


@op(masked=True)
def ceil(x: TensorLike) -> Tensor:
    """The least whole number that is not below `x`."""
    return current.engine.ceil(ruled(x, RULES["ceil"]))


@op(masked=True)
def negative(x: TensorLike) -> Tensor:
    """`-x`."""
    return current.engine.negative(tensor(x))


@op(masked=True)
def absolute(x: TensorLike) -> Tensor:
    """The distance of each entry from zero."""
    x = tensor(x)
    engine = current.engine
    return x if engine.dtype(x) == "bool" else engine.abs(x)


@op(masked=True)
def abs(x: TensorLike) -> Tensor:
    """The distance of each entry from zero; the same as `absolute`."""
    return absolute(x)


@op(masked=True)
def fabs(x: TensorLike) -> Tensor:
    """The distance of each entry from zero, as a float."""
    return current.engine.abs(ruled(x, RULES["fabs"]))


@op(masked=True)
def sign(x: TensorLike) -> Tensor:
    """-1, 0 or 1 by the sign of each entry; NaN stays NaN."""
    x = tensor(x)
    engine = current.engine
    return x if engine.dtype(x) == "bool" else engine.sign(x)


@op(masked=True)
def signbit(x: TensorLike) -> Tensor:
    """Whether the sign bit of entries is set: below zero, or -0.0."""
    x = tensor(x)
    engine = current.engine
    if not dtypes.is_float(engine.dtype(x)):
        return engine.less(engine.cast(x, "int64"), 0)
    return engine.signbit(x)


@op(masked=True)
def round(x: TensorLike, decimals: int = 0) -> Tensor:
    """The nearest number with so many decimals; halves go to the even one.

    Args:
        x: tensor.
        decimals: may be negative, to round to tens, hundreds, ...
    """
    x = tensor(x)
    engine = current.engine
    dtype = engine.dtype(x)
    if dtypes.is_float(dtype):
        return _rounded(x, decimals)
    if decimals >= 0:
        return x
    rounded = _rounded(engine.cast(x, "float64"), decimals)
    return engine.cast(rounded, dtype)


def _rounded(x: Native, decimals: int) -> Native:
    engine = current.engine
    if decimals == 0:
        return engine.round(x)
    scale = 10.0 ** builtins.abs(decimals)
    if decimals > 0:
        return engine.divide(engine.round(engine.multiply(x, scale)), scale)
    return engine.multiply(engine.round(engine.divide(x, scale)), scale)


@op(masked=True)
def trunc(x: TensorLike) -> Tensor:
    """The whole number next to `x` in the direction of zero."""
    x = tensor(x)
    engine = current.engine
    if not dtypes.is_float(engine.dtype(x)):
        return x
    return engine.trunc(x)


@op(masked=True)
def cbrt(x: TensorLike) -> Tensor:
    """Cube root, of negative numbers too."""
    x = ruled(x, RULES["cbrt"])
    engine = current.engine
    root = engine.power(engine.abs(x), 1 / 3)
    return engine.multiply(engine.sign(x), root)


@op(masked=True)
def deg2rad(x: TensorLike) -> Tensor:
    """Degrees as radians."""
    x = ruled(x, RULES["deg2rad"])
    return current.engine.multiply(x, math.pi / 180)


@op(masked=True)
def rad2deg(x: TensorLike) -> Tensor:
    """Radians as degrees."""
    x = ruled(x, RULES["rad2deg"])
    return current.engine.multiply(x, 180 / math.pi)


@op(masked=True)
def sinc(x: TensorLike) -> Tensor:
    """`sin(pi * x) / (pi * x)`, and 1 at zero."""
    engine = current.engine
    angle = engine.multiply(ruled(x, RULES["sinc"]), math.pi)
    zero = engine.equal(angle, 0.0)
    # Zeros are taken out beforehand, so that no gradient is NaN.
    safe = _where(zero, 1.0, angle)
    return _where(zero, 1.0, engine.divide(engine.sin(safe), safe))


def _where(condition: Native, value: float, x: Native) -> Native:
    engine = current.engine
    fill = engine.full((), value, engine.dtype(x))
    return engine.where(condition, fill, x)


@op(masked=True)
def isnan(x: TensorLike) -> Tensor:
    """Whether entries are NaN."""
    x = _inexact(x)
    return current.engine.isnan(x)


@op(masked=True)
def isinf(x: TensorLike) -> Tensor:
    """Whether entries are infinite."""
    x = _inexact(x)
    return current.engine.isinf(x)


@op(masked=True)
def isfinite(x: TensorLike) -> Tensor:
    """Whether entries are neither infinite nor NaN."""
    x = _inexact(x)
    return current.engine.isfinite(x)


@op(masked=True)
def isposinf(x: TensorLike) -> Tensor:
    """Whether entries are plus infinity."""
    return current.engine.equal(_inexact(x), math.inf)


@op(masked=True)
def isneginf(x: TensorLike) -> Tensor:
    """Whether entries are minus infinity."""
    return current.engine.equal(_inexact(x), -math.inf)


def _inexact(x: TensorLike) -> Native:
    """`x` as a tensor of a type that has infinities."""
    x = tensor(x)
    dtype = current.engine.dtype(x)
    if dtypes.is_float(dtype) or dtype in dtypes.COMPLEX:
        return x
    return current.engine.cast(x, "float32")


@op(masked=True)
def isreal(x: TensorLike) -> Tensor:
    """Whether entries have no imaginary part."""
    x = tensor(x)
    engine = current.engine
    if engine.dtype(x) in dtypes.COMPLEX:
        return engine.equal(engine.imag(x), 0.0)
    return engine.full_like(x, True, "bool")


@op(masked=True)
def logical_not(x: TensorLike) -> Tensor:
    """Whether entries are zero."""
    return current.engine.logical_not(tensor(x, "bool"))


@op(masked=True)
def bitwise_not(x: TensorLike) -> Tensor:
    """Every bit turned over."""
    return current.engine.bitwise_not(integer(x, "bitwise_not"))


@op(masked=True)
def bitwise_invert(x: TensorLike) -> Tensor:
    """Every bit turned over; the same as `bitwise_not`."""
    return current.engine.bitwise_not(integer(x, "bitwise_invert"))


def integer(x: TensorLike, what: str) -> Native:
    """`x` as a tensor of integers or bools.

    Raises:
        TypeError: if it is of another dtype.
    """
    x = tensor(x)
    dtype = current.engine.dtype(x)
    if dtype != "bool" and not dtypes.is_int(dtype):
        raise TypeError(
            f"keras.ops.{what}: got a tensor of dtype {dtype}; expected integers or "
            "bool. Use keras.ops.cast first."
        )
    return x


@op(masked=True)
def real(x: TensorLike) -> Tensor:
    """The real part."""
    x = tensor(x)
    engine = current.engine
    return engine.real(x) if engine.dtype(x) in dtypes.COMPLEX else x


@op(masked=True)
def imag(x: TensorLike) -> Tensor:
    """The imaginary part; zeros where `x` is real."""
    x = tensor(x)
    engine = current.engine
    if engine.dtype(x) in dtypes.COMPLEX:
        return engine.imag(x)
    return engine.full_like(x, 0, None)


@op(masked=True)
def conj(x: TensorLike) -> Tensor:
    """The complex conjugate."""
    x = tensor(x)
    engine = current.engine
    return engine.conj(x) if engine.dtype(x) in dtypes.COMPLEX else x


@op(masked=True)
def conjugate(x: TensorLike) -> Tensor:
    """The complex conjugate; the same as `conj`."""
    return conj(x)


@op(masked=True)
def angle(x: TensorLike) -> Tensor:
    """The angle in radians of complex numbers; 0 or pi for real ones."""
    return current.engine.angle(floating(x))


@op(masked=True)
def nan_to_num(
    x: TensorLike,
    nan: float = 0.0,
    posinf: float | None = None,
    neginf: float | None = None,
) -> Tensor:
    """`x` with finite numbers in place of NaN and infinities.

    Args:
        x: tensor.
        nan: stands for NaN.
        posinf: stands for plus infinity; default: the largest number of the dtype.
        neginf: stands for minus infinity; default: the least number of the dtype.
    """
    x = tensor(x)
    engine = current.engine
    dtype = engine.dtype(x)
    if not dtypes.is_float(dtype):
        return x
    high = dtypes.largest(dtype)
    x = _where(engine.isnan(x), nan, x)
    x = _where(engine.equal(x, math.inf), high if posinf is None else posinf, x)
    low = -high if neginf is None else neginf
    return _where(engine.equal(x, -math.inf), low, x)
