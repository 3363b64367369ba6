"""`Adafactor`: second moments of matrices from their rows and columns."""

from collections.abc import Sequence
from typing import Any

from keras import ops
from keras.backend import current
from keras.core.variable import Variable
from keras.optimizers._lists import TensorList
from keras.optimizers._optimizer import Optimizer
from keras.optimizers._plan import Slots
from keras.optimizers._state import LearningRate
from keras.typing import Native


class Adafactor(Optimizer):
    """Adam-like steps with little memory: Shazeer and Stern (arXiv 1804.04235).

    The second moment of a kernel is the product of those of its rows and its columns.
    Steps are relative to the root mean square of the weights, and clipped.

    Args:
        learning_rate: float, schedule, or function.
        beta_2_decay: float; the share of the past is `1 - t ** beta_2_decay`.
        epsilon_1: float added to squared gradients.
        epsilon_2: float, the least scale of the weights.
        clip_threshold: float, the largest root mean square of an update.
        relative_step: whether the learning rate is bounded by `1 / sqrt(t)`.

    The other arguments are those of `keras.optimizers.Optimizer`.

    Example:
        >>> model.compile(optimizer=keras.optimizers.Adafactor(1e-2), loss="mse")
    """

    def __init__(
        self,
        learning_rate: LearningRate = 0.001,
        beta_2_decay: float = -0.8,
        epsilon_1: float = 1e-30,
        epsilon_2: float = 1e-3,
        clip_threshold: float = 1.0,
        relative_step: bool = True,
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
        self.beta_2_decay = beta_2_decay
        self.epsilon_1 = epsilon_1
        self.epsilon_2 = epsilon_2
        self.clip_threshold = clip_threshold
        self.relative_step = relative_step

    def build(self, variables: Sequence[Variable]) -> None:
        """Create rows, columns and velocities, variable by variable."""
        if self.built:
            return
        super().build(variables)
        names = ("row", "column", "velocity")
        self._slots |= {name: [] for name in names}
        for variable in variables:
            values = [None, None, None]
            if not variable.overwrite_with_gradient:
                values = self._add_factors(variable)
            for name, value in zip(names, values, strict=True):
                self._slots[name].append(value)

    def _add_factors(self, variable: Variable) -> list[Any]:
        shape, name = variable.shape, variable.path.replace("/", "_")
        parts = {"row": shape[:-1], "column": shape[:-2] + shape[-1:]}
        dtype = variable._dtype
        is_flat = len(shape) < 2
        if is_flat:
            # Files have two placeholders here.
            parts, dtype = {"row": (), "column": ()}, "int32"
        factors = []
        for label, part in parts.items():
            slot = self.add_variable(part, "zeros", dtype, name=f"{name}_{label}")
            self._weight_of[id(slot)] = (variable, label)
            factors.append(None if is_flat else slot)
        return [*factors, self.add_variable_from_reference(variable, "velocity")]

    def update_all(
        self, w: TensorList, g: TensorList, slots: Slots, learning_rate: Any, step: Any
    ) -> None:
        """Change weights and slots."""
        v = slots["velocity"]
        past = 1 - step**self.beta_2_decay
        if self.relative_step:
            # No faster than 1 / sqrt(t).
            learning_rate = _smaller(learning_rate, step**-0.5)
        squares = g.map(ops.square)
        squares += self.epsilon_1
        factored = slots.places["row"]
        flat = sorted(set(range(len(w.items))) - set(factored))
        if factored:
            part = squares.pick(factored)
            rows, columns = slots["row"], slots["column"]
            rows.lerp_(part.map(lambda x: ops.mean(x, axis=-1)), 1 - past)
            columns.lerp_(part.map(lambda x: ops.mean(x, axis=-2)), 1 - past)
            kept = v.pick(factored)
            v.put(factored, kept.assign_(rows.map(_product, columns)))
        if flat:
            kept = v.pick(flat)
            v.put(flat, kept.lerp_(squares.pick(flat), 1 - past))
        u = g / v.sqrt()
        u /= (u.map(_root_mean_square) / self.clip_threshold).maximum_(1.0)
        u *= w.map(_root_mean_square).maximum_(self.epsilon_2)
        w.add_(u, -learning_rate)


def _smaller(x: Any, y: Any) -> Any:
    if isinstance(x, float) and isinstance(y, float):
        return min(x, y)
    return ops.minimum(x, y)


def _root_mean_square(x: Native) -> Native:
    return ops.sqrt(ops.mean(ops.square(x)))


def _product(row: Native, column: Native) -> Native:
    """The second moment from those of rows (..., m) and columns (..., n)."""
    share = row / ops.mean(row, axis=-1, keepdims=True)
    share, column = ops.expand_dims(share, -1), ops.expand_dims(column, -2)
    return current.engine.multiply(share, column)  # (..., m, n)
