"""Where batches come from: one small interface, and the choice of who serves it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from keras.core import tree
from keras.training._arrays import ArraySource as ArraySource
from keras.training._arrays import as_batch as as_batch
from keras.training._arrays import common_length, is_array, part, readable
from keras.training._arrays import prepared as prepared
from keras.training._batch import Batch as Batch
from keras.training._batch import pack_x_y_sample_weight as pack_x_y_sample_weight
from keras.training._batch import unpack_x_y_sample_weight as unpack_x_y_sample_weight
from keras.training._class_weight import ClassWeights as ClassWeights
from keras.training._class_weight import class_weights as class_weights
from keras.training._class_weight import combined as combined
from keras.training._class_weight import weights_of_classes as weights_of_classes
from keras.training._iterables import (
    HuggingFaceBatches,
    check_gives_batches,
    is_hugging_face,
)
from keras.training._iterables import IterableSource as IterableSource
from keras.training._pydataset import PyDataset as PyDataset
from keras.training._pydataset import PyDatasetSource as PyDatasetSource


class BatchSource(Protocol):
    """Gives batches, epoch after epoch."""

    @property
    def size(self) -> int | None:
        """The number of batches of an epoch, where it is known."""

    def epoch(self) -> Iterator[Batch]:
        """The batches of one more epoch."""

    def close(self) -> None:
        """Break off the epoch under way: what it opened is closed."""


_SOURCES = (ArraySource, IterableSource, PyDatasetSource)


def adapt(
    x: Any,
    y: Any = None,
    sample_weight: Any = None,
    *,
    batch_size: int | None = None,
    shuffle: bool | str = False,
    class_weight: ClassWeights | None = None,
    what: str = "fit",
    output_names: Sequence[str] | None = None,
) -> BatchSource:
    """The source for whatever a user may pass as `x`.

    Args:
        x: arrays in any structure, or something that yields batches.
        y, sample_weight: arrays; not beside something that yields batches.
        batch_size: for arrays; default 32.
        shuffle: whether arrays come in a new order each epoch; for a `PyDataset`, its
            batches.
        class_weight: weights of classes, turned into sample weights; by output for
            several.
        what: the method that was called, for errors.
        output_names: names of the outputs, for `class_weight` by output.

    Raises:
        TypeError: for data of a kind that cannot be cut into batches.
        ValueError: for arrays of different lengths, or `y` beside batches.
    """
    if isinstance(x, _SOURCES):
        return x
    if not is_iterable_of_batches(x):
        for data in (x, y, sample_weight):
            check_not_scalars(data, what)
        if class_weight is not None:
            weights = weights_of_classes(class_weight, y, output_names)
            sample_weight = combined(sample_weight, weights)
        return ArraySource(x, y, sample_weight, batch_size=batch_size, shuffle=shuffle)
    if y is not None or sample_weight is not None:
        raise ValueError(
            f"{what}: got y or sample_weight beside x of type {type(x).__name__}, "
            "which yields whole batches. Let it yield (x, y, sample_weight)."
        )
    weigh = None
    if class_weight is not None:
        weigh = lambda targets: weights_of_classes(  # noqa: E731
            class_weight, targets, output_names
        )
    if isinstance(x, PyDataset):
        return PyDatasetSource(x, bool(shuffle), weigh)
    if is_hugging_face(x):
        x = HuggingFaceBatches(x, int(batch_size or 32))
    check_gives_batches(x, what)
    return IterableSource(x, weigh)


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
        if isinstance(first, int | float | str):
            kind = "strings" if isinstance(first, str) else "numbers"
            form = f"a list of lists of {kind}" if depth > 1 else f"a list of {kind}"
            raise TypeError(
                f"{what}: got {form}, and a list stands for several inputs. Pass an "
                "array: numpy.array(x)."
            )


def is_iterable_of_batches(x: Any) -> bool:
    """Whether `x` yields batches, rather than being the data."""
    if isinstance(x, list | tuple | dict | str) or x is None or is_array(x):
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
    for data in arrays:
        check_not_scalars(data, "fit")
    arrays = tree.map_structure(lambda a: None if a is None else readable(a), arrays)
    count = common_length(tree.flatten(arrays))
    at = int(count * (1.0 - fraction))
    if not 0 < at < count:
        raise ValueError(
            f"fit(validation_split={fraction}): leaves {at} of {count} samples for "
            "training. Choose a fraction so that both parts hold samples."
        )
    first = tree.map_structure(lambda a: part(a, 0, at), arrays)
    last = tree.map_structure(lambda a: part(a, at, count), arrays)
    return first, last
