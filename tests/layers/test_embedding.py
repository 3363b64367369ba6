"""`Embedding`."""

import numpy as np
import pytest

import keras
from keras import layers, ops
from keras.core import masks

TABLE = np.arange(12, dtype="float32").reshape(4, 3)


def test_embedding_looks_rows_up(backend):
    layer = layers.Embedding(4, 3, weights=[TABLE])
    result = ops.convert_to_numpy(layer(np.array([[1, 3], [0, 1]])))
    np.testing.assert_array_equal(result, TABLE[[[1, 3], [0, 1]]])


def test_embedding_masks_zeros(backend):
    layer = layers.Embedding(4, 3, mask_zero=True)
    mask = masks.get_mask(layer(np.array([[1, 2, 0]])))
    np.testing.assert_array_equal(ops.convert_to_numpy(mask), [[True, True, False]])


def test_embedding_keeps_large_indices_in_half_precision(backend):
    layer = layers.Embedding(2000, 1, dtype="mixed_bfloat16")
    layer.build((None, 1))
    table = np.zeros((2000, 1), "float32")
    table[1999] = 1
    layer.set_weights([table])
    result = layer(np.array([[1999.0]], "float32"))
    assert float(ops.convert_to_numpy(ops.cast(result, "float32"))[0, 0, 0]) == 1


def test_embedding_ignores_input_length():
    layer = layers.Embedding(4, 3, input_length=7)
    assert "input_length" not in layer.get_config()


def test_embedding_names_a_wrong_size():
    with pytest.raises(ValueError, match=r"input_dim.*'four'.*positive int"):
        layers.Embedding("four", 3)


def test_embedding_config_makes_the_same_layer():
    config = layers.Embedding(4, 3, mask_zero=True).get_config()
    assert layers.Embedding.from_config(config).get_config() == config
    assert "weights" not in config
    assert keras.layers.Embedding.from_config(config).mask_zero
