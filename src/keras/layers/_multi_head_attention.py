"""`MultiHeadAttention`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Unpack

from keras.layers._heads import HeadAttention
from keras.layers._layer import LayerOptions
from keras.layers._options import positive_int
from keras.typing import Constraint, Initializer, Regularizer


class MultiHeadAttention(HeadAttention):
    """Attention in several heads (Vaswani et al. 2017, Attention is all you need).

    Each head computes `softmax(q @ k.T / sqrt(key_dim)) @ v` of its own projections of
    query, key and value; a last projection joins them. Query `(batch, target,
    features)`, value and key `(batch, source, features)`, output of the shape of the
    query. The engine's fused kernel is used unless scores are asked for or dropped.

    Args:
        num_heads: number of heads.
        key_dim: size of queries and keys in a head.
        value_dim: size of values in a head; default: `key_dim`.
        dropout: share of the scores dropped in training.
        use_bias: whether projections have a bias.
        output_shape: the last axes of the output; default: the features of the query.
        attention_axes: which axes are attended over; default: all but the batch and the
            features.
        sliding_window: if given, target and source must be less steps apart than this.
        flash_attention: see `keras.ops.dot_product_attention`.
        kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer,
        kernel_constraint, bias_constraint: of all projections; see `Dense`.
        activity_regularizer: penalty on the output.
        use_gate: whether the heads are multiplied by the sigmoid of a projection of the
            query before they are joined.
        seed: of the dropout.

    Raises:
        ValueError: if a size is no positive int.

    Example:
        >>> layer = keras.layers.MultiHeadAttention(num_heads=2, key_dim=16)
        >>> layer(query=numpy.ones((1, 8, 32)), value=numpy.ones((1, 4, 32))).shape
        (1, 8, 32)
    """

    _omit_none = frozenset({"flash_attention"})

    def __init__(
        self,
        num_heads: int,
        key_dim: int,
        value_dim: int | None = None,
        dropout: float = 0.0,
        use_bias: bool = True,
        output_shape: int | Sequence[int] | None = None,
        attention_axes: int | Sequence[int] | None = None,
        sliding_window: int | None = None,
        flash_attention: bool | None = None,
        kernel_initializer: Initializer = "glorot_uniform",
        bias_initializer: Initializer = "zeros",
        kernel_regularizer: Regularizer | None = None,
        bias_regularizer: Regularizer | None = None,
        activity_regularizer: Regularizer | None = None,
        kernel_constraint: Constraint | None = None,
        bias_constraint: Constraint | None = None,
        use_gate: bool = False,
        seed: int | None = None,
        **kwargs: Unpack[LayerOptions],
    ) -> None:
        super().__init__(
            dropout,
            use_bias,
            sliding_window,
            flash_attention,
            kernel_initializer,
            bias_initializer,
            kernel_regularizer,
            bias_regularizer,
            kernel_constraint,
            bias_constraint,
            use_gate,
            seed,
            activity_regularizer=activity_regularizer,
            **kwargs,
        )
        what = "MultiHeadAttention"
        self.num_heads: int = positive_int(num_heads, what, "num_heads")
        self.key_dim: int = positive_int(key_dim, what, "key_dim")
        self.value_dim: int = (
            self.key_dim
            if value_dim is None
            else positive_int(value_dim, what, "value_dim")
        )
        self.output_shape: tuple[int, ...] | None = _as_tuple(output_shape)
        self.attention_axes: tuple[int, ...] | None = _as_tuple(attention_axes)

    def build(  # type: ignore[override]  # one shape for each input
        self, query_shape: Any, value_shape: Any, key_shape: Any = None
    ) -> None:
        """Make the projections."""
        self._build_heads(
            query_shape,
            value_shape,
            key_shape,
            (self.num_heads, self.num_heads),
            (self.key_dim, self.value_dim),
            self.output_shape or (query_shape[-1],),
        )

    def _axes(self, rank: int) -> tuple[int, ...]:
        if self.attention_axes is None:
            return tuple(range(1, rank - 1))
        return tuple(a % rank for a in self.attention_axes)


def _as_tuple(value: int | Sequence[int] | None) -> tuple[int, ...] | None:
    if value is None:
        return None
    return (value,) if isinstance(value, int) else tuple(value)
