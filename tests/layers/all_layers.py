"""One list of all layers: how to make each, and what to feed it.

A new layer is one line here; the tests of test_all_layers.py walk the list.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from keras import layers


@dataclass(frozen=True)
class Case:
    """A layer, the shapes of its inputs (a list for several), and their dtype."""

    make: Callable[..., Any]
    """Takes keyword arguments that every layer has (`name`, `dtype`)."""
    shape: Any
    dtype: str = "float32"
    is_random: bool = False
    """Whether it draws noise in training."""
    ignores_mask: bool = False
    """Whether a mask ends there with a warning."""

    @property
    def name(self) -> str:
        return type(self.make()).__name__


def _case(cls: type, *args: Any, shape: Any = (2, 4, 6), **options: Any) -> Case:
    traits = {
        k: options.pop(k)
        for k in ("is_random", "ignores_mask", "input_dtype")
        if k in options
    }
    return Case(
        lambda **kwargs: cls(*args, **options, **kwargs),
        shape,
        traits.get("input_dtype", "float32"),
        traits.get("is_random", False),
        traits.get("ignores_mask", False),
    )


_IMAGE = (2, 8, 8, 4)
_VOLUME = (2, 4, 4, 4, 2)
_PAIR = [(2, 3, 4), (2, 3, 4)]

ALL = [
    _case(layers.Activation, "tanh"),
    _case(layers.ActivityRegularization, l2=0.1),
    _case(layers.AdaptiveAveragePooling1D, 2, ignores_mask=True),
    _case(layers.AdaptiveAveragePooling2D, (3, 2), shape=_IMAGE),
    _case(layers.AdaptiveAveragePooling3D, 2, shape=_VOLUME),
    _case(layers.AdaptiveMaxPooling1D, 3, ignores_mask=True),
    _case(layers.AdaptiveMaxPooling2D, 2, shape=_IMAGE),
    _case(layers.AdaptiveMaxPooling3D, 2, shape=_VOLUME),
    _case(layers.Add, shape=_PAIR),
    _case(layers.AlphaDropout, 0.5, is_random=True),
    _case(layers.Average, shape=_PAIR),
    _case(layers.AveragePooling1D, 2, ignores_mask=True),
    _case(layers.AveragePooling2D, 3, padding="same", shape=_IMAGE),
    _case(layers.AveragePooling3D, 2, shape=_VOLUME),
    _case(layers.BatchNormalization, momentum=0.9),
    _case(layers.Concatenate, shape=_PAIR),
    _case(layers.Conv1D, 5, 3, padding="causal", ignores_mask=True),
    _case(layers.Conv1DTranspose, 3, 2, strides=2, ignores_mask=True),
    _case(layers.Conv2D, 6, 3, groups=2, activation="relu", shape=_IMAGE),
    _case(layers.Conv2DTranspose, 3, 3, strides=2, padding="same", shape=_IMAGE),
    _case(layers.Conv3D, 3, 2, shape=_VOLUME),
    _case(layers.Conv3DTranspose, 3, 2, shape=_VOLUME),
    _case(layers.Cropping1D, 1, ignores_mask=True),
    _case(layers.Cropping2D, ((1, 0), (2, 1)), shape=_IMAGE),
    _case(layers.Cropping3D, 1, shape=_VOLUME),
    _case(layers.Dense, 5, activation="relu"),
    _case(layers.DepthwiseConv1D, 3, ignores_mask=True),
    _case(layers.DepthwiseConv2D, 3, depth_multiplier=2, shape=_IMAGE),
    _case(layers.Dot, axes=2, shape=_PAIR),
    _case(layers.Dropout, 0.5, is_random=True),
    _case(layers.ELU, 0.5),
    _case(
        layers.EinsumDense, "abc,cd->abd", (None, 5), bias_axes="d", ignores_mask=True
    ),
    _case(layers.Embedding, 10, 4, shape=(2, 5), input_dtype="int32"),
    _case(layers.GRU, 4, return_sequences=True),
    _case(layers.LSTM, 4, return_sequences=True),
    _case(layers.SimpleRNN, 4, return_sequences=True),
    _case(layers.Flatten, ignores_mask=True),
    _case(layers.GaussianDropout, 0.5, is_random=True),
    _case(layers.GaussianNoise, 0.5, is_random=True),
    _case(layers.GlobalAveragePooling1D),
    _case(layers.GlobalAveragePooling2D, shape=_IMAGE),
    _case(layers.GlobalAveragePooling3D, shape=_VOLUME),
    _case(layers.GlobalMaxPooling1D, ignores_mask=True),
    _case(layers.GlobalMaxPooling2D, keepdims=True, shape=_IMAGE),
    _case(layers.GlobalMaxPooling3D, shape=_VOLUME),
    _case(layers.GroupNormalization, 2),
    _case(layers.Identity),
    _case(layers.LayerNormalization),
    _case(layers.LeakyReLU, 0.2),
    _case(layers.Masking),
    _case(layers.MaxPooling1D, 2, ignores_mask=True),
    _case(layers.MaxPooling2D, 3, strides=2, padding="same", shape=_IMAGE),
    _case(layers.MaxPooling3D, 2, shape=_VOLUME),
    _case(layers.Maximum, shape=_PAIR),
    _case(layers.Minimum, shape=_PAIR),
    _case(layers.Multiply, shape=_PAIR),
    _case(layers.PReLU, "ones", shared_axes=[1]),
    _case(layers.Permute, (2, 1), ignores_mask=True),
    _case(layers.RMSNormalization),
    _case(layers.ReLU, max_value=0.5),
    _case(layers.RepeatVector, 3, shape=(2, 4), ignores_mask=True),
    _case(layers.Rescaling, 0.5, offset=1.0),
    _case(layers.Reshape, (3, -1), ignores_mask=True),
    _case(layers.ReversibleEmbedding, 10, 4, shape=(2, 5), input_dtype="int32"),
    _case(layers.SeparableConv1D, 3, 2, ignores_mask=True),
    _case(layers.SeparableConv2D, 3, 2, shape=_IMAGE),
    _case(layers.Softmax),
    Case(
        lambda **kw: layers.SpectralNormalization(
            layers.Dense(3, dtype=kw.get("dtype")), **kw
        ),
        (2, 4, 6),
        ignores_mask=True,
    ),
    _case(layers.SpatialDropout1D, 0.5, shape=(2, 4, 16), is_random=True),
    _case(layers.SpatialDropout2D, 0.5, shape=(2, 3, 3, 16), is_random=True),
    _case(layers.SpatialDropout3D, 0.5, shape=(2, 2, 2, 2, 16), is_random=True),
    _case(layers.Subtract, shape=_PAIR),
    _case(layers.UnitNormalization),
    _case(layers.UpSampling1D, 2, ignores_mask=True),
    _case(layers.UpSampling2D, (1, 2), shape=_IMAGE),
    _case(layers.UpSampling3D, 2, shape=_VOLUME),
    _case(layers.ZeroPadding1D, (1, 2), ignores_mask=True),
    _case(layers.ZeroPadding2D, 1, shape=_IMAGE),
    _case(layers.ZeroPadding3D, 1, shape=_VOLUME),
]

# Layers that the list cannot hold: what they compute depends on what they are given.
# They have tests of their own.
ALL += [
    _case(layers.AdditiveAttention, shape=_PAIR),
    _case(layers.Attention, shape=_PAIR),
    _case(layers.ConvLSTM1D, 2, 2, shape=(2, 3, 5, 2), ignores_mask=True),
    _case(layers.ConvLSTM2D, 2, 2, shape=(2, 3, 5, 4, 2)),
    _case(layers.ConvLSTM3D, 2, 2, shape=(2, 3, 4, 4, 3, 2)),
    _case(layers.SimpleRNN, 4, return_sequences=True),
]

# Layers that take more than an input, or other layers; tested in files of their own.
SPECIAL = {
    *("Input", "InputLayer", "Layer", "Lambda", "Wrapper", "TorchModuleWrapper"),
    *("RNN", "StackedRNNCells", "SimpleRNNCell", "LSTMCell", "GRUCell"),
    *("Bidirectional", "TimeDistributed", "MultiHeadAttention", "GroupQueryAttention"),
}
