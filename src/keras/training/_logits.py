"""Probabilities and logits mixed up, told from the graph before the first step."""

from __future__ import annotations

import inspect
import warnings
from typing import Any

from keras import layers
from keras.core import tree
from keras.core.keras_tensor import KerasTensor
from keras.losses import Loss
from keras.losses._loss import FunctionLoss

_PROBABILITIES = ("softmax", "sigmoid")
_LINEAR_LAYERS = (
    layers.Dense,
    layers.EinsumDense,
    layers.Conv1D,
    layers.Conv2D,
    layers.Conv3D,
)
_SAME_VALUES = (layers.Reshape, layers.Flatten, layers.Permute, layers.Identity)


def warn_of_mixed_up_logits(model: Any, output: Any, losses: list[Any]) -> None:
    """Warn where a loss takes logits and the output is a probability, or the reverse.

    Only what the graph shows for certain is reported: what comes out of other layers,
    or of code, may be either.

    Args:
        model: for its name.
        output: the symbolic outputs of the model, in any structure.
        losses: a loss, or `None`, for each of them.
    """
    outputs = tree.flatten(output)
    if len(outputs) != len(losses) or _is_overridden(model):
        return
    for tensor, loss in zip(outputs, losses, strict=True):
        takes_logits = _takes_logits(loss)
        if takes_logits is None:
            continue
        layer, activation = _last_activation(tensor)
        if takes_logits and activation in _PROBABILITIES:
            problem = (
                f"goes through {activation}, and its loss {loss.name} has "
                "from_logits=True: the loss expects values before the activation. "
                "Leave the activation out, or set from_logits=False."
            )
        elif not takes_logits and activation in ("linear", "log_softmax"):
            kind = "sigmoid" if "binary" in loss.name else "softmax"
            problem = (
                f"has the activation {activation}, and its loss {loss.name} expects "
                f'probabilities. Give the layer activation="{kind}", or use the class '
                "of the loss with from_logits=True."
            )
        else:
            continue
        warnings.warn(f'Model "{model.name}": output "{layer}" {problem}', stacklevel=4)


def _is_overridden(model: Any) -> bool:
    """Whether a user's code may do anything with the outputs before the loss."""
    return any(
        not str(getattr(type(model), name).__module__).startswith("keras.")
        for name in ("compute_loss", "train_step", "call")
    )


def _takes_logits(loss: Any) -> bool | None:
    """What a loss of Keras was told about its predictions; `None` for other losses."""
    if not isinstance(loss, Loss) or not type(loss).__module__.startswith("keras."):
        return None
    if hasattr(loss, "from_logits"):
        return bool(loss.from_logits)
    function = loss._function if isinstance(loss, FunctionLoss) else None
    if not str(getattr(function, "__module__", "")).startswith("keras."):
        return None
    option = inspect.signature(function).parameters.get("from_logits")  # type: ignore[arg-type]
    return None if option is None else bool(option.default)


def _last_activation(tensor: KerasTensor) -> tuple[str, str | None]:
    """The operation that made `tensor`, and its activation if that is certain."""
    history = getattr(tensor, "_keras_history", None)
    if history is None:
        return "", None
    operation = history.operation
    is_model = isinstance(operation, layers.Layer) and operation._is_container
    inside = getattr(operation, "outputs", None) if is_model else None
    if inside:  # a model in the model
        return _last_activation(inside[history.tensor_index])
    if isinstance(operation, layers.Softmax):
        return operation.name, "softmax"
    function = getattr(operation, "function", None)
    if getattr(function, "__module__", "").startswith("keras.ops"):
        op = str(getattr(function, "__name__", ""))
        return operation.name, op if op in (*_PROBABILITIES, "log_softmax") else None
    name = getattr(getattr(operation, "activation", None), "__name__", None)
    passes_on = isinstance(operation, layers.Activation) and name == "linear"
    if passes_on or isinstance(operation, _SAME_VALUES):
        node = operation._inbound_nodes[history.node_index]
        return _last_activation(node.inputs[0])
    if isinstance(operation, (*_LINEAR_LAYERS, layers.Activation)):
        return operation.name, name
    return operation.name, None
