"""`Attention` and `AdditiveAttention`: one head, no projections."""

from __future__ import annotations

from typing import Any, Literal, Unpack

from keras import ops, random
from keras.core.seeds import SeedGenerator
from keras.core.variable import Variable
from keras.errors import unknown_name
from keras.layers._layer import Layer, LayerOptions
from keras.layers._options import fraction
from keras.typing import Tensor

# In place of minus infinity: a query that may attend to nothing then gives no NaN.
_LEAST = {"float16": -6e4}


class Attention(Layer):
    """Dot-product attention (Luong et al. 2015): `softmax(query @ key.T) @ value`.

    Input: a list `[query, value]` or `[query, value, key]`, `(batch, target, dim)` and
    twice `(batch, source, dim)`; output `(batch, target, dim)`.

    Args:
        use_scale: whether the scores are multiplied by a weight.
        score_mode: "dot", or "concat" for `sum(tanh(query + key))` times a weight.
        dropout: share of the scores dropped in training.
        seed: of the dropout.

    Raises:
        ValueError: if `score_mode` is unknown, or the inputs are no such list.

    Example:
        >>> x, y = numpy.ones((1, 4, 8)), numpy.ones((1, 6, 8))
        >>> keras.layers.Attention()([x, y]).shape
        (1, 4, 8)
    """

    def __init__(
        self,
        use_scale: bool = False,
        score_mode: Literal["dot", "concat"] = "dot",
        dropout: float = 0.0,
        seed: int | None = None,
        **kwargs: Unpack[LayerOptions],
    ) -> None:
        super().__init__(**kwargs)
        if score_mode not in ("dot", "concat"):
            raise unknown_name("score_mode of Attention", score_mode, ("dot", "concat"))
        self.use_scale = use_scale
        self.score_mode = score_mode
        self.dropout: float = fraction(dropout, type(self).__name__, "dropout")
        self.seed = seed
        if self.dropout:
            self.seed_generator: SeedGenerator = SeedGenerator(seed)
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        """Make the scalar weights."""
        self._check(input_shape)
        self.scale: Variable | None = None
        self.concat_score_weight: Any = None
        if self.use_scale:
            self.scale = self.add_weight(name="scale", shape=(), initializer="ones")
        if self.score_mode == "concat":
            self.concat_score_weight = self.add_weight(
                name="concat_score_weight", shape=(), initializer="ones"
            )

    def _check(self, inputs: Any) -> None:
        is_list = isinstance(inputs, list | tuple) and (
            not inputs or not isinstance(inputs[0], int | None)
        )
        if not is_list or len(inputs) not in (2, 3):
            what = f"{len(inputs)} tensors" if is_list else "one tensor"
            raise ValueError(
                f"{self._described()}: got {what}; expected a list of them, "
                "[query, value] or [query, value, key]."
            )

    def _scores(self, query: Tensor, key: Tensor) -> Tensor:
        """`(batch, target, source)`."""
        if self.score_mode == "concat":
            x = ops.expand_dims(query, 2) + ops.expand_dims(key, 1)
            if self.scale is not None:
                x = ops.multiply(x, self.scale)
            return ops.multiply(ops.sum(ops.tanh(x), axis=-1), self.concat_score_weight)
        scores = ops.matmul(query, ops.swapaxes(key, 1, 2))
        return scores if self.scale is None else ops.multiply(scores, self.scale)

    def call(
        self,
        inputs: Any,
        mask: Any = None,
        training: bool = False,
        return_attention_scores: bool = False,
        use_causal_mask: bool = False,
    ) -> Any:
        """Attend from the query to the keys, and take from the values.

        Args:
            inputs: `[query, value]` or `[query, value, key]`.
            mask: bools `[(batch, target), (batch, source)]`, each may be `None`.
            training: whether scores are dropped.
            return_attention_scores: whether to return `(output, scores)`.
            use_causal_mask: whether target i sees sources 0 to i only.
        """
        self._check(inputs)
        query, value = inputs[0], inputs[1]
        key = inputs[2] if len(inputs) == 3 else value
        query_mask, value_mask = (*(mask or ()), None, None)[:2]
        logits = self._scores(query, key)
        seen = None
        if value_mask is not None:
            seen = ops.expand_dims(ops.cast(value_mask, "bool"), 1)
        if use_causal_mask:
            ones = ops.ones((1, *logits.shape[1:]), dtype="bool")
            causal = ops.tril(ones)
            seen = causal if seen is None else ops.logical_and(seen, causal)
        if seen is not None:
            logits = ops.where(seen, logits, _LEAST.get(self.compute_dtype, -1e30))
        scores = ops.softmax(logits, axis=-1)
        if training and self.dropout:
            scores = random.dropout(scores, self.dropout, seed=self.seed_generator)
        x = ops.matmul(scores, value)  # (batch, target, dim)
        if query_mask is not None:
            x = ops.multiply(x, ops.cast(ops.expand_dims(query_mask, -1), x.dtype))
        return (x, scores) if return_attention_scores else x

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """The mask of the query."""
        return None if not mask or mask[0] is None else ops.convert_to_tensor(mask[0])


class AdditiveAttention(Attention):
    """Additive attention (Bahdanau et al. 2014): scores `sum(scale * tanh(q + k))`.

    Inputs and outputs are those of `Attention`.

    Args:
        use_scale: whether the sum over features is weighted.
        dropout: share of the scores dropped in training.
        seed: of the dropout.

    Example:
        >>> x, y = numpy.ones((1, 4, 8)), numpy.ones((1, 6, 8))
        >>> keras.layers.AdditiveAttention()([x, y]).shape
        (1, 4, 8)
    """

    def __init__(
        self,
        use_scale: bool = True,
        dropout: float = 0.0,
        seed: int | None = None,
        **kwargs: Unpack[LayerOptions],
    ) -> None:
        super().__init__(use_scale=use_scale, dropout=dropout, seed=seed, **kwargs)

    def build(self, input_shape: Any) -> None:
        """Make the weight `(dim,)`."""
        self._check(input_shape)
        self.scale = None
        if self.use_scale:
            self.scale = self.add_weight(
                name="scale",
                shape=(input_shape[0][-1],),
                initializer="glorot_uniform",
            )

    def _scores(self, query: Tensor, key: Tensor) -> Tensor:
        x = ops.tanh(ops.expand_dims(query, 2) + ops.expand_dims(key, 1))
        return ops.sum(
            x if self.scale is None else ops.multiply(x, self.scale), axis=-1
        )
