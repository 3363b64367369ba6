"""Convolutions of each channel by itself: `DepthwiseConv1D`, `DepthwiseConv2D`."""

from collections.abc import Sequence
from typing import Any, Unpack

from keras import constraints, initializers, regularizers
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


class DepthwiseConv(ConvBase):
    """The depthwise convolution over `rank` spatial axes; subclasses set `rank`."""

    def __init__(
        self,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int] = 1,
        padding: str = "valid",
        depth_multiplier: int = 1,
        data_format: str | None = None,
        dilation_rate: int | Sequence[int] = 1,
        activation: Activation | None = None,
        use_bias: bool = True,
        depthwise_initializer: Initializer = "glorot_uniform",
        bias_initializer: Initializer = "zeros",
        depthwise_regularizer: Regularizer | None = None,
        bias_regularizer: Regularizer | None = None,
        activity_regularizer: Regularizer | None = None,
        depthwise_constraint: Constraint | None = None,
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
        self.depth_multiplier: int = positive_int(
            depth_multiplier, type(self).__name__, "depth_multiplier"
        )
        self.depthwise_initializer: Function = initializers.get(depthwise_initializer)
        self.depthwise_regularizer: Function | None = regularizers.get(
            depthwise_regularizer
        )
        self.depthwise_constraint: Function | None = constraints.get(
            depthwise_constraint
        )

    def build(self, input_shape: Any) -> None:
        """Make the kernel `(*kernel_size, channels, depth_multiplier)` and the bias."""
        channels = self._channels(input_shape)
        self.kernel: Variable = self.add_weight(
            name="kernel",
            shape=(*self.kernel_size, channels, self.depth_multiplier),
            initializer=self.depthwise_initializer,
            regularizer=self.depthwise_regularizer,
            constraint=self.depthwise_constraint,
        )
        self._add_bias(channels * self.depth_multiplier)

    def call(self, inputs: Tensor) -> Tensor:
        """Compute the outputs."""
        x = convolved(
            inputs,
            self.kernel,
            self.bias,
            self.strides,
            self.padding,
            self.data_format,
            self.dilation_rate,
            depthwise=True,
        )
        return self.activation(x)


class DepthwiseConv1D(DepthwiseConv):
    """A convolution over time of each channel by itself.

    Input `(batch, steps, channels)`, output
    `(batch, new_steps, channels * depth_multiplier)`.

    Args:
        kernel_size: size of the window.
        strides: distance of the windows.
        padding: "valid" or "same".
        depth_multiplier: outputs for each channel.
        data_format: "channels_last" or "channels_first"; default:
            `keras.config.image_data_format()`.
        dilation_rate: distance of the entries that one window sees.
        activation: applied to the result; default: none.
        use_bias: whether to add a bias.
        depthwise_initializer, bias_initializer: first values of the weights.
        depthwise_regularizer, bias_regularizer: penalties on the weights.
        activity_regularizer: penalty on the output.
        depthwise_constraint, bias_constraint: applied to the weights after updates.

    Example:
        >>> keras.layers.DepthwiseConv1D(3)(numpy.ones((2, 5, 4))).shape
        (2, 3, 4)
    """

    rank = 1


class DepthwiseConv2D(DepthwiseConv):
    """A convolution over images of each channel by itself.

    Input `(batch, height, width, channels)`. The arguments are those of
    `DepthwiseConv1D`, with an int or a pair for kernel_size, strides and dilation_rate.

    Example:
        >>> keras.layers.DepthwiseConv2D(3)(numpy.ones((2, 5, 5, 4))).shape
        (2, 3, 3, 4)
    """

    rank = 2
