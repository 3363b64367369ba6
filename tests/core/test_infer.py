"""Outputs of symbolic calls are remembered only where nothing else can come out."""

import pytest

import keras
from keras import ops
from keras.core import infer


@pytest.fixture
def evaluations(monkeypatch):
    """A list with one entry for each time that a function was evaluated."""
    infer._known.clear()
    seen = []
    evaluated = infer._evaluated

    def counted(fn, leaves, structure, what, is_ours):
        seen.append(what)
        return evaluated(fn, leaves, structure, what, is_ours)

    monkeypatch.setattr(infer, "_evaluated", counted)
    return seen


def test_layers_that_are_alike_are_evaluated_once(backend, evaluations):
    x = keras.Input((4, 6))
    outputs = [keras.layers.Dense(3)(x) for _ in range(3)]
    assert [y.shape for y in outputs] == [(None, 4, 3)] * 3
    assert len(evaluations) == 1
    assert len({id(y) for y in outputs}) == 3


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (lambda: keras.layers.Dense(3), lambda: keras.layers.Dense(5)),
        (
            lambda: keras.layers.Conv1D(3, 2, padding="same"),
            lambda: keras.layers.Conv1D(3, 2),
        ),
        (
            lambda: keras.layers.ReLU(dtype="float32"),
            lambda: keras.layers.ReLU(dtype="mixed_bfloat16"),
        ),
    ],
    ids=["units", "padding", "dtype"],
)
def test_layers_that_differ_are_each_evaluated(backend, evaluations, first, second):
    x = keras.Input((4, 6))
    for make in (first, second, first):
        y, fresh = make()(x), make()
        alone = fresh(keras.random.normal((2, 4, 6)))
        assert y.shape == (None, *alone.shape[1:])
        assert y.dtype == keras.backend.standardize_dtype(alone.dtype)


def test_an_attribute_set_later_counts(backend, evaluations):
    layer = keras.layers.UpSampling1D(2)
    x = keras.Input((4, 6))
    assert layer(x).shape == (None, 8, 6)
    layer.size = 3
    assert layer(x).shape == (None, 12, 6)


def test_layers_of_the_user_are_evaluated_at_each_call(backend, evaluations):
    class Stretch(keras.Layer):
        factor = 1

        def call(self, x):
            return ops.repeat(x, Stretch.factor, axis=-1)

    x = keras.Input((6,))
    assert Stretch()(x).shape == (None, 6)
    Stretch.factor = 2
    assert Stretch()(x).shape == (None, 12)


def test_ops_are_remembered_by_their_arguments(backend, evaluations):
    x = keras.Input((4, 6))
    assert [ops.sum(x, axis).shape for axis in (1, 1, 2)] == [
        (None, 6),
        (None, 6),
        (None, 4),
    ]
    assert len(evaluations) == 2
    assert ops.sum(x, 1, keepdims=True).shape == (None, 1, 6)


def test_functions_of_the_user_inside_ops_are_evaluated_at_each_call(backend):
    size = 2
    x = keras.Input((4, 6), batch_size=5)

    def widen(row):
        return ops.repeat(row, size, axis=-1)

    assert ops.vectorized_map(widen, x).shape == (5, 4, 12)
    size = 3
    assert ops.vectorized_map(widen, x).shape == (5, 4, 18)


def test_a_failure_is_not_remembered(backend, evaluations):
    for _ in range(2):
        with pytest.raises(ValueError, match="reshape"):
            ops.reshape(keras.Input((5,), batch_size=2), (3, 4))
    assert len(evaluations) == 2


def ones(*shape):
    return keras.ops.ones(shape)


@pytest.mark.parametrize(
    ("function", "shapes", "expected"),
    [
        (ops.add, [(None, 4), (7, 4)], (7, 4)),
        (ops.add, [(None, None), (7, 4)], (7, 4)),
        (lambda x: x * ones(7, 1, 4), [(None, None, None)], (7, None, 4)),
        (lambda x, y: ops.concatenate([x, y], 1), [(None, 4), (7, 5)], (7, 9)),
        (lambda x: ops.broadcast_to(x, (7, 4)), [(None, 4)], (7, 4)),
        (lambda x: ops.matmul(x, ones(5, 6)), [(None, None)], (None, 6)),
        (lambda x: ops.einsum("abc,cd->abd", x, ones(5, 6)), [(None,) * 3], None),
        (lambda x: ops.einsum("abc,cd->abd", x, ones(5, 6)), [(None, 3, 5)], None),
    ],
)
def test_an_unknown_dimension_may_have_to_fit_a_known_one(
    backend, function, shapes, expected
):
    given = [keras.KerasTensor(shape) for shape in shapes]
    result = function(*given)
    assert result.shape == (expected or (*shapes[0][:2], 6))


