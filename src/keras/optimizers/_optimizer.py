"""`Optimizer`: gradients in, weights out; the update itself is in its subclasses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Self

from keras import ops
from keras.backend import current
from keras.core import naming
from keras.core.lookup import constructor_config
from keras.core.scopes import StatelessScope
from keras.core.serialization import deserialize_keras_object, serialize_keras_object
from keras.core.updates import assign_all
from keras.core.variable import Variable
from keras.errors import shorten, warn
from keras.optimizers import _parts as parts
from keras.optimizers._gradients import clean, overwrite
from keras.optimizers._lists import TensorList
from keras.optimizers._options import check_options
from keras.optimizers._plan import Plan, Slots
from keras.optimizers._state import LearningRate, State
from keras.optimizers.schedules._schedule import Formula, LearningRateSchedule
from keras.typing import Config, Native, Tensor


class Optimizer(State):
    """The base of all optimizers.

    A new optimizer states its slots and its update, over lists of tensors:

        class Momentum(keras.optimizers.Optimizer):
            def slot_groups(self):
                return (("momentum",),)

            def update_all(self, w, g, slots, learning_rate, step):
                m = slots["momentum"]
                m *= 0.9
                m += g
                w.add_(m, -learning_rate)

    or it overrides `build` and `update_step(gradient, variable, learning_rate)`, which
    are called variable by variable.

    Args:
        learning_rate: float, `keras.optimizers.schedules.LearningRateSchedule`, or a
            function without arguments.
        weight_decay: float; weights shrink by `weight_decay * learning_rate` a step.
        clipnorm: norm that the gradient of each variable is scaled down to.
        clipvalue: bound on each entry of the gradients.
        global_clipnorm: norm that all gradients together are scaled down to.
        use_ema: whether to keep an exponential moving average of the weights.
        ema_momentum: float, the weight of the past in it.
        ema_overwrite_frequency: steps after which the average replaces the weights;
            `None` leaves that to `finalize_variable_values`.
        loss_scale_factor: float that `scale_loss` multiplies by and `apply` divides by.
        gradient_accumulation_steps: calls of `apply` that make one step together.
        name: default: the class name in snake case, counted up.

    Raises:
        ValueError: for options that contradict each other or are out of range.
        TypeError: for an unknown option.

    Example:
        >>> optimizer = keras.optimizers.Adam(1e-3, weight_decay=1e-2)
        >>> model.compile(optimizer=optimizer, loss="mse")
    """

    def __init__(
        self,
        learning_rate: LearningRate,
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
        owner = type(self).__name__
        if kwargs:
            # Late: legacy stands above, and only old programs need it.
            from keras.legacy._optimizers import modern_learning_rate

            learning_rate = modern_learning_rate(owner, learning_rate, kwargs)
        check_options(
            owner,
            clipnorm=clipnorm,
            clipvalue=clipvalue,
            global_clipnorm=global_clipnorm,
            use_ema=use_ema,
            ema_momentum=ema_momentum,
            ema_overwrite_frequency=ema_overwrite_frequency,
            gradient_accumulation_steps=gradient_accumulation_steps,
        )
        self.weight_decay = weight_decay
        self.clipnorm = clipnorm
        self.clipvalue = clipvalue
        self.global_clipnorm = global_clipnorm
        self.use_ema = use_ema
        self.ema_momentum = ema_momentum
        self.ema_overwrite_frequency = ema_overwrite_frequency
        self.loss_scale_factor = loss_scale_factor
        self.gradient_accumulation_steps = gradient_accumulation_steps
        self._exclusions = parts.Exclusions()
        self._plans: dict[tuple[int, ...], Plan] = {}
        super().__init__(learning_rate, name or naming.auto_name(owner))

    # Updating.

    def apply(
        self,
        grads: Sequence[Any],
        trainable_variables: Sequence[Variable] | None = None,
    ) -> None:
        """Update variables by their gradients.

        Args:
            grads: list of tensors; `None` leaves a variable as it is.
            trainable_variables: the variables, in the same order; default: those that
                the optimizer was built with.

        Raises:
            ValueError: if there is no gradient at all, or the lists do not fit.
            ShapeError: if a gradient has another shape than its variable.
        """
        if trainable_variables is None:
            if not self.built:
                raise ValueError(
                    f"{self.name}.apply(grads): called without variables before the "
                    "optimizer was built. Pass apply(grads, trainable_variables), or "
                    "call build(variables) first."
                )
            trainable_variables = self._trainable_variables
        grads = list(grads)
        if len(grads) != len(trainable_variables):
            raise ValueError(
                f"{self.name}.apply: got {len(grads)} gradients for "
                f"{len(trainable_variables)} variables; expected one for each. Pass "
                "None for a variable without a gradient."
            )
        if not grads:
            return
        if any(g is None for g in grads):
            grads, trainable_variables = self._without_none(grads, trainable_variables)
        if not self.built:
            self.build(trainable_variables)
        with current.load(current.active()).no_grad():
            self._apply(grads, trainable_variables)

    def _without_none(
        self, grads: list[Any], variables: Sequence[Variable]
    ) -> tuple[list[Any], list[Variable]]:
        if not self.built:
            self.build(variables)
        pairs = zip(grads, variables, strict=True)
        there = [(g, v) for g, v in pairs if g is not None]
        missing = [v.path for g, v in zip(grads, variables, strict=True) if g is None]
        names = shorten(", ".join(missing), 300)
        if not there:
            raise ValueError(
                f"{self.name}.apply: got no gradient for any of {names}. Check that "
                "the loss depends on them, and that they are trainable."
            )
        warn(
            f"{self.name}.apply: got no gradient for {names}; they stay as they are. "
            "If the loss should depend on them, check the model; else set "
            "trainable = False."
        )
        return [g for g, _ in there], [v for _, v in there]

    def _apply(self, grads: list[Any], variables: Sequence[Variable]) -> None:
        if any(v.overwrite_with_gradient for v in variables):
            grads, variables = overwrite(grads, variables)
        if variables:
            key = tuple(map(id, variables))
            plan = self._plans.get(key)
            if plan is None:
                plan = self._plans[key] = Plan(self, variables)
            g = TensorList(clean(self.name, grads, plan.weights.variables))
            if self.loss_scale_factor:
                g = g / self.loss_scale_factor
            steps = self.gradient_accumulation_steps
            if steps:
                parts.accumulate(self, plan, g, steps)
            else:
                self._step(g, plan)
        self._iterations.assign_add(1)
        for variable in variables:
            if variable.constraint is not None:
                variable.assign(variable.constraint(variable))

    def _count(self) -> Any:
        """The number of calls of `apply` so far: a number, or a traced tensor."""
        return current.engine.scalar(self._iterations.value)

    def _step(self, g: TensorList, plan: Plan) -> None:
        """One update of the variables of `plan` by the gradients `g`."""
        count = self._count()
        # A schedule counts calls, the update counts updates.
        rate = self._current_rate(count)
        if self.gradient_accumulation_steps:
            count = count // self.gradient_accumulation_steps
        if current.engine.is_tensor(count):
            count = current.engine.cast(count, "float32")
        step = count + 1
        if self.clipnorm is not None:
            g = parts.clip_by_norm(g, self.clipnorm)
        elif self.global_clipnorm is not None:
            g = parts.clip_by_global_norm(g, self.global_clipnorm)
        elif self.clipvalue is not None:
            g = parts.clip_by_value(g, self.clipvalue)
        w = TensorList(plan.weights.read())
        self._decay(w, plan, rate)
        if self._by_variable:
            w = self._update_one_by_one(w, g, plan, rate)
        else:
            slots = Slots(plan)
            self.update_all(w, g, slots, rate, step)
            for name, values in slots.items():
                plan.slots[name].write(values.items)
        if self.use_ema:
            averages = TensorList(plan.slots["average"].read())
            frequency = self.ema_overwrite_frequency
            parts.average(averages, w, self.ema_momentum, frequency, step)
            plan.slots["average"].write(averages.items)
        plan.weights.write(w.items)

    def _current_rate(self, count: Any) -> Any:
        """The learning rate as a number where it is one, else as a tensor."""
        engine = current.engine
        rate = self._learning_rate
        if isinstance(rate, Variable):
            return engine.scalar(rate.value)
        if isinstance(rate, Formula):
            traced = engine.is_tensor(count)
            value = rate.rate(engine.cast(count, "float64") if traced else count)
        elif isinstance(rate, LearningRateSchedule):
            value = rate(self._iterations.value)
        else:
            value = rate()
        value = value.value if isinstance(value, Variable) else value
        if not engine.is_tensor(value):
            return float(value)  # type: ignore[arg-type]
        return engine.scalar(engine.cast(value, "float32"))

    def _decay(self, w: TensorList, plan: Plan, learning_rate: Any) -> None:
        """Shrink the weights that are not excluded from weight decay."""
        if self.weight_decay:
            factor = 1 - self.weight_decay * learning_rate
            parts.decay(w, plan.decayed, factor)

    def update_all(
        self, w: TensorList, g: TensorList, slots: Slots, learning_rate: Any, step: Any
    ) -> None:
        """Change weights and slots, in place of the lists that are given.

        Args:
            w: weights.
            g: gradients, which must not be written to.
            slots: the state by name.
            learning_rate: number or scalar tensor.
            step: number of this update, from 1 on.
        """
        raise NotImplementedError(
            f"{type(self).__name__} has no update. Define update_step(self, gradient, "
            "variable, learning_rate), or update_all over lists."
        )

    def update_step(
        self, gradient: Any, variable: Variable, learning_rate: Any
    ) -> None:
        """Update one variable.

        Args:
            gradient: tensor of the shape of the variable.
            variable: `keras.Variable`.
            learning_rate: scalar.
        """
        engine = current.load(current.active())
        with engine.no_grad():
            plan = Plan(self, [variable])
            w = TensorList(plan.weights.read())
            slots = Slots(plan)
            g = TensorList(clean(self.name, [gradient], [variable]))
            rate = learning_rate
            if engine.is_tensor(rate):
                rate = engine.scalar(rate)
            self.update_all(w, g, slots, rate, self._count() + 1)
            for name, values in slots.items():
                plan.slots[name].write(values.items)
            plan.weights.write(w.items)

    @cached_property
    def _by_variable(self) -> bool:
        """Whether a subclass defines `update_step` after (or without) `update_all`."""
        for cls in type(self).__mro__:
            if "update_all" in cls.__dict__:
                return cls is Optimizer
            if "update_step" in cls.__dict__:
                return True
        return False

    def _update_one_by_one(
        self, w: TensorList, g: TensorList, plan: Plan, rate: Any
    ) -> TensorList:
        plan.weights.write(w.items)
        learning_rate = ops.convert_to_tensor(rate)
        for gradient, variable in zip(g.items, plan.variables, strict=True):
            self.update_step(gradient, variable, learning_rate)
        return TensorList(plan.weights.read())

    def apply_gradients(self, grads_and_vars: Iterable[tuple[Any, Variable]]) -> Any:
        """Update variables, given as pairs of a gradient and a variable.

        Returns:
            The number of updates made so far.
        """
        pairs = list(grads_and_vars)
        self.apply([g for g, _ in pairs], [v for _, v in pairs])
        return self.iterations

    def stateless_apply(
        self,
        optimizer_variables: Sequence[Any],
        grads: Sequence[Any],
        trainable_variables: Sequence[Any],
    ) -> tuple[list[Native], list[Native]]:
        """`apply` as a pure function of tensors.

        Args:
            optimizer_variables: values of `optimizer.variables`.
            grads: gradients.
            trainable_variables: values of the variables it was built with.

        Returns:
            New values of the trainable variables and of the optimizer's.
        """
        self._check_stateless(optimizer_variables, trainable_variables)
        own, weights = self.variables, self._trainable_variables
        state = [
            *zip(own, optimizer_variables, strict=True),
            *zip(weights, trainable_variables, strict=True),
        ]
        with StatelessScope(state) as scope:
            self.apply(grads)
            return (
                [scope.read(v) for v in weights],
                [scope.read(v) for v in own],
            )

    def _check_stateless(self, own: Sequence[Any], weights: Sequence[Any]) -> None:
        if not self.built:
            raise ValueError(
                f"{self.name}.stateless_apply: called before the optimizer was built. "
                "Call build(variables) first."
            )
        for what, given, known in (
            ("optimizer_variables", own, self.variables),
            ("trainable_variables", weights, self._trainable_variables),
        ):
            if len(given) != len(known):
                raise ValueError(
                    f"{self.name}.stateless_apply({what}=...): got {len(given)} "
                    f"values; expected {len(known)}. Pass one for each, in order."
                )

    def scale_loss(self, loss: Any) -> Tensor:
        """The loss to take gradients of: times `loss_scale_factor`, if there is one."""
        if not self.loss_scale_factor:
            return loss  # type: ignore[no-any-return]
        return ops.multiply(loss, self.loss_scale_factor)

    def finalize_variable_values(self, var_list: Sequence[Variable]) -> None:
        """Set variables to their moving averages, where the optimizer keeps them.

        Args:
            var_list: the variables.
        """
        if not self.use_ema:
            return
        averages = self._slots.get("average", [])
        pairs = [(v, averages[self._get_variable_index(v)]) for v in var_list]
        pairs = [(v, a) for v, a in pairs if a is not None]
        copies = [current.engine.copy(a.value) for _, a in pairs]
        assign_all([v for v, _ in pairs], copies)

    def exclude_from_weight_decay(
        self,
        var_list: Iterable[Variable] | None = None,
        var_names: Iterable[str] | None = None,
    ) -> None:
        """Leave variables out of weight decay; call it before the optimizer is built.

        Args:
            var_list: variables.
            var_names: parts of names (regular expressions): `["bias"]`.

        Raises:
            ValueError: if the optimizer is built already.
        """
        if self.built:
            raise ValueError(
                f"{self.name}.exclude_from_weight_decay: called after the optimizer "
                "was built. Call it before build, compile or the first step."
            )
        self._exclusions.add(var_list, var_names)

    def _use_weight_decay(self, variable: Variable) -> bool:
        return variable not in self._exclusions

    # For `update_step` of users.

    def assign(self, variable: Variable, value: Any) -> None:
        """Set a variable."""
        variable.assign(value)

    def assign_add(self, variable: Variable, value: Any) -> None:
        """Add to a variable."""
        variable.assign_add(value)

    def assign_sub(self, variable: Variable, value: Any) -> None:
        """Subtract from a variable."""
        variable.assign_sub(value)

    # Files and configs.

    def get_config(self) -> Config:
        """The constructor's arguments, with the learning rate of now."""
        return constructor_config(self) | {"learning_rate": self._rate_config()}

    def _rate_config(self) -> Any:
        rate = self._learning_rate
        if isinstance(rate, Variable):
            return float(rate.numpy())
        return serialize_keras_object(rate)

    @classmethod
    def from_config(
        cls, config: Config, custom_objects: Mapping[str, Any] | None = None
    ) -> Self:
        """An optimizer of this class from what `get_config` returned."""
        config = dict(config)
        rate = config.get("learning_rate")
        if isinstance(rate, dict):
            config["learning_rate"] = deserialize_keras_object(rate, custom_objects)
        return cls(**config)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(f"{type(self).__name__} has no attribute {name!r}.")
        # Only for what is not there: attributes of earlier versions, or an error, which
        # may also come from inside a property.
        found = getattr(type(self), name, None)
        if isinstance(found, property):
            return found.__get__(self)
        from keras.legacy._optimizers import old_attribute

        return old_attribute(self, name)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}>"
