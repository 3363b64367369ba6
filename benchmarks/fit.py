"""Training speed of `fit` beside a hand-written loop and Keras 3.15, in one run.

    python benchmarks/fit.py [--keras3 PATH/TO/python] [--rounds 5] [--workload mlp]
        [--only jax]

The contenders run in turn, each in its own process that stays alive, and are timed
alternately; the table gives the medians of steps per second and of the ratios within a
round. Hand-written loops do the same work as `fit`: shuffled batches, loss and accuracy
kept on the device and read once an epoch. `--keras3` names an interpreter that has
keras==3.15.1 with torch and jax; without it these rows are left out.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

SOURCE = Path(__file__).resolve().parent.parent / "src"
BATCH = {"mlp": 32, "convnet": 128, "lstm": 32, "transformer": 32}
SAMPLES = {"mlp": 60_000, "convnet": 1_024, "lstm": 256, "transformer": 512}


def data(workload):
    rng = np.random.default_rng(0)
    n = SAMPLES[workload]
    if workload == "mlp":
        x = rng.standard_normal((n, 100)).astype("float32")
    elif workload == "convnet":
        x = rng.standard_normal((n, 28, 28, 1)).astype("float32")
    else:
        top, length = (20_000, 80) if workload == "lstm" else (1_000, 32)
        x = rng.integers(1, top, (n, length)).astype("int32")
    return x, rng.integers(0, 2 if workload == "lstm" else 10, n).astype("int32")


def keras_model(workload):
    import keras
    from keras import layers as L

    if workload == "mlp":
        rows = [keras.Input((100,)), L.Dense(64, activation="relu"), L.Dense(10)]
    elif workload == "convnet":
        rows = [
            keras.Input((28, 28, 1)),
            L.Conv2D(32, 3, activation="relu"),
            L.MaxPooling2D(2),
            L.Conv2D(64, 3, activation="relu"),
            L.MaxPooling2D(2),
            L.Flatten(),
            L.Dense(10),
        ]
    elif workload == "lstm":
        rows = [
            keras.Input((80,), dtype="int32"),
            L.Embedding(20_000, 128),
            L.LSTM(128),
            L.Dense(2),
        ]
    else:
        inputs = keras.Input((32,), dtype="int32")
        x = L.Embedding(1_000, 64)(inputs)
        for _ in range(2):
            a = L.MultiHeadAttention(num_heads=4, key_dim=16)(x, x)
            x = L.LayerNormalization()(L.Add()([x, a]))
            f = L.Dense(64)(L.Dense(128, activation="relu")(x))
            x = L.LayerNormalization()(L.Add()([x, f]))
        outputs = L.Dense(10)(L.GlobalAveragePooling1D()(x))
        return keras.Model(inputs, outputs)
    return keras.Sequential(rows)


def keras_epoch(workload):
    import keras

    keras.utils.set_random_seed(0)
    model = keras_model(workload)
    model.compile(
        keras.optimizers.Adam(1e-3),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    x, y = data(workload)

    def run():
        model.fit(x, y, batch_size=BATCH[workload], epochs=1, verbose=0)

    return run


def torch_model(workload):
    import torch
    from torch import nn

    class Last(nn.Module):
        def forward(self, x):
            return x[0][:, -1]

    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.qkv, self.out = nn.Linear(64, 192), nn.Linear(64, 64)
            self.one, self.two = nn.LayerNorm(64, 1e-3), nn.LayerNorm(64, 1e-3)
            self.up, self.down = nn.Linear(64, 128), nn.Linear(128, 64)

        def forward(self, x):
            b, t, d = x.shape
            q, k, v = self.qkv(x).view(b, t, 3, 4, 16).permute(2, 0, 3, 1, 4)
            a = nn.functional.scaled_dot_product_attention(q, k, v)
            x = self.one(x + self.out(a.transpose(1, 2).reshape(b, t, d)))
            return self.two(x + self.down(torch.relu(self.up(x))))

    class Mean(nn.Module):
        def forward(self, x):
            return x.mean(1)

    if workload == "mlp":
        return nn.Sequential(nn.Linear(100, 64), nn.ReLU(), nn.Linear(64, 10))
    if workload == "convnet":
        model = nn.Sequential(
            nn.Conv2d(1, 32, 3),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(1600, 10),
        )
        return model.to(memory_format=torch.channels_last)
    if workload == "lstm":
        lstm = nn.LSTM(128, 128, batch_first=True)
        return nn.Sequential(nn.Embedding(20_000, 128), lstm, Last(), nn.Linear(128, 2))
    blocks = [Block(), Block()]
    return nn.Sequential(nn.Embedding(1_000, 64), *blocks, Mean(), nn.Linear(64, 10))


def torch_epoch(workload, fused=False):
    import torch

    torch.manual_seed(0)
    model, (x, y) = torch_model(workload), data(workload)
    if workload == "convnet":
        x = x.transpose(0, 3, 1, 2)
    x, y = torch.from_numpy(np.ascontiguousarray(x)), torch.from_numpy(y).long()
    optimizer = torch.optim.Adam(model.parameters(), 1e-3, fused=fused)
    loss_fn = torch.nn.CrossEntropyLoss()
    size = BATCH[workload]

    def run():
        order = torch.randperm(len(x))
        total, right = torch.zeros(()), torch.zeros(())
        for start in range(0, len(x), size):
            at = order[start : start + size]
            xb, yb = x[at], y[at]
            optimizer.zero_grad()
            logits = model(xb)
            loss = loss_fn(logits, yb)
            loss.backward()
            optimizer.step()
            with torch.no_grad():
                total += loss * len(xb)
                right += (logits.argmax(1) == yb).sum()
        return float(total), float(right)

    return run


def jax_epoch(workload, scanned):
    """The MLP alone: a jitted step, or a whole epoch in one scan."""
    import jax
    import jax.numpy as jnp

    rng = np.random.default_rng(0)
    x, y = data(workload)
    params = [
        jnp.asarray(rng.standard_normal((100, 64)).astype("float32") * 0.1),
        jnp.zeros(64),
        jnp.asarray(rng.standard_normal((64, 10)).astype("float32") * 0.1),
        jnp.zeros(10),
    ]

    def loss_fn(p, xb, yb):
        logits = jax.nn.relu(xb @ p[0] + p[1]) @ p[2] + p[3]
        losses = jax.nn.logsumexp(logits, -1) - logits[jnp.arange(len(yb)), yb]
        return losses.mean(), logits

    def step(state, batch):
        p, m, v, t, total, right = state
        xb, yb = batch
        (loss, logits), g = jax.value_and_grad(loss_fn, has_aux=True)(p, xb, yb)
        t = t + 1
        rate = 1e-3 * jnp.sqrt(1 - 0.999**t) / (1 - 0.9**t)
        m = [0.9 * a + 0.1 * b for a, b in zip(m, g, strict=True)]
        v = [0.999 * a + 0.001 * b * b for a, b in zip(v, g, strict=True)]
        p = [
            a - rate * b / (jnp.sqrt(c) + 1e-7) for a, b, c in zip(p, m, v, strict=True)
        ]
        total += loss * len(yb)
        right += (logits.argmax(-1) == yb).sum()
        return (p, m, v, t, total, right), loss

    zeros = [jnp.zeros_like(p) for p in params]
    state = (params, zeros, zeros, jnp.zeros(()), jnp.zeros(()), jnp.zeros((), int))
    size, count = BATCH[workload], len(x) // BATCH[workload]
    one = jax.jit(step)
    many = jax.jit(lambda s, b: jax.lax.scan(step, s, b))

    def run():
        nonlocal state
        order = rng.permutation(len(x))
        if scanned:
            block = x[order].reshape(count, size, -1), y[order].reshape(count, size)
            state, _ = many(state, block)
        else:
            for start in range(0, len(x), size):
                at = order[start : start + size]
                state, _ = one(state, (x[at], y[at]))
        return float(state[4]), float(state[5])

    return run


CONTENDERS = {
    "ours on torch": lambda w: keras_epoch(w),
    "hand-written torch loop": lambda w: torch_epoch(w),
    "  with Adam(fused=True), torch": lambda w: torch_epoch(w, True),
    "ours on jax": lambda w: keras_epoch(w),
    "hand-written jax loop": lambda w: jax_epoch(w, False),
    "hand-written jax scan": lambda w: jax_epoch(w, True),
    "Keras 3.15 on torch": lambda w: keras_epoch(w),
    "Keras 3.15 on jax": lambda w: keras_epoch(w),
}


def serve(name, workload):
    """A contender: runs an epoch for every line of input and prints its seconds."""
    run = CONTENDERS[name](workload)
    for _ in range(3):  # warm up, and let "auto" find its block
        run()
    print("ready", flush=True)
    for _ in sys.stdin:
        began = time.perf_counter()
        run()
        print(time.perf_counter() - began, flush=True)


def start(name, workload, python):
    engine = "jax" if "jax" in name else "torch"
    env = {**os.environ, "KERAS_BACKEND": engine, "KERAS_HOME": "/nonexistent"}
    env.pop("PYTHONPATH", None)
    if "ours" in name:
        env["PYTHONPATH"] = str(SOURCE)
    process = subprocess.Popen(
        [python, __file__, "--serve", name, "--workload", workload],
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    while (line := process.stdout.readline()) and line.strip() != "ready":
        pass
    return process


def measure(workload, keras3, rounds, only):
    names = [n for n in CONTENDERS if (keras3 or "3.15" not in n) and only in n]
    if workload != "mlp":
        names = [n for n in names if "written jax" not in n]
    running = {
        n: start(n, workload, keras3 if "3.15" in n else sys.executable) for n in names
    }
    steps = -(-SAMPLES[workload] // BATCH[workload])
    rates = {n: [] for n in names}
    for _ in range(rounds):
        for name, process in running.items():
            process.stdin.write("go\n")
            process.stdin.flush()
            rates[name].append(steps / float(process.stdout.readline()))
    for process in running.values():
        process.stdin.close()
        process.wait()
    return rates


def ratio(rates, a, b):
    return statistics.median(x / y for x, y in zip(rates[a], rates[b], strict=True))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keras3")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--workload", action="append")
    parser.add_argument("--only", default="", help="contenders with this text")
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        return serve(options.serve, options.workload[0])
    for workload in options.workload or list(BATCH):
        rates = measure(workload, options.keras3, options.rounds, options.only)
        print(f"\n{workload}, batch {BATCH[workload]}: steps per second")
        for name, values in rates.items():
            print(f"  {name:31} {statistics.median(values):10.1f}")
        pairs = [
            ("ours on torch", "hand-written torch loop"),
            ("ours on torch", "  with Adam(fused=True), torch"),
            ("ours on jax", "hand-written jax loop"),
            ("ours on jax", "hand-written jax scan"),
            ("ours on torch", "Keras 3.15 on torch"),
            ("ours on jax", "Keras 3.15 on jax"),
        ]
        for a, b in pairs:
            if a in rates and b in rates:
                print(f"  {a} / {b}: {ratio(rates, a, b):.2f}")
        print(json.dumps({n: [round(v, 1) for v in r] for n, r in rates.items()}))
    return None


if __name__ == "__main__":
    main()
