"""A fast path gives what the composed form gives, and its gradients."""

import re
from pathlib import Path

import numpy as np
import pytest

import keras
from keras import layers, ops
from keras.backend import current

RNG = np.random.default_rng(0)


def batch_normalization(training, **options):
    def call(x):
        layer = layers.BatchNormalization(
            beta_initializer="ones",
            gamma_initializer=keras.initializers.RandomUniform(0.5, 2.0, seed=1),
            moving_mean_initializer="ones",
            **options,
        )
        y = layer(x, training=training)
        return y, layer.moving_mean.value, layer.moving_variance.value

    return call


def group_normalization(groups, axis=-1, **options):
    scale = keras.initializers.RandomUniform(1, 2, seed=1)
    return lambda x: layers.GroupNormalization(
        groups, axis, gamma_initializer=scale, **options
    )(x)


def resize(size, interpolation):
    return lambda x: ops.image.resize(x, size, interpolation)


def binary_crossentropy(x):
    return ops.binary_crossentropy(ops.sigmoid(x - 1.0), x, from_logits=True)


def categorical_crossentropy(x):
    return ops.categorical_crossentropy(
        ops.softmax(x - ops.flip(x, 0)), x, from_logits=True
    )


def sparse_categorical_crossentropy(x):
    index = ops.argmax(x, -1) - 1  # -1 is no class
    return ops.sparse_categorical_crossentropy(index, x, from_logits=True)


def layer_normalization(x):
    return ops.layer_normalization(x, x[0, 0, 0] + 2.0, x[0, 0, 1])


def attention(x, **options):
    return ops.dot_product_attention(x, x[:, :, :2] * 2.0, x[:, :, 1:3], **options)


IMAGE, ROWS = (3, 4, 5, 6), (2, 4, 5)
MASK = np.tril(np.ones((5, 5), bool))
START = {
    "kernel_initializer": keras.initializers.RandomUniform(-1, 1, seed=1),
    "bias_initializer": keras.initializers.RandomUniform(-1, 1, seed=2),
}
RECURRENT = START | {
    "recurrent_initializer": keras.initializers.RandomUniform(-1, 1, seed=3),
    "return_sequences": True,
}
CASES = [
    ("normalized_batch", batch_normalization(True), (7, 4)),
    ("normalized_batch", batch_normalization(True), (3, 5, 4)),
    ("normalized_batch", batch_normalization(True), IMAGE),
    ("normalized_batch", batch_normalization(True, axis=1), IMAGE),
    ("normalized_batch", batch_normalization(True, axis=2), IMAGE),
    ("normalized_batch", batch_normalization(True, scale=False), (1, 4)),
    ("normalized_batch", batch_normalization(True, center=False), IMAGE),
    ("batch_normalization", batch_normalization(False), (7, 4)),
    ("batch_normalization", batch_normalization(False), IMAGE),
    ("batch_normalization", batch_normalization(False, axis=1, scale=False), IMAGE),
    ("normalized_groups", group_normalization(3), IMAGE),
    ("normalized_groups", group_normalization(-1), (3, 5, 4)),
    ("normalized_groups", group_normalization(1), (3, 4)),
    ("normalized_groups", group_normalization(2, axis=1), IMAGE),
    ("normalized_groups", group_normalization(3, scale=False), IMAGE),
    ("normalized_groups", group_normalization(3, center=False), IMAGE),
    ("resize", resize((8, 15), "nearest"), IMAGE),
    ("resize", resize((9, 4), "nearest"), IMAGE),
    ("resize", resize((8, 10), "bilinear"), IMAGE),
    ("resize", resize((3, 7), "bilinear"), IMAGE),
    ("celu", lambda x: ops.celu(x, 0.7), IMAGE),
    ("relu6", lambda x: ops.relu6(x * 4), IMAGE),
    ("hard_sigmoid", lambda x: ops.hard_sigmoid(x * 4), IMAGE),
    ("hard_silu", lambda x: ops.hard_silu(x * 4), IMAGE),
    ("elu", lambda x: ops.elu(x, 0.7), IMAGE),
    ("gelu", ops.gelu, IMAGE),
    ("gelu", lambda x: ops.gelu(x, approximate=False), IMAGE),
    ("leaky_relu", lambda x: ops.leaky_relu(x, 0.3), IMAGE),
    ("log_sigmoid", lambda x: ops.log_sigmoid(x * 9), IMAGE),
    ("selu", ops.selu, IMAGE),
    ("silu", lambda x: ops.silu(x * 9), IMAGE),
    ("softplus", lambda x: ops.softplus(x * 9), IMAGE),
    ("layer_normalization", layer_normalization, IMAGE),
    (
        "layer_normalization",
        lambda x: ops.layer_normalization(x, axis=(1, 2, 3)),
        IMAGE,
    ),
    ("dense", lambda x: layers.Dense(3, **START)(x), (5, 4)),
    ("dense", lambda x: layers.Dense(3, **START)(x), IMAGE),
    (
        "dense",
        lambda x: layers.EinsumDense("abc,cd->abd", (None, 2), bias_axes="d", **START)(
            x
        ),
        ROWS,
    ),
    ("dot_product_attention", attention, (2, 5, 4, 3)),
    ("dot_product_attention", lambda x: attention(x, is_causal=True), (2, 5, 4, 3)),
    ("dot_product_attention", lambda x: attention(x, mask=MASK), (2, 5, 4, 3)),
    ("lstm", lambda x: layers.LSTM(3, **RECURRENT)(x), ROWS),
    ("gru", lambda x: layers.GRU(3, **RECURRENT)(x), ROWS),
    (
        "ctc_loss",
        lambda x: ops.ctc_loss([[1, 2], [2, 0]], x, [2, 1], [5, 4]),
        (2, 5, 4),
    ),
    ("sparse_categorical_crossentropy", sparse_categorical_crossentropy, (5, 4)),
    ("sparse_categorical_crossentropy", sparse_categorical_crossentropy, (5, 2, 4)),
    ("linspace", lambda x: x + ops.linspace(-1, 2.5, 7), (7,)),
    ("outer", lambda x: ops.outer(x, x[0]), (3, 4)),
    ("cross", lambda x: ops.cross(x, x[0] + 1.0), (4, 3)),
    ("cross", lambda x: ops.cross(x, x[:1] * x, axis=1), (4, 3, 2)),
    ("std", lambda x: ops.std(x, 1), IMAGE),
    ("std", lambda x: ops.std(x, (0, -1), keepdims=True), IMAGE),
    ("std", ops.std, (3,)),
    ("root_of_squares", ops.norm, (3, 4)),
    ("root_of_squares", lambda x: ops.norm(x, "fro", (0, 2), True), IMAGE),
    ("root_of_squares", lambda x: ops.norm(x, axis=-1), IMAGE),
    ("binary_crossentropy", binary_crossentropy, IMAGE),
    ("categorical_crossentropy", categorical_crossentropy, (5, 4)),
]


