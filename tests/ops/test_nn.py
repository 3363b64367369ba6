"""Activations, crossentropies, normalization, one-hot, segments: against NumPy."""

import math

import numpy as np
import pytest

import keras
from keras import ops
from keras.core.keras_tensor import KerasTensor

X = np.array([[-3.0, -1.0, -0.3], [0.2, 1.0, 7.0]])


def _sigmoid(x):
    return 1 / (1 + np.exp(-x))


def _relu6(x):
    return np.clip(x, 0, 6)


_erf = np.vectorize(math.erf)

FORMULAS = {
    "relu": lambda x: np.maximum(x, 0),
    "relu6": _relu6,
    "sigmoid": _sigmoid,
    "log_sigmoid": lambda x: np.log(_sigmoid(x)),
    "softplus": lambda x: np.log1p(np.exp(x)),
    "softsign": lambda x: x / (1 + np.abs(x)),
    "silu": lambda x: x * _sigmoid(x),
    "swish": lambda x: x * _sigmoid(x),
    "hard_sigmoid": lambda x: _relu6(x + 3) / 6,
    "hard_silu": lambda x: x * _relu6(x + 3) / 6,
    "hard_swish": lambda x: x * _relu6(x + 3) / 6,
    "hard_tanh": lambda x: np.clip(x, -1, 1),
    "tanh_shrink": lambda x: x - np.tanh(x),
    "soft_shrink": lambda x: np.sign(x) * np.maximum(np.abs(x) - 0.5, 0),
    "hard_shrink": lambda x: np.where(np.abs(x) > 0.5, x, 0),
    "sparse_plus": lambda x: np.where(x <= -1, 0, np.where(x < 1, (x + 1) ** 2 / 4, x)),
    "sparse_sigmoid": lambda x: np.clip((x + 1) / 2, 0, 1),
    "squareplus": lambda x: (x + np.sqrt(x**2 + 4)) / 2,
    "elu": lambda x: np.where(x > 0, x, np.expm1(x)),
    "celu": lambda x: np.where(x > 0, x, np.expm1(x)),
    "selu": lambda x: (
        1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * np.expm1(x))
    ),
    "leaky_relu": lambda x: np.where(x > 0, x, 0.2 * x),
    "softmax": lambda x: np.exp(x) / np.exp(x).sum(-1, keepdims=True),
    "log_softmax": lambda x: x - np.log(np.exp(x).sum(-1, keepdims=True)),
    "erf": _erf,
    "erfc": lambda x: 1 - _erf(x),
}


def numpy(x):
    return ops.convert_to_numpy(x)


