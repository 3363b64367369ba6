"""Branches, loops, scans, mapped functions."""

import numpy as np
import pytest

import keras
from keras import ops
from keras.core.compiled import Compiled, value_and_grad


def close(x, expected):
    np.testing.assert_allclose(ops.convert_to_numpy(x), expected, rtol=1e-6)


def test_cond_runs_the_branch_that_holds(backend):
    called = []

    def branch(name, value):
        return lambda: called.append(name) or ops.convert_to_tensor(value)

    close(ops.cond(ops.convert_to_tensor(True), branch("a", 1.0), branch("b", 2.0)), 1)
    close(ops.cond(False, branch("a", 1.0), branch("b", 2.0)), 2)
    assert called == ["a", "b"]


def test_cond_in_a_compiled_function_keeps_what_branches_assign(backend):
    v = keras.Variable(1.0)
    w = keras.Variable(5.0)

    def step(x):
        def true_fn():
            v.assign(v + x)
            return x * 2

        def false_fn():
            w.assign(w - x)
            return x

        return ops.cond(x > 0, true_fn, false_fn)

    run = Compiled(step)
    close(run(ops.convert_to_tensor(3.0)), 6.0)
    close(run(ops.convert_to_tensor(-1.0)), -1.0)
    close(v, 4.0)
    close(w, 6.0)


def test_cond_refuses_several_predicates(backend):
    with pytest.raises(ValueError, match=r"keras\.ops\.cond: got pred of shape \(2,\)"):
        ops.cond(ops.convert_to_tensor([True, False]), lambda: 1, lambda: 2)


def test_switch_takes_the_last_branch_for_an_index_out_of_range(backend):
    branches = [lambda x: x, lambda x: x * 10, lambda x: x * 100]
    for index, expected in [(-1, 2), (0, 2), (1, 20), (2, 200), (7, 200)]:
        x = ops.convert_to_tensor(2.0)
        close(ops.switch(index, branches, x), expected)


def test_while_loop_keeps_the_form_of_its_state(backend):
    i, x = ops.while_loop(lambda i, x: i < 4, lambda i, x: (i + 1, x * 2.0), (0, 1.0))
    close(i, 4)
    close(x, 16)
    assert isinstance(ops.while_loop(lambda i: i < 3, lambda i: [i + 1], [0]), list)
    close(ops.while_loop(lambda i: i < 3, lambda i: i + 1, 0), 3)


def test_while_loop_stops_after_maximum_iterations(backend):
    i = ops.while_loop(lambda i: i < 100, lambda i: i + 1, 0, maximum_iterations=7)
    close(i, 7)


def test_while_loop_refuses_a_body_of_another_form(backend):
    with pytest.raises(ValueError, match="body returned 1 values; expected 2"):
        ops.while_loop(lambda i, x: i < 3, lambda i, x: (i,), (0, 1.0))


def test_fori_loop_sums_its_indices(backend):
    close(ops.fori_loop(2, 6, lambda i, x: x + i, ops.zeros(3)), [14, 14, 14])
    close(ops.fori_loop(3, 3, lambda i, x: x + 1, ops.ones(2)), [1, 1])


@pytest.mark.parametrize("reverse", [False, True])
def test_scan_carries_a_state_along(backend, reverse):
    xs = np.arange(1.0, 5.0, dtype="float32")
    state, ys = ops.scan(
        lambda s, x: (s * 2 + x, s), ops.zeros(()), xs, reverse=reverse
    )
    expected, s = [], 0.0
    for x in reversed(xs) if reverse else xs:
        expected.append(s)
        s = s * 2 + x
    close(state, s)
    close(ys, expected[::-1] if reverse else expected)


def test_scan_without_xs_needs_a_length(backend):
    state, ys = ops.scan(lambda s, _: (s + 1, s), 0, length=3)
    close(state, 3)
    close(ys, [0, 1, 2])
    with pytest.raises(ValueError, match=r"keras\.ops\.scan: got first dimensions"):
        ops.scan(lambda s, _: (s, s), 0)


