"""Traced steps as CUDA graphs: all that a step launches, by one call.

A recording is bound to memory. The state lies in tensors that the step overwrites and
returns; whatever else comes is read where it lies, if it is the same tensor in every
run, or copied into a buffer. What a step computes on the host (the next seeds, a
learning rate, from which the device gets scalars and noise) is no part of a recording
and runs before each replay. Only `record` needs CUDA.
"""

import threading
from collections.abc import Callable, Iterable
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
            _copy(state, _apart(outputs[parts.results :], state))
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


def _apart(news: list[Native], olds: list[Native]) -> list[Native]:
    """`news`, of which none changes while `olds` are overwritten one by one."""
    taken = {x.untyped_storage().data_ptr() for x in olds}
    return [x.clone() if x.untyped_storage().data_ptr() in taken else x for x in news]


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
        calls = [n for n in nodes if n.op not in ("placeholder", "output")]
        outputs = list(nodes[-1].args[0])
        host = _host_nodes(graph, nodes[:-1])
        ours = [n for n in calls if n in host]
        theirs = [n for n in calls if n not in host]
        if not theirs or any(map(_writes, ours)):
            raise ValueError("the step cannot be parted into host and device")
        crossing = _unique(n for call in theirs for n in call.all_input_nodes)
        crossing = [n for n in crossing if n in host]
        self.changed: list[int] = [
            i
            for i, new in enumerate(outputs[len(outputs) - state :])
            if new not in host and given[i] not in host
        ]
        news = {len(outputs) - state + i: k for k, i in enumerate(self.changed)}
        rest = [n for k, n in enumerate(outputs) if k not in news]
        results = _unique(n for n in rest if isinstance(n, Node) and n not in host)
        here = _unique(n for n in rest if n in host)
        self._plan: list[tuple[int, Any]] = []
        for k, n in enumerate(outputs):
            if k in news:
                self._plan.append((2, news[k]))
            elif isinstance(n, Node):
                pool = here if n in host else results
                self._plan.append((pool is results, pool.index(n)))
            else:
                self._plan.append((3, n))
        read = {n for call in theirs for n in call.all_input_nodes} | {*results}
        self.inputs = [
            i
            for i, n in enumerate(given)
            if n not in host and (n in read or i in self.changed)
        ]
        self.host_inputs = [i for i, n in enumerate(given) if n in host]
        self.crossing, self.results = len(crossing), len(results)
        takes = [given[i] for i in self.host_inputs]
        self.host = _extract(graph, takes, ours, crossing + here)
        takes = [given[i] for i in self.inputs] + crossing
        gives = results + [outputs[len(outputs) - state + i] for i in self.changed]
        self.device = _extract(graph, takes, theirs, gives)

    def outputs(
        self, host: list[Any], results: list[Native], state: list[Native]
    ) -> list[Any]:
        """The outputs of the graph, from those of the parts."""
        pools = host, results, state
        return [pools[i][at] if i < 3 else at for i, at in self._plan]


def _host_nodes(graph: GraphModule, nodes: list[Node]) -> set[Node]:
    """What depends on values in main memory alone."""
    found: set[Node] = set()
    for node in nodes:
        given = node.all_input_nodes
        if given:
            is_host = all(n in found for n in given)
        else:
            held = node.op == "get_attr"
            x = getattr(graph, str(node.target), None) if held else node.meta["val"]
            is_host = isinstance(x, torch.Tensor) and on_host(x)
        if is_host:
            found.add(node)
    return found


def _writes(node: Node) -> bool:
    schema = getattr(node.target, "_schema", None)
    return schema is not None and schema.is_mutable


def _unique(nodes: Iterable[Node]) -> list[Node]:
    return list(dict.fromkeys(nodes))


def _extract(
    graph: GraphModule, takes: list[Node], calls: list[Node], gives: list[Node]
) -> GraphModule:
    """The part of `graph` that consists of `calls`."""
    part, copies = Graph(), dict[Node, Node]()
    for node in takes:
        copies[node] = part.placeholder(node.name)
    for node in calls:
        copies[node] = part.node_copy(node, copies.__getitem__)
    part.output([copies[n] for n in gives])
    return GraphModule(graph, part)