@pytest.mark.parametrize("name", FORMULAS)
def test_activation_is_its_formula(backend, name):
    result = getattr(ops, name)(X.astype("float32"))
    np.testing.assert_allclose(numpy(result), FORMULAS[name](X), rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize("name", FORMULAS)
def test_fast_path_of_activation_is_the_composed_form(name):
    keras.config.set_backend("numpy")
    composed = numpy(getattr(ops, name)(X))
    keras.config.set_backend("torch")
    fast = numpy(getattr(ops, name)(X))
    np.testing.assert_allclose(fast, composed, rtol=1e-7, atol=1e-9)


def test_sparsemax_is_that_of_keras_3(backend):
    result = numpy(ops.sparsemax(np.array([[0.1, 0.5, 0.3], [2, 0, 0]], "float32")))
    np.testing.assert_allclose(result, [[0, 0.1, 0], [1, 0, 0]], atol=1e-6)


def test_threshold_replaces_what_does_not_exceed_it(backend):
    x = np.array([-1.0, 0.5, 2.0], "float32")
    np.testing.assert_allclose(numpy(ops.threshold(x, 0.5, 7.0)), [7, 7, 2])


def test_erfinv_undoes_erf(backend):
    x = np.array([-2.0, -0.3, 0.0, 1.1], "float32")
    np.testing.assert_allclose(numpy(ops.erfinv(ops.erf(x))), x, rtol=1e-3)
    np.testing.assert_allclose(numpy(ops.erfinv([-1.0, 1.0])), [-np.inf, np.inf])


@pytest.mark.parametrize("approximate", [True, False])
def test_gelu(backend, approximate):
    inner = math.sqrt(2 / math.pi) * (X + 0.044715 * X**3)
    tanh, exact = 0.5 * X * (1 + np.tanh(inner)), 0.5 * X * (1 + _erf(X / 2**0.5))
    result = numpy(ops.gelu(X.astype("float32"), approximate))
    expected = tanh if approximate else exact
    np.testing.assert_allclose(result, expected, rtol=1e-4, atol=1e-6)


def test_softmax_over_several_axes_sums_to_one(backend):
    x = np.arange(24, dtype="float32").reshape(2, 3, 4) / 7
    result = numpy(ops.softmax(x, axis=(0, 2)))
    expected = np.exp(x) / np.exp(x).sum((0, 2), keepdims=True)
    np.testing.assert_allclose(result, expected, rtol=1e-5)
    assert numpy(ops.softmax(x, axis=None)).sum() == pytest.approx(1, rel=1e-5)


def test_activations_do_not_overflow(backend):
    x = np.array([-1e4, 1e4], "float32")
    np.testing.assert_allclose(numpy(ops.softplus(x)), [0, 1e4])
    np.testing.assert_allclose(numpy(ops.log_sigmoid(x)), [-1e4, 0])
    np.testing.assert_allclose(numpy(ops.log_softmax(x)), [-2e4, 0])


def test_activation_of_ints_is_float_and_relu_keeps_them(backend):
    assert keras.backend.standardize_dtype(ops.sigmoid([1, 2]).dtype) == "float32"
    assert keras.backend.standardize_dtype(ops.relu([1, -2]).dtype) == "int32"


def test_glu_halves_the_axis(backend):
    x = np.array([[1.0, 2.0, 0.0, 100.0]], "float32")
    np.testing.assert_allclose(numpy(ops.glu(x)), [[0.5, 2.0]])
    with pytest.raises(ValueError, match=r"keras.ops.glu: got shape \(1, 3\)"):
        ops.glu(np.ones((1, 3), "float32"))


def test_symbolic_call_gives_shape_and_dtype(backend):
    x = KerasTensor((None, 5))
    assert ops.softmax(x).shape == (None, 5)
    values, indices = ops.top_k(x, 2)
    assert (values.shape, indices.dtype) == ((None, 2), "int64")


def test_binary_crossentropy_of_logits_and_probabilities_agree(backend):
    t = np.array([0.0, 1.0, 0.3], "float32")
    x = np.array([-2.0, 0.5, 3.0], "float32")
    p = _sigmoid(x)
    expected = -(t * np.log(p) + (1 - t) * np.log(1 - p))
    result = numpy(ops.binary_crossentropy(t, x, from_logits=True))
    np.testing.assert_allclose(result, expected, rtol=1e-5)
    np.testing.assert_allclose(
        numpy(ops.binary_crossentropy(t, p.astype("float32"))), expected, rtol=1e-5
    )


def test_crossentropies_stay_finite_at_certainty(backend):
    zero, one = np.zeros((1, 2), "float32"), np.eye(2, dtype="float32")[:1]
    # -log(epsilon), with epsilon 1e-7
    expected = 16.118
    loss = numpy(ops.binary_crossentropy(one, zero))[0, 0]
    assert loss == pytest.approx(expected, rel=1e-4)
    flipped = np.eye(2, dtype="float32")[1:]
    loss = numpy(ops.categorical_crossentropy(one, flipped))[0]
    assert loss == pytest.approx(expected, rel=1e-4)


def test_sparse_crossentropy_is_the_dense_one_of_one_hot(backend):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(4, 3, 5)).astype("float32")
    t = rng.integers(0, 5, (4, 3))
    hot = np.eye(5, dtype="float32")[t]
    log_p = x - np.log(np.exp(x).sum(-1, keepdims=True))
    expected = -(hot * log_p).sum(-1)
    for result in (
        ops.sparse_categorical_crossentropy(t, x, from_logits=True),
        ops.sparse_categorical_crossentropy(t[..., None], x, from_logits=True),
        ops.categorical_crossentropy(hot, x, from_logits=True),
        ops.categorical_crossentropy(hot, np.exp(log_p)),
        ops.sparse_categorical_crossentropy(
            t, np.moveaxis(x, -1, 1), from_logits=True, axis=1
        ),
    ):
        np.testing.assert_allclose(numpy(result), expected, rtol=1e-4, atol=1e-5)


def test_sparse_crossentropy_of_no_class_is_zero(backend):
    x = np.zeros((2, 3), "float32")
    loss = numpy(ops.sparse_categorical_crossentropy([-1, 1], x, from_logits=True))
    np.testing.assert_allclose(loss, [0, np.log(3)], rtol=1e-5)


