"""Attacks by files: each is built here, and none may run, unpack or allocate anything."""

import base64
import io
import json
import marshal
import stat
import zipfile

import h5py
import numpy as np
import pytest

import keras
from keras import layers
from keras.errors import FileFormatError, UnknownNameError, UnsafeFileError
from keras.saving import _archive, _files, _h5

TRIPPED = []


def trip():
    TRIPPED.append(1)


def small_model():
    return keras.Sequential([keras.Input((4,)), layers.Dense(3, name="d")], name="m")


def members(tmp_path):
    """The members of a good file, to be made bad."""
    path = tmp_path / "good.keras"
    small_model().save(path)
    with zipfile.ZipFile(path) as file:
        return {n: file.read(n) for n in file.namelist()}


def packed(tmp_path, contents, extra=None, method=zipfile.ZIP_STORED):
    path = tmp_path / "bad.keras"
    with zipfile.ZipFile(path, "w", method) as file:
        for name, data in contents.items():
            file.writestr(name, data)
        for info, data in extra or ():
            file.writestr(info, data)
    return path


def with_config(tmp_path, config):
    contents = members(tmp_path)
    contents["config.json"] = json.dumps(config)
    return packed(tmp_path, contents)


def layer_entry(tmp_path, entry):
    """The good file with one layer's entry in place of its Dense."""
    config = json.loads(members(tmp_path)["config.json"])
    config["config"]["layers"][1] = entry
    return with_config(tmp_path, config)


def test_the_good_file_loads(tmp_path):
    model = keras.models.load_model(packed(tmp_path, members(tmp_path)))
    assert model.count_params() == 15


@pytest.mark.parametrize(
    "name",
    [
        "../evil.txt",
        "assets/../../evil.txt",
        "/etc/evil",
        "assets\\..\\evil.txt",
        "C:/evil.txt",
        "evil.py",
        "model.pkl",
        "configs/config.json",
    ],
)
def test_members_that_keras_does_not_write_are_refused(tmp_path, name):
    path = packed(tmp_path, {**members(tmp_path), name: b"x"})
    with pytest.raises(FileFormatError, match="member named"):
        keras.models.load_model(path)
    assert not (tmp_path.parent / "evil.txt").exists()


def test_a_link_in_an_archive_is_refused(tmp_path):
    info = zipfile.ZipInfo("assets/link")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    path = packed(tmp_path, members(tmp_path), [(info, b"/etc/passwd")])
    with pytest.raises(FileFormatError, match="link"):
        keras.models.load_model(path)


def test_a_member_that_comes_twice_is_refused(tmp_path):
    contents = members(tmp_path)
    info = zipfile.ZipInfo("config.json")
    with pytest.warns(UserWarning, match="Duplicate"):
        path = packed(tmp_path, contents, [(info, b"{}")])
    with pytest.raises(FileFormatError, match="twice"):
        keras.models.load_model(path)


def test_a_zip_bomb_is_refused(tmp_path):
    contents = {**members(tmp_path), "assets/zeros": bytes(40 * 2**20)}
    path = packed(tmp_path, contents, method=zipfile.ZIP_DEFLATED)
    assert path.stat().st_size < 2**20
    with pytest.raises(FileFormatError, match="would unpack"):
        keras.models.load_model(path)


def test_an_archive_of_too_many_members_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(_archive, "MAX_MEMBERS", 2)
    with pytest.raises(FileFormatError, match="members"):
        keras.models.load_model(packed(tmp_path, members(tmp_path)))


def test_a_link_in_a_folder_is_refused(tmp_path):
    folder = tmp_path / "model"
    small_model().save(folder, zipped=False)
    (folder / "config.json").rename(tmp_path / "elsewhere.json")
    (folder / "config.json").symlink_to(tmp_path / "elsewhere.json")
    with pytest.raises(FileFormatError, match="link"):
        keras.models.load_model(folder)


def test_a_config_that_is_too_long_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(_files, "MAX_JSON_BYTES", 100)
    with pytest.raises(FileFormatError, match="at most 100"):
        keras.models.load_model(packed(tmp_path, members(tmp_path)))


@pytest.mark.parametrize("depth", [300, 200_000])
def test_a_config_that_is_too_deep_is_refused(tmp_path, depth):
    contents = members(tmp_path)
    contents["config.json"] = "[" * depth + "]" * depth
    with pytest.raises(FileFormatError, match=r"deep|no JSON"):
        keras.models.load_model(packed(tmp_path, contents))


@pytest.mark.parametrize("text", ["", "{", "not json", "[1, 2]", '{"class_name": 3}'])
def test_a_config_that_describes_nothing_is_refused(tmp_path, text):
    contents = {**members(tmp_path), "config.json": text}
    with pytest.raises(ValueError, match=r"JSON|describes no object"):
        keras.models.load_model(packed(tmp_path, contents))


