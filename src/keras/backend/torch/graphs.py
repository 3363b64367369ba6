"""Traced steps as CUDA graphs: all that a step launches, by one call.

A recording is bound to memory. The state lies in tensors that the step overwrites and
returns; whatever else comes is read where it lies, if it is the same tensor in every
run, or copied into a buffer. What a step computes on the host (the next seeds, a
learning rate, from which the device gets scalars and noise) is no part of a recording
and runs before each replay. Only `record` needs CUDA.
"""

import threading
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import torch
from torch.fx import Graph, GraphModule, Node

from keras.typing import Native

_WARM_UPS = 2
"""Runs before the recorded one, in which libraries choose kernels and take memory."""

_TOLERANCE = {torch.float16: 0.1, torch.bfloat16: 0.1}
"""By how much of a step's effect a replay may differ from it; 0.01 for other dtypes.
Sums whose order is left to the device differ by less, another batch by more."""


def record(
    run: Callable[[], list[Native]], device: torch.device
) -> tuple[list[Native], Callable[[], None]]:
    """What `run` returns, and a function that does again what it did on the device."""
    stream = torch.cuda.Stream(device)
    stream.wait_stream(torch.cuda.current_stream(device))
    try:
        with torch.cuda.stream(stream):
            for _ in range(_WARM_UPS):
                run()
    finally:
        torch.cuda.current_stream(device).wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    # Other threads may go on to use the device.
    mode = "thread_local"
    with torch.cuda.graph(graph, _pool(device), stream, capture_error_mode=mode):
        outputs = run()
    return outputs, graph.replay


@cache
def _pool(device: torch.device) -> Any:
    """The memory of all graphs: one runs at a time, and what it returns is copied."""
    return torch.cuda.graph_pool_handle()


def on_host(x: Native) -> bool:
    """Whether a tensor lies in main memory."""
    return x.is_cpu


class Recording:
    """A step that is recorded at its first run and replayed from then on.

    Args:
        graph: the step, traced; it takes and returns flat lists.
        plain: the step as it was before.
        tensors: what it was traced with.
        state: how many inputs, the first ones, are the state. As many outputs, the last
            ones, are the new state.

    Raises:
        ValueError: if nothing of it runs on a device.
    """

    def __init__(
        self,
        graph: GraphModule,
        plain: Callable[..., list[Any]],
        tensors: list[Native],
        state: int,
    ) -> None:
        self._parts, self._state = Parts(graph, state), state
        self._untried: tuple[Callable[..., list[Any]], list[Native]] | None
        self._untried = plain, tensors
        self._moving: set[int] = set()
        self._lock = threading.Lock()

    def __call__(self, tensors: list[Native]) -> list[Any]:
        """Run the step.

        Raises:
            ArithmeticError: at the first run, if a replay does not do what the plain
                step does; the state is left as it was.
        """
        with self._lock:
            if self._untried is None:
                return self._run(tensors)
            plain, earlier = self._untried
            return self._tried(plain, earlier, tensors)

    def _tried(
        self,
        plain: Callable[..., list[Any]],
        earlier: list[Native],
        tensors: list[Native],
    ) -> list[Any]:
        expected = [_copied(x) for x in plain(*tensors)]
        before = [x.clone() for x in tensors[: self._state]]
        # Recorded with other values than it is tried with: what was baked in shows.
        self._moving = {i for i, x in enumerate(tensors) if x is not earlier[i]}
        self._record(tensors, earlier)
        found = self._run(tensors)
        olds = [None] * (len(expected) - len(before)) + before
        if not all(map(_alike, found, expected, olds)):
            for memory, old in zip(tensors, before, strict=False):
                memory.detach().copy_(old)
            raise ArithmeticError("a replay does not do what the step does")
        self._untried = None
        return found

    def _record(self, tensors: list[Native], values: list[Native]) -> None:
        """Lay out the memory for `tensors`, and record a run with `values`."""
        parts = self._parts
        self._memory = {
            i: tensors[i] if self._stays(i, tensors[i]) else values[i].detach().clone()
            for i in parts.inputs
        }
        self._fixed = [i for i, x in self._memory.items() if x is tensors[i]]
        self._filled = [i for i in self._memory if i not in self._fixed]
        memory = list(self._memory.values())
        values = parts.host(*[values[i] for i in parts.host_inputs])
        self._crossing = [
            torch.empty_like(x, device=memory[0].device).copy_(x)
            for x in values[: parts.crossing]
        ]
        state = [self._memory[i] for i in parts.changed]
        kept = [x.clone() for x in state]

        def run() -> list[Native]:
            outputs: list[Native] = parts.device(*memory, *self._crossing)
            _overwrite(state, outputs[parts.results :])
            return outputs[: parts.results]

        try:
            self._results, self._replay = record(run, memory[0].device)
        finally:
            _copy(state, kept)  # as if it had not been run

    def _stays(self, i: int, x: Native) -> bool:
        """Whether input `i` is used where it lies, rather than copied into a buffer.

        Weights are overwritten in their own memory, with or without a recording.
        """
        if isinstance(x, torch.nn.Parameter):
            return True
        return i >= self._state and i not in self._moving

    def _run(self, tensors: list[Native]) -> list[Any]:
        parts = self._parts
        elsewhere = [i for i in self._fixed if tensors[i] is not self._memory[i]]
        if elsewhere:
            self._moving.update(elsewhere)
            self._record(tensors, tensors)
        host = parts.host(*[tensors[i] for i in parts.host_inputs])
        filled = [i for i in self._filled if tensors[i] is not self._memory[i]]
        _copy(
            [self._memory[i] for i in filled] + self._crossing,
            [tensors[i] for i in filled] + host[: parts.crossing],
        )
        self._replay()
        # The next replay overwrites what this one computed.
        results = [x.clone() for x in self._results]
        state = [self._memory[i] for i in parts.changed]
        return parts.outputs(host[parts.crossing :], results, state)


