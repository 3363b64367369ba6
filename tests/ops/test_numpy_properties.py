"""Ops against NumPy on random shapes: empty ones, broadcasting, NaN and infinities."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import keras
from keras import ops

QUICK = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
# XLA takes subnormal numbers for zero.
FLOATS = st.floats(-8, 8, width=32, allow_subnormal=False) | st.sampled_from(
    [np.nan, np.inf, -np.inf, -0.0]
)
SHAPES = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)


def floats(shape=SHAPES, elements=FLOATS):
    return hnp.arrays(np.float32, shape, elements=elements)


def ints(shape=SHAPES, low=-9, high=9):
    return hnp.arrays(np.int32, shape, elements=st.integers(low, high))


def agree(result, expected, tolerance=2e-5):
    result, expected = ops.convert_to_numpy(result), np.asarray(expected)
    assert result.shape == expected.shape
    np.testing.assert_allclose(
        result.astype(expected.dtype), expected, rtol=tolerance, atol=tolerance
    )


def quiet(function, *args, **kwargs):
    with np.errstate(all="ignore"):
        return function(*args, **kwargs)


UNARY = [
    "abs",
    "arcsinh",
    "arctan",
    "cbrt",
    "ceil",
    "cos",
    "deg2rad",
    "exp",
    "exp2",
    "expm1",
    "fabs",
    "floor",
    "isfinite",
    "isinf",
    "isnan",
    "isneginf",
    "isposinf",
    "log",
    "log10",
    "log1p",
    "log2",
    "logical_not",
    "negative",
    "rad2deg",
    "sign",
    "signbit",
    "sin",
    "square",
    "sqrt",
    "tanh",
    "trunc",
    "nan_to_num",
    "sinc",
    "arccos",
    "arcsin",
    "arccosh",
    "arctanh",
    "sinh",
    "cosh",
    "reciprocal",
]
BINARY = [
    "add",
    "subtract",
    "multiply",
    "divide",
    "maximum",
    "minimum",
    "fmax",
    "fmin",
    "equal",
    "not_equal",
    "less",
    "less_equal",
    "greater",
    "greater_equal",
    "logical_and",
    "logical_or",
    "logical_xor",
    "arctan2",
    "heaviside",
    "hypot",
]
INTEGERS = [
    "add",
    "subtract",
    "multiply",
    "maximum",
    "minimum",
    "bitwise_and",
    "bitwise_or",
    "bitwise_xor",
    "gcd",
    "lcm",
    "equal",
    "less",
]
REDUCTIONS = [
    "sum",
    "prod",
    "mean",
    "var",
    "std",
    "max",
    "min",
    "any",
    "all",
    "ptp",
    "median",
]
NAN_REDUCTIONS = [
    "nansum",
    "nanprod",
    "nanmean",
    "nanvar",
    "nanstd",
    "nanmax",
    "nanmin",
    "nanmedian",
]


@pytest.mark.parametrize("name", UNARY)
@QUICK
@given(x=floats(hnp.array_shapes(min_dims=0, max_dims=2, min_side=0, max_side=3)))
def test_function_of_one_tensor_agrees_with_numpy(name, backend, x):
    agree(
        getattr(ops, name)(x), quiet(getattr(np, name), x) if hasattr(np, name) else 0
    )


@pytest.mark.parametrize("name", BINARY)
@QUICK
@given(data=st.data())
def test_function_of_two_tensors_broadcasts_like_numpy(name, backend, data):
    shapes = data.draw(
        hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=3)
    ).input_shapes
    x, y = (data.draw(floats(shape)) for shape in shapes)
    agree(getattr(ops, name)(x, y), quiet(getattr(np, name), x, y))


@pytest.mark.parametrize("name", INTEGERS)
@QUICK
@given(data=st.data())
def test_function_of_two_integer_tensors_agrees_with_numpy(name, backend, data):
    shapes = data.draw(
        hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=2, max_side=3)
    ).input_shapes
    x, y = (data.draw(ints(shape)) for shape in shapes)
    agree(getattr(ops, name)(x, y), getattr(np, name)(x, y))


@pytest.mark.parametrize("name", ["floor_divide", "mod", "fmod"])
@QUICK
@given(x=ints((2, 3)), y=ints((3,), 1, 5), negative=st.booleans())
def test_integer_division_has_the_sign_rules_of_numpy(name, backend, x, y, negative):
    y = -y if negative else y
    agree(getattr(ops, name)(x, y), getattr(np, name)(x, y))


def draw_axis(data, rank):
    axes = st.integers(-rank, rank - 1)
    several = st.lists(axes, unique_by=lambda a: a % rank, max_size=rank).map(tuple)
    return data.draw(st.none() | axes | several if rank else st.none())


@pytest.mark.parametrize("name", REDUCTIONS)
@QUICK
@given(data=st.data(), keepdims=st.booleans())
def test_reduction_agrees_with_numpy(name, backend, data, keepdims):
    # The mean of nothing is NaN, the largest of nothing an error: tested apart.
    shapes = hnp.array_shapes(min_dims=0, max_dims=3, min_side=1, max_side=3)
    x = data.draw(floats(shapes, st.floats(-4, 4, width=32)))
    axis = draw_axis(data, x.ndim)
    expected = quiet(getattr(np, name), x, axis=axis, keepdims=keepdims)
    agree(getattr(ops, name)(x, axis=axis, keepdims=keepdims), expected, 1e-4)


@pytest.mark.parametrize("name", ["sum", "prod", "any", "all"])
@pytest.mark.parametrize("shape", [(0,), (2, 0), (0, 3), (2, 0, 3)])
@pytest.mark.parametrize("axis", [None, 0, -1])
def test_reduction_of_nothing_gives_the_neutral_element(name, backend, shape, axis):
    x = np.zeros(shape, "float32")
    agree(getattr(ops, name)(x, axis=axis), getattr(np, name)(x, axis=axis))


def test_max_of_nothing_is_initial(backend):
    x = np.zeros((2, 0), "float32")
    agree(ops.max(x, axis=1, initial=3.0), [3.0, 3.0])
    agree(ops.min(x, axis=1, keepdims=True, initial=-3.0), [[-3.0], [-3.0]])
    agree(ops.max(np.ones((2, 2), "float32"), axis=0, initial=2.0), [2.0, 2.0])


@pytest.mark.parametrize("name", NAN_REDUCTIONS)
@pytest.mark.filterwarnings("ignore:.*(slice|freedom|All-NaN)")
@QUICK
@given(data=st.data(), keepdims=st.booleans())
def test_reduction_without_nan_agrees_with_numpy(name, backend, data, keepdims):
    shapes = hnp.array_shapes(min_dims=1, max_dims=2, min_side=1, max_side=3)
    values = st.floats(-4, 4, width=32) | st.just(np.nan)
    x = data.draw(floats(shapes, values))
    axis = data.draw(st.none() | st.integers(-x.ndim, x.ndim - 1))
    expected = quiet(getattr(np, name), x, axis=axis, keepdims=keepdims)
    agree(getattr(ops, name)(x, axis=axis, keepdims=keepdims), expected, 1e-4)


@pytest.mark.parametrize("name", ["argmax", "argmin"])
@QUICK
@given(data=st.data(), keepdims=st.booleans())
def test_position_of_an_extreme_agrees_with_numpy(name, backend, data, keepdims):
    shapes = hnp.array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=3)
    x = data.draw(floats(shapes, st.integers(-2, 2)))
    axis = data.draw(st.none() | st.integers(-x.ndim, x.ndim - 1))
    expected = getattr(np, name)(x, axis=axis, keepdims=keepdims)
    agree(getattr(ops, name)(x, axis=axis, keepdims=keepdims), expected)


@pytest.mark.parametrize("name", ["sort", "cumsum", "cumprod", "flip", "argsort"])
@QUICK
@given(data=st.data())
def test_function_along_an_axis_agrees_with_numpy(name, backend, data):
    shapes = hnp.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=3)
    x = data.draw(floats(shapes, st.floats(-3, 3, width=32)))
    axis = data.draw(st.none() | st.integers(-x.ndim, x.ndim - 1))
    named = {"kind": "stable"} if name == "argsort" else {}
    expected = getattr(np, name)(x, axis=axis, **named)
    agree(getattr(ops, name)(x, axis=axis), expected, 1e-4)


@QUICK
@given(data=st.data(), method=st.sampled_from(["linear", "lower", "higher", "nearest"]))
def test_quantile_agrees_with_numpy(backend, data, method):
    shapes = hnp.array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=4)
    x = data.draw(floats(shapes, st.integers(-5, 5)))
    q = data.draw(st.sampled_from([0.0, 0.25, 0.5, 1.0, [0.0, 0.75]]))
    axis = draw_axis(data, x.ndim)
    expected = np.quantile(x, q, axis=axis or None, method=method)
    agree(ops.quantile(x, q, axis=axis or None, method=method), expected, 1e-4)


@QUICK
@given(data=st.data())
def test_get_item_takes_every_basic_key_of_numpy(backend, data):
    shape = data.draw(st.sampled_from([(3, 2, 4), (3, 0, 4), (5,)]))
    key = data.draw(hnp.basic_indices(shape, allow_newaxis=True, allow_ellipsis=True))
    x = np.arange(np.prod(shape), dtype="float32").reshape(shape)
    agree(ops.get_item(ops.convert_to_tensor(x), key), x[key])


@pytest.mark.parametrize(
    "key",
    [
        np.s_[[0, 2]],
        np.s_[:, [1, 0, -1]],
        (np.array([0, 2]), np.array([1, -1])),
        np.s_[np.array([True, False, True])],
        np.s_[None, ::-1, 1:0:-1],
        np.s_[-1, ..., None],
    ],
)
def test_get_item_takes_arrays_and_negative_steps(key, backend):
    x = np.arange(6.0, dtype="float32").reshape(3, 2)
    agree(ops.get_item(ops.convert_to_tensor(x), key), x[key])


@QUICK
@given(data=st.data())
def test_take_agrees_with_numpy(backend, data):
    x = data.draw(floats((2, 3, 4), st.floats(-3, 3, width=32)))
    axis = data.draw(st.none() | st.integers(-3, 2))
    length = x.size if axis is None else x.shape[axis]
    indices = data.draw(ints(SHAPES, -length, length - 1))
    agree(ops.take(x, indices, axis=axis), np.take(x, indices, axis=axis))


@QUICK
@given(data=st.data())
def test_reshape_and_transpose_undo_themselves(backend, data):
    x = data.draw(floats(elements=st.floats(-3, 3, width=32)))
    order = data.draw(st.permutations(range(x.ndim)))
    back = np.argsort(order) if order else ()
    agree(ops.transpose(x, order), np.transpose(x, order))
    agree(ops.transpose(ops.transpose(x, order), [int(i) for i in back]), x)
    agree(ops.reshape(ops.ravel(x), x.shape), x)


@QUICK
@given(data=st.data())
def test_joining_and_cutting_undo_each_other(backend, data):
    shapes = hnp.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=4)
    x = data.draw(floats(shapes, st.floats(-3, 3, width=32)))
    axis = data.draw(st.integers(-x.ndim, x.ndim - 1))
    parts = data.draw(st.integers(1, 4))
    cut = ops.array_split(x, parts, axis=axis)
    for got, expected in zip(cut, np.array_split(x, parts, axis), strict=True):
        agree(got, expected)
    agree(ops.concatenate(cut, axis=axis), x)
    if x.shape[axis]:
        agree(ops.stack(ops.unstack(x, axis=axis), axis=axis), x)


@QUICK
@given(data=st.data())
def test_repeating_agrees_with_numpy(backend, data):
    shapes = hnp.array_shapes(min_dims=1, max_dims=2, min_side=0, max_side=3)
    x = data.draw(floats(shapes, st.floats(-3, 3, width=32)))
    axis = data.draw(st.none() | st.integers(-x.ndim, x.ndim - 1))
    times, shift = data.draw(st.integers(0, 3)), data.draw(st.integers(-5, 5))
    agree(ops.repeat(x, times, axis=axis), np.repeat(x, times, axis))
    agree(ops.tile(x, (times, 2, 1)), np.tile(x, (times, 2, 1)))
    agree(ops.roll(x, shift, axis=axis), np.roll(x, shift, axis))


@pytest.mark.parametrize("mode", ["constant", "reflect", "symmetric", "edge", "wrap"])
@QUICK
@given(widths=hnp.arrays(np.int32, (2, 2), elements=st.integers(0, 2)))
def test_pad_agrees_with_numpy(mode, backend, widths):
    x = np.arange(12.0, dtype="float32").reshape(3, 4)
    agree(ops.pad(x, widths.tolist(), mode=mode), np.pad(x, widths, mode=mode))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ((3,), (3,)),
        ((2, 3), (3,)),
        ((3,), (3, 2)),
        ((2, 3), (3, 4)),
        ((5, 2, 3), (3, 4)),
        ((2, 3), (5, 3, 4)),
        ((0, 3), (3, 2)),
        ((2, 0), (0, 3)),
        ((4, 1, 2, 3), (5, 3, 2)),
    ],
)
def test_products_agree_with_numpy(left, right, backend):
    rng = np.random.default_rng(3)
    x = rng.normal(size=left).astype("float32")
    y = rng.normal(size=right).astype("float32")
    agree(ops.matmul(x, y), np.matmul(x, y))
    agree(ops.dot(x, y), np.dot(x, y))
    agree(ops.outer(x, y), np.outer(x, y))
    agree(ops.kron(x, y), np.kron(x, y))
    agree(ops.inner(x, x), np.inner(x, x))
    agree(ops.tensordot(x, x, x.ndim), np.tensordot(x, x, x.ndim))


@pytest.mark.parametrize("mode", ["valid", "same", "full"])
@pytest.mark.parametrize("lengths", [(5, 3), (3, 5), (4, 2), (2, 4), (4, 4), (1, 3)])
def test_correlate_agrees_with_numpy(mode, lengths, backend):
    rng = np.random.default_rng(3)
    x, y = (rng.normal(size=n).astype("float32") for n in lengths)
    agree(ops.correlate(x, y, mode=mode), np.correlate(x, y, mode=mode))


@pytest.mark.parametrize("sizes", [(3, 3), (2, 3), (3, 2), (2, 2)])
@pytest.mark.filterwarnings("ignore:Arrays of 2-dimensional")
def test_cross_agrees_with_numpy(sizes, backend):
    rng = np.random.default_rng(3)
    x, y = (rng.normal(size=(4, n)).astype("float32") for n in sizes)
    agree(ops.cross(x, y), np.cross(x, y))


@QUICK
@given(x=ints(hnp.array_shapes(max_dims=2, max_side=4), -2, 2))
def test_unique_gives_what_puts_the_tensor_together_again(backend, x):
    values, first, inverse, counts = ops.unique(
        x, return_index=True, return_inverse=True, return_counts=True
    )
    agree(values, np.unique(x))
    agree(ops.take(values, inverse), x)
    agree(ops.take(x, first), np.unique(x))
    agree(counts, np.unique(x, return_counts=True)[1])


@QUICK
@given(x=ints(hnp.array_shapes(min_dims=2, max_dims=3, max_side=3), 0, 1))
def test_unique_along_an_axis_agrees_with_numpy(backend, x):
    agree(ops.unique(x, axis=0), np.unique(x, axis=0))
    agree(ops.unique(x, axis=-1), np.unique(x, axis=-1))


@QUICK
@given(x=ints(hnp.array_shapes(max_dims=2, max_side=4), 0, 6), y=ints((3,), 0, 6))
def test_counting_and_searching_agree_with_numpy(backend, x, y):
    agree(ops.isin(x, y), np.isin(x, y))
    agree(ops.isin(x, y, invert=True), np.isin(x, y, invert=True))
    agree(ops.bincount(x.ravel(), minlength=4), np.bincount(x.ravel(), minlength=4))
    agree(ops.digitize(x, np.sort(y)), np.digitize(x, np.sort(y)))
    agree(ops.nonzero(x), np.stack(np.nonzero(x)))
    agree(ops.count_nonzero(x, axis=0), np.count_nonzero(x, axis=0))
    for side in ("left", "right"):
        expected = np.searchsorted(np.sort(y), x, side)
        agree(ops.searchsorted(np.sort(y), x, side), expected)


@QUICK
@given(x=floats(st.integers(0, 9), st.floats(-4, 4, width=16)), bins=st.integers(1, 5))
def test_histogram_agrees_with_numpy(backend, x, bins):
    counts, limits = ops.histogram(x, bins, range=(-2, 2))
    expected, edges = np.histogram(x, bins, range=(-2, 2))
    agree(limits, edges)
    agree(counts, expected)


@QUICK
@given(
    numbers=st.tuples(st.integers(-9, 9), st.integers(-9, 9)),
    step=st.sampled_from([1, 2, -1, -3]),
    count=st.integers(0, 6),
    endpoint=st.booleans(),
)
def test_ranges_agree_with_numpy(backend, numbers, step, count, endpoint):
    start, stop = numbers
    agree(ops.arange(start, stop, step), np.arange(start, stop, step))
    expected = np.linspace(start, stop, count, endpoint, dtype="float32")
    agree(ops.linspace(start, stop, count, endpoint), expected)


@pytest.mark.parametrize("size", [1, 2, 7])
def test_windows_agree_with_numpy(size, backend):
    for name in ("bartlett", "blackman", "hamming", "hanning"):
        agree(getattr(ops, name)(size), getattr(np, name)(size).astype("float32"))
    agree(ops.kaiser(size, 4.0), np.kaiser(size, 4.0).astype("float32"))


@pytest.mark.parametrize("k", [-2, 0, 1])
def test_diagonals_agree_with_numpy(k, backend):
    x = np.arange(12.0, dtype="float32").reshape(3, 4)
    agree(ops.diag(x, k), np.diag(x, k))
    agree(ops.diag(x[0], k), np.diag(x[0], k))
    agree(ops.diagflat(x, k), np.diagflat(x, k))
    agree(ops.tril(x, k), np.tril(x, k))
    agree(ops.triu(x, k), np.triu(x, k))
    agree(ops.eye(3, 4, k), np.eye(3, 4, k, "float32"))
    agree(ops.tri(3, 4, k), np.tri(3, 4, k, "float32"))
    agree(ops.trace(x, k), np.trace(x, k))
    agree(ops.rot90(x, k), np.rot90(x, k))
    agree(ops.vander(x[0], 3), np.vander(x[0], 3))


@pytest.mark.parametrize("mode", [None, "add", "max", "min", "mul"])
def test_scatter_update_agrees_with_a_loop(mode, backend):
    x = np.arange(12.0, dtype="float32").reshape(3, 4)
    indices, updates = [[0, 1], [2, -1], [1, 1]], np.array([5.0, -2, 3], "float32")
    join = {
        None: lambda a, b: b,
        "add": np.add,
        "max": max,
        "min": min,
        "mul": np.multiply,
    }[mode]
    expected = x.copy()
    for (i, j), value in zip(indices, updates, strict=True):
        expected[i, j] = join(expected[i, j], value)
    agree(ops.scatter_update(x, indices, updates, reduction=mode), expected)


def test_scatter_adds_what_falls_on_one_place(backend):
    result = ops.scatter([[1], [1], [0]], [1.0, 2.0, 5.0], (4,))
    agree(result, np.array([5, 3, 0, 0], "float32"))


def test_slices_keep_inside_the_tensor(backend):
    x = np.arange(12.0, dtype="float32").reshape(3, 4)
    agree(ops.slice(x, (1, 1), (2, 2)), x[1:3, 1:3])
    agree(ops.slice(x, ops.convert_to_tensor([0, 2]), (1, 2)), x[:1, 2:])
    agree(ops.slice(x, (1, 2), (-1, -1)), x[1:, 2:])
    expected = x.copy()
    expected[1:, 2:] = 0
    agree(ops.slice_update(x, (1, 2), np.zeros((2, 2), "float32")), expected)


@QUICK
@given(x=floats(st.just((4,)), st.floats(-1e5, 1e5, width=32)))
def test_saturate_cast_clips_to_the_range_of_the_dtype(backend, x):
    info = np.iinfo("int8")
    expected = np.clip(np.trunc(x), info.min, info.max)
    agree(ops.saturate_cast(x, "int8"), expected.astype("int8"))
    wide = ops.saturate_cast(x * np.float32(1e9), "int32")
    limits = np.clip(x.astype("float64") * 1e9, -(2.0**31), 2.0**31 - 128)
    np.testing.assert_allclose(ops.convert_to_numpy(wide), limits, rtol=1e-6, atol=1)


@QUICK
@given(x=floats(elements=st.floats(-100, 100, width=32)), decimals=st.integers(-2, 2))
def test_round_goes_to_the_even_neighbour(backend, x, decimals):
    agree(ops.round(x, decimals), np.round(x, decimals), 1e-4)


def test_close_tensors_are_close(backend):
    x = np.array([1.0, np.nan, np.inf, 0.0], "float32")
    y = np.array([1.0 + 1e-7, np.nan, np.inf, 1e-3], "float32")
    agree(ops.isclose(x, y), [True, False, True, False])
    agree(ops.isclose(x, y, equal_nan=True), [True, True, True, False])
    assert bool(ops.allclose(x[2:3], y[2:3]))


@pytest.mark.parametrize("dtype", ["bfloat16", "uint16", "uint32", "complex64"])
def test_arrays_of_every_dtype_go_in_and_come_out(dtype, backend):
    x = ops.convert_to_tensor([1, 2], dtype=dtype)
    stored = {"uint16": "int32", "uint32": "int64"}.get(dtype, dtype)
    assert keras.backend.standardize_dtype(x.dtype) == stored
    assert ops.convert_to_numpy(x).tolist() == [1, 2]
