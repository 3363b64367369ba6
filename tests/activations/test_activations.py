"""Activations by name."""

import numpy as np
import pytest

import keras
from keras import activations
from keras.activations._names import LOOKUP
from keras.errors import UnknownNameError

X = np.array([-7.0, -1.5, 0.0, 0.5, 8.0], "float32")


@pytest.mark.parametrize("name", LOOKUP.names)
def test_names_lead_to_functions_and_back(name):
    function = activations.get(name)
    assert function is getattr(activations, name)
    written = activations.serialize(function)
    assert activations.deserialize(written) is function
    assert isinstance(written, str)


def test_nothing_is_linear():
    assert activations.get(None) is activations.linear
    assert activations.serialize(keras.ops.relu) == "relu"


def test_relu_has_two_bends(backend):
    def numbers(**options):
        return keras.ops.convert_to_numpy(activations.relu(X, **options)).tolist()

    assert numbers() == [0, 0, 0, 0.5, 8]
    assert numbers(max_value=6.0) == [0, 0, 0, 0.5, 6]
    assert numbers(negative_slope=0.5) == [-3.5, -0.75, 0, 0.5, 8]
    assert numbers(threshold=1.0, negative_slope=0.5) == [-4, -1.25, -0.5, -0.25, 8]


def test_activations_work_on_symbolic_tensors():
    x = keras.KerasTensor((None, 4))
    for name in ("relu", "mish", "gelu", "exponential", "linear"):
        assert activations.get(name)(x).shape == (None, 4)
    assert activations.relu(x, negative_slope=0.1, threshold=1.0).shape == (None, 4)


def test_a_registered_function_can_be_saved():
    @keras.saving.register_keras_serializable("tests")
    def double(x):
        return 2 * x

    assert activations.get(activations.serialize(double)) is double


def test_unknown_names_are_told_the_nearest():
    with pytest.raises(UnknownNameError, match="'relu'"):
        activations.get("rleu")
