"""One model, called from many threads at once."""

import threading

import numpy as np
import pytest

import keras
from keras import layers, ops

THREADS = 8
X = np.random.default_rng(0).normal(size=(64, 5)).astype("float32")


class Subclassed(keras.Model):
    """Built, and its parts made, by the first call, whichever thread makes it."""

    def __init__(self):
        super().__init__()
        self.hidden = [layers.Dense(8, "relu") for _ in range(3)]
        self.normed, self.head = layers.BatchNormalization(), layers.Dense(2)

    def call(self, x):
        for layer in self.hidden:
            x = layer(x)
        return self.head(self.normed(x))


def functional():
    inputs = keras.Input((5,))
    x = layers.Dense(8, "relu")(inputs)
    x = layers.Dropout(0.5)(layers.LayerNormalization()(x))
    return keras.Model(inputs, layers.Dense(2)(x) + layers.Dense(2)(inputs))


MODELS = {
    "subclassed": Subclassed,
    "functional": functional,
    "unbuilt": lambda: keras.Sequential([layers.Dense(8, "relu"), layers.Dense(2)]),
}
CALLS = {
    "call": lambda model, x: ops.convert_to_numpy(model(x)),
    "predict": lambda model, x: model.predict(x, batch_size=7, verbose=0),
    "predict_on_batch": lambda model, x: model.predict_on_batch(x),
}


def in_threads(work):
    """`work(i)` in all threads, begun together; what they return."""
    results, errors = [None] * THREADS, []
    start = threading.Barrier(THREADS)

    def run(i):
        try:
            start.wait()
            results[i] = work(i)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(i,)) for i in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    if errors:
        raise errors[0]
    return results


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("kind", MODELS)
def test_threads_get_right_answers_also_from_the_first_call(backend, kind, call):
    for _ in range(1 if backend == "jax" else 3):
        model = MODELS[kind]()
        sizes = [5 + 20 * (i % 3) for i in range(THREADS)]

        def work(i, model=model, sizes=sizes):
            return [CALLS[call](model, X[: sizes[i]]) for _ in range(3)]

        results = in_threads(work)
        expected = CALLS["call"](model, X)
        for size, found in zip(sizes, results, strict=True):
            for rows in found:
                np.testing.assert_allclose(rows, expected[:size], rtol=1e-4, atol=1e-5)
        count = {"subclassed": 12, "unbuilt": 4}.get(kind)
        assert count is None or len(model.weights) == count


def test_threads_train_models_of_their_own(trainable_backend):
    def work(i):
        model = keras.Sequential([keras.Input((5,)), layers.Dense(1, name=f"d{i}")])
        model.compile("sgd", "mse")
        before = model.evaluate(X, X[:, :1], verbose=0)
        model.fit(X, X[:, :1], epochs=2, verbose=0)
        return before, model.evaluate(X, X[:, :1], verbose=0)

    for before, after in in_threads(work):
        assert after < before


def test_a_thread_predicts_while_another_trains():
    keras.config.set_backend("torch")
    model = functional()
    model.compile("sgd", "mse")
    y = X[:, :2]
    model.fit(X, y, verbose=0)

    def work(i):
        if i == 0:
            model.fit(X, y, epochs=5, batch_size=8, verbose=0)
        else:
            for _ in range(10):
                assert np.isfinite(model.predict(X, verbose=0)).all()

    in_threads(work)
