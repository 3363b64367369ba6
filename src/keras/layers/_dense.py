"""`Dense`: every output sees every input."""

from collections.abc import Callable
from typing import Any, Unpack

from keras import activations, constraints, initializers, regularizers
from keras.core.variable import Variable
from keras.layers._input_spec import InputSpec
from keras.layers._layer import LayerOptions, TensorLayer
from keras.layers._options import positive_int
from keras.ops._products import dense
from keras.typing import (
    Activation,
    Constraint,
    Function,
    Initializer,
    Regularizer,
    Tensor,
)


class Dense(TensorLayer):
    """A fully connected layer: `activation(x @ kernel + bias)`.

    Input `(batch, ..., features)`, output `(batch, ..., units)`.

    Args:
        units: number of outputs.
        activation: applied to the result; default: none.
        use_bias: whether to add a bias.
        kernel_initializer, bias_initializer: first values of the weights.
        kernel_regularizer, bias_regularizer: penalties on the weights.
        activity_regularizer: penalty on the output.
        kernel_constraint, bias_constraint: applied to the weights after updates.
        lora_rank, lora_alpha: accepted for compatibility where they are `None`.
        quantization_config: accepted for compatibility.

    Raises:
        ValueError: if `units` is no positive int.

    Example:
        >>> keras.layers.Dense(8, activation="relu")(numpy.ones((2, 4))).shape
        (2, 8)
    """

    _omit_none = frozenset({"activity_regularizer", "lora_rank", "lora_alpha"})

    def __init__(
        self,
        units: int,
        activation: Activation | None = None,
        use_bias: bool = True,
        kernel_initializer: Initializer = "glorot_uniform",
        bias_initializer: Initializer = "zeros",
        kernel_regularizer: Regularizer | None = None,
        bias_regularizer: Regularizer | None = None,
        activity_regularizer: Regularizer | None = None,
        kernel_constraint: Constraint | None = None,
        bias_constraint: Constraint | None = None,
        lora_rank: int | None = None,
        lora_alpha: int | None = None,
        quantization_config: Any = None,
        **kwargs: Unpack[LayerOptions],
    ) -> None:
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        self.units: int = positive_int(units, "Dense", "units")
        self.activation: Callable[..., Tensor] = activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer: Function = initializers.get(kernel_initializer)
        self.bias_initializer: Function = initializers.get(bias_initializer)
        self.kernel_regularizer: Function | None = regularizers.get(kernel_regularizer)
        self.bias_regularizer: Function | None = regularizers.get(bias_regularizer)
        self.kernel_constraint: Function | None = constraints.get(kernel_constraint)
        self.bias_constraint: Function | None = constraints.get(bias_constraint)
        self.lora_rank: int | None = lora_rank
        self.lora_alpha: int | None = lora_alpha
        self.quantization_config = quantization_config
        self.input_spec: Any = InputSpec(min_ndim=2)
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        """Make the kernel `(features, units)` and the bias `(units,)`."""
        features = input_shape[-1]
        self.kernel: Variable = self._option_weight("kernel", (features, self.units))
        self.bias: Variable | None = None
        if self.use_bias:
            self.bias = self._option_weight("bias", (self.units,))
        self.input_spec = InputSpec(min_ndim=2, axes={-1: features})

    def call(self, inputs: Tensor, training: bool | None = None) -> Tensor:
        """Compute the outputs."""
        return self.activation(dense(inputs, self.kernel, self.bias))
