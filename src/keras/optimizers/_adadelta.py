"""`Adadelta`: steps in the unit of the weights."""

from typing import Any

from keras.optimizers._lists import TensorList
from keras.optimizers._optimizer import Optimizer
from keras.optimizers._options import resolve_epsilon
from keras.optimizers._plan import Slots
from keras.optimizers._state import LearningRate, Slotted


class Adadelta(Optimizer):
    """Steps as large as the recent ones, per unit of gradient: arXiv 1212.5701.

    `a = rho * a + (1 - rho) * g ** 2`, `d = sqrt(b + epsilon) / sqrt(a + epsilon) * g`,
    `b = rho * b + (1 - rho) * d ** 2`, `w -= learning_rate * d`. The paper has
    a learning rate of 1.

    Args:
        learning_rate: float, schedule, or function.
        rho: float, the share of the past.
        epsilon: float inside the roots; `None` is `keras.config.epsilon()`.

    The other arguments are those of `keras.optimizers.Optimizer`.

    Example:
        >>> model.compile(optimizer=keras.optimizers.Adadelta(1.0), loss="mse")
    """

    def slot_groups(self) -> Slotted:
        """The slots of each variable."""
        return (("accumulated_grad", "accumulated_delta_var"),)

    def __init__(
        self,
        learning_rate: LearningRate = 0.001,
        rho: float = 0.95,
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
        self.rho = rho
        self.epsilon: float = resolve_epsilon(epsilon)

    def update_all(
        self, w: TensorList, g: TensorList, slots: Slots, learning_rate: Any, step: Any
    ) -> None:
        """Change weights and slots."""
        a, b = slots["accumulated_grad"], slots["accumulated_delta_var"]
        a *= self.rho
        a.addcmul_(g, g, 1 - self.rho)
        d = (b + self.epsilon).sqrt_()
        d /= (a + self.epsilon).sqrt_()
        d *= g
        b *= self.rho
        b.addcmul_(d, d, 1 - self.rho)
        w.add_(d, -learning_rate)
