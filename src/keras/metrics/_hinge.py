"""Margins as metrics: hinge, squared hinge, categorical hinge."""

from typing import Any

from keras import losses
from keras.metrics._mean import MeanMetricWrapper


class Hinge(MeanMetricWrapper):
    """The mean of `keras.losses.hinge`.

    Args:
        name, dtype: as for `keras.Metric`.

    Example:
        >>> keras.metrics.Hinge()([[-1.0, 1.0]], [[0.5, 0.5]])
        1.0
    """

    def __init__(self, name: str | None = "hinge", dtype: Any = None) -> None:
        super().__init__(losses.hinge, name=name, dtype=dtype)


class SquaredHinge(MeanMetricWrapper):
    """The mean of `keras.losses.squared_hinge`.

    Args:
        name, dtype: as for `keras.Metric`.

    Example:
        >>> keras.metrics.SquaredHinge()([[-1.0, 1.0]], [[0.5, 0.5]])
        1.25
    """

    def __init__(self, name: str | None = "squared_hinge", dtype: Any = None) -> None:
        super().__init__(losses.squared_hinge, name=name, dtype=dtype)


class CategoricalHinge(MeanMetricWrapper):
    """The mean of `keras.losses.categorical_hinge`.

    Args:
        name, dtype: as for `keras.Metric`.

    Example:
        >>> keras.metrics.CategoricalHinge()([[0.0, 1.0]], [[0.25, 0.75]])
        0.5
    """

    def __init__(
        self, name: str | None = "categorical_hinge", dtype: Any = None
    ) -> None:
        super().__init__(losses.categorical_hinge, name=name, dtype=dtype)
