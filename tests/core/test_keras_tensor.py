import numpy as np
import pytest

import keras
from keras import ops


def test_shape_dtype_and_name():
    x = keras.KerasTensor((None, 3), "int64", name="ids")
    assert (x.shape, x.dtype, x.ndim, x.name) == ((None, 3), "int64", 2, "ids")
    assert keras.KerasTensor((2,)).name == "keras_tensor"
    assert keras.KerasTensor((2,)).name == "keras_tensor_1"
    assert "shape=(None, 3)" in repr(x) and "ids" in repr(x)


def test_is_keras_tensor():
    assert keras.utils.is_keras_tensor(keras.Input((2,)))
    assert not keras.utils.is_keras_tensor(np.ones(2))


def test_operators_record_ops(backend):
    x = keras.Input((4, 6))
    for result, shape in [
        (x + 1, (None, 4, 6)),
        (1 - x, (None, 4, 6)),
        (-x, (None, 4, 6)),
        (abs(x) ** 2, (None, 4, 6)),
        (x @ np.ones((6, 2), "float32"), (None, 4, 2)),
        (x[:, 0], (None, 6)),
        (x[..., None], (None, 4, 6, 1)),
        (x.reshape((-1, 24)), (None, 24)),
        (x > 0, (None, 4, 6)),
    ]:
        assert keras.utils.is_keras_tensor(result)
        assert result.shape == shape
    assert (x > 0).dtype == "bool"
    assert (x / 2).dtype == "float32"


MISTAKES = {
    "bool": (lambda x: bool(x), "bool"),
    "if": (lambda x: 1 if x > 0 else 2, "Python bool.*keras.ops"),
    "float": (lambda x: float(x), "Python float"),
    "int": (lambda x: int(x), "Python int"),
    "len": (lambda x: len(x), r"x.shape\[0\]"),
    "iter": (lambda x: list(x), "iterate"),
    "numpy": (lambda x: np.asarray(x), "NumPy"),
    "numpy function": (lambda x: np.exp(x), "NumPy"),
}


@pytest.mark.parametrize("mistake, words", MISTAKES.values(), ids=MISTAKES)
def test_values_are_refused_with_a_remedy(mistake, words):
    with pytest.raises((TypeError, ValueError), match=words) as caught:
        mistake(keras.Input((2,)))
    assert "KerasTensor" in str(caught.value) or "symbolic" in str(caught.value)
    assert len(str(caught.value)) <= 600


def test_functions_of_torch_are_refused_with_a_remedy():
    torch = pytest.importorskip("torch")
    with pytest.raises(TypeError, match=r"passed to relu of torch.*keras\.ops"):
        torch.relu(keras.Input((2,)))


def test_functions_of_jax_are_refused():
    jnp = pytest.importorskip("jax.numpy")
    with pytest.raises((TypeError, ValueError), match="KerasTensor"):
        jnp.exp(keras.Input((2,)))


def test_ops_of_wrong_shapes_fail_while_the_graph_is_made(backend):
    with pytest.raises(ValueError, match=r"\(None, 3\).*\(2, 4\)|\(2, 4\)"):
        ops.matmul(keras.Input((3,)), np.ones((2, 4), "float32"))
