"""A training with all that must be restored, and its end after being killed.

As a program: `python resumed.py VARIANT SAVE_FREQ KILLS FOLDER` runs the training once
as it is, then kills it at random moments by SIGKILL until there were so many kills,
and fails unless it ended the same each time.
"""

import os
import pickle
import random
import signal
import sys
import time
from pathlib import Path

import numpy as np

import keras
from keras import callbacks, layers
from keras.saving import _files

X = np.random.default_rng(1).standard_normal((44, 3)).astype("float32")
Y = (X.sum(1, keepdims=True) > 0).astype("float32")
BATCH, EPOCHS = 8, 6


class Data(keras.utils.PyDataset):
    """Batches that depend on what an epoch before did to the order, and on noise."""

    def __init__(self):
        super().__init__()
        self.rng = np.random.default_rng(5)
        self.order = np.arange(len(X))

    def __len__(self):
        return 5

    def __getitem__(self, index):
        rows = self.order[index * BATCH : (index + 1) * BATCH]
        return X[rows] + np.random.normal(size=(len(rows), 3)) * 0.01, Y[rows]

    def on_epoch_end(self):
        self.rng.shuffle(self.order)


def generated(seed):
    rng = np.random.default_rng(seed)
    while True:
        rows = rng.integers(0, len(X), BATCH)
        yield X[rows], Y[rows]


class Loader:
    """Batches in an order drawn anew each time, as data loaders draw it."""

    def __len__(self):
        return 5

    def __iter__(self):
        order = np.random.permutation(len(X))
        for i in range(5):
            rows = order[i * BATCH : (i + 1) * BATCH]
            yield X[rows], Y[rows]


ARRAYS = {"x": X, "y": Y, "batch_size": BATCH, "validation_split": 0.2}
VALIDATED = {"validation_data": (X[::2], Y[::2])}
VARIANTS = {
    "arrays": lambda: ARRAYS,
    "blocks": lambda: ARRAYS | {"batch_size": 2},
    "short epochs": lambda: ARRAYS | {"steps_per_epoch": 3},
    "long epochs": lambda: ARRAYS | {"steps_per_epoch": 7},
    "counted epochs": lambda: ARRAYS | {"steps_per_epoch": 5},
    "later epochs": lambda: ARRAYS | {"initial_epoch": 2},
    "dataset": lambda: {"x": Data()} | VALIDATED,
    "short dataset": lambda: {"x": Data(), "steps_per_epoch": 3} | VALIDATED,
    "loader": lambda: {"x": Loader()} | VALIDATED,
    "generators": lambda: {
        "x": generated(1),
        "steps_per_epoch": 4,
        "validation_data": generated(2),
        "validation_steps": 2,
    },
}


class Notes(callbacks.Callback):
    """A callback of a user: with a state, and with an argument it keeps by itself."""

    def __init__(self, limit=3.0):
        super().__init__()
        self._limit = limit
        self.seen = []
        self.best = None
        self.means = {}

    def on_epoch_end(self, epoch, logs=None):
        self.seen.append((epoch, float(np.random.random())))
        self.best = np.array(self.model.get_weights()[0])
        self.means[epoch] = np.float32(logs["loss"])


def own_callbacks(folder, rate, append):
    """Callbacks with a state; with `rate` those too that set the learning rate."""
    stop = callbacks.EarlyStopping("loss", patience=2, restore_best_weights=True)
    best = callbacks.ModelCheckpoint(
        folder / "best.weights.h5",
        "val_loss",
        save_best_only=True,
        save_weights_only=True,
    )
    log = callbacks.CSVLogger(folder / "log.csv", append=append)
    setters = [
        callbacks.LearningRateScheduler(lambda epoch, now: now * 0.9),
        callbacks.ReduceLROnPlateau("loss", 0.5, patience=1, cooldown=1),
    ]
    return [stop, best, *(setters if rate else []), Notes(), log]


