"""`CallbackList` and what callbacks hear."""

import pytest

import keras
from keras.callbacks import Callback, CallbackList, LambdaCallback, ModelCheckpoint

BATCH_HOOKS = ("on_train_batch_begin", "on_train_batch_end", "on_batch_end")


class Recorder(Callback):
    def __init__(self):
        super().__init__()
        self.calls = []

    def on_epoch_begin(self, epoch, logs=None):
        self.calls.append(("epoch", epoch, logs))

    def on_batch_end(self, batch, logs=None):
        self.calls.append(("batch", batch, logs))


def test_list_passes_every_hook_on_in_order():
    names = [n for n in vars(Callback) if n.startswith("on_")]
    calls = []
    hooks = {n: lambda *args, n=n: calls.append(n) for n in names}
    callbacks = CallbackList([LambdaCallback(**hooks)])
    for name in names:
        is_numbered = "batch" in name or "epoch" in name
        getattr(callbacks, name)(*((0,) if is_numbered else ()))
    assert calls == names


def test_callbacks_are_given_a_dict_where_there_are_no_logs():
    recorder = Recorder()
    CallbackList([recorder]).on_epoch_begin(3)
    assert recorder.calls == [("epoch", 3, {})]


def test_train_batches_reach_the_short_names():
    recorder = Recorder()
    CallbackList([recorder]).on_train_batch_end(2, {"loss": 1.0})
    assert recorder.calls == [("batch", 2, {"loss": 1.0})]


def test_nobody_listens_to_batches_unless_a_callback_hears_of_them():
    quiet = [
        ModelCheckpoint("a.keras"),
        keras.callbacks.TensorBoard("logs", write_graph=False),
        keras.callbacks.BackupAndRestore("backup"),
        LambdaCallback(on_epoch_end=print),
        keras.callbacks.EarlyStopping(),
    ]
    assert not CallbackList(quiet, add_history=True).listens(*BATCH_HOOKS)


@pytest.mark.parametrize(
    "make",
    [
        lambda: ModelCheckpoint("a.keras", save_freq=5),
        lambda: keras.callbacks.TensorBoard("logs", update_freq="batch"),
        lambda: keras.callbacks.BackupAndRestore("backup", save_freq=2),
        lambda: LambdaCallback(on_train_batch_end=print),
        keras.callbacks.TerminateOnNaN,
        Recorder,
    ],
)
def test_callbacks_of_batches_are_heard(make):
    assert CallbackList([make()]).listens(*BATCH_HOOKS)


def test_a_subclass_that_overrides_a_batch_hook_is_heard():
    class Mine(ModelCheckpoint):
        def on_train_batch_end(self, batch, logs=None):
            pass

    assert Mine("a.keras").hears("on_train_batch_end")


def test_history_comes_last_and_progress_once():
    callbacks = CallbackList([Recorder()], add_history=True, add_progbar=True)
    names = [type(c).__name__ for c in callbacks.callbacks]
    assert names == ["Recorder", "ProgbarLogger", "History"]
    again = CallbackList(callbacks.callbacks, add_history=True, add_progbar=True)
    assert len(again.callbacks) == 3


def test_a_class_in_place_of_an_instance_is_refused():
    with pytest.raises(TypeError, match=r"the class EarlyStopping.*Pass an instance"):
        CallbackList([keras.callbacks.EarlyStopping])


def test_unknown_hook_of_lambda_callback_names_the_nearest():
    with pytest.raises(ValueError, match=r"on_epoch_ends.*on_epoch_end"):
        LambdaCallback(on_epoch_ends=print)
