"""`GRU` and its cell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Unpack

from keras import activations, ops
from keras.layers._layer import LayerOptions
from keras.layers._options import positive_int
from keras.layers._rnn import RNN, CellOption, CellRNN
from keras.layers._rnn_cell import RecurrentCell, Step
from keras.ops._rnn import gru, gru_step
from keras.typing import Activation, Constraint, Initializer, Regularizer, Tensor


class GRUCell(RecurrentCell):
    """One time step of `GRU`.

    Input `(batch, features)` and states `[h]` of `(batch, units)`; returns `(h, [h])`.

    Args:
        units: size of `h`.
        activation: of the candidate.
        recurrent_activation: of the gates.
        use_bias: whether to add a bias.
        kernel_initializer, recurrent_initializer, bias_initializer: first values.
        kernel_regularizer, recurrent_regularizer, bias_regularizer: penalties.
        kernel_constraint, recurrent_constraint, bias_constraint: applied after updates.
        dropout: share of the inputs dropped in training.
        recurrent_dropout: share of the state dropped in training.
        reset_after: whether the reset gate is applied after the product with the
            recurrent kernel (cuDNN's form) or before it (Cho et al. 2014).
        seed: of the dropout.

    Example:
        >>> cell = keras.layers.GRUCell(4)
        >>> output, states = cell(numpy.ones((2, 3)), cell.get_initial_state(2))
    """

    gates = 3

    def __init__(
        self,
        units: int,
        activation: Activation | None = "tanh",
        recurrent_activation: Activation | None = "sigmoid",
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
        reset_after: bool = True,
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
        self.reset_after = reset_after
        self.state_size: Any = self.units
        self.output_size: int = self.units

    def build(self, input_shape: Any) -> None:
        """Make the weights; with `reset_after` one bias for each product."""
        wide = 3 * self.units
        self._make_weights(
            (input_shape[-1], wide),
            (self.units, wide),
            (2, wide) if self.reset_after else (wide,),
        )

    def project(self, inputs: Tensor) -> Tensor:
        """What depends on the inputs alone."""
        x = ops.matmul(inputs, self.kernel)
        if self.bias is None:
            return x
        return ops.add(x, self.bias[0] if self.reset_after else self.bias)

    def make_step(self, recurrent_mask: Tensor | None) -> Step:
        """`[z, r, n]`, then the new state."""
        kernel = ops.convert_to_tensor(self.recurrent_kernel)
        bias = None if self.bias is None or not self.reset_after else self.bias[1]

        def step(x: Tensor, states: Any) -> tuple[Tensor, list[Tensor]]:
            h = states[0]
            dropped = (
                None if recurrent_mask is None else ops.multiply(h, recurrent_mask)
            )
            h = gru_step(
                x,
                h,
                kernel,
                bias,
                self.activation,
                self.recurrent_activation,
                self.reset_after,
                dropped,
            )
            return h, [h]

        return step


class GRU(CellRNN):
    """Gated recurrent unit (Cho et al. 2014).

    With the gates z (update) and r (reset), each time step computes
    `h' = z h + (1 - z) tanh(n)`, where the candidate n is `x W + r (h U + b)` with
    `reset_after`, else `x W + (r h) U`. Input `(batch, time, features)`, output
    `(batch, units)` or, with `return_sequences`, `(batch, time, units)`.

    The engine's own kernel is used where activations and `reset_after` are the default
    ones and neither a mask nor recurrent dropout stands in its way.

    Args:
        units: size of the output.
        activation, recurrent_activation, use_bias, kernel_initializer,
        recurrent_initializer, bias_initializer, kernel_regularizer,
        recurrent_regularizer, bias_regularizer, kernel_constraint,
        recurrent_constraint, bias_constraint, dropout, recurrent_dropout, seed,
        reset_after: see `GRUCell`.
        activity_regularizer: penalty on the output.
        return_sequences, return_state, go_backwards, stateful, unroll: see `RNN`.
        use_cudnn: whether the engine's own kernel may be used; "auto" means yes.

    Example:
        >>> keras.layers.GRU(4)(numpy.ones((2, 10, 3))).shape
        (2, 4)
    """

    _unsaved = frozenset({"use_cudnn"})
    cell: GRUCell
    recurrent_activation: CellOption[Any] = CellOption()
    reset_after: CellOption[bool] = CellOption()

    def __init__(
        self,
        units: int,
        activation: Activation | None = "tanh",
        recurrent_activation: Activation | None = "sigmoid",
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
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        reset_after: bool = True,
        use_cudnn: bool | str = "auto",
        **kwargs: Any,
    ) -> None:
        cell = GRUCell(
            units,
            activation,
            recurrent_activation,
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
            reset_after,
            seed,
            **self._cell_arguments("gru_cell", kwargs),
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
        cell = self.cell
        native = cell.reset_after and self._is_native(training, "gru")
        if mask is not None or not native:
            return super().inner_loop(sequences, initial_state, mask, training)
        x = cell.dropped(sequences, sequences[:, 0]) if training else sequences
        kernel, recurrent, bias = self._weights_as_tensors()
        return gru(
            x,
            initial_state[0],
            None,
            kernel,
            recurrent,
            bias,
            return_sequences=self.return_sequences,
            go_backwards=self.go_backwards,
        )
