"""`Bidirectional`."""

import numpy as np
import pytest

from keras import layers, ops

X = np.random.default_rng(3).standard_normal((2, 5, 3)).astype("float32")


def _numpy(x):
    return ops.convert_to_numpy(x)


@pytest.mark.parametrize("mode", ["concat", "sum", "mul", "ave", None])
def test_both_directions_are_merged(mode, backend):
    layer = layers.Bidirectional(layers.GRU(4, return_sequences=True), merge_mode=mode)
    got = layer(X)
    a = _numpy(layer.forward_layer(X))
    b = _numpy(layer.backward_layer(X))[:, ::-1]
    expected = {
        "concat": np.concatenate([a, b], -1),
        "sum": a + b,
        "mul": a * b,
        "ave": (a + b) / 2,
    }
    if mode is None:
        np.testing.assert_allclose(_numpy(got[0]), a, atol=1e-6)
        np.testing.assert_allclose(_numpy(got[1]), b, atol=1e-6)
    else:
        np.testing.assert_allclose(_numpy(got), expected[mode], atol=1e-6)


def test_names_and_paths():
    layer = layers.Bidirectional(layers.LSTM(2, name="lstm"), name="both")
    layer.build((None, 5, 3))
    assert layer.weights[0].path == "both/forward_lstm/lstm_cell/kernel"
    assert layer.weights[3].path == "both/backward_lstm/lstm_cell/kernel"


def test_states_of_both_are_returned_and_taken(backend):
    layer = layers.Bidirectional(layers.LSTM(2, return_state=True))
    _, *states = layer(X)
    assert len(states) == 4
    again, *_ = layer(X, initial_state=states)
    assert again.shape == (2, 4)


def test_padding_behind_a_mask_changes_nothing(backend):
    layer = layers.Bidirectional(layers.LSTM(2, return_sequences=True))
    mask = np.array([[True] * 3 + [False] * 2] * 2)
    got = _numpy(layer(X, mask=mask))
    np.testing.assert_allclose(got[:, :3], _numpy(layer(X[:, :3])), atol=1e-6)
    assert not got[:, 3:].any()


def test_layers_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="opposite"):
        layers.Bidirectional(layers.LSTM(2), backward_layer=layers.LSTM(2))
    with pytest.raises(ValueError, match="return_sequences=False"):
        layers.Bidirectional(
            layers.LSTM(2),
            backward_layer=layers.LSTM(2, return_sequences=True, go_backwards=True),
        )
    with pytest.raises(ValueError, match="Dense has no attribute 'go_backwards'"):
        layers.Bidirectional(layers.Dense(2))
    with pytest.raises(TypeError, match="expected a recurrent layer"):
        layers.Bidirectional(3)
    with pytest.raises(ValueError, match="merge_mode"):
        layers.Bidirectional(layers.LSTM(2), merge_mode="average")
