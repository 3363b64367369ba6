"""List arithmetic: the multi-tensor kernels against the composed forms and NumPy."""

import numpy as np
import pytest

import keras
from keras.optimizers import _lists
from keras.optimizers._lists import TensorList

RNG = np.random.default_rng(5)
SHAPES = ((2, 3), (4,), ())
X, Y, Z = ([RNG.uniform(0.5, 2, s).astype("float32") for s in SHAPES] for _ in "xyz")

FORMULAS = {
    "add": (lambda x, y, z: x + y, lambda x, y, z: x + y),
    "add scalar": (lambda x, y, z: x + 0.5, lambda x, y, z: x + 0.5),
    "subtract": (lambda x, y, z: x - y, lambda x, y, z: x - y),
    "multiply": (lambda x, y, z: x * y, lambda x, y, z: x * y),
    "divide": (lambda x, y, z: x / y, lambda x, y, z: x / y),
    "divide by number": (lambda x, y, z: x / 3.0, lambda x, y, z: x / 3.0),
    "root": (lambda x, y, z: x.sqrt(), lambda x, y, z: np.sqrt(x)),
    "power": (lambda x, y, z: x.power(0.3), lambda x, y, z: x**0.3),
    "absolute": (lambda x, y, z: (x - y).abs(), lambda x, y, z: abs(x - y)),
    "sign": (lambda x, y, z: (x - y).sign(), lambda x, y, z: np.sign(x - y)),
    "least": (lambda x, y, z: x.minimum(1.0), lambda x, y, z: np.minimum(x, 1)),
    "largest": (lambda x, y, z: x.maximum_(y), lambda x, y, z: np.maximum(x, y)),
    "lerp": (lambda x, y, z: x.lerp_(y, 0.3), lambda x, y, z: x + 0.3 * (y - x)),
    "addcmul": (
        lambda x, y, z: x.addcmul_(y, z, 0.3),
        lambda x, y, z: x + 0.3 * y * z,
    ),
    "addcdiv": (
        lambda x, y, z: x.addcdiv_(y, z, -0.3),
        lambda x, y, z: x - 0.3 * y / z,
    ),
    "scaled add": (lambda x, y, z: x.add_(y, 0.3), lambda x, y, z: x + 0.3 * y),
    "assign": (lambda x, y, z: x.assign_(y), lambda x, y, z: y),
    "zero": (lambda x, y, z: x.zero_(), lambda x, y, z: 0 * x),
    "norm": (lambda x, y, z: x.norm(), lambda x, y, z: np.linalg.norm(x.ravel())),
    "map": (lambda x, y, z: x.map(lambda a, b: a - b, y), lambda x, y, z: x - y),
}


def tensors(arrays):
    return TensorList([keras.ops.convert_to_tensor(a.copy()) for a in arrays])


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("composed", [False, True], ids=["engine", "composed"])
def test_it_agrees_with_numpy(formula, composed, backend, monkeypatch):
    if composed:
        for name, function in vars(_lists).copy().items():
            if hasattr(function, "composed"):
                monkeypatch.setattr(_lists, name, function.composed)
    ours, theirs = FORMULAS[formula]
    y, z = tensors(Y), tensors(Z)
    result = ours(tensors(X), y, z)
    expected = [theirs(*row) for row in zip(X, Y, Z, strict=True)]
    for got, wanted in zip(result.items, expected, strict=True):
        np.testing.assert_allclose(
            keras.ops.convert_to_numpy(got), wanted, rtol=1e-5, atol=1e-6
        )
    for kept, first in ((y, Y), (z, Z)):
        for got, wanted in zip(kept.items, first, strict=True):
            np.testing.assert_array_equal(keras.ops.convert_to_numpy(got), wanted)


def test_a_scalar_of_another_dtype_does_not_promote(backend):
    x = TensorList([keras.ops.ones((2,), dtype="bfloat16")])
    rate = keras.ops.convert_to_tensor(np.float32(0.5))
    for result in (x * rate, x + rate, x / rate):
        assert keras.backend.standardize_dtype(result.items[0].dtype) == "bfloat16"
