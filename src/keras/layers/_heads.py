"""What `MultiHeadAttention` and `GroupQueryAttention` share."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, ClassVar, Unpack

from keras import constraints, initializers, ops, random, regularizers
from keras.core.seeds import SeedGenerator
from keras.layers._head_projection import HeadProjection
from keras.layers._layer import Layer, RegularizedOptions
from keras.layers._options import fraction
from keras.typing import Constraint, Function, Initializer, Regularizer, Tensor

# In place of minus infinity: a query that may attend to nothing then gives no NaN.
_LEAST = {"float16": -6e4}


class HeadAttention(Layer):
    """Projects to heads, attends, and projects back."""

    _gate_dense: HeadProjection
    _prefix: ClassVar[str] = ""
    """Files name the inner layers by attributes: `query_dense`, say, after this."""

    def __init__(
        self,
        dropout: float,
        use_bias: bool,
        sliding_window: int | None,
        flash_attention: bool | None,
        kernel_initializer: Initializer,
        bias_initializer: Initializer,
        kernel_regularizer: Regularizer | None,
        bias_regularizer: Regularizer | None,
        kernel_constraint: Constraint | None,
        bias_constraint: Constraint | None,
        use_gate: bool,
        seed: int | None,
        **kwargs: Unpack[RegularizedOptions],
    ) -> None:
        super().__init__(**kwargs)
        self.dropout: float = fraction(dropout, type(self).__name__, "dropout")
        self.use_bias = use_bias
        self.sliding_window = sliding_window
        self.flash_attention = flash_attention
        self.kernel_initializer: Function = initializers.get(kernel_initializer)
        self.bias_initializer: Function = initializers.get(bias_initializer)
        self.kernel_regularizer: Function | None = regularizers.get(kernel_regularizer)
        self.bias_regularizer: Function | None = regularizers.get(bias_regularizer)
        self.kernel_constraint: Function | None = constraints.get(kernel_constraint)
        self.bias_constraint: Function | None = constraints.get(bias_constraint)
        self.use_gate = use_gate
        self.seed = seed
        if self.dropout:
            self.seed_generator: SeedGenerator = SeedGenerator(seed)
        self.supports_masking = True

    def _project(
        self, what: str, shape: Any, inner_rank: int, outer: Sequence[int], name: str
    ) -> None:
        """Make and build one of the projections."""
        layer = HeadProjection(
            inner_rank,
            outer,
            self.use_bias,
            self.kernel_initializer,
            self.bias_initializer,
            self.kernel_regularizer,
            self.bias_regularizer,
            self.kernel_constraint,
            self.bias_constraint,
            dtype=self.dtype_policy,
            name=name,
        )
        layer.build(shape)
        prefix = "_" if what == "gate" else self._prefix
        setattr(self, f"{prefix}{what}_dense", layer)

    def _build_heads(
        self,
        query_shape: Any,
        value_shape: Any,
        key_shape: Any,
        heads: tuple[int, int],
        dims: tuple[int, int],
        output_shape: Sequence[int],
    ) -> None:
        """Make all projections, for `heads` of queries and of keys, of these `dims`."""
        key_shape = value_shape if key_shape is None else key_shape
        self._project("query", query_shape, 1, (heads[0], dims[0]), "query")
        self._project("key", key_shape, 1, (heads[1], dims[0]), "key")
        if self.use_gate:
            self._project("gate", query_shape, 1, (heads[0], dims[1]), "gate")
        self._project("value", value_shape, 1, (heads[1], dims[1]), "value")
        inner = (*query_shape[:-1], heads[0], dims[1])
        self._project("output", inner, 2, output_shape, "attention_output")

    def _axes(self, rank: int) -> tuple[int, ...]:
        """The axes that are attended over, of inputs of this rank."""
        return (1,)

    def call(
        self,
        query: Tensor,
        value: Tensor,
        key: Tensor | None = None,
        query_mask: Any = None,
        value_mask: Any = None,
        key_mask: Any = None,
        attention_mask: Any = None,
        return_attention_scores: bool = False,
        training: bool | None = None,
        use_causal_mask: bool = False,
    ) -> Any:
        """Attend from `query` to `key`, and take from `value`.

        Args:
            query: `(batch, ..., features)`.
            value: `(batch, ..., features)`.
            key: of the shape of `value` but for the features; default: `value`.
            query_mask: bool `(batch, target)`; it only travels on with the output.
            value_mask, key_mask: bool `(batch, source)`, `False` for padding.
            attention_mask: bool `(batch, target, source)`.
            return_attention_scores: whether to return `(output, scores)`.
            training: whether entries of the scores are dropped.
            use_causal_mask: whether target i sees sources 0 to i only.
        """
        p = self._prefix
        axes = self._axes(len(query.shape))
        q = getattr(self, f"{p}query_dense")(query)
        k = getattr(self, f"{p}key_dense")(value if key is None else key)
        v = getattr(self, f"{p}value_dense")(value)
        q_fold, k_fold = _Fold(q, axes), _Fold(k, axes)
        mask = self._mask(q_fold, k_fold, value_mask, key_mask, attention_mask)
        q, k, v = q_fold.apply(q), k_fold.apply(k), _Fold(v, axes).apply(v)
        drops = bool(training) and self.dropout > 0
        scores = None
        if return_attention_scores or drops:
            if use_causal_mask:
                seen = _causal(q.shape[1], k.shape[1])
                mask = seen if mask is None else ops.logical_and(mask, seen)
            x, scores = self._explicit(q, k, v, mask, drops)
        else:
            is_causal = use_causal_mask and mask is None
            if use_causal_mask and mask is not None:
                mask = ops.logical_and(mask, _causal(q.shape[1], k.shape[1]))
            x = ops.dot_product_attention(
                q, k, v, None, mask, None, is_causal, self.flash_attention
            )
        x = q_fold.undo(x)  # (batch, ..., heads, dim)
        if self.use_gate:
            x = ops.multiply(x, ops.sigmoid(self._gate_dense(query)))
        x = getattr(self, f"{p}output_dense")(x)
        if scores is not None and return_attention_scores:
            return x, q_fold.undo_scores(scores, k_fold)
        return x

    def _explicit(
        self, q: Tensor, k: Tensor, v: Tensor, mask: Any, drops: bool
    ) -> tuple[Tensor, Tensor]:
        """Attention with its scores `(batch, heads, target, source)`."""
        group = q.shape[2] // k.shape[2]
        if group > 1:
            k, v = ops.repeat(k, group, axis=2), ops.repeat(v, group, axis=2)
        dtype = self.compute_dtype
        q = ops.transpose(ops.multiply(q, 1 / math.sqrt(q.shape[-1])), (0, 2, 1, 3))
        logits = ops.matmul(q, ops.transpose(k, (0, 2, 3, 1)))
        if dtype in ("float16", "bfloat16"):
            logits = ops.cast(logits, "float32")
        if mask is not None:
            logits = ops.where(mask, logits, _LEAST.get(dtype, -1e30))
        scores = ops.cast(ops.softmax(logits, axis=-1), dtype)
        kept = scores
        if drops:
            kept = random.dropout(scores, self.dropout, seed=self.seed_generator)
        x = ops.matmul(kept, ops.transpose(v, (0, 2, 1, 3)))
        return ops.transpose(x, (0, 2, 1, 3)), scores

    def _mask(self, q: _Fold, k: _Fold, value: Any, key: Any, given: Any) -> Any:
        """All masks but the causal one, for folded inputs; `None` if there is none."""
        parts = [] if given is None else [ops.cast(given, "bool")]
        for mask in (value, key):
            if mask is not None:
                parts.append(ops.expand_dims(ops.cast(mask, "bool"), -2))
        if self.sliding_window is not None:
            parts.append(_window(q.length, k.length, self.sliding_window))
        if not parts:
            return None
        mask = parts[0]
        for part in parts[1:]:
            mask = ops.logical_and(mask, part)
        return q.fold_mask(mask, k)


class _Fold:
    """Brings `(batch, ..., heads, dim)` to `(others, time, heads, dim)` and back.

    The attended axes become the time, all others join the batch.
    """

    def __init__(self, x: Tensor, axes: tuple[int, ...]) -> None:
        rank = len(x.shape)
        shape = tuple(x.shape)
        self.others = tuple(i for i in range(rank - 2) if i not in axes)
        self.order = (*self.others, *axes, rank - 2, rank - 1)
        self.lead = tuple(shape[i] for i in self.others)
        self.times = tuple(shape[i] for i in axes)
        self.length = math.prod(self.times)
        self.is_plain = rank == 4

    def apply(self, x: Tensor) -> Tensor:
        if self.is_plain:
            return x
        x = ops.transpose(x, self.order)
        return ops.reshape(x, (math.prod(self.lead), self.length, *x.shape[-2:]))

    def undo(self, x: Tensor) -> Tensor:
        if self.is_plain:
            return x
        x = ops.reshape(x, (*self.lead, *self.times, *x.shape[-2:]))
        back = sorted(range(len(self.order)), key=self.order.__getitem__)
        return ops.transpose(x, back)

    def undo_scores(self, scores: Tensor, source: _Fold) -> Tensor:
        """`(others, heads, target, source)` with every axis by itself."""
        heads = scores.shape[1]
        return ops.reshape(scores, (*self.lead, heads, *self.times, *source.times))

    def fold_mask(self, mask: Tensor, source: _Fold) -> Tensor:
        """A mask `(batch, ..., target, source)` for folded scores."""
        tail = len(self.times) + len(source.times)
        full = len(self.lead) + 1 + tail
        missing = full - len(mask.shape)
        if missing > 0:
            shape = tuple(mask.shape)
            at = max(len(shape) - tail, 0)
            mask = ops.reshape(mask, (*shape[:at], *[1] * missing, *shape[at:]))
        if self.is_plain:
            return mask
        shape = tuple(mask.shape)
        heads = shape[len(self.lead)]
        mask = ops.broadcast_to(mask, (*self.lead, heads, *self.times, *source.times))
        return ops.reshape(
            mask, (math.prod(self.lead), heads, self.length, source.length)
        )


def _causal(targets: int, sources: int) -> Tensor:
    return ops.tril(ops.ones((targets, sources), dtype="bool"))


def _window(targets: int, sources: int, width: int) -> Tensor:
    """Whether target and source are less than `width` steps apart."""
    apart = ops.subtract(
        ops.expand_dims(ops.arange(targets), 1), ops.expand_dims(ops.arange(sources), 0)
    )
    return ops.less(ops.abs(apart), width)
