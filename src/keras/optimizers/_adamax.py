"""`Adamax`: Adam with the infinity norm."""

from typing import Any

from keras.optimizers._lists import TensorList
from keras.optimizers._optimizer import Optimizer
from keras.optimizers._options import resolve_epsilon
from keras.optimizers._plan import Slots
from keras.optimizers._state import LearningRate, Slotted


class Adamax(Optimizer):
    """Adam with the infinity norm in place of the second moment: arXiv 1412.6980.

    `m += (1 - beta_1) * (g - m)`, `u = max(beta_2 * u, |g|)`,
    `w -= learning_rate / (1 - beta_1 ** t) * m / (u + epsilon)`.

    Args:
        learning_rate: float, schedule, or function.
        beta_1: float, the share of the past in the first moment.
        beta_2: float, the decay of the norm.
        epsilon: float that keeps the division finite; `None` is the default of Keras.

    The other arguments are those of `keras.optimizers.Optimizer`.

    Example:
        >>> model.compile(optimizer=keras.optimizers.Adamax(1e-3), loss="mse")
    """

    def slot_groups(self) -> Slotted:
        """The slots of each variable."""
        return (("momentum", "norm"),)

    def __init__(
        self,
        learning_rate: LearningRate = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float | None = 1e-7,
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

    def update_all(
        self, w: TensorList, g: TensorList, slots: Slots, learning_rate: Any, step: Any
    ) -> None:
        """Change weights and slots."""
        m, u = slots["momentum"], slots["norm"]
        m.lerp_(g, 1 - self.beta_1)
        u *= self.beta_2
        u.maximum_(g.abs())
        w.addcdiv_(m, u + self.epsilon, -learning_rate / (1 - self.beta_1**step))
