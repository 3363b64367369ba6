"""`RNN`: any cell, repeated along the time axis."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, TypeVar, Unpack, overload

from keras import activations, ops
from keras.core import tree
from keras.core.registry import CustomObjectScope
from keras.core.variable import Variable
from keras.layers._call import call_signature
from keras.layers._input_spec import InputSpec
from keras.layers._layer import Layer, RegularizedOptions
from keras.layers._rnn_cell import RecurrentCell
from keras.layers._stacked_rnn_cells import StackedRNNCells, state_of_size
from keras.ops._op import fast_path
from keras.ops._rnn import rnn
from keras.typing import Config, Tensor

V = TypeVar("V")


class _Kept:
    """The states of a stateful layer: variables, but no weights of the layer."""

    __slots__ = ("variables",)

    def __init__(self, variables: Any) -> None:
        self.variables = variables


class RNN(Layer):
    """Repeats a cell along the time axis.

    A cell is a layer whose call is `(inputs, states) -> (output, new_states)`, with an
    attribute `state_size` (an int, or a list of ints for several states), and, if its
    states do not begin at zero, a method `get_initial_state(batch_size)`.

    Input `(batch, time, ...)`; output `(batch, ...)` of the last step or, with
    `return_sequences`, `(batch, time, ...)`. A masked time step leaves the states as
    they are and repeats the output before it.

    Args:
        cell: a cell, or a list of cells to be stacked.
        return_sequences: whether to return the outputs of all steps.
        return_state: whether to return the last states too: `(output, *states)`.
        go_backwards: whether to begin at the last step; outputs come in the order of
            computation.
        stateful: whether each batch begins with the states that the last one ended
            with; needs a fixed batch size.
        unroll: whether to write the steps out instead of compiling a loop.
        zero_output_for_mask: whether masked steps put out zeros.

    Raises:
        ValueError: if the cell has no `call` or no `state_size`.

    Example:
        >>> cells = [keras.layers.LSTMCell(8), keras.layers.GRUCell(4)]
        >>> keras.layers.RNN(cells)(numpy.ones((2, 10, 3))).shape
        (2, 4)
    """

    cell: Any

    def __init__(
        self,
        cell: Any,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        zero_output_for_mask: bool = False,
        **kwargs: Unpack[RegularizedOptions],
    ) -> None:
        kwargs.pop("implementation", None)  # type: ignore[typeddict-item]
        super().__init__(**kwargs)
        if isinstance(cell, list | tuple):
            cell = StackedRNNCells(cell)
        for needed in ("call", "state_size"):
            if not hasattr(cell, needed):
                raise ValueError(
                    f"RNN(cell=...): got a {type(cell).__name__} without {needed!r}; "
                    "expected a cell. Pass a layer with call(inputs, states) and "
                    "state_size, such as keras.layers.LSTMCell(8)."
                )
        self.cell = cell
        self.return_sequences = return_sequences
        self.return_state = return_state
        self.go_backwards = go_backwards
        self.stateful = stateful
        self.unroll = unroll
        self.zero_output_for_mask = zero_output_for_mask
        self.supports_masking = True
        self.input_spec: Any = InputSpec(min_ndim=3)
        self._kept = _Kept(None)

    @property
    def state_size(self) -> Any:
        """The sizes of the states, as a list."""
        size = self.cell.state_size
        return [size] if isinstance(size, int) else size

    @property
    def states(self) -> Any:
        """The variables that hold the states of a stateful layer, or `None`."""
        return self._kept.variables

    def build(self, sequences_shape: Any, initial_state_shape: Any = None) -> None:
        """Build the cell for one time step."""
        if isinstance(self.cell, Layer) and not self.cell.built:
            self.cell.build((sequences_shape[0], *sequences_shape[2:]))
            self.cell.built = True
        if self.stateful and self.states is None:
            self._make_states(sequences_shape[0])

    def _make_states(self, batch_size: int | None) -> None:
        if batch_size is None:
            raise ValueError(
                f"{self.name}: stateful=True needs a fixed batch size; got inputs of "
                "an unknown one. Give keras.Input a batch_size, or build on a full "
                "shape."
            )
        zeros = self.get_initial_state(batch_size)
        self._kept.variables = tree.map_structure(
            lambda x: Variable(
                ops.convert_to_numpy(x),
                dtype=self.variable_dtype,
                trainable=False,
                autocast=False,
                name="rnn_state",
            ),
            zeros,
        )

    def call(
        self,
        sequences: Tensor,
        initial_state: Any = None,
        mask: Any = None,
        training: bool = False,
    ) -> Any:
        """Run the cell over all time steps.

        Args:
            sequences: `(batch, time, ...)`.
            initial_state: a state, or a list of them; default: zeros, or what a
                stateful layer holds.
            mask: bool `(batch, time)`, `False` for steps to skip.
            training: whether cells drop entries.
        """
        if isinstance(mask, list | tuple):
            mask = mask[0]
        if initial_state is None:
            initial_state = self.states or self._first_state(sequences)
        elif not isinstance(initial_state, list | tuple):
            initial_state = [initial_state]
        state = tree.map_structure(
            lambda s: ops.cast(s, self.compute_dtype), list(initial_state)
        )
        try:
            last_output, outputs, states = self.inner_loop(
                sequences, state, mask, training
            )
        finally:
            self._forget_dropout()
        if self.stateful:
            tree.map_structure(lambda v, s: v.assign(s), self.states, states)
        result = outputs if self.return_sequences else last_output
        return (result, *states) if self.return_state else result

    def inner_loop(
        self, sequences: Tensor, initial_state: Any, mask: Any, training: bool = False
    ) -> tuple[Tensor, Tensor, Any]:
        """The last output, all outputs, and the last states."""
        if self._has_own_cell():
            cell: RecurrentCell = self.cell
            x = cell.dropped(sequences, sequences[:, 0]) if training else sequences
            step = cell.make_step(
                cell.recurrent_mask(initial_state) if training else None
            )
            x = cell.project(x)  # (batch, time, ...), in one product
        else:
            x, step = sequences, self._cell_step(sequences, initial_state, training)
        return rnn(
            step,
            x,
            initial_state,
            go_backwards=self.go_backwards,
            mask=mask,
            unroll=self.unroll,
            zero_output_for_mask=self.zero_output_for_mask,
            return_all_outputs=self.return_sequences,
        )

    def _has_own_cell(self) -> bool:
        """Whether the cell is one of ours, whose parts may run apart."""
        cell = self.cell
        return isinstance(cell, RecurrentCell) and (
            type(cell).call.__module__.startswith("keras.layers.")
        )

    def _cell_step(self, sequences: Tensor, states: Any, training: bool) -> Any:
        cell = self.cell
        options = {}
        if isinstance(cell, Layer) and call_signature(type(cell).call).has_training:
            options["training"] = training
        if training:
            _draw_dropout(cell, sequences[:, 0], states)

        def step(x: Tensor, old: Any) -> tuple[Tensor, list[Any]]:
            output, new = cell(x, list(old), **options)
            return output, list(new) if isinstance(new, list | tuple) else [new]

        return step

    def _forget_dropout(self) -> None:
        for cell in getattr(self.cell, "cells", None) or [self.cell]:
            if isinstance(cell, RecurrentCell):
                cell.reset_dropout_mask()
                cell.reset_recurrent_dropout_mask()

    def get_initial_state(self, batch_size: int) -> Any:
        """The first states, a list."""
        make = getattr(self.cell, "get_initial_state", None)
        state = (
            state_of_size(self.cell.state_size, batch_size, self.compute_dtype)
            if make is None
            else make(batch_size=batch_size)
        )
        return list(state) if isinstance(state, list | tuple) else [state]

    def _first_state(self, sequences: Tensor) -> Any:
        """The states to begin with for these inputs."""
        return self.get_initial_state(sequences.shape[0])

    def compute_mask(self, _: Any, mask: Any) -> Any:
        """That of the inputs with `return_sequences`; the states have none."""
        if isinstance(mask, list | tuple):
            mask = mask[0]
        own = mask if self.return_sequences else None
        if self.return_state:
            return [own] + [None for _ in tree.flatten(self.state_size)]
        return own

    def reset_state(self) -> None:
        """Let a stateful layer begin at its initial states again."""
        if self.states is not None:
            batch_size = tree.flatten(self.states)[0].shape[0]
            zeros = self.get_initial_state(batch_size)
            tree.map_structure(lambda v, s: v.assign(s), self.states, zeros)

    def reset_states(self) -> None:
        """`reset_state`."""
        self.reset_state()

    def get_config(self) -> Config:
        """The constructor's arguments, those of `RNN` in all its subclasses."""
        config = super().get_config()
        for name in _OPTIONS:
            config[name] = getattr(self, name)
        return config

    @classmethod
    def from_config(
        cls, config: Config, custom_objects: Mapping[str, Any] | None = None
    ) -> Any:
        """A layer from what `get_config` returned."""
        with CustomObjectScope(custom_objects):
            return super().from_config(config)


