"""Shapes and dtypes of what a function would return, found without running it."""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import islice, product
from types import MappingProxyType
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
    is_ours = identity is not None
    if key is None:
        return _evaluated(fn, leaves, structure, what, is_ours)
    found = _known.get(key)
    if found is None:
        if len(_known) == _MAX_KNOWN:
            _known.clear()
        found = _known[key] = _evaluated(fn, leaves, structure, what, is_ours)
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
    fn: Callable[..., Any], leaves: list[Any], structure: Any, what: str, is_ours: bool
) -> Any:
    """The outputs, with a `KerasTensor` for every tensor.

    An unknown dimension is tried with two sizes: what differs in the results is unknown
    there too. Where these do not suit (a window that is larger, a number of parts that
    is no divisor) others may; also where a dimension of 0 or 1 comes out, which may be
    all that was left of them. At last unknown dimensions are taken for known ones that
    they may have to fit.

    Code of the user (not `is_ours`) may loop over an axis in Python: it is not run for
    very many steps, and not because of a dimension of 1.
    """
    places = [i for i, leaf in enumerate(leaves) if isinstance(leaf, KerasTensor)]
    symbols: list[KerasTensor] = [leaves[i] for i in places]
    failures: list[tuple[Exception, list[Spec]]] = []

    def run(*tensors: Any) -> Any:
        values = list(leaves)
        for i, tensor in zip(places, tensors, strict=True):
            values[i] = tensor
        inner_args, inner_kwargs = tree.unflatten(structure, values)
        with AbstractScope():
            return fn(*inner_args, **inner_kwargs)

    def outputs(trials: Iterable[list[list[Spec]]]) -> Iterator[Any]:
        for specs in trials:
            try:
                found = [current.engine.eval_shape(run, each) for each in specs]
            except _NOT_OF_SHAPES:
                raise
            except Exception as error:
                failures.append((error, specs[0]))
            else:
                yield _merged(found[0], found[-1], what, symbols)

    trials = _Trials(symbols, leaves)
    result = next(outputs(trials.usual()), None)
    believable = min(2 if is_ours else 1, _least(symbols))
    if result is not None and _least(result) >= believable:
        return result
    for other in outputs(trials.large(27720 if is_ours else 5040)):
        if result is None or _least(other) > _least(result):
            return other
    if result is not None:
        return result
    for other in outputs(trials.fitted(64 if is_ours else 10)):
        if _least(other) >= believable:
            return other
    told = [f for f in failures if not isinstance(f[0], MemoryError)] or failures
    error, specs = told[0]
    raise _explained(error, what, symbols, specs) from error


# Mistakes that are the same with other sizes.
_NOT_OF_SHAPES = (AttributeError, ImportError, NameError)


def _least(tensors: Any) -> int:
    """The smallest dimension that is known."""
    shapes = (t.shape for t in tree.flatten(tensors) if isinstance(t, KerasTensor))
    return min((n for shape in shapes for n in shape if n is not None), default=2)


# Divisible by much, and large enough for most windows; small where there is much else.
_SIZES = ((480, 960), (12, 24), (70, 140), (1260, 2520), (2, 4))


class _Trials:
    """What symbolic inputs are taken for, in turn: one or two lists of specs a time.

    Args:
        symbols: the inputs.
        leaves: all arguments.
    """

    def __init__(self, symbols: list[KerasTensor], leaves: list[Any]) -> None:
        self._symbols = symbols
        self._known = _known_sizes(leaves)
        self._unknown = [
            (i, axis)
            for i, symbol in enumerate(symbols)
            for axis, size in enumerate(symbol.shape)
            if size is None
        ]

    def usual(self) -> Iterator[list[list[Spec]]]:
        """With one size, or a multiple of a known one, in place of all unknown."""
        if not self._unknown:
            yield [self._specs()]
            return
        for pair in (*_SIZES, *((2 * n, 4 * n) for n in self._known)):
            yield [self._specs(size) for size in pair]

    def large(self, size: int) -> Iterator[list[list[Spec]]]:
        """With `size`, and twice that, for what stands behind the first dimension."""
        within = [place for place in self._unknown if place[1]] or self._unknown
        parts = [within, *([place] for place in reversed(within))] if within else []
        for part in parts if len(within) > 1 else parts[:1]:
            few = self._specs(2, dict.fromkeys(part, size))
            yield [few, self._specs(4, dict.fromkeys(part, 2 * size))]

    def fitted(self, most: int) -> Iterator[list[list[Spec]]]:
        """With dimensions as large as known ones, which they may have to be: with one
        of them, then with two, and so on; `most` times at most."""
        choices = product((None, *self._known), repeat=len(self._unknown))
        tried = sorted(islice(choices, 1, most), key=lambda c: -c.count(None))
        for choice in tried:
            chosen = zip(self._unknown, choice, strict=True)
            fits = {place: n for place, n in chosen if n is not None}
            yield [self._specs(size, fits) for size in _SIZES[1]]

    def _specs(
        self, size: int = 1, but: Mapping[tuple[int, int], int] = MappingProxyType({})
    ) -> list[Spec]:
        """Specs with `size` for what is unknown, `but` for some places."""
        sizes = dict.fromkeys(self._unknown, size) | dict(but)
        return [
            Spec(
                tuple(sizes.get((i, a), n) for a, n in enumerate(symbol.shape)),  # type: ignore[misc]
                stored(symbol.dtype),
            )
            for i, symbol in enumerate(self._symbols)
        ]


def _known_sizes(leaves: list[Any]) -> Sequence[int]:
    """Dimensions that stand in arguments, or may be given by them."""
    known: list[int] = []
    for leaf in leaves:
        shape = (leaf,) if type(leaf) is int else getattr(leaf, "shape", ())
        known += [int(d) for d in shape if d is not None and d > 1]
    return tuple(dict.fromkeys(known))[:_MAX_KNOWN_SIZES]


_MAX_KNOWN_SIZES = 8


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


def _explained(
    error: Exception, what: str, symbols: list[KerasTensor], specs: list[Spec]
) -> Exception:
    """`error`, with the name of what was called and the shapes that came."""
    told = _in_symbols(str(error), symbols, specs)
    clear = isinstance(error, ShapeError | TypeError)
    if clear or told.startswith("keras.") or _is_unwritten(error):
        if told != str(error) and len(error.args) == 1:
            error.args = (told,)
        return error
    return ShapeError(
        f"{what}: cannot be called on symbolic inputs of {_described(symbols)}. "
        f"{type(error).__name__}: {shorten(told, 300)} Give inputs of other shapes, "
        "or, where the result's shape depends on data, wrap the code in a Layer with "
        "compute_output_shape."
    )


def _in_symbols(message: str, symbols: list[KerasTensor], specs: list[Spec]) -> str:
    """A message that says `None` in shapes (and parts of them) that were tried."""
    names = {
        str(spec.shape[i:j]): str(symbol.shape[i:j])
        for symbol, spec in zip(symbols, specs, strict=True)
        for i in range(len(spec.shape))
        for j in range(i + 1, len(spec.shape) + 1)
        if None in symbol.shape[i:j]
    }
    return re.sub(r"\([\d, ]+\)", lambda m: names.get(m[0], m[0]), message)


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
