"""The loops behind `fit`, `evaluate` and `predict`."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from keras.backend import current
from keras.callbacks import CallbackList, History, ProgbarLogger
from keras.core import tree
from keras.core.config import flags
from keras.errors import warn
from keras.training._data import ArraySource, Batch, BatchSource, PyDatasetSource
from keras.training._stepping import as_floats
from keras.training._whole import between_steps

if TYPE_CHECKING:
    from keras.training._trainer import Trainer


def bounded_steps(steps: int | None) -> int | None:
    """`steps`, within `keras.config.set_max_steps_per_epoch`."""
    bound = flags.max_steps_per_epoch
    if bound is None:
        return steps
    return bound if steps is None else min(steps, bound)


def number_of_steps(source: BatchSource, steps: int | None) -> int | None:
    """How many steps an epoch has, where that is known."""
    size = source.size
    if size is None or steps is None:
        return size if steps is None else steps
    return min(size, steps)


@contextmanager
def _orderly(run: Any, *sources: BatchSource | None) -> Iterator[None]:
    """A run of which nothing stays open, however it ends."""
    try:
        with between_steps():
            yield
    except BaseException:
        if isinstance(run.callbacks, CallbackList):
            run.callbacks.abandon()
        raise
    finally:
        for source in sources:
            if source is not None:
                source.close()


class _Around:
    """A source that gives the batches of another one."""

    def __init__(self, source: BatchSource) -> None:
        self._source = source

    @property
    def size(self) -> int | None:
        return self._source.size

    def close(self) -> None:
        self._source.close()


class _Peeked(_Around):
    """A source whose first batch has been looked at, and is not lost."""

    def __init__(self, source: BatchSource) -> None:
        super().__init__(source)
        self._waiting: Iterator[Batch] | None = None
        self._first: Batch | None = None

    def peek(self) -> Batch:
        """The first batch.

        Raises:
            ValueError: if there is none.
        """
        self._waiting = self._source.epoch()
        try:
            self._first = next(self._waiting)
        except StopIteration:
            raise ValueError(
                "fit, evaluate, predict: the data holds no batch. Check that it is not "
                "empty, or a generator that was used up before."
            ) from None
        return self._first

    def epoch(self) -> Iterator[Batch]:
        """The batches of one more epoch."""
        if self._waiting is not None:
            rest, self._waiting = self._waiting, None
            first, self._first = self._first, None
            assert first is not None
            yield first
            yield from rest
        else:
            yield from self._source.epoch()


def _example(source: BatchSource) -> tuple[Batch, BatchSource]:
    """A batch to build the model for, and a source that has not lost it."""
    if isinstance(source, ArraySource | PyDatasetSource):
        return source.example(), source
    peeked = _Peeked(source)
    return peeked.peek(), peeked


class _Continued(_Around):
    """Endless data, or epochs shorter than the data: each goes on where one stopped."""

    def __init__(self, source: BatchSource) -> None:
        super().__init__(source)
        self._running: Iterator[Batch] | None = None

    @property
    def size(self) -> int | None:
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


class _Skipping(_Around):
    """A source without its first batches, which were trained on before."""

    def __init__(self, source: BatchSource, skipped: int) -> None:
        super().__init__(source)
        self._skipped = skipped

    def epoch(self) -> Iterator[Batch]:
        """The batches that are left of the epoch."""
        return itertools.islice(self._source.epoch(), self._skipped, None)


@dataclass
class Training:
    """One call of `fit`."""

    model: Any
    source: BatchSource
    validation: BatchSource | None
    epochs: int
    first_epoch: int
    steps: int | None
    validation_steps: int | None
    validation_freq: int | list[int]
    verbose: int
    callbacks: Any

    def run(self) -> History:
        """Train for all epochs."""
        with _orderly(self, self.source, self.validation):
            return self._run()

    def _run(self) -> History:
        model = self.model
        self._prepare()
        given = self.callbacks
        self.callbacks = (
            given
            if isinstance(given, CallbackList)
            else CallbackList(
                given,
                add_history=True,
                add_progbar=self.verbose != 0,
                model=model,
                epochs=self.epochs,
                steps=number_of_steps(self.source, self.steps),
                verbose=self.verbose,
            )
        )
        self._alone = self.callbacks.listens(
            "on_train_batch_begin",
            "on_train_batch_end",
            "on_batch_begin",
            "on_batch_end",
        )
        model.stop_training = False
        self.callbacks.on_train_begin()
        logs: dict[str, Any] = {}
        first_epoch, skipped = self.callbacks.resume_at or (self.first_epoch, 0)
        for epoch in range(first_epoch, self.epochs):
            logs = self._run_epoch(epoch, skipped)
            skipped = 0
            if model.stop_training:
                break
        if model.optimizer is not None and self.epochs > 0:
            model.optimizer.finalize_variable_values(model.trainable_variables)
        self.callbacks.on_train_end(logs)
        history: History | None = self.callbacks.history
        assert history is not None
        model.history = history
        return history

    def _prepare(self) -> None:
        """Build the model from the first batch."""
        batch, self.source = _example(self.source)
        self.model._ensure_built(batch)
        if self.steps is not None:
            size_known = self.source.size
            if size_known is None or self.steps != size_known:
                self.source = _Continued(self.source)

    def _run_epoch(self, epoch: int, skipped: int) -> dict[str, Any]:
        """Train for an epoch, but for `skipped` batches that were done before."""
        model, callbacks = self.model, self.callbacks
        model.reset_metrics()
        callbacks.on_epoch_begin(epoch)
        report = _Report(model, "train", callbacks, epoch)
        report.done = skipped
        source = _Skipping(self.source, skipped) if skipped else self.source
        total = number_of_steps(self.source, self.steps)
        runner = model._runner("train")
        remaining = (total or 0) * (self.epochs - epoch)
        if self._alone:
            results = self._single_steps(runner, report, source, skipped)
        else:
            steps = None if self.steps is None else self.steps - skipped
            results = runner.epoch(source, steps, False, remaining)
        for count, result in results:
            report.add(count, result)
            if model.stop_training:
                break
        runner.settle()
        self._check_length(report.done, total)
        logs = report.finish()
        if self._validates(epoch):
            evaluation = Evaluation(
                model, self.validation, self.validation_steps, 0, callbacks, inner=True
            )
            logs.update({f"val_{k}": v for k, v in evaluation.run().items()})
        callbacks.on_epoch_end(epoch, logs)
        return logs

    def _single_steps(
        self, runner: Any, report: _Report, source: BatchSource, skipped: int
    ) -> Iterator[tuple[int, Any]]:
        """Steps one by one, for callbacks that look at every batch."""
        left = None if self.steps is None else max(self.steps - skipped, 0)
        for number, batch in enumerate(itertools.islice(source.epoch(), left), skipped):
            self.callbacks.on_train_batch_begin(number)
            result = runner.once(batch)
            yield 1, result
            self.callbacks.on_train_batch_end(number, report.logs(result))

    def _check_length(self, done: int, total: int | None) -> None:
        if done == 0 and not self.model.stop_training:
            raise ValueError(
                "fit: the data gave no batch in this epoch. A generator is used up "
                "after one epoch: pass an iterable that can be begun anew, or an "
                "endless generator with steps_per_epoch."
            )
        if total is not None and done < total and not self.model.stop_training:
            warn(
                f"fit: the data ended after {done} of {total} steps of the epoch. Let "
                "it yield at least steps_per_epoch * epochs batches."
            )

    def _validates(self, epoch: int) -> bool:
        if self.validation is None:
            return False
        if isinstance(self.validation_freq, int):
            return (epoch + 1) % self.validation_freq == 0
        return (epoch + 1) in self.validation_freq


class _Report:
    """Collects what steps return, without waiting for the device."""

    def __init__(
        self, model: Any, kind: str, callbacks: CallbackList, epoch: int
    ) -> None:
        self._model, self._kind, self._callbacks = model, kind, callbacks
        self._epoch = epoch
        self._own_logs = model._shows_own_logs(kind)
        self._last: Any = None
        self._losses: list[tuple[int, Any]] = []
        self._warned = False
        self._watches = any(isinstance(c, ProgbarLogger) for c in callbacks.callbacks)
        self._due = time.perf_counter() + ProgbarLogger.refresh
        self.done = 0

    def add(self, count: int, result: Any) -> None:
        """Note the result of `count` steps."""
        if self._own_logs:
            self._last = result
        elif result is not None:
            self._losses.append((self.done, result))
        self.done += count
        if self._watches and time.perf_counter() >= self._due:
            logs = self.logs()
            self._check_losses(logs)
            self._callbacks.progress(self.done, logs)
            self._due = time.perf_counter() + ProgbarLogger.refresh

    def logs(self, last: Any = None) -> dict[str, Any]:
        """The metrics so far."""
        if not self._own_logs:
            return self._model._read_metrics()  # type: ignore[no-any-return]
        last = self._last if last is None else last
        if last is None:
            return {}
        return as_floats(_last_of_block(last))

    def finish(self) -> dict[str, Any]:
        """The metrics at the end."""
        logs = self.logs()
        self._check_losses(logs)
        return logs

    def _check_losses(self, logs: dict[str, Any]) -> None:
        """Say once per epoch where the loss stopped being a number."""
        loss = logs.get("loss")
        if isinstance(loss, float) and not np.isfinite(loss) and not self._warned:
            self._warned = True
            step = self._first_bad_step()
            warn(
                f"The loss is {loss} since epoch {self._epoch + 1}, step {step}: the "
                "weights are of no use from there on. Lower the learning rate, clip "
                "gradients (clipnorm=1.0), or look for NaN and infinities in the data. "
                "keras.callbacks.TerminateOnNaN() stops such a training."
            )
        self._losses.clear()

    def _first_bad_step(self) -> int:
        engine = current.engine
        for first, value in self._losses:
            losses = np.ravel(np.asarray(engine.to_numpy(value), "float64"))
            bad = np.flatnonzero(~np.isfinite(losses))
            if len(bad):
                return first + int(bad[0]) + 1
        return self.done


def _last_of_block(logs: Any) -> Any:
    """Logs that steps in one dispatch returned are stacked: the last row counts."""
    return {k: v[-1] if getattr(v, "ndim", 0) == 1 else v for k, v in logs.items()}


class Evaluation:
    """One call of `evaluate`, or a validation inside `fit`."""

    def __init__(
        self,
        model: Any,
        source: BatchSource | None,
        steps: int | None,
        verbose: int,
        callbacks: Any,
        inner: bool = False,
    ) -> None:
        assert source is not None
        self._model, self._source, self._steps = model, source, steps
        self._inner = inner
        if isinstance(callbacks, CallbackList):
            self.callbacks = callbacks
        else:
            self.callbacks = CallbackList(
                callbacks,
                add_progbar=verbose != 0,
                model=model,
                epochs=1,
                steps=number_of_steps(source, steps),
                verbose=verbose,
            )

    def run(self) -> dict[str, Any]:
        """The metrics over all batches."""
        with _orderly(self, self._source):
            return self._run()

    def _run(self) -> dict[str, Any]:
        model, callbacks = self._model, self.callbacks
        self._prepare()
        model.reset_metrics()
        callbacks.on_test_begin()
        alone = callbacks.listens("on_test_batch_begin", "on_test_batch_end")
        report = _Report(model, "test", callbacks, 0)
        if self._inner:
            report._watches = False
        runner = model._runner("test")
        if alone:
            results = self._single_steps(runner, report)
        else:
            results = runner.epoch(self._source, self._steps, False, 0)
        for count, result in results:
            report.add(count, result)
        runner.settle()
        logs = report.logs()
        callbacks.on_test_end(logs)
        return logs

    def _prepare(self) -> None:
        batch, self._source = _example(self._source)
        self._model._ensure_built(batch)

    def _single_steps(self, runner: Any, report: _Report) -> Iterator[tuple[int, Any]]:
        for number, batch in enumerate(
            itertools.islice(self._source.epoch(), self._steps)
        ):
            self.callbacks.on_test_batch_begin(number)
            result = runner.once(batch)
            yield 1, result
            self.callbacks.on_test_batch_end(number, report.logs(result))


class Prediction:
    """One call of `predict`."""

    def __init__(
        self,
        model: Trainer,
        source: BatchSource,
        steps: int | None,
        verbose: int,
        callbacks: Any,
    ) -> None:
        self._model: Any = model
        self._source, self._steps = source, steps
        self.callbacks = (
            callbacks
            if isinstance(callbacks, CallbackList)
            else (
                CallbackList(
                    callbacks,
                    add_progbar=verbose != 0,
                    model=model,
                    epochs=1,
                    steps=number_of_steps(source, steps),
                    verbose=verbose,
                )
            )
        )

    def run(self) -> Any:
        """The outputs for all batches, joined."""
        with _orderly(self, self._source):
            return self._run()

    def _run(self) -> Any:
        callbacks, engine = self.callbacks, current.load(current.active())
        runner = self._model._runner("predict")
        if not self._model.built:
            self._build()
        listens = callbacks.listens("on_predict_batch_begin", "on_predict_batch_end")
        callbacks.on_predict_begin()
        pieces: list[Any] = []
        due = time.perf_counter() + ProgbarLogger.refresh
        for number, batch in enumerate(
            itertools.islice(self._source.epoch(), self._steps)
        ):
            if listens:
                callbacks.on_predict_batch_begin(number)
            outputs = runner.once(batch)
            outputs = tree.map_structure(engine.to_numpy, outputs)
            pieces.append(outputs)
            if listens:
                callbacks.on_predict_batch_end(number, {"outputs": outputs})
            if time.perf_counter() >= due:
                callbacks.progress(number + 1, {})
                due = time.perf_counter() + ProgbarLogger.refresh
        callbacks.on_predict_end()
        if not pieces:
            raise ValueError(
                "predict: the data holds no batch. Check that x is not empty."
            )
        if len(pieces) == 1:
            return pieces[0]
        return tree.map_structure(lambda *parts: np.concatenate(parts), *pieces)

    def _build(self) -> None:
        batch, self._source = _example(self._source)
        self._model._ensure_built((batch[0], None, None))
