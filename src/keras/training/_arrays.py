"""Arrays of every kind, made ready to be cut into batches."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from keras.backend import current
from keras.core import tree
from keras.core.config import floatx
from keras.core.seeds import host_stream
from keras.errors import shorten
from keras.training._batch import Batch
from keras.typing import Native

_NAMES = ("x", "y", "sample_weight")

_GATHERED = 1 << 17
"""Entries that are gathered at once, where one batch does not hold more."""

_MOST_GATHERED = 64
"""Batches that are gathered at once, where they are small."""

_HALF = ("float16", "bfloat16", "float32")
_STORED = {"uint16": "int32", "uint32": "int64", "uint64": "int64"}
"""NumPy dtypes that not every engine has, and what they are kept as."""


class ArraySource:
    """Batches cut from arrays that lie in memory, or are read in slices.

    Args:
        x, y, sample_weight: nested structures of arrays of the same length.
        batch_size: samples in a batch; default 32.
        shuffle: whether each epoch draws a new order; "batch" draws one of whole
            batches, for files that are slow to read here and there.
    """

    def __init__(
        self,
        x: Any,
        y: Any = None,
        sample_weight: Any = None,
        *,
        batch_size: int | None = None,
        shuffle: bool | str = False,
    ) -> None:
        leaves, self._structure = tree.flatten_with_spec((x, y, sample_weight))
        leaves = [None if a is None else readable(a) for a in leaves]
        self.samples = common_length(leaves)
        self._leaves, self._sends = _placed(leaves)
        self.batch_size = int(batch_size or 32)
        self._shuffle = shuffle

    @property
    def size(self) -> int:
        """The number of batches, the last of which may be smaller."""
        return -(-self.samples // self.batch_size)

    def example(self) -> Batch:
        """The first batch; no epoch is begun for it."""
        return self.rows(None, 0, self.batch_size)

    def order(self) -> Native | None:
        """The order of the samples in the next epoch; `None` is their own.

        It is drawn on the host, so that it is the same on every engine.
        """
        if not self._shuffle:
            return None
        draw = host_stream("shuffle")
        if self._shuffle == "batch":
            # The rest that fills no batch stays at the end.
            full = self.samples // self.batch_size
            places = np.arange(full * self.batch_size).reshape(full, self.batch_size)
            rest = np.arange(full * self.batch_size, self.samples)
            order = np.concatenate([draw.permutation(places).ravel(), rest])
        else:
            order = draw.permutation(self.samples)
        on_host = _keeps_numpy() or self._sends
        on_host = on_host or any(isinstance(a, Rows) for a in self._leaves)
        return order if on_host else current.engine.convert(order, None)

    def epoch(self) -> Iterator[Batch]:
        """The batches of one more epoch."""
        order, size = self.order(), self.batch_size
        chunk = size * self._batches_at_once(order)
        for start in range(0, self.samples, chunk):
            stop = min(start + chunk, self.samples)
            rows = self._rows(order, start, stop)
            for first in range(0, stop - start, size):
                part = [None if a is None else a[first : first + size] for a in rows]
                yield self._batch(part)

    def _batches_at_once(self, order: Native | None) -> int:
        """How many batches to gather, of which single ones are views.

        They cost one gathering together; more would not stay in a processor's cache.
        """
        if any(isinstance(a, Rows) for a in self._leaves):
            return 1
        if order is None:
            return self.size
        entries: int = sum(
            math.prod(a.shape[1:]) for a in self._leaves if a is not None
        )
        fitting = _GATHERED // (max(entries, 1) * self.batch_size)
        return min(max(fitting, 1), _MOST_GATHERED)

    def close(self) -> None:
        """Nothing is open between two batches."""

    def rows(self, order: Native | None, start: int, stop: int) -> Batch:
        """The samples at places `start` to `stop` of an order."""
        return self._batch(self._rows(order, start, stop))

    def _batch(self, leaves: list[Any]) -> Batch:
        # Nothing is read ahead, so that an interrupted epoch can be gone on with: no
        # step waits for the device, so the next batch is on its way while it works.
        if self._sends:
            leaves = [_sent(a) for a in leaves]
        return tree.unflatten(self._structure, leaves)  # type: ignore[no-any-return]

    def _rows(self, order: Native | None, start: int, stop: int) -> list[Any]:
        at: Any = slice(start, stop) if order is None else order[start:stop]
        return [None if a is None else a[at] for a in self._leaves]

    def block(self, order: Native | None, start: int, batches: int) -> Batch:
        """`batches` full batches from `start` on, stacked along a new first axis."""
        stop = start + batches * self.batch_size
        leading = (batches, self.batch_size)
        rows = self._rows(order, start, stop)
        return self._batch(
            [None if a is None else a.reshape(leading + a.shape[1:]) for a in rows]
        )


def common_length(leaves: list[Any]) -> int:
    """The number of samples, which all arrays share.

    Raises:
        ValueError: if there are no arrays, or their lengths differ.
    """
    lengths = [a.shape[0] for a in leaves if a is not None and len(a.shape)]
    if not lengths:
        raise ValueError("fit, evaluate, predict: got no data. Pass arrays as x.")
    if len(set(lengths)) > 1:
        raise ValueError(
            "fit, evaluate, predict: the arrays have different numbers of samples: "
            f"{', '.join(map(str, lengths[:8]))} (x first, then y and sample_weight). "
            "Give arrays of the same length."
        )
    return int(lengths[0])


# Rows that are made when they are asked for.


class Rows:
    """Something with rows that become dense arrays of the engine batch by batch.

    Args:
        source: a sparse matrix of scipy, or an array in a file (h5py, zarr).
        start, stop: the part of its rows that counts.
    """

    def __init__(self, source: Any, start: int = 0, stop: int | None = None) -> None:
        self._source = source
        self._start = start
        stop = source.shape[0] if stop is None else stop
        self.shape = (stop - start, *source.shape[1:])

    def part(self, start: int, stop: int) -> Rows:
        """The rows from `start` to `stop`."""
        return Rows(self._source, self._start + start, self._start + stop)

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            start, stop, _ = at.indices(self.shape[0])
            rows = self._source[self._start + start : self._start + stop]
        else:
            places = np.asarray(at) + self._start
            if hasattr(self._source, "toarray"):
                rows = self._source[places]
            else:
                # Files want their rows in order, and each one once.
                unique, inverse = np.unique(places, return_inverse=True)
                rows = np.asarray(self._source[unique])[inverse]
        return as_batch(rows.toarray() if hasattr(rows, "toarray") else rows)


_IN_FILES = ("h5py", "zarr")


def _as_rows(a: Any) -> Rows | None:
    if hasattr(a, "tocsr") and hasattr(a, "toarray"):  # scipy.sparse
        return Rows(a.tocsr())
    is_in_file = type(a).__module__.split(".")[0] in _IN_FILES
    return Rows(a) if is_in_file and hasattr(a, "shape") else None


# Conversions.


def prepared(a: Any) -> Any:
    """A batch as steps take it: of the active engine where it does not take NumPy's."""
    return _sent(readable(a))


