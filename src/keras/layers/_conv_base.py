"""What all convolution layers share: their options, the bias, the activation."""

from collections.abc import Callable, Sequence
from typing import Any, Unpack

from keras import activations, constraints, initializers, ops, regularizers
from keras.core.config import check_data_format
from keras.core.variable import Variable
from keras.layers._input_spec import InputSpec
from keras.layers._layer import RegularizedOptions, TensorLayer
from keras.layers._options import one_of
from keras.ops._convolutions import spatial
from keras.typing import (
    Activation,
    Constraint,
    Function,
    Initializer,
    Regularizer,
    Tensor,
)


class ConvBase(TensorLayer):
    """A layer that slides windows over `rank` spatial axes.

    Subclasses make their kernels in `build`, and call `_finish` on the convolved input.
    """

    rank: int
    _paddings: tuple[str, ...] = ("valid", "same")
    _omit_none = frozenset()

    def __init__(
        self,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int],
        padding: str,
        data_format: str | None,
        dilation_rate: int | Sequence[int],
        activation: Activation | None,
        use_bias: bool,
        bias_initializer: Initializer,
        bias_regularizer: Regularizer | None,
        bias_constraint: Constraint | None,
        **kwargs: Unpack[RegularizedOptions],
    ) -> None:
        super().__init__(**kwargs)
        what = type(self).__name__
        self.kernel_size: tuple[int, ...] = spatial(
            kernel_size, self.rank, f"{what}(kernel_size=...)"
        )
        self.strides: tuple[int, ...] = spatial(
            strides, self.rank, f"{what}(strides=...)"
        )
        self.padding: str = one_of(padding, self._paddings, what, "padding")
        self.data_format: str = check_data_format(data_format)
        self.dilation_rate: tuple[int, ...] = spatial(
            dilation_rate, self.rank, f"{what}(dilation_rate=...)"
        )
        self.activation: Callable[..., Tensor] = activations.get(activation)
        self.use_bias = use_bias
        self.bias_initializer: Function = initializers.get(bias_initializer)
        self.bias_regularizer: Function | None = regularizers.get(bias_regularizer)
        self.bias_constraint: Function | None = constraints.get(bias_constraint)
        self.input_spec: Any = InputSpec(ndim=self.rank + 2)

    def _channels(self, input_shape: Any) -> int:
        """The number of input channels, which later inputs must have too.

        Raises:
            ValueError: if it is not known.
        """
        axis = -1 if self.data_format == "channels_last" else 1
        channels = input_shape[axis]
        if channels is None:
            raise ValueError(
                f"{self._described()}: got an input of shape {tuple(input_shape)} with "
                "an unknown number of channels; expected a known one. Check "
                "data_format, or give keras.Input the size."
            )
        self.input_spec = InputSpec(ndim=self.rank + 2, axes={axis: channels})
        return int(channels)

    def _add_bias(self, channels: int) -> None:
        self.bias: Variable | None = None
        if self.use_bias:
            self.bias = self._option_weight("bias", (channels,))

    def _finish(self, x: Tensor) -> Tensor:
        """Add the bias to the convolved `x` and apply the activation."""
        if self.bias is not None:
            bias: Any = self.bias
            if self.data_format == "channels_first":
                bias = ops.reshape(bias, (-1, *(1,) * self.rank))
            x = ops.add(x, bias)
        return self.activation(x)
