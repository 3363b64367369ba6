"""`Embedding`: a vector for each number, and `ReversibleEmbedding` for both ways."""

from collections.abc import Sequence
from typing import Any, Unpack

from keras import constraints, initializers, ops, regularizers
from keras.core.dtypes import is_float, standardize_dtype
from keras.core.variable import Variable
from keras.layers._layer import LayerOptions, TensorLayer
from keras.layers._options import positive_int
from keras.typing import Constraint, Function, Initializer, Regularizer, Tensor


class Embedding(TensorLayer):
    """Looks up a learned vector for each int.

    Input `(batch, ...)` of ints from 0 to `input_dim - 1`, output
    `(batch, ..., output_dim)`.

    Args:
        input_dim: how many vectors there are.
        output_dim: their length.
        embeddings_initializer: first values of the vectors.
        embeddings_regularizer: penalty on the vectors.
        embeddings_constraint: applied to the vectors after updates.
        mask_zero: whether 0 is padding: the mask that travels on is false there.
        weights: a list of one array `(input_dim, output_dim)`, the first values.
        lora_rank, lora_alpha, quantization_config: accepted for compatibility.

    Example:
        >>> keras.layers.Embedding(1000, 8)(numpy.array([[1, 5, 2]])).shape
        (1, 3, 8)
    """

    _omit_none = frozenset({"lora_rank", "lora_alpha"})

    def __init__(
        self,
        input_dim: int,
        output_dim: int,
        embeddings_initializer: Initializer = "uniform",
        embeddings_regularizer: Regularizer | None = None,
        embeddings_constraint: Constraint | None = None,
        mask_zero: bool = False,
        weights: Sequence[Any] | None = None,
        lora_rank: int | None = None,
        lora_alpha: int | None = None,
        quantization_config: Any = None,
        **kwargs: Unpack[LayerOptions],
    ) -> None:
        super().__init__(**kwargs)
        self.input_dim: int = positive_int(input_dim, "Embedding", "input_dim")
        self.output_dim: int = positive_int(output_dim, "Embedding", "output_dim")
        self.embeddings_initializer: Function = initializers.get(embeddings_initializer)
        self.embeddings_regularizer: Function | None = regularizers.get(
            embeddings_regularizer
        )
        self.embeddings_constraint: Function | None = constraints.get(
            embeddings_constraint
        )
        self.mask_zero = mask_zero
        self.lora_rank: int | None = lora_rank
        self.lora_alpha: int | None = lora_alpha
        self.quantization_config = quantization_config
        self.supports_masking = mask_zero
        self._makes_mask = mask_zero
        # Looking up first and casting then is cheaper than casting all vectors; and
        # floats that hold indices would lose digits in half precision.
        self.autocast = False
        self._saved_weights = weights
        if weights is not None:
            self.build()
            self._load_saved_weights()

    def build(self, input_shape: Any = None) -> None:
        """Make the vectors `(input_dim, output_dim)`."""
        self.embeddings: Variable = self._option_weight(
            "embeddings", (self.input_dim, self.output_dim)
        )

    def call(self, inputs: Tensor) -> Tensor:
        """Look the vectors up."""
        if is_float(standardize_dtype(inputs.dtype)):
            inputs = ops.cast(inputs, "int32")
        x = ops.take(self.embeddings, inputs, axis=0)
        return ops.cast(x, self.compute_dtype)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """Which entries are not padding."""
        return ops.not_equal(inputs, 0) if self.mask_zero else None


class ReversibleEmbedding(Embedding):
    """An embedding that also turns vectors into scores of all numbers.

    Called with `reverse=True` it takes `(batch, ..., output_dim)` and returns
    `(batch, ..., input_dim)`, the products with all vectors.

    Args:
        input_dim, output_dim: as for `Embedding`.
        tie_weights: whether both ways use the same vectors.
        embeddings_initializer, embeddings_regularizer, embeddings_constraint,
            mask_zero: as for `Embedding`.
        reverse_dtype: dtype of the scores; default: the layer's `compute_dtype`.
        logit_soft_cap: if given, scores are bounded: `cap * tanh(scores / cap)`.

    Example:
        >>> layer = keras.layers.ReversibleEmbedding(1000, 8)
        >>> layer(layer(numpy.array([[1, 5]])), reverse=True).shape
        (1, 2, 1000)
    """

    def __init__(
        self,
        input_dim: int,
        output_dim: int,
        tie_weights: bool = True,
        embeddings_initializer: Initializer = "uniform",
        embeddings_regularizer: Regularizer | None = None,
        embeddings_constraint: Constraint | None = None,
        mask_zero: bool = False,
        reverse_dtype: str | None = None,
        logit_soft_cap: float | None = None,
        quantization_config: Any = None,
        **kwargs: Unpack[LayerOptions],
    ) -> None:
        super().__init__(
            input_dim,
            output_dim,
            embeddings_initializer,
            embeddings_regularizer,
            embeddings_constraint,
            mask_zero,
            quantization_config=quantization_config,
            **kwargs,
        )
        self.tie_weights = tie_weights
        self.reverse_dtype = reverse_dtype
        self.logit_soft_cap = logit_soft_cap

    def build(self, input_shape: Any = None) -> None:
        """Make the vectors of both ways."""
        super().build(input_shape)
        if not self.tie_weights:
            self.reverse_embeddings: Variable = self.add_weight(
                name="reverse_embeddings",
                shape=(self.output_dim, self.input_dim),
                initializer=self.embeddings_initializer,
                regularizer=self.embeddings_regularizer,
                constraint=self.embeddings_constraint,
            )

    def call(self, inputs: Tensor, reverse: bool = False) -> Tensor:
        """Look the vectors up, or compare with all of them."""
        if not reverse:
            return super().call(inputs)
        dtype = self.reverse_dtype or self.compute_dtype
        kernel = (
            ops.transpose(self.embeddings)
            if self.tie_weights
            else self.reverse_embeddings
        )
        x = ops.matmul(ops.cast(inputs, dtype), ops.cast(kernel, dtype))
        if self.logit_soft_cap is None:
            return x
        return ops.multiply(
            ops.tanh(ops.divide(x, self.logit_soft_cap)), self.logit_soft_cap
        )

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """Which entries are not padding; vectors keep the mask that came with them."""
        if is_float(standardize_dtype(inputs.dtype)):
            return mask
        return super().compute_mask(inputs, mask)