def _copied(x: Any) -> Any:
    return x.clone() if isinstance(x, torch.Tensor) else x


def _copy(targets: list[Native], sources: list[Native]) -> None:
    if targets:
        torch._foreach_copy_(targets, sources, non_blocking=True)


def _overwrite(olds: list[Native], news: list[Native]) -> None:
    """Copy values that may be others of those they are copied over."""
    pairs = [(a, b) for a, b in zip(olds, news, strict=True) if a is not b]
    taken = {x.untyped_storage().data_ptr() for x in olds}
    news = [
        b.clone() if b.untyped_storage().data_ptr() in taken else b for _, b in pairs
    ]
    _copy([a for a, _ in pairs], news)


def _alike(found: Any, expected: Any, old: Native | None) -> bool:
    """Whether two outputs differ by little beside what the step did to `old`."""
    if not isinstance(expected, torch.Tensor):
        return bool(found == expected)
    if (found.shape, found.dtype) != (expected.shape, expected.dtype):
        return False
    tolerance = _TOLERANCE.get(expected.dtype, 0.01)
    a, b = _wide(found), _wide(expected)
    same = (a == b) | (a.isnan() & b.isnan())
    effect = b if old is None else b - _wide(old)
    bound = tolerance * _norm(effect) + 1e-6 * _norm(b)
    return bool(torch.where(same, 0, a - b).norm() <= bound)


def _wide(x: Native) -> Native:
    return x.to(torch.complex128 if x.is_complex() else torch.float64)


def _norm(x: Native) -> Native:
    return x.nan_to_num(0.0, 0.0, 0.0).norm()


