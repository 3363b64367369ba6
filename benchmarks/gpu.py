"""Steps of `fit` per second on a GPU with torch: plain, as CUDA graphs, compiled.

    python benchmarks/gpu.py [--rounds 5] [--workload mlp]

The contenders run in turn in one process; medians, and medians of the ratios to a loop
written by hand within a round. Without a CUDA device it says so and ends.
"""

import argparse
import os
import statistics
import time

import workloads


class Plain(workloads.WithKeras):
    jit_compile = False


class ByHand(workloads.ByHandOnTorch):
    """All on the device, data too."""

    def make(self):
        import torch

        with torch.device("cuda"):
            super().make()
        self.x, self.y = self.x.cuda(), self.y.cuda()

    def fit(self):
        with self.torch.device("cuda"):
            return super().fit()


class ByHandFused(ByHand):
    fused = True


CONTENDERS = {
    "ours, jit_compile=False": Plain,
    'ours, jit_compile="auto"': workloads.WithKeras,
    "ours, jit_compile=True": workloads.WithKerasCompiled,
    "by hand": ByHand,
    "by hand, Adam(fused=True)": ByHandFused,
}


def measure(workload, rounds):
    """Rates by contender, one for each round."""
    contenders = {name: make(workload) for name, make in CONTENDERS.items()}
    rates = {name: [] for name in contenders}
    for number in range(rounds + 2):
        for name, contender in contenders.items():
            began = time.perf_counter()
            steps = contender.fit()
            if number >= 2:  # kernels were chosen, programs made
                rates[name].append(steps / (time.perf_counter() - began))
    return rates


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--workload", action="append", choices=workloads.BATCH)
    options = parser.parse_args()
    os.environ["KERAS_BACKEND"] = "torch"
    import torch

    if not torch.cuda.is_available():
        print("no CUDA device")
        return
    print(torch.cuda.get_device_name(), "torch", torch.__version__)
    for workload in options.workload or workloads.BATCH:
        rates = measure(workload, options.rounds)
        print(f"\n{workload}, batch {workloads.BATCH[workload]}: steps per second")
        for name, values in rates.items():
            pairs = zip(values, rates["by hand"], strict=True)
            share = statistics.median(a / b for a, b in pairs)
            print(f"  {name:28}{statistics.median(values):12.1f}{share:8.2f}")


if __name__ == "__main__":
    main()
