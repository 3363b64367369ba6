"""Products of tensors."""

import math
from typing import Any

from keras.backend import current
from keras.backend.planning import planned
from keras.core import dtypes
from keras.core.dtypes import RULES
from keras.errors import ShapeError
from keras.ops._indexing import diagonal
from keras.ops._op import (
    FLOATING,
    axis_tuple,
    both,
    fast_path,
    kind_or_dtype,
    met,
    op,
    operands,
    ruled,
    tensors,
)
from keras.ops._shapes import entries, flat, moved
from keras.typing import Native, Tensor, TensorLike


@op(
    expects="the last dimension of x1 equal to the last but one of x2 (the last, if x2 "
    "has one only), and the dimensions before them to broadcast"
)
def matmul(x1: TensorLike, x2: TensorLike) -> Tensor:
    """The matrix product of the last two axes; those before them broadcast.

    Args:
        x1: `(..., m, k)`, or `(k,)`.
        x2: `(..., k, n)`, or `(k,)`.

    Returns:
        `(..., m, n)`, without the dimension of an argument that is a vector.

    Raises:
        ShapeError: if the inner dimensions differ.

    Example:
        >>> keras.ops.matmul(keras.ops.ones((2, 3)), keras.ops.ones((3, 4))).shape
        (2, 4)
    """
    a, b = operands(x1, x2, _MATMUL)
    engine = current.engine
    if a.dtype in FLOATING.kept:
        return engine.matmul(a, b)
    dtype = met(a, FLOATING)
    if dtype == "bool":
        return _product(a, b)
    if dtype == "int8" and kind_or_dtype(x1) == kind_or_dtype(x2):
        a, b = engine.cast(a, "int32"), engine.cast(b, "int32")
    return engine.matmul(a, b)


_MATMUL = RULES["matmul"]


def _product(a: Native, b: Native) -> Native:
    """The matrix product; of bools whether any pair holds."""
    engine = current.engine
    if engine.dtype(a) != "bool":
        return engine.matmul(a, b)
    return engine.cast(
        engine.matmul(engine.cast(a, "int32"), engine.cast(b, "int32")), "bool"
    )


def dense(x: Tensor, kernel: Any, bias: Any, contracted: int = 1) -> Tensor:
    """`x @ kernel + bias`, in one kernel where the engine has it.

    No op but what the call of a layer computes: its arguments have values.

    Args:
        x: tensor `(..., k)`.
        kernel: variable `(k, n)`.
        bias: variable `(n,)`, or `None`.
        contracted: how many axes stand for `k`: the last of `x` and the first of the
            kernel; those behind them, and of the bias, stand for `n`.

    Returns:
        `(..., n)`.
    """
    a, b, c = x, kernel.value, None if bias is None else bias.value
    if b.ndim == 2 and contracted == 1:
        return _affine(a, b, c)
    reshape, units = current.engine.reshape, tuple(b.shape[contracted:])
    batch, width = tuple(a.shape[: a.ndim - contracted]), math.prod(units)
    features = math.prod(b.shape[:contracted])
    c = None if c is None else reshape(c, (width,))
    rows = reshape(a, (*batch, features))
    return reshape(_affine(rows, reshape(b, (features, width)), c), (*batch, *units))


def _affine(a: Native, b: Native, c: Native | None) -> Native:
    engine = current.engine
    if a.dtype != b.dtype:
        a, b = tensors((a, b))
    if c is None:
        return engine.matmul(a, b)
    if c.dtype != b.dtype:
        c = engine.cast(c, engine.dtype(b))
    fast = fast_path("dense")
    if fast is not None:
        return fast(a, b, c)
    return engine.add(engine.matmul(a, b), c)


