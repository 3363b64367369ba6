"""Convolution and pooling on JAX, in forms whose gradients XLA runs fast on a CPU;
`benchmarks/conv_jax.py` measures what is gained."""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.nn import log_softmax as log_softmax
from jax.nn import relu as relu
from jax.nn import softmax as softmax

from keras.typing import Native

Ints = Sequence[int]
Pads = Sequence[tuple[int, int]]

_LETTERS = "DHW"
_forward_mode: ContextVar[bool] = ContextVar("forward_mode", default=False)


@contextmanager
def forward_mode() -> Iterator[None]:
    """Inside it derivatives are taken forward, which custom gradients do not allow."""
    token = _forward_mode.set(True)
    try:
        yield
    finally:
        _forward_mode.reset(token)


def taken_forward() -> bool:
    """Whether derivatives are being taken forward."""
    return _forward_mode.get()


@cache
def _on_cpu() -> bool:
    return jax.default_backend() == "cpu"


def _numbers(rank: int) -> tuple[str, str, str]:
    spatial = _LETTERS[-rank:]
    return f"N{spatial}C", f"{spatial}IO", f"N{spatial}C"


def conv(
    x: Native,
    kernel: Native,
    bias: Native | None,
    strides: Ints,
    padding: Pads,
    dilation: Ints,
    groups: int,
) -> Native:
    plan = tuple(strides), tuple(map(tuple, padding)), tuple(dilation)
    plain = _forward_mode.get() or not jnp.issubdtype(x.dtype, jnp.floating)
    if _on_cpu() and groups == 1 and not plain:
        result = _fast_conv(*plan)(x, kernel)
    else:
        result = _conv(x, kernel, *plan, groups)
    return result if bias is None else result + bias


def _conv(
    x: Native,
    kernel: Native,
    strides: Any,
    padding: Any,
    dilation: Any,
    groups: int = 1,
) -> Native:
    return lax.conv_general_dilated(
        x,
        kernel,
        strides,
        padding,
        rhs_dilation=dilation,
        dimension_numbers=_numbers(len(strides)),
        feature_group_count=groups,
    )


@cache
def _fast_conv(strides: Any, padding: Any, dilation: Any) -> Callable[..., Native]:
    """`_conv`, with a gradient of the kernel that is fast inside of loops too."""

    def forward(x: Native, kernel: Native) -> tuple[Native, Any]:
        return _conv(x, kernel, strides, padding, dilation), (x, kernel)

    def backward(saved: Any, upstream: Native) -> tuple[Native, Native]:
        x, kernel = saved
        _, spread = jax.vjp(lambda x: _conv(x, kernel, strides, padding, dilation), x)
        window = kernel.shape[:-2]
        gradient = _kernel_gradient(x, upstream, window, strides, padding, dilation)
        return spread(upstream)[0], gradient

    call = jax.custom_vjp(lambda x, kernel: forward(x, kernel)[0])
    call.defvjp(forward, backward)
    return call


def _kernel_gradient(
    x: Native, upstream: Native, window: Ints, strides: Any, padding: Any, dilation: Any
) -> Native:
    """A plain convolution, of samples as channels and channels as samples.

    XLA derives the same with its axes in another order, and runs that a hundred times
    as slowly inside of `lax.scan`.
    """
    pads = []
    for axis, size in enumerate(window):
        before = padding[axis][0]
        span = (size - 1) * dilation[axis]
        spread = (upstream.shape[axis + 1] - 1) * strides[axis] + 1
        pads.append((before, span + spread - before - x.shape[axis + 1]))
    spatial = tuple(range(1, x.ndim - 1))
    samples_last = jnp.transpose(x, (x.ndim - 1, *spatial, 0))
    seen = jnp.transpose(upstream, (*spatial, 0, x.ndim - 1))
    gradient = _conv(samples_last, seen, dilation, pads, strides)
    return jnp.transpose(gradient, (*spatial, 0, x.ndim - 1))


def conv_transpose(
    x: Native, kernel: Native, strides: Ints, padding: Pads, dilation: Ints
) -> Native:
    axes = tuple(range(kernel.ndim - 2))
    return lax.conv_general_dilated(
        x,
        jnp.swapaxes(lax.rev(kernel, axes), -1, -2),
        (1,) * len(strides),
        tuple(padding),
        lhs_dilation=tuple(strides),
        rhs_dilation=tuple(dilation),
        dimension_numbers=_numbers(len(strides)),
    )


