"""Penalties on weights."""

import numpy as np
import pytest

import keras
from keras import regularizers
from keras.errors import ShapeError, UnknownNameError

X = np.array([[1.0, -2.0], [3.0, 4.0]], "float32")
REGULARIZERS = {
    "l1": (regularizers.L1(0.5), 5.0),
    "l2": (regularizers.L2(0.5), 15.0),
    "l1_l2": (regularizers.L1L2(0.1, 0.2), 7.0),
    "orthogonal_regularizer": (
        regularizers.OrthogonalRegularizer(0.5),
        0.5 * abs((1 * 3 - 2 * 4) / (5**0.5 * 5)),
    ),
}


@pytest.mark.parametrize("name", REGULARIZERS)
def test_penalties_are_those_of_the_formula(name, backend):
    regularizer, expected = REGULARIZERS[name]
    penalty = regularizer(keras.ops.convert_to_tensor(X))
    assert float(penalty) == pytest.approx(expected, rel=1e-5)
    variable = keras.ops.convert_to_numpy(regularizer(keras.Variable(X)))
    assert float(variable) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("name", REGULARIZERS)
def test_its_config_makes_the_same_regularizer(name):
    regularizer = REGULARIZERS[name][0]
    again = regularizers.deserialize(regularizers.serialize(regularizer))
    assert again.get_config() == regularizer.get_config()
    assert type(regularizers.get(name)) is type(regularizer)


def test_impossible_arguments_are_refused():
    for wrong in (-1.0, float("nan"), "a"):
        with pytest.raises(ValueError, match="at least 0"):
            regularizers.L2(wrong)
    with pytest.raises(UnknownNameError, match="l1"):
        regularizers.get("l11")
    with pytest.raises(UnknownNameError, match="'rows'"):
        regularizers.OrthogonalRegularizer(mode="row")
    with pytest.raises(ShapeError, match="expected 2 dimensions"):
        regularizers.OrthogonalRegularizer()(np.ones(3, "float32"))
    assert regularizers.get(None) is None
