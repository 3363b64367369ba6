"""One fixture runs a test on every engine in one process."""

import importlib.util
import os
import signal
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "torch")
os.environ.setdefault("KERAS_HOME", str(Path(__file__).parent / "no-home"))
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import pytest
from hypothesis import settings

import keras

# The first example of a test may load an engine, or wait for another process.
settings.register_profile("keras", settings(), deadline=None)
settings.load_profile("keras")

# Where the tests run in the background Ctrl-C is ignored, by their children too.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

ENGINES = ["numpy", "torch", "jax"]


def _param(name):
    missing = importlib.util.find_spec(name) is None
    mark = pytest.mark.skipif(missing, reason=f"{name} is not installed")
    return pytest.param(name, marks=mark)


@pytest.fixture(params=[_param(e) for e in ENGINES])
def backend(request):
    """The name of the active engine; the test runs once for each."""
    yield from _on(request.param)


@pytest.fixture(params=[_param(e) for e in ENGINES if e != "numpy"])
def trainable_backend(request):
    """The same for the engines that compute gradients."""
    yield from _on(request.param)


@pytest.fixture
def on_numpy():
    """For tests of what is the same on every engine; this one infers the fastest."""
    yield from _on("numpy")


@pytest.fixture
def on_torch():
    pytest.importorskip("torch")
    yield from _on("torch")


@pytest.fixture
def on_jax():
    pytest.importorskip("jax")
    yield from _on("jax")


def _on(name):
    before = keras.config.backend()
    keras.config.set_backend(name)
    yield name
    keras.config.set_backend(before)


@pytest.fixture(autouse=True)
def _fresh_session():
    keras.utils.set_random_seed(1234)
    yield
    keras.utils.clear_session(free_memory=False)
    keras.config.set_dtype_policy(None)
