"""`Lamb`: Adam with step sizes per layer."""

from typing import Any

from keras import ops
from keras.optimizers._lists import TensorList
from keras.optimizers._optimizer import Optimizer
from keras.optimizers._options import resolve_epsilon
from keras.optimizers._plan import Slots
from keras.optimizers._state import LearningRate, Slotted
from keras.typing import Native


class Lamb(Optimizer):
    """Adam whose step for each variable has the norm of the variable: You et al., 2020.

    With Adam's direction `r = m_hat / (sqrt(v_hat) + epsilon)`,
    `w -= learning_rate * |w| / |r| * r` (arXiv 1904.00962); the ratio is 1 for
    a norm of 0.

    Args:
        learning_rate: float, schedule, or function.
        beta_1: float, the share of the past in the first moment.
        beta_2: float, the share of the past in the second moment.
        epsilon: float that keeps the division finite; `None` is the default of Keras.

    The other arguments are those of `keras.optimizers.Optimizer`.

    Example:
        >>> model.compile(optimizer=keras.optimizers.Lamb(1e-3), loss="mse")
    """

    def slot_groups(self) -> Slotted:
        """The slots of each variable."""
        return (("momentum", "velocity"),)

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
        m, v = slots["momentum"], slots["velocity"]
        m.lerp_(g, 1 - self.beta_1)
        v *= self.beta_2
        v.addcmul_(g, g, 1 - self.beta_2)
        r = m / (1 - self.beta_1**step)
        root = (v / (1 - self.beta_2**step)).sqrt_()
        root += self.epsilon
        r /= root
        r *= w.norm().map(_ratio, r.norm())
        w.add_(r, -learning_rate)


def _ratio(weight: Native, direction: Native) -> Native:
    known = ops.logical_and(weight > 0, direction > 0)
    return ops.where(known, weight / ops.where(known, direction, 1.0), 1.0)
