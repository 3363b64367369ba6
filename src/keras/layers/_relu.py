"""Linear units with bends: `ReLU`, `LeakyReLU`, `PReLU`, `ELU`."""

from collections.abc import Sequence
from typing import Any, Unpack

from keras import activations, constraints, initializers, ops, regularizers
from keras.core.variable import Variable
from keras.layers._input_spec import InputSpec
from keras.layers._layer import LayerOptions, TensorLayer
from keras.typing import Constraint, Function, Initializer, Regularizer, Tensor


def _at_least_zero(value: float | None, layer: str, name: str) -> float:
    """`value`, a number that is not negative.

    Raises:
        ValueError: for anything else.
    """
    if value is None or value < 0:
        raise ValueError(
            f"{layer}({name}=...): got {value!r}; expected a number of at least 0. "
            f"Pass for example {name}=0.1."
        )
    return value


class ReLU(TensorLayer):
    """`max(x, 0)`, or more generally a line with two bends.

    It is `negative_slope * (x - threshold)` below `threshold`, then `x`, and
    `max_value` from there on. Input and output have the same shape.

    Args:
        max_value: upper bound; default: none.
        negative_slope: slope below the threshold.
        threshold: where the line bends.

    Raises:
        ValueError: if one of them is negative.

    Example:
        >>> keras.layers.ReLU(max_value=6)(numpy.array([[-1.0, 2.0, 7.0]]))
        [[0.0, 2.0, 6.0]]
    """

    def __init__(
        self,
        max_value: float | None = None,
        negative_slope: float = 0.0,
        threshold: float = 0.0,
        **kwargs: Unpack[LayerOptions],
    ) -> None:
        super().__init__(**kwargs)
        self.max_value = max_value
        if max_value is not None:
            self.max_value = _at_least_zero(max_value, "ReLU", "max_value")
        self.negative_slope: float = _at_least_zero(
            negative_slope, "ReLU", "negative_slope"
        )
        self.threshold: float = _at_least_zero(threshold, "ReLU", "threshold")
        self.supports_masking = True

    def call(self, inputs: Tensor) -> Tensor:
        """Bend the inputs."""
        return activations.relu(
            inputs,
            negative_slope=self.negative_slope,
            max_value=self.max_value,
            threshold=self.threshold,
        )


class LeakyReLU(TensorLayer):
    """`x` where it is positive, `negative_slope * x` elsewhere (Maas et al. 2013).

    Args:
        negative_slope: at least 0. Keras 2 programs call it `alpha`.

    Raises:
        ValueError: if it is negative.

    Example:
        >>> keras.layers.LeakyReLU(0.1)(numpy.array([[-1.0, 2.0]]))
        [[-0.1, 2.0]]
    """

    def __init__(self, negative_slope: float = 0.3, **kwargs: Any) -> None:
        if "alpha" in kwargs:
            negative_slope = kwargs.pop("alpha")
        super().__init__(**kwargs)
        self.negative_slope: float = _at_least_zero(
            negative_slope, "LeakyReLU", "negative_slope"
        )
        self.supports_masking = True

    def call(self, inputs: Tensor) -> Tensor:
        """Bend the inputs."""
        return activations.leaky_relu(inputs, negative_slope=self.negative_slope)


class PReLU(TensorLayer):
    """`x` where it is positive, `alpha * x` elsewhere, with `alpha` learned.

    Source: He et al. 2015, Delving deep into rectifiers.

    Args:
        alpha_initializer: first values of the slopes.
        alpha_regularizer: penalty on the slopes.
        alpha_constraint: applied to the slopes after updates.
        shared_axes: axes along which one slope serves all entries, such as `[1, 2]`
            for images.

    Example:
        >>> keras.layers.PReLU("ones")(numpy.array([[-1.0, 2.0]]))
        [[-1.0, 2.0]]
    """

    def __init__(
        self,
        alpha_initializer: Initializer = "Zeros",
        alpha_regularizer: Regularizer | None = None,
        alpha_constraint: Constraint | None = None,
        shared_axes: int | Sequence[int] | None = None,
        **kwargs: Unpack[LayerOptions],
    ) -> None:
        super().__init__(**kwargs)
        self.alpha_initializer: Function = initializers.get(alpha_initializer)
        self.alpha_regularizer: Function | None = regularizers.get(alpha_regularizer)
        self.alpha_constraint: Function | None = constraints.get(alpha_constraint)
        self.shared_axes: list[int] | None = (
            [shared_axes]
            if isinstance(shared_axes, int)
            else (None if shared_axes is None else list(shared_axes))
        )
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        """Make the slopes, of the input's shape without the batch."""
        shape = list(input_shape[1:])
        for axis in self.shared_axes or ():
            shape[axis - 1 if axis > 0 else axis] = 1
        self.alpha: Variable = self._option_weight("alpha", shape)
        axes = {i: n for i, n in enumerate(shape, start=1) if n != 1}
        self.input_spec: Any = InputSpec(ndim=len(input_shape), axes=axes)

    def call(self, inputs: Tensor) -> Tensor:
        """Bend the inputs."""
        positive = activations.relu(inputs)
        return ops.subtract(
            positive, ops.multiply(self.alpha, activations.relu(ops.negative(inputs)))
        )


class ELU(TensorLayer):
    """`x` where it is positive, `alpha * (exp(x) - 1)` elsewhere (Clevert et al. 2016).

    Args:
        alpha: the negative of the least value.

    Example:
        >>> keras.layers.ELU()(numpy.array([[-1.0, 2.0]]))
        [[-0.632, 2.0]]
    """

    def __init__(self, alpha: float = 1.0, **kwargs: Unpack[LayerOptions]) -> None:
        super().__init__(**kwargs)
        self.alpha = alpha
        self.supports_masking = True

    def call(self, inputs: Tensor) -> Tensor:
        """Bend the inputs."""
        return activations.elu(inputs, alpha=self.alpha)
