"""What is worked out once: results that are remembered, whatever the arguments are."""

import numpy as np
import pytest

import keras
from keras import ops
from keras.backend.blocks import block
from keras.backend.planning import planned


def test_results_are_remembered():
    calls = []

    @planned
    def double(x):
        calls.append(x)
        return x * 2

    assert double((1, 2)) == double([1, 2]) == double(np.array([1, 2])) == (1, 2, 1, 2)
    assert calls == [(1, 2)]


def test_what_is_no_key_is_worked_out_each_time():
    class Symbol:
        __hash__ = None

    calls = []
    size = planned(lambda x: calls.append(x) or 3)
    symbol = Symbol()
    assert size(symbol) == size(symbol) == 3
    assert calls == [symbol, symbol]


def test_a_mistake_is_told_each_time():
    @planned
    def fail(x):
        raise ValueError(f"got {x}")

    for _ in range(2):
        with pytest.raises(ValueError, match="got 3"):
            fail(3)


def test_a_block_is_kept_within_the_array():
    assert block((5, -2), (2, 3), (6, 4)) == (slice(4, 6), slice(0, 3))
    assert block((1, 2), (-1, 1), (6, 4)) == (slice(1, 6), slice(2, 3))
    with pytest.raises(ValueError, match="a length of 7 in a dimension of 6"):
        block((0, 0), (7, 1), (6, 4))


def test_torch_may_trace_with_sizes_that_are_symbols():
    torch = pytest.importorskip("torch")
    from torch.fx.experimental.proxy_tensor import make_fx

    keras.config.set_backend("torch")

    def function(x, kernel):
        y = ops.max_pool(ops.conv(x, kernel, 1, "same"), 2)
        return ops.pad(ops.moveaxis(y, -1, 1), ((0, 0), (1, 1), (0, 0), (2, 0)))

    kernel = torch.rand(3, 3, 3, 4)
    program = make_fx(function, tracing_mode="symbolic")(torch.rand(3, 8, 8, 3), kernel)
    x = torch.rand(5, 8, 8, 3)
    torch.testing.assert_close(program(x, kernel), function(x, kernel))
