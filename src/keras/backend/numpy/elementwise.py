"""Elementwise functions and reductions on NumPy."""

import math
from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from keras.typing import Native


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
            return table(np.asarray(x, np.float64)).astype(x.dtype)

    return call


abs, negative, sign, conj, angle = np.abs, np.negative, np.sign, np.conj, np.angle
real, imag, signbit = np.real, np.imag, np.signbit
isnan, isinf, isfinite = np.isnan, np.isinf, np.isfinite
logical_not, bitwise_not = np.logical_not, np.bitwise_not
floor, ceil, trunc, square = np.floor, np.ceil, np.trunc, _quiet(np.square)
round = np.rint
exp, exp2, expm1 = _quiet(np.exp), _quiet(np.exp2), _quiet(np.expm1)
log, log1p, log2, log10 = map(_quiet, (np.log, np.log1p, np.log2, np.log10))
sqrt, reciprocal = _quiet(np.sqrt), _quiet(np.reciprocal)
sin, cos, tan = map(_quiet, (np.sin, np.cos, np.tan))
sinh, cosh, tanh = map(_quiet, (np.sinh, np.cosh, np.tanh))
arcsin, arccos, arctan = map(_quiet, (np.arcsin, np.arccos, np.arctan))
arcsinh, arccosh, arctanh = map(_quiet, (np.arcsinh, np.arccosh, np.arctanh))
erf = _in_float32(math.erf)

add, subtract, multiply = map(_binary, (np.add, np.subtract, np.multiply))
divide, floor_divide = _binary(np.divide), _binary(np.floor_divide)
mod, fmod, power = map(_binary, (np.mod, np.fmod, np.power))
maximum, minimum, fmax, fmin = map(_binary, (np.maximum, np.minimum, np.fmax, np.fmin))
arctan2, hypot, logaddexp = map(_binary, (np.arctan2, np.hypot, np.logaddexp))
nextafter, ldexp, gcd = np.nextafter, _quiet(np.ldexp), np.gcd
equal, not_equal = _binary(np.equal), _binary(np.not_equal)
less, less_equal = _binary(np.less), _binary(np.less_equal)
greater, greater_equal = _binary(np.greater), _binary(np.greater_equal)
logical_and, logical_or, logical_xor = np.logical_and, np.logical_or, np.logical_xor
bitwise_and, bitwise_or, bitwise_xor = np.bitwise_and, np.bitwise_or, np.bitwise_xor
left_shift, right_shift = np.left_shift, np.right_shift


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


lgamma, digamma = map(_in_float32, _gamma_functions())


def i0(x: Native) -> Native:
    return np.i0(np.asarray(x, np.float64)).reshape(np.shape(x)).astype(x.dtype)


def erfinv(x: Native) -> Native:
    """By Newton's method from Winitzki's approximation."""
    y = np.asarray(x, np.float64)
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
        return np.mean(wide, tuple(axis), keepdims=keepdims).astype(x.dtype)


def var(x: Native, axis: Any, keepdims: bool) -> Native:
    with np.errstate(all="ignore"):
        wide = x.astype("float32") if x.dtype.itemsize == 2 else x
        return np.var(wide, tuple(axis), keepdims=keepdims).astype(x.dtype)


def any(x: Native, axis: Any, keepdims: bool) -> Native:
    return np.any(x, tuple(axis), keepdims=keepdims)


def all(x: Native, axis: Any, keepdims: bool) -> Native:
    return np.all(x, tuple(axis), keepdims=keepdims)


def logsumexp(x: Native, axis: Any, keepdims: bool) -> Native:
    with np.errstate(all="ignore"):
        top = np.max(x, tuple(axis), keepdims=True)
        top = np.where(np.isfinite(top), top, np.zeros_like(top))
        total = np.sum(np.exp(x - top), tuple(axis), keepdims=True, dtype=x.dtype)
        result = (np.log(total) + top).astype(x.dtype)
    return result if keepdims else np.squeeze(result, tuple(axis))


def argmax(x: Native, axis: int, keepdims: bool) -> Native:
    return np.argmax(x, axis, keepdims=keepdims).astype("int32")


def argmin(x: Native, axis: int, keepdims: bool) -> Native:
    return np.argmin(x, axis, keepdims=keepdims).astype("int32")


def cumsum(x: Native, axis: int) -> Native:
    return np.cumsum(x, axis, dtype=x.dtype)


def cumprod(x: Native, axis: int) -> Native:
    return np.cumprod(x, axis, dtype=x.dtype)
