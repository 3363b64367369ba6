"""What makes a plain function an op: symbolic calls, masks, clean arguments."""

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from inspect import Parameter
from typing import Any, ParamSpec, TypeVar, overload

import numpy as np

from keras.backend import current
from keras.backend.planning import planned
from keras.core import dtypes
from keras.core.config import floatx
from keras.core.dtypes import PLAIN, Rule
from keras.core.keras_tensor import KerasTensor
from keras.core.operation import FunctionOperation, is_symbolic, pythonic
from keras.core.variable import Variable
from keras.errors import ShapeError
from keras.ops._call import like
from keras.ops._errors import NoTensorError, described, explained
from keras.typing import Native, Tensor

P = ParamSpec("P")
R = TypeVar("R")


@overload
def op(function: Callable[P, R]) -> Callable[P, R]: ...
@overload
def op(
    *, masked: bool = ..., expects: str = ..., runs_code: bool = ...
) -> Callable[[Callable[P, R]], Callable[P, R]]: ...
def op(
    function: Any = None,
    *,
    masked: bool = False,
    expects: str = "",
    runs_code: bool = False,
) -> Any:
    """Let a function record a graph node when an argument is a `KerasTensor`.

    Args:
        function: works on native tensors.
        masked: whether the op keeps the time axis, so that the mask of its first masked
            argument travels on.
        expects: what arguments must fulfil, as the error says that explains a failure.
        runs_code: whether the op calls functions of the user, whose errors pass as they
            are.
    """
    if function is None:
        return lambda f: _op(f, masked, expects, runs_code)
    return _op(function, masked, expects, runs_code)


def _op(
    function: Callable[P, R], masked: bool, expects: str, runs_code: bool
) -> Callable[P, R]:
    def careful(values: Sequence[Any]) -> Any:
        values = pythonic(values)
        args, kwargs = _as_written(function, values)
        if not is_symbolic(values):
            return function(*args, **kwargs)
        _refuse_shapes_of_data(function, values)
        node = FunctionOperation(call, is_pure=not runs_code)
        return node.symbolic_call(*args, **kwargs)

    def failed(error: Exception, values: Sequence[Any]) -> Exception:
        given = _given(function, values)
        if runs_code:
            return _no_function(function, given) or error
        return explained(error, function, expects, given)

    call = like(function, careful, failed, masked)
    call.op = function  # type: ignore[attr-defined]
    return call


@lru_cache(1024)  # `vectorize` makes ops without end
def _parameters(function: Callable[..., Any]) -> Sequence[tuple[str, Any, Any]]:
    """Name, kind and default of each, in the order of the values of a call."""
    found = inspect.signature(function).parameters
    names = function.__code__.co_varnames[: len(found)]
    return [(name, found[name].kind, found[name].default) for name in names]


def _as_written(
    function: Callable[..., Any], values: Sequence[Any]
) -> tuple[list[Any], dict[str, Any]]:
    """The arguments by position and by name, but those that are the default."""
    args: list[Any] = []
    kwargs: dict[str, Any] = {}
    has_gap = False
    for (name, kind, default), value in zip(_parameters(function), values, strict=True):
        if kind is Parameter.VAR_POSITIONAL:
            args += value
        elif kind is Parameter.VAR_KEYWORD:
            kwargs |= value
        elif value is default:
            has_gap = True
        elif has_gap or kind is Parameter.KEYWORD_ONLY:
            kwargs[name] = value
        else:
            args.append(value)
    return args, kwargs


def _given(function: Callable[..., Any], values: Sequence[Any]) -> dict[str, Any]:
    """The arguments by name, but those that are the default, or none."""
    return {
        name: value
        for (name, kind, default), value in zip(
            _parameters(function), values, strict=True
        )
        if (value if kind in _VARIADIC else value is not default)
    }


def _no_function(
    function: Callable[..., Any], given: Mapping[str, Any]
) -> TypeError | None:
    """The error to raise where what should be a function is none."""
    for name, value in given.items():
        parts = value if isinstance(value, list | tuple) else (value,)
        is_function = "Callable" in str(function.__annotations__.get(name))
        if is_function and not all(map(callable, parts)):
            return TypeError(
                f"keras.ops.{function.__name__}: got {name}={described(value)}; "
                "expected a function."
            )
    return None


_VARIADIC = (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)


