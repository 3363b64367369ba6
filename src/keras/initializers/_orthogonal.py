"""`Orthogonal`: kernels with orthonormal rows or columns."""

import math

import numpy as np

from keras.core.seeds import SeedGenerator
from keras.errors import ShapeError
from keras.initializers._initializer import Array, RandomInitializer, wide


class Orthogonal(RandomInitializer):
    """A random orthogonal matrix: Saxe et al., 2014 (arXiv 1312.6120).

    A kernel of more dimensions is one matrix of its last axis against all others. Where
    it has more rows than columns the columns are orthonormal, else the rows.

    Args:
        gain: factor.
        seed: int, `keras.random.SeedGenerator`, or `None` (see `set_random_seed`).

    Raises:
        ShapeError: when called for a shape of fewer than 2 dimensions.

    Example:
        >>> keras.initializers.Orthogonal(seed=7)((3, 3))
    """

    def __init__(
        self, gain: float = 1.0, seed: int | SeedGenerator | None = None
    ) -> None:
        super().__init__(seed)
        self.gain = gain

    def values(self, shape: tuple[int, ...], dtype: str, label: str) -> Array:
        """The Q of a QR decomposition of normal draws, with unique signs."""
        if len(shape) < 2:
            raise ShapeError(
                f"Orthogonal: got shape={shape}; expected at least 2 dimensions. Use "
                "another initializer for biases."
            )
        rows, columns = math.prod(shape[:-1]), shape[-1]
        tall = (max(rows, columns), min(rows, columns))
        q, r = np.linalg.qr(self.stream(label).standard_normal(tall, wide(dtype)))
        # Signs that make R's diagonal positive make Q uniform over all rotations.
        q = q * np.where(np.diagonal(r) < 0, -1, 1).astype(q.dtype)
        q = q if rows >= columns else q.T
        return np.asarray(q.reshape(shape) * self.gain)
