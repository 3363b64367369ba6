import numpy as np
import pytest

import keras
from keras import layers, ops
from keras.errors import ShapeError

X = np.linspace(-1, 1, 12, dtype="float32").reshape(4, 3)


def array(x):
    return np.asarray(ops.convert_to_numpy(x))


def test_with_an_input_it_is_built_at_once(backend):
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2), layers.Dense(1)])
    assert model.built and len(model.weights) == 4
    assert (model.input_shape, model.output_shape) == ((None, 3), (None, 1))
    assert [layer.name for layer in model.layers] == ["dense", "dense_1"]
    assert model(X).shape == (4, 1)


def test_without_an_input_it_is_built_by_the_first_call(backend):
    model = keras.Sequential([layers.Dense(2), layers.Dense(1)])
    assert not model.built and model.weights == []
    with pytest.raises(AttributeError, match="input shape is not known yet"):
        model.output_shape  # noqa: B018
    assert model(X).shape == (4, 1)
    assert model.built and model.output_shape == (None, 1)
    assert model.predict(X[:2], verbose=0).shape == (2, 1)


def test_build_takes_a_shape(backend):
    model = keras.Sequential([layers.Dense(2)])
    model.build((None, 3))
    assert model.count_params() == 8
    assert model.input_shape == (None, 3)


@pytest.mark.parametrize(
    "options, shape",
    [
        ({"input_shape": (3,)}, (None, 3)),
        ({"input_dim": 3}, (None, 3)),
        ({"batch_input_shape": (4, 3)}, (4, 3)),
        ({"input_shape": (3,), "batch_size": 4}, (4, 3)),
    ],
)
def test_old_spellings_of_the_input_shape(backend, options, shape):
    model = keras.Sequential([layers.Dense(2, **options), layers.Dense(1)])
    assert model.built and model.input_shape == shape
    assert model.predict(X, verbose=0).shape == (4, 1)


def test_an_embedding_takes_its_input_length(backend):
    model = keras.Sequential([layers.Embedding(5, 2, input_length=3), layers.Flatten()])
    assert model(np.array([[1, 2, 3]])).shape == (1, 6)


def test_layers_are_added_and_removed(backend):
    model = keras.Sequential()
    model.add(keras.Input((3,)))
    model.add(layers.Dense(2))
    assert model.output_shape == (None, 2)
    model.add(layers.Dense(5))
    assert model.output_shape == (None, 5)
    last = model.pop()
    assert last.units == 5 and len(model.layers) == 1
    assert model.output_shape == (None, 2)
    assert model(X).shape == (4, 2)
    model.add(layers.ReLU())
    assert array(model(X)).min() >= 0


def test_functions_are_layers(backend):
    model = keras.Sequential([keras.Input((3,)), ops.relu, lambda x: x * 2])
    np.testing.assert_allclose(array(model(X)), 2 * X.clip(0))


def test_models_in_models(backend):
    inner = keras.Sequential([layers.Dense(2), layers.Dense(3)], name="inner")
    model = keras.Sequential([keras.Input((3,)), inner, layers.Dense(1)])
    assert len(model.weights) == 6
    assert model.get_layer("inner") is inner
    assert model(X).shape == (4, 1)
    outer = keras.Sequential([keras.Sequential([keras.Input((3,)), layers.Dense(2)])])
    assert outer.output_shape == (None, 2)
    x = keras.Input((3,))
    functional = keras.Model(x, inner(x))
    np.testing.assert_allclose(array(functional(X)), array(inner(X)), rtol=1e-6)


def test_a_list_of_one_array_is_that_array(backend):
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2)])
    np.testing.assert_array_equal(array(model([X])), array(model(X)))


def test_training_reaches_the_layers(backend):
    model = keras.Sequential([keras.Input((3,)), layers.Dropout(0.9999)])
    assert not array(model(X, training=True)).any()
    np.testing.assert_array_equal(array(model(X)), X)


def test_configs_and_json(backend):
    for first in ([keras.Input((3,))], []):
        model = keras.Sequential([*first, layers.Dense(2, "relu"), layers.Dropout(0.1)])
        for again in (
            keras.Sequential.from_config(model.get_config()),
            keras.models.model_from_json(model.to_json()),
        ):
            assert again.get_config() == model.get_config()
            assert again.built == model.built
            assert again.layers[0].activation is keras.activations.relu


def test_mistakes_are_explained():
    model = keras.Sequential([layers.Dense(1, name="a")], name="net")
    with pytest.raises(ValueError, match=r"\"net\".*second layer with the name 'a'"):
        model.add(layers.Dense(1, name="a"))
    with pytest.raises(ValueError, match="Input after other layers"):
        model.add(keras.Input((3,)))
    with pytest.raises(TypeError, match="expected a layer instance"):
        model.add(layers.Dense)
    with pytest.raises(TypeError, match="expected a layer instance"):
        keras.Sequential([3])
    with pytest.raises(AttributeError, match="add and pop"):
        model.layers = []
    with pytest.raises(ValueError, match="empty"):
        keras.Sequential().build((None, 3))
    with pytest.raises((ValueError, IndexError), match=r"no layer|empty"):
        keras.Sequential().pop()


def test_inputs_of_another_shape_name_model_and_shapes(backend):
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2)], name="net")
    with pytest.raises(ShapeError, match=r'"net".*\(4, 2\); expected \(None, 3\)'):
        model(X[:, :2])


def test_layers_that_do_not_fit_are_found_when_the_model_is_made(backend):
    with pytest.raises(ValueError, match=r"conv2d.*ndim|ndim.*conv2d|conv2d"):
        keras.Sequential([keras.Input((3,)), layers.Conv2D(2, 3)])
