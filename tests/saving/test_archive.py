"""Whole models in `.keras` files and folders."""

import json
import zipfile

import h5py
import numpy as np
import pytest

import keras
from keras import layers, ops
from keras.errors import FileFormatError, MissingFileError, UnknownNameError
from keras.saving import _files

X = np.linspace(-1, 1, 20, dtype="float32").reshape(5, 4)


def sequential():
    return keras.Sequential(
        [
            keras.Input((4,)),
            layers.Dense(3, activation="relu", name="first"),
            layers.Dropout(0.5),
            layers.Dense(2, name="second"),
        ],
        name="seq",
    )


def functional():
    a, b = keras.Input((4,), name="a"), keras.Input((4,), name="b")
    shared = layers.Dense(3, name="shared")
    x, y = shared(a), shared(b)
    z = ops.concatenate([ops.relu(x * 2.0), y], axis=-1)
    return keras.Model([a, b], {"z": z[:, 1:], "y": [y]}, name="func")


def nested():
    inner = keras.Sequential([layers.Dense(4, activation="elu")], name="inner")
    i = keras.Input((4,))
    graph = keras.Model(i, [layers.Dense(2)(i), layers.Dense(3)(i)], name="graph")
    x = keras.Input((4,))
    a, b = graph(inner(x))
    c, d = graph(x)
    return keras.Model(x, [a + c, b, d], name="outer")


MODELS = [(sequential, X), (functional, [X, X + 1]), (nested, X)]


def outputs(model, x):
    return [ops.convert_to_numpy(t) for t in keras.tree.flatten(model(x))]


@pytest.mark.parametrize(("make", "x"), MODELS)
@pytest.mark.parametrize("zipped", [True, False])
def test_a_loaded_model_predicts_the_same(backend, tmp_path, make, x, zipped):
    model = make()
    path = tmp_path / ("m.keras" if zipped else "m")
    model.save(path, zipped=zipped)
    again = keras.models.load_model(path)
    for one, other in zip(outputs(model, x), outputs(again, x), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6)
    assert again.name == model.name
    assert [w.name for w in again.weights] == [w.name for w in model.weights]


@pytest.mark.parametrize(("make", "x"), MODELS)
def test_a_config_round_trip_changes_nothing(make, x):
    config = json.loads(make().to_json())
    again = json.loads(keras.models.model_from_json(json.dumps(config)).to_json())
    assert again == config


def test_an_archive_has_the_members_of_keras(tmp_path):
    sequential().save(tmp_path / "m.keras")
    with zipfile.ZipFile(tmp_path / "m.keras") as file:
        infos = file.infolist()
        assert [i.filename for i in infos] == [
            "metadata.json",
            "config.json",
            "model.weights.h5",
        ]
        assert all(i.compress_type == zipfile.ZIP_STORED for i in infos)
        config = json.loads(file.read("config.json"))
        metadata = json.loads(file.read("metadata.json"))
    assert (config["module"], config["class_name"]) == ("keras", "Sequential")
    dense = config["config"]["layers"][1]
    assert (dense["module"], dense["registered_name"]) == ("keras.layers", None)
    assert dense["build_config"] == {"input_shape": [None, 4]}
    assert metadata["keras_version"]


def test_a_functional_config_has_the_form_of_keras():
    config = json.loads(functional().to_json())
    assert config["module"] == "keras.src.models.functional"
    assert config["registered_name"] == "Functional"
    entries = {e["name"]: e for e in config["config"]["layers"]}
    assert len(entries["shared"]["inbound_nodes"]) == 2
    multiply = entries["multiply"]
    assert multiply["module"] == "keras.src.ops.numpy"
    assert multiply["class_name"] == multiply["registered_name"] == "Multiply"
    tensor, constant = multiply["inbound_nodes"][0]["args"]
    assert tensor["config"]["keras_history"] == ["shared", 0, 0]
    assert constant == 2.0
    assert entries["concatenate"]["config"] == {"name": "concatenate", "axis": -1}
    assert config["config"]["output_layers"] == {
        "z": ["get_item", 0, 0],
        "y": [["shared", 1, 0]],
    }


def test_outputs_of_nested_functional_models_count_from_one():
    config = json.loads(nested().to_json())["config"]
    assert config["output_layers"][1:] == [["graph", 1, 1], ["graph", 2, 1]]


