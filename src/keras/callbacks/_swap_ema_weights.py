"""`SwapEMAWeights`: evaluate with averaged weights, train with the others."""

from __future__ import annotations

from typing import Any

import numpy as np

from keras.callbacks._callback import Callback, Logs


class SwapEMAWeights(Callback):
    """Exchanges the weights and their moving averages for evaluation.

    Evaluation and prediction use the averages that the optimizer keeps with
    `use_ema=True`; training goes on with the weights themselves.

    Args:
        swap_on_epoch: whether to exchange them at the end of each epoch already, so
            that a `ModelCheckpoint` listed after this callback saves the averages.

    Raises:
        ValueError: if the optimizer keeps no averages.

    Example:
        >>> model.compile(keras.optimizers.SGD(use_ema=True), "mse")
        >>> model.fit(x, y, callbacks=[keras.callbacks.SwapEMAWeights()])
    """

    def __init__(self, swap_on_epoch: bool = False) -> None:
        super().__init__()
        self.swap_on_epoch = swap_on_epoch
        # Copies of the trained weights while the averages are in their place.
        self._trained: list[np.ndarray[Any, Any]] | None = None

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """Go back to the weights that are trained."""
        self._put_trained()

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Take the averages, where asked to."""
        if self.swap_on_epoch:
            self._put_averages()

    def on_train_end(self, logs: Logs | None = None) -> None:
        """Forget the trained weights: `fit` ends with the averages in the model."""
        self._trained = None

    def on_test_begin(self, logs: Logs | None = None) -> None:
        """Take the averages."""
        self._put_averages()

    def on_test_end(self, logs: Logs | None = None) -> None:
        """Go back to the weights that are trained."""
        self._put_trained()

    def on_predict_begin(self, logs: Logs | None = None) -> None:
        """Take the averages."""
        self._put_averages()

    def on_predict_end(self, logs: Logs | None = None) -> None:
        """Go back to the weights that are trained."""
        self._put_trained()

    def _put_averages(self) -> None:
        if self._trained is not None:
            return
        pairs = _pairs(self.model.optimizer)
        self._trained = [np.array(variable.numpy()) for variable, _ in pairs]
        for variable, average in pairs:
            variable.assign(np.array(average.numpy()))

    def _put_trained(self) -> None:
        if self._trained is None:
            return
        pairs = _pairs(self.model.optimizer)
        for (variable, _), value in zip(pairs, self._trained, strict=True):
            variable.assign(value)
        self._trained = None


def _pairs(optimizer: Any) -> list[tuple[Any, Any]]:
    """The trained variables with their averages."""
    optimizer = getattr(optimizer, "inner_optimizer", optimizer)
    if not getattr(optimizer, "use_ema", False):
        raise ValueError(
            f"SwapEMAWeights: the optimizer {type(optimizer).__name__} keeps no moving "
            "averages. Compile with one such as keras.optimizers.Adam(use_ema=True)."
        )
    averages = optimizer._slots.get("average", [])
    pairs = zip(optimizer._trainable_variables, averages, strict=False)
    return [(v, a) for v, a in pairs if a is not None]
