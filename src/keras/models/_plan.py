"""The execution plan of a graph: made once, then run without any look-up.

A plan is a list of steps over a list of slots. A step calls a bound function with what
stands in some slots and puts what comes out into others. The checks, casts and look-ups
of `Layer.__call__` were made when the graph was built; a layer that needs them at every
call (half precision, an activity regularizer, a `__call__` of its own) is called whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from keras.core import masks, tree
from keras.core.dtypes import is_float
from keras.core.keras_tensor import KerasTensor
from keras.core.operation import Node, Operation
from keras.layers._call import call_signature
from keras.layers._layer import Layer

Slots = list[Any]


def sort_nodes(
    inputs: Sequence[KerasTensor], outputs: Sequence[KerasTensor]
) -> list[Node]:
    """The nodes between `inputs` and `outputs`, each after those it needs.

    Raises:
        ValueError: if an output depends on an input that is not given.
    """
    given = {id(x) for x in inputs}
    order: list[Node] = []
    done: set[int] = set()
    # (node, whether its own inputs have been visited): no recursion, graphs are deep.
    stack: list[tuple[Node, bool]] = []

    def push(tensor: KerasTensor) -> None:
        if id(tensor) not in given:
            node = node_of(tensor)
            if id(node) not in done:
                stack.append((node, False))

    for output in reversed(outputs):
        push(output)
    while stack:
        node, ready = stack.pop()
        if id(node) in done:
            continue
        if ready:
            done.add(id(node))
            order.append(node)
            continue
        if not node.inputs:
            raise ValueError(
                f"Model: the outputs depend on the input {node.operation.name!r}, "
                "which is not among the inputs of the model. Add it to inputs."
            )
        stack.append((node, True))
        for tensor in reversed(node.inputs):
            push(tensor)
    return order


def node_of(tensor: KerasTensor) -> Node:
    """The call that `tensor` came out of.

    Raises:
        ValueError: if it came out of none.
    """
    history = getattr(tensor, "_keras_history", None)
    if history is None:
        raise ValueError(
            f"Model: {tensor!r} comes from no layer and no keras.Input. Begin the "
            "graph with keras.Input."
        )
    node: Node = history.operation._inbound_nodes[history.node_index]
    return node


@dataclass(frozen=True, slots=True)
class Step:
    """One call: `function(*args(slots), **kwargs(slots))` into `outputs`."""

    function: Callable[..., Any]
    single: int
    """The slot of the only tensor, given first, or -1 if there is more to it."""
    options: dict[str, Any]
    """What is given besides, where there is but one tensor."""
    arguments: Callable[[Slots], tuple[Any, dict[str, Any]]]
    outputs: tuple[int, ...]
    is_nested: bool
    """Whether the result has to be flattened into `outputs`."""


class Plan:
    """How to compute `outputs` from `inputs`, with `training` fixed."""

    def __init__(
        self,
        inputs: Sequence[KerasTensor],
        outputs: Sequence[KerasTensor],
        nodes: Sequence[Node],
        training: bool | None,
    ) -> None:
        self._slots: dict[int, int] = {}
        self._inputs = [self._slot(x) for x in inputs]
        found = [getattr(x, "_keras_mask", None) for x in outputs]
        self._masks = [(i, m) for i, m in enumerate(found) if m is not None]
        extra = [m for _, m in self._masks]
        if extra:
            nodes = sort_nodes(inputs, [*outputs, *extra])
        self._steps = [self._step(node, training) for node in nodes]
        self._outputs = [self._slot(x) for x in outputs]
        self._mask_slots = [
            (self._slot(outputs[i]), self._slot(m)) for i, m in self._masks
        ]
        self._size = len(self._slots)

    def _slot(self, tensor: KerasTensor) -> int:
        return self._slots.setdefault(id(tensor), len(self._slots))

    def _step(self, node: Node, training: bool | None) -> Step:
        operation = node.operation
        function, fixed = _function(operation, node, training)
        kwargs = {**node.kwargs, **node.passed, **fixed}
        args = node.args
        symbols = [
            x for x in tree.flatten((args, kwargs)) if isinstance(x, KerasTensor)
        ]
        is_single = len(args) == 1 and len(symbols) == 1 and args[0] is symbols[0]
        single = self._slot(args[0]) if is_single else -1
        return Step(
            function,
            single,
            kwargs,
            self._reader(args, kwargs),
            tuple(self._slot(x) for x in node.outputs if isinstance(x, KerasTensor)),
            len(node.outputs) != 1
            or tree.is_nested(tree.unflatten(node.structure, node.outputs)),
        )

    def _reader(
        self, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Callable[[Slots], tuple[Any, dict[str, Any]]]:
        positional = self._getter(args)
        named = {k: self._getter(v) for k, v in kwargs.items()}

        def read(slots: Slots) -> tuple[Any, dict[str, Any]]:
            return positional(slots), {k: get(slots) for k, get in named.items()}

        return read

    def _getter(self, value: Any) -> Callable[[Slots], Any]:
        """A function that reads the structure `value` from the slots."""
        if isinstance(value, KerasTensor):
            return itemgetter(self._slot(value))
        if not any(isinstance(x, KerasTensor) for x in tree.flatten(value)):
            return lambda slots: value
        if type(value) in (list, tuple):
            parts, kind = [self._getter(v) for v in value], type(value)
            return lambda slots: kind([part(slots) for part in parts])
        if isinstance(value, dict):
            items = {k: self._getter(v) for k, v in value.items()}
            return lambda slots: {k: part(slots) for k, part in items.items()}
        leaves, spec = tree.flatten_with_spec(value)
        getters = [self._getter(leaf) for leaf in leaves]
        return lambda slots: tree.unflatten(spec, [g(slots) for g in getters])

    def run(self, inputs: Sequence[Any]) -> list[Any]:
        """The outputs, flat, for the flat `inputs`."""
        slots: Slots = [None] * self._size
        for i, value in zip(self._inputs, inputs, strict=True):
            slots[i] = value
        for step in self._steps:
            if step.single >= 0:
                result = step.function(slots[step.single], **step.options)
            else:
                args, kwargs = step.arguments(slots)
                result = step.function(*args, **kwargs)
            if step.is_nested:
                tensors = [x for x in tree.flatten(result) if x is not None]
                for i, value in zip(step.outputs, tensors, strict=False):
                    slots[i] = value
            else:
                slots[step.outputs[0]] = result
        for i, m in self._mask_slots:
            masks.set_mask(slots[i], slots[m])
        return [slots[i] for i in self._outputs]


def _function(
    operation: Operation, node: Node, training: bool | None
) -> tuple[Callable[..., Any], dict[str, Any]]:
    """What a step calls, and the arguments that `training` fixes."""
    if not isinstance(operation, Layer):
        return getattr(operation, "function", operation.call), {}
    signature = call_signature(type(operation).call)
    fixed: dict[str, Any] = {}
    explicit = node.kwargs.get("training")
    at = signature.names.index("training") if "training" in signature.names else 99
    is_open = signature.has_training and explicit is None and len(node.args) <= at
    # Where nothing is said, the layer's own default holds.
    if is_open and (training is not None or operation._is_container):
        fixed["training"] = training
    if _needs_whole_call(operation, node):
        return operation, fixed
    return operation.call, fixed


def _needs_whole_call(layer: Layer, node: Node) -> bool:
    if type(layer).__call__ is not Layer.__call__ or layer.has_hooks():
        return True
    if layer.activity_regularizer is not None or not layer.built:
        return True
    if layer._is_container:  # a model casts its inputs itself
        return False
    return layer._is_mixed or any(
        is_float(x.dtype) and x.dtype != layer.compute_dtype and layer.autocast
        for x in node.inputs
    )
