"""Products, decompositions, Fourier transforms on PyTorch."""

from typing import Any

import torch
from torch import matmul as matmul
from torch.linalg import cholesky as cholesky
from torch.linalg import det as det
from torch.linalg import eig as eig
from torch.linalg import eigh as eigh
from torch.linalg import inv as inv
from torch.linalg import slogdet as slogdet
from torch.linalg import solve as solve
from torch.linalg import svdvals as svdvals

from keras.backend.torch.arrays import at_hand
from keras.typing import Native


def outer(x: Native, y: Native) -> Native:
    return torch.outer(x, y)


def cross(x: Native, y: Native) -> Native:
    if x.ndim != y.ndim:
        x, y = torch.broadcast_tensors(x, y)
    return torch.linalg.cross(x, y)


def root_of_squares(x: Native, axes: Any, keepdims: bool) -> Native | None:
    """The Euclidean norm; `None` where a gradient may be wanted, which at zero is
    another than that of a root of a sum."""
    if x.requires_grad or not axes or not at_hand(x):
        return None
    if len(axes) == x.ndim and not keepdims:
        return torch.linalg.vector_norm(x)
    return torch.linalg.vector_norm(x, 2, axes, keepdims)


def einsum(equation: str, *xs: Native) -> Native:
    if len(xs) <= 2:  # no order of products to choose: torch's own step after that
        return torch._VF.einsum(equation, xs)
    return torch.einsum(equation, *xs)


def pinv(x: Native, rcond: float) -> Native:
    return torch.linalg.pinv(x, rtol=rcond)


def qr(x: Native, mode: str) -> tuple[Native, Native]:
    q, r = torch.linalg.qr(x, mode)
    return q, r


def svd(x: Native, full_matrices: bool) -> tuple[Native, Native, Native]:
    u, s, vh = torch.linalg.svd(x, full_matrices)
    return u, s, vh


def lu_factor(x: Native) -> tuple[Native, Native]:
    lu, pivots = torch.linalg.lu_factor(x)
    return lu, pivots - 1  # LAPACK counts from one


def solve_triangular(a: Native, b: Native, lower: bool) -> Native:
    if b.ndim == a.ndim - 1:
        return torch.linalg.solve_triangular(a, b[..., None], upper=not lower)[..., 0]
    return torch.linalg.solve_triangular(a, b, upper=not lower)


def lstsq(a: Native, b: Native, rcond: float | None) -> Native:
    if a.is_meta:  # PyTorch 2.13 cannot tell the shape
        return b.new_empty((a.shape[1], *b.shape[1:]))
    columns = b if b.ndim == a.ndim else b[..., None]
    # gelsd takes matrices of any rank, as NumPy does; it runs on the CPU only.
    driver = "gelsd" if a.device.type == "cpu" else None
    result = torch.linalg.lstsq(a, columns, rcond=rcond, driver=driver).solution
    return result if b.ndim == a.ndim else result[..., 0]


def fft(x: Native, axis: int) -> Native:
    return torch.fft.fft(x, dim=axis)


def ifft(x: Native, axis: int) -> Native:
    return torch.fft.ifft(x, dim=axis)


def rfft(x: Native, axis: int) -> Native:
    return torch.fft.rfft(x, dim=axis)


def irfft(x: Native, length: int, axis: int) -> Native:
    return torch.fft.irfft(x, length, axis)
