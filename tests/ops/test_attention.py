"""Attention: the fused kernel and the composed form against NumPy."""

import numpy as np
import pytest

import keras
from keras import ops

RNG = np.random.default_rng(0)
Q = RNG.normal(size=(2, 3, 4, 5)).astype("float32")
K = RNG.normal(size=(2, 6, 2, 5)).astype("float32")
V = RNG.normal(size=(2, 6, 2, 5)).astype("float32")
BIAS = RNG.normal(size=(1, 4, 3, 6)).astype("float32")
MASK = RNG.random((2, 1, 3, 6)) > 0.4


def slow(bias=0, mask=True, causal=False):
    k, v = np.repeat(K, 2, 2), np.repeat(V, 2, 2)
    logits = np.einsum("bthd,bshd->bhts", Q, k) / np.sqrt(5) + bias
    allowed = np.broadcast_to(mask, logits.shape)
    if causal:
        allowed = allowed & np.tri(3, 6, dtype=bool)
    logits = np.where(allowed, logits, -1e30)
    weights = np.exp(logits - logits.max(-1, keepdims=True))
    weights /= weights.sum(-1, keepdims=True)
    return np.einsum("bhts,bshd->bthd", weights, v)


CASES = {
    "plain": ({}, {}),
    "bias": ({"bias": BIAS}, {"bias": BIAS}),
    "mask": ({"mask": MASK}, {"mask": MASK}),
    "both": ({"bias": BIAS, "mask": MASK}, {"bias": BIAS, "mask": MASK}),
    "causal": ({"is_causal": True}, {"causal": True}),
    "all": (
        {"bias": BIAS, "mask": MASK, "is_causal": True},
        {"bias": BIAS, "mask": MASK, "causal": True},
    ),
}


@pytest.mark.parametrize("flash", [None, False])
@pytest.mark.parametrize("name", CASES)
def test_attention_is_the_formula(backend, name, flash):
    options, expected = CASES[name]
    result = ops.dot_product_attention(Q, K, V, flash_attention=flash, **options)
    np.testing.assert_allclose(
        ops.convert_to_numpy(result), slow(**expected), rtol=1e-4, atol=1e-5
    )


def test_row_without_any_source_gives_no_nan(backend):
    mask = np.zeros((2, 1, 3, 6), bool)
    result = ops.dot_product_attention(Q, K, V, mask=mask)
    assert np.isfinite(ops.convert_to_numpy(result)).all()


def test_attention_says_what_does_not_fit(backend):
    with pytest.raises(ValueError, match=r"got query \(2, 3, 4, 5\)"):
        ops.dot_product_attention(Q, K[:, :, :, :4], V)


def test_demanded_kernel_that_is_missing_is_an_error():
    keras.config.set_backend("numpy")
    with pytest.raises(RuntimeError, match="numpy engine has no fused kernel"):
        ops.dot_product_attention(Q, K, V, flash_attention=True)
