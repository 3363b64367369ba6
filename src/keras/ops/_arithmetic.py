"""Arithmetic, comparison and logic on two tensors, entry by entry."""

import math
from typing import Any

from keras.backend import current
from keras.core import dtypes
from keras.core.dtypes import PLAIN, RULES
from keras.ops._elementwise import integer
from keras.ops._op import both, kind_or_dtype, met, op, operands, tensor, tensors
from keras.typing import Native, Tensor, TensorLike

_BROADCAST = "shapes that broadcast: from the right, equal or 1"


@op(masked=True, expects=_BROADCAST)
def add(x1: TensorLike, x2: TensorLike) -> Tensor:
    """`x1 + x2`."""
    a, b = operands(x1, x2)
    return current.engine.add(a, b)


@op(masked=True, expects=_BROADCAST)
def multiply(x1: TensorLike, x2: TensorLike) -> Tensor:
    """`x1 * x2`."""
    a, b = operands(x1, x2)
    return current.engine.multiply(a, b)


@op(masked=True, expects=_BROADCAST)
def subtract(x1: TensorLike, x2: TensorLike) -> Tensor:
    """`x1 - x2`."""
    a, b = operands(x1, x2, RULES["subtract"])
    return current.engine.subtract(a, b)


@op(masked=True, expects=_BROADCAST)
def divide(x1: TensorLike, x2: TensorLike) -> Tensor:
    """`x1 / x2`, a float."""
    a, b = operands(x1, x2, RULES["divide"])
    return current.engine.divide(a, b)


@op(masked=True, expects=_BROADCAST)
def true_divide(x1: TensorLike, x2: TensorLike) -> Tensor:
    """`x1 / x2`, a float; the same as `divide`."""
    return divide(x1, x2)


@op(masked=True, expects=_BROADCAST)
def divide_no_nan(x1: TensorLike, x2: TensorLike) -> Tensor:
    """`x1 / x2`, and 0 where `x2` is 0."""
    engine = current.engine
    a, b = both(x1, x2, RULES["divide_no_nan"])
    zero = engine.equal(b, 0)
    # The divisor is mended beforehand, so that no gradient is NaN.
    safe = engine.where(zero, _like(b, 1), b)
    return engine.where(zero, _like(b, 0), engine.divide(a, safe))


def _like(x: Native, value: float) -> Native:
    return current.engine.full((), value, current.engine.dtype(x))


@op(masked=True, expects=_BROADCAST)
def floor_divide(x1: TensorLike, x2: TensorLike) -> Tensor:
    """The largest whole number that is not above `x1 / x2`."""
    a, b = operands(x1, x2, RULES["floor_divide"])
    return current.engine.floor_divide(a, b)


@op(masked=True, expects=_BROADCAST)
def mod(x1: TensorLike, x2: TensorLike) -> Tensor:
    """What `floor_divide` leaves over; it has the sign of `x2`."""
    a, b = operands(x1, x2, RULES["mod"])
    return current.engine.mod(a, b)


@op(masked=True, expects=_BROADCAST)
def fmod(x1: TensorLike, x2: TensorLike) -> Tensor:
    """What division rounded to zero leaves over; it has the sign of `x1`."""
    a, b = operands(x1, x2, RULES["fmod"])
    return current.engine.fmod(a, b)


@op(masked=True, expects=_BROADCAST)
def power(x1: TensorLike, x2: TensorLike) -> Tensor:
    """`x1 ** x2`."""
    a, b = operands(x1, x2, RULES["power"])
    return current.engine.power(a, b)


@op(masked=True, expects=_BROADCAST)
def maximum(x1: TensorLike, x2: TensorLike) -> Tensor:
    """The larger of two entries; NaN where one is."""
    a, b = operands(x1, x2, RULES["maximum"])
    return current.engine.maximum(a, b)


@op(masked=True, expects=_BROADCAST)
def minimum(x1: TensorLike, x2: TensorLike) -> Tensor:
    """The smaller of two entries; NaN where one is."""
    a, b = operands(x1, x2, RULES["minimum"])
    return current.engine.minimum(a, b)


@op(masked=True, expects=_BROADCAST)
def fmax(x1: TensorLike, x2: TensorLike) -> Tensor:
    """The larger of two entries; the other where one is NaN."""
    a, b = operands(x1, x2, RULES["fmax"])
    return current.engine.fmax(a, b)


@op(masked=True, expects=_BROADCAST)
def fmin(x1: TensorLike, x2: TensorLike) -> Tensor:
    """The smaller of two entries; the other where one is NaN."""
    a, b = operands(x1, x2, RULES["fmin"])
    return current.engine.fmin(a, b)


@op(masked=True, expects=_BROADCAST)
def arctan2(x1: TensorLike, x2: TensorLike) -> Tensor:
    """The angle in radians of the point `(x2, x1)`, in [-pi, pi]."""
    a, b = operands(x1, x2, RULES["arctan2"])
    return current.engine.arctan2(a, b)


