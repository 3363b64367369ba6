"""Schedules along a cosine, with warm-up or restarts: SGDR, Loshchilov and Hutter."""

import math
from typing import Any

from keras.optimizers.schedules._decays import positive_steps
from keras.optimizers.schedules._numbers import (
    cos,
    floor,
    log,
    maximum,
    minimum,
    raised,
    where,
)
from keras.optimizers.schedules._schedule import Formula


class CosineDecay(Formula):
    """Half a cosine wave down to `alpha` times the rate, perhaps after a warm-up.

    With `warmup_target` the rate first rises in `warmup_steps` straight from
    `initial_learning_rate` to `warmup_target`, from where it falls in `decay_steps`.
    See arXiv 1608.03983, equation 5.

    Args:
        initial_learning_rate: float.
        decay_steps: length of the fall.
        alpha: fraction of the rate that is left at the end.
        name: of the operation.
        warmup_target: rate at the end of the warm-up; `None` for no warm-up.
        warmup_steps: length of the warm-up.

    Raises:
        ValueError: if `decay_steps` is not positive.

    Example:
        >>> rate = keras.optimizers.schedules.CosineDecay(
        ...     0.0, 10000, warmup_target=0.1, warmup_steps=1000)
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: float,
        alpha: float = 0.0,
        name: str = "CosineDecay",
        warmup_target: float | None = None,
        warmup_steps: float = 0,
    ) -> None:
        positive_steps("CosineDecay", "decay_steps", decay_steps)
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = decay_steps
        self.alpha = alpha
        self.name = name
        self.warmup_target = warmup_target
        self.warmup_steps = warmup_steps

    def rate(self, step: Any) -> Any:
        """The learning rate at `step`."""
        if self.warmup_target is None:
            return self._fall(step, self.initial_learning_rate)
        top, length = self.warmup_target, self.warmup_steps
        rise = (top - self.initial_learning_rate) / max(length, 1)
        warm = self.initial_learning_rate + rise * minimum(step, length)
        return where(step < length, warm, self._fall(step - length, top))

    def _fall(self, step: Any, top: float) -> Any:
        share = minimum(maximum(step, 0.0), self.decay_steps) / self.decay_steps
        wave = 0.5 * (1 + cos(math.pi * share))
        return top * ((1 - self.alpha) * wave + self.alpha)


class CosineDecayRestarts(Formula):
    """Half cosine waves one after another, each longer and lower than the one before.

    See arXiv 1608.03983.

    Args:
        initial_learning_rate: float.
        first_decay_steps: length of the first wave.
        t_mul: factor from the length of a wave to that of the next, at least 1.
        m_mul: factor from the height of a wave to that of the next.
        alpha: fraction of the initial rate below which the rate never falls.
        name: of the operation.

    Raises:
        ValueError: if `first_decay_steps` is not positive, or `t_mul` is below 1.

    Example:
        >>> rate = keras.optimizers.schedules.CosineDecayRestarts(0.1, 1000)
        >>> optimizer = keras.optimizers.SGD(rate)
    """

    def __init__(
        self,
        initial_learning_rate: float,
        first_decay_steps: float,
        t_mul: float = 2.0,
        m_mul: float = 1.0,
        alpha: float = 0.0,
        name: str = "SGDRDecay",
    ) -> None:
        positive_steps("CosineDecayRestarts", "first_decay_steps", first_decay_steps)
        if t_mul < 1:
            raise ValueError(
                f"CosineDecayRestarts(t_mul=...): got {t_mul}; expected at least 1, or "
                "the waves come to an end. Pass t_mul=1.0 for waves of equal length."
            )
        self.initial_learning_rate = initial_learning_rate
        self.first_decay_steps = first_decay_steps
        self.t_mul = t_mul
        self.m_mul = m_mul
        self.alpha = alpha
        self.name = name

    def rate(self, step: Any) -> Any:
        """The learning rate at `step`."""
        waves = step / self.first_decay_steps
        if self.t_mul == 1:
            index = floor(waves)
            share = waves - index
        else:
            # Wave i begins after (t ** i - 1) / (t - 1) lengths of the first.
            growth = self.t_mul - 1
            index = floor(log(1 + waves * growth) / math.log(self.t_mul))
            length = raised(self.t_mul, index)
            share = (waves - (length - 1) / growth) / length
        share = minimum(maximum(share, 0.0), 1.0)
        wave = 0.5 * raised(self.m_mul, index) * (1 + cos(math.pi * share))
        level = (1 - self.alpha) * wave + self.alpha
        return minimum(self.initial_learning_rate * level, 3e38)