def _sent(a: Any) -> Any:
    """`a`, on its way to the device."""
    return current.engine.send(a) if _is_numeric(a) else a


def _is_numeric(a: Any) -> bool:
    if isinstance(a, np.ndarray):
        return a.dtype.kind not in "SU"
    return a is not None and not isinstance(a, Rows)


_SHARE = 4
"""Arrays go to a device as a whole if they take at most one part in so many of the
memory that is free there; the rest is for the model and what it computes."""


def _placed(leaves: list[Any]) -> tuple[list[Any], bool]:
    """Arrays where batches are to be cut from them, and whether to send the batches."""
    engine = current.load(current.active())
    free = engine.free_memory()
    numeric = [a for a in leaves if _is_numeric(a)]
    is_much = free is not None and sum(a.nbytes for a in numeric) > free // _SHARE
    if _keeps_numpy() or is_much:
        return leaves, free is not None
    return [_sent(a) for a in leaves], False


def readable(a: Any) -> Any:
    """An array that a source can cut: of the active engine, of NumPy, or `Rows`.

    Floats of 64 bits become `floatx`, as the weights are.

    Raises:
        TypeError: for Python objects.
    """
    if isinstance(a, Rows):
        return a
    engine = current.load(current.active())
    if engine.is_tensor(a) and not _keeps_numpy():
        return a
    rows = _as_rows(a)
    if rows is not None:
        return rows
    array = to_numpy(a)
    if array.dtype.kind == "O":
        raise _of_objects(array)
    if array.dtype == np.float64:
        array = array.astype(np.float32 if floatx() in _HALF else floatx())
    if _keeps_numpy() or array.dtype.kind in "SU":
        return array
    if array.dtype.name in _STORED:
        array = array.astype(_STORED[array.dtype.name])
    return array


