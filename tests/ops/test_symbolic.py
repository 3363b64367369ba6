"""Every op of the table: the symbolic shape and dtype are those of a real call."""

import numpy as np
import pytest

import keras
from keras import ops
from keras.core.keras_tensor import KerasTensor

UNARY = """abs absolute angle arccos arccosh arcsin arcsinh arctan arctanh cbrt ceil conj
copy cos cosh deg2rad exp exp2 expm1 fabs floor i0 imag isfinite isinf isnan isneginf
isposinf isreal log log10 log1p log2 logical_not nan_to_num negative ones_like rad2deg
real reciprocal round sign signbit sin sinc sinh sqrt square tan tanh trunc zeros_like
stop_gradient empty_like""".split()
BINARY = """add subtract multiply divide true_divide divide_no_nan floor_divide mod fmod
power maximum minimum fmax fmin arctan2 hypot logaddexp logaddexp2 heaviside nextafter
equal not_equal less less_equal greater greater_equal logical_and logical_or logical_xor
isclose""".split()
REDUCTIONS = """sum prod mean var std max min amax amin ptp any all count_nonzero argmax
argmin median nansum nanprod nanmean nanvar nanstd nanmax nanmin nanargmax nanargmin
nanmedian average""".split()

X, Y = ((None, 4, 6), "float32"), ((None, 4, 6), "float32")
N = ((None, 4, 6), "int32")
FORMS = {
    "reshape(-1)": (lambda x: ops.reshape(x, (-1, 3, 8)), [X]),
    "reshape(None)": (lambda x: ops.reshape(x, (None, 24)), [X]),
    "reshape(two)": (lambda x: ops.reshape(x, (x.shape[0], -1)), [X]),
    "ravel": (ops.ravel, [X]),
    "transpose": (lambda x: ops.transpose(x, (0, 2, 1)), [X]),
    "swapaxes": (lambda x: ops.swapaxes(x, 0, -1), [X]),
    "moveaxis": (lambda x: ops.moveaxis(x, 0, -1), [X]),
    "expand_dims": (lambda x: ops.expand_dims(x, (0, -1)), [X]),
    "squeeze": (lambda x: ops.squeeze(x[:, :1], 1), [X]),
    "broadcast_to": (lambda x: ops.broadcast_to(x, (3, None, 4, 6)), [X]),
    "concatenate": (lambda x, y: ops.concatenate([x, y], -1), [X, N]),
    "concatenate(0)": (lambda x, y: ops.concatenate([x, y], 0), [X, Y]),
    "stack": (lambda x, y: ops.stack([x, y], 1), [X, Y]),
    "append": (lambda x, y: ops.append(x, y, 1), [X, Y]),
    "vstack": (lambda x, y: ops.vstack([x, y]), [X, Y]),
    "hstack": (lambda x, y: ops.hstack([x, y]), [X, Y]),
    "dstack": (lambda x, y: ops.dstack([x, y]), [X, Y]),
    "split": (lambda x: ops.split(x, 2, axis=-1), [X]),
    "array_split": (lambda x: ops.array_split(x, 4, axis=-1), [X]),
    "unstack": (lambda x: ops.unstack(x, axis=1), [X]),
    "tile": (lambda x: ops.tile(x, (2, 1, 3)), [X]),
    "repeat": (lambda x: ops.repeat(x, 3, axis=0), [X]),
    "flip": (lambda x: ops.flip(x, 1), [X]),
    "roll": (lambda x: ops.roll(x, 2, 1), [X]),
    "rot90": (lambda x: ops.rot90(x, axes=(1, 2)), [X]),
    "pad": (lambda x: ops.pad(x, ((1, 0), (0, 0), (2, 3))), [X]),
    "pad(reflect)": (
        lambda x: ops.pad(x, ((0, 0), (1, 1), (0, 0)), mode="reflect"),
        [X],
    ),
    "get_item": (lambda x: x[:, 0], [X]),
    "get_item(slices)": (lambda x: x[..., None, 1:5:2], [X]),
    "get_item(batch)": (lambda x: x[1:], [X]),
    "take": (lambda x: ops.take(x, [[0, 1, 2]], axis=2), [X]),
    "take_along_axis": (
        lambda x: ops.take_along_axis(x, ops.argsort(x, axis=1), axis=1),
        [X],
    ),
    "where": (lambda x, y: ops.where(x > 0, y, 0.0), [X, N]),
    "clip": (lambda x: ops.clip(x, 0, 1), [X]),
    "cast": (lambda x: ops.cast(x, "float16"), [X]),
    "saturate_cast": (lambda x: ops.saturate_cast(x, "uint8"), [X]),
    "tril": (ops.tril, [X]),
    "triu": (lambda x: ops.triu(x, 1), [X]),
    "diagonal": (lambda x: ops.diagonal(x, axis1=1, axis2=2), [X]),
    "trace": (lambda x: ops.trace(x, axis1=1, axis2=2), [X]),
    "cumsum": (lambda x: ops.cumsum(x, 1), [X]),
    "cumprod(None)": (ops.cumprod, [X]),
    "sort": (lambda x: ops.sort(x, 1), [X]),
    "argsort": (ops.argsort, [X]),
    "argpartition": (lambda x: ops.argpartition(x, 2), [X]),
    "searchsorted": (lambda x: ops.searchsorted(ops.arange(5.0), x), [X]),
    "digitize": (lambda x: ops.digitize(x, ops.arange(5.0)), [X]),
    "isin": (lambda x: ops.isin(x, [1.0, 2.0]), [X]),
    "diff": (lambda x: ops.diff(x, axis=1), [X]),
    "quantile": (lambda x: ops.quantile(x, [0.1, 0.5], axis=1), [X]),
    "percentile": (lambda x: ops.percentile(x, 30.0, axis=-1), [X]),
    "histogram": (lambda x: ops.histogram(x, 5), [X]),
    "trapezoid": (lambda x: ops.trapezoid(x, axis=1), [X]),
    "matmul": (lambda x, y: ops.matmul(x, ops.swapaxes(y, 1, 2)), [X, Y]),
    "matmul(ints)": (lambda x, y: x @ ops.swapaxes(y, 1, 2), [N, N]),
    "dot": (lambda x: ops.dot(x, ops.ones((6, 2))), [X]),
    "tensordot": (lambda x: ops.tensordot(x, ops.ones((4, 6, 5)), 2), [X]),
    "einsum": (lambda x, y: ops.einsum("bij,bkj->bik", x, y), [X, Y]),
    "inner": (lambda x: ops.inner(x, ops.ones((3, 6))), [X]),
    "outer": (lambda x: ops.outer(x, ops.ones(3)), [X]),
    "kron": (lambda x: ops.kron(x, ops.ones((1, 2, 2))), [X]),
    "cross": (lambda x, y: ops.cross(x[..., :3], y[..., 3:]), [X, Y]),
    "full_like": (lambda x: ops.full_like(x, 2), [N]),
    "meshgrid": (lambda x: ops.meshgrid(ops.ravel(x), ops.arange(3)), [X]),
    "select": (lambda x, y: ops.select([x > 0, y > 0], [x, y], 0.0), [X, Y]),
    "slice": (lambda x: ops.slice(x, (0, 1, 2), (2, 3, 4)), [X]),
    "slice_update": (
        lambda x: ops.slice_update(x, (0, 1, 2), ops.ones((1, 2, 2))),
        [X],
    ),
    "scatter_update": (
        lambda x: ops.scatter_update(x, [[0, 1]], ops.ones((1, 6))),
        [X],
    ),
    "operators": (lambda x, y: -x * 2 + y / 3 - (x**2) % 2, [X, Y]),
    "comparisons": (lambda x, y: ~((x > y) & (x != 1) | (y <= 2)), [X, Y]),
    "map": (lambda x: ops.map(lambda row: ops.sum(row, 0), x), [X]),
    "vectorized_map": (lambda x: ops.vectorized_map(lambda r: r[0], x), [X]),
    "associative_scan": (lambda x: ops.associative_scan(ops.add, x, axis=1), [X]),
    "scan": (
        lambda x: ops.scan(
            lambda s, r: (s + r, r[0]), ops.zeros((4, 6)), x[:3]
        ),
        [X],
    ),
    "view": (lambda x: ops.view(x, "int32"), [X]),
    "unravel_index": (lambda x: ops.unravel_index(x, (3, 4)), [N]),
}
FORMS |= {name: (getattr(ops, name), [X]) for name in UNARY}
FORMS |= {f"{name}(ints)": (getattr(ops, name), [N]) for name in UNARY}
FORMS |= {name: (getattr(ops, name), [X, N]) for name in BINARY}
FORMS |= {
    f"{name}({axis})": (lambda x, f=getattr(ops, name), a=axis: f(x, axis=a), [X])
    for name in REDUCTIONS
    for axis in (None, 1, -1)
}


