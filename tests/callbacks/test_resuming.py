"""`BackupAndRestore`: a training that was interrupted ends as if it had not been."""

import json
import os
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest
import resumed

import keras
from keras.callbacks import BackupAndRestore, Callback
from keras.callbacks import _training_state as training_state
from keras.errors import FileFormatError
from keras.saving import _files


@pytest.fixture(autouse=True)
def _no_waiting_for_the_disk(monkeypatch):
    monkeypatch.setattr(_files, "_to_disk", lambda path: None)


class Bomb(Callback):
    """Ends a training at its n-th event, as a crash would."""

    def __init__(self, at, batches):
        super().__init__()
        self.left = {"events": at}
        if batches:
            self.on_train_batch_begin = self.on_train_batch_end = self.event

    def event(self, *args, **kwargs):
        self.left["events"] -= 1
        if self.left["events"] == 0:
            raise KeyboardInterrupt

    on_epoch_begin = on_epoch_end = on_test_begin = on_test_end = event

    def _state(self):
        return {}  # the next one is another


def same(found, expected):
    """Equal to the last bit, whatever the structure."""
    if isinstance(expected, dict):
        assert list(found) == list(expected)
        for key in expected:
            same(found[key], expected[key])
    elif isinstance(expected, list):
        assert len(found) == len(expected)
        for a, b in zip(found, expected, strict=True):
            same(a, b)
    else:
        assert type(found) is type(expected)
        np.testing.assert_array_equal(found, expected)


def interrupted(folder, variant, save_freq, moments, **options):
    """Train, interrupted after so many events of each part."""
    folder.mkdir()
    for moment in moments:
        bomb = Bomb(moment, batches=save_freq != "epoch")
        with pytest.raises(KeyboardInterrupt):
            resumed.train(folder, variant, save_freq, bomb, **options)
    return resumed.train(folder, variant, save_freq, **options)


def whole(folder, variant, save_freq, **options):
    folder.mkdir()
    return resumed.train(folder, variant, save_freq, **options)


@pytest.mark.parametrize("save_freq", ["epoch", 3, 5])
@pytest.mark.parametrize("variant", resumed.VARIANTS)
def test_an_interrupted_training_ends_as_one_that_was_not(tmp_path, variant, save_freq):
    expected = whole(tmp_path / "whole", variant, save_freq)
    moments = (1, 5, 9, 4) if save_freq == "epoch" else (2, 11, 19, 7)
    found = interrupted(tmp_path / "parts", variant, save_freq, moments)
    same(found, expected)


@pytest.mark.parametrize("save_freq", ["epoch", 3])
def test_it_may_be_interrupted_at_every_moment(tmp_path, save_freq):
    expected = whole(tmp_path / "whole", "arrays", save_freq)
    moments = range(1, 13) if save_freq == "epoch" else range(1, 40, 3)
    for at in moments:
        same(interrupted(tmp_path / str(at), "arrays", save_freq, [at]), expected)


@pytest.mark.parametrize(
    ("variant", "save_freq", "at", "per_step"),
    [("dataset", 5, 24, "auto"), ("blocks", "epoch", 6, 4)],
)
def test_jax_ends_the_same_too(tmp_path, variant, save_freq, at, per_step, on_jax):
    # Which steps share a block depends on timing and on interruptions: it must not
    # matter, so that they are compared with single ones.
    expected = whole(tmp_path / "whole", variant, save_freq, per_step=1)
    found = interrupted(tmp_path / "parts", variant, save_freq, [at], per_step=per_step)
    same(found, expected)


KILLED = Path(__file__).with_name("resumed.py")


def kill(tmp_path, engine, variant, save_freq, kills):
    pytest.importorskip(engine)
    found = subprocess.run(
        [sys.executable, KILLED, variant, str(save_freq), str(kills), tmp_path],
        env=os.environ
        | {
            "PYTHONPATH": str(Path(keras.__file__).parents[1]),
            "KERAS_BACKEND": engine,
            "JAX_COMPILATION_CACHE_DIR": str(tmp_path / "cache"),
            "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        },
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert found.returncode == 0, found.stderr[-2000:]
    assert f"the same after {kills} kills" in found.stdout


forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")


@forks
@pytest.mark.parametrize("engine", ["torch", "jax"])
def test_a_killed_training_ends_the_same(tmp_path, engine):
    kill(tmp_path, engine, "arrays", 3, 3)


@forks
@pytest.mark.slow
@pytest.mark.parametrize("engine", ["torch", "jax"])
@pytest.mark.parametrize("save_freq", ["epoch", 3])
def test_a_training_killed_twenty_times_ends_the_same(tmp_path, engine, save_freq):
    kill(tmp_path, engine, "dataset" if save_freq == 3 else "blocks", save_freq, 20)


# The file.


def tiny_model(units=1):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(units)])
    model.compile("adam", "mse")
    return model


def fit(model, *callbacks, epochs=2):
    x = np.ones((8, 3), "float32")
    return model.fit(
        x, x[:, : model.output_shape[1]], epochs=epochs, verbose=0, callbacks=callbacks
    )


def kept(folder, **options):
    return BackupAndRestore(folder, delete_checkpoint=False, **options)


