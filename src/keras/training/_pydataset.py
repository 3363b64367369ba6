"""`PyDataset`: batches made by Python code, in several workers if asked for."""

from __future__ import annotations

import itertools
import multiprocessing
import signal
import sys
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing
from typing import Any

from keras.core.seeds import host_stream
from keras.training._batch import Batch, Epochs
from keras.training._iterables import Weigh, as_native


class PyDataset:
    """A data set whose batches Python code makes, by their number.

    A subclass defines `__getitem__`, which returns a whole batch, and `__len__`, the
    number of batches (or `num_batches`, which may be `None` for endless data).

    Args:
        workers: threads or processes that make batches ahead; 1 makes each when it is
            needed.
        use_multiprocessing: whether workers are processes. The data set must be
            picklable where processes are not forked.
        max_queue_size: batches made ahead at most.

    Example:
        >>> class Squares(keras.utils.PyDataset):
        ...     def __len__(self):
        ...         return 10
        ...     def __getitem__(self, index):
        ...         x = np.random.rand(32, 1)
        ...         return x, x**2
        >>> model.fit(Squares(workers=2))
    """

    # Defaults for subclasses that do not call super().__init__().
    _workers = 1
    _use_multiprocessing = False
    _max_queue_size = 10

    def __init__(
        self,
        workers: int = 1,
        use_multiprocessing: bool = False,
        max_queue_size: int = 10,
    ) -> None:
        self.workers = workers
        self.use_multiprocessing = use_multiprocessing
        self.max_queue_size = max_queue_size

    @property
    def workers(self) -> int:
        """The number of workers."""
        return self._workers

    @workers.setter
    def workers(self, value: int) -> None:
        self._workers = value

    @property
    def use_multiprocessing(self) -> bool:
        """Whether workers are processes."""
        return self._use_multiprocessing

    @use_multiprocessing.setter
    def use_multiprocessing(self, value: bool) -> None:
        self._use_multiprocessing = value

    @property
    def max_queue_size(self) -> int:
        """How many batches are made ahead at most."""
        return self._max_queue_size

    @max_queue_size.setter
    def max_queue_size(self, value: int) -> None:
        self._max_queue_size = value

    def __getitem__(self, index: int) -> Any:
        """The batch of a number: `(x,)`, `(x, y)` or `(x, y, sample_weight)`."""
        raise NotImplementedError(
            f"{type(self).__name__}: define __getitem__(self, index), which returns a "
            "whole batch."
        )

    @property
    def num_batches(self) -> int | None:
        """The number of batches in an epoch; `None` for endless data."""
        if not hasattr(self, "__len__"):
            raise NotImplementedError(
                f"{type(self).__name__}: define __len__(self), the number of "
                "batches, or a property num_batches that returns None for endless data."
            )
        return len(self)

    def on_epoch_begin(self) -> None:
        """Called before the first batch of an epoch is made."""

    def on_epoch_end(self) -> None:
        """Called after the last batch of an epoch."""

    def __iter__(self) -> Iterator[Any]:
        """All batches, in the order of their numbers."""
        return (self[i] for i in _numbers(self.num_batches))


def _numbers(count: int | None) -> Iterable[int]:
    return itertools.count() if count is None else range(count)


class PyDatasetSource(Epochs):
    """The batches of a `PyDataset`, in order, made ahead by its workers.

    Args:
        data: the data set.
        shuffle: whether each epoch has a new order of batches.
        weigh: sample weights for targets.
    """

    def __init__(
        self, data: PyDataset, shuffle: bool = False, weigh: Weigh | None = None
    ) -> None:
        self._data, self._shuffle, self._weigh = data, shuffle, weigh

    @property
    def size(self) -> int | None:
        """The number of batches, unless they are endless."""
        return self._data.num_batches

    def example(self) -> Batch:
        """The first batch; no epoch is begun for it.

        Raises:
            ValueError: if there is none.
        """
        if self.size == 0:
            raise ValueError(
                f"fit, evaluate, predict: {type(self._data).__name__} has no batch: "
                "its length is 0. Check what __len__ returns."
            )
        return as_native(self._data[0], self._weigh)

    def _batches(self) -> Generator[Batch]:
        data = self._data
        data.on_epoch_begin()
        numbers = _numbers(data.num_batches)
        if self._shuffle and isinstance(numbers, range):
            numbers = host_stream("shuffle").permutation(len(numbers)).tolist()
        with closing(made_ahead(data, numbers)) as items:
            for item in items:
                yield as_native(item, self._weigh)
        data.on_epoch_end()

    def pass_over(self, to_the_end: bool) -> None:
        """Tell the data of an epoch that an earlier run has read.

        Args:
            to_the_end: whether it was read as a whole.
        """
        self._data.on_epoch_begin()
        if to_the_end:
            self._data.on_epoch_end()


def made_ahead(data: PyDataset, numbers: Iterable[int]) -> Generator[Any]:
    """The batches of these numbers, in this order, whoever makes them.

    An exception in a worker is raised here, with its traceback. When the iterator is
    closed, or the program interrupted, what was not begun is not made, and processes
    are ended.
    """
    workers = data.workers or 1
    if workers <= 1 and not data.use_multiprocessing:
        yield from (data[i] for i in numbers)
        return
    make, executor = _executor(data, workers)
    waiting: deque[Future[Any]] = deque()
    try:
        upcoming = iter(numbers)
        ahead = max(data.max_queue_size, 1)
        waiting.extend(
            executor.submit(make, i) for i in itertools.islice(upcoming, ahead)
        )
        while waiting:
            item = waiting.popleft().result()
            waiting.extend(
                executor.submit(make, i) for i in itertools.islice(upcoming, 1)
            )
            yield item
    except BaseException:
        _break_off(executor)
        raise
    executor.shutdown()


def _break_off(executor: Executor) -> None:
    """End the workers, also those that are in the middle of a batch."""
    # What `terminate_workers` of Python 3.14 does.
    processes = list((getattr(executor, "_processes", None) or {}).values())
    executor.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.terminate()


def _executor(data: PyDataset, workers: int) -> tuple[Any, Executor]:
    if not data.use_multiprocessing:
        return data.__getitem__, ThreadPoolExecutor(workers, "keras-data")
    # A process that runs XLA's threads must not be forked.
    method = multiprocessing.get_start_method()
    if method == "fork" and "jax" in sys.modules:
        method = "forkserver"
    context = multiprocessing.get_context(method)
    pool = ProcessPoolExecutor(workers, context, initializer=_set_up, initargs=(data,))
    return _made_in_process, pool


_data_of_process: PyDataset | None = None


def _set_up(data: PyDataset) -> None:
    """Keep the data set in a worker process, so that it is sent there once."""
    global _data_of_process
    _data_of_process = data
    # Ctrl-C reaches all processes of a terminal; the first one ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _made_in_process(index: int) -> Any:
    assert _data_of_process is not None
    return _data_of_process[index]
