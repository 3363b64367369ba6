"""`Operation` and `Node`: what a symbolic graph is made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from keras.backend import current
from keras.core import naming, tree
from keras.core.infer import infer_output
from keras.core.keras_tensor import KerasHistory, KerasTensor
from keras.typing import Config


def _finder(of_interest: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """Whether a value, or one that a list, tuple or dict holds, is `of_interest`."""

    def found(x: Any) -> bool:
        kind = type(x)
        if kind is tuple or kind is list or kind is dict:
            for item in x.values() if kind is dict else x:
                if type(item) not in opaque and found(item):
                    return True
            return False
        return of_interest(x)

    return found


def _is_symbolic(x: Any) -> bool:
    if isinstance(x, KerasTensor):
        return True
    kind = type(x)
    if len(opaque) < _MAX_OPAQUE and kind not in NUMPY_NUMBERS:
        opaque.add(kind)
    return False


# What NumPy makes of Python's numbers when it computes with them.
NUMPY_NUMBERS = frozenset((np.bool_, np.int64, np.float64, np.complex128))

# Types seen that ops take as they are: one look-up settles them.
opaque: set[type] = set()
_MAX_OPAQUE = 256

is_symbolic = _finder(_is_symbolic)
"""Whether `x` is a `KerasTensor`, or a list, tuple or dict that holds one."""

needs_care = _finder(lambda x: type(x) in NUMPY_NUMBERS or _is_symbolic(x))
"""Whether `x` is symbolic or one of NumPy's numbers, or holds one."""


def pythonic(values: Any) -> Any:
    """`values` with NumPy's numbers as Python's, whose width gives way to a tensor's:
    nobody asks for 64 bits by `numpy.sqrt(2)`.

    On the numpy engine they are tensors, and stay such where no array stands beside.
    """
    if current.engine.is_tensor(np.float64(0)) and not _has_array(values):
        return values
    return _pythonic(values)


def _has_array(x: Any) -> bool:
    if isinstance(x, list | tuple):
        return any(map(_has_array, x))
    return getattr(x, "ndim", 0) > 0


def _pythonic(x: Any) -> Any:
    kind = type(x)
    if kind in NUMPY_NUMBERS:
        return x.item()
    if kind is tuple or kind is list:
        return kind(map(_pythonic, x))
    return {k: _pythonic(v) for k, v in x.items()} if kind is dict else x


class Node:
    """One symbolic call of an operation.

    Attributes:
        operation: what was called.
        args, kwargs: what it was called with, symbolic tensors included.
        outputs: the symbolic tensors that came out, flat.
        structure: the tree specification of the outputs.
        passed: the keyword arguments that the layer added itself (a mask, say).
    """

    __slots__ = (
        "args",
        "inputs",
        "kwargs",
        "operation",
        "outputs",
        "passed",
        "structure",
    )

    args: tuple[Any, ...]
    inputs: list[KerasTensor]
    kwargs: dict[str, Any]
    operation: Operation
    outputs: list[Any]
    passed: dict[str, Any]
    structure: Any

    def __init__(
        self,
        operation: Operation,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        outputs: Any,
        passed: dict[str, Any] | None = None,
    ) -> None:
        self.operation = operation
        self.args = args
        self.kwargs = kwargs
        self.passed = passed or {}
        self.inputs = [
            x
            for x in tree.flatten((args, kwargs, self.passed))
            if isinstance(x, KerasTensor)
        ]
        self.outputs, self.structure = tree.flatten_with_spec(outputs)
        index = len(operation._inbound_nodes)
        for i, output in enumerate(self.outputs):
            if isinstance(output, KerasTensor):
                output._keras_history = KerasHistory(operation, index, i)
        operation._inbound_nodes.append(self)


