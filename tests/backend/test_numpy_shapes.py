"""Arrays without numbers: of the shape and dtype that NumPy computes."""

import numpy as np
import pytest

import keras
from keras.backend.numpy.shapes import Unknown, unknown

CALLS = {
    "add": lambda x, y: x + y,
    "broadcast": lambda x, y: x[:, None] * y[0],
    "scalar": lambda x, y: 2.0 * x - 1,
    "compare": lambda x, y: x > y,
    "where": lambda x, y: np.where(x > 0, x, y),
    "exp": lambda x, y: np.exp(x),
    "two results": lambda x, y: np.modf(x)[1],
    "dtype": lambda x, y: np.add(x, y, dtype="float64"),
    "in place": lambda x, y: np.add(x, y, out=x.copy()),
    "sum": lambda x, y: x.sum(),
    "sum along": lambda x, y: np.sum(x, 1),
    "kept": lambda x, y: np.sum(x, (0, -1), keepdims=True),
    "mean": lambda x, y: x.mean(-1),
    "var": lambda x, y: np.var(x, (1, 2)),
    "max": lambda x, y: x.max((0, 1), keepdims=True),
    "any": lambda x, y: np.any(x > 0, 0),
    "accumulated": lambda x, y: np.add.accumulate(x, 1),
    "sum of some": lambda x, y: np.sum(x, 1, where=np.asarray(y) > 0),
    "product": lambda x, y: np.matmul(x, y.swapaxes(-1, -2)),
    "product with one": lambda x, y: np.matmul(x, y[0, 0]),
    "cast": lambda x, y: x.astype("int32"),
    "reshape": lambda x, y: x.reshape(-1, 4) + 1,
    "transpose": lambda x, y: np.transpose(x, (2, 0, 1)) * 2,
    "concatenate": lambda x, y: np.concatenate([x, y], 1) + 1,
    "concatenate with numbers": lambda x, y: np.concatenate(
        [x, np.zeros((2, 3, 1))], -1
    ),
    "concatenate all": lambda x, y: np.concatenate([x, y[0]], None),
    "stack": lambda x, y: np.stack([x, y], 1),
    "where with a number": lambda x, y: np.where(x > 0, x, 0.5),
    "where of two types": lambda x, y: np.where(x[0] > 0, x, y.astype("float64")),
    "where of numbers": lambda x, y: np.where(x > 0, 1, 0),
    "pad": lambda x, y: np.pad(x, ((1, 2), (0, 0), (3, 0))),
    "pad alike": lambda x, y: np.pad(x, 2, "reflect"),
    "pad by a pair": lambda x, y: np.pad(x, (1, 2), "edge"),
    "windows": lambda x, y: np.lib.stride_tricks.sliding_window_view(x, 2, 1).max(-1),
    "index": lambda x, y: x[1:, ..., None, 2],
    "mask that is known": lambda x, y: x[:, np.array([True, False, True])],
}


@pytest.mark.parametrize("dtype", ["float32", "float16", "int32"])
@pytest.mark.parametrize("name", CALLS)
def test_shape_and_dtype_are_those_of_numpy(name, dtype):
    shape = (2, 3, 4)
    with np.errstate(all="ignore"):
        found = CALLS[name](unknown(shape, dtype), unknown(shape, dtype))
        expected = CALLS[name](np.zeros(shape, dtype), np.zeros(shape, dtype))
    assert found.shape == expected.shape
    assert found.dtype == expected.dtype


@pytest.mark.parametrize(
    "call",
    [
        lambda x: x + unknown((2, 5), "float32"),
        lambda x: np.matmul(x, x),
        lambda x: np.concatenate([x, x[:, :2]], 0),
        lambda x: np.concatenate([x, x[0]], 0),
        lambda x: np.where(x > 0, x, x[:, :2]),
        lambda x: np.where(x > 0),
        lambda x: np.pad(x, ((1, 1), (1, 1), (1, 1))),
        lambda x: x.sum(3),
        lambda x: x[:0].max(0),
        lambda x: x.reshape(7),
        lambda x: x[x > 0],
        lambda x: x[:, np.any(x > 0, 0)],
    ],
)
def test_what_numpy_refuses_is_refused(call):
    with pytest.raises((ValueError, IndexError)):
        call(unknown((2, 3), "float32"))


def test_no_memory_is_taken():
    x = unknown((10**6, 10**6), "float32")
    y = np.exp(x * 2).astype("float16").max(1)
    assert type(y) is Unknown
    assert y.shape == (10**6,)
    y += 1
    y[0] = 5


def written_to(x):
    y = x * 2
    y[:, 0] = 1
    y += 1
    y[y > 2] = 0
    return y


# What users' layers may call on the numpy engine.
IN_LAYERS = {
    "written to": written_to,
    "norm": lambda x: x / np.linalg.norm(x, axis=-1, keepdims=True),
    "pad": lambda x: np.pad(x, ((0, 0), (1, 1), (0, 0))),
    "sort": lambda x: np.sort(x, -1),
    "argmax": lambda x: np.argmax(x, -1),
    "loop": lambda x: np.stack([x[:, i] * i for i in range(x.shape[1])], 1),
    "einsum": lambda x: np.einsum("abc,abd->acd", x, x),
    "median": lambda x: np.median(x, 1),
    "number": lambda x: x * float(x.mean()),
    "branch": lambda x: x if x.sum() > 0 else -x,
    "outer": lambda x: np.multiply.outer(x, np.ones(3, "float32")),
    "product": lambda x: x @ x.transpose(0, 2, 1),
    "integers": lambda x: x.reshape(x.shape[0], -1).astype("int32") // 2,
    "frequencies": lambda x: np.abs(np.fft.fft(x)),
}


@pytest.mark.parametrize("name", IN_LAYERS)
def test_numpys_own_functions_may_stand_in_layers(name):
    before = keras.config.backend()
    keras.config.set_backend("numpy")
    try:
        x = keras.Input((6, 4))
        y = keras.layers.Lambda(IN_LAYERS[name])(x)
        data = np.random.default_rng(0).normal(size=(3, 6, 4)).astype("float32")
        result = keras.Model(x, y)(data)
        assert (3, *y.shape[1:]) == result.shape
        assert y.dtype == str(result.dtype)
        np.testing.assert_array_equal(result, IN_LAYERS[name](data))
    finally:
        keras.config.set_backend(before)
