"""Mistakes that can be told before the first step."""

from __future__ import annotations

from typing import Any

from keras.core import tree
from keras.errors import ShapeError


def check_fit_arguments(
    model: Any, epochs: Any, batch_size: Any, validation_split: Any, x: Any
) -> None:
    """Refuse numbers that make no sense.

    Raises:
        ValueError: naming the argument and what it should be.
    """
    if not isinstance(epochs, int) or epochs < 0:
        raise ValueError(
            f"fit(epochs=...): got {epochs!r}; expected an int of at least 0."
        )
    if batch_size is not None and (
        not hasattr(batch_size, "__index__") or batch_size < 1
    ):
        raise ValueError(
            f"fit(batch_size=...): got {batch_size!r}; expected a positive int."
        )
    if not 0 <= validation_split < 1:
        raise ValueError(
            f"fit(validation_split=...): got {validation_split!r}; expected a number "
            "from 0 up to, but not including, 1."
        )
    if x is None:
        raise ValueError(f'Model "{model.name}".fit: got no data. Pass x.')


def check_targets(model: Any, y: Any, y_pred: Any) -> None:
    """Refuse targets that the compiled loss cannot mean.

    Raises:
        ShapeError: naming the loss that was probably meant.
    """
    loss = model._compile_arguments.get("loss")
    outputs = tree.flatten(y_pred)
    targets = tree.flatten(y)
    if (
        y is None
        or len(outputs) != len(targets)
        or isinstance(loss, list | tuple | dict)
    ):
        return
    name = loss if isinstance(loss, str) else type(loss).__name__
    if name.lower().replace("_", "") != "categoricalcrossentropy":
        return
    for target, output in zip(targets, outputs, strict=True):
        classes = output.shape[-1] if len(output.shape) else None
        is_label = len(target.shape) < len(output.shape) or (
            target.shape[-1] == 1 and classes != 1
        )
        if is_label:
            raise ShapeError(
                f'Model "{model.name}": the loss categorical_crossentropy got targets '
                f"of shape {tuple(target.shape)} for outputs of shape "
                f"{tuple(output.shape)}; expected one-hot rows. For integer labels use "
                'loss="sparse_categorical_crossentropy", or make rows with '
                "keras.utils.to_categorical."
            )
