"""`LayerNormalization` and `RMSNormalization`: each entry of the batch by itself."""

from collections.abc import Sequence
from typing import Any, Unpack

from keras import constraints, initializers, ops, regularizers
from keras.core.variable import Variable
from keras.layers._layer import LayerOptions, TensorLayer
from keras.ops._op import axis_tuple
from keras.typing import Axis, Constraint, Function, Initializer, Regularizer, Tensor


def _plain(axis: Axis) -> int | list[int]:
    return axis if isinstance(axis, int) else list(axis)


class LayerNormalization(TensorLayer):
    """`(x - mean) / sqrt(variance + epsilon) * gamma + beta` along an axis.

    Mean and variance are those of each entry of the batch (Ba et al. 2016, Layer
    normalization). Half precision is computed in float32. Input and output have the
    same shape.

    Args:
        axis: int or ints along which mean and variance are taken.
        epsilon: keeps the division finite.
        center, scale: whether there is a `beta`, a `gamma`.
        beta_initializer, gamma_initializer: first values of the weights.
        beta_regularizer, gamma_regularizer: penalties on the weights.
        beta_constraint, gamma_constraint: applied to the weights after updates.
        rms_scaling: for old files: only divide by the deviation, without mean and beta.

    Example:
        >>> keras.layers.LayerNormalization()(numpy.array([[1.0, 3.0]]))
        [[-1.0, 1.0]]
    """

    def __init__(
        self,
        axis: Axis = -1,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Initializer = "zeros",
        gamma_initializer: Initializer = "ones",
        beta_regularizer: Regularizer | None = None,
        gamma_regularizer: Regularizer | None = None,
        beta_constraint: Constraint | None = None,
        gamma_constraint: Constraint | None = None,
        rms_scaling: bool = False,
        **kwargs: Unpack[LayerOptions],
    ) -> None:
        super().__init__(**kwargs)
        self.axis: int | list[int] = _plain(axis)
        self.epsilon = epsilon
        self.center = center
        self.scale = scale
        self.rms_scaling = rms_scaling
        self.beta_initializer: Function = initializers.get(beta_initializer)
        self.gamma_initializer: Function = initializers.get(gamma_initializer)
        self.beta_regularizer: Function | None = regularizers.get(beta_regularizer)
        self.gamma_regularizer: Function | None = regularizers.get(gamma_regularizer)
        self.beta_constraint: Function | None = constraints.get(beta_constraint)
        self.gamma_constraint: Function | None = constraints.get(gamma_constraint)
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        """Make gamma and beta, of the input's shape along the axes."""
        axes = axis_tuple(self.axis, len(input_shape), self._described())
        shape = [input_shape[a] for a in axes]
        self.gamma: Any = None
        self.beta: Any = None
        if self.scale or self.rms_scaling:
            self.gamma = self._option_weight("gamma", shape, autocast=False)
        if self.center and not self.rms_scaling:
            self.beta = self._option_weight("beta", shape, autocast=False)

    def call(self, inputs: Tensor) -> Tensor:
        """Normalize."""
        if self.rms_scaling:
            return self._scaled_by_deviation(inputs)
        return ops.layer_normalization(
            inputs, self.gamma, self.beta, axis=self.axis, epsilon=self.epsilon
        )

    def _scaled_by_deviation(self, inputs: Tensor) -> Tensor:
        x = ops.cast(inputs, "float32")
        axes = axis_tuple(self.axis, x.ndim, "LayerNormalization")
        factor = ops.rsqrt(ops.add(ops.var(x, axis=axes, keepdims=True), self.epsilon))
        sizes = tuple(n if a in axes else 1 for a, n in enumerate(x.shape))
        factor = ops.multiply(factor, ops.reshape(self.gamma, sizes))
        return ops.cast(ops.multiply(x, factor), self.compute_dtype)


class RMSNormalization(TensorLayer):
    """`x / sqrt(mean(x**2) + epsilon) * scale` along an axis.

    Source: Zhang and Sennrich 2019, Root mean square layer normalization. Half
    precision is computed in float32. Input and output have the same shape.

    Args:
        axis: int or ints along which the mean is taken.
        epsilon: keeps the division finite.

    Example:
        >>> keras.layers.RMSNormalization()(numpy.array([[3.0, 3.0]]))
        [[1.0, 1.0]]
    """

    def __init__(
        self,
        axis: int | Sequence[int] = -1,
        epsilon: float = 1e-6,
        **kwargs: Unpack[LayerOptions],
    ) -> None:
        super().__init__(**kwargs)
        self.axis: int | list[int] = _plain(axis)
        self.epsilon = epsilon
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        """Make the scale, of the input's shape along the axes."""
        axes = axis_tuple(self.axis, len(input_shape), self._described())
        self.scale: Variable = self.add_weight(
            name="scale",
            shape=[input_shape[a] for a in axes],
            initializer="ones",
            autocast=False,
        )

    def call(self, x: Tensor) -> Tensor:
        """Normalize."""
        return ops.rms_normalization(
            x, self.scale, axis=self.axis, epsilon=self.epsilon
        )
