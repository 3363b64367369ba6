"""Decompositions, solvers and norms of matrices; forward derivatives."""

from collections.abc import Callable, Sequence
from typing import Any

from keras.backend import current
from keras.backend.planning import planned
from keras.core import dtypes
from keras.errors import ShapeError
from keras.ops._op import axis_tuple, fast_path, floating, floats, op, tensor
from keras.typing import Axis, Native, Tensor, TensorLike


def _matrices(x: TensorLike, what: str, square: bool = False) -> Native:
    """`x` as a float tensor `(..., m, n)`."""
    x = floating(x)
    shape = x.shape
    if len(shape) < 2 or (square and shape[-1] != shape[-2]):
        kind = "square matrices (..., n, n)" if square else "matrices (..., m, n)"
        raise ShapeError(
            f"{what}: got a tensor of shape {tuple(x.shape)}; expected {kind}. Reshape "
            "it."
        )
    return x


def _transposed(x: Native) -> Native:
    """The matrices of `x` with rows and columns exchanged."""
    return current.engine.transpose(x, (*range(x.ndim - 2), x.ndim - 1, x.ndim - 2))


@op
def cholesky(x: TensorLike, upper: bool = False) -> Tensor:
    """The triangular L with `L @ L.T == x`.

    Args:
        x: symmetric positive definite matrices `(..., n, n)`.
        upper: whether to return the transpose of L.

    Returns:
        A tensor of the shape of `x`.

    Raises:
        ShapeError: if the matrices are not square.

    Example:
        >>> keras.ops.linalg.cholesky([[4.0]])
        [[2.0]]
    """
    factor = current.engine.cholesky(_matrices(x, "keras.ops.cholesky", square=True))
    return _transposed(factor) if upper else factor


@op
def cholesky_inverse(x: TensorLike, upper: bool = False) -> Tensor:
    """The inverse of a matrix from its Cholesky factor.

    Args:
        x: triangular factors `(..., n, n)`.
        upper: whether they are upper triangular.

    Returns:
        A tensor of the shape of `x`.

    Example:
        >>> keras.ops.linalg.cholesky_inverse([[2.0]])
        [[0.25]]
    """
    factor = _matrices(x, "keras.ops.cholesky_inverse", square=True)
    engine = current.engine
    lower = _transposed(factor) if upper else factor
    size = lower.shape[-1]
    eye = engine.broadcast_to(
        engine.eye(size, size, 0, engine.dtype(lower)), tuple(lower.shape)
    )
    inverse = engine.solve_triangular(lower, eye, True)
    return engine.matmul(_transposed(inverse), inverse)


@op
def det(x: TensorLike) -> Tensor:
    """Determinants.

    Args:
        x: matrices `(..., n, n)`.

    Returns:
        A tensor `(...)`.

    Example:
        >>> keras.ops.linalg.det([[2.0, 0.0], [0.0, 3.0]])
        6.0
    """
    return current.engine.det(_matrices(x, "keras.ops.det", square=True))


@op
def logdet(x: TensorLike) -> Tensor:
    """Logarithms of the determinants' absolute values.

    Args:
        x: positive definite matrices `(..., n, n)`.

    Returns:
        A tensor `(...)`.

    Example:
        >>> keras.ops.logdet([[1.0]])
        0.0
    """
    return current.engine.slogdet(_matrices(x, "keras.ops.logdet", square=True))[1]


@op
def eig(x: TensorLike) -> tuple[Tensor, Tensor]:
    """Eigenvalues and right eigenvectors.

    Args:
        x: matrices `(..., n, n)`.

    Returns:
        A pair of complex tensors: values `(..., n)`, vectors `(..., n, n)` in columns.

    Example:
        >>> keras.ops.linalg.eig([[2.0]])
        ([2+0j], [[1+0j]])
    """
    return current.engine.eig(_matrices(x, "keras.ops.eig", square=True))


