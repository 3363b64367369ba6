"""Engines change at run time, and variables move over."""

import numpy as np
import pytest

import keras
from keras.backend import current
from keras.errors import ConfigFileError

X = np.linspace(-1, 1, 12, dtype="float32").reshape(4, 3)


@pytest.fixture(autouse=True)
def _back_to_the_first():
    before = keras.config.backend()
    yield
    keras.config.set_backend(before)


@pytest.mark.parametrize("first", ["torch", "jax", "numpy"])
@pytest.mark.parametrize("second", ["torch", "jax", "numpy"])
def test_a_variable_moves_with_its_value(first, second):
    keras.config.set_backend(first)
    v = keras.Variable([[1.0, 2.0]], name="v")
    keras.config.set_backend(second)
    assert current.engine.is_tensor(v.value)
    np.testing.assert_array_equal(v.numpy(), [[1.0, 2.0]])
    v.assign_add([[1.0, 1.0]])
    keras.config.set_backend(first)
    assert current.engine.is_tensor(v.value)
    np.testing.assert_array_equal(v.numpy(), [[2.0, 3.0]])


@pytest.mark.parametrize("dtype", ["bfloat16", "float16", "int32", "bool", "float64"])
def test_dtypes_survive_the_move(dtype):
    keras.config.set_backend("torch")
    v = keras.Variable([0, 1, 1], dtype=dtype, trainable=False)
    for engine in ("jax", "numpy", "torch"):
        keras.config.set_backend(engine)
        assert current.engine.dtype(v.value) == v.dtype == dtype
        np.testing.assert_array_equal(v.numpy().astype("float32"), [0, 1, 1])


def test_assigning_after_a_switch_needs_no_reading_before():
    keras.config.set_backend("torch")
    v = keras.Variable([1.0])
    keras.config.set_backend("jax")
    v.assign([5.0])
    keras.config.set_backend("numpy")
    assert float(v.numpy()[0]) == 5.0


def test_freezing_after_a_switch_works():
    keras.config.set_backend("torch")
    v = keras.Variable([1.0])
    keras.config.set_backend("jax")
    v.trainable = False
    assert current.engine.is_tensor(v.value)


def test_a_trained_model_goes_on_on_another_engine():
    keras.config.set_backend("torch")
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    model.compile("adam", "mse")
    y = np.ones((4, 2), "float32")
    losses = []
    for engine in ("torch", "jax", "torch"):
        keras.config.set_backend(engine)
        losses += model.fit(X, y, epochs=2, verbose=0).history["loss"]
    assert losses == sorted(losses, reverse=True)
    predictions = []
    for engine in ("torch", "jax", "numpy"):
        keras.config.set_backend(engine)
        predictions.append(model.predict(X, verbose=0))
    np.testing.assert_allclose(predictions[0], predictions[1], rtol=1e-5)
    np.testing.assert_allclose(predictions[0], predictions[2], rtol=1e-5)


def test_seeds_go_on_where_they_were():
    keras.config.set_backend("torch")
    seeds = keras.random.SeedGenerator(3)
    seeds.next()
    keras.config.set_backend("jax")
    assert np.asarray(seeds.next()).tolist() == [4, 1]


def test_switching_inside_a_traced_step_is_refused():
    with keras.StatelessScope(), pytest.raises(RuntimeError, match=r"'jax'.*outside"):
        keras.config.set_backend("jax")


def test_unknown_engines_are_refused():
    with pytest.raises(ConfigFileError, match="got 'theano'; expected one of torch"):
        keras.config.set_backend("theano")


def test_an_engine_that_is_not_installed_says_how_to_install_it(monkeypatch):
    import importlib

    def absent(name):
        raise ModuleNotFoundError("No module named 'tensorflow'", name="tensorflow")

    monkeypatch.setattr(importlib, "import_module", absent)
    current._loaded.pop("tensorflow", None)
    keras.config.set_backend("tensorflow")
    with pytest.raises(ImportError, match=r"pip install 'keras\[tensorflow\]'"):
        keras.ops.add(1, 2)


def test_an_engine_that_is_not_written_yet_says_so():
    before = keras.config.backend()
    try:
        keras.config.set_backend("tensorflow")
        with pytest.raises(NotImplementedError, match="not part of this version"):
            keras.ops.ones(2)
    finally:
        keras.config.set_backend(before)
