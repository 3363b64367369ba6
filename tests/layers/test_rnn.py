"""Recurrent layers and their cells."""

import numpy as np
import pytest

import keras
from keras import layers, ops
from keras.backend import current

LAYERS = [layers.SimpleRNN, layers.GRU, layers.LSTM]
RANDOM = np.random.default_rng(3)
X = RANDOM.standard_normal((2, 5, 3)).astype("float32")


def _numpy(x):
    return ops.convert_to_numpy(x)


def _sigmoid(x):
    return 1 / (1 + np.exp(-x))


def _lstm(x, kernel, recurrent, bias):
    """The formula, in float64."""
    units = recurrent.shape[0]
    h = c = np.zeros((x.shape[0], units))
    outputs = []
    for t in range(x.shape[1]):
        z = x[:, t] @ kernel + h @ recurrent + bias
        i, f, g, o = np.split(z, 4, axis=1)
        c = _sigmoid(f) * c + _sigmoid(i) * np.tanh(g)
        h = _sigmoid(o) * np.tanh(c)
        outputs.append(h)
    return np.stack(outputs, 1), h, c


def test_lstm_computes_its_formula(backend):
    layer = layers.LSTM(4, return_sequences=True, return_state=True)
    outputs, h, c = layer(X)
    weights = [w.astype("float64") for w in layer.get_weights()]
    for got, expected in zip((outputs, h, c), _lstm(X, *weights), strict=True):
        np.testing.assert_allclose(_numpy(got), expected, atol=1e-5)


def test_simple_rnn_computes_its_formula(backend):
    layer = layers.SimpleRNN(2, return_sequences=True)
    got = _numpy(layer(X))
    kernel, recurrent, bias = layer.get_weights()
    h = np.zeros((2, 2))
    for t in range(5):
        h = np.tanh(X[:, t] @ kernel + h @ recurrent + bias)
        np.testing.assert_allclose(got[:, t], h, atol=1e-5)


@pytest.mark.parametrize("cls", [layers.LSTM, layers.GRU])
@pytest.mark.parametrize("go_backwards", [False, True])
def test_torch_kernel_agrees_with_the_composed_form(cls, go_backwards):
    before = keras.config.backend()
    keras.config.set_backend("torch")
    try:
        options = {"return_sequences": True, "go_backwards": go_backwards}
        native = cls(4, **options)
        native.build(X.shape)
        composed = cls(4, use_cudnn=False, **options)
        composed.build(X.shape)
        first = [RANDOM.standard_normal(w.shape) for w in native.weights]
        results = []
        for layer in (native, composed):
            layer.set_weights(first)
            values = [v.value for v in layer.trainable_variables]
            (_, y), grads = current.engine.value_and_grad(
                lambda values, layer=layer: _loss(layer, values), values
            )
            results.append([_numpy(x.detach()) for x in (y, *grads)])
        for a, b in zip(*results, strict=True):
            np.testing.assert_allclose(a, b, atol=1e-4)
    finally:
        keras.config.set_backend(before)


def _loss(layer, values):
    mapping = zip(layer.trainable_variables, values, strict=True)
    with keras.StatelessScope(mapping):
        y = layer(X)
    return ops.sum(ops.square(y)), y


@pytest.mark.parametrize("cls", LAYERS)
def test_padding_behind_a_mask_changes_nothing(cls, backend):
    layer = cls(4, return_state=True)
    short = layer(X[:, :3])
    mask = np.array([[True] * 3 + [False] * 2] * 2)
    for a, b in zip(layer(X, mask=mask), short, strict=True):
        np.testing.assert_allclose(_numpy(a), _numpy(b), atol=1e-6)


@pytest.mark.parametrize("cls", LAYERS)
def test_padding_before_a_mask_changes_nothing(cls, backend):
    layer = cls(4)
    mask = np.array([[False] * 2 + [True] * 3] * 2)
    got = _numpy(layer(X, mask=mask))
    np.testing.assert_allclose(got, _numpy(layer(X[:, 2:])), atol=1e-6)


@pytest.mark.parametrize("cls", LAYERS)
def test_two_halves_with_states_are_the_whole(cls, backend):
    layer = cls(4, return_state=True)
    whole, *_ = layer(X)
    _, *states = layer(X[:, :2])
    second, *_ = layer(X[:, 2:], initial_state=states)
    np.testing.assert_allclose(_numpy(second), _numpy(whole), atol=1e-6)


