"""HDF5 files read with suspicion: no links, nothing larger than the file allows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from keras.errors import FileFormatError, shorten

MAX_EXPANSION = 128
"""How many times larger than its bytes in the file a compressed array may be."""

FREE_BYTES = 16 * 2**20
"""Arrays up to this size are read however well they are compressed."""

MAX_NAMES = 200_000
"""Most names in an attribute, most variables of one object."""

MAX_ATTRIBUTE_BYTES = 64_512
"""Largest attribute that HDF5 takes; longer lists of names are cut into several."""

_KINDS = "biufcV"

Array = np.ndarray[Any, Any]


def is_h5(path: Path) -> bool:
    """Whether a file begins as HDF5 files do."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(8) == b"\x89HDF\r\n\x1a\n"


@contextmanager
def opened(path: Path, mode: str = "r") -> Iterator[Any]:
    """An HDF5 file, closed afterwards.

    Raises:
        FileFormatError: if what is read is damaged.
    """
    import h5py  # lazy: only files need it

    if mode == "r" and not is_h5(path):
        raise FileFormatError(
            f"{path.name}: is not an HDF5 file. Give a file written by "
            'model.save_weights("name.weights.h5") or model.save.'
        )
    try:
        file = h5py.File(path, mode)
    except OSError as error:
        raise _damaged(path.name, error) from None
    with file:
        yield file


def _damaged(name: str, error: Exception) -> FileFormatError:
    return FileFormatError(
        f"{name}: cannot be read as an HDF5 file ({shorten(error, 120)}). The file is "
        "damaged: take another copy of it."
    )


def child(group: Any, path: str) -> Any:
    """The group or dataset at `path` below `group`, `None` if there is none.

    Raises:
        FileFormatError: if a link to another place stands in the way.
    """
    import h5py  # lazy: only files need it

    for part in path.split("/"):
        if part in ("", "."):
            continue
        if part == ".." or not isinstance(group, h5py.Group):
            return None
        try:
            link = group.get(part, getlink=True)
            if link is None:
                return None
            if not isinstance(link, h5py.HardLink):
                raise FileFormatError(
                    f"{group.name}/{part}: is a link to another place or file, which "
                    "is not followed. The file was not written by Keras."
                )
            group = group[part]
        except (OSError, RuntimeError, KeyError) as error:
            raise _damaged(f"{path}", error) from None
    return group


def as_group(found: Any) -> Any:
    """`found`, if it is a group.

    Raises:
        FileFormatError: if it is an array.
    """
    import h5py  # lazy: only files need it

    if not isinstance(found, h5py.Group):
        raise FileFormatError(f"{found.name}: is an array; expected a group.")
    return found


def array(dataset: Any) -> Array:
    """The values of a dataset; bfloat16 ones as such.

    Raises:
        FileFormatError: if it is no array of numbers, lies outside the file, or is
            larger than its bytes in the file explain.
    """
    check_dataset(dataset)
    try:
        values = np.asarray(dataset[()])
    except (OSError, RuntimeError, ValueError, TypeError) as error:
        raise _damaged(str(dataset.name), error) from None
    if _text(dataset.attrs.get("dtype", "")) == "bfloat16" and values.itemsize == 2:
        import ml_dtypes  # lazy: few files need it

        values = values.view(ml_dtypes.bfloat16)
    return values


def check_dataset(dataset: Any) -> None:
    """Refuse what must not be read, before a byte of it is."""
    import h5py  # lazy: only files need it

    if not isinstance(dataset, h5py.Dataset):
        raise FileFormatError(
            f"{getattr(dataset, 'name', dataset)}: is a group; expected an array."
        )
    name = dataset.name
    if dataset.is_virtual or dataset.external:
        raise FileFormatError(
            f"{name}: takes its values from another file, which is not read. The file "
            "was not written by Keras."
        )
    if dataset.dtype.kind not in _KINDS or dataset.dtype.hasobject:
        raise FileFormatError(
            f"{name}: holds {dataset.dtype}; expected numbers. It was not written "
            "by Keras."
        )
    if dataset.shape is None or dataset.dtype.fields or dataset.dtype.subdtype:
        raise FileFormatError(f"{name}: is no plain array of numbers.")
    size = int(np.prod(dataset.shape, dtype=object)) * dataset.dtype.itemsize
    stored = int(dataset.id.get_storage_size())
    if size > max(FREE_BYTES, MAX_EXPANSION * stored):
        raise FileFormatError(
            f"{name}: declares {size} bytes (shape {shorten(dataset.shape, 60)}), of "
            f"which the file holds {stored}. The file is damaged or hostile."
        )


