"""One form for the errors of all ops, the same on every engine."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from keras.errors import MAX_MESSAGE, ShapeError, shorten

# What engines raise for arguments that do not fit. Their subclasses (out of memory,
# tracer errors) say something else and keep their type.
_ENGINE_ERRORS = (ValueError, TypeError, RuntimeError, IndexError)


class NoTensorError(ShapeError):
    """An argument that no tensor can be made of."""

    expects = "tensors, arrays, numbers, or lists of these"


def explained(
    error: Exception,
    function: Callable[..., Any],
    expects: str,
    arguments: Mapping[str, Any],
) -> Exception:
    """The error to raise in place of `error`, which came out of an op.

    An op that calls others tells of itself, since it is what the user called.
    """
    cause: BaseException | None
    if isinstance(error, NoTensorError):
        expects, cause = error.expects, error.__cause__
    elif isinstance(error, ShapeError) and error.expects:
        expects, cause = expects or error.expects, error.__cause__
    elif type(error) in _ENGINE_ERRORS and not str(error).startswith("keras."):
        cause = error
    elif type(error) is ShapeError and type(error.__cause__) in _ENGINE_ERRORS:
        cause = error.__cause__  # it came while a shape was inferred
    else:
        return error
    name = f"keras.ops.{function.__name__}"
    given = ", ".join(f"{k}={described(v)}" for k, v in arguments.items())
    expects = expects or "arguments whose shapes and dtypes fit together"
    result = ShapeError(
        f"{name}: got {shorten(given, 320)}; expected {expects}."[:MAX_MESSAGE]
    )
    result.expects = expects
    result.__cause__ = cause
    return result


def described(x: Any) -> str:
    """An argument in a few words: of a tensor shape and dtype, never its content."""
    if isinstance(x, list | tuple) and any(hasattr(item, "shape") for item in x):
        items = [described(item) for item in x[:6]] + ["..."] * (len(x) > 6)
        return f"[{', '.join(items)}]"
    if hasattr(x, "shape") and hasattr(x, "dtype"):
        shape = tuple(None if d is None else int(d) for d in x.shape)
        return f"{str(x.dtype).rsplit('.', 1)[-1]}{shape}"
    if isinstance(x, list | tuple) and x and isinstance(x[0], list | tuple):
        return f"{type(x).__name__} of shape {np.shape(x)}" if _regular(x) else "list"
    return shorten(repr(x), 60)


def _regular(x: Any) -> bool:
    try:
        np.shape(x)
    except ValueError:
        return False
    return True
