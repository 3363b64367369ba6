"""`SGD`: gradient descent, with momentum."""

from typing import Any

from keras.optimizers._lists import TensorList
from keras.optimizers._optimizer import Optimizer
from keras.optimizers._options import check_range
from keras.optimizers._plan import Slots
from keras.optimizers._state import LearningRate


class SGD(Optimizer):
    """Gradient descent, with momentum.

    `w -= learning_rate * g`; with momentum `m = momentum * m - learning_rate * g` and
    `w += m`, or with Nesterov's `w += momentum * m - learning_rate * g`.

    Args:
        learning_rate: float, schedule, or function.
        momentum: float from 0 to 1.
        nesterov: whether to look ahead (Sutskever et al., 2013).

    The other arguments are those of `keras.optimizers.Optimizer`.

    Raises:
        ValueError: for a momentum out of range.

    Example:
        >>> model.compile(optimizer=keras.optimizers.SGD(0.1, momentum=0.9), loss="mse")
    """

    @property
    def slot_groups(self) -> tuple[tuple[str, ...], ...]:
        """Momentum, where there is one."""
        return (("momentum",),) if self.momentum else ()

    def __init__(
        self,
        learning_rate: LearningRate = 0.01,
        momentum: float = 0.0,
        nesterov: bool = False,
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
        check_range("SGD", "momentum", momentum)
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
        self.momentum = momentum
        self.nesterov = nesterov

    def update_all(
        self, w: TensorList, g: TensorList, slots: Slots, learning_rate: Any, step: Any
    ) -> None:
        """Change weights and slots."""
        if not self.momentum:
            w.add_(g, -learning_rate)
            return
        m = slots["momentum"]
        m *= self.momentum
        m.add_(g, -learning_rate)
        if self.nesterov:
            w.add_(m, self.momentum)
            w.add_(g, -learning_rate)
        else:
            w += m
