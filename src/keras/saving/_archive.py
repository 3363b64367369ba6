"""`.keras` files: a zip archive, or a folder, with the config, weights and assets."""

from __future__ import annotations

import datetime
import json
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from keras.core.registry import CustomObjectScope
from keras.core.serialization import (
    ObjectSharingScope,
    deserialize_keras_object,
    drop_single_ids,
    serialize_keras_object,
)
from keras.errors import FileFormatError, shorten
from keras.saving import _files, _h5, _weights
from keras.version import __version__

METADATA, CONFIG, WEIGHTS = "metadata.json", "config.json", "model.weights.h5"
OLD_WEIGHTS = "model.weights.npz"
ASSETS = "assets"

WRITTEN_VERSION = "3.15.1"
"""The version whose format the files have."""

MAX_MEMBERS = 10_000
"""Most members of an archive."""

MAX_RATIO = 200
"""How many times larger than its compressed form a member may be."""

FREE_BYTES = 16 * 2**20
"""Members up to this size are unpacked however well they are compressed."""

_EPOCH = (1980, 1, 1, 0, 0, 0)


# Writing.


def save(model: Any, path: Path) -> None:
    """Write a model into one zip file."""
    with tempfile.TemporaryDirectory() as folder:
        write_members(model, Path(folder))
        with _files.replacing(path) as part:
            with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED, allowZip64=True) as file:
                for name in (METADATA, CONFIG):
                    info = zipfile.ZipInfo(name, _EPOCH)
                    file.writestr(info, (Path(folder) / name).read_bytes())
                file.write(Path(folder) / WEIGHTS, WEIGHTS)
                for member in sorted((Path(folder) / ASSETS).rglob("*")):
                    if member.is_file():
                        file.write(member, member.relative_to(folder).as_posix())


def save_folder(model: Any, path: Path) -> None:
    """Write a model into a folder, each of its files replaced as a whole."""
    path.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        write_members(model, Path(folder))
        for member in sorted(Path(folder).rglob("*")):
            target = path / member.relative_to(folder)
            if member.is_dir():
                target.mkdir(parents=True, exist_ok=True)
                continue
            with _files.replacing(target) as part:
                shutil.copyfile(member, part)


def write_members(model: Any, folder: Path) -> None:
    """Write the files of which an archive consists."""
    with ObjectSharingScope():
        config = drop_single_ids(serialize_keras_object(model))
    now = datetime.datetime.now().strftime("%Y-%m-%d@%H:%M:%S")
    metadata = {"keras_version": WRITTEN_VERSION, "date_saved": now}
    metadata["written_by"] = f"keras {__version__}"
    (folder / METADATA).write_text(json.dumps(metadata), encoding="utf-8")
    (folder / CONFIG).write_text(json.dumps(config), encoding="utf-8")
    with _h5.opened(folder / WEIGHTS, "w") as file:
        _weights.write(model, file)
    for where, target in _with_assets(model, "save_assets"):
        place = folder / ASSETS / where
        place.mkdir(parents=True, exist_ok=True)
        target.save_assets(str(place))


def _with_assets(model: Any, method: str) -> Iterator[tuple[str, Any]]:
    for where, target in _weights.saveables(model):
        if callable(getattr(target, method, None)):
            yield where, target


# Reading.


def load(
    path: Path, custom_objects: Any, compile_model: bool, safe_mode: bool
) -> Any:
    """The model in a zip file or a folder."""
    with _members(path) as members:
        config = _files.read_json(members.read(CONFIG), f"{path.name}: {CONFIG}")
        model = model_from(config, custom_objects, compile_model, safe_mode)
        _load_weights(model, members, path.name, skip_mismatch=False)
        for where, target in _with_assets(model, "load_assets"):
            with members.unpacked(f"{ASSETS}/{where}") as folder:
                if folder is not None:
                    target.load_assets(str(folder))
    return model


