"""`RMSprop`: gradients divided by a running root mean square."""

from typing import Any

from keras.optimizers._lists import TensorList
from keras.optimizers._optimizer import Optimizer
from keras.optimizers._options import check_range, resolve_epsilon
from keras.optimizers._plan import Slots
from keras.optimizers._state import LearningRate, Slotted


class RMSprop(Optimizer):
    """Gradients divided by their running root mean square: Hinton's lecture 6e, 2012.

    `v = rho * v + (1 - rho) * g ** 2`, `d = learning_rate * g / sqrt(v + epsilon)` and
    `w -= d`, or with momentum `m = momentum * m + d` and `w -= m`. `centered` subtracts
    the square of the mean gradient from v (Graves, arXiv 1308.0850).

    Args:
        learning_rate: float, schedule, or function.
        rho: float, the share of the past in the mean square.
        momentum: float from 0 to 1.
        epsilon: float inside the root; `None` is `keras.config.epsilon()`.
        centered: whether to divide by the variance instead of the mean square.

    The other arguments are those of `keras.optimizers.Optimizer`.

    Raises:
        ValueError: for a momentum out of range.

    Example:
        >>> model.compile(optimizer=keras.optimizers.RMSprop(1e-3), loss="mse")
    """

    def slot_groups(self) -> Slotted:
        """The mean square, and what `momentum` and `centered` need."""
        groups = [("velocity",)]
        if self.momentum:
            groups.append(("momentum",))
        if self.centered:
            groups.append(("average_gradient",))
        return groups

    def __init__(
        self,
        learning_rate: LearningRate = 0.001,
        rho: float = 0.9,
        momentum: float = 0.0,
        epsilon: float | None = 1e-7,
        centered: bool = False,
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
        check_range("RMSprop", "momentum", momentum)
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
        self.momentum = momentum
        self.epsilon: float = resolve_epsilon(epsilon)
        self.centered = centered

    def update_all(
        self, w: TensorList, g: TensorList, slots: Slots, learning_rate: Any, step: Any
    ) -> None:
        """Change weights and slots."""
        v = slots["velocity"]
        v *= self.rho
        v.addcmul_(g, g, 1 - self.rho)
        if self.centered:
            mean = slots["average_gradient"]
            mean.lerp_(g, 1 - self.rho)
            root = v + self.epsilon
            root.addcmul_(mean, mean, -1.0)
        else:
            root = v + self.epsilon
        root.sqrt_()
        if self.momentum:
            m = slots["momentum"]
            m *= self.momentum
            m.addcdiv_(g, root, learning_rate)
            w -= m
        else:
            w.addcdiv_(g, root, -learning_rate)
