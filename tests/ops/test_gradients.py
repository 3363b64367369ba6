"""Gradients against central differences in float64; `grad` and `custom_gradient`."""

import numpy as np
import pytest

import keras
from keras import ops


def beside(name, y):
    return lambda x: getattr(ops, name)(x, y)


RNG = np.random.default_rng(5)
X = RNG.uniform(0.2, 0.8, size=(3, 4))
Y = RNG.uniform(0.3, 0.9, size=(3, 4))

FUNCTIONS = {
    name: getattr(ops, name)
    for name in [
        "abs",
        "arccos",
        "arcsin",
        "arcsinh",
        "arctan",
        "arctanh",
        "cbrt",
        "cos",
        "cosh",
        "deg2rad",
        "exp",
        "exp2",
        "expm1",
        "log",
        "log10",
        "log1p",
        "log2",
        "negative",
        "rad2deg",
        "reciprocal",
        "sin",
        "sinc",
        "sinh",
        "sqrt",
        "square",
        "tan",
        "tanh",
        "nan_to_num",
        "cumsum",
        "cumprod",
        "ravel",
        "transpose",
        "flip",
        "sort",
        "diff",
        "median",
        "mean",
        "sum",
        "prod",
        "var",
        "std",
        "max",
        "min",
        "amax",
        "ptp",
        "nansum",
        "nanmean",
        "nanvar",
        "nanprod",
        "nanmax",
        "trapezoid",
        "tril",
        "triu",
        "diagonal",
        "trace",
        "copy",
        "average",
    ]
}
FUNCTIONS |= {
    name: beside(name, Y)
    for name in [
        "add",
        "subtract",
        "multiply",
        "divide",
        "divide_no_nan",
        "power",
        "maximum",
        "minimum",
        "arctan2",
        "hypot",
        "logaddexp",
        "logaddexp2",
        "fmax",
        "fmin",
        "outer",
        "kron",
        "inner",
        "vdot",
    ]
}
FUNCTIONS |= {
    "arccosh": lambda x: ops.arccosh(x + 1),
    "sinc(0)": lambda x: ops.sinc(ops.subtract(x, X)),
    "divide_no_nan(0)": lambda x: ops.divide_no_nan(x, np.round(Y)),
    "where": lambda x: ops.where(Y > 0.5, x, x * x),
    "clip": lambda x: ops.clip(x, 0.4, 0.6),
    "matmul": lambda x: ops.matmul(x, ops.transpose(x)),
    "dot": lambda x: ops.dot(x, Y.T),
    "tensordot": lambda x: ops.tensordot(x, x, axes=2),
    "einsum": lambda x: ops.einsum("ij,kj->ik", x, x),
    "cross": lambda x: ops.cross(x[:, :3], Y[:, :3]),
    "take": lambda x: ops.take(x, [[0, -1], [1, 0]], axis=1),
    "take_along_axis": lambda x: ops.take_along_axis(x, np.argsort(Y, 0), 0),
    "get_item": lambda x: x[1:, None, 1],
    "concatenate": lambda x: ops.concatenate([x, x * x], 1),
    "stack": lambda x: ops.stack([x, x * x]),
    "split": lambda x: ops.split(x, 2, 1)[1],
    "pad": lambda x: ops.pad(x, ((1, 0), (0, 2)), mode="reflect"),
    "tile": lambda x: ops.tile(x, (2, 2)),
    "repeat": lambda x: ops.repeat(x, [1, 2, 3], 0),
    "roll": lambda x: ops.roll(x, 1, 1),
    "quantile": lambda x: ops.quantile(x, [0.2, 0.7], axis=1),
    "linspace": lambda x: ops.linspace(x, Y, 4),
    "scatter_update": lambda x: ops.scatter_update(x, [[0], [2]], x[:2] * 2),
    "slice": lambda x: ops.slice(x, (1, 1), (2, 2)),
    "slice_update": lambda x: ops.slice_update(x, (1, 1), x[:2, :2] ** 2),
    "scan": lambda x: ops.scan(lambda s, r: (s * r, s + r), ops.ones(4, "float64"), x),
    "map": lambda x: ops.map(lambda r: r * r[0], x),
    "vectorized_map": lambda x: ops.vectorized_map(lambda r: r * r[0], x),
    "associative_scan": lambda x: ops.associative_scan(ops.multiply, x, axis=1),
    "fori_loop": lambda x: ops.fori_loop(0, 3, lambda i, s: s * x, x),
    "slogdet": lambda x: ops.slogdet(ops.add(x[:, :3], 2 * np.eye(3)))[1],
}
# These compute in 32 bits; differences of that size are seen with wider steps.
NARROW = {
    "average",
    "cumsum",
    "cumprod",
    "median",
    "quantile",
    "divide_no_nan",
    "kron",
    "divide_no_nan(0)",
    "arctan2",
    "hypot",
    "logaddexp",
    "maximum",
    "minimum",
    "fmax",
    "fmin",
    "matmul",
    "dot",
    "tensordot",
    "inner",
    "vdot",
    "linspace",
}


