"""`ConvLSTM1D`, `ConvLSTM2D`, `ConvLSTM3D`: an LSTM over sequences of images."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Unpack

from keras import activations, ops
from keras.core.config import check_data_format
from keras.layers._input_spec import InputSpec
from keras.layers._layer import LayerOptions
from keras.layers._lstm import forget_bias
from keras.layers._options import positive_int
from keras.layers._rnn import RNN, CellOption, CellRNN
from keras.layers._rnn_cell import RecurrentCell, Step
from keras.ops._convolutions import spatial
from keras.ops._rnn import lstm_step
from keras.typing import Activation, Constraint, Initializer, Regularizer, Tensor


class ConvLSTMCell(RecurrentCell):
    """One time step of a `ConvLSTM` over `rank` spatial axes; see `ConvLSTM2D`."""

    gates = 4

    def __init__(
        self,
        rank: int,
        filters: int,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int] = 1,
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: int | Sequence[int] = 1,
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
        what = f"ConvLSTM{rank}D"
        self.rank = rank
        self.filters: int = positive_int(filters, what, "filters")
        self.kernel_size: tuple[int, ...] = spatial(
            kernel_size, rank, f"{what}(kernel_size=...)"
        )
        self.strides: tuple[int, ...] = spatial(strides, rank, f"{what}(strides=...)")
        self.padding: str = padding.lower()
        self.data_format: str = check_data_format(data_format)
        self.dilation_rate: tuple[int, ...] = spatial(
            dilation_rate, rank, f"{what}(dilation_rate=...)"
        )
        self.recurrent_activation: Callable[..., Tensor] = activations.get(
            recurrent_activation
        )
        self.unit_forget_bias = unit_forget_bias
        self.state_size: Any = [self.filters, self.filters]
        self.output_size: int = self.filters
        self._channel_axis = -1 if self.data_format == "channels_last" else 1

    def _first_bias(self) -> Any:
        return forget_bias(self.bias_initializer, self.unit_forget_bias)

    def build(self, input_shape: Any) -> None:
        """Make the weights for inputs `(batch, *spatial, channels)`."""
        wide = 4 * self.filters
        self._make_weights(
            (*self.kernel_size, input_shape[self._channel_axis], wide),
            (*self.kernel_size, self.filters, wide),
            (wide,),
        )
        self._input_shape = tuple(input_shape)

    def project(self, inputs: Tensor) -> Tensor:
        """The convolution of the inputs, of one time step or of all at once."""
        shape = tuple(inputs.shape)
        steps = shape[1] if len(shape) == self.rank + 3 else None
        if steps is not None:
            inputs = ops.reshape(inputs, (shape[0] * steps, *shape[2:]))
        x = ops.conv(
            inputs,
            self.kernel,
            self.strides,
            self.padding,
            self.data_format,
            self.dilation_rate,
        )
        if self.bias is not None:
            column = (-1, *[1] * (0 if self._channel_axis == -1 else self.rank))
            x = ops.add(x, ops.reshape(self.bias, column))
        if steps is not None:
            x = ops.reshape(x, (shape[0], steps, *x.shape[1:]))
        return x

    def make_step(self, recurrent_mask: Tensor | None) -> Step:
        """`[i, f, c, o]` along the channels, then the new states."""
        kernel = ops.convert_to_tensor(self.recurrent_kernel)

        def step(x: Tensor, states: Any) -> tuple[Tensor, list[Tensor]]:
            h, c = states
            if recurrent_mask is not None:
                h = ops.multiply(h, recurrent_mask)
            h = ops.conv(h, kernel, 1, "same", self.data_format)
            h, c = lstm_step(
                ops.add(x, h),
                c,
                self.activation,
                self.recurrent_activation,
                self._channel_axis,
            )
            return h, [h, c]

        return step

    def get_initial_state(self, batch_size: int | None = None) -> list[Tensor]:
        """Zeros of the shape that the convolution gives the built input shape."""
        return self.zeros_for((batch_size, *self._input_shape[1:]))

    def zeros_for(self, shape: tuple[Any, ...]) -> list[Tensor]:
        """Zeros for the states, for inputs of `shape` in one time step."""
        sizes = shape[1:-1] if self._channel_axis == -1 else shape[2:]
        new = [
            -(-size // stride)
            if self.padding == "same"
            else (size - dilation * (window - 1) - 1) // stride + 1
            for size, window, stride, dilation in zip(
                sizes, self.kernel_size, self.strides, self.dilation_rate, strict=True
            )
        ]
        image = (
            [*new, self.filters] if self._channel_axis == -1 else [self.filters, *new]
        )
        return [ops.zeros((shape[0], *image), dtype=self.compute_dtype)] * 2


class ConvLSTM(CellRNN):
    """What the three `ConvLSTM` layers share; see `ConvLSTM2D`."""

    rank: ClassVar[int]
    cell: ConvLSTMCell

    filters: CellOption[int] = CellOption()
    kernel_size: CellOption[tuple[int, ...]] = CellOption()
    strides: CellOption[tuple[int, ...]] = CellOption()
    padding: CellOption[str] = CellOption()
    data_format: CellOption[str] = CellOption()
    dilation_rate: CellOption[tuple[int, ...]] = CellOption()
    recurrent_activation: CellOption[Any] = CellOption()
    unit_forget_bias: CellOption[bool] = CellOption()

    def __init__(
        self,
        filters: int,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int] = 1,
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: int | Sequence[int] = 1,
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
        **kwargs: Any,
    ) -> None:
        cell = ConvLSTMCell(
            self.rank,
            filters,
            kernel_size,
            strides,
            padding,
            data_format,
            dilation_rate,
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
            **self._cell_arguments("conv_lstm_cell", kwargs),
        )
        RNN.__init__(
            self,
            cell,
            return_sequences,
            return_state,
            go_backwards,
            stateful,
            activity_regularizer=activity_regularizer,
            **kwargs,
        )
        self.input_spec: Any = InputSpec(ndim=self.rank + 3)

    def _first_state(self, sequences: Tensor) -> Any:
        """Zeros; images may be of any size."""
        shape = tuple(sequences.shape)
        return self.cell.zeros_for((shape[0], *shape[2:]))


class ConvLSTM1D(ConvLSTM):
    """An LSTM over sequences of rows: `ConvLSTM2D` with one spatial axis.

    Input `(batch, time, length, channels)`, or channels before length.

    Example:
        >>> keras.layers.ConvLSTM1D(4, 3)(numpy.ones((1, 5, 8, 2))).shape
        (1, 6, 4)
    """

    rank = 1


class ConvLSTM2D(ConvLSTM):
    """An LSTM whose products are convolutions, over sequences of images.

    Input `(batch, time, rows, columns, channels)`, output
    `(batch, new_rows, new_columns, filters)` or, with `return_sequences`, one for every
    time step. The recurrent convolution has stride 1 and padding "same". Source: Shi et
    al. 2015, Convolutional LSTM network.

    Args:
        filters: number of channels of the output.
        kernel_size: int, or one for each spatial axis.
        strides, padding, data_format, dilation_rate: of the convolution of the inputs;
            see `keras.ops.conv`.
        activation, recurrent_activation, use_bias, kernel_initializer,
        recurrent_initializer, bias_initializer, unit_forget_bias, kernel_regularizer,
        recurrent_regularizer, bias_regularizer, kernel_constraint,
        recurrent_constraint, bias_constraint, dropout, recurrent_dropout, seed: see
            `LSTMCell`.
        activity_regularizer: penalty on the output.
        return_sequences, return_state, go_backwards, stateful: see `RNN`.

    Raises:
        ValueError: if `filters` or a window is no positive int.

    Example:
        >>> keras.layers.ConvLSTM2D(4, 3)(numpy.ones((1, 5, 8, 8, 2))).shape
        (1, 6, 6, 4)
    """

    rank = 2


class ConvLSTM3D(ConvLSTM):
    """An LSTM over sequences of volumes: `ConvLSTM2D` with three spatial axes.

    Input `(batch, time, depth, rows, columns, channels)`, or channels first.

    Example:
        >>> keras.layers.ConvLSTM3D(4, 3)(numpy.ones((1, 2, 4, 4, 4, 1))).shape
        (1, 2, 2, 2, 4)
    """

    rank = 3
