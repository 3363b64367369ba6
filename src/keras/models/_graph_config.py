"""Graphs as plain data and back: the `layers` of a functional model in a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from keras.core import registry, tree
from keras.core.keras_tensor import KerasTensor
from keras.core.operation import FunctionOperation, Node, Operation
from keras.core.serialization import (
    deserialize_keras_object,
    serialize_keras_object,
)
from keras.errors import FileFormatError, shorten
from keras.models import _op_files
from keras.typing import Config

if TYPE_CHECKING:
    from keras.models._function import Graph


def graph_config(graph: Graph, inputs: Any, outputs: Any) -> Config:
    """`layers`, `input_layers` and `output_layers` of a functional model."""
    numbers = graph.node_numbers()

    def history(tensor: KerasTensor) -> list[Any]:
        operation, node, index = tensor._keras_history
        return [operation.name, numbers[id(operation._inbound_nodes[node])], index]

    layers = []
    for operation in graph.operations:
        nodes = [n for n in operation._inbound_nodes if id(n) in numbers]
        entry = _operation_config(operation, nodes)
        entry["name"] = operation.name
        entry["inbound_nodes"] = [
            _node_config(n, operation, history) for n in nodes if n.inputs
        ]
        layers.append(entry)

    def end(tensor: KerasTensor) -> list[Any]:
        name, node, index = history(tensor)
        return [name, node + _is_graph(tensor._keras_history.operation), index]

    return {
        "layers": layers,
        "input_layers": tree.map_structure(history, inputs),
        "output_layers": tree.map_structure(end, outputs),
    }


def _is_graph(operation: Any) -> bool:
    """Whether it is a functional model: `output_layers` counts its calls from 1."""
    return getattr(operation, "_graph", None) is not None


def _node_config(node: Node, operation: Operation, history: Any) -> Config:
    def one(x: Any) -> Any:
        if isinstance(x, KerasTensor):
            config = {
                "shape": list(x.shape),
                "dtype": x.dtype,
                "keras_history": history(x),
            }
            return {"class_name": "__keras_tensor__", "config": config}
        if isinstance(x, list | tuple):
            return [one(i) for i in x]
        if isinstance(x, dict):
            return {k: one(v) for k, v in x.items()}
        return serialize_keras_object(x)

    args, kwargs = node.args, {**node.kwargs, **node.passed}
    if isinstance(operation, FunctionOperation):
        args, kwargs, _ = _op_files.split_arguments(operation.function, node)
    entry: Config = {"args": one(list(args)), "kwargs": one(dict(kwargs))}
    if node.kwargs.get("training") is False:
        entry[_EXPLICIT] = ["training"]
    return entry


# Names the arguments that the call was given, where Keras 3 writes the same for a call
# that was not given them; it passes over the entry.
_EXPLICIT = "explicit"


def _operation_config(operation: Operation, nodes: list[Node]) -> Config:
    if isinstance(operation, FunctionOperation):
        return _op_files.op_config(operation, nodes[0])
    result: Config = serialize_keras_object(operation)
    return result


def graph_from_config(
    config: Mapping[str, Any], custom_objects: Mapping[str, Any] | None = None
) -> tuple[Any, Any]:
    """The symbolic inputs and outputs of the graph that `config` describes."""
    operations: dict[str, Any] = {}
    waiting: dict[str, list[Any]] = {}
    tensors: dict[tuple[str, int], list[Any]] = {}
    with registry.CustomObjectScope(custom_objects):
        for entry in config["layers"]:
            name = entry.get("name") or entry["config"]["name"]
            operations[name] = _operation(entry)
            waiting[name] = list(entry["inbound_nodes"])
            if not waiting[name]:
                node = operations[name]._inbound_nodes[0]
                tensors[name, 0] = node.outputs
        _connect(operations, waiting, tensors)

    def find(history: Any) -> Any:
        name, node, index = history[:3]
        if _is_graph(operations.get(name)):
            node = max(node - 1, 0)
        try:
            return tensors[name, node][index]
        except (KeyError, IndexError, TypeError):
            raise FileFormatError(
                f"The model's config names the output {shorten(repr(history), 80)}, "
                "which no layer has. The file is damaged."
            ) from None

    return _ends(config["input_layers"], _source(tensors)), _ends(
        config["output_layers"], find
    )


def _source(tensors: Mapping[tuple[str, int], list[Any]]) -> Any:
    """Finds the inputs, each of which has one output."""

    def find(history: Any) -> Any:
        found = tensors.get((history[0], 0))
        if not found:
            raise FileFormatError(
                f"The model's config names the input {shorten(repr(history), 80)}, "
                "which is no layer. The file is damaged."
            )
        return found[0]

    return find


def _ends(value: Any, find: Any) -> Any:
    if isinstance(value, dict):
        return {k: _ends(v, find) for k, v in value.items()}
    if len(value) >= 3 and isinstance(value[0], str) and isinstance(value[1], int):
        return find(value)
    return [_ends(v, find) for v in value]


def _operation(entry: Mapping[str, Any]) -> Any:
    module = str(entry.get("module") or "")
    if module.startswith(("keras.src.ops", "keras.ops")):
        return _op_files.OpFromFile(entry)
    return deserialize_keras_object(
        {k: v for k, v in entry.items() if k not in ("name", "inbound_nodes")}
    )


def _connect(
    operations: dict[str, Any],
    waiting: dict[str, list[Any]],
    tensors: dict[tuple[str, int], list[Any]],
) -> None:
    """Call the layers, each as soon as its inputs are there."""
    counts = dict.fromkeys(operations, 0)
    progress = True
    while progress:
        progress = False
        for name, nodes in waiting.items():
            while nodes and _is_ready(nodes[0], tensors):
                args, kwargs = _arguments(nodes.pop(0), tensors)
                outputs = operations[name](*args, **kwargs)
                tensors[name, counts[name]] = tree.flatten(outputs)
                counts[name] += 1
                progress = True
    left = [name for name, nodes in waiting.items() if nodes]
    if left:
        raise FileFormatError(
            f"The model's config connects {', '.join(left[:5])} to outputs that no "
            "layer has."
        )


def _histories(node: Any) -> list[tuple[str, int]]:
    if isinstance(node, dict):
        if node.get("class_name") == "__keras_tensor__":
            name, index, _ = node["config"]["keras_history"]
            return [(name, index)]
        return [h for v in node.values() for h in _histories(v)]
    if isinstance(node, list | tuple):
        return [h for v in node for h in _histories(v)]
    return []


def _is_ready(node: Any, tensors: Mapping[tuple[str, int], Any]) -> bool:
    return all(h in tensors for h in _histories(node))


def _arguments(
    node: Any, tensors: Mapping[tuple[str, int], list[Any]]
) -> tuple[Any, dict[str, Any]]:
    def one(x: Any) -> Any:
        if isinstance(x, dict):
            if x.get("class_name") == "__keras_tensor__":
                name, index, output = x["config"]["keras_history"]
                return tensors[name, index][output]
            if "class_name" in x:
                return deserialize_keras_object(x)
            return {k: one(v) for k, v in x.items()}
        if isinstance(x, list | tuple):
            return [one(i) for i in x]
        return x

    args, kwargs = one(node["args"]), one(node["kwargs"])
    # A mask that was found when the graph was made is found again. Keras 3 writes the
    # `training` that held when the graph was made, False, where nobody gave one.
    given = node.get(_EXPLICIT, ())
    return args, {
        k: v
        for k, v in kwargs.items()
        if v is not None and (k in given or not (k == "training" and v is False))
    }