# On torch all but one; on JAX, which fuses what is composed, a few.
ON_TORCH = {name for name, *_ in CASES} - {"log_sigmoid"}
ON_JAX = set(
    "elu gelu hard_sigmoid hard_silu leaky_relu log_sigmoid lstm selu silu "
    "softplus".split()
)
ENGINES = [("torch", case) for case in CASES if case[0] in ON_TORCH]
ENGINES += [("jax", case) for case in CASES if case[0] in ON_JAX]


@pytest.mark.parametrize(("name", "case"), ENGINES)
def test_fast_path_is_the_composed_form(name, case, monkeypatch):
    pytest.importorskip(name)
    keras.config.set_backend(name)
    engine, (path, function, shape) = current.load(name), case
    x = engine.convert(RNG.normal(1.0, 2.0, shape).astype("float32"), None)

    def run():
        without = keras.tree.flatten(function(x))

        def loss(values):
            results = keras.tree.flatten(function(values[0]))
            return ops.sum(ops.sin(results[0])), [ops.stop_gradient(r) for r in results]

        (_, results), gradients = engine.value_and_grad(loss, [x])
        return [ops.convert_to_numpy(v) for v in (*without, *results, *gradients)]

    fast = run()
    monkeypatch.delattr(engine, path)
    for a, b in zip(fast, run(), strict=True):
        np.testing.assert_allclose(a, b, rtol=2e-4, atol=2e-5)


@pytest.mark.parametrize(("name", "paths"), [("torch", ON_TORCH), ("jax", ON_JAX)])
def test_every_fast_path_is_compared(name, paths):
    pytest.importorskip(name)
    engine = current.load(name)
    asked_for = {
        path
        for file in Path(keras.__file__).parent.rglob("*.py")
        for path in re.findall(r'fast_path\(\s*"(\w+)"', file.read_text())
    }
    assert {path for path in asked_for if hasattr(engine, path)} == paths
    assert asked_for <= ON_TORCH | ON_JAX


def test_variance_over_many_entries_is_that_over_few(backend):
    x = RNG.normal(5.0, 2.0, (40, 30, 7))
    for axis in (0, -1, (0, 1), None):
        for keepdims in (False, True):
            result = ops.convert_to_numpy(ops.var(x, axis, keepdims))
            expected = x.var(axis, keepdims=keepdims)
            np.testing.assert_allclose(result, expected, rtol=1e-6)


def test_a_mean_that_is_differentiated_is_no_constant():
    keras.config.set_backend("torch")
    engine = current.load("torch")
    layer = layers.BatchNormalization(epsilon=0.0)
    layer.build((None, 2))
    x = engine.convert(np.ones((3, 2), "float32"), None)

    def loss(values):
        layer.moving_mean.assign(values[0])
        return ops.sum(layer(x)), None

    mean = engine.convert(np.zeros(2, "float32"), None)
    with keras.StatelessScope():
        _, (gradient,) = engine.value_and_grad(loss, [mean])
    np.testing.assert_allclose(ops.convert_to_numpy(gradient), [-3.0, -3.0])


@pytest.mark.parametrize("shape", [(4, 6), (2, 5, 6), (2, 3, 5, 6), (2, 1, 5, 6)])
@pytest.mark.parametrize("center, scale", [(True, True), (True, False), (False, True)])
@pytest.mark.parametrize("kind", ["Batch", "Group", "Layer"])
def test_gradients_of_the_weights_alone(kind, center, scale, shape):
    """Of an input that has none: a kernel of torch ended the process."""
    keras.config.set_backend("torch")
    groups = (3,) if kind == "Group" else ()
    layer = getattr(layers, f"{kind}Normalization")(*groups, center=center, scale=scale)
    x = RNG.normal(size=shape).astype("float32")
    y = layer(x, training=True)
    weights = [w.value for w in layer.trainable_variables]
    (y * y).sum().backward()
    for weight in weights:
        assert weight.grad is not None
        assert bool(weight.grad.isfinite().all())
