"""Every op of the table: the symbolic shape and dtype are those of a real call."""

from contextlib import contextmanager
from functools import cache

import numpy as np
import pytest
from symbolic_forms import DATA_DEPENDENT, FORMS, regular

import keras
from keras import ops
from keras.core.keras_tensor import KerasTensor
from keras.errors import ShapeError


def real(spec, size):
    return ops.convert_to_tensor(regular(spec, size))


def outline(result):
    """The shape and dtype of each tensor of a result."""
    return [
        (tuple(x.shape), keras.backend.standardize_dtype(x.dtype))
        for x in keras.tree.flatten(result)
    ]


def symbolic(name):
    function, specs = FORMS[name]
    result = function(*[KerasTensor(*spec) for spec in specs])
    assert all(isinstance(x, KerasTensor) for x in keras.tree.flatten(result))
    return outline(result)


def concrete(name, size):
    function, specs = FORMS[name]
    return outline(function(*[real(spec, size) for spec in specs]))


@contextmanager
def active(engine):
    pytest.importorskip(engine)
    before = keras.config.backend()
    keras.config.set_backend(engine)
    try:
        yield
    finally:
        keras.config.set_backend(before)


# JAX compiles every call, which takes a minute: some of them stand for all.
CALLS = [(name, engine) for name in FORMS for engine in ("numpy", "torch")] + [
    pytest.param(name, "jax", marks=pytest.mark.slow if i % 8 else ())
    for i, name in enumerate(FORMS)
]


@pytest.mark.parametrize(("name", "engine"), CALLS)
def test_symbolic_shape_and_dtype_equal_the_real_ones(name, engine):
    with active(engine):
        got, expected = symbolic(name), concrete(name, 8)
    assert [dtype for _, dtype in got] == [dtype for _, dtype in expected]
    for (shape, _), (dims, _) in zip(got, expected, strict=True):
        assert len(shape) == len(dims)
        assert all(s in (None, d) for s, d in zip(shape, dims, strict=True))


@pytest.mark.parametrize("name", FORMS)
def test_what_depends_on_no_unknown_dimension_is_known(name):
    with active("numpy"):  # what the others give is compared with it below
        got, small, large = symbolic(name), concrete(name, 8), concrete(name, 12)
    for (shape, _), (a, _), (b, _) in zip(got, small, large, strict=True):
        assert [d is None for d in shape] == [m != n for m, n in zip(a, b, strict=True)]


@cache
def on_numpy():
    with active("numpy"):
        return {name: symbolic(name) for name in FORMS}


def test_symbolic_results_are_the_same_on_every_engine(trainable_backend):
    assert {name: symbolic(name) for name in FORMS} == on_numpy()


@pytest.mark.parametrize(
    ("module", "prefix"),
    [(ops, ""), (ops.image, "image."), (keras.random, "random.")],
)
def test_every_op_has_a_form(module, prefix):
    public = [n for n in dir(module) if not n.startswith("_")]
    names = {prefix + n for n in public if hasattr(getattr(module, n), "op")}
    known = {name.partition("(")[0] for name in (*FORMS, *DATA_DEPENDENT)}
    assert names
    assert not names - known, "ops without a line in symbolic_forms.py"


@pytest.mark.parametrize("name", DATA_DEPENDENT)
def test_ops_whose_shape_depends_on_data_say_so(name, backend):
    function, specs = DATA_DEPENDENT[name]
    with pytest.raises(NotImplementedError, match=r"depends on\s+the\s+data"):
        function(*[KerasTensor(*spec) for spec in specs])


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


def test_a_symbolic_argument_may_stand_in_a_list(backend):
    x = KerasTensor((None, 8))
    assert ops.stack([x, ops.ones((1, 8))[0] + x], axis=0).shape == (2, None, 8)


UNUSUAL = {
    "reshape": (lambda x: ops.reshape(x, (-1, 7)), (None, 4), (None, 7)),
    "split": (lambda x: ops.split(x, 9)[0], (None, 4), (None, 4)),
    "space_to_depth": (
        lambda x: ops.space_to_depth(x, 7),
        (None, None, None, 3),
        (None, None, None, 147),
    ),
    "max_pool": (
        lambda x: ops.max_pool(x, 50),
        (None, None, None, 3),
        (None, None, None, 3),
    ),
    "slice": (lambda x: ops.slice(x, (0, 0), (1000, 4)), (None, 7), (1000, 4)),
    "stft": (
        lambda x: ops.stft(x, 1024, 256, 1024, center=False)[0],
        (None, None),
        (None, None, 513),
    ),
    "pad_images": (
        lambda x: ops.image.pad_images(x, 0, 0, target_height=28, target_width=28),
        (None, None, None, 3),
        (None, 28, 28, 3),
    ),
    "crop_images": (
        lambda x: ops.image.crop_images(x, 0, 0, target_height=64, target_width=64),
        (None, None, None, 3),
        (None, 64, 64, 3),
    ),
}


@pytest.mark.parametrize("name", UNUSUAL)
def test_an_unknown_dimension_may_be_of_any_size(name, backend):
    function, shape, expected = UNUSUAL[name]
    assert function(KerasTensor(shape)).shape == expected


def test_a_number_of_results_that_is_unknown_is_an_error(backend):
    with pytest.raises(ShapeError, match=r"\(None, 3\).*how many tensors.*a size"):
        ops.unstack(KerasTensor((None, 3)))


def test_an_error_of_ours_comes_out_of_a_symbolic_call_as_it_is(backend):
    with pytest.raises(ValueError, match="padding='causal'; expected \"valid\" or"):
        ops.conv(KerasTensor((None, 8, 3)), ops.ones((3, 3, 4)), padding="causal")


def test_matrices_may_be_singular_where_only_shapes_are_asked(backend):
    x = KerasTensor((None, 4, 4))
    assert ops.inv(x - ops.transpose(x, (0, 2, 1))).shape == (None, 4, 4)
    assert ops.svd(x / 0.0)[1].shape == (None, 4)
    inverse = keras.layers.Lambda(lambda x: ops.inv(x - x) @ ops.eigh(x / 0.0)[1])
    assert inverse(x).shape == (None, 4, 4)


def test_weights_are_real_where_only_shapes_are_asked(backend):
    class Powers(keras.layers.Layer):
        def build(self, shape):
            start = lambda shape, dtype: ops.while_loop(  # noqa: E731
                lambda x: ops.max(x) < 9, lambda x: x * 2, ops.ones(shape, dtype)
            )
            self.scale = self.add_weight(shape=(3,), initializer=start)

        def call(self, x):
            return x * self.scale

    class Outer(keras.layers.Layer):
        def __init__(self):
            super().__init__()
            self.inner = Powers()

        def call(self, x):
            return self.inner(x)

    layer = Outer()
    assert layer(KerasTensor((None, 3))).shape == (None, 3)
    assert np.all(np.asarray(layer.weights[0].numpy()) == 16)
