"""`Adagrad`: gradients divided by the root of their sum of squares."""

from typing import Any

from keras.optimizers._lists import TensorList
from keras.optimizers._optimizer import Optimizer
from keras.optimizers._options import resolve_epsilon
from keras.optimizers._plan import Slots
from keras.optimizers._state import LearningRate, Slotted


class Adagrad(Optimizer):
    """Gradients divided by the root of their sum of squares: Duchi et al., 2011.

    `a += g ** 2`, `w -= learning_rate * g / sqrt(a + epsilon)`.

    Args:
        learning_rate: float, schedule, or function.
        initial_accumulator_value: float of at least 0, the sum of squares at the start.
        epsilon: float inside the root; `None` is `keras.config.epsilon()`.

    The other arguments are those of `keras.optimizers.Optimizer`.

    Example:
        >>> model.compile(optimizer=keras.optimizers.Adagrad(0.01), loss="mse")
    """

    def slot_groups(self) -> Slotted:
        """The slots of each variable."""
        return (("accumulator",),)

    def __init__(
        self,
        learning_rate: LearningRate = 0.001,
        initial_accumulator_value: float = 0.1,
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
        self.initial_accumulator_value = initial_accumulator_value
        self.epsilon: float = resolve_epsilon(epsilon)

    def first_value(self, name: str) -> Any:
        """The accumulator's first value; zeros for all else."""
        if name == "accumulator":
            return float(self.initial_accumulator_value)
        return super().first_value(name)

    def update_all(
        self, w: TensorList, g: TensorList, slots: Slots, learning_rate: Any, step: Any
    ) -> None:
        """Change weights and slots."""
        a = slots["accumulator"]
        a.addcmul_(g, g, 1.0)
        w.addcdiv_(g, (a + self.epsilon).sqrt_(), -learning_rate)
