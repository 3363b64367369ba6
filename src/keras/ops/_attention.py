"""Scaled dot-product attention."""

import math

from keras.backend import current
from keras.backend.planning import planned
from keras.core import config
from keras.errors import ShapeError
from keras.ops._op import fast_path, floats, op, tensor
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
    q, k, v = floats(query, key, value)
    group = _heads(q.shape, k.shape, v.shape)
    engine = current.engine
    if bias is not None:
        bias = tensor(bias, engine.dtype(q))
    if mask is not None:
        bias = _additive(tensor(mask, "bool"), bias, engine.dtype(q))
    flash = flash_attention
    if flash is None:
        flash = config.is_flash_attention_enabled()
    fused = fast_path("dot_product_attention")
    if flash is not False and fused is not None and attn_logits_soft_cap is None:
        result = fused(q, k, v, bias, scale, is_causal, group)
        if result is not None:
            return result
    if flash_attention:
        raise RuntimeError(
            f"keras.ops.dot_product_attention(flash_attention=True): the {engine.name} "
            "engine has no fused kernel for these arguments. Leave flash_attention out."
        )
    if group > 1:
        k, v = (engine.repeat(x, group, 2) for x in (k, v))
    return _composed(q, k, v, bias, scale, is_causal, attn_logits_soft_cap)


@planned
def _heads(query: tuple[int, ...], key: tuple[int, ...], value: tuple[int, ...]) -> int:
    """How many heads of the query share one of the keys.

    Raises:
        ShapeError: where the shapes do not fit.
    """
    fits = (
        len(query) == len(key) == len(value) == 4
        and query[0] == key[0] == value[0]
        and query[-1] == key[-1]
        and tuple(key[1:3]) == tuple(value[1:3])
        and key[2]
        and query[2] % key[2] == 0
    )
    if not fits:
        raise ShapeError(
            f"keras.ops.dot_product_attention: got query {tuple(query)}, key "
            f"{tuple(key)} and value {tuple(value)}; expected (batch, target, heads, "
            "dim) and twice (batch, source, heads, dim). Check the order of axes."
        )
    return query[2] // key[2]


def _additive(mask: Native, bias: Native | None, dtype: str) -> Native:
    """One bias for both; a row that may attend to nothing attends to all alike."""
    engine = current.engine
    least = engine.full((), _LEAST.get(dtype, -1e30), dtype)
    other = engine.full((), 0, dtype) if bias is None else bias
    return engine.where(mask, other, least)


def _composed(
    query: Native,
    key: Native,
    value: Native,
    bias: Native | None,
    scale: float | None,
    is_causal: bool,
    soft_cap: float | None,
) -> Native:
    """The formula, with the softmax in at least float32."""
    engine = current.engine
    scale = 1 / math.sqrt(query.shape[-1] or 1) if scale is None else scale
    dtype = engine.dtype(query)
    working = "float64" if dtype == "float64" else "float32"
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
