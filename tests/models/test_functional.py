import json

import numpy as np
import pytest

import keras
from keras import layers, ops
from keras.errors import ShapeError, UnknownNameError

X = np.linspace(-1, 1, 12, dtype="float32").reshape(4, 3)


def array(x):
    return np.asarray(ops.convert_to_numpy(x))


def again(model):
    """The model made anew from its JSON, with the same weights."""
    other = keras.models.model_from_json(model.to_json())
    other.set_weights(model.get_weights())
    return other


def test_a_graph_is_what_its_layers_compute(backend):
    x = keras.Input((3,))
    first, second = layers.Dense(4, activation="relu"), layers.Dense(2)
    model = keras.Model(x, second(first(x)))
    h = np.maximum(X @ first.kernel.numpy() + first.bias.numpy(), 0)
    expected = h @ second.kernel.numpy() + second.bias.numpy()
    np.testing.assert_allclose(array(model(X)), expected, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(
        model.predict(X, verbose=0), expected, rtol=1e-4, atol=1e-6
    )
    np.testing.assert_allclose(array(again(model)(X)), expected, rtol=1e-4, atol=1e-6)


def test_shared_layers_have_one_set_of_weights(backend):
    a, b = keras.Input((3,), name="a"), keras.Input((3,), name="b")
    shared = layers.Dense(2)
    model = keras.Model([a, b], layers.Subtract()([shared(a), shared(b)]))
    assert len(model.weights) == 2
    assert not array(model([X, X])).any()
    np.testing.assert_allclose(
        array(model([X, -X])), 2 * X @ shared.kernel.numpy(), rtol=1e-5, atol=1e-6
    )
    np.testing.assert_allclose(array(again(model)([X, -X])), array(model([X, -X])))


def test_inputs_as_lists_dicts_and_by_name(backend):
    a, b = keras.Input((3,), name="a"), keras.Input((1,), name="b")
    y = layers.Concatenate()([a, b])
    expected = np.concatenate([X, X[:, :1]], 1)
    as_list = keras.Model([a, b], y)
    as_dict = keras.Model({"b": b, "a": a}, y)
    for model in (as_list, as_dict, again(as_list), again(as_dict)):
        for given in ({"a": X, "b": X[:, :1]}, {"b": X[:, :1], "a": X}):
            np.testing.assert_array_equal(array(model(given)), expected)
            np.testing.assert_array_equal(model.predict(given, verbose=0), expected)
    np.testing.assert_array_equal(array(as_list([X, X[:, :1]])), expected)
    np.testing.assert_array_equal(array(as_list((X, X[:, :1]))), expected)
    # What no input asks for is left out.
    more = {"a": X, "b": X[:, :1], "c": X}
    np.testing.assert_array_equal(array(as_dict(more)), expected)


def test_outputs_as_lists_and_dicts(backend):
    x = keras.Input((3,))
    double, first = x * 2, x[:, 0]
    as_list = keras.Model(x, [double, first])
    as_dict = keras.Model(x, {"double": double, "nested": [first, {"again": double}]})
    for model in (as_list, again(as_list)):
        out = model(X)
        assert isinstance(out, list)
        np.testing.assert_array_equal(array(out[0]), 2 * X)
        np.testing.assert_array_equal(array(out[1]), X[:, 0])
    for model in (as_dict, again(as_dict)):
        out = model.predict(X, verbose=0)
        assert sorted(out) == ["double", "nested"]
        np.testing.assert_array_equal(out["nested"][1]["again"], 2 * X)
    assert as_list.output_shape == [(None, 3), (None,)]


def test_an_input_may_be_an_output(backend):
    x = keras.Input((3,))
    model = keras.Model(x, [x, layers.ReLU()(x)])
    np.testing.assert_array_equal(array(model(X)[0]), X)


def test_models_inside_models(backend):
    inner_in = keras.Input((3,))
    inner = keras.Model(inner_in, layers.Dense(3)(inner_in), name="inner")
    x = keras.Input((3,))
    model = keras.Model(x, inner(inner(x)))
    assert len(model.weights) == 2
    twice = inner(inner(X))
    np.testing.assert_allclose(array(model(X)), array(twice), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(
        array(again(model)(X)), array(twice), rtol=1e-5, atol=1e-6
    )


def test_part_of_a_graph_is_a_model_too(backend):
    x = keras.Input((3,))
    hidden = layers.Dense(4, name="hidden")(x)
    model = keras.Model(x, layers.Dense(1, name="last")(hidden))
    front = keras.Model(model.inputs, model.get_layer("hidden").output)
    back = keras.Model(hidden, model.output)
    assert front(X).shape == (4, 4)
    assert [layer.name for layer in back.layers][-1] == "last"
    np.testing.assert_allclose(
        array(back(front(X))), array(model(X)), rtol=1e-5, atol=1e-6
    )
    assert front.weights[0] is model.weights[0]


def test_ops_and_constants_stand_in_graphs(backend):
    x = keras.Input((3,))
    weights = np.arange(6, dtype="float32").reshape(3, 2)
    y = ops.concatenate(
        [ops.matmul(x, weights), x[:, 1:], ops.maximum(1.0 - x, 0.5)], 1
    )
    model = keras.Model(x, y / 2)
    expected = np.concatenate([X @ weights, X[:, 1:], np.maximum(1 - X, 0.5)], 1) / 2
    np.testing.assert_allclose(array(model(X)), expected, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(array(again(model)(X)), expected, rtol=1e-5, atol=1e-6)


def test_arguments_of_a_call_are_kept(backend):
    x = keras.Input((3,))
    noisy = layers.Dropout(0.9999)(x, training=True)
    for model in (keras.Model(x, noisy), again(keras.Model(x, noisy))):
        assert not array(model(X)).any()
        assert not model.predict(X, verbose=0).any()


def test_a_model_frozen_by_training_false_stays_so_in_training(trainable_backend):
    base = keras.Sequential([keras.Input((3,)), layers.BatchNormalization()])
    x = keras.Input((3,))
    model = keras.Model(x, layers.Dense(1)(base(x, training=False)))
    for frozen in (model, again(model)):
        frozen.compile("sgd", "mse")
        frozen.fit(X, X[:, :1], verbose=0)
        assert not frozen.layers[1].layers[-1].moving_mean.numpy().any()
    active = keras.Model(x, base(x))
    active.compile("sgd", "mse")
    active.fit(X, X, verbose=0)
    assert base.layers[0].moving_mean.numpy().any()


def test_the_training_that_keras_3_writes_where_none_was_given_is_left_open(backend):
    x = keras.Input((3,))
    config = keras.Model(x, layers.Dropout(0.9999)(x)).get_config()
    config["layers"][1]["inbound_nodes"][0]["kwargs"] = {"training": False}
    model = keras.Model.from_config(config)
    assert not array(model(X, training=True)).any()
    assert array(model(X)).any()


def test_masks_pass_through_graphs(backend):
    x = keras.Input((3,), dtype="int32")
    h = layers.Embedding(5, 2, mask_zero=True)(x)
    model = keras.Model(x, layers.GlobalAveragePooling1D()(h))
    ids = np.array([[1, 2, 0]])
    table = model.weights[0].numpy()
    for each in (model, again(model)):
        np.testing.assert_allclose(
            array(each(ids)), table[[1, 2]].mean(0, keepdims=True), rtol=1e-5
        )


def test_masks_of_the_input_of_a_model_are_used(backend):
    x = keras.Input((3, 2))
    model = keras.Model(x, layers.GlobalAveragePooling1D()(x))
    data = np.arange(6, dtype="float32").reshape(1, 3, 2)
    masked = layers.Masking(0.0)(np.concatenate([data[:, 1:], 0 * data[:, :1]], 1))
    np.testing.assert_allclose(array(model(masked)), [[3, 4]])
    given = model(data, mask=np.array([[True, False, False]]))
    np.testing.assert_allclose(array(given), [[0, 1]])


def test_missing_trailing_dimensions_of_one_are_added_and_removed(backend):
    x = keras.Input((1,))
    assert keras.Model(x, x * 1)(X[:, 0]).shape == (4, 1)
    y = keras.Input(())
    assert keras.Model(y, y * 1)(X[:, :1]).shape == (4,)


def test_inputs_are_cast_to_the_dtype_of_the_input(backend):
    x = keras.Input((3,), dtype="int32")
    np.testing.assert_array_equal(
        array(keras.Model(x, x + 0)(np.array([[1.0, 2.0, 3.0]]))), [[1, 2, 3]]
    )


def test_a_subclass_may_be_made_from_a_graph(backend):
    class Mine(keras.Model):
        def __init__(self, units, **kwargs):
            x = keras.Input((3,))
            super().__init__(inputs=x, outputs=layers.Dense(units)(x), **kwargs)
            self.units = units

        def extra(self):
            return self.units

    model = Mine(5, name="mine")
    assert model.extra() == 5 and model.name == "mine"
    assert model(X).shape == (4, 5)
    assert isinstance(model, Mine)


def test_mistakes_in_graphs_are_explained():
    a, b = keras.Input((3,), name="a"), keras.Input((3,), name="b")
    with pytest.raises(ValueError, match=r"depend on the input 'b'.*Add it to inputs"):
        keras.Model(a, a + b)
    with pytest.raises(ValueError, match=r"Model\(inputs=...\): got ndarray"):
        keras.Model(X, a)
    with pytest.raises(ValueError, match=r"comes from no layer and no keras\.Input"):
        keras.Model(keras.KerasTensor((None, 3)), a)
    y = layers.Dense(1, name="d")(layers.Dense(1, name="d")(a))
    with pytest.raises(ValueError, match="two layers have the name 'd'"):
        keras.Model(a, y)


def test_mistakes_in_calls_are_explained(backend):
    a, b = keras.Input((3,), name="a"), keras.Input((3,), name="b")
    model = keras.Model([a, b], a + b, name="net")
    with pytest.raises(ShapeError, match=r'"net": got 1 inputs; expected 2 \(a, b\)'):
        model([X])
    with pytest.raises(ShapeError, match=r"keys \['a'\]; expected the names.*a, b"):
        model({"a": X})
    with pytest.raises(ShapeError, match=r'"b" got an array of shape \(4, 2\)'):
        model([X, X[:, :2]])


def test_get_layer():
    x = keras.Input((3,))
    model = keras.Model(x, layers.Dense(1, name="last")(x), name="net")
    assert model.get_layer("last") is model.get_layer(index=-1) is model.layers[1]
    with pytest.raises(UnknownNameError, match=r"'lst'.*Did you mean 'last'"):
        model.get_layer("lst")
    with pytest.raises(ValueError, match="has 2 layers"):
        model.get_layer(index=2)
    with pytest.raises(ValueError, match="either name or index"):
        model.get_layer()


def test_counts_and_weights(backend):
    x = keras.Input((3,))
    model = keras.Model(x, layers.BatchNormalization()(layers.Dense(2)(x)))
    assert model.count_params() == 16
    weights = model.get_weights()
    assert [w.shape for w in weights] == [(3, 2), (2,), (2,), (2,), (2,), (2,)]
    model.set_weights([w * 0 for w in weights])
    assert not any(w.any() for w in model.get_weights())


def test_json_is_plain_and_from_config_makes_a_new_model(backend):
    x = keras.Input((3,), name="x")
    model = keras.Model(x, layers.Dense(2, name="d")(x), name="net")
    config = json.loads(model.to_json(indent=1))
    assert config["class_name"] == "Functional"
    assert config["config"]["input_layers"] == ["x", 0, 0]
    assert config["config"]["output_layers"] == ["d", 0, 0]
    other = keras.Model.from_config(model.get_config())
    assert other.weights[0] is not model.weights[0]
    assert [w.shape for w in other.get_weights()] == [
        w.shape for w in model.get_weights()
    ]


def test_functions_are_graphs_without_weights_of_their_own(backend):
    x = keras.Input((3,))
    function = keras.Function(x, {"double": x * 2, "sum": ops.sum(x, 1)})
    out = function(X)
    np.testing.assert_array_equal(array(out["double"]), 2 * X)
    assert function.compute_output_shape((7, 3)) == {"double": (7, 3), "sum": (7,)}
    assert (
        next(op.name for op in function.operations) == x._keras_history.operation.name
    )
    y = keras.Input((3,))
    assert function(y)["sum"].shape == (None,)
    with pytest.raises(ValueError, match="got 2 inputs; expected 1"):
        function([X, X])


def test_deep_graphs_do_not_overflow(backend):
    x = y = keras.Input((3,))
    for _ in range(1500):
        y = y + 1
    np.testing.assert_allclose(array(keras.Model(x, y)(X)), X + 1500, rtol=1e-4)


def test_a_misspelt_key_of_a_dict_of_inputs_is_refused(backend):
    a, b = keras.Input((2,), name="a"), keras.Input((2,), name="b")
    model = keras.Model({"a": a, "b": b}, keras.layers.Add()([a, b]))
    x = np.ones((3, 2), "float32")
    with pytest.raises(ShapeError, match=r"\['a', 'bb'\]; expected the names a, b\."):
        model.predict({"a": x, "bb": x}, verbose=0)
    # More keys than the model needs do no harm.
    assert model.predict({"a": x, "b": x, "c": x}, verbose=0).shape == (3, 2)
