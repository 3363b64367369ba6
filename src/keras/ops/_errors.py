"""One form for the errors of all ops, the same on every engine."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from keras.errors import MAX_MESSAGE, ShapeError, shorten

# What engines raise for arguments that do not fit. Their subclasses (out of memory,
# tracer errors) say something else and keep their type.
_ENGINE_ERRORS = (ValueError, TypeError, RuntimeError, IndexError)


class _Misfit(ShapeError):
    """An engine refused the arguments of an op."""


def explained(
    error: Exception,
    function: Callable[..., Any],
    expects: str,
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
) -> Exception:
    """The error to raise in place of `error`, which came out of an op."""
    own = str(error).startswith("keras.ops.")
    if own or not (type(error) in _ENGINE_ERRORS or _from_inference(error)):
        return error
    name = f"keras.ops.{function.__name__}"
    given = _arguments(function, args, kwargs)
    expects = expects or "arguments whose shapes and dtypes fit together"
    message = f"{name}: got {shorten(given, 320)}; expected {expects}."
    result = _Misfit(message[:MAX_MESSAGE])
    result.__cause__ = error
    result.__suppress_context__ = True
    return result


def _from_inference(error: Exception) -> bool:
    return type(error) is ShapeError and type(error.__cause__) in _ENGINE_ERRORS


def _arguments(
    function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> str:
    try:
        given = inspect.signature(function).bind(*args, **kwargs).arguments
    except TypeError as error:
        return f"arguments that it does not take ({error})"
    return ", ".join(f"{name}={described(value)}" for name, value in given.items())


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
