"""`rearrange`: axes named, merged, split and moved by a pattern; and `cdist`."""

import math

from keras.backend import current
from keras.core import dtypes
from keras.errors import ShapeError
from keras.ops._op import floats, op, tensor
from keras.typing import Tensor, TensorLike

Group = list[str]


@op
def rearrange(tensor: TensorLike, pattern: str, **axes_lengths: int) -> Tensor:
    """Move, merge and split axes as a pattern says, in the notation of einops.

    Args:
        tensor: tensor; its axes are those left of the arrow.
        pattern: for example "b (h w) c -> b h w c"; axes in brackets are one axis.
        axes_lengths: sizes of axes that the shape does not tell.

    Raises:
        ValueError: if the pattern names other axes on its two sides.
        ShapeError: if the sizes do not fit the shape.

    Example:
        >>> keras.ops.rearrange(keras.ops.ones((2, 3, 4)), "b h w -> b (h w)").shape
        (2, 12)
    """
    engine = current.engine
    x = _native(tensor)
    left, right = _parse(pattern)
    sizes = _sizes(x.shape, left, axes_lengths, pattern)
    names = [name for group in left for name in group]
    target = [name for group in right for name in group]
    x = engine.reshape(x, [sizes[n] for n in names])
    x = engine.transpose(x, [names.index(n) for n in target])
    shape = [math.prod(sizes[n] for n in group) for group in right]
    return engine.reshape(x, shape)


_native = tensor


def _parse(pattern: str) -> tuple[list[Group], list[Group]]:
    sides = pattern.split("->")
    if len(sides) != 2:
        raise ValueError(
            f"keras.ops.rearrange: got the pattern {pattern!r}; expected one '->' "
            "between the axes before and after, as in 'b h w -> b (h w)'."
        )
    left, right = (_groups(side, pattern) for side in sides)
    before = [n for group in left for n in group]
    after = [n for group in right for n in group]
    if sorted(before) != sorted(after) or len(set(before)) != len(before):
        raise ValueError(
            f"keras.ops.rearrange: got the pattern {pattern!r}; expected the same "
            "axes, each once, on both sides of '->'."
        )
    return left, right


def _groups(side: str, pattern: str) -> list[Group]:
    groups: list[Group] = []
    inside = False
    for word in side.replace("(", " ( ").replace(")", " ) ").split():
        if word == "(" and not inside:
            groups.append([])
            inside = True
        elif word == ")" and inside:
            inside = False
        elif word.isidentifier():
            if inside:
                groups[-1].append(word)
            else:
                groups.append([word])
        elif word == "1" and not inside:
            groups.append([])
        else:
            raise ValueError(
                f"keras.ops.rearrange: got {word!r} in the pattern {pattern!r}; "
                "expected names of axes and brackets that are not nested."
            )
    return groups


def _sizes(
    shape: tuple[int, ...], left: list[Group], given: dict[str, int], pattern: str
) -> dict[str, int]:
    """The size of every axis; one in each bracket may follow from the others."""
    wrong = ShapeError(
        f"keras.ops.rearrange: got a tensor of shape {tuple(shape)} for the pattern "
        f"{pattern!r} with {given}; the sizes do not fit. Give the sizes of all axes "
        "but one of each bracket."
    )
    if len(shape) != len(left):
        raise wrong
    sizes = dict(given)
    for size, group in zip(shape, left, strict=True):
        unknown = [n for n in group if n not in sizes]
        known = math.prod(sizes[n] for n in group if n in sizes)
        if len(unknown) > 1 or known == 0 or size % known:
            raise wrong
        if unknown:
            sizes[unknown[0]] = size // known
        elif known != size:
            raise wrong
    return sizes


@op(expects="two tensors (..., points, features) with the same number of features")
def cdist(x: TensorLike, y: TensorLike) -> Tensor:
    """The Euclidean distance of every row of `x` to every row of `y`.

    Args:
        x: `(..., m, features)`.
        y: `(..., n, features)`.

    Returns:
        `(..., m, n)`.

    Example:
        >>> keras.ops.cdist([[0.0, 0.0]], [[3.0, 4.0]])
        [[5.0]]
    """
    engine = current.engine
    a, b = floats(x, y)
    a, b = engine.expand_dims(a, a.ndim - 1), engine.expand_dims(b, b.ndim - 2)
    total, size_a, size_b = (
        engine.sum(engine.square(v), (v.ndim - 1,), False)
        for v in (engine.subtract(a, b), a, b)
    )
    # The slope of the root at 0 is infinite: points that are equal but for rounding (a
    # compiler may round one copy of them otherwise than the other) get the gradient 0.
    noise = (4 * dtypes.resolution(engine.dtype(total))) ** 2
    limit = engine.multiply(engine.add(size_a, size_b), noise)
    is_equal = engine.less_equal(total, limit)
    one = engine.full_like(total, 1, None)
    root = engine.sqrt(engine.where(is_equal, one, total))
    return engine.where(is_equal, engine.sqrt(engine.stop_gradient(total)), root)
