"""`.safetensors` files: the weights of a model, named as in `.weights.h5`."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

from keras.errors import FileFormatError, nearest, shorten, warn
from keras.layers._state import State
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


def _variables(model: Any) -> dict[str, Any]:
    """The weights by the paths that they have in `.weights.h5` files."""
    return {
        f"{path}/{i}" if path else str(i): variable
        for path, target in _weights.saveables(model)
        if isinstance(target, State)
        for i, variable in enumerate(target._own_variables())
    }


def save(root: Any, path: Path) -> None:
    """Write the weights; the optimizer's state is not among them."""
    package = _package()
    arrays = {name: v.numpy() for name, v in _variables(root).items()}
    with _files.replacing(path) as part:
        package.numpy.save_file(arrays, str(part), {"format": "keras"})


def load(model: Any, path: Path, skip_mismatch: bool) -> None:
    """Read the weights.

    Raises:
        ValueError: if one is missing or has another shape; nothing is changed then.
    """
    package = _package()
    try:
        file = package.safe_open(str(path), "numpy")
    except Exception as error:  # the package's own error, which has no base of ours
        raise FileFormatError(
            f"{path.name}: is no .safetensors file ({shorten(error, 100)}). Take "
            "another copy of it."
        ) from None
    with file:
        names = set(file.keys())
        fitting = {}
        for name, variable in _variables(model).items():
            try:
                if name not in names:
                    close = ", ".join(nearest(name, names)) or "none"
                    raise ValueError(
                        f"{path.name}: holds no {name!r} (variable {variable.path!r}); "
                        f"the nearest names are {close}. Make the model as it was when "
                        "it was saved."
                    )
                _weights.check_shape(variable, file.get_slice(name).get_shape(), name)
                fitting[name] = variable
            except ValueError as error:
                if not skip_mismatch:
                    raise
                warn(shorten(error, 400))
        for name, variable in fitting.items():
            variable.assign(file.get_tensor(name))
