"""All that a training needs to go on where it was interrupted, in one file."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from keras.core import seeds
from keras.core.variable import Variable
from keras.errors import FileFormatError
from keras.saving._files import replacing

_FORMAT = 1
_HEADER = "header"


@dataclass(frozen=True, slots=True)
class Position:
    """How far a training has come.

    Args:
        epoch: the number of epochs that are done.
        batch: the number of batches of the next epoch that are done.
        streams: the host streams as they were when that epoch began.
    """

    epoch: int
    batch: int
    streams: dict[str, Any] = field(default_factory=dict)


def save(path: Path, model: Any, position: Position) -> None:
    """Write the state of `model`; the file is whole or not there.

    It holds the weights, the states of random generators, of the optimizer and of the
    metrics, as arrays, and a header in JSON.
    """
    arrays: dict[str, np.ndarray[Any, Any]] = {}
    dtypes: dict[str, str] = {}
    for key, variable in _variables(model).items():
        value = np.asarray(variable.numpy())
        dtypes[key] = value.dtype.name
        # NumPy's files know no bfloat16 and no float8.
        arrays[key] = (
            value.view(np.dtype(f"V{value.itemsize}")) if _is_foreign(value) else value
        )
    header = {"format": _FORMAT, "dtypes": dtypes, **asdict(position)}
    text = np.frombuffer(json.dumps(header).encode(), "uint8")
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as part, part.open("wb") as file:
        np.savez(file, **{_HEADER: text}, **arrays)  # type: ignore[arg-type]


def _is_foreign(value: np.ndarray[Any, Any]) -> bool:
    return type(value.dtype).__module__ != "numpy.dtypes" and value.dtype.kind == "V"


def load(path: Path, model: Any) -> Position:
    """Set `model` to the state in a file.

    Raises:
        FileFormatError: if the file is damaged, or of another model; then nothing is
            changed.
    """
    variables = _variables(model)
    try:
        with np.load(path, allow_pickle=False) as file:
            header = json.loads(bytes(file[_HEADER]))
            values = {k: _value(file[k], header["dtypes"][k]) for k in variables}
            position = Position(header["epoch"], header["batch"], header["streams"])
    except (KeyError, ValueError, OSError, EOFError) as error:
        raise FileFormatError(
            f"{path}: cannot go on with this training state ({error}). It is "
            "damaged, or of another model or optimizer; delete it to begin anew."
        ) from error
    for key, variable in variables.items():
        if values[key].shape != tuple(variable.shape):
            raise FileFormatError(
                f"{path}: {variable.path!r} has the shape {values[key].shape}; the "
                f"model expects {tuple(variable.shape)}. Delete the file to begin anew."
            )
    for key, variable in variables.items():
        variable.assign(values[key])
    return position


def _value(array: np.ndarray[Any, Any], dtype: str) -> np.ndarray[Any, Any]:
    if array.dtype.kind != "V":
        return array
    import ml_dtypes  # only for dtypes that NumPy lacks

    return array.view(getattr(ml_dtypes, dtype))


def _variables(model: Any) -> dict[str, Variable]:
    """All variables of a training, by their places."""
    groups = {
        "model": model.variables,
        "optimizer": model.optimizer.variables if model.optimizer is not None else [],
        "metric": [v for m in model.metrics for v in m.variables],
        "noise": [seeds.global_generator().state],
    }
    return {f"{g}/{i}": v for g, group in groups.items() for i, v in enumerate(group)}
