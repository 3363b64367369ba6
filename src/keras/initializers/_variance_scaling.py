"""`VarianceScaling` and its named cases: Glorot, He and LeCun."""

import math
from collections.abc import Sequence

import numpy as np

from keras.core.seeds import SeedGenerator
from keras.errors import unknown_name
from keras.initializers._initializer import Array, RandomInitializer, wide
from keras.initializers._random import truncated_normal

MODES = ("fan_in", "fan_out", "fan_avg")
DISTRIBUTIONS = ("truncated_normal", "untruncated_normal", "uniform")

# Standard deviation of a standard normal that is cut at -2 and 2.
_TRUNCATED_STDDEV = 0.87962566103423978


class VarianceScaling(RandomInitializer):
    """Values whose variance is `scale / n`, n from the number of units around them.

    Args:
        scale: positive float.
        mode: n is the number of inputs ("fan_in"), of outputs ("fan_out"), or their
            mean ("fan_avg").
        distribution: "truncated_normal" (cut at 2 standard deviations, with the
            variance of the rest), "untruncated_normal", or "uniform".
        seed: int, `keras.random.SeedGenerator`, or `None` (see `set_random_seed`).
        input_axes: axes whose sizes make up the number of inputs.
        output_axes: axes whose sizes make up the number of outputs. Without both the
            kernel is `(*window, inputs, outputs)`, and the window counts for either.

    Raises:
        ValueError: for a scale that is not positive.
        UnknownNameError: for an unknown mode or distribution.

    Example:
        >>> init = keras.initializers.VarianceScaling(2.0, mode="fan_out")
        >>> layer = keras.layers.Dense(3, kernel_initializer=init)
    """

    def __init__(
        self,
        scale: float = 1.0,
        mode: str = "fan_in",
        distribution: str = "truncated_normal",
        seed: int | SeedGenerator | None = None,
        input_axes: int | Sequence[int] | None = None,
        output_axes: int | Sequence[int] | None = None,
    ) -> None:
        super().__init__(seed)
        if scale <= 0:
            raise ValueError(
                f"VarianceScaling(scale=...): got {scale}; expected a positive number. "
                "Use keras.initializers.Zeros() for weights that start at 0."
            )
        if mode not in MODES:
            raise unknown_name("mode of VarianceScaling", mode, MODES)
        distribution = "truncated_normal" if distribution == "normal" else distribution
        if distribution not in DISTRIBUTIONS:
            raise unknown_name(
                "distribution of VarianceScaling", distribution, DISTRIBUTIONS
            )
        self.scale = scale
        self.mode = mode
        self.distribution = distribution
        self.input_axes = input_axes
        self.output_axes = output_axes

    def values(self, shape: tuple[int, ...], dtype: str, label: str) -> Array:
        """Draws of the distribution with variance `scale / n`."""
        fan_in, fan_out = self._fans(shape)
        n = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}
        stddev = math.sqrt(self.scale / max(1.0, n[self.mode]))
        stream = self.stream(label)
        if self.distribution == "uniform":
            limit = math.sqrt(3.0) * stddev
            u = stream.random(shape, dtype=wide(dtype))
            return np.asarray(u * (2 * limit) - limit)
        if self.distribution == "untruncated_normal":
            return np.asarray(stream.standard_normal(shape, wide(dtype)) * stddev)
        z = truncated_normal(stream, shape, dtype)
        return np.asarray(z * (stddev / _TRUNCATED_STDDEV))

    def _fans(self, shape: tuple[int, ...]) -> tuple[int, int]:
        if self.input_axes is not None and self.output_axes is not None:
            return _size(shape, self.input_axes), _size(shape, self.output_axes)
        if len(shape) < 2:
            return math.prod(shape), math.prod(shape)
        window = math.prod(shape[:-2])
        return window * shape[-2], window * shape[-1]


def _size(shape: tuple[int, ...], axes: int | Sequence[int]) -> int:
    axes = (axes,) if isinstance(axes, int) else axes
    return math.prod(shape[axis] for axis in axes)


class _Named(VarianceScaling):
    """A case of `VarianceScaling` with three settings of its own."""

    _settings: tuple[float, str, str]

    def __init__(
        self,
        seed: int | SeedGenerator | None = None,
        input_axes: int | Sequence[int] | None = None,
        output_axes: int | Sequence[int] | None = None,
    ) -> None:
        super().__init__(*self._settings, seed, input_axes, output_axes)


class GlorotUniform(_Named):
    """Uniform with variance `2 / (inputs + outputs)`: Glorot and Bengio, 2010, eq. 16.

    Arguments as for `VarianceScaling`.

    Example:
        >>> keras.initializers.GlorotUniform(seed=7)((2, 3))
    """

    _settings = (1.0, "fan_avg", "uniform")


class GlorotNormal(_Named):
    """Truncated normal with variance `2 / (inputs + outputs)`: Glorot and Bengio, 2010.

    Arguments as for `VarianceScaling`.

    Example:
        >>> keras.initializers.GlorotNormal(seed=7)((2, 3))
    """

    _settings = (1.0, "fan_avg", "truncated_normal")


class HeUniform(_Named):
    """Uniform with variance `2 / inputs`: He et al., 2015 (arXiv 1502.01852), for ReLU.

    Arguments as for `VarianceScaling`.

    Example:
        >>> keras.initializers.HeUniform(seed=7)((2, 3))
    """

    _settings = (2.0, "fan_in", "uniform")


class HeNormal(_Named):
    """Truncated normal with variance `2 / inputs`: He et al., 2015, for ReLU.

    Arguments as for `VarianceScaling`.

    Example:
        >>> keras.initializers.HeNormal(seed=7)((2, 3))
    """

    _settings = (2.0, "fan_in", "truncated_normal")


class LecunUniform(_Named):
    """Uniform with variance `1 / inputs`: LeCun et al., Efficient BackProp, 1998.

    Arguments as for `VarianceScaling`.

    Example:
        >>> keras.initializers.LecunUniform(seed=7)((2, 3))
    """

    _settings = (1.0, "fan_in", "uniform")


class LecunNormal(_Named):
    """Truncated normal with variance `1 / inputs`; for SELU: Klambauer et al., 2017.

    Arguments as for `VarianceScaling`.

    Example:
        >>> keras.initializers.LecunNormal(seed=7)((2, 3))
    """

    _settings = (1.0, "fan_in", "truncated_normal")
