"""Activations that PyTorch has as one kernel."""

import torch
import torch.nn.functional as F
from torch import celu as celu
from torch import selu as selu
from torch.nn.functional import silu as silu

from keras.typing import Function, Native

hard_sigmoid: Function = F.hardsigmoid
hard_silu: Function = F.hardswish
relu6: Function = F.relu6


def softplus(x: Native) -> Native:
    if x.dtype is torch.float64:  # the default threshold of 20 cuts it off at 2e-9
        return F.softplus(x, 1.0, 40.0)
    return F.softplus(x)


def elu(x: Native, alpha: float) -> Native:
    return F.elu(x, alpha)


def gelu(x: Native, approximate: bool) -> Native:
    return F.gelu(x, approximate="tanh" if approximate else "none")


def leaky_relu(x: Native, negative_slope: float) -> Native:
    return F.leaky_relu(x, negative_slope)
