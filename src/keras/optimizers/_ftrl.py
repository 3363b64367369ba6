"""`Ftrl`: follow the regularized leader."""

from typing import Any

from keras.optimizers._lists import TensorList
from keras.optimizers._optimizer import Optimizer
from keras.optimizers._plan import Slots
from keras.optimizers._state import LearningRate


class Ftrl(Optimizer):
    """Follow the regularized leader: McMahan et al., 2013, for sparse linear models.

    `n_new = n + g ** 2`, with p = -`learning_rate_power`
    `z += g + 2 * shrinkage * w - (n_new ** p - n ** p) / learning_rate * w`, and
    `w = (clip(z, -l1, l1) - z) / ((beta + n_new ** p) / learning_rate + 2 * l2)`.

    Args:
        learning_rate: float, schedule, or function.
        learning_rate_power: float of at most 0.
        initial_accumulator_value: float of at least 0, n at the start.
        l1_regularization_strength: float of at least 0.
        l2_regularization_strength: float of at least 0.
        l2_shrinkage_regularization_strength: float of at least 0, a penalty on the size
            of weights that acts on gradients only.
        beta: float.

    The other arguments are those of `keras.optimizers.Optimizer`.

    Raises:
        ValueError: for strengths below 0 or a power above 0.

    Example:
        >>> model.compile(optimizer=keras.optimizers.Ftrl(0.01), loss="mse")
    """

    slot_groups = (("accumulator", "linear"),)

    def __init__(
        self,
        learning_rate: LearningRate = 0.001,
        learning_rate_power: float = -0.5,
        initial_accumulator_value: float = 0.1,
        l1_regularization_strength: float = 0.0,
        l2_regularization_strength: float = 0.0,
        l2_shrinkage_regularization_strength: float = 0.0,
        beta: float = 0.0,
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
        for label, value, fits in (
            ("learning_rate_power", learning_rate_power, learning_rate_power <= 0),
            ("initial_accumulator_value", initial_accumulator_value, None),
            ("l1_regularization_strength", l1_regularization_strength, None),
            ("l2_regularization_strength", l2_regularization_strength, None),
            (
                "l2_shrinkage_regularization_strength",
                l2_shrinkage_regularization_strength,
                None,
            ),
        ):
            if not (value >= 0 if fits is None else fits):
                bound = "at least 0" if fits is None else "at most 0"
                raise ValueError(
                    f"Ftrl({label}=...): got {value!r}; expected a number of {bound}."
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
        self.learning_rate_power = learning_rate_power
        self.initial_accumulator_value = initial_accumulator_value
        self.l1_regularization_strength = l1_regularization_strength
        self.l2_regularization_strength = l2_regularization_strength
        self.l2_shrinkage_regularization_strength = l2_shrinkage_regularization_strength
        self.beta = beta

    def first_value(self, name: str) -> Any:
        """The accumulator's first value; zeros for all else."""
        if name == "accumulator":
            return float(self.initial_accumulator_value)
        return super().first_value(name)

    def update_all(
        self, w: TensorList, g: TensorList, slots: Slots, learning_rate: Any, step: Any
    ) -> None:
        """Change weights and slots."""
        n, z = slots["accumulator"], slots["linear"]
        l1 = self.l1_regularization_strength
        power = -self.learning_rate_power
        before = n.power(power)
        n.addcmul_(g, g, 1.0)
        after = n.power(power)
        z += g
        z.add_(w, 2 * self.l2_shrinkage_regularization_strength)
        z.addcmul_(after - before, w, -1 / learning_rate)
        after += self.beta
        after /= learning_rate
        after += 2 * self.l2_regularization_strength
        numerator = z.minimum(l1).maximum_(-l1)
        numerator -= z
        numerator /= after
        w.assign_(numerator)
