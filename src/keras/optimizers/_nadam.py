"""`Nadam`: Adam with Nesterov momentum."""

from collections.abc import Sequence
from typing import Any

from keras.backend import current
from keras.core.variable import Variable
from keras.optimizers._lists import TensorList
from keras.optimizers._optimizer import Optimizer
from keras.optimizers._options import resolve_epsilon
from keras.optimizers._plan import Slots
from keras.optimizers._state import LearningRate, Slotted

# Of the momentum's schedule, section 2.2 of the paper.
_DECAY = 0.96


class Nadam(Optimizer):
    """Adam with Nesterov momentum: Dozat, 2015.

    With `u_t = beta_1 * (1 - 0.5 * 0.96 ** t)` and `U_t` the product of all of them,
    the first moment is `u_(t+1) * m / (1 - U_(t+1)) + (1 - u_t) * g / (1 - U_t)`.

    Args:
        learning_rate: float, schedule, or function.
        beta_1: float, the share of the past in the first moment.
        beta_2: float, the share of the past in the second moment.
        epsilon: float that keeps the division finite; `None` is the default of Keras.

    The other arguments are those of `keras.optimizers.Optimizer`.

    Example:
        >>> model.compile(optimizer=keras.optimizers.Nadam(1e-3), loss="mse")
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

    def build(self, variables: Sequence[Variable]) -> None:
        """Create the state, with the running product of the momenta."""
        if not self.built:
            super().build(variables)
            self._product = self._counter("product", "float32", 1.0)
            self._state.append(self._product)

    def update_all(
        self, w: TensorList, g: TensorList, slots: Slots, learning_rate: Any, step: Any
    ) -> None:
        """Change weights and slots."""
        m, v = slots["momentum"], slots["velocity"]
        u = self.beta_1 * (1 - 0.5 * _DECAY**step)
        u_next = self.beta_1 * (1 - 0.5 * _DECAY ** (step + 1))
        product = current.engine.scalar(self._product.value) * u
        m.lerp_(g, 1 - self.beta_1)
        v *= self.beta_2
        v.addcmul_(g, g, 1 - self.beta_2)
        ahead = m * (u_next / (1 - product * u_next))
        ahead.add_(g, (1 - u) / (1 - product))
        root = (v / (1 - self.beta_2**step)).sqrt_()
        root += self.epsilon
        w.addcdiv_(ahead, root, -learning_rate)
        self._product.assign(product)
