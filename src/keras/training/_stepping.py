"""The steps of training, evaluation and prediction, and how they are run."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from keras import ops
from keras.backend import current
from keras.core import masks, scopes, tree
from keras.core.compiled import value_and_grad
from keras.core.config import floatx
from keras.core.infer import infer_output
from keras.core.keras_tensor import KerasTensor
from keras.core.variable import Variable
from keras.layers._arguments import as_shapes, masks_of
from keras.layers._call import CallContext, building
from keras.training import _checks
from keras.training._compiling import Compiling
from keras.training._data import (
    Batch,
    unpack_x_y_sample_weight,
)
from keras.training._sizes import PredictRunner
from keras.training._steps import StepRunner
from keras.training._whole import Undone, whole
from keras.typing import Native, Tensor

_STEPS = ("train", "test", "predict")


class Stepping(Compiling):
    """The part of `Trainer` that treats one batch."""

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> Tensor | None:
        """The scalar that training minimises: the compiled loss, what layers added, and
        the penalties on the weights.

        Args:
            x: inputs.
            y: targets.
            y_pred: outputs of the model.
            sample_weight: weights of the samples.
            training: whether the model was called in training.
        """
        parts: list[Any] = []
        if self._compiled_loss is not None and y_pred is not None:
            value = self._compiled_loss(y, y_pred, sample_weight)
            if value is not None:
                parts.append(value)
        parts.extend(ops.sum(ops.cast(v, floatx())) for v in self.losses)
        if not parts:
            if training:
                raise ValueError(
                    f"{self._label()}: there is no loss to minimise. Pass loss to "
                    "compile, or call add_loss in a layer."
                )
            return None
        total = parts[0]
        for part in parts[1:]:
            total = total + part
        result: Tensor = total
        return result

    def compute_metrics(
        self, x: Any, y: Any, y_pred: Any, sample_weight: Any = None
    ) -> dict[str, Any]:
        """Update the metrics with a batch and return their values.

        Args:
            x: inputs.
            y: targets.
            y_pred: outputs of the model.
            sample_weight: weights of the samples.
        """
        self._update_metrics(y, y_pred, sample_weight)
        return self.get_metrics_result()

    def _update_metrics(self, y: Any, y_pred: Any, sample_weight: Any) -> None:
        if self._compiled_metrics is not None:
            self._compiled_metrics.update(y, y_pred, sample_weight)

    def train_step(self, data: Any) -> dict[str, Any]:
        """Train on one batch and return the metrics. Override it for every engine.

        Args:
            data: `(x, y, sample_weight)`, as far as there are any.
        """
        self._train_on(data)
        return self._finish_step(data)

    def _train_on(self, data: Any) -> Native:
        """The step itself; metrics are updated but not computed."""
        x, y, weight = unpack_x_y_sample_weight(data)
        variables = self.trainable_variables

        def loss_and_outputs() -> tuple[Any, Any]:
            y_pred = self._call_model(x, training=True)
            found = masks_of(y_pred) if masks.in_use else None
            loss = self.compute_loss(x, y, y_pred, weight, training=True)
            scaled = self.optimizer.scale_loss(loss)
            return scaled, (loss, self._loss_parts(), y_pred, found)

        (_, (loss, parts, y_pred, found)), grads = value_and_grad(
            loss_and_outputs, variables, has_aux=True
        )()
        with current.engine.no_grad():
            loss = current.engine.stop_gradient(loss)
            self._track_loss(loss, parts, x)
            self._outputs = y_pred
            if found is not None:
                # No attribute leaves a differentiated call.
                flat = zip(*map(tree.flatten, (y_pred, found)), strict=True)
                for output, mask in flat:
                    masks.set_mask(output, mask)
            if type(self).compute_metrics is Stepping.compute_metrics:
                self._update_metrics(y, y_pred, weight)
            # Last: where it is done in place, no failure before it has changed them.
            if variables:
                self.optimizer.apply(grads, variables)
        return loss

    def _finish_step(self, data: Any) -> dict[str, Any]:
        """The metrics after a step; a user may have overridden `compute_metrics`."""
        y_pred, self._outputs = self._outputs, None
        if type(self).compute_metrics is not Stepping.compute_metrics:
            x, y, weight = unpack_x_y_sample_weight(data)
            with current.engine.no_grad():
                return self.compute_metrics(x, y, y_pred, weight)
        return self.get_metrics_result()

    def _call_model(self, x: Any, training: bool) -> Any:
        if self.takes_training:
            return self(x, training=training)
        with CallContext(training):
            return self(x)

    def _loss_parts(self) -> list[Native]:
        """The losses of the single outputs in the last `compute_loss`."""
        compiled = self._compiled_loss
        return [] if compiled is None or not compiled.trackers else compiled.values

    def _track_loss(self, loss: Any, parts: list[Native], x: Any) -> None:
        first = x if hasattr(x, "shape") else tree.flatten(x)[0]
        count = first.shape[0] if len(first.shape) else 1
        if self._loss_tracker is not None:
            self._loss_tracker.add(loss, float(count))
        if self._compiled_loss is not None and parts:
            self._compiled_loss.track(parts, float(count))

    def test_step(self, data: Any) -> dict[str, Any]:
        """Evaluate one batch and return the metrics.

        Args:
            data: `(x, y, sample_weight)`, as far as there are any.
        """
        self._test_on(data)
        return self._finish_step(data)

    def _test_on(self, data: Any) -> Native:
        x, y, weight = unpack_x_y_sample_weight(data)
        y_pred = self._call_model(x, training=False)
        loss = self.compute_loss(x, y, y_pred, weight, training=False)
        if loss is not None:
            self._track_loss(loss, self._loss_parts(), x)
        self._outputs = y_pred
        if type(self).compute_metrics is Stepping.compute_metrics:
            self._update_metrics(y, y_pred, weight)
        return loss

    def predict_step(self, data: Any) -> Any:
        """The outputs for one batch.

        Args:
            data: `(x, y, sample_weight)`, as far as there are any.
        """
        x, _, _ = unpack_x_y_sample_weight(data)
        return self._call_model(x, training=False)

    # How steps are run.

    def _runner(self, kind: str) -> StepRunner:
        runner = self._runners.get(kind)
        if runner is None:
            step = Undone(getattr(self, f"_run_{kind}"), self._replaced, self._counters)
            per = self.steps_per_execution
            cls = PredictRunner if kind == "predict" else StepRunner
            runner = cls(step, self._jit(kind), per)
            # Of several threads that come here at once, one makes it.
            runner = self._runners.setdefault(kind, runner)
        runner.refresh()
        return runner

    def _jit(self, kind: str) -> bool | str | None:
        if self.run_eagerly:
            return None
        if self.jit_compile == "auto":
            # A user's own step may do more than change variables: he is to ask for it.
            return False if self._shows_own_logs(kind) else "auto"
        return self.jit_compile is True

    def _replaced(self) -> list[Variable]:
        """What a step replaces, beside the weights."""
        return [*self.non_trainable_variables, *self.metrics_variables]

    def _counters(self) -> list[Variable]:
        """What counts the changes of the weights."""
        if self.optimizer is None:
            return []
        return [v for v in self.optimizer.variables if not v.shape]

    def _shows_own_logs(self, kind: str) -> bool:
        """Whether a user's method decides what a step reports."""
        model: Any = type(self)
        return _overrides(model, kind)

    def _run_train(self, batch: Batch) -> Any:
        if self._shows_own_logs("train"):
            result: Any = self._run_own("train", batch)
        else:
            result = self._train_on(batch)
        self._forget_traces()
        return result

    def _run_test(self, batch: Batch) -> Any:
        with current.engine.no_grad():
            if self._shows_own_logs("test"):
                result: Any = self._run_own("test", batch)
            else:
                result = self._test_on(batch)
        self._forget_traces()
        return result

    def _run_own(self, kind: str, batch: Batch) -> Any:
        """A user's step, written as `(data)` or, for JAX, as `(state, data)`."""
        step = getattr(self, f"{kind}_step")
        if not _takes_state(getattr(type(self), f"{kind}_step")):
            return step(_packed(batch))
        groups = [self.trainable_variables, self.non_trainable_variables]
        if kind == "train":
            groups.append(self.optimizer.variables)
        groups.append(self.metrics_variables)
        logs, state = step(
            tuple([v.value for v in group] for group in groups), _packed(batch)
        )
        for group, values in zip(groups, state, strict=True):
            for variable, value in zip(group, values, strict=True):
                variable.assign(value)
        return logs

    def _run_predict(self, batch: Batch) -> Any:
        with current.engine.no_grad():
            return self.predict_step(_packed(batch))

    def _forget_traces(self) -> None:
        """Values of a traced step must not outlive it."""
        self._outputs = None
        if current.engine.functional or scopes.is_tracing():
            self._clear_losses()
            if self._compiled_loss is not None:
                self._compiled_loss.values = []

    def _read_metrics(self) -> dict[str, Any]:
        """`get_metrics_result` as Python numbers, computed in one dispatch."""
        if self.run_eagerly:
            return as_floats(self.get_metrics_result())
        runner = self._runners.get("result")
        if runner is None or runner.is_outdated():
            runner = StepRunner(lambda _: self.get_metrics_result(), False, 1)
            self._runners["result"] = runner
        return as_floats(runner.once(()))

    def make_train_function(self, force: bool = False) -> Any:
        """The function that trains on one batch; it is made when first needed."""
        if force:
            self._runners.pop("train", None)
        return self._runner("train").once

    def make_test_function(self, force: bool = False) -> Any:
        """The function that evaluates one batch; it is made when first needed."""
        if force:
            self._runners.pop("test", None)
        return self._runner("test").once

    def make_predict_function(self, force: bool = False) -> Any:
        """The function that predicts for one batch; it is made when first needed."""
        if force:
            self._runners.pop("predict", None)
        return self._runner("predict").once

    @whole
    def _ensure_built(self, batch: Any) -> None:
        """Build the model, losses, metrics and optimizer for batches like this one."""
        with building:
            self._build_missing(batch)

    def _build_missing(self, batch: Any) -> None:
        x, y, _ = unpack_x_y_sample_weight(batch)
        needs_outputs = (
            not all(layer.built for layer in self._flatten_layers())
            or (self._compiled_loss is not None and self._compiled_loss.is_unbuilt)
            or (self._compiled_metrics is not None and not self._compiled_metrics.built)
        )
        if needs_outputs:
            was_known = getattr(self, "output", None) is not None
            y_pred = self._abstract_outputs(x)
            _checks.check_targets(self, y, y_pred)
            if self._compiled_loss is not None and self._compiled_loss.is_unbuilt:
                self._compiled_loss.build(y_pred)
                if not was_known:
                    self._check_outputs_of_graph()
            metrics = self._compiled_metrics
            if metrics is not None and not metrics.built and y is not None:
                metrics.build(y, y_pred)
        if self.optimizer is not None and not self.optimizer.built:
            self.optimizer.build(self.trainable_variables)

    def _abstract_outputs(self, x: Any) -> Any:
        """What the model returns, by shape; it is built on the way."""

        def symbol(a: Any) -> Any:
            return KerasTensor(a.shape, str(a.dtype).rsplit(".", 1)[-1])

        def run(inputs: Any) -> Any:
            with CallContext(False) as context:
                result = self._call_model(inputs, training=False)
                context.forget_losses()
            return result

        try:
            return infer_output(
                run, (tree.map_structure(symbol, x),), {}, self._label()
            )
        except Exception:
            # Code that needs real values: run it for once.
            with current.engine.no_grad():
                return self._call_model(
                    tree.map_structure(lambda a: current.engine.convert(a, None), x),
                    training=False,
                )

    def _build_by_symbolic_call(self, input_shape: Any) -> None:
        """Build a subclassed model from a shape."""
        shapes = as_shapes(input_shape)
        dtype = self.input_dtype
        symbols = tree.map_shape_structure(lambda s: KerasTensor(s, dtype), shapes)

        def run(inputs: Any) -> Any:
            with CallContext(False) as context:
                result = self.call(inputs)
                context.forget_losses()
            return result

        infer_output(run, (symbols,), {}, self._label())


@lru_cache(maxsize=256)
def _overrides(model: Any, kind: str) -> bool:
    """Whether a class replaces anything that a step reports."""
    names = (f"{kind}_step", "compute_metrics", "get_metrics_result")
    return any(getattr(model, n) is not getattr(Stepping, n) for n in names)


@lru_cache(maxsize=256)
def _takes_state(step: Callable[..., Any]) -> bool:
    """Whether a step is of the form `step(self, state, data)`."""
    return list(inspect.signature(step).parameters)[1:2] == ["state"]


def _packed(batch: Batch) -> Any:
    """A batch as users' steps take it: without trailing `None`s."""
    x, y, weight = batch
    if weight is not None:
        return batch
    return (x,) if y is None else (x, y)


def as_floats(logs: Mapping[str, Any]) -> dict[str, Any]:
    """Metric values as Python numbers (arrays where they are no scalars)."""
    engine = current.engine

    def one(value: Any) -> Any:
        if isinstance(value, int | float):
            return value
        array = np.asarray(engine.to_numpy(value))
        return float(array) if array.ndim == 0 else array

    return {k: one(v) for k, v in logs.items()}
