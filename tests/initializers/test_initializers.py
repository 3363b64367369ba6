"""First values of weights."""

import math

import numpy as np
import pytest

import keras
from keras import initializers
from keras.errors import ShapeError, UnknownNameError

INITIALIZERS = {
    "constant": initializers.Constant(0.5),
    "glorot_normal": initializers.GlorotNormal(),
    "glorot_uniform": initializers.GlorotUniform(),
    "he_normal": initializers.HeNormal(),
    "he_uniform": initializers.HeUniform(),
    "identity": initializers.Identity(2.0),
    "lecun_normal": initializers.LecunNormal(),
    "lecun_uniform": initializers.LecunUniform(),
    "ones": initializers.Ones(),
    "orthogonal": initializers.Orthogonal(),
    "random_normal": initializers.RandomNormal(),
    "random_uniform": initializers.RandomUniform(),
    "truncated_normal": initializers.TruncatedNormal(),
    "variance_scaling": initializers.VarianceScaling(2.0, "fan_out", "uniform"),
    "zeros": initializers.Zeros(),
}
DRAWN = [n for n in INITIALIZERS if hasattr(INITIALIZERS[n], "seed")]


def weight(name, dtype="float32"):
    return keras.Variable(
        INITIALIZERS[name], shape=(6, 4), dtype=dtype, name="kernel"
    ).numpy()


@pytest.mark.parametrize("name", INITIALIZERS)
def test_the_same_seed_gives_the_same_weights_on_every_engine(name):
    results = []
    for engine in ("numpy", "torch", "jax"):
        keras.config.set_backend(engine)
        keras.utils.set_random_seed(7)
        results.append([weight(name), weight(name), weight(name, "bfloat16")])
    keras.config.set_backend("torch")
    for others in results[1:]:
        for a, b in zip(results[0], others, strict=True):
            np.testing.assert_array_equal(a, b)
    first, second, half = results[0]
    assert half.dtype.name == "bfloat16"
    assert (name in DRAWN) == bool((first != second).any())


@pytest.mark.parametrize("name", INITIALIZERS)
def test_its_config_makes_the_same_initializer(name):
    again = initializers.deserialize(initializers.serialize(INITIALIZERS[name]))
    assert type(again) is type(INITIALIZERS[name])
    assert again.get_config() == INITIALIZERS[name].get_config()
    assert type(initializers.get(name)) is type(again)
    assert type(initializers.get(type(again).__name__)) is type(again)


@pytest.mark.parametrize("name", DRAWN)
def test_an_int_seed_repeats_itself(name, backend):
    make = type(INITIALIZERS[name])
    draw = make(seed=3)
    a, b = draw((5, 4)), make(seed=3)((5, 4))
    c = draw((5, 4))
    np.testing.assert_array_equal(*map(keras.ops.convert_to_numpy, (a, b)))
    np.testing.assert_array_equal(*map(keras.ops.convert_to_numpy, (a, c)))


def test_a_seed_generator_moves_on():
    draw = initializers.RandomNormal(seed=keras.random.SeedGenerator(3))
    first, second = draw.draw((4,), "float32", "a"), draw.draw((4,), "float32", "a")
    fixed = initializers.RandomNormal(seed=3).draw((4,), "float32", "b")
    np.testing.assert_array_equal(first, fixed)
    assert (first != second).all()
    again = initializers.deserialize(initializers.serialize(draw))
    np.testing.assert_array_equal(again.draw((4,), "float32", "c"), first)


@pytest.mark.parametrize(
    "name, variance",
    [
        ("glorot_uniform", 2 / 300),
        ("glorot_normal", 2 / 300),
        ("he_uniform", 2 / 100),
        ("he_normal", 2 / 100),
        ("lecun_uniform", 1 / 100),
        ("lecun_normal", 1 / 100),
    ],
)
def test_variances_follow_the_papers(name, variance):
    values = initializers.get(name).draw((100, 200), "float32", "kernel")
    assert np.var(values) == pytest.approx(variance, rel=0.03)
    assert abs(np.mean(values)) < 0.03 * math.sqrt(variance)


def test_the_window_of_a_convolution_counts():
    values = initializers.HeUniform().draw((3, 3, 16, 8), "float32", "kernel")
    assert np.abs(values).max() <= math.sqrt(3 * 2 / (9 * 16))
    named = initializers.HeUniform(input_axes=[0], output_axes=[1, 2])
    values = named.draw((16, 50, 60), "float32", "kernel")
    assert np.abs(values).max() == pytest.approx(math.sqrt(6 / 16), rel=0.01)


def test_truncated_values_stay_within_two_deviations():
    values = initializers.TruncatedNormal(1.0, 0.5).draw((10000,), "float64", "x")
    assert np.abs(values - 1.0).max() <= 1.0


@pytest.mark.parametrize("shape", [(5, 3), (3, 5), (2, 3, 4)])
def test_orthogonal_kernels_keep_lengths(shape):
    kernel = initializers.Orthogonal(2.0).draw(shape, "float64", "x")
    kernel = kernel.reshape(-1, shape[-1])
    rows, columns = kernel.shape
    product = kernel.T @ kernel if rows >= columns else kernel @ kernel.T
    np.testing.assert_allclose(product, 4 * np.eye(min(rows, columns)), atol=1e-12)


def test_stft_kernels_compute_a_fourier_transform():
    signal = np.random.default_rng(0).standard_normal(16)
    kernels = [
        initializers.STFT(side, "hann", None, periodic=True).draw(
            (16, 1, 9), "float64", "x"
        )
        for side in ("real", "imag")
    ]
    ours = [signal @ kernel[:, 0] for kernel in kernels]
    theirs = np.fft.rfft(signal * np.hanning(17)[:-1])
    np.testing.assert_allclose(ours[0] + 1j * ours[1], theirs, atol=1e-12)


def test_whoever_overrides_call_gives_the_weights():
    class Half(initializers.RandomNormal):
        def __call__(self, shape, dtype=None):
            return keras.ops.full(shape, 0.5, dtype)

    np.testing.assert_array_equal(
        keras.Variable(Half(), shape=(2,)).numpy(), [0.5, 0.5]
    )


def test_impossible_arguments_are_refused():
    with pytest.raises(UnknownNameError, match="glorot_uniform"):
        initializers.get("glorot_unifrom")
    with pytest.raises(TypeError, match="expected an int"):
        initializers.RandomNormal(seed="7")
    with pytest.raises(ValueError, match="positive number"):
        initializers.VarianceScaling(scale=0.0)
    with pytest.raises(UnknownNameError, match="mode of VarianceScaling"):
        initializers.VarianceScaling(mode="fan")
    with pytest.raises(ShapeError, match="at least 2 dimensions"):
        initializers.Orthogonal()((3,))
    with pytest.raises(ShapeError, match="expected 2 dimensions"):
        initializers.Identity()((3,))
    with pytest.raises(ShapeError, match="broadcasts"):
        initializers.Constant(np.ones(3))((2,))
    with pytest.raises(ShapeError, match=r"expected \(frame, channels, bins\)"):
        initializers.STFT()((3, 4))