def test_scan_takes_nested_structures(backend):
    xs = {"a": np.ones((3, 2), "float32"), "b": np.arange(3.0, dtype="float32")}
    state, ys = ops.scan(
        lambda s, x: ({"n": s["n"] + x["b"]}, (x["a"], x["b"] * 2)), {"n": 0.0}, xs
    )
    close(state["n"], 3)
    close(ys[0], xs["a"])
    close(ys[1], [0, 2, 4])


def test_map_and_vectorized_map_agree_with_a_python_loop(backend):
    x = np.random.default_rng(0).normal(size=(4, 3)).astype("float32")
    expected = [[row.sum(), row.max()] for row in x]
    for apply in (ops.map, ops.vectorized_map):
        close(apply(lambda r: ops.stack([ops.sum(r), ops.max(r)]), x), expected)


@pytest.mark.parametrize("length", [1, 2, 3, 4, 7, 8])
@pytest.mark.parametrize("reverse", [False, True])
def test_associative_scan_equals_cumsum(backend, length, reverse):
    x = np.random.default_rng(length).normal(size=(2, length)).astype("float32")
    expected = np.cumsum(x[:, ::-1], 1)[:, ::-1] if reverse else np.cumsum(x, 1)
    result = ops.associative_scan(ops.add, x, reverse=reverse, axis=1)
    np.testing.assert_allclose(ops.convert_to_numpy(result), expected, rtol=1e-5)


def test_associative_scan_keeps_the_order_of_a_product_of_matrices(backend):
    x = np.random.default_rng(1).normal(size=(5, 2, 2)).astype("float32")
    expected = [x[0]]
    for m in x[1:]:
        expected.append(expected[-1] @ m)
    result = ops.associative_scan(ops.matmul, x)
    np.testing.assert_allclose(ops.convert_to_numpy(result), expected, rtol=1e-4)


def test_vectorize_maps_over_what_the_signature_leaves(backend):
    mean = ops.vectorize(lambda x, y: ops.sum(x) * y, signature="(n),()->()")
    x = np.arange(12.0, dtype="float32").reshape(2, 2, 3)
    close(mean(x, np.float32(2)), x.sum(-1) * 2)
    close(mean(x, np.array([1, 3], "float32")), x.sum(-1) * [1, 3])


def test_vectorize_passes_excluded_arguments_as_they_are(backend):
    shift = ops.vectorize(lambda x, by: x + by[0], excluded={1})
    close(shift(np.arange(3.0, dtype="float32"), [10.0, 20.0]), [10, 11, 12])


def test_vectorize_refuses_a_signature_that_is_none():
    with pytest.raises(ValueError, match=r"signature='\(n->\(\)'"):
        ops.vectorize(lambda x: x, signature="(n->()")


def test_errors_of_a_users_function_pass_as_they_are(backend):
    class Mine(Exception):
        pass

    def fail(*args):
        raise Mine

    for run in (
        lambda: ops.cond(True, fail, fail),
        lambda: ops.map(fail, ops.ones(2)),
        lambda: ops.while_loop(lambda i: i < 1, fail, 0),
    ):
        with pytest.raises(Mine):
            run()


LOOPS = {
    "scan": lambda step, xs: ops.scan(lambda s, x: (s, step(x)), (), xs)[1],
    "map": lambda step, xs: ops.map(step, xs),
    "fori_loop": lambda step, xs: ops.fori_loop(
        0, 3, lambda i, ys: ops.slice_update(ys, [i], step(xs[i])[None]), ops.zeros(3)
    ),
    "while_loop": lambda step, xs: ops.while_loop(
        lambda i, ys: i < 3,
        lambda i, ys: (i + 1, ops.slice_update(ys, [i], step(xs[i])[None])),
        (0, ops.zeros(3)),
    )[1],
}


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("loop", LOOPS)
def test_loops_carry_what_their_body_assigns(backend, loop, compiled):
    total, other = keras.Variable(10.0), keras.Variable(2.0)

    def step(x):
        total.assign(total + x * other)
        return total * 1.0

    def run(xs):
        return LOOPS[loop](step, xs)

    run = Compiled(run) if compiled else run
    xs = ops.convert_to_tensor([1.0, 2.0, 3.0])
    close(run(xs), [12, 16, 22])
    close(total, 22)
    close(run(xs), [24, 28, 34])
    close(total, 34)


