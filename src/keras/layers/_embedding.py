"""`Embedding`: a learned vector for every integer."""

from collections.abc import Sequence
from typing import Any, Unpack

from keras import constraints, initializers, ops, regularizers
from keras.layers._layer import Layer, LayerOptions
from keras.layers._options import positive_int
from keras.typing import Constraint, Initializer, Regularizer, Tensor


class Embedding(Layer):
    """Turns integers into vectors: `embeddings[inputs]`.

    Input: integers `(batch, ...)` below `input_dim`; output `(batch, ..., output_dim)`.

    Args:
        input_dim: how many integers there are: the largest one plus 1.
        output_dim: size of a vector.
        embeddings_initializer: first values of the vectors.
        embeddings_regularizer: penalty on the vectors.
        embeddings_constraint: applied to the vectors after updates.
        mask_zero: whether 0 stands for padding, which later layers then skip.
        weights: the first values of all weights, `[embeddings]`.
        lora_rank, lora_alpha: accepted for compatibility where they are `None`.
        quantization_config: accepted for compatibility.

    Raises:
        ValueError: if a size is no positive int.

    Example:
        >>> keras.layers.Embedding(1000, 64)(numpy.array([[4, 10, 0]])).shape
        (1, 3, 64)
    """

    _omit_none = frozenset({"lora_rank", "lora_alpha"})
    _unsaved = frozenset({"weights"})
    _keeps_regularizer = True

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
        # Integers that come as floats must not be rounded to half precision.
        kwargs["autocast"] = False
        super().__init__(**kwargs)
        self.input_dim = positive_int(input_dim, "Embedding", "input_dim")
        self.output_dim = positive_int(output_dim, "Embedding", "output_dim")
        self.embeddings_initializer = initializers.get(embeddings_initializer)
        self.embeddings_regularizer = regularizers.get(embeddings_regularizer)
        self.embeddings_constraint = constraints.get(embeddings_constraint)
        self.mask_zero = mask_zero
        self.lora_rank, self.lora_alpha = lora_rank, lora_alpha
        self.quantization_config = quantization_config
        self.supports_masking = self._makes_mask = mask_zero
        self._saved_weights = weights

    def build(self, input_shape: Any = None) -> None:
        """Make the embeddings `(input_dim, output_dim)`."""
        self.embeddings = self.add_weight(
            name="embeddings",
            shape=(self.input_dim, self.output_dim),
            initializer=self.embeddings_initializer,
            regularizer=self.embeddings_regularizer,
            constraint=self.embeddings_constraint,
        )

    def call(self, inputs: Tensor) -> Tensor:
        """Look the vectors up."""
        indices = ops.cast(inputs, "int32")
        return ops.cast(ops.take(self.embeddings, indices, axis=0), self.compute_dtype)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """`inputs != 0` where `mask_zero`."""
        return ops.not_equal(inputs, 0) if self.mask_zero else None
