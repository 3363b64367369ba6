"""Random numbers: moments, seeds, compiled functions."""

import numpy as np
import pytest

import keras
from keras import ops, random
from keras.core.compiled import Compiled

N = 20000
CASES = {
    "normal": (lambda s: random.normal((N,), 1.0, 2.0, seed=s), 1, 2),
    "uniform": (lambda s: random.uniform((N,), -1, 3, seed=s), 1, 4 / 12**0.5),
    "truncated_normal": (
        lambda s: random.truncated_normal((N,), 1.0, 2.0, seed=s),
        1,
        2 * 0.87962,
    ),
    "randint": (lambda s: random.randint((N,), 0, 10, seed=s), 4.5, 8.25**0.5),
    "gamma": (lambda s: random.gamma((N,), 4.0, seed=s), 4, 2),
    "beta": (lambda s: random.beta((N,), 2.0, 3.0, seed=s), 0.4, 0.2),
    "binomial": (lambda s: random.binomial((N,), 10, 0.3, seed=s), 3, 2.1**0.5),
}


def numpy(x):
    return ops.convert_to_numpy(x)


@pytest.mark.parametrize("name", CASES)
def test_moments_and_seeds(backend, name):
    draw, mean, deviation = CASES[name]
    x = numpy(draw(7)).astype("float64")
    assert x.mean() == pytest.approx(mean, abs=5 * deviation / N**0.5)
    assert x.std() == pytest.approx(deviation, rel=0.04)
    np.testing.assert_array_equal(x, numpy(draw(7)))
    assert (x != numpy(draw(8))).any()
    seeds = random.SeedGenerator(3)
    first, second = numpy(draw(seeds)), numpy(draw(seeds))
    assert (first != second).any()
    np.testing.assert_array_equal(first, numpy(draw(random.SeedGenerator(3))))


def test_truncated_normal_stays_within_two_deviations(backend):
    for dtype in ("float32", "bfloat16", "float16"):
        x = random.truncated_normal((N,), dtype=dtype, seed=1)
        assert np.abs(numpy(x).astype("float32")).max() <= 2


def test_dropout_keeps_the_mean_and_shares_noise(backend):
    x = np.ones((100, 200), "float32")
    kept = numpy(random.dropout(x, 0.25, seed=1))
    assert set(np.unique(kept).round(4)) == {0, np.float32(1.3333)}
    assert kept.mean() == pytest.approx(1, abs=0.03)
    rows = numpy(random.dropout(x, 0.5, noise_shape=(None, 1), seed=1))
    assert (rows == rows[:, :1]).all()
    np.testing.assert_array_equal(numpy(random.dropout(x, 0.0)), x)
    with pytest.raises(ValueError, match=r"rate=1\.5"):
        random.dropout(x, 1.5)


def test_categorical_has_the_probabilities(backend):
    logits = np.log([[0.2, 0.5, 0.3], [1.0, 1e-30, 1e-30]]).astype("float32")
    draws = numpy(random.categorical(logits, N, seed=1))
    shares = np.bincount(draws[0], minlength=3) / N
    np.testing.assert_allclose(shares, [0.2, 0.5, 0.3], atol=0.02)
    assert not draws[1].any()


def test_shuffle_keeps_the_entries(backend):
    x = np.arange(60).reshape(3, 20)
    result = numpy(random.shuffle(x, axis=1, seed=1))
    assert (result != x).any()
    np.testing.assert_array_equal(np.sort(result, 1), x)
    np.testing.assert_array_equal(result - result[:1], x - x[:1])


def test_seed_generator_moves_on_inside_compiled_functions(backend):
    seeds = random.SeedGenerator(1)
    draw = Compiled(lambda x: x + random.normal((4,), seed=seeds))
    zero = ops.zeros((4,))
    first, second = numpy(draw(zero)), numpy(draw(zero))
    assert (first != second).any()
    again = random.SeedGenerator(1)
    np.testing.assert_allclose(first, numpy(random.normal((4,), seed=again)), rtol=1e-5)


def test_global_seed_repeats(backend):
    keras.utils.set_random_seed(5)
    first = numpy(random.normal((4,)))
    assert (first != numpy(random.normal((4,)))).any()
    keras.utils.set_random_seed(5)
    np.testing.assert_array_equal(first, numpy(random.normal((4,))))


def test_float_draws_refuse_int_dtypes():
    with pytest.raises(ValueError, match=r"keras.random.randint"):
        random.normal((2,), dtype="int32")
