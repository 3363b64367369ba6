"""Shapes without numbers, as other frameworks infer them: NumPy has no such mode."""

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from functools import wraps
from typing import Any

import numpy as np
import optree
from numpy.lib.stride_tricks import sliding_window_view

only_shapes: ContextVar[bool] = ContextVar("only_shapes", default=False)
"""Whether numbers mean nothing now, since only the shapes of results are asked."""


class Unknown(np.ndarray[Any, Any]):
    """An array that stands for data while shapes are inferred.

    It has one entry in memory, a zero, wherever one looks. All that is computed of it
    is of its kind. Elementwise functions, reductions and products compute nothing; for
    other functions NumPy computes zeros, which are refused where they are too many.
    """

    def __array_function__(
        self, function: Any, types: Any, args: Any, named: Any
    ) -> Any:
        if function in _MOVES:
            return _MOVES[function](*args, **named)
        if function not in _VIEWS:
            _refuse_many(function, optree.tree_leaves((args, named)))
        result = super().__array_function__(function, types, args, named)
        return optree.tree_map(_of_kind, result)

    def __array_ufunc__(
        self, ufunc: Any, method: str, *inputs: Any, out: Any = None, **options: Any
    ) -> Any:
        if out is not None:
            return out[0] if len(out) == 1 else out
        if method == "at":
            return None
        xs = [x.view(np.ndarray) if isinstance(x, Unknown) else x for x in inputs]
        if options.get("where", True) is True:
            if method == "__call__" and ufunc.signature is None:
                return _called(ufunc, xs, options)
            if method == "reduce" and xs[0].size:
                return _reduced(ufunc, xs[0], options)
            if ufunc is np.matmul and all(x.ndim for x in xs):
                return _multiplied(*xs)
        _refuse_many(ufunc, inputs)
        return optree.tree_map(_of_kind, getattr(ufunc, method)(*xs, **options))

    def __getitem__(self, key: Any) -> Any:
        for k in key if type(key) is tuple else (key,):
            if type(k) is Unknown and k.dtype == bool:
                raise IndexError(
                    "A mask that is computed from inputs, as an index: the result's "
                    "shape depends on the data."
                )
        return super().__getitem__(key)

    def astype(self, dtype: Any, *args: Any, **kwargs: Any) -> Any:
        return unknown(self.shape, dtype)

    def copy(self, order: Any = "C") -> Any:
        return unknown(self.shape, self.dtype)


MOST_ZEROS = 1 << 26
"""So many entries at most are computed in order to know a shape."""

# What NumPy has of functions that give another view of the same memory, or no array, or
# what is made of ufuncs.
_VIEWS = frozenset(
    (
        *(np.all, np.any, np.max, np.mean, np.min, np.prod, np.std, np.sum, np.var),
        *(np.clip, np.result_type, np.ndim, np.shape, np.size, np.iscomplexobj),
        *(np.broadcast_to, np.expand_dims, np.flip, np.moveaxis, np.real, np.imag),
        *(np.reshape, np.squeeze, np.swapaxes, np.transpose, np.diagonal, np.split),
        *(np.array_split, np.stack, sliding_window_view),
    )
)


def unknown(shape: Sequence[int], dtype: Any) -> Unknown:
    """An array of this shape and dtype that takes no memory."""
    shape = tuple(shape)
    return Unknown(shape, dtype, bytearray(_LARGEST), strides=(0,) * len(shape))


_LARGEST = np.dtype("complex128").itemsize


def _refuse_many(function: Any, inputs: Sequence[Any]) -> None:
    for x in inputs:
        if isinstance(x, Unknown) and x.size > MOST_ZEROS:
            raise MemoryError(f"{function.__name__} of shape {x.shape}")


