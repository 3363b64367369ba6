"""Reading, writing and conditionally updating many variables at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import is_
from typing import Any

from keras.backend import current
from keras.core import scopes
from keras.core.scopes import StatelessScope
from keras.core.variable import Variable
from keras.typing import Native


def read_all(variables: Sequence[Variable]) -> list[Native]:
    """The values of `variables`, in their own dtypes."""
    scope = scopes.active.get()
    engine = current.engine
    if scope is None or scope.state is None:
        return [
            v._value if v._engine is engine else v.stored_value() for v in variables
        ]
    return [scope.state.read(v) for v in variables]


def assign_all(variables: Sequence[Variable], values: Sequence[Native]) -> None:
    """Set `variables` to tensors of their shapes and dtypes.

    A value that was computed in the memory of its variable costs nothing.
    """
    scope = scopes.active.get()
    if scope is not None and scope.state is not None:
        for variable, value in zip(variables, values, strict=True):
            scope.state.write(variable, value)
        return
    for variable, value in zip(variables, values, strict=True):
        if value is not variable._value:
            variable.assign(value)


def take_over(
    variables: Sequence[Variable], before: Sequence[Native], after: Sequence[Native]
) -> None:
    """Let variables hold what a program made of their values `before`.

    A value that was computed in the memory of its variable costs nothing.
    """
    # The weights of a torch module are to stay the same objects.
    in_place = getattr(current.engine, "list_assign", None)
    olds, news = [], []
    for variable, old, new in zip(variables, before, after, strict=True):
        if new is old:
            continue
        if in_place is not None and variable.trainable:
            olds.append(old)
            news.append(new)
        else:
            variable.replace_value(new)
    if in_place is not None and olds:
        with current.engine.no_grad():
            in_place(olds, news)


def pure(
    fn: Callable[..., Any], variables: Sequence[Variable]
) -> Callable[..., tuple[Any, list[Native]]]:
    """`fn` as a function of the values of `variables`, which returns new ones too.

    It takes the values first, and returns a pair: what `fn` returns, and a list.
    """

    def run(values: Sequence[Native], *args: Any) -> tuple[Any, list[Native]]:
        with StatelessScope(zip(variables, values, strict=True)) as scope:
            result = fn(*args)
            return result, [scope.read(v) for v in variables]

    return run


class Group:
    """Variables that are updated together, in their own memory where an engine can.

    Args:
        variables: the variables, in order.
    """

    __slots__ = ("_owned", "variables")

    def __init__(self, variables: Sequence[Variable]) -> None:
        self.variables: list[Variable] = list(variables)
        self._owned: list[Native] = []

    def read(self) -> list[Native]:
        """Values that the caller may overwrite, and then must `write`."""
        values = read_all(self.variables)
        engine = current.engine
        if engine.functional:
            return values
        if scopes.is_tracing():
            return [engine.copy(value) for value in values]
        if len(self._owned) != len(values) or not all(map(is_, values, self._owned)):
            # Somebody assigned a tensor, which must not change under his hands.
            for variable, value in zip(self.variables, values, strict=True):
                variable.assign(engine.copy(value))
            self._owned = values = read_all(self.variables)
        return list(values)

    def write(self, values: Sequence[Native]) -> None:
        """Set the variables."""
        assign_all(self.variables, values)


def update_if(
    predicate: Native, update: Callable[[], None], variables: Sequence[Variable]
) -> None:
    """Run `update`, which assigns some of `variables`, where `predicate` holds.

    A predicate that lies on a device is not waited for: both outcomes are computed and
    one is selected there.
    """
    engine = current.engine
    if engine.is_tensor(predicate):
        predicate = engine.scalar(predicate)
    if not engine.is_tensor(predicate):
        if predicate:
            update()
        return
    before = read_all(variables)

    def run() -> list[Native]:
        return pure(update, variables)(before)[1]

    if engine.functional:
        after = engine.cond(predicate, run, lambda: before)
    else:
        after = [
            engine.where(predicate, a, b) for a, b in zip(run(), before, strict=True)
        ]
    assign_all(variables, after)