_OPTIONS = (
    "return_sequences",
    "return_state",
    "go_backwards",
    "stateful",
    "unroll",
    "zero_output_for_mask",
)


def _draw_dropout(cell: Any, inputs: Tensor, states: Any) -> None:
    """Draw what cells drop before the loop: a compiled loop could not keep it."""
    stacked = isinstance(cell, StackedRNNCells)
    for each, state in zip(
        cell.cells if stacked else [cell], states if stacked else [states], strict=True
    ):
        flat = tree.flatten(state)
        if isinstance(each, RecurrentCell):
            each.get_dropout_mask(inputs)
            each.get_recurrent_dropout_mask(flat[0])
        inputs = flat[0]  # the next cell sees an output, which is like this state


class CellOption(Generic[V]):
    """An attribute of a layer that is one of its cell."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, layer: None, owner: type) -> CellOption[V]: ...
    @overload
    def __get__(self, layer: RNN, owner: type) -> V: ...
    def __get__(self, layer: RNN | None, owner: type) -> CellOption[V] | V:
        if layer is None:
            return self
        value: V = getattr(layer.cell, self.name)
        return value


class CellRNN(RNN):
    """An `RNN` that makes its cell itself, and takes the cell's options."""

    _omit_none = frozenset()

    units: CellOption[int] = CellOption()
    activation: CellOption[Any] = CellOption()
    use_bias: CellOption[bool] = CellOption()
    kernel_initializer: CellOption[Any] = CellOption()
    recurrent_initializer: CellOption[Any] = CellOption()
    bias_initializer: CellOption[Any] = CellOption()
    kernel_regularizer: CellOption[Any] = CellOption()
    recurrent_regularizer: CellOption[Any] = CellOption()
    bias_regularizer: CellOption[Any] = CellOption()
    kernel_constraint: CellOption[Any] = CellOption()
    recurrent_constraint: CellOption[Any] = CellOption()
    bias_constraint: CellOption[Any] = CellOption()
    dropout: CellOption[float] = CellOption()
    recurrent_dropout: CellOption[float] = CellOption()
    seed: CellOption[int | None] = CellOption()

    @staticmethod
    def _cell_arguments(name: str, kwargs: Mapping[str, Any]) -> dict[str, Any]:
        """What the cell takes of the layer's common options."""
        shared = ("dtype", "trainable")
        return {"name": name, **{k: kwargs[k] for k in shared if k in kwargs}}

    def _weights_as_tensors(self) -> tuple[Any, Any, Any]:
        cell = self.cell
        weights = (cell.kernel, cell.recurrent_kernel, cell.bias)
        kernel, recurrent, bias = (
            None if w is None else ops.convert_to_tensor(w) for w in weights
        )
        return kernel, recurrent, bias

    use_cudnn: Any = "auto"

    def _is_native(self, training: bool, name: str) -> bool:
        """Whether the engine has a kernel `name` that computes what the cell does."""
        cell = self.cell
        return (
            self.use_cudnn is not False
            and not self.unroll
            and not (training and cell.recurrent_dropout)
            and cell.activation is activations.tanh
            and cell.recurrent_activation is activations.sigmoid
            and self._has_own_cell()
            and fast_path(name) is not None
        )
