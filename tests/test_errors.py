"""What people are told who make a mistake: the text of each error, and its length."""

import warnings

import numpy as np
import pytest

import keras
from keras import layers
from keras.errors import (
    FileFormatError,
    NotCompiledError,
    ShapeError,
    UnknownNameError,
)

X = np.linspace(-1, 1, 24, dtype="float32").reshape(8, 3)
LABELS = np.arange(8) % 2
ROWS = np.eye(2, dtype="float32")[LABELS]
MAX = 600


def model_of(*stack, shape=(3,), name="net"):
    return keras.Sequential([keras.Input(shape, name="x"), *stack], name=name)


def classifier(activation="softmax", units=2):
    return model_of(layers.Dense(units, activation=activation, name="top"))


def message(error, words, run):
    """The text of the error that `run` raises, notes included; short, no contents."""
    with pytest.raises(error, match=words) as caught:
        run()
    text = "\n".join([str(caught.value), *getattr(caught.value, "__notes__", ())])
    assert len(text) <= MAX, len(text)
    assert "0.13043" not in text  # a number out of X
    return text


# Shapes.


def test_an_input_of_another_shape(backend):
    model = classifier()
    words = (
        r'Model "net": input "x" got an array of shape \(8, 2\); expected \(None, 3\)'
    )
    message(ShapeError, words, lambda: model(X[:, :2]))
    message(ShapeError, words, lambda: model.predict(X[:, :2], verbose=0))
    model.compile("sgd", "mse")
    message(ShapeError, words, lambda: model.evaluate(X[:, :2], ROWS, verbose=0))


def test_an_input_of_another_shape_in_fit(trainable_backend):
    model = classifier()
    model.compile("sgd", "mse")
    words = r'"net": input "x" got an array of shape \(.*, 2\); expected \(None, 3\)'
    message(ShapeError, words, lambda: model.fit(X[:, :2], ROWS, verbose=0))


def test_an_input_of_another_rank_names_the_layer(backend):
    text = message(
        ValueError,
        r"Conv2D|conv2d",
        lambda: layers.Conv2D(2, 3, name="eyes")(np.ones((2, 8, 8), "float32")),
    )
    assert "eyes" in text and "(2, 8, 8)" in text and "4" in text


def test_a_built_layer_called_on_other_features(backend):
    layer = layers.Dense(2, name="top")
    layer(X)
    text = message(ValueError, "top", lambda: layer(X[:, :2]))
    assert "(8, 2)" in text and "3" in text


def test_different_numbers_of_samples(trainable_backend):
    model = classifier()
    model.compile("sgd", "mse")
    words = r"different numbers of samples: 8, 5 \(x first"
    message(ValueError, words, lambda: model.fit(X, ROWS[:5], verbose=0))


def test_targets_of_another_shape(trainable_backend):
    model = classifier(units=4)
    model.compile("sgd", "categorical_crossentropy")
    text = message(ValueError, "shape", lambda: model.fit(X, ROWS, verbose=0))
    assert "2)" in text and "4)" in text


def test_weights_of_another_shape(backend):
    model = classifier()
    words = r"array 1 for 'net/top/bias' has shape \(3,\); expected \(2,\)"
    message(ShapeError, words, lambda: model.set_weights([np.ones((3, 2)), np.ones(3)]))
    words = r"net.set_weights: got 1 arrays; expected 2"
    message(ValueError, words, lambda: model.set_weights([np.ones((3, 2))]))


def test_files_with_weights_of_another_shape(backend, tmp_path):
    classifier().save_weights(tmp_path / "a.weights.h5")
    other = classifier(units=5)
    text = message(
        ValueError, "shape", lambda: other.load_weights(tmp_path / "a.weights.h5")
    )
    assert "(3, 2)" in text and "(3, 5)" in text


# Targets and losses.


