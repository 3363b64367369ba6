"""The exceptions of Keras that are more than a plain ValueError or TypeError, and what
messages share."""

import sys
import warnings
from collections.abc import Iterable
from difflib import get_close_matches
from types import FrameType

_INNER = frozenset("keras jax torch tensorflow numpy optree contextlib".split())
"""Packages that may stand between a user's line and what it calls."""

MAX_MESSAGE = 600
"""Longest error message, in characters; longer facts are cut, never array contents."""


class ConfigFileError(ValueError):
    """`keras.json` or `KERAS_BACKEND` holds something that is no setting.

    Fails: `KERAS_BACKEND=pytorch python train.py`.
    Repair: `KERAS_BACKEND=torch python train.py`.
    """


class ShapeError(ValueError):
    """An input has a shape that a layer or an op cannot work on.

    Fails: `Sequential([Input((100,)), Dense(10)]).predict(ones((5, 99)))`.
    Repair: give arrays whose last dimension is 100.
    """

    expects: str | None = None
    """What arguments must fulfil, where an engine refused those of an op."""


class UnknownNameError(ValueError):
    """A string stands for a loss, layer, optimizer, ... that does not exist.

    Fails: `model.compile(loss="mean_square_error")`.
    Repair: `model.compile(loss="mean_squared_error")`.
    """


class NotCompiledError(ValueError):
    """A model is trained or evaluated before `compile` was called.

    Fails: `model = Sequential([Dense(1)]); model.fit(x, y)`.
    Repair: call `model.compile(optimizer="adam", loss="mse")` first.
    """


class FileFormatError(ValueError):
    """A file is damaged, hostile, or of a kind that Keras does not read.

    Fails: `keras.models.load_model("notes.txt")`.
    Repair: give a file written by `model.save("model.keras")`.
    """


class MissingFileError(FileFormatError, FileNotFoundError):
    """There is no file of this name.

    Fails: `keras.models.load_model("modle.keras")`.
    Repair: `keras.models.load_model("model.keras")`.
    """


class UnsafeFileError(FileFormatError):
    """A file asks for code to be run, which loading never does by itself.

    Fails: `load_model("with_lambda.keras")` where a layer holds a pickled function.
    Repair: rebuild the layer from a registered class; only for a file whose author
    you trust, pass `safe_mode=False`.
    """


def nearest(name: str, known: Iterable[str], count: int = 3) -> list[str]:
    """The entries of `known` that look most like `name`, best first."""
    table = {k.lower().replace("_", ""): k for k in known}
    close = get_close_matches(name.lower().replace("_", ""), table, count, 0.55)
    return [table[k] for k in close]


def unknown_name(what: str, name: object, known: Iterable[str]) -> UnknownNameError:
    """The error for a string `name` that stands for no `what`."""
    close = nearest(str(name), known)
    hint = (
        f"Did you mean {' or '.join(map(repr, close))}?"
        if close
        else ("Pass a known name, a class instance, or a function.")
    )
    return UnknownNameError(f"Unknown {what}: got {name!r}. {hint}")


def warn(message: str, category: type[Warning] = UserWarning) -> None:
    """Warn at the user's line: the nearest one that is neither ours nor an engine's."""
    frame: FrameType | None = sys._getframe(1)
    level = 2
    while frame is not None and _package(frame) in _INNER:
        frame, level = frame.f_back, level + 1
    warnings.warn(message, category, stacklevel=level)


def _package(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__")).split(".")[0]


def shorten(text: object, limit: int = 160) -> str:
    """`text` as one line of at most `limit` characters."""
    line = " ".join(str(text).split())
    return line if len(line) <= limit else line[: limit - 3] + "..."
