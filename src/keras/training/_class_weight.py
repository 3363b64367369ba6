"""Weights of classes turned into weights of samples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from keras.errors import shorten, unknown_name
from keras.training._arrays import to_numpy

ClassWeight = Mapping[int, float]

ClassWeights = (
    ClassWeight | Mapping[str, ClassWeight | None] | Sequence[ClassWeight | None]
)
"""Weights by class number; for several outputs a dict of them by name, or a list."""


def class_weights(
    class_weight: Mapping[Any, float], y: Any
) -> np.ndarray[Any, np.dtype[np.float32]]:
    """A weight for each sample from the weights of the classes.

    Args:
        class_weight: weights by class number; classes that are missing weigh 1.
        y: class numbers `(batch,)` or `(batch, 1)`, or one-hot rows.

    Raises:
        ValueError: for keys that are no class numbers, or several outputs.
    """
    if any(not isinstance(k, int | np.integer) or k < 0 for k in class_weight):
        raise ValueError(
            f"class_weight: got keys {shorten(list(class_weight))}; expected class "
            "numbers, such as {0: 1.0, 1: 5.0}."
        )
    if y is None or isinstance(y, dict | list | tuple):
        raise ValueError(
            "class_weight: needs targets y in one array. For several outputs give a "
            "dict by output: {'output': {0: 1.0, 1: 5.0}}."
        )
    labels = to_numpy(y)
    if labels.ndim > 1:
        labels = labels.argmax(-1) if labels.shape[-1] > 1 else labels[..., 0]
    labels = labels.astype("int64")
    top = max([*class_weight, int(labels.max(initial=0))])
    table = np.ones(top + 1, "float32")
    for label, weight in class_weight.items():
        table[label] = weight
    return table[labels]  # type: ignore[no-any-return]


def weights_of_classes(
    class_weight: Any, y: Any, output_names: Sequence[str] | None = None
) -> Any:
    """Sample weights for one output, or for several.

    Args:
        class_weight: weights by class number; for several outputs a dict of such dicts
            by output, or a list of them, with `None` for an output without weights.
        y: targets; for several outputs a dict, list or tuple.
        output_names: names of the outputs, for a list or tuple as `y`.

    Returns:
        An array `(batch,)`; for several outputs arrays and `None`s in the structure of
        `y`.

    Raises:
        ValueError: if outputs and targets do not match.
    """
    if isinstance(class_weight, Mapping) and not any(
        isinstance(v, Mapping) for v in class_weight.values()
    ):
        return class_weights(class_weight, y)
    if isinstance(y, dict):
        tables = _by_name(class_weight, list(y))
        return {name: _weights(tables.get(name), y[name]) for name in y}
    targets = y if isinstance(y, list | tuple) else [y]
    if isinstance(class_weight, Mapping):
        if output_names is None or len(output_names) != len(targets):
            raise ValueError(
                f"class_weight: got outputs {', '.join(map(str, class_weight))}, and "
                f"{len(targets)} arrays of targets. Pass y as a dict by output."
            )
        tables = _by_name(class_weight, output_names)
        class_weight = [tables.get(name) for name in output_names]
    if len(class_weight) != len(targets):
        raise ValueError(
            f"class_weight: got a list of {len(class_weight)}, and {len(targets)} "
            "arrays of targets. Give one entry for each, None for no weights."
        )
    weights = [_weights(t, v) for t, v in zip(class_weight, targets, strict=True)]
    return weights if isinstance(y, list | tuple) else weights[0]


def _by_name(tables: Any, names: Sequence[str]) -> Mapping[str, Any]:
    if not isinstance(tables, Mapping):
        raise ValueError(
            f"class_weight: got a list, and targets by name ({', '.join(names)}). Pass "
            "a dict by output: {'output': {0: 1.0, 1: 5.0}}."
        )
    for name in tables:
        if name not in names:
            raise unknown_name("output in class_weight", name, names)
    return tables


def _weights(table: ClassWeight | None, y: Any) -> Any:
    return None if table is None else class_weights(table, y)


def combined(given: Any, weights: Any) -> Any:
    """Sample weights that a user gave, times those of the classes.

    Args:
        given: an array, for all outputs, or the structure of `weights`, or `None`.
        weights: what `weights_of_classes` returned.

    Raises:
        ValueError: if they are structured differently.
    """
    if given is None:
        return weights
    if isinstance(weights, dict) and isinstance(given, dict):
        names = [*weights, *(n for n in given if n not in weights)]
        return {n: combined(given.get(n), weights.get(n)) for n in names}
    several = isinstance(given, dict | list | tuple)
    if isinstance(weights, dict) and not several:
        return {n: combined(given, w) for n, w in weights.items()}
    if isinstance(weights, list):
        each = given if several else [given] * len(weights)
        if not isinstance(each, dict) and len(each) == len(weights):
            return [combined(g, w) for g, w in zip(each, weights, strict=True)]
    elif not several:
        return given if weights is None else to_numpy(given) * weights
    raise ValueError(
        f"class_weight: got sample_weight as a {type(given).__name__}, and targets as "
        f"{_kind(weights)}. Give sample_weight in the structure of the targets."
    )


def _kind(weights: Any) -> str:
    if isinstance(weights, dict):
        return "a dict by output"
    return "a list" if isinstance(weights, list) else "one array"
