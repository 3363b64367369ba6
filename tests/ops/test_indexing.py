"""Reading parts of tensors by index and by block."""

import numpy as np
import pytest

from keras import ops


def test_take_counts_negative_indices_from_the_end(backend):
    x = ops.reshape(ops.arange(12), (3, 4))
    for indices in ([-1, 0], [[-2], [3]], -1, np.array([-4, 2], "int8")):
        found = ops.convert_to_numpy(ops.take(x, indices, axis=1))
        expected = np.take(np.arange(12).reshape(3, 4), np.asarray(indices), 1)
        np.testing.assert_array_equal(found, expected)


def test_slice_moves_a_block_inside_and_refuses_one_that_is_too_long(backend):
    x = ops.arange(6)
    for start in ([5], np.array([5]), ops.convert_to_tensor([5])):
        assert ops.convert_to_numpy(ops.slice(x, start, (3,))).tolist() == [3, 4, 5]
    assert ops.convert_to_numpy(ops.slice(x, [4], [-1])).tolist() == [4, 5]
    with pytest.raises(ValueError, match="a start and a length for each dimension"):
        ops.slice(x, [0], (7,))


def test_view_reads_the_entries_of_any_memory_layout(backend):
    x = np.arange(12, dtype="float32").reshape(3, 4)
    found = ops.view(ops.transpose(ops.convert_to_tensor(x)), "uint8")
    expected = np.ascontiguousarray(x.T).view("uint8")
    np.testing.assert_array_equal(ops.convert_to_numpy(found), expected)
