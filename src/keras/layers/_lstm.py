"""`LSTM` and its cell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Unpack

from keras import activations, ops
from keras.layers._layer import LayerOptions
from keras.layers._options import positive_int
from keras.layers._rnn import RNN, CellOption, CellRNN
from keras.layers._rnn_cell import RecurrentCell, Step
from keras.ops._rnn import lstm, lstm_step
from keras.typing import Activation, Constraint, Initializer, Regularizer, Tensor


class LSTMCell(RecurrentCell):
    """One time step of `LSTM`.

    Input `(batch, features)` and states `[h, c]`, each `(batch, units)`; returns
    `(h, [h, c])`.

    Args:
        units: size of `h` and `c`.
        activation: of the candidate and of the output.
        recurrent_activation: of the gates.
        use_bias: whether to add a bias.
        kernel_initializer, recurrent_initializer, bias_initializer: first values.
        unit_forget_bias: whether the forget gate's bias begins at 1 (Jozefowicz et al.
            2015).
        kernel_regularizer, recurrent_regularizer, bias_regularizer: penalties.
        kernel_constraint, recurrent_constraint, bias_constraint: applied after updates.
        dropout: share of the inputs dropped in training.
        recurrent_dropout: share of the state dropped in training.
        seed: of the dropout.

    Example:
        >>> cell = keras.layers.LSTMCell(4)
        >>> output, states = cell(numpy.ones((2, 3)), cell.get_initial_state(2))
    """

    gates = 4

    def __init__(
        self,
        units: int,
        activation: Activation | None = "tanh",
        recurrent_activation: Activation | None = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: Initializer = "glorot_uniform",
        recurrent_initializer: Initializer = "orthogonal",
        bias_initializer: Initializer = "zeros",
        unit_forget_bias: bool = True,
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
        self.recurrent_activation: Callable[..., Tensor] = activations.get(
            recurrent_activation
        )
        self.unit_forget_bias = unit_forget_bias
        self.state_size: Any = [self.units, self.units]
        self.output_size: int = self.units

    def _first_bias(self) -> Any:
        return forget_bias(self.bias_initializer, self.unit_forget_bias)

    def make_step(self, recurrent_mask: Tensor | None) -> Step:
        """`[i, f, c, o]`, then the new states."""
        kernel = ops.convert_to_tensor(self.recurrent_kernel)

        def step(x: Tensor, states: Any) -> tuple[Tensor, list[Tensor]]:
            h, c = states
            if recurrent_mask is not None:
                h = ops.multiply(h, recurrent_mask)
            z = ops.add(x, ops.matmul(h, kernel))  # (batch, 4 * units)
            h, c = lstm_step(z, c, self.activation, self.recurrent_activation)
            return h, [h, c]

        return step


def forget_bias(initializer: Any, ones: bool) -> Any:
    """`initializer`, but 1 in the second quarter, that of the forget gate."""
    if not ones:
        return initializer

    def draw(shape: tuple[int, ...], dtype: Any = None) -> Tensor:
        units = shape[0] // 4
        before = initializer((units,), dtype=dtype)
        after = initializer((2 * units,), dtype=dtype)
        return ops.concatenate([before, ops.ones((units,), dtype=dtype), after])

    return draw


class LSTM(CellRNN):
    """Long short-term memory (Hochreiter and Schmidhuber 1997).

    With the gates `i, f, c, o = split(x @ kernel + h @ recurrent_kernel + bias)`, each
    time step computes `c' = sigmoid(f) c + sigmoid(i) tanh(c)` and
    `h' = sigmoid(o) tanh(c')`. Input `(batch, time, features)`, output `(batch, units)`
    or, with `return_sequences`, `(batch, time, units)`.

    The engine's own kernel is used where activations are the default ones and neither a
    mask nor recurrent dropout stands in its way.

    Args:
        units: size of the output.
        activation, recurrent_activation, use_bias, kernel_initializer,
        recurrent_initializer, bias_initializer, unit_forget_bias, kernel_regularizer,
        recurrent_regularizer, bias_regularizer, kernel_constraint,
        recurrent_constraint, bias_constraint, dropout, recurrent_dropout, seed: see
            `LSTMCell`.
        activity_regularizer: penalty on the output.
        return_sequences, return_state, go_backwards, stateful, unroll: see `RNN`.
        use_cudnn: whether the engine's own kernel may be used; "auto" means yes.

    Example:
        >>> keras.layers.LSTM(4)(numpy.ones((2, 10, 3))).shape
        (2, 4)
    """

    _unsaved = frozenset({"use_cudnn"})
    cell: LSTMCell
    recurrent_activation: CellOption[Any] = CellOption()
    unit_forget_bias: CellOption[bool] = CellOption()

    def __init__(
        self,
        units: int,
        activation: Activation | None = "tanh",
        recurrent_activation: Activation | None = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: Initializer = "glorot_uniform",
        recurrent_initializer: Initializer = "orthogonal",
        bias_initializer: Initializer = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: Regularizer | None = None,
        recurrent_regularizer: Regularizer | None = None,
        bias_regularizer: Regularizer | None = None,
        activity_regularizer: Regularizer | None = None,
        kernel_constraint: Constraint | None = None,
        recurrent_constraint: Constraint | None = None,
        bias_constraint: Constraint | None = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        use_cudnn: bool | str = "auto",
        **kwargs: Any,
    ) -> None:
        cell = LSTMCell(
            units,
            activation,
            recurrent_activation,
            use_bias,
            kernel_initializer,
            recurrent_initializer,
            bias_initializer,
            unit_forget_bias,
            kernel_regularizer,
            recurrent_regularizer,
            bias_regularizer,
            kernel_constraint,
            recurrent_constraint,
            bias_constraint,
            dropout,
            recurrent_dropout,
            seed,
            **self._cell_arguments("lstm_cell", kwargs),
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
        self.use_cudnn = use_cudnn

    def inner_loop(
        self, sequences: Tensor, initial_state: Any, mask: Any, training: bool = False
    ) -> tuple[Tensor, Tensor, Any]:
        """The engine's kernel where it computes the same, else the loop of `RNN`."""
        if mask is not None or not self._is_native(training, "lstm"):
            return super().inner_loop(sequences, initial_state, mask, training)
        cell, (h, c) = self.cell, initial_state
        x = cell.dropped(sequences, sequences[:, 0]) if training else sequences
        kernel, recurrent, bias = self._weights_as_tensors()
        return lstm(
            x,
            h,
            c,
            None,
            kernel,
            recurrent,
            bias,
            return_sequences=self.return_sequences,
            go_backwards=self.go_backwards,
        )
