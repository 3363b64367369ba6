"""`GroupNormalization` and `UnitNormalization`."""

from typing import Any, Unpack

from keras import constraints, initializers, ops, regularizers
from keras.core.variable import Variable
from keras.layers._input_spec import InputSpec
from keras.layers._layer import LayerOptions, TensorLayer
from keras.ops._normalization import normalized_groups
from keras.ops._op import axis_index
from keras.typing import Axis, Constraint, Function, Initializer, Regularizer, Tensor

_UNIT_EPSILON = 1e-12  # the least squared length by which is divided


class GroupNormalization(TensorLayer):
    """`(x - mean) / sqrt(variance + epsilon) * gamma + beta` for groups of channels.

    Mean and variance are those of a group in one entry of the batch (Wu and He 2018,
    Group normalization). Half precision is computed in float32. Input and output have
    the same shape.

    Args:
        groups: how many groups; -1 for one of each channel (instance normalization).
        axis: where the channels stand.
        epsilon: keeps the division finite.
        center, scale: whether there is a `beta`, a `gamma`.
        beta_initializer, gamma_initializer: first values of the weights.
        beta_regularizer, gamma_regularizer: penalties on the weights.
        beta_constraint, gamma_constraint: applied to the weights after updates.

    Raises:
        ValueError: if the channels do not divide into the groups.

    Example:
        >>> keras.layers.GroupNormalization(2)(numpy.ones((2, 5, 4))).shape
        (2, 5, 4)
    """

    def __init__(
        self,
        groups: int = 32,
        axis: int = -1,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Initializer = "zeros",
        gamma_initializer: Initializer = "ones",
        beta_regularizer: Regularizer | None = None,
        gamma_regularizer: Regularizer | None = None,
        beta_constraint: Constraint | None = None,
        gamma_constraint: Constraint | None = None,
        **kwargs: Unpack[LayerOptions],
    ) -> None:
        super().__init__(**kwargs)
        self.groups = groups
        self.axis = axis
        self.epsilon = epsilon
        self.center = center
        self.scale = scale
        self.beta_initializer: Function = initializers.get(beta_initializer)
        self.gamma_initializer: Function = initializers.get(gamma_initializer)
        self.beta_regularizer: Function | None = regularizers.get(beta_regularizer)
        self.gamma_regularizer: Function | None = regularizers.get(gamma_regularizer)
        self.beta_constraint: Function | None = constraints.get(beta_constraint)
        self.gamma_constraint: Function | None = constraints.get(gamma_constraint)
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        """Make gamma and beta `(channels,)`."""
        axis = axis_index(self.axis, len(input_shape), self._described())
        channels = input_shape[axis]
        if channels is None or (self.groups != -1 and channels % self.groups):
            raise ValueError(
                f"{self._described()}: got an input of shape {tuple(input_shape)}, "
                f"whose {channels} channels do not divide into groups={self.groups}. "
                "Change groups, or check axis."
            )
        self.gamma: Variable | None = None
        self.beta: Variable | None = None
        if self.scale:
            self.gamma = self._option_weight("gamma", (channels,), autocast=False)
        if self.center:
            self.beta = self._option_weight("beta", (channels,), autocast=False)
        self.input_spec: Any = InputSpec(ndim=len(input_shape), axes={axis: channels})

    def call(self, inputs: Tensor) -> Tensor:
        """Normalize."""
        x = inputs
        if self.compute_dtype in ("float16", "bfloat16"):
            x = ops.cast(x, "float32")
        axis = self.axis % x.ndim
        groups = x.shape[axis] if self.groups == -1 else self.groups
        x = normalized_groups(x, groups, axis, self.beta, self.gamma, self.epsilon)
        return ops.cast(x, self.compute_dtype)


class UnitNormalization(TensorLayer):
    """`x / sqrt(sum(x**2))`: length 1 along an axis. The shape stays.

    Args:
        axis: int or ints along which the length is taken.

    Example:
        >>> keras.layers.UnitNormalization()(numpy.array([[3.0, 4.0]]))
        [[0.6, 0.8]]
    """

    def __init__(self, axis: Axis = -1, **kwargs: Unpack[LayerOptions]) -> None:
        super().__init__(**kwargs)
        self.axis: int | list[int] = axis if isinstance(axis, int) else list(axis)
        self.supports_masking = True

    def call(self, inputs: Tensor) -> Tensor:
        """Normalize."""
        return ops.normalize(inputs, axis=self.axis, order=2, epsilon=_UNIT_EPSILON)
