"""What makes a plain function an op: symbolic calls, masks, clean arguments."""

from collections.abc import Callable, Sequence
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar, overload

import numpy as np

from keras.backend import current
from keras.core import dtypes, masks
from keras.core.config import floatx
from keras.core.dtypes import PLAIN, Rule, standardize_dtype
from keras.core.keras_tensor import KerasTensor
from keras.core.operation import FunctionOperation, is_symbolic, opaque
from keras.core.variable import Variable
from keras.errors import ShapeError
from keras.ops._errors import explained
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
    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            symbolic = bool(kwargs) and is_symbolic(kwargs)
            for arg in args:
                if type(arg) not in opaque and is_symbolic(arg):
                    symbolic = True
            if symbolic:
                node = FunctionOperation(call, is_pure=not runs_code)
                result = node.symbolic_call(*args, **kwargs)
            else:
                result = function(*args, **kwargs)
        except Exception as error:
            if runs_code:
                raise
            raised = explained(error, function, expects, args, kwargs)
            raise raised from raised.__cause__
        if masked and masks.in_use():
            masks.carry(result, *args[:2])
        return result

    call.op = function  # type: ignore[attr-defined]
    return call


def tensor(x: Any, dtype: str | None = None) -> Tensor:
    """`x` as a native tensor; a Python float gets `floatx`, an int int32."""
    engine = current.engine
    if engine.is_tensor(x):
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
        return dtypes.stored(standardize_dtype(x.dtype))
    if isinstance(x, list | tuple):
        kinds = {_leaf_dtype(leaf) for leaf in _leaves(x)} or {"float"}
        return dtypes.stored(dtypes.promote(sorted(kinds)))
    return None


def _leaves(x: Any) -> list[Any]:
    if isinstance(x, list | tuple):
        return [leaf for item in x for leaf in _leaves(item)]
    return [x]


def _leaf_dtype(x: Any) -> str:
    kind = dtypes.kind(x)
    if kind is not None:
        return kind
    return (
        dtype_of(x) if hasattr(x, "dtype") else dtypes.stored(np.asarray(x).dtype.name)
    )


def dtype_of(x: Any) -> str:
    """The dtype of a tensor, variable, symbolic tensor or scalar, by name."""
    engine = current.engine
    if engine.is_tensor(x):
        return engine.dtype(x)
    if isinstance(x, Variable | KerasTensor):
        return dtypes.stored(x.dtype)
    return _natural_dtype(x) or dtypes.stored(np.asarray(x).dtype.name)


def kind_or_dtype(x: Any) -> str:
    """What counts in promotion: a Python scalar's kind, or a dtype."""
    return dtypes.kind(x) or dtype_of(x)


def operands(x: Any, y: Any, rule: Rule = PLAIN) -> tuple[Native, Native]:
    """Two arguments of an arithmetic op in the dtype of its result.

    A Python number beside a tensor stays one.
    """
    engine = current.engine
    if engine.is_tensor(x):
        if engine.is_tensor(y):
            if x.dtype == y.dtype and (rule is PLAIN or engine.dtype(x) in rule.kept):
                return x, y
        elif (number := rule.beside.get((engine.dtype(x), type(y)))) is not None:
            return x, number(y)
    elif engine.is_tensor(y):
        number = rule.beside.get((engine.dtype(y), type(x)))
        if number is not None:
            return number(x), y
    target = rule(kind_or_dtype(x), kind_or_dtype(y))
    return _operand(x, y, target), _operand(y, x, target)


def _operand(x: Any, other: Any, dtype: str) -> Native:
    if type(x) in _NUMBERS and dtypes.kind(other) is None:
        return float(x) if type(x) is int and "float" in dtype else x
    return tensor(x, dtype)


_NUMBERS = (int, float, complex)


def tensors(*xs: Any, dtype: str | None = None) -> list[Tensor]:
    """All arguments as tensors of one dtype: `dtype`, or the promoted one."""
    if dtype is None:
        if xs and current.engine.is_tensor(xs[0]):
            kind, native = type(xs[0]), xs[0].dtype
            for x in xs:
                if type(x) is not kind or x.dtype != native:
                    break
            else:
                return list(xs)
        dtype = dtypes.promote([kind_or_dtype(x) for x in xs])
    return [tensor(x, dtype) for x in xs]


def ruled(x: Any, rule: Rule) -> Tensor:
    """`x` as a tensor of the dtype that `rule` gives for it."""
    engine = current.engine
    if not engine.is_tensor(x):
        x = tensor(x)
    dtype = engine.dtype(x)
    return x if dtype in rule.kept else engine.cast(x, rule(dtype))


def floating(x: Any) -> Tensor:
    """`x` as a tensor of a float (or complex) dtype: ints become `floatx`."""
    x = tensor(x)
    dtype = current.engine.dtype(x)
    if dtypes.is_float(dtype) or dtype in dtypes.COMPLEX:
        return x
    return current.engine.cast(x, floatx())


def fast_path(name: str) -> Callable[..., Any] | None:
    """The engine's own version of a composed op, if it has one."""
    return getattr(current.load(current.active()), name, None)


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


def axis_tuple(
    axis: int | Sequence[int] | None, ndim: int, what: str
) -> tuple[int, ...]:
    """Non-negative axes; `None` means all."""
    if isinstance(axis, list | np.ndarray):
        axis = tuple(axis)
    return _axes(axis, ndim, what)


@cache
def _axes(axis: Any, ndim: int, what: str) -> tuple[int, ...]:
    if axis is None:
        return tuple(range(ndim))
    if isinstance(axis, int | np.integer):
        axis = (axis,)
    return tuple(axis_index(int(a), ndim, what) for a in axis)
