import copy
import pickle

import numpy as np
import pytest

import keras
from keras import ops
from keras.backend import current
from keras.errors import ShapeError


def values(v):
    return v.numpy().tolist()


def test_values_come_from_arrays_lists_scalars_and_initializers(backend):
    assert values(keras.Variable([[1, 2]])) == [[1, 2]]
    assert values(keras.Variable(3.0)) == 3.0
    assert values(keras.Variable(np.ones(2))) == [1, 1]
    assert values(keras.Variable(ops.ones((2,)))) == [1, 1]
    assert values(keras.Variable(keras.Variable([4.0]))) == [4.0]
    assert values(keras.Variable(keras.initializers.Ones(), shape=(2, 1))) == [[1], [1]]
    made = keras.Variable(lambda shape, dtype: ops.full(shape, 7, dtype), shape=(2,))
    assert values(made) == [7, 7]
    assert made.dtype == "float32"


@pytest.mark.parametrize(
    "value, dtype, expected",
    [
        (1.0, None, "float32"),
        (1, None, "int32"),
        (True, None, "bool"),
        ([1.0], None, "float32"),
        (np.ones(1, "float64"), None, "float64"),
        (np.ones(1, "int8"), None, "int8"),
        (np.ones(1), "bfloat16", "bfloat16"),
        ([1, 2], "float16", "float16"),
    ],
)
def test_dtypes_are_those_given_or_of_the_value(backend, value, dtype, expected):
    v = keras.Variable(value, dtype=dtype)
    assert v.dtype == expected == current.engine.dtype(v.value)


def test_floatx_is_the_dtype_of_python_floats(backend):
    keras.config.set_floatx("float16")
    try:
        assert keras.Variable(1.0).dtype == "float16"
        assert keras.Variable([1.0]).dtype == "float16"
        assert keras.Variable(keras.initializers.Ones(), shape=()).dtype == "float16"
    finally:
        keras.config.set_floatx("float32")


def test_assignment_keeps_dtype_and_returns_the_value(backend):
    v = keras.Variable([1.0, 2.0])
    result = v.assign(np.array([3, 4]))
    assert current.engine.is_tensor(result)
    assert values(v) == [3, 4]
    assert v.dtype == "float32"
    v.assign_add([1.0, 1.0])
    v.assign_sub(ops.ones((2,)))
    v.assign_add(2)
    v.assign_sub(keras.Variable([1.0, 0.0]))
    v.assign_add(np.ones(2))
    assert values(v) == [5, 7]
    assert v.dtype == "float32"


def test_counters_keep_their_dtype(backend):
    count = keras.Variable(0, dtype="int64", trainable=False)
    mean = keras.Variable([0.0, 1.0], trainable=False)
    count.assign_add(2)
    count.assign_add(1.5)
    mean.assign_add(1)
    mean.assign_add(0.5)
    assert (int(values(count)), count.value.shape) == (3, ())
    assert values(mean) == [1.5, 2.5]
    assert [ops.dtype(v.value) for v in (count, mean)] == ["int64", "float32"]


def test_assignment_of_another_shape_is_an_error_that_names_the_variable(backend):
    v = keras.Variable([1.0, 2.0], name="scale")
    with pytest.raises(ShapeError, match=r"'scale'.*shape \(3,\); expected \(2,\)"):
        v.assign([1.0, 2.0, 3.0])
    assert values(v) == [1, 2]


def test_numpy_gives_a_copy(backend):
    v = keras.Variable([1.0])
    before = v.numpy()
    v.assign([2.0])
    assert before[0] == 1
    v.numpy()[0] = 9
    assert values(v) == [2]


def test_variables_do_not_share_memory_with_what_they_came_from(backend):
    array = np.ones(2, "float32")
    v = keras.Variable(array)
    array[0] = 5
    assert values(v) == [1, 1]
    source = np.zeros(2, "float32")
    v.assign(source)
    source[0] = 5
    assert values(v) == [0, 0]
    other = keras.Variable(v)
    other.assign_add([1.0, 1.0])
    assert values(v) == [0, 0]
    v.assign(other)
    other.assign([8.0, 8.0])
    assert values(v) == [1, 1]
    frozen = keras.Variable([0.0, 0.0], trainable=False)
    frozen.assign(other)
    other.assign([9.0, 9.0])
    assert values(frozen) == [8, 8]
    frozen.assign(source)
    source[0] = 6
    assert values(frozen) == [5, 0]


def test_training_leaves_tensors_that_were_assigned_to_variables(trainable_backend):
    first = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    second = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    kernel = ops.ones((2, 1))
    first.weights[0].assign(kernel)
    second.weights[0].assign(first.weights[0])
    first.compile("sgd", "mse")
    first.fit(np.ones((4, 2)), np.zeros((4, 1)), epochs=2, batch_size=2, verbose=0)
    assert ops.convert_to_numpy(kernel).tolist() == [[1], [1]]
    assert second.weights[0].numpy().tolist() == [[1], [1]]
    assert first.weights[0].numpy().tolist() != [[1], [1]]


def test_shape_is_needed_with_an_initializer():
    with pytest.raises(ValueError, match="shape=None; expected known ints"):
        keras.Variable(keras.initializers.Ones())
    with pytest.raises(ValueError, match=r"shape=\(None, 2\)"):
        keras.Variable(keras.initializers.Ones(), shape=(None, 2))
    with pytest.raises(ShapeError, match=r"shape \(2,\) and shape=\(3,\)"):
        keras.Variable([1.0, 2.0], shape=(3,))


