"""Axes by name, and distances."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import keras
from keras import ops


def numbers(*shape):
    return np.arange(np.prod(shape), dtype="float32").reshape(shape)


@pytest.mark.parametrize(
    ("pattern", "lengths", "expected"),
    [
        ("a b c -> c a b", {}, lambda x: x.transpose(2, 0, 1)),
        ("a b c -> (c a) b", {}, lambda x: x.transpose(2, 0, 1).reshape(6, 4)),
        (
            "a (b d) c -> a d b c",
            {"d": 2},
            lambda x: x.reshape(3, 2, 2, 2).swapaxes(1, 2),
        ),
    ],
)
def test_a_pattern_is_reshape_and_transpose(pattern, lengths, expected, backend):
    x = numbers(3, 4, 2)
    got = ops.convert_to_numpy(ops.rearrange(x, pattern, **lengths))
    np.testing.assert_array_equal(got, expected(x))


@given(st.permutations(["a", "(b c)", "d"]))
def test_the_pattern_read_backwards_undoes_it(order):
    x = numbers(2, 6, 3)
    right = " ".join(order)
    there = ops.rearrange(x, f"a (b c) d -> {right}", b=2)
    back = ops.rearrange(there, f"{right} -> a (b c) d", b=2)
    np.testing.assert_array_equal(ops.convert_to_numpy(back), x)


def test_a_symbolic_tensor_keeps_the_unknown_axis():
    x = keras.KerasTensor((None, 6, 3))
    assert ops.rearrange(x, "a (b c) d -> a b (c d)", b=2).shape == (None, 2, 9)


@pytest.mark.parametrize(
    "pattern",
    ["a b -> b a", "a b c -> a b", "a b c", "a (b c) d -> a b c d", "a ((b) c) d -> a"],
)
def test_a_pattern_that_does_not_fit_is_refused(pattern):
    with pytest.raises(ValueError, match="rearrange"):
        ops.rearrange(numbers(2, 6, 3), pattern)


def test_distances_are_those_of_numpy(backend):
    x, y = numbers(2, 3, 4), -numbers(2, 5, 4)
    got = ops.convert_to_numpy(ops.cdist(x, y))
    expected = np.linalg.norm(x[:, :, None] - y[:, None], axis=-1)
    np.testing.assert_allclose(got, expected, rtol=1e-5)


def test_the_slope_of_the_distance_at_zero_is_zero():
    import torch

    x = torch.ones(2, 3, requires_grad=True)
    ops.sum(ops.cdist(x, x.detach())).backward()
    assert torch.equal(x.grad, torch.zeros(2, 3))


def test_compiled_distances_have_the_same_slope(trainable_backend):
    # XLA multiplies and subtracts in one rounding: equal points are no longer equal.
    x = np.random.default_rng(0).normal(size=(8, 7, 4)).astype("float32")

    def trained(eagerly):
        keras.utils.set_random_seed(0)
        inputs = keras.Input((None, 4))
        points = keras.layers.Dense(8)(inputs) * 8.0**0.5
        near = ops.softmax(-ops.cdist(points, points), axis=-1)
        mean = ops.mean(ops.matmul(near, points), axis=1)
        model = keras.Model(inputs, keras.layers.Dense(2)(mean))
        model.compile("sgd", keras.losses.Huber(), run_eagerly=eagerly)
        model.train_on_batch(x, x[:, :, :2].max(1))
        return model.get_weights()

    for a, b in zip(trained(True), trained(False), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)


def test_a_distance_of_little_is_exact(backend):
    near = ops.cdist([[1.0, 0.0]], [[1.0 + 2**-23, 0.0]])
    assert ops.convert_to_numpy(near) == np.float32(2**-23)