@op(masked=True, expects=_BROADCAST)
def hypot(x1: TensorLike, x2: TensorLike) -> Tensor:
    """`sqrt(x1 ** 2 + x2 ** 2)` without overflow on the way."""
    a, b = operands(x1, x2, RULES["hypot"])
    return current.engine.hypot(a, b)


@op(masked=True, expects=_BROADCAST)
def logaddexp(x1: TensorLike, x2: TensorLike) -> Tensor:
    """`log(exp(x1) + exp(x2))` without overflow on the way."""
    a, b = operands(x1, x2, RULES["logaddexp"])
    return current.engine.logaddexp(a, b)


@op(masked=True, expects=_BROADCAST)
def logaddexp2(x1: TensorLike, x2: TensorLike) -> Tensor:
    """`log2(2 ** x1 + 2 ** x2)` without overflow on the way."""
    engine = current.engine
    a, b = both(x1, x2, RULES["logaddexp2"])
    scaled = engine.logaddexp(
        engine.multiply(a, math.log(2)), engine.multiply(b, math.log(2))
    )
    return engine.divide(scaled, math.log(2))


@op(masked=True, expects=_BROADCAST)
def heaviside(x1: TensorLike, x2: TensorLike) -> Tensor:
    """0 where `x1` is negative, 1 where it is positive, `x2` where it is 0."""
    engine = current.engine
    a, b = both(x1, x2, RULES["heaviside"])
    step = engine.where(engine.less(a, 0), _like(a, 0), _like(a, 1))
    step = engine.where(engine.equal(a, 0), b, step)
    return engine.where(engine.isnan(a), a, step)


@op(masked=True, expects=_BROADCAST)
def ldexp(x1: TensorLike, x2: TensorLike) -> Tensor:
    """`x1 * 2 ** x2`, `x2` being integers."""
    engine = current.engine
    exponent = integer(x2, "ldexp")
    mantissa = tensor(x1)
    dtype = RULES["divide"](engine.dtype(mantissa), engine.dtype(exponent))
    return engine.ldexp(engine.cast(mantissa, dtype), engine.cast(exponent, "int32"))


@op(masked=True, expects=_BROADCAST)
def gcd(x1: TensorLike, x2: TensorLike) -> Tensor:
    """The greatest common divisor of integers."""
    a, b = _bits(x1, x2, "gcd")
    return current.engine.gcd(a, b)


@op(masked=True, expects=_BROADCAST)
def lcm(x1: TensorLike, x2: TensorLike) -> Tensor:
    """The least common multiple of integers."""
    engine = current.engine
    a, b = _bits(x1, x2, "lcm")
    divisor = engine.gcd(a, b)
    safe = engine.where(engine.equal(divisor, 0), _like(divisor, 1), divisor)
    return engine.abs(engine.multiply(engine.floor_divide(a, safe), b))


@op(masked=True, expects=_BROADCAST)
def nextafter(x1: TensorLike, x2: TensorLike) -> Tensor:
    """The float next to `x1` in the direction of `x2`."""
    a, b = both(x1, x2, RULES["nextafter"])
    return current.engine.nextafter(a, b)


@op(masked=True, expects=_BROADCAST)
def equal(x1: TensorLike, x2: TensorLike) -> Tensor:
    """`x1 == x2`."""
    a, b = operands(x1, x2)
    return current.engine.equal(a, b)


@op(masked=True, expects=_BROADCAST)
def not_equal(x1: TensorLike, x2: TensorLike) -> Tensor:
    """`x1 != x2`."""
    a, b = operands(x1, x2)
    return current.engine.not_equal(a, b)


@op(masked=True, expects=_BROADCAST)
def less(x1: TensorLike, x2: TensorLike) -> Tensor:
    """`x1 < x2`."""
    a, b = operands(x1, x2)
    return current.engine.less(a, b)


@op(masked=True, expects=_BROADCAST)
def less_equal(x1: TensorLike, x2: TensorLike) -> Tensor:
    """`x1 <= x2`."""
    a, b = operands(x1, x2)
    return current.engine.less_equal(a, b)


@op(masked=True, expects=_BROADCAST)
def greater(x1: TensorLike, x2: TensorLike) -> Tensor:
    """`x1 > x2`."""
    a, b = operands(x1, x2)
    return current.engine.greater(a, b)


@op(masked=True, expects=_BROADCAST)
def greater_equal(x1: TensorLike, x2: TensorLike) -> Tensor:
    """`x1 >= x2`."""
    a, b = operands(x1, x2)
    return current.engine.greater_equal(a, b)


