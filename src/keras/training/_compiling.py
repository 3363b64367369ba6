"""What `compile` sets: optimizer, losses, metrics, and how steps are run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from keras import optimizers
from keras.callbacks import History
from keras.core.serialization import (
    deserialize_keras_object,
    serialize_keras_object,
)
from keras.errors import NotCompiledError
from keras.metrics import Mean, Metric
from keras.training._compile import CompiledLoss, CompiledMetrics
from keras.training._logits import warn_of_mixed_up_logits
from keras.training._steps import StepRunner
from keras.training._whole import whole
from keras.typing import Config

if TYPE_CHECKING:
    from keras.layers._layer import Layer as _Base
else:
    _Base = object


class Compiling(_Base):
    """The part of `Trainer` that says how a model is trained."""

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
            jit_compile: whether the engine compiles the steps; "auto" lets it choose:
                JAX compiles, torch replays steps as CUDA graphs on a GPU, and runs them
                as they are on a CPU.
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
            "jit_compile": jit_compile,
        }

    def _check_outputs_of_graph(self) -> None:
        """Hold the losses against the graph, where there is one."""
        output = getattr(self, "output", None)
        if output is not None and self._compiled_loss is not None:
            losses = self._compiled_loss.spread(output)
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

    @whole
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
