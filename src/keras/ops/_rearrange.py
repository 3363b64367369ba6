"""Axes by name: transpose, split and merge them in one pattern."""

import re
from functools import lru_cache
from typing import Any

from keras.backend import current
from keras.errors import ShapeError
from keras.ops._op import op
from keras.ops._op import tensor as as_tensor
from keras.ops._shapes import entries
from keras.typing import Tensor, TensorLike

Side = tuple[tuple[str, ...], ...]
"""The names that each axis consists of; none for an axis of length 1."""

_TOKEN = re.compile(r"\.\.\.|[A-Za-z_]\w*|1(?!\w)|[()]")


@op
def rearrange(tensor: TensorLike, pattern: str, **axes_lengths: int) -> Tensor:
    """The entries of a tensor with its axes reordered, split or merged, by name.

    Args:
        tensor: any tensor.
        pattern: the axes before and after `->`, for example `"b (h w) c -> b h w c"`.
            Parentheses hold the parts of one axis, slowest first; `1` is an axis of
            length 1 and `...` any number of axes (Rogozhnikov 2022, einops).
        axes_lengths: lengths of names that do not follow from the shape.

    Raises:
        ShapeError: if the pattern does not fit the tensor or itself.

    Example:
        >>> x = keras.ops.ones((2, 12, 3))
        >>> keras.ops.rearrange(x, "b (h w) c -> b c h w", h=4).shape
        (2, 3, 4, 3)
    """
    x = as_tensor(tensor)
    shape = tuple(int(d) for d in x.shape)
    left, right = _parsed(pattern, x.ndim)
    if len(left) != len(shape):
        raise _misfit(pattern, shape, f"a tensor of {len(left)} axes")
    sizes: dict[str, int] = {}
    for names, size in zip(left, shape, strict=True):
        given = {n: axes_lengths[n] for n in names if n in axes_lengths}
        open_names = [n for n in names if n not in given]
        known = entries(list(given.values()))
        if len(open_names) > 1:
            raise _misfit(pattern, shape, f"lengths of all but one of {names}")
        if known == 0 or size % known or (not open_names and size != known):
            raise _misfit(pattern, shape, f"an axis of {size} to split as {names}")
        sizes |= given | dict.fromkeys(open_names, size // known)
    engine = current.engine
    before = [n for names in left for n in names]
    after = [n for names in right for n in names]
    x = engine.reshape(x, [sizes[n] for n in before])
    x = engine.transpose(x, tuple(before.index(n) for n in after))
    return engine.reshape(x, [entries([sizes[n] for n in names]) for names in right])


def _misfit(pattern: str, shape: Any, expected: str) -> ShapeError:
    return ShapeError(
        f"keras.ops.rearrange: got pattern {pattern!r:.200} for a tensor of shape "
        f"{shape}; expected {expected}. Change the pattern, or pass lengths by name."
    )


@lru_cache(maxsize=1024)
def _parsed(pattern: str, ndim: int) -> tuple[Side, Side]:
    """Both sides of the pattern, `...` spelled out for a tensor of `ndim` axes."""
    before, arrow, after = pattern.partition("->")
    left, right = _axes(before), _axes(after)
    if not arrow or left is None or right is None:
        expected = "names, parentheses that are not nested, '1', '...', and one '->'"
        raise _misfit(pattern, "of any rank", expected)
    rest = tuple(str(i) for i in range(max(ndim - len(left) + 1, 0)))
    left, right = _spelled_out(left, rest), _spelled_out(right, rest)
    names = [[n for axis in side for n in axis] for side in (left, right)]
    if sorted(names[0]) != sorted(names[1]) or len(set(names[0])) < len(names[0]):
        raise _misfit(pattern, "of any rank", "every name once on each side")
    return left, right


def _axes(text: str) -> Side | None:
    """The axes that one side lists; None where it cannot be read."""
    if _TOKEN.sub("", text).strip():
        return None
    axes: list[tuple[str, ...]] = []
    group: list[str] | None = None
    for token in _TOKEN.findall(text):
        if token == "(" and group is None:
            group = []
        elif token == ")" and group is not None:
            axes.append(tuple(group))
            group = None
        elif token in "()":
            return None
        elif group is not None:
            group += [] if token == "1" else [token]
        else:
            axes.append(() if token == "1" else (token,))
    return None if group is not None else tuple(axes)


def _spelled_out(side: Side, rest: tuple[str, ...]) -> Side:
    axes: list[tuple[str, ...]] = []
    for names in side:
        if names == ("...",):
            axes += [(name,) for name in rest]
        elif "..." in names:
            at = names.index("...")
            axes.append((*names[:at], *rest, *names[at + 1 :]))
        else:
            axes.append(names)
    return tuple(axes)
