"""Speed of `fit`, `evaluate`, `predict` and single calls, side by side in one run.

    python benchmarks/training.py [--keras3 PATH/TO/python] [--rounds 5]
        [--workload mlp] [--task fit] [--only jax]

The contenders run in turn, each in its own process that stays alive, and are timed
alternately: medians per second, and medians of the ratios within a round. `--keras3`
names an interpreter that has keras==3.15.1 with torch and jax; without it these rows
are left out. The task "cold" is the time from the start of a process to the end of the
first epoch of the MLP on 1,000 samples.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import workloads

SOURCE = Path(__file__).resolve().parent.parent / "src"
TASKS = ["fit", "evaluate", "predict", "train_on_batch", "predict_one", "call_one"]
CONTENDERS = {
    "ours, torch": workloads.WithKeras,
    "ours, torch, jit_compile=True": workloads.WithKerasCompiled,
    "by hand, torch": workloads.ByHandOnTorch,
    "by hand, torch, Adam(fused=True)": workloads.ByHandOnTorchFused,
    "Keras 3.15, torch": workloads.WithKeras,
    "ours, jax": workloads.WithKeras,
    "by hand, jax": workloads.ByHandOnJax,
    "by hand, jax, scanned": workloads.ByHandOnJaxScanned,
    "Keras 3.15, jax": workloads.WithKeras,
}


def serve(name, workload):
    """A contender: does a task for every line of input and prints its rate."""
    contender = CONTENDERS[name](workload)
    print("ready", flush=True)
    warm = set()
    for line in sys.stdin:
        task = getattr(contender, line.strip())
        if line not in warm:  # compile, and let "auto" find its blocks
            warm.add(line)
            task(), task()
        began = time.perf_counter()
        units = task()
        print(units / (time.perf_counter() - began), flush=True)


def command(name, keras3, *arguments):
    """The interpreter, arguments and environment of a contender."""
    engine = "jax" if "jax" in name else "torch"
    env = {**os.environ, "KERAS_BACKEND": engine, "KERAS_HOME": "/nonexistent"}
    env.pop("PYTHONPATH", None)
    if "ours" in name:
        env["PYTHONPATH"] = str(SOURCE)
    python = keras3 if "3.15" in name else sys.executable
    return [python, __file__, "--serve", name, *arguments], env


def start(name, workload, keras3):
    arguments, env = command(name, keras3, "--workload", workload)
    process = subprocess.Popen(
        arguments,
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    while (line := process.stdout.readline()) and line.strip() != "ready":
        pass
    return process


def measure(workload, names, tasks, keras3, rounds):
    """Rates by task and contender."""
    running = {n: start(n, workload, keras3) for n in names}
    rates = {t: {n: [] for n in names if hasattr(CONTENDERS[n], t)} for t in tasks}
    for task, rows in rates.items():
        for _ in range(rounds):
            for name, values in rows.items():
                process = running[name]
                process.stdin.write(f"{task}\n")
                process.stdin.flush()
                values.append(float(process.stdout.readline()))
    for process in running.values():
        process.stdin.close()
        process.wait()
    return rates


def measure_cold(names, keras3, rounds):
    """Processes per second, so that more is better here too."""
    rows = {n: [] for n in names if n != "by hand, jax, scanned"}
    for round_ in range(rounds + 1):
        for name, values in rows.items():
            arguments, env = command(name, keras3, "--cold")
            began = time.perf_counter()
            subprocess.run(arguments, env=env, check=True, stderr=subprocess.DEVNULL)
            if round_:  # the first one writes byte code
                values.append(1 / (time.perf_counter() - began))
    return {"cold": rows}


def ratio(rows, a, b):
    return statistics.median(x / y for x, y in zip(rows[a], rows[b], strict=True))


def show(workload, rates):
    for task, rows in rates.items():
        print(f"\n{workload}, {task}: per second, and ours in ratio to it")
        for name, values in rows.items():
            engine = "jax" if "jax" in name else "torch"
            ours = f"ours, {engine}"
            share = "" if name == ours else f"{ratio(rows, ours, name):8.2f}"
            print(f"  {name:34}{statistics.median(values):12.2f}{share}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keras3")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--workload", action="append")
    parser.add_argument("--task", action="append", choices=[*TASKS, "cold"])
    parser.add_argument("--only", default="", help="contenders with this text")
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    parser.add_argument("--cold", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve and options.cold:
        CONTENDERS[options.serve]("mlp", 1_000).fit()
        return
    if options.serve:
        serve(options.serve, options.workload[0])
        return
    names = [n for n in CONTENDERS if options.keras3 or "3.15" not in n]
    names = [n for n in names if options.only in n]
    tasks = options.task or [*TASKS, "cold"]
    for workload in options.workload or workloads.BATCH:
        fitting = [n for n in names if workload == "mlp" or "by hand, jax" not in n]
        rest = [t for t in tasks if t != "cold"]
        show(workload, measure(workload, fitting, rest, options.keras3, options.rounds))
    if "cold" in tasks:
        show("mlp", measure_cold(names, options.keras3, options.rounds))


if __name__ == "__main__":
    main()