@pytest.mark.parametrize(
    "loss", ["categorical_crossentropy", keras.losses.CategoricalCrossentropy()]
)
@pytest.mark.parametrize("targets", [LABELS, LABELS[:, None]])
def test_integer_labels_with_categorical_crossentropy(trainable_backend, loss, targets):
    model = classifier()
    model.compile("sgd", loss)
    text = message(
        ShapeError,
        r"categorical_crossentropy got targets of shape",
        lambda: model.fit(X, targets, verbose=0),
    )
    assert 'loss="sparse_categorical_crossentropy"' in text
    assert "to_categorical" in text
    message(ShapeError, "sparse_", lambda: model.evaluate(X, targets, verbose=0))
    message(ShapeError, "sparse_", lambda: model.train_on_batch(X, targets))


LOGITS_LOSSES = [
    keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    keras.losses.CategoricalCrossentropy(from_logits=True),
    keras.losses.BinaryCrossentropy(from_logits=True),
]
PROBABILITY_LOSSES = [
    "sparse_categorical_crossentropy",
    "categorical_crossentropy",
    "binary_crossentropy",
    keras.losses.binary_crossentropy,
    keras.losses.SparseCategoricalCrossentropy(),
]


def compiled_warnings(model, loss):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model.compile("sgd", loss)
    texts = [str(w.message) for w in caught]
    assert all(len(t) <= MAX for t in texts)
    return texts


def endings(activation):
    """Models whose output goes through `activation`, written in different ways."""
    x = keras.Input((3,), name="x")
    h = layers.Dense(2)(x)
    op = getattr(keras.ops, activation) if activation != "linear" else layers.Identity()
    inner = classifier(activation)
    return [
        classifier(activation),
        model_of(layers.Dense(2), layers.Activation(activation, name="top")),
        model_of(
            layers.Dense(2, activation), layers.Activation("linear", dtype="float32")
        ),
        model_of(layers.Dense(2, activation), layers.Reshape((2, 1))),
        keras.Model(x, op(h), name="net"),
        keras.Model(x, inner(x), name="net"),
    ]


@pytest.mark.parametrize("loss", LOGITS_LOSSES)
@pytest.mark.parametrize("activation", ["softmax", "sigmoid"])
def test_probabilities_given_to_a_loss_of_logits(loss, activation):
    for model in endings(activation):
        (text,) = compiled_warnings(model, loss)
        assert 'Model "net": output' in text
        assert f"goes through {activation}" in text and "from_logits=True" in text
        assert "Leave the activation out, or set from_logits=False" in text


@pytest.mark.parametrize("loss", PROBABILITY_LOSSES)
def test_logits_given_to_a_loss_of_probabilities(loss):
    for model in endings("linear"):
        (text,) = compiled_warnings(model, loss)
        assert "has the activation linear" in text and "from_logits=True" in text
        kind = "sigmoid" if "binary" in str(loss) else "softmax"
        assert f'activation="{kind}"' in text


def test_right_pairs_and_unclear_ones_raise_no_alarm():
    for activation in ("softmax", "sigmoid"):
        for model in endings(activation):
            assert compiled_warnings(model, "binary_crossentropy") == []
    for loss in LOGITS_LOSSES:
        for model in endings("linear"):
            assert compiled_warnings(model, loss) == []
    linear = classifier("linear")
    for loss in ("mse", "hinge", lambda y, p: p, None):
        assert compiled_warnings(linear, loss) == []
    unclear = [
        classifier("relu"),
        model_of(layers.Dense(2), layers.Lambda(lambda x: x)),
        model_of(layers.Dense(2), layers.Softmax()),
        model_of(layers.Dense(2), layers.BatchNormalization()),
        model_of(layers.Dense(2), lambda x: keras.ops.softmax(x)),
    ]
    for model in unclear:
        assert compiled_warnings(model, "categorical_crossentropy") == []

    class Own(keras.losses.CategoricalCrossentropy):
        pass

    assert compiled_warnings(linear, Own()) == []


def test_mixed_up_logits_of_one_of_several_outputs():
    x = keras.Input((3,))
    outputs = [layers.Dense(2, name="a")(x), layers.Dense(2, "softmax", name="b")(x)]
    model = keras.Model(x, outputs)
    given = [keras.losses.CategoricalCrossentropy(from_logits=True)] * 2
    (text,) = compiled_warnings(model, given)
    assert 'output "b"' in text
    assert compiled_warnings(model, {"a": given[0], "b": "mse"}) == []


