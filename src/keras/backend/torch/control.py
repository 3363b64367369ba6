"""Control flow, differentiation, noise and storage on PyTorch."""

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any

import numpy as np
import optree
import torch
from torch.autograd.graph import _engine_run_backward
from torch.overrides import TorchFunctionMode

from keras.backend.base import Spec
from keras.backend.torch import capture
from keras.backend.torch.arrays import (
    DEFAULT_DEVICE,
    DTYPES,
    NAMES,
    convert,
    derivatives,
    hidden,
    placement,
)
from keras.typing import Native

functional = False


def cond(predicate: Native, true_fn: Any, false_fn: Any) -> Any:
    if isinstance(predicate, torch.Tensor) and predicate.device.type == "meta":
        return true_fn()
    return true_fn() if predicate else false_fn()


def while_loop(
    test: Callable[..., Any],
    body: Callable[..., Any],
    state: tuple[Any, ...],
    maximum: int | None,
) -> tuple[Any, ...]:
    steps = 0
    while (maximum is None or steps < maximum) and _holds(test(*state)):
        state = tuple(body(*state))
        steps += 1
    return state


def _holds(value: Any) -> bool:
    # Where shapes are inferred, no step is run: a loop keeps the shapes of its state.
    return not (isinstance(value, torch.Tensor) and value.is_meta) and bool(value)


def scan(
    step: Callable[[Any, Any], tuple[Any, Any]],
    state: Any,
    xs: Any,
    length: int,
    reverse: bool,
) -> tuple[Any, Any]:
    leaves, tree = optree.tree_flatten(xs)
    if length and leaves and leaves[0].is_meta:
        # Where shapes are inferred, one step stands for all.
        state, y = step(state, optree.tree_map(lambda x: x[0], xs))
        return state, optree.tree_map(lambda t: t.new_empty((length, *t.shape)), y)
    columns = [leaf.unbind(0) for leaf in leaves]
    outputs = []
    for i in reversed(range(length)) if reverse else range(length):
        x = optree.tree_unflatten(tree, [column[i] for column in columns])
        state, y = step(state, x)
        outputs.append(y)
    if reverse:
        outputs.reverse()
    if not outputs:
        return state, None
    return state, optree.tree_map(lambda *ys: torch.stack(ys), *outputs)


def vmap(fn: Callable[..., Any], in_axes: Any, out_axes: Any) -> Any:
    def mapped(*args: Any) -> Any:
        token = hidden.set(hidden.get() or "mapped")
        try:
            return fn(*args)
        finally:
            hidden.reset(token)

    return torch.vmap(mapped, in_axes, out_axes, randomness="different")


def stop_gradient(x: Native) -> Native:
    return x.detach() if x.requires_grad else x


def custom_gradient(fn: Callable[..., Any]) -> Callable[..., Any]:
    class Wrapped(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, *args: Any) -> Any:
            with torch.enable_grad():
                value, ctx.backward_fn = fn(*args)
            ctx.count = len(args)
            return optree.tree_map(lambda t: t.detach(), value)

        @staticmethod
        def backward(ctx: Any, *upstream: Any) -> Any:
            grads = ctx.backward_fn(*upstream)
            grads = tuple(grads) if isinstance(grads, list | tuple) else (grads,)
            return grads + (None,) * (ctx.count - len(grads))

    def call(*args: Any, **kwargs: Any) -> Any:
        return Wrapped.apply(*args, **kwargs)

    return call


def remat(fn: Callable[..., Any]) -> Callable[..., Any]:
    from torch.utils.checkpoint import checkpoint  # loads much; rarely used

    def call(*args: Any, **kwargs: Any) -> Any:
        return checkpoint(fn, *args, use_reentrant=False, **kwargs)

    return call


def jvp(fn: Any, primals: Any, tangents: Any) -> tuple[Any, Any]:
    with warnings.catch_warnings():
        # PyTorch 2.13 loads its own deprecated torch.jit.script for this.
        warnings.simplefilter("ignore", DeprecationWarning)
        value, tangent = torch.func.jvp(fn, tuple(primals), tuple(tangents))
    return value, tangent


