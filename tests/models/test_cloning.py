"""Models from other models."""

import numpy as np
import pytest

import keras
from keras import layers, ops
from keras.errors import FileFormatError

X = np.linspace(-1, 1, 20, dtype="float32").reshape(5, 4)


def sequential():
    return keras.Sequential(
        [keras.Input((4,)), layers.Dense(3, name="a"), layers.Dense(2, name="b")],
        name="seq",
    )


def functional():
    x, y = keras.Input((4,), name="x"), keras.Input((4,), name="y")
    shared = layers.Dense(3, name="shared")
    inner = keras.Sequential([layers.Dense(3, name="deep")], name="inner")
    z = inner(shared(x)) * 2 + ops.relu(shared(y))
    return keras.Model({"x": x, "y": y}, [z, shared(x)], name="func")


def values(model, x):
    return [ops.convert_to_numpy(t) for t in keras.tree.flatten(model(x))]


@pytest.mark.parametrize(
    ("make", "x"), [(sequential, X), (functional, {"x": X, "y": X + 1})]
)
def test_a_clone_computes_the_same_with_weights_of_its_own(make, x):
    model = make()
    clone = keras.models.clone_model(model)
    assert clone is not model
    assert clone.name == model.name
    assert not {id(w) for w in model.weights} & {id(w) for w in clone.weights}
    clone.set_weights(model.get_weights())
    for one, other in zip(values(model, x), values(clone, x), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6)


def test_a_function_makes_the_new_layers():
    def wider(layer):
        config = layer.get_config()
        if layer.name == "a":
            config["units"] = 7
        return type(layer).from_config(config)

    clone = keras.models.clone_model(sequential(), clone_function=wider)
    assert clone.get_layer("a").units == 7
    assert clone.count_params() == 4 * 7 + 7 + 7 * 2 + 2
    with pytest.raises(ValueError, match="expected a layer"):
        keras.models.clone_model(sequential(), clone_function=lambda layer: 3)


def test_nested_models_are_cloned_with_the_function_if_recursive():
    def names(recursive):
        seen = []

        def note(layer):
            seen.append(layer.name)
            return type(layer).from_config(layer.get_config())

        keras.models.clone_model(functional(), clone_function=note, recursive=recursive)
        return sorted(seen)

    assert names(False) == ["inner", "shared"]
    assert names(True) == ["deep", "shared"]


def test_a_function_calls_the_new_layers():
    called = []

    def call(layer, *args, **kwargs):
        called.append(layer.name)
        return layer(*args, **kwargs)

    keras.models.clone_model(functional(), call_function=call)
    assert sorted(set(called)) == ["inner", "shared"]
    with pytest.raises(ValueError, match="call_function"):
        keras.models.clone_model(sequential(), call_function=call)


def test_a_clone_may_begin_at_other_inputs():
    new = keras.Input((4,), batch_size=5, name="new")
    clone = keras.models.clone_model(sequential(), input_tensors=new)
    assert clone.input_shape == (5, 4)
    inputs = {"x": keras.Input((4,), name="p"), "y": keras.Input((4,), name="q")}
    clone = keras.models.clone_model(functional(), input_tensors=inputs)
    assert clone.input_names == ["p", "q"]
    with pytest.raises(ValueError, match="expected 2 symbolic"):
        keras.models.clone_model(functional(), input_tensors=[new])
    with pytest.raises(ValueError, match="one input"):
        keras.models.clone_model(sequential(), input_tensors=[new, new])


class Own(keras.Model):
    def __init__(self, units=2, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.dense = layers.Dense(units)

    def call(self, x):
        return self.dense(x)

    def get_config(self):
        return {**super().get_config(), "units": self.units}


def test_a_subclassed_model_is_made_from_its_config():
    assert keras.models.clone_model(Own(5)).units == 5
    with pytest.raises(ValueError, match="subclassed"):
        keras.models.clone_model(Own(5), clone_function=lambda layer: layer)
    with pytest.raises(ValueError, match="expected a model"):
        keras.models.clone_model(layers.Dense(2))


def test_frozen_models_stay_frozen():
    model = sequential()
    model.trainable = False
    assert keras.models.clone_model(model).trainable is False


def test_models_are_json():
    model = functional()
    again = keras.models.model_from_json(model.to_json())
    assert again.to_json() == model.to_json()
    with pytest.raises(FileFormatError, match="no JSON"):
        keras.models.model_from_json("{")
