"""`HeadProjection`: the linear maps into and out of attention heads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Unpack

from keras import constraints, initializers, regularizers
from keras.layers._layer import LayerOptions, TensorLayer
from keras.ops._products import dense
from keras.typing import Constraint, Initializer, Regularizer, Tensor


class HeadProjection(TensorLayer):
    """Contracts the last axes of the input with the first ones of a kernel.

    It is one matrix product, `(..., *inner)` to `(..., *outer)`.

    Args:
        inner_rank: how many axes are contracted.
        outer: the shape that takes their place.
        use_bias: whether to add a bias of shape `outer`.
        kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer,
        kernel_constraint, bias_constraint: see `Dense`.
    """

    def __init__(
        self,
        inner_rank: int,
        outer: Sequence[int],
        use_bias: bool = True,
        kernel_initializer: Initializer = "glorot_uniform",
        bias_initializer: Initializer = "zeros",
        kernel_regularizer: Regularizer | None = None,
        bias_regularizer: Regularizer | None = None,
        kernel_constraint: Constraint | None = None,
        bias_constraint: Constraint | None = None,
        **kwargs: Unpack[LayerOptions],
    ) -> None:
        super().__init__(**kwargs)
        self.inner_rank, self.outer = inner_rank, tuple(outer)
        self.use_bias = use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        """Make the kernel `(*inner, *outer)` and the bias `outer`."""
        inner = tuple(input_shape[len(input_shape) - self.inner_rank :])
        self.kernel = self._option_weight("kernel", (*inner, *self.outer))
        self.bias = None
        if self.use_bias:
            self.bias = self._option_weight("bias", self.outer)

    def call(self, inputs: Tensor) -> Tensor:
        """Compute the outputs."""
        return dense(inputs, self.kernel, self.bias, self.inner_rank)
