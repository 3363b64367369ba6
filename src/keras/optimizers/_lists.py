"""Arithmetic on lists of tensors, so that an update is written once for all variables.

`TensorList` makes a formula read as in the paper. Each of its operations is a function
below, composed from the operators of tensors; an engine with multi-tensor kernels
(PyTorch) defines the same name as a fast path.

In-place forms (`+=`, `lerp_`, `addcmul_`, ...) may write into the tensors of the list
on the left, so use them only on lists that the optimizer owns: weights, slots, and what
an operator returned; never on the gradients that came in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from keras.backend import current
from keras.typing import Native

P = ParamSpec("P")
R = TypeVar("R")


def _accelerated(function: Callable[P, R]) -> Callable[P, R]:
    name = function.__name__

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        fast = getattr(current.engine, name, None)
        return (function if fast is None else fast)(*args, **kwargs)

    call.composed = function  # type: ignore[attr-defined]
    return call


def _pairs(xs: list[Native], y: Any) -> Iterable[tuple[Native, Any]]:
    return zip(xs, y, strict=True) if isinstance(y, list) else ((x, y) for x in xs)


def _like(x: Native, result: Native) -> Native:
    """`result` in the dtype of `x`, which scalars of another dtype may have changed."""
    if result.dtype == x.dtype:
        return result
    return current.engine.cast(result, current.engine.dtype(x))


@_accelerated
def list_add(
    xs: list[Native], y: Any, alpha: Any = 1.0, reuse: bool = False
) -> list[Native]:
    """`x + alpha * y`; y is a list or one scalar."""
    return [_like(a, a + alpha * b) for a, b in _pairs(xs, y)]


@_accelerated
def list_mul(xs: list[Native], y: Any, reuse: bool = False) -> list[Native]:
    """`x * y`; y is a list or one scalar."""
    return [_like(a, a * b) for a, b in _pairs(xs, y)]


@_accelerated
def list_div(xs: list[Native], y: Any, reuse: bool = False) -> list[Native]:
    """`x / y`; y is a list or one scalar."""
    return [_like(a, a / b) for a, b in _pairs(xs, y)]


@_accelerated
def list_sqrt(xs: list[Native], reuse: bool = False) -> list[Native]:
    """`sqrt(x)`."""
    return [current.engine.sqrt(x) for x in xs]


@_accelerated
def list_power(xs: list[Native], exponent: float) -> list[Native]:
    """`x ** exponent`, x of at least 0."""
    return [_like(x, x**exponent) for x in xs]


@_accelerated
def list_abs(xs: list[Native]) -> list[Native]:
    """`|x|`."""
    return [current.engine.abs(x) for x in xs]


@_accelerated
def list_sign(xs: list[Native]) -> list[Native]:
    """-1, 0 or 1."""
    return [current.engine.sign(x) for x in xs]


@_accelerated
def list_maximum(xs: list[Native], y: Any, reuse: bool = False) -> list[Native]:
    """`max(x, y)`; y is a list or one number."""
    return [_like(a, current.engine.maximum(a, b)) for a, b in _pairs(xs, y)]


@_accelerated
def list_minimum(xs: list[Native], y: Any) -> list[Native]:
    """`min(x, y)`; y is a list or one number."""
    return [_like(a, current.engine.minimum(a, b)) for a, b in _pairs(xs, y)]


@_accelerated
def list_lerp(xs: list[Native], ys: list[Native], weight: Any) -> list[Native]:
    """`x + weight * (y - x)`, in place of `xs`."""
    return [_like(x, x + weight * (y - x)) for x, y in zip(xs, ys, strict=True)]


@_accelerated
def list_addcmul(
    xs: list[Native], ys: list[Native], zs: list[Native], value: Any
) -> list[Native]:
    """`x + value * y * z`, in place of `xs`."""
    return [_like(x, x + value * (y * z)) for x, y, z in zip(xs, ys, zs, strict=True)]


@_accelerated
def list_addcdiv(
    xs: list[Native], ys: list[Native], zs: list[Native], value: Any
) -> list[Native]:
    """`x + value * y / z`, in place of `xs`."""
    return [_like(x, x + value * (y / z)) for x, y, z in zip(xs, ys, zs, strict=True)]


@_accelerated
def list_norm(xs: list[Native]) -> list[Native]:
    """The Euclidean norm of each tensor, a scalar."""
    engine = current.engine
    return [engine.sqrt(engine.sum(x * x, tuple(range(x.ndim)), False)) for x in xs]


@_accelerated
def list_assign(xs: list[Native], ys: list[Native]) -> list[Native]:
    """The values of `ys`, in place of `xs`."""
    return ys


@_accelerated
def list_zero(xs: list[Native]) -> list[Native]:
    """Zeros, in place of `xs`."""
    engine = current.engine
    return [engine.full_like(x, 0, None) for x in xs]


def list_where(condition: Native, xs: list[Native], ys: list[Native]) -> list[Native]:
    """x where the scalar `condition` holds, else y."""
    return [current.engine.where(condition, x, y) for x, y in zip(xs, ys, strict=True)]


def _raw(y: Any) -> Any:
    return y.items if isinstance(y, TensorList) else y


class TensorList:
    """Tensors that take part in a formula together.

    Args:
        items: tensors, one per variable.
    """

    __slots__ = ("items",)

    def __init__(self, items: list[Native]) -> None:
        self.items: list[Native] = items

    def __add__(self, other: Any) -> TensorList:
        return TensorList(list_add(self.items, _raw(other)))

    def __iadd__(self, other: Any) -> TensorList:
        self.items = list_add(self.items, _raw(other), reuse=True)
        return self

    def __sub__(self, other: Any) -> TensorList:
        return TensorList(list_add(self.items, _raw(other), alpha=-1.0))

    def __isub__(self, other: Any) -> TensorList:
        self.items = list_add(self.items, _raw(other), alpha=-1.0, reuse=True)
        return self

    def __mul__(self, other: Any) -> TensorList:
        return TensorList(list_mul(self.items, _raw(other)))

    __rmul__ = __mul__

    def __imul__(self, other: Any) -> TensorList:
        self.items = list_mul(self.items, _raw(other), reuse=True)
        return self

    def __truediv__(self, other: Any) -> TensorList:
        return TensorList(list_div(self.items, _raw(other)))

    def __itruediv__(self, other: Any) -> TensorList:
        self.items = list_div(self.items, _raw(other), reuse=True)
        return self

    def add_(self, other: Any, alpha: Any) -> TensorList:
        """`self += alpha * other`."""
        self.items = list_add(self.items, _raw(other), alpha=alpha, reuse=True)
        return self

    def lerp_(self, other: TensorList, weight: Any) -> TensorList:
        """`self += weight * (other - self)`."""
        self.items = list_lerp(self.items, other.items, weight)
        return self

    def addcmul_(self, a: TensorList, b: TensorList, value: Any) -> TensorList:
        """`self += value * a * b`."""
        self.items = list_addcmul(self.items, a.items, b.items, value)
        return self

    def addcdiv_(self, a: TensorList, b: TensorList, value: Any) -> TensorList:
        """`self += value * a / b`."""
        self.items = list_addcdiv(self.items, a.items, b.items, value)
        return self

    def maximum_(self, other: Any) -> TensorList:
        """`self = max(self, other)`."""
        self.items = list_maximum(self.items, _raw(other), reuse=True)
        return self

    def assign_(self, other: TensorList) -> TensorList:
        """`self = other`, in the memory of self."""
        self.items = list_assign(self.items, other.items)
        return self

    def zero_(self) -> TensorList:
        """`self = 0`."""
        self.items = list_zero(self.items)
        return self

    def minimum(self, other: Any) -> TensorList:
        """`min(self, other)`."""
        return TensorList(list_minimum(self.items, _raw(other)))

    def sqrt_(self) -> TensorList:
        """`self = sqrt(self)`."""
        self.items = list_sqrt(self.items, reuse=True)
        return self

    def sqrt(self) -> TensorList:
        """Square roots."""
        return TensorList(list_sqrt(self.items))

    def power(self, exponent: float) -> TensorList:
        """`self ** exponent`."""
        return TensorList(list_power(self.items, exponent))

    def abs(self) -> TensorList:
        """Absolute values."""
        return TensorList(list_abs(self.items))

    def sign(self) -> TensorList:
        """Signs."""
        return TensorList(list_sign(self.items))

    def norm(self) -> TensorList:
        """Euclidean norms, scalars."""
        return TensorList(list_norm(self.items))

    def map(self, function: Callable[..., Native], *others: Any) -> TensorList:
        """`function` of each tensor and its fellows in `others`, one by one.

        For what has no multi-tensor kernel.
        """
        lists = [_raw(other) for other in others]
        return TensorList(
            [
                _like(x, function(x, *rest))
                for x, *rest in zip(self.items, *lists, strict=True)
            ]
        )

    def pick(self, places: list[int]) -> TensorList:
        """The tensors at `places`."""
        return TensorList([self.items[i] for i in places])

    def put(self, places: list[int], values: TensorList) -> None:
        """Set the tensors at `places`."""
        for place, value in zip(places, values.items, strict=True):
            self.items[place] = value
