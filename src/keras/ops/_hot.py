"""Classes as vectors of zeros and ones, and the k largest entries."""

from typing import Any

from keras.backend import current
from keras.core.config import floatx
from keras.core.dtypes import RULES, tensor_dtype
from keras.errors import ShapeError
from keras.ops._op import axis_index, op, ruled, tensor
from keras.typing import DType, Native, Tensor, TensorLike


@op
def top_k(x: TensorLike, k: int, sorted: bool = True) -> tuple[Tensor, Tensor]:
    """The `k` largest entries along the last axis, and where they stand.

    Args:
        x: tensor `(..., n)`.
        k: int from 1 to n.
        sorted: whether the largest must come first.

    Returns:
        A pair: values `(..., k)`, and indices `(..., k)` of dtype int64.

    Raises:
        ShapeError: if there are fewer than `k` entries.

    Example:
        >>> keras.ops.top_k([1.0, 3.0, 2.0], 2)
        ([3.0, 2.0], [1, 2])
    """
    x = tensor(x)
    if not x.ndim or not 0 <= k <= x.shape[-1]:
        raise ShapeError(
            f"keras.ops.top_k: got k={k} and x of shape {tuple(x.shape)}; expected at "
            "most as many as the last axis has entries."
        )
    return current.engine.top_k(x, k, sorted)


@op
def in_top_k(targets: TensorLike, predictions: TensorLike, k: int) -> Tensor:
    """Whether the target's prediction is among the `k` largest.

    Of equal predictions at the border all count.

    Args:
        targets: class indices, of the shape of `predictions` without the last axis.
        predictions: tensor `(..., classes)`.
        k: how many count.

    Returns:
        A bool tensor of the shape of `targets`; `False` where the target is no class or
        its prediction is not finite.

    Example:
        >>> keras.ops.in_top_k([2], [[0.1, 0.7, 0.2]], k=2)
        [True]
    """
    engine = current.engine
    targets, predictions = tensor(targets), tensor(predictions)
    if tuple(targets.shape) != tuple(predictions.shape[:-1]):
        raise ShapeError(
            f"keras.ops.in_top_k: got targets of shape {tuple(targets.shape)} and "
            f"predictions of shape {tuple(predictions.shape)}; expected targets "
            "without the last axis. Reshape one."
        )
    index = engine.cast(targets, "int32")
    inside = engine.clip(index, 0, predictions.shape[-1] - 1)
    place = engine.expand_dims(inside, predictions.ndim - 1)
    value = engine.take_along_axis(predictions, place, predictions.ndim - 1)
    larger = engine.cast(engine.greater(predictions, value), "int32")
    few = engine.less(engine.sum(larger, (predictions.ndim - 1,), False), k)
    finite = engine.isfinite(engine.squeeze(value, (predictions.ndim - 1,)))
    valid = engine.logical_and(finite, engine.equal(inside, index))
    return engine.logical_and(few, valid)


_INDEX = RULES["take"]


@op
def one_hot(
    x: TensorLike,
    num_classes: int,
    axis: int = -1,
    dtype: DType | None = None,
    sparse: bool = False,
) -> Tensor:
    """Vectors of zeros with a one at the place that `x` says.

    Args:
        x: indices, of any shape; one that is no class gives zeros.
        num_classes: size of the new axis.
        axis: where the new axis stands in the result.
        dtype: of the result; default: `keras.config.floatx()`.
        sparse: accepted for compatibility; the result is dense.

    Returns:
        A tensor with one axis more than `x`.

    Example:
        >>> keras.ops.one_hot([2], 3)
        [[0.0, 0.0, 1.0]]
    """
    name = floatx() if dtype is None else tensor_dtype(dtype)
    result = current.engine.one_hot(ruled(x, _INDEX), num_classes, name)
    if axis == -1:
        return result
    last = result.ndim - 1
    order = list(range(last))
    order.insert(axis_index(axis, last + 1, "keras.ops.one_hot"), last)
    return current.engine.transpose(result, order)


@op
def multi_hot(
    inputs: TensorLike,
    num_classes: int | None = None,
    axis: int = -1,
    dtype: DType | None = None,
    sparse: bool = False,
    **kwargs: Any,
) -> Tensor:
    """Vectors with a one at each place that stands in `inputs`.

    Args:
        inputs: indices `(batch, n)`, or `(n,)` for a single vector; of more axes it is
            the second that is joined, as in Keras 3.
        num_classes: size of the vectors.
        axis: where the classes stand in the result; -1, or a place beside axes that
            stay, of which the last one is joined.
        dtype: of the result; default: `keras.config.floatx()`.
        sparse: accepted for compatibility; the result is dense.

    Returns:
        A tensor `(batch, num_classes)`, or `(num_classes,)`.

    Raises:
        ValueError: without `num_classes`.

    Example:
        >>> keras.ops.multi_hot([0, 2], 4)
        [1.0, 0.0, 1.0, 0.0]
    """
    num_classes = kwargs.pop("num_tokens", num_classes)
    if kwargs:
        raise TypeError(
            f"keras.ops.multi_hot: got unknown arguments {', '.join(kwargs)}."
        )
    if num_classes is None:
        raise ValueError("keras.ops.multi_hot: got num_classes=None; expected an int.")
    engine = current.engine
    places = tensor(inputs)
    hot: Native = one_hot(places, num_classes, axis, dtype)
    joined = min(places.ndim, 2) - 1 if axis == -1 else _entries_axis(axis, places.ndim)
    return engine.max(hot, (max(joined, 0),), False)


def _entries_axis(axis: int, ndim: int) -> int:
    """Where the last axis of the indices stands beside the new one at `axis`."""
    at = axis_index(axis, ndim + 1, "keras.ops.multi_hot")
    return ndim - 1 if at == ndim else ndim
