"""What holds for every layer, checked by walking the list of all_layers.py."""

import inspect
import sys
from pathlib import Path

import numpy as np
import pytest

import keras
from keras import layers, ops
from keras.backend import current
from keras.core import masks

sys.path.insert(0, str(Path(__file__).parent))
from all_layers import ALL, SPECIAL

every_layer = pytest.mark.parametrize("case", ALL, ids=lambda c: c.name)


def _array(shape, dtype, seed=0):
    generator = np.random.default_rng(seed)
    if dtype == "int32":
        return generator.integers(1, 9, shape).astype(dtype)
    return generator.standard_normal(shape).astype(dtype)


def _inputs(case):
    if isinstance(case.shape, list):
        return [_array(s, case.dtype, i) for i, s in enumerate(case.shape)]
    return _array(case.shape, case.dtype)


def _symbolic(case):
    if isinstance(case.shape, list):
        return [keras.Input(s[1:], dtype=case.dtype) for s in case.shape]
    return keras.Input(case.shape[1:], dtype=case.dtype)


def _numpy(x):
    return ops.convert_to_numpy(ops.stop_gradient(ops.cast(x, "float32")))


def test_every_public_layer_stands_in_the_list():
    public = {
        found.__name__
        for found in vars(layers).values()
        if inspect.isclass(found) and issubclass(found, layers.Layer)
    }
    assert public - {c.name for c in ALL} - SPECIAL == set()


@every_layer
def test_config_makes_an_equal_layer(case):
    layer = case.make(name="one")
    config = layer.get_config()
    again = type(layer).from_config(config)
    assert again.get_config() == config
    revived = layers.deserialize(layers.serialize(layer))
    assert revived.get_config() == config


@every_layer
def test_symbolic_call_gives_shape_and_dtype_of_the_real_one(case, backend):
    layer = case.make()
    symbol = layer(_symbolic(case))
    real = layer(_inputs(case))
    assert symbol.shape[0] is None
    assert symbol.shape[1:] == tuple(real.shape[1:])
    assert symbol.dtype == keras.backend.standardize_dtype(real.dtype)


@every_layer
def test_numbers_are_the_same_on_every_engine(case):
    results, weights = [], None
    before = keras.config.backend()
    for engine in ("numpy", "torch", "jax"):
        keras.config.set_backend(engine)
        try:
            layer = case.make()
            layer(_inputs(case))
            if weights is None:
                weights = [_array(w.shape, "float32") ** 2 for w in layer.weights]
            layer.set_weights(weights)
            training = {} if case.is_random else {"training": True}
            results.append(_numpy(layer(_inputs(case), **training)))
        finally:
            keras.config.set_backend(before)
    np.testing.assert_allclose(results[1], results[0], rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(results[2], results[0], rtol=1e-4, atol=1e-5)


@every_layer
def test_mixed_precision_keeps_weights_and_computes_in_half(case, backend):
    # NumPy itself promotes bfloat16 beside Python numbers.
    half = "float16" if backend == "numpy" else "bfloat16"
    layer = case.make(dtype=f"mixed_{half}")
    full = case.make()
    result = layer(_inputs(case))
    assert keras.backend.standardize_dtype(result.dtype) == half
    assert all(w.dtype == "float32" for w in layer.weights)
    expected = full(_inputs(case))
    full.set_weights(layer.get_weights())
    expected = _numpy(full(_inputs(case)))
    np.testing.assert_allclose(_numpy(result), expected, rtol=0.05, atol=0.1)


@every_layer
def test_gradients_reach_every_weight(case, trainable_backend):
    layer = case.make()
    layer(_inputs(case))
    if not layer.trainable_variables:
        return
    values = [v.value for v in layer.trainable_variables]
    others = [v.value for v in layer.non_trainable_variables]

    def loss(trained):
        result, _ = layer.stateless_call(trained, others, _inputs(case))
        return ops.sum(ops.square(result)), None

    _, gradients = current.engine.value_and_grad(loss, values)
    assert all(np.any(_numpy(g) != 0) for g in gradients)


@every_layer
def test_noise_is_drawn_in_training_only(case, backend):
    if not case.is_random:
        return
    layer, x = case.make(), _inputs(case)
    np.testing.assert_array_equal(_numpy(layer(x)), x)
    first, second = _numpy(layer(x, training=True)), _numpy(layer(x, training=True))
    assert np.any(first != x) and np.any(first != second)


@every_layer
def test_masks_pass_or_end_with_a_warning(case, backend):
    if isinstance(case.shape, list) or len(case.shape) != 3:
        return
    x = np.ones(case.shape, "float32")
    x[:, 1] = 0
    masked = layers.Masking()(x)
    layer = case.make()
    if case.ignores_mask:
        with pytest.warns(UserWarning, match="got a mask"):
            layer(masked)
        return
    result = layer(masked)
    if tuple(result.shape[:2]) == case.shape[:2]:
        mask = ops.convert_to_numpy(masks.get_mask(result))
        np.testing.assert_array_equal(mask, x[:, :, 0] != 0)
