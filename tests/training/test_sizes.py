"""Predictions for batches of many sizes compile few programs, and stay right."""

import numpy as np
import pytest

import keras
from keras import layers, ops

X = np.random.default_rng(0).normal(size=(64, 3)).astype("float32")
SIZES = [7, 9, 3, 12, 30, 5, 31, 64, 1, 33]


class Counted(layers.Layer):
    """Counts how often it is traced."""

    calls = 0

    def call(self, x):
        type(self).calls += 1
        return x


def counted(*extra):
    Counted.calls = 0
    inputs = keras.Input((3,))
    x = layers.Dense(4, "relu")(Counted()(inputs))
    for layer in extra:
        x = layer(x)
    return keras.Model(inputs, {"a": layers.Dense(2)(x), "b": ops.argmax(x, axis=-1)})


@pytest.fixture
def on_jax():
    pytest.importorskip("jax")
    keras.config.set_backend("jax")
    yield
    keras.config.set_backend("torch")


def assert_right(model, predict):
    engine = keras.config.backend()
    for size in SIZES:
        found = predict(X[:size])
        keras.config.set_backend("numpy")
        expected = model(X[:size])
        keras.config.set_backend(engine)
        assert list(found) == ["a", "b"]
        np.testing.assert_allclose(found["a"], expected["a"], rtol=1e-5, atol=1e-6)
        np.testing.assert_array_equal(found["b"], expected["b"])


def test_predictions_of_all_sizes_are_right(backend):
    model = counted()
    assert_right(model, model.predict_on_batch)
    assert_right(model, lambda x: model.predict(x, batch_size=32, verbose=0))


def test_few_programs_serve_all_sizes(on_jax):
    model = counted(layers.BatchNormalization(), layers.Dropout(0.5))
    for size in SIZES:
        model.predict_on_batch(X[:size])
    calls = Counted.calls
    for size in range(1, 65):
        assert model.predict_on_batch(X[:size])["a"].shape == (size, 2)
    # 2, 3, 4, 6, 8, ..., 64 at most; some were compiled before.
    assert Counted.calls - calls <= 6


class Centred(layers.Layer):
    def call(self, x):
        return x - ops.mean(x, axis=0)


class PerSample(layers.Layer):
    """Looks at the number of rows only."""

    def call(self, x):
        return x / ops.shape(x)[0]


class Counting(layers.Layer):
    def build(self, shape):
        self.total = self.add_weight(shape=(), initializer="zeros", trainable=False)

    def call(self, x):
        self.total.assign(self.total + ops.cast(ops.shape(x)[0], "float32"))
        return x


@pytest.mark.parametrize("layer", [Centred, PerSample])
def test_rows_that_depend_on_others_are_never_filled_up(on_jax, layer):
    model = counted(layer())
    assert_right(model, model.predict_on_batch)


def test_a_step_that_changes_state_is_run_once_for_each_batch(on_jax):
    layer = Counting()
    model = counted(layer)
    for size in SIZES:
        model.predict_on_batch(X[:size])
    assert float(layer.total) == sum(SIZES)


def test_outputs_without_rows_are_left_alone(on_jax):
    inputs = keras.Input((3,))
    model = keras.Model(inputs, ops.sum(inputs))
    for size in SIZES:
        np.testing.assert_allclose(
            model.predict_on_batch(X[:size]), X[:size].sum(), rtol=1e-4, atol=1e-4
        )
