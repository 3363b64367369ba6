"""Metrics of predicted probabilities: crossentropies, divergence, Poisson."""

from typing import Any

from keras import losses
from keras.metrics._mean import MeanMetricWrapper


class BinaryCrossentropy(MeanMetricWrapper):
    """The mean of `keras.losses.binary_crossentropy`.

    Args:
        name, dtype: as for `keras.Metric`.
        from_logits: whether predictions have not gone through a sigmoid yet.
        label_smoothing: float from 0 to 1.

    Example:
        >>> keras.metrics.BinaryCrossentropy()([[0.0, 1.0]], [[0.5, 0.5]])
        0.6931
    """

    def __init__(
        self,
        name: str | None = "binary_crossentropy",
        dtype: Any = None,
        from_logits: bool = False,
        label_smoothing: float = 0,
    ) -> None:
        super().__init__(
            losses.binary_crossentropy,
            name=name,
            dtype=dtype,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
        )


class CategoricalCrossentropy(MeanMetricWrapper):
    """The mean of `keras.losses.categorical_crossentropy`.

    Args:
        name, dtype: as for `keras.Metric`.
        from_logits: whether predictions have not gone through a softmax yet.
        label_smoothing: float from 0 to 1.
        axis: where the classes stand.

    Example:
        >>> keras.metrics.CategoricalCrossentropy()([[0.0, 1.0]], [[0.5, 0.5]])
        0.6931
    """

    def __init__(
        self,
        name: str | None = "categorical_crossentropy",
        dtype: Any = None,
        from_logits: bool = False,
        label_smoothing: float = 0,
        axis: int = -1,
    ) -> None:
        super().__init__(
            losses.categorical_crossentropy,
            name=name,
            dtype=dtype,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
            axis=axis,
        )


class SparseCategoricalCrossentropy(MeanMetricWrapper):
    """The mean of `keras.losses.sparse_categorical_crossentropy`.

    Entries of `ignore_class` are left out where there are sample weights, and count as
    0 where there are none, as in Keras 3; the loss of that name always leaves them out.

    Args:
        name, dtype: as for `keras.Metric`.
        from_logits: whether predictions have not gone through a softmax yet.
        ignore_class: an index whose entries have the loss 0.
        axis: where the classes stand in the predictions.

    Example:
        >>> keras.metrics.SparseCategoricalCrossentropy()([1], [[0.5, 0.5]])
        0.6931
    """

    def __init__(
        self,
        name: str | None = "sparse_categorical_crossentropy",
        dtype: Any = None,
        from_logits: bool = False,
        ignore_class: int | None = None,
        axis: int = -1,
    ) -> None:
        super().__init__(
            losses.sparse_categorical_crossentropy,
            name=name,
            dtype=dtype,
            from_logits=from_logits,
            ignore_class=ignore_class,
            axis=axis,
        )


class KLDivergence(MeanMetricWrapper):
    """The mean of `keras.losses.kl_divergence`.

    Args:
        name, dtype: as for `keras.Metric`.

    Example:
        >>> keras.metrics.KLDivergence()([[0.5, 0.5]], [[0.25, 0.75]])
        0.1438
    """

    def __init__(self, name: str | None = "kl_divergence", dtype: Any = None) -> None:
        super().__init__(losses.kl_divergence, name=name, dtype=dtype)


class Poisson(MeanMetricWrapper):
    """The mean of `keras.losses.poisson`.

    Args:
        name, dtype: as for `keras.Metric`.

    Example:
        >>> keras.metrics.Poisson()([[1.0, 0.0]], [[1.0, 2.0]])
        1.5
    """

    def __init__(self, name: str | None = "poisson", dtype: Any = None) -> None:
        super().__init__(losses.poisson, name=name, dtype=dtype)
