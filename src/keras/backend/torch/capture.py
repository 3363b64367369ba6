"""Whole steps as one program: traced into a graph, which is compiled or recorded."""

import threading
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import optree
import torch

from keras.backend.torch import graphs
from keras.backend.torch.arrays import DTYPES, hidden, placement
from keras.errors import shorten
from keras.typing import Native

_RUNS = 4
"""Runs with inputs of some shapes before these are worth a program: the last batch of
an epoch, which is smaller, comes once."""

_MOST = 16
"""Programs of one function at most; inputs of more shapes are left to plain Python."""

Program = Callable[[list[Native]], list[Any]]
"""From tensors to outputs, both flat."""


def captures() -> bool:
    return placement.get().type == "cuda"


def jit(fn: Callable[..., Any], asked: bool) -> Callable[..., Any]:
    return _Captured(fn, asked)


class _Captured:
    """`fn`, as a program for every combination of shapes that comes often."""

    def __init__(self, fn: Callable[..., Any], asked: bool) -> None:
        self._fn, self._asked = fn, asked
        self._runs: Counter[Any] = Counter()
        self._programs: dict[Any, tuple[Program, Any]] = {}
        self._making = threading.Lock()
        self.gave_up = False
        """Whether `fn` cannot be captured: Python code in it looks at values, say."""

    def __call__(self, *args: Any) -> Any:
        leaves, structure = optree.tree_flatten(args, none_is_leaf=True)
        tensors = [x for x in leaves if isinstance(x, torch.Tensor)]
        key = structure, *((x.shape, x.dtype, x.device) for x in tensors)
        try:
            found = self._programs.get(key)
            if found is not None:
                program, outputs = found
                with torch.no_grad():
                    return optree.tree_unflatten(outputs, program(tensors))
            self._runs[key] += 1
            if self._runs[key] >= _RUNS:
                self._make(key, leaves, structure, len(args[0]))
        except Exception as error:
            self.gave_up = True
            self._programs.clear()
            if self._asked:
                _warn(error)
        return self._fn(*args)

    def _make(self, key: Any, leaves: list[Any], structure: Any, state: int) -> None:
        """Make a program, which is used from the next run on, with other values."""
        with self._making:
            full = len(self._programs) >= _MOST
            if not (full or self.gave_up or key in self._programs):
                flat = _Flat(self._fn, leaves, structure)
                made = flat.compiled() if self._asked else flat.recorded(state)
                self._programs[key] = made, flat.outputs


def _warn(error: Exception) -> None:
    what = shorten(f"{type(error).__name__}: {error}", 300)
    warnings.warn(
        f"compile(jit_compile=True): a step cannot be compiled as a whole ({what}). It "
        "runs as plain Python, with the same results. Leave decisions about values to "
        "keras.ops.cond and where, or pass jit_compile=False.",
        stacklevel=2,
    )


class _Flat:
    """`fn` as a function of the tensors among `leaves`, which returns a flat list."""

    def __init__(
        self, fn: Callable[..., Any], leaves: list[Any], structure: Any
    ) -> None:
        self._fn, self._structure = fn, structure
        self._places = [i for i, x in enumerate(leaves) if isinstance(x, torch.Tensor)]
        self._tensors = [leaves[i] for i in self._places]
        self._others = [None if isinstance(x, torch.Tensor) else x for x in leaves]
        self.outputs: Any = None
        """The structure of what `fn` returned last."""

    def __call__(self, *tensors: Native) -> list[Any]:
        inner = list(self._others)
        for i, tensor in zip(self._places, tensors, strict=True):
            inner[i] = tensor
        result = self._fn(*optree.tree_unflatten(self._structure, inner))
        flat, self.outputs = optree.tree_flatten(result)
        return flat

    def compiled(self) -> Program:
        """By torch's own compiler."""
        # Late: the compiler takes seconds to load.
        from torch._inductor import compile as compile_graph

        with _tracing():
            graph = self._traced()
            run = compile_graph(graph, [x.detach() for x in self._tensors])
        return lambda tensors: run(*tensors)

    def recorded(self, state: int) -> Program:
        """By what it launches on a device."""
        with _tracing():
            graph = self._traced()
        return graphs.Recording(graph, self, self._tensors, state)

    def _traced(self) -> Any:
        from torch.fx.experimental.proxy_tensor import make_fx  # loads much

        trace = make_fx(self, tracing_mode="fake", _allow_non_fake_inputs=True)
        graph = trace(*[x.detach() for x in self._tensors])
        graph.graph.eliminate_dead_code()
        graph.recompile()
        return graph


@contextmanager
def _tracing() -> Iterator[None]:
    token = hidden.set("captured")
    try:
        with torch.no_grad(), warnings.catch_warnings():
            # What torch 2.13 loads for this warns of itself.
            warnings.simplefilter("ignore", DeprecationWarning)
            yield
    finally:
        hidden.reset(token)


# Noise: a program draws anew whenever it runs.


def draw(kind: str, seed: Any, shape: Any, dtype: str) -> Native:
    """A draw inside of a program, from the seed that the program has at run time."""
    seed = torch.as_tensor(seed)
    return _draw_op()(kind, seed, list(shape), dtype, str(placement.get()))


@cache
def _draw_op() -> Any:
    from keras.backend.torch import control

    draws = {"uniform": control.random_uniform, "normal": control.random_normal}

    def run(
        kind: str, seed: torch.Tensor, shape: list[int], dtype: str, device: str
    ) -> torch.Tensor:
        return draws[kind](seed, shape, dtype)

    op = torch.library.custom_op("keras::draw", run, mutates_args=())
    op.register_fake(
        lambda kind, seed, shape, dtype, device: torch.empty(
            shape, dtype=DTYPES[dtype], device=device
        )
    )
    return op
