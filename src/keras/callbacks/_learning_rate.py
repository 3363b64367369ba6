"""Reading and setting the learning rate of the model that is trained."""

from typing import Any

from keras import ops


def learning_rate_of(model: Any, owner: str) -> float:
    """The learning rate as a number.

    Raises:
        ValueError: if the model has no optimizer with one.
    """
    rate = getattr(model.optimizer, "learning_rate", None)
    if rate is None:
        raise ValueError(
            f"{owner}: the model's optimizer ({type(model.optimizer).__name__}) has no "
            "learning rate. Compile the model with a keras.optimizers optimizer."
        )
    return float(ops.convert_to_numpy(rate))


def set_learning_rate(model: Any, rate: float, owner: str) -> None:
    """Give the optimizer another learning rate.

    Raises:
        TypeError: if a schedule gives it.
    """
    optimizer = model.optimizer
    given = getattr(optimizer, "_learning_rate", None)
    if callable(given) and not hasattr(given, "assign"):
        raise TypeError(
            f"{owner}: the learning rate is given by {type(given).__name__}, so that "
            "it cannot be set as well. Compile with a float, or leave out the callback."
        )
    optimizer.learning_rate = rate
