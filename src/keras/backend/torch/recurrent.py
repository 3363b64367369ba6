"""PyTorch's own LSTM and GRU, which run on oneDNN or cuDNN."""

import torch
from torch import _VF

from keras.typing import Native


def _weights(
    kernel: Native, recurrent: Native, bias: tuple[Native, Native] | None
) -> list[Native]:
    """In torch's layout: `(gates * units, features)`."""
    weights = [kernel.t().contiguous(), recurrent.t().contiguous()]
    return weights if bias is None else [*weights, *bias]


def lstm(
    x: Native,
    h: Native,
    c: Native,
    kernel: Native,
    recurrent_kernel: Native,
    bias: Native | None,
) -> tuple[Native, Native, Native]:
    """All outputs, and the last states. torch has the gates in Keras's order."""
    if x.is_meta:
        return x.new_empty((*x.shape[:2], h.shape[1])), h, c
    pair = None if bias is None else (bias, torch.zeros_like(bias))
    weights = _weights(kernel, recurrent_kernel, pair)
    train = torch.is_grad_enabled()
    outputs, last_h, last_c = _VF.lstm(
        x, (h[None], c[None]), weights, bias is not None, 1, 0.0, train, False, True
    )
    return outputs, last_h[0], last_c[0]


def gru(
    x: Native,
    h: Native,
    kernel: Native,
    recurrent_kernel: Native,
    bias: Native | None,
) -> tuple[Native, Native]:
    """All outputs, and the last state. torch has the gates in the order r, z, n."""
    if x.is_meta:
        return x.new_empty((*x.shape[:2], h.shape[1])), h
    pair = None if bias is None else (_reset_first(bias[0]), _reset_first(bias[1]))
    weights = _weights(_reset_first(kernel), _reset_first(recurrent_kernel), pair)
    train = torch.is_grad_enabled()
    outputs, last = _VF.gru(
        x, h[None], weights, bias is not None, 1, 0.0, train, False, True
    )
    return outputs, last[0]


def _reset_first(x: Native) -> Native:
    z, r, n = x.chunk(3, -1)
    return torch.cat([r, z, n], -1)
