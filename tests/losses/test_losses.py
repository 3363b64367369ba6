"""Every loss: hand-computed values, config, name, weights of zero, errors."""

import math

import numpy as np
import pytest

import keras
from keras import losses, ops
from keras.backend import current

LN2 = math.log(2.0)
HALF = [[0.5, 0.5]]
ONE_HOT = [[0.0, 1.0]]

# class, options, y_true, y_pred, the loss with reduction "sum_over_batch_size"
CASES = [
    ("MeanSquaredError", {}, [[0.0, 2.0]], [[1.0, 4.0]], 2.5),
    ("MeanAbsoluteError", {}, [[0.0, 2.0]], [[1.0, 4.0]], 1.5),
    ("MeanAbsolutePercentageError", {}, [[2.0, 4.0]], [[1.0, 5.0]], 37.5),
    ("MeanSquaredLogarithmicError", {}, [[0.0, 0.0]], [[1.0, 0.0]], LN2**2 / 2),
    ("Huber", {"delta": 2.0}, [[0.0, 0.0]], [[1.0, 4.0]], (0.5 + 6.0) / 2),
    ("LogCosh", {}, [[0.0]], [[1.0]], math.log(math.cosh(1.0))),
    ("CosineSimilarity", {}, [[3.0, 4.0]], [[4.0, 3.0]], -24 / 25),
    ("Hinge", {}, [[-1.0, 1.0]], [[0.5, 0.25]], (1.5 + 0.75) / 2),
    ("SquaredHinge", {}, [[0.0, 1.0]], [[0.5, 0.5]], (2.25 + 0.25) / 2),
    ("CategoricalHinge", {}, ONE_HOT, [[0.25, 0.75]], 0.5),
    ("KLDivergence", {}, HALF, [[0.25, 0.75]], 0.5 * (LN2 + math.log(2 / 3))),
    ("Poisson", {}, [[1.0, 0.0]], [[1.0, 2.0]], 1.5),
    ("BinaryCrossentropy", {}, ONE_HOT, [[0.25, 0.5]], (math.log(4 / 3) + LN2) / 2),
    ("BinaryCrossentropy", {"label_smoothing": 1.0}, ONE_HOT, HALF, LN2),
    ("BinaryCrossentropy", {"from_logits": True}, ONE_HOT, [[0.0, 0.0]], LN2),
    ("CategoricalCrossentropy", {}, ONE_HOT, [[3.0, 1.0]], 2 * LN2),
    (
        "CategoricalCrossentropy",
        {"label_smoothing": 0.5},
        ONE_HOT,
        [[0.75, 0.25]],
        0.25 * math.log(4 / 3) + 0.75 * 2 * LN2,
    ),
    ("CategoricalCrossentropy", {"from_logits": True}, ONE_HOT, [[5.0, 5.0]], LN2),
    ("CategoricalCrossentropy", {"axis": 0}, [[0.0], [1.0]], [[0.5], [0.5]], LN2),
    (
        "SparseCategoricalCrossentropy",
        {},
        [1, 0],
        [[0.5, 0.5], [0.25, 0.75]],
        1.5 * LN2,
    ),
    (
        "SparseCategoricalCrossentropy",
        {"ignore_class": -1},
        [1, -1],
        [[0.5, 0.5], [0.25, 0.75]],
        LN2,
    ),
    ("CategoricalGeneralizedCrossEntropy", {"q": 0.5}, [1], [[0.75, 0.25]], 1.0),
    ("BinaryFocalCrossentropy", {}, ONE_HOT, HALF, LN2 / 4),
    (
        "BinaryFocalCrossentropy",
        {"apply_class_balancing": True, "alpha": 0.25, "gamma": 1.0},
        [[1.0]],
        [[0.5]],
        0.125 * LN2,
    ),
    ("CategoricalFocalCrossentropy", {"alpha": 0.5}, ONE_HOT, HALF, LN2 / 8),
    ("Dice", {}, ONE_HOT, [[0.5, 0.5]], 0.5),
    ("Tversky", {"alpha": 1.0, "beta": 0.0}, ONE_HOT, HALF, 0.5),
    ("Tversky", {"alpha": 0.0, "beta": 3.0}, ONE_HOT, HALF, 0.75),
    # Of three, one has a partner at similarity 1 and another label at similarity 0:
    # log(1 + exp(g m * (0 - m)) * exp(-g m * m)), g = 2, m = 0.5.
    (
        "Circle",
        {"gamma": 2.0, "margin": 0.5},
        [0, 0, 1],
        [[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]],
        math.log(1 + math.exp(-0.5 - 0.5)),
    ),
    # One label in one step out of two classes.
    ("CTC", {}, [[1]], [[[0.0, 0.0]]], LN2),
]
IDS = [f"{c[0]}-{i}" for i, c in enumerate(CASES)]


@pytest.mark.parametrize(
    ("name", "options", "y_true", "y_pred", "expected"), CASES, ids=IDS
)
def test_a_loss_has_the_value_of_its_formula(
    backend, name, options, y_true, y_pred, expected
):
    loss = getattr(losses, name)(**options)(y_true, y_pred)
    np.testing.assert_allclose(
        ops.convert_to_numpy(loss), expected, rtol=2e-5, atol=1e-6
    )


