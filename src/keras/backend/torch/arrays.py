"""Creation, conversion, shapes, indexing on PyTorch."""

from collections import deque
from contextvars import ContextVar
from functools import cache
from typing import Any

import numpy as np
import torch
from torch import stack as stack
from torch import where as where
from torch.compiler import is_compiling

from keras.backend.blocks import block_at
from keras.backend.planning import planned
from keras.typing import Function, Native

DTYPES: dict[str, torch.dtype] = {
    name: getattr(torch, name)
    for name in (
        "bool uint8 int8 int16 int32 int64 float16 bfloat16 float32 float64 "
        "complex64 complex128"
    ).split()
}
NAMES = {dtype: name for name, dtype in DTYPES.items()}
NAMES |= {torch.uint16: "uint16", torch.uint32: "uint32", torch.uint64: "uint64"}

DEFAULT_DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")
placement: ContextVar[torch.device] = ContextVar("placement", default=DEFAULT_DEVICE)
"""Where new tensors go: a device, which is "meta" while shapes are inferred. (No name:
making a tensor takes a sixth more time with one.)"""
hidden: ContextVar[str] = ContextVar("hidden", default="")
"""Why tensors do not show their values, if so: code is being "captured" as a program or
"mapped" over an axis."""

derivatives: ContextVar[int] = ContextVar("derivatives", default=0)
"""How many differentiations the code is inside of: under two the gradients themselves
must be differentiable, which those of some kernels are not."""


def convert(x: Any, dtype: str | None) -> Native:
    kind = None if dtype is None else DTYPES[dtype]
    if isinstance(x, torch.Tensor):
        return x.to(placement.get(), kind) if x.device.type != "meta" else x.to(kind)
    if type(x) is not list:
        x = _readable(x)
    return torch.as_tensor(x, dtype=kind, device=placement.get())


def _readable(x: Any) -> Any:
    """`x` as torch reads it."""
    if hasattr(x, "__array__") and not isinstance(x, np.generic):
        x = np.asarray(x)
        if x.dtype.kind == "V" and x.dtype.name == "bfloat16":
            return torch.from_numpy(x.view("int16").copy()).view(torch.bfloat16)
        if not x.flags.writeable or min(x.strides, default=0) < 0:
            return x.copy()
    return x


_AHEAD = 1 << 29
"""Bytes under way at most: a whole step is launched in no time where it is a graph, and
the batches of hundreds of steps would fill the memory of a device that is behind."""

_MOST_PINNED = 1 << 28
"""Bytes that are sent by way of pinned memory at most: it is taken from all programs.
What is larger is waited for."""

_under_way: deque[torch.cuda.Event] = deque()


@cache
def _way_to(device: int) -> torch.cuda.Stream:
    return torch.cuda.Stream(device)


