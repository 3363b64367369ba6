"""Products, decompositions, Fourier transforms on JAX."""

from typing import Any

import jax
import jax.numpy as jnp

from keras.typing import Native


def matmul(x: Native, y: Native) -> Native:
    return jnp.matmul(x, y)


def einsum(equation: str, *xs: Native) -> Native:
    return jnp.einsum(equation, *xs)


def cholesky(x: Native) -> Native:
    return jnp.linalg.cholesky(x)


def det(x: Native) -> Native:
    return jnp.linalg.det(x)


def slogdet(x: Native) -> tuple[Native, Native]:
    sign, value = jnp.linalg.slogdet(x)
    return sign, value


def inv(x: Native) -> Native:
    return jnp.linalg.inv(x)


def pinv(x: Native, rcond: float) -> Native:
    return jnp.linalg.pinv(x, rcond)


def eig(x: Native) -> tuple[Native, Native]:
    values, vectors = _eig(x)
    return values, vectors


def _eig_jvp(primals: tuple[Native], tangents: tuple[Native]) -> Any:
    """The rule that JAX lacks for the vectors (Giles, "An extended collection of matrix
    derivative results" (2008), 3.1), which keep the length 1."""
    values, vectors = _eig(*primals)
    turned = jnp.linalg.solve(vectors, tangents[0].astype(vectors.dtype) @ vectors)
    gaps = values[..., None, :] - values[..., :, None]
    same = jnp.eye(values.shape[-1], dtype=bool)
    mixed = vectors @ jnp.where(same, 0, turned / jnp.where(same, 1, gaps))
    along = jnp.sum(vectors.conj() * mixed, -2, keepdims=True).real
    values_dot = jnp.diagonal(turned, axis1=-2, axis2=-1)
    return (values, vectors), (values_dot, mixed - vectors * along)


_eig: Any = jax.custom_jvp(lambda x: tuple(jnp.linalg.eig(x)))
_eig.defjvp(_eig_jvp)


def eigh(x: Native) -> tuple[Native, Native]:
    values, vectors = jnp.linalg.eigh(x)
    return values, vectors


def qr(x: Native, mode: str) -> tuple[Native, Native]:
    q, r = jnp.linalg.qr(x, mode)
    return q, r


def svd(x: Native, full_matrices: bool) -> tuple[Native, Native, Native]:
    u, s, vh = jnp.linalg.svd(x, full_matrices)
    return u, s, vh


def svdvals(x: Native) -> Native:
    return jnp.linalg.svd(x, compute_uv=False)


def lu_factor(x: Native) -> tuple[Native, Native]:
    lu, pivots = jax.scipy.linalg.lu_factor(x)
    return lu, pivots.astype("int32")


def solve(a: Native, b: Native) -> Native:
    if b.ndim == a.ndim - 1:
        return jnp.linalg.solve(a, b[..., None])[..., 0]
    return jnp.linalg.solve(a, b)


def solve_triangular(a: Native, b: Native, lower: bool) -> Native:
    if b.ndim == a.ndim - 1:
        return jax.scipy.linalg.solve_triangular(a, b[..., None], lower=lower)[..., 0]
    return jax.scipy.linalg.solve_triangular(a, b, lower=lower)


def lstsq(a: Native, b: Native, rcond: float | None) -> Native:
    return jnp.linalg.lstsq(a, b, rcond)[0]


def fft(x: Native, axis: int) -> Native:
    return jnp.fft.fft(x, axis=axis)


def ifft(x: Native, axis: int) -> Native:
    return jnp.fft.ifft(x, axis=axis)


def rfft(x: Native, axis: int) -> Native:
    return jnp.fft.rfft(x, axis=axis)


def irfft(x: Native, length: int, axis: int) -> Native:
    return jnp.fft.irfft(x, length, axis)
