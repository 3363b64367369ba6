"""Whole steps as one program: traced into a graph, compiled by torch's own compiler."""

import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import optree
import torch

from keras.backend.torch.arrays import DTYPES, capturing, placement
from keras.errors import shorten
from keras.typing import Native

_RUNS = 4
"""Runs with inputs of some shapes before these are worth compiling for: the last batch
of an epoch, which is smaller, comes once."""


def jit(fn: Callable[..., Any], donate: Sequence[int]) -> Callable[..., Any]:
    return _Captured(fn)


class _Captured:
    """`fn`, as a program for every combination of shapes that comes often."""

    def __init__(self, fn: Callable[..., Any]) -> None:
        self._fn = fn
        self._runs: Counter[Any] = Counter()
        self._programs: dict[Any, Callable[[list[Native]], Any]] = {}
        self.gave_up = False
        """Whether `fn` cannot be captured: Python code in it looks at values, say."""

    def __call__(self, *args: Any) -> Any:
        leaves, structure = optree.tree_flatten(args, none_is_leaf=True)
        tensors = [x for x in leaves if isinstance(x, torch.Tensor)]
        key = structure, *((x.shape, x.dtype) for x in tensors)
        program = self._programs.get(key)
        if program is not None:
            return program(tensors)
        self._runs[key] += 1
        if self._runs[key] < _RUNS or self.gave_up:
            return self._fn(*args)
        try:
            program = _compiled(self._fn, leaves, structure)
            result = program(tensors)
        except Exception as error:
            self.gave_up = True
            _warn(error)
            return self._fn(*args)
        self._programs[key] = program
        return result


def _warn(error: Exception) -> None:
    what = shorten(f"{type(error).__name__}: {error}", 300)
    warnings.warn(
        f"compile(jit_compile=True): a step cannot be compiled as a whole ({what}). It "
        "runs as plain Python, with the same results. Leave decisions about values to "
        "keras.ops.cond and where, or pass jit_compile=False.",
        stacklevel=2,
    )


def _compiled(
    fn: Callable[..., Any], leaves: list[Any], structure: Any
) -> Callable[[list[Native]], Any]:
    """A function of the tensors among `leaves`."""
    # Late: the compiler takes seconds to load.
    from torch._inductor import compile as compile_graph
    from torch.fx.experimental.proxy_tensor import make_fx

    places = [i for i, x in enumerate(leaves) if isinstance(x, torch.Tensor)]
    found: list[Any] = []

    def flat(*tensors: Native) -> list[Native]:
        inner = list(leaves)
        for i, tensor in zip(places, tensors, strict=True):
            inner[i] = tensor
        result = fn(*optree.tree_unflatten(structure, inner))
        outputs, found[:] = _split(result)
        return outputs

    examples = [leaves[i].detach() for i in places]
    token = capturing.set(True)
    try:
        with torch.no_grad(), warnings.catch_warnings():
            # What torch 2.13 loads for this warns of itself.
            warnings.simplefilter("ignore", DeprecationWarning)
            trace = make_fx(flat, tracing_mode="fake", _allow_non_fake_inputs=True)
            graph = trace(*examples)
            graph.graph.eliminate_dead_code()
            graph.recompile()
            run = compile_graph(graph, examples)
    finally:
        capturing.reset(token)

    def program(tensors: list[Native]) -> Any:
        with torch.no_grad():
            return optree.tree_unflatten(found[0], run(*tensors))

    return program


def _split(result: Any) -> tuple[list[Native], list[Any]]:
    outputs, structure = optree.tree_flatten(result)
    return outputs, [structure]


# Noise: a program draws anew whenever it runs.


def draw(kind: str, seed: Any, shape: Any, dtype: str) -> Native:
    """A draw inside of a program, from the seed that the program has at run time."""
    seed = torch.as_tensor(seed)
    return _draw_op()(kind, seed, list(shape), dtype, placement.get())


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
