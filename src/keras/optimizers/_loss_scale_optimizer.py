"""`LossScaleOptimizer`: a loss scale that follows the range of float16."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

from keras import ops
from keras.backend import current
from keras.core.serialization import deserialize_keras_object, serialize_keras_object
from keras.core.updates import update_if
from keras.core.variable import Variable
from keras.errors import shorten
from keras.optimizers._optimizer import Optimizer
from keras.typing import Config, Tensor


class LossScaleOptimizer(Optimizer):
    """An optimizer around another one that scales the loss to the range of float16.

    Steps with an infinite or undefined gradient are left out, and halve the scale;
    after `dynamic_growth_steps` good ones it doubles. Nothing of this waits for the
    device.

    Args:
        inner_optimizer: the optimizer that makes the steps.
        initial_scale: float, the first scale.
        dynamic_growth_steps: int, good steps before the scale doubles.
        name: default: "loss_scale_optimizer", counted up.

    Raises:
        TypeError: if `inner_optimizer` is no optimizer.

    Example:
        >>> inner = keras.optimizers.Adam(1e-3)
        >>> optimizer = keras.optimizers.LossScaleOptimizer(inner)
    """

    def __init__(
        self,
        inner_optimizer: Optimizer,
        initial_scale: float = 2.0**15,
        dynamic_growth_steps: int = 2000,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        if not isinstance(inner_optimizer, Optimizer):
            raise TypeError(
                "LossScaleOptimizer(inner_optimizer=...): got "
                f"{shorten(repr(inner_optimizer))}; expected an optimizer. Pass for "
                "example keras.optimizers.Adam()."
            )
        self.inner_optimizer = inner_optimizer
        super().__init__(learning_rate=0.0, name=name, **kwargs)
        self.initial_scale = initial_scale
        self.dynamic_growth_steps = dynamic_growth_steps
        self._on_device()

    def _on_device(self) -> None:
        """Let the inner count lie where the gradients are found to be finite."""
        inner = self.inner_optimizer
        inner._iterations = inner._counter(
            "iteration", "int64", int(inner._iterations), host=False
        )

    def build(self, variables: Sequence[Variable]) -> None:
        """Create the state, that of the inner optimizer included."""
        if self.built:
            return
        super().build(variables)
        first = self.initial_scale
        self.step_counter: Variable = self._counter("step_counter", "int32", host=False)
        self.dynamic_scale: Variable = self._counter(
            "dynamic_scale", "float32", first, host=False
        )
        self._state += [self.step_counter, self.dynamic_scale]
        self.inner_optimizer.build(variables)
        self._weight_of |= self.inner_optimizer._weight_of

    @property
    def variables(self) -> list[Variable]:
        """Its own state, then that of the inner optimizer."""
        return [*super().variables, *self.inner_optimizer.variables]

    @property
    def iterations(self) -> Any:
        """The number of steps the inner optimizer made."""
        return self.inner_optimizer.iterations

    @property
    def learning_rate(self) -> Any:
        """The learning rate of the inner optimizer."""
        return self.inner_optimizer.learning_rate

    @learning_rate.setter
    def learning_rate(self, value: Any) -> None:
        if self._learning_rate is None:
            # Files have one of the wrapper's own, which nothing reads.
            self._learning_rate = self._counter("learning_rate", "float32")
        else:
            self.inner_optimizer.learning_rate = value

    def _apply(self, grads: list[Any], variables: Sequence[Variable]) -> None:
        scale, counter = self.dynamic_scale, self.step_counter
        finite = self.check_finite(grads)
        engine = current.engine
        unscaled = [
            engine.divide(g, engine.cast(scale.value, engine.dtype(g)))
            for g in map(ops.convert_to_tensor, grads)
        ]
        update_if(
            finite,
            lambda: self.inner_optimizer.apply(unscaled, variables),
            [*self.inner_optimizer.variables, *variables],
        )
        count = counter.value + 1
        grown = ops.logical_and(finite, count >= self.dynamic_growth_steps)
        factor = ops.where(grown, 2.0, ops.where(finite, 1.0, 0.5))
        going_on = ops.logical_and(finite, ops.logical_not(grown))
        counter.assign(ops.where(going_on, count, 0))
        scale.assign(scale.value * factor)

    def check_finite(self, grads: Sequence[Any]) -> Tensor:
        """Whether no gradient holds an infinite or undefined value: a scalar bool."""
        finite = [ops.all(ops.isfinite(g)) for g in grads if g is not None]
        return ops.all(ops.stack(finite))

    def scale_loss(self, loss: Any) -> Tensor:
        """The loss times the scale of now."""
        scale = self.dynamic_scale.value if self.built else self.initial_scale
        return ops.multiply(loss, scale)

    def finalize_variable_values(self, var_list: Sequence[Variable]) -> None:
        """As the inner optimizer does."""
        self.inner_optimizer.finalize_variable_values(var_list)

    def get_config(self) -> Config:
        """The constructor's arguments."""
        return {
            "name": self.name,
            "inner_optimizer": serialize_keras_object(self.inner_optimizer),
            "initial_scale": self.initial_scale,
            "dynamic_growth_steps": self.dynamic_growth_steps,
        }

    @classmethod
    def from_config(
        cls, config: Config, custom_objects: Mapping[str, Any] | None = None
    ) -> Self:
        """A wrapper made from what `get_config` returned."""
        inner = deserialize_keras_object(config["inner_optimizer"], custom_objects)
        return cls(**{**config, "inner_optimizer": inner})
