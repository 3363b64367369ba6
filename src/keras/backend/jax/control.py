"""Control flow, differentiation, noise and storage on JAX."""

from collections.abc import Callable, Sequence
from functools import cache
from os import environ
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from keras.backend.base import Spec
from keras.backend.jax.neural import forward_mode
from keras.typing import Native

functional = True


def cond(predicate: Native, true_fn: Any, false_fn: Any) -> Any:
    if not isinstance(predicate, jax.core.Tracer):
        return true_fn() if predicate else false_fn()
    return lax.cond(predicate, true_fn, false_fn)


def while_loop(
    test: Callable[..., Any],
    body: Callable[..., Any],
    state: tuple[Any, ...],
    maximum: int | None,
) -> tuple[Any, ...]:
    if maximum is None:
        return lax.while_loop(lambda s: test(*s), lambda s: tuple(body(*s)), state)
    result: tuple[Any, ...] = lax.while_loop(
        lambda s: jnp.logical_and(s[0] < maximum, test(*s[1:])),
        lambda s: (s[0] + 1, *body(*s[1:])),
        (0, *state),
    )
    return result[1:]


def scan(
    step: Callable[[Any, Any], tuple[Any, Any]],
    state: Any,
    xs: Any,
    length: int,
    reverse: bool,
) -> tuple[Any, Any]:
    return lax.scan(step, state, xs, length, reverse)


def vmap(fn: Callable[..., Any], in_axes: Any, out_axes: Any) -> Any:
    return jax.vmap(fn, in_axes, out_axes)


def stop_gradient(x: Native) -> Native:
    return lax.stop_gradient(x)


def custom_gradient(fn: Callable[..., Any]) -> Callable[..., Any]:
    return jax.custom_gradient(fn)


def remat(fn: Callable[..., Any]) -> Callable[..., Any]:
    return jax.checkpoint(fn)


def jvp(fn: Any, primals: Any, tangents: Any) -> tuple[Any, Any]:
    with forward_mode():
        value, tangent = jax.jvp(fn, tuple(primals), tuple(tangents))
    return value, tangent


def value_and_grad(
    fn: Callable[[list[Native]], tuple[Native, Any]], values: list[Native]
) -> tuple[tuple[Native, Any], list[Native]]:
    return jax.value_and_grad(fn, has_aux=True)(values)


class _NoGrad:
    """JAX differentiates only where it is asked to."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, *args: object) -> None:
        return None


def no_grad() -> Any:
    return _NoGrad()


def captures() -> bool:
    return True


def jit(fn: Callable[..., Any], asked: bool) -> Callable[..., Any]:
    return jax.jit(fn, donate_argnums=0, compiler_options=_options())


@cache
def _options() -> dict[str, Any] | None:
    """Settings of XLA with which convolutions run on all cores of a CPU.

    By default XLA leaves them to a library (YNNPACK) on one core, and takes three
    times as long; these are its defaults without that (benchmarks/conv_jax.py).
    """
    libraries = "LIBRARY_FUSION_TYPE_INDIVIDUAL_DOT,LIBRARY_FUSION_TYPE_REDUCE"
    options = {"xla_cpu_experimental_ynn_fusion_type": libraries}
    chosen = "ynn_fusion_type" in environ.get("XLA_FLAGS", "")
    if chosen or jax.default_backend() != "cpu":
        return None
    try:
        jax.jit(lambda: 0, compiler_options=options)()
    except jax.errors.JaxRuntimeError:  # another version of XLA, without that setting
        return None
    return options


def concrete() -> Any:
    return jax.ensure_compile_time_eval()


def eval_shape(fn: Callable[..., Any], specs: Sequence[Spec]) -> Any:
    avals = [jax.ShapeDtypeStruct(s.shape, s.dtype) for s in specs]
    others: list[Any] = []

    def call(*xs: Native) -> list[Native]:
        # Results that are no tensors (None, ints, strings) cannot leave a trace.
        leaves, tree = jax.tree.flatten(fn(*xs), is_leaf=lambda y: y is None)
        others[:] = [tree, [None if isinstance(y, jax.Array) else (y,) for y in leaves]]
        return [y for y in leaves if isinstance(y, jax.Array)]

    tensors = iter(jax.eval_shape(call, *avals))
    tree, kept = others
    leaves = [_spec(next(tensors)) if other is None else other[0] for other in kept]
    return jax.tree.unflatten(tree, leaves)


def _spec(aval: Any) -> Spec:
    return Spec(tuple(aval.shape), aval.dtype.name)


def variable(value: np.ndarray[Any, Any], trainable: bool, host: bool) -> Native:
    # Copies: JAX may read the memory of an array later, or share it, and training
    # donates it. Unlike jnp.array this compiles nothing.
    return jax.device_put(np.array(value), may_alias=False)


def assign(old: Native, value: Native, trainable: bool) -> Native:
    # A copy: training donates the memory, which may be a user's or another variable's.
    return jnp.array(value)


def set_trainable(value: Native, trainable: bool) -> Native:
    return value


def placeholder(value: Native) -> Native:
    return value


def device(name: str) -> Any:
    kind, _, index = name.partition(":")
    kind = {"gpu": "cuda", "cuda": "cuda"}.get(kind.lower(), kind.lower())
    return jax.default_device(jax.devices(kind)[int(index or 0)])


def devices(kind: str | None) -> list[str]:
    try:
        found = jax.devices({"gpu": "cuda"}.get(kind, kind) if kind else None)
    except RuntimeError:
        return []
    return [f"{'gpu' if d.platform == 'cuda' else d.platform}:{d.id}" for d in found]


def send(x: Any) -> Native:
    # XLA takes NumPy arrays in main memory as they are, and elsewhere reads them later.
    return x if jax.default_backend() == "cpu" else jax.device_put(np.array(x))


def free_memory() -> int | None:
    if jax.default_backend() == "cpu":
        return None
    stats = jax.local_devices()[0].memory_stats() or {}
    return int(stats.get("bytes_limit", 0) - stats.get("bytes_in_use", 0))


def synchronize(x: Any) -> None:
    jax.block_until_ready(x)


def _key(seed: Native) -> Native:
    return jax.random.fold_in(jax.random.key(seed[0]), seed[1])


def random_uniform(seed: Native, shape: Any, dtype: str) -> Native:
    return jax.random.uniform(_key(seed), tuple(shape), dtype)


def random_normal(seed: Native, shape: Any, dtype: str) -> Native:
    return jax.random.normal(_key(seed), tuple(shape), dtype)


def random_randint(seed: Native, shape: Any, low: Any, high: Any, dtype: str) -> Native:
    return jax.random.randint(_key(seed), tuple(shape), low, high, dtype)


def random_gamma(seed: Native, alpha: Native) -> Native:
    return jax.random.gamma(_key(seed), alpha, dtype=alpha.dtype)


def random_binomial(seed: Native, counts: Native, p: Native) -> Native:
    return jax.random.binomial(_key(seed), counts, p, dtype=counts.dtype)


def random_permutation(seed: Native, length: int) -> Native:
    return jax.random.permutation(_key(seed), length).astype("int32")
