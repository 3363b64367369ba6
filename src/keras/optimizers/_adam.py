"""`Adam`: step sizes from estimates of the first two moments."""

from typing import Any

from keras.backend import current
from keras.optimizers._lists import TensorList
from keras.optimizers._optimizer import Optimizer
from keras.optimizers._options import resolve_epsilon
from keras.optimizers._plan import Slots
from keras.optimizers._state import LearningRate, Slotted


class Adam(Optimizer):
    """Steps scaled by estimates of the gradients' first two moments.

    `m += (1 - beta_1) * (g - m)`, `v += (1 - beta_2) * (g ** 2 - v)`,
    `w -= r * m / (sqrt(v) + epsilon)` with
    `r = learning_rate * sqrt(1 - beta_2 ** t) / (1 - beta_1 ** t)`: Kingma and Ba
    (arXiv 1412.6980). The epsilon is that of the note before section 2.1; PyTorch's
    differs from it by `sqrt(1 - beta_2 ** t)`.

    Args:
        learning_rate: float, schedule, or function.
        beta_1: float, the share of the past in the first moment.
        beta_2: float, the share of the past in the second moment.
        epsilon: float that keeps the division finite; `None` is the default of Keras.
        amsgrad: whether to divide by the largest second moment so far (Reddi, 2018).

    The other arguments are those of `keras.optimizers.Optimizer`.

    Example:
        >>> model.compile(optimizer=keras.optimizers.Adam(1e-3), loss="mse")
    """

    def slot_groups(self) -> Slotted:
        """Both moments, and with `amsgrad` the largest second moment."""
        moments = ("momentum", "velocity")
        return (moments, ("velocity_hat",)) if self.amsgrad else (moments,)

    def __init__(
        self,
        learning_rate: LearningRate = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float | None = 1e-7,
        amsgrad: bool = False,
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
        self.amsgrad = amsgrad

    def update_all(
        self, w: TensorList, g: TensorList, slots: Slots, learning_rate: Any, step: Any
    ) -> None:
        """Change weights and slots."""
        m, v = slots["momentum"], slots["velocity"]
        largest = slots.get("velocity_hat")
        if fused := getattr(current.engine, "fused_adam", None):
            maxima = largest.items if largest else []
            lists = (w.items, g.items, m.items, v.items, maxima)
            betas = (self.beta_1, self.beta_2)
            if fused(*lists, step, learning_rate, *betas, self.epsilon):
                return
        rate = learning_rate * (1 - self.beta_2**step) ** 0.5 / (1 - self.beta_1**step)
        m.lerp_(g, 1 - self.beta_1)
        v *= self.beta_2
        v.addcmul_(g, g, 1 - self.beta_2)
        if largest:
            v = largest.maximum_(v)
        root = v.sqrt()
        root += self.epsilon
        w.addcdiv_(m, root, -rate)
