"""`Constraint`, the base of functions applied to weights after each update."""

from typing import Self

from keras.core.lookup import constructor_config, revive
from keras.typing import Config, Tensor, TensorLike


class Constraint:
    """What a weight is mapped to after each update; subclass it and define `__call__`.

    Example:
        >>> class AtMostOne(keras.constraints.Constraint):
        ...     def __call__(self, w):
        ...         return keras.ops.minimum(w, 1.0)
    """

    def __call__(self, w: TensorLike) -> Tensor:
        """The weight, of the same shape and dtype, as the constraint allows it."""
        raise NotImplementedError(
            f"{type(self).__name__} has no __call__. Define __call__(self, w)."
        )

    def get_config(self) -> Config:
        """The constructor's arguments."""
        return {}

    @classmethod
    def from_config(cls, config: Config) -> Self:
        """A constraint of this class from what `get_config` returned."""
        return cls(**revive(config))


class Configured(Constraint):
    """A constraint that stores each argument under its own name."""

    def get_config(self) -> Config:
        """The constructor's arguments."""
        return constructor_config(self)
