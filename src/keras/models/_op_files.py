"""Ops as graph nodes in files: their class names, operands and options there."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Mapping
from typing import Any

from keras.core import op_names, registry, tree
from keras.core.operation import FunctionOperation, Node
from keras.core.serialization import (
    deserialize_keras_object,
    serialize_keras_object,
)
from keras.errors import FileFormatError, unknown_name
from keras.typing import Config

_MODULES = ("numpy", "nn", "linalg", "image")

# What Keras 3 keeps in its module `math`; what is in none of these is in `core`.
_MATH = frozenset(
    "cdist erf erfc erfinv extract_sequences fft fft2 ifft2 in_top_k irfft istft "
    "logdet logsumexp rfft rsqrt segment_max segment_min segment_prod segment_sum "
    "stft top_k view_as_complex view_as_real".split()
)

# Parameters that are arguments of the call in files even where a plain number stands
# there. All others without tensors are options, kept in the op's config.
_OPERANDS = frozenset(
    "x x1 x2 xs condition inputs indices key q fill_value start_indices "
    "constant_values".split()
)
_ALSO_OPERANDS = {
    "batch_normalization": ("offset", "scale"),
    "geomspace": ("stop",),
    "isclose": ("rtol", "atol"),
    "linspace": ("stop",),
    "logspace": ("stop",),
    "rms_normalization": ("scale",),
    "scale_and_translate": ("output_shape",),
    "select": ("default",),
}
# Ops that Keras 3 makes of a file only where nothing is left out.
_WITH_DEFAULTS = ("batch_normalization", "rms_normalization")


def _module_of(name: str) -> str:
    if name in _MATH:
        return "math"
    for module in _MODULES:
        if hasattr(importlib.import_module(f"keras.ops.{module}"), name):
            return module
    return "core"


def op_config(operation: FunctionOperation, node: Node) -> Config:
    """The entry of an op in the `layers` of a functional model."""
    class_name = op_names.class_name(operation.function.__name__)
    if registry.op_function(class_name) is None:
        raise ValueError(
            f"{operation.name!r} is a function of your own, such as "
            "keras.ops.vectorize makes; a file cannot hold it. Call it in a Layer."
        )
    options = split_arguments(operation.function, node)[2]
    return {
        "module": f"keras.src.ops.{_module_of(operation.function.__name__)}",
        "class_name": class_name,
        "config": {"name": operation.name, **serialize_keras_object(options)},
        "registered_name": class_name,
    }


def split_arguments(
    function: Callable[..., Any], node: Node
) -> tuple[tuple[Any, ...], dict[str, Any], dict[str, Any]]:
    """The operands of a call by position and by name, and the options."""
    bound = inspect.signature(function).bind(*node.args, **node.kwargs)
    positional: list[Any] = []
    named: dict[str, Any] = {}
    options: dict[str, Any] = {}
    has_gap = False
    operands = _OPERANDS.union(_ALSO_OPERANDS.get(function.__name__, ()))
    if function.__name__ in _WITH_DEFAULTS:
        bound.apply_defaults()
    for name, parameter in bound.signature.parameters.items():
        is_given = name in bound.arguments
        value = bound.arguments.get(name)
        has_tensor = is_given and any(hasattr(x, "shape") for x in tree.flatten(value))
        if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
            positional += value or ()
        elif parameter.kind is inspect.Parameter.VAR_KEYWORD:
            options.update(value or {})
        elif not is_given:
            has_gap = True
        elif not (has_tensor or name in operands):
            options[name] = value
        elif has_gap or parameter.kind is inspect.Parameter.KEYWORD_ONLY:
            named[name] = value
        else:
            positional.append(value)
    return tuple(positional), named, options


class OpFromFile:
    """An op that a file describes: called like a layer, it makes a node.

    Args:
        entry: its element of the `layers` of a functional model.

    Raises:
        UnknownNameError: if there is no such op.
    """

    def __init__(self, entry: Mapping[str, Any]) -> None:
        name = str(entry["class_name"])
        function = registry.op_function(name)
        if function is None:
            raise unknown_name(
                "operation in a file", name, vars(importlib.import_module("keras.ops"))
            )
        config = entry["config"]
        if not isinstance(config, dict):
            raise FileFormatError(f"The operation {name!r} in the file has no config.")
        self.operation = FunctionOperation(function, config.get("name"))
        self.parameters = inspect.signature(function).parameters
        kinds = {p.kind for p in self.parameters.values()}
        takes_all = inspect.Parameter.VAR_KEYWORD in kinds
        self.options = {
            k: deserialize_keras_object(v)
            for k, v in config.items()
            if (takes_all or k in self.parameters) and k != "name"
        }

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Record the call; operands come in the order of the other parameters."""
        left = list(args)
        named = {**self.options, **kwargs}
        positional: list[Any] = []
        in_order = True
        for name, parameter in self.parameters.items():
            if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
                positional += left
                left = []
            elif name in named:
                if in_order and parameter.kind is not inspect.Parameter.KEYWORD_ONLY:
                    positional.append(named.pop(name))
            elif left:
                value = left.pop(0)
                if in_order:
                    positional.append(value)
                else:
                    named[name] = value
            else:
                in_order = False
        if self.operation.function.__name__ == "get_item" and isinstance(
            positional[1], list
        ):
            positional[1] = tuple(positional[1])
        return self.operation.symbolic_call(*positional, **named)
