"""`Initializer`, and the form of it that computes on the host."""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np

from keras.backend import current
from keras.core import scopes, seeds
from keras.core.dtypes import tensor_dtype
from keras.core.lookup import constructor_config, revive
from keras.core.seeds import SeedGenerator
from keras.core.serialization import serialize_dict
from keras.errors import shorten
from keras.typing import Config, Tensor

Array = np.ndarray[Any, Any]


class Initializer:
    """Gives weights their first values; subclass it and define `__call__`.

    Example:
        >>> class Halves(keras.initializers.Initializer):
        ...     def __call__(self, shape, dtype=None):
        ...         return keras.ops.full(shape, 0.5, dtype)
    """

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Tensor:
        """A tensor of first values.

        Args:
            shape: ints.
            dtype: name of a dtype; default: `keras.config.floatx()`.
        """
        raise NotImplementedError(
            f"{type(self).__name__} has no __call__. Define "
            "__call__(self, shape, dtype=None)."
        )

    def get_config(self) -> Config:
        """The constructor's arguments."""
        return {}

    @classmethod
    def from_config(cls, config: Config) -> Self:
        """An initializer of this class from what `get_config` returned."""
        return cls(**revive(config))

    def clone(self) -> Self:
        """A new initializer with the same arguments."""
        return type(self).from_config(self.get_config())


class HostInitializer(Initializer):
    """An initializer computed by NumPy, so that it is the same on every engine.

    A subclass defines `values`. Variables call `draw` with their path, which keeps two
    weights of the same shape apart.
    """

    def __init_subclass__(cls) -> None:
        # Whoever overrides only __call__ means it to give the weights too.
        if "__call__" in cls.__dict__ and "draw" not in cls.__dict__:
            cls.draw = None  # type: ignore[method-assign, assignment]

    def values(self, shape: tuple[int, ...], dtype: str, label: str) -> Array:
        """The first values, of `shape`, in `dtype` or any other."""
        raise NotImplementedError

    def draw(self, shape: Sequence[int], dtype: str, label: str) -> Array:
        """The first values of the weight whose path is `label`."""
        with np.errstate(invalid="ignore"):
            return self.values(tuple(shape), dtype, label).astype(_numpy_dtype(dtype))

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Tensor:
        """A tensor of first values, in `dtype` (default: `keras.config.floatx()`)."""
        name = tensor_dtype(dtype)
        values = HostInitializer.draw(self, shape, name, type(self).__name__)
        return current.engine.convert(values, name)  # type: ignore[no-any-return]

    def get_config(self) -> Config:
        """The constructor's arguments."""
        return serialize_dict(constructor_config(self))


class RandomInitializer(HostInitializer):
    """A host initializer that draws numbers.

    Args:
        seed: an int gives the same numbers at each call; with a `SeedGenerator` each
            call gives others; `None` makes them follow from the global seed, the
            variable's path, and how often that path was used.
    """

    def __init__(self, seed: int | SeedGenerator | None = None) -> None:
        if isinstance(seed, np.integer):
            seed = int(seed)
        if seed is not None and not isinstance(seed, int | SeedGenerator):
            raise TypeError(
                f"{type(self).__name__}(seed=...): got {shorten(repr(seed))} "
                f"({type(seed).__name__}); expected an int, a "
                "keras.random.SeedGenerator, or None."
            )
        self.seed = seed

    def stream(self, label: str) -> np.random.Generator:
        """The generator for one draw."""
        seed = self.seed
        if isinstance(seed, SeedGenerator):
            engine = current.load(current.active())
            with scopes.outside_all(), engine.concrete():
                first, second = engine.to_numpy(seed.next())
            # A stream's first draw is that of its first seed as an int.
            seed = int(first) + (int(second) << 32)
        return seeds.host_stream(label, seed)


def wide(dtype: str) -> type[np.floating[Any]]:
    """The type to compute in: float64 for itself, float32 for the rest."""
    return np.float64 if dtype == "float64" else np.float32


def _numpy_dtype(dtype: str) -> Any:
    if dtype == "bfloat16":
        import ml_dtypes  # only for the dtype that NumPy lacks

        return ml_dtypes.bfloat16
    return np.dtype(dtype)
