"""What weights are mapped to after updates."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import keras
from keras import constraints
from keras.errors import UnknownNameError

CONSTRAINTS = {
    "max_norm": constraints.MaxNorm(1.5),
    "min_max_norm": constraints.MinMaxNorm(0.5, 1.5, axis=1),
    "non_neg": constraints.NonNeg(),
    "unit_norm": constraints.UnitNorm(axis=[0, 1]),
}
# Well above epsilon and far from overflow, where the norms are exact enough.
WEIGHTS = hnp.arrays("float32", (3, 4), elements=st.floats(0.0625, 8.0, width=32))


@pytest.mark.parametrize("name", CONSTRAINTS)
@given(w=WEIGHTS)
def test_a_constraint_changes_nothing_twice(name, w):
    once = CONSTRAINTS[name](w - 4)
    twice = CONSTRAINTS[name](once)
    np.testing.assert_allclose(
        *map(keras.ops.convert_to_numpy, (twice, once)), rtol=1e-4, atol=1e-5
    )


def test_norms_are_bounded(backend):
    w = np.array([[3.0, 0.3], [4.0, 0.4]], "float32")

    def norms(constraint, axis):
        return np.linalg.norm(keras.ops.convert_to_numpy(constraint(w)), axis=axis)

    np.testing.assert_allclose(norms(constraints.MaxNorm(2), 0), [2, 0.5], rtol=1e-5)
    both = constraints.MinMaxNorm(1.0, 2.0)
    np.testing.assert_allclose(norms(both, 0), [2, 1], rtol=1e-5)
    half = constraints.MinMaxNorm(1.0, 2.0, rate=0.5)
    np.testing.assert_allclose(norms(half, 0), [3.5, 0.75], rtol=1e-5)
    np.testing.assert_allclose(norms(constraints.UnitNorm(1), 1), [1, 1], rtol=1e-5)
    assert keras.ops.convert_to_numpy(constraints.NonNeg()(w - 1)).min() == 0


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_its_config_makes_the_same_constraint(name):
    again = constraints.deserialize(constraints.serialize(CONSTRAINTS[name]))
    assert again.get_config() == CONSTRAINTS[name].get_config()
    assert type(constraints.get(name)) is type(again)


def test_unknown_names_are_told_the_nearest():
    with pytest.raises(UnknownNameError, match=r"max_norm|MaxNorm"):
        constraints.get("maxnrm")
