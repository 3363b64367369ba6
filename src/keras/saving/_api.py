"""`save_model`, `load_model`, `save_weights`, `load_weights`: which file is which."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from keras.errors import FileFormatError
from keras.saving import _archive, _files, _h5, _legacy_h5, _safetensors, _weights

PathLike = str | os.PathLike[str]

_H5 = (".h5", ".hdf5")


def save_model(
    model: Any,
    filepath: PathLike,
    overwrite: bool = True,
    zipped: bool | None = None,
    **kwargs: Any,
) -> None:
    """Write a model, its weights and the state of its optimizer.

    An old file is replaced as a whole, and only when the new one is complete.

    Args:
        model: the model.
        filepath: ends in ".keras"; ".h5" for the form of Keras 2. With `zipped=False`
            the name of a folder.
        overwrite: whether a file of that name may be replaced; `False` asks.
        zipped: whether to write one file (the default) or a folder.
        kwargs: `include_optimizer` for ".h5"; `save_format` of old programs is ignored.

    Raises:
        ValueError: for another ending.
        FileExistsError: with `overwrite=False`, where nobody can be asked.

    Example:
        >>> keras.saving.save_model(model, "model.keras")
        >>> same = keras.saving.load_model("model.keras")
    """
    path = Path(filepath)
    include_optimizer = kwargs.pop("include_optimizer", True)
    kwargs.pop("save_format", None)
    if kwargs:
        raise ValueError(
            f"save_model: got unknown arguments {', '.join(kwargs)}. Leave them out."
        )
    is_h5 = path.suffix in _H5
    if not is_h5 and path.suffix != ".keras" and zipped is not False:
        raise ValueError(
            f"save_model: got the file name {path.name!r}; expected one that ends in "
            f'".keras". Pass "{path.stem or "model"}.keras"; for a folder that another '
            "program serves use model.export."
        )
    if is_h5 and zipped is not None:
        raise ValueError(
            f"save_model(zipped={zipped}): the form {path.suffix} is always one file. "
            'Pass a name that ends in ".keras".'
        )
    if not _files.check_overwrite(path, overwrite):
        return
    if is_h5:
        _legacy_h5.save(model, path, include_optimizer)
    elif zipped is False:
        _archive.save_folder(model, path)
    else:
        _archive.save(model, path)


def load_model(
    filepath: PathLike,
    custom_objects: Mapping[str, Any] | None = None,
    compile: bool = True,
    safe_mode: bool = True,
) -> Any:
    """The model in a file, compiled as it was when it was saved.

    Nothing in the file is run: it can only name classes of Keras, registered ones, and
    those in `custom_objects`.

    Args:
        filepath: a ".keras" file or folder, or an ".h5" file of Keras 2 or 3.
        custom_objects: names and the classes or functions they stand for.
        compile: whether to compile the model and load its optimizer's state.
        safe_mode: whether to refuse functions stored as code (Lambda layers).

    Raises:
        FileFormatError: (a ValueError) if the file is missing, damaged, or no model.
        UnsafeFileError: in safe mode, if the file holds a function as code.
        UnknownNameError: if a class is neither part of Keras nor registered.

    Example:
        >>> model = keras.models.load_model("model.keras")
    """
    path = _files.existing(Path(filepath), "load_model")
    if _h5.is_h5(path):
        return _legacy_h5.load(path, custom_objects, compile, safe_mode)
    if path.is_dir() or zipfile.is_zipfile(path):
        return _archive.load(path, custom_objects, compile, safe_mode)
    raise FileFormatError(
        f"load_model: {path.name} is no Keras model. Give a .keras or .h5 file written "
        "by model.save, whole: a download may be cut short."
    )


def save_weights(
    model: Any,
    filepath: PathLike,
    overwrite: bool = True,
    max_shard_size: float | None = None,
    **kwargs: Any,
) -> None:
    """Write the weights of a model, and the state of its optimizer.

    Args:
        model: a model or layer.
        filepath: ends in ".weights.h5", or ".weights.json" for several files, or
            ".safetensors" (weights alone).
        overwrite: whether a file of that name may be replaced; `False` asks.
        max_shard_size: the size in GB from which a new file is begun.

    Raises:
        ValueError: for another ending.

    Example:
        >>> keras.saving.save_weights(model, "model.weights.h5")
    """
    path = Path(filepath)
    if kwargs.pop("save_format", None) or kwargs:
        raise ValueError(
            f"save_weights: got unknown arguments {', '.join(kwargs) or 'save_format'}. "
            "Leave them out; the ending of the file name says the form."
        )
    sharded = path.name.endswith(".weights.json")
    if path.suffix == ".safetensors":
        writer = _safetensors.save
    elif sharded or path.name.endswith(".weights.h5"):
        writer = _weights.save
    else:
        raise ValueError(
            f"save_weights: got the file name {path.name!r}; expected one that ends in "
            f'".weights.h5". Pass "{path.name.split(".")[0] or "model"}.weights.h5".'
        )
    if sharded != (max_shard_size is not None):
        raise ValueError(
            f"save_weights: got {path.name!r} with max_shard_size={max_shard_size}. "
            'Several files need both: a name that ends in ".weights.json", and the size.'
        )
    if not _files.check_overwrite(path, overwrite):
        return
    if max_shard_size is not None:
        _weights.save_shards(model, path, max_shard_size)
    else:
        writer(model, path)


def load_weights(
    model: Any, filepath: PathLike, skip_mismatch: bool = False, **kwargs: Any
) -> None:
    """Read the weights of a model from a file.

    Args:
        model: a model or layer that is built.
        filepath: ".weights.h5", ".weights.json", ".keras", ".safetensors", or the ".h5"
            of Keras 2.
        skip_mismatch: whether to leave out, with a warning, what does not fit.
        kwargs: `by_name=True` matches layers by their names (".h5" files only).

    Raises:
        ValueError: if the file holds other layers or shapes; the message names them.

    Example:
        >>> keras.saving.load_weights(model, "model.weights.h5")
    """
    path = Path(filepath)
    by_name = bool(kwargs.pop("by_name", False))
    objects = kwargs.pop("objects_to_skip", None)
    if kwargs or objects:
        raise ValueError(
            f"load_weights: got unknown arguments {', '.join(kwargs) or 'objects_to_skip'}"
            ". Known are skip_mismatch and by_name."
        )
    is_new = path.name.endswith((".weights.h5", ".weights.json", ".keras"))
    if by_name and (is_new or path.suffix == ".safetensors"):
        raise ValueError(
            f"load_weights(by_name=True): only .h5 files of the old form match layers by "
            f"name, got {path.name!r}. Leave by_name out."
        )
    _files.existing(path, "load_weights")
    if path.suffix == ".safetensors":
        _safetensors.load(model, path, skip_mismatch)
    elif path.name.endswith(".weights.json"):
        _weights.load_shards(model, path, skip_mismatch)
    elif _h5.is_h5(path):
        if not by_name and not _legacy_h5.is_legacy(path):
            _archive.build_optimizer(model)
            _weights.load(model, path, skip_mismatch)
        else:
            _legacy_h5.load_weights(model, path, by_name, skip_mismatch)
    elif path.is_dir() or zipfile.is_zipfile(path):
        _archive.load_weights(model, path, skip_mismatch)
    else:
        raise FileFormatError(
            f"load_weights: {path.name} is of no known form. Give a .weights.h5, .h5 or "
            ".keras file written by Keras, whole: a download may be cut short."
        )
