"""`L1`, `L2` and both: penalties on the size of weights."""

from typing import Any

from keras import ops
from keras.core.lookup import constructor_config
from keras.regularizers._regularizer import Regularizer, factor
from keras.typing import Config, Tensor, TensorLike


class L1L2(Regularizer):
    """`l1 * sum(|x|) + l2 * sum(x ** 2)`.

    Args:
        l1: float of at least 0.
        l2: float of at least 0.

    Raises:
        ValueError: for factors that are negative or no numbers.

    Example:
        >>> keras.regularizers.L1L2(l1=0.01, l2=0.1)(keras.ops.ones((2, 2)))
    """

    def __init__(self, l1: float = 0.0, l2: float = 0.0) -> None:
        self.l1: float = factor("L1L2", "l1", l1)
        self.l2: float = factor("L1L2", "l2", l2)

    def __call__(self, x: TensorLike) -> Tensor:
        """The penalty, a scalar."""
        penalty: Any = 0.0
        if self.l1:
            penalty = penalty + self.l1 * ops.sum(ops.abs(x))
        if self.l2:
            penalty = penalty + self.l2 * ops.sum(ops.square(x))
        return ops.convert_to_tensor(penalty)

    def get_config(self) -> Config:
        """The constructor's arguments."""
        return constructor_config(self)


class L1(Regularizer):
    """`l1 * sum(|x|)`.

    Args:
        l1: float of at least 0.

    Raises:
        ValueError: for a factor that is negative or no number.

    Example:
        >>> keras.layers.Dense(3, kernel_regularizer=keras.regularizers.L1(0.01))
    """

    def __init__(self, l1: float = 0.01, **kwargs: Any) -> None:
        self.l1: float = factor("L1", "l1", _only("L1", "l1", l1, kwargs))

    def __call__(self, x: TensorLike) -> Tensor:
        """The penalty, a scalar."""
        return self.l1 * ops.sum(ops.abs(x))

    def get_config(self) -> Config:
        """The constructor's arguments."""
        return constructor_config(self)


class L2(Regularizer):
    """`l2 * sum(x ** 2)`.

    Args:
        l2: float of at least 0.

    Raises:
        ValueError: for a factor that is negative or no number.

    Example:
        >>> keras.layers.Dense(3, kernel_regularizer=keras.regularizers.L2(0.01))
    """

    def __init__(self, l2: float = 0.01, **kwargs: Any) -> None:
        self.l2: float = factor("L2", "l2", _only("L2", "l2", l2, kwargs))

    def __call__(self, x: TensorLike) -> Tensor:
        """The penalty, a scalar."""
        return self.l2 * ops.sum(ops.square(x))

    def get_config(self) -> Config:
        """The constructor's arguments."""
        return constructor_config(self)


def _only(owner: str, name: str, value: float, kwargs: dict[str, Any]) -> float:
    if not kwargs:
        return value
    # Late: legacy stands above, and only old programs need it.
    from keras.legacy._names import modern_arguments

    return float(modern_arguments(owner, {"l": name}, kwargs)[name])
