"""Convolution and pooling on PyTorch.

Images stay channels-last in memory: torch sees them through a permuted view, which is
what oneDNN and cuDNN like best, so that nothing is copied on the way in or out.
"""

from collections.abc import Callable, Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import log_softmax as log_softmax
from torch import relu as relu
from torch import softmax as softmax

from keras.backend.planning import planned
from keras.backend.torch.arrays import DTYPES, at_hand, derivatives, from_last
from keras.typing import Native

Ints = Sequence[int]
Pads = Sequence[tuple[int, int]]

_CONV: dict[int, Any] = {2: torch.conv2d, 3: torch.conv3d}
_MAX_POOL: dict[int, Any] = {  # those of F look at what they shall return first
    1: torch.max_pool1d,
    2: torch.max_pool2d,
    3: torch.max_pool3d,
}
_AVG_POOL: dict[int, Any] = {1: F.avg_pool1d, 2: F.avg_pool2d, 3: F.avg_pool3d}
_TO_FIRST = {n: (0, n + 1, *range(1, n + 1)) for n in (1, 2, 3)}
_TO_LAST = {n: (0, *range(2, n + 2), 1) for n in (1, 2, 3)}
_KERNEL = {n: (n + 1, n, *range(n)) for n in (1, 2, 3)}


def _pad(x: Native, padding: Pads, value: float = 0.0) -> Native:
    """Pad channels-first `x`; negative padding crops."""
    flat = from_last(tuple(padding))
    return torch.constant_pad_nd(x, flat, value) if any(flat) else x


def _brief(values: Ints) -> Any:
    """One int where all are equal: torch reads it in less time than a tuple."""
    first = values[0]
    return first if all(v == first for v in values) else tuple(values)


@planned
def _in_conv(strides: Ints, padding: Pads, dilation: Ints) -> tuple[Any, Any, Any]:
    """Strides, padding and dilation as torch's kernels take them; padding is `None`
    where it is not the same before and after a dimension."""
    even = all(a == b and a >= 0 for a, b in padding)
    before = _brief([a for a, _ in padding]) if even else None
    return _brief(strides), before, _brief(dilation)


def conv(
    x: Native,
    kernel: Native,
    bias: Native | None,
    strides: Ints,
    padding: Pads,
    dilation: Ints,
    groups: int,
) -> Native:
    if len(strides) == 1:
        return _by_row(
            lambda x, kernel, *plan: conv(x, kernel, bias, *plan),
            (x, kernel, strides, padding, dilation, groups),
        )
    rank = len(strides)
    steps, even, spread = _in_conv(strides, padding, dilation)
    image = torch.permute(x, _TO_FIRST[rank])
    weights = torch.permute(kernel, _KERNEL[rank])
    if kernel.shape[-1] == 1:  # its strides are taken for those of another layout
        weights = weights.contiguous()
    result = _CONV[rank](
        _pad(image, padding) if even is None else image,
        weights,
        bias,
        steps,
        even or 0,
        spread,
        groups,
    )
    return torch.permute(result, _TO_LAST[rank])


def _by_row(convolve: Callable[..., Native], arguments: tuple[Any, ...]) -> Native:
    """A sequence as an image of one row: torch has channels-last kernels for these."""
    x, kernel, strides, padding, dilation, *groups = arguments
    row, window, pads = x.unsqueeze(1), kernel.unsqueeze(0), ((0, 0), *padding)
    result = convolve(row, window, (1, *strides), pads, (1, *dilation), *groups)
    return result.squeeze(1)


_CONV_TRANSPOSE: dict[int, Any] = {
    2: F.conv_transpose2d,
    3: F.conv_transpose3d,
}


def conv_transpose(
    x: Native, kernel: Native, strides: Ints, padding: Pads, dilation: Ints
) -> Native:
    if len(strides) == 1:
        return _by_row(conv_transpose, (x, kernel, strides, padding, dilation))
    rank = len(strides)
    result = _CONV_TRANSPOSE[rank](
        x.permute(_TO_FIRST[rank]),
        # (*spatial, out, in) -> (in, out, *spatial)
        kernel.permute(_KERNEL[rank]),
        None,
        tuple(strides),
        0,
        0,
        1,
        tuple(dilation),
    )
    # torch's full result has (n - 1) * dilation of padding on each side.
    grown = [
        (a - (n - 1) * d, b - (n - 1) * d)
        for (a, b), n, d in zip(padding, kernel.shape[:rank], dilation, strict=True)
    ]
    return _pad(result, grown).permute(_TO_LAST[rank])


