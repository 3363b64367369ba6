"""How far data has been read, so that a training can go on from there."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from keras.core import seeds
from keras.training._data import ArraySource, Batch, BatchSource, PyDatasetSource
from keras.typing import Config


class _Around:
    """A source that gives the batches of another one."""

    def __init__(self, source: BatchSource) -> None:
        self._source = source

    @property
    def size(self) -> int | None:
        """The number of batches of a pass, where it is known."""
        return self._source.size

    def close(self) -> None:
        """Break off the pass under way: what it opened is closed."""
        self._source.close()


class Passes(_Around):
    """A source that knows its place, and can be brought to that of another run.

    A pass is one reading of the data from its begin. Its order depends on the host
    streams as they were then, so that to read it again they are set back.

    Args:
        source: where the batches come from.
    """

    def __init__(self, source: BatchSource) -> None:
        super().__init__(source)
        self._start = self._streams = seeds.snapshot()
        # A pass that was begun, but not by `epoch`.
        self._waiting: Iterator[Batch] | None = None
        self._passes = self._finished = self._taken = self._total = 0

    def example(self) -> Batch:
        """The first batch, which is not lost.

        Raises:
            ValueError: if there is none.
        """
        if isinstance(self._source, ArraySource | PyDatasetSource):
            return self._source.example()
        waiting = self._waiting or self._begin()
        try:
            first = next(waiting)
        except StopIteration:
            raise ValueError(
                "fit, evaluate, predict: the data holds no batch. Check that it is not "
                "empty, or a generator that was used up before."
            ) from None
        self._waiting = itertools.chain([first], waiting)
        return first

    def _begin(self) -> Iterator[Batch]:
        self._passes += bool(self._taken)  # the last one was given up
        self._taken = 0
        self._streams = seeds.snapshot()
        return self._source.epoch()

    def epoch(self) -> Iterator[Batch]:
        """The batches of one more pass, or of one that waits."""
        batches, self._waiting = self._waiting or self._begin(), None
        for batch in batches:
            self._taken += 1
            self._total += 1
            yield batch
        self._passes += 1
        self._finished += 1
        self._taken = 0

    def place(self) -> Config:
        """How far the data has been read, as plain data."""
        return {
            "passes": self._passes,
            "finished": self._finished,
            "taken": self._taken,
            "total": self._total,
            "looked_at": self._waiting is not None and not self._taken,
            "start": self._start,
            "streams": self._streams,
        }

    def go_to(self, place: Config) -> None:
        """Read up to a place that `place` returned; host streams are left anywhere.

        An iterator is read anew from its begin. Of other data only the running pass
        is.
        """
        self._start, self._streams = place["start"], place["streams"]
        if getattr(self._source, "is_iterator", False):
            self._read(self._waiting or self._source.epoch(), place["total"])
        else:
            seeds.restore(self._start)
            for number in range(place["passes"]):
                if isinstance(self._source, PyDatasetSource):
                    self._source.pass_over(number < place["finished"])
            self._waiting = None
            seeds.restore(self._streams)
            if place["taken"]:
                self._read(self._source.epoch(), place["taken"])
            elif place["looked_at"]:
                self.example()  # draws the order of the pass
        self._passes, self._finished = place["passes"], place["finished"]
        self._taken, self._total = place["taken"], place["total"]

    def _read(self, batches: Iterator[Batch], count: int) -> None:
        for _ in itertools.islice(batches, count):
            pass
        self._waiting = batches


class Continued(_Around):
    """Endless data, or epochs shorter than the data: each goes on where one stopped."""

    def __init__(self, source: BatchSource) -> None:
        super().__init__(source)
        self._running: Iterator[Batch] | None = None

    @property
    def size(self) -> int | None:
        """Unknown: there is no end."""
        return None

    def epoch(self) -> Iterator[Batch]:
        """Batches from where the last epoch stopped; at the end all begins anew."""
        empty = False
        while True:
            if self._running is None:
                self._running = self._source.epoch()
            found = False
            for batch in self._running:
                found = True
                yield batch
            self._running = None
            if empty and not found:
                return
            empty = not found


def with_example(source: Any) -> tuple[Batch, Any]:
    """A batch to build the model for, and a source that has not lost it."""
    if not hasattr(source, "example"):
        source = Passes(source)
    return source.example(), source
