"""Shapes and dtypes of what a function would return, found without running it."""

import math
from collections.abc import Callable, Hashable, Sequence
from typing import Any

from keras.backend import current
from keras.backend.base import Spec
from keras.core import config, tree
from keras.core.dtypes import stored
from keras.core.keras_tensor import KerasTensor
from keras.core.scopes import AbstractScope
from keras.errors import ShapeError, shorten


def infer_output(
    fn: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    what: str,
    identity: Hashable | None = None,
) -> Any:
    """What `fn(*args, **kwargs)` returns, with a `KerasTensor` for every tensor.

    Args:
        fn: works on real tensors.
        args, kwargs: what it is called with, symbolic tensors included.
        what: its name in errors.
        identity: equal for functions that do the same. What came out for one of them is
            remembered. `None` for a function that may be like no other.

    Raises:
        ShapeError: if `fn` fails on inputs of these shapes.
    """
    leaves, structure = tree.flatten_with_spec((args, kwargs))
    key = None if identity is None else _key(identity, leaves, structure)
    if key is None:
        return _evaluated(fn, leaves, structure, what)
    found = _known.get(key)
    if found is None:
        if len(_known) == _MAX_KNOWN:
            _known.clear()
        found = _known[key] = _evaluated(fn, leaves, structure, what)
    return tree.map_structure(_like, found)


_known: dict[Hashable, Any] = {}
_MAX_KNOWN = 4096
PLAIN = frozenset((bool, int, float, str, type(None)))


def _key(identity: Hashable, leaves: list[Any], structure: Any) -> Hashable | None:
    """What the output follows from, `None` if a leaf may be anything."""
    traits = []
    for leaf in leaves:
        kind = type(leaf)
        if kind is KerasTensor:
            traits.append((leaf.shape, leaf.dtype))
        elif kind in PLAIN:
            traits.append((kind, leaf))
        else:
            return None
    settings = current.active(), config.floatx(), config.image_data_format()
    return identity, structure, tuple(traits), settings


def _evaluated(
    fn: Callable[..., Any], leaves: list[Any], structure: Any, what: str
) -> Any:
    """The outputs, with a `KerasTensor` for every tensor.

    An unknown dimension is tried with two sizes: what differs in the results is unknown
    there too. Where these do not suit (a window that is larger, a number of parts that
    is no divisor) others may.
    """
    places = [i for i, leaf in enumerate(leaves) if isinstance(leaf, KerasTensor)]
    symbols: list[KerasTensor] = [leaves[i] for i in places]

    def run(*tensors: Any) -> Any:
        values = list(leaves)
        for i, tensor in zip(places, tensors, strict=True):
            values[i] = tensor
        inner_args, inner_kwargs = tree.unflatten(structure, values)
        with AbstractScope():
            return fn(*inner_args, **inner_kwargs)

    failure: Exception | None = None
    for sizes in _sizes(symbols):
        specs = [[_spec(s, size) for s in symbols] for size in sizes]
        if failure and _entries(specs[-1]) > _MAX_ENTRIES:
            continue
        try:
            results = [current.engine.eval_shape(run, each) for each in specs]
        except Exception as error:
            failure = failure or error
        else:
            return _merged(results[0], results[-1], what, symbols)
    assert failure is not None
    raise _explained(failure, what, symbols) from failure


# How many entries the inputs may have when other sizes are tried: NumPy computes.
_MAX_ENTRIES = 1 << 23


def _sizes(symbols: list[KerasTensor]) -> Sequence[Sequence[int]]:
    """What an unknown dimension is tried with, in turn; one try if there is none."""
    unknown = any(None in s.shape for s in symbols)
    return current.engine.probe_sizes if unknown else ((1,),)


def _entries(specs: list[Spec]) -> int:
    return sum(math.prod(spec.shape) for spec in specs)


def _spec(symbol: KerasTensor, size: int) -> Spec:
    shape = tuple(size if d is None else d for d in symbol.shape)
    return Spec(shape, stored(symbol.dtype))


def _like(x: Any) -> Any:
    return KerasTensor(x.shape, x.dtype) if isinstance(x, KerasTensor) else x


def _merged(a: Any, b: Any, what: str, symbols: list[KerasTensor]) -> Any:
    try:
        return tree.map_structure(_merge, a, b)
    except ValueError:
        raise ShapeError(
            f"{what}: got symbolic inputs of {_described(symbols)}; how many tensors "
            "come out, or how many axes they have, depends on an unknown dimension. "
            "Give it a size."
        ) from None


def _merge(a: Any, b: Any) -> Any:
    if not isinstance(a, Spec):
        return a if a is b or a == b else None
    shape = [m if m == n else None for m, n in zip(a.shape, b.shape, strict=True)]
    return KerasTensor(shape, a.dtype)


def _explained(error: Exception, what: str, symbols: list[KerasTensor]) -> Exception:
    """`error`, with the name of what was called and the shapes that came."""
    clear = isinstance(error, ShapeError | TypeError | NotImplementedError)
    if clear or str(error).startswith("keras."):
        return error
    return ShapeError(
        f"{what}: cannot be called on symbolic inputs of {_described(symbols)}. "
        f"{type(error).__name__}: {shorten(error, 300)} Give inputs of other shapes, "
        "or, where the result's shape depends on data, wrap the code in a Layer with "
        "compute_output_shape."
    )


def _described(symbols: list[KerasTensor]) -> str:
    return ", ".join(f"{s.shape} {s.dtype}" for s in symbols)
