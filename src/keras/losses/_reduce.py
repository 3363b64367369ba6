"""From one loss for each sample to what a loss returns: weights, masks, reductions."""

from typing import Any, Literal

from keras import ops
from keras.errors import ShapeError, unknown_name
from keras.losses._pairs import as_dtype, same_rank
from keras.ops._op import dtype_of
from keras.typing import Tensor

Reduction = Literal[
    "sum_over_batch_size", "sum", "mean", "mean_with_sample_weight", "none"
]
REDUCTIONS = ("sum_over_batch_size", "sum", "mean", "mean_with_sample_weight", "none")


def check_reduction(owner: str, reduction: Any) -> Any:
    """`reduction`, if it is one.

    Raises:
        UnknownNameError: for anything else.
    """
    if reduction is None or reduction in REDUCTIONS:
        return reduction
    if reduction == "auto":
        # Late: legacy stands above, and only old programs need it.
        from keras.legacy._losses import modern_reduction

        return modern_reduction(owner, reduction)
    raise unknown_name(f"reduction of {owner}", reduction, REDUCTIONS)


def fit_weights(weights: Tensor, values: Tensor, what: str) -> Tensor:
    """`weights` in a shape that multiplies `values`.

    Weights `(batch,)` go with values `(batch, time)` by sample; a last dimension of 1
    may be left out or too many; otherwise the shapes must broadcast.

    Raises:
        ShapeError: if they do not.
    """
    rank, shape = len(weights.shape), tuple(values.shape)
    if rank == 0 or not shape or tuple(weights.shape) == shape:
        return weights
    if rank == len(shape) + 1 and weights.shape[-1] == 1:
        return ops.squeeze(weights, -1)
    if rank < len(shape) and _agree(weights.shape, shape[:rank]):
        for _ in range(len(shape) - rank):
            weights = ops.expand_dims(weights, -1)
        return weights
    if rank > len(shape) or not _agree(weights.shape, shape[-rank:], broadcast=True):
        raise ShapeError(
            f"{what}: got a sample_weight or mask of shape {tuple(weights.shape)} for "
            f"losses of shape {shape}; expected {shape[:1]} for one weight per sample, "
            f"or {shape}. Reshape it."
        )
    return weights


def _agree(a: Any, b: Any, broadcast: bool = False) -> bool:
    return all(
        m == n or m is None or n is None or (broadcast and m == 1)
        for m, n in zip(a, b, strict=True)
    )


def joint_mask(*given: Any) -> Any:
    """What all of the masks let through; `None` counts for nothing."""
    result = None
    for mask in given:
        if mask is not None and mask is not result:
            result = mask if result is None else ops.logical_and(result, mask)
    return result


def fit_mask(mask: Any, values: Tensor, what: str) -> Tensor | None:
    """`mask` in a shape that selects from `values`, `None` for a scalar loss.

    Where the loss has summed up the time axis, a sample counts if any step does.
    """
    rank = len(values.shape)
    if rank == 0:
        return None
    mask = as_dtype(mask, "bool")
    if len(mask.shape) > rank and mask.shape[-1] != 1:
        mask = ops.any(mask, axis=tuple(range(rank, len(mask.shape))))
    return fit_weights(mask, values, what)


def reduce_weighted(
    values: Tensor,
    sample_weight: Any,
    mask: Any,
    reduction: str | None,
    dtype: str | None = None,
    what: str = "Loss",
) -> Tensor:
    """`values`, weighted, masked and reduced.

    "sum_over_batch_size" and "mean" divide the weighted sum by the number of entries
    that are not masked, "mean_with_sample_weight" by the sum of their weights. Where
    nothing counts, the result is 0.
    """
    dtype = dtype or dtype_of(values)
    values = as_dtype(values, dtype)
    weights = None
    if sample_weight is not None:
        values, weights = same_rank(values, as_dtype(sample_weight, dtype))
        weights = fit_weights(weights, values, what)
        values = values * weights
    if mask is not None:
        mask = fit_mask(mask, values, what)
    if mask is not None:
        # Not a product: what padding yields may be infinite.
        values = ops.where(mask, values, 0.0)
    if reduction is None or reduction == "none":
        return values
    if reduction == "sum":
        return ops.sum(values)
    mean = ops.mean(values)
    if reduction == "mean_with_sample_weight" and weights is not None:
        counted = ops.broadcast_to(weights, ops.shape(values))
        if mask is not None:
            counted = ops.where(mask, counted, 0.0)
        return _ratio(mean, ops.mean(counted))
    return mean if mask is None else _ratio(mean, ops.mean(as_dtype(mask, dtype)))


def _ratio(x: Tensor, y: Tensor) -> Tensor:
    """`x / y`, and 0 where `y` is, with gradients that are finite."""
    return x / ops.where(ops.equal(y, 0.0), 1.0, y)
