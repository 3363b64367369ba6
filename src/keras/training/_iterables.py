"""Batches from what yields them: generators, loaders, data sets of libraries."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from typing import Any

from keras.core import tree
from keras.training._arrays import as_batch
from keras.training._batch import Batch, Epochs, unpack_x_y_sample_weight
from keras.training._class_weight import combined

Weigh = Callable[[Any], Any]
"""Sample weights for targets."""

_LABELS = ("label", "labels")
"""Columns of a Hugging Face data set that hold the targets."""


class IterableSource(Epochs):
    """Batches from a generator, a data loader, or any other iterable of batches.

    Args:
        data: gives `x`, `(x, y)` or `(x, y, sample_weight)`.
        weigh: sample weights for targets; they multiply those of the data.
    """

    def __init__(self, data: Iterable[Any], weigh: Weigh | None = None) -> None:
        self._data = data
        self._weigh = weigh

    @property
    def size(self) -> int | None:
        """The number of batches, where the iterable tells it."""
        try:
            size = len(self._data)  # type: ignore[arg-type]
        except (TypeError, AttributeError, NotImplementedError):
            return None
        return size if size >= 0 else None

    @property
    def is_iterator(self) -> bool:
        """Whether the data can be read only once."""
        return isinstance(self._data, Iterator)

    def _items(self) -> Iterable[Any]:
        data: Any = self._data
        if hasattr(data, "__iter__"):
            return self._data
        # Numbered batches, of which not every class says by an IndexError where to end.
        size = self.size
        return iter(data) if size is None else (data[i] for i in range(size))

    def _batches(self) -> Generator[Batch]:
        # A generator goes on where it stopped.
        for item in self._items():
            yield as_native(item, self._weigh)
        finish = getattr(self._data, "on_epoch_end", None)
        if callable(finish):
            finish()


def as_native(item: Any, weigh: Weigh | None) -> Batch:
    """What an iterable gave, as tensors of the engine or NumPy arrays."""
    x, y, weights = unpack_x_y_sample_weight(item)
    if weigh is not None:
        weights = combined(weights, weigh(y))
    return tree.map_structure(as_batch, (x, y, weights))  # type: ignore[no-any-return]


class HuggingFaceBatches:
    """Batches `(x, y)` from a data set of the library "datasets".

    The column "label" or "labels" is `y`; the others are `x`: a dict, or, if it is only
    one, an array.

    Args:
        data: a `datasets.Dataset` or `datasets.IterableDataset`.
        batch_size: rows in a batch.
    """

    def __init__(self, data: Any, batch_size: int) -> None:
        self._data, self._batch_size = data, batch_size

    def __len__(self) -> int:
        return -(-len(self._data) // self._batch_size)

    def __iter__(self) -> Iterator[Any]:
        for rows in self._data.iter(batch_size=self._batch_size):
            columns = dict(rows)
            label = next((c for c in _LABELS if c in columns), None)
            y = None if label is None else as_batch(columns.pop(label))
            arrays = {name: as_batch(column) for name, column in columns.items()}
            x = next(iter(arrays.values())) if len(arrays) == 1 else arrays
            yield (x,) if y is None else (x, y)


def is_hugging_face(x: Any) -> bool:
    """Whether `x` is a data set of the library "datasets", which gives single rows."""
    return type(x).__module__.split(".")[0] == "datasets" and hasattr(x, "iter")


def check_gives_batches(x: Any, what: str) -> None:
    """Refuse data sets that give single samples.

    Raises:
        TypeError: saying how to make batches of them.
    """
    is_torch = any(c.__module__ == "torch.utils.data.dataset" for c in type(x).__mro__)
    if is_torch:
        raise TypeError(
            f"{what}: got {type(x).__name__}, a torch Dataset, which gives single "
            "samples; expected batches. Pass torch.utils.data.DataLoader(dataset, "
            "batch_size=32, shuffle=True)."
        )
