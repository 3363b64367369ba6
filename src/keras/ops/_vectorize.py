"""`vectorize`: a function of small tensors, run over larger ones."""

import re
from collections.abc import Callable, Collection
from functools import wraps
from typing import Any

import numpy as np

from keras.backend import current
from keras.core import control, tree
from keras.errors import ShapeError
from keras.ops._op import op, tensor
from keras.typing import Native

_DIMS = r"\(\s*(?:\w+\s*(?:,\s*\w+\s*)*,?)?\s*\)"
_SIGNATURE = re.compile(
    rf"^\s*{_DIMS}(\s*,\s*{_DIMS})*\s*->\s*{_DIMS}(\s*,\s*{_DIMS})*\s*$"
)


def vectorize(
    pyfunc: Callable[..., Any],
    *,
    excluded: Collection[int | str] | None = None,
    signature: str | None = None,
) -> Callable[..., Any]:
    """`pyfunc` for arguments with more dimensions than it expects; these broadcast.

    Args:
        pyfunc: from tensors, scalars unless `signature` says otherwise, to tensors.
        excluded: positions and names of arguments that are passed as they are.
        signature: the dimensions that `pyfunc` expects and returns, such as
            "(m,n),(n)->(m)".

    Example:
        >>> norm = keras.ops.vectorize(keras.ops.norm, signature="(n)->()")
        >>> norm(keras.ops.ones((5, 3))).shape
        (5,)
    """
    ranks = None if signature is None else _ranks(signature)
    fixed = frozenset(excluded or ())

    @wraps(pyfunc)
    def call(*args: Any, **kwargs: Any) -> Any:
        return run(args, kwargs)

    @op(runs_code=True)
    def run(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        places = [i for i in range(len(args)) if i not in fixed]
        values = [tensor(args[i]) for i in places]
        dims = [0] * len(values) if ranks is None else ranks
        if len(dims) != len(values):
            raise ShapeError(
                f"keras.ops.vectorize: got {len(values)} arguments; expected "
                f"{len(dims)} by signature={signature!r}."
            )

        def inner(*xs: Native) -> Any:
            given = list(args)
            for i, x in zip(places, xs, strict=True):
                given[i] = x
            return pyfunc(*given, **kwargs)

        return _mapped(inner, values, dims)

    return call


def _ranks(signature: str) -> list[int]:
    if not _SIGNATURE.match(signature):
        raise ShapeError(
            f"keras.ops.vectorize: got signature={signature!r}; expected a form like "
            '"(m,n),(n)->(m)".'
        )
    inputs = re.findall(r"\(([^)]*)\)", signature.partition("->")[0])
    return [len([d for d in names.split(",") if d.strip()]) for names in inputs]


def _mapped(function: Callable[..., Any], values: list[Native], dims: list[int]) -> Any:
    """`function` over all dimensions but the last `dims` of each value."""
    engine = current.engine
    outer = [tuple(v.shape[: v.ndim - d]) for v, d in zip(values, dims, strict=True)]
    shape = tuple(int(n) for n in np.broadcast_shapes(*outer))
    if not shape:
        return function(*values)
    flat = []
    for value, d in zip(values, dims, strict=True):
        core = tuple(value.shape[value.ndim - d :])
        wide = engine.broadcast_to(value, (*shape, *core))
        flat.append(engine.reshape(wide, (int(np.prod(shape)), *core)))
    result = control.vmap(lambda xs: function(*xs), flat)
    return tree.map_structure(
        lambda y: engine.reshape(y, (*shape, *y.shape[1:])), result
    )
