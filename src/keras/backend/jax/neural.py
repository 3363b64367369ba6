"""Convolution and pooling on JAX, in forms whose gradients XLA runs fast on a CPU."""

from collections.abc import Sequence

import jax
import jax.numpy as jnp
from jax import lax
from jax.nn import log_softmax as log_softmax
from jax.nn import relu as relu
from jax.nn import softmax as softmax

from keras.typing import Native

Ints = Sequence[int]
Pads = Sequence[tuple[int, int]]

_LETTERS = "DHW"


def _numbers(rank: int) -> tuple[str, str, str]:
    spatial = _LETTERS[-rank:]
    return f"N{spatial}C", f"{spatial}IO", f"N{spatial}C"


def conv(
    x: Native, kernel: Native, strides: Ints, padding: Pads, dilation: Ints, groups: int
) -> Native:
    return lax.conv_general_dilated(
        x,
        kernel,
        tuple(strides),
        tuple(padding),
        rhs_dilation=tuple(dilation),
        dimension_numbers=_numbers(len(strides)),
        feature_group_count=groups,
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
    lowest = -jnp.inf if floating else jnp.iinfo(x.dtype).min
    return lax.reduce_window(
        x,
        jnp.asarray(lowest, x.dtype),
        lax.max,
        (1, *size, 1),
        (1, *strides, 1),
        ((0, 0), *padding, (0, 0)),
    )


def average_pool(x: Native, size: Ints, strides: Ints, padding: Pads) -> Native:
    def window_sum(values: Native) -> Native:
        return lax.reduce_window(
            values,
            jnp.asarray(0, x.dtype),
            lax.add,
            (1, *size, 1),
            (1, *strides, 1),
            ((0, 0), *padding, (0, 0)),
        )

    count = window_sum(jnp.ones((1, *x.shape[1:-1], 1), x.dtype))
    return window_sum(x) / count


def one_hot(x: Native, classes: int, dtype: str) -> Native:
    return jax.nn.one_hot(x, classes, dtype=dtype)
