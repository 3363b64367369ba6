"""`LearningRateSchedule`, and the form of it that is a formula of the step."""

from typing import Any, Self

from keras import ops
from keras.backend import current
from keras.core.config import floatx
from keras.core.lookup import constructor_config, revive
from keras.typing import Config, Tensor


class LearningRateSchedule:
    """A learning rate that depends on the step; subclass it and define `__call__`.

    Example:
        >>> class Halving(keras.optimizers.schedules.LearningRateSchedule):
        ...     def __call__(self, step):
        ...         return 0.1 * 0.5 ** (step / 1000)
        >>> optimizer = keras.optimizers.SGD(Halving())
    """

    def __call__(self, step: Any) -> Any:
        """The learning rate at `step`, the number of updates made so far."""
        raise NotImplementedError(
            f"{type(self).__name__} has no __call__. Define __call__(self, step)."
        )

    def get_config(self) -> Config:
        """The constructor's arguments."""
        raise NotImplementedError(
            f"{type(self).__name__} has no get_config, so it cannot be saved. Define "
            "get_config(self) that returns the constructor's arguments."
        )

    @classmethod
    def from_config(cls, config: Config) -> Self:
        """A schedule of this class from what `get_config` returned."""
        return cls(**revive(config))


class Formula(LearningRateSchedule):
    """A schedule given by `rate`, which takes a float or a float64 tensor.

    In float64 every step below 2**53 counts; in float32 they would merge at 2**24.
    """

    def rate(self, step: Any) -> Any:
        """The learning rate at `step`, a number for a number."""
        raise NotImplementedError

    def __call__(self, step: Any) -> Tensor:
        """The learning rate at `step`, a scalar tensor of the default float type."""
        if not isinstance(step, int | float):
            step = ops.cast(ops.convert_to_tensor(step), "float64")
            step = step if step.ndim else current.engine.scalar(step)
        return ops.cast(ops.convert_to_tensor(self.rate(step)), floatx())

    def get_config(self) -> Config:
        """The constructor's arguments."""
        return constructor_config(self)
