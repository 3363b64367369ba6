"""`Lion`: the sign of a momentum."""

from typing import Any

from keras.optimizers._lists import TensorList
from keras.optimizers._optimizer import Optimizer
from keras.optimizers._options import check_range
from keras.optimizers._plan import Slots
from keras.optimizers._state import LearningRate


class Lion(Optimizer):
    """Steps of one size, in the direction of a momentum: arXiv 2302.06675.

    `w -= learning_rate * sign(beta_1 * m + (1 - beta_1) * g)`, then
    `m = beta_2 * m + (1 - beta_2) * g`.

    Args:
        learning_rate: float, schedule, or function; about a tenth of Adam's.
        beta_1: float above 0, the share of the past in the step.
        beta_2: float, the share of the past in the momentum.

    The other arguments are those of `keras.optimizers.Optimizer`.

    Raises:
        ValueError: for a `beta_1` out of range.

    Example:
        >>> model.compile(optimizer=keras.optimizers.Lion(1e-4), loss="mse")
    """

    slot_groups = (("momentum",),)

    def __init__(
        self,
        learning_rate: LearningRate = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.99,
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
        check_range("Lion", "beta_1", beta_1)
        if beta_1 == 0:
            raise ValueError(
                "Lion(beta_1=...): got 0; expected a number above 0. Use SGD for steps "
                "without momentum."
            )
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

    def update_all(
        self, w: TensorList, g: TensorList, slots: Slots, learning_rate: Any, step: Any
    ) -> None:
        """Change weights and slots."""
        m = slots["momentum"]
        direction = m * self.beta_1
        direction.add_(g, 1 - self.beta_1)
        w.add_(direction.sign(), -learning_rate)
        m.lerp_(g, 1 - self.beta_2)
