"""Creation, conversion, shapes, indexing on NumPy."""

from functools import cache
from typing import Any

import ml_dtypes
import numpy as np

from keras.backend.blocks import block_at
from keras.backend.numpy.shapes import Unknown, only_shapes, shaped, unknown
from keras.typing import Native

_EXTRA = {"bfloat16": np.dtype(ml_dtypes.bfloat16)}


def np_dtype(name: str) -> np.dtype[Any]:
    return _EXTRA.get(name) or np.dtype(name)


def convert(x: Any, dtype: str | None) -> Native:
    if not isinstance(x, np.ndarray | np.generic) and hasattr(x, "__array__"):
        x = x.__array__()
    array = np.asarray(x, None if dtype is None else np_dtype(dtype))
    return unknown(array.shape, array.dtype) if only_shapes.get() else array


def to_numpy(x: Native) -> np.ndarray[Any, Any]:
    return np.asarray(x)


tensor_types: set[type] = {np.ndarray, Unknown}


def is_tensor(x: object) -> bool:
    return isinstance(x, np.ndarray | np.generic)


def dtype(x: Native) -> str:
    return _name(x.dtype)


@cache
def _name(dtype: Any) -> str:
    return str(dtype)  # NumPy puts it together anew each time


def cast(x: Native, dtype: str) -> Native:
    with np.errstate(all="ignore"):
        return np.asanyarray(x).astype(np_dtype(dtype), copy=False)


def copy(x: Native) -> Native:
    return x.copy()


def scalar(x: Native) -> Any:
    return x.item()


def bitcast(x: Native, dtype: str) -> Native:
    return np.asarray(x, order="C").view(np_dtype(dtype))


def _complex_of(real: Native) -> str:
    return "complex128" if real.dtype == "float64" else "complex64"


@shaped(lambda real, imag: (real.shape, _complex_of(real)))
def complex(real: Native, imag: Native) -> Native:
    # Not real + 1j * imag, where an infinity beside 0 makes NaN.
    result = np.empty(real.shape, _complex_of(real))
    result.real, result.imag = real, imag
    return result


@shaped(lambda shape, value, dtype: (shape, np_dtype(dtype)))
def full(shape: Any, value: Any, dtype: str) -> Native:
    return np.full(tuple(shape), value, np_dtype(dtype))


def full_like(x: Native, value: Any, dtype: str | None) -> Native:
    return full(x.shape, value, dtype or _name(x.dtype))


def arange(start: Any, stop: Any, step: Any, dtype: str) -> Native:
    numbers = np.arange(start, stop, step)
    if only_shapes.get():
        return unknown(numbers.shape, np_dtype(dtype))
    return numbers.astype(np_dtype(dtype))


@shaped(lambda rows, columns, k, dtype: ((rows, columns), np_dtype(dtype)))
def eye(rows: int, columns: int, k: int, dtype: str) -> Native:
    return np.eye(rows, columns, k, np_dtype(dtype))


def reshape(x: Native, shape: Any) -> Native:
    return np.reshape(x, tuple(shape))


def transpose(x: Native, axes: Any) -> Native:
    return np.transpose(x, axes)


def broadcast_to(x: Native, shape: Any) -> Native:
    return np.broadcast_to(x, tuple(shape))


def expand_dims(x: Native, axis: int) -> Native:
    return np.expand_dims(x, axis)


def squeeze(x: Native, axis: Any) -> Native:
    return np.squeeze(x, tuple(axis))


def concatenate(xs: Any, axis: int) -> Native:
    return np.concatenate(xs, axis)


def stack(xs: Any, axis: int) -> Native:
    return np.stack(xs, axis)


def split(x: Native, indices: Any, axis: int) -> Any:
    return np.split(x, indices, axis)


def unstack(x: Native, axis: int) -> Any:
    return [np.asarray(part) for part in np.moveaxis(x, axis, 0)]


def tile(x: Native, repeats: Any) -> Native:
    return np.tile(x, repeats)


