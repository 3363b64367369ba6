"""Growth of the process, in MB after a warm-up: `python benchmarks/memory.py [scale]`.

Each row runs in a process of its own. Single predictions run with the cyclic garbage
collector off: what they leave behind must go by itself. `scale` shortens the runs.
"""

import ctypes
import gc
import os
import subprocess
import sys
from pathlib import Path

ENGINES = ["torch", "jax", "numpy"]


def resident():
    """Megabytes of this process that lie in memory, without what was given back."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:  # glibc keeps freed blocks, as many as it happens to
        trim(0)
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise OSError("/proc/self/status has no VmRSS")


def make_model():
    import keras
    from keras import layers

    model = keras.Sequential(
        [keras.Input((32,)), layers.Dense(64, "relu"), layers.Dense(4)]
    )
    model.compile("adam", "mse", metrics=["mae"])
    return model


def data(rows):
    import numpy as np

    return np.random.default_rng(0).normal(size=(rows, 32)).astype("float32")


# Each case returns a function that runs its calls `count` times.


def single_predicts():
    model, x = make_model(), data(1)
    return lambda i: model.predict(x, verbose=0)


def predict_on_batch():
    model, x = make_model(), data(32)
    return lambda i: model.predict_on_batch(x)


def changing_batch_sizes():
    model, x = make_model(), data(256)
    return lambda i: model.predict_on_batch(x[: 1 + i * 37 % 256])


def changing_sizes_in_predict():
    model, x = make_model(), data(512)
    return lambda i: model.predict(x[: 1 + i * 37 % 512], batch_size=64, verbose=0)


def train_on_batch():
    model, x = make_model(), data(32)
    return lambda i: model.train_on_batch(x, x[:, :4])


def build_fit_discard():
    x = data(64)
    return lambda i: make_model().fit(x, x[:, :4], verbose=0)


def clone_and_forget():
    import keras

    x = data(8)

    def run(i):
        inputs = keras.Input((32,))
        hidden = keras.layers.Dense(256)(inputs)
        keras.Model(inputs, keras.layers.Dense(4)(hidden))(x)

    return run


def streamed_predict():
    import numpy as np

    model = make_model()

    def batches(count):
        for _ in range(count):
            yield np.ones((1024, 32), "float32")  # 128 kB, of which 16 kB stay

    return lambda i: model.predict(batches(200), verbose=0)


CASES = {
    # name: calls, calls to warm up, whether the collector runs
    single_predicts: (2000, 200, False),
    predict_on_batch: (10_000, 500, False),
    changing_batch_sizes: (10_000, 600, True),
    changing_sizes_in_predict: (2000, 600, True),
    train_on_batch: (5000, 500, False),
    build_fit_discard: (200, 20, True),
    clone_and_forget: (500, 50, True),
    streamed_predict: (40, 5, True),
}


def measure(name, scale):
    """The growth of one case in this process."""
    case = next(c for c in CASES if c.__name__ == name)
    calls, warm, collects = CASES[case]
    run = case()
    gc.enable() if collects else gc.disable()
    for i in range(warm):
        run(i)
    # With the collector off, what only a collection would free counts as growth.
    gc.collect()
    before = resident()
    for i in range(int(calls * scale)):
        run(i)
    if collects:
        gc.collect()
    return resident() - before


def main():
    scale = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    print(f"{'MB grown':28}{'calls':>8}" + "".join(f"{e:>9}" for e in ENGINES))
    for case, (calls, _, _) in CASES.items():
        row = f"{case.__name__:28}{int(calls * scale):>8}"
        print(row, end="", flush=True)
        for engine in ENGINES:
            print(f"{_in_process(case.__name__, engine, scale):>9}", end="", flush=True)
        print()


def _in_process(name, engine, scale):
    if engine == "numpy" and ("fit" in name or "train" in name):
        return "-"
    environment = os.environ | {"KERAS_BACKEND": engine, "JAX_PLATFORMS": "cpu"}
    result = subprocess.run(
        [sys.executable, __file__, "--cases", str(scale), name],
        env=environment,
        capture_output=True,
        text=True,
    )
    return result.stdout.split()[-1] if result.returncode == 0 else "failed"


if __name__ == "__main__":
    if sys.argv[1:2] == ["--cases"]:
        for name in sys.argv[3:]:
            print(name, round(measure(name, float(sys.argv[2])), 1), flush=True)
    else:
        main()
