"""Targets and predictions brought to one dtype, rank and shape."""

from typing import Any

from keras import ops
from keras.backend import current
from keras.core.config import floatx
from keras.core.dtypes import is_float
from keras.errors import ShapeError
from keras.ops._op import dtype_of
from keras.typing import Tensor, TensorLike


def as_dtype(x: Any, dtype: str) -> Tensor:
    """`x` as a tensor of `dtype`."""
    engine = current.engine
    if engine.is_tensor(x):
        return x if engine.dtype(x) == dtype else engine.cast(x, dtype)  # type: ignore[no-any-return]
    return ops.cast(ops.convert_to_tensor(x), dtype)


def as_float(x: Any) -> Tensor:
    """`x` as a tensor of a float dtype: its own, or `floatx` where it has none."""
    dtype = dtype_of(x)
    return as_dtype(x, dtype if is_float(dtype) else floatx())


def same_rank(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """`(batch, 1)` and `(batch,)` made alike: a last dimension of 1 may be left out."""
    rank_a, rank_b = len(a.shape), len(b.shape)
    if rank_a == rank_b + 1 and a.shape[-1] == 1:
        return (a, ops.expand_dims(b, -1)) if rank_b == 1 else (ops.squeeze(a, -1), b)
    if rank_b == rank_a + 1 and b.shape[-1] == 1:
        return (ops.expand_dims(a, -1), b) if rank_a == 1 else (a, ops.squeeze(b, -1))
    return a, b


def shapes_agree(a: Tensor, b: Tensor) -> bool:
    """Whether two shapes are equal, as far as they are known."""
    if a.shape == b.shape:
        return True
    return len(a.shape) == len(b.shape) and all(
        m == n or m is None or n is None for m, n in zip(a.shape, b.shape, strict=True)
    )


def pair(y_true: TensorLike, y_pred: TensorLike, what: str) -> tuple[Tensor, Tensor]:
    """Both as float tensors of the dtype of `y_pred` and of one shape.

    A target that is a single number stands for every entry; other shapes are never
    broadcast, since that hides mistakes.

    Raises:
        ShapeError: if the shapes differ by more than a last dimension of 1.
    """
    predicted = as_float(y_pred)
    target = as_dtype(y_true, dtype_of(predicted))
    if target.shape == predicted.shape:
        return target, predicted
    target, predicted = same_rank(target, predicted)
    if len(target.shape) and not shapes_agree(target, predicted):
        raise no_fit(y_true, y_pred, what)
    return target, predicted


def no_fit(y_true: Any, y_pred: Any, what: str, hint: str = "") -> ShapeError:
    """The error for targets and predictions of different shapes."""
    shapes = [tuple(getattr(y, "shape", ops.shape(y))) for y in (y_true, y_pred)]
    hint = hint or "Reshape the targets, or let the model end in as many units."
    return ShapeError(
        f"{what}: got y_true of shape {shapes[0]} and y_pred of shape {shapes[1]}; "
        f"expected equal shapes. {hint}"
    )
