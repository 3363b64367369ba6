"""Ops against NumPy on random arguments: empty ones, broadcasting, NaN, infinities."""

import re
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy_cases import CASES, TESTED_IN, arrays, floats

import keras
from keras import ops

QUICK = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def agree(result, expected, tolerance=2e-5):
    """Every array of a result, whatever NumPy's dtype: of a bool it gives a float16."""
    if isinstance(expected, list | tuple) and not hasattr(result, "shape"):
        assert len(result) == len(expected)
        for x, y in zip(result, expected, strict=True):
            agree(x, y, tolerance)
        return
    result, expected = ops.convert_to_numpy(result), np.asarray(expected)
    assert result.dtype != np.float64  # as no argument is
    if expected.dtype == np.float64:
        expected = quiet(expected.astype, np.float32)
    assert result.shape == expected.shape
    if expected.dtype == np.float16:
        tolerance = 1e-3
    np.testing.assert_allclose(result, expected, rtol=tolerance, atol=tolerance)


def quiet(function, *args, **kwargs):
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return function(*args, **kwargs)


@pytest.mark.parametrize("name", CASES)
def test_op_agrees_with_numpy(name, backend):
    case, function = CASES[name], getattr(ops, name)

    # JAX compiles every op anew for every shape.
    @settings(QUICK, max_examples=5 if backend == "jax" else 25)
    @given(case.arguments)
    def check(call):
        args, kwargs = call
        try:
            expected = quiet(case.reference, *args, **kwargs)
        except ValueError:
            with pytest.raises(ValueError):
                function(*args, **kwargs)
        else:
            agree(function(*args, **kwargs), expected)

    check()


def test_every_op_is_compared_with_numpy_or_tested_elsewhere():
    public = {n for n in dir(ops) if callable(getattr(ops, n)) and n[0] != "_"}
    assert public == set(CASES) | set(TESTED_IN)
    assert not set(CASES) & set(TESTED_IN)


def test_ops_are_called_where_the_list_says():
    here = Path(__file__)
    words = {
        file: set(re.findall(r"\w+", here.with_name(file).read_text()))
        for file in set(TESTED_IN.values())
    }
    assert not [name for name, file in TESTED_IN.items() if name not in words[file]]


def test_max_of_nothing_is_initial(backend):
    x = np.zeros((2, 0), "float32")
    agree(ops.max(x, axis=1, initial=3.0), [3.0, 3.0])
    agree(ops.min(x, axis=1, keepdims=True, initial=-3.0), [[-3.0], [-3.0]])
    agree(ops.max(np.ones((2, 2), "float32"), axis=0, initial=2.0), [2.0, 2.0])


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


@pytest.mark.parametrize("sizes", [(3, 3), (2, 3), (3, 2), (2, 2)])
@pytest.mark.filterwarnings("ignore:Arrays of 2-dimensional")
def test_cross_agrees_with_numpy(sizes, backend):
    rng = np.random.default_rng(3)
    x, y = (rng.normal(size=(4, n)).astype("float32") for n in sizes)
    agree(ops.cross(x, y), np.cross(x, y))


@pytest.mark.parametrize("x", [[2, -1, 2, 0], [[0, 1], [1, 0]], [], 3])
def test_unique_gives_what_puts_the_tensor_together_again(backend, x):
    x = np.array(x, "int32")
    values, first, inverse, counts = ops.unique(
        x, return_index=True, return_inverse=True, return_counts=True
    )
    agree(values, np.unique(x))
    agree(ops.take(values, inverse), x)
    agree(ops.take(x, first), np.unique(x))
    agree(counts, np.unique(x, return_counts=True)[1])


