"""`fit` and its siblings, held to computations by hand in NumPy."""

import numpy as np
import pytest

import keras
from keras import layers, ops

RNG = np.random.default_rng(0)
X = RNG.normal(size=(10, 3)).astype("float32")
Y = (X @ np.array([[1.0], [-2.0], [0.5]], "float32")).astype("float32")


def make_model(metrics=("mae",), rate=0.1, **options):
    model = keras.Sequential(
        [keras.Input((3,)), layers.Dense(1, kernel_initializer="zeros", use_bias=False)]
    )
    model.compile(keras.optimizers.SGD(rate), "mse", metrics=list(metrics), **options)
    return model


def by_hand(x, y, weights=None, kernel=None, rate=0.1, batch_size=4, epochs=1):
    """Kernel and losses of the epochs, in float64."""
    kernel = np.zeros((3, 1)) if kernel is None else kernel
    losses = []
    for _ in range(epochs):
        total, count = 0.0, 0
        for i in range(0, len(x), batch_size):
            a, b = x[i : i + batch_size].astype("float64"), y[i : i + batch_size]
            w = np.ones(len(a)) if weights is None else weights[i : i + batch_size]
            error = a @ kernel - b
            total += float((w[:, None] * error**2).sum())
            count += len(a)
            kernel = kernel - rate * 2 * a.T @ (w[:, None] * error) / len(a)
        losses.append(total / count)
    return kernel, losses


def kernel_of(model):
    return model.get_weights()[0]


def test_fit_is_gradient_descent_the_last_smaller_batch_weighted_rightly(
    trainable_backend,
):
    model = make_model()
    history = model.fit(X, Y, batch_size=4, epochs=3, shuffle=False, verbose=0)
    kernel, losses = by_hand(X, Y, epochs=3)
    np.testing.assert_allclose(kernel_of(model), kernel, rtol=1e-4)
    np.testing.assert_allclose(history.history["loss"], losses, rtol=1e-4)
    assert history.epoch == [0, 1, 2]
    assert sorted(history.history) == ["loss", "mae"]
    assert model.optimizer.iterations.numpy() == 9


def test_evaluate_weighs_the_last_smaller_batch_rightly(backend):
    model = make_model()
    loss, mae = model.evaluate(X, Y, batch_size=4, verbose=0)
    np.testing.assert_allclose(loss, (Y**2).mean(), rtol=1e-5)
    np.testing.assert_allclose(mae, np.abs(Y).mean(), rtol=1e-5)
    named = model.evaluate(X, Y, batch_size=3, verbose=0, return_dict=True)
    assert list(named) == ["loss", "mae"]
    np.testing.assert_allclose(named["loss"], loss, rtol=1e-5)
    part = model.evaluate(X, Y, batch_size=4, steps=1, verbose=0)
    np.testing.assert_allclose(part[0], (Y[:4] ** 2).mean(), rtol=1e-5)


def test_predict_gives_a_row_for_each_sample(backend):
    model = make_model()
    model.set_weights([np.ones((3, 1))])
    out = model.predict(X, batch_size=4, verbose=0)
    assert isinstance(out, np.ndarray) and out.dtype == np.float32
    np.testing.assert_allclose(out, X.sum(1, keepdims=True), rtol=1e-4, atol=1e-6)
    assert len(model.predict(X, batch_size=4, steps=2, verbose=0)) == 8
    np.testing.assert_allclose(model.predict_on_batch(X), out, rtol=1e-5)


def test_sample_weights_scale_the_loss(trainable_backend):
    weights = np.linspace(0, 2, 10)
    model = make_model()
    history = model.fit(
        X, Y, sample_weight=weights, batch_size=4, shuffle=False, verbose=0
    )
    kernel, losses = by_hand(X, Y, weights)
    np.testing.assert_allclose(kernel_of(model), kernel, rtol=1e-4)
    np.testing.assert_allclose(history.history["loss"], losses, rtol=1e-4)


def test_sample_weights_in_evaluate(backend):
    model = make_model(weighted_metrics=["mse"])
    weights = np.linspace(0, 2, 10)
    logs = model.evaluate(X, Y, sample_weight=weights, verbose=0, return_dict=True)
    np.testing.assert_allclose(logs["loss"], (weights * Y[:, 0] ** 2).mean(), rtol=1e-5)
    np.testing.assert_allclose(
        logs["mse"], (weights * Y[:, 0] ** 2).sum() / weights.sum(), rtol=1e-5
    )
    np.testing.assert_allclose(logs["mae"], np.abs(Y).mean(), rtol=1e-5)


def two_outputs():
    x = keras.Input((3,))
    outputs = {
        name: layers.Dense(2, "softmax", kernel_initializer="zeros", name=name)(x)
        for name in "ab"
    }
    model = keras.Model(x, outputs)
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model


