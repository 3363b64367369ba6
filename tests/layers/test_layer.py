"""What every layer has from its base class."""

import copy
import warnings

import numpy as np
import pytest

import keras
from keras import layers, ops
from keras.backend import current
from keras.errors import ShapeError

X = np.linspace(-1, 1, 6, dtype="float32").reshape(2, 3)


def array(x):
    return np.asarray(ops.convert_to_numpy(x))


class Scale(keras.Layer):
    def __init__(self, factor=2.0, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor

    def build(self, input_shape):
        self.scale = self.add_weight(
            shape=input_shape[-1:], initializer="ones", name="s"
        )

    def call(self, x):
        return x * self.scale * self.factor


# Building.


def test_the_first_call_builds(backend):
    layer = Scale()
    assert not layer.built and layer.weights == []
    np.testing.assert_allclose(array(layer(X)), 2 * X)
    assert layer.built and [v.path for v in layer.weights] == ["scale/s"]
    first = layer.scale
    layer(X)
    assert layer.scale is first


def test_build_may_be_called_by_hand(backend):
    layer = Scale()
    layer.build((None, 3))
    assert layer.built
    assert layer.get_build_config() == {"input_shape": (None, 3)}
    again = Scale()
    again.build_from_config({"input_shape": [None, 3]})
    assert again.scale.shape == (3,)


def test_build_of_a_subclass_may_call_super(backend):
    class More(Scale):
        def build(self, input_shape):
            super().build(input_shape)
            self.extra = self.add_weight(shape=(), name="extra")

    layer = More()
    layer(X)
    assert [v.name for v in layer.weights] == ["s", "extra"]


def test_build_gets_the_shapes_of_several_arguments(backend):
    class Two(keras.Layer):
        def build(self, query_shape, value_shape):
            self.shapes = (query_shape, value_shape)

        def call(self, query, value):
            return query + value

    layer = Two()
    layer(X, value=X[:1])
    assert layer.shapes == ((2, 3), (1, 3))
    assert layer.get_build_config() == {
        "shapes_dict": {"query_shape": (2, 3), "value_shape": (1, 3)}
    }


def test_add_weight_takes_old_and_new_spellings():
    layer = keras.Layer()
    a = layer.add_weight(shape=(2, 3), initializer="zeros", name="a")
    b = layer.add_weight("b", (2,))
    c = layer.add_weight((4,), name="c")
    d = layer.add_weight(shape=3)
    e = layer.add_variable((1,), "ones")
    f = layer.add_weight(name="count", dtype="int32", trainable=False)
    assert [v.shape for v in (a, b, c, d, e, f)] == [(2, 3), (2,), (4,), (3,), (1,), ()]
    assert (b.name, d.name, f.dtype) == ("b", "variable", "int32")
    assert not a.numpy().any() and f.numpy() == 0 and b.numpy().any()
    assert layer.weights[-1] is f


def test_add_weight_refuses_unknown_dimensions():
    with pytest.raises(ValueError, match=r"\(None, 3\); expected known ints"):
        keras.Layer().add_weight(shape=(None, 3), name="kernel")


def test_weights_come_trainable_first_then_those_of_sublayers(backend):
    class Holder(keras.Layer):
        def __init__(self):
            super().__init__()
            self.inner = layers.BatchNormalization()
            self.moving = self.add_weight(shape=(), trainable=False, name="moving")
            self.scale = self.add_weight(shape=(), name="scale")

        def call(self, x):
            return self.inner(x)

    layer = Holder()
    layer(X)
    names = [v.name for v in layer.weights]
    assert names == [
        "scale",
        "moving",
        "gamma",
        "beta",
        "moving_mean",
        "moving_variance",
    ]
    assert [v.name for v in layer.trainable_weights] == ["scale", "gamma", "beta"]
    assert [v.name for v in layer.non_trainable_weights] == [
        "moving",
        "moving_mean",
        "moving_variance",
    ]


def test_sublayers_are_found_in_lists_dicts_and_when_appended_later(backend):
    class Holder(keras.Layer):
        def __init__(self):
            super().__init__()
            self.stack = [layers.Dense(3, name="first")]
            self.table = {
                "a": layers.Dense(3, name="second"),
                "b": [(layers.Dense(3),)],
            }

        def call(self, x):
            for layer in [*self.stack, self.table["a"], self.table["b"][0][0]]:
                x = layer(x)
            return x

    holder = Holder()
    holder(X)
    assert len(holder.weights) == 6
    holder.stack.append(layers.Dense(3, name="late"))
    holder.table["c"] = layers.Dense(3, name="later")
    holder(X)
    assert len(holder.weights) == 8  # "later" is not built: `call` does not use it
    holder.table["c"].build((None, 3))
    assert len(holder.weights) == 10
    holder.stack[1] = None
    del holder.table["c"]
    holder.table = dict(holder.table)
    assert len(holder.weights) == 6


def test_a_variable_or_layer_found_twice_counts_once(backend):
    class Holder(keras.Layer):
        def __init__(self):
            super().__init__()
            self.a = self.b = layers.Dense(3)
            self.both = [self.a]

        def call(self, x):
            return self.b(self.a(x))

    holder = Holder()
    holder(X)
    assert len(holder.weights) == 2


def test_attributes_before_super_init_are_refused():
    class Early(keras.Layer):
        def __init__(self):
            self.inner = layers.Dense(1)
            super().__init__()

    with pytest.raises(RuntimeError, match=r"'inner'.*super\(\)\.__init__\(\)"):
        Early()


# Freezing.


def test_freezing_reaches_all_layers_inside(trainable_backend):
    model = keras.Sequential(
        [keras.Input((3,)), layers.Dense(2), layers.BatchNormalization()]
    )
    assert len(model.trainable_weights) == 4
    model.layers[0].trainable = False
    assert len(model.trainable_weights) == 2
    model.trainable = False
    assert model.trainable_weights == []
    assert not any(v.trainable for v in model.weights)
    model.trainable = True
    assert len(model.trainable_weights) == 4  # not the moving mean and variance
    assert len(model.non_trainable_weights) == 2


def test_a_frozen_layer_is_built_frozen(backend):
    layer = layers.Dense(2, trainable=False)
    layer(X)
    assert layer.trainable_weights == [] and len(layer.weights) == 2
    layer.trainable = True
    assert len(layer.trainable_weights) == 2


def test_a_frozen_batch_normalization_uses_and_keeps_its_moments(backend):
    layer = layers.BatchNormalization()
    layer.build((None, 3))
    layer.trainable = False
    np.testing.assert_allclose(array(layer(X, training=True)), X, atol=1e-3)
    assert not layer.moving_mean.numpy().any()


def test_training_leaves_frozen_weights_alone(trainable_backend):
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2), layers.Dense(1)])
    model.layers[0].trainable = False
    before = model.get_weights()
    model.compile("sgd", "mse")
    model.fit(X, np.ones((2, 1)), verbose=0)
    changed = [
        not np.array_equal(a, b)
        for a, b in zip(before, model.get_weights(), strict=True)
    ]
    assert changed == [False, False, True, True]
    model.layers[0].trainable = True
    model.compile("sgd", "mse")
    model.fit(X, np.ones((2, 1)), verbose=0)
    assert not np.array_equal(before[0], model.get_weights()[0])


