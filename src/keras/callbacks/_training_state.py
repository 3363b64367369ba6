"""All that a training needs to go on where it was interrupted: one tree, one file."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from keras.callbacks._callback import Callback
from keras.core import seeds
from keras.core.variable import Variable
from keras.errors import FileFormatError, shorten
from keras.saving import _files, _h5
from keras.typing import Config

_FORMAT = 2
_TREE = "tree"

_FORM: dict[str, Any] = {
    "format": int,
    "epoch": int,
    "batch": int,
    "trained": bool,
    "stopped": bool,
    "logs": dict,
    "streams": dict,
    "data": dict,
    "callbacks": dict,
    "variables": dict,
}
"""What the tree holds: the number of epochs that are done, and of batches of the next
one; whether there was any, and whether a callback has stopped the training; the metrics
of the last batch; random streams of the host; how far the data has been read; what
callbacks keep; the values of weights, optimizer, metrics and generators."""


def fingerprints(callbacks: Iterable[Callback]) -> dict[str, dict[str, bytes]]:
    """What tells whether an attribute of a callback has changed since."""
    return {
        key: {name: _fingerprint(value) for name, value in callback._state().items()}
        for key, callback in _named(callbacks).items()
    }


def _fingerprint(value: Any) -> bytes:
    arrays: list[np.ndarray[Any, Any]] = []
    text = json.dumps(_encoded(value, arrays))
    digest = hashlib.blake2b(text.encode(), digest_size=16)
    for array in arrays:
        digest.update(f"{array.dtype}{array.shape}".encode())
        digest.update(np.ascontiguousarray(array).view("uint8").data)
    return digest.digest()


def gather(
    model: Any,
    callbacks: Sequence[Callback],
    sources: Mapping[str, Any],
    fresh: Mapping[str, Mapping[str, bytes]],
    **position: Any,
) -> Config:
    """The state of a training as plain data and arrays.

    Args:
        model: what is trained.
        callbacks: those whose state belongs to it.
        sources: the data, with a method `place`.
        fresh: fingerprints of the callbacks before the training: what has not changed
            since is left to the program that goes on.
        position: `epoch`, `batch`, `trained` and `logs`.
    """
    now = fingerprints(callbacks)
    return {
        "format": _FORMAT,
        **position,
        "stopped": bool(model.stop_training),
        "streams": seeds.snapshot(),
        "data": {name: source.place() for name, source in sources.items()},
        "callbacks": {
            key: {
                name: value
                for name, value in callback._state().items()
                if now[key][name] != fresh.get(key, {}).get(name)
            }
            for key, callback in _named(callbacks).items()
        },
        "variables": {k: v.numpy() for k, v in _variables(model).items()},
    }


def restore(
    state: Config,
    model: Any,
    callbacks: Iterable[Callback],
    sources: Mapping[str, Any],
) -> None:
    """Bring a training into a state that `gather` returned.

    Raises:
        FileFormatError: if it is that of another model; then nothing is changed.
    """
    variables = _variables(model)
    _check_variables(state["variables"], variables)
    own = _named(callbacks)
    try:
        for name, place in state["data"].items():
            if name in sources:
                sources[name].go_to(place)
        for name, kept in state["callbacks"].items():
            if name in own:
                own[name]._set_state(kept)
        seeds.restore(state["streams"])
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError) as error:
        raise FileFormatError(
            f"The state of the training is damaged ({shorten(error, 120)})."
        ) from error
    for key, variable in variables.items():
        variable.assign(state["variables"][key])
    model.stop_training = state["stopped"]


def _check_variables(values: Config, variables: dict[str, Variable]) -> None:
    if values.keys() != variables.keys():
        raise FileFormatError(
            f"The state holds {len(values)} variables; the model, its optimizer and "
            f"its metrics have {len(variables)}."
        )
    for key, variable in variables.items():
        shape = getattr(values[key], "shape", None)
        if shape != tuple(variable.shape):
            raise FileFormatError(
                f"{variable.path!r} has the shape {shorten(shape, 60)}; the model "
                f"expects {tuple(variable.shape)}."
            )


def _variables(model: Any) -> dict[str, Variable]:
    """All variables of a training, by their places."""
    groups = {
        "model": model.variables,
        "optimizer": model.optimizer.variables if model.optimizer is not None else [],
        "metric": [v for m in model.metrics for v in m.variables],
        "noise": [seeds.global_generator().state],
    }
    return {f"{g}/{i}": v for g, group in groups.items() for i, v in enumerate(group)}


def _named(callbacks: Iterable[Callback]) -> dict[str, Callback]:
    """Callbacks by class, counted where there are several of one."""
    counts: Counter[str] = Counter()
    named = {}
    for callback in callbacks:
        name = type(callback).__name__
        named[f"{name}/{counts[name]}"] = callback
        counts[name] += 1
    return named


# Files.


def write(path: Path, state: Config) -> None:
    """Write a state; the file is whole or not there."""
    arrays: list[np.ndarray[Any, Any]] = []
    text = json.dumps(_encoded(state, arrays))
    path.parent.mkdir(parents=True, exist_ok=True)
    with _files.replacing(path) as part, _h5.opened(part, "w") as file:
        _h5.put(file, _TREE, np.frombuffer(text.encode(), "uint8"))
        for number, array in enumerate(arrays):
            _h5.put(file, str(number), array)


def read(path: Path) -> Config:
    """The state in a file.

    Raises:
        FileFormatError: if it is damaged, or no such file.
    """
    with _h5.opened(path) as file:
        store = _h5.Store([file])
        try:
            text = store[_TREE].astype("uint8").tobytes()
            state = _decoded(_files.read_json(text, path.name), store)
        except (KeyError, TypeError, ValueError) as error:
            raise FileFormatError(
                f"{path.name}: is no state of a training ({shorten(error, 120)})."
            ) from error
    _check_form(state, path)
    return state  # type: ignore[no-any-return]


def _check_form(state: Any, path: Path) -> None:
    wrong = [
        key
        for key, kind in _FORM.items()
        if not isinstance(state, dict) or type(state.get(key)) is not kind
    ]
    if wrong or state["format"] != _FORMAT or min(state["epoch"], state["batch"]) < 0:
        raise FileFormatError(
            f"{path.name}: is no state of a training (wrong: {', '.join(wrong)})."
        )


def _encoded(value: Any, arrays: list[np.ndarray[Any, Any]]) -> Any:
    """A tree of plain data for JSON, whose arrays are put into a list."""
    if isinstance(value, np.ndarray | np.generic):
        kind = "array" if isinstance(value, np.ndarray) else "number"
        arrays.append(np.asarray(value))
        return {kind: len(arrays) - 1}
    if isinstance(value, dict):
        return {"dict": [[_encoded(x, arrays) for x in i] for i in value.items()]}
    if isinstance(value, list | tuple):
        kind = "tuple" if isinstance(value, tuple) else "list"
        return {kind: [_encoded(x, arrays) for x in value]}
    return value


def _decoded(value: Any, store: Mapping[str, np.ndarray[Any, Any]]) -> Any:
    if not isinstance(value, dict):
        if isinstance(value, list):
            raise ValueError("a list without a kind")
        return value
    ((kind, content),) = value.items()
    if kind == "dict":
        return {_decoded(k, store): _decoded(v, store) for k, v in content}
    if kind in ("list", "tuple"):
        items = [_decoded(x, store) for x in content]
        return items if kind == "list" else tuple(items)
    if kind in ("array", "number"):
        array = store[str(content)]
        return array if kind == "array" else array[()]
    raise ValueError(f"unknown kind {kind!r}")
