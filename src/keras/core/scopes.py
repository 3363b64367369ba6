"""What variables look like to the code that runs now: stateless, abstract, autocast.

One context variable holds it all, so that reading a variable outside any scope costs a
single look-up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from typing import TYPE_CHECKING, Any, NamedTuple

from keras.backend import current
from keras.typing import Native

if TYPE_CHECKING:
    from keras.core.variable import Variable


class Active(NamedTuple):
    """Where variable reads and writes go, and the dtype that floats are read in."""

    state: StatelessScope | None
    autocast: str | None


active: ContextVar[Active | None] = ContextVar("variable_scope", default=None)


class StatelessScope:
    """Inside it variables are read from a mapping, and writes are kept beside them.

    Args:
        state_mapping: pairs of a variable and the tensor to read in its place.
        collect_losses: whether `add_loss` calls inside are collected in `losses`.
        initialize_variables: accepted for compatibility; variables made inside are
            always real.

    Example:
        >>> with keras.StatelessScope([(v, ops.ones(3))]) as scope:
        ...     v.assign(v + 1)
        >>> scope.get_current_value(v)
    """

    def __init__(
        self,
        state_mapping: Iterable[tuple[Variable, Any]] | None = None,
        collect_losses: bool = False,
        initialize_variables: bool = True,
    ) -> None:
        self.collect_losses = collect_losses
        self.losses: list[Any] = []
        # Keyed by identity: variables compare elementwise.
        self._values: dict[int, tuple[Variable, Native]] = {}
        self._given: set[int] = set()
        self._outer: Active | None = None
        self._token: Token[Active | None] | None = None
        for variable, value in state_mapping or ():
            native = variable.convert_value(value)
            self._values[id(variable)] = (variable, native)
            self._given.add(id(variable))

    def read(self, variable: Variable) -> Native:
        """The value that `variable` has inside this scope."""
        entry = self._values.get(id(variable))
        return self.outside(variable) if entry is None else entry[1]

    def outside(self, variable: Variable) -> Native:
        """The value of a variable that this scope knows nothing of."""
        outer = self._outer
        if outer is not None and outer.state is not None:
            return outer.state.read(variable)
        return variable.stored_value()

    def write(self, variable: Variable, value: Native) -> None:
        """Remember `value` as the new value of `variable`."""
        self._given.discard(id(variable))
        self._values[id(variable)] = (variable, value)

    @property
    def updates(self) -> list[tuple[Variable, Native]]:
        """The variables that were written inside, with their last values."""
        return [e for key, e in self._values.items() if key not in self._given]

    def get_current_value(self, variable: Variable) -> Native | None:
        """The value given or assigned inside this scope, `None` if there is none."""
        entry = self._values.get(id(variable))
        return None if entry is None else entry[1]

    def add_loss(self, loss: Any) -> None:
        """Collect a loss."""
        self.losses.append(loss)

    def add_update(self, update: tuple[Variable, Any]) -> None:
        """Write one variable: `(variable, value)`."""
        self.write(*update)

    def __enter__(self) -> StatelessScope:
        self._outer = active.get()
        self._token = active.set(
            Active(self, None if self._outer is None else self._outer.autocast)
        )
        return self

    def __exit__(self, *args: object, **kwargs: object) -> None:
        assert self._token is not None
        active.reset(self._token)


class AbstractScope(StatelessScope):
    """Variables have shapes and dtypes but no values; writes are forgotten."""

    def outside(self, variable: Variable) -> Native:
        """A tensor that has the shape and dtype of the variable."""
        return current.engine.placeholder(variable.stored_value())


class RecordingScope(StatelessScope):
    """Notes which variables are read and written, for a program to be compiled."""

    def __init__(self) -> None:
        super().__init__()
        self.reads: dict[int, Variable] = {}

    def outside(self, variable: Variable) -> Native:
        """The value, as the result of an operation; that it was wanted is noted.

        So it is traced, and the run cannot depend on what it happens to be now.
        """
        self.reads[id(variable)] = variable
        return current.engine.copy(super().outside(variable))


@contextmanager
def autocast(dtype: str | None) -> Iterator[None]:
    """Inside it, float variables that allow it are read in `dtype`."""
    outer = active.get()
    token = active.set(Active(None if outer is None else outer.state, dtype))
    try:
        yield
    finally:
        active.reset(token)


def is_tracing() -> bool:
    """Whether the code runs inside a scope that holds state back."""
    scope = active.get()
    return scope is not None and scope.state is not None


def current_stateless() -> StatelessScope | None:
    """The innermost scope that holds state back, if any."""
    scope = active.get()
    return None if scope is None else scope.state


@contextmanager
def outside_all() -> Iterator[None]:
    """Leave every scope, to create something real."""
    token = active.set(None)
    try:
        yield
    finally:
        active.reset(token)
