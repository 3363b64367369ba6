"""`Trainer`: compile, fit, evaluate, predict, and the steps that users override."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from keras import ops, optimizers
from keras.backend import current
from keras.callbacks import Callback, History
from keras.core import masks, tree
from keras.core.compiled import value_and_grad
from keras.core.config import flags, floatx
from keras.core.infer import infer_output
from keras.core.keras_tensor import KerasTensor
from keras.core.serialization import (
    deserialize_keras_object,
    serialize_keras_object,
)
from keras.errors import NotCompiledError
from keras.layers._arguments import as_shapes, masks_of
from keras.layers._call import CallContext
from keras.metrics import Mean, Metric
from keras.training import _checks, _loop
from keras.training._compile import CompiledLoss, CompiledMetrics
from keras.training._data import (
    Batch,
    adapt,
    check_not_scalars,
    prepared,
    split_validation,
    unpack_x_y_sample_weight,
)
from keras.training._data import class_weights as sample_weights_of_classes
from keras.training._logits import warn_of_mixed_up_logits
from keras.training._steps import StepRunner
from keras.typing import Config, Native, Tensor

_STEPS = ("train", "test", "predict")


if TYPE_CHECKING:
    from keras.layers._layer import Layer as _Base
else:
    _Base = object


class Trainer(_Base):
    """What makes a layer a model: the training loop, written once for all engines.

    The loop is a ladder whose rungs can be replaced one by one: `fit` runs epochs, an
    epoch runs `train_step` on every batch, a step calls the model, `compute_loss`, the
    optimizer, and `compute_metrics`.
    """

    _is_compiled = False
    _outputs: Any = None

    def __init__(self) -> None:
        self.stop_training: bool = False
        self.history: History | None = None
        self.optimizer: Any = None
        self.run_eagerly: bool = False
        self.steps_per_execution: int | str = "auto"
        self.jit_compile: bool | str = "auto"
        self._compile_arguments: dict[str, Any] = {}
        self._compiled_loss: CompiledLoss | None = None
        self._compiled_metrics: CompiledMetrics | None = None
        self._loss_tracker: Mean | None = None
        self._runners: dict[str, StepRunner] = {}

    def __getstate__(self) -> dict[str, Any]:
        """For copies and pickles: compiled steps are made anew."""
        return {**vars(self), "_runners": {}, "_cache": None}

    # Compiling.

    def compile(
        self,
        optimizer: Any = "rmsprop",
        loss: Any = None,
        loss_weights: Any = None,
        metrics: Any = None,
        weighted_metrics: Any = None,
        run_eagerly: bool = False,
        steps_per_execution: int | str = "auto",
        jit_compile: bool | str = "auto",
        auto_scale_loss: bool = True,
    ) -> None:
        """Say how the model is trained.

        Args:
            optimizer: an optimizer or its name.
            loss: a loss, its name or a function `(y_true, y_pred)`; for several outputs
                a list or dict of them.
            loss_weights: a float for each output.
            metrics: metrics, names or functions; for several outputs a list or dict of
                lists.
            weighted_metrics: metrics that take the sample weights into account.
            run_eagerly: whether to run steps as plain Python, for debugging.
            steps_per_execution: steps in one dispatch; "auto" finds the number.
            jit_compile: whether the engine compiles the steps; "auto" lets it choose.
            auto_scale_loss: whether to scale the loss under "mixed_float16".

        Raises:
            UnknownNameError: for a name that is no optimizer, loss or metric.

        Example:
            >>> model.compile("adam", "mse", metrics=["mae"])
        """
        self.optimizer = optimizers.get(optimizer)
        policy = getattr(self, "dtype_policy", None)
        if auto_scale_loss and policy is not None and policy.name == "mixed_float16":
            self.optimizer = optimizers.LossScaleOptimizer(
                self.optimizer, name="loss_scale"
            )
        names = self._known_output_names()
        self._compiled_loss = None
        if loss is not None:
            self._compiled_loss = CompiledLoss(loss, loss_weights, names)
            self._check_outputs_of_graph()
        self._compiled_metrics = None
        if metrics is not None or weighted_metrics is not None:
            self._compiled_metrics = CompiledMetrics(metrics, weighted_metrics, names)
        self._loss_tracker = Mean(name="loss")
        self.run_eagerly = bool(run_eagerly)
        self.steps_per_execution = steps_per_execution
        self.jit_compile = jit_compile
        self.stop_training = False
        self._runners = {}
        self._is_compiled = True
        self._compile_arguments = {
            "loss": loss,
            "loss_weights": loss_weights,
            "metrics": metrics,
            "weighted_metrics": weighted_metrics,
            "run_eagerly": bool(run_eagerly),
            "steps_per_execution": 1
            if steps_per_execution == "auto"
            else steps_per_execution,
            "jit_compile": jit_compile is True,
        }

    def _check_outputs_of_graph(self) -> None:
        """Hold the losses against the graph, where there is one."""
        output = getattr(self, "output", None)
        if output is None or self._compiled_loss is None:
            return
        losses = self._compiled_loss.spread(output)
        if type(self).compute_loss is Trainer.compute_loss:
            warn_of_mixed_up_logits(self, output, losses)

    @property
    def compiled(self) -> bool:
        """Whether `compile` has been called."""
        return self._is_compiled

    def _known_output_names(self) -> list[str] | None:
        return getattr(self, "output_names", None)

    def get_compile_config(self) -> Config | None:
        """The arguments of `compile` as plain data; `{}` if it was not called."""
        if not self._is_compiled:
            return {}
        return {
            "optimizer": serialize_keras_object(self.optimizer),
            **{
                k: serialize_keras_object(v) for k, v in self._compile_arguments.items()
            },
        }

    def compile_from_config(self, config: Config) -> None:
        """Call `compile` with what `get_compile_config` returned."""
        arguments = deserialize_keras_object(dict(config))
        self.compile(**arguments)
        if getattr(self, "built", False) and self.optimizer is not None:
            self.optimizer.build(self.trainable_variables)

    def _assert_compiled(self, what: str) -> None:
        if not self._is_compiled:
            raise NotCompiledError(
                f"{self._label()}.{what}: the model is not compiled yet. Call "
                'model.compile(optimizer="adam", loss=...) first.'
            )

    def _label(self) -> str:
        return f'Model "{self.name}"'

    # Metrics.

    @property
    def metrics(self) -> list[Metric]:
        """All metrics: the loss, those of `compile`, those in attributes of layers."""
        found: list[Metric] = list(super().metrics)
        if self._compiled_loss is not None:
            found += self._compiled_loss.trackers
        if self._compiled_metrics is not None:
            found += self._compiled_metrics.metrics
        return found

    @property
    def metrics_names(self) -> list[str]:
        """The names of `metrics`."""
        return [m.name for m in self.metrics]

    def reset_metrics(self) -> None:
        """Set all metrics back to their start."""
        for metric in self.metrics:
            metric.reset_state()

    def get_metrics_result(self) -> dict[str, Any]:
        """The values of all metrics by the names that `fit` shows."""
        values: dict[str, Any] = {}
        if self._loss_tracker is not None:
            values["loss"] = self._loss_tracker.result()
        if self._compiled_loss is not None:
            for tracker in self._compiled_loss.trackers:
                values[tracker.name] = tracker.result()
        if self._compiled_metrics is not None:
            values.update(self._compiled_metrics.result())
        for metric in super().metrics:
            if metric is not self._loss_tracker:
                result = metric.result()
                values.update(
                    result if isinstance(result, dict) else {metric.name: result}
                )
        return values

    # One step.

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
            found = masks_of(y_pred) if masks.in_use() else None
            loss = self.compute_loss(x, y, y_pred, weight, training=True)
            scaled = self.optimizer.scale_loss(loss)
            return scaled, (loss, self._loss_parts(), y_pred, found)

        (_, (loss, parts, y_pred, found)), grads = value_and_grad(
            loss_and_outputs, variables, has_aux=True
        )()
        with current.engine.no_grad():
            loss = current.engine.stop_gradient(loss)
            if variables:
                self.optimizer.apply(grads, variables)
            self._track_loss(loss, parts, x)
            self._outputs = y_pred
            if found is not None:
                # No attribute leaves a differentiated call.
                flat = zip(*map(tree.flatten, (y_pred, found)), strict=True)
                for output, mask in flat:
                    masks.set_mask(output, mask)
            if type(self).compute_metrics is Trainer.compute_metrics:
                self._update_metrics(y, y_pred, weight)
        return loss

    def _finish_step(self, data: Any) -> dict[str, Any]:
        """The metrics after a step; a user may have overridden `compute_metrics`."""
        y_pred, self._outputs = self._outputs, None
        if type(self).compute_metrics is not Trainer.compute_metrics:
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
        if type(self).compute_metrics is Trainer.compute_metrics:
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
            per = self.steps_per_execution
            runner = StepRunner(
                getattr(self, f"_run_{kind}"), not self.run_eagerly, per
            )
            self._runners[kind] = runner
        runner.refresh()
        return runner

    def _shows_own_logs(self, kind: str) -> bool:
        """Whether a user's method decides what a step reports."""
        names = (f"{kind}_step", "compute_metrics", "get_metrics_result")
        return any(getattr(type(self), n) is not getattr(Trainer, n) for n in names)

    def _run_train(self, batch: Batch) -> Any:
        if self._shows_own_logs("train"):
            result: Any = self.train_step(_packed(batch))
        else:
            result = self._train_on(batch)
        self._forget_traces()
        return result

    def _run_test(self, batch: Batch) -> Any:
        with current.engine.no_grad():
            if self._shows_own_logs("test"):
                result: Any = self.test_step(_packed(batch))
            else:
                result = self._test_on(batch)
        self._forget_traces()
        return result

    def _run_predict(self, batch: Batch) -> Any:
        with current.engine.no_grad():
            return self.predict_step(_packed(batch))

    def _forget_traces(self) -> None:
        """Values of a traced step must not outlive it."""
        self._outputs = None
        if current.engine.functional:
            self._clear_losses()
            if self._compiled_loss is not None:
                self._compiled_loss.values = []

    def _read_metrics(self) -> dict[str, Any]:
        """`get_metrics_result` as Python numbers, computed in one dispatch."""
        if self.run_eagerly:
            return as_floats(self.get_metrics_result())
        runner = self._runners.get("result")
        if runner is None or runner.is_outdated():
            runner = StepRunner(lambda _: self.get_metrics_result(), True, 1)
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

    def _ensure_built(self, batch: Any) -> None:
        """Build the model, losses, metrics and optimizer for batches like this one."""
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

    # Fitting.

    def fit(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: int | str = "auto",
        callbacks: list[Callback] | Callback | None = None,
        validation_split: float = 0.0,
        validation_data: Any = None,
        shuffle: bool = True,
        class_weight: Mapping[int, float] | None = None,
        sample_weight: Any = None,
        initial_epoch: int = 0,
        steps_per_epoch: int | None = None,
        validation_steps: int | None = None,
        validation_batch_size: int | None = None,
        validation_freq: int | list[int] = 1,
    ) -> History:
        """Train the model.

        Args:
            x: inputs: an array, a list or dict of arrays, or an iterable of batches.
            y: targets, in the structure of the outputs.
            batch_size: samples in a batch; default 32.
            epochs: the number of the last epoch.
            verbose: 0 shows nothing, 1 a bar, 2 a line per epoch; "auto" means 1.
            callbacks: told of the course of training.
            validation_split: fraction of the samples, from the end, to validate on.
            validation_data: `(x, y)`, `(x, y, sample_weight)`, or an iterable.
            shuffle: whether arrays come in a new order each epoch.
            class_weight: weights of the classes by number.
            sample_weight: weights of the samples.
            initial_epoch: the number of epochs already done.
            steps_per_epoch: batches in an epoch; default: all there are.
            validation_steps: batches to validate on; default: all.
            validation_batch_size: default: `batch_size`.
            validation_freq: validate every so many epochs, or in the epochs listed.

        Returns:
            The `History`, with a list of values for each metric.

        Example:
            >>> history = model.fit(x, y, epochs=3, validation_split=0.1)
        """
        self._assert_compiled("fit")
        _checks.check_fit_arguments(self, epochs, batch_size, validation_split, x)
        if validation_split and validation_data is None:
            (x, y, sample_weight), validation_data = split_validation(
                (x, y, sample_weight), validation_split
            )
        source = adapt(
            x,
            y,
            sample_weight,
            batch_size=batch_size,
            shuffle=shuffle,
            class_weight=class_weight,
            output_names=self._known_output_names(),
        )
        validation = None
        if validation_data is not None:
            validation = self._validation_source(
                validation_data, validation_batch_size or batch_size
            )
        run = _loop.Training(
            model=self,
            source=source,
            validation=validation,
            epochs=min(epochs, flags.max_epochs or epochs),
            first_epoch=initial_epoch,
            steps=_loop.bounded_steps(steps_per_epoch),
            validation_steps=validation_steps,
            validation_freq=validation_freq,
            verbose=_verbosity(verbose),
            callbacks=callbacks,
        )
        return run.run()

    def _validation_source(self, data: Any, batch_size: int | None) -> Any:
        if isinstance(data, tuple | list):
            x, y, weight = unpack_x_y_sample_weight(tuple(data))
            return adapt(
                x, y, weight, batch_size=batch_size, what="fit(validation_data)"
            )
        return adapt(data, batch_size=batch_size, what="fit(validation_data)")

    def evaluate(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        verbose: int | str = "auto",
        sample_weight: Any = None,
        steps: int | None = None,
        callbacks: list[Callback] | Callback | None = None,
        return_dict: bool = False,
        **kwargs: Any,
    ) -> Any:
        """The loss and the metrics on data.

        Args:
            x: inputs: an array, a list or dict of arrays, or an iterable of batches.
            y: targets, in the structure of the outputs.
            batch_size: samples in a batch; default 32.
            verbose: 0 shows nothing, 1 a bar, 2 a line; "auto" means 1.
            sample_weight: weights of the samples.
            steps: batches to evaluate; default: all.
            callbacks: told of the course of evaluation.
            return_dict: whether to return a dict by name.

        Returns:
            The loss, or a list of the loss and the metrics, or a dict.
        """
        if kwargs:
            raise TypeError(f"evaluate: got unknown arguments {', '.join(kwargs)}.")
        self._assert_compiled("evaluate")
        source = adapt(x, y, sample_weight, batch_size=batch_size, what="evaluate")
        run = _loop.Evaluation(
            self, source, _loop.bounded_steps(steps), _verbosity(verbose), callbacks
        )
        logs = run.run()
        return logs if return_dict else _as_list(logs)

    def predict(
        self,
        x: Any,
        batch_size: int | None = None,
        verbose: int | str = "auto",
        steps: int | None = None,
        callbacks: list[Callback] | Callback | None = None,
    ) -> Any:
        """The outputs for data, as NumPy arrays.

        Args:
            x: inputs: an array, a list or dict of arrays, or an iterable of batches.
            batch_size: samples in a batch; default 32.
            verbose: 0 shows nothing, 1 a bar, 2 a line; "auto" means 1.
            steps: batches to predict for; default: all.
            callbacks: told of the course of prediction.

        Returns:
            Arrays in the structure of the outputs, a row for each sample.
        """
        source = adapt(x, batch_size=batch_size, what="predict")
        run = _loop.Prediction(
            self, source, _loop.bounded_steps(steps), _verbosity(verbose), callbacks
        )
        return run.run()

    # Single batches.

    def train_on_batch(
        self,
        x: Any,
        y: Any = None,
        sample_weight: Any = None,
        class_weight: Mapping[int, float] | None = None,
        return_dict: bool = False,
    ) -> Any:
        """Train on one batch.

        Args:
            x, y, sample_weight: one batch.
            class_weight: weights of the classes by number.
            return_dict: whether to return a dict by name.

        Returns:
            The loss, or a list of the loss and the metrics so far, or a dict.
        """
        self._assert_compiled("train_on_batch")
        if class_weight is not None:
            sample_weight = sample_weights_of_classes(class_weight, y)
        batch = self._one_batch(x, y, sample_weight, "train_on_batch")
        result = self._once("train", batch)
        return result if return_dict else _as_list(result)

    def test_on_batch(
        self,
        x: Any,
        y: Any = None,
        sample_weight: Any = None,
        return_dict: bool = False,
    ) -> Any:
        """Evaluate one batch.

        Args:
            x, y, sample_weight: one batch.
            return_dict: whether to return a dict by name.

        Returns:
            The loss, or a list of the loss and the metrics so far, or a dict.
        """
        self._assert_compiled("test_on_batch")
        batch = self._one_batch(x, y, sample_weight, "test_on_batch")
        result = self._once("test", batch)
        return result if return_dict else _as_list(result)

    def predict_on_batch(self, x: Any) -> Any:
        """The outputs for one batch, as NumPy arrays."""
        batch = self._one_batch(x, None, None, "predict_on_batch")
        outputs = self._runner("predict").once(batch)
        return tree.map_structure(current.engine.to_numpy, outputs)

    def _one_batch(self, x: Any, y: Any, sample_weight: Any, what: str) -> Batch:
        check_not_scalars(x, what)
        batch = tree.map_structure(
            lambda a: None if a is None else prepared(a), (x, y, sample_weight)
        )
        self._ensure_built(batch)
        return batch  # type: ignore[no-any-return]

    def _once(self, kind: str, batch: Batch) -> dict[str, float]:
        runner = self._runner(kind)
        result = runner.once(batch)
        runner.settle()
        return as_floats(result) if self._shows_own_logs(kind) else self._read_metrics()


def _packed(batch: Batch) -> Any:
    """A batch as users' steps take it: without trailing `None`s."""
    x, y, weight = batch
    if weight is not None:
        return batch
    return (x,) if y is None else (x, y)


def _verbosity(verbose: int | str) -> int:
    return 1 if verbose == "auto" else int(verbose)


def as_floats(logs: Mapping[str, Any]) -> dict[str, Any]:
    """Metric values as Python numbers (arrays where they are no scalars)."""
    engine = current.engine

    def one(value: Any) -> Any:
        if isinstance(value, int | float):
            return value
        array = np.asarray(engine.to_numpy(value))
        return float(array) if array.ndim == 0 else array

    return {k: one(v) for k, v in logs.items()}


def _as_list(logs: Mapping[str, Any]) -> Any:
    values = list(logs.values())
    return values[0] if len(values) == 1 else values
