"""Scaled dot-product attention."""

import math

from keras.backend import current
from keras.core import config
from keras.errors import ShapeError
from keras.ops._op import floating, op, tensor, tensors
from keras.typing import Native, Tensor, TensorLike

# In place of minus infinity: a row that may attend to nothing then gives no NaN.
_LEAST = {"float16": -6e4}


@op
def dot_product_attention(
    query: TensorLike,
    key: TensorLike,
    value: TensorLike,
    bias: TensorLike | None = None,
    mask: TensorLike | None = None,
    scale: float | None = None,
    is_causal: bool = False,
    flash_attention: bool | None = None,
    attn_logits_soft_cap: float | None = None,
) -> Tensor:
    """`softmax(scale * query @ key.T + bias) @ value` for each head (Vaswani 2017).

    Args:
        query: `(batch, target, heads, dim)`.
        key: `(batch, source, key_heads, dim)`; the number of heads is a multiple of
            `key_heads`, each of which serves as many neighbouring heads.
        value: `(batch, source, key_heads, dim)`.
        bias: added to the logits; broadcasts to `(batch, heads, target, source)`.
        mask: bool of the same kind of shape, `True` where attention is allowed.
        scale: default: `1 / sqrt(dim)`.
        is_causal: whether target i sees sources 0 to i only.
        flash_attention: whether the engine's fused kernel must (`True`) or must not
            (`False`) be used; `None` lets `keras.config` and the arguments decide.
        attn_logits_soft_cap: bounds the logits to `cap * tanh(logits / cap)`.

    Returns:
        `(batch, target, heads, dim)`, of the dtype of `query`.

    Raises:
        ShapeError: if the shapes do not fit.
        RuntimeError: if the fused kernel is demanded and cannot be used.

    Example:
        >>> x = keras.ops.ones((1, 3, 2, 4))
        >>> keras.ops.dot_product_attention(x, x, x).shape
        (1, 3, 2, 4)
    """
    query, key, value = tensors([floating(x) for x in (query, key, value)])
    _check(query, key, value)
    engine = current.engine
    dtype = engine.dtype(query)
    bias = None if bias is None else tensor(bias, dtype)
    mask = None if mask is None else tensor(mask, "bool")
    factor = 1 / math.sqrt(query.shape[-1]) if scale is None else scale
    if mask is not None:
        # One additive mask; a row that may attend to nothing attends to all alike.
        least = engine.full((), _LEAST.get(dtype, -1e30), dtype)
        other = engine.full((), 0, dtype) if bias is None else bias
        bias = engine.where(mask, other, least)
    flash = (
        config.is_flash_attention_enabled()
        if flash_attention is None
        else (flash_attention)
    )
    fused = getattr(engine, "dot_product_attention", None)
    if flash is not False and fused is not None and attn_logits_soft_cap is None:
        result = fused(query, key, value, bias, factor, is_causal)
        if result is not None:
            return result
    if flash_attention:
        raise RuntimeError(
            f"keras.ops.dot_product_attention(flash_attention=True): the {engine.name} "
            "engine "
            "has no fused kernel for these arguments. Leave flash_attention out."
        )
    return _composed(query, key, value, bias, factor, is_causal, attn_logits_soft_cap)


def _check(query: Native, key: Native, value: Native) -> None:
    fits = (
        query.ndim == key.ndim == value.ndim == 4
        and query.shape[0] == key.shape[0] == value.shape[0]
        and query.shape[-1] == key.shape[-1]
        and tuple(key.shape[1:3]) == tuple(value.shape[1:3])
        and key.shape[2]
        and query.shape[2] % key.shape[2] == 0
    )
    if not fits:
        raise ShapeError(
            f"keras.ops.dot_product_attention: got query {tuple(query.shape)}, key "
            f"{tuple(key.shape)} and value {tuple(value.shape)}; expected (batch, "
            "target, "
            "heads, dim) and twice (batch, source, heads, dim). Check the order of "
            "axes."
        )


def _composed(
    query: Native,
    key: Native,
    value: Native,
    bias: Native | None,
    scale: float,
    is_causal: bool,
    soft_cap: float | None,
) -> Native:
    """The formula, with the softmax in at least float32."""
    engine = current.engine
    dtype = engine.dtype(query)
    working = "float64" if dtype == "float64" else "float32"
    group = query.shape[2] // key.shape[2]
    if group > 1:
        key = engine.repeat(key, group, 2)
        value = engine.repeat(value, group, 2)
    query = engine.transpose(engine.multiply(query, scale), (0, 2, 1, 3))
    key = engine.transpose(key, (0, 2, 3, 1))
    logits = engine.matmul(query, key)  # (batch, heads, target, source)
    logits = logits if dtype == working else engine.cast(logits, working)
    if soft_cap is not None:
        capped = engine.tanh(engine.divide(logits, soft_cap))
        logits = engine.multiply(capped, soft_cap)
    if bias is not None:
        logits = engine.add(logits, engine.cast(bias, working))
    if is_causal:
        seen = engine.tril(engine.full(tuple(logits.shape[2:]), True, "bool"), 0)
        logits = engine.where(seen, logits, engine.full((), -1e30, working))
    weights = engine.softmax(logits, 3)
    weights = weights if dtype == working else engine.cast(weights, dtype)
    value = engine.transpose(value, (0, 2, 1, 3))
    return engine.transpose(engine.matmul(weights, value), (0, 2, 1, 3))
