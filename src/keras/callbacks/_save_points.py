"""When to save: every epoch, or every so many batches."""

from __future__ import annotations

from keras.callbacks._kept import Kept


class SavePoints(Kept):
    """Counts batches until the next save.

    Args:
        save_freq: "epoch", or a number of batches.
        owner: the name of the callback, for errors.

    Raises:
        ValueError: for anything else.
    """

    def __init__(self, save_freq: int | str, owner: str) -> None:
        is_count = isinstance(save_freq, int) and save_freq >= 1
        if save_freq != "epoch" and not is_count:
            raise ValueError(
                f"{owner}(save_freq=...): got {save_freq!r}; expected 'epoch', or a "
                "positive int: a number of batches."
            )
        self._freq = save_freq
        self._batches = 0

    @property
    def each_epoch(self) -> bool:
        """Whether to save at the ends of epochs, and not within them."""
        return self._freq == "epoch"

    def batch_done(self) -> bool:
        """Count one batch; whether it is time to save. Goes on over epochs."""
        if self.each_epoch:
            return False
        self._batches += 1
        return self._batches % int(self._freq) == 0
