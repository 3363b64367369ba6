"""`ScheduleFreeAdamW`: AdamW whose weights are the mean of all iterates."""

from collections.abc import Sequence
from typing import Any

from keras.core.variable import Variable
from keras.optimizers._lists import TensorList
from keras.optimizers._optimizer import Optimizer
from keras.optimizers._options import resolve_epsilon
from keras.optimizers._plan import Slots
from keras.optimizers._state import LearningRate, Slotted
from keras.optimizers.schedules._numbers import minimum


class ScheduleFreeAdamW(Optimizer):
    """Averaging in place of a schedule: Defazio et al. (arXiv 2405.15682).

    A sequence z is updated as by RMSprop with bias correction, and the weights are its
    mean: `z -= learning_rate * g / (sqrt(v_hat) + epsilon)`, `w += (z - w) / t`. As in
    Keras 3, gradients are taken at the mean; the paper takes them between it and z.

    Args:
        learning_rate: float, schedule, or function.
        beta_1: float, kept for files; the mean takes the place of a first moment.
        beta_2: float, the share of the past in the second moment.
        epsilon: float that keeps the division finite; `None` is
            `keras.config.epsilon()`.
        warmup_steps: int, steps in which the learning rate rises from 0.

    The other arguments are those of `keras.optimizers.Optimizer`.

    Example:
        >>> model.compile(optimizer=keras.optimizers.ScheduleFreeAdamW(), loss="mse")
    """

    def __init__(
        self,
        learning_rate: LearningRate = 0.0025,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float | None = 1e-8,
        warmup_steps: int = 0,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: float | None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            learning_rate=learning_rate,
            weight_decay=weight_decay,
            clipnorm=clipnorm,
            clipvalue=clipvalue,
            global_clipnorm=global_clipnorm,
            use_ema=use_ema,
            ema_momentum=ema_momentum,
            ema_overwrite_frequency=ema_overwrite_frequency,
            loss_scale_factor=loss_scale_factor,
            gradient_accumulation_steps=gradient_accumulation_steps,
            name=name,
            **kwargs,
        )
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon: float = resolve_epsilon(epsilon)
        self.warmup_steps = warmup_steps

    def slot_groups(self) -> Slotted:
        """The slots of each variable."""
        return (("momentum", "velocity"),)

    def build(self, variables: Sequence[Variable]) -> None:
        """Create the state; z starts at the weights."""
        if self.built:
            return
        super().build(variables)
        for variable, z in zip(variables, self._slots["momentum"], strict=True):
            if z is not None:
                z.assign(variable.numpy())

    def update_all(
        self, w: TensorList, g: TensorList, slots: Slots, learning_rate: Any, step: Any
    ) -> None:
        """Change weights and slots."""
        z, v = slots["momentum"], slots["velocity"]
        if self.warmup_steps:
            learning_rate = learning_rate * minimum(step / self.warmup_steps, 1.0)
        v *= self.beta_2
        v.addcmul_(g, g, 1 - self.beta_2)
        root = (v / (1 - self.beta_2**step)).sqrt_()
        root += self.epsilon
        z.addcdiv_(g, root, -learning_rate)
        w.lerp_(z, 1 / step)
