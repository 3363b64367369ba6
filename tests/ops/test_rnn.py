"""The loop over time, and LSTM and GRU: composed, native, masked, backwards."""

import numpy as np
import pytest

from keras import ops
from keras.backend import current
from keras.ops._rnn import gru, lstm, rnn

BATCH, TIME, FEATURES, UNITS = 3, 6, 4, 5
RNG = np.random.default_rng(0)


def draw(*shape):
    return (RNG.normal(size=shape) * 0.5).astype("float32")


X, H, C = draw(BATCH, TIME, FEATURES), draw(BATCH, UNITS), draw(BATCH, UNITS)
MASK = np.array([[1, 1, 0, 1, 0, 0], [0, 0, 1, 1, 1, 1], [1] * 6], "bool")
LSTM = draw(FEATURES, 4 * UNITS), draw(UNITS, 4 * UNITS), draw(4 * UNITS)
GRU = draw(FEATURES, 3 * UNITS), draw(UNITS, 3 * UNITS), draw(2, 3 * UNITS)


def numpy(x):
    return ops.convert_to_numpy(x)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def lstm_step(x, h, c):
    kernel, recurrent, bias = LSTM
    i, f, n, o = np.split(x @ kernel + h @ recurrent + bias, 4, -1)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(n)
    return sigmoid(o) * np.tanh(c), c


def gru_step(x, h):
    kernel, recurrent, bias = GRU
    xz, xr, xn = np.split(x @ kernel + bias[0], 3, -1)
    hz, hr, hn = np.split(h @ recurrent + bias[1], 3, -1)
    z, n = sigmoid(xz + hz), np.tanh(xn + sigmoid(xr + hr) * hn)
    return z * h + (1 - z) * n


def slow_lstm(mask, backwards):
    h, c, last, outputs = H, C, np.zeros_like(H), []
    for t in reversed(range(TIME)) if backwards else range(TIME):
        real = np.ones((BATCH, 1), bool) if mask is None else mask[:, t, None]
        new_h, new_c = lstm_step(X[:, t], h, c)
        last = np.where(real, new_h, last)
        h, c = np.where(real, new_h, h), np.where(real, new_c, c)
        outputs.append(last)
    return last, np.stack(outputs, 1), h, c


@pytest.mark.parametrize("unroll", [False, True])
@pytest.mark.parametrize("mask", [None, MASK])
@pytest.mark.parametrize("backwards", [False, True])
def test_lstm_is_the_loop(backend, mask, backwards, unroll):
    x, h, c, *weights = (ops.convert_to_tensor(v) for v in (X, H, C, *LSTM))
    last, outputs, states = lstm(
        x, h, c, mask, *weights, go_backwards=backwards, unroll=unroll
    )
    for got, want in zip(
        (last, outputs, *states), slow_lstm(mask, backwards), strict=True
    ):
        np.testing.assert_allclose(numpy(got), want, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("backwards", [False, True])
def test_gru_is_the_loop(backend, backwards):
    x, h, *weights = (ops.convert_to_tensor(v) for v in (X, H, *GRU))
    want, outputs = H, []
    for t in reversed(range(TIME)) if backwards else range(TIME):
        want = gru_step(X[:, t], want)
        outputs.append(want)
    result = gru(x, h, None, *weights, go_backwards=backwards)
    np.testing.assert_allclose(numpy(result[0]), want, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(
        numpy(result[1]), np.stack(outputs, 1), rtol=1e-4, atol=1e-5
    )


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("which", ["lstm", "gru"])
def test_native_and_composed_agree_with_gradients(trainable_backend, which, bias):
    e = current.load(trainable_backend)
    states = (H, C) if which == "lstm" else (H,)
    weights = LSTM if which == "lstm" else GRU
    values = [e.convert(v, None) for v in (X, *states, *weights[: 3 if bias else 2])]
    cell, count = (lstm, 3) if which == "lstm" else (gru, 2)

    def loss(**activation):
        def call(v):
            last, outputs, new = cell(*v[:count], None, *v[count:], **activation)
            return ops.sum(ops.sin(outputs)) + ops.sum(last * new[-1]), None

        return call

    (native, _), fast = e.value_and_grad(loss(), values)
    (composed, _), slow = e.value_and_grad(loss(activation=ops.tanh), values)
    assert float(native) == pytest.approx(float(composed), rel=1e-5)
    for a, b in zip(fast, slow, strict=True):
        np.testing.assert_allclose(numpy(a), numpy(b), rtol=1e-3, atol=1e-5)


def test_gru_with_reset_before(backend):
    x, h, kernel, recurrent, bias = (ops.convert_to_tensor(v) for v in (X, H, *GRU))
    result = gru(x, h, None, kernel, recurrent, bias[0], reset_after=False)[0]
    want = H
    for t in range(TIME):
        xz, xr, xn = np.split(X[:, t] @ GRU[0] + GRU[2][0], 3, -1)
        uz, ur, un = np.split(GRU[1], 3, -1)
        z, r = sigmoid(xz + want @ uz), sigmoid(xr + want @ ur)
        want = z * want + (1 - z) * np.tanh(xn + (r * want) @ un)
    np.testing.assert_allclose(numpy(result), want, rtol=1e-4, atol=1e-5)


def counting(x, states):
    total = states[0] + x + states[1]
    return total, [total]


@pytest.mark.parametrize("time_major", [False, True])
def test_rnn_masks_zeros_constants_and_last_output(backend, time_major):
    x = np.ones((2, 4, 1), "float32")
    mask = np.array([[1, 0, 1, 0], [0, 1, 1, 1]], bool)
    if time_major:
        x, mask = x.swapaxes(0, 1), mask.T
    zero, ten = np.zeros((2, 1), "float32"), np.full((2, 1), 10, "float32")
    options = {"mask": mask, "constants": [ten], "time_major": time_major}
    last, outputs, states = rnn(counting, x, [zero], **options)
    outputs = numpy(outputs)[..., 0]
    expected = [[11, 11, 22, 22], [0, 11, 22, 33]]
    np.testing.assert_allclose(outputs.T if time_major else outputs, expected)
    np.testing.assert_allclose(numpy(last)[:, 0], [22, 33])
    np.testing.assert_allclose(numpy(states[0])[:, 0], [22, 33])
    _, zeros, states = rnn(counting, x, [zero], zero_output_for_mask=True, **options)
    zeros = numpy(zeros)[..., 0]
    expected = [[11, 0, 22, 0], [0, 11, 22, 33]]
    np.testing.assert_allclose(zeros.T if time_major else zeros, expected)
    np.testing.assert_allclose(numpy(states[0])[:, 0], [22, 33])
    _, only, _ = rnn(counting, x, [zero], return_all_outputs=False, **options)
    assert tuple(only.shape) == ((1, 2, 1) if time_major else (2, 1, 1))


def test_rnn_takes_nested_inputs_and_states(backend):
    inputs = {"a": np.ones((2, 3, 1), "float32"), "b": np.ones((2, 3, 2), "float32")}

    def step(x, states):
        first, (second, third) = states
        first = first + x["a"]
        return {"sum": first + second}, [first, [second + 1, third + x["b"]]]

    zero = np.zeros((2, 1), "float32")
    last, outputs, states = rnn(
        step, inputs, [zero, [zero, np.zeros((2, 2), "float32")]]
    )
    assert outputs["sum"].shape == (2, 3, 1)
    np.testing.assert_allclose(numpy(last["sum"]), 5)
    np.testing.assert_allclose(numpy(states[1][1]), 3)
