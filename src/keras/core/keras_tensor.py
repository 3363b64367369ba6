"""`KerasTensor`: a tensor of which only shape, dtype and origin are known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from keras.core import naming
from keras.core.dtypes import standardize_dtype
from keras.core.operators import Operators, _ops
from keras.typing import Shape, Tensor

if TYPE_CHECKING:
    from keras.core.operation import Operation


class KerasHistory(NamedTuple):
    """Where a symbolic tensor comes from."""

    operation: Operation
    node_index: int
    tensor_index: int


class KerasTensor(Operators):
    """A symbolic tensor: what `keras.Input` returns and layers called on it.

    Args:
        shape: tuple of ints, `None` for what is not known.
        dtype: name of a dtype.
        sparse: whether its values are sparse tensors.
        ragged: accepted for compatibility.
        record_history: accepted for compatibility.
        name: default: "keras_tensor", "keras_tensor_1", ...

    Example:
        >>> x = keras.Input((8,))
        >>> (x * 2).shape
        (None, 8)
    """

    _keras_history: KerasHistory
    _keras_mask: KerasTensor | None = None

    def __init__(
        self,
        shape: Any,
        dtype: Any = "float32",
        sparse: bool = False,
        ragged: bool = False,
        record_history: bool = True,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        self._shape: Shape = tuple(None if d is None else int(d) for d in shape)
        self._dtype = standardize_dtype(dtype)
        self._name = name
        self.sparse = sparse
        self.ragged = ragged
        self.ragged_rank: int | None = kwargs.get("ragged_rank")
        self.row_splits_dtype: str | None = kwargs.get("row_splits_dtype")

    @property
    def name(self) -> str:
        """The tensor's name; one is made up when first asked for."""
        if self._name is None:
            self._name = naming.auto_name("keras_tensor")
        return self._name

    @property
    def shape(self) -> Shape:
        """The shape, `None` for what is not known."""
        return self._shape

    @shape.setter
    def shape(self, value: Shape) -> None:
        self._shape = tuple(value)

    @property
    def dtype(self) -> str:
        """The dtype by name."""
        return self._dtype

    @dtype.setter
    def dtype(self, value: Any) -> None:
        self._dtype = standardize_dtype(value)

    @property
    def ndim(self) -> int:
        """The number of dimensions."""
        return len(self._shape)

    def reshape(self, newshape: Any) -> Tensor:
        """`keras.ops.reshape` of it."""
        return _ops["reshape"](self, newshape)

    def squeeze(self, axis: int | None = None) -> Tensor:
        """`keras.ops.squeeze` of it."""
        return _ops["squeeze"](self, axis)

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        raise self._is_symbolic("be turned into a NumPy array")

    @classmethod
    def __torch_function__(
        cls, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        raise TypeError(
            f"A KerasTensor cannot be passed to {getattr(func, '__name__', func)} of "
            "torch: it is symbolic and has no values yet. Use the function of "
            "keras.ops, or wrap the code in a Layer or a Lambda layer."
        )

    def __bool__(self) -> bool:
        raise self._is_symbolic("be used as a Python bool")

    def __len__(self) -> int:
        raise self._is_symbolic("tell its length; use x.shape[0]")

    def __float__(self) -> float:
        raise self._is_symbolic("be used as a Python float")

    def __int__(self) -> int:
        raise self._is_symbolic("be used as a Python int")

    def _is_symbolic(self, what: str) -> TypeError:
        return TypeError(
            f"A KerasTensor cannot {what}: it is symbolic and has no values yet (shape "
            f"{self._shape}, dtype {self._dtype}). Use keras.ops, or do this inside "
            "the call of a Layer."
        )

    def __repr__(self) -> str:
        return (
            f"<KerasTensor shape={self._shape}, dtype={self._dtype}, name={self.name}>"
        )


def is_keras_tensor(x: object) -> bool:
    """Whether `x` is symbolic: made by `keras.Input` or from what it made."""
    return isinstance(x, KerasTensor)
