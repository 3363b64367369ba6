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
from keras.training._data import ArraySource, BatchSource
from keras.training._passes import Continued, Passes, with_example
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
        self.callbacks.follow(self.first_epoch, self._sources())
        self._alone = self.callbacks.listens(
            "on_train_batch_begin",
            "on_train_batch_end",
            "on_batch_begin",
            "on_batch_end",
        )
        model.stop_training = False
        self.callbacks.on_train_begin()
        logs: dict[str, Any] = {}
        resumed = self.callbacks.resume_at
        first_epoch, skipped = resumed or (self.first_epoch, 0)
        had_ended = resumed is not None and not skipped and model.stop_training
        for epoch in range(first_epoch, 0 if had_ended else self.epochs):
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
        self._arrays = self.source if isinstance(self.source, ArraySource) else None
        self._passes = Passes(self.source)
        self.model._ensure_built(self._passes.example())
        self.source = self._passes
        if self.steps == self.source.size:
            self.steps = None  # all of it
        elif self.steps is not None:
            self._arrays, self.source = None, Continued(self._passes)
        if self.validation is not None and not isinstance(self.validation, ArraySource):
            self.validation = Passes(self.validation)

    def _sources(self) -> dict[str, Passes]:
        """The data whose place must be known to go on after an interruption."""
        named = {"train": self._passes, "validation": self.validation}
        return {k: v for k, v in named.items() if isinstance(v, Passes)}

    def _run_epoch(self, epoch: int, skipped: int) -> dict[str, Any]:
        """Train for an epoch, but for `skipped` batches that were done before."""
        model, callbacks = self.model, self.callbacks
        model.reset_metrics()
        callbacks.on_epoch_begin(epoch)
        report = _Report(model, "train", callbacks, epoch)
        if skipped:
            report.go_on(skipped, callbacks.resume_logs)
        # Whole epochs of arrays may be run in blocks.
        source = self._arrays if self._arrays is not None and not skipped else None
        total = number_of_steps(self.source, self.steps)
        runner = model._runner("train")
        remaining = (total or 0) * (self.epochs - epoch)
        steps = None if self.steps is None else max(self.steps - skipped, 0)
        results: Iterator[tuple[int, Any]]
        if skipped and model.stop_training:
            results = iter(())  # it was stopped in this epoch
        elif self._alone:
            results = self._single_steps(runner, report, steps, skipped)
        else:
            results = runner.epoch(source or self.source, steps, False, remaining)
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
        self, runner: Any, report: _Report, steps: int | None, skipped: int
    ) -> Iterator[tuple[int, Any]]:
        """Steps one by one, for callbacks that look at every batch."""
        batches = itertools.islice(self.source.epoch(), steps)
        for number, batch in enumerate(batches, skipped):
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


class _Pace:
    """When progress is shown: so seldom that it takes a hundredth of the time."""

    _slowest = 0.5

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self._due = self._began + ProgbarLogger.refresh

    def is_due(self) -> bool:
        """Whether progress is to be shown now."""
        self._began = time.perf_counter()
        return self._began >= self._due

    def shown(self) -> None:
        """It was shown, since `is_due` was asked."""
        now = time.perf_counter()
        pause = min(100 * (now - self._began), self._slowest)
        self._due = now + max(pause, ProgbarLogger.refresh)


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
        self._pace = _Pace()
        self.done = 0

    def go_on(self, done: int, logs: dict[str, Any]) -> None:
        """Begin after `done` steps, the last of which reported `logs`."""
        self.done, self._last = done, logs

    def add(self, count: int, result: Any) -> None:
        """Note the result of `count` steps."""
        if self._own_logs:
            self._last = result
        elif result is not None:
            self._losses.append((self.done, result))
        self.done += count
        if self._watches and self._pace.is_due():
            logs = self.logs()
            self._check_losses(logs)
            self._callbacks.progress(self.done, logs)
            self._pace.shown()

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
        batch, self._source = with_example(self._source)
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
        pace = _Pace()
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
            if pace.is_due():
                callbacks.progress(number + 1, {})
                pace.shown()
        callbacks.on_predict_end()
        if not pieces:
            raise ValueError(
                "predict: the data holds no batch. Check that x is not empty."
            )
        if len(pieces) == 1:
            return pieces[0]
        return tree.map_structure(lambda *parts: np.concatenate(parts), *pieces)

    def _build(self) -> None:
        batch, self._source = with_example(self._source)
        self._model._ensure_built((batch[0], None, None))