# Losses.


def test_losses_of_the_last_call_and_penalties(backend):
    class Extra(keras.Layer):
        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(
                1,
                kernel_initializer="ones",
                kernel_regularizer=keras.regularizers.L2(0.5),
            )

        def call(self, x):
            self.add_loss(ops.sum(x))
            return self.dense(x)

    layer = Extra()
    for _ in range(2):  # the losses of the first call do not pile up
        layer(np.ones((2, 3), "float32"))
        assert sorted(float(array(loss)) for loss in layer.losses) == [1.5, 6.0]
    layer.dense.trainable = False
    assert [float(array(loss)) for loss in layer.losses] == [6.0]


def test_an_activity_regularizer_counts_per_sample(backend):
    layer = layers.Dense(
        1, kernel_initializer="ones", activity_regularizer=keras.regularizers.L1(0.1)
    )
    layer(np.ones((4, 3), "float32"))
    np.testing.assert_allclose(array(layer.losses[0]), 0.3, rtol=1e-6)
    other = layers.ActivityRegularization(l2=1.0)
    other(np.ones((4, 3), "float32"))
    np.testing.assert_allclose(array(other.losses[0]), 3.0, rtol=1e-6)


def test_added_losses_are_trained(trainable_backend):
    class Push(keras.Layer):
        def build(self, shape):
            self.w = self.add_weight(shape=(), initializer="zeros", name="w")

        def call(self, x):
            self.add_loss((self.w - 3.0) ** 2)
            return x

    model = keras.Sequential([keras.Input((3,)), Push()])
    model.compile(keras.optimizers.SGD(0.5))
    history = model.fit(X, epochs=1, verbose=0)
    assert history.history["loss"] == [9.0]
    assert model.weights[0].numpy() == 3.0


