"""Gradients against central differences in float64; `grad` and `custom_gradient`."""

import numpy as np
import pytest
from gradient_cases import CASES, WITHOUT_GRADIENT

import keras
from keras import ops
from keras.backend import current


def weighted(function):
    """A scalar that depends on all float results, each with another weight."""

    def loss(inputs):
        total = 0.0
        for y in keras.tree.flatten(function(*inputs)):
            if "complex" in keras.backend.standardize_dtype(y.dtype):
                y = ops.view_as_real(y)
            weights = np.cos(np.arange(np.prod(y.shape))).reshape(y.shape)
            if "float" in keras.backend.standardize_dtype(y.dtype):
                total = total + ops.sum(y * ops.convert_to_tensor(weights, y.dtype))
        return total

    return loss


def check_gradient(loss, inputs, is_narrow=False, is_traced=True):
    """Compare the derivative along some direction with a central difference."""

    def run(xs):
        return ops.value_and_grad(loss)(xs)

    if is_traced:  # one compilation in place of one for every primitive
        run = current.engine.jit(run, asked=False)

    def at(xs):
        value, gradients = run([ops.convert_to_tensor(x) for x in xs])
        return value, [ops.convert_to_numpy(g) for g in gradients]

    value, gradients = at(inputs)
    # Differences in 32 bits are seen with wider steps.
    is_narrow = is_narrow or keras.backend.standardize_dtype(value.dtype) == "float32"
    step, tolerance = (1e-3, 5e-3) if is_narrow else (1e-6, 1e-5)
    rng = np.random.default_rng(1)
    direction = [rng.normal(size=x.shape) for x in inputs]
    ahead, behind = (
        float(at([x + s * d for x, d in zip(inputs, direction, strict=True)])[0])
        for s in (step, -step)
    )
    assert [g.shape for g in gradients] == [x.shape for x in inputs]
    assert all(np.isfinite(g).all() for g in gradients)
    slope = sum((g * d).sum() for g, d in zip(gradients, direction, strict=True))
    difference = (ahead - behind) / (2 * step)
    assert slope == pytest.approx(difference, rel=tolerance, abs=tolerance)


@pytest.mark.parametrize("name", CASES)
def test_gradient_equals_central_differences(name, trainable_backend):
    case = CASES[name]
    check_gradient(weighted(case.function), case.inputs, case.is_narrow, case.is_traced)


SECOND = """
    average_pool batch_normalization binary_crossentropy(logits)
    categorical_crossentropy(logits) conv conv_transpose cross det divide
    dot_product_attention dot_product_attention(causal) einsum erf gelu
    layer_normalization log_softmax logsumexp (lstm) (gru) max_pool multiply nanstd norm
    power rms_normalization sigmoid softmax solve sparsemax std take tanh where
""".split()


@pytest.mark.parametrize("name", SECOND)
def test_second_derivative_equals_central_differences(name, trainable_backend):
    case = CASES[name]
    slope = ops.grad(lambda xs: ops.square(weighted(case.function)(xs)))
    check_gradient(weighted(lambda *xs: slope(list(xs))), case.inputs)


def cubed(x):
    """x ** 3 by a loop that ends on a value."""
    first = (0, ops.ones_like(x))
    return ops.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, y * x), first)[1]


def test_a_loop_that_ends_on_a_value_is_differentiated_on_torch(trainable_backend):
    matrix = np.array([[1.0, 2.0], [0.5, 3.0]])
    if trainable_backend == "torch":
        check_gradient(weighted(cubed), [matrix], is_traced=False)
    else:  # JAX keeps nothing of a loop of unknown length
        with pytest.raises(ValueError, match="Reverse-mode differentiation"):
            ops.grad(weighted(cubed))([ops.convert_to_tensor(matrix, "float32")])


def test_every_op_is_differentiated_or_has_a_reason():
    known = {name.split("(")[0] for name in CASES} | set(WITHOUT_GRADIENT)
    public = {name for name in dir(ops) if callable(getattr(ops, name))}
    public |= {f"image.{n}" for n in dir(ops.image) if callable(getattr(ops.image, n))}
    assert {name for name in public if "_" not in name[:1]} == known - {""}
    assert not {name.split("(")[0] for name in CASES} & set(WITHOUT_GRADIENT)


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
