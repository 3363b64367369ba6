"""`BatchNormalization`: channels with mean 0 and variance 1 over the batch."""

from collections.abc import Mapping
from typing import Any, Unpack

from keras import constraints, initializers, ops, regularizers
from keras.core.variable import Variable
from keras.layers._input_spec import InputSpec
from keras.layers._layer import LayerOptions, TensorLayer
from keras.ops._normalization import normalized_batch
from keras.ops._op import axis_index
from keras.typing import Constraint, Function, Initializer, Regularizer, Tensor


class BatchNormalization(TensorLayer):
    """`(x - mean) / sqrt(variance + epsilon) * gamma + beta`, for each channel.

    In training mean and variance are those of the batch, and moving averages of them
    are kept: `moving = moving * momentum + batch * (1 - momentum)`. Otherwise, and
    where `trainable` is false, the moving averages are used. Statistics are computed
    and kept in float32 under mixed precision. Input and output have the same shape.
    Sources: Ioffe and Szegedy 2015, Batch normalization; Ioffe 2017, Batch
    renormalization.

    Args:
        axis: where the channels stand.
        momentum: how much of a moving average stays at each step.
        epsilon: keeps the division finite.
        center, scale: whether there is a `beta`, a `gamma`.
        beta_initializer, gamma_initializer: first values of the weights.
        moving_mean_initializer, moving_variance_initializer: of the moving averages.
        beta_regularizer, gamma_regularizer: penalties on the weights.
        beta_constraint, gamma_constraint: applied to the weights after updates.
        renorm: whether training uses the moving averages too (batch renormalization).
        renorm_clipping: bounds "rmin", "rmax", "dmax" of its corrections.
        renorm_momentum: as `momentum`, for the averages that the corrections use.
        synchronized: accepted for compatibility.

    Call arguments:
        mask: bool, `(batch, steps)`; only steps where it is true count.

    Raises:
        ValueError: if the number of channels is not known.

    Example:
        >>> keras.layers.BatchNormalization()(numpy.ones((2, 3))).shape
        (2, 3)
    """

    def __init__(
        self,
        axis: int = -1,
        momentum: float = 0.99,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Initializer = "zeros",
        gamma_initializer: Initializer = "ones",
        moving_mean_initializer: Initializer = "zeros",
        moving_variance_initializer: Initializer = "ones",
        beta_regularizer: Regularizer | None = None,
        gamma_regularizer: Regularizer | None = None,
        beta_constraint: Constraint | None = None,
        gamma_constraint: Constraint | None = None,
        renorm: bool = False,
        renorm_clipping: Mapping[str, float] | None = None,
        renorm_momentum: float = 0.99,
        synchronized: bool = False,
        **kwargs: Unpack[LayerOptions],
    ) -> None:
        super().__init__(**kwargs)
        self.axis: int = _only(axis)
        self.momentum = momentum
        self.epsilon = epsilon
        self.center = center
        self.scale = scale
        self.beta_initializer: Function = initializers.get(beta_initializer)
        self.gamma_initializer: Function = initializers.get(gamma_initializer)
        self.moving_mean_initializer: Function = initializers.get(
            moving_mean_initializer
        )
        self.moving_variance_initializer: Function = initializers.get(
            moving_variance_initializer
        )
        self.beta_regularizer: Function | None = regularizers.get(beta_regularizer)
        self.gamma_regularizer: Function | None = regularizers.get(gamma_regularizer)
        self.beta_constraint: Function | None = constraints.get(beta_constraint)
        self.gamma_constraint: Function | None = constraints.get(gamma_constraint)
        self.renorm = renorm
        self.renorm_clipping: dict[str, float] | None = _checked_clipping(
            renorm_clipping
        )
        self.renorm_momentum = renorm_momentum
        self.synchronized = synchronized
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        """Make gamma, beta and the moving averages, all `(channels,)`."""
        axis = axis_index(self.axis, len(input_shape), f"{self._described()}")
        channels = input_shape[axis]
        self.gamma: Variable | None = None
        self.beta: Variable | None = None
        if self.scale:
            self.gamma = self._option_weight("gamma", (channels,), autocast=False)
        if self.center:
            self.beta = self._option_weight("beta", (channels,), autocast=False)
        self.moving_mean: Variable = self._average(
            "moving_mean", channels, self.moving_mean_initializer
        )
        self.moving_variance: Variable = self._average(
            "moving_variance", channels, self.moving_variance_initializer
        )
        if self.renorm:
            self._build_renorm(channels)
        self.input_spec: Any = InputSpec(ndim=len(input_shape), axes={axis: channels})

    def _average(self, name: str, channels: int, initializer: Any) -> Variable:
        return self.add_weight(
            name=name,
            shape=(channels,),
            initializer=initializer,
            trainable=False,
            autocast=False,
        )

    def _build_renorm(self, channels: int) -> None:
        variance = self.moving_variance_initializer

        def deviation(shape: Any, dtype: Any = None) -> Tensor:
            return ops.sqrt(variance(shape, dtype))

        mean = self.moving_mean_initializer
        self.moving_stddev: Variable = self._average(
            "moving_stddev", channels, deviation
        )
        self.renorm_mean: Variable = self._average("renorm_mean", channels, mean)
        self.renorm_stddev: Variable = self._average(
            "renorm_stddev", channels, deviation
        )

    def call(
        self,
        inputs: Tensor,
        training: bool | None = None,
        mask: Tensor | None = None,
    ) -> Tensor:
        """Normalize; in training, update the moving averages."""
        x = inputs
        if self._is_half:
            x = ops.cast(x, "float32")
        if training and self.trainable:
            x = self._normalized_in_training(x, mask)
        else:
            x = self._normalized(x, self.moving_mean, self.moving_variance)
        return ops.cast(x, self.compute_dtype) if self._is_half else x

    @property
    def _is_half(self) -> bool:
        return self.compute_dtype in ("float16", "bfloat16")

    def _normalized(self, x: Tensor, mean: Any, variance: Any) -> Tensor:
        return ops.batch_normalization(
            x, mean, variance, self.axis, self.beta, self.gamma, self.epsilon
        )

    def _normalized_in_training(self, x: Tensor, mask: Tensor | None) -> Tensor:
        if mask is None and not self.renorm:
            result, mean, variance = normalized_batch(
                x, self.axis, self.beta, self.gamma, self.epsilon
            )
        else:
            axes = [a for a in range(x.ndim) if a != self.axis % x.ndim]
            mean, variance = (
                ops.moments(x, axes) if mask is None else _masked_moments(x, mask, axes)
            )
            if self.renorm:
                return self._renormalized(x, mean, variance)
            result = self._normalized(x, mean, variance)
        self._move(self.moving_mean, mean, self.momentum)
        self._move(self.moving_variance, variance, self.momentum)
        return result

    def _move(self, average: Any, value: Tensor, momentum: float) -> None:
        value = ops.stop_gradient(value)
        average.assign(
            ops.add(
                ops.multiply(average.value, momentum),
                ops.multiply(value, 1 - momentum),
            )
        )

    def _renormalized(self, x: Tensor, mean: Tensor, variance: Tensor) -> Tensor:
        """`(x - mean) / stddev * r + d`, by which training sees what inference does."""
        stddev = ops.sqrt(ops.add(variance, self.epsilon))
        bounds = self.renorm_clipping or {}
        r = ops.divide(stddev, self.renorm_stddev)
        d = ops.divide(ops.subtract(mean, self.renorm_mean), self.renorm_stddev)
        r = ops.clip(r, bounds.get("rmin", 0.0), bounds.get("rmax", float("inf")))
        limit = bounds.get("dmax", float("inf"))
        r, d = ops.stop_gradient(r), ops.stop_gradient(ops.clip(d, -limit, limit))
        # The same as normalizing by these two, since beta and gamma come after.
        shifted = ops.subtract(mean, ops.divide(ops.multiply(d, stddev), r))
        scaled = ops.subtract(
            ops.square(ops.divide(stddev, r)), self.epsilon
        )  # batch_normalization adds epsilon again
        result = self._normalized(x, shifted, scaled)
        self._move(self.renorm_mean, mean, self.renorm_momentum)
        self._move(self.renorm_stddev, stddev, self.renorm_momentum)
        self._move(self.moving_mean, mean, self.momentum)
        self._move(self.moving_stddev, stddev, self.momentum)
        deviation = self.moving_stddev.value
        self.moving_variance.assign(ops.subtract(ops.square(deviation), self.epsilon))
        return result