class Store(Mapping[str, Array]):
    """The arrays of one object in a file, read as they are asked for.

    Args:
        groups: those with one dataset per variable: one, several with shards, none if
            the file holds nothing for the object.
    """

    def __init__(self, groups: list[Any]) -> None:
        if sum(len(g) for g in groups) > MAX_NAMES:
            raise FileFormatError(f"{groups[0].name}: holds too many entries.")
        self.groups = groups
        self._places = {name: (g, name) for g in groups for name in g}

    def renamed(self, names: Mapping[str, str]) -> Store:
        """The same arrays under other names.

        Args:
            names: new names and the old ones.
        """
        other = Store(self.groups)
        other._places = {new: self._places[old] for new, old in names.items()}
        return other

    def dataset(self, name: str) -> Any:
        """The dataset itself, unread."""
        found = child(*self._places.get(name, (None, name)))
        if found is None:
            raise KeyError(name)
        if not hasattr(found, "shape"):
            raise FileFormatError(f"{found.name}: is a group; expected an array.")
        return found

    def __getitem__(self, name: str) -> Array:
        return array(self.dataset(str(name)))

    def __contains__(self, name: object) -> bool:
        return name in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def put(group: Any, name: str, value: Any) -> None:
    """Write a variable or an array; bfloat16 as raw bytes with an attribute."""
    values = value.numpy() if hasattr(value, "numpy") else np.asarray(value)
    if values.dtype.name == "bfloat16":
        dataset = group.create_dataset(name, data=values.view(np.dtype("V2")))
        dataset.attrs["dtype"] = "bfloat16"
    else:
        group.create_dataset(name, data=values)


def names_of(group: Any, attribute: str, kinds: str = "SO") -> list[str]:
    """A list of names in an attribute, joined again where it was cut.

    Args:
        group: what has the attribute.
        attribute: its name.
        kinds: of NumPy dtypes; "O" are texts of any length, which many names may share
            in a hostile file.

    Raises:
        FileFormatError: if it is no list of names.
    """
    if attribute in group.attrs:
        return _name_list(group, attribute, kinds)
    result: list[str] = []
    i = 0
    while f"{attribute}{i}" in group.attrs and len(result) <= MAX_NAMES:
        result += _name_list(group, f"{attribute}{i}", kinds)
        i += 1
    return result


def _name_list(group: Any, attribute: str, kinds: str) -> list[str]:
    try:
        found = group.attrs.get_id(attribute)
        shape, dtype = found.shape, found.dtype
        # An empty list has the dtype float64.
        is_list = len(shape) == 1 and (dtype.kind in kinds or shape == (0,))
        small = is_list and shape[0] * dtype.itemsize <= FREE_BYTES
        if small and shape[0] <= MAX_NAMES:
            return [_text(v) for v in np.asarray(group.attrs[attribute]).tolist()]
    except (OSError, RuntimeError, ValueError, TypeError, KeyError) as error:
        raise _damaged(f"{group.name}: {attribute}", error) from None
    raise FileFormatError(
        f"{attribute}: is no list of names (shape {shorten(shape, 60)}, dtype "
        f"{dtype}). It was not written by Keras."
    )


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def text_attribute(file: Any, name: str) -> str | None:
    """A text in an attribute of the root, which Keras 1 and 2 wrote as bytes."""
    value = file.attrs.get(name)
    return None if value is None else _text(value)


def put_names(group: Any, attribute: str, names: list[str]) -> None:
    """Write a list of names, cut into parts where it is too long for one attribute."""
    data = np.asarray([n.encode("utf-8") for n in names])
    if data.nbytes <= MAX_ATTRIBUTE_BYTES:
        group.attrs[attribute] = data
        return
    per_part = max(1, MAX_ATTRIBUTE_BYTES // data.itemsize)
    for i in range(0, len(names), per_part):
        group.attrs[f"{attribute}{i // per_part}"] = data[i : i + per_part]
