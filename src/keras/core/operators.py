"""Python's operators for values that are no native tensors, in terms of `keras.ops`."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from keras.typing import Tensor

_ops: dict[str, Callable[..., Tensor]] = {}


def provide(**functions: Callable[..., Any]) -> None:
    """Say which op stands behind which operator; `ops/` does so when it is loaded."""
    _ops.update(functions)


def call(name: str, *args: Any, **kwargs: Any) -> Tensor:
    """An op by name, for floors that stand below `ops/`."""
    return _ops[name](*args, **kwargs)


class Operators:
    """Arithmetic, comparison and indexing for variables and symbolic tensors."""

    if TYPE_CHECKING:

        def __hash__(self) -> int: ...
    else:
        __hash__ = object.__hash__  # `__eq__` would take it away
    # NumPy leaves `array * x` to us.
    __array_priority__ = 100

    def __getitem__(self, key: Any) -> Tensor:
        return _ops["get_item"](self, key)

    def __iter__(self) -> Iterator[Tensor]:
        raise TypeError(f"{type(self).__name__} cannot be iterated over.")

    def __add__(self, other: Any) -> Tensor:
        return _ops["add"](self, other)

    def __radd__(self, other: Any) -> Tensor:
        return _ops["add"](other, self)

    def __sub__(self, other: Any) -> Tensor:
        return _ops["subtract"](self, other)

    def __rsub__(self, other: Any) -> Tensor:
        return _ops["subtract"](other, self)

    def __mul__(self, other: Any) -> Tensor:
        return _ops["multiply"](self, other)

    def __rmul__(self, other: Any) -> Tensor:
        return _ops["multiply"](other, self)

    def __truediv__(self, other: Any) -> Tensor:
        return _ops["divide"](self, other)

    def __rtruediv__(self, other: Any) -> Tensor:
        return _ops["divide"](other, self)

    def __floordiv__(self, other: Any) -> Tensor:
        return _ops["floor_divide"](self, other)

    def __rfloordiv__(self, other: Any) -> Tensor:
        return _ops["floor_divide"](other, self)

    def __mod__(self, other: Any) -> Tensor:
        return _ops["mod"](self, other)

    def __rmod__(self, other: Any) -> Tensor:
        return _ops["mod"](other, self)

    def __pow__(self, other: Any) -> Tensor:
        return _ops["power"](self, other)

    def __rpow__(self, other: Any) -> Tensor:
        return _ops["power"](other, self)

    def __matmul__(self, other: Any) -> Tensor:
        return _ops["matmul"](self, other)

    def __rmatmul__(self, other: Any) -> Tensor:
        return _ops["matmul"](other, self)

    def __neg__(self) -> Tensor:
        return _ops["negative"](self)

    def __pos__(self) -> Tensor:
        return self  # type: ignore[return-value]

    def __abs__(self) -> Tensor:
        return _ops["absolute"](self)

    def __invert__(self) -> Tensor:
        return _ops["logical_not"](self)

    def __round__(self, ndigits: int | None = None) -> Tensor:
        return _ops["round"](self, decimals=ndigits or 0)

    def __eq__(self, other: object) -> Any:
        return _ops["equal"](self, other)

    def __ne__(self, other: object) -> Any:
        return _ops["not_equal"](self, other)

    def __lt__(self, other: Any) -> Tensor:
        return _ops["less"](self, other)

    def __le__(self, other: Any) -> Tensor:
        return _ops["less_equal"](self, other)

    def __gt__(self, other: Any) -> Tensor:
        return _ops["greater"](self, other)

    def __ge__(self, other: Any) -> Tensor:
        return _ops["greater_equal"](self, other)

    def __and__(self, other: Any) -> Tensor:
        return _ops["logical_and"](self, other)

    def __rand__(self, other: Any) -> Tensor:
        return _ops["logical_and"](other, self)

    def __or__(self, other: Any) -> Tensor:
        return _ops["logical_or"](self, other)

    def __ror__(self, other: Any) -> Tensor:
        return _ops["logical_or"](other, self)

    def __xor__(self, other: Any) -> Tensor:
        return _ops["logical_xor"](self, other)

    def __rxor__(self, other: Any) -> Tensor:
        return _ops["logical_xor"](other, self)
