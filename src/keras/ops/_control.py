"""Control flow: branches, loops, scans, and functions mapped over tensors."""

from collections.abc import Callable, Sequence
from typing import Any

from keras.backend import current
from keras.core import control, tree
from keras.core.keras_tensor import KerasTensor
from keras.core.variable import Variable
from keras.errors import ShapeError
from keras.ops._indexing import abstract_evaluation
from keras.ops._op import axis_index, op, tensor
from keras.typing import Native, TensorLike


def _tensors(structure: Any) -> Any:
    """`structure` with every leaf but `None` as a tensor."""
    return tree.map_structure(lambda x: None if x is None else tensor(x), structure)


def _is_leaf(x: Any) -> bool:
    return isinstance(x, Variable | int | float) or current.engine.is_tensor(x)


@op(runs_code=True)
def cond(
    pred: TensorLike, true_fn: Callable[[], Any], false_fn: Callable[[], Any]
) -> Any:
    """What `true_fn()` returns if `pred` holds, else what `false_fn()` returns.

    Where `pred` is known, only that function runs; in a compiled function both are
    traced, and must return tensors of the same shapes and dtypes. Either may assign
    variables.

    Args:
        pred: bool scalar.
        true_fn, false_fn: functions without arguments.
    """
    return control.cond(_scalar_bool(pred), _branch(true_fn), _branch(false_fn))


def _branch(fn: Callable[[], Any]) -> Callable[[], Any]:
    def result(x: Any) -> Any:
        if isinstance(x, KerasTensor):
            raise TypeError(
                f"keras.ops.cond: a branch returned {x!r}, made outside of it; a graph "
                "of layers does not see what functions hold. Choose with "
                "keras.ops.where, or call cond in a Layer that takes the tensor."
            )
        return tensor(x) if _is_leaf(x) else x

    return lambda: tree.map_structure(result, fn())


def _scalar_bool(pred: Any) -> Native:
    pred = tensor(pred, "bool")
    if pred.ndim and all(d == 1 for d in pred.shape):
        pred = current.engine.reshape(pred, ())
    if pred.ndim:
        raise ShapeError(
            f"keras.ops.cond: got pred of shape {tuple(pred.shape)}; expected one "
            "bool. Use keras.ops.where to choose entry by entry."
        )
    return pred


@op(runs_code=True)
def switch(
    index: TensorLike, branches: Sequence[Callable[..., Any]], *operands: Any
) -> Any:
    """What `branches[index](*operands)` returns.

    Args:
        index: integer scalar; out of range it is the first or last branch.
        branches: functions that return tensors of the same shapes and dtypes.
        operands: what they are called with.
    """
    if not branches:
        raise ShapeError("keras.ops.switch: got no branches; expected at least one.")
    index = tensor(index, "int32")

    def choose(first: int) -> Any:
        if first == len(branches) - 1:
            return branches[first](*operands)
        return cond(
            current.engine.less_equal(index, first),
            lambda: branches[first](*operands),
            lambda: choose(first + 1),
        )

    return choose(0)


@op(runs_code=True)
def while_loop(
    cond: Callable[..., Any],
    body: Callable[..., Any],
    loop_vars: Any,
    maximum_iterations: int | None = None,
) -> Any:
    """Run `body` on the state for as long as `cond` of it holds.

    Args:
        cond: from the state, as arguments, to a bool scalar.
        body: from the state, as arguments, to the next state of the same form, shapes
            and dtypes.
        loop_vars: the first state: a tensor, or a list or tuple of nested tensors.
        maximum_iterations: stop after so many.

    Returns:
        The last state, in the form of `loop_vars`.

    Example:
        >>> keras.ops.while_loop(lambda i: i < 10, lambda i: i + 3, 0)
        12
    """
    single = not isinstance(loop_vars, list | tuple)
    state = _tensors((loop_vars,) if single else tuple(loop_vars))

    def step(*now: Any) -> tuple[Any, ...]:
        result = body(*now)
        if single and not isinstance(result, list | tuple):
            result = (result,)
        if len(result) != len(state):
            raise ShapeError(
                f"keras.ops.while_loop: body returned {len(result)} values; expected "
                f"{len(state)}, as many as there are loop_vars."
            )
        return _tensors(tuple(result))

    last = control.while_loop(cond, step, state, maximum_iterations)
    if single:
        return last[0]
    return type(loop_vars)(last) if type(loop_vars) in (list, tuple) else last


@op(runs_code=True)
def fori_loop(
    lower: TensorLike,
    upper: TensorLike,
    body_fun: Callable[[Any, Any], Any],
    init_val: Any,
) -> Any:
    """Run `body_fun(i, value)` for `i` from `lower` to below `upper`.

    Args:
        lower, upper: integer scalars.
        body_fun: from the index and the value to the next value.
        init_val: the first value: nested tensors.

    Returns:
        The last value.
    """
    engine = current.engine
    if isinstance(lower, int) and isinstance(upper, int):
        value = _tensors(init_val)
        if engine.functional:
            # A scan: unlike a loop with a condition it can be differentiated.
            places = engine.arange(lower, max(lower, upper), 1, "int32")
            count = max(upper - lower, 0)
            step = lambda v, i: (_tensors(body_fun(i, v)), None)  # noqa: E731
            return control.scan(step, value, places, count, False)[0]
        # A loop keeps the shapes of its state: there is nothing else to infer.
        for i in () if abstract_evaluation() else range(lower, upper):
            value = _tensors(body_fun(i, value))
        return value
    end = tensor(upper, "int32")
    state = (tensor(lower, "int32"), _tensors(init_val))

    def body(i: Native, value: Any) -> tuple[Any, Any]:
        return engine.add(i, 1), _tensors(body_fun(i, value))

    return control.while_loop(lambda i, _: engine.less(i, end), body, state, None)[1]


