"""Devices by name; what is recomputed."""

import numpy as np
import pytest

import keras
from keras import ops


@pytest.mark.parametrize("name", ["cpu", "cpu:0", "CPU:0"])
def test_tensors_and_variables_are_made_on_a_device(backend, name):
    with keras.device(name):
        x, v = ops.ones((2,)), keras.Variable([1.0, 2.0])
        y = x + v + keras.random.uniform((2,), seed=1) * 0
        rows = keras.layers.Dense(3)(ops.convert_to_tensor(np.ones((4, 2))))
    np.testing.assert_allclose(ops.convert_to_numpy(y), [2, 3])
    assert rows.shape == (4, 3)
    if backend == "torch":
        assert {str(t.device) for t in (x, v.value, y, rows)} == {"cpu"}


@pytest.mark.parametrize("name", ["gpu:7", "cuda:9", "cpu:99", "toaster"])
def test_a_device_that_is_not_there_is_refused(backend, name):
    with pytest.raises(ValueError, match=f"{name}.*engine sees no such.*cpu:0"):
        keras.device(name)


def test_what_is_recomputed_has_the_same_gradient(trainable_backend):
    def f(x):
        return ops.sum(ops.tanh(ops.exp(x)))

    x = ops.convert_to_tensor([0.1, 0.5])
    plain, again = ops.grad(f)(x), ops.grad(keras.remat(f))(x)
    np.testing.assert_allclose(*map(ops.convert_to_numpy, (plain, again)), rtol=1e-6)
