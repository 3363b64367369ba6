"""Attention layers."""

import numpy as np
import pytest

import keras
from keras import layers, ops

RANDOM = np.random.default_rng(3)
Q = RANDOM.standard_normal((2, 4, 6)).astype("float32")
V = RANDOM.standard_normal((2, 5, 6)).astype("float32")


def _numpy(x):
    return ops.convert_to_numpy(x)


def _softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def test_attention_computes_its_formula(backend):
    expected = _softmax(Q @ V.transpose(0, 2, 1)) @ V
    np.testing.assert_allclose(_numpy(layers.Attention()([Q, V])), expected, atol=1e-5)


def test_additive_attention_computes_its_formula(backend):
    scores = np.tanh(Q[:, :, None] + V[:, None]).sum(-1)
    layer = layers.AdditiveAttention(use_scale=False)
    expected = _softmax(scores) @ V
    np.testing.assert_allclose(_numpy(layer([Q, V])), expected, atol=1e-5)


def test_multi_head_attention_computes_its_formula(backend):
    layer = layers.MultiHeadAttention(2, 3)
    got, scores = layer(Q, V, return_attention_scores=True)
    qw, qb, kw, kb, vw, vb, ow, ob = layer.get_weights()
    q = np.einsum("btf,fhd->bhtd", Q, qw) + qb[:, None]
    k = np.einsum("btf,fhd->bhtd", V, kw) + kb[:, None]
    v = np.einsum("btf,fhd->bhtd", V, vw) + vb[:, None]
    weights = _softmax(q @ k.transpose(0, 1, 3, 2) / np.sqrt(3))
    expected = np.einsum("bhtd,hdf->btf", weights @ v, ow) + ob
    np.testing.assert_allclose(_numpy(scores), weights, atol=1e-5)
    np.testing.assert_allclose(_numpy(got), expected, atol=1e-5)


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize(
    "make",
    [
        lambda: layers.MultiHeadAttention(2, 3),
        lambda: layers.MultiHeadAttention(2, 3, sliding_window=2, use_gate=True),
        lambda: layers.GroupQueryAttention(3, 4, 2),
    ],
)
def test_fused_kernel_agrees_with_the_explicit_form(make, causal, backend):
    layer = make()
    options = {
        "value_mask": np.array([[True] * 5, [True] * 3 + [False] * 2]),
        "use_causal_mask": causal,
    }
    fused = layer(Q, V, **options)
    explicit, _ = layer(Q, V, return_attention_scores=True, **options)
    np.testing.assert_allclose(_numpy(fused), _numpy(explicit), atol=1e-5)


def test_masked_values_are_as_if_absent(backend):
    mask = np.array([[True] * 3 + [False] * 2] * 2)
    multi, single = layers.MultiHeadAttention(2, 3), layers.Attention()
    for run, short in (
        (multi(Q, V, value_mask=mask), multi(Q, V[:, :3])),
        (single([Q, V], mask=[None, mask]), single([Q, V[:, :3]])),
    ):
        np.testing.assert_allclose(_numpy(run), _numpy(short), atol=1e-5)


def test_attention_over_two_axes_is_attention_over_their_product(backend):
    x = RANDOM.standard_normal((2, 3, 4, 6)).astype("float32")
    layer = layers.MultiHeadAttention(2, 3)
    got, scores = layer(x, x, return_attention_scores=True)
    flat = x.reshape(2, 12, 6)
    np.testing.assert_allclose(
        _numpy(got).reshape(2, 12, 6), _numpy(layer(flat, flat)), atol=1e-5
    )
    assert tuple(scores.shape) == (2, 2, 3, 4, 3, 4)


def test_shapes_are_known_before_values(backend):
    q, v = keras.Input((4, 6)), keras.Input((None, 6))
    assert layers.MultiHeadAttention(2, 3)(q, v).shape == (None, 4, 6)
    assert layers.Attention()([q, v]).shape == (None, 4, 6)


def test_wrong_arguments_are_named():
    with pytest.raises(ValueError, match="one tensor; expected a list"):
        layers.Attention()(Q)
    with pytest.raises(ValueError, match="num_query_heads=4 and num_key_value_heads=3"):
        layers.GroupQueryAttention(2, 4, 3)
    with pytest.raises(ValueError, match="score_mode"):
        layers.Attention(score_mode="sum")
    with pytest.raises(ValueError, match="num_heads"):
        layers.MultiHeadAttention(0, 3)
