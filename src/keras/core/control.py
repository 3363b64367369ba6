"""Branches, loops and mapped functions that may assign variables.

An engine that compiles pure functions (JAX) traces a branch or a body by itself: what
it assigns has to come out as a result, and to go from step to step as part of the
state. A first abstract run finds out which variables these are. Other engines run the
functions as they are.
"""

from collections.abc import Callable
from typing import Any

from keras.backend import current
from keras.backend.base import Spec
from keras.core import scopes, tree
from keras.core.scopes import StatelessScope
from keras.core.updates import assign_all, pure, read_all
from keras.core.variable import Variable
from keras.typing import Native


def written(fn: Callable[..., Any], *args: Any) -> list[Variable]:
    """The variables that `fn` assigns.

    Args:
        fn: what it returns does not matter.
        args: nested structures with a `Spec` in place of each tensor.
    """
    leaves, structure = tree.flatten_with_spec(args)
    places = [i for i, leaf in enumerate(leaves) if isinstance(leaf, Spec)]
    scope = StatelessScope()

    def run(*tensors: Native) -> None:
        values = list(leaves)
        for i, tensor in zip(places, tensors, strict=True):
            values[i] = tensor
        with scope:
            fn(*tree.unflatten(structure, values))

    current.engine.eval_shape(run, [leaves[i] for i in places])
    return [variable for variable, _ in scope.updates]


def _specs(structure: Any, first: int = 0) -> Any:
    """A `Spec` for each tensor, without its first axes."""
    engine = current.engine

    def spec(x: Any) -> Any:
        if x is None:
            return None
        return Spec(tuple(int(d) for d in x.shape[first:]), engine.dtype(x))

    return tree.map_structure(spec, structure)


def cond(
    predicate: Native, true_fn: Callable[[], Any], false_fn: Callable[[], Any]
) -> Any:
    """`engine.cond`; a traced function keeps what either branch assigns."""
    engine = current.engine
    if not engine.functional or not scopes.is_tracing():
        return engine.cond(predicate, true_fn, false_fn)
    both = {id(v): v for fn in (true_fn, false_fn) for v in written(fn)}
    variables = list(both.values())
    before = read_all(variables)
    result, after = engine.cond(
        predicate,
        lambda: pure(true_fn, variables)(before),
        lambda: pure(false_fn, variables)(before),
    )
    assign_all(variables, after)
    return result


def while_loop(
    test: Callable[..., Any],
    body: Callable[..., tuple[Any, ...]],
    state: tuple[Any, ...],
    maximum: int | None,
) -> tuple[Any, ...]:
    """`engine.while_loop`, with what `body` assigns as part of the state."""
    engine = current.engine
    if not engine.functional:
        return engine.while_loop(test, body, state, maximum)
    variables = written(body, *_specs(state))
    holds, step = pure(test, variables), pure(body, variables)

    def run(values: list[Native], *now: Any) -> tuple[Any, ...]:
        result, values = step(values, *now)
        return values, *result

    first = read_all(variables), *state
    values, *last = engine.while_loop(
        lambda values, *now: holds(values, *now)[0], run, first, maximum
    )
    assign_all(variables, values)
    return tuple(last)


def scan(
    step: Callable[[Any, Any], tuple[Any, Any]],
    state: Any,
    xs: Any,
    length: int,
    reverse: bool,
) -> tuple[Any, Any]:
    """`engine.scan`, with what `step` assigns as part of the state."""
    engine = current.engine
    if not engine.functional:
        return engine.scan(step, state, xs, length, reverse)
    variables = written(step, _specs(state), _specs(xs, 1))
    inner = pure(step, variables)

    def run(carried: Any, x: Any) -> tuple[Any, Any]:
        values, now = carried
        (now, y), values = inner(values, now, x)
        return (values, now), y

    first = read_all(variables), state
    (values, last), ys = engine.scan(run, first, xs, length, reverse)
    assign_all(variables, values)
    return last, ys


def vmap(fn: Callable[[Any], Any], xs: Any) -> Any:
    """`engine.vmap` of `fn` over the first axes of `xs`.

    What `fn` assigns must be the same for all entries.
    """
    engine = current.engine
    if not engine.functional:
        return engine.vmap(fn, 0, 0)(xs)
    variables = written(fn, _specs(xs, 1))
    if not variables:
        return engine.vmap(fn, 0, 0)(xs)
    before, inner = read_all(variables), pure(fn, variables)
    try:
        result, after = engine.vmap(lambda x: inner(before, x), 0, (0, None))(xs)
    except ValueError as error:
        names = ", ".join(v.path for v in variables[:5])
        raise ValueError(
            f"A function mapped over the first axis assigns {names}; expected the same "
            "value for all entries. Return it, and assign after the call."
        ) from error
    assign_all(variables, after)
    return result
