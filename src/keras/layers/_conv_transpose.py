"""Convolutions that enlarge: `Conv1DTranspose` to `Conv3DTranspose`."""

from collections.abc import Sequence
from typing import Any, Unpack

from keras import constraints, initializers, ops, regularizers
from keras.core.variable import Variable
from keras.layers._conv_base import ConvBase
from keras.layers._layer import LayerOptions
from keras.layers._options import positive_int
from keras.ops._convolutions import spatial
from keras.typing import (
    Activation,
    Constraint,
    Function,
    Initializer,
    Regularizer,
    Tensor,
)


class ConvTranspose(ConvBase):
    """The transposed convolution over `rank` spatial axes; subclasses set `rank`."""

    def __init__(
        self,
        filters: int,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int] = 1,
        padding: str = "valid",
        output_padding: int | Sequence[int] | None = None,
        data_format: str | None = None,
        dilation_rate: int | Sequence[int] = 1,
        activation: Activation | None = None,
        use_bias: bool = True,
        kernel_initializer: Initializer = "glorot_uniform",
        bias_initializer: Initializer = "zeros",
        kernel_regularizer: Regularizer | None = None,
        bias_regularizer: Regularizer | None = None,
        activity_regularizer: Regularizer | None = None,
        kernel_constraint: Constraint | None = None,
        bias_constraint: Constraint | None = None,
        **kwargs: Unpack[LayerOptions],
    ) -> None:
        super().__init__(
            kernel_size,
            strides,
            padding,
            data_format,
            dilation_rate,
            activation,
            use_bias,
            bias_initializer,
            bias_regularizer,
            bias_constraint,
            activity_regularizer=activity_regularizer,
            **kwargs,
        )
        what = type(self).__name__
        self.filters: int = positive_int(filters, what, "filters")
        self.output_padding: tuple[int, ...] | None = (
            None
            if output_padding is None
            else spatial(output_padding, self.rank, f"{what}(output_padding=...)", 0)
        )
        self.kernel_initializer: Function = initializers.get(kernel_initializer)
        self.kernel_regularizer: Function | None = regularizers.get(kernel_regularizer)
        self.kernel_constraint: Function | None = constraints.get(kernel_constraint)

    def build(self, input_shape: Any) -> None:
        """Make the kernel `(*kernel_size, filters, channels)` and the bias."""
        channels = self._channels(input_shape)
        self.kernel: Variable = self._option_weight(
            "kernel", (*self.kernel_size, self.filters, channels)
        )
        self._add_bias(self.filters)

    def call(self, inputs: Tensor) -> Tensor:
        """Compute the outputs."""
        x = ops.conv_transpose(
            inputs,
            self.kernel,
            strides=self.strides,
            padding=self.padding,
            output_padding=self.output_padding,
            data_format=self.data_format,
            dilation_rate=self.dilation_rate,
        )
        return self._finish(x)


class Conv1DTranspose(ConvTranspose):
    """The gradient of a convolution over time in its input: makes it longer.

    Input `(batch, steps, channels)`, output `(batch, new_steps, filters)`; with
    "channels_first" the channels come second in both.

    Args:
        filters: number of outputs for each position.
        kernel_size: size of the window.
        strides: by how much the output is longer.
        padding: "valid" for all entries that a window reaches, or "same" for
            `steps * stride`.
        output_padding: entries added at the end, fewer than the stride; default: as
            `padding` says.
        data_format: "channels_last" or "channels_first"; default:
            `keras.config.image_data_format()`.
        dilation_rate: distance of the entries of one window.
        activation: applied to the result; default: none.
        use_bias: whether to add a bias.
        kernel_initializer, bias_initializer: first values of the weights.
        kernel_regularizer, bias_regularizer: penalties on the weights.
        activity_regularizer: penalty on the output.
        kernel_constraint, bias_constraint: applied to the weights after updates.

    Example:
        >>> keras.layers.Conv1DTranspose(8, 3, 2, "same")(numpy.ones((2, 5, 4))).shape
        (2, 10, 8)
    """

    rank = 1


class Conv2DTranspose(ConvTranspose):
    """A convolution that makes images larger; arguments as for `Conv1DTranspose`.

    Input `(batch, height, width, channels)`; kernel_size, strides, output_padding and
    dilation_rate are an int or a pair.

    Example:
        >>> x = numpy.ones((2, 5, 5, 4))
        >>> keras.layers.Conv2DTranspose(8, 3, 2, "same")(x).shape
        (2, 10, 10, 8)
    """

    rank = 2


class Conv3DTranspose(ConvTranspose):
    """A convolution that makes volumes larger; arguments as for `Conv1DTranspose`.

    Input `(batch, depth, height, width, channels)`; kernel_size, strides,
    output_padding and dilation_rate are an int or a triple.

    Example:
        >>> x = numpy.ones((2, 3, 3, 3, 4))
        >>> keras.layers.Conv3DTranspose(8, 3, 2, "same")(x).shape
        (2, 6, 6, 6, 8)
    """

    rank = 3

    def __init__(
        self,
        filters: int,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int] = (1, 1, 1),
        padding: str = "valid",
        data_format: str | None = None,
        output_padding: int | Sequence[int] | None = None,
        dilation_rate: int | Sequence[int] = (1, 1, 1),
        activation: Activation | None = None,
        use_bias: bool = True,
        kernel_initializer: Initializer = "glorot_uniform",
        bias_initializer: Initializer = "zeros",
        kernel_regularizer: Regularizer | None = None,
        bias_regularizer: Regularizer | None = None,
        activity_regularizer: Regularizer | None = None,
        kernel_constraint: Constraint | None = None,
        bias_constraint: Constraint | None = None,
        **kwargs: Unpack[LayerOptions],
    ) -> None:
        # The API has data_format and output_padding the other way round here.
        super().__init__(
            filters,
            kernel_size,
            strides,
            padding,
            output_padding,
            data_format,
            dilation_rate,
            activation,
            use_bias,
            kernel_initializer,
            bias_initializer,
            kernel_regularizer,
            bias_regularizer,
            activity_regularizer,
            kernel_constraint,
            bias_constraint,
            **kwargs,
        )
