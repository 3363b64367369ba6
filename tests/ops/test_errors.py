"""Errors of ops: what was called, what came, what was expected; all engines agree."""

# ruff: noqa: E501 - whole messages stand here

import numpy as np
import pytest

import keras
from keras import ops
from keras.core.keras_tensor import KerasTensor
from keras.errors import ShapeError

A, B = np.ones((2, 3), "float32"), np.ones((4, 5), "float32")

# A call, and the whole text of its error.
MESSAGES = {
    "add": (
        lambda: ops.add(A, B),
        "keras.ops.add: got x1=float32(2, 3), x2=float32(4, 5); expected shapes that "
        "broadcast: from the right, equal or 1.",
    ),
    "add symbolic": (
        lambda: ops.add(KerasTensor((None, 3)), KerasTensor((None, 4))),
        "keras.ops.add: got x1=float32(None, 3), x2=float32(None, 4); expected shapes "
        "that broadcast: from the right, equal or 1.",
    ),
    "matmul": (
        lambda: ops.matmul(A, A),
        "keras.ops.matmul: got x1=float32(2, 3), x2=float32(2, 3); expected the last "
        "dimension of x1 equal to the last but one of x2 (the last, if x2 has one only), "
        "and the dimensions before them to broadcast.",
    ),
    "concatenate": (
        lambda: ops.concatenate([A, B], axis=1),
        "keras.ops.concatenate: got xs=[float32(2, 3), float32(4, 5)], axis=1; expected "
        "shapes that are equal but for the dimension at axis.",
    ),
    "batch_normalization": (
        lambda: ops.batch_normalization(A, np.ones(3), np.ones(3), 1, scale=np.ones(2)),
        "keras.ops.batch_normalization: got scale of shape (2,) and x of shape (2, 3); "
        "expected (3,), the size of axis 1. Check axis.",
    ),
    "stack": (
        lambda: ops.stack([A, B]),
        "keras.ops.stack: got x=[float32(2, 3), float32(4, 5)]; expected tensors of "
        "equal shapes.",
    ),
    "reshape": (
        lambda: ops.reshape(A, (4, 2)),
        "keras.ops.reshape: got x=float32(2, 3), newshape=(4, 2); expected a new shape "
        "with as many entries as x.",
    ),
    "reshape 0": (
        lambda: ops.reshape(np.ones((0, 3)), (0, -1)),
        "keras.ops.reshape: got newshape=(0, -1) for a tensor of shape (0, 3); beside a "
        "0 the dimension -1 could be any. Give it.",
    ),
    "axis": (
        lambda: ops.sum(A, axis=2),
        "keras.ops.sum: got axis=2 for a tensor of 2 dimensions; expected -2 to 1.",
    ),
    "squeeze": (
        lambda: ops.squeeze(A, 1),
        "keras.ops.squeeze: got axis=1 for a tensor of shape (2, 3); expected dimensions "
        "of length 1.",
    ),
    "split": (
        lambda: ops.split(A, 2, axis=1),
        "keras.ops.split: got 2 sections of a dimension of length 3 (axis=1); expected a "
        "divisor of it. Use keras.ops.array_split for parts of unequal lengths.",
    ),
    "unstack": (
        lambda: ops.unstack(A, num=5),
        "keras.ops.unstack: got num=5 for a dimension of length 2 (axis=0); expected "
        "that length. Leave num out.",
    ),
    "max": (
        lambda: ops.max(np.ones((0, 3), "float32"), axis=0),
        "keras.ops.max: got x=float32(0, 3), axis=0; expected at least one entry along "
        "axis, or initial.",
    ),
    "tensordot": (
        lambda: ops.tensordot(A, B, axes=1),
        "keras.ops.tensordot: got shapes (2, 3) and (4, 5) with axes=1; expected equal "
        "dimensions at the axes to sum over.",
    ),
    "inner": (
        lambda: ops.inner(A, B),
        "keras.ops.inner: got shapes (2, 3) and (4, 5); expected equal last dimensions.",
    ),
    "cross": (
        lambda: ops.cross(B, B),
        "keras.ops.cross: got vectors of 5 and 5 entries; expected 2 or 3. Set axisa and "
        "axisb to where the vectors stand.",
    ),
    "pad": (
        lambda: ops.pad(A, 1, mode="mirror"),
        "keras.ops.pad: got mode='mirror'; expected one of constant, reflect, symmetric, "
        "edge, wrap.",
    ),
    "pad values": (
        lambda: ops.pad(A, 1, mode="edge", constant_values=3),
        "keras.ops.pad: got constant_values with mode='edge'; expected them with "
        'mode="constant" only. Leave them out.',
    ),
    "meshgrid": (
        lambda: ops.meshgrid(A, indexing="yx"),
        'keras.ops.meshgrid: got indexing=\'yx\'; expected "xy" or "ij".',
    ),
    "tril": (
        lambda: ops.tril(np.ones(3)),
        "keras.ops.tril: got a tensor of shape (3,); expected at least two dimensions.",
    ),
    "diag": (
        lambda: ops.diag(np.ones((1, 2, 3))),
        "keras.ops.diag: got a tensor of shape (1, 2, 3); expected one or two dimensions."
        " Use keras.ops.diagonal for more.",
    ),
    "where": (
        lambda: ops.where(A > 0, A),
        "keras.ops.where: got one of x1 and x2; expected both or none of them.",
    ),
    "select": (
        lambda: ops.select([A > 0], [A, A]),
        "keras.ops.select: got 1 conditions and 2 choices; expected as many of one as of "
        "the other, at least one.",
    ),
    "searchsorted": (
        lambda: ops.searchsorted(A, A),
        "keras.ops.searchsorted: got a sequence of shape (2, 3) and side='left'; expected"
        ' one dimension, and "left" or "right".',
    ),
    "histogram": (
        lambda: ops.histogram(A, 0),
        "keras.ops.histogram: got bins=0; expected a positive int.",
    ),
    "rot90": (
        lambda: ops.rot90(A, axes=(0, 0)),
        "keras.ops.rot90: got axes=(0, 0) for a tensor of 2 dimensions; expected two "
        "different ones.",
    ),
    "moveaxis": (
        lambda: ops.moveaxis(A, (0, 1), 0),
        "keras.ops.moveaxis: got source=(0, 1) and destination=0; expected as many of "
        "one as of the other.",
    ),
    "quantile": (
        lambda: ops.quantile(A, 0.5, method="midpont"),
        "Unknown method of keras.ops.quantile: got 'midpont'. Did you mean 'midpoint'?",
    ),
    "scatter_update": (
        lambda: ops.scatter_update(A, [[0]], A[:1], reduction="plus"),
        "Unknown reduction of keras.ops.scatter_update: got 'plus'. Pass a known name, a "
        "class instance, or a function.",
    ),
    "a probability": (
        lambda: ops.quantile(A, 2),
        "keras.ops.quantile: got q=2; expected 0 to 1.",
    ),
    "a word": (
        lambda: ops.add("a", A),
        "keras.ops.add: got x1='a', x2=float32(2, 3); expected tensors, arrays, numbers,"
        " or lists of these.",
    ),
    "nothing": (
        lambda: ops.clip(A, 0, {}),
        "keras.ops.clip: got x=float32(2, 3), x_min=0, x_max={}; expected tensors, "
        "arrays, numbers, or lists of these.",
    ),
    "a dict": (
        lambda: ops.sum({"a": 1}),
        "keras.ops.sum: got x={'a': 1}; expected tensors, arrays, numbers, or lists of "
        "these.",
    ),
    "negative size": (
        lambda: ops.zeros((2, -1)),
        "keras.ops.zeros: got shape=(2, -1); expected ints of at least 0.",
    ),
    "negative matrix": (
        lambda: ops.eye(-1),
        "keras.ops.eye: got shape=(-1, -1); expected ints of at least 0.",
    ),
    "negative noise": (
        lambda: keras.random.normal((-2,)),
        "keras.random.normal: got shape=(-2,); expected ints of at least 0.",
    ),
    "no numbers": (
        lambda: keras.random.randint((2,), 5, 1),
        "keras.random.randint: got minval=5 and maxval=1, between which there is no "
        "number; expected a larger maxval.",
    ),
    "results of a body": (
        lambda: ops.while_loop(lambda i: i < 3, lambda i: (i, i), 0),
        "keras.ops.while_loop: body returned 2 values; expected 1, as many as there "
        "are loop_vars.",
    ),
    "ptp calls max": (
        lambda: ops.ptp(np.ones((0, 3), "float32"), axis=0),
        "keras.ops.ptp: got x=float32(0, 3), axis=0; expected at least one entry along "
        "axis.",
    ),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_error_names_the_op_and_is_the_same_on_every_engine(name, backend):
    call, text = MESSAGES[name]
    with pytest.raises(ValueError) as caught:
        call()
    assert str(caught.value) == text
    assert len(text) <= 600


@pytest.mark.parametrize("key", [5, (0, 3), (..., -4), (0, 0, 0)])
def test_an_index_out_of_range_is_an_index_error(key, backend):
    with pytest.raises(IndexError, match=r"keras\.ops\.get_item: got"):
        ops.get_item(ops.convert_to_tensor(A), key)


def test_bits_of_floats_are_refused(backend):
    with pytest.raises(TypeError, match="bitwise_and: got a tensor of dtype float32"):
        ops.bitwise_and(A, A)


@pytest.mark.parametrize("shift", ["1", 1.5, [1, None]])
def test_a_shift_that_is_no_integer_is_refused(backend, shift):
    with pytest.raises(ShapeError, match=r"keras\.ops\.roll: got x=.*shift="):
        ops.roll(A, shift, (0, 1))


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: ops.cond(True, 1, 2), "cond: got true_fn=1"),
        (lambda: ops.scan(1, 0, A), "scan: got f=1"),
        (lambda: ops.map(1, A), "map: got f=1"),
        (lambda: ops.vectorized_map(1, A), "vectorized_map: got function=1"),
        (lambda: ops.while_loop(lambda i: i < 3, None, 0), "while_loop: got body=None"),
        (lambda: ops.fori_loop(0, 3, "x", 0), "fori_loop: got body_fun='x'"),
        (lambda: ops.associative_scan(1, A), "associative_scan: got f=1"),
        (lambda: ops.switch(0, [1, 2]), r"switch: got branches=\[1, 2\]"),
    ],
)
def test_what_is_no_function_is_named(backend, call, name):
    with pytest.raises(TypeError, match=rf"keras\.ops\.{name}; expected a function"):
        call()


def test_mistakes_in_functions_of_the_user_come_as_they_are(backend):
    with pytest.raises(ZeroDivisionError):
        ops.map(lambda x: x + 1 // 0, A)


def test_an_unknown_argument_is_named(backend):
    with pytest.raises(TypeError, match=r"sum.*got an unexpected .*'axes'"):
        ops.sum(A, axes=0)


def test_shapes_that_are_not_known_are_refused(backend):
    with pytest.raises(TypeError, match=r"keras\.ops\.zeros: got shape=\(None, 3\)"):
        ops.zeros((None, 3))


def test_the_engines_own_error_stays_as_the_cause(backend):
    with pytest.raises(ShapeError) as caught:
        ops.add(A, B)
    assert isinstance(caught.value.__cause__, Exception)
    assert not isinstance(caught.value.__cause__, ShapeError)


def test_symbolic_values_cannot_be_asked_for():
    x = keras.KerasTensor((None, 3))
    with pytest.raises(TypeError, match="convert_to_numpy: got a symbolic tensor"):
        ops.convert_to_numpy(x)