def test_crossentropies_refuse_other_shapes(backend):
    x = np.ones((2, 3), "float32")
    for name in ("binary_crossentropy", "categorical_crossentropy"):
        with pytest.raises(ValueError, match=r"target of shape \(3, 2\)"):
            getattr(ops, name)(x.T, x)
    with pytest.raises(ValueError, match=r"target of shape \(3,\)"):
        ops.sparse_categorical_crossentropy([0, 1, 2], x)


def test_moments_and_normalizations(backend):
    rng = np.random.default_rng(1)
    x = rng.normal(3, 2, (4, 5, 6)).astype("float32")
    mean, variance = ops.moments(x, (0, 1), keepdims=True)
    np.testing.assert_allclose(numpy(mean), x.mean((0, 1), keepdims=True), rtol=1e-4)
    np.testing.assert_allclose(numpy(variance), x.var((0, 1), keepdims=True), rtol=1e-4)
    gamma, beta = rng.normal(size=(2, 6)).astype("float32")
    m, v = x.mean(-1, keepdims=True), x.var(-1, keepdims=True)
    np.testing.assert_allclose(
        numpy(ops.layer_normalization(x, gamma, beta, epsilon=1e-3)),
        (x - m) / np.sqrt(v + 1e-3) * gamma + beta,
        rtol=1e-3,
        atol=1e-5,
    )
    power = np.square(x).mean((1, 2), keepdims=True)
    np.testing.assert_allclose(
        numpy(ops.rms_normalization(x, axis=(1, 2))), x / np.sqrt(power), rtol=1e-4
    )
    m, v = x.mean((0, 2)), x.var((0, 2))
    np.testing.assert_allclose(
        numpy(ops.batch_normalization(x, m, v, 1, m, v, 1e-3)),
        ((x.swapaxes(1, 2) - m) / np.sqrt(v + 1e-3) * v + m).swapaxes(1, 2),
        rtol=1e-3,
        atol=1e-4,
    )


def test_half_precision_statistics_do_not_overflow(backend):
    x = np.full((4, 1000), 300, "float16")
    x[:, ::2] = -300
    mean, variance = ops.moments(x, -1)
    np.testing.assert_allclose(numpy(mean), 0, atol=1e-3)
    np.testing.assert_allclose(numpy(variance).astype("float32"), 65504)
    result = numpy(ops.layer_normalization(x)).astype("float32")
    np.testing.assert_allclose(np.abs(result), 1, rtol=1e-3)


@pytest.mark.parametrize("order", [1, 2, 3])
def test_normalize_gives_unit_norm_and_no_nan(backend, order):
    x = np.array([[3.0, -4.0], [0.0, 0.0]], "float32")
    norm = (np.abs(x[0]) ** order).sum() ** (1 / order)
    result = numpy(ops.normalize(x, order=order))
    np.testing.assert_allclose(result, [x[0] / norm, [0, 0]], rtol=1e-5)


def test_one_hot_and_multi_hot(backend):
    np.testing.assert_array_equal(
        numpy(ops.one_hot([1, -1, 3], 3)), [[0, 1, 0], [0, 0, 0], [0, 0, 0]]
    )
    assert ops.one_hot([[0, 1]], 4, axis=0).shape == (4, 1, 2)
    np.testing.assert_array_equal(
        numpy(ops.multi_hot([[0, 2], [1, 1]], 3)), [[1, 0, 1], [0, 1, 0]]
    )
    assert ops.multi_hot(np.zeros((2, 3, 4), "int32"), 5).shape == (2, 4, 5)


@pytest.mark.parametrize("dtype", ["bool", "int32", "bfloat16", "float64", "complex64"])
def test_one_hot_has_the_dtype_asked_for(backend, dtype):
    result = ops.one_hot(np.array([1, 0], "uint8"), 2, dtype=dtype)
    assert keras.backend.standardize_dtype(result.dtype) == dtype
    values = numpy(ops.cast(result, "bool")).tolist()
    assert values == [[False, True], [True, False]]


@pytest.mark.filterwarnings("error")
def test_a_mapped_one_hot_gives_zeros_for_what_is_no_class(backend):
    classes = np.array([[1, -1], [0, 2]])
    result = ops.vectorized_map(lambda c: ops.one_hot(c, 2), classes)
    np.testing.assert_array_equal(numpy(result), [[[0, 1], [0, 0]], [[1, 0], [0, 0]]])


def test_in_top_k_counts_ties_and_refuses_what_is_no_class(backend):
    p = np.array([[0.1, 0.4, 0.4, 0.1], [0.1, np.nan, 0.2, 0.3]], "float32")
    assert numpy(ops.in_top_k([2, 0], p, 1)).tolist() == [True, False]
    assert numpy(ops.in_top_k([4, 1], p, 4)).tolist() == [False, False]


