"""Callbacks in trainings of a small model."""

import numpy as np
import pytest

import keras
from keras.callbacks import (
    BackupAndRestore,
    Callback,
    EarlyStopping,
    LearningRateScheduler,
    SwapEMAWeights,
    TerminateOnNaN,
)
from keras.callbacks import _training_state as training_state

X = np.linspace(-1, 1, 60, dtype="float32").reshape(20, 3)
Y = X.sum(1, keepdims=True)


def tiny_model(optimizer="adam"):
    model = keras.Sequential(
        [keras.Input((3,)), keras.layers.Dropout(0.5), keras.layers.Dense(1)]
    )
    model.compile(optimizer, "mse", metrics=["mae"])
    return model


class Interrupt(Callback):
    """Ends a training by an error, as a crash would."""

    def __init__(self, epoch, batch=None):
        super().__init__()
        self.at, self._epoch = (epoch, batch), None

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch = epoch
        if self.at == (epoch, None):
            raise KeyboardInterrupt

    def on_train_batch_end(self, batch, logs=None):
        if self.at == (self._epoch, batch):
            raise KeyboardInterrupt


def train(callbacks, epochs=3):
    keras.utils.clear_session(free_memory=False)  # the same names as in a new process
    keras.utils.set_random_seed(3)
    model = tiny_model()
    model.fit(X, Y, batch_size=4, epochs=epochs, verbose=0, callbacks=callbacks)
    return model


@pytest.mark.parametrize(("save_freq", "at"), [("epoch", (2, None)), (2, (1, 3))])
def test_an_interrupted_training_ends_with_the_same_weights(
    tmp_path, trainable_backend, save_freq, at
):
    # Something that looks at batches, so that both runs take single steps.
    listener = Interrupt(99)
    expected = train([listener])
    folder = tmp_path / "backup"
    with pytest.raises(KeyboardInterrupt):
        train([BackupAndRestore(folder, save_freq), Interrupt(*at)])
    keras.utils.clear_session(free_memory=False)
    keras.utils.set_random_seed(8)
    model = tiny_model()
    backup = BackupAndRestore(folder, save_freq)
    history = model.fit(
        X, Y, batch_size=4, epochs=3, verbose=0, callbacks=[backup, listener]
    )
    assert history.epoch == list(range(at[0], 3))
    for a, b in zip(expected.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    assert history.history["mae"][-1] == expected.history.history["mae"][-1]
    assert not folder.exists()


def test_backup_of_another_model_is_refused_and_changes_nothing(tmp_path):
    train([BackupAndRestore(tmp_path, delete_checkpoint=False)], epochs=1)
    other = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    other.compile("sgd", "mse")
    other.optimizer.build(other.trainable_variables)
    before = [w.copy() for w in other.get_weights()]
    with pytest.raises(ValueError, match=r"Delete the file|delete it to begin anew"):
        training_state.load(tmp_path / "latest.npz", other)
    for a, b in zip(before, other.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_double_checkpoint_survives_a_damaged_file(tmp_path):
    def options():
        return BackupAndRestore(
            tmp_path, double_checkpoint=True, delete_checkpoint=False
        )

    train([options()], epochs=2)
    (tmp_path / "latest.npz").write_bytes(b"damaged")
    backup = options()
    train([backup], epochs=2)
    assert backup.resume_at == (1, 0)


def test_early_stopping_restores_weights_of_the_best_epoch(trainable_backend):
    seen = []

    class Note(Callback):
        def on_epoch_end(self, epoch, logs=None):
            seen.append(np.array(self.model.get_weights()[0]))
            logs["score"] = -abs(epoch - 1)

    stop = EarlyStopping("score", mode="max", patience=2, restore_best_weights=True)
    model = tiny_model()
    history = model.fit(X, Y, epochs=9, verbose=0, callbacks=[Note(), stop])
    assert len(history.epoch) == 4
    np.testing.assert_array_equal(model.get_weights()[0], seen[1])


def test_scheduler_sets_and_logs_the_rate(trainable_backend):
    schedule = LearningRateScheduler(lambda epoch: 0.5 / (epoch + 1))
    history = tiny_model("sgd").fit(X, Y, epochs=2, verbose=0, callbacks=[schedule])
    assert history.history["learning_rate"] == pytest.approx([0.5, 0.25])


def test_scheduler_is_given_the_rate_and_must_return_a_float():
    schedule = LearningRateScheduler(lambda epoch, rate: "fast")
    with pytest.raises(ValueError, match=r"returned 'fast' \(str\) for epoch 0"):
        tiny_model().fit(X, Y, verbose=0, callbacks=[schedule])


def test_scheduler_cannot_set_what_a_schedule_gives():
    decay = keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.9)
    callback = LearningRateScheduler(lambda epoch: 0.1)
    with pytest.raises(TypeError, match="given by ExponentialDecay"):
        tiny_model(keras.optimizers.SGD(decay)).fit(
            X, Y, verbose=0, callbacks=[callback]
        )


def test_nan_ends_training_at_its_batch(trainable_backend, capsys):
    y = Y.copy()
    y[5] = np.nan
    model = tiny_model()
    seen = []
    count = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: seen.append(batch)
    )
    arguments = {"batch_size": 4, "shuffle": False, "verbose": 0}
    with pytest.warns(UserWarning, match="The loss is nan"):
        model.fit(X, y, callbacks=[count, TerminateOnNaN()], **arguments)
    assert seen == [0, 1]
    assert "Batch 1: Invalid loss" in capsys.readouterr().out
    with pytest.raises(RuntimeError, match="the loss is nan at batch 1"):
        tiny_model().fit(
            X, y, callbacks=[TerminateOnNaN(raise_error=True)], **arguments
        )


def test_averages_are_used_for_evaluation_only(trainable_backend):
    model = tiny_model(keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.5))
    seen = {}

    class Note(Callback):
        def on_test_batch_end(self, batch, logs=None):
            seen["test"] = np.array(self.model.get_weights()[0])

        def on_epoch_end(self, epoch, logs=None):
            seen["epoch"] = np.array(self.model.get_weights()[0])

    model.fit(
        X,
        Y,
        batch_size=4,
        verbose=0,
        validation_data=(X, Y),
        callbacks=[SwapEMAWeights(), Note()],
    )
    assert not np.array_equal(seen["test"], seen["epoch"])
    # In the end `fit` leaves the averages in the model.
    np.testing.assert_array_equal(seen["test"], model.get_weights()[0])


def test_averages_must_be_kept_by_the_optimizer():
    with pytest.raises(ValueError, match=r"keeps no moving averages.*use_ema=True"):
        tiny_model("sgd").fit(
            X, Y, verbose=0, validation_data=(X, Y), callbacks=[SwapEMAWeights()]
        )
