"""Control flow, noise and storage on NumPy, which runs everything at once."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from operator import itemgetter
from typing import Any

import numpy as np
import optree

from keras.backend.base import Spec
from keras.backend.numpy.arrays import np_dtype
from keras.backend.numpy.shapes import only_shapes, shaped, unknown
from keras.typing import Native

functional = False


def cond(predicate: Native, true_fn: Any, false_fn: Any) -> Any:
    return true_fn() if predicate else false_fn()


def while_loop(
    test: Callable[..., Any],
    body: Callable[..., Any],
    state: tuple[Any, ...],
    maximum: int | None,
) -> tuple[Any, ...]:
    if only_shapes.get():  # it keeps those of its state, and might never end on zeros
        return state
    steps = 0
    while (maximum is None or steps < maximum) and test(*state):
        state = tuple(body(*state))
        steps += 1
    return state


def scan(
    step: Callable[[Any, Any], tuple[Any, Any]],
    state: Any,
    xs: Any,
    length: int,
    reverse: bool,
) -> tuple[Any, Any]:
    if length and only_shapes.get():  # one step stands for all
        state, y = step(state, optree.tree_map(itemgetter(0), xs, none_is_leaf=False))
        return state, optree.tree_map(
            lambda t: np.broadcast_to(t, (length, *np.shape(t))), y
        )
    order = reversed(range(length)) if reverse else range(length)
    outputs = []
    for i in order:
        x = optree.tree_map(itemgetter(i), xs, none_is_leaf=False)
        state, y = step(state, x)
        outputs.append(y)
    if reverse:
        outputs.reverse()
    if not outputs:
        return state, None
    return state, optree.tree_map(lambda *ys: np.stack(ys), *outputs)


def vmap(fn: Callable[..., Any], in_axes: Any, out_axes: Any) -> Any:
    def call(*args: Any) -> Any:
        axes = in_axes if isinstance(in_axes, tuple | list) else [in_axes] * len(args)
        sizes = [
            optree.tree_leaves(a)[0].shape[axis]
            for a, axis in zip(args, axes, strict=True)
            if axis is not None
        ]
        rows = []
        for i in range(1 if only_shapes.get() else sizes[0]):
            row = [
                a
                if axis is None
                else optree.tree_map(lambda t, i=i, axis=axis: np.take(t, i, axis), a)
                for a, axis in zip(args, axes, strict=True)
            ]
            rows.append(fn(*row))
        if only_shapes.get():
            rows *= sizes[0]  # one stands for all
        return optree.tree_map(lambda *ys: np.stack(ys, out_axes), *rows)

    return call


def stop_gradient(x: Native) -> Native:
    return x


def custom_gradient(fn: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *args, **kwargs: fn(*args, **kwargs)[0]


def remat(fn: Callable[..., Any]) -> Callable[..., Any]:
    return fn


def _no_gradients() -> NotImplementedError:
    return NotImplementedError(
        "The numpy engine computes no gradients, so it cannot train. Use it for "
        "evaluate and predict, and train with KERAS_BACKEND=torch or jax, or after "
        'keras.config.set_backend("torch").'
    )


def jvp(fn: Any, primals: Any, tangents: Any) -> tuple[Any, Any]:
    """By central differences in float64: good to about 9 digits."""
    value = fn(*primals)
    points = [np.asarray(p, np.float64) for p in primals]
    size = max([float(np.max(np.abs(t), initial=0)) for t in tangents] + [1e-300])
    step = 6e-6 * max([float(np.max(np.abs(p), initial=1)) for p in points]) / size
    ahead, behind = (
        fn(
            *[
                p + s * np.asarray(t, np.float64)
                for p, t in zip(points, tangents, strict=True)
            ]
        )
        for s in (step, -step)
    )
    return value, optree.tree_map(
        lambda v, a, b: ((a - b) / (2 * step)).astype(v.dtype), value, ahead, behind
    )


def value_and_grad(fn: Any, values: Any) -> Any:
    raise _no_gradients()


def no_grad() -> Any:
    return nullcontext()


def captures() -> bool:
    return False


def jit(fn: Callable[..., Any], asked: bool) -> Callable[..., Any]:
    return fn


@contextmanager
def concrete() -> Iterator[None]:
    token = only_shapes.set(False)
    try:
        yield
    finally:
        only_shapes.reset(token)


def eval_shape(fn: Callable[..., Any], specs: Sequence[Spec]) -> Any:
    zeros = [unknown(s.shape, np_dtype(s.dtype)) for s in specs]
    token = only_shapes.set(True)
    try:
        with np.errstate(all="ignore"):
            result = fn(*zeros)
    finally:
        only_shapes.reset(token)
    return optree.tree_map(
        lambda x: Spec(tuple(x.shape), str(x.dtype)) if hasattr(x, "dtype") else x,
        result,
    )


def variable(value: np.ndarray[Any, Any], trainable: bool, host: bool) -> Native:
    return np.array(value)


def assign(old: Native, value: Native, trainable: bool) -> Native:
    return np.array(value)  # a copy: users change their arrays in place


def set_trainable(value: Native, trainable: bool) -> Native:
    return value


def placeholder(value: Native) -> Native:
    return value


@contextmanager
def device(name: str) -> Iterator[None]:
    yield  # there is one place only


def devices(kind: str | None) -> list[str]:
    return ["cpu:0"] if kind in (None, "cpu") else []


def send(x: Any) -> Native:
    return x


def free_memory() -> int | None:
    return None


def synchronize(x: Any) -> None:
    return None


def _generator(seed: Native) -> np.random.Generator:
    key = [int(i) & 0xFFFFFFFF for i in np.asarray(seed).ravel()]
    return np.random.Generator(np.random.Philox(key=key[0] << 32 | key[-1]))


@shaped(lambda seed, shape, dtype: (shape, np_dtype(dtype)))
def random_uniform(seed: Native, shape: Any, dtype: str) -> Native:
    kind = np_dtype("float64" if dtype == "float64" else "float32")
    draw = _generator(seed).random(tuple(shape), kind)
    rounded = draw.astype(np_dtype(dtype))
    # Rounding to half precision may reach 1, which is outside.
    return np.where(rounded < 1, rounded, np.zeros((), rounded.dtype))


@shaped(lambda seed, shape, dtype: (shape, np_dtype(dtype)))
def random_normal(seed: Native, shape: Any, dtype: str) -> Native:
    kind = np_dtype("float64" if dtype == "float64" else "float32")
    return _generator(seed).standard_normal(tuple(shape), kind).astype(np_dtype(dtype))


@shaped(lambda seed, shape, low, high, dtype: (shape, np_dtype(dtype)))
def random_randint(seed: Native, shape: Any, low: Any, high: Any, dtype: str) -> Native:
    return _generator(seed).integers(low, high, tuple(shape)).astype(np_dtype(dtype))


@shaped(lambda seed, alpha: (alpha.shape, alpha.dtype))
def random_gamma(seed: Native, alpha: Native) -> Native:
    draw = _generator(seed).standard_gamma(np.asarray(alpha, np.float64))
    return np.asarray(draw).astype(alpha.dtype)


@shaped(lambda seed, n, p: (np.broadcast_shapes(n.shape, p.shape), n.dtype))
def random_binomial(seed: Native, counts: Native, p: Native) -> Native:
    wide = np.asarray(counts, np.int64), np.asarray(p, np.float64)
    return np.asarray(_generator(seed).binomial(*wide)).astype(counts.dtype)


def random_permutation(seed: Native, length: int) -> Native:
    return _generator(seed).permutation(length).astype("int32")