@pytest.mark.parametrize(
    ("name", "reduce", "empty"),
    [
        ("segment_sum", np.sum, 0),
        ("segment_prod", np.prod, 1),
        ("segment_max", np.max, np.iinfo("int32").min),
        ("segment_min", np.min, np.iinfo("int32").max),
    ],
)
def test_segments(backend, name, reduce, empty):
    x = np.array([[1, -2], [3, 4], [5, 6], [7, 8]], "int32")
    ids = np.array([2, 0, 2, 9], "int32")
    result = numpy(getattr(ops, name)(x, ids, 3))
    expected = [x[1], [empty, empty], reduce(x[[0, 2]], 0)]
    np.testing.assert_array_equal(result, expected)


def test_unfold_and_fold_are_adjoint(backend):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2, 3, 7, 6)).astype("float32")
    options = {"kernel_size": (3, 2), "dilation": 2, "padding": 1, "stride": (2, 1)}
    columns = ops.unfold(x, **options)
    y = rng.normal(size=tuple(columns.shape)).astype("float32")
    back = ops.fold(y, (7, 6), **options)
    left, right = np.vdot(numpy(columns), y), np.vdot(x, numpy(back))
    assert left == pytest.approx(right, rel=1e-3)


def test_depth_to_space_undoes_space_to_depth(backend):
    x = np.arange(2 * 4 * 6 * 3).reshape(2, 4, 6, 3)
    deep = ops.space_to_depth(x, 2)
    assert deep.shape == (2, 2, 3, 12)
    np.testing.assert_array_equal(numpy(ops.depth_to_space(deep, 2)), x)


def test_ctc_loss_is_the_sum_over_alignments(backend):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2, 4, 3)).astype("float32")
    labels, label_lengths, lengths = [[1, 2], [2, 0]], [2, 1], [4, 3]
    loss = numpy(ops.ctc_loss(labels, x, label_lengths, lengths))
    for b, want in enumerate(((1, 2), (2,))):
        probability = _spellings(x[b], lengths[b])[want]
        assert loss[b] == pytest.approx(-np.log(probability), rel=1e-4)


def _spellings(x, length, blank=0):
    """The probability of every labelling, over all alignments."""
    import itertools

    p = np.exp(x.astype("float64"))
    p /= p.sum(-1, keepdims=True)
    total = {}
    for path in itertools.product(range(x.shape[1]), repeat=length):
        spelt = tuple(k for k, _ in itertools.groupby(path) if k != blank)
        chance = np.prod([p[t, c] for t, c in enumerate(path)])
        total[spelt] = total.get(spelt, 0) + chance
    return total


@pytest.mark.parametrize("blank", [0, 2])
def test_ctc_beam_search_finds_the_most_probable_labellings(backend, blank):
    rng = np.random.default_rng(3)
    x = 2 * rng.normal(size=(2, 5, 3)).astype("float32")
    lengths = [5, 3]
    paths, scores = ops.ctc_decode(
        x, lengths, "beam_search", beam_width=30, top_paths=3, mask_index=blank
    )
    for b in range(2):
        best = sorted(_spellings(x[b], lengths[b], blank).items(), key=lambda i: -i[1])
        for rank, (labels, chance) in enumerate(best[:3]):
            found = [int(c) for c in numpy(paths)[rank, b] if c >= 0]
            assert tuple(found) == labels
            assert numpy(scores)[b, rank] == pytest.approx(np.log(chance), rel=1e-3)


def test_ctc_greedy_merges_and_leaves_out_blanks(backend):
    x = np.eye(3, dtype="float32")[[[1, 1, 0, 1, 2]]]
    labels, _ = ops.ctc_decode(x, [4])
    assert numpy(labels).tolist() == [[[1, 1, -1, -1, -1]]]
    labels, _ = ops.ctc_decode(x, [5], merge_repeated=False)
    assert numpy(labels).tolist() == [[[1, 1, 1, 2, -1]]]
    with pytest.raises(ValueError, match="beam_search"):
        ops.ctc_decode(x, [5], strategy="beam")


def test_erfc_is_exact_where_erf_is_one(backend):
    found = ops.convert_to_numpy(ops.erfc(ops.convert_to_tensor([5.0, 9.0, -5.0])))
    np.testing.assert_allclose(found, [1.5374598e-12, 4.1370317e-37, 2.0], rtol=1e-5)
