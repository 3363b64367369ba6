"""Circle loss, for metric learning."""

from typing import Any

from keras import ops
from keras.core import masks
from keras.losses._loss import SUM_OVER_BATCH_SIZE, FunctionLoss
from keras.losses._pairs import as_float
from keras.losses._reduce import Reduction
from keras.ops._op import dtype_of
from keras.typing import Tensor, TensorLike


def circle(
    y_true: TensorLike,
    y_pred: TensorLike,
    ref_labels: TensorLike | None = None,
    ref_embeddings: TensorLike | None = None,
    remove_diagonal: bool = True,
    gamma: float = 80,
    margin: float = 0.4,
) -> Tensor:
    """`log(1 + sum(exp(g a_n (s_n - m))) * sum(exp(-g a_p (s_p - 1 + m))))`.

    s_p and s_n are the similarities of an embedding to those with the same and with
    another label, `a_p = max(1 + m - s_p, 0)` and `a_n = max(s_n + m, 0)` (Sun et al.
    2020, https://arxiv.org/abs/2002.10857, equation 6).

    Args:
        y_true: class indices `(batch,)` or `(batch, 1)`.
        y_pred: embeddings of length 1, `(batch, features)`.
        ref_labels: class indices `(references,)` to compare with; default: `y_true`.
        ref_embeddings: embeddings `(references, features)`; default: `y_pred`.
        remove_diagonal: whether the i-th embedding is not compared with the i-th
            reference, which is itself where none are given.
        gamma: float: the scale g.
        margin: float: the margin m.

    Returns:
        A float tensor `(batch,)`; 0, and masked, where no other sample has the label.

    Example:
        >>> keras.losses.circle([0, 0], [[1.0, 0.0], [1.0, 0.0]])
        [0.0, 0.0]
    """
    y_pred = as_float(y_pred)
    labels = _flat(y_true)
    references = y_pred if ref_embeddings is None else as_float(ref_embeddings)
    others = labels if ref_labels is None else _flat(ref_labels)
    similarity = ops.matmul(y_pred, ops.transpose(references))  # (batch, references)
    same = ops.equal(ops.expand_dims(labels, 1), ops.expand_dims(others, 0))
    positive, negative = same, ops.logical_not(same)
    if remove_diagonal:
        rows, columns = similarity.shape
        self_pair = ops.cast(ops.eye(rows, columns), "bool")
        positive = ops.logical_and(positive, ops.logical_not(self_pair))
    # How far each pair is from its optimum is a weight, not differentiated.
    constant = ops.stop_gradient(similarity)
    pull = ops.maximum(1.0 + margin - constant, 0.0)
    push = ops.maximum(constant + margin, 0.0)
    near = _logsumexp(-gamma * pull * (similarity - (1.0 - margin)), positive)
    far = _logsumexp(gamma * push * (similarity - margin), negative)
    losses = ops.softplus(near + far)
    # Who is alone with its label does not count in a mean.
    masks.set_mask(losses, ops.any(positive, axis=-1))
    return losses


def _flat(labels: Any) -> Tensor:
    labels = ops.convert_to_tensor(labels)
    return ops.squeeze(labels, -1) if len(labels.shape) > 1 else labels


def _logsumexp(x: Tensor, mask: Tensor) -> Tensor:
    """Over the masked entries of each row; very small, but finite, without any."""
    nothing = -3e4 if dtype_of(x) == "float16" else -1e30
    return ops.logsumexp(ops.where(mask, x, nothing), axis=-1)


class Circle(FunctionLoss):
    """For embeddings that cluster by label: see `keras.losses.circle`.

    Args:
        gamma: float: the scale.
        margin: float: the margin.
        remove_diagonal: whether an embedding is not compared with itself.
        reduction, name, dtype: as for `keras.Loss`.

    Example:
        >>> keras.losses.Circle()([0, 0], [[1.0, 0.0], [1.0, 0.0]])
        0.0
    """

    integer_targets = True

    def __init__(
        self,
        gamma: float = 80.0,
        margin: float = 0.4,
        remove_diagonal: bool = True,
        reduction: Reduction | None = SUM_OVER_BATCH_SIZE,
        name: str | None = "circle",
        dtype: Any = None,
    ) -> None:
        super().__init__(
            circle,
            name,
            reduction,
            dtype,
            gamma=gamma,
            margin=margin,
            remove_diagonal=remove_diagonal,
        )
