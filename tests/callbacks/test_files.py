"""CSVLogger, ModelCheckpoint, TensorBoard, RemoteMonitor: what they write."""

import json
import struct
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar
from urllib.parse import parse_qs

import numpy as np
import pytest
from callback_stubs import StubModel, run_epochs

import keras
from keras.callbacks import CSVLogger, ModelCheckpoint, RemoteMonitor, TensorBoard
from keras.callbacks._event_file import EventFile, crc32c, varint


def test_csv_has_a_column_for_each_metric(tmp_path):
    path = tmp_path / "log.csv"
    run_epochs(CSVLogger(path, separator=";"), [1.5, 2.0])
    assert path.read_text() == "epoch;val_loss\n0;1.5\n1;2.0\n"


def test_csv_goes_on_with_its_columns(tmp_path):
    path = tmp_path / "log.csv"
    run_epochs(CSVLogger(path), [1.0], "loss")
    run_epochs(CSVLogger(path, append=True), [2.0], "loss")
    assert path.read_text() == "epoch,loss,val_loss\n0,1.0,NA\n0,2.0,NA\n"
    run_epochs(CSVLogger(path), [3.0], "loss")
    assert path.read_text() == "epoch,loss,val_loss\n0,3.0,NA\n"


def test_csv_writes_arrays_in_one_cell(tmp_path):
    path = tmp_path / "log.csv"
    run_epochs(CSVLogger(path), [np.array([1, 2])], "val_counts")
    assert path.read_text() == 'epoch,val_counts\n0,"[1, 2]"\n'


def test_checkpoint_fills_in_epoch_and_metrics(tmp_path):
    callback = ModelCheckpoint(tmp_path / "m{epoch:02d}-{val_loss:.1f}.keras")
    _, model = run_epochs(callback, [1.25, 2.0])
    assert model.saved == ["m01-1.2.keras", "m02-2.0.keras"]


def test_checkpoint_keeps_the_best_only(tmp_path, capsys):
    callback = ModelCheckpoint(
        tmp_path / "{epoch}.keras", save_best_only=True, verbose=1
    )
    _, model = run_epochs(callback, [3.0, 4.0, 2.0])
    assert model.saved == ["1.keras", "3.keras"]
    text = capsys.readouterr().out
    assert "val_loss improved from 3.00000 to 2.00000, saving model" in text
    assert "val_loss did not improve from 3.00000" in text


def test_checkpoint_must_beat_the_threshold(tmp_path):
    callback = ModelCheckpoint(
        tmp_path / "{epoch}.keras", save_best_only=True, initial_value_threshold=2.0
    )
    assert run_epochs(callback, [3.0, 1.0])[1].saved == ["2.keras"]


def test_checkpoint_counts_batches_over_epochs(tmp_path):
    callback = ModelCheckpoint(
        tmp_path / "{epoch}-{batch}.weights.h5", save_weights_only=True, save_freq=3
    )
    model = StubModel()
    callback.set_model(model)
    for epoch in range(2):
        callback.on_epoch_begin(epoch)
        for batch in range(4):
            callback.on_train_batch_end(batch, {})
        callback.on_epoch_end(epoch, {})
    assert model.saved == ["1-3.weights.h5", "2-2.weights.h5"]


def test_checkpoint_names_the_metrics_there_are(tmp_path):
    with pytest.raises(KeyError, match=r"no 'acc'.*available are epoch, val_loss"):
        run_epochs(ModelCheckpoint(tmp_path / "{acc}.keras"), [1.0])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"filepath": "a.zip"}, r"ends in \.keras or \.h5"),
        ({"filepath": "a.h5", "save_weights_only": True}, r"ends in \.weights\.h5"),
        ({"filepath": "a.keras", "save_freq": 2.5}, "got 2.5; expected 'epoch'"),
        ({"filepath": "a.keras", "save_freq": 0}, "got 0; expected 'epoch'"),
    ],
)
def test_checkpoint_refuses_what_it_cannot_do(arguments, words):
    with pytest.raises(ValueError, match=words):
        ModelCheckpoint(**arguments)


# Event files, read by a small decoder of protobuf.


def read_varint(data, at):
    shift = value = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def decoded(data):
    """The fields of a message: a list of values by number."""
    fields, at = {}, 0
    while at < len(data):
        key, at = read_varint(data, at)
        kind = key & 7
        if kind == 0:
            value, at = read_varint(data, at)
        elif kind == 1:
            (value,), at = struct.unpack_from("<d", data, at), at + 8
        elif kind == 5:
            (value,), at = struct.unpack_from("<f", data, at), at + 4
        else:
            size, at = read_varint(data, at)
            value, at = data[at : at + size], at + size
        fields.setdefault(key >> 3, []).append(value)
    return fields


