"""Symbolic scalars where ops take a number: shapes, models, and what is refused."""

import numpy as np
import pytest

import keras
from keras import ops

X = np.random.default_rng(0).normal(size=(5, 10, 4)).astype("float32")
PLACE, PART = np.int32(2), np.float32(0.5)
ALL = slice(None)
PLACES = np.array([0, 2, 1], "int32")

# What is made of x, an index, a float and three indices.
CALLS = {
    "roll": lambda x, i, f, v: ops.roll(x, i, 1),
    "roll flat": lambda x, i, f, v: ops.roll(x, i),
    "roll by several": lambda x, i, f, v: ops.roll(x, (i, 2), (1, 2)),
    "roll by a vector": lambda x, i, f, v: ops.roll(x, v, (0, 1, 2)),
    "index": lambda x, i, f, v: x[:, i],
    "index of the batch": lambda x, i, f, v: x[i],
    "index behind others": lambda x, i, f, v: x[..., i, None],
    "index twice": lambda x, i, f, v: x[i, 1:3, i],
    "negative index": lambda x, i, f, v: x[:, i - 4],
    "index turned": lambda x, i, f, v: ops.get_item(x, (i, np.s_[::-2])),
    "index and vector": lambda x, i, f, v: x[:, i, v],
    "index before vector": lambda x, i, f, v: ops.get_item(x, (i, ALL, v)),
    "number before vector": lambda x, i, f, v: ops.get_item(x, (2, ALL, v)),
    "vector of indices": lambda x, i, f, v: x[:, v],
    "slice": lambda x, i, f, v: ops.slice(x, (0, i, 1), (1, 3, 2)),
    "slice from a vector": lambda x, i, f, v: ops.slice(x, v, (1, 3, 2)),
    "slice kept inside": lambda x, i, f, v: ops.slice(x, (0, i + 50, 1), (1, 3, 2)),
    "slice to the end": lambda x, i, f, v: ops.slice(x, (0, i, 1), (-1, 3, -1)),
    "update": lambda x, i, f, v: ops.slice_update(x, (0, i, 1), x[:, :3, :2] * 2),
    "update from a vector": lambda x, i, f, v: ops.slice_update(x, v, x[:2, :3, :2]),
    "pad": lambda x, i, f, v: ops.pad(x, ((0, 0), (1, 2), (0, 0)), constant_values=f),
    "clip": lambda x, i, f, v: ops.clip(x, f, None),
    "full": lambda x, i, f, v: ops.full((2, 3), f),
    "where": lambda x, i, f, v: ops.where(i > 0, x, f),
    "linspace": lambda x, i, f, v: ops.linspace(0.0, f, 5),
    "quantile": lambda x, i, f, v: ops.quantile(x, f, 1),
    "switch": lambda x, i, f, v: ops.switch(i, [lambda a: a, lambda a: a * 2], x),
}
REFUSED = {
    "top_k": lambda x, i, f: ops.top_k(x, i),
    "one_hot": lambda x, i, f: ops.one_hot(ops.cast(x, "int32"), i),
    "end of a slice": lambda x, i, f: x[:, :i],
    "start of a slice": lambda x, i, f: x[:, i:],
    "mask": lambda x, i, f: x[x > 0],
    "slice to the end": lambda x, i, f: ops.slice(x, (0, i, 1), (1, -1, 2)),
    "repeat": lambda x, i, f: ops.repeat(x, i),
    "shape": lambda x, i, f: ops.zeros((i,)),
    "arange": lambda x, i, f: ops.arange(i),
}


def inputs():
    scalar = keras.Input(batch_shape=(), dtype="int32")
    part = keras.Input(batch_shape=())
    return [
        keras.Input((10, 4)),
        scalar,
        part,
        keras.Input(batch_shape=(3,), dtype=int),
    ]


def values():
    return [ops.convert_to_tensor(v) for v in (X, PLACE, PART, PLACES)]


@pytest.mark.parametrize("name", CALLS)
def test_a_model_computes_with_a_scalar_input(backend, name):
    given = inputs()
    output = CALLS[name](*given)
    expected = CALLS[name](*values())
    known = [d for d in output.shape if d is not None]
    assert output.dtype == keras.backend.standardize_dtype(expected.dtype)
    assert [d for d in expected.shape if d != 5] == [d for d in known if d != 5]
    result = keras.Model(given, output)(values())
    np.testing.assert_array_equal(*map(ops.convert_to_numpy, (result, expected)))


@pytest.mark.parametrize("name", REFUSED)
def test_what_gives_a_shape_must_have_a_value(backend, name):
    x, i, f, _ = inputs()
    refusals = (NotImplementedError, TypeError)
    with pytest.raises(refusals, match=r"symbolic|values|known"):
        REFUSED[name](x, i, f)


@pytest.mark.parametrize("name", ["index", "negative index", "slice", "update", "roll"])
def test_scalars_of_mapped_functions_are_not_looked_at(backend, name):
    x, _, f, v = values()
    places = ops.convert_to_tensor(np.array([1, 3, 2], "int32"))
    mapped = ops.vectorized_map(lambda i: CALLS[name](x, i, f, v), places)
    each = [CALLS[name](x, int(i), f, v) for i in (1, 3, 2)]
    np.testing.assert_array_equal(
        ops.convert_to_numpy(mapped), np.stack([ops.convert_to_numpy(e) for e in each])
    )


def test_a_margin_has_a_gradient(trainable_backend):
    def total(value):
        return ops.sum(ops.pad(ops.ones((2, 3)), 1, constant_values=value[0]))

    gradient = ops.grad(total)(ops.convert_to_tensor([0.5]))
    np.testing.assert_allclose(ops.convert_to_numpy(gradient), [14])


def test_a_branch_cannot_return_what_it_holds(backend):
    x, i, _, _ = inputs()
    with pytest.raises(TypeError, match=r"keras\.ops\.cond: a branch returned"):
        ops.cond(i > 0, lambda: x, lambda: x * 2)


class Chosen(keras.layers.Layer):
    def call(self, x):
        return x[self.mask(x)]

    def mask(self, x):
        return x > 0


class ChosenRows(Chosen):
    def mask(self, x):
        return ops.cast(ops.any(x, -1), "bool")


@pytest.mark.parametrize("layer", [Chosen, ChosenRows])
def test_a_mask_made_in_a_layer_is_refused(backend, layer):
    with pytest.raises(ValueError, match="cannot be called on symbolic inputs"):
        layer()(keras.Input((4,)))
