"""What makes a plain function an op: symbolic calls, masks, clean arguments."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, ParamSpec, TypeVar, overload

import numpy as np

from keras.backend import current
from keras.core import dtypes, masks
from keras.core.config import floatx
from keras.core.dtypes import PLAIN, Rule, standardize_dtype
from keras.core.keras_tensor import KerasTensor
from keras.core.operation import FunctionOperation, any_symbolic
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
            if any_symbolic(args) or (kwargs and any_symbolic(kwargs.values())):
                result = FunctionOperation(call).symbolic_call(*args, **kwargs)
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
        return x if dtype is None else engine.cast(x, dtype)
    if isinstance(x, Variable):
        value = x.value
        return value if dtype is None else engine.cast(value, dtype)
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

    A Python scalar stays one where it does not change the other's dtype.
    """
    engine = current.engine
    is_tensor = engine.is_tensor
    if is_tensor(x) and is_tensor(y) and x.dtype == y.dtype and rule is PLAIN:
        return x, y
    kind_x, kind_y = _SCALARS.get(type(x)), _SCALARS.get(type(y))
    if kind_x is None:
        x = tensor(x)
        kind_x = engine.dtype(x)
    if kind_y is None:
        y = tensor(y)
        kind_y = engine.dtype(y)
    target = rule(kind_x, kind_y)
    x_native, y_native = is_tensor(x), is_tensor(y)
    if x_native:
        if kind_x != target:
            x = engine.cast(x, target)
    elif not y_native or kind_x == "bool":
        x = engine.convert(x, target)
    elif kind_x == "int" and "float" in target:
        x = float(x)
    if y_native:
        if kind_y != target:
            y = engine.cast(y, target)
    elif not x_native or kind_y == "bool":
        y = engine.convert(y, target)
    elif kind_y == "int" and "float" in target:
        y = float(y)
    return x, y


def tensors(*xs: Any, dtype: str | None = None) -> list[Tensor]:
    """All arguments as tensors of one dtype: `dtype`, or the promoted one."""
    engine = current.engine
    if dtype is None:
        dtype = dtypes.promote([dtypes.kind(x) or dtype_of(x) for x in xs])
    return [
        x if engine.is_tensor(x) and engine.dtype(x) == dtype else tensor(x, dtype)
        for x in xs
    ]


_SCALARS = {bool: "bool", int: "int", float: "float", complex: "complex"}


def ruled(x: Any, rule: Rule) -> Tensor:
    """`x` as a tensor of the dtype that `rule` gives for it."""
    x = tensor(x)
    dtype = current.engine.dtype(x)
    target = rule(dtype)
    return x if dtype == target else current.engine.cast(x, target)


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
    if axis is None:
        return tuple(range(ndim))
    if isinstance(axis, int | np.integer):
        axis = (int(axis),)
    return tuple(axis_index(int(a), ndim, what) for a in axis)
