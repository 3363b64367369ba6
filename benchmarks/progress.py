"""The share of training that goes into showing its progress, in a log and a terminal.

    PYTHONPATH=src KERAS_BACKEND=torch python benchmarks/progress.py

The processor time of all that is done for the bar alone (reading the metrics for it,
putting it together, writing it), over the time of the epochs: the MLP, whose steps are
the shortest, in epochs of about one and ten seconds.
"""

import os
import subprocess
import sys
import time
from functools import wraps

import workloads

EPOCHS = 3


def timed(cls, name, spent):
    """Let calls of a method add their processor time to `spent`, but for inner ones."""
    method = getattr(cls, name)

    @wraps(method)
    def call(*args, **kwargs):
        inside, spent["inside"] = spent["inside"], True
        began = time.thread_time()
        try:
            return method(*args, **kwargs)
        finally:
            spent["inside"] = inside
            if not inside:
                spent["seconds"] += time.thread_time() - began
                spent["calls"] += 1

    setattr(cls, name, call)


def measure(samples):
    """Train, and tell the share on the standard error stream."""
    from keras.callbacks import ProgbarLogger
    from keras.training._loop import _Report

    contender = workloads.WithKeras("mlp", samples)
    model = contender.model
    spent = {"inside": False, "seconds": 0.0, "calls": 0}
    for name in ("on_train_begin", "on_epoch_begin", "progress", "on_epoch_end"):
        if name in vars(ProgbarLogger):
            timed(ProgbarLogger, name, spent)
    timed(_Report, "logs", spent)
    model.fit(contender.x, contender.y, verbose=1)
    spent.update(seconds=0.0, calls=0)
    began = time.perf_counter()
    model.fit(contender.x, contender.y, epochs=EPOCHS, verbose=1)
    whole = time.perf_counter() - began
    print(
        f"{whole / EPOCHS:.2f} s an epoch, {spent['seconds'] / EPOCHS * 1e3:.1f} ms of "
        f"it in {spent['calls'] / EPOCHS:.0f} calls: {spent['seconds'] / whole:.2%}",
        file=sys.stderr,
    )


def in_terminal(command):
    """Run `command` with a pseudo-terminal for its output."""
    controller, terminal = os.openpty()
    process = subprocess.Popen(
        command, stdout=terminal, stderr=subprocess.PIPE, text=True
    )
    os.close(terminal)
    while process.poll() is None:
        try:
            os.read(controller, 1 << 16)
        except OSError:  # nobody holds the terminal any more
            break
    return process.communicate()[1]


def in_log(command):
    """Run `command` with a pipe for its output."""
    return subprocess.run(command, capture_output=True, text=True).stderr


def main():
    if len(sys.argv) > 1:
        measure(int(sys.argv[1]))
        return
    faster = 10 if os.environ.get("KERAS_BACKEND") == "jax" else 1
    for samples in (60_000 * faster, 600_000 * faster):
        command = [sys.executable, __file__, str(samples)]
        for where in (in_log, in_terminal):
            print(f"{where.__name__:12}", where(command).strip().splitlines()[-1])


if __name__ == "__main__":
    main()