@op
def eigh(x: TensorLike) -> tuple[Tensor, Tensor]:
    """Eigenvalues, ascending, and eigenvectors of symmetric (or Hermitian) matrices.

    Args:
        x: matrices `(..., n, n)`.

    Returns:
        A pair of tensors: values `(..., n)`, vectors `(..., n, n)` in columns.

    Example:
        >>> keras.ops.linalg.eigh([[2.0]])
        ([2.0], [[1.0]])
    """
    return current.engine.eigh(_matrices(x, "keras.ops.eigh", square=True))


@op
def inv(x: TensorLike) -> Tensor:
    """Inverse matrices.

    Args:
        x: matrices `(..., n, n)`.

    Returns:
        A tensor of the shape of `x`.

    Example:
        >>> keras.ops.linalg.inv([[2.0]])
        [[0.5]]
    """
    return current.engine.inv(_matrices(x, "keras.ops.inv", square=True))


@op
def pinv(x: TensorLike, rcond: float | None = None) -> Tensor:
    """Moore-Penrose inverses.

    Args:
        x: matrices `(..., m, n)`.
        rcond: singular values below this share of the largest count as zero; default:
            the dtype's resolution times the larger of m and n.

    Returns:
        A tensor `(..., n, m)`.

    Example:
        >>> keras.ops.linalg.pinv([[2.0], [0.0]])
        [[0.5, 0.0]]
    """
    x = _matrices(x, "keras.ops.pinv")
    return current.engine.pinv(x, _resolution(x) if rcond is None else rcond)


def _resolution(x: Native) -> float:
    """The share of the largest singular value below which rounding hides the others."""
    return max(x.shape[-2:]) * dtypes.resolution(current.engine.dtype(x))


@op
def matrix_rank(x: TensorLike, tol: float | None = None) -> Tensor:
    """The number of singular values that are not zero.

    Args:
        x: matrices `(..., m, n)`.
        tol: singular values up to this count as zero; default: the largest times the
            dtype's resolution times the larger of m and n.

    Returns:
        An int32 tensor `(...)`.

    Example:
        >>> keras.ops.linalg.matrix_rank([[1.0, 1.0], [1.0, 1.0]])
        1
    """
    x = _matrices(x, "keras.ops.matrix_rank")
    engine = current.engine
    values = engine.svdvals(x)
    last = values.ndim - 1
    if tol is None:
        limit = engine.multiply(engine.max(values, (last,), True), _resolution(x))
    else:
        limit = tensor(tol, engine.dtype(values))
        if limit.ndim:
            limit = engine.expand_dims(limit, limit.ndim)
    positive = engine.cast(engine.greater(values, limit), "int32")
    return engine.sum(positive, (last,), False)


@op
def qr(x: TensorLike, mode: str = "reduced") -> tuple[Tensor, Tensor]:
    """`q @ r == x` with orthonormal columns of q and triangular r.

    Args:
        x: matrices `(..., m, n)`.
        mode: "reduced" for q `(..., m, min(m, n))`, "complete" for `(..., m, m)`.

    Returns:
        The pair q and r.

    Raises:
        ValueError: for another mode.

    Example:
        >>> q, r = keras.ops.linalg.qr([[1.0], [0.0]])
    """
    if mode not in ("reduced", "complete"):
        raise ValueError(
            f'ops.qr: got mode={mode!r}; expected "reduced" or "complete".'
        )
    return current.engine.qr(_matrices(x, "keras.ops.qr"), mode)


@op
def svd(
    x: TensorLike, full_matrices: bool = True, compute_uv: bool = True
) -> tuple[Tensor, Tensor, Tensor] | Tensor:
    """Singular values and vectors: `u @ diag(s) @ vh == x`.

    Args:
        x: matrices `(..., m, n)`.
        full_matrices: whether u and vh are square; else they have `min(m, n)` columns
            and rows.
        compute_uv: whether u and vh are wanted.

    Returns:
        `(u, s, vh)`, or without `compute_uv` only s `(..., min(m, n))`, descending.

    Example:
        >>> keras.ops.linalg.svd([[2.0]], compute_uv=False)
        [2.0]
    """
    x = _matrices(x, "keras.ops.svd")
    if not compute_uv:
        return current.engine.svdvals(x)
    return current.engine.svd(x, full_matrices)


