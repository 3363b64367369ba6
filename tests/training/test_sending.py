"""Where arrays lie while a model is trained, and how batches get to a device."""

import numpy as np
import pytest

import keras
from keras.training import _data

torch = pytest.importorskip("torch")

RNG = np.random.default_rng(0)
X = RNG.normal(size=(50, 3)).astype("float32")
Y = X.sum(1, keepdims=True)
BYTES = X.nbytes + Y.nbytes

needs_cuda = pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")


@pytest.fixture
def device(trainable_backend, monkeypatch):
    """A device with little memory; notes what is sent there."""
    engine = f"keras.backend.{trainable_backend}"
    sent = []
    send = __import__(engine, fromlist=["send"]).send
    monkeypatch.setattr(f"{engine}.free_memory", lambda: 4 * BYTES - 1)
    monkeypatch.setattr(f"{engine}.send", lambda x: sent.append(x) or send(x))
    return sent


def trained(**options):
    keras.utils.clear_session()
    keras.utils.set_random_seed(3)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile("adam", "mse", **options)
    history = model.fit(X, Y, batch_size=8, epochs=3, verbose=0, validation_split=0.2)
    return [*model.get_weights(), history.history["val_loss"]]


def batches(source):
    return [
        [keras.ops.convert_to_numpy(a) for a in batch[:2]] for batch in source.epoch()
    ]


def test_arrays_that_are_large_beside_a_device_are_sent_in_batches(device):
    source = _data.ArraySource(X, Y, batch_size=8, shuffle=True)
    assert not device
    keras.utils.set_random_seed(1)
    found = batches(source)
    assert [len(x) for x in device] == [8, 8] * 6 + [2, 2]
    keras.utils.set_random_seed(1)
    order = source.order()
    assert isinstance(order, np.ndarray)
    np.testing.assert_array_equal(np.concatenate([x for x, _ in found]), X[order])
    np.testing.assert_array_equal(np.concatenate([y for _, y in found]), Y[order])


def test_it_does_not_matter_for_the_numbers_where_arrays_lie(device, monkeypatch):
    found = trained(), trained(steps_per_execution=2)
    assert device
    name = keras.config.backend()
    monkeypatch.setattr(f"keras.backend.{name}.free_memory", lambda: None)
    expected = trained(), trained(steps_per_execution=2)
    for one, other in zip(found, expected, strict=True):
        for a, b in zip(one, other, strict=True):
            np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("free", [None, 4 * BYTES])
def test_arrays_that_fit_lie_where_the_model_does(device, monkeypatch, free):
    name = keras.config.backend()
    monkeypatch.setattr(f"keras.backend.{name}.free_memory", lambda: free)
    source = _data.ArraySource(X, Y, batch_size=8, shuffle=True)
    before = len(device)
    batches(source)
    # JAX takes NumPy's arrays, which a device has to be sent.
    assert (len(device) == before) == (name == "torch" or free is None)


def test_batches_of_iterables_and_single_ones_are_sent(device):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile("adam", "mse")
    data = [(X[i : i + 10], Y[i : i + 10]) for i in range(0, 50, 10)]
    model.fit(iter(data), verbose=0)
    assert len(device) == 10
    model.train_on_batch(X[:4], Y[:4])
    assert len(device) == 12


def test_text_is_not_sent(device):
    source = _data.ArraySource(np.array([["a"], ["b"]]), X[:2], batch_size=1)
    found = [batch[0] for batch in source.epoch()]
    assert [x.tolist() for x in found] == [[["a"]], [["b"]]]
    assert all(x.dtype == np.float32 for x in device)


# With CUDA.


@needs_cuda
@pytest.mark.parametrize(
    "x", [X, X[::-1], X.astype("int8"), torch.from_numpy(X), np.float32(2) * X[:0]]
)
def test_what_is_sent_arrives(x):
    keras.config.set_backend("torch")
    from keras.backend import torch as engine

    sent = [engine.send(x) for _ in range(40)]
    assert all(y.is_cuda for y in sent)
    for y in sent:
        np.testing.assert_array_equal(y.cpu().numpy(), np.asarray(x))
    assert engine.send(sent[0]) is sent[0]


@needs_cuda
def test_it_does_not_matter_on_a_device_where_arrays_lie(monkeypatch):
    keras.config.set_backend("torch")
    expected = trained()
    monkeypatch.setattr("keras.backend.torch.free_memory", lambda: 0)
    for a, b in zip(trained(), expected, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)
