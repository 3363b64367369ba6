"""Connectionist temporal classification."""

from typing import Any

from keras import ops
from keras.errors import ShapeError
from keras.losses._loss import SUM_OVER_BATCH_SIZE, FunctionLoss
from keras.losses._pairs import as_dtype, as_float
from keras.losses._reduce import Reduction
from keras.typing import Tensor, TensorLike


def ctc(y_true: TensorLike, y_pred: TensorLike) -> Tensor:
    """`-log P(y_true)`, summed over all alignments of labels with time steps.

    Connectionist temporal classification (Graves et al. 2006). The class 0 is the blank
    and pads short label sequences; every time step of `y_pred` counts. For other
    lengths use `keras.ops.ctc_loss`.

    Args:
        y_true: class indices from 1 on, `(batch, labels)`, padded with 0.
        y_pred: logits `(batch, time, classes)`.

    Returns:
        A float tensor `(batch,)`.

    Raises:
        ShapeError: if there are other numbers of dimensions.

    Example:
        >>> keras.losses.ctc([[1]], [[[0.0, 0.0]]])
        [0.6931]
    """
    y_pred = as_float(y_pred)
    y_true = ops.convert_to_tensor(y_true)
    if len(y_true.shape) != 2 or len(y_pred.shape) != 3:
        raise ShapeError(
            f"ctc: got y_true of shape {tuple(y_true.shape)} and y_pred of shape "
            f"{tuple(y_pred.shape)}; expected (batch, labels) and (batch, time, "
            "classes). Add or drop a dimension."
        )
    y_true = as_dtype(y_true, "int32")
    labels = ops.sum(ops.cast(ops.not_equal(y_true, 0), "int32"), axis=1)
    steps = ops.full((y_pred.shape[0],), y_pred.shape[1], dtype="int32")
    return ops.ctc_loss(y_true, y_pred, labels, steps)


class CTC(FunctionLoss):
    """For sequences without alignment, such as speech: see `keras.losses.ctc`.

    Args:
        reduction, name, dtype: as for `keras.Loss`.

    Example:
        >>> keras.losses.CTC()([[1]], [[[0.0, 0.0]]])
        0.6931
    """

    integer_targets = True

    def __init__(
        self,
        reduction: Reduction | None = SUM_OVER_BATCH_SIZE,
        name: str | None = "ctc",
        dtype: Any = None,
    ) -> None:
        super().__init__(ctc, name, reduction, dtype)
