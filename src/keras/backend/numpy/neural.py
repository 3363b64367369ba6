"""Convolution and pooling on NumPy: windows as strided views, then one product."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from keras.backend.numpy.arrays import dtype, full, np_dtype
from keras.backend.numpy.shapes import only_shapes, unknown
from keras.typing import Native

Ints = Sequence[int]


def _windows(
    x: Native, size: Ints, strides: Ints, dilation: Ints
) -> np.ndarray[Any, Any]:
    """A view `(batch, *out, channels, *size)` of `x` `(batch, *spatial, channels)`."""
    spans = [(n - 1) * d + 1 for n, d in zip(size, dilation, strict=True)]
    axes = tuple(range(1, x.ndim - 1))
    view = sliding_window_view(x, spans, axis=axes, subok=True)
    steps = (
        slice(None),
        *(slice(None, None, s) for s in strides),
        slice(None),
        *(slice(None, None, d) for d in dilation),
    )
    return view[steps]


def _pad(x: Native, padding: Sequence[tuple[int, int]], value: Any = 0) -> Native:
    """Pad the spatial axes; negative padding crops."""
    grow = [(0, 0), *((max(a, 0), max(b, 0)) for a, b in padding), (0, 0)]
    if only_shapes.get():
        x = unknown([n + sum(g) for n, g in zip(x.shape, grow, strict=True)], x.dtype)
    else:
        x = np.pad(x, grow, constant_values=value)
    crop = (
        slice(max(-a, 0), x.shape[i + 1] - max(-b, 0))
        for i, (a, b) in enumerate(padding)
    )
    return x[(slice(None), *crop)]


def conv(
    x: Native,
    kernel: Native,
    bias: Native | None,
    strides: Ints,
    padding: Sequence[tuple[int, int]],
    dilation: Ints,
    groups: int,
) -> Native:
    *size, depth, filters = kernel.shape
    view = _windows(_pad(x, padding), size, strides, dilation)
    lead = view.shape[: x.ndim - 1]
    if only_shapes.get():
        return unknown((*lead, filters), x.dtype)
    # (batch, *out, groups, depth, *size) -> (groups, positions, depth * window)
    patches = view.reshape(math.prod(lead), groups, depth * math.prod(size))
    weights = np.moveaxis(kernel, -2, 0).reshape(depth * math.prod(size), groups, -1)
    result = np.matmul(patches.transpose(1, 0, 2), weights.transpose(1, 0, 2))
    result = result.transpose(1, 0, 2).reshape(*lead, filters)
    return result if bias is None else result + bias


def conv_transpose(
    x: Native,
    kernel: Native,
    strides: Ints,
    padding: Sequence[tuple[int, int]],
    dilation: Ints,
) -> Native:
    spread = [1 + (n - 1) * s for n, s in zip(x.shape[1:-1], strides, strict=True)]
    wide = full((x.shape[0], *spread, x.shape[-1]), 0, dtype(x))
    if not only_shapes.get():
        wide[(slice(None), *(slice(None, None, s) for s in strides))] = x
    axes = tuple(range(kernel.ndim - 2))
    flipped = np.swapaxes(np.flip(kernel, axes), -1, -2)
    return conv(wide, flipped, None, [1] * len(strides), padding, dilation, 1)


def max_pool(
    x: Native, size: Ints, strides: Ints, padding: Sequence[tuple[int, int]]
) -> Native:
    lowest = -np.inf if x.dtype.kind not in "iu" else np.iinfo(x.dtype).min
    view = _windows(_pad(x, padding, lowest), size, strides, [1] * len(size))
    return view.max(tuple(range(x.ndim, view.ndim)))


def average_pool(
    x: Native, size: Ints, strides: Ints, padding: Sequence[tuple[int, int]]
) -> Native:
    ones = [1] * len(size)
    view = _windows(_pad(x, padding), size, strides, ones)
    axes = tuple(range(x.ndim, view.ndim))
    inside = full((1, *x.shape[1:-1], 1), 1, "float64")
    count = _windows(_pad(inside, padding), size, strides, ones)
    return (view.sum(axes) / count.sum(axes)).astype(x.dtype)


def relu(x: Native) -> Native:
    return np.maximum(x, np.zeros((), x.dtype))


def softmax(x: Native, axis: int) -> Native:
    with np.errstate(all="ignore"):
        powers = np.exp(x - np.max(x, axis, keepdims=True))
        return powers / np.sum(powers, axis, keepdims=True, dtype=x.dtype)


def log_softmax(x: Native, axis: int) -> Native:
    with np.errstate(all="ignore"):
        shifted = x - np.max(x, axis, keepdims=True)
        total = np.sum(np.exp(shifted), axis, keepdims=True, dtype=x.dtype)
        return shifted - np.log(total)


def one_hot(x: Native, classes: int, dtype: str) -> Native:
    return (np.asanyarray(x)[..., None] == np.arange(classes)).astype(np_dtype(dtype))
