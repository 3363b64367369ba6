"""`TerminateOnNaN`: ends a training whose loss is no number any more."""

from __future__ import annotations

import numpy as np

from keras.callbacks._callback import Callback, Logs
from keras.callbacks._progress import write


class TerminateOnNaN(Callback):
    """Stops training when the loss is NaN or infinite.

    Args:
        raise_error: whether to raise instead of stopping quietly.

    Raises:
        RuntimeError: during training, with `raise_error=True`.

    Example:
        >>> model.fit(x, y, callbacks=[keras.callbacks.TerminateOnNaN()])
    """

    def __init__(self, raise_error: bool = False) -> None:
        super().__init__()
        self.raise_error = raise_error

    def on_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Look at the loss."""
        loss = (logs or {}).get("loss")
        if loss is None or np.all(np.isfinite(loss)):
            return
        if self.raise_error:
            raise RuntimeError(
                f"TerminateOnNaN: the loss is {loss} at batch {batch}. Lower the "
                "learning rate, clip gradients (clipnorm=1.0), or look for NaN in the "
                "data."
            )
        write(f"Batch {batch}: Invalid loss, terminating training\n")
        self.model.stop_training = True
