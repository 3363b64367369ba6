import random

import numpy as np
import pytest

import keras
from keras import layers, ops

X = np.arange(40, dtype="float32").reshape(10, 4)


def test_the_seed_reaches_python_numpy_and_keras():
    def draws():
        keras.utils.set_random_seed(7)
        return random.random(), np.random.rand(), keras.random.uniform((2,))

    first, second = draws(), draws()
    assert first[:2] == second[:2]
    np.testing.assert_array_equal(
        *(ops.convert_to_numpy(d[2]) for d in (first, second))
    )


@pytest.mark.parametrize("seed", [-1, 1.5, "a"])
def test_seeds_are_ints_of_at_least_zero(seed):
    with pytest.raises(ValueError, match="expected an int of at least 0"):
        keras.utils.set_random_seed(seed)
    with pytest.raises(ValueError, match="expected an int of at least 0"):
        keras.random.SeedGenerator(seed)


def make_model():
    return keras.Sequential(
        [
            keras.Input((4, 4)),
            layers.Conv1D(3, 2),
            layers.LSTM(3, recurrent_initializer="orthogonal"),
            layers.Dense(2, kernel_initializer="he_normal"),
            layers.Dense(2, kernel_initializer=keras.initializers.TruncatedNormal()),
            layers.Dense(
                2, kernel_initializer=keras.initializers.RandomUniform(seed=3)
            ),
            layers.Dense(2),
        ]
    )


def weights_on(engine):
    before = keras.config.backend()
    keras.config.set_backend(engine)
    try:
        keras.utils.clear_session()
        keras.utils.set_random_seed(7)
        return [model.get_weights() for model in (make_model(), make_model())]
    finally:
        keras.config.set_backend(before)


def test_the_same_seed_gives_the_same_weights_on_every_engine(backend):
    expected, here = weights_on("numpy"), weights_on(backend)
    for one, other in zip(expected, here, strict=True):
        for a, b in zip(one, other, strict=True):
            np.testing.assert_array_equal(a, b)
    # Two layers, or two models, made alike do not start alike.
    assert not np.array_equal(here[0][0], here[1][0])


def test_other_seeds_give_other_weights(backend):
    keras.utils.set_random_seed(7)
    first = make_model().get_weights()
    keras.utils.clear_session()
    keras.utils.set_random_seed(8)
    assert not np.array_equal(first[0], make_model().get_weights()[0])


def test_a_seed_set_again_starts_again(backend):
    starts = []
    for _ in range(2):  # as a cell of a notebook that runs twice, with other names
        keras.utils.set_random_seed(7)
        starts.append(make_model().get_weights() + [keras.random.normal((2,))])
    for a, b in zip(*starts, strict=True):
        np.testing.assert_array_equal(ops.convert_to_numpy(a), ops.convert_to_numpy(b))


def test_a_cleared_session_keeps_the_seed(backend):
    runs = []
    for _ in range(2):
        keras.utils.set_random_seed(7)
        keras.utils.clear_session()
        first = make_model().get_weights()[0]
        keras.utils.clear_session()
        runs.append((first, make_model().get_weights()[0]))
    np.testing.assert_array_equal(runs[0], runs[1])
    assert not np.array_equal(*runs[0])  # the streams go on


def batches_seen(engine):
    """What `fit` shows in two epochs, as means of the rows of its batches."""
    before = keras.config.backend()
    keras.config.set_backend(engine)
    seen = []
    try:
        keras.utils.set_random_seed(7)
        source = keras.training._data.adapt(X, X, batch_size=3, shuffle=True)
        for _ in range(2):
            seen += [
                ops.convert_to_numpy(x)[:, 0].tolist() for x, _, _ in source.epoch()
            ]
    finally:
        keras.config.set_backend(before)
    return seen


def test_the_same_seed_gives_the_same_batches_on_every_engine(backend):
    here = batches_seen(backend)
    assert here == batches_seen("numpy")
    assert here[:4] != here[4:]  # another order in the second epoch
    assert sorted(x for batch in here[:4] for x in batch) == X[:, 0].tolist()


def test_the_same_seed_gives_the_same_training_on_both_engines():
    pytest.importorskip("jax")
    results = []
    for engine in ("torch", "jax"):
        keras.config.set_backend(engine)
        try:
            keras.utils.clear_session()
            keras.utils.set_random_seed(7)
            model = keras.Sequential(
                [keras.Input((4,)), layers.Dense(3), layers.Dense(1)]
            )
            model.compile(keras.optimizers.SGD(1e-4), "mse")
            fitted = model.fit(X, X[:, :1], epochs=3, batch_size=3, verbose=0)
            results.append((fitted.history["loss"], *model.get_weights()))
        finally:
            keras.config.set_backend("torch")
    for torch_s, jax_s in zip(*results, strict=True):
        np.testing.assert_allclose(torch_s, jax_s, rtol=1e-4, atol=1e-6)


def test_the_same_seed_gives_the_same_noise_on_an_engine(backend):
    def noise():
        keras.utils.set_random_seed(7)
        layer = layers.Dropout(0.5)
        return [ops.convert_to_numpy(layer(X, training=True)) for _ in range(2)]

    first, second = noise(), noise()
    np.testing.assert_array_equal(first, second)
    assert not np.array_equal(first[0], first[1])


def test_a_generator_moves_on_and_never_repeats(backend):
    seeds = keras.random.SeedGenerator(5)
    drawn = [tuple(np.asarray(ops.convert_to_numpy(seeds.next()))) for _ in range(4)]
    assert len(set(drawn)) == 4
    again = keras.random.SeedGenerator.from_config(seeds.get_config())
    assert tuple(np.asarray(ops.convert_to_numpy(again.next()))) == drawn[0]


def test_generators_without_a_seed_follow_the_global_one():
    keras.utils.set_random_seed(1)
    first = keras.random.SeedGenerator().get_config()
    second = keras.random.SeedGenerator().get_config()
    keras.utils.set_random_seed(1)
    assert keras.random.SeedGenerator().get_config() == first != second


def test_a_generator_refuses_unknown_arguments():
    with pytest.raises(TypeError, match="unknown arguments sed"):
        keras.random.SeedGenerator(sed=1)


def test_seeds_of_random_ops(backend):
    fixed = [ops.convert_to_numpy(keras.random.normal((3,), seed=4)) for _ in range(2)]
    np.testing.assert_array_equal(*fixed)
    with pytest.raises(TypeError, match="seed: got 'a'"):
        keras.random.normal((3,), seed="a")