@op(
    expects="the last dimension of x1 equal to the last but one of x2 (the last, if x2 "
    "has one only)"
)
def dot(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Sums of products over the last axis of `x1` and the last but one of `x2`.

    Args:
        x1: `(..., k)`, or a scalar.
        x2: `(..., k, n)`, `(k,)`, or a scalar.

    Returns:
        The other dimensions of `x1`, then those of `x2`.
    """
    a, b = both(x1, x2, RULES["dot"])
    left, right = a.ndim, b.ndim
    if left == 0 or right == 0:
        return current.engine.multiply(a, b)
    if left <= 2 and right <= 2:
        return _product(a, b)
    return _contract(a, b, (left - 1,), (max(right - 2, 0),))


@op(expects="equal dimensions at the axes that are summed over")
def tensordot(x1: TensorLike, x2: TensorLike, axes: Any = 2) -> Tensor:
    """Sums of products over several axes.

    Args:
        x1, x2: tensors.
        axes: how many of the last axes of `x1` and first of `x2`; or a pair: axes of
            `x1`, and as many of `x2`.

    Returns:
        The other dimensions of `x1`, then those of `x2`.
    """
    a, b = both(x1, x2, RULES["tensordot"])
    return _contract(a, b, *_summed(a.shape, b.shape, axes))


@planned
def _summed(
    a: tuple[int, ...], b: tuple[int, ...], axes: Any
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The axes of both to sum over."""
    if isinstance(axes, int):
        left, right = tuple(range(len(a) - axes, len(a))), tuple(range(axes))
    else:
        left = axis_tuple(axes[0], len(a), "tensordot")
        right = axis_tuple(axes[1], len(b), "tensordot")
    if [a[i] for i in left] != [b[i] for i in right]:
        raise ShapeError(
            f"keras.ops.tensordot: got shapes {tuple(a)} and {tuple(b)} with "
            f"axes={axes}; expected equal dimensions at the axes to sum over."
        )
    return left, right


def _contract(
    a: Native, b: Native, left: tuple[int, ...], right: tuple[int, ...]
) -> Native:
    engine = current.engine
    first, second, rows, columns, shape = _as_matrices(a.shape, b.shape, left, right)
    if b.ndim == 2 and first is None and second is None and len(right) == 1:
        return _product(a, b)
    a = a if first is None else engine.transpose(a, first)
    b = b if second is None else engine.transpose(b, second)
    flat = _product(engine.reshape(a, rows), engine.reshape(b, columns))
    return engine.reshape(flat, shape)


Ints = tuple[int, ...]


@planned
def _as_matrices(
    a: Ints, b: Ints, left: Ints, right: Ints
) -> tuple[Ints | None, Ints | None, Ints, Ints, Ints]:
    """How to sum over axes by a product of matrices.

    Returns:
        The orders in which the axes to sum over are the last of `a` and the first of
        `b` (`None` if they are), the shapes of the matrices, and that of the result.
    """
    rows = tuple(i for i in range(len(a)) if i not in left)
    columns = tuple(i for i in range(len(b)) if i not in right)
    first, second = (*rows, *left), (*right, *columns)
    inner = entries([a[i] for i in left])
    m, n = ([a[i] for i in rows], [b[i] for i in columns])
    return (
        None if first == tuple(range(len(a))) else first,
        None if second == tuple(range(len(b))) else second,
        (entries(m), inner),
        (inner, entries(n)),
        (*m, *n),
    )


@op(expects="one letter for each dimension, equal letters for equal lengths")
def einsum(subscripts: str, *operands: TensorLike, **kwargs: Any) -> Tensor:
    """Sums of products in Einstein's notation.

    Args:
        subscripts: such as "ij,jk->ik": letters name dimensions; those that do not
            stand behind the arrow are summed over. "..." stands for any others.
        operands: one tensor for each group of letters.
        kwargs: accepted for compatibility.

    Example:
        >>> keras.ops.einsum("ij,ij->i", x, x)
    """
    engine = current.engine
    equation = subscripts.replace(" ", "")
    parts = tensors(operands)
    if parts[0].dtype in FLOATING.kept:
        return engine.einsum(equation, *parts)
    dtype = met(parts[0], FLOATING)
    if dtype in FLOATING.kept:
        return engine.einsum(equation, *parts)
    # Sums of small integers need room; int8 keeps it in the result.
    wide = dtype if dtype == "int64" else "int32"
    result = wide if dtype == "int8" else dtype
    parts = [engine.cast(p, wide) for p in parts]
    return engine.cast(engine.einsum(equation, *parts), result)


@op(expects="equal last dimensions")
def inner(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Sums of products over the last axes of both.

    Returns:
        The other dimensions of `x1`, then those of `x2`; the plain product where one is
        a scalar.
    """
    a, b = tensors((x1, x2), dtype=RULES["inner"](*map(kind_or_dtype, (x1, x2))))
    if a.ndim == 0 or b.ndim == 0:
        return current.engine.multiply(a, b)
    if a.shape[-1] != b.shape[-1]:
        raise ShapeError(
            f"keras.ops.inner: got shapes {tuple(a.shape)} and {tuple(b.shape)}; "
            "expected equal last dimensions."
        )
    return _contract(a, b, (a.ndim - 1,), (b.ndim - 1,))


@op
def outer(x1: TensorLike, x2: TensorLike) -> Tensor:
    """The products of each entry of `x1` with each of `x2`, both taken flat."""
    a, b = both(x1, x2, _OUTER)
    a, b, native = flat(a), flat(b), fast_path("outer")
    if native is not None:
        return native(a, b)
    engine = current.engine
    return engine.multiply(engine.expand_dims(a, 1), b)


_OUTER = RULES["outer"]


@op(expects="as many entries in x1 as in x2")
def vdot(x1: TensorLike, x2: TensorLike) -> Tensor:
    """The sum of products of all entries, the first conjugated."""
    a, b = tensors((x1, x2), dtype=RULES["dot"](*map(kind_or_dtype, (x1, x2))))
    if dtypes.is_complex(current.engine.dtype(a)):
        a = current.engine.conj(a)
    return _product(flat(a), flat(b))


@op
def kron(x1: TensorLike, x2: TensorLike) -> Tensor:
    """The Kronecker product: blocks of `x2`, one for each entry of `x1`, times it."""
    a, b = tensors((x1, x2), dtype=RULES["kron"](*map(kind_or_dtype, (x1, x2))))
    engine = current.engine
    rank = max(a.ndim, b.ndim)
    left = (1,) * (rank - a.ndim) + tuple(a.shape)
    right = (1,) * (rank - b.ndim) + tuple(b.shape)
    # (m, 1, n, 1) * (1, p, 1, q) -> (m, p, n, q) -> (m * p, n * q)
    spread = [d for size in left for d in (size, 1)]
    repeated = [d for size in right for d in (1, size)]
    blocks = engine.multiply(engine.reshape(a, spread), engine.reshape(b, repeated))
    return engine.reshape(blocks, [m * p for m, p in zip(left, right, strict=True)])


@op(expects="vectors of 2 or 3 entries, and other dimensions that broadcast")
def cross(
    x1: TensorLike,
    x2: TensorLike,
    axisa: int = -1,
    axisb: int = -1,
    axisc: int = -1,
    axis: int | None = None,
) -> Tensor:
    """The cross product of vectors of 2 or 3 entries.

    Args:
        x1, x2: tensors whose other dimensions broadcast.
        axisa, axisb: where the vectors stand in `x1` and `x2`.
        axisc: where they stand in the result; two vectors of 2 entries give a scalar.
        axis: all three at once.
    """
    if axis is not None:
        axisa = axisb = axisc = axis
    a, b = tensors((x1, x2))
    a = a if axisa == -1 else moved(a, axisa, -1, "cross")
    b = b if axisb == -1 else moved(b, axisb, -1, "cross")
    sizes = (a.shape[-1], b.shape[-1])
    native = fast_path("cross")
    if sizes == (3, 3) and native is not None:
        result = native(a, b)
        return result if axisc == -1 else moved(result, -1, axisc, "cross")
    if not set(sizes) <= {2, 3}:
        raise ShapeError(
            f"keras.ops.cross: got vectors of {sizes[0]} and {sizes[1]} entries; "
            "expected 2 or 3. Set axisa and axisb to where the vectors stand."
        )
    engine = current.engine
    if sizes == (2, 2):
        plus = engine.multiply(a[..., 0], b[..., 1])
        return engine.subtract(plus, engine.multiply(a[..., 1], b[..., 0]))
    (a1, a2), (b1, b2) = _turned(a), _turned(b)
    result = engine.subtract(engine.multiply(a1, b2), engine.multiply(a2, b1))
    return moved(result, -1, axisc, "cross")


def _turned(x: Native) -> tuple[Native, Native]:
    """The entries `(y, z, x)` and `(z, x, y)` of vectors; a `z` that lacks is 0."""
    engine, last = current.engine, x.ndim - 1
    if x.shape[last] == 2:
        x = engine.pad(x, ((0, 0),) * last + ((0, 1),), "constant", 0)
    return engine.roll(x, (-1,), (last,)), engine.roll(x, (-2,), (last,))


@op
def trace(x: TensorLike, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Tensor:
    """The sum of the diagonal of two axes.

    Args:
        x: tensor of at least two dimensions.
        offset: which diagonal; above the main one where positive.
        axis1, axis2: the two axes.
    """
    line = diagonal(ruled(x, RULES["trace"]), offset, axis1, axis2)
    return current.engine.sum(line, (line.ndim - 1,), False)