def shaped(rule: Callable[..., tuple[Any, Any]]) -> Callable[..., Any]:
    """For a primitive of which `rule` gives shape and dtype of the result, where no
    more is asked."""

    def wrap(primitive: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(primitive)
        def call(*args: Any) -> Any:
            return unknown(*rule(*args)) if only_shapes.get() else primitive(*args)

        return call

    return wrap


def _of_kind(x: Any) -> Any:
    return unknown(x.shape, x.dtype) if isinstance(x, np.ndarray) else x


def _called(ufunc: Any, xs: Sequence[Any], options: dict[str, Any]) -> Any:
    shape = np.broadcast_shapes(*map(np.shape, xs))
    entries = [np.zeros(1, x.dtype) if isinstance(x, np.ndarray) else x for x in xs]
    found = ufunc(*entries, **options)
    if isinstance(found, tuple):
        return tuple(unknown(shape, f.dtype) for f in found)
    return unknown(shape, found.dtype)


def _reduced(ufunc: Any, x: Any, options: dict[str, Any]) -> Any:
    """The reduction of one entry tells the dtype, and which axes are left."""
    entry = np.zeros((1,) * x.ndim, x.dtype)
    found = ufunc.reduce(entry, **(options | {"keepdims": True}))
    axis = options.get("axis", 0)
    axes = range(x.ndim) if axis is None else np.atleast_1d(axis) % max(x.ndim, 1)
    keep, shape = options.get("keepdims", False), list(enumerate(x.shape))
    left = [1 if a in axes else n for a, n in shape if keep or a not in axes]
    return unknown(left, found.dtype)


def _multiplied(x: Any, y: Any) -> Any:
    """NumPy itself looks whether one row and one column fit."""
    row = np.zeros(x.shape[-1:], x.dtype)
    column = np.zeros(y.shape[-2:-1] or y.shape, y.dtype)
    lead = np.broadcast_shapes(x.shape[:-2], y.shape[:-2])
    shape = (*lead, *x.shape[-2:-1], *y.shape[-1:][: y.ndim - 1])
    return unknown(shape, np.matmul(row, column).dtype)


def _concatenated(xs: Sequence[Any], axis: int | None = 0, **options: Any) -> Any:
    """NumPy itself looks whether arrays without entries fit."""
    if axis is None:
        xs, axis = [np.reshape(x, -1) for x in xs], 0
    places = (slice(None),) * (axis % np.ndim(xs[0]))
    empty = [np.asarray(x)[(*places, slice(0))] for x in xs]
    found = np.concatenate(empty, axis, **options)
    shape = list(found.shape)
    shape[axis] = sum(np.shape(x)[axis] for x in xs)
    return unknown(shape, found.dtype)


def _chosen(condition: Any, *either: Any) -> Any:
    if not either:
        raise IndexError("where of inputs: the result's shape depends on the data.")
    shape = np.broadcast_shapes(*map(np.shape, (condition, *either)))
    return unknown(shape, np.result_type(*(getattr(x, "dtype", x) for x in either)))


def _padded(x: Any, widths: Any, mode: Any = "constant", **options: Any) -> Any:
    sizes = np.add(x.shape, np.broadcast_to(widths, (x.ndim, 2)).sum(1))
    return unknown(sizes.tolist(), x.dtype)


def _taken(x: Any, indices: Any, axis: int | None = None, **options: Any) -> Any:
    x, axis = (x, axis % x.ndim) if axis is not None else (x.reshape(-1), 0)
    return unknown((*x.shape[:axis], *np.shape(indices), *x.shape[axis + 1 :]), x.dtype)


def _repeated(x: Any, repeats: Any, axis: int | None = None) -> Any:
    x, axis = (x, axis % x.ndim) if axis is not None else (x.reshape(-1), 0)
    size = int(np.sum(np.broadcast_to(repeats, x.shape[axis])))
    return unknown((*x.shape[:axis], size, *x.shape[axis + 1 :]), x.dtype)


_MOVES: dict[Any, Callable[..., Any]] = {
    np.concatenate: _concatenated,
    np.where: _chosen,
    np.pad: _padded,
    np.take: _taken,
    np.repeat: _repeated,
}
"""Functions that move data, and what comes of shapes."""