def train(folder, variant, save_freq, bomb=None, per_step=1, append=True):
    """Train or go on; what a user can see of the end."""
    keras.utils.clear_session(free_memory=False)
    keras.utils.set_random_seed(3)
    sets_rate = variant != "blocks"
    rate = 0.05
    if not sets_rate:
        rate = keras.optimizers.schedules.ExponentialDecay(rate, 5, 0.9)
    model = keras.Sequential(
        [
            keras.Input((3,)),
            layers.Dense(4, activation="tanh"),
            layers.BatchNormalization(),
            layers.Dropout(0.3),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(
        keras.optimizers.Adam(rate, use_ema=True, clipnorm=1.0),
        "binary_crossentropy",
        metrics=["accuracy"],
        steps_per_execution=per_step,
    )
    backup = callbacks.BackupAndRestore(folder / "backup", save_freq)
    listening = own_callbacks(folder, sets_rate, append)
    # In the midst: its place in the list does not matter.
    listening.insert(2, backup)
    history = model.fit(
        **VARIANTS[variant](),
        epochs=EPOCHS,
        verbose=0,
        callbacks=listening + ([bomb] if bomb else []),
    )
    assert not (folder / "backup").exists()
    notes = next(c for c in listening if isinstance(c, Notes))
    return {
        "weights": [np.array(w) for w in model.get_weights()],
        "optimizer": [np.array(v.numpy()) for v in model.optimizer.variables],
        "history": history.history,
        "epochs": history.epoch,
        "csv": (folder / "log.csv").read_text(),
        "notes": [notes.seen, notes.best, notes.means],
        "stop": [listening[0].wait, listening[0].best, listening[0].best_epoch],
        "file": (folder / "best.weights.h5").stat().st_size,
        "checkpoint": listening[1].best,
    }


class Begun(callbacks.Callback):
    """Tells another process that the training begins."""

    def __init__(self, pipe):
        super().__init__()
        self.pipe = pipe

    def on_train_begin(self, logs=None):
        os.write(self.pipe, b".")


def in_child(folder, variant, save_freq):
    """The process of a training that has begun, and writes its end into a file."""
    begun, pipe = os.pipe()
    pid = os.fork()
    if pid:
        os.close(pipe)
        os.read(begun, 1)
        os.close(begun)
        return pid
    status = 1
    try:
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115
        # Killed after its end, a training begins anew, and its log must too.
        result = train(folder, variant, save_freq, Begun(pipe), append=False)
        (folder / "end.pickle").write_bytes(pickle.dumps(result))
        status = 0
    finally:
        os._exit(status)


def main(variant, save_freq, kills, folder):
    # Once: but no computation, which starts threads, before a fork.
    __import__(keras.config.backend())
    # A power failure is not tested, and waiting for the disk takes most of the time.
    _files._to_disk = lambda path: None
    save_freq = save_freq if save_freq == "epoch" else int(save_freq)
    folder = Path(folder)
    ends, length = set(), 0.0
    for name in ("first", "second"):  # one may find what the other has compiled
        (folder / name).mkdir()
        pid = in_child(folder / name, variant, save_freq)
        began = time.monotonic()
        assert os.waitpid(pid, 0)[1] == 0
        length = time.monotonic() - began
        ends.add((folder / name / "end.pickle").read_bytes())
    (expected,) = ends
    killed, run = 0, 0
    while True:
        place = folder / f"run{run}"
        place.mkdir(exist_ok=True)
        pid = in_child(place, variant, save_freq)
        if killed < int(kills):
            time.sleep(length * random.uniform(0, 1))
            os.kill(pid, signal.SIGKILL)
        status = os.waitpid(pid, 0)[1]
        if os.WIFSIGNALED(status) and not (place / "end.pickle").exists():
            killed += 1
            continue
        assert (place / "end.pickle").exists(), status
        assert (place / "end.pickle").read_bytes() == expected, "another end"
        run += 1
        if killed >= int(kills):
            break
    print(f"the same after {killed} kills in {run} runs")


if __name__ == "__main__":
    main(*sys.argv[1:])
