"""Gradients as they come, and as the update wants them."""

from collections.abc import Sequence
from typing import Any

from keras import ops
from keras.backend import current
from keras.core.variable import Variable
from keras.errors import ShapeError
from keras.typing import Native


def clean(
    owner: str, grads: Sequence[Any], variables: Sequence[Variable]
) -> list[Native]:
    """Gradients as tensors of the dtypes and shapes of their variables."""
    engine = current.engine
    result = []
    for g, v in zip(grads, variables, strict=True):
        value = v._value
        if engine.is_tensor(g) and g.dtype == value.dtype and g.shape == value.shape:
            result.append(g)
            continue
        if isinstance(g, Variable):
            g = g.value
        g = ops.convert_to_tensor(g, v._dtype)
        if tuple(g.shape) != v._shape:
            raise ShapeError(
                f"{owner}.apply: got a gradient of shape {tuple(g.shape)} for the "
                f"variable {v.path!r} of shape {v._shape}; expected the same shape. "
                "Check the order of gradients and variables."
            )
        result.append(g)
    return result


def overwrite(
    grads: list[Any], variables: Sequence[Variable]
) -> tuple[list[Any], list[Variable]]:
    """Assign the gradients that stand for new values; return the others."""
    rest = []
    for g, v in zip(grads, variables, strict=True):
        if v.overwrite_with_gradient:
            v.assign(g)
        else:
            rest.append((g, v))
    return [g for g, _ in rest], [v for _, v in rest]