@pytest.mark.parametrize("cls", LAYERS)
def test_a_stateful_layer_goes_on_until_it_is_reset(cls, backend):
    layer = cls(4, stateful=True)
    layer.build((2, 5, 3))
    first = _numpy(layer(X))
    assert np.abs(_numpy(layer(X)) - first).max() > 1e-4
    layer.reset_state()
    np.testing.assert_allclose(_numpy(layer(X)), first, atol=1e-6)


def test_a_stateful_layer_needs_a_batch_size():
    with pytest.raises(ValueError, match=r"stateful.*fixed batch size"):
        layers.LSTM(2, stateful=True).build((None, 5, 3))


def test_unrolled_is_the_same(backend):
    layer = layers.GRU(4, use_cudnn=False)
    once = _numpy(layer(X))
    layer.unroll = True
    np.testing.assert_allclose(_numpy(layer(X)), once, atol=1e-6)


@pytest.mark.parametrize("cls", LAYERS)
def test_dropout_only_in_training_and_one_draw_for_all_steps(cls, backend):
    layer = cls(4, dropout=0.5, recurrent_dropout=0.5, seed=1)
    calm = _numpy(layer(X))
    np.testing.assert_allclose(_numpy(layer(X)), calm, atol=1e-6)
    assert np.abs(_numpy(layer(X, training=True)) - calm).max() > 1e-4
    assert layer.cell._dropout_mask is None


class _Sum(layers.Layer):
    """A user's cell."""

    state_size = 3

    def call(self, inputs, states):
        new = inputs + states[0]
        return new, new


def test_a_cell_of_a_user_is_run_step_by_step(backend):
    got = _numpy(layers.RNN(_Sum(), return_sequences=True)(X))
    np.testing.assert_allclose(got, np.cumsum(X, axis=1), atol=1e-5)


def test_stacked_cells_are_stacked_layers(backend):
    stacked = layers.RNN([layers.LSTMCell(4), layers.GRUCell(2)])
    got = _numpy(stacked(X))
    first, second = layers.LSTM(4, return_sequences=True), layers.GRU(2)
    second(first(X))
    first.set_weights(stacked.get_weights()[:3])
    second.set_weights(stacked.get_weights()[3:])
    np.testing.assert_allclose(got, _numpy(second(first(X))), atol=1e-5)


def test_symbolic_initial_states_reach_the_layer(backend):
    x, h = keras.Input((5, 3)), keras.Input((4,))
    model = keras.Model([x, h], layers.GRU(4)(x, initial_state=h))
    state = np.ones((2, 4), "float32")
    zero, one = model([X, 0 * state]), model([X, state])
    assert np.abs(_numpy(zero) - _numpy(one)).max() > 1e-4


def test_time_may_be_unknown(backend):
    y = layers.LSTM(4, return_sequences=True)(keras.Input((None, 3)))
    assert y.shape == (None, None, 4)


def test_names_of_variables_hold_the_cell(backend):
    layer = layers.LSTM(2, name="memory")
    layer.build((None, 5, 3))
    assert [w.path for w in layer.weights] == [
        f"memory/lstm_cell/{n}" for n in ("kernel", "recurrent_kernel", "bias")
    ]


def test_a_forget_gate_begins_open():
    layer = layers.LSTM(2)
    layer.build((None, 5, 3))
    np.testing.assert_array_equal(layer.get_weights()[2], [0, 0, 1, 1, 0, 0, 0, 0])


def test_a_cell_without_state_size_is_refused():
    with pytest.raises(ValueError, match="Dense without 'state_size'"):
        layers.RNN(layers.Dense(2))
    with pytest.raises(ValueError, match="entry 0 is a Dense"):
        layers.StackedRNNCells([layers.Dense(2)])


def test_time_distributed_is_the_layer_at_each_step(backend):
    inner = layers.Dense(4)
    got = _numpy(layers.TimeDistributed(inner)(X))
    np.testing.assert_allclose(got, _numpy(inner(X)), atol=1e-6)


def test_conv_lstm_over_one_pixel_is_an_lstm(backend):
    layer, plain = layers.ConvLSTM1D(4, 1), layers.LSTM(4)
    got = _numpy(layer(X[:, :, None, :]))
    plain.build(X.shape)
    kernel, recurrent, bias = layer.get_weights()
    plain.set_weights([kernel[0], recurrent[0], bias])
    np.testing.assert_allclose(got[:, 0], _numpy(plain(X)), atol=1e-5)