def test_names_and_paths():
    assert keras.Variable(1.0).name == "variable"
    assert keras.Variable(1.0).name == "variable_1"
    with keras.name_scope("outer"), keras.name_scope("inner"):
        v = keras.Variable(1.0, name="kernel")
    assert (v.name, v.path) == ("kernel", "outer/inner/kernel")
    with pytest.raises(ValueError, match=r"'a/b'.*no '/'"):
        keras.Variable(1.0, name="a/b")


def test_unknown_arguments_are_refused():
    with pytest.raises(TypeError, match="unknown arguments trainble"):
        keras.Variable(1.0, trainble=False)


def test_trainable_can_be_changed(trainable_backend):
    v = keras.Variable([1.0])
    assert v.trainable
    v.trainable = False
    assert not v.trainable
    assert values(v) == [1]
    v.trainable = True
    v.assign([2.0])
    assert values(v) == [2]


def test_a_torch_value_needs_a_gradient_where_it_is_trainable():
    torch = pytest.importorskip("torch")
    keras.config.set_backend("torch")
    v = keras.Variable([1.0, 2.0])
    assert isinstance(v.value, torch.nn.Parameter)
    assert v.value.requires_grad
    (v * 3).sum().backward()
    assert v.value.grad.tolist() == [3, 3]
    same = v.value
    v.assign([5.0, 6.0])
    assert v.value is same  # optimizers of torch hold on to it
    v.trainable = False
    assert not v.value.requires_grad
    assert torch.sum(v).item() == 11


def test_variables_are_read_in_the_dtype_of_the_scope_around(backend):
    from keras.core import scopes

    v = keras.Variable([1.0])
    fixed = keras.Variable([1.0], autocast=False)
    count = keras.Variable([1])
    with scopes.autocast("bfloat16"):
        assert current.engine.dtype(v.value) == v.dtype == "bfloat16"
        assert fixed.dtype == "float32"
        assert count.dtype == "int32"
        v.assign_add([1 / 512])
    assert v.dtype == "float32"
    assert values(v) == [1 + 1 / 512]  # not rounded to bfloat16 on the way


def test_constraints_and_regularizers_are_attributes():
    v = keras.Variable([1.0])
    assert v.constraint is None and v.regularizer is None
    v.constraint = keras.constraints.NonNeg()
    assert isinstance(v.constraint, keras.constraints.NonNeg)


@pytest.mark.parametrize(
    "again", [copy.deepcopy, lambda v: pickle.loads(pickle.dumps(v))]
)
def test_copies_and_pickles_stand_for_themselves(backend, again):
    v = keras.Variable([1.0, 2.0], name="a", trainable=False, dtype="bfloat16")
    other = again(v)
    assert (other.path, other.dtype, other.trainable) == ("a", "bfloat16", False)
    other.assign([3.0, 4.0])
    assert values(v) == [1, 2]
    assert values(other) == [3, 4]


def test_a_pickle_from_one_engine_is_read_on_another(backend):
    keras.config.set_backend("torch")
    data = pickle.dumps(keras.Variable([1.0]))
    keras.config.set_backend(backend)
    v = pickle.loads(data)
    assert current.engine.is_tensor(v.value)
    assert values(v) == [1]


def test_python_and_numpy_take_variables(backend):
    v = keras.Variable([[1.0, 2.0]])
    assert len(v) == 1
    assert np.asarray(v).tolist() == [[1, 2]]
    assert np.asarray(v, dtype="int32").dtype == np.int32
    assert (float(keras.Variable(2.5)), int(keras.Variable(3))) == (2.5, 3)
    assert bool(keras.Variable(1.0)) and not keras.Variable(0)
    assert [r.shape[0] for r in v] == [2]
    for result in (v + 1, 1 + v, v * v, v @ ops.ones((2, 1)), -v, v[0], v / 2, 2 - v):
        assert current.engine.is_tensor(result)
    assert ops.convert_to_numpy(np.array([[1.0, 1.0]], "float32") * v).tolist() == [
        [1, 2]
    ]
    assert bool(ops.all((v > 0) & (v < 3)))
    assert "path=variable" in repr(v) and "shape=(1, 2)" in repr(v)


def test_a_stateless_scope_holds_writes_back(backend):
    v = keras.Variable([1.0])
    w = keras.Variable([10.0])
    with keras.StatelessScope([(v, ops.ones((1,)) * 5)]) as scope:
        assert values(v) == [5]
        w.assign(v + w)
        assert values(w) == [15]
        with keras.StatelessScope() as inner:
            assert values(w) == [15]
            v.assign([0.0])
        assert values(v) == [5]
    assert (values(v), values(w)) == ([1], [10])
    assert np.asarray(ops.convert_to_numpy(scope.get_current_value(w))).tolist() == [15]
    assert [u is w for u, _ in scope.updates] == [True]
    assert [u is v for u, _ in inner.updates] == [True]
    assert keras.StatelessScope().get_current_value(v) is None


def test_a_stateless_scope_refuses_values_of_another_shape():
    v = keras.Variable([1.0])
    with pytest.raises(ShapeError, match="expected \\(1,\\)"):
        keras.StatelessScope([(v, np.ones(2))])


def test_variables_made_inside_a_stateless_scope_are_real(backend):
    with keras.StatelessScope():
        v = keras.Variable([1.0])
    assert values(v) == [1]
