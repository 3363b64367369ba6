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

CASES = {
    # name: (with keras.ops, on torch, on NumPy or jax.numpy)
    "add": ("ops.add(x, y)", "torch.add(x, y)", "np.add(x, y)"),
    "add scalar": ("ops.add(x, 2.0)", "torch.add(x, 2.0)", "np.add(x, 2.0)"),
    "multiply scalar": ("ops.multiply(2, x)", "2 * x", "2 * x"),
    "divide": ("ops.divide(x, y)", "torch.div(x, y)", "np.divide(x, y)"),
    "maximum": ("ops.maximum(x, y)", "torch.maximum(x, y)", "np.maximum(x, y)"),
    "greater": ("ops.greater(x, y)", "torch.gt(x, y)", "np.greater(x, y)"),
    "exp": ("ops.exp(x)", "torch.exp(x)", "np.exp(x)"),
    "tanh": ("ops.tanh(x)", "torch.tanh(x)", "np.tanh(x)"),
    "relu": ("ops.relu(x)", "torch.relu(x)", "np.maximum(x, 0)"),
    "softmax": ("ops.softmax(x)", "torch.softmax(x, -1)", None),
    "matmul": ("ops.matmul(x, y)", "torch.matmul(x, y)", "np.matmul(x, y)"),
    "einsum": (
        "ops.einsum('ij,jk->ik', x, y)",
        "torch.einsum('ij,jk->ik', x, y)",
        "np.einsum('ij,jk->ik', x, y)",
    ),
    "sum": ("ops.sum(x, -1)", "torch.sum(x, -1)", "np.sum(x, -1)"),
    "mean": ("ops.mean(x, 0)", "torch.mean(x, 0)", "np.mean(x, 0)"),
    "max": ("ops.max(x, -1)", "torch.amax(x, -1)", "np.max(x, -1)"),
    "reshape": ("ops.reshape(x, (4, 16))", "x.reshape(4, 16)", "x.reshape(4, 16)"),
    "transpose": ("ops.transpose(x, (1, 0))", "x.permute(1, 0)", "x.transpose(1, 0)"),
    "expand_dims": ("ops.expand_dims(x, 0)", "x.unsqueeze(0)", "np.expand_dims(x, 0)"),
    "concatenate": (
        "ops.concatenate([x, y], -1)",
        "torch.cat([x, y], -1)",
        "np.concatenate([x, y], -1)",
    ),
    "stack": ("ops.stack([x, y])", "torch.stack([x, y])", "np.stack([x, y])"),
    "where": ("ops.where(c, x, y)", "torch.where(c, x, y)", "np.where(c, x, y)"),
    "take": (
        "ops.take(x, i, 0)",
        "torch.index_select(x, 0, i)",
        "np.take(x, i, 0)",
    ),
    "slice": (
        "ops.slice(x, (0, 2), (8, 4))",
        "x[0:8, 2:6]",
        "x[0:8, 2:6]",
    ),
    "one_hot": (
        "ops.one_hot(i, 8)",
        "torch.nn.functional.one_hot(i, 8).float()",
        None,
    ),
    "cast": ("ops.cast(x, 'int32')", "x.to(torch.int32)", "x.astype('int32')"),
}


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--backend", default="torch", choices=["torch", "jax", "numpy"])
    parser.add_argument("--rounds", type=int, default=31)
    parser.add_argument("--symbolic", action="store_true")
    return parser.parse_args()


def names(backend):
    """What the cases are written in."""
    from keras import ops

    x, y = ops.ones((8, 8)), ops.ones((8, 8))
    indices = ops.convert_to_tensor([0, 2, 4, 6], "int64")
    found = {"ops": ops, "x": x, "y": y, "c": ops.greater(x, 0), "i": indices}
    if backend == "torch":
        import torch

        return found | {"torch": torch}
    if backend == "jax":
        import jax.numpy as np
    else:
        import numpy as np
    return found | {"np": np}


def added(options):
    """Print the times of every case, the engine's call and ours in turns."""
    scope = names(options.backend)
    print(f"{'op':16} {'engine us':>10} {'keras us':>10} {'added us':>10}")
    for name, (ours, torch, numpy) in CASES.items():
        native = torch if options.backend == "torch" else numpy
        if native is None:
            continue
        timers = [timeit.Timer(code, globals=scope) for code in (native, ours)]
        pairs = [[t.timeit(2000) / 2e-3 for t in timers] for _ in range(options.rounds)]
        engine, whole = (statistics.median(times) for times in zip(*pairs, strict=True))
        more = statistics.median(b - a for a, b in pairs)
        print(f"{name:16} {engine:10.2f} {whole:10.2f} {more:10.2f}")


def recorded():
    """Print the time of a symbolic call of every case."""
    import keras
    from keras import ops

    scope = {
        "ops": ops,
        "x": keras.KerasTensor((None, 8)),
        "y": keras.KerasTensor((8, 8)),
        "c": keras.KerasTensor((None, 8), "bool"),
        "i": keras.KerasTensor((4,), "int64"),
    }
    print(f"{'symbolic op':16} {'us':>10}")
    for name, (ours, _, _) in CASES.items():
        if name in ("reshape", "slice"):  # of static shapes
            continue
        if name not in ("matmul", "einsum"):
            ours = re.sub(r"\by\b", "x", ours)
        time = timeit.Timer(ours, globals=scope)
        time.timeit(5)
        print(f"{name:16} {time.timeit(100) / 1e-4:10.0f}")


def main():
    options = parse()
    os.environ["KERAS_BACKEND"] = options.backend
    if options.symbolic:
        recorded()
    else:
        added(options)


if __name__ == "__main__":
    main()