def repeat(x: Native, repeats: Any, axis: int) -> Native:
    return np.repeat(x, repeats, axis)


def flip(x: Native, axis: Any) -> Native:
    return np.flip(x, tuple(axis))


def roll(x: Native, shift: Any, axis: Any) -> Native:
    return np.roll(x, tuple(shift), tuple(axis))


def pad(x: Native, widths: Any, mode: Any, value: Any) -> Native:
    if mode == "constant":
        return np.pad(x, widths, mode, constant_values=value)
    return np.pad(x, widths, mode)


def where(condition: Native, x: Native, y: Native) -> Native:
    return np.where(condition, x, y)


def tril(x: Native, k: int) -> Native:
    return np.tril(x, k)


def triu(x: Native, k: int) -> Native:
    return np.triu(x, k)


def diagonal(x: Native, offset: int, axis1: int, axis2: int) -> Native:
    return np.diagonal(x, offset, axis1, axis2)


def diag(x: Native, k: int) -> Native:
    return np.diag(x, k)


def getitem(x: Native, key: Any) -> Native:
    return x[key]


def take(x: Native, indices: Native, axis: int) -> Native:
    return np.take(x, indices, axis)


def take_along_axis(x: Native, indices: Native, axis: int) -> Native:
    return np.take_along_axis(x, indices, axis)


_SCATTER = {
    "add": np.add,
    "max": np.maximum,
    "min": np.minimum,
    "multiply": np.multiply,
}


def scatter_update(x: Native, indices: Native, updates: Native, mode: str) -> Native:
    result = x.copy()
    where = tuple(np.moveaxis(indices, -1, 0))
    if mode == "set":
        result[where] = updates
    else:
        _SCATTER[mode].at(result, where, updates)
    return result


def slice(x: Native, starts: Native, shape: Any) -> Native:
    return x[block_at(starts, shape, x.shape)]


def slice_update(x: Native, starts: Native, updates: Native) -> Native:
    result = x.copy()
    result[block_at(starts, updates.shape, x.shape)] = updates
    return result


def nonzero(x: Native) -> Native:
    return np.argwhere(x).T.astype(np.int32)


def unique(x: Native) -> tuple[Native, Native, Native]:
    values, inverse, counts = np.unique(x, return_inverse=True, return_counts=True)
    return values, inverse.reshape(-1), counts


def sort(x: Native, axis: int) -> Native:
    return np.sort(x, axis)


def argsort(x: Native, axis: int) -> Native:
    return np.argsort(x, axis, kind="stable").astype("int32")


def top_k(x: Native, k: int, sorted: bool) -> tuple[Native, Native]:
    # Among equals the first comes first, as in the other engines.
    order = np.argsort(np.flip(x, -1), -1, kind="stable")
    indices = x.shape[-1] - 1 - np.flip(order, -1)[..., :k]
    return np.take_along_axis(x, indices, -1), indices.astype("int64")


def searchsorted(sorted: Native, values: Native, side: str) -> Native:
    return np.searchsorted(sorted, values, side).astype("int32")  # type: ignore[call-overload]


def _of_segments(x: Native, segments: Native, count: int) -> tuple[Any, Any]:
    return (count, *x.shape[1:]), x.dtype


@shaped(_of_segments)
def segment_sum(x: Native, segments: Native, count: int) -> Native:
    result = np.zeros((count, *x.shape[1:]), x.dtype)
    np.add.at(result, *_inside(x, segments, count))
    return result


@shaped(_of_segments)
def segment_max(x: Native, segments: Native, count: int) -> Native:
    lowest = -np.inf if x.dtype.kind not in "iu" else np.iinfo(x.dtype).min
    result = np.full((count, *x.shape[1:]), lowest, x.dtype)
    np.maximum.at(result, *_inside(x, segments, count))
    return result


def _inside(x: Native, segments: Native, count: int) -> tuple[Native, Native]:
    """The segments that there are, and their rows."""
    inside = np.asarray((segments >= 0) & (segments < count))
    return segments[inside], x[inside]