def send(x: Any) -> Native:
    place = placement.get()
    is_far = place.type == "cuda"
    if isinstance(x, torch.Tensor) and not (x.is_cpu and is_far):
        return x
    if not is_far or x.nbytes > _MOST_PINNED:
        return convert(x, None)
    tensor = x if isinstance(x, torch.Tensor) else torch.as_tensor(_readable(x))
    device = place.index
    device = torch.cuda.current_device() if device is None else device
    steps, way = torch.cuda.current_stream(device), _way_to(device)
    _under_way.append(steps.record_event())
    while len(_under_way) > min(_AHEAD // max(tensor.nbytes, 1), 256):
        _under_way.popleft().synchronize()
    with torch.cuda.stream(way):
        tensor = tensor.pin_memory().to(device, non_blocking=True)
    steps.wait_stream(way)
    tensor.record_stream(steps)  # its memory is not to be used anew before
    return tensor


def free_memory() -> int | None:
    place = placement.get()
    return torch.cuda.mem_get_info(place)[0] if place.type == "cuda" else None


def to_numpy(x: Native) -> np.ndarray[Any, Any]:
    if not isinstance(x, torch.Tensor):
        return np.asarray(x)
    x = x.detach().resolve_conj().resolve_neg().cpu()
    if x.dtype is torch.bfloat16:
        import ml_dtypes  # only for the dtype that NumPy lacks

        return x.contiguous().view(torch.int16).numpy().view(ml_dtypes.bfloat16)
    return x.numpy()


tensor_types: set[type] = {torch.Tensor, torch.nn.Parameter}


def is_tensor(x: object) -> bool:
    return isinstance(x, torch.Tensor)


def dtype(x: Native) -> str:
    return NAMES[x.dtype]


def cast(x: Native, dtype: str) -> Native:
    kind = DTYPES[dtype]
    if x.is_complex() and not kind.is_complex:
        x = x.real
    return x.to(dtype=kind)  # by name: torch reads it at two thirds of the time


def copy(x: Native) -> Native:
    return x.clone()


def scalar(x: Native) -> Any:
    return x.item() if at_hand(x) else x


def at_hand(x: Native) -> bool:
    """Whether the values of `x` can be looked at, at no cost, and the code around runs
    for them alone."""
    return x.is_cpu and not (is_compiling() or hidden.get())


def bitcast(x: Native, dtype: str) -> Native:
    return x.contiguous().view(DTYPES[dtype])


def complex(real: Native, imag: Native) -> Native:
    return torch.complex(real, imag)


def full(shape: Any, value: Any, dtype: str) -> Native:
    kind, place = DTYPES[dtype], placement.get()
    if type(value) is int and value == 0 and shape:  # of memory that is zero already
        return torch.zeros(*shape, dtype=kind, device=place)
    return torch.full(shape, value, dtype=kind, device=place)


def full_like(x: Native, value: Any, dtype: str | None) -> Native:
    if dtype is None:
        return torch.full_like(x, value)
    return torch.full_like(x, value, dtype=DTYPES[dtype])


def arange(start: Any, stop: Any, step: Any, dtype: str) -> Native:
    if (stop - start) * step < 0:  # torch refuses what is empty
        stop = start
    return torch.arange(start, stop, step, dtype=DTYPES[dtype], device=placement.get())


def linspace(start: float, stop: float, num: int, dtype: str) -> Native:
    place = placement.get()  # in float64, as NumPy counts
    line = torch.linspace(start, stop, num, dtype=torch.float64, device=place)
    return line.to(dtype=DTYPES[dtype])


def eye(rows: int, columns: int, k: int, dtype: str) -> Native:
    if k == 0:
        kind, place = DTYPES[dtype], placement.get()
        return torch.eye(rows, columns, dtype=kind, device=place)
    row = torch.arange(rows, device=placement.get())[:, None]
    column = torch.arange(columns, device=placement.get())
    return (column - row == k).to(DTYPES[dtype])


# Functions, not methods: those read a tuple at half the speed (benchmarks/ops.py).


def reshape(x: Native, shape: Any) -> Native:
    return torch.reshape(x, tuple(shape))


def transpose(x: Native, axes: Any) -> Native:
    return torch.permute(x, tuple(axes))


def broadcast_to(x: Native, shape: Any) -> Native:
    return torch.broadcast_to(x, tuple(shape))


expand_dims: Function = torch.unsqueeze
concatenate: Function = torch.cat


unstack: Function = torch.unbind


def squeeze(x: Native, axis: Any) -> Native:
    return torch.squeeze(x, axis[0] if len(axis) == 1 else tuple(axis))


def split(x: Native, indices: Any, axis: int) -> Any:
    return torch.tensor_split(x, tuple(indices), axis)


def tile(x: Native, repeats: Any) -> Native:
    return torch.tile(x, tuple(repeats))


def repeat(x: Native, repeats: Any, axis: int) -> Native:
    return torch.repeat_interleave(x, repeats, axis)


def flip(x: Native, axis: Any) -> Native:
    return torch.flip(x, tuple(axis))


def roll(x: Native, shift: Any, axis: Any) -> Native:
    if len(axis) == 1:  # ints are read faster than tuples
        return torch.roll(x, shift[0], axis[0])
    return torch.roll(x, tuple(shift), tuple(axis))


def pad(x: Native, widths: Any, mode: str, value: Any) -> Native:
    if mode == "constant":
        return torch.constant_pad_nd(x, from_last(widths), value)
    # torch pads the last axes only in these modes; a gather serves every axis.
    for axis, (before, after) in enumerate(widths):
        if before or after:
            index = np.pad(np.arange(x.shape[axis]), (before, after), mode)  # type: ignore[call-overload]
            x = x.index_select(axis, torch.as_tensor(index, device=x.device))
    return x


@planned
def from_last(widths: tuple[tuple[int, int], ...]) -> tuple[int, ...]:
    """Widths as torch has them: flat, the last dimension first."""
    return tuple(int(n) for pair in reversed(widths) for n in pair)


def tril(x: Native, k: int) -> Native:
    return torch.tril(x, k)


def triu(x: Native, k: int) -> Native:
    return torch.triu(x, k)


def diagonal(x: Native, offset: int, axis1: int, axis2: int) -> Native:
    return torch.diagonal(x, offset, axis1, axis2)


def diag(x: Native, k: int) -> Native:
    return torch.diag_embed(x, k)


def getitem(x: Native, key: Any) -> Native:
    keys = key if type(key) is tuple else (key,)
    if any(isinstance(k, torch.Tensor) and k.ndim for k in keys):
        # One number beside lists of places counts as one of them, as in NumPy: it
        # decides on the order of the axes.
        keys = tuple(_as_list(k, x) if _is_place(k) else k for k in keys)
    for k in keys:
        if (type(k) is _SLICE and _is_backward(k)) or _is_hidden_place(k):
            return _by_axis(x, keys)
    return x[keys]


def _by_axis(x: Native, keys: tuple[Any, ...]) -> Native:
    """What torch does not take as a key is done to the axis first: slices with a
    negative step, and places for whose values it would ask."""
    if Ellipsis in [k if k is Ellipsis else None for k in keys]:
        at = [k is Ellipsis for k in keys].index(True)
        used = sum(k is not None and k is not Ellipsis for k in keys)
        fill = (_ALL,) * (x.ndim - used)
        keys = (*keys[:at], *fill, *keys[at + 1 :])
    result, axis = [], 0
    for k in keys:
        if _is_hidden_place(k):
            x = take(x, k, axis)
            continue
        if _is_backward(k):
            x = x.flip(axis)
            start, stop, step = k.indices(x.shape[axis])
            last = x.shape[axis] - 1
            k = np.s_[last - start : last - stop : -step]
        result.append(k)
        axis += k is not None
    return x[tuple(result)]


def _is_place(key: Any) -> bool:
    """Whether a key is one index."""
    if isinstance(key, torch.Tensor):
        return not key.ndim and key.dtype is not torch.bool
    return type(key) is int


def _is_hidden_place(key: Any) -> bool:
    return isinstance(key, torch.Tensor) and _is_place(key) and not at_hand(key)


def _as_list(place: Any, x: Native) -> Native:
    return torch.as_tensor(place, device=x.device).reshape(1)


_ALL = np.s_[:]  # the name `slice` is the primitive here
_SLICE = type(_ALL)


def _is_backward(key: Any) -> bool:
    return type(key) is _SLICE and key.step is not None and key.step < 0


def take(x: Native, indices: Native, axis: int) -> Native:
    if not indices.ndim:  # as a key torch would ask for its value, which may be hidden
        return take(x, indices.reshape(1), axis).squeeze(axis)
    # Faster than index_select with its gradient, and negative indices are taken.
    if axis:
        return x[(*(_ALL,) * axis, indices)]
    if x.requires_grad and x.ndim == 2 and at_hand(x):
        try:  # its gradient takes a third of the time
            return torch.embedding(x, indices)
        except IndexError:  # negative indices
            pass
    return x[indices]


def take_along_axis(x: Native, indices: Native, axis: int) -> Native:
    indices = indices if indices.dtype is torch.int64 else indices.long()
    if at_hand(x):
        try:
            return torch.take_along_dim(x, indices, axis)
        except (IndexError, RuntimeError):  # negative indices
            pass
    indices = torch.where(indices < 0, indices + x.shape[axis], indices)
    return torch.take_along_dim(x, indices, axis)


_REDUCE = {"max": "amax", "min": "amin", "multiply": "prod"}


def scatter_update(x: Native, indices: Native, updates: Native, mode: str) -> Native:
    where = indices.long().unbind(-1)
    if mode in ("set", "add"):
        return x.index_put(where, updates, accumulate=mode == "add")
    depth = len(where)
    flat = x.reshape(-1, *x.shape[depth:])
    row = sum(
        (i % n) * int(np.prod(x.shape[axis + 1 : depth], dtype=int))
        for axis, (i, n) in enumerate(zip(where, x.shape, strict=False))
    )
    rows = row.reshape(-1)
    values = updates.expand(*indices.shape[:-1], *x.shape[depth:])
    values = values.reshape(-1, *x.shape[depth:])
    return _reduced(flat, rows, values, _REDUCE[mode]).reshape(x.shape)


def _reduced(x: Native, rows: Native, values: Native, reduction: str) -> Native:
    """`x` with `values` joined to its `rows`; torch's index_reduce warns of itself."""
    places = rows.reshape(-1, *[1] * (x.ndim - 1)).expand(values.shape)
    return x.scatter_reduce(0, places, values, reduction)


def slice(x: Native, starts: Native, shape: Any) -> Native:
    if isinstance(starts, torch.Tensor) and not at_hand(starts):
        for axis, places in enumerate(_places(starts, shape, x.shape)):
            x = torch.index_select(x, axis, places)
        return x
    return x[block_at(starts, shape, x.shape)]


def _places(starts: Native, lengths: Any, shape: Any) -> list[Native]:
    """The indices of a block along each axis, kept within the array."""
    return [
        start.clamp(0, size - length) + torch.arange(length, device=starts.device)
        for start, length, size in zip(starts.unbind(), lengths, shape, strict=True)
    ]


def slice_update(x: Native, starts: Native, updates: Native) -> Native:
    place = type(starts) is tuple and _along_one(starts, updates.shape, x.shape)
    if place:
        return torch.slice_scatter(x, updates, *place)
    if isinstance(starts, torch.Tensor) and not at_hand(starts):
        places = _places(starts, updates.shape, x.shape)
        return x.index_put(torch.meshgrid(*places, indexing="ij"), updates)
    result = x.clone()
    result[block_at(starts, updates.shape, x.shape)] = updates
    return result


@planned
def _along_one(starts: Any, lengths: Any, shape: Any) -> tuple[int, int, int] | None:
    """Axis, start and end of a block that has the array's length along all others."""
    places = [
        (axis, key.start, key.stop)
        for axis, (key, size) in enumerate(
            zip(block_at(starts, lengths, shape), shape, strict=True)
        )
        if key.stop - key.start != size
    ]
    return places[0] if len(places) == 1 else None


def nonzero(x: Native) -> Native:
    return torch.nonzero(x).T.int()


def unique(x: Native) -> tuple[Native, Native, Native]:
    values, inverse, counts = torch.unique(
        x.reshape(-1), sorted=True, return_inverse=True, return_counts=True
    )
    return values, inverse, counts


def sort(x: Native, axis: int) -> Native:
    return torch.sort(x, axis).values if x.ndim else x


def argsort(x: Native, axis: int) -> Native:
    return torch.argsort(x, dim=axis, stable=True).int()


def top_k(x: Native, k: int, sorted: bool) -> tuple[Native, Native]:
    values, indices = torch.topk(x, k, -1, sorted=sorted)
    return values, indices


def searchsorted(sorted: Native, values: Native, side: str) -> Native:
    return torch.searchsorted(sorted, values.contiguous(), side=side, out_int32=True)


def segment_sum(x: Native, segments: Native, count: int) -> Native:
    _, *shape = x.shape
    if at_hand(x):
        try:
            return x.new_zeros(count, *shape).index_add_(0, segments, x)
        except (IndexError, RuntimeError):  # some belong to no segment
            pass
    zeros = x.new_zeros(count + 1, *shape)
    return zeros.index_add(0, _or_spare(segments, count), x)[:count]


def segment_max(x: Native, segments: Native, count: int) -> Native:
    float_like = x.is_floating_point()
    lowest = -float("inf") if float_like else torch.iinfo(x.dtype).min
    empty = x.new_full((count + 1, *x.shape[1:]), lowest)
    return _reduced(empty, _or_spare(segments, count).long(), x, "amax")[:count]


def _or_spare(segments: Native, count: int) -> Native:
    """Where to put rows: what belongs to no segment goes to one more, behind them."""
    inside = (segments >= 0) & (segments < count)
    return segments.masked_fill(~inside, count)