@op
def lu_factor(x: TensorLike) -> tuple[Tensor, Tensor]:
    """The LU decomposition with row exchanges, both factors packed in one matrix.

    Args:
        x: matrices `(..., n, n)`.

    Returns:
        A pair: the factors, of the shape of `x`, and for each row an int32 index of the
        one it was exchanged with.

    Example:
        >>> keras.ops.linalg.lu_factor([[2.0]])
        ([[2.0]], [0])
    """
    return current.engine.lu_factor(_matrices(x, "keras.ops.lu_factor"))


@op
def solve(a: TensorLike, b: TensorLike) -> Tensor:
    """The x with `a @ x == b`.

    Args:
        a: matrices `(..., n, n)`.
        b: `(..., n)` or `(..., n, k)`.

    Returns:
        A tensor of the shape of `b`.

    Raises:
        ShapeError: if the shapes do not fit.

    Example:
        >>> keras.ops.linalg.solve([[2.0]], [4.0])
        [2.0]
    """
    return current.engine.solve(*_system(a, b, "keras.ops.solve"))


@op
def solve_triangular(a: TensorLike, b: TensorLike, lower: bool = False) -> Tensor:
    """The x with `a @ x == b` for triangular `a`.

    Args:
        a: matrices `(..., n, n)`; what lies beyond the triangle is not read.
        b: `(..., n)` or `(..., n, k)`.
        lower: whether `a` is lower triangular.

    Returns:
        A tensor of the shape of `b`.

    Raises:
        ShapeError: if the shapes do not fit.

    Example:
        >>> keras.ops.linalg.solve_triangular([[2.0]], [4.0])
        [2.0]
    """
    left, right = _system(a, b, "keras.ops.solve_triangular")
    return current.engine.solve_triangular(left, right, lower)


def _system(a: TensorLike, b: TensorLike, what: str) -> tuple[Native, Native]:
    left, right = floats(a, b)
    _check_system(left.shape, right.shape, what)
    return left, right


@planned
def _check_system(left: tuple[int, ...], right: tuple[int, ...], what: str) -> None:
    square = len(left) >= 2 and left[-1] == left[-2]
    rows = len(right) - (2 if len(right) == len(left) else 1)
    ranks = len(right) in (len(left), len(left) - 1)
    if not (square and ranks and right[rows] == left[-1]):
        raise ShapeError(
            f"{what}: got a of shape {tuple(left)} and b of shape {tuple(right)}; "
            "expected (..., n, n) and (..., n) or (..., n, k). Reshape one of them."
        )


@op
def lstsq(a: TensorLike, b: TensorLike, rcond: float | None = None) -> Tensor:
    """The x for which `a @ x` comes nearest to `b`; of several the shortest.

    Args:
        a: a matrix `(m, n)`.
        b: `(m,)` or `(m, k)`.
        rcond: singular values below this share of the largest count as zero; default:
            the dtype's resolution times the larger of m and n.

    Returns:
        A tensor `(n,)` or `(n, k)`.

    Example:
        >>> keras.ops.linalg.lstsq([[1.0], [1.0]], [1.0, 3.0])
        [2.0]
    """
    left, right = floats(a, b)
    if left.ndim != 2 or right.ndim not in (1, 2) or left.shape[0] != right.shape[0]:
        raise ShapeError(
            f"keras.ops.lstsq: got a of shape {tuple(left.shape)} and b of shape "
            f"{tuple(right.shape)}; expected (m, n) and (m,) or (m, k). Reshape one of "
            "them."
        )
    return current.engine.lstsq(left, right, rcond)


