"""What `fit` takes: arrays of every kind, iterables, PyDataset."""

import itertools
import sys
import threading
import types

import numpy as np
import pytest

import keras
from keras.training import _data
from keras.training._class_weight import combined, weights_of_classes

X = np.arange(14, dtype="float32").reshape(7, 2)
Y = np.arange(7)


def batches(source):
    return [
        keras.tree.map_structure(
            lambda a: None if a is None else np.asarray(keras.ops.convert_to_numpy(a)),
            batch,
        )
        for batch in source.epoch()
    ]


def joined(source, place=0):
    return np.concatenate([b[place] for b in batches(source)])


def test_arrays_are_cut_in_order_the_last_batch_may_be_smaller(backend):
    source = _data.adapt(X, Y, batch_size=3)
    assert source.size == 3
    assert [len(b[0]) for b in batches(source)] == [3, 3, 1]
    np.testing.assert_array_equal(joined(source), X)
    np.testing.assert_array_equal(joined(source, 1), Y)


def test_rows_of_arrays_are_no_copies():
    keras.config.set_backend("numpy")
    try:
        first = next(_data.adapt(X, batch_size=3).epoch())[0]
    finally:
        keras.config.set_backend("torch")
    assert np.shares_memory(first, X)


def test_shuffling_is_the_same_on_every_engine(backend):
    keras.utils.set_random_seed(5)
    source = _data.adapt(X, Y, batch_size=3, shuffle=True)
    first, second = joined(source, 1), joined(source, 1)
    assert sorted(first) == sorted(second) == list(range(7))
    assert first.tolist() != second.tolist()
    generator = np.random.Generator(
        np.random.Philox(np.random.SeedSequence((_crc("shuffle"), 0, 5)))
    )
    assert first.tolist() == generator.permutation(7).tolist()


def _crc(text):
    import zlib

    return zlib.crc32(text.encode())


@pytest.mark.parametrize("samples", [1, 7, 64, 500])
@pytest.mark.parametrize("width", [1, 3000])
def test_gathered_batches_are_the_rows_of_the_order(backend, samples, width):
    x = np.arange(samples * width, dtype="float32").reshape(samples, width)
    y = np.arange(samples)
    source = _data.ArraySource(x, {"a": y}, batch_size=4, shuffle=True)
    keras.utils.set_random_seed(1)
    order = keras.ops.convert_to_numpy(source.order())
    keras.utils.set_random_seed(1)
    batches = list(source.epoch())
    assert len(batches) == source.size
    for i, (a, b, none) in enumerate(batches):
        at = order[4 * i : 4 * i + 4]
        np.testing.assert_array_equal(keras.ops.convert_to_numpy(a), x[at])
        np.testing.assert_array_equal(keras.ops.convert_to_numpy(b["a"]), y[at])
        assert none is None


def test_shuffling_of_batches_keeps_rows_together(backend):
    source = _data.adapt(X, Y, batch_size=3, shuffle="batch")
    starts = {int(b[1][0]) for b in batches(source)}
    assert starts == {0, 3, 6}


def test_structures_of_arrays_stay(backend):
    source = _data.adapt({"a": X, "b": [X, X]}, (Y, Y), batch_size=4)
    x, y, weight = next(source.epoch())
    assert sorted(x) == ["a", "b"]
    assert len(x["b"]) == len(y) == 2
    assert weight is None


def test_doubles_become_floatx_and_ints_stay(backend):
    source = _data.adapt(X.astype("float64"), Y)
    x, y, _ = batches(source)[0]
    assert (x.dtype.name, y.dtype.name) == ("float32", "int64")


def test_frames_become_one_array(backend):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"a": [1, 2], "b": [0.5, 1.5], "c": [True, False]})
    x, y, _ = batches(_data.adapt(frame, frame["a"]))[0]
    assert x.dtype == np.float32
    np.testing.assert_array_equal(x, [[1, 0.5, 1], [2, 1.5, 0]])
    np.testing.assert_array_equal(y, [1, 2])
    gaps = pandas.DataFrame({"a": pandas.array([1, None], dtype="Int64")})
    np.testing.assert_array_equal(batches(_data.adapt(gaps))[0][0], [[1], [np.nan]])


def test_frames_of_text_are_refused_by_column():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"a": [1, 2], "city": ["x", "y"]})
    with pytest.raises(TypeError, match=r"column 'city'.*expected numbers"):
        _data.adapt(frame)


def test_sparse_matrices_become_dense_batch_by_batch(backend):
    sparse = pytest.importorskip("scipy.sparse")
    matrix = sparse.csr_matrix(X)
    source = _data.adapt(matrix, Y, batch_size=3)
    np.testing.assert_array_equal(joined(source), X)
    shuffled = batches(_data.adapt(matrix, Y, batch_size=3, shuffle=True))
    for x, y, _ in shuffled:
        np.testing.assert_array_equal(x, X[y])
    first, last = _data.split_validation((matrix, Y, None), 0.3)
    np.testing.assert_array_equal(joined(_data.adapt(*last, batch_size=2)), X[4:])
    assert _data.adapt(*first).samples == 4


