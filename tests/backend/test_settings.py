"""Where the first engine and the other defaults come from: fresh processes."""

import json
import os
import subprocess
import sys
import types
from unittest.mock import Mock

import pytest

from keras.backend.allocation import keep_freed_memory

ALL_ENGINES = ("torch", "jax", "tensorflow")
HEAVY = ("h5py", "rich", "PIL", "matplotlib", "sklearn", "pandas", *ALL_ENGINES)


def run(code, home, **env):
    """The output of `code` in a fresh process, and whether it went well."""
    own = {k: v for k, v in os.environ.items() if k != "KERAS_BACKEND"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**own, "KERAS_HOME": str(home), **env},
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.stdout.strip() if done.returncode == 0 else done.stderr.strip()


LOADED = f"print(sorted(set({HEAVY!r}) & set(sys.modules)))"


def test_import_loads_no_engine_and_nothing_heavy(tmp_path):
    assert run(f"import sys, keras; {LOADED}", tmp_path) == "[]"


@pytest.mark.parametrize("engine", ["numpy", "jax", "torch"])
def test_an_engine_loads_no_other(tmp_path, engine):
    pytest.importorskip(engine)
    code = f"import sys, keras; keras.ops.add(1, 2); {LOADED}"
    mine = [] if engine == "numpy" else [engine]
    assert run(code, tmp_path, KERAS_BACKEND=engine) == str(mine)


def test_a_model_on_numpy_needs_no_other_engine(tmp_path):
    code = (
        "import sys, keras, numpy\n"
        "model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])\n"
        "model.predict(numpy.ones((2, 3)), verbose=0)\n"
        f"print(sorted(set({ALL_ENGINES!r}) & set(sys.modules)))"
    )
    assert run(code, tmp_path, KERAS_BACKEND="numpy") == "[]"


SHOW = (
    "import keras; c = keras.config; "
    "print(c.backend(), c.floatx(), c.epsilon(), c.image_data_format())"
)


def test_without_a_file_the_defaults_hold_and_no_file_is_made(tmp_path):
    home = tmp_path / "home"
    assert run(SHOW, home) == "torch float32 1e-07 channels_last"
    assert not home.exists()


def test_the_file_decides(tmp_path):
    (tmp_path / "keras.json").write_text(
        json.dumps(
            {
                "backend": "numpy",
                "floatx": "float64",
                "epsilon": 1e-5,
                "image_data_format": "channels_first",
                "of another program": 1,
            }
        )
    )
    assert run(SHOW, tmp_path) == "numpy float64 1e-05 channels_first"


def test_the_variable_wins_over_the_file(tmp_path):
    (tmp_path / "keras.json").write_text('{"backend": "numpy"}')
    assert run(SHOW, tmp_path, KERAS_BACKEND="jax").startswith("jax ")


def test_the_file_lies_in_dot_keras_by_default(tmp_path):
    folder = tmp_path / ".keras"
    folder.mkdir()
    (folder / "keras.json").write_text('{"backend": "numpy"}')
    code = "import os; os.environ.pop('KERAS_HOME'); " + SHOW
    assert run(code, "unused", HOME=str(tmp_path)).startswith("numpy ")


BROKEN = {
    "no JSON": ("{", "not valid JSON"),
    "no object": ("[1]", "list"),
    "an unknown engine": ('{"backend": "pytorch"}', "'pytorch'"),
    "an unknown float": ('{"floatx": "float31"}', "'float31'"),
    "an unknown format": ('{"image_data_format": "first"}', "'first'"),
    "a text as number": ('{"epsilon": "small"}', "'small'"),
    "an engine that is a list": ('{"backend": ["torch"]}', "torch"),
    "a float that is a dict": ('{"floatx": {"a": 1}}', "floatx"),
}


@pytest.mark.parametrize("text, words", BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_named_with_what_is_wrong(tmp_path, text, words):
    (tmp_path / "keras.json").write_text(text)
    last = run(SHOW, tmp_path).splitlines()[-1]
    assert last.startswith("keras.errors.ConfigFileError: ")
    assert str(tmp_path / "keras.json") in last
    assert words in last
    assert len(last) < 600


def test_a_wrong_variable_is_named(tmp_path):
    last = run(SHOW, tmp_path, KERAS_BACKEND="pytorch").splitlines()[-1]
    assert "KERAS_BACKEND: got 'pytorch'; expected one of torch, jax" in last


def test_the_file_is_made_when_asked_for(tmp_path):
    home = tmp_path / "a" / "b"
    code = "from keras.core.config import write_defaults; print(write_defaults())"
    path = home / "keras.json"
    assert run(code, home) == str(path)
    assert json.loads(path.read_text()) == {
        "floatx": "float32",
        "epsilon": 1e-07,
        "backend": "torch",
        "image_data_format": "channels_last",
    }
    path.write_text('{"backend": "numpy"}')
    run(code, home)
    assert path.read_text() == '{"backend": "numpy"}'


def test_freed_memory_is_kept_unless_somebody_else_decides(monkeypatch):
    library = types.SimpleNamespace(mallopt=Mock(return_value=1))
    monkeypatch.setattr("ctypes.CDLL", lambda name: library)
    monkeypatch.setattr("sys.platform", "linux")
    keep_freed_memory()
    assert library.mallopt.call_count == 2
    monkeypatch.setenv("MALLOC_TRIM_THRESHOLD_", "131072")
    keep_freed_memory()
    assert library.mallopt.call_count == 2
    monkeypatch.delenv("MALLOC_TRIM_THRESHOLD_")
    del library.mallopt
    keep_freed_memory()


@pytest.mark.parametrize("engine", ["torch", "jax"])
def test_loading_an_engine_draws_no_random_numbers(engine, tmp_path):
    pytest.importorskip(engine)
    code = (
        "import random, numpy, keras; keras.utils.set_random_seed(7); "
        "{}print(random.random(), numpy.random.rand())"
    )
    loaded = run(code.format("keras.ops.ones(1); "), tmp_path, KERAS_BACKEND=engine)
    assert loaded == run(code.format(""), tmp_path, KERAS_BACKEND=engine)
