"""Initializers that draw nothing: zeros, ones, constants, the identity."""

from typing import Any

import numpy as np

from keras.backend import current
from keras.core.variable import Variable
from keras.errors import ShapeError
from keras.initializers._initializer import Array, HostInitializer, wide
from keras.typing import Config


class Zeros(HostInitializer):
    """All 0.

    Example:
        >>> keras.initializers.Zeros()((2, 3))
    """

    def values(self, shape: tuple[int, ...], dtype: str, label: str) -> Array:
        """Zeros of `shape`."""
        return np.zeros(shape, wide(dtype))


class Ones(HostInitializer):
    """All 1.

    Example:
        >>> keras.initializers.Ones()((2, 3))
    """

    def values(self, shape: tuple[int, ...], dtype: str, label: str) -> Array:
        """Ones of `shape`."""
        return np.ones(shape, wide(dtype))


class Constant(HostInitializer):
    """One value everywhere.

    Args:
        value: a scalar, or anything that broadcasts to the shape of the weight.

    Example:
        >>> keras.initializers.Constant(0.5)((2, 3))
    """

    def __init__(self, value: Any = 0.0) -> None:
        self.value = value

    def values(self, shape: tuple[int, ...], dtype: str, label: str) -> Array:
        """The value, broadcast to `shape`."""
        value = self.value
        if isinstance(value, Variable):
            value = value.numpy()
        elif current.engine.is_tensor(value):
            value = current.engine.to_numpy(value)
        try:
            return np.broadcast_to(np.asarray(value), shape)
        except ValueError:
            raise ShapeError(
                f"Constant(value=...): got a value of shape {np.shape(value)} for a "
                f"weight of shape {shape}; expected one that broadcasts to it. Pass a "
                "scalar, or an array of the weight's shape."
            ) from None


class Identity(HostInitializer):
    """A matrix with `gain` on its diagonal and 0 elsewhere.

    Args:
        gain: float.

    Raises:
        ShapeError: when called for a shape that is no matrix.

    Example:
        >>> keras.initializers.Identity()((3, 3))
    """

    def __init__(self, gain: float = 1.0) -> None:
        self.gain = gain

    def values(self, shape: tuple[int, ...], dtype: str, label: str) -> Array:
        """The matrix, which need not be square."""
        if len(shape) != 2:
            raise ShapeError(
                f"Identity: got shape={shape}; expected 2 dimensions. Use it for "
                "matrices, such as the kernel of a Dense layer."
            )
        return np.asarray(self.gain * np.eye(*shape, dtype=wide(dtype)))

    def get_config(self) -> Config:
        """The constructor's arguments; as in Keras 3 files, no gain where it is 1."""
        return {} if self.gain == 1.0 else {"gain": self.gain}
