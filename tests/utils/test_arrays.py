"""Categories, normalization, padding, packing."""

import numpy as np
import pytest

import keras
from keras.utils import normalize, pad_sequences, to_categorical


def test_categories_are_one_hot_rows():
    assert to_categorical([[0], [2]]).tolist() == [[1, 0, 0], [0, 0, 1]]
    assert to_categorical([1], num_classes=3).shape == (1, 3)
    with pytest.raises(
        ValueError, match=r"from 0 to 3; expected 0 to 1.*num_classes=4"
    ):
        to_categorical([3], num_classes=2)


def test_categories_of_tensors_are_tensors(backend):
    rows = to_categorical(keras.ops.convert_to_tensor([1, 0]), 2)
    assert keras.ops.is_tensor(rows)
    np.testing.assert_array_equal(keras.ops.convert_to_numpy(rows), [[0, 1], [1, 0]])


def test_normalized_rows_have_norm_one():
    result = normalize(np.array([[3.0, 4.0], [0.0, 0.0]]))
    np.testing.assert_allclose(result, [[0.6, 0.8], [0, 0]])
    np.testing.assert_allclose(normalize([1.0, 3.0], order=1), [0.25, 0.75])


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, [[0, 0, 1], [2, 3, 4]]),
        ({"padding": "post", "value": 9}, [[1, 9, 9], [2, 3, 4]]),
        ({"maxlen": 2}, [[0, 1], [3, 4]]),
        ({"maxlen": 2, "truncating": "post"}, [[0, 1], [2, 3]]),
    ],
)
def test_sequences_are_padded_and_cut(options, expected):
    assert pad_sequences([[1], [2, 3, 4]], **options).tolist() == expected


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"sequences": 3}, "got int; expected a list"),
        ({"sequences": [1, 2]}, "item 0 is int; expected a sequence"),
        (
            {"sequences": [[1]], "padding": "left"},
            "got 'left'; expected 'pre' or 'post'",
        ),
        ({"sequences": [[1]], "value": "x"}, "Pass dtype='object'"),
        ({"sequences": [[[1, 2]], [[1]]]}, "expected the same shape"),
    ],
)
def test_padding_refuses_what_is_no_sequence(arguments, words):
    with pytest.raises(ValueError, match=words):
        pad_sequences(**arguments)


def test_batches_are_packed_and_unpacked():
    pack, unpack = (
        keras.utils.pack_x_y_sample_weight,
        keras.utils.unpack_x_y_sample_weight,
    )
    assert pack(1) == 1
    assert pack([1]) == ([1],)
    assert unpack(pack(1, 2)) == (1, 2, None)
    assert unpack(pack(1, 2, 3)) == (1, 2, 3)
    with pytest.raises(ValueError, match="a tuple of 4 items"):
        unpack((1, 2, 3, 4))
