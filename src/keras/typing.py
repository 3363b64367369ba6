"""Type aliases of the public API; stands below all floors."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, Protocol, TypeAlias, TypeVar, runtime_checkable

import numpy as np

Shape: TypeAlias = tuple[int | None, ...]
"""A tensor's shape; ``None`` is a dimension that is not known yet."""

DType: TypeAlias = str
"""A dtype by its name: ``"float32"``, ``"bfloat16"``, ``"int32"``, ``"bool"``, ..."""

Native: TypeAlias = Any
"""A tensor of the active engine: `torch.Tensor`, `jax.Array`, `numpy.ndarray`."""

DataFormat: TypeAlias = Literal["channels_last", "channels_first"]
Padding: TypeAlias = Literal["valid", "same"]
Config: TypeAlias = dict[str, Any]
"""What `get_config` returns: plain data that JSON can hold, or serializable objects."""


@runtime_checkable
class Tensor(Protocol):
    """What every tensor offers, of whichever engine, symbolic or not."""

    @property
    def shape(self) -> Any:
        """The size of each dimension."""

    @property
    def dtype(self) -> Any:
        """The dtype, as the engine names it."""

    @property
    def ndim(self) -> int:
        """The number of dimensions."""

    def __getitem__(self, key: Any, /) -> "Tensor": ...
    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator["Tensor"]: ...
    def __add__(self, other: Any, /) -> "Tensor": ...
    def __radd__(self, other: Any, /) -> "Tensor": ...
    def __sub__(self, other: Any, /) -> "Tensor": ...
    def __rsub__(self, other: Any, /) -> "Tensor": ...
    def __mul__(self, other: Any, /) -> "Tensor": ...
    def __rmul__(self, other: Any, /) -> "Tensor": ...
    def __truediv__(self, other: Any, /) -> "Tensor": ...
    def __rtruediv__(self, other: Any, /) -> "Tensor": ...
    def __floordiv__(self, other: Any, /) -> "Tensor": ...
    def __mod__(self, other: Any, /) -> "Tensor": ...
    def __pow__(self, other: Any, /) -> "Tensor": ...
    def __rpow__(self, other: Any, /) -> "Tensor": ...
    def __matmul__(self, other: Any, /) -> "Tensor": ...
    def __neg__(self) -> "Tensor": ...
    def __abs__(self) -> "Tensor": ...
    def __lt__(self, other: Any, /) -> "Tensor": ...
    def __le__(self, other: Any, /) -> "Tensor": ...
    def __gt__(self, other: Any, /) -> "Tensor": ...
    def __ge__(self, other: Any, /) -> "Tensor": ...
    def __and__(self, other: Any, /) -> "Tensor": ...
    def __or__(self, other: Any, /) -> "Tensor": ...
    def __invert__(self) -> "Tensor": ...


class HasValue(Protocol):
    """A `keras.Variable`, which stands for its value wherever a tensor may."""

    @property
    def value(self) -> Tensor:
        """The value as a tensor."""

    @property
    def shape(self) -> Any:
        """The size of each dimension."""


TensorLike: TypeAlias = (
    Tensor | HasValue | np.ndarray[Any, Any] | np.generic | float | bool | Sequence[Any]
)
"""Anything that an op converts to a tensor."""

T = TypeVar("T")
Nested: TypeAlias = T | Sequence["Nested[T]"] | Mapping[str, "Nested[T]"]
"""One `T`, or lists, tuples and dicts of them to any depth."""

Initializer: TypeAlias = str | Config | Callable[..., Any]
Regularizer: TypeAlias = str | Config | Callable[[Any], Any]
Constraint: TypeAlias = str | Config | Callable[[Any], Any]
Activation: TypeAlias = str | Config | Callable[..., Any]
Function: TypeAlias = Callable[..., Any]
"""What a name or config of one of these stands for, once it is looked up."""

Axis: TypeAlias = int | Sequence[int]
