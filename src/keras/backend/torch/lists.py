"""Arithmetic on lists of tensors by PyTorch's multi-tensor kernels.

Fast paths of the functions of the same names in `keras.optimizers._lists`: one call for
all variables of a step. With `reuse` the result lies in the memory of the first list.
"""

from typing import Any

import torch

from keras.typing import Native

List = list[Native]


def list_add(xs: List, y: Any, alpha: Any = 1.0, reuse: bool = False) -> List:
    if not isinstance(y, list):
        y = y if alpha == 1.0 else alpha * y
        if reuse:
            torch._foreach_add_(xs, y)
            return xs
        return list(torch._foreach_add(xs, y))
    if isinstance(alpha, torch.Tensor):
        y, alpha = torch._foreach_mul(y, alpha), 1.0
    if reuse:
        torch._foreach_add_(xs, y, alpha=alpha)
        return xs
    return list(torch._foreach_add(xs, y, alpha=alpha))


def list_mul(xs: List, y: Any, reuse: bool = False) -> List:
    if reuse:
        torch._foreach_mul_(xs, y)
        return xs
    return list(torch._foreach_mul(xs, y))


def list_div(xs: List, y: Any, reuse: bool = False) -> List:
    if reuse:
        torch._foreach_div_(xs, y)
        return xs
    return list(torch._foreach_div(xs, y))


def list_sqrt(xs: List, reuse: bool = False) -> List:
    if reuse:
        torch._foreach_sqrt_(xs)
        return xs
    return list(torch._foreach_sqrt(xs))


def list_power(xs: List, exponent: float) -> List:
    return list(torch._foreach_pow(xs, exponent))


def list_abs(xs: List) -> List:
    return list(torch._foreach_abs(xs))


def list_sign(xs: List) -> List:
    return list(torch._foreach_sign(xs))


def list_maximum(xs: List, y: Any, reuse: bool = False) -> List:
    if reuse:
        torch._foreach_clamp_min_(xs, y)
        return xs
    return list(torch._foreach_clamp_min(xs, y))


def list_minimum(xs: List, y: Any) -> List:
    return list(torch._foreach_clamp_max(xs, y))


def list_lerp(xs: List, ys: List, weight: Any) -> List:
    if isinstance(weight, torch.Tensor):
        difference = torch._foreach_sub(ys, xs)
        torch._foreach_mul_(difference, weight)
        torch._foreach_add_(xs, difference)
    else:
        torch._foreach_lerp_(xs, ys, weight)
    return xs


def list_addcmul(xs: List, ys: List, zs: List, value: Any) -> List:
    if isinstance(value, torch.Tensor):
        ys, value = torch._foreach_mul(ys, value), 1.0
    torch._foreach_addcmul_(xs, ys, zs, value)
    return xs


def list_addcdiv(xs: List, ys: List, zs: List, value: Any) -> List:
    if isinstance(value, torch.Tensor):
        ys, value = torch._foreach_mul(ys, value), 1.0
    torch._foreach_addcdiv_(xs, ys, zs, value)
    return xs


def list_norm(xs: List) -> List:
    return list(torch._foreach_norm(xs))


def list_assign(xs: List, ys: List) -> List:
    torch._foreach_copy_(xs, ys)
    return xs


def list_zero(xs: List) -> List:
    torch._foreach_zero_(xs)
    return xs


def fused_adam(
    weights: List,
    gradients: List,
    momenta: List,
    velocities: List,
    maxima: List,
    step: Any,
    learning_rate: Any,
    beta_1: float,
    beta_2: float,
    epsilon: float,
) -> bool:
    """Adam by one kernel; False, and nothing done, where that cannot be."""
    if isinstance(step, torch.Tensor) or isinstance(learning_rate, torch.Tensor):
        return False
    kind, place = weights[0].dtype, weights[0].device
    if any(w.dtype is not kind or w.device != place for w in weights):
        return False
    # The kernel walks through memory and takes no notice of strides.
    order, *others = (
        list(map(torch.Tensor.stride, xs))
        for xs in (weights, gradients, momenta, velocities)
    )
    if any(other != order for other in others):
        return False
    # Torch divides both moments by their bias first: its epsilon is smaller by that.
    bias = (1.0 - beta_2**step) ** 0.5
    count = torch.full((), step, dtype=torch.float32, device=place)
    torch._fused_adam_(
        weights,
        gradients,
        momenta,
        velocities,
        maxima,
        [count] * len(weights),
        lr=learning_rate,
        beta1=beta_1,
        beta2=beta_2,
        weight_decay=0.0,
        eps=epsilon / bias,
        amsgrad=bool(maxima),
        maximize=False,
    )
    return True