@pytest.mark.parametrize(
    ("name", "options", "y_true", "y_pred", "expected"), CASES, ids=IDS
)
def test_a_loss_survives_its_config(name, options, y_true, y_pred, expected):
    loss = getattr(losses, name)(
        **options, reduction="sum", name="mine", dtype="float64"
    )
    again = losses.deserialize(losses.serialize(loss))
    assert type(again) is type(loss)
    assert again.get_config() == loss.get_config()
    assert (again.name, again.reduction, again.dtype) == ("mine", "sum", "float64")
    assert all(getattr(again, k) == v for k, v in options.items())


def test_every_public_loss_stands_in_the_table():
    public = {
        name
        for name, value in vars(losses).items()
        if isinstance(value, type) and value is not keras.Loss
    }
    assert public == {case[0] for case in CASES}


@pytest.mark.parametrize(
    ("name", "options", "y_true", "y_pred", "expected"), CASES, ids=IDS
)
def test_weights_of_zero_give_zero_and_finite_gradients(
    trainable_backend, name, options, y_true, y_pred, expected
):
    for reduction in ("sum_over_batch_size", "mean_with_sample_weight"):
        loss = getattr(losses, name)(**options, reduction=reduction)
        weights = 0.0 if name in ("Dice", "Tversky") else [0.0] * len(y_true)
        if "axis" in options:
            weights = 0.0

        def scalar(values, loss=loss, weights=weights):
            return loss(y_true, values[0], weights), None

        prediction = ops.convert_to_tensor(y_pred, dtype="float32")
        (value, _), grads = current.engine.value_and_grad(scalar, [prediction])
        assert float(ops.convert_to_numpy(value)) == 0.0
        assert np.all(ops.convert_to_numpy(grads[0]) == 0.0)


def test_the_class_and_the_function_agree(backend):
    rng = np.random.default_rng(0)
    y_true, y_pred = rng.random((2, 4, 3)).astype("float32")
    one = losses.LogCosh(reduction="none")(y_true, y_pred)
    np.testing.assert_allclose(
        ops.convert_to_numpy(one), np.log(np.cosh(y_pred - y_true)).mean(-1), rtol=1e-4
    )


def test_log_cosh_does_not_overflow(backend):
    loss = losses.log_cosh([[0.0]], [[-1000.0]])
    np.testing.assert_allclose(ops.convert_to_numpy(loss), [1000 - LN2], rtol=1e-6)


def test_crossentropy_of_large_logits_is_finite(backend):
    loss = losses.BinaryCrossentropy(from_logits=True)([[1.0, 0.0]], [[-1e4, 1e4]])
    np.testing.assert_allclose(ops.convert_to_numpy(loss), 1e4, rtol=1e-6)


def test_a_zero_vector_has_cosine_similarity_zero(backend):
    loss = losses.cosine_similarity([[0.0, 0.0]], [[1.0, 2.0]])
    np.testing.assert_allclose(ops.convert_to_numpy(loss), [0.0], atol=1e-7)


@pytest.mark.parametrize("targets", [np.array([1, 0]), np.array([[1], [0]])])
@pytest.mark.parametrize(
    "name", ["categorical_crossentropy", "categorical_focal_crossentropy"]
)
def test_class_indices_for_a_one_hot_loss_name_the_sparse_one(name, targets):
    predictions = np.full((2, 3), 1 / 3, "float32")
    with pytest.raises(
        keras.errors.ShapeError, match="sparse_categorical_crossentropy"
    ):
        getattr(losses, name)(targets, predictions)
    with pytest.raises(ValueError, match=r"y_true of shape \(2, ?1?\)"):
        losses.CategoricalCrossentropy()(targets, predictions)


def test_one_hot_targets_for_a_sparse_loss_name_the_other():
    with pytest.raises(ValueError, match=r"one-hot targets use\s+categorical_crossent"):
        losses.SparseCategoricalCrossentropy()(np.eye(3), np.eye(3))
    with pytest.raises(ValueError, match=r"ops.argmax"):
        losses.categorical_generalized_cross_entropy(np.eye(3), np.eye(3), 0.5)


@pytest.mark.parametrize(
    ("target", "prediction"), [((3, 1), (3, 2)), ((1, 2), (3, 2)), ((4, 2), (2, 4, 2))]
)
def test_targets_are_never_broadcast_silently(target, prediction):
    text = (
        rf"mean_squared_error: got y_true of shape .*{target[0]}.*expected equal shapes"
    )
    with pytest.raises(keras.errors.ShapeError, match=text):
        losses.mean_squared_error(np.ones(target), np.ones(prediction))


def test_options_out_of_range_are_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        losses.CategoricalGeneralizedCrossEntropy(q=1.5)
    with pytest.raises(ValueError, match=r"\(batch, labels\) and \(batch, time"):
        losses.ctc(np.ones((2,), "int32"), np.ones((2, 3, 4), "float32"))
