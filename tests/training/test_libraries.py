"""`fit`, `evaluate` and `predict` are fed by what other libraries give."""

import itertools
import sys

import numpy as np
import pytest

import keras
from keras import layers

X = np.random.default_rng(0).normal(size=(20, 3)).astype("float32")
Y = X.sum(axis=1)
SIZE = 8
STARTS = range(0, len(X), SIZE)


def cut(x, y=None):
    """Batches of NumPy arrays, the last one smaller."""
    for i in STARTS:
        yield x[i : i + SIZE] if y is None else (x[i : i + SIZE], y[i : i + SIZE])


class Again:
    """An iterable that can be begun anew."""

    def __init__(self, *arrays):
        self.arrays = arrays

    def __iter__(self):
        return cut(*self.arrays)


class Data(keras.utils.PyDataset):
    def __init__(self, x, y=None, **options):
        super().__init__(**options)
        self.x, self.y = x, y

    def __len__(self):
        return len(STARTS)

    def __getitem__(self, index):
        at = slice(index * SIZE, (index + 1) * SIZE)
        return (self.x[at],) if self.y is None else (self.x[at], self.y[at])


# Each maker gives `(x, y)` for training and `x` for prediction.


def numpy_arrays():
    return (X, Y), X


def doubles_and_columns():
    return (X.astype("float64"), Y[:, None]), X.astype("float64")


def lists_of_arrays():
    return ([X], [Y]), [X]


def torch_tensors():
    torch = pytest.importorskip("torch")
    return (torch.tensor(X), torch.tensor(Y)), torch.tensor(X)


def jax_arrays():
    jnp = pytest.importorskip("jax.numpy")
    return (jnp.asarray(X), jnp.asarray(Y)), jnp.asarray(X)


def pandas_frames():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(X, columns=["a", "b", "c"])
    return (frame, pandas.Series(Y, index=range(5, 25))), frame


def pandas_frames_of_targets():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(X, columns=["a", "b", "c"])
    return (frame, pandas.DataFrame({"y": Y})), frame


def polars_frames():
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame(X, schema=["a", "b", "c"])
    return (frame, polars.Series("y", Y)), frame


def sparse_matrices():
    sparse = pytest.importorskip("scipy.sparse")
    return (sparse.csr_matrix(X), Y), sparse.coo_matrix(X)


def generators():
    return (cut(X, Y), None), cut(X)


def iterables():
    return (Again(X, Y), None), Again(X)


def sparse_batches():
    sparse = pytest.importorskip("scipy.sparse")
    matrix = sparse.csr_matrix(X)
    return (Again(matrix, Y), None), Again(matrix)


def py_data_sets():
    return (Data(X, Y), None), Data(X)


def py_data_sets_with_threads():
    return (Data(X, Y, workers=2), None), Data(X, workers=2)


def torch_loaders():
    data = pytest.importorskip("torch.utils.data")
    tensor = sys.modules["torch"].tensor

    def loader(*arrays):
        tensors = data.TensorDataset(*map(tensor, arrays))
        return data.DataLoader(tensors, batch_size=SIZE)

    return (loader(X, Y), None), loader(X)


def torch_iterable_loaders():
    data = pytest.importorskip("torch.utils.data")

    class Stream(data.IterableDataset):
        def __init__(self, *arrays):
            self.arrays = arrays

        def __iter__(self):
            return zip(*self.arrays, strict=True)

    return (
        (data.DataLoader(Stream(X, Y), batch_size=SIZE), None),
        data.DataLoader(Stream(X), batch_size=SIZE),
    )


def tf_data_sets():
    tf = pytest.importorskip("tensorflow")

    def batches(arrays):
        return tf.data.Dataset.from_tensor_slices(arrays).batch(SIZE).prefetch(1)

    return (batches((X, Y)), None), batches(X)


def tf_data_sets_of_unknown_length():
    tf = pytest.importorskip("tensorflow")

    def batches(arrays):
        rows = tf.data.Dataset.from_tensor_slices(arrays)
        return rows.filter(lambda *_: True).batch(SIZE)

    return (batches((X, Y)), None), batches(X)


def grain_data_sets():
    grain = pytest.importorskip("grain.python")

    def batches(*arrays):
        rows = list(zip(*arrays, strict=True)) if len(arrays) > 1 else list(*arrays)
        return grain.MapDataset.source(rows).batch(SIZE)

    return (batches(X, Y), None), batches(X)


def grain_iterables():
    (training, _), prediction = grain_data_sets()
    return (training.to_iter_dataset(), None), prediction.to_iter_dataset()


def grain_loaders():
    grain = pytest.importorskip("grain.python")

    class Rows:
        def __init__(self, *arrays):
            self.arrays = arrays

        def __len__(self):
            return len(X)

        def __getitem__(self, i):
            rows = tuple(a[i] for a in self.arrays)
            return rows if len(rows) > 1 else rows[0]

        def __repr__(self):
            return "Rows()"

    def loader(*arrays):
        return grain.DataLoader(
            data_source=Rows(*arrays),
            sampler=grain.SequentialSampler(len(X), grain.NoSharding()),
            operations=[grain.Batch(SIZE)],
            worker_count=0,
        )

    return (loader(X, Y), None), loader(X)


def hugging_face_data_sets():
    datasets = pytest.importorskip("datasets")
    both = datasets.Dataset.from_dict({"x": X.tolist(), "label": Y.tolist()})
    return (both, None), both.select_columns("x")


