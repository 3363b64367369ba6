"""`SimpleRNN` and its cell."""

from __future__ import annotations

from typing import Any, Unpack

from keras import ops
from keras.layers._layer import LayerOptions
from keras.layers._options import positive_int
from keras.layers._rnn import RNN, CellRNN
from keras.layers._rnn_cell import RecurrentCell, Step
from keras.typing import Activation, Constraint, Initializer, Regularizer, Tensor


class SimpleRNNCell(RecurrentCell):
    """One time step of `SimpleRNN`.

    Input `(batch, features)` and states `[h]` of `(batch, units)`; returns `(h, [h])`.

    Args:
        units: size of `h`.
        activation: of the output.
        use_bias: whether to add a bias.
        kernel_initializer, recurrent_initializer, bias_initializer: first values.
        kernel_regularizer, recurrent_regularizer, bias_regularizer: penalties.
        kernel_constraint, recurrent_constraint, bias_constraint: applied after updates.
        dropout: share of the inputs dropped in training.
        recurrent_dropout: share of the state dropped in training.
        seed: of the dropout.

    Example:
        >>> cell = keras.layers.SimpleRNNCell(4)
        >>> output, states = cell(numpy.ones((2, 3)), cell.get_initial_state(2))
    """

    def __init__(
        self,
        units: int,
        activation: Activation | None = "tanh",
        use_bias: bool = True,
        kernel_initializer: Initializer = "glorot_uniform",
        recurrent_initializer: Initializer = "orthogonal",
        bias_initializer: Initializer = "zeros",
        kernel_regularizer: Regularizer | None = None,
        recurrent_regularizer: Regularizer | None = None,
        bias_regularizer: Regularizer | None = None,
        kernel_constraint: Constraint | None = None,
        recurrent_constraint: Constraint | None = None,
        bias_constraint: Constraint | None = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        **kwargs: Unpack[LayerOptions],
    ) -> None:
        super().__init__(
            activation,
            use_bias,
            kernel_initializer,
            recurrent_initializer,
            bias_initializer,
            kernel_regularizer,
            recurrent_regularizer,
            bias_regularizer,
            kernel_constraint,
            recurrent_constraint,
            bias_constraint,
            dropout,
            recurrent_dropout,
            seed,
            **kwargs,
        )
        self.units: int = positive_int(units, type(self).__name__, "units")
        self.state_size: Any = self.units
        self.output_size: int = self.units

    def call(
        self, sequence: Tensor, states: Any, training: bool = False
    ) -> tuple[Tensor, list[Tensor]]:
        """One time step: the output, and the new states."""
        return super().call(sequence, states, training)

    def make_step(self, recurrent_mask: Tensor | None) -> Step:
        """`activation(x + h @ recurrent_kernel)`."""
        kernel = ops.convert_to_tensor(self.recurrent_kernel)

        def step(x: Tensor, states: Any) -> tuple[Tensor, list[Tensor]]:
            h = states[0]
            if recurrent_mask is not None:
                h = ops.multiply(h, recurrent_mask)
            h = self.activation(ops.add(x, ops.matmul(h, kernel)))
            return h, [h]

        return step


class SimpleRNN(CellRNN):
    """A recurrence without gates: `h' = activation(x W + h U + b)`.

    Input `(batch, time, features)`, output `(batch, units)` or, with
    `return_sequences`, `(batch, time, units)`. Source: Elman 1990, Finding structure in
    time.

    Args:
        units: size of the output.
        activation, use_bias, kernel_initializer, recurrent_initializer,
        bias_initializer, kernel_regularizer, recurrent_regularizer, bias_regularizer,
        kernel_constraint, recurrent_constraint, bias_constraint, dropout,
        recurrent_dropout, seed: see `SimpleRNNCell`.
        activity_regularizer: penalty on the output.
        return_sequences, return_state, go_backwards, stateful, unroll: see `RNN`.

    Example:
        >>> keras.layers.SimpleRNN(4)(numpy.ones((2, 10, 3))).shape
        (2, 4)
    """

    _omit_none = frozenset({"seed"})
    cell: SimpleRNNCell

    def __init__(
        self,
        units: int,
        activation: Activation | None = "tanh",
        use_bias: bool = True,
        kernel_initializer: Initializer = "glorot_uniform",
        recurrent_initializer: Initializer = "orthogonal",
        bias_initializer: Initializer = "zeros",
        kernel_regularizer: Regularizer | None = None,
        recurrent_regularizer: Regularizer | None = None,
        bias_regularizer: Regularizer | None = None,
        activity_regularizer: Regularizer | None = None,
        kernel_constraint: Constraint | None = None,
        recurrent_constraint: Constraint | None = None,
        bias_constraint: Constraint | None = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        cell = SimpleRNNCell(
            units,
            activation,
            use_bias,
            kernel_initializer,
            recurrent_initializer,
            bias_initializer,
            kernel_regularizer,
            recurrent_regularizer,
            bias_regularizer,
            kernel_constraint,
            recurrent_constraint,
            bias_constraint,
            dropout,
            recurrent_dropout,
            seed,
            **self._cell_arguments("simple_rnn_cell", kwargs),
        )
        RNN.__init__(
            self,
            cell,
            return_sequences,
            return_state,
            go_backwards,
            stateful,
            unroll,
            activity_regularizer=activity_regularizer,
            **kwargs,
        )