@op(masked=True, expects=_BROADCAST)
def logical_and(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Whether both entries are nonzero."""
    return current.engine.logical_and(tensor(x1, "bool"), tensor(x2, "bool"))


@op(masked=True, expects=_BROADCAST)
def logical_or(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Whether one of the entries is nonzero."""
    return current.engine.logical_or(tensor(x1, "bool"), tensor(x2, "bool"))


@op(masked=True, expects=_BROADCAST)
def logical_xor(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Whether just one of the entries is nonzero."""
    return current.engine.logical_xor(tensor(x1, "bool"), tensor(x2, "bool"))


@op(masked=True, expects=_BROADCAST)
def bitwise_and(x: TensorLike, y: TensorLike) -> Tensor:
    """The bits set in both."""
    return current.engine.bitwise_and(*_bits(x, y, "bitwise_and"))


@op(masked=True, expects=_BROADCAST)
def bitwise_or(x: TensorLike, y: TensorLike) -> Tensor:
    """The bits set in one of the two."""
    return current.engine.bitwise_or(*_bits(x, y, "bitwise_or"))


@op(masked=True, expects=_BROADCAST)
def bitwise_xor(x: TensorLike, y: TensorLike) -> Tensor:
    """The bits set in just one of the two."""
    return current.engine.bitwise_xor(*_bits(x, y, "bitwise_xor"))


@op(masked=True, expects=_BROADCAST)
def left_shift(x: TensorLike, y: TensorLike) -> Tensor:
    """`x << y`, the bits moved up."""
    return current.engine.left_shift(*_bits(x, y, "left_shift"))


@op(masked=True, expects=_BROADCAST)
def right_shift(x: TensorLike, y: TensorLike) -> Tensor:
    """`x >> y`, the bits moved down."""
    return current.engine.right_shift(*_bits(x, y, "right_shift"))


@op(masked=True, expects=_BROADCAST)
def bitwise_left_shift(x: TensorLike, y: TensorLike) -> Tensor:
    """`x << y`; the same as `left_shift`."""
    return current.engine.left_shift(*_bits(x, y, "bitwise_left_shift"))


@op(masked=True, expects=_BROADCAST)
def bitwise_right_shift(x: TensorLike, y: TensorLike) -> Tensor:
    """`x >> y`; the same as `right_shift`."""
    return current.engine.right_shift(*_bits(x, y, "bitwise_right_shift"))


def _bits(x: Any, y: Any, what: str) -> tuple[Native, Native]:
    """Both operands as tensors of integers or bools."""
    dtype = RULES.get(what, PLAIN)(kind_or_dtype(x), kind_or_dtype(y))
    a, b = tensors((x, y), dtype=dtype)
    return integer(a, what), integer(b, what)


@op(masked=True)
def clip(x: TensorLike, x_min: TensorLike | None, x_max: TensorLike | None) -> Tensor:
    """`x` with what lies below `x_min` or above `x_max` set to these.

    Args:
        x: tensor.
        x_min, x_max: scalars, or tensors that broadcast to the shape of `x`; `None`
            for no limit.
    """
    engine = current.engine
    if _leaves_alone(x_min, x) and _leaves_alone(x_max, x):
        return engine.clip(x, x_min, x_max)
    others = [kind_or_dtype(v) for v in (x_min, x_max) if v is not None]
    first = met(x, _CLIP)
    if first == "bool" and dtypes.kind(x) is None:
        first = "int32"
    dtype = _CLIP(first, *others)
    return engine.clip(tensor(x, dtype), _limit(x_min, dtype), _limit(x_max, dtype))


_CLIP = RULES["clip"]


def _leaves_alone(limit: Any, x: Any) -> bool:
    """Whether `limit` is a Python number, or none, that leaves the dtype of `x`."""
    if type(x) not in current.engine.tensor_types:
        return False
    return limit is None or (x.dtype, type(limit)) in _CLIP.beside


def _limit(value: Any, dtype: str) -> Any:
    """A scalar limit as it is, a tensor in the dtype of what it limits."""
    if value is None or dtypes.kind(value) == "int":
        return value
    if dtypes.kind(value) == "float" and dtypes.is_float(dtype):
        return value
    return tensor(value, dtype)


@op(masked=True, expects=_BROADCAST)
def isclose(
    x1: TensorLike,
    x2: TensorLike,
    rtol: float = 1e-5,
    atol: float = 1e-8,
    equal_nan: bool = False,
) -> Tensor:
    """Whether entries agree: `abs(x1 - x2) <= atol + rtol * abs(x2)`.

    Args:
        x1, x2: tensors whose shapes broadcast.
        rtol, atol: relative and absolute tolerance.
        equal_nan: whether NaN equals NaN.
    """
    engine = current.engine
    a, b = both(x1, x2, RULES["divide"])
    room = engine.add(engine.multiply(engine.abs(b), rtol), atol)
    near = engine.less_equal(engine.abs(engine.subtract(a, b)), room)
    result = engine.logical_or(
        engine.logical_and(near, engine.isfinite(b)), engine.equal(a, b)
    )
    if not equal_nan:
        return result
    return engine.logical_or(
        result, engine.logical_and(engine.isnan(a), engine.isnan(b))
    )


@op(expects=_BROADCAST)
def allclose(
    x1: TensorLike,
    x2: TensorLike,
    rtol: float = 1e-5,
    atol: float = 1e-8,
    equal_nan: bool = False,
) -> Tensor:
    """Whether all entries agree, as `isclose` says; a bool scalar."""
    close = isclose(x1, x2, rtol, atol, equal_nan)
    return current.engine.all(close, tuple(range(close.ndim)), False)
