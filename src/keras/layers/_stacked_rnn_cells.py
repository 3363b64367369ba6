"""`StackedRNNCells`: several cells as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Unpack

from keras import ops
from keras.core.registry import CustomObjectScope
from keras.layers._call import call_signature
from keras.layers._layer import Layer, LayerOptions
from keras.typing import Config, Tensor


class StackedRNNCells(Layer):
    """Cells of which each takes the output of the one before it.

    Args:
        cells: list of cells, as `RNN` takes them.

    Raises:
        ValueError: if one has no `call` or no `state_size`.

    Example:
        >>> cell = keras.layers.StackedRNNCells([keras.layers.LSTMCell(8)] * 2)
    """

    def __init__(self, cells: Sequence[Any], **kwargs: Unpack[LayerOptions]) -> None:
        super().__init__(**kwargs)
        for i, cell in enumerate(cells):
            if not hasattr(cell, "call") or not hasattr(cell, "state_size"):
                raise ValueError(
                    f"StackedRNNCells(cells=...): entry {i} is a {type(cell).__name__} "
                    "without call or state_size; expected cells. Pass layers such as "
                    "keras.layers.LSTMCell(8)."
                )
        self.cells: list[Any] = list(cells)

    @property
    def state_size(self) -> list[Any]:
        """The `state_size` of each cell."""
        return [cell.state_size for cell in self.cells]

    @property
    def output_size(self) -> Any:
        """The size of the last cell's output."""
        return _output_size(self.cells[-1])

    def build(self, input_shape: Any) -> None:
        """Build each cell for the output of the one before it."""
        for cell in self.cells:
            if isinstance(cell, Layer) and not cell.built:
                cell.build(input_shape)
                cell.built = True
            size = _output_size(cell)
            sizes = (size,) if isinstance(size, int) else tuple(size)
            input_shape = (input_shape[0], *sizes)

    def call(
        self, inputs: Tensor, states: Any, training: bool = False, **kwargs: Any
    ) -> tuple[Tensor, list[Any]]:
        """One time step of all cells: the last output, and a list of their states."""
        news = []
        for cell, state in zip(self.cells, states, strict=True):
            state = list(state) if isinstance(state, list | tuple) else [state]
            options = dict(kwargs)
            if isinstance(cell, Layer) and call_signature(type(cell).call).has_training:
                options["training"] = training
            inputs, new = cell(inputs, state, **options)
            news.append(new)
        return inputs, news

    def get_initial_state(self, batch_size: int | None = None) -> list[Any]:
        """A list with the initial states of each cell."""
        states = []
        for cell in self.cells:
            make = getattr(cell, "get_initial_state", None)
            states.append(
                state_of_size(cell.state_size, batch_size, self.compute_dtype)
                if make is None
                else make(batch_size=batch_size)
            )
        return states

    @classmethod
    def from_config(
        cls, config: Config, custom_objects: Mapping[str, Any] | None = None
    ) -> Any:
        """Cells from what `get_config` returned."""
        with CustomObjectScope(custom_objects):
            return super().from_config(config)


def _output_size(cell: Any) -> Any:
    size = getattr(cell, "output_size", None)
    if size is not None:
        return size
    size = cell.state_size
    return size[0] if isinstance(size, list | tuple) else size


def state_of_size(size: Any, batch_size: Any, dtype: str) -> list[Tensor]:
    """Zeros for a `state_size`: an int, a shape, or a list of these."""
    sizes = size if isinstance(size, list) else [size]
    return [
        ops.zeros((batch_size, *((s,) if isinstance(s, int) else s)), dtype=dtype)
        for s in sizes
    ]
