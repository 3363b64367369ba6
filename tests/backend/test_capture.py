"""`compile(jit_compile=True)` on torch: a step as one program, or as it is."""

import shutil

import numpy as np
import pytest

import keras
from keras import layers, ops
from keras.backend.torch import capture

RNG = np.random.default_rng(0)
X = RNG.normal(size=(44, 6)).astype("float32")
Y = RNG.integers(0, 3, 44)
EPOCHS = 2  # of 5 batches of 8, and one of 4 that is not worth compiling for

needs_compiler = pytest.mark.skipif(
    not any(map(shutil.which, ("c++", "g++", "clang++"))), reason="no C++ compiler"
)


def trained(middle, jit_compile):
    keras.utils.clear_session()
    keras.utils.set_random_seed(3)
    rows = [keras.Input((6,)), layers.Dense(8, activation="relu"), *middle()]
    model = keras.Sequential([*rows, layers.Dense(3)])
    rate = keras.optimizers.schedules.ExponentialDecay(1e-2, 3, 0.9)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(
        keras.optimizers.Adam(rate, clipnorm=1.0, use_ema=True),
        loss,
        metrics=["accuracy"],
        jit_compile=jit_compile,
    )
    held = [v.value for v in model.trainable_variables]
    history = model.fit(X, Y, batch_size=8, epochs=EPOCHS, verbose=0).history
    if keras.config.backend() == "torch":  # torch.optim may hold them
        now = [v.value for v in model.trainable_variables]
        assert all(a is b for a, b in zip(held, now, strict=True))
    return model, history


def assert_alike(a, b):
    (one, history), (other, expected) = a, b
    assert int(one.optimizer.iterations) == EPOCHS * 6
    for key in expected:
        np.testing.assert_allclose(history[key], expected[key], rtol=1e-5)
    variables = [*one.variables, *one.optimizer.variables]
    others = [*other.variables, *other.optimizer.variables]
    for v, w in zip(variables, others, strict=True):
        np.testing.assert_allclose(v.numpy(), w.numpy(), rtol=1e-4, atol=1e-6)


@needs_compiler
def test_a_compiled_step_gives_the_numbers_of_the_plain_one(monkeypatch):
    keras.config.set_backend("torch")
    made, compiled_graph = [], capture._Flat.compiled
    monkeypatch.setattr(
        capture._Flat, "compiled", lambda x: made.append(1) or compiled_graph(x)
    )

    def middle():
        # Statistics, noise that is new in every step, state of the optimizer.
        return [layers.BatchNormalization(), layers.Dropout(0.4)]

    compiled = trained(middle, True)
    assert len(made) == 1  # and that it was not given up, or there were a warning
    assert_alike(compiled, trained(middle, False))


class Table(layers.Layer):
    """Rows of a table, counted from its end, and vectors of zeros for no class."""

    def build(self, input_shape):
        self.table = self.add_weight(shape=(5, 4), initializer="normal")

    def call(self, x):
        index = ops.cast(x > 0, "int32") * 2 - 3
        rows = ops.sum(ops.take(self.table, index, 0), 1)
        return ops.concatenate([rows, ops.sum(ops.one_hot(index + 2, 3), 1)], -1)


@needs_compiler
@pytest.mark.filterwarnings("error:compile:UserWarning")
def test_a_compiled_step_takes_indices_that_the_plain_one_takes():
    keras.config.set_backend("torch")
    compiled, plain = (trained(lambda: [Table()], asked) for asked in (True, False))
    assert_alike(compiled, plain)


class LooksAtValues(layers.Layer):
    def compute_output_shape(self, input_shape):
        return input_shape

    def call(self, x):
        return x * 2.0 if bool(ops.any(x > 0)) else x


def test_a_step_that_cannot_be_compiled_runs_as_it_is_and_says_so():
    keras.config.set_backend("torch")
    expected = trained(lambda: [LooksAtValues()], False)
    with pytest.warns(UserWarning, match="jit_compile=True.*runs as plain Python"):
        found = trained(lambda: [LooksAtValues()], True)
    assert_alike(found, expected)