def test_arrays_in_files_are_read_in_slices(backend, tmp_path):
    h5py = pytest.importorskip("h5py")
    with h5py.File(tmp_path / "x.h5", "w") as file:
        data = file.create_dataset("x", data=X)
        np.testing.assert_array_equal(joined(_data.adapt(data, batch_size=3)), X)
        for x, y, _ in batches(_data.adapt(data, Y, batch_size=3, shuffle=True)):
            np.testing.assert_array_equal(x, X[y])


@pytest.mark.parametrize("foreign", ["torch", "jax"])
def test_tensors_of_any_engine_are_taken(backend, foreign):
    pytest.importorskip(foreign)
    if foreign == "torch":
        tensor = sys.modules["torch"].tensor(X) if "torch" in sys.modules else X
    else:
        import jax.numpy

        tensor = jax.numpy.asarray(X)
    np.testing.assert_array_equal(joined(_data.adapt(tensor, batch_size=2)), X)


BAD = [
    (([1, 2],), TypeError, "a list of numbers"),
    (([[1, 2]],), TypeError, "a list of lists of numbers"),
    ((X, [1, 2, 3]), TypeError, "a list of numbers"),
    ((X, Y[:3]), ValueError, "different numbers of samples: 7, 3"),
    ((np.array([[1], None], dtype=object),), TypeError, "array of Python objects"),
    ((None,), ValueError, "got no data"),
    ((iter([X]), Y), ValueError, "got y or sample_weight beside x"),
]


@pytest.mark.parametrize(("arguments", "error", "words"), BAD)
def test_data_that_cannot_be_cut_is_refused(arguments, error, words):
    with pytest.raises(error, match=words):
        _data.adapt(*arguments)


def test_torch_datasets_are_sent_to_a_loader():
    data = pytest.importorskip("torch.utils.data")
    tensors = data.TensorDataset(sys.modules["torch"].tensor(X))
    with pytest.raises(TypeError, match=r"single samples.*DataLoader"):
        _data.adapt(tensors)


def test_torch_loaders_give_batches(backend):
    data = pytest.importorskip("torch.utils.data")
    torch = sys.modules["torch"]
    loader = data.DataLoader(
        data.TensorDataset(torch.tensor(X), torch.tensor(Y)), batch_size=3
    )
    source = _data.adapt(loader)
    assert source.size == 3
    np.testing.assert_array_equal(joined(source), X)
    np.testing.assert_array_equal(joined(source, 1), Y)


def test_hugging_face_rows_are_put_into_batches(backend):
    module = types.ModuleType("datasets.fake")

    class Dataset:
        def __len__(self):
            return 7

        def iter(self, batch_size):
            for i in range(0, 7, batch_size):
                yield {
                    "pixels": X[i : i + batch_size].tolist(),
                    "label": Y[i : i + batch_size].tolist(),
                }

        def __getitem__(self, i):
            raise AssertionError

    Dataset.__module__ = module.__name__
    source = _data.adapt(Dataset(), batch_size=3)
    assert source.size == 3
    np.testing.assert_array_equal(joined(source), X)
    np.testing.assert_array_equal(joined(source, 1), Y)


def test_a_generator_goes_on_where_it_stopped():
    source = _data.adapt((X[i : i + 1], Y[i : i + 1]) for i in range(3))
    assert source.size is None
    assert len(list(itertools.islice(source.epoch(), 2))) == 2


# Weights of classes.


def test_classes_weigh_their_samples():
    np.testing.assert_array_equal(
        weights_of_classes({1: 3.0}, np.array([0, 1])), [1, 3]
    )
    np.testing.assert_array_equal(weights_of_classes({1: 3.0}, np.eye(2)), [1, 3])
    source = _data.adapt(
        X[:2], Y[:2], np.array([1.0, 2.0], "float32"), class_weight={1: 3.0}
    )
    np.testing.assert_array_equal(batches(source)[0][2], [1, 6])


TABLES = {
    "by name": {"b": {0: 2.0}},
    "none for one": {"a": None, "b": {0: 2.0}},
    "in a list": [None, {0: 2.0}],
}


@pytest.mark.parametrize("tables", TABLES.values(), ids=TABLES)
def test_classes_of_each_output_weigh_apart(tables):
    weights = weights_of_classes(tables, [Y[:2], Y[:2]], ["a", "b"])
    assert weights[0] is None
    np.testing.assert_array_equal(weights[1], [2, 1])
    if isinstance(tables, dict):
        weights = weights_of_classes(tables, {"a": Y[:2], "b": Y[:2]})
        assert weights["a"] is None
        np.testing.assert_array_equal(weights["b"], [2, 1])


