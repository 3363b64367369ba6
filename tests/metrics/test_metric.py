"""The base class: state, tracking, stateless calls, gradients, masks, names, errors."""

import numpy as np
import pytest

import keras
from keras import metrics, ops
from keras.core import masks


class Spread(keras.Metric):
    """A user's metric, with a metric inside."""

    def __init__(self, name="spread", **kwargs):
        super().__init__(name=name, **kwargs)
        self.high = self.add_variable((), "zeros", name="high")
        self.low = self.add_weight(name="low")
        self.means = [metrics.Mean()]

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.high.assign(ops.maximum(self.high, ops.max(y_pred)))
        self.low.assign(ops.minimum(self.low, ops.min(y_pred)))
        self.means[0].update_state(y_pred)

    def result(self):
        return self.high - self.low


def number(x):
    return ops.convert_to_numpy(x)


def test_a_users_metric_keeps_state_and_resets_it(backend):
    metric = Spread()
    assert float(number(metric(None, np.array([1.0, -2.0])))) == 3.0
    assert [v.path for v in metric.variables[:2]] == ["spread/high", "spread/low"]
    assert len(metric.variables) == 4
    assert float(number(metric.means[0].result())) == -0.5
    metric.reset_state()
    assert [float(number(v)) for v in metric.variables] == [0.0] * 4


def test_variables_are_not_trainable_and_summed_over_replicas():
    variable = metrics.Mean().variables[0]
    assert not variable.trainable
    assert not variable.autocast
    assert variable.aggregation == "sum"


def test_stateless_calls_leave_the_metric_alone(backend):
    metric = metrics.Mean()
    state = metric.stateless_reset_state()
    state = metric.stateless_update_state(state, np.array([1.0, 3.0], "float32"))
    assert float(number(metric.stateless_result(state))) == 2.0
    assert float(number(metric.result())) == 0.0
    with pytest.raises(ValueError, match=r"got 1 tensors for 2 variables"):
        metric.stateless_result(state[:1])


def test_no_gradients_are_recorded():
    torch = pytest.importorskip("torch")
    prediction = torch.ones((2, 2), requires_grad=True)
    for metric in (metrics.MeanSquaredError(), metrics.AUC(), metrics.F1Score()):
        result = metric(torch.zeros((2, 2)), prediction)
        assert not result.requires_grad
        assert not any(v.value.requires_grad for v in metric.variables)


@pytest.mark.parametrize(
    "cls", [metrics.MeanSquaredError, metrics.RootMeanSquaredError]
)
def test_masked_steps_do_not_count(backend, cls):
    y_pred = ops.convert_to_tensor(
        np.array([[[2.0], [9.0]], [[2.0], [2.0]]], "float32")
    )
    mask = np.array([[True, False], [True, True]])
    masks.set_mask(y_pred, ops.convert_to_tensor(mask))
    result = cls()(np.zeros((2, 2, 1)), y_pred)
    masks.set_mask(y_pred, None)
    expected = 4.0 if cls is metrics.MeanSquaredError else 2.0
    np.testing.assert_allclose(number(result), expected, rtol=1e-6)


def test_weights_by_sample_go_with_values_by_step(backend):
    metric = metrics.Mean()
    metric.update_state(np.array([[1.0, 3.0], [5.0, 7.0]]), np.array([3.0, 1.0]))
    np.testing.assert_allclose(number(metric.result()), (3 * 2 + 6) / 4)


def test_an_ignored_class_counts_for_nothing_in_iou(backend):
    metric = metrics.MeanIoU(num_classes=2, ignore_class=255)
    assert float(number(metric([0, 1, 255], [0, 1, 0]))) == 1.0


def test_fractions_of_weights_are_not_lost_silently():
    metric = metrics.MeanIoU(num_classes=2)
    with pytest.warns(UserWarning, match="dtype='float32'"):
        metric.update_state([0, 1], [0, 1], sample_weight=np.array([0.5, 0.5]))