def test_mixed_up_logits_of_a_model_built_by_fit(trainable_backend):
    model = keras.Sequential([layers.Dense(2, "softmax")])
    model.compile("sgd", LOGITS_LOSSES[0])
    with pytest.warns(UserWarning, match="goes through softmax"):
        model.fit(X, LABELS, verbose=0)


# Data.


def test_lists_of_lists_and_lists_of_numbers(trainable_backend):
    model = classifier()
    model.compile("sgd", "sparse_categorical_crossentropy")
    words = r"a list of lists of numbers.*numpy\.array\(x\)"
    message(TypeError, "fit: got " + words, lambda: model.fit(X.tolist(), LABELS))
    message(TypeError, "predict: got " + words, lambda: model.predict(X.tolist()))
    message(TypeError, "evaluate: got", lambda: model.evaluate(X.tolist(), LABELS))
    message(TypeError, "a list of numbers", lambda: model.fit(X, LABELS.tolist()))
    message(TypeError, words, lambda: model.train_on_batch(X.tolist(), LABELS))


def test_a_list_of_lists_given_to_the_model_itself(backend):
    message(ValueError, r"numpy\.array", lambda: classifier()(X.tolist()))


def test_wrong_numbers_of_arrays(trainable_backend):
    a, b = keras.Input((3,), name="a"), keras.Input((3,), name="b")
    model = keras.Model([a, b], layers.Dense(2, name="top")(a + b), name="net")
    model.compile("sgd", "mse")
    words = r'Model "net": got 1 inputs; expected 2 \(a, b\)'
    message(ShapeError, words, lambda: model.fit([X], ROWS, verbose=0))
    message(ShapeError, words, lambda: model.predict(X, verbose=0))
    words = r"got 3 inputs; expected 2 \(a, b\)"
    message(ShapeError, words, lambda: model.fit([X, X, X], ROWS, verbose=0))
    words = r"y: got 2 arrays; the model has 1 outputs \(top\)"
    message(ValueError, words, lambda: model.fit([X, X], [ROWS, ROWS], verbose=0))


def test_wrong_numbers_of_losses_are_found_by_compile():
    x = keras.Input((3,))
    outputs = [layers.Dense(2, name="a")(x), layers.Dense(2, name="b")(x)]
    model = keras.Model(x, outputs)
    words = r"compile\(loss=...\): got a list of 1; the model has 2 outputs \(a, b\)"
    message(ValueError, words, lambda: model.compile("sgd", ["mse"]))
    words = r"output in loss: got 'c'"
    message(UnknownNameError, words, lambda: model.compile("sgd", {"c": "mse"}))


def test_no_data(trainable_backend):
    model = classifier()
    model.compile("sgd", "mse")
    message(ValueError, r'"net".fit: got no data', lambda: model.fit())
    message(ValueError, "no batch|no data|empty", lambda: model.fit(X[:0], ROWS[:0]))
    message(ValueError, "no batch", lambda: model.fit(iter([]), verbose=0))


@pytest.mark.parametrize(
    "options, words",
    [
        ({"epochs": 1.5}, r"fit\(epochs=...\): got 1.5; expected an int"),
        ({"batch_size": 0}, r"fit\(batch_size=...\): got 0; expected a positive int"),
        ({"validation_split": 1.0}, r"fit\(validation_split=...\): got 1.0"),
        ({"validation_split": 0.95}, r"leaves 0 of 8 samples"),
    ],
)
def test_arguments_of_fit_that_make_no_sense(options, words):
    model = classifier()
    model.compile("sgd", "mse")
    message(ValueError, words, lambda: model.fit(X, ROWS, verbose=0, **options))


# Names.


