"""Creation, conversion, shapes, indexing on JAX."""

from functools import cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from keras.typing import Native


def convert(x: Any, dtype: str | None) -> Native:
    if hasattr(x, "__array__") and not isinstance(x, jax.Array | np.generic):
        # A copy: JAX may read the memory later, when its owner has changed it.
        x = np.array(x)
    return jnp.asarray(x, dtype)


def to_numpy(x: Native) -> np.ndarray[Any, Any]:
    return np.asarray(x)


tensor_types: set[type] = set()  # they are not public, and many


def is_tensor(x: object) -> bool:
    return isinstance(x, jax.Array)


def dtype(x: Native) -> str:
    return _name(x.dtype)


@cache
def _name(dtype: Any) -> str:
    return str(dtype.name)  # NumPy puts it together anew each time


def cast(x: Native, dtype: str) -> Native:
    if jnp.issubdtype(x.dtype, jnp.complexfloating) and "complex" not in dtype:
        x = jnp.real(x)
    return lax.convert_element_type(x, dtype)


def copy(x: Native) -> Native:
    return jnp.array(x, copy=True)


def scalar(x: Native) -> Any:
    # Outside of a trace each operation is dispatched by itself: numbers are cheaper.
    return x if isinstance(x, jax.core.Tracer) else x.item()


def bitcast(x: Native, dtype: str) -> Native:
    return x.view(dtype)


def complex(real: Native, imag: Native) -> Native:
    return lax.complex(real, imag)


def full(shape: Any, value: Any, dtype: str) -> Native:
    return jnp.full(tuple(shape), value, dtype)


def full_like(x: Native, value: Any, dtype: str | None) -> Native:
    return jnp.full_like(x, value, dtype)


def arange(start: Any, stop: Any, step: Any, dtype: str) -> Native:
    return jnp.arange(start, stop, step).astype(dtype)


def eye(rows: int, columns: int, k: int, dtype: str) -> Native:
    return jnp.eye(rows, columns, k, dtype)


def reshape(x: Native, shape: Any) -> Native:
    return jnp.reshape(x, tuple(shape))


def transpose(x: Native, axes: Any) -> Native:
    return lax.transpose(x, tuple(axes))


def broadcast_to(x: Native, shape: Any) -> Native:
    return jnp.broadcast_to(x, tuple(shape))


def expand_dims(x: Native, axis: int) -> Native:
    return lax.expand_dims(x, (axis,))


def squeeze(x: Native, axis: Any) -> Native:
    return lax.squeeze(x, tuple(axis))


def concatenate(xs: Any, axis: int) -> Native:
    return lax.concatenate(list(xs), axis)


def stack(xs: Any, axis: int) -> Native:
    return jnp.stack(list(xs), axis)


def split(x: Native, indices: Any, axis: int) -> Any:
    return jnp.split(x, list(indices), axis)


def unstack(x: Native, axis: int) -> Any:
    return jnp.unstack(x, axis=axis)


def tile(x: Native, repeats: Any) -> Native:
    return jnp.tile(x, tuple(repeats))


def repeat(x: Native, repeats: Any, axis: int) -> Native:
    return jnp.repeat(x, repeats, axis)


def flip(x: Native, axis: Any) -> Native:
    return lax.rev(x, tuple(axis))


def roll(x: Native, shift: Any, axis: Any) -> Native:
    return jnp.roll(x, tuple(shift), tuple(axis))


def pad(x: Native, widths: Any, mode: str, value: Any) -> Native:
    if mode == "constant":
        return jnp.pad(x, widths, mode, constant_values=value)
    return jnp.pad(x, widths, mode)


def where(condition: Native, x: Native, y: Native) -> Native:
    return jnp.where(condition, x, y)


def tril(x: Native, k: int) -> Native:
    return jnp.tril(x, k)


def triu(x: Native, k: int) -> Native:
    return jnp.triu(x, k)


def diagonal(x: Native, offset: int, axis1: int, axis2: int) -> Native:
    return jnp.diagonal(x, offset, axis1, axis2)


def diag(x: Native, k: int) -> Native:
    return jnp.diag(x, k)


def getitem(x: Native, key: Any) -> Native:
    return x[key]


def take(x: Native, indices: Native, axis: int) -> Native:
    indices = jnp.where(indices < 0, indices + x.shape[axis], indices)
    return jnp.take(x, indices, axis, mode="clip")


def take_along_axis(x: Native, indices: Native, axis: int) -> Native:
    return jnp.take_along_axis(x, indices, axis)


def scatter_update(x: Native, indices: Native, updates: Native, mode: str) -> Native:
    places = tuple(jnp.moveaxis(indices, -1, 0))
    if mode == "multiply":
        return _multiplied(x, updates, places)
    return getattr(x.at[places], mode)(updates)


_multiplied = jax.custom_jvp(lambda x, updates, at: x.at[at].multiply(updates))


def _multiplied_jvp(primals: Any, tangents: Any) -> tuple[Native, Native]:
    """The derivative, which JAX (0.10) has only where all places differ."""
    x, updates, places = primals
    zero = updates == 0
    factors = jnp.where(zero, 1, updates)
    nothing = jnp.zeros_like(x)
    zeros = nothing.at[places].add(zero.astype(x.dtype))
    # What each update is multiplied with: nothing, if another one there is zero.
    others = _multiplied(x, factors, places)[places] / factors
    others = jnp.where(zeros[places] > zero, 0, others)
    slope = tangents[0] * _multiplied(jnp.ones_like(x), updates, places)
    slope += nothing.at[places].add(others * tangents[1])
    return _multiplied(x, updates, places), slope


_multiplied.defjvp(_multiplied_jvp)


def slice(x: Native, starts: Native, shape: Any) -> Native:
    return lax.dynamic_slice(x, starts, tuple(shape))


def slice_update(x: Native, starts: Native, updates: Native) -> Native:
    return lax.dynamic_update_slice(x, updates, starts)


def nonzero(x: Native) -> Native:
    return jnp.argwhere(x).T.astype("int32")


def unique(x: Native) -> tuple[Native, Native, Native]:
    values, inverse, counts = jnp.unique(x, return_inverse=True, return_counts=True)
    return values, inverse.reshape(-1), counts


def sort(x: Native, axis: int) -> Native:
    return jnp.sort(x, axis)


def argsort(x: Native, axis: int) -> Native:
    return jnp.argsort(x, axis, stable=True).astype("int32")


def top_k(x: Native, k: int, sorted: bool) -> tuple[Native, Native]:
    values, indices = lax.top_k(x, k)
    return values, indices.astype("int64")


def searchsorted(sorted: Native, values: Native, side: str) -> Native:
    return jnp.searchsorted(sorted, values, side).astype("int32")


def segment_sum(x: Native, segments: Native, count: int) -> Native:
    return jax.ops.segment_sum(x, segments, count)


def segment_max(x: Native, segments: Native, count: int) -> Native:
    return jax.ops.segment_max(x, segments, count)
