"""`Sum` and `Mean` of values, and `MeanMetricWrapper`, the mean of a function."""

import math
from collections.abc import Callable, Mapping
from typing import Any, Self

from keras import ops
from keras.backend import current
from keras.core import masks
from keras.core.serialization import deserialize_keras_object, serialize_keras_object
from keras.core.variable import Variable
from keras.losses._pairs import as_dtype, same_rank
from keras.losses._reduce import fit_mask, fit_weights, joint_mask
from keras.metrics._metric import Metric
from keras.typing import Config, Tensor, TensorLike


def divide_or_zero(x: Tensor, y: Tensor) -> Tensor:
    """`x / y`, and 0 where `y` is 0."""
    return ops.where(ops.equal(y, 0), 0.0, x / ops.where(ops.equal(y, 0), 1.0, y))


def weigh(
    values: Any, sample_weight: Any, mask: Any, dtype: str, what: str
) -> tuple[Tensor, Tensor | None]:
    """`values` times weights, and the weights, of one shape; `None` if all are 1."""
    values = as_dtype(values, dtype)
    if sample_weight is None and mask is None:
        return values, None
    weights = None
    if sample_weight is not None:
        values, weights = same_rank(values, as_dtype(sample_weight, dtype))
        weights = fit_weights(weights, values, what)
        values = values * weights
    if mask is not None:
        mask = fit_mask(mask, values, what)
    if mask is not None:
        values = ops.where(mask, values, 0.0)
        weights = ops.where(mask, 1.0 if weights is None else weights, 0.0)
    if weights is not None and weights.shape != values.shape:
        weights = ops.broadcast_to(weights, ops.shape(values))
    return values, None if weights is None else as_dtype(weights, dtype)


class Sum(Metric):
    """The weighted sum of values.

    Args:
        name, dtype: as for `keras.Metric`.

    Example:
        >>> metric = keras.metrics.Sum()
        >>> metric.update_state([1.0, 3.0])
        >>> metric.result()
        4.0
    """

    def __init__(self, name: str | None = "sum", dtype: Any = None) -> None:
        super().__init__(name=name, dtype=dtype)
        self.total: Variable = self.add_variable((), "zeros", name="total")

    def update_state(
        self, values: TensorLike, sample_weight: TensorLike | None = None
    ) -> None:
        """Add values.

        Args:
            values: a tensor of any shape.
            sample_weight: of its shape, or `(batch,)`.
        """
        weighted, _ = weigh(values, sample_weight, None, self.dtype, self.name)
        self.total.assign_add(ops.sum(weighted))

    def result(self) -> Tensor:
        """The sum, a scalar."""
        return ops.convert_to_tensor(self.total)


class Mean(Metric):
    """The weighted mean of values.

    Values of several dimensions count as one, their mean, for each sample, so that long
    and short sequences weigh alike.

    Args:
        name, dtype: as for `keras.Metric`.

    Example:
        >>> metric = keras.metrics.Mean()
        >>> metric.update_state([1.0, 3.0], sample_weight=[3.0, 1.0])
        >>> metric.result()
        1.5
    """

    def __init__(self, name: str | None = "mean", dtype: Any = None) -> None:
        super().__init__(name=name, dtype=dtype)
        self.total: Variable = self.add_variable((), "zeros", name="total")
        self.count: Variable = self.add_variable((), "zeros", name="count")

    def update_state(
        self, values: TensorLike, sample_weight: TensorLike | None = None
    ) -> None:
        """Take in values.

        Args:
            values: a tensor of any shape.
            sample_weight: of its shape, or `(batch,)`.
        """
        self._include(values, sample_weight, None)

    def add(self, value: Any, weight: float) -> None:
        """Take in one scalar tensor of the metric's dtype with a weight: no checks."""
        engine = current.engine
        self.total.assign_add(engine.multiply(value, weight))
        self.count.assign_add(weight)

    def _include(self, values: Any, sample_weight: Any, mask: Any) -> None:
        values = as_dtype(values, self.dtype)
        if sample_weight is None and mask is None and len(values.shape) == 1:
            self.total.assign_add(current.engine.sum(values, (0,), False))
            self.count.assign_add(float(values.shape[0]))
            return
        weighted, weights = weigh(values, sample_weight, mask, self.dtype, self.name)
        shape = tuple(weighted.shape)
        total = ops.sum(weighted)
        # A Python number where there are no weights: nothing to compute.
        count: Any = shape[0] if shape else 1
        if weights is not None:
            count = ops.sum(weights)
        if len(shape) > 1:
            entries = max(math.prod(shape[1:]), 1)
            total = total / entries
            count = count if weights is None else count / entries
        self.total.assign_add(total)
        self.count.assign_add(count)

    def result(self) -> Tensor:
        """The mean, a scalar; 0 before any value came."""
        return divide_or_zero(self.total.value, self.count.value)


class MeanMetricWrapper(Mean):
    """The mean of a function of targets and predictions.

    Args:
        fn: `(y_true, y_pred, **kwargs)` returns a tensor `(batch, ...)`.
        name, dtype: as for `keras.Metric`.
        kwargs: given to `fn` at each call.

    Example:
        >>> metric = keras.metrics.MeanMetricWrapper(
        ...     lambda y_true, y_pred: keras.ops.abs(y_true - y_pred)
        ... )
    """

    def __init__(
        self,
        fn: Callable[..., Any],
        name: str | None = None,
        dtype: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(name=name, dtype=dtype)
        self._fn = fn
        self._fn_kwargs = kwargs

    def update_state(  # type: ignore[override]  # the API's
        self,
        y_true: Any,
        y_pred: Any,
        sample_weight: TensorLike | None = None,
    ) -> None:
        """Take in a batch.

        Args:
            y_true: targets `(batch, ...)`.
            y_pred: predictions `(batch, ...)`; entries that a mask excludes do not
                count.
            sample_weight: one weight `(batch,)` for each sample, or one for each entry
                of what the function returns.
        """
        mask = joint_mask(masks.get_mask(y_pred), masks.get_mask(y_true))
        values = self._fn(y_true, y_pred, **self._fn_kwargs)
        if sample_weight is not None:
            # What the function itself masks (an ignored class) is left out only where
            # there are weights, and counts as 0 elsewhere: Keras 3 does so.
            mask = joint_mask(mask, masks.get_mask(values))
        self._include(values, sample_weight, mask)

    def get_config(self) -> Config:
        """The constructor's arguments."""
        config = {**super().get_config(), **self._fn_kwargs}
        if type(self) is MeanMetricWrapper:
            config["fn"] = serialize_keras_object(self._fn)
        return config

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """A metric from what `get_config` returned."""
        config = dict(config)
        if isinstance(config.get("fn"), dict | str):
            config["fn"] = deserialize_keras_object(config["fn"])
        return cls(**config)
