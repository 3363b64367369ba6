"""The process does not grow while models are used and thrown away."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "memory.py"
USED = ["single_predicts", "predict_on_batch", "changing_batch_sizes", "train_on_batch"]
MADE = ["build_fit_discard", "clone_and_forget", "streamed_predict"]

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="reads /proc"
)


def growth(engine, scale, cases):
    if importlib.util.find_spec(engine) is None:
        pytest.skip(f"{engine} is not installed")
    result = subprocess.run(
        [sys.executable, SCRIPT, "--cases", str(scale), *cases],
        env=os.environ | {"KERAS_BACKEND": engine},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr[-2000:]
    lines = [line.split() for line in result.stdout.splitlines()]
    return {name: float(megabytes) for name, megabytes in lines}


@pytest.mark.parametrize("engine", ["torch", "jax"])
def test_using_a_model_leaves_nothing_behind(engine):
    found = growth(engine, 0.1, USED)
    assert list(found) == USED
    assert max(found.values()) < 8, found


@pytest.mark.parametrize("engine", ["torch", "jax"])
def test_models_that_are_thrown_away_leave_nothing_behind(engine):
    found = growth(engine, 0.05, MADE)
    assert list(found) == MADE
    assert max(found.values()) < 12, found
