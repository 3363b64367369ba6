"""Conversion, dtype and identity of tensors."""

from typing import Any

import numpy as np

from keras.backend import current
from keras.core import dtypes, tree
from keras.core.dtypes import tensor_dtype
from keras.core.keras_tensor import KerasTensor
from keras.core.variable import Variable
from keras.ops._op import (
    PYTHON_NUMBERS,
    dtype_of,
    dtype_of_numbers,
    op,
    tensor,
    types_within,
)
from keras.typing import DType, Nested, Shape, Tensor, TensorLike


def convert_to_tensor(
    x: TensorLike,
    dtype: DType | None = None,
    sparse: bool | None = None,
    ragged: bool | None = None,
) -> Tensor:
    """`x` as a tensor of the active engine.

    Args:
        x: tensor of any engine, array, nested list, scalar or variable. A symbolic
            tensor is returned as it is.
        dtype: default: the dtype of `x`; int32 for Python ints, `floatx` for floats.
        sparse: accepted for compatibility; the result is dense.
        ragged: accepted for compatibility.

    Example:
        >>> keras.ops.convert_to_tensor([1.0, 2.0]).shape
        (2,)
    """
    if isinstance(x, KerasTensor):
        return x if dtype is None else cast(x, dtype)
    return _converted(x, None if dtype is None else tensor_dtype(dtype))


@op
def _converted(x: Any, dtype: str | None) -> Tensor:
    """Lists may hold symbolic tensors: they are stacked."""
    if isinstance(x, list | tuple):
        types, leaves = types_within(x)
        if types <= PYTHON_NUMBERS:
            return current.engine.convert(x, dtype or dtype_of_numbers(types))
        if any(map(_is_native, leaves)):
            return _stacked(x, dtype or dtypes.promote(map(dtype_of, leaves)))
    return tensor(x, dtype)


def _is_native(x: Any) -> bool:
    return isinstance(x, Variable) or current.engine.is_tensor(x)


def _stacked(x: Any, dtype: str) -> Any:
    if isinstance(x, list | tuple):
        return current.engine.stack([_stacked(item, dtype) for item in x], 0)
    return tensor(x, dtype)


def convert_to_numpy(x: TensorLike) -> np.ndarray[Any, Any]:
    """`x` as a NumPy array."""
    if isinstance(x, KerasTensor):
        raise TypeError(
            "keras.ops.convert_to_numpy: got a symbolic tensor, which has no values "
            "yet. Build a model of it and call predict."
        )
    if isinstance(x, Variable):
        return x.numpy()
    engine = current.load(current.active())
    return engine.to_numpy(x if engine.is_tensor(x) else tensor(x))


def array(x: TensorLike, dtype: DType | None = None) -> Tensor:
    """`x` as a tensor of the active engine, of dtype `dtype`."""
    return convert_to_tensor(x, dtype)


@op(masked=True)
def cast(x: TensorLike, dtype: DType) -> Tensor:
    """`x` with another dtype; of complex numbers a real dtype keeps the real part."""
    return tensor(x, tensor_dtype(dtype))


@op(masked=True)
def saturate_cast(x: TensorLike, dtype: DType) -> Tensor:
    """`x` with another dtype, its values first clipped to what that can hold."""
    x, target = tensor(x), tensor_dtype(dtype)
    engine = current.engine
    source = engine.dtype(x)
    (low, high), (first, last) = _limits(source), _limits(target)
    if low < first or high > last:
        # The nearest values in the source's own dtype, rounded towards zero.
        x = engine.clip(
            x, _inside(max(low, first), source), _inside(min(high, last), source)
        )
    return engine.cast(x, target)


def _limits(dtype: str) -> tuple[float, float]:
    if dtype == "bool":
        return 0, 1
    if dtypes.is_int(dtype):
        info = np.iinfo(dtype)
        return int(info.min), int(info.max)
    name = dtype.replace("complex64", "float32").replace("complex128", "float64")
    return -dtypes.largest(name), dtypes.largest(name)


_BITS = {"float16": 11, "bfloat16": 8, "float32": 24, "float64": 53}


def _inside(limit: float, dtype: str) -> float:
    """`limit`, rounded towards zero to what `dtype` holds exactly."""
    if dtypes.is_int(dtype) or dtype == "bool" or not isinstance(limit, int):
        return limit
    excess = max(abs(limit).bit_length() - _BITS.get(dtype, 24), 0)
    rounded = (abs(limit) >> excess) << excess
    return float(rounded if limit >= 0 else -rounded)


def shape(x: TensorLike) -> Shape:
    """The shape of `x` as a tuple; of a symbolic tensor with `None` for the unknown."""
    if isinstance(x, KerasTensor):
        return x.shape
    return tuple(x.shape if hasattr(x, "shape") else tensor(x).shape)


def dtype(x: TensorLike) -> DType:
    """The dtype of `x` by name."""
    return dtype_of(x)


def ndim(x: TensorLike) -> int:
    """The number of dimensions of `x`."""
    return len(shape(x))


def size(x: TensorLike) -> int | None:
    """The number of entries of `x`; `None` where a dimension is unknown."""
    dims = shape(x)
    known = [d for d in dims if d is not None]
    return int(np.prod(known, dtype=int)) if len(known) == len(dims) else None


def is_tensor(x: object) -> bool:
    """Whether `x` is a tensor of the active engine, or symbolic."""
    return isinstance(x, KerasTensor) or current.load(current.active()).is_tensor(x)


@op(masked=True)
def copy(x: TensorLike) -> Tensor:
    """A copy of `x`."""
    return current.engine.copy(tensor(x))


@op(masked=True)
def stop_gradient(variable: Nested[TensorLike]) -> Any:
    """The same values, taken for constants by differentiation."""
    if isinstance(variable, list | tuple | dict):
        return tree.map_structure(stop_gradient, variable)
    return current.engine.stop_gradient(tensor(variable))


@op
def view(x: TensorLike, dtype: DType | None = None) -> Tensor:
    """The bytes of `x` read as another dtype; the last dimension grows or shrinks."""
    x = tensor(x)
    engine = current.engine
    here = engine.dtype(x)
    target = here if dtype is None else tensor_dtype(dtype)
    # The same bytes have a gradient, others have none.
    return x if target == here else engine.bitcast(x, target)
