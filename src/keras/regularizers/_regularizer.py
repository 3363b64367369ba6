"""`Regularizer`, the base of penalties on weights and outputs."""

import math
from typing import Any, Self

from keras.core.lookup import revive
from keras.errors import shorten
from keras.typing import Config, Tensor, TensorLike


class Regularizer:
    """A penalty that is added to the loss; subclass it and define `__call__`.

    Example:
        >>> class Spread(keras.regularizers.Regularizer):
        ...     def __call__(self, x):
        ...         return 0.1 * keras.ops.var(x)
    """

    def __call__(self, x: TensorLike) -> Tensor:
        """The penalty, a scalar, for a weight or an output of any shape."""
        raise NotImplementedError(
            f"{type(self).__name__} has no __call__. Define __call__(self, x)."
        )

    @classmethod
    def from_config(cls, config: Config) -> Self:
        """A regularizer of this class from what `get_config` returned."""
        return cls(**revive(config))

    def get_config(self) -> Config:
        """The constructor's arguments."""
        raise NotImplementedError(
            f"{type(self).__name__} has no get_config, so it cannot be saved. Define "
            "get_config(self) that returns the constructor's arguments."
        )


def factor(owner: str, name: str, value: Any) -> float:
    """A finite number of at least 0; `None` is 0.

    Raises:
        ValueError: for anything else.
    """
    if value is None:
        return 0.0
    number = isinstance(value, int | float) or (
        hasattr(value, "__float__") and not isinstance(value, str)
    )
    if not number or not 0 <= float(value) < math.inf:
        raise ValueError(
            f"{owner}({name}=...): got {shorten(repr(value))} "
            f"({type(value).__name__}); expected a finite number of at least 0. Pass "
            f"for example {name}=0.01."
        )
    return float(value)
