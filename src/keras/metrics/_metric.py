"""`Metric`, the base of all metrics."""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, Self

from keras import initializers, ops
from keras.backend import current
from keras.core import naming, policies, tree
from keras.core.config import floatx
from keras.core.scopes import StatelessScope
from keras.core.variable import Aggregation, Variable
from keras.typing import Config, Tensor


class Metric:
    """A number watched over many batches; it never guides training.

    Subclasses create variables in `__init__` with `add_variable`, change them in
    `update_state`, and compute a tensor from them in `result`. All of it stays on the
    device: `update_state` and `result` run inside compiled steps. Gradients are never
    recorded in `update_state`.

    Args:
        dtype: the dtype, or policy, of the state; default: `keras.config.floatx()`.
        name: default: the class name in snake case.

    Example:
        >>> class Largest(keras.Metric):
        ...     def __init__(self, name="largest", **kwargs):
        ...         super().__init__(name=name, **kwargs)
        ...         self.value = self.add_variable((), "zeros", name="value")
        ...     def update_state(self, y_true, y_pred, sample_weight=None):
        ...         largest = keras.ops.max(y_pred)
        ...         self.value.assign(keras.ops.maximum(self.value, largest))
        ...     def result(self):
        ...         return keras.ops.convert_to_tensor(self.value)
    """

    _is_tracked = True
    _variables: list[Variable]
    _metrics: list["Metric"]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        update = vars(cls).get("update_state")
        if update is not None:
            cls.update_state = _without_gradients(update)  # type: ignore[method-assign]

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        metric = super().__new__(cls)
        # Here, so that a subclass may set attributes before it calls our __init__.
        vars(metric).update(_variables=[], _metrics=[])
        return metric

    def __init__(self, dtype: Any = None, name: str | None = None) -> None:
        self.name: str = name or naming.auto_name(type(self).__name__)
        self._dtype = policies.get(dtype or floatx()).compute_dtype

    def __setattr__(self, name: str, value: Any) -> None:
        """Keep track of the variables and metrics among the attributes."""
        if isinstance(value, Variable | Metric | list | tuple | dict):
            for leaf in tree.flatten(value):
                if isinstance(leaf, Variable):
                    _add_once(self._variables, leaf)
                elif isinstance(leaf, Metric):
                    _add_once(self._metrics, leaf)
        super().__setattr__(name, value)

    @property
    def dtype(self) -> str:
        """The dtype of the state."""
        return self._dtype

    @property
    def variables(self) -> list[Variable]:
        """The state: own variables, and those of metrics that are attributes."""
        return [*self._variables, *(v for m in self._metrics for v in m.variables)]

    def add_variable(
        self,
        shape: int | Sequence[int],
        initializer: Any,
        dtype: Any = None,
        aggregation: Aggregation | None = "sum",
        name: str | None = None,
    ) -> Variable:
        """A new variable of the state.

        Args:
            shape: tuple of ints, or one int.
            initializer: its first value: an initializer or the name of one.
            dtype: default: the metric's own.
            aggregation: how values of several replicas are merged.
            name: a str without slashes.
        """
        if initializer is None:
            initializer = "zeros"
        with naming.name_scope(self.name):
            variable = Variable(
                initializers.get(initializer),
                shape=(shape,) if isinstance(shape, int) else tuple(shape),
                dtype=dtype or self._dtype,
                trainable=False,
                autocast=False,
                aggregation=aggregation,
                name=name,
            )
        _add_once(self._variables, variable)
        return variable

    def add_weight(
        self,
        shape: int | Sequence[int] = (),
        initializer: Any = None,
        dtype: Any = None,
        name: str | None = None,
    ) -> Variable:
        """A new variable of the state: `add_variable` with defaults."""
        return self.add_variable(shape, initializer, dtype=dtype, name=name)

    def update_state(self, *args: Any, **kwargs: Any) -> None:
        """Take in a batch: usually `(y_true, y_pred, sample_weight=None)`."""
        raise NotImplementedError(
            f"{type(self).__name__} has no update_state method. Define "
            "update_state(self, y_true, y_pred, sample_weight=None)."
        )

    def result(self) -> Any:
        """The metric of all batches since the last reset, as a tensor."""
        raise NotImplementedError(
            f"{type(self).__name__} has no result method. Define result(self)."
        )

    def reset_state(self) -> None:
        """Set every variable to zeros."""
        for variable in self.variables:
            # Fresh zeros: a compiled step may take over the memory of the old ones.
            variable.assign(ops.zeros(variable.shape, variable.dtype))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Take in a batch and return the result so far."""
        self.update_state(*args, **kwargs)
        return self.result()

    def stateless_update_state(
        self, metric_variables: Sequence[Any], *args: Any, **kwargs: Any
    ) -> list[Tensor]:
        """The state after `update_state`, without touching the variables.

        Args:
            metric_variables: a tensor for each of `variables`.
            args, kwargs: what `update_state` takes.

        Raises:
            ValueError: if there are more or fewer tensors than variables.
        """
        with self._stateless(metric_variables, "stateless_update_state") as scope:
            self.update_state(*args, **kwargs)
            return [scope.read(v) for v in self.variables]

    def stateless_result(self, metric_variables: Sequence[Any]) -> Any:
        """The result of the given state.

        Args:
            metric_variables: a tensor for each of `variables`.

        Raises:
            ValueError: if there are more or fewer tensors than variables.
        """
        with self._stateless(metric_variables, "stateless_result"):
            return self.result()

    def stateless_reset_state(self) -> list[Tensor]:
        """The state after `reset_state`, without touching the variables."""
        with StatelessScope() as scope:
            self.reset_state()
            return [scope.read(v) for v in self.variables]

    def _stateless(self, values: Sequence[Any], method: str) -> StatelessScope:
        variables = self.variables
        if len(values) != len(variables):
            raise ValueError(
                f"{type(self).__name__}.{method}: got {len(values)} tensors for "
                f"{len(variables)} variables. Pass one tensor for each of "
                "metric.variables."
            )
        return StatelessScope(zip(variables, values, strict=True))

    def get_config(self) -> Config:
        """The constructor's arguments."""
        return {"name": self.name, "dtype": self.dtype}

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """A metric from what `get_config` returned."""
        return cls(**config)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}>"


def _without_gradients(update: Callable[..., None]) -> Callable[..., None]:
    @wraps(update)
    def update_state(self: Metric, *args: Any, **kwargs: Any) -> None:
        with current.engine.no_grad():
            update(self, *args, **kwargs)

    return update_state


def _add_once(known: list[Any], new: Any) -> None:
    # By identity: variables compare entry by entry.
    if not any(new is old for old in known):
        known.append(new)
