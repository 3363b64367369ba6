import numpy as np
import pytest

from keras import layers, ops

X = np.array([[0.0, 10.0], [2.0, 30.0]], "float32")  # means 1, 20; variances 1, 100


def _numpy(x):
    return ops.convert_to_numpy(ops.stop_gradient(x))


def test_training_normalizes_by_the_batch_and_moves_the_averages(backend):
    layer = layers.BatchNormalization(momentum=0.5, epsilon=0.0)
    np.testing.assert_allclose(_numpy(layer(X, training=True)), [[-1, -1], [1, 1]])
    np.testing.assert_allclose(layer.moving_mean.numpy(), [0.5, 10.0])
    np.testing.assert_allclose(layer.moving_variance.numpy(), [1.0, 50.5])


def test_inference_and_frozen_layers_use_the_averages(backend):
    layer = layers.BatchNormalization(epsilon=0.0)
    layer(X)
    layer.set_weights([[1, 1], [0, 0], [1.0, 2.0], [4.0, 16.0]])
    expected = [[-0.5, 2.0], [0.5, 7.0]]
    np.testing.assert_allclose(_numpy(layer(X)), expected)
    layer.trainable = False
    np.testing.assert_allclose(_numpy(layer(X, training=True)), expected)
    np.testing.assert_allclose(layer.moving_mean.numpy(), [1.0, 2.0])


def test_masked_steps_do_not_count(backend):
    layer = layers.BatchNormalization(momentum=0.0)
    x = np.array([[[1.0], [3.0], [100.0]]], "float32")
    layer(x, training=True, mask=np.array([[True, True, False]]))
    np.testing.assert_allclose(layer.moving_mean.numpy(), [2.0])
    np.testing.assert_allclose(layer.moving_variance.numpy(), [1.0])


def test_statistics_stay_float32_in_mixed_precision(backend):
    layer = layers.BatchNormalization(momentum=0.0, dtype="mixed_float16")
    layer(X * 1000, training=True)  # a variance of 1e8 is no float16
    np.testing.assert_allclose(layer.moving_variance.numpy(), [1e6, 1e8], rtol=1e-3)


def test_axis_must_be_an_int():
    with pytest.raises(ValueError, match="axis"):
        layers.BatchNormalization(axis=[1, 2])
