"""Fourier transforms; complex numbers are pairs of a real and an imaginary tensor."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from keras.backend import current
from keras.errors import ShapeError
from keras.ops._op import floating, floats, op, tensor
from keras.ops._segments import overlap_add
from keras.typing import Native, Tensor, TensorLike

Pair = tuple[Tensor, Tensor]


def _complex(x: Any, what: str) -> Native:
    """A pair of real tensors as one complex tensor."""
    if not isinstance(x, list | tuple) or len(x) != 2:
        raise TypeError(
            f"{what}: got {type(x).__name__}; expected a pair (real, imaginary). For a "
            "real tensor pass (x, keras.ops.zeros_like(x))."
        )
    real, imaginary = floats(x[0], x[1])
    if tuple(real.shape) != tuple(imaginary.shape):
        raise ShapeError(
            f"{what}: got parts of shapes {tuple(real.shape)} and "
            f"{tuple(imaginary.shape)}; expected equal ones."
        )
    return current.engine.complex(real, imaginary)


def _pair(z: Native) -> Pair:
    return current.engine.real(z), current.engine.imag(z)


@op
def fft(x: Sequence[TensorLike]) -> Pair:
    """The discrete Fourier transform along the last axis.

    Args:
        x: pair (real, imaginary) of float tensors of one shape.

    Returns:
        A pair of tensors of that shape.

    Example:
        >>> keras.ops.fft(([1.0, 0.0], [0.0, 0.0]))
        ([1.0, 1.0], [0.0, 0.0])
    """
    z = _complex(x, "keras.ops.fft")
    return _pair(current.engine.fft(z, z.ndim - 1))


@op
def fft2(x: Sequence[TensorLike]) -> Pair:
    """The discrete Fourier transform along the last two axes.

    Args:
        x: pair (real, imaginary) of float tensors of one shape.

    Returns:
        A pair of tensors of that shape.

    Example:
        >>> keras.ops.fft2(([[1.0]], [[0.0]]))
        ([[1.0]], [[0.0]])
    """
    engine = current.engine
    z = _complex(x, "keras.ops.fft2")
    return _pair(engine.fft(engine.fft(z, z.ndim - 1), z.ndim - 2))


@op
def ifft2(x: Sequence[TensorLike]) -> Pair:
    """The inverse of `fft2`.

    Args:
        x: pair (real, imaginary) of float tensors of one shape.

    Returns:
        A pair of tensors of that shape.

    Example:
        >>> keras.ops.ifft2(([[1.0]], [[0.0]]))
        ([[1.0]], [[0.0]])
    """
    engine = current.engine
    z = _complex(x, "keras.ops.ifft2")
    return _pair(engine.ifft(engine.ifft(z, z.ndim - 1), z.ndim - 2))


@op
def rfft(x: TensorLike, fft_length: int | None = None) -> Pair:
    """The first half of the discrete Fourier transform of a real tensor.

    Args:
        x: tensor `(..., n)`; ints become floats.
        fft_length: to cut `x` or fill it up with zeros to; default: n.

    Returns:
        A pair (real, imaginary) of tensors `(..., fft_length // 2 + 1)`.

    Example:
        >>> keras.ops.rfft([1.0, 1.0])
        ([2.0, 0.0], [0.0, 0.0])
    """
    signal = floating(x)
    if fft_length is not None:
        signal = _to_length(signal, fft_length)
    return _pair(current.engine.rfft(signal, signal.ndim - 1))


@op
def irfft(x: Sequence[TensorLike], fft_length: int | None = None) -> Tensor:
    """The inverse of `rfft`.

    Args:
        x: pair (real, imaginary) of float tensors `(..., m)`.
        fft_length: length of the result; default: `2 * (m - 1)`.

    Returns:
        A tensor `(..., fft_length)`.

    Example:
        >>> keras.ops.irfft(([2.0, 0.0], [0.0, 0.0]))
        [1.0, 1.0]
    """
    z = _complex(x, "keras.ops.irfft")
    return _irfft(z, 2 * (z.shape[-1] - 1) if fft_length is None else fft_length)


def _irfft(z: Native, length: int) -> Native:
    return current.engine.irfft(_to_length(z, length // 2 + 1), length, z.ndim - 1)


def _to_length(x: Native, length: int) -> Native:
    """The last axis cut off, or filled up with zeros."""
    size = x.shape[-1]
    if size >= length:
        return x if size == length else x[..., :length]
    widths = [(0, 0)] * (x.ndim - 1) + [(0, length - size)]
    return current.engine.pad(x, widths, "constant", 0)


@op
def extract_sequences(
    x: TensorLike, sequence_length: int, sequence_stride: int
) -> Tensor:
    """Overlapping windows of the last axis.

    Args:
        x: tensor `(..., n)`.
        sequence_length: size of the windows.
        sequence_stride: distance of the windows.

    Returns:
        A tensor `(..., count, sequence_length)`.

    Raises:
        ShapeError: if no window fits.

    Example:
        >>> keras.ops.extract_sequences([1, 2, 3], 2, 1)
        [[1, 2], [2, 3]]
    """
    return _windows(tensor(x), sequence_length, sequence_stride, "extract_sequences")


def _windows(x: Native, length: int, stride: int, what: str) -> Native:
    size = x.shape[-1]
    if size < length or length < 1 or stride < 1:
        raise ShapeError(
            f"keras.ops.{what}: got windows of {length}, {stride} apart, for {size} "
            f"entries in a tensor of shape {tuple(x.shape)}; expected windows that "
            "fit. Give a longer input."
        )
    return current.engine.take(x, tensor(_places(size, length, stride)), x.ndim - 1)


def _places(size: int, length: int, stride: int) -> np.ndarray[Any, Any]:
    """Indices `(count, length)` of the windows."""
    starts = np.arange(0, size - length + 1, stride, dtype="int32")
    return starts[:, None] + np.arange(length, dtype="int32")


# Windows by name: a - (1 - a) cos(2 pi i / n).
_COSINE_WINDOWS = {"hann": 0.5, "hamming": 0.54}


def _window(window: Any, length: int, fft_length: int, dtype: str, what: str) -> Native:
    """The window as a tensor `(fft_length,)`, zeros around it."""
    if window is None:
        values: Any = np.ones(length)
    elif isinstance(window, str):
        if window not in _COSINE_WINDOWS:
            raise ValueError(
                f'{what}: got window={window!r}; expected "hann", "hamming", a tensor '
                f"of {length} entries, or None."
            )
        a = _COSINE_WINDOWS[window]
        values = a - (1 - a) * np.cos(2 * np.pi * np.arange(length) / length)
    else:
        values = window
    result = tensor(values, dtype)
    if tuple(result.shape) != (length,) or fft_length < length:
        raise ShapeError(
            f"{what}: got a window of shape {tuple(result.shape)}, "
            f"sequence_length={length} and fft_length={fft_length}; expected a window "
            "of sequence_length entries, and fft_length not less than that."
        )
    before = (fft_length - length) // 2
    pads = [(before, fft_length - length - before)]
    return current.engine.pad(result, pads, "constant", 0)


@op
def stft(
    x: TensorLike,
    sequence_length: int,
    sequence_stride: int,
    fft_length: int,
    window: str | TensorLike | None = "hann",
    center: bool = True,
) -> Pair:
    """Fourier transforms of overlapping windows of the last axis.

    Args:
        x: tensor `(..., n)`; ints become floats.
        sequence_length: size of the window.
        sequence_stride: distance of the windows.
        fft_length: length of each transform, at least `sequence_length`.
        window: "hann", "hamming", a tensor `(sequence_length,)`, or `None` for ones.
        center: whether `x` is continued by reflection, so that window i is centred at
            `i * sequence_stride`.

    Returns:
        A pair (real, imaginary) of tensors `(..., count, fft_length // 2 + 1)`.

    Example:
        >>> keras.ops.stft(keras.ops.ones((8,)), 4, 2, 4)[0].shape
        (5, 3)
    """
    x = floating(x)
    engine = current.engine
    factor = _window(
        window, sequence_length, fft_length, engine.dtype(x), "keras.ops.stft"
    )
    if center:
        widths = [(0, 0)] * (x.ndim - 1) + [(fft_length // 2, fft_length // 2)]
        x = engine.pad(x, widths, "reflect", 0)
    frames = _windows(x, fft_length, sequence_stride, "stft")
    return _pair(engine.rfft(engine.multiply(frames, factor), frames.ndim - 1))


@op
def istft(
    x: Sequence[TensorLike],
    sequence_length: int,
    sequence_stride: int,
    fft_length: int,
    length: int | None = None,
    window: str | TensorLike | None = "hann",
    center: bool = True,
) -> Tensor:
    """The inverse of `stft`, where the windows overlap enough.

    Args:
        x: pair (real, imaginary) of float tensors `(..., count, fft_length // 2 + 1)`.
        sequence_length: size of the window.
        sequence_stride: distance of the windows.
        fft_length: length of each transform.
        length: to cut the result or fill it up with zeros to.
        window: as given to `stft`.
        center: as given to `stft`.

    Returns:
        A tensor `(..., n)`.

    Example:
        >>> z = keras.ops.stft(keras.ops.ones((8,)), 4, 2, 4)
        >>> keras.ops.istft(z, 4, 2, 4).shape
        (8,)
    """
    z = _complex(x, "keras.ops.istft")
    engine = current.engine
    frames = _irfft(z, fft_length)
    factor = _window(
        window, sequence_length, fft_length, engine.dtype(frames), "keras.ops.istft"
    )
    count = frames.shape[-2]
    size = fft_length + sequence_stride * (count - 1)
    places = _places(size, fft_length, sequence_stride)
    total = overlap_add(engine.multiply(frames, factor), places, size)
    result = engine.divide(total, _overlap(factor, sequence_stride, size))
    if center:
        end = size - fft_length // 2
        if length is not None:
            end = min(size, fft_length // 2 + length)
        result = result[..., fft_length // 2 : end]
    return result if length is None else _to_length(result, length)


def _overlap(window: Native, stride: int, size: int) -> Native:
    """The sum `(size,)` of the squared windows, as if they went on at both ends.

    This is how Keras 3 divides; so the ends fade where fewer windows overlap.
    """
    engine = current.engine
    turns = -(-window.shape[0] // stride)
    squares = _to_length(engine.square(window), turns * stride)
    weight = engine.sum(engine.reshape(squares, (turns, stride)), (0,), False)
    # Where no window reaches there is nothing to divide.
    empty = engine.cast(engine.less(weight, _TINY), engine.dtype(weight))
    weight = engine.tile(engine.add(weight, empty), (-(-size // stride),))
    return weight[:size]


_TINY = 1e-10