# Masks and `training`.


class Seen(keras.Layer):
    """Keeps what its call was given."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True
        self.given = []

    def call(self, x, training=None, mask=None):
        self.given.append((training, mask))
        return x

    @property
    def seen(self):
        return [(t, None if m is None else array(m).tolist()) for t, m in self.given]


IDS = np.array([[1, 2, 0], [3, 0, 0]])
MASK = [[True, True, False], [True, False, False]]


def test_masks_travel_from_embedding_through_layers_and_ops(backend):
    first, second = Seen(), Seen()
    x = layers.Embedding(5, 2, mask_zero=True)(IDS)
    y = second(ops.relu(ops.multiply(first(x), 2)))
    assert first.seen == [(None, MASK)] and second.seen == [(None, MASK)]
    assert array(keras.core.masks.get_mask(y)).tolist() == MASK


def test_masks_travel_in_models(backend):
    seen = Seen()
    x = keras.Input((3,), dtype="int32")
    y = layers.Dropout(0.5)(layers.Embedding(5, 2, mask_zero=True)(x))
    model = keras.Model(x, seen(ops.relu(y * 2) + 1))
    seen.given.clear()
    model(IDS)
    assert seen.seen == [(None, MASK)]
    seen.given.clear()
    model.predict(IDS, verbose=0)
    if backend != "jax":  # there it is traced
        assert seen.seen[-1] == (False, MASK)


def test_a_mask_given_by_hand_wins(backend):
    seen = Seen()
    other = np.ones((2, 3), bool)
    seen(layers.Embedding(5, 2, mask_zero=True)(IDS), mask=other)
    assert seen.seen == [(None, other.tolist())]


def test_a_layer_that_ignores_a_mask_says_so_once(backend):
    layer = Scale(name="deaf")
    x = layers.Embedding(5, 2, mask_zero=True)(IDS)
    with pytest.warns(
        UserWarning, match='"deaf".*does not use.*supports_masking = True'
    ):
        layer(x)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        y = layer(x)
    assert keras.core.masks.get_mask(y) is None


class Outer(keras.Layer):
    def __init__(self, pass_on=None):
        super().__init__()
        self.inner = Seen()
        self.pass_on = pass_on

    def call(self, x, training=None):
        if self.pass_on is not None:
            return self.inner(x, training=self.pass_on)
        return self.inner(x)


@pytest.mark.parametrize(
    "pass_on, given, expected",
    [
        (None, None, None),
        (None, True, True),  # of the outer layer
        (None, False, False),
        (False, True, False),  # by argument, before the outer one
        (True, None, True),
    ],
)
def test_training_is_the_argument_then_that_of_the_outer_layer(
    backend, pass_on, given, expected
):
    outer = Outer(pass_on)
    outer(X, training=given)
    assert outer.inner.seen == [(expected, None)]


def test_training_by_position_and_by_default(backend):
    class Noisy(keras.Layer):
        def call(self, x, training=True):
            return x + 1.0 if training else x

    noisy = Noisy()
    np.testing.assert_allclose(array(noisy(X)), X + 1)
    np.testing.assert_allclose(array(noisy(X, False)), X)
    np.testing.assert_allclose(array(noisy(X, training=False)), X)
    model = keras.Sequential([keras.Input((3,)), noisy])
    np.testing.assert_allclose(model.predict(X, verbose=0), X)


def test_training_does_not_outlive_a_call(backend):
    outer = Outer()
    outer(X, training=True)
    outer(X)
    assert [t for t, _ in outer.inner.seen] == [True, None]


# Shapes and symbols.


def test_shapes_of_outputs_without_values(backend):
    class Pair(keras.Layer):
        def call(self, x):
            return {"sum": ops.sum(x, axis=-1), "id": ops.cast(x, "int32")}

    layer = Pair()
    out = layer(keras.Input((4, 3)))
    assert (out["sum"].shape, out["id"].shape) == ((None, 4), (None, 4, 3))
    assert out["id"].dtype == "int32"
    assert layer.compute_output_shape((None, 4, 3)) == {
        "sum": (None, 4),
        "id": (None, 4, 3),
    }
    assert layers.Dense(7).compute_output_shape((None, 2)) == (None, 7)
    assert Scale().compute_output_shape((5, 3)) == (5, 3)


def test_a_compute_output_shape_of_ones_own_is_used(backend):
    class Odd(keras.Layer):
        def call(self, x):
            raise RuntimeError("not for symbols")

        def compute_output_shape(self, input_shape):
            return (*input_shape[:-1], 9)

    assert Odd()(keras.Input((4, 3))).shape == (None, 4, 9)


def test_stateless_call_changes_nothing(backend):
    layer = layers.BatchNormalization(momentum=0.5)
    layer.build((None, 3))
    before = layer.get_weights()
    trainable = [ops.ones((3,)) * 2, ops.ones((3,))]
    others = [v.value for v in layer.non_trainable_variables]
    y, new = layer.stateless_call(trainable, others, X, training=True)
    for a, b in zip(before, layer.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    np.testing.assert_allclose(array(new[0]), X.mean(0) / 2, rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(array(y).mean(0), np.ones(3), atol=1e-5)
    _, _, losses = layer.stateless_call(trainable, others, X, return_losses=True)
    assert losses == []


def test_stateless_call_is_checked():
    layer = layers.Dense(1)
    with pytest.raises(ValueError, match="not built"):
        layer.stateless_call([], [], X)
    layer.build((None, 3))
    with pytest.raises(
        ValueError, match="got 0 values for trainable_variables; expected 2"
    ):
        layer.stateless_call([], [], X)


def test_an_error_inside_call_names_the_layer_and_the_shapes(backend):
    class Bad(keras.Layer):
        def call(self, x):
            return ops.matmul(x, x)

    with pytest.raises(Exception) as caught:
        Bad(name="culprit")(X)
    text = " ".join([str(caught.value), *getattr(caught.value, "__notes__", ())])
    assert "culprit" in text and "(2, 3) float32" in text


def test_a_layer_without_call_says_so():
    with pytest.raises(NotImplementedError, match="Layer has no call method"):
        keras.Layer()(X)


# Configuration.


@keras.saving.register_keras_serializable("test_layer")
class Configured(keras.Layer):
    def __init__(self, units, activation="relu", *, sizes=(1, 2), inner=None, **kwargs):
        super().__init__(**kwargs)
        self.n = units  # under another name: the arguments count
        self.inner = inner

    def call(self, x):
        return x


def test_the_config_comes_from_the_constructor():
    layer = Configured(
        3, sizes=(4, 5), inner=layers.Dense(2), name="c", dtype="float16"
    )
    config = layer.get_config()
    assert config["units"] == 3 and config["activation"] == "relu"
    assert list(config["sizes"]) == [4, 5]
    assert config["name"] == "c" and config["trainable"] is True
    again = Configured.from_config(config)
    assert (again.n, again.name, again.compute_dtype) == (3, "c", "float16")
    assert isinstance(again.inner, layers.Dense) and again.inner.units == 2
    whole = keras.saving.deserialize_keras_object(
        keras.saving.serialize_keras_object(layer)
    )
    assert whole.inner.get_config() == again.inner.get_config()
    assert whole.n == 3


def test_a_get_config_of_ones_own_is_used():
    class Own(Scale):
        def get_config(self):
            return {**super().get_config(), "factor": 7.0}

    assert Own.from_config(Own().get_config()).factor == 7.0


def test_a_constructor_with_star_args_needs_a_get_config():
    class Star(keras.Layer):
        def __init__(self, *sizes):
            super().__init__()

    with pytest.raises(NotImplementedError, match="Define get_config"):
        Star(1, 2).get_config()


def test_unknown_arguments_name_the_nearest():
    with pytest.raises(TypeError, match=r"'activaton'.*Did you mean 'activation'"):
        layers.Dense(2, activaton="relu")
    with pytest.raises(TypeError, match="unknown argument 'zzz'"):
        layers.Dense(2, zzz=1)


def test_weights_may_be_given_to_the_constructor(backend):
    kernel = np.arange(6, dtype="float32").reshape(3, 2)
    layer = layers.Dense(2, weights=[kernel, np.ones(2)])
    np.testing.assert_allclose(array(layer(X)), X @ kernel + 1, rtol=1e-5)
    model = keras.Sequential(
        [keras.Input((3,)), layers.Dense(2, weights=[kernel, np.zeros(2)])]
    )
    np.testing.assert_allclose(model.get_weights()[0], kernel)


def test_get_and_set_weights(backend):
    layer = layers.Dense(2)
    layer.build((None, 3))
    new = [np.ones((3, 2)), np.zeros(2)]
    layer.set_weights(new)
    np.testing.assert_array_equal(layer.get_weights()[0], new[0])
    assert layer.count_params() == 8
    with pytest.raises(ValueError, match="got 1 arrays; expected 2"):
        layer.set_weights(new[:1])
    with pytest.raises(ShapeError, match=r"array 1 for 'dense/bias' has shape \(3,\)"):
        layer.set_weights([np.zeros((3, 2)), np.zeros(3)])
    np.testing.assert_array_equal(layer.get_weights()[0], new[0])
    with pytest.raises(ValueError, match="no weights yet"):
        layers.Dense(2).count_params()


def test_a_copy_has_weights_of_its_own(backend):
    layer = layers.Dense(2)
    layer(X)
    other = copy.deepcopy(layer)
    other.set_weights([np.ones((3, 2)), np.ones(2)])
    assert not np.array_equal(layer.get_weights()[0], other.get_weights()[0])
    np.testing.assert_allclose(
        array(other(X)), X.sum(1, keepdims=True) + np.ones(2), rtol=1e-5
    )


def test_jax_arrays_and_lists_are_taken_by_any_engine(backend):
    layer = layers.Dense(1, kernel_initializer="ones")
    assert current.engine.is_tensor(layer(X.astype("float64")))
    assert current.engine.dtype(layer(X.astype("float64"))) == "float32"


def test_another_convolution_op_takes_the_place_of_the_layers_own(backend):
    class Twice(layers.Conv2D):
        def convolution_op(self, inputs, kernel):
            return 2 * super().convolution_op(inputs, kernel)

    x = np.ones((1, 3, 3, 2), "float32")
    layer = Twice(1, 2, kernel_initializer="ones", bias_initializer="ones")
    np.testing.assert_array_equal(
        ops.convert_to_numpy(ops.stop_gradient(layer(x))), np.full((1, 2, 2, 1), 17)
    )