@pytest.mark.parametrize(
    ("module", "name", "config"),
    [
        ("os", "system", {"command": "false"}),
        ("subprocess", "Popen", {"args": ["false"]}),
        ("builtins", "eval", {"source": "1"}),
        ("builtins", "function", {}),
        ("keras.saving", "KerasFileEditor", {"filepath": "x"}),
        ("keras.utils", "get_file", {"origin": "x"}),
        ("keras.src.layers", "__import__", {}),
        ("tests.saving.test_hostile_files", "trip", {}),
        (__name__, "trip", {}),
        (None, "trip", {}),
        ("keras.layers", "__class__", {}),
        ("keras.core.serialization", "deserialize_lambda", {}),
    ],
)
def test_classes_come_from_keras_or_the_registry_only(tmp_path, module, name, config):
    entry = {"module": module, "class_name": name, "config": config}
    path = layer_entry(tmp_path, {**entry, "registered_name": name})
    with pytest.raises((UnknownNameError, FileFormatError)):
        keras.models.load_model(path)
    assert not TRIPPED


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("os", "system"),
        ("builtins", "exec"),
        ("keras.models", "load_model"),
        ("keras.saving", "load_model"),
        ("keras", "load_model"),
        (__name__, "trip"),
    ],
)
def test_functions_are_mathematics_of_keras_or_registered(tmp_path, module, name):
    config = json.loads(members(tmp_path)["config.json"])
    config["config"]["layers"][1]["config"]["activation"] = {
        "module": module,
        "class_name": "function",
        "config": name,
        "registered_name": name,
    }
    with pytest.raises(UnknownNameError):
        keras.models.load_model(with_config(tmp_path, config))
    assert not TRIPPED


def lambda_entry():
    code = base64.b64encode(marshal.dumps(trip.__code__)).decode()
    config = {"code": code, "defaults": None, "closure": None}
    return {"class_name": "__lambda__", "config": config}


def test_a_function_stored_as_code_is_refused(tmp_path):
    config = json.loads(members(tmp_path)["config.json"])
    config["config"]["layers"][1]["config"]["activation"] = lambda_entry()
    path = with_config(tmp_path, config)
    with pytest.raises(UnsafeFileError, match="safe_mode=False"):
        keras.models.load_model(path)
    with pytest.raises(UnsafeFileError):
        keras.models.load_model(path, safe_mode=True, compile=False)


def test_code_in_a_constant_of_the_graph_is_refused(tmp_path):
    x = keras.Input((4,))
    model = keras.Model(x, keras.ops.add(x, 1.0))
    config = json.loads(model.to_json())
    config["config"]["layers"][1]["inbound_nodes"][0]["args"][1] = lambda_entry()
    with pytest.raises(UnsafeFileError):
        keras.models.load_model(with_config(tmp_path, config))


def test_an_op_of_another_name_is_refused(tmp_path):
    x = keras.Input((4,))
    config = json.loads(keras.Model(x, keras.ops.add(x, 1.0)).to_json())
    config["config"]["layers"][1]["class_name"] = "Importlib"
    with pytest.raises(UnknownNameError, match="operation in a file"):
        keras.models.load_model(with_config(tmp_path, config))


def test_a_graph_that_never_ends_is_refused(tmp_path):
    x = keras.Input((4,), name="x")
    config = json.loads(keras.Model(x, keras.ops.add(x, 1.0)).to_json())
    node = config["config"]["layers"][1]
    node["inbound_nodes"][0]["args"][0]["config"]["keras_history"][0] = node["name"]
    with pytest.raises(FileFormatError, match="no layer has"):
        keras.models.load_model(with_config(tmp_path, config))


# HDF5.


def with_weights(tmp_path, change):
    """The good file with its weights changed by `change(h5 file)`."""
    contents = members(tmp_path)
    buffer = io.BytesIO(contents["model.weights.h5"])
    with h5py.File(buffer, "r+") as file:
        change(file)
    contents["model.weights.h5"] = buffer.getvalue()
    return packed(tmp_path, contents)


KERNEL = "layers/dense/vars/0"


def external_link(file, tmp_path):
    with h5py.File(tmp_path / "secret.h5", "w") as other:
        other["v"] = np.ones((4, 3), "float32")
    del file[KERNEL]
    file[KERNEL] = h5py.ExternalLink(str(tmp_path / "secret.h5"), "v")


def soft_link(file, tmp_path):
    del file[KERNEL]
    file["elsewhere"] = np.ones((4, 3), "float32")
    file[KERNEL] = h5py.SoftLink("/elsewhere")


