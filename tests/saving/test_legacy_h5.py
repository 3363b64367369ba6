"""`.h5` files: whole models of Keras 3, and what Keras 2 wrote (the golden files)."""

from pathlib import Path

import h5py
import numpy as np
import pytest

import keras
from keras import layers, ops
from keras.errors import FileFormatError
from keras.legacy._configs import modern_config, modern_training_config

FILES = Path(__file__).parents[1] / "golden" / "files"
X = np.linspace(-1, 1, 20, dtype="float32").reshape(5, 4)


def stored(name, path):
    with h5py.File(FILES / name) as file:
        return np.asarray(file[path])


def small(names="abc"):
    return keras.Sequential(
        [keras.Input((4,)), *[layers.Dense(4, name=n) for n in names]], name="m"
    )


def test_a_whole_model_comes_back(backend, tmp_path):
    a, b = keras.Input((4,), name="a"), keras.Input((4,), name="b")
    shared = layers.Dense(3, name="shared")
    inner = keras.Sequential([layers.Dense(3, name="deep")], name="inner")
    z = ops.relu(inner(shared(a)) + shared(b))
    model = keras.Model([a, b], [ops.cast(z, "float16"), inner(z)], name="m")
    model.save(tmp_path / "m.h5")
    again = keras.models.load_model(tmp_path / "m.h5")
    for one, other in zip(model([X, X]), again([X, X]), strict=True):
        np.testing.assert_allclose(
            ops.convert_to_numpy(one), ops.convert_to_numpy(other), rtol=1e-6
        )


def test_the_file_has_the_form_of_keras(tmp_path):
    small("a").save(tmp_path / "m.h5")
    with h5py.File(tmp_path / "m.h5") as file:
        assert {"backend", "keras_version", "model_config"} <= set(file.attrs)
        group = file["model_weights"]
        assert list(group.attrs["layer_names"]) == [b"a"]
        assert list(group["a"].attrs["weight_names"]) == [b"m/a/kernel", b"m/a/bias"]
        assert group["a/m/a/kernel"].shape == (4, 4)
        assert "top_level_model_weights" in group


def test_long_lists_of_names_are_cut(tmp_path):
    from keras.saving import _h5

    names = [f"layer_{i:05d}_{'x' * 40}" for i in range(3000)]
    with h5py.File(tmp_path / "a.h5", "w") as file:
        _h5.put_names(file, "layer_names", names)
        assert "layer_names" not in file.attrs
        assert "layer_names1" in file.attrs
        assert _h5.names_of(file, "layer_names") == names


def test_layers_are_matched_by_order(tmp_path):
    saved, other = small("abc"), small("xyz")
    saved.save(tmp_path / "m.h5")
    other.load_weights(tmp_path / "m.h5")
    for one, two in zip(saved.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)


def test_layers_are_matched_by_name(tmp_path):
    saved, other = small("abc"), small("cxa")
    before = other.get_layer("x").get_weights()[0]
    saved.save(tmp_path / "m.h5")
    other.load_weights(tmp_path / "m.h5", by_name=True)
    for name in "ac":
        np.testing.assert_array_equal(
            saved.get_layer(name).get_weights()[0],
            other.get_layer(name).get_weights()[0],
        )
    np.testing.assert_array_equal(before, other.get_layer("x").get_weights()[0])


def test_another_number_of_layers_is_refused(tmp_path):
    small("abc").save(tmp_path / "m.h5")
    with pytest.raises(ValueError, match=r"3 layers; the model has 2"):
        small("ab").load_weights(tmp_path / "m.h5")


def test_another_shape_is_refused_or_skipped(tmp_path):
    small("a").save(tmp_path / "m.h5")
    other = keras.Sequential([keras.Input((5,)), layers.Dense(4, name="a")])
    with pytest.raises(ValueError, match=r"\(4, 4\).*\(5, 4\)"):
        other.load_weights(tmp_path / "m.h5")
    with pytest.warns(UserWarning, match=r"\(4, 4\)"):
        other.load_weights(tmp_path / "m.h5", skip_mismatch=True)


def test_weights_alone_are_no_model():
    with pytest.raises(FileFormatError, match="holds weights, but no model"):
        keras.models.load_model(FILES / "k2_functional_w.h5")


