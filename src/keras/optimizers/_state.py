"""The state of an optimizer: its variables, by position and by slot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from keras import ops
from keras.core import naming, scopes
from keras.core.serialization import deserialize_keras_object
from keras.core.variable import Variable
from keras.errors import shorten, warn
from keras.optimizers.schedules._schedule import LearningRateSchedule

LearningRate = Any
"""A float, a `LearningRateSchedule`, or a function without arguments."""

Slotted = Sequence[Sequence[str]]
"""Groups of slot names."""

Origin = tuple[Variable | None, str]
"""The weight that a variable of the state belongs to, and what it holds."""


class State:
    """The variables of an optimizer; a base of `Optimizer` and of nothing else.

    Args:
        learning_rate: float, schedule, or function.
        name: of the optimizer.
    """

    use_ema: bool
    gradient_accumulation_steps: int | None

    def __init__(self, learning_rate: LearningRate, name: str) -> None:
        self.name = name
        self.built: bool = False
        self._trainable_variables: list[Variable] = []
        self._rows: dict[int, int] = {}
        self._state: list[Variable] = []
        self._slots: dict[str, list[Any]] = {}
        self._weight_of: dict[int, Origin] = {}
        self._iterations = self._counter("iteration", "int64")
        self._learning_rate: LearningRate = None
        self.learning_rate = learning_rate

    def _counter(
        self, name: str, dtype: str, value: float = 0, host: bool = True
    ) -> Variable:
        """A scalar, by default in main memory, where reading it waits for no device."""
        with scopes.outside_all(), naming.absolute_scope(self.name):
            return Variable(
                np.asarray(value, dtype), trainable=False, name=name, host=host
            )

    @property
    def iterations(self) -> Any:
        """The number of updates made so far."""
        steps = self.gradient_accumulation_steps
        if steps:
            return ops.floor_divide(self._iterations.value, steps)
        return self._iterations

    @property
    def learning_rate(self) -> Any:
        """The learning rate: a `Variable`, or where a schedule gives it, its value."""
        rate = self._learning_rate
        if isinstance(rate, Variable):
            return rate
        if isinstance(rate, LearningRateSchedule):
            return rate(self._iterations)
        return rate()

    @learning_rate.setter
    def learning_rate(self, value: LearningRate) -> None:
        if isinstance(value, dict):
            value = deserialize_keras_object(value)
        if isinstance(value, Variable):
            value = float(value)
        if callable(value):
            self._learning_rate = value
        elif not _is_number(value):
            raise ValueError(
                f"{type(self).__name__}(learning_rate=...): got {shorten(repr(value))} "
                f"({type(value).__name__}); expected a float, a LearningRateSchedule, "
                "or a function without arguments. Pass for example learning_rate=0.001."
            )
        elif isinstance(self._learning_rate, Variable):
            self._learning_rate.assign(value)
        else:
            self._learning_rate = self._counter(
                "learning_rate", "float32", float(value)
            )

    @property
    def variables(self) -> list[Variable]:
        """Iterations, learning rate (where no schedule gives it), then all slots."""
        rate = self._learning_rate
        fixed = [rate] if isinstance(rate, Variable) else []
        return [self._iterations, *fixed, *self._state]

    def _origins(self) -> list[Origin]:
        """For each of `variables` the weight it belongs to, and what it holds."""
        return [self._weight_of.get(id(v), (None, v.name)) for v in self.variables]

    def build(self, variables: Sequence[Variable]) -> None:
        """Create the state for `variables`, the ones that will be trained.

        Args:
            variables: list of `keras.Variable`.
        """
        if self.built:
            return
        self._trainable_variables = list(variables)
        self._rows = {id(v): i for i, v in enumerate(variables)}
        if self.use_ema:
            self._add_slots(("average",))
        if self.gradient_accumulation_steps:
            self._add_slots(("gradient_accumulator",))
        for group in self.slot_groups():
            self._add_slots(group)
        self.built = True

    def _add_slots(self, names: Sequence[str]) -> None:
        for name in names:
            self._slots[name] = []
        for variable in self._trainable_variables:
            for name in names:
                has_slot = self.has_slot(variable, name)
                slot = (
                    self.add_variable_from_reference(
                        variable, name, self.first_value(name)
                    )
                    if has_slot and not variable.overwrite_with_gradient
                    else None
                )
                self._slots[name].append(slot)

    def slot_groups(self) -> Slotted:
        """Names of slots; all of one group for a variable come before the next's."""
        return ()

    def has_slot(self, variable: Variable, name: str) -> bool:
        """Whether `variable` has the slot `name`."""
        return True

    def first_value(self, name: str) -> Any:
        """The initializer of the slot `name`: a name, or one number."""
        return "zeros"

    def add_variable(
        self,
        shape: Sequence[int],
        initializer: Any = "zeros",
        dtype: Any = None,
        aggregation: Any = "none",
        layout: Any = None,
        name: str | None = None,
    ) -> Variable:
        """Add a variable to the state of the optimizer.

        Args:
            shape: ints.
            initializer: name or function of the first value.
            dtype: default: `keras.config.floatx()`.
            aggregation: how values of several replicas are merged.
            layout: how the value is spread over devices.
            name: default: "variable", counted up.
        """
        # Late: initializers are a sibling, which an optimizer seldom needs.
        from keras import initializers

        with scopes.outside_all(), naming.absolute_scope(self.name):
            variable = Variable(
                initializers.get(initializer),
                shape=tuple(shape),
                dtype=dtype,
                trainable=False,
                aggregation=aggregation,
                layout=layout,
                name=name,
            )
        self._state.append(variable)
        return variable

    def add_variable_from_reference(
        self,
        reference_variable: Variable,
        name: str | None = None,
        initializer: Any = "zeros",
    ) -> Variable:
        """Add a variable of the shape and dtype of another one.

        Args:
            reference_variable: a weight.
            name: what it holds: "momentum".
            initializer: name or function of the first value, or the value.
        """
        path = reference_variable.path.replace("/", "_")
        initializers = {
            "zeros": np.zeros,
            "ones": np.ones,
        }
        first: Any = initializer
        if isinstance(initializer, str) and initializer in initializers:
            first = initializers[initializer](reference_variable.shape, "float32")
        elif isinstance(initializer, int | float):
            first = np.full(reference_variable.shape, initializer, "float32")
        with scopes.outside_all(), naming.absolute_scope(self.name):
            variable = Variable(
                first,
                shape=reference_variable.shape,
                dtype=reference_variable._dtype,
                trainable=False,
                layout=reference_variable.layout,
                name=f"{path}_{name}" if name else path,
            )
        self._state.append(variable)
        self._weight_of[id(variable)] = (reference_variable, name or "")
        return variable

    def add_optimizer_variables(
        self,
        trainable_variables: Sequence[Variable],
        name: str | Sequence[str],
        initializer: Any = "zeros",
    ) -> Any:
        """Add a variable, or one for each of several names, per trainable variable.

        Args:
            trainable_variables: list of `keras.Variable`.
            name: one name, or several.
            initializer: one for all names, or one for each.

        Returns:
            A list of variables; for several names a tuple of such lists.
        """
        names = [name] if isinstance(name, str) else list(name)
        several = isinstance(initializer, list | tuple)
        firsts = list(initializer) if several else [initializer] * len(names)
        columns: tuple[list[Any], ...] = tuple([] for _ in names)
        for variable in trainable_variables:
            for column, slot, first in zip(columns, names, firsts, strict=True):
                column.append(
                    None
                    if variable.overwrite_with_gradient
                    else self.add_variable_from_reference(variable, slot, first)
                )
        return columns[0] if isinstance(name, str) else columns

    def _get_variable_index(self, variable: Variable) -> int:
        try:
            return self._rows[id(variable)]
        except KeyError:
            raise ValueError(
                f"{self.name}: got the variable {variable.path!r}, for which it was "
                "not built. Build a new optimizer for a new set of variables."
            ) from None

    # Files.

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Set all of `variables`.

        Args:
            weights: arrays, in the order of `variables`.

        Raises:
            ValueError: if the number is another one.
        """
        if len(weights) != len(self.variables):
            raise ValueError(
                f"{self.name}.set_weights: got {len(weights)} arrays; expected "
                f"{len(self.variables)}. Build the optimizer for the same variables."
            )
        for variable, value in zip(self.variables, weights, strict=True):
            variable.assign(value)

    def save_own_variables(self, store: Any) -> None:
        """Put `variables` into a mapping, under "0", "1", ..."""
        for i, variable in enumerate(self.variables):
            value = variable.numpy()
            if value.dtype == np.int64 and abs(value) < 2**31:
                # Other readers expect 32 bits; a count that needs more keeps 64.
                value = value.astype("int32")
            store[str(i)] = value

    def load_own_variables(self, store: Mapping[str, Any]) -> None:
        """Set `variables` from such a mapping, by position.

        Files of Keras 2 have no entry for the learning rate, which is left as it is.
        """
        variables = self.variables
        if len(store) == len(variables) - 1 and isinstance(
            self._learning_rate, Variable
        ):
            del variables[1]
        if len(store) != len(variables):
            warn(
                f"{self.name}: the file holds {len(store)} variables, the optimizer "
                f"has {len(variables)}; its state is not loaded. Use the optimizer and "
                "the trainable variables that the file was written with."
            )
            return
        for i, variable in enumerate(variables):
            variable.assign(np.asarray(store[str(i)]))


def _is_number(value: Any) -> bool:
    if isinstance(value, bool | str) or value is None:
        return False
    return isinstance(value, int | float) or getattr(value, "shape", None) == ()