def max_pool(x: Native, size: Ints, strides: Ints, padding: Pads) -> Native:
    if not x.is_floating_point():
        # torch pools floats only; float64 holds every int32 exactly.
        return max_pool(x.double(), size, strides, padding).to(x.dtype)
    rank = len(size)
    image = torch.permute(x, _TO_FIRST[rank])
    window, steps, native = _in_pool(x.shape, size, strides, padding)
    if native is None:
        image, native = _pad(image, padding, -float("inf")), (0, False)
    before, up = native
    result = _MAX_POOL[rank](image, window, steps, before, 1, up)
    return torch.permute(result, _TO_LAST[rank])


@planned
def _in_pool(
    shape: Ints, size: Ints, strides: Ints, padding: Pads
) -> tuple[Any, Any, tuple[Any, bool] | None]:
    """Windows and strides as torch's pools take them; and the padding, and whether the
    number of windows is rounded up, by which they themselves pad as asked for (`None`
    where they cannot)."""
    fits = {False, True}
    for n, k, s, (before, after) in zip(
        shape[1:-1], size, strides, padding, strict=True
    ):
        wanted = (n + before + after - k) // s + 1
        room = n + 2 * before - k
        most = (n + before - 1) // s + 1  # windows begin before the padding at the end
        if before > k // 2 or room // s + 1 != wanted:
            fits.discard(False)
        if before > k // 2 or min(-(-room // s) + 1, most) != wanted:
            fits.discard(True)
    native = (_brief([b for b, _ in padding]), min(fits)) if fits else None
    return _brief(size), _brief(strides), native


def average_pool(x: Native, size: Ints, strides: Ints, padding: Pads) -> Native:
    rank = len(size)
    if rank == 3 and x.dtype in (torch.bfloat16, torch.float16) and x.is_cpu:
        # torch 2.13 has no such kernel on the CPU.
        return average_pool(x.float(), size, strides, padding).to(x.dtype)
    pool = _AVG_POOL[rank]
    image = torch.permute(x, _TO_FIRST[rank])
    window, steps, native = _in_pool(x.shape, size, strides, padding)
    if native is not None:
        before, up = native
        result = pool(image, window, steps, before, up, False)
    else:
        ones = torch.ones_like(image[:1, :1])
        result, shares = (pool(_pad(v, padding), window, steps) for v in (image, ones))
        result = result / shares
    return torch.permute(result, _TO_LAST[rank])


def resize(x: Native, size: Ints, interpolation: str) -> Native | None:
    """Images `(batch, height, width, channels)` by torch's kernels, where these are the
    faster ones and place the pixels as Keras does."""
    height, width = x.shape[1:3]
    if not x.numel() or x.dtype not in (torch.float32, torch.float64):
        return None
    whole = size[0] % height == size[1] % width == 0
    if interpolation == "bilinear" or (interpolation == "nearest" and whole):
        mode = "nearest-exact" if interpolation == "nearest" else interpolation
        image = torch.permute(x, _TO_FIRST[2])
        return torch.permute(F.interpolate(image, tuple(size), mode=mode), _TO_LAST[2])
    return None


def one_hot(x: Native, classes: int, dtype: str) -> Native:
    if at_hand(x):
        if x.dtype is not torch.int64:
            x = x.long()
        try:  # a sixth of the time, and of the memory traffic
            zeros = torch.zeros(*x.shape, classes, dtype=DTYPES[dtype])
            return zeros.scatter_(-1, x.unsqueeze(-1), value=1)
        except RuntimeError:  # some are no class
            pass
    places = torch.arange(classes, device=x.device)
    return (x.unsqueeze(-1) == places).to(dtype=DTYPES[dtype])


_attend = F.scaled_dot_product_attention


def dot_product_attention(
    query: Native,
    key: Native,
    value: Native,
    bias: Native | None,
    scale: float | None,
    is_causal: bool,
    group: int,
) -> Native | None:
    """PyTorch's fused attention; `None` where it refuses the arguments."""
    if derivatives.get() > 1:
        return None
    more: dict[str, Any] = {}  # torch takes as long to read a default as a value
    if bias is not None:
        if is_causal:
            return None
        more["attn_mask"] = bias
    if scale is not None:
        more["scale"] = scale
    if is_causal:
        more["is_causal"] = True
    if group > 1:
        more["enable_gqa"] = True
    q, k, v = query.transpose(1, 2), key.transpose(1, 2), value.transpose(1, 2)
    return _attend(q, k, v, **more).transpose(1, 2)


