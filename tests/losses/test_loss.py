"""The base class: reductions, weights, masks, dtypes, users' own losses, names."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import keras
from keras import losses, ops
from keras.core import masks

VALUES = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], "float32")
MASK = np.array([[True, True, False], [True, False, False]])


class Plain(keras.Loss):
    """The predictions themselves, so that only the reduction is tested."""

    def call(self, y_true, y_pred):
        return y_pred * 1.0


def reduced(reduction, weights=None, mask=None):
    y_pred = ops.convert_to_tensor(VALUES)
    masks.set_mask(y_pred, None if mask is None else ops.convert_to_tensor(mask))
    loss = Plain(reduction=reduction)(VALUES, y_pred, weights)
    masks.set_mask(y_pred, None)
    return ops.convert_to_numpy(loss)


BY_SAMPLE = np.array([1.0, 2.0], "float32")
BY_STEP = np.array([[1.0, 0.0, 2.0], [3.0, 1.0, 1.0]], "float32")


@pytest.mark.parametrize(
    ("reduction", "weights", "mask", "expected"),
    [
        ("sum", None, None, 21.0),
        ("mean", None, None, 3.5),
        ("sum_over_batch_size", None, None, 3.5),
        ("mean_with_sample_weight", None, None, 3.5),
        ("none", None, None, VALUES),
        (None, None, None, VALUES),
        ("sum", BY_SAMPLE, None, 36.0),
        ("mean", BY_SAMPLE, None, 6.0),
        ("mean_with_sample_weight", BY_SAMPLE, None, 36.0 / 9.0),
        ("none", BY_SAMPLE[:, None], None, VALUES * [[1.0], [2.0]]),
        ("sum", BY_STEP, None, 1 + 6 + 12 + 5 + 6.0),
        ("mean_with_sample_weight", BY_STEP, None, 30.0 / 8.0),
        ("mean", 2.0, None, 7.0),
        ("mean_with_sample_weight", 2.0, None, 3.5),
        ("sum", None, MASK, 7.0),
        ("mean", None, MASK, 7.0 / 3.0),
        ("mean_with_sample_weight", None, MASK, 7.0 / 3.0),
        ("none", None, MASK, VALUES * MASK),
        ("sum", BY_STEP, MASK, 1 + 12.0),
        ("mean", BY_STEP, MASK, 13.0 / 3.0),
        ("mean_with_sample_weight", BY_STEP, MASK, 13.0 / 4.0),
        ("mean_with_sample_weight", BY_SAMPLE, MASK, 11.0 / 4.0),
        ("mean", None, np.zeros_like(MASK), 0.0),
    ],
)
def test_reductions_combine_weights_and_masks(
    backend, reduction, weights, mask, expected
):
    np.testing.assert_allclose(reduced(reduction, weights, mask), expected, rtol=1e-6)


def test_a_mask_may_come_with_the_targets(backend):
    y_true = ops.convert_to_tensor(VALUES)
    masks.set_mask(y_true, ops.convert_to_tensor(MASK))
    loss = Plain(reduction="sum")(y_true, ops.convert_to_tensor(VALUES))
    masks.set_mask(y_true, None)
    assert float(ops.convert_to_numpy(loss)) == 7.0


def test_masked_infinities_do_not_count(backend):
    y_pred = ops.convert_to_tensor(np.array([[1.0, np.inf]], "float32"))
    masks.set_mask(y_pred, ops.convert_to_tensor(np.array([[True, False]])))
    loss = Plain()(np.zeros((1, 2)), y_pred)
    masks.set_mask(y_pred, None)
    assert float(ops.convert_to_numpy(loss)) == 1.0


@given(
    st.lists(st.floats(0, 4, width=32), min_size=1, max_size=6),
    st.sampled_from(["mean", "sum", "mean_with_sample_weight"]),
)
@settings(max_examples=25, deadline=None)
def test_weights_of_one_change_nothing(values, reduction):
    y = np.asarray(values, "float32")[:, None]
    loss = losses.MeanSquaredError(reduction=reduction)
    plain = ops.convert_to_numpy(loss(y, y + 1))
    weighted = ops.convert_to_numpy(loss(y, y + 1, np.ones(len(values))))
    np.testing.assert_allclose(plain, weighted, rtol=1e-5)


def test_a_last_dimension_of_one_may_be_left_out(backend):
    a, b = np.array([1.0, 2.0]), np.array([[1.0], [4.0]])
    for pair in ((a, b), (b, a)):
        loss = losses.MeanSquaredError(reduction="none")(*pair)
        np.testing.assert_allclose(ops.convert_to_numpy(loss), [0.0, 4.0])


def test_integer_targets_and_predictions_are_cast(backend):
    loss = losses.MeanSquaredError()(np.array([1, 2]), np.array([1, 5]))
    assert (str(loss.dtype).endswith("float32"), float(loss)) == (True, 4.5)


def test_the_dtype_is_the_one_asked_for(backend):
    loss = losses.MeanSquaredError(dtype="float16")
    assert loss.dtype == "float16"
    value = loss(np.ones((2, 2), "float32"), np.zeros((2, 2), "float32"))
    assert str(value.dtype).endswith("float16")
    assert losses.MeanSquaredError.from_config(loss.get_config()).dtype == "float16"


def test_targets_and_predictions_may_be_nested():
    class Nested(keras.Loss):
        def call(self, y_true, y_pred):
            return ops.abs(y_true["a"] - y_pred["a"])

    loss = Nested()({"a": np.array([1, 2])}, {"a": np.array([1.0, 4.0])})
    assert float(loss) == 1.0


def test_weights_that_do_not_fit_are_refused():
    with pytest.raises(keras.errors.ShapeError, match=r"shape \(5,\).*shape \(2, 3\)"):
        Plain()(VALUES, VALUES, np.ones(5))


def test_an_unknown_reduction_shows_the_near_one():
    with pytest.raises(ValueError, match=r"'summ'.*Did you mean 'sum'"):
        losses.Huber(reduction="summ")


def test_the_reduction_of_keras_2_still_works_with_a_warning():
    with pytest.warns(DeprecationWarning, match="sum_over_batch_size"):
        loss = losses.Huber(reduction="auto")
    assert loss.reduction == "sum_over_batch_size"


def test_a_loss_without_call_says_what_to_define():
    class Empty(keras.Loss):
        pass

    with pytest.raises(NotImplementedError, match="Define"):
        Empty()(VALUES, VALUES)


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("mse", "mean_squared_error"),
        ("MAE", "mean_absolute_error"),
        ("mape", "mean_absolute_percentage_error"),
        ("msle", "mean_squared_logarithmic_error"),
        ("kld", "kl_divergence"),
        ("bce", "binary_crossentropy"),
        ("log_cosh", "log_cosh"),
        ("huber", "huber"),
    ],
)
def test_names_stand_for_functions(name, function):
    assert losses.get(name) is getattr(losses, function)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("cosine_proximity", "cosine_similarity"),
        ("kullback_leibler_divergence", "kl_divergence"),
        ("logcosh", "log_cosh"),
    ],
)
def test_old_names_work_and_name_the_new_one(old, new):
    with pytest.warns(DeprecationWarning, match=new):
        assert losses.get(old) is getattr(losses, new)


def test_get_takes_classes_configs_functions_and_none():
    assert isinstance(losses.get("MeanSquaredError"), losses.MeanSquaredError)
    assert isinstance(losses.get(losses.Hinge), losses.Hinge)
    config = {"class_name": "Huber", "config": {"delta": 2.0}}
    assert losses.get(config).delta == 2.0
    assert losses.get(len) is len
    assert losses.get(None) is None
    function = losses.serialize(losses.mean_squared_error)
    assert losses.deserialize(function) is losses.mean_squared_error


def test_an_unknown_name_shows_the_near_ones():
    with pytest.raises(ValueError, match=r"mean_square_error.*mean_squared_error"):
        losses.get("mean_square_error")
    with pytest.raises(TypeError, match=r"got 3 \(int\)"):
        losses.get(3)
