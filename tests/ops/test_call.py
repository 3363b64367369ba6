"""The functions that users call: parameters, defaults, what a graph records."""

import inspect
import pickle

import pytest

import keras
from keras import ops
from keras.ops._op import op

X = keras.KerasTensor((None, 4))


@op
def plain(x, y=2, *, scale=1):
    """Adds."""
    return ops.add(x, y) * scale


@op
def open_ended(first, *rest, sign=1, **named):
    return [ops.multiply(v, sign) for v in (first, *rest, *named.values())]


@op(masked=True)
def named_as_inside(function, record, error, result):
    return function + record + error + result


def test_arguments_come_by_position_and_by_name(backend):
    x = ops.ones((3,))
    assert float(plain(x)[0]) == 3
    assert float(plain(y=4, x=x)[0]) == 5
    assert float(plain(x, 5, scale=2)[0]) == 12
    assert [float(v[0]) for v in open_ended(x, x, sign=-1, z=x)] == [-1, -1, -1]
    assert float(named_as_inside(x, x, result=x, error=x)[0]) == 4


def test_a_symbolic_argument_is_found_wherever_it_stands(backend):
    ones = ops.ones((1, 4))
    for call in (
        lambda: plain(ones, X),
        lambda: plain(y=X, x=ones),
        lambda: open_ended(ones, ones, X)[0],
        lambda: open_ended(ones, other=X)[1],
        lambda: named_as_inside(1.0, 2.0, 3.0, result=X),
    ):
        assert isinstance(call(), keras.KerasTensor)


@pytest.mark.parametrize(
    ("call", "args", "kwargs"),
    [
        (lambda: ops.sum(X), (X,), {}),
        (lambda: ops.sum(X, -1), (X, -1), {}),
        (lambda: ops.sum(X, axis=-1), (X, -1), {}),
        (lambda: ops.sum(X, keepdims=True), (X,), {"keepdims": True}),
        (lambda: ops.sum(X, None, False), (X,), {}),
        (lambda: plain(X, scale=3), (X,), {"scale": 3}),
        (lambda: open_ended(X, 2.0, z=3.0)[0], (X, 2.0), {"z": 3.0}),
    ],
)
def test_a_node_has_what_is_no_default(call, args, kwargs):
    node = call()._keras_history.operation._inbound_nodes[0]
    assert len(node.args) == len(args)
    assert all(a is b or a == b for a, b in zip(node.args, args, strict=True))
    assert node.kwargs == kwargs


def test_it_looks_like_the_function_it_calls():
    assert str(inspect.signature(plain)) == "(x, y=2, *, scale=1)"
    assert str(inspect.signature(open_ended)) == "(first, *rest, sign=1, **named)"
    assert (plain.__name__, plain.__doc__, plain.__module__) == (
        "plain",
        "Adds.",
        __name__,
    )
    assert plain.__code__.co_varnames[:3] == ("x", "y", "scale")
    assert pickle.loads(pickle.dumps(ops.sum)) is ops.sum


@pytest.mark.parametrize(
    "call",
    [
        lambda: ops.sum(),
        lambda: ops.sum(X, 1, 2, 3),
        lambda: ops.sum(X, axes=1),
        lambda: ops.sum(X, x=X),
    ],
)
def test_a_wrong_call_is_refused_as_python_does(call):
    with pytest.raises(TypeError, match=r"^sum\(\) "):
        call()
