import numpy as np
import pytest

import keras
from keras import layers
from keras.core import registry
from keras.saving import (
    custom_object_scope,
    deserialize_keras_object,
    get_custom_objects,
    get_registered_name,
    get_registered_object,
    register_keras_serializable,
    serialize_keras_object,
)


@pytest.fixture(autouse=True)
def _as_before():
    table = get_custom_objects()
    before = dict(table)
    yield
    table.clear()
    table.update(before)


def test_registered_classes_have_a_package_and_a_name():
    @register_keras_serializable("pack", "Other")
    class Mine(keras.Layer):
        def call(self, x):
            return x

    assert get_registered_name(Mine) == "pack>Other"
    assert get_registered_object("pack>Other") is Mine
    data = serialize_keras_object(Mine(name="m"))
    assert data["module"] is None
    assert data["registered_name"] == "pack>Other"
    again = deserialize_keras_object(data)
    assert type(again) is Mine and again.name == "m"


def test_the_default_package_is_custom():
    @register_keras_serializable()
    def double(x):
        return 2 * x

    assert get_registered_name(double) == "Custom>double"
    layer = layers.Dense(1, activation=double)
    assert deserialize_keras_object(serialize_keras_object(layer)).activation is double


def test_classes_without_get_config_are_refused():
    with pytest.raises(ValueError, match="Plain has no get_config"):

        @register_keras_serializable()
        class Plain:
            pass


def test_scopes_and_arguments_name_classes():
    class Mine(keras.Layer):
        pass

    data = serialize_keras_object(Mine())
    with pytest.raises(ValueError, match="'Mine'"):
        deserialize_keras_object(data)
    assert type(deserialize_keras_object(data, custom_objects={"Mine": Mine})) is Mine
    with custom_object_scope({"Mine": Mine}):
        assert type(deserialize_keras_object(data)) is Mine
        with custom_object_scope({"Other": Mine}):
            assert get_registered_object("Mine") is Mine
    assert get_registered_object("Mine") is None


def test_public_classes_are_written_with_their_public_path():
    for obj, path in [
        (layers.Dense(1), ("keras.layers", "Dense")),
        (keras.Sequential(), ("keras", "Sequential")),
        (keras.initializers.GlorotUniform(), ("keras.initializers", "GlorotUniform")),
        (keras.regularizers.L2(), ("keras.regularizers", "L2")),
        (keras.DTypePolicy("float32"), ("keras", "DTypePolicy")),
        (
            keras.optimizers.schedules.ExponentialDecay(0.1, 2, 0.5),
            ("keras.optimizers.schedules", "ExponentialDecay"),
        ),
    ]:
        data = serialize_keras_object(obj)
        assert (data["module"], data["class_name"]) == path
        assert data["registered_name"] is None
        assert type(deserialize_keras_object(data)) is type(obj)


def test_modules_named_in_a_file_are_never_imported(monkeypatch):
    import importlib

    def refuse(name, *args):
        assert name.startswith("keras"), name
        return original(name, *args)

    original = importlib.import_module
    monkeypatch.setattr(importlib, "import_module", refuse)
    for name in ("os", "subprocess", "antigravity"):
        data = {
            "module": name,
            "class_name": "system",
            "config": {},
            "registered_name": None,
        }
        with pytest.raises(ValueError):
            deserialize_keras_object(data)
    assert registry.find("os", "system", None) is None


@pytest.mark.parametrize(
    "value",
    [
        None,
        3,
        2.5,
        "text",
        True,
        [1, [2, "a"]],
        {"a": [1], "b": {"c": None}},
        b"bytes",
        slice(1, None, 2),
        ...,
    ],
)
def test_plain_values_survive(value):
    assert deserialize_keras_object(serialize_keras_object(value)) == value


def test_arrays_survive(backend):
    array = np.arange(4, dtype="int16").reshape(2, 2)
    again = deserialize_keras_object(serialize_keras_object(array))
    np.testing.assert_array_equal(again, array)
    assert again.dtype == array.dtype
    tensor = keras.ops.ones((2,))
    again = deserialize_keras_object(serialize_keras_object(tensor))
    np.testing.assert_array_equal(keras.ops.convert_to_numpy(again), [1, 1])