@pytest.mark.parametrize("form", ["arrays", "generator", "batch"])
def test_each_output_may_have_its_class_weights(trainable_backend, form):
    labels = (Y[:, 0] > 0).astype("int32")
    y = {"a": labels, "b": 1 - labels}
    tables = {"a": {0: 1.0, 1: 5.0}, "b": {0: 3.0}}
    expected = {
        "a_loss": np.log(2) * np.where(labels == 1, 5, 1).mean(),
        "b_loss": np.log(2) * np.where(labels == 1, 3, 1).mean(),
    }
    model = two_outputs()
    if form == "arrays":
        data = {"x": X, "y": y, "batch_size": len(X)}
        logs = model.fit(**data, class_weight=tables, verbose=0).history
    elif form == "generator":
        batches = ((X, y) for _ in range(1))
        logs = model.fit(batches, class_weight=tables, verbose=0).history
    else:
        logs = model.train_on_batch(X, y, class_weight=tables, return_dict=True)
    for name, value in expected.items():
        np.testing.assert_allclose(np.squeeze(logs[name]), value, rtol=1e-5)


def test_weights_of_samples_and_classes_are_multiplied_on_a_batch(trainable_backend):
    labels = (Y[:, 0] > 0).astype("int32")
    weights = np.linspace(0, 1, len(Y))
    both, one = two_outputs(), two_outputs()
    y = {"a": labels, "b": labels}
    found = both.train_on_batch(X, y, weights, {"a": {1: 2.0}}, return_dict=True)
    given = {"a": weights * (1 + labels), "b": weights}
    expected = one.train_on_batch(X, y, given, return_dict=True)
    for name, value in expected.items():
        np.testing.assert_allclose(found[name], value, rtol=1e-6)


def test_whole_batches_may_be_shuffled(trainable_backend):
    seen = []

    class Note(keras.Model):
        def call(self, x):
            return x

        def train_step(self, data):
            seen.append(np.array(ops.convert_to_numpy(data[0])[:, 0]).tolist())
            return {}

    model = Note()
    model.compile("sgd", "mse", run_eagerly=True)
    x = np.arange(10, dtype="float32")[:, None]
    model.fit(x, x, batch_size=3, shuffle="batch", epochs=3, verbose=0)
    full = sorted(batch for batch in seen if len(batch) == 3)
    assert full == sorted([[0, 1, 2], [3, 4, 5], [6, 7, 8]] * 3)
    assert [seen[i] for i in (3, 7, 11)] == [[9]] * 3
    assert seen[:3] != seen[4:7] or seen[:3] != seen[8:11]


def test_class_weights_are_sample_weights_of_the_classes(trainable_backend):
    labels = (Y[:, 0] > 0).astype("int32")
    histories = []
    for options in (
        {"class_weight": {0: 1.0, 1: 3.0}},
        {"sample_weight": np.where(labels == 1, 3.0, 1.0)},
    ):
        model = keras.Sequential(
            [keras.Input((3,)), layers.Dense(2, "softmax", kernel_initializer="zeros")]
        )
        model.compile("sgd", "sparse_categorical_crossentropy")
        fitted = model.fit(X, labels, shuffle=False, epochs=2, verbose=0, **options)
        histories.append(fitted.history["loss"])
    np.testing.assert_allclose(*histories, rtol=1e-5)
    np.testing.assert_allclose(
        histories[0][0], np.log(2) * np.where(labels == 1, 3, 1).mean(), rtol=1e-5
    )


def test_the_validation_split_is_the_end_of_the_data(trainable_backend):
    model = make_model()
    history = model.fit(
        X, Y, batch_size=4, validation_split=0.3, shuffle=False, verbose=0
    ).history
    kernel, losses = by_hand(X[:7], Y[:7])
    np.testing.assert_allclose(history["loss"], losses, rtol=1e-4)
    expected = ((X[7:] @ kernel - Y[7:]) ** 2).mean()
    np.testing.assert_allclose(history["val_loss"], [expected], rtol=1e-4)
    assert list(history) == ["loss", "mae", "val_loss", "val_mae"]


def test_validation_data_with_weights_and_frequency(trainable_backend):
    model = make_model()
    weights = np.arange(10.0)
    history = model.fit(
        X, Y, validation_data=(X, Y, weights), validation_freq=2, epochs=4, verbose=0
    ).history
    assert len(history["loss"]) == 4 and len(history["val_loss"]) == 2
    expected = (weights[:, None] * (X @ kernel_of(model) - Y) ** 2).mean()
    np.testing.assert_allclose(history["val_loss"][-1], expected, rtol=1e-3)
    listed = model.fit(
        X, Y, validation_data=[X, Y], validation_freq=[1, 3], epochs=3, verbose=0
    ).history
    assert len(listed["val_loss"]) == 2