def value_and_grad(
    fn: Callable[[list[Native]], tuple[Native, Any]], values: list[Native]
) -> tuple[tuple[Native, Any], list[Native]]:
    nested = derivatives.get() > 0
    token = derivatives.set(derivatives.get() + 1)
    try:
        with torch.enable_grad():
            leaves = [
                v if v.requires_grad else v.detach().requires_grad_() for v in values
            ]
            loss, others = fn(leaves)
            if not loss.requires_grad:
                return (loss, others), [torch.zeros_like(v) for v in values]
            found = _gradients(loss, tuple(leaves), nested)
            grads = [
                torch.zeros_like(v) if g is None else g
                for g, v in zip(found, leaves, strict=True)
            ]
    finally:
        derivatives.reset(token)
    if nested:
        return (loss, others), grads
    # The graph is spent: what comes beside the loss must not hold on to it.
    return (loss.detach(), _detached(others)), grads


def _gradients(loss: Native, leaves: tuple[Native, ...], nested: bool) -> Any:
    """`torch.autograd.grad` without its checks: they take 15 microseconds a step."""
    return _engine_run_backward(
        (loss,),
        (torch.ones_like(loss),),
        nested,
        nested,
        leaves,
        allow_unreachable=True,
        accumulate_grad=False,
    )


def _detached(x: Any) -> Any:
    if isinstance(x, torch.Tensor):
        return x.detach()
    if type(x) in (tuple, list):  # by hand, since every step comes this way
        return type(x)(map(_detached, x))
    return x if x is None else optree.tree_map(_leaf_detached, x)


def _leaf_detached(x: Any) -> Any:
    return x.detach() if isinstance(x, torch.Tensor) else x


_as_it_is = nullcontext()


def no_grad() -> Any:
    # Entering it again would take three microseconds for nothing.
    return torch.no_grad() if torch.is_grad_enabled() else _as_it_is


@contextmanager
def _placed(device: torch.device) -> Iterator[None]:
    token = placement.set(device)
    try:
        with device:
            yield
    finally:
        placement.reset(token)


_META, _HOST = torch.device("meta"), torch.device("cpu")


def concrete() -> Any:
    return _placed(DEFAULT_DEVICE)


