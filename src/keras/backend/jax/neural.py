"""Convolution and pooling on JAX, in forms whose gradients XLA runs fast on a CPU.

There XLA's gradients of convolution and pooling are several times slower than the
forward pass; `benchmarks/conv_jax.py` measures what is gained here.
"""

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
    x: Native, kernel: Native, strides: Ints, padding: Pads, dilation: Ints, groups: int
) -> Native:
    plan = tuple(strides), tuple(map(tuple, padding)), tuple(dilation)
    floating = jnp.issubdtype(x.dtype, jnp.floating)
    negative = any(n < 0 for pair in padding for n in pair)
    plain = _forward_mode.get() or groups > 1 or not floating or negative
    if _on_cpu() and not plain:
        return _fast_conv(*plan)(x, kernel)
    return _conv(x, kernel, *plan, groups)


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
    """`_conv` with gradients made of one product and one plain convolution."""

    def forward(x: Native, kernel: Native) -> tuple[Native, Any]:
        return _conv(x, kernel, strides, padding, dilation), (x, kernel)

    def backward(saved: Any, upstream: Native) -> tuple[Native, Native]:
        x, kernel = saved
        # Computed once, not again inside each use.
        upstream = lax.optimization_barrier(upstream)
        return (
            _input_gradient(x, kernel, upstream, strides, padding, dilation),
            _kernel_gradient(x, kernel, upstream, strides, padding, dilation),
        )

    call = jax.custom_vjp(lambda x, kernel: forward(x, kernel)[0])
    call.defvjp(forward, backward)
    return call


def _kernel_gradient(
    x: Native,
    kernel: Native,
    upstream: Native,
    strides: Any,
    padding: Any,
    dilation: Any,
) -> Native:
    """For a few places in the window at a time, the product of what they saw and the
    gradient: the patches of a whole window are large, and slow to make."""
    *window, depth, filters = kernel.shape
    out = upstream.shape[1:-1]
    x = jnp.pad(x, ((0, 0), *padding, (0, 0)))
    gradient = upstream.reshape(-1, filters)

    def seen(place: Ints) -> Native:
        start = [p * d for p, d in zip(place, dilation, strict=True)]
        stop = [
            b + (n - 1) * s + 1 for b, n, s in zip(start, out, strides, strict=True)
        ]
        part = lax.slice(
            x, (0, *start, 0), (x.shape[0], *stop, depth), (1, *strides, 1)
        )
        return part.reshape(-1, depth)

    def product(places: list[tuple[int, ...]]) -> Native:
        patches = jnp.concatenate([seen(place) for place in places], 1)
        return lax.dot_general(patches, gradient, (((0,), (0,)), ((), ())))

    places = _places(window)
    few = max(_COLUMNS // depth, 1)
    parts = [product(places[i : i + few]) for i in range(0, len(places), few)]
    return jnp.concatenate(parts).reshape(kernel.shape)


_COLUMNS = 96  # of patches in one product; benchmarks/conv_jax.py


def _places(window: Ints) -> list[tuple[int, ...]]:
    places: list[tuple[int, ...]] = [()]
    for n in window:
        places = [(*place, i) for place in places for i in range(n)]
    return places


def _input_gradient(
    x: Native,
    kernel: Native,
    upstream: Native,
    strides: Any,
    padding: Any,
    dilation: Any,
) -> Native:
    """The gradient, spread by the strides, convolved with the kernel reversed."""
    rank = len(strides)
    pads = []
    for axis in range(rank):
        span = (kernel.shape[axis] - 1) * dilation[axis]
        before = span - padding[axis][0]
        spread = (upstream.shape[axis + 1] - 1) * strides[axis] + 1
        pads.append((before, x.shape[axis + 1] + span - before - spread))
    turned = jnp.swapaxes(lax.rev(kernel, tuple(range(rank))), -1, -2)
    return lax.conv_general_dilated(
        upstream,
        turned,
        (1,) * rank,
        pads,
        lhs_dilation=strides,
        rhs_dilation=dilation,
        dimension_numbers=_numbers(rank),
    )


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
