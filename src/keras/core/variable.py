"""`Variable`: a named value that changes, held as a tensor of the engine in use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal

import numpy as np

from keras.backend import current
from keras.backend.base import Engine
from keras.core import naming, scopes
from keras.core.dtypes import is_float, standardize_dtype, stored
from keras.core.operators import Operators
from keras.errors import ShapeError
from keras.typing import Native, Tensor

Aggregation = Literal["none", "mean", "sum", "only_first_replica"]


class Variable(Operators):
    """A tensor with a name that can be assigned to, and trained.

    Args:
        initializer: the first value: an array, a nested list, a scalar, or a function
            `(shape, dtype=...)` such as a `keras.initializers` object.
        shape: tuple of ints; needed only where `initializer` is a function.
        dtype: name of a dtype; default: the value's own, or `keras.config.floatx()`.
        trainable: whether training changes it.
        autocast: whether layers that compute in half precision read it so.
        aggregation: how values of several replicas are merged.
        synchronization: accepted for compatibility.
        name: default: "variable", "variable_1", ...
        layout: how the value is spread over devices.

    Raises:
        ValueError: if the shape is missing or unknown.

    Example:
        >>> v = keras.Variable([1.0, 2.0], name="scale")
        >>> v.assign_add([1.0, 1.0])
    """

    def __init__(
        self,
        initializer: Any,
        shape: Any = None,
        dtype: Any = None,
        trainable: bool = True,
        autocast: bool = True,
        aggregation: Aggregation | None = "none",
        synchronization: str = "auto",
        name: str | None = None,
        layout: Any = None,
        **kwargs: Any,
    ) -> None:
        self._name = name if name is not None else naming.auto_name("variable")
        if "/" in self._name:
            raise ValueError(
                f"Variable(name=...): got {name!r}; a name holds no '/'. Use "
                "keras.name_scope to group variables."
            )
        scope = naming.current_path()
        self._path = f"{scope}/{self._name}" if scope else self._name
        self._aggregation: Aggregation = aggregation or "none"
        self._synchronization = synchronization
        self._layout = layout
        self._trainable = bool(trainable)
        # Layers list their weights by how they were made, frozen or not.
        self.made_trainable: bool = self._trainable
        self._host = bool(kwargs.pop("host", False))
        if kwargs:
            raise TypeError(f"Variable: got unknown arguments {', '.join(kwargs)}.")
        self.autocast: bool = bool(autocast)
        self.regularizer: Callable[[Any], Any] | None = None
        self.constraint: Callable[[Any], Any] | None = None
        self.overwrite_with_gradient = False
        value = self._first_value(initializer, shape, dtype)
        self._shape: tuple[int, ...] = tuple(value.shape)
        self._dtype = str(value.dtype)
        self._is_float = is_float(self._dtype)
        self._engine: Engine = current.load(current.active())
        with scopes.outside_all(), self._engine.concrete():
            self._value: Native = self._engine.variable(value, trainable, self._host)

    def _first_value(
        self, initializer: Any, shape: Any, dtype: Any
    ) -> np.ndarray[Any, Any]:
        engine = current.load(current.active())
        if not callable(initializer) or hasattr(initializer, "shape"):
            return self._given_value(engine, initializer, shape, dtype)
        if shape is None or any(d is None for d in shape):
            raise ValueError(
                f"Variable {self._path!r}: got shape={shape}; expected known ints, "
                "since its first value comes from an initializer. Pass the whole shape."
            )
        name = stored(standardize_dtype(dtype))
        draw = getattr(initializer, "draw", None)
        with scopes.outside_all():
            if draw is not None:
                return np.asarray(draw(tuple(shape), name, self._path))
            with engine.concrete():
                value = initializer(tuple(shape), dtype=name)
                return engine.to_numpy(engine.convert(value, name))

    def _given_value(
        self, engine: Engine, value: Any, shape: Any, dtype: Any
    ) -> np.ndarray[Any, Any]:
        if isinstance(value, Variable):
            value = value.value
        if dtype is None and isinstance(value, float):
            dtype = standardize_dtype(None)
        elif dtype is None and not hasattr(value, "dtype"):
            guess = np.asarray(value).dtype
            dtype = {"f": None, "i": "int32", "b": "bool"}.get(guess.kind, guess)
        elif dtype is None:
            dtype = value.dtype
        name = stored(standardize_dtype(dtype))
        with scopes.outside_all(), engine.concrete():
            array = engine.to_numpy(engine.convert(value, name))
        if shape is not None and tuple(shape) != array.shape:
            raise ShapeError(
                f"Variable {self._path!r}: got a value of shape {array.shape} and "
                f"shape={tuple(shape)}. Leave shape out, or make them agree."
            )
        return array

    # Reading. Outside any scope this is one look-up and one comparison.

    @property
    def value(self) -> Tensor:
        """The tensor that the variable holds now, as the code around sees it."""
        scope = scopes.active.get()
        if scope is None:
            if self._engine is current.engine:
                return self._value  # type: ignore[no-any-return]
            return self.stored_value()  # type: ignore[no-any-return]
        state = scope.state
        value = self.stored_value() if state is None else state.read(self)
        dtype = scope.autocast
        if dtype is not None and self._is_float and self.autocast:
            return current.engine.cast(value, dtype)  # type: ignore[no-any-return]
        return value  # type: ignore[no-any-return]

    def stored_value(self) -> Native:
        """The value outside all scopes, moved to the active engine if need be."""
        if self._engine is not current.engine:
            engine = current.load(current.active())
            if self._engine is not engine:
                host = self._engine.to_numpy(self._value)
                with engine.concrete():
                    self._value = engine.variable(host, self._trainable, self._host)
                self._engine = engine
        return self._value

    def replace_value(self, value: Native) -> None:
        """Take over a value computed by a compiled program, unchecked."""
        self._value = value

    def numpy(self) -> np.ndarray[Any, Any]:
        """The value as a NumPy array of its own, which later updates do not change."""
        return np.array(current.engine.to_numpy(self.value))

    # Writing.

    def convert_value(self, value: Any) -> Native:
        """`value` as a tensor of the shape and dtype of this variable.

        Raises:
            ShapeError: if it has another shape.
        """
        engine = current.engine
        if isinstance(value, Variable):
            value = value.value
        if not engine.is_tensor(value):
            if isinstance(value, np.ndarray):
                value = value.copy()  # engines share memory with NumPy
            value = engine.convert(value, self._dtype)
        elif engine.dtype(value) != self._dtype:
            value = engine.cast(value, self._dtype)
        if tuple(value.shape) != self._shape:
            raise ShapeError(
                f"Variable {self._path!r}: got a value of shape {tuple(value.shape)}; "
                f"expected {self._shape}. Reshape the value, or build a variable of "
                "the new shape."
            )
        return value

    def assign(self, value: Any) -> Tensor:
        """Set the value, in the variable's own dtype.

        Args:
            value: tensor, array, nested list or scalar of the variable's shape.

        Returns:
            The new value.

        Raises:
            ShapeError: if the shape is another one.
        """
        scope = scopes.active.get()
        native = self.convert_value(value)
        if scope is not None and scope.state is not None:
            scope.state.write(self, native)
        else:
            old = self.stored_value()
            self._value = self._engine.assign(old, native, self._trainable)
        return native  # type: ignore[no-any-return]

    def assign_add(self, value: Any) -> Tensor:
        """Add `value` to the variable."""
        if (
            self._trainable
            or scopes.active.get() is not None
            or self._engine is not current.engine
            or not self._fits(value)
        ):
            return self.assign(self._uncast() + self._addend(value))
        # Counters and means, at every step: nothing to check or convert.
        total = self._engine.add(self._value, value)
        self._value = self._engine.stop_gradient(total)
        return self._value  # type: ignore[no-any-return]

    def _fits(self, value: Any) -> bool:
        """Whether `value` can be added as it is."""
        if type(value) is float:
            return self._is_float
        if type(value) is int:
            return self._dtype != "bool"
        engine = self._engine
        return (
            engine.is_tensor(value)
            and value.dtype == self._value.dtype
            and value.shape == self._value.shape
        )

    def assign_sub(self, value: Any) -> Tensor:
        """Subtract `value` from the variable."""
        return self.assign(self._uncast() - self._addend(value))

    def _addend(self, value: Any) -> Any:
        """Lists, arrays and variables as tensors, for the engine's own arithmetic."""
        if isinstance(value, Variable):
            return value.value
        if isinstance(value, list | tuple | np.ndarray):
            return current.engine.convert(value, self._dtype)
        return value

    def _uncast(self) -> Any:
        state = scopes.current_stateless()
        engine = current.load(current.active())
        value = self.stored_value() if state is None else state.read(self)
        return engine.stop_gradient(value) if not engine.functional else value

    # What it is.

    @property
    def name(self) -> str:
        """The variable's own name."""
        return self._name

    @property
    def path(self) -> str:
        """The name with those of the layers around it: "dense/kernel"."""
        return self._path

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape, a tuple of ints."""
        return self._shape

    @property
    def ndim(self) -> int:
        """The number of dimensions."""
        return len(self._shape)

    @property
    def dtype(self) -> str:
        """The dtype by name; inside an autocasting layer the one it is read in."""
        scope = scopes.active.get()
        if scope is not None and scope.autocast and self._is_float and self.autocast:
            return scope.autocast
        return self._dtype

    @property
    def trainable(self) -> bool:
        """Whether training changes it."""
        return self._trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        self._trainable = bool(value)
        self._value = self._engine.set_trainable(self._value, self._trainable)

    @property
    def aggregation(self) -> Aggregation:
        """How values of several replicas are merged."""
        return self._aggregation

    @property
    def synchronization(self) -> str:
        """Accepted for compatibility."""
        return self._synchronization

    @property
    def layout(self) -> Any:
        """How the value is spread over devices."""
        return self._layout

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        array = self.numpy()
        return array if dtype is None else array.astype(dtype)

    def __jax_array__(self) -> Any:
        return self.value

    @classmethod
    def __torch_function__(
        cls, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        """Let torch's own functions take variables."""

        def value(x: Any) -> Any:
            if isinstance(x, Variable):
                return x.value
            return type(x)(map(value, x)) if isinstance(x, list | tuple) else x

        named = {k: value(v) for k, v in (kwargs or {}).items()}
        return func(*map(value, args), **named)

    def __getstate__(self) -> dict[str, Any]:
        """For copies and pickles: the value goes along as a NumPy array."""
        state = dict(vars(self))
        state["_value"] = self._engine.to_numpy(self._value)
        del state["_engine"]
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._engine = current.load(current.active())
        self._value = self._engine.variable(self._value, self._trainable, self._host)

    def __len__(self) -> int:
        return self._shape[0]

    def __iter__(self) -> Iterator[Tensor]:
        return iter(self.value)

    def __float__(self) -> float:
        return float(self.numpy())

    def __int__(self) -> int:
        return int(self.numpy())

    def __bool__(self) -> bool:
        return bool(self.numpy())

    def __repr__(self) -> str:
        return f"<Variable path={self._path}, shape={self._shape}, dtype={self._dtype}>"