def _length(xs: Any, length: int | None, what: str) -> int:
    sizes = {
        int(x.shape[0]) if x.ndim else -1 for x in tree.flatten(xs) if x is not None
    }
    if length is not None:
        sizes.add(int(length))
    if len(sizes) != 1 or -1 in sizes:
        raise ShapeError(
            f"keras.ops.{what}: got first dimensions {sorted(sizes)}, length={length}; "
            "expected one and the same. Give tensors of equal lengths, or length."
        )
    return sizes.pop()


@op(runs_code=True)
def scan(
    f: Callable[[Any, Any], tuple[Any, Any]],
    init: Any,
    xs: Any = None,
    length: int | None = None,
    reverse: bool = False,
    unroll: int | bool = 1,
) -> tuple[Any, Any]:
    """Carry a state along the first axis: `state, ys[i] = f(state, xs[i])`.

    Args:
        f: from the state and an entry to the next state and a result.
        init: the first state: nested tensors.
        xs: nested tensors of equal first dimensions, or `None`.
        length: how many steps; needed where `xs` is `None`.
        reverse: from the last entry to the first.
        unroll: accepted for compatibility: how many steps to write out in a program.

    Returns:
        The last state, and the results stacked along a new first axis.

    Example:
        >>> keras.ops.scan(lambda s, x: (s + x, s), 0, keras.ops.arange(4))
        (6, [0, 0, 1, 3])
    """
    if unroll < 0:
        raise ShapeError(
            f"keras.ops.scan: got unroll={unroll!r}; expected a bool or an int from 0."
        )
    xs = None if xs is None else _tensors(xs)
    steps = _length(xs, length, "scan")

    def step(state: Any, x: Any) -> tuple[Any, Any]:
        state, y = f(state, x)
        return _tensors(state), _tensors(y)

    state, ys = control.scan(step, _tensors(init), xs, steps, reverse)
    return state, ys


@op(runs_code=True)
def map(f: Callable[[Any], Any], xs: Any) -> Any:
    """The results of `f` on each entry of `xs` along the first axis, stacked.

    Args:
        f: from an entry to nested tensors; called on one after the other.
        xs: nested tensors of equal first dimensions.
    """
    xs = _tensors(xs)
    steps = _length(xs, None, "map")
    _, ys = control.scan(lambda state, x: (state, _tensors(f(x))), (), xs, steps, False)
    return ys


@op(runs_code=True)
def vectorized_map(function: Callable[[Any], Any], elements: Any) -> Any:
    """The results of `function` on each entry along the first axis, computed at once.

    Args:
        function: from an entry to nested tensors; it is called once, on a stand-in.
        elements: nested tensors of equal first dimensions.
    """
    elements = _tensors(elements)
    _length(elements, None, "vectorized_map")
    return control.vmap(function, elements)


@op(runs_code=True)
def associative_scan(
    f: Callable[[Any, Any], Any], elems: Any, reverse: bool = False, axis: int = 0
) -> Any:
    """All partial results of an associative `f` along an axis, in logarithmic depth.

    Blelloch, "Prefix sums and their applications" (1990): neighbours are joined, the
    half as long sequence is scanned, and every second result is filled in.

    Args:
        f: joins two structures like `elems`, entry by entry along `axis`.
        elems: nested tensors of equal dimensions at `axis`.
        reverse: from the last entry to the first.
        axis: along which axis.
    """
    leaves, spec = tree.flatten_with_spec(_tensors(elems))
    axis = axis_index(axis, leaves[0].ndim, "associative_scan")
    engine = current.engine
    lengths = {int(x.shape[axis]) for x in leaves}
    if len(lengths) != 1:
        raise ShapeError(
            f"keras.ops.associative_scan: got lengths {sorted(lengths)} at axis="
            f"{axis}; expected one and the same."
        )
    before = (slice(None),) * axis

    def cut(xs: list[Native], start: int, stop: int | None, step: int) -> list[Native]:
        return [x[(*before, slice(start, stop, step))] for x in xs]

    def join(a: list[Native], b: list[Native]) -> list[Native]:
        result = f(tree.unflatten(spec, a), tree.unflatten(spec, b))
        return tree.flatten(result)

    def partial(xs: list[Native]) -> list[Native]:
        length = int(xs[0].shape[axis])
        if length < 2:
            return xs
        odd = partial(join(cut(xs, 0, length - 1, 2), cut(xs, 1, None, 2)))
        left = odd if length % 2 else cut(odd, 0, -1, 1)
        rest = join(left, cut(xs, 2, None, 2)) if length > 2 else cut(xs, 2, None, 2)
        even = [
            engine.concatenate([first, x], axis)
            for first, x in zip(cut(xs, 0, 1, 1), rest, strict=True)
        ]
        return [_interleaved(a, b, axis) for a, b in zip(even, odd, strict=True)]

    if reverse:
        leaves = [engine.flip(x, (axis,)) for x in leaves]
    results = partial(leaves)
    if reverse:
        results = [engine.flip(x, (axis,)) for x in results]
    return tree.unflatten(spec, results)


def _interleaved(even: Native, odd: Native, axis: int) -> Native:
    """Entries in turns; `even` has as many as `odd`, or one more."""
    engine = current.engine
    count = int(odd.shape[axis])
    before = (slice(None),) * axis
    pairs = engine.stack([even[(*before, slice(0, count))], odd], axis + 1)
    shape = [*even.shape[:axis], 2 * count, *even.shape[axis + 1 :]]
    result = engine.reshape(pairs, shape)
    if int(even.shape[axis]) == count:
        return result
    return engine.concatenate([result, even[(*before, slice(count, None))]], axis)