@pytest.mark.parametrize("x", [[[1, 0], [0, 1], [1, 0]], [[[1, 1], [0, 0]]] * 2])
def test_unique_along_an_axis_agrees_with_numpy(backend, x):
    agree(ops.unique(x, axis=0), np.unique(x, axis=0))
    agree(ops.unique(x, axis=-1), np.unique(x, axis=-1))


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
@given(x=hnp.arrays(np.float32, 4, elements=st.floats(-1e5, 1e5, width=32)))
def test_saturate_cast_clips_to_the_range_of_the_dtype(backend, x):
    info = np.iinfo("int8")
    expected = np.clip(np.trunc(x), info.min, info.max)
    agree(ops.saturate_cast(x, "int8"), expected.astype("int8"))
    wide = ops.saturate_cast(x * np.float32(1e9), "int32")
    limits = np.clip(x.astype("float64") * 1e9, -(2.0**31), 2.0**31 - 128)
    np.testing.assert_allclose(ops.convert_to_numpy(wide), limits, rtol=1e-6, atol=1)


@pytest.mark.parametrize("name", ["floor_divide", "mod", "fmod"])
@QUICK
@given(
    x=arrays([(2, 3)], "i"),
    y=arrays([(3,)], "i", low=1, high=5),
    negative=st.booleans(),
)
def test_integer_division_has_the_sign_rules_of_numpy(name, backend, x, y, negative):
    y = -y if negative else y
    agree(getattr(ops, name)(x, y), getattr(np, name)(x, y))


@pytest.mark.parametrize("dtype", ["bfloat16", "uint16", "uint32", "complex64"])
def test_arrays_of_every_dtype_go_in_and_come_out(dtype, backend):
    x = ops.convert_to_tensor([1, 2], dtype=dtype)
    stored = {"uint16": "int32", "uint32": "int64"}.get(dtype, dtype)
    assert keras.backend.standardize_dtype(x.dtype) == stored
    assert ops.convert_to_numpy(x).tolist() == [1, 2]


@QUICK
@given(x=floats([(2, 3), (3,)]), kth=st.integers(-3, 2))
def test_argpartition_puts_the_kth_in_its_place(backend, x, kth):
    places = ops.convert_to_numpy(ops.argpartition(x, kth))
    agree(np.sort(places), np.broadcast_to(np.arange(3), x.shape))
    parted = np.take_along_axis(x, places, -1)
    agree(parted[..., kth], np.sort(x)[..., kth])
    assert (parted[..., : kth % 3] <= parted[..., kth, None]).all()


@QUICK
@given(x=arrays([(2, 3), (3,), (2, 0)], "fi"), k=st.integers(0, 3))
def test_top_k_gives_the_largest_first_and_where_they_stood(backend, x, k):
    if k > x.shape[-1]:
        return
    values, places = map(ops.convert_to_numpy, ops.top_k(x, k))
    agree(values, -np.sort(-x)[..., :k])
    agree(np.take_along_axis(x, places, -1), values)


@QUICK
@given(x=arrays(kinds="f"))
def test_pairs_of_floats_are_complex_numbers(backend, x):
    pair = np.stack([x, x[..., None].swapaxes(-1, 0).reshape(x.shape)], -1)
    z = ops.view_as_complex(pair)
    agree(ops.real(z), pair[..., 0])
    agree(ops.view_as_real(z), pair)


def test_polar_and_psnr(backend):
    z = ops.polar(
        np.array([1.0, 2.0], "float32"), np.array([0.0, np.pi / 2], "float32")
    )
    agree(ops.real(z), [1, 0])
    agree(ops.imag(z), [0, 2])
    x, y = np.zeros((2, 2), "float32"), np.full((2, 2), 0.1, "float32")
    agree(ops.psnr(x, y, 1.0), 20.0)


@pytest.mark.parametrize("shape", [(), (0,), (2, 3)])
def test_empty_has_the_shape_and_dtype(shape, backend):
    for x in (ops.empty(shape, "int32"), ops.empty_like(np.zeros(shape, "int32"))):
        assert ops.is_tensor(x)
        assert (tuple(x.shape), ops.dtype(x)) == (shape, "int32")
