"""Processes that make batches: order, errors, Ctrl-C, and that none is left."""

import os
import signal
import subprocess
import sys
import time

import pytest

PROGRAM = """
import multiprocessing, os, sys, time
import numpy as np
import keras
from keras import layers

class Data(keras.utils.PyDataset):
    fail_at = None
    pause = 0.0
    ended = 0

    def __len__(self):
        return 6

    def __getitem__(self, index):
        if index == self.fail_at:
            raise ZeroDivisionError("batch of no size")
        time.sleep(self.pause + (0.05 if index % 2 else 0.0))
        return np.full((2, 1), index, "float32"), np.full((2, 1), os.getpid())

    def on_epoch_end(self):
        self.ended += 1

class Seen(keras.Sequential):
    def train_step(self, data):
        x, y = data
        print("batch", int(x[0, 0]), int(y[0, 0]), flush=True)
        return super().train_step((x, x))

def main(method, use_multiprocessing=True, **options):
    multiprocessing.set_start_method(method)
    data = Data(workers=2, use_multiprocessing=use_multiprocessing, max_queue_size=3)
    vars(data).update(options)
    model = Seen([keras.Input((1,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    try:
        model.fit(data, epochs=2, shuffle=False, verbose=0)
    finally:
        deadline = time.time() + 10
        while multiprocessing.active_children() and time.time() < deadline:
            time.sleep(0.05)
        left = len(multiprocessing.active_children())
        print("ended", data.ended, "left", left, flush=True)

if __name__ == "__main__":
    main(sys.argv[1], **eval(sys.argv[2]))
"""


def start(tmp_path, method, **options):
    script = tmp_path / "program.py"
    script.write_text(PROGRAM)
    return subprocess.Popen(
        [sys.executable, script, method, repr(options)],
        env=os.environ | {"KERAS_BACKEND": "torch"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@pytest.mark.parametrize("method", ["spawn", "fork"])
def test_processes_make_batches_in_order_and_end(tmp_path, method):
    out, err = start(tmp_path, method).communicate(timeout=120)
    *batches, last = [line.split() for line in out.splitlines()]
    assert [int(b[1]) for b in batches] == [*range(6), *range(6)], err
    assert len({b[2] for b in batches}) > 1
    assert last == ["ended", "2", "left", "0"]


def test_an_error_in_a_process_comes_with_its_traceback(tmp_path):
    process = start(tmp_path, "spawn", fail_at=2)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "in __getitem__" in err and "ZeroDivisionError: batch of no size" in err
    assert [line.split()[1] for line in out.splitlines()[:-1]] == ["0", "1"]
    assert out.splitlines()[-1] == "ended 0 left 0"


@pytest.mark.parametrize("processes", [True, False])
def test_ctrl_c_ends_the_program_and_its_workers(tmp_path, processes):
    process = start(tmp_path, "spawn", use_multiprocessing=processes, pause=1.0)
    first = process.stdout.readline()
    assert first.startswith("batch 0"), process.communicate()[1]
    began = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)  # a terminal sends it to all of them
    out, err = process.communicate(timeout=60)
    assert time.monotonic() - began < 20
    assert process.returncode != 0
    assert err.count("KeyboardInterrupt") == 1
    assert out.splitlines()[-1] == "ended 0 left 0"
    deadline = time.monotonic() + 10
    with pytest.raises(ProcessLookupError):  # in the end nobody is left of its group
        while time.monotonic() < deadline:
            os.killpg(process.pid, 0)
            time.sleep(0.05)