def test_weights_of_samples_and_of_classes_are_multiplied():
    two = np.array([1.0, 2.0], "float32")
    y = {"a": Y[:2], "b": Y[:2]}
    of_classes = weights_of_classes({"b": {0: 2.0}}, y)
    for given in (two, {"a": two, "b": two}):
        found = combined(given, of_classes)
        np.testing.assert_array_equal(found["a"], [1, 2])
        np.testing.assert_array_equal(found["b"], [2, 2])
    np.testing.assert_array_equal(combined({"b": two}, of_classes)["b"], [2, 2])
    of_classes = weights_of_classes([{0: 2.0}, None], [Y[:2], Y[:2]])
    for given in (two, [two, two]):
        found = combined(given, of_classes)
        np.testing.assert_array_equal(found[0], [2, 2])
        np.testing.assert_array_equal(found[1], [1, 2])
    for given in ({"a": two}, [two]):
        with pytest.raises(ValueError, match="in the structure of the targets"):
            combined(given, of_classes)


def test_class_weights_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"a list of 1, and 2 arrays"):
        weights_of_classes([{0: 1.0}], [Y, Y])
    with pytest.raises(ValueError, match=r"got a list, and targets by name \(a, b\)"):
        weights_of_classes([{0: 1.0}, None], {"a": Y, "b": Y})
    with pytest.raises(ValueError, match="outputs b, and 2 arrays"):
        weights_of_classes({"b": {0: 1.0}}, [Y, Y])
    with pytest.raises(ValueError, match=r"got keys \[-1\]"):
        weights_of_classes({-1: 1.0}, Y)
    with pytest.raises(ValueError, match="Unknown output in class_weight: got 'c'"):
        weights_of_classes({"c": {0: 1.0}}, {"a": Y})
    with pytest.raises(ValueError, match=r"one array.*dict by output"):
        weights_of_classes({0: 1.0}, [Y, Y])


# PyDataset.


class Counting(keras.utils.PyDataset):
    def __init__(self, count=6, fail_at=None, **kwargs):
        super().__init__(**kwargs)
        self.count, self.fail_at, self.events = count, fail_at, []

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        if index == self.fail_at:
            raise ZeroDivisionError("batch of no size")
        return np.full((2, 1), index), np.full(2, index)

    def on_epoch_begin(self):
        self.events.append("begin")

    def on_epoch_end(self):
        self.events.append("end")


def places(source):
    return [int(b[1][0]) for b in batches(source)]


WORKERS = [
    {},
    {"workers": 3, "max_queue_size": 2},
    {"workers": 2, "use_multiprocessing": True},
]


@pytest.mark.parametrize("options", WORKERS)
def test_batches_come_in_order_whoever_makes_them(options):
    data = Counting(**options)
    source = _data.adapt(data)
    assert source.size == 6
    assert places(source) == list(range(6))
    assert data.events == ["begin", "end"]


@pytest.mark.parametrize("options", WORKERS)
def test_errors_of_workers_reach_the_caller_with_their_traceback(options):
    source = _data.adapt(Counting(fail_at=2, **options))
    with pytest.raises(ZeroDivisionError, match="batch of no size") as error:
        places(source)
    chain = str(error.value.__cause__ or "") + str(error.getrepr())
    assert "__getitem__" in chain


def test_batches_of_a_py_dataset_are_shuffled_as_wholes():
    source = _data.adapt(Counting(20), shuffle=True)
    first = places(source)
    assert sorted(first) == list(range(20)) != first
    assert places(source) != first


def test_no_thread_is_left_when_the_rest_is_not_wanted():
    epoch = _data.adapt(Counting(1000, workers=2)).epoch()
    next(epoch)
    epoch.close()
    for thread in threading.enumerate():
        if thread.name.startswith("keras-data"):
            thread.join(5)
            assert not thread.is_alive()


def test_a_source_may_use_its_memory_again(backend):
    def batches_in_one_place():
        x = np.empty((64, 4096), "float32")
        for i in range(20):
            x[:] = i
            yield (x,)
            x[:] = -1

    model = keras.Sequential([keras.Input((4096,)), keras.layers.Dense(256)])
    model.layers[0].set_weights([np.full((4096, 256), 2**-12), np.zeros(256)])
    outputs = model.predict(batches_in_one_place(), verbose=0)
    np.testing.assert_allclose(outputs[::64, 0], np.arange(20))


def test_endless_data_is_bounded_by_steps(trainable_backend):
    class Endless(Counting):
        num_batches = None

    assert _data.adapt(Endless()).size is None
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    history = model.fit(Endless(workers=2), steps_per_epoch=3, epochs=2, verbose=0)
    assert len(history.epoch) == 2


def test_a_py_dataset_without_length_says_what_to_define():
    class Bare(keras.utils.PyDataset):
        def __getitem__(self, index):
            return X

    with pytest.raises(NotImplementedError, match=r"define __len__\(self\)"):
        _ = _data.adapt(Bare()).size


def test_fit_evaluate_predict_take_a_py_dataset(trainable_backend):
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    data = Counting(workers=2)
    model.fit(data, validation_data=data, verbose=0)
    assert np.isfinite(model.evaluate(data, verbose=0))
    assert model.predict(data, verbose=0).shape == (12, 1)


def test_sequence_is_another_name():
    assert keras.utils.Sequence is keras.utils.PyDataset