@pytest.mark.parametrize("compiled", [False, True])
def test_a_loop_in_a_loop_carries_what_both_assign(backend, compiled):
    inner, outer = keras.Variable(0.0), keras.Variable(0.0)

    def body(state, x):
        def twice(i, value):
            inner.assign(inner + 1.0)
            return value + inner

        value = ops.fori_loop(0, 2, twice, x)
        outer.assign(outer + value)
        return state, value

    def run(xs):
        return ops.scan(body, (), xs)[1]

    run = Compiled(run) if compiled else run
    close(run(ops.zeros(3)), [3, 7, 11])
    close(inner, 6)
    close(outer, 21)


@pytest.mark.parametrize("compiled", [False, True])
def test_noise_in_a_loop_differs_from_step_to_step(backend, compiled):
    dropout = keras.layers.Dropout(0.5, seed=3)
    x = ops.ones((5, 64))

    def run(x):
        return ops.map(lambda row: dropout(row, training=True), x)

    run = Compiled(run) if compiled else run
    first, second = (ops.convert_to_numpy(run(x)) for _ in range(2))
    rows = {row.tobytes() for row in [*first, *second]}
    assert len(rows) == 10
    close(dropout.seed_generator.state[1], 10)


@pytest.mark.parametrize("compiled", [False, True])
def test_moving_averages_and_metrics_are_updated_in_a_scan(backend, compiled):
    rng = np.random.default_rng(0)
    xs = rng.normal(3.0, 2.0, size=(4, 6, 2)).astype("float32")
    layers = [keras.layers.BatchNormalization(momentum=0.5) for _ in range(2)]
    metrics = [keras.metrics.Mean() for _ in range(2)]
    for layer in layers:
        layer.build((None, 2))

    def step(x, i):
        y = layers[i](x, training=True)
        metrics[i].update_state(ops.max(y))
        return y

    def run(xs):
        return ops.map(lambda x: step(x, 0), xs)

    found = ops.convert_to_numpy((Compiled(run) if compiled else run)(xs))
    for x, y in zip(xs, found, strict=True):
        np.testing.assert_allclose(
            y, ops.convert_to_numpy(step(ops.convert_to_tensor(x), 1)), atol=1e-5
        )
    for a, b in zip(layers[0].weights, layers[1].weights, strict=True):
        np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=1e-5, atol=1e-6)
    close(metrics[0].result(), float(metrics[1].result()))


def test_a_scan_that_assigns_can_be_differentiated(trainable_backend):
    count = keras.Variable(0.0, trainable=False)
    w = keras.Variable(2.0)

    def loss():
        def step(state, x):
            count.assign(count + 1.0)
            return state + w * x * count, None

        return ops.scan(step, ops.zeros(()), ops.convert_to_tensor([1.0, 5.0]))[0]

    value, (gradient,) = value_and_grad(loss, [w])()
    close(value, 22)
    close(gradient, 11)
    close(count, 2)


# The others call the function once for each entry.
@pytest.mark.parametrize("backend", ["jax"], indirect=True)
def test_a_mapped_function_assigns_what_is_the_same_for_all(backend):
    count, last = keras.Variable(0.0), keras.Variable(0.0)

    def step(x):
        count.assign(count + 1.0)
        return x * count

    close(ops.vectorized_map(step, ops.convert_to_tensor([1.0, 2.0])), [1, 2])
    close(count, 1)
    with pytest.raises(ValueError, match=r"assigns variable.*same value for all entr"):
        ops.vectorized_map(lambda x: last.assign(x), ops.convert_to_tensor([1.0, 2.0]))
    close(last, 0)