@keras.saving.register_keras_serializable(package="tests")
class Scale(layers.Layer):
    def __init__(self, factor=1.0, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor

    def build(self, shape):
        self.w = self.add_weight(shape=shape[-1:], initializer="ones", name="w")

    def call(self, x):
        return x * self.w * self.factor


class Unregistered(Scale):
    pass


def test_registered_classes_are_found(tmp_path):
    model = keras.Sequential([keras.Input((4,)), Scale(3.0)])
    model.save(tmp_path / "m.keras")
    again = keras.models.load_model(tmp_path / "m.keras")
    np.testing.assert_allclose(outputs(again, X)[0], X * 3)


def test_other_classes_are_found_in_custom_objects(tmp_path):
    model = keras.Sequential([keras.Input((4,)), Unregistered(3.0)])
    model.save(tmp_path / "m.keras")
    with pytest.raises(UnknownNameError, match="Unregistered") as caught:
        keras.models.load_model(tmp_path / "m.keras")
    assert "register_keras_serializable" in str(caught.value.__notes__)
    custom = {"Unregistered": Unregistered}
    again = keras.models.load_model(tmp_path / "m.keras", custom_objects=custom)
    np.testing.assert_allclose(outputs(again, X)[0], X * 3)
    with keras.saving.custom_object_scope(custom):
        keras.models.load_model(tmp_path / "m.keras")


class Vocabulary(layers.Layer):
    """Keeps a word in a file of its own."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.word = "none"

    def call(self, x):
        return x

    def save_assets(self, folder):
        with open(f"{folder}/word.txt", "w") as file:
            file.write(self.word)

    def load_assets(self, folder):
        with open(f"{folder}/word.txt") as file:
            self.word = file.read()


@pytest.mark.parametrize("zipped", [True, False])
def test_assets_of_layers_come_back(tmp_path, zipped):
    model = keras.Sequential([keras.Input((4,)), Vocabulary(), Vocabulary()])
    model.layers[1].word = "tree"
    path = tmp_path / ("m.keras" if zipped else "m")
    model.save(path, zipped=zipped)
    custom = {"Vocabulary": Vocabulary}
    again = keras.models.load_model(path, custom_objects=custom)
    assert [layer.word for layer in again.layers] == ["none", "tree"]


def test_a_layer_shared_between_models_is_one_layer_again(tmp_path):
    shared = layers.Dense(4, name="shared")
    x = keras.Input((4,))
    parts = [keras.Sequential([keras.Input((4,)), shared], name=n) for n in "ab"]
    model = keras.Model(x, parts[1](parts[0](x)))
    model.save(tmp_path / "m.keras")
    again = keras.models.load_model(tmp_path / "m.keras")
    assert len(again.weights) == len(model.weights) == 2
    assert again.layers[1].layers[0] is again.layers[2].layers[0]


# Writing.


class Crash(Exception):
    pass


def test_a_crash_while_writing_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "m.keras"
    model = sequential()
    model.save(path)
    before = path.read_bytes()

    def crash(self, *args, **kwargs):
        raise Crash

    monkeypatch.setattr(zipfile.ZipFile, "write", crash)
    with pytest.raises(Crash):
        model.save(path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["m.keras"]


@pytest.mark.parametrize("name", ["m.weights.h5", "m.h5"])
def test_a_crash_in_the_middle_of_weights_leaves_the_old_file(
    tmp_path, monkeypatch, name
):
    path = tmp_path / name
    model = sequential()
    save = model.save_weights if "weights" in name else model.save
    save(path)
    before = path.read_bytes()
    make, calls = h5py.Group.create_dataset, []

    def crash(self, *args, **kwargs):
        calls.append(1)
        if len(calls) == 3:
            raise Crash
        return make(self, *args, **kwargs)

    monkeypatch.setattr(h5py.Group, "create_dataset", crash)
    with pytest.raises(Crash):
        save(path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_a_file_is_not_replaced_against_the_will(tmp_path, monkeypatch):
    path = tmp_path / "m.keras"
    model = sequential()
    model.save(path, overwrite=False)
    before = path.read_bytes()
    monkeypatch.setattr(_files.sys, "stdin", None)
    with pytest.raises(FileExistsError, match="overwrite=True"):
        model.save(path, overwrite=False)
    with pytest.raises(FileExistsError, match="overwrite=True"):
        model.save_weights(_touched(tmp_path / "m.weights.h5"), overwrite=False)
    assert path.read_bytes() == before


def _touched(path):
    path.write_bytes(b"")
    return path


@pytest.mark.parametrize(("answers", "replaced"), [("?y", True), ("n", False)])
def test_a_person_is_asked(tmp_path, monkeypatch, answers, replaced):
    path = _touched(tmp_path / "m.keras")
    given = iter(answers)
    monkeypatch.setattr("builtins.input", lambda prompt: next(given))
    monkeypatch.setattr(_files.sys, "stdin", type("T", (), {"isatty": lambda s: True})())
    sequential().save(path, overwrite=False)
    assert (path.stat().st_size > 0) == replaced


# Errors.


@pytest.mark.parametrize("name", ["model", "model.txt", "model.tf", "model.weights.h6"])
def test_another_ending_is_refused_with_the_right_one(tmp_path, name):
    with pytest.raises(ValueError, match=r'"model(\.weights)?\.keras"'):
        sequential().save(tmp_path / name)
    with pytest.raises(ValueError, match=r'"model.weights.h5"'):
        sequential().save_weights(tmp_path / name)


def test_unknown_arguments_are_refused(tmp_path):
    with pytest.raises(ValueError, match="unknown arguments zip"):
        sequential().save(tmp_path / "m.keras", zip=True)
    with pytest.raises(ValueError, match="always one file"):
        sequential().save(tmp_path / "m.h5", zipped=True)


def test_a_missing_file_is_said_to_be_missing(tmp_path):
    with pytest.raises(MissingFileError, match="not found"):
        keras.models.load_model(tmp_path / "nothing.keras")
    with pytest.raises(FileNotFoundError, match="not found"):
        sequential().load_weights(tmp_path / "nothing.weights.h5")


def test_a_file_of_another_kind_is_refused(tmp_path):
    path = tmp_path / "notes.keras"
    path.write_text("some notes")
    with pytest.raises(FileFormatError, match="no Keras model"):
        keras.models.load_model(path)
    with pytest.raises(FileFormatError, match="no known form"):
        sequential().load_weights(path)


def test_an_archive_without_a_model_is_refused(tmp_path):
    path = tmp_path / "m.keras"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("metadata.json", "{}")
    with pytest.raises(FileFormatError, match=r"holds no config\.json"):
        keras.models.load_model(path)
    with pytest.raises(FileFormatError, match=r"holds no model\.weights\.h5"):
        sequential().load_weights(path)
    with pytest.raises(FileFormatError, match=r"holds no config\.json"):
        keras.models.load_model(tmp_path)
