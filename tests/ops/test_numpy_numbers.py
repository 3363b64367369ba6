"""NumPy's numbers beside tensors: they count as Python's, as in Keras 3."""

import numpy as np
import pytest

import keras
from keras import ops

# What each makes of a tensor of ones, and a number or two.
CALLS = {
    "add": ops.add,
    "from the left": lambda x, n: ops.subtract(n, x),
    "maximum": ops.maximum,
    "power": ops.power,
    "where": lambda x, n: ops.where(x > 0, x, n),
    "clip": lambda x, n: ops.clip(x, n, n),
    "concatenate": lambda x, n: ops.concatenate([x, [n]]),
    "variable": lambda x, n: keras.Variable(x, dtype=x.dtype) * n,
    "fill": lambda x, n: ops.full_like(x, n),
}


def dtype(x):
    return keras.backend.standardize_dtype(x.dtype)


@pytest.mark.parametrize("kind", ["float16", "bfloat16", "float32", "float64"])
@pytest.mark.parametrize("name", CALLS)
def test_they_count_as_pythons(backend, name, kind):
    x = ops.ones((3,), kind)
    for number in (np.float64(2), np.int64(2)):
        found, expected = CALLS[name](x, number), CALLS[name](x, number.item())
        assert dtype(found) == dtype(expected)
        np.testing.assert_array_equal(*map(ops.convert_to_numpy, (found, expected)))


@pytest.mark.parametrize("kind", ["float16", "bfloat16", "float32"])
def test_their_width_gives_way(backend, kind):
    assert dtype(ops.multiply(ops.ones((3,), kind), np.sqrt(2.0))) == kind
    assert dtype(keras.Variable(np.ones(3), dtype=kind) * np.sqrt(2.0)) == kind


@pytest.mark.parametrize("number", [np.float64(2), np.int64(2), np.bool_(True)])
def test_the_kind_of_a_number_counts(backend, number):
    x = ops.arange(3)
    assert dtype(ops.add(x, number)) == dtype(ops.add(x, number.item()))
    assert dtype(ops.divide(x, number)) == "float32"


def test_symbolic_results_are_the_same(backend):
    x = keras.Input((3,), dtype="float16")
    for call in (ops.add, ops.maximum, lambda a, b: b - a):
        assert call(x, np.sqrt(2.0)).dtype == "float16"
    y = keras.Model(x, x * np.sqrt(4.0))(np.ones((2, 3), "float16"))
    assert dtype(y) == "float16"
    np.testing.assert_array_equal(ops.convert_to_numpy(y), 2)


def test_numbers_that_say_their_width_are_tensors(backend):
    x = ops.arange(3)
    assert dtype(ops.add(x, np.float32(2))) == "float32"
    assert dtype(ops.add(x, np.ones(3))) == "float64"


def test_shapes_and_ranges_of_numpys_numbers(backend):
    two = np.int64(2)
    assert ops.zeros((two, 3)).shape == (2, 3)
    assert ops.reshape(ops.ones(6), (two, -1)).shape == (2, 3)
    assert dtype(ops.arange(two)) == "int32"
    assert dtype(ops.arange(np.float64(2))) == "float32"
    assert (
        dtype(keras.random.uniform((two,), np.float64(0), np.float64(3))) == "float32"
    )
    assert dtype(keras.random.normal((two,), np.float64(1))) == "float32"


def test_alone_they_are_tensors_of_the_numpy_engine_only(backend):
    expected = "float64" if backend == "numpy" else "float32"
    assert dtype(ops.sqrt(np.float64(2))) == expected
    assert dtype(ops.convert_to_tensor([np.float64(2)])) == expected
