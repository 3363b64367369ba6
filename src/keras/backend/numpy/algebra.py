"""Products, decompositions, Fourier transforms on NumPy."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from keras.backend.numpy.shapes import only_shapes
from keras.typing import Native

_COMPLEX = {"float32": "complex64", "float64": "complex128"}


def _of_any(fn: Callable[..., Any]) -> Callable[..., Any]:
    """`fn`, which where only shapes are asked reads unit matrices for singular ones."""

    @wraps(fn)
    def call(x: Native, *args: Any) -> Any:
        try:
            return fn(x, *args)
        except np.linalg.LinAlgError:
            if not only_shapes.get():
                raise
            unit = np.eye(*x.shape[-2:], dtype=x.dtype)
            return fn(np.broadcast_to(unit, x.shape), *args)

    return call


def matmul(x: Native, y: Native) -> Native:
    return np.matmul(x, y).astype(x.dtype, copy=False)  # bfloat16 gives float32


def einsum(equation: str, *xs: Native) -> Native:
    return np.asanyarray(np.einsum(equation, *xs, optimize=len(xs) > 2))


@_of_any
def cholesky(x: Native) -> Native:
    return np.linalg.cholesky(x)


def det(x: Native) -> Native:
    return np.linalg.det(x)


def slogdet(x: Native) -> tuple[Native, Native]:
    sign, value = np.linalg.slogdet(x)
    return sign, value


@_of_any
def inv(x: Native) -> Native:
    return np.linalg.inv(x)


@_of_any
def pinv(x: Native, rcond: float) -> Native:
    return np.linalg.pinv(x, rcond)


@_of_any
def eig(x: Native) -> tuple[Native, Native]:
    values, vectors = np.linalg.eig(x)
    kind = _COMPLEX.get(str(x.dtype), str(x.dtype))
    return values.astype(kind), vectors.astype(kind)


@_of_any
def eigh(x: Native) -> tuple[Native, Native]:
    values, vectors = np.linalg.eigh(x)
    return values, vectors


def qr(x: Native, mode: str) -> tuple[Native, Native]:
    q, r = np.linalg.qr(x, mode)  # type: ignore[call-overload]
    return q, r


@_of_any
def svd(x: Native, full_matrices: bool) -> tuple[Native, Native, Native]:
    u, s, vh = np.linalg.svd(x, full_matrices)
    return u, s, vh


@_of_any
def svdvals(x: Native) -> Native:
    return np.linalg.svd(x, compute_uv=False)


def lu_factor(x: Native) -> tuple[Native, Native]:
    """Gaussian elimination with partial pivoting; pivots count from zero."""
    lu = np.array(x)
    n = min(lu.shape[-2:])
    flat = lu.reshape(-1, *lu.shape[-2:])
    pivots = np.zeros((flat.shape[0], n), "int32")
    for matrix, swaps in zip(flat, pivots, strict=True):
        for k in range(n):
            p = k + int(np.argmax(np.abs(matrix[k:, k])))
            swaps[k] = p
            matrix[[k, p]] = matrix[[p, k]]
            if matrix[k, k] != 0:
                matrix[k + 1 :, k] /= matrix[k, k]
                matrix[k + 1 :, k + 1 :] -= np.outer(
                    matrix[k + 1 :, k], matrix[k, k + 1 :]
                )
    return flat.reshape(lu.shape), pivots.reshape(*lu.shape[:-2], n)


@_of_any
def solve(a: Native, b: Native) -> Native:
    if b.ndim == a.ndim - 1:
        return np.linalg.solve(a, b[..., None])[..., 0]
    return np.linalg.solve(a, b)


def solve_triangular(a: Native, b: Native, lower: bool) -> Native:
    return solve(np.tril(a) if lower else np.triu(a), b)


@_of_any
def lstsq(a: Native, b: Native, rcond: float | None) -> Native:
    return np.linalg.lstsq(a, b, rcond)[0]


def _keep_precision(fn: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(fn)
    def call(x: Native, *args: Any) -> Native:
        wide = x.dtype in (np.float64, np.complex128)
        result = fn(x, *args)
        if np.iscomplexobj(result):
            return result.astype("complex128" if wide else "complex64")
        return result.astype("float64" if wide else "float32")

    return call


@_keep_precision
def fft(x: Native, axis: int) -> Native:
    return np.fft.fft(x, axis=axis)


@_keep_precision
def ifft(x: Native, axis: int) -> Native:
    return np.fft.ifft(x, axis=axis)


@_keep_precision
def rfft(x: Native, axis: int) -> Native:
    return np.fft.rfft(x, axis=axis)


@_keep_precision
def irfft(x: Native, length: int, axis: int) -> Native:
    return np.fft.irfft(x, length, axis)