def as_batch(a: Any) -> Any:
    """One array of a batch that came from an iterable."""
    if a is None:
        return None
    if hasattr(a, "toarray"):
        a = a.toarray()
    a = prepared(a)
    if isinstance(a, np.ndarray) and current.engine.functional:
        # JAX may read it later, when its owner has made the next batch in its place.
        return a.copy()
    return a


def part(a: Any, start: int, stop: int) -> Any:
    """Some rows of a prepared array, which can be cut again."""
    if a is None:
        return None
    return a.part(start, stop) if isinstance(a, Rows) else a[start:stop]


def _keeps_numpy() -> bool:
    engine = current.load(current.active())
    return engine.functional or engine.name == "numpy"


def to_numpy(a: Any) -> np.ndarray[Any, Any]:
    """Frames, series, foreign tensors and lists of numbers as NumPy arrays."""
    if isinstance(a, np.ndarray):
        return a
    if hasattr(a, "dtypes") and hasattr(a, "columns"):
        return _frame_to_numpy(a)
    if hasattr(a, "detach"):  # a tensor of torch, whatever the engine
        a = a.detach().cpu().resolve_conj()
        # NumPy has no bfloat16; every bfloat16 is a float32.
        return (a.float() if str(a.dtype) == "torch.bfloat16" else a).numpy()  # type: ignore[no-any-return]
    if hasattr(a, "to_numpy"):  # a series of pandas or polars
        return _column_to_numpy(a, getattr(a, "name", None))
    if hasattr(a, "toarray"):
        a = a.toarray()
    try:
        return np.asarray(a)
    except ValueError:  # rows of different lengths
        return _as_objects(a)


def _as_objects(a: Any) -> np.ndarray[Any, Any]:
    array = np.empty(len(a), object)
    array[:] = [None] * len(a)
    return array


def _frame_to_numpy(frame: Any) -> np.ndarray[Any, Any]:
    """A frame of pandas or polars, in the smallest dtype that holds all columns."""
    if not len(frame.columns):
        return np.empty((len(frame), 0), "float32")
    columns = [
        _column_to_numpy(_column(frame, i), c) for i, c in enumerate(frame.columns)
    ]
    return np.stack(columns, axis=1)


def _column(frame: Any, i: int) -> Any:
    return frame.iloc[:, i] if hasattr(frame, "iloc") else frame[:, i]


def _column_to_numpy(column: Any, name: Any) -> np.ndarray[Any, Any]:
    """A column of numbers; missing values become NaN.

    Raises:
        TypeError: for a column of anything else.
    """
    array = np.asarray(column.to_numpy())
    if array.dtype.kind == "O":
        try:
            # The nullable dtypes of pandas; text fails.
            array = np.asarray(column.to_numpy(dtype="float64", na_value=np.nan))
        except (TypeError, ValueError):
            array = np.empty(0, object)
    if array.dtype.kind not in "biuf":
        raise TypeError(
            f"fit, evaluate, predict: column {name!r} of the {type(column).__name__} "
            f"has the dtype {column.dtype}; expected numbers. Turn it into numbers (a "
            "lookup layer, one-hot columns), or leave it out."
        )
    return array


def _of_objects(array: np.ndarray[Any, Any]) -> TypeError:
    what = type(array.flat[0]).__name__ if array.size else "empty"
    if what == "NoneType":
        what = "rows of different lengths"
    return TypeError(
        f"fit, evaluate, predict: got an array of Python objects ({shorten(what)}). "
        "Give arrays of numbers, all rows of the same length: see "
        "keras.utils.pad_sequences."
    )


def is_array(x: Any) -> bool:
    """Whether `x` is the data itself, rather than something that yields it."""
    if isinstance(x, np.ndarray | np.generic | Rows):
        return True
    if current.load(current.active()).is_tensor(x) or _as_rows(x) is not None:
        return True
    return any(hasattr(x, m) for m in ("__array__", "to_numpy", "toarray", "detach"))