def events(folder):
    """`(tag, step, value fields)` of each event in the only file of a folder."""
    (path,) = folder.iterdir()
    data, at, found = path.read_bytes(), 0, []
    while at < len(data):
        (size,) = struct.unpack_from("<Q", data, at)
        event = decoded(data[at + 12 : at + 12 + size])
        at += 16 + size
        if 5 in event:
            value = decoded(decoded(event[5][0])[1][0])
            found.append((value[1][0].decode(), event[2][0], value))
        else:
            assert event[3] == [b"brain.Event:2"]
    return found


def test_checksum_is_that_of_the_standard():
    # RFC 3720, section B.4.
    assert crc32c(bytes(32)) == 0x8A9136AA
    assert crc32c(b"\xff" * 32) == 0x62A8AB43
    assert crc32c(b"123456789") == 0xE3069283


def test_varint_has_seven_bits_in_a_byte():
    assert varint(300) == b"\xac\x02"
    assert len(varint(-1)) == 10


def test_epochs_come_in_folders_for_training_and_validation(tmp_path):
    callback = TensorBoard(tmp_path)
    callback.set_model(StubModel(0.25))
    callback.on_train_begin()
    for epoch in range(2):
        callback.on_epoch_begin(epoch)
        callback.on_epoch_end(epoch, {"loss": epoch + 0.5, "val_loss": epoch + 2.0})
    callback.on_train_end()
    train = [(tag, step, v[2][0]) for tag, step, v in events(tmp_path / "train")]
    assert train == [
        ("epoch_loss", 0, 0.5),
        ("epoch_learning_rate", 0, 0.25),
        ("epoch_loss", 1, 1.5),
        ("epoch_learning_rate", 1, 0.25),
    ]
    validation = [(t, s, v[2][0]) for t, s, v in events(tmp_path / "validation")]
    assert validation == [("epoch_loss", 0, 2.0), ("epoch_loss", 1, 3.0)]


def test_batches_are_written_as_often_as_asked(tmp_path):
    callback = TensorBoard(tmp_path, update_freq=2)
    callback.on_train_begin()
    for batch in range(5):
        callback.on_train_batch_end(batch, {"loss": float(batch)})
    callback.on_train_end()
    found = [(tag, step) for tag, step, _ in events(tmp_path / "train")]
    assert found == [("batch_loss", 0), ("batch_loss", 2), ("batch_loss", 4)]


def test_evaluations_are_written_over_the_steps_of_training(tmp_path):
    callback = TensorBoard(tmp_path)
    model = StubModel()
    model.optimizer.iterations = 7
    callback.set_model(model)
    callback.on_test_begin()
    callback.on_test_end({"loss": 1.0})
    ((tag, step, _),) = events(tmp_path / "validation")
    assert (tag, step) == ("evaluation_loss_vs_iterations", 7)


def test_histogram_counts_all_values(tmp_path):
    file = EventFile(tmp_path)
    file.histogram("w", [0.0, 1.0, 1.0, 4.0, np.nan], 3, bins=4)
    file.close()
    ((tag, step, value),) = events(tmp_path)
    histogram = decoded(value[5][0])
    assert (tag, step) == ("w", 3)
    assert [histogram[i][0] for i in range(1, 6)] == [0.0, 4.0, 4.0, 6.0, 18.0]
    assert np.frombuffer(histogram[6][0]).tolist() == [1.0, 2.0, 3.0, 4.0]
    assert np.frombuffer(histogram[7][0]).tolist() == [1.0, 2.0, 0.0, 1.0]


def test_image_is_a_png(tmp_path):
    file = EventFile(tmp_path)
    file.image("i", np.zeros((2, 3, 1)), 0)
    file.close()
    ((_, _, value),) = events(tmp_path)
    image = decoded(value[4][0])
    assert [image[i][0] for i in (1, 2, 3)] == [2, 3, 1]
    assert image[4][0].startswith(b"\x89PNG")


