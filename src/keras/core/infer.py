"""Shapes and dtypes of what a function would return, found without running it."""

import math
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any

from keras.backend import current
from keras.backend.base import Spec
from keras.core import config, tree
from keras.core.dtypes import stored
from keras.core.keras_tensor import KerasTensor
from keras.core.scopes import AbstractScope
from keras.errors import ShapeError, shorten
from keras.typing import Shape


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
    is no divisor) others may; and at last one unknown dimension is taken for a known
    one that it may have to fit.
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
    for specs in _trials(symbols, leaves):
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


def _trials(
    symbols: list[KerasTensor], leaves: list[Any]
) -> Iterator[list[list[Spec]]]:
    """What the inputs are taken for, in turn: one or two lists of specs a time."""
    shapes = [s.shape for s in symbols]
    unknown = [
        (i, axis) for i, s in enumerate(shapes) for axis, d in enumerate(s) if d is None
    ]
    engine = current.engine
    sizes = engine.probe_sizes if unknown else ((1,),)
    if _entries(_specs(symbols, shapes, sizes[0][-1])) > engine.probe_entries:
        sizes = sizes[1:] or sizes
    for pair in sizes:
        yield [_specs(symbols, shapes, size) for size in pair]
    for i, axis in unknown:
        for size in _known_sizes(leaves):
            fitted = list(shapes)
            fitted[i] = (*shapes[i][:axis], size, *shapes[i][axis + 1 :])
            yield [_specs(symbols, fitted, size) for size in sizes[0]]


def _known_sizes(leaves: list[Any]) -> Sequence[int]:
    """Dimensions that stand in arguments, or may be given by them."""
    known: list[int] = []
    for leaf in leaves:
        shape = (leaf,) if type(leaf) is int else getattr(leaf, "shape", ())
        known += [int(d) for d in shape if d is not None and d > 1]
    return tuple(dict.fromkeys(known))[:_MAX_KNOWN_SIZES]


_MAX_KNOWN_SIZES = 8


def _entries(specs: list[Spec]) -> int:
    return sum(math.prod(spec.shape) for spec in specs)


def _specs(
    symbols: list[KerasTensor], shapes: Sequence[Shape], size: int
) -> list[Spec]:
    """Specs of `shapes` with `size` for what is unknown."""
    return [
        Spec(tuple(size if d is None else d for d in shape), stored(symbol.dtype))
        for symbol, shape in zip(symbols, shapes, strict=True)
    ]


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
    clear = isinstance(error, ShapeError | TypeError)
    if clear or str(error).startswith("keras.") or _is_unwritten(error):
        return error
    return ShapeError(
        f"{what}: cannot be called on symbolic inputs of {_described(symbols)}. "
        f"{type(error).__name__}: {shorten(error, 300)} Give inputs of other shapes, "
        "or, where the result's shape depends on data, wrap the code in a Layer with "
        "compute_output_shape."
    )


def _is_unwritten(error: Exception) -> bool:
    """Whether Keras or the user says that something is not there, and no engine."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    module = "" if place is None else place.tb_frame.f_globals.get("__name__", "")
    engine = module.partition(".")[0] in ("torch", "jax", "jaxlib", "numpy")
    return isinstance(error, NotImplementedError) and not engine


def _described(symbols: list[KerasTensor]) -> str:
    return ", ".join(f"{s.shape} {s.dtype}" for s in symbols)
