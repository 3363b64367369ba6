"""`model.summary()`: a table of layers, output shapes and numbers of weights."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from keras.core import tree
from keras.core.operation import FunctionOperation, Node
from keras.core.variable import Variable
from keras.errors import unknown_name

_BYTES = {"bool": 1, "bfloat16": 2, "float8_e4m3fn": 1, "float8_e5m2": 1}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    name: str
    shape: str
    params: str
    connected: str
    trainable: str


def print_summary(
    model: Any,
    line_length: int | None = None,
    positions: Sequence[float] | None = None,
    print_fn: Callable[[str], Any] | None = None,
    expand_nested: bool = False,
    show_trainable: bool = False,
    layer_range: Sequence[str] | None = None,
) -> None:
    """Print the table of a model.

    Args:
        model: the model.
        line_length: width in characters; default: that of the terminal, at most 120.
        positions: where columns end, as fractions of the width, or the widths
            themselves as such fractions.
        print_fn: called once with the whole text in place of printing it.
        expand_nested: whether to list the layers of nested models.
        show_trainable: whether to show which layers are trained.
        layer_range: names of the first and last layer to show, as regular expressions.

    Raises:
        ValueError: if `layer_range` names no layer.
    """
    from rich.console import Console  # lazy: loaded for the first table

    graph = getattr(model, "_graph", None)
    connected = graph is not None and not _is_chain(graph)
    operations = graph.operations if graph is not None else model.layers
    if layer_range is not None:
        operations = _between(operations, layer_range)
    rows = list(_rows(operations, graph, expand_nested, 0))
    file = io.StringIO() if print_fn is not None else None
    width = line_length
    console = Console(
        file=file,
        width=width,
        force_terminal=False if file is not None else None,
        color_system=None if file is not None else "auto",
        highlight=False,
    )
    if width is None:
        console.width = min(console.width, 120)
    title = f'Model: "{model.name}"'
    console.print(f"[bold]{_escaped(title)}[/bold]", soft_wrap=True)
    console.print(_table(rows, connected, show_trainable, positions, console.width))
    for line in _totals(model):
        console.print(line, soft_wrap=True)
    if print_fn is not None and file is not None:
        print_fn(file.getvalue())


def _escaped(text: str) -> str:
    from rich.markup import escape  # lazy: loaded for the first table

    return escape(text)


def _table(
    rows: Iterable[Row],
    connected: bool,
    show_trainable: bool,
    positions: Sequence[float] | None,
    width: int,
) -> Any:
    from rich.table import Table  # lazy: loaded for the first table

    columns = ["name", "shape", "params"]
    titles = ["Layer (type)", "Output Shape", "Param #"]
    if connected:
        columns.append("connected")
        titles.append("Connected to")
    if show_trainable:
        columns.append("trainable")
        titles.append("Trainable")
    table = Table(width=min(width, 88 if len(columns) == 3 else width), show_lines=True)
    widths = _ratios(positions, len(columns), connected, show_trainable)
    for column, title, ratio in zip(columns, titles, widths, strict=True):
        justify: Any = {"params": "right", "trainable": "center"}.get(column, "left")
        table.add_column(title, justify=justify, ratio=ratio)
    for row in rows:
        table.add_row(*[_escaped(getattr(row, c)) for c in columns])
    return table


def _ratios(
    positions: Sequence[float] | None, count: int, connected: bool, trainable: bool
) -> list[int]:
    """Relative widths of the columns."""
    if positions is None:
        widths = [0.36, 0.28, 0.16] + [0.28] * connected + [0.12] * trainable
    else:
        ends = (
            [p / positions[-1] for p in positions] if positions[-1] > 1 else positions
        )
        ends = list(ends)[:count]
        is_cumulative = all(a < b for a, b in pairwise(ends))
        pairs = zip([0.0, *ends[:-1]], ends, strict=True)
        widths = [b - a for a, b in pairs] if is_cumulative else list(ends)
        widths += [0.12] * (count - len(widths))
    return [max(1, round(100 * w)) for w in widths]


def _is_chain(graph: Any) -> bool:
    """Whether every operation is called once, on the output of the one before."""
    if len(graph.inputs) != 1 or len(graph.outputs) != 1:
        return False
    before = graph.inputs[0]
    for node in graph.nodes:
        if len(node.inputs) != 1 or node.inputs[0] is not before:
            return False
        if len(node.outputs) != 1:
            return False
        before = node.outputs[0]
    operations = graph.operations
    return len(operations) == len(graph.nodes) + 1


def _rows(
    operations: Iterable[Any], graph: Any, expand: bool, depth: int
) -> Iterable[Row]:
    for operation in operations:
        yield Row(
            _name(operation, depth),
            _shape(operation, graph),
            _params(operation),
            _connected_to(operation, graph),
            _trainable(operation),
        )
        if expand and getattr(operation, "_is_container", False):
            yield from _rows(operation.layers, None, expand, depth + 1)


def _name(operation: Any, depth: int) -> str:
    kind = type(operation).__name__
    if isinstance(operation, FunctionOperation):
        kind = "".join(p.capitalize() for p in operation.function.__name__.split("_"))
    indent = "   " * depth + "└ " if depth else ""
    return f"{indent}{operation.name} ({kind})"


def _shape(operation: Any, graph: Any) -> str:
    nodes = operation._inbound_nodes
    if graph is not None:
        numbers = graph.node_numbers()
        nodes = [n for n in nodes if id(n) in numbers] or nodes
    if nodes:
        shapes = [x.shape for x in nodes[-1].outputs if hasattr(x, "shape")]
        return ", ".join(map(_shown, shapes)) or "?"
    if getattr(operation, "_build_shapes", None) and operation.built:
        try:
            found = operation.compute_output_shape(*operation._build_shapes.values())
        except Exception:  # a layer of the user that cannot tell
            return "?"
        leaves = [found] if tree.is_shape(found) else tree.flatten(found)
        return ", ".join(map(_shown, leaves)) if tree.is_shape(found) else str(found)
    return "?"


def _shown(shape: Sequence[int | None]) -> str:
    return str(tuple(shape))


def _params(operation: Any) -> str:
    if not hasattr(operation, "count_params"):
        return "0"
    if not operation.built and not operation.weights:
        return "0 (unbuilt)"
    return f"{_count(operation.weights):,}"


def _connected_to(operation: Any, graph: Any) -> str:
    if graph is None:
        return "-"
    numbers = graph.node_numbers()

    def shown(node: Node) -> list[str]:
        found = []
        for x in node.inputs:
            source, index, tensor = x._keras_history
            number = numbers.get(id(source._inbound_nodes[index]), index)
            found.append(f"{source.name}[{number}][{tensor}]")
        return found

    nodes = [n for n in operation._inbound_nodes if id(n) in numbers]
    return ", ".join(x for n in nodes for x in shown(n)) or "-"


def _trainable(operation: Any) -> str:
    if not getattr(operation, "weights", None):
        return "-"
    return "Y" if operation.trainable else "N"


def _between(operations: Sequence[Any], layer_range: Sequence[str]) -> list[Any]:
    if len(layer_range) != 2:
        raise ValueError(
            f"summary(layer_range=...): got {len(layer_range)} names; expected two, of "
            'the first and the last layer: layer_range=["conv1", "pool2"].'
        )
    names = [x.name for x in operations]
    ends = []
    for pattern in layer_range:
        found = [i for i, n in enumerate(names) if re.fullmatch(pattern, n)]
        found = found or [i for i, n in enumerate(names) if re.match(pattern, n)]
        if not found:
            raise unknown_name("layer in layer_range", pattern, names)
        ends.append(found)
    first, last = min(ends[0] + ends[1]), max(ends[0] + ends[1])
    return list(operations[first : last + 1])


def _totals(model: Any) -> Iterable[str]:
    trained = model.trainable_weights
    others = model.non_trainable_weights
    optimizer = getattr(model, "optimizer", None)
    own = list(getattr(optimizer, "variables", [])) if optimizer is not None else []
    yield _total("Total params", [*trained, *others, *own])
    yield _total("Trainable params", trained)
    yield _total("Non-trainable params", others)
    if own:
        yield _total("Optimizer params", own)


def _total(what: str, variables: Sequence[Variable]) -> str:
    size = sum(math.prod(v.shape) * _item_size(v.dtype) for v in variables)
    return f"[bold] {what}: [/bold]{_count(variables):,} ({readable_size(size)})"


def _count(variables: Iterable[Variable]) -> int:
    return sum(math.prod(v.shape) for v in variables)


def _item_size(dtype: str) -> int:
    digits = re.search(r"(\d+)$", dtype)
    return _BYTES.get(dtype) or (int(digits[1]) // 8 if digits else 1) or 1


def readable_size(size: float) -> str:
    """A number of bytes with its unit: "1.50 KB"."""
    for unit in ("B", "KB", "MB", "GB"):
        if size < 1024:
            return f"{size:.2f} {unit}"
        size /= 1024
    return f"{size:.2f} TB"
