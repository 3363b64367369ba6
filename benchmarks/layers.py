"""Layers on torch against those of torch.nn: milliseconds, forward and backward.

    python benchmarks/layers.py [--only NAME ...] [--rounds 9] [--threads 1]

Both get the same channels-last tensor, and gradients of input and weights are computed;
medians of rounds in turns. Above 1 the layer of Keras takes longer.
"""

import argparse
import os
import statistics
import time

os.environ["KERAS_BACKEND"] = "torch"

import torch
from torch import nn

from keras import layers

IMAGE, SEQUENCE = (32, 28, 28, 32), (32, 64, 128)


class ChannelsLast(nn.Module):
    """An image module of torch between channels-last tensors."""

    def __init__(self, *modules):
        super().__init__()
        self.inner = nn.Sequential(*modules).to(memory_format=torch.channels_last)

    def forward(self, x):
        return self.inner(x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)


class TimeSecond(nn.Module):
    """A sequence module of torch between `(batch, time, channels)` tensors."""

    def __init__(self, *modules):
        super().__init__()
        self.inner = nn.Sequential(*modules)

    def forward(self, x):
        return self.inner(x.transpose(1, 2)).transpose(1, 2)


class First(nn.Module):
    """The first result of a module that is called with its input several times."""

    def __init__(self, inner, times=1):
        super().__init__()
        self.inner, self.times = inner, times

    def forward(self, x):
        return self.inner(*[x] * self.times)[0]


class SelfAttention(layers.Layer):
    def __init__(self, heads, size):
        super().__init__()
        self.inner = layers.MultiHeadAttention(heads, size)

    def call(self, x):
        return self.inner(x, x)


def cases():
    """Name: layer, module of torch, shape of the input."""
    conv, norm = nn.Conv2d, nn.BatchNorm2d
    of_images = {
        "Conv2D": (layers.Conv2D(32, 3, padding="same"), conv(32, 32, 3, padding=1)),
        "Conv2D, stride 2": (
            layers.Conv2D(64, 3, 2, padding="same"),
            conv(32, 64, 3, 2, padding=1),
        ),
        "Conv2D 1x1": (layers.Conv2D(64, 1), conv(32, 64, 1)),
        "DepthwiseConv2D": (
            layers.DepthwiseConv2D(3, padding="same"),
            conv(32, 32, 3, padding=1, groups=32),
        ),
        "Conv2DTranspose": (
            layers.Conv2DTranspose(32, 3, 2, padding="same"),
            nn.ConvTranspose2d(32, 32, 3, 2, padding=1, output_padding=1),
        ),
        "BatchNormalization": (layers.BatchNormalization(), norm(32)),
        "GroupNormalization": (layers.GroupNormalization(8), nn.GroupNorm(8, 32)),
        "MaxPooling2D": (layers.MaxPooling2D(2), nn.MaxPool2d(2)),
        "MaxPooling2D, same": (
            layers.MaxPooling2D(3, 2, padding="same"),
            nn.MaxPool2d(3, 2, padding=1),
        ),
        "AveragePooling2D, same": (
            layers.AveragePooling2D(3, 2, padding="same"),
            nn.AvgPool2d(3, 2, padding=1, count_include_pad=False),
        ),
        "UpSampling2D": (layers.UpSampling2D(2), nn.Upsample(scale_factor=2)),
        "UpSampling2D, bilinear": (
            layers.UpSampling2D(2, interpolation="bilinear"),
            nn.Upsample(scale_factor=2, mode="bilinear"),
        ),
        "ZeroPadding2D": (layers.ZeroPadding2D(1), nn.ZeroPad2d(1)),
        "Dropout": (layers.Dropout(0.5), nn.Dropout(0.5)),
        "PReLU": (layers.PReLU(shared_axes=[1, 2]), nn.PReLU(32)),
        **{
            name: (layers.Activation(name), module)
            for name, module in {
                "relu": nn.ReLU(),
                "relu6": nn.ReLU6(),
                "celu": nn.CELU(),
                "elu": nn.ELU(),
                "gelu": nn.GELU(),
                "hard_silu": nn.Hardswish(),
                "mish": nn.Mish(),
                "silu": nn.SiLU(),
                "softplus": nn.Softplus(),
                "softsign": nn.Softsign(),
                "tanh": nn.Tanh(),
            }.items()
        },
    }
    of_sequences = {
        "Dense": (layers.Dense(128), nn.Linear(128, 128)),
        "Conv1D": (
            layers.Conv1D(128, 3, padding="same"),
            TimeSecond(nn.Conv1d(128, 128, 3, padding=1)),
        ),
        "LayerNormalization": (layers.LayerNormalization(), nn.LayerNorm(128)),
        "RMSNormalization": (layers.RMSNormalization(), nn.RMSNorm(128)),
        "MultiHeadAttention": (
            SelfAttention(8, 16),
            First(nn.MultiheadAttention(128, 8, batch_first=True), 3),
        ),
        "LSTM": (
            layers.LSTM(128, return_sequences=True),
            First(nn.LSTM(128, 128, batch_first=True)),
        ),
        "GRU": (
            layers.GRU(128, return_sequences=True),
            First(nn.GRU(128, 128, batch_first=True)),
        ),
        "Bidirectional LSTM": (
            layers.Bidirectional(layers.LSTM(64, return_sequences=True)),
            First(nn.LSTM(128, 64, batch_first=True, bidirectional=True)),
        ),
    }
    for name, (layer, module) in of_images.items():
        yield name, layer, ChannelsLast(module), IMAGE
    for name, (layer, module) in of_sequences.items():
        yield name, layer, module, SEQUENCE


def step(function, x, upstream, weights):
    """Milliseconds of one call with its gradients."""
    start = time.perf_counter()
    for tensor in (x, *weights):
        tensor.grad = None
    y = function(x)
    y.backward(upstream if upstream.shape == y.shape else torch.ones_like(y))
    return (time.perf_counter() - start) * 1e3


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    print(f"{'layer':24} {'torch ms':>9} {'keras ms':>9} {'ratio':>6}")
    for name, layer, module, shape in cases():
        if options.only and name not in options.only:
            continue
        x = torch.randn(shape, requires_grad=True)
        upstream = torch.randn(layer(x).shape)

        def ours(x, layer=layer):
            return layer(x, training=True)

        weights = [v.value for v in layer.trainable_variables]
        pairs = [
            (
                step(module, x, upstream, list(module.parameters())),
                step(ours, x, upstream, weights),
            )
            for _ in range(options.rounds + 1)
        ][1:]
        native, whole = (statistics.median(times) for times in zip(*pairs, strict=True))
        print(f"{name:24} {native:9.2f} {whole:9.2f} {whole / native:6.2f}")


if __name__ == "__main__":
    main()
