import numpy as np
import pytest

import keras
from keras import layers, ops
from keras.core import masks

A = np.array([[1.0, 2.0]], "float32")
B = np.array([[3.0, -4.0]], "float32")

VALUES = [
    (layers.Add, [[4.0, -2.0]]),
    (layers.Subtract, [[-2.0, 6.0]]),
    (layers.Multiply, [[3.0, -8.0]]),
    (layers.Average, [[2.0, -1.0]]),
    (layers.Maximum, [[3.0, 2.0]]),
    (layers.Minimum, [[1.0, -4.0]]),
    (layers.Concatenate, [[1.0, 2.0, 3.0, -4.0]]),
]


@pytest.mark.parametrize(("cls", "expected"), VALUES)
def test_merging_gives_the_values_by_hand(cls, expected, backend):
    np.testing.assert_allclose(ops.convert_to_numpy(cls()([A, B])), expected)


def test_dot_sums_products_and_normalizes(backend):
    result = ops.convert_to_numpy(layers.Dot(axes=1)([A, B]))
    np.testing.assert_allclose(result, [[-5.0]])
    cosine = ops.convert_to_numpy(layers.dot([A, B], axes=1, normalize=True))
    np.testing.assert_allclose(cosine, [[-5.0 / (5.0**0.5 * 5.0)]], rtol=1e-6)


def test_fewer_dimensions_get_new_axes_after_the_batch(backend):
    x, y = np.ones((2, 3), "float32"), np.ones((2, 4, 3), "float32")
    assert tuple(layers.Add()([x, y]).shape) == (2, 4, 3)


def test_masks_of_sums_are_joined_and_those_of_concatenations_appended(backend):
    x = ops.convert_to_tensor(np.ones((1, 2, 3), "float32"))
    y = ops.convert_to_tensor(np.ones((1, 2, 3), "float32"))
    masks.set_mask(x, ops.convert_to_tensor([[True, False]]))
    masks.set_mask(y, ops.convert_to_tensor([[False, False]]))

    def mask_of(layer):
        return ops.convert_to_numpy(masks.get_mask(layer([x, y]))).tolist()

    assert mask_of(layers.Add()) == [[True, False]]
    assert mask_of(layers.Concatenate(axis=1)) == [[True, False, False, False]]


def test_spelled_functions_work_on_symbols():
    a, b = keras.Input((3,)), keras.Input((3,))
    assert layers.concatenate([a, b]).shape == (None, 6)
    assert layers.add([a, b]).shape == (None, 3)


@pytest.mark.parametrize(
    ("layer", "inputs", "words"),
    [
        (layers.Add(), A, "expected a list"),
        (layers.Subtract(), [A, A, A], "expected 2"),
        (layers.Add(), [np.ones((1, 2)), np.ones((1, 3))], "broadcast"),
        (layers.Concatenate(axis=1), [np.ones((1, 2)), np.ones((2, 3, 1))], "axis=1"),
        (layers.Dot(axes=1), [np.ones((1, 2)), np.ones((1, 3))], "equal sizes"),
    ],
)
def test_inputs_that_do_not_fit_are_named(layer, inputs, words):
    with pytest.raises(ValueError, match=words):
        layer(inputs)
