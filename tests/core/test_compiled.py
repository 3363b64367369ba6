"""Stateful functions as compiled programs, and gradients by variables."""

import numpy as np
import pytest

import keras
from keras import ops
from keras.core.compiled import Compiled, value_and_grad


def array(x):
    return np.asarray(ops.convert_to_numpy(x))


def test_a_compiled_function_reads_and_writes_variables(backend):
    count = keras.Variable(0.0)
    scale = keras.Variable(2.0)

    @Compiled
    def step(x):
        count.assign_add(1.0)
        return x * scale

    for i in range(3):
        np.testing.assert_allclose(array(step(ops.ones((2,)) * i)), [2.0 * i] * 2)
    assert count.numpy() == 3
    scale.assign(5.0)  # a change from outside is seen
    np.testing.assert_allclose(array(step(ops.ones((2,)))), [5.0, 5.0])
    count.assign(10.0)
    step(ops.ones((2,)))
    assert count.numpy() == 11


def test_variables_that_only_other_shapes_reach(backend):
    small, large = keras.Variable(0.0), keras.Variable(0.0)

    @Compiled
    def step(x):
        (small if x.shape[0] < 3 else large).assign_add(1.0)
        return x

    for size in (2, 4, 2, 4, 4):
        step(ops.ones((size,)))
    assert (small.numpy(), large.numpy()) == (2, 3)


def test_a_compiled_function_follows_the_engine():
    pytest.importorskip("jax")
    v = keras.Variable(1.0)
    step = Compiled(lambda x: v.assign_add(ops.sum(x)))
    for engine in ("torch", "jax", "numpy", "jax", "torch"):
        keras.config.set_backend(engine)
        step(ops.ones((2,)))
    keras.config.set_backend("torch")
    assert v.numpy() == 11


def test_nested_structures_go_in_and_out(backend):
    step = Compiled(lambda data: {"sum": data["a"] + data["b"][0], "none": None})
    out = step({"a": ops.ones((2,)), "b": [ops.ones((2,))]})
    np.testing.assert_allclose(array(out["sum"]), [2, 2])
    assert out["none"] is None


def test_an_error_inside_leaves_the_variables_alone(backend):
    v = keras.Variable(1.0)

    @Compiled
    def step(x):
        v.assign(x[0])
        raise KeyError("oops")

    before = v.numpy()
    with pytest.raises(KeyError):
        step(ops.zeros((1,)))
    if backend == "jax":
        assert v.numpy() == before
    v.numpy()


def test_value_and_gradients(trainable_backend):
    a, b = keras.Variable([1.0, 2.0]), keras.Variable(3.0)
    unused = keras.Variable([7.0])
    value, gradients = value_and_grad(lambda k: ops.sum(a * a) * b * k, [a, b, unused])(
        2.0
    )
    assert float(array(value)) == 30
    np.testing.assert_allclose(array(gradients[0]), [12, 24])
    np.testing.assert_allclose(array(gradients[1]), 10)
    np.testing.assert_allclose(array(gradients[2]), [0])
    assert (a.numpy().tolist(), b.numpy()) == ([1, 2], 3)


def test_more_than_a_value_comes_back_with_it(trainable_backend):
    a = keras.Variable(2.0)
    seen = keras.Variable(0.0, trainable=False)

    def loss():
        seen.assign(a * 10)
        return a * a, {"twice": 2 * a}

    (value, more), (gradient,) = value_and_grad(loss, [a], has_aux=True)()
    assert float(array(value)) == 4 and float(array(gradient)) == 4
    assert float(array(more["twice"])) == 4
    assert seen.numpy() == 20


def test_gradients_inside_a_compiled_step(trainable_backend):
    w = keras.Variable(1.0)

    @Compiled
    def step(x):
        loss, (gradient,) = value_and_grad(lambda: ops.mean((w * x - 3.0) ** 2), [w])()
        w.assign_sub(0.1 * gradient)
        return loss

    losses = [float(array(step(ops.ones((4,))))) for _ in range(3)]
    np.testing.assert_allclose(losses, [4.0, 2.56, 1.6384], rtol=1e-5)
    np.testing.assert_allclose(w.numpy(), 3 - 2 * 0.8**3, rtol=1e-5)


def test_numpy_computes_no_gradients():
    before = keras.config.backend()
    keras.config.set_backend("numpy")
    try:
        v = keras.Variable(1.0)
        with pytest.raises(NotImplementedError, match="numpy"):
            value_and_grad(lambda: v * v, [v])()
    finally:
        keras.config.set_backend(before)