class Parts:
    """A graph, parted into what can be computed on the host alone and the rest.

    `host` takes the inputs of the graph with the numbers `host_inputs`, and returns
    `crossing` values that `device` needs, then outputs. `device` takes the inputs with
    the numbers `inputs`, then these values; it returns `results` outputs, then the new
    values of the inputs `changed`.

    Args:
        graph: a traced graph, of which the last outputs are new values of the first
            inputs.
        state: how many.

    Raises:
        ValueError: if there is nothing for the device, or the host changes in place
            what may have been read before.
    """

    def __init__(self, graph: GraphModule, state: int) -> None:
        nodes = list(graph.graph.nodes)
        given = [n for n in nodes if n.op == "placeholder"]
        outputs = list(nodes[-1].args[0])
        host = _host_part(graph, nodes[:-1])
        start = len(outputs) - state
        self.changed: list[int] = [
            i
            for i, new in enumerate(outputs[start:])
            if _is_on_device(new, host) and given[i] not in host
        ]
        _reuse_memory(graph, [(given[i], outputs[start + i]) for i in self.changed])
        nodes = list(graph.graph.nodes)
        outputs = list(nodes[-1].args[0])
        calls = [n for n in nodes if n.op not in ("placeholder", "output")]
        ours = [n for n in calls if n in host]
        theirs = [n for n in calls if n not in host]
        if not theirs or any(map(_writes, ours)):
            raise ValueError("the step cannot be parted into host and device")

        state_at = [start + i for i in self.changed]
        rest = [k for k in range(len(outputs)) if k not in state_at]
        results_at = [k for k in rest if _is_on_device(outputs[k], host)]
        host_at = [k for k in rest if k not in results_at]
        order = host_at + results_at + state_at
        self._order = sorted(range(len(order)), key=order.__getitem__)
        read = list(dict.fromkeys(n for call in theirs for n in call.all_input_nodes))
        crossing = [n for n in read if n in host]
        self.crossing, self.results = len(crossing), len(results_at)
        gives = [outputs[k] for k in results_at + state_at]
        wanted = {*read, *gives, *(given[i] for i in self.changed)}.difference(host)
        self.inputs = [i for i, n in enumerate(given) if n in wanted]
        self.host_inputs = [i for i, n in enumerate(given) if n in host]
        takes = [given[i] for i in self.inputs] + crossing
        self.device = _extract(graph, takes, theirs, gives)
        takes = [given[i] for i in self.host_inputs]
        gives = crossing + [outputs[k] for k in host_at]
        self.host = _extract(graph, takes, ours, gives)

    def outputs(
        self, host: list[Any], results: list[Native], state: list[Native]
    ) -> list[Any]:
        """The outputs of the graph, from those of the parts."""
        values = [*host, *results, *state]
        return [values[i] for i in self._order]


def _is_on_device(x: Any, host: set[Node]) -> bool:
    return isinstance(x, Node) and x not in host


def _host_part(graph: GraphModule, nodes: list[Node]) -> set[Node]:
    """What needs no value from a device; noise that goes there is drawn here."""
    part: set[Node] = set()
    here: set[Node] = set()
    for node in nodes:
        if node.op == "get_attr":
            value = getattr(graph, str(node.target), None)
        else:
            value = node.meta.get("val")
        values = value if isinstance(value, list | tuple) else [value]
        lies_here = all(isinstance(x, torch.Tensor) and on_host(x) for x in values)
        if here.issuperset(node.all_input_nodes) if node.all_input_nodes else lies_here:
            part.add(node)
            if lies_here:
                here.add(node)
    return part


def _reuse_memory(graph: GraphModule, pairs: list[tuple[Node, Node]]) -> None:
    """Let what is copied to be changed, an old value for a new one, change itself.

    An optimizer that is traced must not write to weights and slots; a recording may,
    since nothing reads an old value after that.
    """
    order = {n: k for k, n in enumerate(graph.graph.nodes)}
    for old, new in pairs:
        while _writes(new):
            new = new.args[0]
        if new.target is not torch.ops.aten.clone.default or new.args != (old,):
            continue
        if all(order[n] <= order[new] for n in _readers(old)):
            new.replace_all_uses_with(old)
            graph.graph.erase_node(new)


def _readers(node: Node) -> Iterator[Node]:
    """What uses a value, or a view of it."""
    for user in node.users:
        yield user
        schema = getattr(user.target, "_schema", None)
        if schema is None or any(r.alias_info for r in schema.returns):
            yield from _readers(user)


def _writes(node: Node) -> bool:
    schema = getattr(node.target, "_schema", None)
    return schema is not None and schema.is_mutable


def _extract(
    graph: GraphModule, takes: list[Node], calls: list[Node], gives: list[Any]
) -> GraphModule:
    """The part of `graph` that consists of `calls`."""
    part, copies = Graph(), dict[Node, Node]()
    for node in takes:
        copies[node] = part.placeholder(node.name)
    for node in calls:
        copies[node] = part.node_copy(node, copies.__getitem__)
    part.output([copies.get(n, n) for n in gives])  # which may be constants
    return GraphModule(graph, part)
