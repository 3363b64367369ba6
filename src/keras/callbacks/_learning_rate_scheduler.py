"""`LearningRateScheduler`: a learning rate for each epoch."""

from __future__ import annotations

import inspect
from collections.abc import Callable

import numpy as np

from keras.callbacks._callback import Callback, Logs
from keras.callbacks._learning_rate import learning_rate_of, set_learning_rate
from keras.callbacks._progress import write


class LearningRateScheduler(Callback):
    """Sets the learning rate at the beginning of each epoch.

    The learning rate is added to the logs of each epoch.

    Args:
        schedule: `(epoch, learning_rate) -> float` or `(epoch) -> float`; epochs count
            from 0.
        verbose: 1 to write a line for each epoch.

    Example:
        >>> slower = keras.callbacks.LearningRateScheduler(lambda epoch, lr: lr * 0.9)
        >>> model.fit(x, y, epochs=10, callbacks=[slower])
    """

    def __init__(self, schedule: Callable[..., float], verbose: int = 0) -> None:
        super().__init__()
        self.schedule = schedule
        self.verbose = verbose
        self._takes_rate = _takes_two(schedule)

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """Set the learning rate of this epoch.

        Raises:
            ValueError: if the schedule returns no float.
        """
        current = learning_rate_of(self.model, "LearningRateScheduler")
        rate = (
            self.schedule(epoch, current) if self._takes_rate else self.schedule(epoch)
        )
        if (
            not isinstance(rate, float | np.floating)
            and getattr(rate, "shape", None) != ()
        ):
            raise ValueError(
                f"LearningRateScheduler: the schedule returned {rate!r} "
                f"({type(rate).__name__}) for epoch {epoch}; expected a float."
            )
        set_learning_rate(self.model, float(rate), "LearningRateScheduler")
        if self.verbose:
            write(
                f"Epoch {epoch + 1}: LearningRateScheduler setting learning rate to "
                f"{float(rate):.6g}.\n"
            )

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Add the learning rate to the logs."""
        if logs is not None:
            logs["learning_rate"] = learning_rate_of(
                self.model, "LearningRateScheduler"
            )


def _takes_two(schedule: Callable[..., float]) -> bool:
    """Whether the schedule also wants the learning rate, not only the epoch."""
    try:
        inspect.signature(schedule).bind(0, 0.0)
    except TypeError:
        return False
    except ValueError:  # written in C: unknown
        return True
    return True