K2_NODES = [
    {"class_name": "InputLayer", "name": "i", "inbound_nodes": [],
     "config": {"batch_input_shape": [None, 4], "dtype": "float32", "name": "i"}},
    {"class_name": "Sequential", "name": "seq", "inbound_nodes": [[["i", 0, 0, {}]]],
     "config": {"name": "seq", "layers": [
         {"class_name": "Dense", "config": {
             "name": "d", "units": 4, "batch_input_shape": [None, 4],
             "kernel_initializer": {"class_name": "VarianceScaling", "config": {
                 "scale": 1.0, "mode": "fan_avg", "distribution": "uniform",
                 "seed": None}}}}]}},
    {"class_name": "Model", "name": "graph",
     "inbound_nodes": [[["seq", 1, 0, {}]], [["i", 0, 0, {}]]],
     "config": {"name": "graph", "layers": [
         {"class_name": "InputLayer", "name": "g", "inbound_nodes": [],
          "config": {"batch_input_shape": [None, 4], "name": "g"}},
         {"class_name": "Dense", "name": "gd", "inbound_nodes": [[["g", 0, 0, {}]]],
          "config": {"name": "gd", "units": 2}}],
      "input_layers": [["g", 0, 0]], "output_layers": [["gd", 0, 0]]}},
]  # fmt: skip


def test_a_graph_of_keras_2_is_understood():
    config = {
        "name": "old",
        "layers": K2_NODES,
        "input_layers": [["i", 0, 0]],
        "output_layers": [["graph", 1, 0], ["graph", 2, 0]],
    }
    entry = modern_config({"class_name": "Model", "config": config})
    model = keras.saving.deserialize_keras_object(entry)
    one, two = model(X)
    seq, graph = model.get_layer("seq"), model.get_layer("graph")
    for got, want in ((one, graph(seq(X))), (two, graph(X))):
        np.testing.assert_allclose(
            ops.convert_to_numpy(got), ops.convert_to_numpy(want), rtol=1e-6
        )


def test_options_that_no_layer_has_any_more_are_dropped():
    config = {"name": "l", "units": 2, "time_major": False, "implementation": 2}
    entry = modern_config({"class_name": "CuDNNLSTM", "config": config})
    assert entry["class_name"] == "LSTM"
    assert entry["config"] == {"name": "l", "units": 2}
    norm = {"class_name": "BatchNormalization", "config": {"axis": [1]}}
    assert modern_config(norm)["config"] == {"axis": 1}
    bare = modern_config({"class_name": "Sequential", "config": [norm]})
    assert len(bare["config"]["layers"]) == 1
    config["time_major"] = True
    with pytest.raises(FileFormatError, match="time_major"):
        modern_config({"class_name": "LSTM", "config": config})


def test_compilation_of_keras_2_is_understood():
    metric = {
        "class_name": "MeanMetricWrapper",
        "config": {"name": "acc", "dtype": "float32", "fn": "accuracy"},
    }
    optimizer = {"class_name": "Custom>Adam",
                 "config": {"name": "Adam", "lr": 0.5, "decay": 0.0,
                            "is_legacy_optimizer": False}}  # fmt: skip
    config = modern_training_config(
        {
            "loss": "mse",
            "metrics": [[metric]],
            "weighted_metrics": None,
            "sample_weight_mode": None,
            "optimizer_config": optimizer,
        }
    )
    assert config == {
        "loss": "mse",
        "metrics": ["accuracy"],
        "weighted_metrics": None,
        "optimizer": {
            "module": "keras.optimizers",
            "class_name": "Adam",
            "config": {"name": "adam", "learning_rate": 0.5},
        },
    }
    assert modern_training_config({"loss": "mse"}) is None


@pytest.mark.parametrize("name", ["functional.h5", "k2_functional.h5"])
def test_golden_functional_models_load(name):
    model = keras.models.load_model(FILES / name, compile=False)
    suffix = ":0" if name.startswith("k2") else ""
    kernel = stored(name, f"model_weights/sh/sh/kernel{suffix}")
    np.testing.assert_array_equal(model.get_layer("sh").get_weights()[0], kernel)


@pytest.mark.parametrize("name", ["k2_nested.h5", "nested.h5"])
def test_golden_nested_models_load(name):
    model = keras.models.load_model(FILES / name, compile=False)
    assert [layer.name for layer in model.layers[1:]] == ["inner", "inner2", "head"]
    assert model.predict(X, verbose=0).shape == (5, 2)
