"""Functions of a Python number or a tensor, whichever comes.

Where the step is a number in main memory (PyTorch), a schedule costs a few operations
of Python and no tensor at all; in a compiled step (JAX) the same formula is traced.
"""

import math
from typing import Any

from keras import ops

# Beyond it a learning rate is infinite in float32.
LARGEST = 3e38


def _is_number(x: Any) -> bool:
    return isinstance(x, int | float)


def cos(x: Any) -> Any:
    """Cosine."""
    return math.cos(x) if _is_number(x) else ops.cos(x)


def floor(x: Any) -> Any:
    """The largest whole number that is not larger."""
    return float(math.floor(x)) if _is_number(x) else ops.floor(x)


def ceil(x: Any) -> Any:
    """The smallest whole number that is not smaller."""
    return float(math.ceil(x)) if _is_number(x) else ops.ceil(x)


def log(x: Any) -> Any:
    """Natural logarithm."""
    return math.log(x) if _is_number(x) else ops.log(x)


def minimum(x: Any, y: float) -> Any:
    """The smaller."""
    return min(x, y) if _is_number(x) else ops.minimum(x, y)


def maximum(x: Any, y: float) -> Any:
    """The larger."""
    return max(x, y) if _is_number(x) else ops.maximum(x, y)


def where(condition: Any, x: Any, y: Any) -> Any:
    """x where the condition holds, else y."""
    if isinstance(condition, bool):
        return x if condition else y
    return ops.where(condition, x, y)


def raised(base: Any, exponent: Any) -> Any:
    """`base ** exponent` for a base of at least 0, at most `LARGEST`."""
    if not _is_number(exponent) or not _is_number(base):
        return ops.minimum(ops.power(base, exponent), LARGEST)
    try:
        return min(float(base) ** exponent, LARGEST)
    except OverflowError:
        return LARGEST