def max_pool(x: Native, size: Ints, strides: Ints, padding: Pads) -> Native:
    floating = jnp.issubdtype(x.dtype, jnp.floating)
    if _on_cpu() and _is_tiling(size, strides, padding):
        if _forward_mode.get() or not floating:
            return _largest(x, size)[0]
        return _fast_max_pool(tuple(size), x.shape[1:-1])(x)
    lowest = -jnp.inf if floating else jnp.iinfo(x.dtype).min
    return lax.reduce_window(
        x,
        np.asarray(
            lowest, x.dtype
        ),  # JAX knows a maximum by a start that is no tracer.
        lax.max,
        (1, *size, 1),
        (1, *strides, 1),
        ((0, 0), *padding, (0, 0)),
    )


@cache
def _fast_max_pool(size: Any, shape: Any) -> Callable[..., Native]:
    """`_largest`, with a gradient that goes in one pass to where the entry stood."""
    window = [n for k in size for n in (1, k)]
    places = np.arange(math.prod(size), dtype=np.int8).reshape((1, *window, 1))

    def forward(x: Native) -> tuple[Native, Native]:
        return _largest(x, size)

    def backward(index: Native, upstream: Native) -> tuple[Native]:
        batch, *count, depth = upstream.shape
        # (batch, height, 1, width, 1, depth), against the window in place of the ones
        spread = (batch, *(n for c in count for n in (c, 1)), depth)
        chosen = index.reshape(spread) == places
        gradient = jnp.where(chosen, upstream.reshape(spread), 0)
        used = [c * k for c, k in zip(count, size, strict=True)]
        rest = [(0, n - u) for n, u in zip(shape, used, strict=True)]
        gradient = gradient.reshape(batch, *used, depth)
        return (jnp.pad(gradient, ((0, 0), *rest, (0, 0))),)

    call = jax.custom_vjp(lambda x: forward(x)[0])
    call.defvjp(forward, backward)
    return call


def _largest(x: Native, size: Ints) -> tuple[Native, Native]:
    """The maximum of each tile, and at which place of the window it stands first."""
    best, *others = _tiles(x, size)
    index = jnp.zeros(best.shape, jnp.int8)
    for place, entry in enumerate(others, 1):
        larger = (entry > best) | jnp.isnan(entry)
        best = jnp.where(larger, entry, best)
        index = jnp.where(larger, jnp.int8(place), index)
    return best, index


def _places(window: Ints) -> list[tuple[int, ...]]:
    places: list[tuple[int, ...]] = [()]
    for n in window:
        places = [(*place, i) for place in places for i in range(n)]
    return places


def _is_tiling(size: Ints, strides: Ints, padding: Pads) -> bool:
    """Whether the windows touch but do not overlap, and are few entries large."""
    few = len(_places(size)) <= 16
    return few and tuple(size) == tuple(strides) and not any(map(any, padding))


def _tiles(x: Native, size: Ints) -> list[Native]:
    """For each place in the window, the entries that stand there."""
    count = [n // k for n, k in zip(x.shape[1:-1], size, strict=True)]
    stop = [n * k for n, k in zip(count, size, strict=True)]
    limit = (x.shape[0], *stop, x.shape[-1])
    steps = (1, *size, 1)
    return [lax.slice(x, (0, *p, 0), limit, steps) for p in _places(size)]


def average_pool(x: Native, size: Ints, strides: Ints, padding: Pads) -> Native:
    def window_sum(values: Native) -> Native:
        return lax.reduce_window(
            values,
            np.asarray(0, x.dtype),
            lax.add,
            (1, *size, 1),
            (1, *strides, 1),
            ((0, 0), *padding, (0, 0)),
        )

    count = window_sum(jnp.ones((1, *x.shape[1:-1], 1), x.dtype))
    return window_sum(x) / count


def one_hot(x: Native, classes: int, dtype: str) -> Native:
    return jax.nn.one_hot(x, classes, dtype=dtype)
