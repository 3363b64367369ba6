"""How single steps are run: compiled, one by one or many in one dispatch."""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from keras.backend import current
from keras.core.compiled import Compiled, Repeated
from keras.layers import _tracking
from keras.training._data import ArraySource, Batch, BatchSource
from keras.training._whole import whole

_MEASURED = 8
"""Steps that are timed to find out whether several at once would pay."""

_LONGEST = 1.5e-3
"""Seconds: a step that takes longer hides the cost of its dispatch by itself."""

_LONGEST_BLOCK = 96
"""Steps in one dispatch at most, where several pay."""


class StepRunner:
    """Runs a step function over batches.

    Args:
        step: takes a batch, returns tensors.
        jit: whether the engine compiles it; "auto" lets it choose; `False` where it
            must, and `None` not even there.
        per_dispatch: steps in one dispatch: a number, or "auto" to find it by timing.
    """

    def __init__(
        self,
        step: Callable[[Batch], Any],
        jit: bool | str | None,
        per_dispatch: int | str,
    ) -> None:
        self._step = step
        self._jit = jit
        self._per_dispatch = per_dispatch
        self._reset()

    def _reset(self) -> None:
        self._version = _tracking.version()
        self._one: Callable[[Batch], Any] = whole(self._step)
        self._many: Callable[[Batch, int], Any] | None = None
        self._compiled: Compiled | None = None
        if self._jit is not None:
            once = Compiled(self._step, self._jit)
            self._compiled = once
            self._one, self._many = whole(once), whole(Repeated(self._step, once))
        self._timing = _Timing()

    def is_outdated(self) -> bool:
        """Whether the model has changed since the step was compiled."""
        return self._version != _tracking.version()

    def refresh(self) -> None:
        """Compile anew if the model has changed since."""
        if self._version != _tracking.version():
            self._reset()

    def settle(self) -> None:
        """Changes made by the first run itself (variables built) are known."""
        self._version = _tracking.version()

    def _writes(self) -> bool:
        """Whether the compiled step, which has been run, changes any state."""
        compiled = self._compiled
        return compiled is None or bool(compiled.written(current.engine.name))

    def once(self, batch: Any) -> Any:
        """Run the step on one batch."""
        return self._one(batch)

    def epoch(
        self, source: BatchSource, steps: int | None, alone: bool, remaining: int
    ) -> Iterator[tuple[int, Any]]:
        """Run the step over the batches of an epoch.

        Args:
            source: where they come from.
            steps: a bound on their number.
            alone: whether someone looks at single batches.
            remaining: about how many steps are still to come, in later epochs too.

        Yields:
            How many steps were run, and what they returned (stacked if several).
        """
        blocks = (
            not alone
            and self._many is not None
            and current.load(current.active()).functional
            and isinstance(source, ArraySource)
            and self._per_dispatch != 1
        )
        if blocks:
            assert isinstance(source, ArraySource)
            yield from self._epoch_in_blocks(source, steps, remaining)
            return
        # No batch is taken beyond the last: the next epoch may go on from here.
        for batch in itertools.islice(source.epoch(), steps):
            yield 1, self._one(batch)

    def _epoch_in_blocks(
        self, source: ArraySource, steps: int | None, remaining: int
    ) -> Iterator[tuple[int, Any]]:
        order, size = source.order(), source.batch_size
        total = source.size if steps is None else min(steps, source.size)
        full = min(source.samples // size, total)
        done = 0
        while done < full:
            count = self._count(full, full - done, remaining - done)
            if count > 1:
                assert self._many is not None
                block = source.block(order, done * size, count)
                result = self._many(block, count)
            else:
                batch = source.rows(order, done * size, (done + 1) * size)
                result = self._timing.single(partial(self._one, batch))
            done += count
            yield count, result
        if done < total:
            yield 1, self._one(source.rows(order, done * size, source.samples))

    def _count(self, steps: int, left: int, remaining: int) -> int:
        """How many steps to run at once.

        Args:
            steps: those of the epoch.
            left: those of the epoch that are still to be run.
            remaining: those of all epochs that are still to be run, about.
        """
        if self._timing.singles == 0:
            return 1  # what the step writes is learnt from a single run
        size = self._per_dispatch
        if not isinstance(size, int):
            size = self._timing.choose(steps, remaining)
        return size if left >= size else 1


class _Timing:
    """Finds by timing whether several steps in one dispatch pay."""

    def __init__(self) -> None:
        self.singles = 0
        self._compile_time = 0.0
        self._times: list[float] = []
        self._per_step: float | None = None
        self._size = 1

    def single(self, run: Callable[[], Any]) -> Any:
        """Run one step, and time the first of them."""
        if self._per_step is not None:
            self.singles += 1
            return run()
        # The step alone, not what is done between two of them; a median, since some
        # take longer for reasons of their own.
        began = time.perf_counter()
        result = run()
        current.engine.synchronize(result)
        took = time.perf_counter() - began
        self.singles += 1
        if self.singles == 1:
            self._compile_time = took
        else:
            self._times.append(took)
            if len(self._times) == _MEASURED:
                self._per_step = statistics.median(self._times)
        return result

    def choose(self, steps: int, remaining: int) -> int:
        """How many of the `steps` of an epoch to run at once."""
        if self._per_step is None or self._per_step > _LONGEST:
            return 1
        if self._size == 1:
            size = _block_size(steps)
            # A block saves half of the time or more, and must be compiled, which takes
            # less than the first time. As many steps as there have been (in earlier
            # calls of fit, say) are expected to come.
            expected = max(remaining, self.singles)
            if size < 4 or expected * self._per_step < self._compile_time:
                return 1
            self._size = size
        return self._size


def _block_size(steps: int) -> int:
    """The size of blocks that runs `steps` in the fewest dispatches.

    What fills no block is run one by one.
    """
    sizes = range(1, min(steps, _LONGEST_BLOCK) + 1)
    return min(sizes, key=lambda size: steps // size + steps % size)