def model_from(
    config: Any, custom_objects: Any, compile_model: bool, safe_mode: bool
) -> Any:
    """The model that the data of a `config.json` describes, with fresh weights."""
    if not isinstance(config, dict) or not {"class_name", "config"} <= config.keys():
        raise FileFormatError(
            "The config in the file describes no object. Give a file written by "
            'model.save("model.keras").'
        )
    if not compile_model:
        config = {k: v for k, v in config.items() if k != "compile_config"}
    with CustomObjectScope(custom_objects), ObjectSharingScope():
        model = deserialize_keras_object(config, safe_mode=safe_mode)
    if not hasattr(model, "load_weights") and not _weights.is_saveable(model):
        raise FileFormatError(
            f"The file holds a {type(model).__name__}; expected a model. Give a file "
            'written by model.save("model.keras").'
        )
    return model


def load_weights(model: Any, path: Path, skip_mismatch: bool) -> None:
    """The weights of a whole-model file, into a model that exists."""
    with _members(path) as members:
        _load_weights(model, members, path.name, skip_mismatch)


def _load_weights(model: Any, members: Members, what: str, skip_mismatch: bool) -> None:
    build_optimizer(model)
    if WEIGHTS in members.names():
        with members.file(WEIGHTS) as place, _h5.opened(place) as file:
            _weights.read(model, _weights.finder(file), what, skip_mismatch)
    elif OLD_WEIGHTS in members.names():
        raise FileFormatError(
            f"{what}: its weights are an .npz archive, which needs pickling and is not "
            "read. Load it in Keras 3 and save it again."
        )
    else:
        raise FileFormatError(
            f"{what}: holds no {WEIGHTS}. Give a file written by "
            'model.save("model.keras").'
        )


def build_optimizer(model: Any) -> None:
    """Make the variables of the optimizer, so that there is something to load into."""
    optimizer = getattr(model, "optimizer", None)
    if optimizer is not None and not getattr(optimizer, "built", True):
        optimizer.build(model.trainable_variables)


class Members:
    """The files of a model by name, whether packed or not; all names are checked."""

    def names(self) -> set[str]:
        """The names of the members."""
        raise NotImplementedError

    def read(self, name: str) -> bytes:
        """A whole (small) member."""
        raise NotImplementedError

    @contextmanager
    def file(self, name: str) -> Iterator[Path]:
        """A member as a file."""
        raise NotImplementedError
        yield

    @contextmanager
    def unpacked(self, folder: str) -> Iterator[Path | None]:
        """A folder of members as a folder, `None` if there is none."""
        raise NotImplementedError
        yield

    def missing(self, name: str, what: str) -> FileFormatError:
        """The error for a member that is not there."""
        return FileFormatError(
            f"{what}: holds no {name}, so it is no Keras model. Give a file written by "
            'model.save("model.keras").'
        )


@contextmanager
def _members(path: Path) -> Iterator[Members]:
    if path.is_dir():
        yield _Folder(path)
        return
    try:
        file = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise FileFormatError(
            f"{path.name}: is no Keras model ({shorten(error, 80)}). Give a file written "
            'by model.save("model.keras").'
        ) from None
    with file:
        yield _Zip(file, path.name)


def check_name(name: str, what: str) -> None:
    """Refuse names of members that Keras does not write, or that lead elsewhere.

    Raises:
        FileFormatError: for any of these.
    """
    parts = PurePosixPath(name).parts
    known = name in (METADATA, CONFIG, WEIGHTS, OLD_WEIGHTS)
    below = len(parts) > 1 and parts[0] == ASSETS or name == f"{ASSETS}/"
    strange = ".." in parts or name.startswith("/") or any(c in name for c in "\\:\0")
    if strange or not (known or below):
        raise FileFormatError(
            f"{what}: holds a member named {shorten(repr(name), 80)}; expected "
            f"{METADATA}, {CONFIG}, {WEIGHTS} and files below {ASSETS}/. The file was "
            "not written by Keras."
        )


