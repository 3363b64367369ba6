"""Positives and negatives, precision and recall."""

from collections.abc import Sequence
from typing import Any, ClassVar

from keras import ops
from keras.core.lookup import constructor_config
from keras.metrics._confusion import NEVER, Confusion, Thresholds, confusion
from keras.metrics._mean import divide_or_zero
from keras.metrics._metric import Metric
from keras.typing import Config, Tensor, TensorLike


def thresholds_of(given: Any, what: str, default: float = 0.5) -> list[float]:
    """One threshold or several, as a list.

    Raises:
        ValueError: for one that is not between 0 and 1.
    """
    if given is None:
        return [default]
    values = [float(v) for v in (given if isinstance(given, list | tuple) else [given])]
    wrong = [v for v in values if not 0 <= v <= 1]
    if wrong or not values:
        raise ValueError(
            f"{what}(thresholds=...): got {wrong or given!r}; expected numbers from 0 "
            "to 1. Convert logits to probabilities first, with a sigmoid for example."
        )
    return values


class _Counted(Metric):
    """Sums of outcomes at thresholds; `_kept` says which, by their variables' names."""

    _kept: ClassVar[dict[str, str]] = {}
    """Names of variables, and the field of `Confusion` that each sums up."""

    def __init__(
        self,
        thresholds: float | Sequence[float] | None,
        name: str | None,
        dtype: Any,
        top_k: int | None = None,
        class_id: int | None = None,
    ) -> None:
        super().__init__(name=name, dtype=dtype)
        what = type(self).__name__
        self.init_thresholds = thresholds
        self.top_k = top_k
        self.class_id = class_id
        # The k best count as positive, whatever their scores.
        default = 0.5 if top_k is None else NEVER
        self.thresholds: list[float] = thresholds_of(thresholds, what, default)
        self._cuts = Thresholds(self.thresholds)
        for variable in self._kept:
            shape = (len(self.thresholds),)
            setattr(self, variable, self.add_variable(shape, "zeros", name=variable))

    def update_state(
        self,
        y_true: TensorLike,
        y_pred: TensorLike,
        sample_weight: TensorLike | None = None,
    ) -> None:
        """Take in a batch.

        Args:
            y_true: targets of any shape; all but 0 are positive.
            y_pred: probabilities of the same shape.
            sample_weight: `(batch,)`, or of their shape.

        Raises:
            ShapeError: if the shapes do not fit.
        """
        outcome = confusion(
            self._cuts,
            y_true,
            y_pred,
            sample_weight,
            self.dtype,
            self.name,
            top_k=self.top_k,
            class_id=self.class_id,
        )
        self._add(outcome)

    def _add(self, outcome: Confusion) -> None:
        for variable, field in self._kept.items():
            getattr(self, variable).assign_add(getattr(outcome, field)[:, 0])

    def _single(self, x: Tensor) -> Tensor:
        """A scalar where there is one threshold."""
        return x[0] if len(self.thresholds) == 1 else x

    def get_config(self) -> Config:
        """The constructor's arguments."""
        return {**constructor_config(self), "thresholds": self.init_thresholds}


class _OneCount(_Counted):
    accumulator: Any

    def __init__(
        self,
        thresholds: float | Sequence[float] | None = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(thresholds, name, dtype)

    def result(self) -> Tensor:
        """The weighted number: a scalar, or one for each of several thresholds."""
        return self._single(ops.convert_to_tensor(self.accumulator))


class TruePositives(_OneCount):
    """The number of positive samples that are predicted so.

    Args:
        thresholds: float from 0 to 1, or a list of them: predictions above it are
            positive; default: 0.5.
        name, dtype: as for `keras.Metric`.

    Raises:
        ValueError: for thresholds that are not between 0 and 1.

    Example:
        >>> keras.metrics.TruePositives()([0, 1, 1], [0.7, 0.8, 0.2])
        1.0
    """

    _kept: ClassVar[dict[str, str]] = {"accumulator": "true_positives"}


class TrueNegatives(_OneCount):
    """The number of negative samples that are predicted so; see `TruePositives`.

    Example:
        >>> keras.metrics.TrueNegatives()([0, 1, 0], [0.7, 0.8, 0.2])
        1.0
    """

    _kept: ClassVar[dict[str, str]] = {"accumulator": "true_negatives"}


class FalsePositives(_OneCount):
    """The number of negative samples predicted as positive; see `TruePositives`.

    Example:
        >>> keras.metrics.FalsePositives()([0, 1, 0], [0.7, 0.8, 0.2])
        1.0
    """

    _kept: ClassVar[dict[str, str]] = {"accumulator": "false_positives"}


class FalseNegatives(_OneCount):
    """The number of positive samples predicted as negative; see `TruePositives`.

    Example:
        >>> keras.metrics.FalseNegatives()([0, 1, 1], [0.7, 0.8, 0.2])
        1.0
    """

    _kept: ClassVar[dict[str, str]] = {"accumulator": "false_negatives"}


class Precision(_Counted):
    """`true positives / predicted positives`.

    Args:
        thresholds: float from 0 to 1, or a list of them: predictions above it are
            positive; default: 0.5, or with `top_k` none.
        top_k: int: only the k highest predictions of a sample can be positive.
        class_id: int: look at this class along the last axis only.
        name, dtype: as for `keras.Metric`.

    Raises:
        ValueError: for thresholds that are not between 0 and 1.

    Example:
        >>> keras.metrics.Precision()([0, 1, 1, 1], [0.6, 0.7, 0.2, 0.9])
        0.6667
    """

    true_positives: Any
    false_positives: Any
    _kept: ClassVar[dict[str, str]] = {
        "true_positives": "true_positives",
        "false_positives": "false_positives",
    }

    def __init__(
        self,
        thresholds: float | Sequence[float] | None = None,
        top_k: int | None = None,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(thresholds, name, dtype, top_k, class_id)

    def result(self) -> Tensor:
        """The precision: a scalar, or one for each of several thresholds."""
        predicted = self.true_positives + self.false_positives
        return self._single(divide_or_zero(self.true_positives.value, predicted))


class Recall(_Counted):
    """`true positives / all positives`.

    Args:
        thresholds: float from 0 to 1, or a list of them: predictions above it are
            positive; default: 0.5, or with `top_k` none.
        top_k: int: only the k highest predictions of a sample can be positive.
        class_id: int: look at this class along the last axis only.
        name, dtype: as for `keras.Metric`.

    Raises:
        ValueError: for thresholds that are not between 0 and 1.

    Example:
        >>> keras.metrics.Recall()([0, 1, 1, 1], [0.6, 0.7, 0.2, 0.9])
        0.6667
    """

    true_positives: Any
    false_negatives: Any
    _kept: ClassVar[dict[str, str]] = {
        "true_positives": "true_positives",
        "false_negatives": "false_negatives",
    }

    def __init__(
        self,
        thresholds: float | Sequence[float] | None = None,
        top_k: int | None = None,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(thresholds, name, dtype, top_k, class_id)

    def result(self) -> Tensor:
        """The recall: a scalar, or one for each of several thresholds."""
        positives = self.true_positives + self.false_negatives
        return self._single(divide_or_zero(self.true_positives.value, positives))
