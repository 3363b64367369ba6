"""Torch modules seen from outside: their state, and calls with other values for it."""

import io
from collections.abc import Mapping
from typing import Any

import torch

from keras.typing import Native


def is_module(x: object) -> bool:
    """Whether `x` is a torch module."""
    return isinstance(x, torch.nn.Module)


def parameters(module: Any) -> dict[str, Native]:
    """The parameters by name."""
    return dict(module.named_parameters())


def buffers(module: Any) -> dict[str, Native]:
    """The buffers by name."""
    return dict(module.named_buffers())


def run(
    module: Any,
    state: Mapping[str, Native],
    training: bool | None,
    *args: Any,
    **kw: Any,
) -> tuple[Any, dict[str, Native]]:
    """What the module returns with `state` in place of its own, and its new buffers."""
    if training is not None:
        module.train(training)
    names = buffers(module)
    # A module changes its buffers in place; what a variable holds must not change.
    state = {k: v.detach().clone() if k in names else v for k, v in state.items()}
    result = torch.func.functional_call(module, dict(state), args, kw)
    return result, {k: state[k] for k in names}


def to_bytes(module: Any) -> bytes:
    """The module pickled."""
    file = io.BytesIO()
    torch.save(module, file)
    return file.getvalue()


def from_bytes(data: bytes) -> Any:
    """A module from `to_bytes`, which runs code out of `data`."""
    return torch.load(io.BytesIO(data), weights_only=False)