@pytest.mark.parametrize("shape", [(7, 5), (None, 5)])
def test_what_no_size_fits_is_refused(backend, shape):
    with pytest.raises(ValueError, match="expected shapes that broadcast"):
        ops.add(keras.KerasTensor((None, 4)), keras.KerasTensor(shape))


class Unwritten(keras.layers.Layer):
    def call(self, x):
        raise NotImplementedError("to be written")


def test_what_a_layer_does_not_implement_is_said_as_it_is(backend):
    with pytest.raises(NotImplementedError, match="to be written"):
        Unwritten()(keras.Input((4,)))


def test_an_unknown_axis_is_taken_for_long(backend):
    # As in Keras 3: what is cut off after 30 steps has 30, and `Flatten` may follow.
    x = keras.KerasTensor((None, None, 4))
    assert x[:, :30].shape == (None, 30, 4)
    assert ops.max_pool(keras.KerasTensor((None, None, 1)), 300).shape == (
        None,
        None,
        1,
    )


@pytest.mark.parametrize(
    ("function", "shape", "expected"),
    [
        (lambda x: x[:, 1500:], (None, None, 3), (None, None, 3)),
        (lambda x: x[1500:], (None,), (None,)),
        (lambda x: x[:, 1500:1501], (None, None), (None, 1)),
        (lambda x: x[:, :0], (None, None, 3), (None, 0, 3)),
        (lambda x: ops.expand_dims(x, 1), (None, None), (None, 1, None)),
        (lambda x: ops.max_pool(x, 1500), (None, None, None, 3), (None,) * 3 + (3,)),
        (lambda x: ops.average_pool(x, 1500), (None, None, 3), (None, None, 3)),
        (lambda x: ops.max_pool(x, 100), (None,) * 4 + (3,), (None,) * 4 + (3,)),
        (lambda x: ops.conv(x, ones(2000, 3, 4)), (None, None, 3), (None, None, 4)),
        (
            lambda x: ops.conv(x, ones(200, 3, 4), dilation_rate=20),
            (None, None, 3),
            (None, None, 4),
        ),
        (lambda x: ops.split(x, 17, 1)[0], (None, None, 3), (None, None, 3)),
        (lambda x: ops.split(x, 2600, 1)[9], (None, None, 3), (None, None, 3)),
        (lambda x: ops.stft(x, 2048, 1024, 2048)[0], (None,) * 2, (None, None, 1025)),
        (
            lambda x: ops.stft(x, 8192, 512, 8192)[0],
            (None,) * 3,
            (None, None, None, 4097),
        ),
        (
            lambda x: ops.extract_sequences(x, 2048, 512),
            (None, None),
            (None, None, 2048),
        ),
        (
            lambda x: ops.image.crop_images(x, 0, 0, None, None, 1500, 1500),
            (None, None, None, 3),
            (None, 1500, 1500, 3),
        ),
    ],
)
def test_sizes_that_are_tried_are_no_limit(backend, function, shape, expected):
    assert function(keras.KerasTensor(shape)).shape == expected


class Late(keras.layers.Layer):
    def call(self, x):
        return ops.max(x[:, 2000:], axis=1, keepdims=True)


def test_nor_in_layers_that_hide_what_they_compute_with(backend):
    assert Late()(keras.KerasTensor((None, None, 3))).shape == (None, 1, 3)


class Loop(keras.layers.Layer):
    steps = 0

    def call(self, x):
        total = 0.0
        for i in range(x.shape[1]):
            Loop.steps += 1
            total = total + x[:, i]
        return ops.sum(total, -1, keepdims=True)


def test_loops_of_the_user_over_an_unknown_axis_stay_short(backend):
    Loop.steps = 0
    assert Loop()(keras.KerasTensor((None, None, 3))).shape == (None, 1)
    assert Loop.steps < 2000


class Misspelt(keras.layers.Layer):
    calls = 0

    def call(self, x):
        Misspelt.calls += 1
        return x + nothing  # noqa: F821


def test_what_is_wrong_for_all_sizes_is_tried_once(backend):
    Misspelt.calls = 0
    with pytest.raises(NameError, match="nothing"):
        Misspelt()(keras.KerasTensor((None, None, 3)))
    assert Misspelt.calls == 1


@pytest.mark.parametrize(
    ("function", "shapes", "words"),
    [
        (
            ops.dot_product_attention,
            [(None, None, 4, 8), (None, None, 3, 8), (None, None, 3, 8)],
            r"got query \(None, None, 4, 8\), key \(None, None, 3, 8\)",
        ),
        (
            ops.binary_crossentropy,
            [(None, 2), (None, 3)],
            r"got target of shape \(None, 2\) and output of shape \(None, 3\)",
        ),
    ],
)
def test_messages_name_symbolic_shapes(backend, function, shapes, words):
    with pytest.raises(ValueError, match=words):
        function(*map(keras.KerasTensor, shapes))
