"""Convolutions: `Conv1D`, `Conv2D`, `Conv3D`."""

from collections.abc import Sequence
from typing import Any, Unpack

from keras import constraints, initializers, ops, regularizers
from keras.core.variable import Variable
from keras.layers._conv_base import ConvBase
from keras.layers._layer import LayerOptions
from keras.layers._options import positive_int
from keras.ops._convolutions import convolved
from keras.typing import (
    Activation,
    Constraint,
    Function,
    Initializer,
    Regularizer,
    Tensor,
)


class Conv(ConvBase):
    """The convolution over `rank` spatial axes; its subclasses set `rank`."""

    def __init__(
        self,
        filters: int,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int] = 1,
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: int | Sequence[int] = 1,
        groups: int = 1,
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
        self.groups: int = positive_int(groups, what, "groups")
        if self.filters % self.groups:
            raise ValueError(
                f"{what}(filters={filters}, groups={groups}): the filters do not "
                "divide into the groups. Make filters a multiple of groups."
            )
        self.kernel_initializer: Function = initializers.get(kernel_initializer)
        self.kernel_regularizer: Function | None = regularizers.get(kernel_regularizer)
        self.kernel_constraint: Function | None = constraints.get(kernel_constraint)

    def build(self, input_shape: Any) -> None:
        """Make the kernel `(*kernel_size, channels / groups, filters)` and the bias."""
        channels = self._channels(input_shape)
        if channels % self.groups:
            raise ValueError(
                f"{self._described()}: got an input of shape {tuple(input_shape)}, "
                f"whose {channels} channels do not divide into groups={self.groups}. "
                "Change groups, or check data_format."
            )
        self.kernel: Variable = self._option_weight(
            "kernel", (*self.kernel_size, channels // self.groups, self.filters)
        )
        self._add_bias(self.filters)

    def convolution_op(self, inputs: Tensor, kernel: Tensor) -> Tensor:
        """Convolve; to be overridden for another kind of convolution."""
        return self._convolved(inputs, kernel, None)

    def _convolved(self, inputs: Tensor, kernel: Any, bias: Any) -> Tensor:
        padding = self.padding
        if padding == "causal":
            inputs, padding = causal_padding(self, inputs), "valid"
        format, dilation = self.data_format, self.dilation_rate
        return convolved(inputs, kernel, bias, self.strides, padding, format, dilation)

    def call(self, inputs: Tensor) -> Tensor:
        """Compute the outputs."""
        if type(self).convolution_op is Conv.convolution_op:
            return self.activation(self._convolved(inputs, self.kernel, self.bias))
        return self._finish(self.convolution_op(inputs, self.kernel))


class Conv1D(Conv):
    """A convolution over time: each output sees `kernel_size` steps of the input.

    Input `(batch, steps, channels)`, output `(batch, new_steps, filters)`; with
    "channels_first" the channels come second in both.

    Args:
        filters: number of outputs for each position.
        kernel_size: size of the window.
        strides: distance of the windows.
        padding: "valid" for none, "same" for zeros on both sides so that there are
            `ceil(steps / stride)` outputs, or "causal" for zeros before, so that no
            output sees later steps.
        data_format: "channels_last" or "channels_first"; default:
            `keras.config.image_data_format()`.
        dilation_rate: distance of the entries that one window sees.
        groups: the channels are split into so many groups, each with filters of its
            own.
        activation: applied to the result; default: none.
        use_bias: whether to add a bias.
        kernel_initializer, bias_initializer: first values of the weights.
        kernel_regularizer, bias_regularizer: penalties on the weights.
        activity_regularizer: penalty on the output.
        kernel_constraint, bias_constraint: applied to the weights after updates.

    Raises:
        ValueError: if filters or channels do not divide into the groups.

    Example:
        >>> keras.layers.Conv1D(8, 3, padding="causal")(numpy.ones((2, 10, 4))).shape
        (2, 10, 8)
    """

    rank = 1
    _paddings = ("valid", "same", "causal")


def causal_padding(layer: ConvBase, x: Tensor) -> Tensor:
    """`x` with so many zeros before its steps that no window sees later ones."""
    zeros = (layer.dilation_rate[0] * (layer.kernel_size[0] - 1), 0)
    if layer.data_format == "channels_last":
        return ops.pad(x, ((0, 0), zeros, (0, 0)))
    return ops.pad(x, ((0, 0), (0, 0), zeros))


class Conv2D(Conv):
    """A convolution over images: each output sees a window of the input.

    Input `(batch, height, width, channels)`, output `(batch, new_height, new_width,
    filters)`; with "channels_first" the channels come second in both. The arguments are
    those of `Conv1D`, with an int or a pair for kernel_size, strides and dilation_rate,
    and without "causal".

    Example:
        >>> keras.layers.Conv2D(8, 3, strides=2)(numpy.ones((2, 9, 9, 3))).shape
        (2, 4, 4, 8)
    """

    rank = 2


class Conv3D(Conv):
    """A convolution over volumes or video.

    Input `(batch, depth, height, width, channels)`, output with `filters` channels;
    with "channels_first" the channels come second in both. The arguments are those of
    `Conv1D`, with an int or a triple for kernel_size, strides and dilation_rate, and
    without "causal".

    Example:
        >>> keras.layers.Conv3D(8, 2)(numpy.ones((2, 4, 4, 4, 3))).shape
        (2, 3, 3, 3, 8)
    """

    rank = 3
