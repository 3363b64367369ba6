"""Ops as nodes of functional models, through files: ours, and those of Keras 3.15.1.

`ops_of_keras_3_15.json.gz` has for each form of `symbolic_forms` the JSON that Keras
3.15.1 (on PyTorch) wrote for a model of it, where it could.
"""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from symbolic_forms import FORMS, regular

import keras
from keras import ops
from keras.errors import UnsafeFileError

OF_KERAS = json.loads(
    gzip.decompress(Path(__file__).with_name("ops_of_keras_3_15.json.gz").read_bytes())
)
# Functions of the user are code, which a file does not bring along.
WITH_CODE = """
    cond fori_loop fori_loop(symbolic) map scan scan(unknown) switch vectorize
    vectorized_map while_loop
""".split()
OF_VALUES = [name for name in FORMS if name not in WITH_CODE]
# What comes out differs each time, or is whatever the memory held.
NOT_REPEATED = ("random.", "empty_like", "image.elastic_transform")


pytestmark = pytest.mark.usefixtures("on_numpy")


def model_of(name):
    function, specs = FORMS[name]
    inputs = [keras.Input(batch_shape=shape, dtype=dtype) for shape, dtype in specs]
    return keras.Model(inputs, function(*inputs))


def data_for(name):
    return [regular(spec, 8) for spec in FORMS[name][1]]


def outline(model):
    return [(t.shape, t.dtype) for t in keras.tree.flatten(model.output)]


@pytest.mark.parametrize("name", OF_VALUES)
def test_an_op_comes_out_of_a_file_as_it_went_in(name):
    model = model_of(name)
    text = model.to_json()
    again = keras.models.model_from_json(text)
    assert again.to_json() == text
    assert outline(again) == outline(model)
    if name.startswith(NOT_REPEATED):
        return
    data = data_for(name)
    for a, b in zip(
        *(keras.tree.flatten(m(data)) for m in (model, again)), strict=True
    ):
        np.testing.assert_array_equal(*map(ops.convert_to_numpy, (a, b)))


@pytest.mark.parametrize("name", ["cond", "map", "scan", "while_loop"])
def test_code_is_not_taken_from_a_file(name):
    with pytest.raises(UnsafeFileError, match="Python function as code"):
        keras.models.model_from_json(model_of(name).to_json())


def nodes(config):
    layers = config["config"]["layers"]
    return [
        (x["module"], x["class_name"]) for x in layers if "keras.src.ops" in x["module"]
    ]


# Keras 3 has one class for patches of images and of volumes, and one more for `/`.
OTHERWISE = ("image.extract_patches_3d", "operators")


@pytest.mark.parametrize("name", [n for n in OF_KERAS if n not in OTHERWISE])
def test_classes_are_called_as_in_keras_3(name):
    assert nodes(json.loads(model_of(name).to_json())) == nodes(OF_KERAS[name])


@pytest.mark.parametrize("name", OF_KERAS)
def test_what_keras_3_wrote_is_read(name):
    model = keras.models.model_from_json(json.dumps(OF_KERAS[name]))
    assert outline(model) == outline(model_of(name))


def test_options_that_are_left_out_make_no_gap():
    x = keras.Input((2,))
    model = keras.Model(x, ops.pad(x, ((0, 0), (1, 1)), constant_values=0.5))
    again = keras.models.model_from_json(model.to_json())
    np.testing.assert_array_equal(again(np.ones((1, 2))), [[0.5, 1, 1, 0.5]])


def test_a_list_of_symbolic_tensors_becomes_one():
    x = keras.Input((2,))
    model = keras.Model(x, ops.convert_to_tensor([x, x * 2], "float64"))
    again = keras.models.model_from_json(model.to_json())
    assert outline(again) == outline(model) == [((2, None, 2), "float64")]
    np.testing.assert_array_equal(again(np.ones((1, 2))), [[[1, 1]], [[2, 2]]])


def test_a_function_that_no_file_can_hold_is_refused_when_it_is_written(tmp_path):
    x = keras.Input((2, 3))
    model = keras.Model(x, ops.vectorize(ops.norm, signature="(n)->()")(x))
    with pytest.raises(ValueError, match=r"a file cannot hold it\. Call it in a Layer"):
        model.save(tmp_path / "model.keras")
    again = keras.models.clone_model(model)
    np.testing.assert_allclose(again(np.ones((1, 2, 3))), 3**0.5 * np.ones((1, 2)))
