"""EarlyStopping, ReduceLROnPlateau and what they share."""

import math

import pytest
from callback_stubs import StubModel, run_epochs

from keras.callbacks import EarlyStopping, ReduceLROnPlateau
from keras.callbacks._watch import Watch, best_direction

DIRECTIONS = [
    ("val_loss", "min"),
    ("loss", "min"),
    ("accuracy", "max"),
    ("val_sparse_categorical_accuracy", "max"),
    ("acc", "max"),
    ("auc_1", "max"),
    ("head_auc", "max"),
    ("val_mean_squared_error", "min"),
    ("mae", "min"),
    ("cosine_similarity", "max"),
    ("f1_score", "max"),
    ("accuracy_loss", "min"),
    ("binary_crossentropy", "min"),
]


@pytest.mark.parametrize(("name", "expected"), DIRECTIONS)
def test_names_tell_the_direction(name, expected):
    assert best_direction(name, "EarlyStopping") == expected


def test_a_name_that_tells_nothing_needs_a_mode():
    with pytest.raises(ValueError, match=r"EarlyStopping\(monitor='zest'.*Pass mode="):
        run_epochs(EarlyStopping("zest"), [1.0, 2.0], "zest")


def test_unknown_mode_is_warned_about():
    with pytest.warns(UserWarning, match="got 'most'; expected 'min', 'max' or 'auto'"):
        EarlyStopping(mode="most")


def test_nan_is_never_better():
    watch = Watch("loss", "auto", 0.0, "x")
    assert not watch.improves(math.nan, None)
    assert not watch.improves(math.nan, 1.0)


@pytest.mark.parametrize(
    ("arguments", "values", "epochs"),
    [
        ({}, [3.0, 2.0, 2.5, 1.0], 3),
        ({"patience": 1}, [3.0, 2.0, 2.5, 1.0], 3),
        ({"patience": 2}, [3.0, 3.1, 3.2, 3.3], 3),
        ({"min_delta": 0.5}, [3.0, 2.8, 2.6], 2),
        ({"baseline": 1.0, "patience": 2}, [3.0, 2.0, 1.5, 0.1], 2),
        ({"start_from_epoch": 2}, [1.0, 5.0, 4.0, 3.0, 3.5], 5),
        ({"mode": "max"}, [1.0, 2.0, 1.5], 3),
    ],
)
def test_training_stops_after_patience(arguments, values, epochs):
    assert run_epochs(EarlyStopping(**arguments), values)[0] == epochs


def test_best_weights_are_restored_as_they_were():
    stop = EarlyStopping(patience=2, restore_best_weights=True)
    done, model = run_epochs(stop, [3.0, 1.0, 2.0, 2.0, 9.0])
    assert done == 4
    assert model.weight.tolist() == [2.0, 2.0]
    assert (stop.best, stop.best_epoch, stop.stopped_epoch) == (1.0, 1, 3)


def test_missing_metric_is_named_once():
    stop = EarlyStopping("val_acc")
    with pytest.warns(UserWarning, match="Available metrics are: val_loss") as caught:
        run_epochs(stop, [1.0, 2.0])
    assert len(caught) == 1


def test_verbose_says_when_and_what_is_restored(capsys):
    run_epochs(EarlyStopping(verbose=1, restore_best_weights=True), [1.0, 2.0])
    text = capsys.readouterr().out
    assert "Epoch 2: early stopping" in text
    assert "best epoch: 1." in text


@pytest.mark.parametrize(
    ("arguments", "values", "rate"),
    [
        ({"patience": 1}, [1.0, 1.0], 0.01),
        ({"patience": 2, "factor": 0.5}, [1.0, 1.0, 1.0], 0.05),
        ({"patience": 1, "cooldown": 2}, [1.0, 1.0, 1.0, 1.0], 0.001),
        ({"patience": 1, "min_lr": 0.05}, [1.0, 1.0, 1.0], 0.05),
        ({"patience": 1}, [1.0, 0.9, 0.8], 0.1),
        ({"patience": 1, "min_delta": 0.5}, [1.0, 0.9], 0.01),
    ],
)
def test_learning_rate_is_reduced_on_a_plateau(arguments, values, rate):
    _, model = run_epochs(ReduceLROnPlateau(**arguments), values)
    assert model.optimizer.learning_rate == pytest.approx(rate)


def test_learning_rate_is_added_to_the_logs():
    callback = ReduceLROnPlateau()
    callback.set_model(StubModel(0.5))
    logs = {"val_loss": 1.0}
    callback.on_epoch_end(0, logs)
    assert logs["learning_rate"] == 0.5


def test_factor_must_be_below_one():
    with pytest.raises(ValueError, match=r"factor=.*got 1.0.*below 1"):
        ReduceLROnPlateau(factor=1.0)
