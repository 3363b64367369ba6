"""`.safetensors` files: the weights of a model by the paths of its variables."""

from __future__ import annotations

import warnings
from pathlib import Path
from types import ModuleType
from typing import Any

from keras.errors import FileFormatError, nearest, shorten
from keras.saving import _files, _weights


def _package() -> ModuleType:
    try:
        import safetensors.numpy  # lazy: an optional package
    except ImportError:
        raise ImportError(
            "Files that end in .safetensors need the package safetensors. Run "
            "`pip install safetensors`, or use .weights.h5."
        ) from None
    return safetensors  # type: ignore[no-any-return]


def save(model: Any, path: Path) -> None:
    """Write the weights, each under the path of its variable.

    Raises:
        ValueError: if two variables have the same path.
    """
    package = _package()
    arrays: dict[str, Any] = {}
    for variable in model.weights:
        if variable.path in arrays:
            raise ValueError(
                f"save_weights: two variables have the path {variable.path!r}, by which "
                ".safetensors files know them. Name the layers differently, or use "
                ".weights.h5."
            )
        arrays[variable.path] = variable.numpy()
    with _files.replacing(path) as part:
        package.numpy.save_file(arrays, str(part), {"format": "keras"})


def load(model: Any, path: Path, skip_mismatch: bool) -> None:
    """Read the weights by the paths of the variables.

    Raises:
        ValueError: if one is missing or has another shape; nothing is changed then.
    """
    package = _package()
    try:
        file = package.safe_open(str(path), "numpy")
    except Exception as error:  # the package's own error type is not an Exception of ours
        raise FileFormatError(
            f"{path.name}: is no .safetensors file ({shorten(error, 100)}). Take another "
            "copy of it."
        ) from None
    with file:
        names = set(file.keys())
        fitting = []
        for variable in model.weights:
            try:
                if variable.path not in names:
                    close = ", ".join(nearest(variable.path, names)) or "none"
                    raise ValueError(
                        f"{path.name}: holds no {variable.path!r}; the nearest names are "
                        f"{close}. Make the model as it was when it was saved."
                    )
                shape = file.get_slice(variable.path).get_shape()
                _weights.check_shape(variable, shape, variable.path)
                fitting.append(variable)
            except ValueError as error:
                if not skip_mismatch:
                    raise
                warnings.warn(shorten(error, 400), stacklevel=4)
        for variable in fitting:
            variable.assign(file.get_tensor(variable.path))
