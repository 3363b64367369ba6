"""`GroupQueryAttention`."""

from __future__ import annotations

from typing import Any, Unpack

from keras.layers._heads import HeadAttention
from keras.layers._layer import LayerOptions
from keras.layers._options import positive_int
from keras.typing import Constraint, Initializer, Regularizer


class GroupQueryAttention(HeadAttention):
    """`MultiHeadAttention` in which several query heads share keys and values.

    Source: Ainslie et al. 2023, GQA. Query `(batch, target, features)`, value and key
    `(batch, source, features)`, output of the shape of the query.

    Args:
        head_dim: size of queries, keys and values in a head.
        num_query_heads: number of query heads, a multiple of the next.
        num_key_value_heads: number of heads of keys and values; 1 is multi-query
            attention.
        dropout, use_bias, sliding_window, flash_attention, kernel_initializer,
        bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer,
        kernel_constraint, bias_constraint, use_gate, seed: see `MultiHeadAttention`.

    Raises:
        ValueError: if a size is no positive int, or the heads do not divide.

    Example:
        >>> layer = keras.layers.GroupQueryAttention(16, 4, 2)
        >>> layer(numpy.ones((1, 8, 32)), numpy.ones((1, 4, 32))).shape
        (1, 8, 32)
    """

    _omit_none = frozenset({"flash_attention"})
    _prefix = "_"

    def __init__(
        self,
        head_dim: int,
        num_query_heads: int,
        num_key_value_heads: int,
        dropout: float = 0.0,
        use_bias: bool = True,
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
        what = "GroupQueryAttention"
        self.head_dim: int = positive_int(head_dim, what, "head_dim")
        self.num_query_heads: int = positive_int(
            num_query_heads, what, "num_query_heads"
        )
        self.num_key_value_heads: int = positive_int(
            num_key_value_heads, what, "num_key_value_heads"
        )
        if self.num_query_heads % self.num_key_value_heads:
            raise ValueError(
                f"GroupQueryAttention: got num_query_heads={num_query_heads} and "
                f"num_key_value_heads={num_key_value_heads}; expected the first to be "
                "a multiple of the second."
            )

    def build(  # type: ignore[override]  # one shape for each input
        self, query_shape: Any, value_shape: Any, key_shape: Any = None
    ) -> None:
        """Make the projections."""
        self._build_heads(
            query_shape,
            value_shape,
            key_shape,
            (self.num_query_heads, self.num_key_value_heads),
            (self.head_dim, self.head_dim),
            (query_shape[-1],),
        )
