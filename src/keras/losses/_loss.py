"""`Loss`, the base of all losses, and `FunctionLoss`, a loss that is a function."""

from collections.abc import Callable, Mapping
from typing import Any, Self

from keras import ops
from keras.backend import current
from keras.core import masks, naming, policies, tree
from keras.core.config import floatx
from keras.errors import shorten
from keras.losses._pairs import as_dtype
from keras.losses._reduce import (
    Reduction,
    check_reduction,
    joint_mask,
    reduce_weighted,
)
from keras.typing import Config, Tensor, TensorLike

SUM_OVER_BATCH_SIZE: Reduction = "sum_over_batch_size"


class Loss:
    """What training makes small; subclass it and define `call`.

    Args:
        name: default: the class name in snake case.
        reduction: what the losses of all samples become. "sum_over_batch_size" or
            "mean": their sum divided by their number (those that a mask excludes do
            not count); "mean_with_sample_weight": divided by the sum of their weights;
            "sum"; "none" or `None`: they stay as they are.
        dtype: the float dtype, or policy, to compute in; default:
            `keras.config.floatx()`.

    Raises:
        UnknownNameError: for an unknown reduction.

    Example:
        >>> class Cubed(keras.losses.Loss):
        ...     def call(self, y_true, y_pred):
        ...         return keras.ops.mean(keras.ops.abs(y_true - y_pred) ** 3, axis=-1)
    """

    integer_targets = False
    """Whether `call` gets targets in their own dtype, since they are class indices."""

    def __init__(
        self,
        name: str | None = None,
        reduction: Reduction | None = SUM_OVER_BATCH_SIZE,
        dtype: Any = None,
    ) -> None:
        self.name: str = name or naming.auto_name(type(self).__name__)
        self.reduction: Any = check_reduction(type(self).__name__, reduction)
        self._given_dtype = dtype
        self._dtype = policies.get(dtype or floatx()).compute_dtype

    @property
    def dtype(self) -> str:
        """The dtype that targets and predictions are cast to."""
        return self._dtype

    def __call__(
        self,
        y_true: Any,
        y_pred: Any,
        sample_weight: TensorLike | None = None,
    ) -> Tensor:
        """The loss, reduced.

        Args:
            y_true: targets `(batch, ...)`.
            y_pred: predictions `(batch, ...)`. A mask that travels with either leaves
                masked entries out.
            sample_weight: one weight `(batch,)` for each sample, or one for each entry
                of what `call` returns.

        Returns:
            A scalar, or with reduction "none" a tensor `(batch, ...)`.

        Raises:
            ShapeError: if the shapes do not fit.
        """
        if not masks.in_use and sample_weight is None:
            values = self.call(self._targets(y_true), self._cast(y_pred))
            if not masks.in_use:  # the loss itself may leave entries out
                return reduce_weighted(
                    values, None, None, self.reduction, self._dtype, self.name
                )
        given = (masks.get_mask(y_pred), masks.get_mask(y_true))
        values = self.call(self._targets(y_true), self._cast(y_pred))
        mask = joint_mask(*given, masks.get_mask(values))
        return reduce_weighted(
            values, sample_weight, mask, self.reduction, self._dtype, self.name
        )

    def call(self, y_true: Any, y_pred: Any) -> Tensor:
        """The losses `(batch, ...)` before they are weighted and reduced."""
        raise NotImplementedError(
            f"{type(self).__name__} has no call method. Define "
            "call(self, y_true, y_pred)."
        )

    def _targets(self, y: Any) -> Any:
        if self.integer_targets and current.engine.is_tensor(y):
            return y
        return (
            _each(ops.convert_to_tensor, y) if self.integer_targets else self._cast(y)
        )

    def _cast(self, y: Any) -> Any:
        engine = current.engine
        if engine.is_tensor(y) and engine.dtype(y) == self._dtype:
            return y
        return _each(lambda x: as_dtype(x, self._dtype), y)

    def get_config(self) -> Config:
        """The constructor's arguments."""
        config: Config = {"name": self.name, "reduction": self.reduction}
        if self._given_dtype is not None:
            config["dtype"] = self._given_dtype
        return config

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """A loss from what `get_config` returned."""
        return cls(**config)

    def __repr__(self) -> str:
        config = ", ".join(f"{k}={v!r}" for k, v in self.get_config().items())
        return shorten(f"<{type(self).__name__}({config})>")


def _each(fn: Callable[[Any], Any], y: Any) -> Any:
    """`fn` of a tensor, or of each in a dict or a tuple (a list is an array)."""
    if isinstance(y, dict | tuple) or (
        isinstance(y, list) and any(hasattr(x, "shape") for x in y)
    ):
        return tree.map_structure(fn, y)
    return fn(y)


class FunctionLoss(Loss):
    """A loss that is a function of targets and predictions, and its options.

    Args:
        function: `(y_true, y_pred, **options)` returns one loss for each sample.
        name, reduction, dtype: as for `Loss`.
        options: kept as attributes, given to the function at each call, and part of the
            config.
    """

    def __init__(
        self,
        function: Callable[..., Tensor],
        name: str | None = None,
        reduction: Reduction | None = SUM_OVER_BATCH_SIZE,
        dtype: Any = None,
        **options: Any,
    ) -> None:
        super().__init__(name, reduction, dtype)
        self._function = function
        self._options = tuple(options)
        vars(self).update(options)

    def call(self, y_true: Any, y_pred: Any) -> Tensor:
        """The function of targets and predictions."""
        return self._function(y_true, y_pred, **self._option_values())

    def _option_values(self) -> Config:
        return {name: getattr(self, name) for name in self._options}

    def get_config(self) -> Config:
        """The constructor's arguments."""
        return {**super().get_config(), **self._option_values()}
