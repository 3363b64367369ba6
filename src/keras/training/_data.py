"""Where batches come from: one small interface, and the adapters behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Protocol

import numpy as np

from keras.backend import current
from keras.core import tree
from keras.core.config import floatx
from keras.core.seeds import host_stream
from keras.errors import shorten
from keras.typing import Native

Batch = tuple[Any, Any, Any]
"""Inputs, targets, sample weights: structures of tensors, or `None`."""


class BatchSource(Protocol):
    """Gives batches, epoch after epoch."""

    @property
    def size(self) -> int | None:
        """The number of batches of an epoch, where it is known."""

    def epoch(self) -> Iterator[Batch]:
        """The batches of one more epoch."""


class ArraySource:
    """Batches cut from arrays that lie in memory.

    Args:
        x, y, sample_weight: nested structures of arrays of the same length.
        batch_size: samples in a batch.
        shuffle: whether each epoch draws a new order.
    """

    def __init__(
        self,
        x: Any,
        y: Any = None,
        sample_weight: Any = None,
        *,
        batch_size: int | None = None,
        shuffle: bool = False,
    ) -> None:
        leaves, self._structure = tree.flatten_with_spec((x, y, sample_weight))
        self._leaves = [None if a is None else prepared(a) for a in leaves]
        self.samples = _common_length(self._leaves, ("x", "y", "sample_weight"))
        self.batch_size = int(batch_size or 32)
        self._shuffle = shuffle

    @property
    def size(self) -> int:
        """The number of batches, the last of which may be smaller."""
        return -(-self.samples // self.batch_size)

    def order(self) -> Native | None:
        """The order of the samples in the next epoch; `None` is their own."""
        if not self._shuffle:
            return None
        order = host_stream("shuffle").permutation(self.samples)
        engine = current.engine
        return order if _keeps_numpy() else engine.convert(order, None)

    def epoch(self) -> Iterator[Batch]:
        """The batches of one more epoch."""
        order = self.order()
        for start in range(0, self.samples, self.batch_size):
            yield self.rows(order, start, min(start + self.batch_size, self.samples))

    def rows(self, order: Native | None, start: int, stop: int) -> Batch:
        """The samples at places `start` to `stop` of an order."""
        at: Any = slice(start, stop) if order is None else order[start:stop]
        rows = [None if a is None else a[at] for a in self._leaves]
        return tree.unflatten(self._structure, rows)  # type: ignore[no-any-return]

    def block(self, order: Native | None, start: int, batches: int) -> Batch:
        """`batches` full batches from `start` on, stacked along a new first axis."""
        stop = start + batches * self.batch_size
        leading = (batches, self.batch_size)
        return tree.map_structure(  # type: ignore[no-any-return]
            lambda a: None if a is None else a.reshape(leading + tuple(a.shape[1:])),
            self.rows(order, start, stop),
        )


class IterableSource:
    """Batches from a generator, a data loader, or any other iterable of batches.

    Args:
        data: gives `x`, `(x, y)` or `(x, y, sample_weight)`.
    """

    def __init__(self, data: Iterable[Any], weigh: Callable[[Any], Any] | None) -> None:
        self._data = data
        self._weigh = weigh
        self._running: Iterator[Any] | None = None
        self.is_endless = iter(data) is data

    @property
    def size(self) -> int | None:
        """The number of batches, where the iterable tells it."""
        try:
            return len(self._data)  # type: ignore[arg-type]
        except (TypeError, AttributeError, NotImplementedError):
            return None

    def epoch(self) -> Iterator[Batch]:
        """The batches of one more epoch; a generator goes on where it stopped."""
        for item in self._data:
            x, y, weights = unpack_x_y_sample_weight(item)
            if self._weigh is not None and weights is None:
                weights = self._weigh(y)
            yield tree.map_structure(as_batch, (x, y, weights))
        finish = getattr(self._data, "on_epoch_end", None)
        if callable(finish):
            finish()


def _keeps_numpy() -> bool:
    engine = current.load(current.active())
    return engine.functional or engine.name == "numpy"


def _to_numpy(a: Any) -> Any:
    """Frames, series, foreign tensors and lists of numbers as NumPy arrays."""
    if isinstance(a, np.ndarray):
        return a
    if hasattr(a, "to_numpy"):  # pandas, polars
        return a.to_numpy()
    if hasattr(a, "toarray"):  # scipy.sparse
        return a.toarray()
    if hasattr(a, "detach"):  # a tensor of torch, whatever the engine
        return a.detach().cpu().numpy()
    return np.asarray(a)


def prepared(a: Any) -> Any:
    """An array that a source can cut: of the active engine, or of NumPy.

    Floats of 64 bits become `floatx`, as the weights are.
    """
    engine = current.load(current.active())
    if engine.is_tensor(a) and not _keeps_numpy():
        return a
    if not hasattr(a, "shape"):
        a = np.asarray(a)
    array = _to_numpy(a)
    if array.dtype.kind == "O":
        raise TypeError(
            f"fit, evaluate, predict: got an array of Python objects "
            f"({shorten(type(array.flat[0]).__name__) if array.size else 'empty'}). "
            "Give arrays of numbers, all rows of the same length."
        )
    if array.dtype == np.float64:
        array = array.astype(np.float32 if floatx() in _HALF else floatx())
    if _keeps_numpy() or array.dtype.kind in "SU":
        return array
    if array.dtype.name in _STORED:
        array = array.astype(_STORED[array.dtype.name])
    return engine.convert(array, None)


_HALF = ("float16", "bfloat16", "float32")
_STORED = {"uint16": "int32", "uint32": "int64", "uint64": "int64"}


def as_batch(a: Any) -> Any:
    """One array of a batch that came from an iterable."""
    return None if a is None else prepared(a)


def _common_length(leaves: list[Any], names: tuple[str, ...]) -> int:
    lengths = [len(a) for a in leaves if a is not None and len(a.shape)]
    if not lengths:
        raise ValueError("fit, evaluate, predict: got no data. Pass arrays as x.")
    if len(set(lengths)) > 1:
        raise ValueError(
            "fit, evaluate, predict: the arrays have different numbers of samples: "
            f"{', '.join(map(str, lengths[:8]))} (x first, then y and sample_weight). "
            "Give arrays of the same length."
        )
    return lengths[0]


def unpack_x_y_sample_weight(data: Any) -> Batch:
    """Inputs, targets and sample weights of a batch, `None` for what is missing.

    Args:
        data: `x`, `(x,)`, `(x, y)` or `(x, y, sample_weight)`.

    Raises:
        ValueError: for a tuple of another length.
    """
    if isinstance(data, list):
        data = tuple(data)
    if not isinstance(data, tuple):
        return data, None, None
    if not 1 <= len(data) <= 3:
        raise ValueError(
            f"A batch is a tuple of {len(data)} items; expected x, (x,), (x, y) or "
            "(x, y, sample_weight). Nest several inputs in a list or dict: ((a, b), y)."
        )
    x, y, weights = (*data, None, None)[:3]
    return x, y, weights


def pack_x_y_sample_weight(x: Any, y: Any = None, sample_weight: Any = None) -> Any:
    """The inverse of `unpack_x_y_sample_weight`: leaves out what is `None`."""
    if y is None:
        return (x,) if isinstance(x, list | tuple) else x
    return (x, y) if sample_weight is None else (x, y, sample_weight)


def check_not_scalars(x: Any, what: str) -> None:
    """Refuse lists of Python numbers, which would count as many inputs.

    Raises:
        TypeError: saying how to make an array of them.
    """
    if isinstance(x, list | tuple) and x:
        first = x[0]
        depth = 1
        while isinstance(first, list | tuple) and first:
            first, depth = first[0], depth + 1
        if isinstance(first, int | float):
            form = "a list of lists of numbers" if depth > 1 else "a list of numbers"
            raise TypeError(
                f"{what}: got {form}, and a list stands for several inputs. Pass an "
                "array: numpy.array(x)."
            )


def class_weights(
    class_weight: Mapping[int, float], y: Any
) -> np.ndarray[Any, np.dtype[np.float32]]:
    """A weight for each sample from the weights of the classes.

    Args:
        class_weight: weights by class number; classes that are missing weigh 1.
        y: class numbers `(batch,)` or `(batch, 1)`, or one-hot rows.
    """
    labels = np.asarray(_to_numpy(y))
    if labels.ndim > 1:
        labels = labels.argmax(-1) if labels.shape[-1] > 1 else labels[..., 0]
    labels = labels.astype("int64")
    if any(not isinstance(k, int | np.integer) for k in class_weight):
        raise ValueError(
            f"class_weight: got keys {shorten(list(class_weight))}; expected class "
            "numbers, such as {0: 1.0, 1: 5.0}."
        )
    top = max([*class_weight, int(labels.max(initial=0))])
    table = np.ones(top + 1, "float32")
    for label, weight in class_weight.items():
        table[label] = weight
    return table[labels]  # type: ignore[no-any-return]


def adapt(
    x: Any,
    y: Any = None,
    sample_weight: Any = None,
    *,
    batch_size: int | None = None,
    shuffle: bool = False,
    class_weight: Mapping[int, float] | None = None,
    what: str = "fit",
) -> BatchSource:
    """The source for whatever a user may pass as `x`.

    Args:
        x: arrays in any structure, or an iterable of batches.
        y, sample_weight: arrays; not beside an iterable.
        batch_size: for arrays; default 32.
        shuffle: whether arrays come in a new order each epoch.
        class_weight: weights of classes, turned into sample weights.
        what: the method that was called, for errors.
    """
    if isinstance(x, ArraySource | IterableSource):
        return x
    if is_iterable_of_batches(x):
        if y is not None or sample_weight is not None:
            raise ValueError(
                f"{what}: got y or sample_weight beside x of type {type(x).__name__}, "
                "which yields whole batches. Let it yield (x, y, sample_weight)."
            )
        weigh = None
        if class_weight is not None:
            weigh = lambda targets: class_weights(class_weight, targets)  # noqa: E731
        return IterableSource(x, weigh)
    check_not_scalars(x, what)
    if class_weight is not None:
        weights = class_weights(class_weight, y)
        sample_weight = weights if sample_weight is None else sample_weight * weights
    return ArraySource(
        x, y, sample_weight, batch_size=batch_size, shuffle=bool(shuffle)
    )


def is_iterable_of_batches(x: Any) -> bool:
    """Whether `x` yields batches, rather than being the data."""
    if isinstance(x, np.ndarray | list | tuple | dict | str) or x is None:
        return False
    if current.load(current.active()).is_tensor(x):
        return False
    if any(hasattr(x, a) for a in ("__array__", "to_numpy", "toarray", "detach")):
        return False
    return hasattr(x, "__iter__") or hasattr(x, "__getitem__")


def split_validation(
    arrays: tuple[Any, Any, Any], fraction: float
) -> tuple[tuple[Any, Any, Any], tuple[Any, Any, Any]]:
    """The first samples for training, the last `fraction` of them for validation.

    Raises:
        ValueError: if one part would be empty, or the data cannot be cut.
    """
    if is_iterable_of_batches(arrays[0]):
        raise ValueError(
            f"fit(validation_split={fraction}): works on arrays only, got "
            f"{type(arrays[0]).__name__}. Pass validation_data."
        )
    check_not_scalars(arrays[0], "fit")
    arrays = tree.map_structure(lambda a: None if a is None else prepared(a), arrays)
    count = _common_length(tree.flatten(arrays), ("x", "y", "sample_weight"))
    at = int(count * (1.0 - fraction))
    if not 0 < at < count:
        raise ValueError(
            f"fit(validation_split={fraction}): leaves {at} of {count} samples for "
            "training. Choose a fraction so that both parts hold samples."
        )
    first = tree.map_structure(lambda a: None if a is None else a[:at], arrays)
    last = tree.map_structure(lambda a: None if a is None else a[at:], arrays)
    return first, last
