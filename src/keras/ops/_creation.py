"""Tensors from nothing but a shape, a range or a value."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from keras.backend import current
from keras.backend.planning import planned
from keras.core import dtypes
from keras.core.config import floatx
from keras.core.dtypes import tensor_dtype
from keras.core.operation import NUMPY_NUMBERS
from keras.errors import ShapeError
from keras.ops._op import axis_index, dtype_of, fast_path, op, operands, tensor
from keras.typing import DType, Native, Tensor, TensorLike


@planned
def as_shape(shape: int | Sequence[int], what: str) -> tuple[int, ...]:
    """A shape as a tuple of Python ints.

    Raises:
        TypeError: for anything but known ints.
        ShapeError: for negative ones.
    """
    if type(shape) is not tuple or not _INT.issuperset(map(type, shape)):
        try:
            single = isinstance(shape, int | np.integer)
            shape = (int(shape),) if single else tuple(int(d) for d in shape)  # type: ignore[union-attr, arg-type]
        except (TypeError, ValueError):
            raise TypeError(
                f"{what}: got shape={shape!r}; expected ints that are known. For the "
                "shape of another tensor use keras.ops.zeros_like, or keras.ops.shape "
                "inside a Layer."
            ) from None
    if shape and min(shape) < 0:
        raise ShapeError(f"{what}: got shape={shape}; expected ints of at least 0.")
    return shape


_INT = frozenset((int,))


def _filled(shape: Any, value: Any, dtype: DType | None, what: str) -> Native:
    return current.engine.full(as_shape(shape, what), value, tensor_dtype(dtype))


def zeros(shape: int | Sequence[int], dtype: DType | None = None) -> Tensor:
    """A tensor of zeros; `dtype` defaults to `floatx`."""
    return _filled(shape, 0, dtype, "keras.ops.zeros")


def ones(shape: int | Sequence[int], dtype: DType | None = None) -> Tensor:
    """A tensor of ones; `dtype` defaults to `floatx`."""
    return _filled(shape, 1, dtype, "keras.ops.ones")


def empty(shape: int | Sequence[int], dtype: DType | None = None) -> Tensor:
    """A tensor whose entries mean nothing yet: here they are zeros."""
    return _filled(shape, 0, dtype, "empty")


@op
def full(
    shape: int | Sequence[int], fill_value: TensorLike, dtype: DType | None = None
) -> Tensor:
    """A tensor of `shape` with `fill_value`, which is broadcast, in every place.

    Args:
        shape: int or ints.
        fill_value: scalar, or tensor that broadcasts to `shape`.
        dtype: default: `floatx`.
    """
    target = tensor_dtype(dtype)
    shape = as_shape(shape, "keras.ops.full")
    if dtypes.kind(fill_value) is not None:
        return current.engine.full(shape, fill_value, target)
    return current.engine.broadcast_to(tensor(fill_value, target), shape)


def _filled_like(x: Any, value: Any, dtype: DType | None) -> Native:
    target = None if dtype is None else tensor_dtype(dtype)
    return current.engine.full_like(tensor(x), value, target)


@op(masked=True)
def zeros_like(x: TensorLike, dtype: DType | None = None) -> Tensor:
    """Zeros in the shape of `x`, and in its dtype unless another is given."""
    return _filled_like(x, 0, dtype)


@op(masked=True)
def ones_like(x: TensorLike, dtype: DType | None = None) -> Tensor:
    """Ones in the shape of `x`, and in its dtype unless another is given."""
    return _filled_like(x, 1, dtype)


@op(masked=True)
def empty_like(x: TensorLike, dtype: DType | None = None) -> Tensor:
    """A tensor like `x` whose entries mean nothing yet: here they are zeros."""
    return _filled_like(x, 0, dtype)


@op(masked=True)
def full_like(
    x: TensorLike, fill_value: TensorLike, dtype: DType | None = None
) -> Tensor:
    """`fill_value` in the shape of `x`, and in its dtype unless another is given."""
    if dtypes.kind(fill_value) is not None:
        x = tensor(x)
        engine = current.engine
        target = engine.dtype(x) if dtype is None else tensor_dtype(dtype)
        if not dtypes.is_float(target) and target not in dtypes.COMPLEX:
            fill_value = int(fill_value)  # type: ignore[arg-type]
        return engine.full_like(x, fill_value, target)
    like = _filled_like(x, 0, dtype)
    value = tensor(fill_value, current.engine.dtype(like))
    return current.engine.broadcast_to(value, tuple(like.shape))


def arange(
    start: float,
    stop: float | None = None,
    step: float | None = None,
    dtype: DType | None = None,
) -> Tensor:
    """Numbers from `start` to below `stop`, `step` apart.

    Args:
        start: the first number; with nothing else given the stop, from 0.
        stop: the result ends before it.
        step: default 1.
        dtype: default: int32, or `floatx` if one of the numbers is a float.

    Example:
        >>> keras.ops.arange(3)
        [0, 1, 2]
    """
    if stop is None:
        start, stop = 0, start
    step = 1 if step is None else step
    if not type(start) is type(stop) is type(step) is int:
        given: Any = (start, stop, step)
        numbers = [v.item() if type(v) in NUMPY_NUMBERS else v for v in given]
        if dtype is None:
            kinds = [dtypes.kind(v) or dtype_of(v) for v in numbers]
            dtype = dtypes.promote(["int32" if k == "int" else k for k in kinds])
        start, stop, step = (v if dtypes.kind(v) else _number(v) for v in numbers)
    target = "int32" if dtype is None else tensor_dtype(dtype)
    return current.engine.arange(start, stop, step, target)


def _number(x: Any) -> float | int:
    """A Python number out of a tensor of one entry."""
    return current.engine.to_numpy(tensor(x)).item()


def eye(N: int, M: int | None = None, k: int = 0, dtype: DType | None = None) -> Tensor:
    """A matrix with ones on a diagonal and zeros elsewhere.

    Args:
        N: number of rows.
        M: number of columns; default: `N`.
        k: which diagonal; above the main one where positive.
        dtype: default: `floatx`.
    """
    rows, columns = as_shape((N, N if M is None else M), "keras.ops.eye")
    engine = current.engine
    return engine.eye(rows, columns, int(k), tensor_dtype(dtype))


def identity(n: int, dtype: DType | None = None) -> Tensor:
    """The unit matrix with `n` rows."""
    return eye(n, dtype=dtype)


def tri(N: int, M: int | None = None, k: int = 0, dtype: DType | None = None) -> Tensor:
    """A matrix with ones on and below a diagonal and zeros above it.

    Args:
        N: number of rows.
        M: number of columns; default: `N`.
        k: which diagonal; above the main one where positive.
        dtype: default: `floatx`.
    """
    return current.engine.tril(ones((N, N if M is None else M), dtype), k)


@op
def linspace(
    start: TensorLike,
    stop: TensorLike,
    num: int = 50,
    endpoint: bool = True,
    retstep: bool = False,
    dtype: DType | None = None,
    axis: int = 0,
) -> Tensor | tuple[Tensor, Tensor]:
    """`num` numbers at equal distances from `start` to `stop`.

    Args:
        start, stop: scalars, or tensors whose shapes broadcast.
        num: how many numbers.
        endpoint: whether `stop` is the last of them.
        retstep: also return the distance between them.
        dtype: default: a float type.
        axis: where in the result the numbers run.
    """
    engine = current.engine
    first, last = dtypes.kind(start), dtypes.kind(stop)
    if first is not None and last is not None and not retstep:
        target = dtypes.RULES["linspace"](first, last)
        native = fast_path("linspace") if endpoint and dtypes.is_float(target) else None
        if native is not None:
            line = native(start, stop, num, target)
        else:
            numbers: Any = np.linspace(start, stop, num, endpoint)  # type: ignore[arg-type]
            line = engine.convert(numbers, target)
        return _finished(line, dtype, axis, "linspace")
    line, step = _line(start, stop, num, endpoint, "linspace")
    line = _finished(line, dtype, axis, "linspace")
    return (line, engine.squeeze(step, (0,))) if retstep else line


def _line(
    start: Any, stop: Any, num: int, endpoint: bool, what: str
) -> tuple[Native, Native]:
    """The numbers along a new first axis, and their distance `(1, ...)`."""
    engine = current.engine
    rule = dtypes.RULES[what]
    a, b = operands(_float(start), _float(stop), rule)
    dtype = rule(engine.dtype(a), engine.dtype(b))
    shape = np.broadcast_shapes(tuple(a.shape), tuple(b.shape))
    a, b = engine.broadcast_to(a, shape), engine.broadcast_to(b, shape)
    count = num - 1 if endpoint else num
    # float32 at least: half precision cannot count.
    wide = dtype if dtype == "float64" else "float32"
    first, last = (engine.expand_dims(engine.cast(v, wide), 0) for v in (a, b))
    step = engine.divide(
        engine.subtract(last, first), float(count) if count else math.nan
    )
    place = engine.reshape(engine.arange(0, num, 1, wide), (num, *[1] * len(shape)))
    if count == 0:
        line = engine.broadcast_to(first, (num, *shape))
    else:
        # Weighted from both ends, so that the last number is exact.
        weight = engine.divide(place, float(count))
        line = engine.add(
            engine.multiply(first, engine.subtract(1.0, weight)),
            engine.multiply(last, weight),
        )
    return engine.cast(line, dtype), engine.cast(step, dtype)


def _float(x: Any) -> Any:
    return tensor(float(x)) if dtypes.kind(x) in ("int", "float", "bool") else tensor(x)


def _finished(line: Native, dtype: DType | None, axis: int, what: str) -> Native:
    if dtype is None and axis == 0:
        return line
    engine = current.engine
    if dtype is not None:
        target = tensor_dtype(dtype)
        if dtypes.is_int(target):
            line = engine.floor(line)
        line = engine.cast(line, target)
    place = axis_index(axis, line.ndim, what)
    if not place:
        return line
    order = [*range(1, place + 1), 0, *range(place + 1, line.ndim)]
    return engine.transpose(line, order)


@op
def logspace(
    start: TensorLike,
    stop: TensorLike,
    num: int = 50,
    endpoint: bool = True,
    base: TensorLike = 10,
    dtype: DType | None = None,
    axis: int = 0,
) -> Tensor:
    """`num` numbers at equal ratios from `base ** start` to `base ** stop`.

    Args:
        start, stop: exponents: scalars, or tensors whose shapes broadcast.
        num: how many numbers.
        endpoint: whether `base ** stop` is the last of them.
        base: what is raised to these powers.
        dtype: default: a float type.
        axis: where in the result the numbers run.
    """
    line, _ = _line(start, stop, num, endpoint, "logspace")
    power = current.engine.power(tensor(base, current.engine.dtype(line)), line)
    return _finished(power, dtype, axis, "logspace")


@op
def geomspace(
    start: TensorLike,
    stop: TensorLike,
    num: int = 50,
    endpoint: bool = True,
    dtype: DType | None = None,
    axis: int = 0,
) -> Tensor:
    """`num` numbers at equal ratios from `start` to `stop`.

    Args:
        start, stop: scalars or tensors of one sign, whose shapes broadcast.
        num: how many numbers.
        endpoint: whether `stop` is the last of them.
        dtype: default: a float type.
        axis: where in the result the numbers run.
    """
    engine = current.engine
    a, b = _float(start), _float(stop)
    a, b = operands(a, b, dtypes.RULES["geomspace"])
    first, last = (engine.log(engine.abs(v)) for v in (a, b))
    line, _ = _line(first, last, num, endpoint, "geomspace")
    result = engine.multiply(engine.sign(a), engine.exp(line))
    return _finished(result, dtype, axis, "geomspace")


def _window(x: Any, terms: Sequence[float]) -> Native:
    """A sum of cosines over `x` places: the window functions of Blackman and others."""
    engine = current.engine
    count = int(_number(x))
    if count == 1:
        return engine.full((1,), 1, floatx())
    angle = 2 * np.pi * np.arange(count) / max(count - 1, 1)
    values = [c * np.cos(n * angle) for n, c in enumerate(terms)]
    return engine.convert(np.sum(values, axis=0), floatx())


def hanning(x: TensorLike) -> Tensor:
    """The Hann window of `x` points: `0.5 - 0.5 cos(2 pi n / (x - 1))`."""
    return _window(x, (0.5, -0.5))


def hamming(x: TensorLike) -> Tensor:
    """The Hamming window of `x` points: `0.54 - 0.46 cos(2 pi n / (x - 1))`."""
    return _window(x, (0.54, -0.46))


def blackman(x: TensorLike) -> Tensor:
    """The Blackman window of `x` points: cosines weighted 0.42, -0.5, 0.08."""
    return _window(x, (0.42, -0.5, 0.08))


def bartlett(x: TensorLike) -> Tensor:
    """The triangular window of `x` points, zero at both ends."""
    engine = current.engine
    count = int(_number(x))
    return engine.convert(np.bartlett(count), floatx())


def kaiser(x: TensorLike, beta: TensorLike) -> Tensor:
    """The Kaiser window of `x` points; the larger `beta`, the narrower."""
    engine = current.engine
    count = int(_number(x))
    return engine.convert(np.kaiser(count, float(_number(beta))), floatx())


@op
def vander(x: TensorLike, N: int | None = None, increasing: bool = False) -> Tensor:
    """The Vandermonde matrix: rows are the powers of the entries of `x`.

    Args:
        x: tensor of one dimension.
        N: number of columns; default: the length of `x`.
        increasing: powers from 0 upward instead of downward.
    """
    engine = current.engine
    x = tensor(x)
    count = x.shape[0] if N is None else int(N)
    if count == 0:
        return engine.full((x.shape[0], 0), 0, engine.dtype(x))
    one = engine.full((x.shape[0], 1), 1, engine.dtype(x))
    column = engine.expand_dims(x, 1)
    powers = engine.concatenate([one] + [column] * (count - 1), 1)
    powers = engine.cumprod(powers, 1)
    return powers if increasing else engine.flip(powers, (1,))
