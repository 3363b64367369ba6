"""Elementwise functions and reductions on NumPy."""

import math
from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from keras.typing import Function, Native


def _quiet(fn: Callable[..., Any]) -> Callable[..., Any]:
    """`fn` without NumPy's warnings of overflow, division: other engines have none."""

    @wraps(fn)
    def call(*args: Any) -> Any:
        with np.errstate(all="ignore"):
            return fn(*args)

    return call


def _binary(fn: Callable[..., Any]) -> Callable[..., Any]:
    """`fn` of two arrays; a Python scalar takes the dtype of the other.

    NumPy does so by itself, but not beside bfloat16.
    """

    def call(x: Any, y: Any) -> Any:
        if type(y) in _SCALARS:
            y = np.asarray(y, x.dtype)
        elif type(x) in _SCALARS:
            x = np.asarray(x, y.dtype)
        with np.errstate(all="ignore"):
            return fn(x, y)

    return call


_SCALARS = (bool, int, float, complex)


def _in_float32(fn: Callable[..., Any]) -> Callable[..., Any]:
    """A scalar function of Python's `math` over an array, in float64."""
    table = np.vectorize(fn, otypes=[np.float64])

    def call(x: Native) -> Native:
        if np.size(x) == 0:
            return x
        with np.errstate(all="ignore"):
            return table(x.astype(np.float64)).astype(x.dtype)

    return call


abs: Function = np.abs
negative: Function = np.negative
sign: Function = np.sign
conj: Function = np.conj
angle: Function = np.angle
real: Function = np.real
imag: Function = np.imag
signbit: Function = np.signbit
isnan: Function = np.isnan
isinf: Function = np.isinf
isfinite: Function = np.isfinite
logical_not: Function = np.logical_not
bitwise_not: Function = np.bitwise_not
floor: Function = np.floor
ceil: Function = np.ceil
trunc: Function = np.trunc
square: Function = _quiet(np.square)
round: Function = np.rint
exp: Function = _quiet(np.exp)
exp2: Function = _quiet(np.exp2)
expm1: Function = _quiet(np.expm1)
log: Function = _quiet(np.log)
log1p: Function = _quiet(np.log1p)
log2: Function = _quiet(np.log2)
log10: Function = _quiet(np.log10)
sqrt: Function = _quiet(np.sqrt)
reciprocal: Function = _quiet(np.reciprocal)
sin: Function = _quiet(np.sin)
cos: Function = _quiet(np.cos)
tan: Function = _quiet(np.tan)
sinh: Function = _quiet(np.sinh)
cosh: Function = _quiet(np.cosh)
tanh: Function = _quiet(np.tanh)
arcsin: Function = _quiet(np.arcsin)
arccos: Function = _quiet(np.arccos)
arctan: Function = _quiet(np.arctan)
arcsinh: Function = _quiet(np.arcsinh)
arccosh: Function = _quiet(np.arccosh)
arctanh: Function = _quiet(np.arctanh)
erf: Function = _in_float32(math.erf)
erfc: Function = _in_float32(math.erfc)

add: Function = _binary(np.add)
subtract: Function = _binary(np.subtract)
multiply: Function = _binary(np.multiply)
divide: Function = _binary(np.divide)
floor_divide: Function = _binary(np.floor_divide)
mod: Function = _binary(np.mod)
fmod: Function = _binary(np.fmod)
power: Function = _binary(np.power)
maximum: Function = _binary(np.maximum)
minimum: Function = _binary(np.minimum)
fmax: Function = _binary(np.fmax)
fmin: Function = _binary(np.fmin)
arctan2: Function = _binary(np.arctan2)
hypot: Function = _binary(np.hypot)
logaddexp: Function = _binary(np.logaddexp)
nextafter: Function = np.nextafter
ldexp: Function = _quiet(np.ldexp)
gcd: Function = np.gcd
equal: Function = _binary(np.equal)
not_equal: Function = _binary(np.not_equal)
less: Function = _binary(np.less)
less_equal: Function = _binary(np.less_equal)
greater: Function = _binary(np.greater)
greater_equal: Function = _binary(np.greater_equal)
logical_and: Function = np.logical_and
logical_or: Function = np.logical_or
logical_xor: Function = np.logical_xor
bitwise_and: Function = np.bitwise_and
bitwise_or: Function = np.bitwise_or
bitwise_xor: Function = np.bitwise_xor
left_shift: Function = np.left_shift
right_shift: Function = np.right_shift


def rsqrt(x: Native) -> Native:
    with np.errstate(all="ignore"):
        return (1 / np.sqrt(x)).astype(x.dtype)


def sigmoid(x: Native) -> Native:
    # Written with tanh it overflows on neither side.
    return (0.5 * (1 + np.tanh(0.5 * x))).astype(x.dtype)


