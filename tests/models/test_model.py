"""Subclassed models, and models used from many threads."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import keras
from keras import layers, ops

X = np.linspace(-1, 1, 12, dtype="float32").reshape(4, 3)


def array(x):
    return np.asarray(ops.convert_to_numpy(x))


@keras.saving.register_keras_serializable("test_model")
class Net(keras.Model):
    def __init__(self, units=4, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.first = layers.Dense(units, activation="relu")
        self.rest = [layers.Dropout(0.5), layers.Dense(2)]

    def call(self, x, training=None):
        x = self.first(x)
        for layer in self.rest:
            x = layer(x)
        return x


def test_the_first_call_builds_all_layers(backend):
    model = Net()
    assert model.weights == []
    assert model(X).shape == (4, 2)
    assert [v.path for v in model.weights] == [
        "net/dense/kernel",
        "net/dense/bias",
        "net/dense_1/kernel",
        "net/dense_1/bias",
    ]
    assert [layer.name for layer in model.layers] == ["dense", "dropout", "dense_1"]
    assert model.count_params() == 26


def test_build_takes_a_shape(backend):
    model = Net()
    model.build((None, 3))
    assert model.built and len(model.weights) == 4


def test_a_subclassed_model_is_a_layer_in_a_graph(backend):
    inner = Net()
    x = keras.Input((3,))
    model = keras.Model(x, inner(x) * 2)
    np.testing.assert_allclose(array(model(X)), 2 * array(inner(X)), rtol=1e-5)
    assert model.output_shape == (None, 2)


def test_the_config_comes_from_the_constructor(backend):
    model = Net(7, name="mine")
    config = model.get_config()
    assert config["units"] == 7 and config["name"] == "mine"
    again = Net.from_config(config)
    assert again.units == 7 and again.name == "mine"
    other = keras.models.model_from_json(model.to_json())
    assert type(other) is Net and other.units == 7


def test_layers_cannot_be_set_and_call_must_be_written():
    with pytest.raises(AttributeError, match=r"layers cannot be set"):
        Net().layers = []
    with pytest.raises(NotImplementedError, match="Model has no call method"):
        keras.Model()(X)


@pytest.mark.parametrize("kind", ["functional", "subclassed"])
def test_many_threads_call_and_predict_at_once(backend, kind):
    x = keras.Input((3,))
    h = layers.BatchNormalization()(layers.Dense(8, activation="tanh")(x))
    model = keras.Model(x, layers.Dense(2)(h)) if kind == "functional" else Net()
    inputs = [X * k for k in range(1, 9)]
    expected = [array(model(each)) for each in inputs]

    def call(i):
        return array(model(inputs[i % 8]))

    def predict(i):
        return model.predict(inputs[i % 8], verbose=0)

    for work in (call, predict):
        with ThreadPoolExecutor(8) as pool:
            results = list(pool.map(work, range(32)))
        for i, result in enumerate(results):
            np.testing.assert_allclose(result, expected[i % 8], rtol=1e-4, atol=1e-6)


def test_threads_build_models_of_their_own(backend):
    def make(i):
        model = keras.Sequential([keras.Input((3,)), layers.Dense(i + 1)])
        return model.predict(X, verbose=0).shape

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(make, range(8))) == [(4, i + 1) for i in range(8)]


def test_noise_and_training_flags_of_threads_do_not_mix(backend):
    model = keras.Sequential([keras.Input((3,)), layers.Dropout(0.9999)])

    def call(i):
        return bool(array(model(X, training=i % 2 == 0)).any())

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(call, range(32)))
    assert results == [i % 2 == 1 for i in range(32)]
