"""Event files of TensorBoard: records of TFRecord that hold protobuf messages."""

from __future__ import annotations

import itertools
import os
import socket
import struct
import time
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

_files = itertools.count()

Field = tuple[int, "bytes | str | int | float"]


# The wire format of protobuf: https://protobuf.dev/programming-guides/encoding


def varint(value: int) -> bytes:
    """An int in groups of seven bits, the lowest first."""
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def message(*fields: Field) -> bytes:
    """A message of fields: ints, texts, bytes and messages; floats are of 32 bits."""
    out = bytearray()
    for number, value in fields:
        if isinstance(value, str):
            value = value.encode()
        if isinstance(value, bytes):
            out += varint(number << 3 | 2) + varint(len(value)) + value
        elif isinstance(value, float):
            out += varint(number << 3 | 5) + struct.pack("<f", value)
        else:
            out += varint(number << 3) + varint(int(value))
    return bytes(out)


def double(number: int, value: float) -> bytes:
    """A field that holds a float of 64 bits."""
    return varint(number << 3 | 1) + struct.pack("<d", value)


def packed_doubles(number: int, values: Any) -> bytes:
    """A field that holds a list of floats of 64 bits."""
    data = np.asarray(values, "<f8").tobytes()
    return varint(number << 3 | 2) + varint(len(data)) + data


# Records: length, checksum of the length, data, checksum of the data.


def _crc_table() -> list[int]:
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
        table.append(byte)
    return table


_CRC = _crc_table()


def crc32c(data: bytes) -> int:
    """The checksum CRC-32C (Castagnoli, RFC 3720)."""
    value = 0xFFFFFFFF
    for byte in data:
        value = _CRC[(value ^ byte) & 0xFF] ^ value >> 8
    return value ^ 0xFFFFFFFF


def _masked(data: bytes) -> bytes:
    value = crc32c(data)
    value = (value >> 15 | value << 17) + 0xA282EAD8
    return struct.pack("<I", value & 0xFFFFFFFF)


def record(data: bytes) -> bytes:
    """One record of a TFRecord file."""
    length = struct.pack("<Q", len(data))
    return length + _masked(length) + data + _masked(data)


# What TensorBoard shows.


class EventFile:
    """A file of events, made when the first one is written.

    Args:
        folder: where TensorBoard looks for a run.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self._folder = Path(folder)
        self._file: BinaryIO | None = None

    def scalar(self, tag: str, value: float, step: int) -> None:
        """Write a number."""
        self._summary(step, (1, tag), (2, float(value)))

    def text(self, tag: str, value: str, step: int, plugin: str = "text") -> None:
        """Write a text, for a plugin of TensorBoard."""
        # TensorProto of one string: dtype DT_STRING, no dimensions.
        tensor = message((1, 7), (2, b""), (8, value))
        self._summary(
            step, (1, tag), (8, tensor), (9, message((1, message((1, plugin)))))
        )

    def histogram(self, tag: str, values: Any, step: int, bins: int = 30) -> None:
        """Write how values are distributed."""
        flat = np.asarray(values, "float64").ravel()
        flat = flat[np.isfinite(flat)]
        if not flat.size:
            return
        counts, edges = np.histogram(flat, bins)
        content = (
            double(1, flat.min())
            + double(2, flat.max())
            + double(3, flat.size)
            + double(4, flat.sum())
            + double(5, np.square(flat).sum())
            + packed_doubles(6, edges[1:])
            + packed_doubles(7, counts)
        )
        self._summary(step, (1, tag), (5, content))

    def image(self, tag: str, image: Any, step: int) -> None:
        """Write an image `(height, width, channels)` of 1, 3 or 4 channels.

        Args:
            tag: its name.
            image: of dtype uint8, or floats from 0 to 1.
            step: when it was taken.
        """
        # Only where images are written.
        from PIL import Image

        pixels = np.asarray(image)
        if pixels.dtype != np.uint8:
            pixels = (np.clip(pixels, 0, 1) * 255).round().astype("uint8")
        height, width, channels = pixels.shape
        buffer = BytesIO()
        picture = Image.fromarray(pixels[..., 0] if channels == 1 else pixels)
        picture.save(buffer, "PNG")
        content = message(
            (1, height), (2, width), (3, channels), (4, buffer.getvalue())
        )
        self._summary(step, (1, tag), (4, content))

    def flush(self) -> None:
        """Hand everything to the operating system."""
        if self._file is not None:
            self._file.flush()

    def close(self) -> None:
        """Close the file; a later event begins another one."""
        if self._file is not None:
            self._file.close()
        self._file = None

    def _summary(self, step: int, *fields: Field) -> None:
        summary = message((1, message(*fields)))
        self._event(double(1, time.time()) + message((2, int(step)), (5, summary)))

    def _event(self, event: bytes) -> None:
        if self._file is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            now = time.time()
            name = (
                f"events.out.tfevents.{int(now)}.{socket.gethostname()}.{os.getpid()}"
                f".{next(_files)}.v2"
            )
            self._file = (self._folder / name).open("wb")
            first = double(1, now) + message((3, "brain.Event:2"))
            self._file.write(record(first))
        self._file.write(record(event))