class _AllOnMeta(TorchFunctionMode):
    """A real tensor that meets one without values is taken without its own."""

    def __torch_function__(
        self, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        kwargs = kwargs or {}
        leaves, tree = optree.tree_flatten((args, kwargs))
        on_meta = [isinstance(x, torch.Tensor) and x.is_meta for x in leaves]
        if any(on_meta) and not all(on_meta):
            leaves = [x.to("meta") if _is_real(x) else x for x in leaves]
            args, kwargs = optree.tree_unflatten(tree, leaves)
        return func(*args, **kwargs)


def _is_real(x: Any) -> bool:
    return isinstance(x, torch.Tensor) and not x.is_meta


def eval_shape(fn: Callable[..., Any], specs: Sequence[Spec]) -> Any:
    with _placed(_META), torch.no_grad(), _AllOnMeta():
        result = fn(*[torch.empty(s.shape, dtype=DTYPES[s.dtype]) for s in specs])
    return optree.tree_map(_spec, result)


def _spec(x: Any) -> Any:
    return Spec(tuple(x.shape), NAMES[x.dtype]) if isinstance(x, torch.Tensor) else x


def variable(value: np.ndarray[Any, Any], trainable: bool, host: bool) -> Native:
    with _placed(_HOST if host else _real_device()):
        tensor = convert(np.array(value, order="C"), None)
    if trainable and tensor.is_floating_point():
        return torch.nn.Parameter(tensor)
    return tensor


def _real_device() -> torch.device:
    device = placement.get()
    return DEFAULT_DEVICE if device == _META else device


def assign(old: Native, value: Native, trainable: bool) -> Native:
    if isinstance(old, torch.nn.Parameter):
        # In place, so that torch modules and optimizers keep the same parameter.
        with torch.no_grad():
            return old.copy_(value)
    is_weight = isinstance(value, torch.nn.Parameter)
    if is_weight or value.is_inference() or value._version:
        value = value.clone()  # what is or was changed in place will be again
    return value.detach().to(old.device)


def set_trainable(value: Native, trainable: bool) -> Native:
    if not value.is_floating_point():
        return value
    if trainable and not isinstance(value, torch.nn.Parameter):
        return torch.nn.Parameter(value.detach())
    return value.requires_grad_(trainable)


def placeholder(value: Native) -> Native:
    return torch.empty(value.shape, dtype=value.dtype, device="meta")


@contextmanager
def device(name: str) -> Iterator[None]:
    kind, _, index = name.lower().partition(":")
    kind = {"gpu": "cuda"}.get(kind, kind)
    where = f"{kind}:{index}" if index and kind != "cpu" else kind
    with _placed(torch.device(where)):
        yield


def devices(kind: str | None) -> list[str]:
    gpus = [f"gpu:{i}" for i in range(torch.cuda.device_count())]
    if kind is None:
        return gpus or ["cpu:0"]
    if kind == "mps":
        return ["mps:0"] if torch.backends.mps.is_available() else []
    return {"cpu": ["cpu:0"], "gpu": gpus, "cuda": gpus}.get(kind, [])


def synchronize(x: Any) -> None:
    if torch.cuda.is_available():
        torch.cuda.synchronize()


_MASK = (1 << 64) - 1


def _generator(seed: Native) -> torch.Generator:
    """A generator for one draw, seeded by a mix (SplitMix64) of seed and counter."""
    first, counter = seed.tolist()
    z = (first * 0x9E3779B97F4A7C15 + counter * 0xD1B54A32D192ED03 + 1) & _MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    generator = torch.Generator(placement.get())
    return generator.manual_seed((z ^ (z >> 31)) >> 1)


def random_uniform(seed: Native, shape: Any, dtype: str) -> Native:
    if hidden.get() == "captured":
        return capture.draw("uniform", seed, shape, dtype)
    where = placement.get()
    if where == _META:
        return torch.empty(tuple(shape), dtype=DTYPES[dtype], device=where)
    generator = _generator(seed)
    return torch.rand(
        tuple(shape), generator=generator, dtype=DTYPES[dtype], device=where
    )


def random_normal(seed: Native, shape: Any, dtype: str) -> Native:
    if hidden.get() == "captured":
        return capture.draw("normal", seed, shape, dtype)
    where = placement.get()
    if where == _META:
        return torch.empty(tuple(shape), dtype=DTYPES[dtype], device=where)
    generator = _generator(seed)
    return torch.randn(
        tuple(shape), generator=generator, dtype=DTYPES[dtype], device=where
    )


def random_randint(seed: Native, shape: Any, low: Any, high: Any, dtype: str) -> Native:
    where = placement.get()
    if where == _META:
        return torch.empty(tuple(shape), dtype=DTYPES[dtype], device=where)
    generator = _generator(seed)
    if isinstance(low, torch.Tensor) or isinstance(high, torch.Tensor):
        draw = torch.rand(
            tuple(shape), generator=generator, dtype=torch.float64, device=where
        )
        return torch.floor(low + draw * (high - low)).to(DTYPES[dtype])
    draw = torch.randint(low, high, tuple(shape), generator=generator, device=where)
    return draw.to(DTYPES[dtype])


def random_gamma(seed: Native, alpha: Native) -> Native:
    if alpha.is_meta:
        return torch.empty_like(alpha)
    draw = torch._standard_gamma(alpha.float(), _generator(seed))
    return draw.to(alpha.dtype)


def random_binomial(seed: Native, counts: Native, p: Native) -> Native:
    if counts.is_meta:
        return torch.empty_like(counts)
    draw = torch.binomial(counts.double(), p.double(), _generator(seed))
    return draw.to(counts.dtype)


def random_permutation(seed: Native, length: int) -> Native:
    where = placement.get()
    if where == _META:
        return torch.empty(length, dtype=torch.int32, device=where)
    order = torch.randperm(length, generator=_generator(seed), device=where)
    return order.to(torch.int32)