def test_the_dtype_is_that_of_the_state():
    metric = metrics.Mean(dtype="float64")
    assert metric.dtype == metric.variables[0].dtype == "float64"
    assert metric.get_config() == {"name": "mean", "dtype": "float64"}


def test_a_lambda_can_be_a_metric(backend):
    metric = metrics.MeanMetricWrapper(
        lambda t, p, scale: scale * ops.abs(t - p), scale=2
    )
    assert float(number(metric(np.array([1.0]), np.array([4.0])))) == 6.0


@pytest.mark.parametrize(
    ("name", "cls"),
    [
        ("accuracy", "Accuracy"),
        ("mse", "MeanSquaredError"),
        ("MSE", "MeanSquaredError"),
        ("auc", "AUC"),
        ("bce", "BinaryCrossentropy"),
        ("f1_score", "F1Score"),
        ("RootMeanSquaredError", "RootMeanSquaredError"),
        ("top_k_categorical_accuracy", "TopKCategoricalAccuracy"),
    ],
)
def test_names_stand_for_classes(name, cls):
    assert type(metrics.get(name)) is getattr(metrics, cls)


def test_old_names_work_and_name_the_new_one():
    with pytest.warns(DeprecationWarning, match="cosine_similarity"):
        assert type(metrics.get("cosine_proximity")) is metrics.CosineSimilarity


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: metrics.get("binary_acuracy"), "binary_accuracy"),
        (lambda: metrics.get("MeanIoU"), r"num_classes"),
        (lambda: metrics.AUC(curve="ROX"), "Did you mean 'ROC'"),
        (lambda: metrics.AUC(num_thresholds=1), "at least 2"),
        (lambda: metrics.AUC(num_labels=2), "multi_label=True"),
        (lambda: metrics.AUC(thresholds=[2.0]), "expected 0 to 1"),
        (lambda: metrics.Precision(thresholds=1.5), r"\[1.5\]; expected numbers"),
        (lambda: metrics.BinaryAccuracy(threshold=7), "between 0 and 1"),
        (lambda: metrics.F1Score(average="mcro"), "Did you mean 'micro'"),
        (lambda: metrics.FBetaScore(beta=-1.0), "float above 0"),
        (lambda: metrics.R2Score(num_regressors=-1), "at least 0"),
        (lambda: metrics.R2Score(class_aggregation="uniform"), "uniform_average"),
        (lambda: metrics.IoU(2, [0, 5]), r"\[5\]; expected class indices"),
        (lambda: metrics.PrecisionAtRecall(1.5), "float from 0 to 1"),
        (lambda: metrics.PrecisionAtRecall(0.5, num_thresholds=0), "at least 1"),
        (lambda: metrics.F1Score()(np.ones(2), np.ones(2)), r"\(batch, outputs\)"),
        (lambda: metrics.Precision(class_id=5)(np.eye(3), np.eye(3)), "0 to 2"),
        (lambda: metrics.Precision()(np.ones(4), np.ones((4, 2))), "equal shapes"),
        (
            lambda: metrics.categorical_accuracy(np.ones(2), np.ones((2, 3))),
            "sparse_categorical_accuracy",
        ),
        (
            lambda: metrics.sparse_categorical_accuracy(np.eye(3), np.eye(3)),
            "categorical_accuracy for one-hot",
        ),
        (
            lambda: metrics.AUC(multi_label=True)(np.ones(3), np.ones(3)),
            "multi_label is true",
        ),
    ],
)
def test_errors_say_what_to_do(call, text):
    with pytest.raises(ValueError, match=text):
        call()


def test_a_metric_without_its_methods_says_what_to_define():
    class Empty(keras.Metric):
        pass

    with pytest.raises(NotImplementedError, match="update_state"):
        Empty().update_state()
    with pytest.raises(NotImplementedError, match="result"):
        Empty().result()


def test_the_number_of_classes_may_not_change():
    metric = metrics.F1Score()
    metric.update_state(np.eye(2), np.eye(2))
    with pytest.raises(ValueError, match="2 classes as in earlier"):
        metric.update_state(np.eye(3), np.eye(3))
