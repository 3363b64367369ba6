"""Convolutions in two steps: `SeparableConv1D`, `SeparableConv2D`."""

from collections.abc import Sequence
from typing import Any, Unpack

from keras import constraints, initializers, ops, regularizers
from keras.core.variable import Variable
from keras.layers._conv import causal_padding
from keras.layers._conv_base import ConvBase
from keras.layers._layer import LayerOptions
from keras.layers._options import positive_int
from keras.typing import (
    Activation,
    Constraint,
    Function,
    Initializer,
    Regularizer,
    Tensor,
)


class SeparableConv(ConvBase):
    """The separable convolution over `rank` spatial axes; subclasses set `rank`."""

    def __init__(
        self,
        filters: int,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int] = 1,
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: int | Sequence[int] = 1,
        depth_multiplier: int = 1,
        activation: Activation | None = None,
        use_bias: bool = True,
        depthwise_initializer: Initializer = "glorot_uniform",
        pointwise_initializer: Initializer = "glorot_uniform",
        bias_initializer: Initializer = "zeros",
        depthwise_regularizer: Regularizer | None = None,
        pointwise_regularizer: Regularizer | None = None,
        bias_regularizer: Regularizer | None = None,
        activity_regularizer: Regularizer | None = None,
        depthwise_constraint: Constraint | None = None,
        pointwise_constraint: Constraint | None = None,
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
        self.depth_multiplier: int = positive_int(
            depth_multiplier, what, "depth_multiplier"
        )
        self.depthwise_initializer: Function = initializers.get(depthwise_initializer)
        self.pointwise_initializer: Function = initializers.get(pointwise_initializer)
        self.depthwise_regularizer: Function | None = regularizers.get(
            depthwise_regularizer
        )
        self.pointwise_regularizer: Function | None = regularizers.get(
            pointwise_regularizer
        )
        self.depthwise_constraint: Function | None = constraints.get(
            depthwise_constraint
        )
        self.pointwise_constraint: Function | None = constraints.get(
            pointwise_constraint
        )

    def build(self, input_shape: Any) -> None:
        """Make both kernels and the bias."""
        channels = self._channels(input_shape)
        self.depthwise_kernel: Variable = self.add_weight(
            name="depthwise_kernel",
            shape=(*self.kernel_size, channels, self.depth_multiplier),
            initializer=self.depthwise_initializer,
            regularizer=self.depthwise_regularizer,
            constraint=self.depthwise_constraint,
        )
        ones = (1,) * self.rank
        self.pointwise_kernel: Variable = self.add_weight(
            name="pointwise_kernel",
            shape=(*ones, channels * self.depth_multiplier, self.filters),
            initializer=self.pointwise_initializer,
            regularizer=self.pointwise_regularizer,
            constraint=self.pointwise_constraint,
        )
        self._add_bias(self.filters)

    def call(self, inputs: Tensor) -> Tensor:
        """Compute the outputs."""
        is_causal = self.padding == "causal"
        x = ops.separable_conv(
            causal_padding(self, inputs) if is_causal else inputs,
            self.depthwise_kernel,
            self.pointwise_kernel,
            strides=self.strides,
            padding="valid" if is_causal else self.padding,
            data_format=self.data_format,
            dilation_rate=self.dilation_rate,
        )
        return self._finish(x)


class SeparableConv1D(SeparableConv):
    """A convolution of each channel over time, then one that mixes the channels.

    Input `(batch, steps, channels)`, output `(batch, new_steps, filters)`.

    Args:
        filters: number of outputs for each position.
        kernel_size: size of the window.
        strides: distance of the windows.
        padding: "valid", "same" or "causal", as for `Conv1D`.
        data_format: "channels_last" or "channels_first"; default:
            `keras.config.image_data_format()`.
        dilation_rate: distance of the entries that one window sees.
        depth_multiplier: outputs of the first step for each channel.
        activation: applied to the result; default: none.
        use_bias: whether to add a bias.
        depthwise_initializer, pointwise_initializer, bias_initializer: first values of
            the weights.
        depthwise_regularizer, pointwise_regularizer, bias_regularizer: penalties on
            them.
        activity_regularizer: penalty on the output.
        depthwise_constraint, pointwise_constraint, bias_constraint: applied to the
            weights after updates.

    Example:
        >>> keras.layers.SeparableConv1D(8, 3)(numpy.ones((2, 5, 4))).shape
        (2, 3, 8)
    """

    rank = 1
    _paddings = ("valid", "same", "causal")


class SeparableConv2D(SeparableConv):
    """A convolution of each channel of images, then one that mixes the channels.

    Input `(batch, height, width, channels)`. The arguments are those of
    `SeparableConv1D`, with an int or a pair for kernel_size, strides and dilation_rate,
    and without "causal". Source: Chollet 2017, Xception.

    Example:
        >>> keras.layers.SeparableConv2D(8, 3)(numpy.ones((2, 5, 5, 4))).shape
        (2, 3, 3, 8)
    """

    rank = 2
