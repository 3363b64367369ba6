"""Elementwise functions and reductions on JAX: NumPy's names, so mostly an import."""

from typing import Any

import jax.numpy as jnp
from jax.lax import rsqrt as rsqrt
from jax.nn import sigmoid as sigmoid
from jax.numpy import abs as abs
from jax.numpy import add as add
from jax.numpy import arccos as arccos
from jax.numpy import arccosh as arccosh
from jax.numpy import arcsin as arcsin
from jax.numpy import arcsinh as arcsinh
from jax.numpy import arctan as arctan
from jax.numpy import arctan2 as arctan2
from jax.numpy import arctanh as arctanh
from jax.numpy import bitwise_and as bitwise_and
from jax.numpy import bitwise_not as bitwise_not
from jax.numpy import bitwise_or as bitwise_or
from jax.numpy import bitwise_xor as bitwise_xor
from jax.numpy import ceil as ceil
from jax.numpy import conj as conj
from jax.numpy import cos as cos
from jax.numpy import cosh as cosh
from jax.numpy import divide as divide
from jax.numpy import equal as equal
from jax.numpy import exp as exp
from jax.numpy import exp2 as exp2
from jax.numpy import expm1 as expm1
from jax.numpy import floor as floor
from jax.numpy import floor_divide as floor_divide
from jax.numpy import fmax as fmax
from jax.numpy import fmin as fmin
from jax.numpy import fmod as fmod
from jax.numpy import gcd as gcd
from jax.numpy import greater as greater
from jax.numpy import greater_equal as greater_equal
from jax.numpy import hypot as hypot
from jax.numpy import i0 as i0
from jax.numpy import imag as imag
from jax.numpy import isfinite as isfinite
from jax.numpy import isinf as isinf
from jax.numpy import isnan as isnan
from jax.numpy import ldexp as ldexp
from jax.numpy import left_shift as left_shift
from jax.numpy import less as less
from jax.numpy import less_equal as less_equal
from jax.numpy import log as log
from jax.numpy import log1p as log1p
from jax.numpy import log2 as log2
from jax.numpy import log10 as log10
from jax.numpy import logaddexp as logaddexp
from jax.numpy import logical_and as logical_and
from jax.numpy import logical_not as logical_not
from jax.numpy import logical_or as logical_or
from jax.numpy import logical_xor as logical_xor
from jax.numpy import maximum as maximum
from jax.numpy import minimum as minimum
from jax.numpy import mod as mod
from jax.numpy import multiply as multiply
from jax.numpy import negative as negative
from jax.numpy import nextafter as nextafter
from jax.numpy import not_equal as not_equal
from jax.numpy import power as power
from jax.numpy import real as real
from jax.numpy import reciprocal as reciprocal
from jax.numpy import right_shift as right_shift
from jax.numpy import round as round
from jax.numpy import sign as sign
from jax.numpy import signbit as signbit
from jax.numpy import sin as sin
from jax.numpy import sinh as sinh
from jax.numpy import sqrt as sqrt
from jax.numpy import square as square
from jax.numpy import subtract as subtract
from jax.numpy import tan as tan
from jax.numpy import tanh as tanh
from jax.numpy import trunc as trunc
from jax.scipy.special import digamma as digamma
from jax.scipy.special import erf as erf
from jax.scipy.special import erfc as erfc
from jax.scipy.special import erfinv as erfinv
from jax.scipy.special import gammaln as lgamma  # noqa: F401 - one of the waist
from jax.scipy.special import logsumexp as _logsumexp

from keras.typing import Native


def angle(x: Native) -> Native:
    # jnp.angle of a float32 without dimensions is a float64.
    return jnp.arctan2(jnp.imag(x), jnp.real(x))


def clip(x: Native, low: Any, high: Any) -> Native:
    return jnp.clip(x, low, high)


def sum(x: Native, axis: Any, keepdims: bool) -> Native:
    return jnp.sum(x, tuple(axis), x.dtype, keepdims=keepdims)


def prod(x: Native, axis: Any, keepdims: bool) -> Native:
    return jnp.prod(x, tuple(axis), x.dtype, keepdims=keepdims)


def max(x: Native, axis: Any, keepdims: bool) -> Native:
    return jnp.max(x, tuple(axis), keepdims=keepdims)


def min(x: Native, axis: Any, keepdims: bool) -> Native:
    return jnp.min(x, tuple(axis), keepdims=keepdims)


def mean(x: Native, axis: Any, keepdims: bool) -> Native:
    return jnp.mean(x, tuple(axis), x.dtype, keepdims=keepdims)


def var(x: Native, axis: Any, keepdims: bool) -> Native:
    return jnp.var(x, tuple(axis), keepdims=keepdims)


def any(x: Native, axis: Any, keepdims: bool) -> Native:
    return jnp.any(x, tuple(axis), keepdims=keepdims)


def all(x: Native, axis: Any, keepdims: bool) -> Native:
    return jnp.all(x, tuple(axis), keepdims=keepdims)


def logsumexp(x: Native, axis: Any, keepdims: bool) -> Native:
    return _logsumexp(x, tuple(axis), keepdims=keepdims)


def argmax(x: Native, axis: int, keepdims: bool) -> Native:
    return jnp.argmax(x, axis, keepdims=keepdims).astype("int32")


def argmin(x: Native, axis: int, keepdims: bool) -> Native:
    return jnp.argmin(x, axis, keepdims=keepdims).astype("int32")


def cumsum(x: Native, axis: int) -> Native:
    return jnp.cumsum(x, axis, x.dtype)


def cumprod(x: Native, axis: int) -> Native:
    return jnp.cumprod(x, axis, x.dtype)
