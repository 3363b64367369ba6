"""Crossentropies, entry by entry: what the loss classes reduce."""

from keras.backend import current
from keras.core.config import epsilon
from keras.errors import ShapeError
from keras.ops._activations import _softplus
from keras.ops._op import axis_index, fast_path, floating, floats, op, tensor
from keras.typing import Native, Tensor, TensorLike


@op
def binary_crossentropy(
    target: TensorLike, output: TensorLike, from_logits: bool = False
) -> Tensor:
    """`-(t log p + (1 - t) log(1 - p))` for each entry.

    Args:
        target: what should come out, between 0 and 1, of any shape.
        output: predicted probabilities, or with `from_logits` logits, of that shape.
        from_logits: whether `output` has not gone through a sigmoid yet. Probabilities
            are kept `keras.config.epsilon()` away from 0 and 1.

    Returns:
        A float tensor of the same shape.

    Raises:
        ShapeError: if the shapes differ.

    Example:
        >>> keras.ops.binary_crossentropy([1.0], [0.5])
        [0.6931]
    """
    wanted, given = floats(target, output)
    if wanted.shape != given.shape:
        raise ShapeError(
            f"keras.ops.binary_crossentropy: got target of shape {tuple(wanted.shape)} "
            f"and output of shape {tuple(given.shape)}; expected equal shapes. Reshape "
            "one."
        )
    engine = current.engine
    native = fast_path("binary_crossentropy") if from_logits else None
    if native is not None:
        return native(wanted, given)
    if from_logits:
        # -t log s(x) - (1 - t) log(1 - s(x)) = softplus(x) - t x
        return engine.subtract(_softplus(given), engine.multiply(wanted, given))
    p = _clipped(given)
    hit = engine.multiply(wanted, engine.log(p))
    miss = engine.multiply(
        engine.subtract(1.0, wanted), engine.log(engine.subtract(1.0, p))
    )
    return engine.negative(engine.add(hit, miss))


@op
def categorical_crossentropy(
    target: TensorLike, output: TensorLike, from_logits: bool = False, axis: int = -1
) -> Tensor:
    """`-sum(t log p)` over the classes.

    Args:
        target: one-hot vectors or distributions `(..., classes)`.
        output: predicted probabilities, or with `from_logits` logits, of that shape.
            Probabilities are scaled to sum to one, and kept `keras.config.epsilon()`
            away from 0 and 1.
        from_logits: whether `output` has not gone through a softmax yet.
        axis: where the classes stand.

    Returns:
        A float tensor of the shape without `axis`.

    Raises:
        ShapeError: if the shapes differ or there is no axis.

    Example:
        >>> keras.ops.categorical_crossentropy([[0.0, 1.0]], [[0.5, 0.5]])
        [0.6931]
    """
    wanted, given = floats(target, output)
    if wanted.shape != given.shape or not given.ndim:
        raise ShapeError(
            "keras.ops.categorical_crossentropy: got target of shape "
            f"{tuple(wanted.shape)} "
            f"and output of shape {tuple(given.shape)}; expected equal shapes with an "
            "axis of classes. For integer targets use sparse_categorical_crossentropy."
        )
    axis = axis_index(axis, given.ndim, "keras.ops.categorical_crossentropy")
    engine = current.engine
    native = fast_path("categorical_crossentropy") if from_logits else None
    if native is not None and axis == 1 and given.ndim == 2:
        return native(wanted, given)
    log_p = _log_probabilities(given, from_logits, axis)
    total = engine.sum(engine.multiply(wanted, log_p), (axis,), False)
    return engine.negative(total)


@op
def sparse_categorical_crossentropy(
    target: TensorLike, output: TensorLike, from_logits: bool = False, axis: int = -1
) -> Tensor:
    """`-log p` of the target's class.

    Args:
        target: class indices, of the shape of `output` without `axis` (or 1 there).
            For an index that is no class the result is 0.
        output: predicted probabilities, or with `from_logits` logits,
            `(..., classes)`; treated as in `categorical_crossentropy`.
        from_logits: whether `output` has not gone through a softmax yet.
        axis: where the classes stand.

    Returns:
        A float tensor of the shape of `output` without `axis`.

    Raises:
        ShapeError: if the shapes do not fit.

    Example:
        >>> keras.ops.sparse_categorical_crossentropy([1], [[0.5, 0.5]])
        [0.6931]
    """
    engine = current.engine
    wanted, given = tensor(target), floating(output)
    if not given.ndim:
        raise _no_fit(wanted, given)
    axis = axis_index(axis, given.ndim, "keras.ops.sparse_categorical_crossentropy")
    if wanted.ndim == given.ndim and wanted.shape[axis] == 1:
        wanted = engine.squeeze(wanted, (axis,))
    rest = [n for a, n in enumerate(given.shape) if a != axis]
    if list(wanted.shape) != rest:
        raise _no_fit(wanted, given)
    log_p = _log_probabilities(given, from_logits, axis)
    fast = fast_path("sparse_categorical_crossentropy")
    if fast is not None and axis == given.ndim - 1:
        return fast(wanted, log_p)
    return _negative_at(wanted, log_p, axis)


def _negative_at(wanted: Native, log_p: Native, axis: int) -> Native:
    """`-log_p` at the indices `wanted`, and 0 where there is no such class."""
    engine = current.engine
    classes = log_p.shape[axis]
    index = engine.cast(wanted, "int32")
    is_class = engine.equal(engine.clip(index, 0, classes - 1), index)
    index = engine.expand_dims(engine.clip(index, 0, classes - 1), axis)
    chosen = engine.take_along_axis(log_p, index, axis)
    loss = engine.negative(engine.squeeze(chosen, (axis,)))
    return engine.multiply(loss, engine.cast(is_class, engine.dtype(loss)))


def _no_fit(target: Native, output: Native) -> ShapeError:
    return ShapeError(
        "keras.ops.sparse_categorical_crossentropy: got target of shape "
        f"{tuple(target.shape)} and output of shape {tuple(output.shape)}; expected "
        "the target to lack the axis of classes only. For one-hot targets use "
        "categorical_crossentropy."
    )


def _clipped(p: Native) -> Native:
    return current.engine.clip(p, epsilon(), 1 - epsilon())


def _log_probabilities(output: Native, from_logits: bool, axis: int) -> Native:
    engine = current.engine
    if from_logits:
        return engine.log_softmax(output, axis)
    p = engine.divide(output, engine.sum(output, (axis,), True))
    return engine.log(_clipped(p))
