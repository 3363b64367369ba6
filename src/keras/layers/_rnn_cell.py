"""What the cells of `SimpleRNN`, `LSTM`, `GRU` and `ConvLSTM` share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Unpack

from keras import activations, constraints, initializers, ops, random, regularizers
from keras.core.seeds import SeedGenerator
from keras.core.variable import Variable
from keras.layers._layer import Layer, LayerOptions
from keras.layers._options import fraction
from keras.layers._stacked_rnn_cells import state_of_size
from keras.typing import (
    Activation,
    Constraint,
    Function,
    Initializer,
    Regularizer,
    Tensor,
)

Step = Callable[[Tensor, Any], tuple[Tensor, list[Tensor]]]
"""`(the inputs' share of one time step, states)` to `(output, new states)`."""


class RecurrentCell(Layer):
    """One time step of a recurrence, in two parts.

    `project` computes what depends on the inputs alone, and takes one time step or all
    of them at once; `make_step` gives the function that a loop over time repeats, with
    every weight already read. A cell called by itself does one after the other.
    """

    state_size: Any
    """The size of the state, or a list with one size for each state."""
    gates: ClassVar[int] = 1

    def __init__(
        self,
        activation: Activation | None,
        use_bias: bool,
        kernel_initializer: Initializer,
        recurrent_initializer: Initializer,
        bias_initializer: Initializer,
        kernel_regularizer: Regularizer | None,
        recurrent_regularizer: Regularizer | None,
        bias_regularizer: Regularizer | None,
        kernel_constraint: Constraint | None,
        recurrent_constraint: Constraint | None,
        bias_constraint: Constraint | None,
        dropout: float,
        recurrent_dropout: float,
        seed: int | None,
        **kwargs: Unpack[LayerOptions],
    ) -> None:
        kwargs.pop("implementation", None)  # type: ignore[typeddict-item]
        super().__init__(**kwargs)
        self.activation: Callable[..., Tensor] = activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer: Function = initializers.get(kernel_initializer)
        self.recurrent_initializer: Function = initializers.get(recurrent_initializer)
        self.bias_initializer: Function = initializers.get(bias_initializer)
        self.kernel_regularizer: Function | None = regularizers.get(kernel_regularizer)
        self.recurrent_regularizer: Function | None = regularizers.get(
            recurrent_regularizer
        )
        self.bias_regularizer: Function | None = regularizers.get(bias_regularizer)
        self.kernel_constraint: Function | None = constraints.get(kernel_constraint)
        self.recurrent_constraint: Function | None = constraints.get(
            recurrent_constraint
        )
        self.bias_constraint: Function | None = constraints.get(bias_constraint)
        self.dropout: float = fraction(dropout, type(self).__name__, "dropout")
        self.recurrent_dropout: float = fraction(
            recurrent_dropout, type(self).__name__, "recurrent_dropout"
        )
        self.seed = seed
        if self.dropout or self.recurrent_dropout:
            self.seed_generator: SeedGenerator = SeedGenerator(seed)
        self._dropout_mask: Tensor | None = None
        self._recurrent_dropout_mask: Tensor | None = None

    def _make_weights(
        self, kernel: tuple[int, ...], recurrent: tuple[int, ...], bias: tuple[int, ...]
    ) -> None:
        """Make the three weights of these shapes."""
        self.kernel: Variable = self._option_weight("kernel", kernel)
        self.recurrent_kernel: Variable = self.add_weight(
            name="recurrent_kernel",
            shape=recurrent,
            initializer=self.recurrent_initializer,
            regularizer=self.recurrent_regularizer,
            constraint=self.recurrent_constraint,
        )
        self.bias: Variable | None = None
        if self.use_bias:
            self.bias = self.add_weight(
                name="bias",
                shape=bias,
                initializer=self._first_bias(),
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
            )

    def _first_bias(self) -> Any:
        return self.bias_initializer

    def build(self, input_shape: Any) -> None:
        """Make the weights for inputs `(batch, features)`."""
        units = self.state_size if self.gates != 4 else self.state_size[0]
        wide = self.gates * units
        self._make_weights((input_shape[-1], wide), (units, wide), (wide,))

    def project(self, inputs: Tensor) -> Tensor:
        """What depends on the inputs alone: `inputs @ kernel + bias`."""
        x = ops.matmul(inputs, self.kernel)
        return x if self.bias is None else ops.add(x, self.bias)

    def make_step(self, recurrent_mask: Tensor | None) -> Step:
        """The rest of the cell, for a loop; `recurrent_mask` multiplies the state."""
        raise NotImplementedError

    def call(
        self, inputs: Tensor, states: Any, training: bool = False
    ) -> tuple[Tensor, list[Tensor]]:
        """One time step: the output, and the new states."""
        states = list(states) if isinstance(states, list | tuple) else [states]
        x = self.dropped(inputs, inputs) if training else inputs
        step = self.make_step(self.recurrent_mask(states) if training else None)
        return step(self.project(x), states)

    def get_initial_state(self, batch_size: int | None = None) -> list[Tensor]:
        """Zeros for the states."""
        return state_of_size(self.state_size, batch_size, self.compute_dtype)

    # Dropout: one draw serves all time steps (Gal and Ghahramani 2016).

    def get_dropout_mask(self, step_input: Tensor) -> Tensor | None:
        """What multiplies the inputs until `reset_dropout_mask`; `None` for nothing."""
        if not self.dropout:
            return None
        self._dropout_mask = self._noise(self._dropout_mask, step_input, self.dropout)
        return self._dropout_mask

    def get_recurrent_dropout_mask(self, step_input: Tensor) -> Tensor | None:
        """What multiplies the state until `reset_recurrent_dropout_mask`."""
        if not self.recurrent_dropout:
            return None
        self._recurrent_dropout_mask = self._noise(
            self._recurrent_dropout_mask, step_input, self.recurrent_dropout
        )
        return self._recurrent_dropout_mask

    def _noise(self, old: Tensor | None, like: Tensor, rate: float) -> Tensor:
        if old is not None and tuple(old.shape) == tuple(like.shape):
            return old
        return random.dropout(ops.ones_like(like), rate, seed=self.seed_generator)

    def reset_dropout_mask(self) -> None:
        """Draw anew at the next call."""
        self._dropout_mask = None

    def reset_recurrent_dropout_mask(self) -> None:
        """Draw anew at the next call."""
        self._recurrent_dropout_mask = None

    def dropped(self, inputs: Tensor, step_input: Tensor) -> Tensor:
        """`inputs` with entries dropped as drawn for `step_input`, the first one."""
        mask = self.get_dropout_mask(step_input)
        if mask is None:
            return inputs
        if len(inputs.shape) > len(step_input.shape):  # (batch, time, ...)
            mask = ops.expand_dims(mask, 1)
        return ops.multiply(inputs, mask)

    def recurrent_mask(self, states: list[Tensor]) -> Tensor | None:
        """The mask for the first state, which is the one that meets the weights."""
        return self.get_recurrent_dropout_mask(states[0])
