"""`OrthogonalRegularizer`: a penalty on rows or columns that point the same way."""

from typing import Literal

from keras import ops
from keras.core.lookup import constructor_config
from keras.errors import ShapeError, unknown_name
from keras.regularizers._regularizer import Regularizer, factor
from keras.typing import Config, Tensor, TensorLike

# Below it a row counts as zero, and has no direction.
_SMALLEST_SQUARE = 1e-12


class OrthogonalRegularizer(Regularizer):
    """`factor` times half the mean |cosine| between pairs of rows, counted both ways.

    Args:
        factor: float of at least 0.
        mode: "rows" or "columns".

    Raises:
        ValueError: for a factor that is negative or no number.
        UnknownNameError: for an unknown mode.
        ShapeError: when called on what is no matrix.

    Example:
        >>> regularizer = keras.regularizers.OrthogonalRegularizer(factor=0.01)
        >>> layer = keras.layers.Dense(4, kernel_regularizer=regularizer)
    """

    def __init__(
        self, factor: float = 0.01, mode: Literal["rows", "columns"] = "rows"
    ) -> None:
        if mode not in ("rows", "columns"):
            raise unknown_name(
                "mode of OrthogonalRegularizer", mode, ("rows", "columns")
            )
        self.factor: float = _factor("OrthogonalRegularizer", "factor", factor)
        self.mode = mode

    def __call__(self, inputs: TensorLike) -> Tensor:
        """The penalty, a scalar, for a matrix."""
        x = ops.convert_to_tensor(inputs)
        if len(x.shape) != 2:
            raise ShapeError(
                f"OrthogonalRegularizer: got inputs of shape {tuple(x.shape)}; "
                "expected 2 dimensions. Use it for matrices, such as a Dense kernel."
            )
        if self.mode == "columns":
            x = ops.transpose(x)
        squares = ops.sum(ops.square(x), axis=1, keepdims=True)
        x = x / ops.sqrt(ops.maximum(squares, _SMALLEST_SQUARE))
        cosines = ops.matmul(x, ops.transpose(x))  # (rows, rows)
        size = cosines.shape[0]
        others = cosines * (1.0 - ops.eye(size, dtype=cosines.dtype))
        pairs = max(1.0, size * (size - 1) / 2)
        return ops.multiply(self.factor * 0.5 / pairs, ops.sum(ops.abs(others)))

    def get_config(self) -> Config:
        """The constructor's arguments."""
        return constructor_config(self)


_factor = factor
