"""Progress lines."""

import io
import logging
import re

import numpy as np
import pytest

import keras
from keras.callbacks import ProgbarLogger
from keras.callbacks import _progress as progress


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.5, "0.5000"), (0, "0.0000"), (1e-5, "1.0000e-05"), (1e6, "1.0000e+06"),
     (np.array([1.0, 3.0]), "2.0000"), ("x", "x")],
)  # fmt: skip
def test_numbers_have_four_digits(value, text):
    assert progress.number_text(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.2, "0s"), (59.9, "59s"), (61, "1:01"), (3661, "1:01:01")]
)
def test_durations_are_short(seconds, text):
    assert progress.duration_text(seconds) == text


def epoch(verbose, **params):
    logger = ProgbarLogger()
    logger.set_params({"epochs": 2, "steps": 12, "verbose": verbose, **params})
    logger.on_train_begin()
    logger.on_epoch_begin(0)
    logger.show(5, {"loss": 0.3})
    logger.on_test_begin()
    logger.on_test_end({"loss": 0.2})
    logger.on_epoch_end(0, {"loss": 0.1, "val_loss": 0.2})


def test_one_line_remains_of_an_epoch(capsys):
    epoch(1)
    pattern = (
        r"Epoch 1/2\n12/12 ━{20} 0s \d+[mu]s/step - loss: 0.1000 - val_loss: 0.2000\n"
    )
    assert re.fullmatch(pattern, capsys.readouterr().out)


def test_verbose_two_has_no_bar(capsys):
    epoch(2)
    pattern = (
        r"Epoch 1/2 - 12/12 - 0s \d+[mu]s/step - loss: 0.1000 - val_loss: 0.2000\n"
    )
    assert re.fullmatch(pattern, capsys.readouterr().out)


def test_unknown_length_counts_what_was_done(capsys):
    epoch(2, steps=None)
    assert " - 5 - 0s" in capsys.readouterr().out


def test_progress_goes_to_the_log(capsys, caplog):
    keras.config.disable_interactive_logging()
    try:
        with caplog.at_level(logging.INFO, logger="keras"):
            epoch(1)
    finally:
        keras.config.enable_interactive_logging()
    assert capsys.readouterr().out == ""
    assert "12/12" in caplog.text


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_in_a_terminal_the_line_is_drawn_while_it_runs(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr("sys.stdout", terminal)
    monkeypatch.setenv("TERM", "xterm")
    epoch(1)
    text = terminal.getvalue()
    assert "5/12" in text
    assert "loss: 0.3000" in text
    assert text.endswith("val_loss: 0.2000\n")


def test_progbar_shows_values_and_averages(capsys):
    bar = keras.utils.Progbar(4, stateless_metrics=["mean"])
    for step in range(4):
        bar.add(1, [("last", step), ("mean", step)])
    text = capsys.readouterr().out
    assert text.startswith("4/4 ━")
    assert text.endswith(" - last: 3.0000 - mean: 1.5000\n")


def test_progbar_can_be_ended_early_and_be_silent(capsys):
    bar = keras.utils.Progbar(None, unit_name="file")
    bar.update(3)
    assert capsys.readouterr().out == ""
    bar.update(3, finalize=True)
    assert re.match(r"3/3 ━+ 0s \d+[mu]s/file", capsys.readouterr().out)
    keras.utils.Progbar(1, verbose=0).add(1)
    assert capsys.readouterr().out == ""