def test_backup_of_another_model_is_refused_and_changes_nothing(tmp_path):
    fit(tiny_model(), kept(tmp_path))
    other = tiny_model(units=2)
    before = [w.copy() for w in other.get_weights()]
    with pytest.raises(FileFormatError, match=r"expects \(3, 2\).*delete it to begin"):
        fit(other, kept(tmp_path))
    for a, b in zip(before, other.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    with pytest.raises(FileFormatError, match=r"have \d+.*delete it to begin anew"):
        model = tiny_model()
        model.compile("sgd", "mse")
        fit(model, kept(tmp_path))


def test_a_program_may_change_before_its_first_step(tmp_path):
    class Wrong(Callback):
        def on_epoch_begin(self, epoch, logs=None):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit(tiny_model(), kept(tmp_path), Wrong())
    assert (tmp_path / "latest.h5").exists()
    history = fit(tiny_model(units=2), kept(tmp_path))
    assert history.epoch == [0, 1]


def test_double_checkpoint_survives_a_damaged_file(tmp_path):
    fit(tiny_model(), kept(tmp_path, double_checkpoint=True))
    (tmp_path / "latest.h5").write_bytes(b"damaged")
    backup = kept(tmp_path, double_checkpoint=True)
    fit(tiny_model(), backup)
    assert backup.resume_at == (1, 0)


def test_what_was_being_written_leaves_the_old_file_whole(tmp_path, monkeypatch):
    fit(tiny_model(), kept(tmp_path))
    before = (tmp_path / "latest.h5").read_bytes()

    def killed(file, name, value):
        raise KeyboardInterrupt

    model = tiny_model()
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("keras.saving._h5.put", killed)
        fit(model, kept(tmp_path), epochs=3)
    assert (tmp_path / "latest.h5").read_bytes() == before
    (tmp_path / ".latest.h5.0000.part").write_bytes(b"of a killed process")
    fit(model, kept(tmp_path), epochs=3)
    assert [f.name for f in tmp_path.iterdir()] == ["latest.h5"]


def change_tree(path, change):
    with h5py.File(path, "r+") as file:
        tree = json.loads(file["tree"][()].tobytes())
        changed = json.dumps(change(tree) or tree).encode()
        del file["tree"]
        file["tree"] = np.frombuffer(changed, "uint8")


def entry(tree, *keys):
    """The value at some keys of an encoded dict, in a list to be changed."""
    for key in keys:
        tree = next(pair for pair in tree["dict"] if pair[0] == key)
        holder, tree = tree, tree[1]
    return holder


def put(*keys, value):
    def change(tree):
        entry(tree, *keys)[1] = value

    return change


HOSTILE = {
    "no tree": lambda tree: "text",
    "a list without a kind": lambda tree: [1],
    "an unknown kind": lambda tree: {"object": "os.system"},
    "two kinds": lambda tree: {"dict": [], "list": []},
    "a missing part": lambda tree: {"dict": tree["dict"][1:]},
    "an epoch below 0": put("epoch", value=-1),
    "an epoch of another type": put("epoch", value=True),
    "a missing array": put("variables", value={"dict": [["model/0", {"array": 999}]]}),
    "a place outside": put(
        "variables", value={"dict": [["model/0", {"array": "../x"}]]}
    ),
    "no streams": put("streams", value={"dict": []}),
    "streams of another kind": put("streams", "numpy", value="MT19937"),
    "a place that is none": put("data", "train", value=3),
    "a method": put(
        "callbacks", value={"dict": [["History/0", {"dict": [["on_epoch_end", 1]]}]]}
    ),
    "a special name": put(
        "callbacks", value={"dict": [["History/0", {"dict": [["__class__", 1]]}]]}
    ),
    "an argument": put(
        "callbacks", value={"dict": [["CSVLogger/0", {"dict": [["filename", "x"]]}]]}
    ),
    "a file": put(
        "callbacks",
        value={"dict": [["ModelCheckpoint/0", {"dict": [["filepath", "x.keras"]]}]]},
    ),
    "callbacks of another kind": put("callbacks", value={"dict": [["History/0", 7]]}),
    "a key that cannot be one": lambda tree: {"dict": [[{"list": []}, 1]]},
}


@pytest.mark.parametrize("attack", HOSTILE)
def test_hostile_states_are_refused(tmp_path, attack):
    def listening():
        return (
            keras.callbacks.CSVLogger(tmp_path / "a.csv"),
            keras.callbacks.ModelCheckpoint(tmp_path / "a.keras", "loss"),
        )

    fit(tiny_model(), kept(tmp_path / "b"), *listening())
    change_tree(tmp_path / "b" / "latest.h5", HOSTILE[attack])
    model = tiny_model()
    before = model.get_weights()[0].copy()
    with pytest.raises(FileFormatError, match="cannot go on with this training"):
        fit(model, kept(tmp_path / "b"), *listening())
    np.testing.assert_array_equal(before, model.get_weights()[0])


def test_a_tree_comes_back_from_a_file_as_it_was(tmp_path):
    fit(tiny_model(), kept(tmp_path))
    state = training_state.read(tmp_path / "latest.h5")
    import ml_dtypes

    state["logs"] = {
        "half": np.ones(3, ml_dtypes.bfloat16),
        "small": np.ones((2, 2), ml_dtypes.float8_e4m3fn),
        "none": [None, True, (1, 2.5, "text"), {3: [], (1, 2): {}}],
        "number": np.float32(0.1),
        "odd": [float("nan"), float("inf"), -0.0, 2**70],
    }
    training_state.write(tmp_path / "a.h5", state)
    found = training_state.read(tmp_path / "a.h5")["logs"]
    assert found["half"].dtype == ml_dtypes.bfloat16
    assert found["small"].dtype == ml_dtypes.float8_e4m3fn
    assert found["none"] == state["logs"]["none"]
    assert type(found["number"]) is np.float32
    assert str(found["odd"]) == str(state["logs"]["odd"])
