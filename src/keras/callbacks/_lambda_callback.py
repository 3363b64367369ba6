"""`LambdaCallback`: a callback out of plain functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from keras.callbacks._callback import Callback
from keras.errors import unknown_name

_METHODS = [name for name in vars(Callback) if name.startswith("on_")]

Hook = Callable[..., Any] | None


class LambdaCallback(Callback):
    """Calls functions at points of the training.

    Args:
        on_epoch_begin, on_epoch_end: `(epoch, logs) -> None`.
        on_train_begin, on_train_end: `(logs) -> None`.
        on_train_batch_begin, on_train_batch_end: `(batch, logs) -> None`.
        kwargs: functions by the name of any other method of `Callback`.

    Raises:
        UnknownNameError: for a name that is no method of `Callback`.

    Example:
        >>> tell = keras.callbacks.LambdaCallback(
        ...     on_epoch_end=lambda epoch, logs: print(epoch, logs["loss"])
        ... )
    """

    def __init__(
        self,
        on_epoch_begin: Hook = None,
        on_epoch_end: Hook = None,
        on_train_begin: Hook = None,
        on_train_end: Hook = None,
        on_train_batch_begin: Hook = None,
        on_train_batch_end: Hook = None,
        **kwargs: Any,
    ) -> None:
        super().__init__()
        hooks: dict[str, Hook] = {
            "on_epoch_begin": on_epoch_begin,
            "on_epoch_end": on_epoch_end,
            "on_train_begin": on_train_begin,
            "on_train_end": on_train_end,
            "on_train_batch_begin": on_train_batch_begin,
            "on_train_batch_end": on_train_batch_end,
            **kwargs,
        }
        for name, function in hooks.items():
            if name not in _METHODS:
                raise unknown_name("method of LambdaCallback", name, _METHODS)
            if function is not None:
                # On the instance, where it goes before the method of the class.
                setattr(self, name, function)
