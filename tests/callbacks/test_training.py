"""Callbacks in trainings of a small model."""

import numpy as np
import pytest

import keras
from keras.callbacks import (
    Callback,
    EarlyStopping,
    LearningRateScheduler,
    SwapEMAWeights,
    TerminateOnNaN,
)

X = np.linspace(-1, 1, 60, dtype="float32").reshape(20, 3)
Y = X.sum(1, keepdims=True)


def tiny_model(optimizer="adam"):
    model = keras.Sequential(
        [keras.Input((3,)), keras.layers.Dropout(0.5), keras.layers.Dense(1)]
    )
    model.compile(optimizer, "mse", metrics=["mae"])
    return model


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
