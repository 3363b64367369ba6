"""Losses by name: `get`, `serialize`, `deserialize`."""

from collections.abc import Callable, Mapping
from typing import Any

from keras.core.lookup import Lookup
from keras.losses import (
    _circle,
    _crossentropy,
    _ctc,
    _focal,
    _hinge,
    _probabilistic,
    _regression,
    _segmentation,
    _similarity,
)
from keras.losses._loss import Loss
from keras.typing import Config


def _modern(name: str) -> str:
    # Late: legacy stands above, and only old programs need it.
    from keras.legacy._losses import modern_loss

    return modern_loss(name)


CLASSES = (
    _crossentropy.BinaryCrossentropy,
    _focal.BinaryFocalCrossentropy,
    _ctc.CTC,
    _crossentropy.CategoricalCrossentropy,
    _focal.CategoricalFocalCrossentropy,
    _crossentropy.CategoricalGeneralizedCrossEntropy,
    _hinge.CategoricalHinge,
    _circle.Circle,
    _similarity.CosineSimilarity,
    _segmentation.Dice,
    _hinge.Hinge,
    _regression.Huber,
    _probabilistic.KLDivergence,
    _regression.LogCosh,
    _regression.MeanAbsoluteError,
    _regression.MeanAbsolutePercentageError,
    _regression.MeanSquaredError,
    _regression.MeanSquaredLogarithmicError,
    _probabilistic.Poisson,
    _crossentropy.SparseCategoricalCrossentropy,
    _hinge.SquaredHinge,
    _segmentation.Tversky,
)
FUNCTIONS = (
    _crossentropy.binary_crossentropy,
    _focal.binary_focal_crossentropy,
    _crossentropy.categorical_crossentropy,
    _focal.categorical_focal_crossentropy,
    _crossentropy.categorical_generalized_cross_entropy,
    _hinge.categorical_hinge,
    _circle.circle,
    _similarity.cosine_similarity,
    _ctc.ctc,
    _segmentation.dice,
    _hinge.hinge,
    _regression.huber,
    _probabilistic.kl_divergence,
    _regression.log_cosh,
    _regression.mean_absolute_error,
    _regression.mean_absolute_percentage_error,
    _regression.mean_squared_error,
    _regression.mean_squared_logarithmic_error,
    _probabilistic.poisson,
    _crossentropy.sparse_categorical_crossentropy,
    _hinge.squared_hinge,
    _segmentation.tversky,
)
_SHORT = {
    "bce": _crossentropy.binary_crossentropy,
    "kld": _probabilistic.kl_divergence,
    "mae": _regression.mean_absolute_error,
    "mape": _regression.mean_absolute_percentage_error,
    "mse": _regression.mean_squared_error,
    "msle": _regression.mean_squared_logarithmic_error,
}
# Functions come last: "mean_squared_error" names the function, not the class.
LOOKUP = Lookup(
    "loss",
    "keras.losses",
    (*CLASSES, *FUNCTIONS),
    aliases={**_SHORT, **{name.upper(): fn for name, fn in _SHORT.items()}},
    renamed=_modern,
)


def get(identifier: str | Config | Loss | Callable[..., Any] | None) -> Any:
    """A loss from its name, config, class, or itself.

    Args:
        identifier: for example "mse" or "mean_squared_error" (the function),
            "MeanSquaredError" (the class), a config, a class, an instance, a function
            `(y_true, y_pred)`, or `None`.

    Raises:
        UnknownNameError: for a name that stands for nothing.

    Example:
        >>> keras.losses.get("mse")
    """
    return LOOKUP.get(identifier)


def serialize(loss: Any) -> Any:
    """A loss as plain data."""
    return LOOKUP.serialize(loss)


def deserialize(name: Any, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """The loss that `serialize` described.

    Args:
        name: what `serialize` returned, or a name.
        custom_objects: names and the classes or functions they stand for.
    """
    return LOOKUP.deserialize(name, custom_objects)