def virtual(file, tmp_path):
    with h5py.File(tmp_path / "secret.h5", "w") as other:
        other["v"] = np.ones((4, 3), "float32")
    layout = h5py.VirtualLayout((4, 3), "float32")
    layout[:] = h5py.VirtualSource(str(tmp_path / "secret.h5"), "v", (4, 3))
    del file[KERNEL]
    file.create_virtual_dataset(KERNEL, layout)


def external_storage(file, tmp_path):
    (tmp_path / "secret.bin").write_bytes(bytes(48))
    del file[KERNEL]
    place = [(str(tmp_path / "secret.bin"), 0, 48)]
    file.create_dataset(KERNEL, (4, 3), "float32", external=place)


def objects(file, tmp_path):
    del file[KERNEL]
    values = np.full((4, 3), "x", object)
    file.create_dataset(KERNEL, data=values, dtype=h5py.string_dtype())


def records(file, tmp_path):
    del file[KERNEL]
    file.create_dataset(KERNEL, (4, 3), np.dtype([("a", "f4")]))


def a_group(file, tmp_path):
    del file[KERNEL]
    file.create_group(KERNEL)


@pytest.mark.parametrize(
    "change",
    [external_link, soft_link, virtual, external_storage, objects, records, a_group],
)
def test_arrays_from_elsewhere_are_refused(tmp_path, change):
    path = with_weights(tmp_path, lambda file: change(file, tmp_path))
    with pytest.raises(ValueError, match=r"link|another file|numbers|a group|plain"):
        keras.models.load_model(path)


def test_a_group_that_is_a_link_is_refused(tmp_path):
    def change(file):
        file.move("layers", "real")
        file["layers"] = h5py.SoftLink("/real")

    with pytest.raises(FileFormatError, match="link"):
        keras.models.load_model(with_weights(tmp_path, change))


def test_an_array_larger_than_the_file_is_refused(tmp_path):
    path = tmp_path / "bomb.h5"
    with h5py.File(path, "w") as file:
        file.create_dataset("v", (2**20, 2**20), "float32", chunks=(64, 64))
    with h5py.File(path) as file, pytest.raises(FileFormatError, match="declares"):
        _h5.array(file["v"])


def test_an_array_of_another_shape_is_refused_unread(tmp_path, monkeypatch):
    def change(file):
        del file[KERNEL]
        file.create_dataset(KERNEL, (2**20, 2**20), "float32", chunks=(64, 64))

    monkeypatch.setattr(_h5, "array", lambda dataset: pytest.fail("was read"))
    with pytest.raises(ValueError, match=r"d/kernel.*\(1048576, 1048576\).*\(4, 3\)"):
        keras.models.load_model(with_weights(tmp_path, change))


@pytest.mark.parametrize("keep", [0.3, 0.6, 0.9])
def test_a_file_that_was_cut_is_refused(tmp_path, keep):
    for name in ("cut.keras", "cut.weights.h5", "cut.h5"):
        path = tmp_path / name
        saver = small_model().save_weights if "weights" in name else small_model().save
        saver(path)
        data = path.read_bytes()
        path.write_bytes(data[: int(len(data) * keep)])
        with pytest.raises(ValueError, match="."):
            if "weights" in name:
                small_model().load_weights(path)
            else:
                keras.models.load_model(path)


def test_shards_lie_in_the_same_folder(tmp_path):
    path = tmp_path / "a.weights.json"
    for name in ("../x.weights.h5", "/etc/x.weights.h5", "x.txt", "a\\b.weights.h5"):
        path.write_text(json.dumps({"weight_map": {"/vars": [name]}}))
        with pytest.raises(FileFormatError, match="same folder"):
            small_model().load_weights(path)


def legacy(tmp_path, change):
    path = tmp_path / "old.h5"
    small_model().save(path)
    with h5py.File(path, "r+") as file:
        change(file)
    return path


def test_old_files_name_classes_of_keras_only(tmp_path):
    def change(file):
        config = json.loads(file.attrs["model_config"])
        config["config"]["layers"][1]["class_name"] = "system"
        file.attrs["model_config"] = json.dumps(config)

    with pytest.raises(UnknownNameError):
        keras.models.load_model(legacy(tmp_path, change))


def test_names_in_old_files_lead_nowhere_else(tmp_path):
    def change(file):
        names = np.asarray([b"../../optimizer_weights", b"d/bias"])
        file["model_weights/d"].attrs["weight_names"] = names

    with pytest.raises(FileFormatError, match="does not hold it"):
        keras.models.load_model(legacy(tmp_path, change))


def test_names_of_another_kind_are_refused(tmp_path):
    def change(file):
        file["model_weights"].attrs["layer_names"] = np.float32(3)

    with pytest.raises(FileFormatError, match="list of names"):
        keras.models.load_model(legacy(tmp_path, change))
