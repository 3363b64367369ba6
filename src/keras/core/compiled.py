"""Stateful Python functions as programs of the engine.

An engine that runs functions as they are (torch, NumPy) does just that. For one that
compiles pure functions (JAX), a first abstract run finds out which variables a function
reads and writes; then it becomes a pure function of their values, compiled with the
memory of the written ones reused.
"""

import gc
import itertools
import threading
from collections.abc import Callable, Sequence
from typing import Any

from keras.backend import current
from keras.backend.base import Engine, Spec
from keras.core import scopes, tree
from keras.core.scopes import RecordingScope, StatelessScope
from keras.core.updates import take_over
from keras.core.variable import Variable
from keras.errors import ShapeError
from keras.typing import Native

_COLLECT_EVERY = 12
"""Programs after which the old ones are looked for: they lie in cycles, and Python's
collector, which counts objects, does not know that each takes a megabyte."""


class _UnknownState(Exception):
    """The function touched a variable that the first run did not see."""


class _KnownScope(StatelessScope):
    """Reads and writes of variables that the program was not told of are refused."""

    def outside(self, variable: Variable) -> Native:
        raise _UnknownState

    def write(self, variable: Variable, value: Native) -> None:
        if id(variable) not in self._values:
            raise _UnknownState
        super().write(variable, value)


class _Program:
    """`fn` for one engine, as a pure function of the variables it touches."""

    _made = itertools.count(1)

    def __init__(
        self, fn: Callable[..., Any], engine: Engine, asked: bool, args: Any
    ) -> None:
        if next(self._made) % _COLLECT_EVERY == 0:
            gc.collect()
        self._fn = fn
        self._discover(engine, args)
        self._run = engine.jit(self._pure, asked)

    def _discover(self, engine: Engine, args: Any) -> None:
        leaves, spec = tree.flatten_with_spec(args)
        places = [i for i, leaf in enumerate(leaves) if hasattr(leaf, "dtype")]
        scope = RecordingScope()

        def run(*tensors: Native) -> None:
            values = list(leaves)
            for i, tensor in zip(places, tensors, strict=True):
                values[i] = tensor
            with scope:
                self._fn(*tree.unflatten(spec, values))

        shapes = [
            Spec(tuple(leaves[i].shape), str(leaves[i].dtype).rsplit(".", 1)[-1])
            for i in places
        ]
        if engine.functional:
            engine.eval_shape(run, shapes)
        else:
            run(*(leaves[i] for i in places))  # on copies: it changes nothing
        written = {id(v): v for v, _ in scope.updates}
        self.changed = list(written.values())
        self.constant = [v for key, v in scope.reads.items() if key not in written]

    def _pure(
        self, changed: list[Native], constant: list[Native], args: Any
    ) -> tuple[Any, list[Native]]:
        state = zip([*self.changed, *self.constant], [*changed, *constant], strict=True)
        with _KnownScope(state) as scope:
            result = self._fn(*args)
            # JAX would sort the keys of dicts.
            leaves, self._structure = tree.flatten_with_spec(result)
            return leaves, [scope.read(v) for v in self.changed]

    @property
    def gave_up(self) -> bool:
        """Whether the engine could not compile it."""
        return getattr(self._run, "gave_up", False)

    def __call__(self, args: Any) -> Any:
        before = [v.stored_value() for v in self.changed]
        constant = [v.stored_value() for v in self.constant]
        leaves, after = self._run(before, constant, args)
        take_over(self.changed, before, after)
        return tree.unflatten(self._structure, leaves)


class Compiled:
    """`fn(*args)`, compiled where the engine compiles; `args` hold tensors only.

    Args:
        fn: a function of nested structures of tensors; it may read and assign
            variables.
        jit: whether to compile on an engine that could run `fn` as it is; "auto" leaves
            it to the engine.
    """

    def __init__(self, fn: Callable[..., Any], jit: bool | str = False) -> None:
        self._fn, self._jit = fn, jit
        self._programs: dict[str, _Program] = {}
        self._compiling = threading.RLock()

    def written(self, engine: str) -> list[Variable]:
        """The variables that the program of `engine` writes."""
        return self._programs[engine].changed

    def __call__(self, *args: Any) -> Any:
        """Run `fn` on the active engine."""
        engine = current.load(current.active())
        if not self._compiles(engine) or scopes.is_tracing():
            return self._fn(*args)
        program = self._programs.get(engine.name)
        if program is None:
            return self._first_run(engine, args)
        if program.gave_up:
            return self._fn(*args)
        try:
            return program(args)
        except _UnknownState:
            # New shapes took the function down another path: find its state anew.
            program = self._programs[engine.name] = self._program(engine, args)
            return program(args)

    def _compiles(self, engine: Engine) -> bool:
        if engine.functional or self._jit is True:
            return True
        return self._jit == "auto" and engine.captures()

    def _program(self, engine: Engine, args: Any) -> _Program:
        return _Program(self._fn, engine, self._jit is True, args)

    def _first_run(self, engine: Engine, args: Any) -> Any:
        """Compile, in the first thread that comes; the others then find it done."""
        with self._compiling:
            program = self._programs.get(engine.name)
            if program is None:
                program = self._program(engine, args)
            result = program(args)
            self._programs[engine.name] = program
            return result


