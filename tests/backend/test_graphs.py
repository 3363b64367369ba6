"""Steps as CUDA graphs under `jit_compile="auto"`, with a stand-in for CUDA."""

import numpy as np
import pytest

import keras
from keras import layers, ops

torch = pytest.importorskip("torch")

from keras.backend.torch import arrays, capture, control, graphs  # noqa: E402

RNG = np.random.default_rng(0)
X = RNG.normal(size=(44, 6)).astype("float32")
Y = RNG.integers(0, 3, 44)
EPOCHS = 3  # of 5 batches of 8, and one of 4


class Recorder:
    """What `graphs.record` is, without a device: a replay writes where a run wrote."""

    def __init__(self):
        self.recorded = self.replayed = 0

    def __call__(self, run, device):
        self.recorded += 1
        run()  # warm
        outputs = run()

        def replay():
            self.replayed += 1
            for output, again in zip(outputs, run(), strict=True):
                output.copy_(again)

        return outputs, replay


def of_host(x):
    """As if seeds and scalars lay in main memory and all else on a device."""
    return x.ndim == 0 or (x.dtype is torch.int64 and x.shape == (2,))


@pytest.fixture
def recorder(monkeypatch):
    before = keras.config.backend()
    keras.config.set_backend("torch")
    recorder = Recorder()
    monkeypatch.setattr(graphs, "record", recorder)
    monkeypatch.setattr(graphs, "on_host", of_host)
    monkeypatch.setattr("keras.backend.torch.captures", lambda: True)
    yield recorder
    keras.config.set_backend(before)


def model_of(middle, jit_compile, **options):
    keras.utils.clear_session()
    keras.utils.set_random_seed(3)
    rows = [keras.Input((6,)), layers.Dense(8, activation="relu"), *middle()]
    model = keras.Sequential([*rows, layers.Dense(3, dtype="float32")])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    options = {
        "optimizer": keras.optimizers.Adam(1e-2, clipnorm=1.0),
        "loss": loss,
        "metrics": ["accuracy"],
        **options,
    }
    model.compile(**options, jit_compile=jit_compile)
    return model


def trained(middle, jit_compile, callbacks=(), **options):
    model = model_of(middle, jit_compile, **options)
    held = [v.value for v in model.trainable_variables]
    history = model.fit(
        X,
        Y,
        batch_size=8,
        epochs=EPOCHS,
        validation_data=(X[:20], Y[:20]),
        verbose=0,
        callbacks=list(callbacks),
    ).history
    now = [v.value for v in model.trainable_variables]
    assert all(a is b for a, b in zip(held, now, strict=True))
    return model, history


def assert_alike(a, b):
    (one, history), (other, expected) = a, b
    for key in expected:
        np.testing.assert_allclose(history[key], expected[key], rtol=1e-5)
    variables = [*one.variables, *one.optimizer.variables]
    others = [*other.variables, *other.optimizer.variables]
    for v, w in zip(variables, others, strict=True):
        np.testing.assert_allclose(v.numpy(), w.numpy(), rtol=1e-4, atol=1e-6)


def noisy():
    # Statistics, and noise that is new in every step.
    return [layers.BatchNormalization(), layers.Dropout(0.4)]


def test_a_replayed_step_gives_the_numbers_of_the_plain_one(recorder):
    found = trained(noisy, "auto")
    assert recorder.recorded and recorder.replayed > 6
    assert_alike(found, trained(noisy, False))