def _only(axis: Any) -> int:
    """`axis`, which older files write as a list of one."""
    if isinstance(axis, list | tuple) and len(axis) == 1:
        axis = axis[0]
    if not isinstance(axis, int):
        raise ValueError(
            f"BatchNormalization(axis=...): got {axis!r}; expected an int, where the "
            "channels stand. Pass for example axis=-1."
        )
    return axis


def _checked_clipping(value: Mapping[str, float] | None) -> dict[str, float] | None:
    if value is None:
        return None
    unknown = set(value) - {"rmin", "rmax", "dmax"}
    if unknown:
        raise ValueError(
            f"BatchNormalization(renorm_clipping=...): got the keys {sorted(unknown)}; "
            'expected "rmin", "rmax" and "dmax".'
        )
    return dict(value)


def _masked_moments(x: Tensor, mask: Tensor, axes: list[int]) -> tuple[Tensor, Tensor]:
    """Mean and variance of the entries that the mask lets through."""
    weights = ops.cast(mask, x.dtype)
    weights = ops.reshape(weights, (*mask.shape, *(1,) * (x.ndim - mask.ndim)))
    sizes = tuple(n if a in axes else 1 for a, n in enumerate(x.shape))
    count = ops.sum(ops.broadcast_to(weights, sizes), axis=axes, keepdims=True)
    count = ops.maximum(count, 1)
    mean = ops.divide(
        ops.sum(ops.multiply(x, weights), axis=axes, keepdims=True), count
    )
    distance = ops.multiply(ops.square(ops.subtract(x, mean)), weights)
    variance = ops.divide(ops.sum(distance, axis=axes, keepdims=True), count)
    return ops.squeeze(mean, axes), ops.squeeze(variance, axes)