def layer_normalization(
    x: Native, gamma: Native | None, beta: Native | None, rank: int, epsilon: float
) -> Native:
    last = x.shape
    last = (last[-1],) if rank == 1 else last[-rank:]
    return torch.layer_norm(x, last, gamma, beta, epsilon)


def normalized_batch(
    x: Native, axis: int, offset: Native | None, scale: Native | None, epsilon: float
) -> tuple[Native, Native, Native] | None:
    """In one kernel, whose gradient is another: a sixth of the time."""
    rows = _channels_second(x, axis)
    if rows is None or rows.numel() < 2 * rows.shape[1]:
        return None
    result, mean, deviation = torch.native_batch_norm(
        rows, scale, offset, None, None, True, 0.0, epsilon
    )
    # What is returned is 1 / sqrt(variance + epsilon).
    variance = torch.clamp(deviation.pow(-2) - epsilon, min=0)
    return result.view(x.shape), mean, variance


def batch_normalization(
    x: Native,
    axis: int,
    mean: Native,
    variance: Native,
    offset: Native | None,
    scale: Native | None,
    epsilon: float,
) -> Native | None:
    rows = _channels_second(x, axis)
    if rows is None or mean.requires_grad or variance.requires_grad:
        return None  # the kernel takes these two for constants
    result, _, _ = torch.native_batch_norm(
        rows, scale, offset, mean, variance, False, 0.0, epsilon
    )
    return result if result.ndim == x.ndim else result.view(x.shape)


def normalized_groups(
    x: Native,
    groups: int,
    axis: int,
    offset: Native | None,
    scale: Native | None,
    epsilon: float,
) -> Native:
    if scale is None and offset is not None:
        scale = torch.ones_like(offset)  # the gradient wants both or none
    image = x.movedim(axis, 1)
    if torch.is_grad_enabled():
        # Of channels-last images torch 2.13 computes the gradient of the weights alone
        # by reading memory that is not there: the process ends.
        image = image.contiguous()
    result = torch.group_norm(image, groups, scale, offset, epsilon)
    return result.movedim(1, axis).contiguous()


def _channels_second(x: Native, axis: int) -> Native | None:
    """`x` as torch normalizes it: with channels at the end all else is rows."""
    if not x.is_floating_point():
        return None
    if axis == 1:
        return x
    return x.reshape(-1, x.shape[-1]) if axis == x.ndim - 1 else None


def ctc_loss(
    log_p: Native, labels: Native, label_length: Native, length: Native, blank: int
) -> Native:
    if log_p.is_meta:
        return log_p.new_empty(log_p.shape[0])
    return F.ctc_loss(
        log_p.transpose(0, 1),
        labels.long(),
        length.long(),
        label_length.long(),
        blank=blank,
        reduction="none",
    )


# Fast paths of composed ops: an MLP trains 1.5 times as fast (benchmarks/training.py).


def dense(x: Native, kernel: Native, bias: Native) -> Native:
    """`x @ kernel + bias` in one kernel and one node of the graph."""
    if x.is_meta:
        # torch infers the shape of addmm in Python, a hundred times as slowly.
        return torch.matmul(x, kernel) + bias
    if x.ndim == 2:
        return torch.addmm(bias, x, kernel)
    # F.linear would add the bias in a pass of its own.
    rows = torch.addmm(bias, x.reshape(-1, x.shape[-1]), kernel)
    return rows.view(*x.shape[:-1], rows.shape[-1])


def binary_crossentropy(target: Native, logits: Native) -> Native:
    return torch.binary_cross_entropy_with_logits(logits, target)


def categorical_crossentropy(target: Native, logits: Native) -> Native:
    return torch._C._nn.cross_entropy_loss(logits, target, None, 0, -100, 0.0)


def sparse_categorical_crossentropy(index: Native, log_p: Native) -> Native:
    """`-log_p` at `index`, along the last axis; 0 where `index` is no class."""
    index = index.long()
    if at_hand(log_p):
        try:
            return _nll(index, log_p)
        except IndexError:  # on an accelerator it would end the process
            pass
    # torch refuses indices out of range but for one, which it leaves out.
    no_class = (index < 0) | (index >= log_p.shape[-1])
    return _nll(index.masked_fill(no_class, -100), log_p)


def _nll(index: Native, log_p: Native) -> Native:
    if log_p.ndim == 2:
        return F.nll_loss(log_p, index, reduction="none")
    rows = log_p.reshape(-1, log_p.shape[-1])
    return F.nll_loss(rows, index.reshape(-1), reduction="none").reshape(index.shape)