def weighted(function):
    """A scalar that depends on all results, each with another weight."""

    def loss(x):
        total = 0.0
        for y in keras.tree.flatten(function(x)):
            weights = np.cos(np.arange(np.prod(y.shape))).reshape(y.shape)
            total = total + ops.sum(y * ops.convert_to_tensor(weights, y.dtype))
        return total

    return loss


@pytest.mark.parametrize("name", FUNCTIONS)
def test_gradient_equals_central_differences(name, trainable_backend):
    loss = weighted(FUNCTIONS[name])
    step, tolerance = (1e-3, 5e-3) if name in NARROW else (1e-6, 1e-5)
    x = ops.convert_to_tensor(X)
    gradient = ops.convert_to_numpy(ops.grad(loss)(x))
    assert gradient.shape == X.shape
    direction = np.random.default_rng(1).normal(size=X.shape)
    ahead = float(loss(ops.convert_to_tensor(X + step * direction)))
    behind = float(loss(ops.convert_to_tensor(X - step * direction)))
    expected = (ahead - behind) / (2 * step)
    assert np.isfinite(gradient).all()
    assert (gradient * direction).sum() == pytest.approx(expected, tolerance, tolerance)


def test_what_is_differentiated_must_be_a_scalar(trainable_backend):
    v = keras.Variable([1.0, 2.0])
    with pytest.raises(keras.errors.ShapeError, match=r"\(2,\); expected a scalar"):
        ops.grad(lambda: v * 2, [v])()
    with pytest.raises(keras.errors.ShapeError, match="expected a scalar"):
        ops.value_and_grad(lambda x: x * 2)(v.value)


def test_value_and_grad_gives_the_structure_of_the_first_argument(trainable_backend):
    def loss(params, scale):
        return ops.sum(params["w"] * params["w"]) * scale + params["b"][0]

    params = {"w": ops.convert_to_tensor([1.0, 2.0]), "b": [3.0, 4]}
    value, grads = ops.value_and_grad(loss)(params, 10.0)
    assert float(value) == 53.0
    np.testing.assert_allclose(ops.convert_to_numpy(grads["w"]), [20, 40])
    assert float(grads["b"][0]) == 1.0
    assert grads["b"][1] is None


def test_value_and_grad_of_variables_assigns_what_the_function_assigns(
    trainable_backend,
):
    v, calls = keras.Variable([1.0, 3.0]), keras.Variable(0.0)

    def loss(x):
        calls.assign_add(1.0)
        return ops.sum(v * v * x), "aux"

    (value, aux), grads = ops.value_and_grad(loss, [v], has_aux=True)(2.0)
    assert (float(value), aux, float(calls)) == (20.0, "aux", 1.0)
    np.testing.assert_allclose(ops.convert_to_numpy(grads[0]), [4, 12])


def test_grad_by_an_argument_assigns_what_the_function_assigns(trainable_backend):
    calls = keras.Variable(0.0)

    def loss(x):
        calls.assign_add(1.0)
        return x * x

    assert float(ops.grad(loss)(3.0)) == 6.0
    assert float(calls) == 1.0


def test_grad_can_be_nested(trainable_backend):
    second = ops.grad(lambda x: ops.grad(lambda y: y**3)(x))
    assert float(second(2.0)) == pytest.approx(12.0)


def test_grad_inside_a_differentiated_function_reaches_variables(trainable_backend):
    v = keras.Variable(3.0)

    def penalty():
        slope = ops.grad(lambda x: v * x * x)(ops.convert_to_tensor(2.0))
        return slope * slope  # (4 v)^2

    _, grads = ops.value_and_grad(penalty, [v])()
    assert float(grads[0]) == pytest.approx(32 * 3.0)


def test_grad_returns_aux_beside_the_gradients(trainable_backend):
    gradient, aux = ops.grad(lambda x: (x * x, x + 1), has_aux=True)(2.0)
    assert (float(gradient), float(aux)) == (4.0, 3.0)


def test_grad_of_integers_is_refused(trainable_backend):
    with pytest.raises(TypeError, match="no float tensor in the first argument"):
        ops.grad(lambda x: x)(3)


def test_stop_gradient_makes_a_constant(trainable_backend):
    assert float(ops.grad(lambda x: x * ops.stop_gradient(x))(3.0)) == 3.0


def test_custom_gradient_takes_the_place_of_the_engines(trainable_backend):
    @ops.custom_gradient
    def odd(x, y):
        return x * y, lambda upstream: (upstream * 100.0, upstream * 1000.0)

    x, y = ops.convert_to_tensor(2.0), ops.convert_to_tensor(3.0)
    assert float(odd(x, y)) == 6.0
    grads = ops.grad(lambda pair: 2.0 * odd(*pair))([x, y])
    assert [float(g) for g in grads] == [200.0, 2000.0]


def test_the_numpy_engine_says_that_it_has_no_gradients():
    before = keras.config.backend()
    keras.config.set_backend("numpy")
    try:
        with pytest.raises(NotImplementedError, match="numpy engine computes no grad"):
            ops.grad(lambda x: x)(1.0)
    finally:
        keras.config.set_backend(before)