# The arguments that give a shape, in every op that has them; some keys do too.
_SHAPES = frozenset(
    "indices_or_sections k N newshape num num_classes num_segments pad_width repeats "
    "shape".split()
)


def _refuse_shapes_of_data(function: Callable[..., Any], values: Sequence[Any]) -> None:
    """Where NumPy infers shapes it would take its zeros for the data."""
    for name, value in zip(function.__code__.co_varnames, values, strict=False):
        if (name in _SHAPES and is_symbolic(value)) or (
            name == "key" and _is_of_data(value)
        ):
            raise NotImplementedError(
                f"keras.ops.{function.__name__}: got a symbolic tensor in {name}; the "
                "result's shape depends on the data. Give one that has values, or call "
                "it in a Layer (compute_output_shape)."
            )


def _is_of_data(key: Any) -> bool:
    """Whether a key has a mask, or a slice whose ends have no values yet."""
    return any(
        is_symbolic((p.start, p.stop, p.step))
        if type(p) is slice
        else isinstance(p, KerasTensor) and p.dtype == "bool"
        for p in (key if isinstance(key, tuple) else (key,))
    )


def tensor(x: Any, dtype: str | None = None) -> Tensor:
    """`x` as a native tensor; a Python float gets `floatx`, an int int32."""
    engine = current.engine
    if type(x) in engine.tensor_types or engine.is_tensor(x):
        if dtype is None or engine.dtype(x) == dtype:
            return x
        return engine.cast(x, dtype)
    if isinstance(x, Variable):
        return tensor(x.value, dtype)
    if isinstance(x, KerasTensor):
        raise TypeError(
            f"Got {x!r} where a tensor with values is needed. Give tensors or arrays, "
            "or call the op on symbolic tensors at the top level."
        )
    return engine.convert(x, dtype or _natural_dtype(x))


def _natural_dtype(x: Any) -> str | None:
    kind = dtypes.kind(x)
    if kind is not None:
        return dtypes.promote([kind])
    if hasattr(x, "dtype"):
        return dtypes.tensor_dtype(x.dtype)
    if isinstance(x, list | tuple):
        types, leaves = types_within(x)
        if types <= PYTHON_NUMBERS:
            return dtype_of_numbers(types)
        kinds = {_leaf_dtype(leaf) for leaf in leaves}
        return dtypes.stored(dtypes.promote(sorted(kinds)))
    _dtype_in_numpy(x)
    return None


def dtype_of_numbers(types: set[type]) -> str:
    """The dtype of a tensor of Python numbers of these types."""
    if complex in types:
        return "complex64"
    if float in types or not types:
        return floatx()
    return "int32" if int in types else "bool"


def types_within(x: Sequence[Any]) -> tuple[set[type], Sequence[Any]]:
    """The types of what nested lists and tuples hold, and all that they hold."""
    types = {*map(type, x)}
    while list in types or tuple in types:
        x = [v for row in x for v in (row if isinstance(row, list | tuple) else (row,))]
        types = {*map(type, x)}
    return types, x


PYTHON_NUMBERS = frozenset({bool, int, float, complex})


def _leaf_dtype(x: Any) -> str:
    kind = dtypes.kind(x)
    if kind is not None:
        return kind
    return dtype_of(x) if hasattr(x, "dtype") else _dtype_in_numpy(x)


def _dtype_in_numpy(x: Any) -> str:
    dtype = np.asarray(x).dtype
    if dtype.kind not in _NUMERIC:
        raise NoTensorError(
            f"Got {described(x)} ({type(x).__name__}), of which no tensor can be made."
        )
    return dtypes.stored(dtype.name)


_NUMERIC = "biufcV"  # bool, ints, floats, complex; V: bfloat16 and its like


def dtype_of(x: Any) -> str:
    """The dtype of a tensor, variable, symbolic tensor or scalar, by name."""
    engine = current.engine
    if engine.is_tensor(x):
        return engine.dtype(x)
    if isinstance(x, Variable | KerasTensor):
        return dtypes.stored(x.dtype)
    return _natural_dtype(x) or _dtype_in_numpy(x)


def kind_or_dtype(x: Any) -> str:
    """What counts in promotion: a Python scalar's kind, or a dtype."""
    return dtypes.kind(x) or dtype_of(x)


