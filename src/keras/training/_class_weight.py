"""Weights of classes turned into weights of samples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from keras.errors import shorten, unknown_name
from keras.training._arrays import to_numpy

ClassWeight = Mapping[int, float]


def class_weights(
    class_weight: ClassWeight, y: Any
) -> np.ndarray[Any, np.dtype[np.float32]]:
    """A weight for each sample from the weights of the classes.

    Args:
        class_weight: weights by class number; classes that are missing weigh 1.
        y: class numbers `(batch,)` or `(batch, 1)`, or one-hot rows.

    Raises:
        ValueError: for keys that are no class numbers, or several outputs.
    """
    if any(not isinstance(k, int | np.integer) for k in class_weight):
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
    class_weight: Mapping[Any, Any], y: Any, output_names: Sequence[str] | None = None
) -> Any:
    """Sample weights for one output, or for several by name.

    Args:
        class_weight: weights by class number, or a dict of such dicts by output.
        y: targets; for several outputs a dict, list or tuple.
        output_names: names of the outputs, for a list or tuple.

    Returns:
        An array `(batch,)`, or a dict of arrays by output.
    """
    if not any(isinstance(v, Mapping) for v in class_weight.values()):
        return class_weights(class_weight, y)
    if not isinstance(y, dict):
        targets = y if isinstance(y, list | tuple) else [y]
        names = output_names or list(class_weight)
        if len(names) != len(targets):
            raise ValueError(
                f"class_weight: got outputs {', '.join(map(str, class_weight))}, and "
                f"{len(targets)} arrays of targets. Pass y as a dict by output."
            )
        y = dict(zip(names, targets, strict=True))
    for name in class_weight:
        if name not in y:
            raise unknown_name("output in class_weight", name, map(str, y))
    return {name: class_weights(table, y[name]) for name, table in class_weight.items()}
