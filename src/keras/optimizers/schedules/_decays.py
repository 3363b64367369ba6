"""Schedules that fall by a simple law: exponential, inverse, polynomial, stepwise."""

from collections.abc import Sequence
from typing import Any

from keras.optimizers.schedules._numbers import (
    LARGEST,
    ceil,
    floor,
    maximum,
    minimum,
    raised,
    where,
)
from keras.optimizers.schedules._schedule import Formula


def positive_steps(owner: str, name: str, steps: Any) -> None:
    """Refuse a number of steps that is none.

    Raises:
        ValueError: if it is not positive.
    """
    if not steps > 0:
        raise ValueError(
            f"{owner}({name}=...): got {steps!r}; expected a positive number of steps. "
            f"Pass for example {name}=1000."
        )


class ExponentialDecay(Formula):
    """`initial_learning_rate * decay_rate ** (step / decay_steps)`.

    Args:
        initial_learning_rate: float.
        decay_steps: steps in which the rate is multiplied by `decay_rate` once.
        decay_rate: float.
        staircase: round `step / decay_steps` down, so that the rate falls in stairs.
        name: of the operation.

    Raises:
        ValueError: if `decay_steps` is not positive.

    Example:
        >>> rate = keras.optimizers.schedules.ExponentialDecay(0.1, 1000, 0.96)
        >>> optimizer = keras.optimizers.SGD(rate)
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: float,
        decay_rate: float,
        staircase: bool = False,
        name: str = "ExponentialDecay",
    ) -> None:
        positive_steps("ExponentialDecay", "decay_steps", decay_steps)
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = decay_steps
        self.decay_rate = decay_rate
        self.staircase = staircase
        self.name = name

    def rate(self, step: Any) -> Any:
        """The learning rate at `step`."""
        share = step / self.decay_steps
        share = floor(share) if self.staircase else share
        factor = raised(self.decay_rate, share)
        return minimum(self.initial_learning_rate * factor, LARGEST)


class InverseTimeDecay(Formula):
    """`initial_learning_rate / (1 + decay_rate * step / decay_steps)`.

    Args:
        initial_learning_rate: float.
        decay_steps: unit in which steps are counted.
        decay_rate: float.
        staircase: round `step / decay_steps` down, so that the rate falls in stairs.
        name: of the operation.

    Raises:
        ValueError: if `decay_steps` is not positive.

    Example:
        >>> rate = keras.optimizers.schedules.InverseTimeDecay(0.1, 1000, 0.5)
        >>> optimizer = keras.optimizers.SGD(rate)
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: float,
        decay_rate: float,
        staircase: bool = False,
        name: str = "InverseTimeDecay",
    ) -> None:
        positive_steps("InverseTimeDecay", "decay_steps", decay_steps)
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = decay_steps
        self.decay_rate = decay_rate
        self.staircase = staircase
        self.name = name

    def rate(self, step: Any) -> Any:
        """The learning rate at `step`."""
        share = step / self.decay_steps
        share = floor(share) if self.staircase else share
        return self.initial_learning_rate / (1 + self.decay_rate * share)


class PolynomialDecay(Formula):
    """From the initial rate to `end_learning_rate` as a power of the steps left.

    `(initial - end) * (1 - step / decay_steps) ** power + end` up to `decay_steps`,
    then `end`; with `cycle` it starts again over a multiple of `decay_steps` instead.

    Args:
        initial_learning_rate: float.
        decay_steps: when the end is reached.
        end_learning_rate: float.
        power: 1.0 is a straight line.
        cycle: whether to start again beyond `decay_steps`.
        name: of the operation.

    Raises:
        ValueError: if `decay_steps` is not positive.

    Example:
        >>> rate = keras.optimizers.schedules.PolynomialDecay(0.1, 1000, 0.01)
        >>> optimizer = keras.optimizers.SGD(rate)
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: float,
        end_learning_rate: float = 0.0001,
        power: float = 1.0,
        cycle: bool = False,
        name: str = "PolynomialDecay",
    ) -> None:
        positive_steps("PolynomialDecay", "decay_steps", decay_steps)
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = decay_steps
        self.end_learning_rate = end_learning_rate
        self.power = power
        self.cycle = cycle
        self.name = name

    def rate(self, step: Any) -> Any:
        """The learning rate at `step`."""
        length: Any = self.decay_steps
        if self.cycle:
            length = length * maximum(ceil(step / length), 1.0)
        # Rounding must not make the base of the power negative.
        left = maximum(1 - minimum(step / length, 1.0), 0.0)
        fall = self.initial_learning_rate - self.end_learning_rate
        return fall * raised(left, self.power) + self.end_learning_rate


class PiecewiseConstantDecay(Formula):
    """`values[i]` up to and with step `boundaries[i]`, the last value after all.

    Args:
        boundaries: increasing steps.
        values: learning rates, one more than boundaries.
        name: of the operation.

    Raises:
        ValueError: if the numbers of values and boundaries do not fit.

    Example:
        >>> rate = keras.optimizers.schedules.PiecewiseConstantDecay(
        ...     [1000, 2000], [0.1, 0.01, 0.001])
    """

    def __init__(
        self,
        boundaries: Sequence[float],
        values: Sequence[float],
        name: str = "PiecewiseConstant",
    ) -> None:
        if len(boundaries) != len(values) - 1:
            raise ValueError(
                f"PiecewiseConstantDecay: got {len(boundaries)} boundaries and "
                f"{len(values)} values; expected one value more than boundaries. Add "
                "the value that holds after the last boundary."
            )
        self.boundaries = boundaries
        self.values = values
        self.name = name

    def rate(self, step: Any) -> Any:
        """The learning rate at `step`."""
        value: Any = self.values[-1]
        pieces = list(zip(self.boundaries, self.values, strict=False))
        for boundary, before in reversed(pieces):
            value = where(step <= boundary, before, value)
        return value