def real(spec, batch):
    shape, dtype = spec
    dims = [batch if d is None else d for d in shape]
    return ops.convert_to_tensor(np.ones(dims, dtype))


@pytest.mark.parametrize("name", FORMS)
def test_symbolic_shape_and_dtype_equal_the_real_ones(name, backend):
    function, specs = FORMS[name]
    symbolic = function(*[KerasTensor(*spec) for spec in specs])
    concrete = function(*[real(spec, 5) for spec in specs])
    got, expected = keras.tree.flatten(symbolic), keras.tree.flatten(concrete)
    assert len(got) == len(expected)
    for symbol, value in zip(got, expected, strict=True):
        assert isinstance(symbol, KerasTensor)
        assert symbol.dtype == keras.backend.standardize_dtype(value.dtype)
        shape = tuple(value.shape)
        assert len(symbol.shape) == len(shape)
        assert all(s in (None, d) for s, d in zip(symbol.shape, shape, strict=True))
        known = [s for s in symbol.shape if s is None]
        assert len(known) <= 2, "only what depends on the batch may be unknown"


def test_known_dimensions_stay_known(backend):
    x = KerasTensor((None, 8))
    assert ops.reshape(x, (-1, 2, 4)).shape == (None, 2, 4)
    assert ops.reshape(x, (2, -1)).shape == (2, None)
    assert ops.concatenate([x, x], axis=-1).shape == (None, 16)
    assert ops.matmul(x, ops.ones((8, 3))).shape == (None, 3)


def test_shape_of_a_symbolic_tensor_records_no_node(backend):
    x = KerasTensor((None, 8))
    assert ops.shape(x) == (None, 8)
    assert ops.ndim(x) == 2
    assert ops.size(x) is None
    assert ops.convert_to_tensor(x) is x
    assert ops.is_tensor(x)
    assert not hasattr(x, "_keras_history")


@pytest.mark.parametrize("name", ["nonzero", "unique", "where", "bincount"])
def test_ops_whose_shape_depends_on_data_say_so(name, backend):
    x = KerasTensor((None, 8), "int32")
    with pytest.raises(NotImplementedError, match=r"depends on the\s+data"):
        getattr(ops, name)(x)


def test_a_symbolic_argument_may_stand_in_a_list(backend):
    x = KerasTensor((None, 8))
    assert ops.stack([x, ops.ones((1, 8))[0] + x], axis=0).shape == (2, None, 8)
