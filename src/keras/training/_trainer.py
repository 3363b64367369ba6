"""`Trainer`: fit, evaluate, predict, over the steps that users override."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keras.backend import current
from keras.callbacks import Callback, History
from keras.core import tree
from keras.core.config import flags
from keras.training import _checks, _loop
from keras.training._data import (
    Batch,
    ClassWeights,
    adapt,
    check_not_scalars,
    combined,
    prepared,
    split_validation,
    unpack_x_y_sample_weight,
    weights_of_classes,
)
from keras.training._stateless import Stateless
from keras.training._stepping import as_floats
from keras.training._whole import between_steps


class Trainer(Stateless):
    """What makes a layer a model: the training loop, written once for all engines.

    The loop is a ladder whose rungs can be replaced one by one: `fit` runs epochs, an
    epoch runs `train_step` on every batch, a step calls the model, `compute_loss`, the
    optimizer, and `compute_metrics`.
    """

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
        shuffle: bool | str = True,
        class_weight: ClassWeights | None = None,
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
            shuffle: whether arrays come in a new order each epoch; "batch" shuffles
                whole batches, for files that are slow to read here and there.
            class_weight: weights of the classes by number: `{0: 1.0, 1: 5.0}`; for
                several outputs a dict of these by name, or a list.
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
        class_weight: ClassWeights | None = None,
        return_dict: bool = False,
    ) -> Any:
        """Train on one batch.

        Args:
            x, y, sample_weight: one batch.
            class_weight: as in `fit`.
            return_dict: whether to return a dict by name.

        Returns:
            The loss, or a list of the loss and the metrics so far, or a dict.
        """
        self._assert_compiled("train_on_batch")
        if class_weight is not None:
            weights = weights_of_classes(class_weight, y, self._known_output_names())
            sample_weight = combined(sample_weight, weights)
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
        with between_steps():
            result = runner.once(batch)
        runner.settle()
        return as_floats(result) if self._shows_own_logs(kind) else self._read_metrics()


def _verbosity(verbose: int | str) -> int:
    return 1 if verbose == "auto" else int(verbose)


def _as_list(logs: Mapping[str, Any]) -> Any:
    values = list(logs.values())
    return values[0] if len(values) == 1 else values