def test_tensorboard_reads_the_files(tmp_path):
    module = "tensorboard.backend.event_processing.event_accumulator"
    reader = pytest.importorskip(module)
    from tensorboard.util import tensor_util

    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, name="d")])
    model.compile("sgd", "mse")
    callback = TensorBoard(tmp_path, histogram_freq=1, write_images=True, update_freq=1)
    x, y = np.ones((6, 3)), np.ones((6, 2))
    history = model.fit(
        x,
        y,
        batch_size=3,
        epochs=2,
        verbose=0,
        validation_data=(x, y),
        callbacks=[callback],
    ).history
    every = dict.fromkeys(reader.DEFAULT_SIZE_GUIDANCE, 0)
    train, validation = (
        reader.EventAccumulator(str(tmp_path / name), every).Reload()
        for name in ("train", "validation")
    )
    for run, key in ((train, "loss"), (validation, "val_loss")):
        found = [(e.step, e.value) for e in run.Scalars("epoch_loss")]
        assert found == [(i, np.float32(v)) for i, v in enumerate(history[key])]
    assert [e.step for e in train.Scalars("batch_loss")] == [0, 1, 2, 3]
    kernel = model.layers[0].kernel
    histogram = train.Histograms(f"{kernel.path}/histogram")[-1].histogram_value
    assert histogram.num == sum(histogram.bucket) == 6
    assert histogram.min == kernel.numpy().min()
    assert histogram.max == histogram.bucket_limit[-1] == kernel.numpy().max()
    image = train.Images(f"{kernel.path}/image")[-1]
    assert (image.height, image.width) == (2, 3)
    assert image.encoded_image_string.startswith(b"\x89PNG")
    assert list(train.PluginTagToContent("graph_keras_model")) == ["keras"]
    graph = tensor_util.make_ndarray(train.Tensors("keras")[0].tensor_proto)
    assert json.loads(graph.item())["class_name"] == "Sequential"


def test_weights_and_graph_are_written(tmp_path, trainable_backend):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, name="d")])
    model.compile("sgd", "mse")
    callback = TensorBoard(tmp_path, histogram_freq=1, write_images=True)
    model.fit(np.ones((4, 3)), np.ones((4, 2)), verbose=0, callbacks=[callback])
    found = {tag: value for tag, _, value in events(tmp_path / "train")}
    (kernel,) = [t for t in found if t.endswith("kernel/histogram")]
    assert kernel.replace("histogram", "image") in found
    graph = json.loads(decoded(found["keras"][8][0])[8][0])
    assert graph["class_name"] == "Sequential"


def test_unknown_update_frequency_is_refused():
    with pytest.raises(ValueError, match="got 'often'; expected 'epoch', 'batch'"):
        TensorBoard(update_freq="often")


class _Server(BaseHTTPRequestHandler):
    got: ClassVar[list] = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.got.append((self.path, self.headers["Content-Type"], body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.mark.parametrize("as_json", [False, True])
def test_remote_monitor_posts_the_metrics(as_json):
    _Server.got.clear()
    with HTTPServer(("127.0.0.1", 0), _Server) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        root = f"http://127.0.0.1:{server.server_port}"
        monitor = RemoteMonitor(root, send_as_json=as_json)
        monitor.on_epoch_end(2, {"loss": np.float32(0.5)})
        thread.join()
    ((path, kind, body),) = _Server.got
    assert path == "/publish/epoch/end/"
    assert ("json" in kind) == as_json
    text = body if as_json else parse_qs(body)["data"][0]
    assert json.loads(text) == {"epoch": 2, "loss": 0.5}


def test_remote_monitor_warns_where_nobody_answers():
    with pytest.warns(UserWarning, match="could not reach http://127.0.0.1:9"):
        RemoteMonitor("http://127.0.0.1:9").on_epoch_end(0, {})


def test_orbax_checkpoint_says_what_to_install(tmp_path, monkeypatch):
    for name in ("orbax", "orbax.checkpoint"):
        monkeypatch.setitem(sys.modules, name, None)  # as if it were not installed
    with pytest.raises(ImportError, match="pip install orbax-checkpoint"):
        keras.callbacks.OrbaxCheckpoint(tmp_path)


@pytest.mark.parametrize("background", [False, True])
def test_orbax_reads_what_its_checkpoint_wrote(tmp_path, background):
    orbax = pytest.importorskip("orbax.checkpoint")
    before = keras.config.backend()
    keras.config.set_backend("jax")
    try:
        model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
        model.compile("adam", "mse")
        callback = keras.callbacks.OrbaxCheckpoint(
            tmp_path, max_to_keep=2, save_on_background=background
        )
        x, y = np.ones((6, 3)), np.ones((6, 2))
        model.fit(x, y, epochs=3, verbose=0, callbacks=[callback])
        expected = {
            "weights": model.weights,
            "optimizer": model.optimizer.variables,
            "metrics": [v for m in model.metrics for v in m.variables],
        }
        assert callback.is_primary_host()
        assert not callback.is_multihost_enabled()
        with orbax.CheckpointManager(tmp_path) as manager:
            assert manager.all_steps() == [1, 2]
            found = manager.restore(2, args=orbax.args.StandardRestore())
        assert found.keys() == expected.keys()
        for name, variables in expected.items():
            for value, variable in zip(found[name], variables, strict=True):
                np.testing.assert_array_equal(value, variable.numpy())
    finally:
        keras.config.set_backend(before)