def value_and_grad(
    fn: Callable[..., Any],
    variables: Sequence[Variable],
    has_aux: bool = False,
) -> Callable[..., tuple[Any, list[Native]]]:
    """`fn` with the gradients of its scalar result by `variables`.

    Args:
        fn: returns a scalar, or with `has_aux` a pair of a scalar and anything else.
        variables: float variables.
        has_aux: whether `fn` returns more than the scalar.

    Returns:
        A function with the arguments of `fn`; it returns `(value, gradients)`, with
        zeros for variables that do not matter.

    Raises:
        ShapeError: by that function, if the value is no scalar.
    """

    def call(*args: Any, **kwargs: Any) -> tuple[Any, list[Native]]:
        engine = current.load(current.active())

        def run() -> tuple[Any, Any]:
            return scalar_and_aux(fn(*args, **kwargs), has_aux)

        values = [v.value for v in variables]
        if not engine.functional and scopes.current_stateless() is None:
            (loss, aux), grads = engine.value_and_grad(lambda _: run(), values)
        else:
            (loss, aux), grads = differentiated(lambda _: run(), values, variables)
        return ((loss, aux) if has_aux else loss), grads

    return call


def scalar_and_aux(result: Any, has_aux: bool) -> tuple[Any, Any]:
    """What a function returned that is to be differentiated.

    Raises:
        ShapeError: if the value is no scalar.
    """
    value, aux = result if has_aux else (result, None)
    if getattr(value, "ndim", 0):
        raise ShapeError(
            "keras.ops.value_and_grad: the function returned a tensor of shape "
            f"{tuple(value.shape)}; expected a scalar to take gradients of. Reduce it, "
            "with keras.ops.mean for example."
        )
    return value, aux


def differentiated(
    run: Callable[[list[Native]], tuple[Any, Any]],
    values: list[Native],
    variables: Sequence[Variable] = (),
) -> Any:
    """`engine.value_and_grad`, out of which no traced value gets into a variable.

    Args:
        run: of traced values, returns a scalar and anything else.
        values: what to differentiate by.
        variables: those that have the traced values inside, if any.
    """
    updated: list[Variable] = []

    def pure(inner: list[Native]) -> tuple[Any, Any]:
        state = zip(variables, inner, strict=True) if variables else ()
        with StatelessScope(state) as scope:
            loss, aux = run(inner)
        updated[:] = [v for v, _ in scope.updates]
        return loss, (aux, [value for _, value in scope.updates])

    (loss, (aux, news)), grads = current.engine.value_and_grad(pure, values)
    for variable, value in zip(updated, news, strict=True):
        variable.assign(value)
    return (loss, aux), grads


class Repeated:
    """A compiled step run over many batches in one dispatch, on engines that scan.

    Args:
        fn: the step; what it writes is carried from batch to batch.
        once: `fn` compiled for one batch, which has been run.
    """

    def __init__(self, fn: Callable[..., Any], once: Compiled) -> None:
        self._fn, self._once = fn, once
        self._compiled = Compiled(self._over_block)

    def __call__(self, block: Any, count: int) -> Any:
        """Run the step on `count` batches, stacked along the first axis of `block`."""
        return self._compiled(block)

    def _over_block(self, block: Any) -> Any:
        engine = current.engine
        carried = self._once.written(engine.name)

        structure: list[Any] = []

        def body(state: list[Native], batch: Any) -> tuple[list[Native], Any]:
            with StatelessScope(zip(carried, state, strict=True)) as scope:
                leaves, structure[:] = _flat(self._fn(batch))
                return [scope.read(v) for v in carried], leaves

        leaves = [leaf for leaf in tree.flatten(block) if leaf is not None]
        first = [v.value for v in carried]
        state, results = engine.scan(body, first, block, len(leaves[0]), False)
        for variable, value in zip(carried, state, strict=True):
            variable.assign(value)
        return tree.unflatten(structure[0], results)


def _flat(result: Any) -> tuple[list[Any], list[Any]]:
    leaves, structure = tree.flatten_with_spec(result)
    return leaves, [structure]
