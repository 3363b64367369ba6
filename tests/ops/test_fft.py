"""Fourier transforms against NumPy, and their inverses."""

import numpy as np
import pytest

from keras import ops

X = np.random.default_rng(0).normal(size=(2, 32)).astype("float32")


def complexes(pair):
    real, imaginary = map(ops.convert_to_numpy, pair)
    return real + 1j * imaginary


def test_transforms_are_those_of_numpy(backend):
    pair = (X, X[::-1].copy())
    z = pair[0] + 1j * pair[1]
    np.testing.assert_allclose(complexes(ops.fft(pair)), np.fft.fft(z), atol=1e-4)
    np.testing.assert_allclose(complexes(ops.fft2(pair)), np.fft.fft2(z), atol=1e-4)
    np.testing.assert_allclose(complexes(ops.ifft2(ops.fft2(pair))), z, atol=1e-5)
    for n in (None, 20, 40):
        np.testing.assert_allclose(
            complexes(ops.rfft(X, n)), np.fft.rfft(X, n), atol=1e-4
        )
    back = ops.convert_to_numpy(ops.irfft(ops.rfft(X)))
    np.testing.assert_allclose(back, X, atol=1e-5)


def test_extract_sequences(backend):
    result = ops.convert_to_numpy(ops.extract_sequences(X, 5, 3))
    assert result.shape == (2, 10, 5)
    np.testing.assert_allclose(result[:, 2], X[:, 6:11])
    with pytest.raises(ValueError, match="windows of 40"):
        ops.extract_sequences(X, 40, 1)


@pytest.mark.parametrize("window", ["hann", "hamming", None])
def test_istft_undoes_stft_away_from_the_ends(backend, window):
    z = ops.stft(X, 8, 2, 16, window)
    assert z[0].shape == (2, 17, 9)
    back = ops.convert_to_numpy(ops.istft(z, 8, 2, 16, 32, window))
    np.testing.assert_allclose(back[:, 8:-8], X[:, 8:-8], atol=1e-4)


def test_stft_is_the_windowed_transform(backend):
    frame = X[:, 4:12] * (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(8) / 8))
    result = complexes(ops.stft(X, 8, 2, 8, center=False))[:, 2]
    np.testing.assert_allclose(result, np.fft.rfft(frame), atol=1e-4)