def test_the_initial_epoch_counts_on(trainable_backend):
    history = make_model().fit(X, Y, initial_epoch=2, epochs=5, verbose=0)
    assert history.epoch == [2, 3, 4]


def test_steps_per_epoch_bounds_an_epoch_and_goes_on_in_the_next(trainable_backend):
    options = {"batch_size": 2, "shuffle": False, "verbose": 0}
    watch = keras.callbacks.LambdaCallback(on_train_batch_end=lambda *_: None)
    for callbacks in ([], [watch]):
        model = make_model()
        model.fit(X, Y, steps_per_epoch=2, epochs=2, callbacks=callbacks, **options)
        kernel, _ = by_hand(X[:8], Y[:8], batch_size=2)
        np.testing.assert_allclose(kernel_of(model), kernel, rtol=1e-4)


def test_no_batch_is_taken_beyond_the_last_step(trainable_backend):
    taken = []

    def batches():
        while True:
            taken.append(1)
            yield X[:2], Y[:2]

    model = make_model()
    model.fit(batches(), steps_per_epoch=3, epochs=2, verbose=0)
    assert len(taken) == 6
    taken.clear()
    model.evaluate(batches(), steps=2, verbose=0)
    model.predict((x for x, _ in batches()), steps=2, verbose=0)
    assert len(taken) == 4


def test_steps_per_execution_change_nothing(trainable_backend):
    results = []
    for steps in (1, 2, 3, "auto"):
        model = make_model(steps_per_execution=steps)
        history = model.fit(X, Y, batch_size=2, epochs=3, shuffle=False, verbose=0)
        results.append([*history.history["loss"], *kernel_of(model)[:, 0]])
    for result in results[1:]:
        np.testing.assert_allclose(result, results[0], rtol=1e-5)