def operands(x: Any, y: Any, rule: Rule = PLAIN) -> tuple[Native, Native]:
    """Two arguments of an arithmetic op in the dtype of its result.

    A Python number beside a tensor stays one.
    """
    types = current.engine.tensor_types
    if type(x) in types:
        dtype = x.dtype
        if type(y) in types:
            if dtype is y.dtype and dtype in rule.kept:
                return x, y
        elif (number := rule.beside.get((dtype, type(y)))) is not None:
            return x, number(y)
    elif (
        type(y) in types and (number := rule.beside.get((y.dtype, type(x)))) is not None
    ):
        return number(x), y
    target = rule(met(x, rule), met(y, rule))
    return _operand(x, y, target), _operand(y, x, target)


def met(x: Any, rule: Rule) -> str:
    """The kind or dtype of `x`; from now on `rule` knows how the engine calls it."""
    name = kind_or_dtype(x)
    if type(x) in current.engine.tensor_types:
        rule.learn(x.dtype, name)
    return name


def floats(*xs: Any) -> Sequence[Native]:
    """All of `xs` as tensors of one float (or complex) dtype."""
    types, kind = current.engine.tensor_types, getattr(xs[0], "dtype", None)
    for x in xs:
        if type(x) not in types or x.dtype is not kind:
            break
    else:
        if kind in FLOATING.kept:
            return xs
    return tensors([floating(x) for x in xs])


def both(x: Any, y: Any, rule: Rule = PLAIN) -> tuple[Native, Native]:
    """`operands`, both as tensors."""
    a, b = operands(x, y, rule)
    engine = current.engine
    if type(a) in _NUMBERS:
        a = engine.convert(a, engine.dtype(b))
    elif type(b) in _NUMBERS:
        b = engine.convert(b, engine.dtype(a))
    return a, b


def _operand(x: Any, other: Any, dtype: str) -> Native:
    if type(x) in _NUMBERS and dtypes.kind(other) is None:
        return float(x) if type(x) is int and "float" in dtype else x
    return tensor(x, dtype)


_NUMBERS = frozenset({int, float, complex})


def tensors(xs: Iterable[Any], dtype: str | None = None) -> Sequence[Tensor]:
    """All of `xs` as tensors of one dtype: `dtype`, or the promoted one."""
    if type(xs) is not list and type(xs) is not tuple:
        xs = list(xs)
    if dtype is None:
        types, first = current.engine.tensor_types, None
        for x in xs:
            if type(x) not in types:
                break
            kind = x.dtype
            if first is None:
                first = kind
            elif kind is not first:
                break
        else:
            return xs
        dtype = dtypes.promote([kind_or_dtype(x) for x in xs])
    return [tensor(x, dtype) for x in xs]


def ruled(x: Any, rule: Rule) -> Tensor:
    """`x` as a tensor of the dtype that `rule` gives for it."""
    engine = current.engine
    if type(x) in engine.tensor_types and x.dtype in rule.kept:
        return x
    x = tensor(x)
    dtype = met(x, rule)
    return x if dtype in rule.kept else engine.cast(x, rule(dtype))


def floating(x: Any) -> Tensor:
    """`x` as a tensor of a float (or complex) dtype: ints become `floatx`."""
    if type(x) in current.engine.tensor_types and x.dtype in FLOATING.kept:
        return x  # as `ruled` does it, without another call
    return ruled(x, FLOATING)


FLOATING = Rule(floating=True)


def fast_path(name: str) -> Callable[..., Any] | None:
    """The engine's own version of a composed op, if it has one."""
    return getattr(current.engine, name, None)


@cache
def axis_index(axis: int, ndim: int, what: str) -> int:
    """A non-negative axis.

    Raises:
        ShapeError: if there is no such axis.
    """
    if not -ndim <= axis < max(ndim, 1):
        name = what if "." in what else f"keras.ops.{what}"
        raise ShapeError(
            f"{name}: got axis={axis} for a tensor of {ndim} dimensions; expected "
            f"{-ndim} to {ndim - 1}."
        )
    return axis % ndim if ndim else 0


@planned
def axis_tuple(
    axis: int | Sequence[int] | None, ndim: int, what: str
) -> tuple[int, ...]:
    """Non-negative axes; `None` means all."""
    if axis is None:
        return tuple(range(ndim))
    axes = (axis,) if isinstance(axis, int | np.integer) else axis
    return tuple(axis_index(int(a), ndim, what) for a in axes)
