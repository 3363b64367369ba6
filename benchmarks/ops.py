"""What an op adds to the engine's own call, and how fast symbolic calls are recorded.

    python benchmarks/ops.py [--backend torch]

Eager: the median over rounds of the time of `keras.ops.add(x, y)` less that of the
engine's function, the two in turns. Symbolic: calls per second.
"""

import argparse
import os
import statistics
import timeit


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--backend", default="torch", choices=["torch", "jax", "numpy"])
    parser.add_argument("--rounds", type=int, default=31)
    return parser.parse_args()


def native_functions(backend):
    """The engine's own functions, called as its users call them."""
    if backend == "torch":
        import torch

        return {
            "add": torch.add,
            "add scalar": lambda x, y: torch.add(x, 2.0),
            "matmul": torch.matmul,
            "relu": lambda x, y: torch.relu(x),
            "sum": lambda x, y: torch.sum(x, -1),
            "concatenate": lambda x, y: torch.cat([x, y], -1),
        }
    if backend == "jax":
        import jax
        import jax.numpy as np
    else:
        import numpy as np
    return {
        "add": np.add,
        "add scalar": lambda x, y: np.add(x, 2.0),
        "matmul": np.matmul,
        "relu": lambda x, y: jax.nn.relu(x) if backend == "jax" else np.maximum(x, 0),
        "sum": lambda x, y: np.sum(x, -1),
        "concatenate": lambda x, y: np.concatenate([x, y], -1),
    }


def per_call(function, x, y, number=2000):
    return timeit.timeit(lambda: function(x, y), number=number) / number


def main():
    options = parse()
    os.environ["KERAS_BACKEND"] = options.backend
    import keras
    from keras import ops

    functions = {
        "add": ops.add,
        "add scalar": lambda x, y: ops.add(x, 2.0),
        "matmul": ops.matmul,
        "relu": lambda x, y: ops.relu(x),
        "sum": lambda x, y: ops.sum(x, -1),
        "concatenate": lambda x, y: ops.concatenate([x, y], -1),
    }
    x, y = ops.ones((8, 8)), ops.ones((8, 8))
    print(f"{'op':12} {'engine us':>10} {'keras us':>10} {'added us':>10}")
    for name, native in native_functions(options.backend).items():
        pairs = [
            (per_call(native, x, y), per_call(functions[name], x, y))
            for _ in range(options.rounds)
        ]
        engine = statistics.median(a for a, _ in pairs) * 1e6
        whole = statistics.median(b for _, b in pairs) * 1e6
        added = statistics.median(b - a for a, b in pairs) * 1e6
        print(f"{name:12} {engine:10.2f} {whole:10.2f} {added:10.2f}")
    symbol, other = keras.KerasTensor((None, 8)), keras.KerasTensor((8, 8))
    for name, function in functions.items():
        operand = other if name == "matmul" else symbol
        time = per_call(function, symbol, operand, 50)
        print(f"symbolic {name:12} {time * 1e6:8.0f} us  {1 / time:8.0f} calls/s")


if __name__ == "__main__":
    main()
