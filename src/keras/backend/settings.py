"""Defaults of the process: read from `KERAS_BACKEND` and `keras.json`, once."""

import json
import os
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from keras.errors import ConfigFileError

ENGINES = ("torch", "jax", "tensorflow", "numpy")
FLOATS = ("float16", "bfloat16", "float32", "float64")
DATA_FORMATS = ("channels_last", "channels_first")


@dataclass(slots=True)
class Settings:
    """The four values of `keras.json`."""

    floatx: str = "float32"
    epsilon: float = 1e-7
    backend: str = "torch"
    image_data_format: str = "channels_last"


def config_path() -> Path:
    """Where `keras.json` lies: in `KERAS_HOME`, else in `~/.keras`."""
    home = os.environ.get("KERAS_HOME")
    return (Path(home) if home else Path.home() / ".keras") / "keras.json"


def check_engine(name: str, source: str) -> str:
    """`name` if an engine has it; `source` says in the error who asked."""
    if name not in ENGINES:
        raise ConfigFileError(
            f"{source}: got {name!r}; expected one of {', '.join(ENGINES)}. "
            "Set it to an engine that is installed."
        )
    return name


def _read_file(path: Path) -> Settings:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ConfigFileError(
            f"{path}: is not valid JSON ({error}). Mend the file, or remove it to use "
            "the defaults."
        ) from None
    if not isinstance(data, dict):
        raise ConfigFileError(
            f"{path}: holds a {type(data).__name__}; expected an object with the "
            f"keys {', '.join(f.name for f in fields(Settings))}. "
            "Mend the file or remove it."
        )
    known = {f.name for f in fields(Settings)}
    settings = Settings(**{k: v for k, v in data.items() if k in known})
    _check(settings, path)
    return settings


def _check(settings: Settings, path: Path) -> None:
    check_engine(settings.backend, f'{path}, key "backend"')
    if settings.floatx not in FLOATS:
        raise ConfigFileError(
            f'{path}, key "floatx": got {settings.floatx!r}; expected one of '
            f"{', '.join(FLOATS)}. Mend the file or remove it."
        )
    if settings.image_data_format not in DATA_FORMATS:
        raise ConfigFileError(
            f'{path}, key "image_data_format": got {settings.image_data_format!r}; '
            f"expected one of {', '.join(DATA_FORMATS)}. Mend the file or remove it."
        )
    epsilon: Any = settings.epsilon
    if not isinstance(epsilon, float) or epsilon <= 0:
        raise ConfigFileError(
            f'{path}, key "epsilon": got {settings.epsilon!r}; expected a positive '
            "float such as 1e-7. Mend the file or remove it."
        )


@cache
def settings() -> Settings:
    """The settings of this process; the file is read at the first call."""
    path = config_path()
    result = _read_file(path) if path.is_file() else Settings()
    if name := os.environ.get("KERAS_BACKEND"):
        result.backend = check_engine(name, "KERAS_BACKEND")
    return result
