"""Paths and bytes: writing that a crash cannot spoil, JSON within bounds."""

from __future__ import annotations

import json
import os
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from keras.errors import FileFormatError, MissingFileError, shorten

MAX_JSON_BYTES = 64 * 2**20
"""Longest JSON text read from a file; the configs of the largest models are 2 MB."""

MAX_JSON_DEPTH = 200
"""Deepest nesting of a config: each model in a model takes about ten levels."""


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path to write to, which becomes `path` when all is written.

    It lies in the same folder. If writing fails, the old file stays as it is.
    """
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        yield part
        _to_disk(part)
        part.replace(path)
        _to_disk(path.parent)
    finally:
        part.unlink(missing_ok=True)


def _to_disk(path: Path) -> None:
    """Wait until a file, or the entries of a folder, are on the disk."""
    if path.is_dir() and os.name == "nt":  # folders cannot be opened there
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def check_overwrite(path: Path, overwrite: bool) -> bool:
    """Whether `path` may be written; asks where a person can answer.

    Raises:
        FileExistsError: if it exists, may not be replaced, and nobody can be asked.
    """
    if overwrite or not path.exists():
        return True
    if not sys.stdin or not sys.stdin.isatty():
        raise FileExistsError(
            f"{path}: exists already, and overwrite=False was given. Choose another "
            "name, or pass overwrite=True."
        )
    answer = ""
    while answer not in ("y", "n"):
        answer = input(f"{path} exists already. Overwrite it? [y/n] ").strip().lower()
    return answer == "y"


def existing(path: Path, what: str) -> Path:
    """`path`, if there is something.

    Raises:
        MissingFileError: if there is nothing.
    """
    if not path.exists():
        raise MissingFileError(
            f"{what}: File not found: {path}. Check the path; relative ones begin at "
            f"{shorten(Path.cwd(), 80)}."
        )
    return path


def read_json(text: bytes | str, what: str) -> Any:
    """The data that JSON text from a file describes.

    Raises:
        FileFormatError: if it is too long, too deep, or no JSON.
    """
    if len(text) > MAX_JSON_BYTES:
        raise FileFormatError(
            f"{what}: has {len(text)} bytes; expected at most {MAX_JSON_BYTES}. It was "
            "not written by Keras."
        )
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FileFormatError(
            f"{what}: is no JSON text ({shorten(error, 80)}). The file is damaged: take "
            "another copy of it."
        ) from None
    _check_depth(data, what)
    return data


def _check_depth(data: Any, what: str) -> None:
    level = [data]
    for _ in range(MAX_JSON_DEPTH):
        level = [
            child
            for item in level
            if isinstance(item, dict | list)
            for child in (item.values() if isinstance(item, dict) else item)
        ]
        if not level:
            return
    raise FileFormatError(
        f"{what}: is nested more than {MAX_JSON_DEPTH} levels deep. It was not written "
        "by Keras."
    )
