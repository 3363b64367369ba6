"""One optimizer step over many small tensors, beside torch.optim.

    python benchmarks/optimizers.py [tensors] [size]

Alternates the two and prints the median time of a step of each and their ratio.
"""

import os
import statistics
import sys
import time

os.environ.setdefault("KERAS_BACKEND", "torch")

import numpy as np
import torch

import keras

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 200
SIZE = int(sys.argv[2]) if len(sys.argv) > 2 else 64
ROUNDS, STEPS = 15, 10

CASES = {
    "SGD": (lambda: keras.optimizers.SGD(0.1), torch.optim.SGD, {"lr": 0.1}),
    "SGD momentum": (
        lambda: keras.optimizers.SGD(0.1, momentum=0.9),
        torch.optim.SGD,
        {"lr": 0.1, "momentum": 0.9},
    ),
    "Adam": (lambda: keras.optimizers.Adam(), torch.optim.Adam, {}),
    "Adam amsgrad": (
        lambda: keras.optimizers.Adam(amsgrad=True),
        torch.optim.Adam,
        {"amsgrad": True},
    ),
    "AdamW": (lambda: keras.optimizers.AdamW(), torch.optim.AdamW, {}),
    "RMSprop": (lambda: keras.optimizers.RMSprop(), torch.optim.RMSprop, {}),
    "Adagrad": (lambda: keras.optimizers.Adagrad(), torch.optim.Adagrad, {}),
    "Adamax": (lambda: keras.optimizers.Adamax(), torch.optim.Adamax, {}),
    "Nadam": (lambda: keras.optimizers.Nadam(), torch.optim.NAdam, {}),
    "Adadelta": (lambda: keras.optimizers.Adadelta(), torch.optim.Adadelta, {}),
}


def timed(step):
    start = time.perf_counter()
    for _ in range(STEPS):
        step()
    return (time.perf_counter() - start) / STEPS


def main():
    print(f"{COUNT} tensors of {SIZE} floats; microseconds per step")
    print(f"{'':14}{'keras':>8}{'foreach':>9}{'ratio':>7}{'default':>9}{'ratio':>7}")
    rng = np.random.default_rng(0)
    for name, (make, reference, options) in CASES.items():
        arrays = [rng.standard_normal(SIZE).astype("float32") for _ in range(COUNT)]
        variables = [keras.Variable(a) for a in arrays]
        grads = [torch.from_numpy(a.copy()) for a in arrays]
        optimizer = make()
        optimizer.build(variables)
        steps = [lambda o=optimizer, g=grads, v=variables: o.apply(g, v)]
        for foreach in (True, None):
            parameters = [torch.nn.Parameter(torch.from_numpy(a)) for a in arrays]
            for parameter, gradient in zip(parameters, grads, strict=True):
                parameter.grad = gradient
            steps.append(reference(parameters, foreach=foreach, **options).step)
        rows = [[timed(step) for step in steps] for _ in range(ROUNDS)][2:]
        ours, many, plain = (
            statistics.median(c) * 1e6 for c in zip(*rows, strict=True)
        )
        ratio_many = statistics.median(a / b for a, b, _ in rows)
        ratio_plain = statistics.median(a / c for a, _, c in rows)
        print(
            f"{name:14}{ours:8.0f}{many:9.0f}{ratio_many:7.2f}"
            f"{plain:9.0f}{ratio_plain:7.2f}"
        )


if __name__ == "__main__":
    main()