class Operation:
    """A function with a name that can stand in a graph; `Layer` is one with weights.

    Subclasses define `call`. Called with symbolic tensors, an operation records a node
    and returns symbolic tensors; called with real ones, it computes.

    Args:
        name: default: the class name in snake case, counted up.
    """

    name: str
    _inbound_nodes: list[Node]

    def __init__(self, name: str | None = None) -> None:
        if name is not None and not isinstance(name, str):
            raise TypeError(
                f"{type(self).__name__}(name=...): got {name!r} "
                f"({type(name).__name__}); expected a str."
            )
        self.name = name or naming.auto_name(type(self).__name__)
        self._inbound_nodes = []

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run, or record a node where an argument is symbolic."""
        if is_symbolic(args) or is_symbolic(kwargs):
            return self.symbolic_call(*args, **kwargs)
        return self.call(*args, **kwargs)

    def symbolic_call(self, *args: Any, **kwargs: Any) -> Any:
        """Record a node and return its symbolic outputs."""
        outputs = self.compute_output_spec(*args, **kwargs)
        outputs = fresh(outputs, args, kwargs)
        Node(self, args, kwargs, outputs)
        return outputs

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        """Symbolic tensors of the shapes and dtypes that `call` would return."""
        return infer_output(self.call, args, kwargs, self.name)

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Compute the outputs from real tensors."""
        raise NotImplementedError(
            f"{type(self).__name__} has no call method. Define call(self, x)."
        )

    def quantized_call(self, *args: Any, **kwargs: Any) -> Any:
        """`call` where the operation is quantized."""
        raise NotImplementedError(
            f"{type(self).__name__} has no quantized_call method."
        )

    def rematerialized_call(
        self, fn: Callable[..., Any], *args: Any, **kwargs: Any
    ) -> Callable[..., Any]:
        """`fn`, to be recomputed in the backward pass instead of stored."""
        from keras.backend import current  # lazy: the engine is needed only here

        return current.engine.remat(fn)

    def get_config(self) -> Config:
        """The constructor's arguments."""
        return {"name": self.name}

    @classmethod
    def from_config(cls, config: Config) -> Operation:
        """An operation of this class made from what `get_config` returned."""
        return cls(**config)

    @property
    def input(self) -> Any:
        """The symbolic inputs of the operation's only call.

        Raises:
            AttributeError: if it was called never or several times.
        """
        return _alone(self._only_node("input").inputs)

    @property
    def output(self) -> Any:
        """The symbolic outputs of the operation's only call."""
        node = self._only_node("output")
        return tree.unflatten(node.structure, node.outputs)

    def _only_node(self, what: str) -> Node:
        if len(self._inbound_nodes) != 1:
            raise AttributeError(
                f"{self.name}.{what}: the operation was called symbolically "
                f"{len(self._inbound_nodes)} times; expected once. Keep the tensors "
                "that its calls return."
            )
        return self._inbound_nodes[0]


def _alone(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


def fresh(outputs: Any, args: Any, kwargs: Any) -> Any:
    """`outputs` with copies in place of inputs that were handed through."""
    given = {id(x) for x in tree.flatten((args, kwargs)) if isinstance(x, KerasTensor)}

    def renew(x: Any) -> Any:
        if isinstance(x, KerasTensor) and (
            id(x) in given or hasattr(x, "_keras_history")
        ):
            return KerasTensor(x.shape, x.dtype, sparse=x.sparse)
        return x

    return tree.map_structure(renew, outputs)


class FunctionOperation(Operation):
    """A plain function in a graph: the node of every symbolic call of an op."""

    def __init__(
        self,
        function: Callable[..., Any],
        name: str | None = None,
        is_pure: bool = False,
    ) -> None:
        super().__init__(name or naming.auto_name(function.__name__))
        self.function = function
        self._identity = function if is_pure else None

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function."""
        return self.function(*args, **kwargs)

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        """Symbolic tensors of the shapes and dtypes that the function would return."""
        return infer_output(self.function, args, kwargs, self.name, self._identity)
