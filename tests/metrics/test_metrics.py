"""Every metric: hand-computed values, config, many batches as one, compiled, reset."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import keras
from keras import metrics, ops
from keras.core.compiled import Compiled

LN2 = math.log(2.0)
ONE_HOT = [[0.0, 1.0]]
HALF = [[0.5, 0.5]]
LABELS, SCORES = [0.0, 1.0, 1.0, 1.0], [0.6, 0.7, 0.2, 0.9]
RATES = ([0.0, 0.0, 0.0, 1.0, 1.0], [0.0, 0.3, 0.8, 0.3, 0.8])

# class, options, arguments of update_state, result
CASES = [
    ("Mean", {}, ([1.0, 3.0, 5.0], [1.0, 1.0, 2.0]), 14 / 4),
    ("Sum", {}, ([1.0, 3.0], [2.0, 1.0]), 5.0),
    ("MeanMetricWrapper", {"fn": metrics.mean_squared_error}, ([[0.0]], [[3.0]]), 9.0),
    ("MeanSquaredError", {}, ([[0.0, 2.0]], [[1.0, 4.0]]), 2.5),
    ("RootMeanSquaredError", {}, ([[0.0, 2.0]], [[2.0, 0.0]]), 2.0),
    ("MeanAbsoluteError", {}, ([[0.0, 2.0]], [[1.0, 4.0]]), 1.5),
    ("MeanAbsolutePercentageError", {}, ([[2.0, 4.0]], [[1.0, 5.0]]), 37.5),
    ("MeanSquaredLogarithmicError", {}, ([[0.0]], [[1.0]]), LN2**2),
    ("LogCoshError", {}, ([[0.0]], [[1.0]]), math.log(math.cosh(1.0))),
    ("CosineSimilarity", {}, ([[3.0, 4.0]], [[4.0, 3.0]]), 24 / 25),
    ("Hinge", {}, ([[-1.0, 1.0]], [[0.5, 0.5]]), 1.0),
    ("SquaredHinge", {}, ([[-1.0, 1.0]], [[0.5, 0.5]]), 1.25),
    ("CategoricalHinge", {}, (ONE_HOT, [[0.25, 0.75]]), 0.5),
    ("KLDivergence", {}, (HALF, [[0.25, 0.75]]), 0.5 * (LN2 + math.log(2 / 3))),
    ("Poisson", {}, ([[1.0, 0.0]], [[1.0, 2.0]]), 1.5),
    ("BinaryCrossentropy", {"from_logits": True}, (ONE_HOT, [[0.0, 0.0]]), LN2),
    ("CategoricalCrossentropy", {}, (ONE_HOT, HALF), LN2),
    ("SparseCategoricalCrossentropy", {}, ([1], HALF), LN2),
    ("Accuracy", {}, ([1, 2, 3, 4], [1, 2, 3, 0]), 0.75),
    ("BinaryAccuracy", {"threshold": 0.25}, ([[0.0], [1.0]], [[0.2], [0.3]]), 1.0),
    ("CategoricalAccuracy", {}, (ONE_HOT * 2, [[0.4, 0.6], [0.6, 0.4]]), 0.5),
    ("SparseCategoricalAccuracy", {}, ([[1], [1]], [[0.4, 0.6], [0.6, 0.4]]), 0.5),
    ("TopKCategoricalAccuracy", {"k": 2}, ([[0, 0, 1]], [[0.5, 0.2, 0.3]]), 1.0),
    ("SparseTopKCategoricalAccuracy", {"k": 2}, ([1], [[0.5, 0.2, 0.3]]), 0.0),
    ("TruePositives", {}, (LABELS, SCORES), 2.0),
    ("TrueNegatives", {"thresholds": 0.6}, (LABELS, SCORES), 1.0),
    ("FalsePositives", {"thresholds": [0.65, 0.5]}, (LABELS, SCORES), [0.0, 1.0]),
    ("FalseNegatives", {}, (LABELS, SCORES, [1.0, 1.0, 0.5, 1.0]), 0.5),
    ("Precision", {}, (LABELS, SCORES), 2 / 3),
    ("Precision", {"top_k": 2}, ([[0, 1, 1]], [[0.7, 0.2, 0.1]]), 0.5),
    ("Recall", {}, (LABELS, SCORES), 2 / 3),
    ("Recall", {"class_id": 1}, ([[0, 1], [1, 1]], [[0.9, 0.9], [0.9, 0.1]]), 0.5),
    ("SensitivityAtSpecificity", {"specificity": 0.5}, RATES, 0.5),
    ("SpecificityAtSensitivity", {"sensitivity": 0.5}, RATES, 2 / 3),
    ("PrecisionAtRecall", {"recall": 0.5}, RATES, 0.5),
    (
        "RecallAtPrecision",
        {"precision": 0.8},
        ([0.0, 0.0, 1.0, 1.0], [0.0, 0.5, 0.3, 0.9]),
        0.5,
    ),
    ("AUC", {"num_thresholds": 3}, ([0, 0, 1, 1], [0.0, 0.5, 0.3, 0.9]), 0.75),
    ("AUC", {"thresholds": [0.4, 0.6]}, ([0, 1], [0.3, 0.7]), 1.0),
    (
        "AUC",
        {"multi_label": True, "label_weights": [1.0, 3.0]},
        ([[0, 1], [1, 0]], [[0.3, 0.2], [0.7, 0.8]]),
        0.25,
    ),
    ("AUC", {"curve": "PR", "summation_method": "majoring"}, ([0, 1], [0.3, 0.7]), 1.0),
    (
        "F1Score",
        {"threshold": 0.5},
        ([[1.0, 1.0], [1.0, 0.0]], [[0.2, 0.6], [0.6, 0.8]]),
        [2 / 3, 2 / 3],
    ),
    (
        "FBetaScore",
        {"beta": 2.0, "threshold": 0.5, "average": "macro"},
        ([[1.0, 1.0], [1.0, 0.0]], [[0.2, 0.6], [0.6, 0.8]]),
        (5 / 9 + 5 / 6) / 2,
    ),
    ("IoU", {"num_classes": 2, "target_class_ids": [0]}, ([0, 0, 1], [0, 1, 1]), 0.5),
    ("MeanIoU", {"num_classes": 3}, ([0, 0, 1, 1], [0, 1, 0, 1]), 1 / 3),
    ("BinaryIoU", {"threshold": 0.3}, ([0, 1, 0, 1], [0.1, 0.2, 0.4, 0.7]), 1 / 3),
    (
        "OneHotIoU",
        {"num_classes": 2, "target_class_ids": [1]},
        ([[1, 0], [0, 1]], [[0.6, 0.4], [0.7, 0.3]]),
        0.0,
    ),
    (
        "OneHotMeanIoU",
        {"num_classes": 2},
        ([[1, 0], [0, 1]], [[0.6, 0.4], [0.7, 0.3]]),
        0.25,
    ),
    ("R2Score", {}, ([[1.0], [2.0], [3.0]], [[1.0], [2.0], [2.0]]), 0.5),
    (
        "R2Score",
        {"num_regressors": 1},
        ([[1.0], [2.0], [3.0], [2.0]], [[1.0], [2.0], [2.0], [2.0]]),
        1 - 0.5 * 3 / 2,
    ),
    ("PearsonCorrelation", {}, ([[0.0, 1.0, 2.0]], [[5.0, 3.0, 1.0]]), -1.0),
    ("ConcordanceCorrelation", {}, ([[0.0, 1.0, 2.0]], [[1.0, 2.0, 3.0]]), 4 / 7),
]
IDS = [f"{c[0]}-{i}" for i, c in enumerate(CASES)]
every = pytest.mark.parametrize(("name", "options", "args", "expected"), CASES, ids=IDS)


def make(name, options):
    return getattr(metrics, name)(**options)


def number(x):
    return ops.convert_to_numpy(x)


@every
def test_a_metric_has_the_value_of_its_formula(backend, name, options, args, expected):
    metric = make(name, options)
    np.testing.assert_allclose(number(metric(*args)), expected, rtol=1e-4, atol=1e-6)
    metric.reset_state()
    assert all(np.all(v.numpy() == 0) for v in metric.variables)
    metric.update_state(*args)
    np.testing.assert_allclose(number(metric.result()), expected, rtol=1e-4, atol=1e-6)


@every
def test_a_metric_survives_its_config(name, options, args, expected):
    metric = getattr(metrics, name)(**options, name="mine")
    again = metrics.deserialize(metrics.serialize(metric))
    assert type(again) is type(metric)
    assert again.get_config() == metric.get_config()
    np.testing.assert_allclose(number(again(*args)), expected, rtol=1e-4, atol=1e-6)


@every
def test_a_metric_runs_compiled(name, options, args, expected):
    keras.config.set_backend("jax")
    try:
        metric = make(name, options)
        run = Compiled(metric.update_state)
        tensors = [ops.convert_to_tensor(np.asarray(a)) for a in args]
        run(*tensors)
        run(*tensors)
        metric.reset_state()
        run(*tensors)
        np.testing.assert_allclose(
            number(Compiled(metric.result)()), expected, rtol=1e-4, atol=1e-6
        )
    finally:
        keras.config.set_backend("torch")


def test_every_public_metric_stands_in_the_table():
    public = {
        name
        for name, value in vars(metrics).items()
        if isinstance(value, type) and value is not keras.Metric
    }
    assert public == {case[0] for case in CASES}


# How targets and predictions are drawn for each batchable metric.
NUMBERS = [
    ("MeanSquaredError", {}),
    ("MeanAbsoluteError", {}),
    ("RootMeanSquaredError", {}),
    ("LogCoshError", {}),
    ("CosineSimilarity", {}),
    ("Poisson", {}),
    ("KLDivergence", {}),
    ("BinaryCrossentropy", {}),
    ("R2Score", {}),
]
BINARY = [
    ("BinaryAccuracy", {}),
    ("CategoricalAccuracy", {}),
    ("Hinge", {}),
    ("SquaredHinge", {}),
    ("CategoricalHinge", {}),
    ("CategoricalCrossentropy", {}),
    ("Precision", {}),
    ("Precision", {"thresholds": [0.2, 0.7]}),
    ("Recall", {"class_id": 1}),
    ("TruePositives", {}),
    ("FalseNegatives", {"thresholds": [i / 10 for i in range(9, 0, -1)]}),
    ("AUC", {}),
    ("AUC", {"curve": "PR", "multi_label": True}),
    ("PrecisionAtRecall", {"recall": 0.5}),
    ("F1Score", {"average": "weighted"}),
    ("FBetaScore", {"threshold": 0.5, "beta": 0.5}),
    ("OneHotMeanIoU", {"num_classes": 3, "dtype": "float32"}),
]


@pytest.mark.parametrize(
    ("kind", "name", "options"),
    [("numbers", *c) for c in NUMBERS] + [("binary", *c) for c in BINARY],
)
@given(data=st.data())
@settings(max_examples=5, deadline=None)
def test_many_batches_equal_one(kind, name, options, data):
    sizes = data.draw(st.lists(st.integers(1, 5), min_size=1, max_size=3))
    weighted = data.draw(st.booleans())
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    n = sum(sizes)
    y_true = rng.random((n, 3)).astype("float32")
    if kind == "binary":
        y_true = np.eye(3, dtype="float32")[rng.integers(0, 3, n)]
    y_pred = rng.random((n, 3)).astype("float32")
    weights = rng.random(n).astype("float32") if weighted else None
    whole, parts = make(name, options), make(name, options)
    whole.update_state(y_true, y_pred, weights)
    start = 0
    for size in sizes:
        part = slice(start, start + size)
        parts.update_state(
            y_true[part], y_pred[part], None if weights is None else weights[part]
        )
        start += size
    np.testing.assert_allclose(
        number(whole.result()), number(parts.result()), rtol=1e-4, atol=1e-5
    )


@pytest.mark.parametrize("curve", ["ROC", "PR"])
def test_many_thresholds_count_as_few_do(backend, curve):
    rng = np.random.default_rng(1)
    y_true, y_pred = rng.integers(0, 2, 40), rng.random(40).astype("float32")
    y_pred[:5] = [0.0, 1.0, 0.5, 0.25, 0.75]
    cuts = [i / 12 for i in range(13)]
    metric = metrics.TruePositives(thresholds=cuts)
    counts = number(metric(y_true, y_pred))
    expected = [np.sum((y_pred > np.float32(c)) & (y_true == 1)) for c in cuts]
    np.testing.assert_allclose(counts, expected)


def test_auc_of_random_scores_is_the_rank_statistic():
    rng = np.random.default_rng(2)
    y_true = np.repeat([0, 1], 50)
    y_pred = (rng.integers(0, 100, 100) + 0.5) / 100
    wins = [(p > n) + 0.5 * (p == n) for p in y_pred[50:] for n in y_pred[:50]]
    area = metrics.AUC(num_thresholds=101)(y_true, y_pred)
    np.testing.assert_allclose(number(area), np.mean(wins), rtol=1e-5)
