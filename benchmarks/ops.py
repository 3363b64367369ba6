"""What an op adds to the engine's own call, and how fast symbolic calls are recorded.

    python benchmarks/ops.py [--backend torch] [--symbolic]

Eager: the median over rounds of the time of `keras.ops.add(x, y)` less that of the
engine's function, called as its users call it, the two in turns. Symbolic: microseconds
for one recorded call.
"""

import argparse
import os
import re
import statistics
import timeit
from pathlib import Path

TABLE = Path(__file__).with_suffix(".txt").read_text().splitlines()
ROWS = [[cell.strip() for cell in row.split("|")] for row in TABLE if row[0] != "#"]
CASES = {name: calls for name, *calls in ROWS}


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--backend", default="torch", choices=["torch", "jax", "numpy"])
    parser.add_argument("--rounds", type=int, default=31)
    parser.add_argument("--symbolic", action="store_true")
    parser.add_argument("--only", nargs="*", help="names of ops")
    return parser.parse_args()


def names(backend):
    """What the cases are written in."""
    from keras import ops

    ones, zeros = ops.ones, ops.zeros
    found = {
        "ops": ops,
        "x": ones((8, 8)),
        "y": ones((8, 8)),
        "c": ones((8, 8), "bool"),
        "i": ops.convert_to_tensor([0, 2, 4, 6], "int64"),
        "k": zeros((8, 1), "int64"),
        "s": zeros((8,), "int64"),
        "r": ones((1, 8)),
        "u": ones((8, 4)),
        "v": ones((8,)),
        "t": ones((4, 3)),
        "p": ops.eye(8),
        "q": ones((1, 8, 2, 4)),
        "image": ones((1, 8, 8, 3)),
        "kernel": ones((3, 3, 3, 4)),
    }
    if backend == "torch":
        import torch

        return found | {"torch": torch, "F": torch.nn.functional}
    if backend == "jax":
        import jax.numpy as np
    else:
        import numpy as np
    return found | {"np": np}


def added(options):
    """Print the times of every case, the engine's call and ours in turns."""
    scope = names(options.backend)
    print(f"{'op':24} {'engine us':>10} {'keras us':>10} {'added us':>10}")
    for name, (ours, torch, numpy) in CASES.items():
        native = torch if options.backend == "torch" else numpy
        if not native or (options.only and name not in options.only):
            continue
        timers = [timeit.Timer(code, globals=scope) for code in (native, ours)]
        pairs = [[t.timeit(1000) / 1e-3 for t in timers] for _ in range(options.rounds)]
        engine, whole = (statistics.median(times) for times in zip(*pairs, strict=True))
        more = statistics.median(b - a for a, b in pairs)
        print(f"{name:24} {engine:10.2f} {whole:10.2f} {more:10.2f}")


def recorded(options):
    """Print the time of a symbolic call of every case."""
    import keras

    scope = names(options.backend)
    for name, value in scope.items():
        if keras.ops.is_tensor(value):
            scope[name] = keras.KerasTensor(value.shape, value.dtype)
    inputs = "|".join(n for n, v in scope.items() if isinstance(v, keras.KerasTensor))
    print(f"{'symbolic op':24} {'us':>10}")
    for name, (ours, _, _) in CASES.items():
        if options.only and name not in options.only:
            continue
        if name == "nonzero" or not re.search(rf"\b({inputs})\b", ours):
            continue  # of values, or of no tensor
        time = timeit.Timer(ours, globals=scope)
        time.timeit(5)
        print(f"{name:24} {time.timeit(100) / 1e-4:10.0f}")


def main():
    options = parse()
    os.environ["KERAS_BACKEND"] = options.backend
    if options.symbolic:
        recorded(options)
    else:
        added(options)


if __name__ == "__main__":
    main()