class _Zip(Members):
    """The members of a zip archive."""

    def __init__(self, file: zipfile.ZipFile, what: str) -> None:
        self._file, self._what = file, what
        infos = file.infolist()
        if len(infos) > MAX_MEMBERS:
            raise FileFormatError(f"{what}: holds {len(infos)} members.")
        self._infos: dict[str, zipfile.ZipInfo] = {}
        for info in infos:
            self._check(info)
            self._infos[info.filename] = info

    def _check(self, info: zipfile.ZipInfo) -> None:
        check_name(info.filename, self._what)
        if info.filename in self._infos:
            raise FileFormatError(
                f"{self._what}: holds {info.filename!r} twice. It was not written by "
                "Keras."
            )
        kind = info.external_attr >> 16
        if stat.S_IFMT(kind) not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise FileFormatError(
                f"{self._what}: its member {info.filename!r} is a link or a device, "
                "which is not unpacked. It was not written by Keras."
            )
        if info.flag_bits & 1:
            raise FileFormatError(f"{self._what}: is encrypted. Decrypt it first.")
        if info.file_size > max(FREE_BYTES, MAX_RATIO * info.compress_size):
            raise FileFormatError(
                f"{self._what}: its member {info.filename!r} would unpack from "
                f"{info.compress_size} to {info.file_size} bytes. The file is damaged or "
                "hostile."
            )

    def names(self) -> set[str]:
        return set(self._infos)

    def read(self, name: str) -> bytes:
        info = self._infos.get(name)
        if info is None:
            raise self.missing(name, self._what)
        if info.file_size > _files.MAX_JSON_BYTES:
            raise FileFormatError(
                f"{self._what}: {name} has {info.file_size} bytes; expected at most "
                f"{_files.MAX_JSON_BYTES}. It was not written by Keras."
            )
        with self._opened(info) as source:
            return source.read()  # type: ignore[no-any-return]

    @contextmanager
    def _opened(self, info: zipfile.ZipInfo) -> Iterator[Any]:
        try:
            with self._file.open(info) as source:
                yield source
        except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
            raise FileFormatError(
                f"{self._what}: its member {info.filename!r} is damaged "
                f"({shorten(error, 80)}). Take another copy of the file."
            ) from None

    def _unpack(self, info: zipfile.ZipInfo, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        with self._opened(info) as source, target.open("wb") as out:
            shutil.copyfileobj(source, out, 1 << 20)

    @contextmanager
    def file(self, name: str) -> Iterator[Path]:
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / name
            self._unpack(self._infos[name], target)
            yield target

    @contextmanager
    def unpacked(self, folder: str) -> Iterator[Path | None]:
        prefix = folder.rstrip("/") + "/"
        wanted = [i for n, i in self._infos.items() if n.startswith(prefix)]
        if not wanted:
            yield None
            return
        with tempfile.TemporaryDirectory() as place:
            for info in wanted:
                if not info.is_dir():
                    self._unpack(info, Path(place) / info.filename[len(prefix) :])
            yield Path(place)


class _Folder(Members):
    """The members of a model saved as a folder."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def _place(self, name: str) -> Path:
        place = self._path / name
        if place.is_symlink():
            raise FileFormatError(
                f"{place}: is a link, which is not followed. Put the file itself there."
            )
        return place

    def names(self) -> set[str]:
        return {n for n in (METADATA, CONFIG, WEIGHTS) if self._place(n).is_file()}

    def read(self, name: str) -> bytes:
        place = self._place(name)
        if not place.is_file():
            raise self.missing(name, self._path.name)
        if place.stat().st_size > _files.MAX_JSON_BYTES:
            raise FileFormatError(f"{place}: is longer than {_files.MAX_JSON_BYTES}.")
        return place.read_bytes()

    @contextmanager
    def file(self, name: str) -> Iterator[Path]:
        yield self._place(name)

    @contextmanager
    def unpacked(self, folder: str) -> Iterator[Path | None]:
        place = self._place(folder)
        for member in place.rglob("*") if place.is_dir() else ():
            if member.is_symlink():
                raise FileFormatError(f"{member}: is a link, which is not followed.")
        yield place if place.is_dir() else None
