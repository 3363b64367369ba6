"""Initializers that draw each value by itself: normal, truncated normal, uniform."""

import numpy as np

from keras.core.seeds import SeedGenerator
from keras.initializers._initializer import Array, RandomInitializer, wide


def truncated_normal(
    stream: np.random.Generator, shape: tuple[int, ...], dtype: str
) -> Array:
    """Standard normal draws; those beyond 2 are drawn again."""
    flat = stream.standard_normal(int(np.prod(shape)), dtype=wide(dtype))
    while (outside := np.flatnonzero(np.abs(flat) > 2)).size:
        flat[outside] = stream.standard_normal(outside.size, dtype=wide(dtype))
    return flat.reshape(shape)


class RandomNormal(RandomInitializer):
    """A normal distribution.

    Args:
        mean: float.
        stddev: float of at least 0.
        seed: int, `keras.random.SeedGenerator`, or `None` (see `set_random_seed`).

    Example:
        >>> keras.initializers.RandomNormal(stddev=0.1, seed=7)((2, 3))
    """

    def __init__(
        self,
        mean: float = 0.0,
        stddev: float = 0.05,
        seed: int | SeedGenerator | None = None,
    ) -> None:
        super().__init__(seed)
        self.mean = mean
        self.stddev = stddev

    def values(self, shape: tuple[int, ...], dtype: str, label: str) -> Array:
        """`mean + stddev * z`, z standard normal."""
        z = self.stream(label).standard_normal(shape, dtype=wide(dtype))
        return np.asarray(z * self.stddev + self.mean)


class TruncatedNormal(RandomNormal):
    """A normal distribution without the values over 2 `stddev` away from the mean.

    Args:
        mean: float.
        stddev: float of at least 0, that of the distribution before it is cut.
        seed: int, `keras.random.SeedGenerator`, or `None` (see `set_random_seed`).

    Example:
        >>> keras.initializers.TruncatedNormal(stddev=0.1, seed=7)((2, 3))
    """

    def values(self, shape: tuple[int, ...], dtype: str, label: str) -> Array:
        """`mean + stddev * z`, z truncated at 2."""
        z = truncated_normal(self.stream(label), shape, dtype)
        return np.asarray(z * self.stddev + self.mean)


class RandomUniform(RandomInitializer):
    """A uniform distribution over `[minval, maxval)`.

    Args:
        minval: float.
        maxval: float.
        seed: int, `keras.random.SeedGenerator`, or `None` (see `set_random_seed`).

    Example:
        >>> keras.initializers.RandomUniform(-1.0, 1.0, seed=7)((2, 3))
    """

    def __init__(
        self,
        minval: float = -0.05,
        maxval: float = 0.05,
        seed: int | SeedGenerator | None = None,
    ) -> None:
        super().__init__(seed)
        self.minval = minval
        self.maxval = maxval

    def values(self, shape: tuple[int, ...], dtype: str, label: str) -> Array:
        """`minval + (maxval - minval) * u`, u in [0, 1)."""
        u = self.stream(label).random(shape, dtype=wide(dtype))
        return np.asarray(u * (self.maxval - self.minval) + self.minval)