@op
def norm(
    x: TensorLike,
    ord: int | float | str | None = None,
    axis: Axis | None = None,
    keepdims: bool = False,
) -> Tensor:
    """A norm of vectors or matrices.

    Args:
        x: tensor of any shape; ints become floats.
        ord: `None` for the root of the sum of squares. For vectors any number, `inf` or
            `-inf`; for matrices "fro", "nuc", 1, -1, 2, -2, `inf` or `-inf`, as in
            `numpy.linalg.norm`.
        axis: an int for vectors, two for matrices; `None` means the whole of `x`.
        keepdims: whether the reduced axes stay with size 1.

    Returns:
        A float tensor.

    Raises:
        ValueError: for an `ord` that there is not.

    Example:
        >>> keras.ops.norm([3.0, 4.0])
        5.0
    """
    x = floating(x)
    engine = current.engine
    axes = axis_tuple(axis, x.ndim, "keras.ops.norm")
    if (
        ord is None
        or (ord == "fro" and len(axes) == 2)
        or (ord == 2 and len(axes) == 1)
    ):
        native = fast_path("root_of_squares")
        if native is not None and (result := native(x, axes, keepdims)) is not None:
            return result
        size = engine.abs(x) if "complex" in engine.dtype(x) else x
        return engine.sqrt(engine.sum(engine.square(size), axes, keepdims))
    if len(axes) == 1 and not isinstance(ord, str):
        return _vector_norm(x, ord, axes, keepdims)
    if len(axes) == 2 and ord in _MATRIX_NORMS:
        return _matrix_norm(x, ord, axes, keepdims)
    raise ValueError(
        f"keras.ops.norm: got ord={ord!r} for {len(axes)} axes; expected a number for "
        "one axis, "
        'or "fro", "nuc", 1, -1, 2, -2, inf or -inf for two. Check axis.'
    )


_MATRIX_NORMS = ("fro", "nuc", 1, -1, 2, -2, float("inf"), -float("inf"))


def _vector_norm(
    x: Native, order: float, axes: Sequence[int], keepdims: bool
) -> Native:
    engine = current.engine
    size = engine.abs(x)
    if order == float("inf"):
        return engine.max(size, axes, keepdims)
    if order == -float("inf"):
        return engine.min(size, axes, keepdims)
    if order == 0:
        there = engine.cast(engine.not_equal(size, 0), engine.dtype(size))
        return engine.sum(there, axes, keepdims)
    if order == 1:
        return engine.sum(size, axes, keepdims)
    total = engine.sum(engine.power(size, order), axes, keepdims)
    return engine.power(total, 1 / order)


def _matrix_norm(
    x: Native, order: Any, axes: tuple[int, ...], keepdims: bool
) -> Native:
    engine = current.engine
    row, column = axes
    if order in ("nuc", 2, -2):
        rest = [a for a in range(x.ndim) if a not in axes]
        values = engine.svdvals(engine.transpose(x, (*rest, row, column)))
        reduce = {"nuc": engine.sum, 2: engine.max, -2: engine.min}[order]
        result = reduce(values, (values.ndim - 1,), False)
    else:
        summed, left = (row, column) if abs(order) == 1 else (column, row)
        sums = engine.sum(engine.abs(x), (summed,), False)
        left -= left > summed
        result = (engine.max if order > 0 else engine.min)(sums, (left,), False)
    for axis in sorted(axes) if keepdims else ():
        result = engine.expand_dims(result, axis)
    return result


def jvp(
    fun: Callable[..., Any],
    primals: Sequence[Any],
    tangents: Sequence[Any],
    has_aux: bool = False,
) -> tuple[Any, ...]:
    """`fun(*primals)` and its derivative in the direction of `tangents`.

    Args:
        fun: a differentiable function of tensors.
        primals: where it is evaluated.
        tangents: the direction, of the shapes of `primals`.
        has_aux: whether `fun` returns a pair whose second part is handed on.

    Returns:
        `(value, derivative)`, or with `has_aux` `(value, derivative, aux)`.

    Example:
        >>> keras.ops.linalg.jvp(keras.ops.square, (3.0,), (1.0,))
        (9.0, 6.0)
    """
    points = [floating(p) for p in primals]
    engine = current.engine
    directions = [
        tensor(t, engine.dtype(p)) for p, t in zip(points, tangents, strict=True)
    ]
    others: list[Any] = []

    def call(*xs: Native) -> Any:
        result = fun(*xs)
        if not has_aux:
            return result
        others[:] = [result[1]]
        return result[0]

    value, derivative = engine.jvp(call, points, directions)
    return (value, derivative, *others)
