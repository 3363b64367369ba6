"""`Function`: a graph of operations from symbolic inputs to symbolic outputs."""

from __future__ import annotations

from typing import Any

from keras.core import masks, tree
from keras.core.infer import infer_output
from keras.core.keras_tensor import KerasTensor
from keras.core.operation import Node, Operation
from keras.models._plan import Plan, node_of, sort_nodes


class Graph:
    """The nodes between inputs and outputs, and plans to run them.

    Args:
        inputs, outputs: nested structures of symbolic tensors.
    """

    def __init__(self, inputs: Any, outputs: Any) -> None:
        self.inputs = _symbolic(inputs, "inputs")
        self.outputs = _symbolic(outputs, "outputs")
        self.input_structure = tree.flatten_with_spec(inputs)[1]
        self.output_structure = tree.flatten_with_spec(outputs)[1]
        for tensor in self.inputs:
            node_of(tensor)
        self.nodes = sort_nodes(self.inputs, self.outputs)
        self._plans: dict[bool | None, Plan] = {}

    @property
    def operations(self) -> list[Operation]:
        """The operations of all nodes, those far from the outputs first.

        This is the order of layers, and so of weights, in files of Keras: by the
        longest way to an output, then as a walk from the outputs meets them.
        """
        depths: dict[int, int] = {}
        operations: dict[int, Operation] = {}
        steps: dict[int, int] = {}  # node -> longest way to an output
        for node in reversed(self.nodes):
            depth = steps.setdefault(id(node), 0)
            for tensor in node.inputs:
                source = node_of(tensor)
                steps[id(source)] = max(steps.get(id(source), 0), depth + 1)
        for node in [*map(node_of, self.inputs), *self.nodes]:
            key = id(node.operation)
            operations[key] = node.operation
            depths[key] = max(depths.get(key, 0), steps.get(id(node), 0))
        met = self._order_of_walk()
        return sorted(operations.values(), key=lambda o: (-depths[id(o)], met[id(o)]))

    def _order_of_walk(self) -> dict[int, int]:
        """For each operation by identity: when a walk from the outputs meets it."""
        wanted = {id(n) for n in self.nodes}
        met: dict[int, int] = {}
        visited: set[int] = set()
        stack = [node_of(x) for x in reversed(self.outputs)]
        while stack:
            node = stack.pop()
            if id(node) in visited:
                continue
            visited.add(id(node))
            met.setdefault(id(node.operation), len(met))
            if id(node) in wanted:
                stack.extend(node_of(x) for x in reversed(node.inputs))
        for tensor in self.inputs:  # inputs that no output needs
            met.setdefault(id(node_of(tensor).operation), len(met))
        return met

    def __getstate__(self) -> dict[str, Any]:
        """For copies and pickles: plans belong to the layers they were made for."""
        return {**vars(self), "_plans": {}}

    def forget_plans(self) -> None:
        """Something about a layer has changed: plan anew."""
        self._plans.clear()

    def run(self, flat_inputs: list[Any], training: bool | None) -> Any:
        """The outputs for real tensors, by the plan."""
        plan = self._plans.get(training)
        if plan is None:
            plan = Plan(self.inputs, self.outputs, self.nodes, training)
            self._plans[training] = plan
        results = plan.run(flat_inputs)
        if self.output_structure.is_leaf():
            return results[0]
        return tree.unflatten(self.output_structure, results)

    def run_nodes(self, flat_inputs: list[Any], training: bool | None) -> Any:
        """The outputs by calling every layer anew: masks of inputs travel on."""
        values: dict[int, Any] = {
            id(x): v for x, v in zip(self.inputs, flat_inputs, strict=True)
        }

        def read(structure: Any) -> Any:
            return tree.map_structure(
                lambda x: values[id(x)] if isinstance(x, KerasTensor) else x, structure
            )

        for node in self.nodes:
            kwargs = dict(node.kwargs)
            if training is not None and getattr(
                node.operation, "takes_training", False
            ):
                kwargs.setdefault("training", training)
            result = node.operation(*read(node.args), **read(kwargs))
            for symbol, value in zip(node.outputs, tree.flatten(result), strict=False):
                values[id(symbol)] = value
        return tree.unflatten(
            self.output_structure, [values[id(x)] for x in self.outputs]
        )

    def node_numbers(self) -> dict[int, int]:
        """For each node by identity: which call of its operation here it is."""
        counts: dict[int, int] = {}
        numbers: dict[int, int] = {}
        wanted = {id(n) for n in self.nodes}
        for operation in self.operations:
            for node in operation._inbound_nodes:
                if id(node) in wanted or _is_source(node, self.inputs):
                    numbers[id(node)] = counts.get(id(operation), 0)
                    counts[id(operation)] = numbers[id(node)] + 1
        return numbers


def _is_source(node: Node, inputs: list[KerasTensor]) -> bool:
    return any(x is y for x in node.outputs for y in inputs)


def _symbolic(structure: Any, what: str) -> list[KerasTensor]:
    flat = tree.flatten(structure)
    for tensor in flat:
        if not isinstance(tensor, KerasTensor):
            raise ValueError(
                f"Model({what}=...): got {type(tensor).__name__}; expected symbolic "
                "tensors. Begin with keras.Input and call layers on it."
            )
    return flat


class Function(Operation):
    """A graph of operations as one operation.

    Args:
        inputs, outputs: a symbolic tensor, or lists, tuples, dicts of them.
        name: default: "function", counted up.

    Example:
        >>> x = keras.Input((3,))
        >>> double = keras.Function(x, x * 2)
        >>> double(keras.ops.ones((2, 3)))
    """

    def __init__(self, inputs: Any, outputs: Any, name: str | None = None) -> None:
        super().__init__(name)
        self._graph = Graph(inputs, outputs)
        self._inputs_structure, self._outputs_structure = inputs, outputs

    @property
    def operations(self) -> list[Operation]:
        """All operations of the graph."""
        return self._graph.operations

    @property
    def inputs(self) -> list[KerasTensor]:
        """The symbolic inputs, flat."""
        return list(self._graph.inputs)

    @property
    def outputs(self) -> list[KerasTensor]:
        """The symbolic outputs, flat."""
        return list(self._graph.outputs)

    def call(self, inputs: Any) -> Any:
        """Compute the outputs.

        Args:
            inputs: tensors in the structure of the symbolic inputs.
        """
        flat = tree.flatten(inputs)
        if len(flat) != len(self._graph.inputs):
            raise ValueError(
                f"{self.name}: got {len(flat)} inputs; expected "
                f"{len(self._graph.inputs)}."
            )
        return self._graph.run(flat, None)

    def compute_output_spec(self, inputs: Any) -> Any:
        """Symbolic outputs for symbolic inputs."""
        return infer_output(self.call, (inputs,), {}, self.name)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The shapes of the outputs for inputs of these shapes."""
        flat = iter(self._graph.inputs)
        symbols = tree.map_shape_structure(
            lambda shape: KerasTensor(shape, next(flat).dtype), input_shape
        )
        spec = self.compute_output_spec(symbols)
        return tree.map_structure(lambda s: s.shape, spec)


def has_masks(flat_inputs: list[Any]) -> bool:
    """Whether a mask travels with any of these tensors."""
    return masks.in_use and any(masks.get_mask(x) is not None for x in flat_inputs)