def _gamma_functions() -> tuple[Callable[[float], float], Callable[[float], float]]:
    def log_gamma(x: float) -> float:
        if math.isnan(x):
            return x
        if math.isinf(x) or (x <= 0 and x == math.floor(x)):
            return math.inf
        return math.lgamma(x)

    def digamma(x: float) -> float:
        if math.isnan(x) or (x <= 0 and x == math.floor(x)):
            return math.nan
        if x < 0:
            return digamma(1 - x) - math.pi / math.tan(math.pi * x)
        result = 0.0
        while x < 6:
            result, x = result - 1 / x, x + 1
        # Asymptotic series, Abramowitz and Stegun 6.3.18.
        f = 1 / (x * x)
        series = f * (1 / 12 - f * (1 / 120 - f * (1 / 252 - f * (1 / 240 - f / 132))))
        return result + math.log(x) - 0.5 / x - series

    return log_gamma, digamma


lgamma: Function
digamma: Function
lgamma, digamma = map(_in_float32, _gamma_functions())


def i0(x: Native) -> Native:
    return np.i0(x.astype(np.float64)).reshape(np.shape(x)).astype(x.dtype)


def erfinv(x: Native) -> Native:
    """By Newton's method from Winitzki's approximation."""
    y = x.astype(np.float64)
    with np.errstate(all="ignore"):
        inside = np.clip(y, -1 + 1e-16, 1 - 1e-16)
        tail = np.log1p(-inside * inside)
        a = 0.147
        first = 2 / (np.pi * a) + tail / 2
        z = np.sign(inside) * np.sqrt(np.sqrt(first * first - tail / a) - first)
        slope = 2 / math.sqrt(math.pi)
        for _ in range(4):
            error = np.vectorize(math.erf, otypes=[float])(z) - inside if z.size else z
            z = z - error / (slope * np.exp(-z * z) + 1e-300)
        z = np.where(np.abs(y) == 1, np.sign(y) * np.inf, z)
        return np.where(np.abs(y) > 1, np.nan, z).astype(x.dtype)


def clip(x: Native, low: Any, high: Any) -> Native:
    low, high = (
        np.asarray(b, x.dtype) if type(b) in _SCALARS else b for b in (low, high)
    )
    return np.clip(x, low, high).astype(x.dtype, copy=False)  # bfloat16 has no clip


def sum(x: Native, axis: Any, keepdims: bool) -> Native:
    return np.sum(x, tuple(axis), keepdims=keepdims, dtype=x.dtype)


def prod(x: Native, axis: Any, keepdims: bool) -> Native:
    return np.prod(x, tuple(axis), keepdims=keepdims, dtype=x.dtype)


def max(x: Native, axis: Any, keepdims: bool) -> Native:
    return np.max(x, tuple(axis), keepdims=keepdims)


def min(x: Native, axis: Any, keepdims: bool) -> Native:
    return np.min(x, tuple(axis), keepdims=keepdims)


def mean(x: Native, axis: Any, keepdims: bool) -> Native:
    with np.errstate(all="ignore"):
        # Half floats are summed in float32, as other engines do.
        wide = x.astype("float32") if x.dtype.itemsize == 2 else x
        count = math.prod(x.shape[a] for a in axis)
        # Not np.mean, which warns of the mean of nothing whatever errstate says.
        return (np.sum(wide, tuple(axis), keepdims=keepdims) / count).astype(x.dtype)


def var(x: Native, axis: Any, keepdims: bool) -> Native:
    with np.errstate(all="ignore"):
        wide = x.astype("float32") if x.dtype.itemsize == 2 else x
        distance = np.abs(wide - mean(wide, axis, True))
        return mean(distance * distance, axis, keepdims).astype(x.dtype)


def any(x: Native, axis: Any, keepdims: bool) -> Native:
    return np.any(x, tuple(axis), keepdims=keepdims)


def all(x: Native, axis: Any, keepdims: bool) -> Native:
    return np.all(x, tuple(axis), keepdims=keepdims)


def logsumexp(x: Native, axis: Any, keepdims: bool) -> Native:
    with np.errstate(all="ignore"):
        top = np.max(x, tuple(axis), keepdims=True, initial=-np.inf)
        top = np.where(np.isfinite(top), top, np.zeros_like(top))
        total = np.sum(np.exp(x - top), tuple(axis), keepdims=True, dtype=x.dtype)
        result = (np.log(total) + top).astype(x.dtype)
    return result if keepdims else np.squeeze(result, tuple(axis))


def argmax(x: Native, axis: int, keepdims: bool) -> Native:
    return np.argmax(x, axis, keepdims=keepdims).astype("int32")


def argmin(x: Native, axis: int, keepdims: bool) -> Native:
    return np.argmin(x, axis, keepdims=keepdims).astype("int32")


def cumsum(x: Native, axis: int) -> Native:
    with np.errstate(all="ignore"):
        return np.cumsum(x, axis, dtype=x.dtype)


def cumprod(x: Native, axis: int) -> Native:
    with np.errstate(all="ignore"):
        return np.cumprod(x, axis, dtype=x.dtype)
