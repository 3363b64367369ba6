"""Losses and metrics as given to `compile`, matched with the outputs of a model."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

from keras import losses as losses_module
from keras import metrics as metrics_module
from keras import ops
from keras.core import tree
from keras.core.config import floatx
from keras.errors import shorten, unknown_name
from keras.losses import Loss
from keras.losses._loss import FunctionLoss
from keras.metrics import Mean, MeanMetricWrapper, Metric
from keras.typing import Native


def output_names(y_pred: Any, names: Sequence[str] | None) -> list[str]:
    """A name for each output: dict keys, those of the model, or made up."""
    if isinstance(y_pred, dict):
        return sorted(map(str, y_pred))
    count = len(tree.flatten(y_pred))
    if names is not None and len(names) == count:
        return list(names)
    return [f"output_{i + 1}" for i in range(count)]


def per_output(given: Any, names: list[str], what: str) -> list[Any]:
    """`given` spread over the outputs: one for all, a list, or a dict by name.

    Raises:
        ValueError: if numbers or names do not fit.
    """
    if isinstance(given, dict):
        unknown = [k for k in given if k not in names]
        if unknown:
            raise unknown_name(f"output in {what}", unknown[0], names)
        return [given.get(n) for n in names]
    if isinstance(given, list | tuple):
        if len(given) != len(names):
            raise ValueError(
                f"compile({what}=...): got a list of {len(given)}; the model has "
                f"{len(names)} outputs ({', '.join(names)}). Give one for each, None "
                "where there is none."
            )
        return list(given)
    return [given] * len(names)


def _numbers(weights: Any) -> Any:
    for weight in tree.flatten(weights):
        if weight is not None and not isinstance(weight, int | float):
            if hasattr(weight, "shape"):
                continue  # a tensor or a variable
            raise TypeError(
                f"compile(loss_weights=...): got {shorten(repr(weight), 60)} "
                f"({type(weight).__name__}); expected a number for each output. If "
                "these are metrics, give them by name: compile(metrics=...)."
            )
    return weights


class CompiledLoss:
    """The losses of a model's outputs, and their weighted sum.

    Args:
        loss: a loss, name or function, or lists or dicts of them, one per output.
        weights: a float, or lists or dicts of them.
        names: names of the outputs, where the model knows them.
    """

    def __init__(
        self, loss: Any, weights: Any = None, names: Sequence[str] | None = None
    ) -> None:
        # Unknown and old names are told of when the model is compiled.
        self._given = tree.map_structure(_as_loss, loss)
        self._weights, self._names = _numbers(weights), names
        self._parts: list[tuple[str, Loss | None, float | None]] | None = None
        self.trackers: list[Mean] = []
        self.values: list[Native] = []
        self._only: Loss | None = None

    def spread(self, y_pred: Any) -> list[Any]:
        """The loss of each output, `None` where there is none."""
        names = output_names(y_pred, self._names)
        return [
            _as_loss(p)
            for p in per_output(_aligned(self._given, y_pred), names, "loss")
        ]

    @property
    def is_unbuilt(self) -> bool:
        """Whether the losses are still to be matched with the outputs."""
        return self._parts is None

    def build(self, y_pred: Any) -> None:
        """Match the losses with the outputs."""
        names = output_names(y_pred, self._names)
        parts = per_output(_aligned(self._given, y_pred), names, "loss")
        weights = per_output(self._weights, names, "loss_weights")
        self._parts = [
            (n, _as_loss(p), w) for n, p, w in zip(names, parts, weights, strict=True)
        ]
        active = [n for n, p, _ in self._parts if p is not None]
        if len(names) == 1 and weights[0] is None:
            # The common case: nothing to match, weigh or add up.
            self._only = self._parts[0][1]
        if len(names) > 1:
            self.trackers = [Mean(name=f"{n}_loss") for n in active]

    def __call__(self, y: Any, y_pred: Any, sample_weight: Any = None) -> Native:
        """The weighted sum of the losses."""
        if self._only is not None and _is_one(y) and _is_one(y_pred):
            return self._only(y, y_pred, sample_weight)
        if self._parts is None:
            self.build(y_pred)
        assert self._parts is not None
        names = [n for n, _, _ in self._parts]
        outputs = tree.flatten(y_pred)
        targets = targets_of(y, names, [p is not None for _, p, _ in self._parts])
        weights = weights_of(sample_weight, names)
        total: Native = None
        values: list[Native] = []
        for (_, loss, factor), target, output, weight in zip(
            self._parts, targets, outputs, weights, strict=True
        ):
            if loss is None:
                continue
            value = ops.cast(loss(target, output, weight), floatx())
            values.append(value)
            value = value if factor is None else value * factor
            total = value if total is None else total + value
        self.values = values
        return total

    def track(self, values: list[Native], count: float) -> None:
        """Add the losses of the outputs to the means that `fit` shows."""
        for tracker, value in zip(self.trackers, values, strict=True):
            tracker.add(value, count)


def _is_one(structure: Any) -> bool:
    """Whether it is a tensor, and no structure of tensors."""
    return not isinstance(structure, dict | list | tuple) and structure is not None


def _as_loss(identifier: Any) -> Any:
    if identifier is None or isinstance(identifier, Loss):
        return identifier
    found = losses_module.get(identifier)
    if isinstance(found, Loss):
        return found
    return FunctionLoss(found, name=getattr(found, "__name__", "loss"))


def _aligned(given: Any, y_pred: Any) -> Any:
    """A dict of losses for list outputs and the like stay; nested lists are flat."""
    if isinstance(given, list | tuple) and not isinstance(y_pred, list | tuple | dict):
        flat = tree.flatten(given)
        return flat[0] if len(flat) == 1 else given
    return given


def targets_of(y: Any, names: list[str], wanted: list[bool]) -> list[Any]:
    """The targets in the order of the outputs.

    Raises:
        ValueError: if there are too few or too many.
    """
    if len(names) == 1 and not isinstance(y, dict | list | tuple):
        return [y]
    if isinstance(y, dict):
        missing = [n for n, w in zip(names, wanted, strict=True) if w and n not in y]
        if missing:
            raise ValueError(
                f"y: got a dict with the keys {shorten(sorted(y))}; the loss of output "
                f"{missing[0]!r} needs a target of that name. Add it, or rename the "
                "key that is meant for it."
            )
        return [y.get(n) for n in names]
    flat = tree.flatten(y) if y is not None else [None] * len(names)
    if len(flat) == len(names):
        return flat
    if len(flat) == sum(wanted):
        rest = iter(flat)
        return [next(rest) if w else None for w in wanted]
    raise ValueError(
        f"y: got {len(flat)} arrays; the model has {len(names)} outputs "
        f"({', '.join(names)}). Give one array for each."
    )


def weights_of(sample_weight: Any, names: list[str]) -> list[Any]:
    """The sample weights in the order of the outputs; one may serve all."""
    if sample_weight is None or not isinstance(sample_weight, dict | list | tuple):
        return [sample_weight] * len(names)
    if isinstance(sample_weight, dict):
        return [sample_weight.get(n) for n in names]
    flat = tree.flatten(sample_weight)
    return flat if len(flat) == len(names) else flat * len(names)


class CompiledMetrics:
    """The metrics of a model's outputs.

    Args:
        metrics: metrics, names or functions, in lists, or dicts by output.
        weighted: the same; these are given the sample weights.
        names: names of the outputs, where the model knows them.
    """

    def __init__(
        self, metrics: Any, weighted: Any = None, names: Sequence[str] | None = None
    ) -> None:
        self._given, self._weighted, self._names = metrics, weighted, names
        for each in [*tree.flatten(metrics), *tree.flatten(weighted)]:
            if each == "acc" or (isinstance(each, str) and each not in _BY_SHAPE):
                metrics_module.get(each)
        self.built = False
        self._rows: list[tuple[int, str, Metric, bool]] = []
        self._output_names: list[str] = []

    @property
    def metrics(self) -> list[Metric]:
        """All metrics, once the first batch has been seen."""
        return [metric for _, _, metric, _ in self._rows]

    def build(self, y: Any, y_pred: Any) -> None:
        """Match the metrics with the outputs, and choose the kinds of accuracy."""
        names = self._output_names = output_names(y_pred, self._names)
        outputs = tree.flatten(y_pred)
        targets = targets_of(y, names, [True] * len(names)) if y is not None else [None]
        several = len(names) > 1
        for given, has_weight in ((self._given, False), (self._weighted, True)):
            for i, each in enumerate(self._spread(given, names)):
                for item in each:
                    metric = _as_metric(item, targets[i], outputs[i])
                    key = f"{names[i]}_{metric.name}" if several else metric.name
                    self._rows.append((i, key, metric, has_weight))
        self.built = True

    def _spread(self, given: Any, names: list[str]) -> list[list[Any]]:
        if given is None:
            return [[] for _ in names]
        if isinstance(given, dict):
            parts = per_output(given, names, "metrics")
        elif len(names) == 1:
            parts = [given]
        elif isinstance(given, list | tuple) and len(given) == len(names):
            parts = list(given)
        else:
            parts = per_output(given, names, "metrics")
        return [[m for m in tree.flatten(p) if m is not None] for p in parts]

    def update(self, y: Any, y_pred: Any, sample_weight: Any) -> None:
        """Let all metrics see a batch."""
        if not self.built:
            self.build(y, y_pred)
        if not self._rows:
            return
        names = self._output_names
        if len(names) == 1 and _is_one(y) and _is_one(y_pred):
            for _, _, metric, has_weight in self._rows:
                if has_weight:
                    metric.update_state(y, y_pred, sample_weight=sample_weight)
                else:
                    metric.update_state(y, y_pred)
            return
        outputs = tree.flatten(y_pred)
        targets = targets_of(y, names, [True] * len(names))
        weights = weights_of(sample_weight, names)
        for i, _, metric, has_weight in self._rows:
            if targets[i] is None:
                continue
            if has_weight:
                metric.update_state(targets[i], outputs[i], sample_weight=weights[i])
            else:
                metric.update_state(targets[i], outputs[i])

    def result(self) -> dict[str, Any]:
        """The values by the names that `fit` shows."""
        values: dict[str, Any] = {}
        for _, key, metric, _ in self._rows:
            value = metric.result()
            if isinstance(value, dict):
                values.update(value)
            else:
                values[key] = value
        return values


_ACCURACY = ("accuracy", "acc")
_BY_SHAPE = (*_ACCURACY, "crossentropy", "ce")


def _as_metric(identifier: Any, y: Any, y_pred: Any) -> Metric:
    if isinstance(identifier, Metric):
        return identifier
    if isinstance(identifier, str) and identifier in _BY_SHAPE:
        metric = _chosen_by_shape(identifier, y, y_pred)
    else:
        with warnings.catch_warnings():
            # That a name is an old one was said by compile.
            warnings.simplefilter("ignore", DeprecationWarning)
            metric = metrics_module.get(identifier)
    if not isinstance(metric, Metric):
        if isinstance(metric, type):
            metric = metric()
        else:
            name = getattr(identifier, "__name__", None) or str(identifier)
            metric = MeanMetricWrapper(metric, name=name)
    if isinstance(identifier, str):
        metric.name = identifier
    result: Metric = metric
    return result


def _chosen_by_shape(name: str, y: Any, y_pred: Any) -> Metric:
    """Binary, sparse or categorical, as targets and outputs suggest."""
    true, predicted = tuple(y.shape), tuple(y_pred.shape)
    is_binary = not predicted or predicted[-1] == 1
    is_sparse = len(true) < len(predicted) or (
        len(true) == len(predicted) and true[-1:] == (1,) and predicted[-1] > 1
    )
    accuracy = name in _ACCURACY
    if is_binary and len(true) <= len(predicted):
        kind = "BinaryAccuracy" if accuracy else "BinaryCrossentropy"
    elif is_sparse:
        kind = (
            "SparseCategoricalAccuracy" if accuracy else "SparseCategoricalCrossentropy"
        )
    else:
        kind = "CategoricalAccuracy" if accuracy else "CategoricalCrossentropy"
    cls = getattr(metrics_module, kind)
    result: Metric = cls(name=name)
    return result