@pytest.mark.parametrize(
    "options, words",
    [
        ({"loss": "mean_square_error"}, "'mean_square_error'.*'mean_squared_error'"),
        ({"loss": "categorical_crosentropy"}, "'categorical_crossentropy'"),
        ({"optimizer": "adamm"}, "'adamm'.*'adam'"),
        ({"optimizer": "rmsprob"}, "(?i)'rmsprob'.*'rmsprop'"),
        ({"metrics": ["acuracy"]}, "'acuracy'.*accuracy"),
        ({"metrics": [["mean_absolut_error"]]}, "'mean_absolute_error'"),
    ],
)
def test_unknown_names_in_compile(options, words):
    model = classifier()
    message(UnknownNameError, words, lambda: model.compile(**options))


def test_unknown_names_of_layers_activations_and_initializers():
    model = classifier()
    message(
        UnknownNameError, "'tpo'.*Did you mean 'top'", lambda: model.get_layer("tpo")
    )
    message(
        UnknownNameError, "'rlu'.*'relu'", lambda: layers.Dense(1, activation="rlu")
    )
    message(
        UnknownNameError,
        "'glorot_unifrm'.*glorot",
        lambda: layers.Dense(1, kernel_initializer="glorot_unifrm"),
    )
    config = {"class_name": "Densee", "config": {}, "module": "keras.layers"}
    message(
        ValueError,
        "Densee.*Dense",
        lambda: keras.layers.deserialize(config),
    )


def test_unknown_arguments():
    message(TypeError, "'unit'.*'units'", lambda: layers.Dense(2, unit=3))


# The order of things.


@pytest.mark.parametrize(
    "method", ["fit", "evaluate", "train_on_batch", "test_on_batch"]
)
def test_training_before_compile(method):
    model = classifier()
    words = (
        rf'Model "net".{method}: the model is not compiled yet\. Call\s+model\.compile'
    )
    message(NotCompiledError, words, lambda: getattr(model, method)(X, ROWS))


def test_compile_without_a_loss(trainable_backend):
    model = classifier()
    model.compile("sgd")
    words = "there is no loss to minimise. Pass loss to compile"
    message(ValueError, words, lambda: model.fit(X, ROWS, verbose=0))


def test_numpy_cannot_train():
    before = keras.config.backend()
    keras.config.set_backend("numpy")
    try:
        model = classifier()
        model.compile("sgd", "mse")
        message(NotImplementedError, "numpy", lambda: model.fit(X, ROWS, verbose=0))
    finally:
        keras.config.set_backend(before)


# Numbers.


@pytest.mark.parametrize("steps", [1, "auto"])
def test_nan_in_the_loss_names_epoch_and_step(trainable_backend, steps):
    x = np.ones((12, 3), "float32")
    x[7] = np.nan
    model = classifier("linear")
    model.compile(keras.optimizers.SGD(0.0), "mse", steps_per_execution=steps)
    with pytest.warns(UserWarning) as caught:
        model.fit(x, np.ones((12, 2)), batch_size=2, epochs=1, shuffle=False, verbose=0)
    (text,) = [str(w.message) for w in caught]
    assert "The loss is nan since epoch 1, step 4" in text
    assert "learning rate" in text and "NaN" in text
    assert len(text) <= MAX


def test_a_loss_that_grows_over_all_bounds_is_named_too(trainable_backend):
    model = classifier("linear")
    model.compile(keras.optimizers.SGD(1e30), "mse")
    with pytest.warns(UserWarning, match=r"The loss is (nan|inf) since epoch \d, step"):
        model.fit(X, ROWS, batch_size=2, epochs=1, verbose=0)


# Files.


def test_files_that_are_no_models(tmp_path):
    text = tmp_path / "notes.txt"
    text.write_text("no model")
    renamed = tmp_path / "model.keras"
    renamed.write_text("no model")
    absent = tmp_path / "absent.keras"
    load = keras.models.load_model
    message(FileFormatError, "notes.txt", lambda: load(text))
    message(FileFormatError, "model.keras", lambda: load(renamed))
    message(FileNotFoundError, "absent.keras", lambda: load(absent))
    h5 = tmp_path / "model.h5"
    h5.write_text("no model")
    message(FileFormatError, "model.h5", lambda: load(h5))
    model = classifier()
    message(ValueError, "keras", lambda: model.save(tmp_path / "model.txt"))