def test_shuffling_draws_a_new_order_each_epoch(trainable_backend):
    seen = []

    class Watch(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(1)

        def call(self, x):
            seen.append(ops.convert_to_numpy(x)[:, 0])
            return self.dense(x)

    for shuffle in (False, True):
        model = Watch()
        model.compile("sgd", "mse", run_eagerly=True)
        model(X[:1])
        seen.clear()
        if trainable_backend == "jax":  # values are traced inside of a gradient there
            return
        model.fit(X, Y, batch_size=10, epochs=2, shuffle=shuffle, verbose=0)
        rows = [r for r in seen if len(r) == 10][-2:]
        assert sorted(rows[0]) == sorted(rows[1]) == sorted(X[:, 0])
        assert np.array_equal(rows[0], rows[1]) != shuffle


@pytest.mark.parametrize(
    "weights", [["accuracy"], "mse", {"out": keras.losses.mean_squared_error}]
)
def test_metrics_in_the_place_of_loss_weights_are_named(weights):
    model = keras.Sequential([keras.Input((3,)), layers.Dense(1, name="out")])
    with pytest.raises(TypeError, match=r"loss_weights.*metrics=\.\.\."):
        model.compile("sgd", "mse", weights)


def test_structures_of_inputs_and_outputs(trainable_backend):
    a, b = keras.Input((3,), name="a"), keras.Input((1,), name="b")
    left = layers.Dense(1, name="left")(a)
    right = layers.Dense(1, name="right")(layers.Concatenate()([a, b]))
    model = keras.Model({"a": a, "b": b}, {"left": left, "right": right})
    model.compile(
        "sgd",
        {"left": "mse", "right": "mae"},
        loss_weights={"left": 1.0, "right": 0.5},
        metrics={"right": ["mse"]},
    )
    data = {"a": X, "b": Y}, {"left": Y, "right": -Y}
    logs = model.fit(*data, epochs=2, verbose=0, validation_split=0.2).history
    assert sorted(logs) == sorted(
        ["loss", "left_loss", "right_loss", "right_mse"]
        + ["val_loss", "val_left_loss", "val_right_loss", "val_right_mse"]
    )
    values = model.evaluate(*data, verbose=0, return_dict=True)
    np.testing.assert_allclose(
        values["loss"], values["left_loss"] + 0.5 * values["right_loss"], rtol=1e-5
    )
    out = model.predict(data[0], verbose=0)
    np.testing.assert_allclose(
        values["left_loss"], ((out["left"] - Y) ** 2).mean(), rtol=1e-4
    )
    np.testing.assert_allclose(
        values["right_loss"], np.abs(out["right"] + Y).mean(), rtol=1e-4
    )

    lists = keras.Model([a, b], [left, right])
    lists.compile("sgd", ["mse", "mae"], metrics=[["mae"], []])
    logs = lists.fit([X, Y], [Y, -Y], verbose=0).history
    assert sorted(logs) == ["left_loss", "left_mae", "loss", "right_loss"]
    assert [len(p) for p in lists.predict([X, Y], verbose=0)] == [10, 10]


def test_an_output_without_a_loss_is_not_trained(trainable_backend):
    x = keras.Input((3,))
    model = keras.Model(x, [layers.Dense(1, name="a")(x), layers.Dense(1, name="b")(x)])
    model.compile("sgd", [None, "mse"])
    before = model.get_weights()
    model.fit(X, [Y, Y], verbose=0)
    same = [
        np.array_equal(p, q) for p, q in zip(before, model.get_weights(), strict=True)
    ]
    assert same == [True, True, False, False]


def test_single_batches(trainable_backend):
    model = make_model()
    first = model.train_on_batch(X, Y)
    np.testing.assert_allclose(first[0], (Y**2).mean(), rtol=1e-5)
    kernel, _ = by_hand(X, Y, batch_size=10)
    np.testing.assert_allclose(kernel_of(model), kernel, rtol=1e-4)
    model.reset_metrics()
    logs = model.test_on_batch(X, Y, return_dict=True)
    np.testing.assert_allclose(logs["loss"], ((X @ kernel - Y) ** 2).mean(), rtol=1e-4)
    logs = model.train_on_batch(X, Y, sample_weight=np.zeros(10), return_dict=True)
    np.testing.assert_allclose(kernel_of(model), kernel, rtol=1e-4)
    assert sorted(logs) == ["loss", "mae"]


@pytest.mark.parametrize("verbose", [0, 1, 2, "auto"])
def test_what_is_printed(trainable_backend, verbose, capsys):
    model = make_model()
    model.fit(X, Y, epochs=2, verbose=verbose, validation_split=0.2)
    text = capsys.readouterr().out
    if verbose == 0:
        assert text == ""
    else:
        assert "Epoch 1/2" in text and "Epoch 2/2" in text
        assert "loss" in text and "val_mae" in text
    model.evaluate(X, Y, verbose=verbose)
    model.predict(X, verbose=verbose)
    assert (capsys.readouterr().out == "") == (verbose == 0)


def test_every_kind_of_array_is_taken(trainable_backend):
    expected = None
    for convert in (np.asarray, ops.convert_to_tensor, lambda a: a.astype("float64")):
        model = make_model()
        loss = model.fit(convert(X), convert(Y), shuffle=False, verbose=0).history[
            "loss"
        ]
        expected = loss if expected is None else expected
        np.testing.assert_allclose(loss, expected, rtol=1e-6)


def test_a_subclassed_model_is_built_by_fit(trainable_backend):
    class Net(keras.Model):
        def __init__(self):
            super().__init__()
            self.blocks = [
                layers.Dense(4, "relu"),
                layers.Dropout(0.5),
                layers.Dense(1),
            ]

        def call(self, x, training=False):
            for block in self.blocks:
                x = block(x)
            return x

    model = Net()
    model.compile("adam", "mse")
    assert len(model.fit(X, Y, epochs=2, verbose=0).history["loss"]) == 2
    assert len(model.weights) == 4
    np.testing.assert_array_equal(
        model.predict(X, verbose=0), model.predict(X, verbose=0)
    )


def test_compiling_again_starts_anew(trainable_backend):
    model = make_model()
    model.fit(X, Y, verbose=0)
    model.compile(keras.optimizers.SGD(0.0), "mae")
    before = kernel_of(model)
    logs = model.fit(X, Y, verbose=0).history
    assert list(logs) == ["loss"]
    np.testing.assert_array_equal(kernel_of(model), before)
    np.testing.assert_allclose(logs["loss"], [np.abs(X @ before - Y).mean()], rtol=1e-4)


def test_a_learning_rate_set_between_fits_is_used(trainable_backend):
    model = make_model()
    model.fit(X, Y, verbose=0)
    before = kernel_of(model)
    model.optimizer.learning_rate = 0.0
    model.fit(X, Y, verbose=0)
    np.testing.assert_array_equal(kernel_of(model), before)


def test_weights_set_between_fits_are_used(trainable_backend):
    model = make_model()
    model.fit(X, Y, batch_size=4, shuffle=False, verbose=0)
    model.set_weights([np.ones((3, 1))])
    model.fit(X, Y, batch_size=4, shuffle=False, verbose=0)
    kernel, _ = by_hand(X, Y, kernel=np.ones((3, 1)))
    np.testing.assert_allclose(kernel_of(model), kernel, rtol=1e-4)