def hugging_face_data_sets_as_numpy():
    (both, _), x = hugging_face_data_sets()
    return (both.with_format("numpy"), None), x.with_format("numpy")


def hugging_face_streams():
    (both, _), x = hugging_face_data_sets()
    return (both.to_iterable_dataset(), None), x.to_iterable_dataset()


SOURCES = [
    numpy_arrays,
    doubles_and_columns,
    lists_of_arrays,
    torch_tensors,
    jax_arrays,
    pandas_frames,
    pandas_frames_of_targets,
    polars_frames,
    sparse_matrices,
    generators,
    iterables,
    sparse_batches,
    py_data_sets,
    py_data_sets_with_threads,
    torch_loaders,
    torch_iterable_loaders,
    tf_data_sets,
    tf_data_sets_of_unknown_length,
    grain_data_sets,
    grain_iterables,
    grain_loaders,
    hugging_face_data_sets,
    hugging_face_data_sets_as_numpy,
    hugging_face_streams,
]


def model_of():
    inputs = keras.Input((3,))
    model = keras.Model(
        inputs, layers.Dense(1, kernel_initializer="ones", name="d")(inputs)
    )
    model.compile(keras.optimizers.SGD(0.1), "mse", metrics=["mae"])
    return model


@pytest.fixture(scope="module")
def expected():
    """What NumPy arrays give, on NumPy and torch."""
    keras.config.set_backend("torch")
    model = model_of()
    model.fit(X, Y, SIZE, shuffle=False, verbose=0)
    return (
        model.get_weights(),
        model.evaluate(X, Y, SIZE, verbose=0),
        model.predict(X, SIZE, verbose=0),
    )


# The libraries' own complaints: grain of absl flags, tf of protobuf.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("make", SOURCES, ids=lambda make: make.__name__)
def test_all_sources_give_the_same(trainable_backend, expected, make):
    weights, losses, rows = expected
    model = model_of()
    (x, y), _ = make()
    model.fit(x, y, SIZE, shuffle=False, verbose=0)
    for found, wanted in zip(model.get_weights(), weights, strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-6)
    (x, y), alone = make()
    found = model.evaluate(x, y, SIZE, verbose=0)
    np.testing.assert_allclose(found, losses, rtol=1e-4)
    found = model.predict(alone, SIZE, verbose=0)
    np.testing.assert_allclose(found, rows, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("make", SOURCES[2:3] + SOURCES[9:], ids=lambda m: m.__name__)
def test_all_sources_validate(on_torch, make):
    model = model_of()
    (x, y), _ = make()
    data = (x, y) if y is not None else x
    history = model.fit(X, Y, SIZE, validation_data=data, verbose=0).history
    assert np.isfinite(history["val_loss"]).all()


@pytest.fixture
def on_torch():
    keras.config.set_backend("torch")


# Structures, lengths.


def two_inputs():
    a, b = keras.Input((3,), name="a"), keras.Input((3,), name="b")
    y = layers.Dense(1, name="sum")(layers.Add()([a, b]))
    z = layers.Dense(1, name="difference")(layers.Subtract()([a, b]))
    model = keras.Model({"a": a, "b": b}, {"sum": y, "difference": z})
    model.compile("sgd", "mse")
    return model


def test_dicts_come_in_arrays_and_in_batches(trainable_backend):
    x, y = {"a": X, "b": -X}, {"sum": Y, "difference": Y}

    def pieces():
        for i in STARTS:
            at = slice(i, i + SIZE)
            yield tuple({k: v[at] for k, v in d.items()} for d in (x, y))

    first, second = two_inputs(), two_inputs()
    second.set_weights(first.get_weights())
    first.fit(x, y, SIZE, shuffle=False, verbose=0)
    second.fit(pieces(), verbose=0)
    for a, b in zip(first.get_weights(), second.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)
    found = first.predict({k: v[:5] for k, v in x.items()} for _ in range(2))
    assert {k: v.shape for k, v in found.items()} == {
        "sum": (10, 1),
        "difference": (10, 1),
    }


def test_a_frame_of_named_columns_is_a_dict_of_inputs(trainable_backend):
    pandas = pytest.importorskip("pandas")
    inputs = {name: keras.Input((1,), name=name) for name in "ab"}
    output = layers.Dense(1)(layers.Concatenate()(list(inputs.values())))
    model = keras.Model(inputs, output)
    model.compile("sgd", "mse")
    frame = pandas.DataFrame({"a": X[:, 0], "b": X[:, 1]})
    model.fit(dict(frame), Y, verbose=0)
    found = model.predict(dict(frame), verbose=0)
    assert found.shape == (20, 1)


def endless():
    for i in itertools.count():
        size = 4 + i % 3  # batches of unequal sizes
        yield X[:size], Y[:size]


def test_endless_data_with_steps(trainable_backend):
    model = model_of()
    history = model.fit(
        endless(),
        steps_per_epoch=3,
        epochs=2,
        validation_data=endless(),
        validation_steps=2,
        verbose=0,
    )
    assert len(history.history["val_loss"]) == 2
    assert int(model.optimizer.iterations) == 6
    assert len(model.evaluate(endless(), steps=3, verbose=0)) == 2
    found = model.predict((x for x, _ in endless()), steps=3, verbose=0)
    assert found.shape == (4 + 5 + 6, 1)
