"""The losses that a layer adds while it is called, and the penalties on its weights."""

from __future__ import annotations

from typing import Any

from keras.core import tree
from keras.layers import _tracking
from keras.layers._call import call_context
from keras.layers._state import State
from keras.typing import Tensor


class Losses(State):
    """What a layer adds to what training minimises; a base of `Layer`."""

    def add_loss(self, loss: Any) -> None:
        """Add a scalar to what training minimises; to be called inside `call`."""
        context = call_context()
        for each in tree.flatten(loss):
            self._losses.append(each)
            if context is not None:
                context.losses.append(each)
                context.owners.append(self)

    def _clear_losses(self) -> None:
        for layer in self._flatten_layers():
            layer._losses.clear()

    @property
    def losses(self) -> list[Tensor]:
        """What was added in the last call, and the penalties on the weights."""
        added = [x for layer in self._flatten_layers() for x in layer._losses]
        return added + self._weight_penalties()

    def _weight_penalties(self) -> list[Tensor]:
        regularized = _tracking.cached(
            self,
            "regularized",
            lambda: [v for v in self.trainable_variables if v.regularizer is not None],
        )
        return [v.regularizer(v) for v in regularized]  # type: ignore[misc]
