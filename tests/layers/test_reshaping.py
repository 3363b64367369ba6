import numpy as np
import pytest

import keras
from keras import layers, ops
from keras.errors import ShapeError, UnsafeFileError

X = np.arange(12, dtype="float32").reshape(2, 2, 3)


def _numpy(x):
    return ops.convert_to_numpy(x)


def test_flatten_keeps_the_batch(backend):
    np.testing.assert_array_equal(_numpy(layers.Flatten()(X)), X.reshape(2, 6))
    first = layers.Flatten(data_format="channels_first")(X)
    np.testing.assert_array_equal(_numpy(first), X.transpose(0, 2, 1).reshape(2, 6))
    assert tuple(layers.Flatten()(np.zeros((0, 2, 3))).shape) == (0, 6)
    assert layers.Flatten()(keras.Input((None, 3))).shape == (None, None)


def test_reshape_finds_one_size(backend):
    np.testing.assert_array_equal(
        _numpy(layers.Reshape((-1, 2))(X)), X.reshape(2, 3, 2)
    )
    assert layers.Reshape((-1, 3))(keras.Input((None, 6))).shape == (None, None, 3)


def test_reshape_names_what_does_not_fit():
    with pytest.raises(ShapeError, match="6 numbers"):
        layers.Reshape((4,))(X)
    with pytest.raises(ValueError, match="at most one"):
        layers.Reshape((-1, -1))


def test_permute_and_repeat_by_hand(backend):
    np.testing.assert_array_equal(
        _numpy(layers.Permute((2, 1))(X)), X.transpose(0, 2, 1)
    )
    repeated = _numpy(layers.RepeatVector(2)(X[0]))
    np.testing.assert_array_equal(repeated, np.stack([X[0], X[0]], 1))
    with pytest.raises(ValueError, match="each once"):
        layers.Permute((0, 1))


def test_a_lambda_comes_back_from_data_only_outside_of_safe_mode(backend):
    layer = layers.Lambda(lambda x: x * 2)
    np.testing.assert_array_equal(_numpy(layer(X)), X * 2)
    config = layers.serialize(layer)
    with pytest.raises(UnsafeFileError, match="safe_mode"):
        layers.deserialize(config)


def test_a_lambda_takes_training_and_arguments(backend):
    def scaled(x, factor, training=False):
        return x * factor if training else x

    layer = layers.Lambda(scaled, arguments={"factor": 3})
    np.testing.assert_array_equal(_numpy(layer(X)), X)
    np.testing.assert_array_equal(_numpy(layer(X, training=True)), X * 3)


def test_wrapper_refuses_what_is_no_layer():
    with pytest.raises(TypeError, match="expected a Layer"):
        layers.Wrapper("dense")


def test_deserialize_refuses_what_is_no_layer():
    with pytest.raises(TypeError, match="expected that of a layer"):
        layers.deserialize(keras.initializers.serialize(keras.initializers.Zeros()))
