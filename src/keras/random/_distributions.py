"""Random numbers of many distributions, from the noise of the active engine."""

import math
from collections.abc import Sequence
from typing import Any

from keras.backend import current
from keras.core import dtypes
from keras.core.seeds import SeedGenerator, as_seed
from keras.errors import ShapeError
from keras.ops._creation import as_shape
from keras.ops._op import axis_index, floating, op, tensor
from keras.typing import DType, Native, Tensor, TensorLike

Seed = int | SeedGenerator | None

# P(X <= -2) and P(X <= 2) of a standard normal X.
_LOWER = (1 + math.erf(-math.sqrt(2))) / 2
_UPPER = (1 + math.erf(math.sqrt(2))) / 2


def _float_dtype(dtype: DType | None, what: str) -> str:
    name = dtypes.tensor_dtype(dtype)
    if not dtypes.is_float(name):
        raise ValueError(
            f"{what}: got dtype={dtype!r}; expected a float dtype such as 'float32'. "
            "For whole numbers use keras.random.randint."
        )
    return name


def _working(dtype: str) -> str:
    """The dtype to compute in: half floats lose the tails."""
    return "float64" if dtype == "float64" else "float32"


def normal(
    shape: Sequence[int],
    mean: float = 0.0,
    stddev: float = 1.0,
    dtype: DType | None = None,
    seed: Seed = None,
) -> Tensor:
    """Numbers of the normal distribution.

    Args:
        shape: of the result.
        mean: of the distribution.
        stddev: its standard deviation.
        dtype: a float dtype; default: `keras.config.floatx()`.
        seed: an int gives the same numbers at every call, a `SeedGenerator` or the
            global one (`None`) others each time.

    Returns:
        A tensor of `shape`.

    Example:
        >>> keras.random.normal((2, 3), seed=1).shape
        (2, 3)
    """
    name = _float_dtype(dtype, "keras.random.normal")
    engine = current.load(current.active())
    noise = engine.random_normal(
        as_seed(seed), as_shape(shape, "keras.random.normal"), name
    )
    return _scaled(noise, stddev, mean)


def _scaled(noise: Native, factor: Any, offset: Any) -> Native:
    """`noise * factor + offset`, sparing what changes nothing."""
    engine = current.engine
    if not _is_number(factor) or factor != 1:
        noise = engine.multiply(noise, _like(noise, factor))
    if not _is_number(offset) or offset != 0:
        noise = engine.add(noise, _like(noise, offset))
    return noise


def _is_number(value: Any) -> bool:
    return isinstance(value, float | int)


def _like(noise: Native, value: Any) -> Native:
    """A Python number as it is, anything else as a tensor of the dtype of `noise`."""
    if type(value) in (int, float):
        return value
    return tensor(value, current.engine.dtype(noise))


def uniform(
    shape: Sequence[int],
    minval: float = 0.0,
    maxval: float = 1.0,
    dtype: DType | None = None,
    seed: Seed = None,
) -> Tensor:
    """Numbers spread evenly over `[minval, maxval)`.

    Args:
        shape: of the result.
        minval: the least value.
        maxval: the bound above.
        dtype: a float dtype; default: `keras.config.floatx()`.
        seed: an int, a `SeedGenerator`, or `None` for the global one.

    Returns:
        A tensor of `shape`.

    Example:
        >>> keras.random.uniform((2, 3), seed=1).shape
        (2, 3)
    """
    name = _float_dtype(dtype, "keras.random.uniform")
    engine = current.load(current.active())
    noise = engine.random_uniform(
        as_seed(seed), as_shape(shape, "keras.random.uniform"), name
    )
    if _is_number(minval) and _is_number(maxval):
        return _scaled(noise, maxval - minval, minval)
    low, high = tensor(minval, name), tensor(maxval, name)
    return _scaled(noise, engine.subtract(high, low), low)


def randint(
    shape: Sequence[int],
    minval: int,
    maxval: int,
    dtype: DType = "int32",
    seed: Seed = None,
) -> Tensor:
    """Whole numbers spread evenly over `minval` to `maxval - 1`.

    Args:
        shape: of the result.
        minval: the least value.
        maxval: the bound above, which does not occur.
        dtype: an integer dtype.
        seed: an int, a `SeedGenerator`, or `None` for the global one.

    Returns:
        A tensor of `shape`.

    Raises:
        ValueError: if `dtype` is no integer dtype, or there is no such number.

    Example:
        >>> keras.random.randint((3,), 0, 10, seed=1).shape
        (3,)
    """
    name = dtypes.tensor_dtype(dtype)
    if not dtypes.is_int(name):
        raise ValueError(
            f"keras.random.randint: got dtype={dtype!r}; expected an integer dtype "
            "such as 'int32'."
        )
    if _is_number(minval) and _is_number(maxval) and minval >= maxval:
        raise ValueError(
            f"keras.random.randint: got minval={minval} and maxval={maxval}, between "
            "which there is no number; expected a larger maxval."
        )
    engine = current.load(current.active())
    return engine.random_randint(
        as_seed(seed), as_shape(shape, "keras.random.randint"), minval, maxval, name
    )


def truncated_normal(
    shape: Sequence[int],
    mean: float = 0.0,
    stddev: float = 1.0,
    dtype: DType | None = None,
    seed: Seed = None,
) -> Tensor:
    """Numbers of the normal distribution, cut off two standard deviations away.

    Args:
        shape: of the result.
        mean: of the distribution.
        stddev: its standard deviation before it is cut off.
        dtype: a float dtype; default: `keras.config.floatx()`.
        seed: an int, a `SeedGenerator`, or `None` for the global one.

    Returns:
        A tensor of `shape`.

    Example:
        >>> keras.random.truncated_normal((2, 3), seed=1).shape
        (2, 3)
    """
    name = _float_dtype(dtype, "keras.random.truncated_normal")
    engine = current.load(current.active())
    noise = engine.random_uniform(
        as_seed(seed), as_shape(shape, "keras.random.truncated_normal"), _working(name)
    )
    # The quantile of a standard normal is sqrt(2) erfinv(2 p - 1).
    p = _scaled(noise, 2 * (_UPPER - _LOWER), 2 * _LOWER - 1)
    draw = engine.multiply(engine.erfinv(p), math.sqrt(2))
    return engine.cast(_scaled(engine.clip(draw, -2.0, 2.0), stddev, mean), name)


@op
def dropout(
    inputs: TensorLike,
    rate: float,
    noise_shape: Sequence[int | None] | None = None,
    seed: Seed = None,
) -> Tensor:
    """`inputs` with a share `rate` of the entries zero and the others scaled up.

    Args:
        inputs: tensor of any shape; ints become floats.
        rate: the probability that an entry is dropped, from 0 to 1.
        noise_shape: the shape of the noise where it is shared along axes: 1 there,
            `None` for the size of `inputs`.
        seed: an int, a `SeedGenerator`, or `None` for the global one.

    Returns:
        A tensor of the shape and dtype of `inputs`.

    Example:
        >>> keras.random.dropout([1.0, 1.0], rate=0.0)
        [1.0, 1.0]
    """
    x = floating(inputs)
    if _is_number(rate) and not 0 <= rate <= 1:
        raise ValueError(f"keras.random.dropout: got rate={rate}; expected 0 to 1.")
    if rate == 0:
        return x
    engine = current.engine
    if rate == 1:
        return engine.multiply(x, 0)
    shape = tuple(x.shape)
    if noise_shape is not None:
        shape = tuple(
            n if m is None else m for n, m in zip(shape, noise_shape, strict=True)
        )
    noise = engine.random_uniform(as_seed(seed), shape, "float32")
    keep = engine.cast(engine.greater_equal(noise, rate), engine.dtype(x))
    return engine.multiply(x, engine.multiply(keep, 1 / (1 - rate)))


@op
def categorical(
    logits: TensorLike, num_samples: int, dtype: DType = "int32", seed: Seed = None
) -> Tensor:
    """Class indices with the probabilities `softmax(logits)`.

    Args:
        logits: tensor `(batch, classes)`.
        num_samples: how many indices for each row.
        dtype: an integer dtype.
        seed: an int, a `SeedGenerator`, or `None` for the global one.

    Returns:
        A tensor `(batch, num_samples)`.

    Raises:
        ShapeError: if `logits` has not two axes.

    Example:
        >>> keras.random.categorical([[0.0, -1e9]], 3)
        [[0, 0, 0]]
    """
    x = floating(logits)
    if x.ndim != 2:
        raise ShapeError(
            f"keras.random.categorical: got logits of shape {tuple(x.shape)}; expected "
            "(batch, classes). Add a batch axis with logits[None]."
        )
    engine = current.engine
    name = dtypes.tensor_dtype(dtype)
    working = _working(engine.dtype(x))
    x = engine.cast(x, working)
    noise = engine.random_uniform(as_seed(seed), (x.shape[0], num_samples), working)
    # Where each draw falls among the cumulative probabilities.
    total = engine.cumsum(engine.softmax(x, 1), 1)
    draw = engine.multiply(noise, total[:, -1:])
    below = engine.less_equal(engine.expand_dims(total, 1), draw[:, :, None])
    index = engine.sum(engine.cast(below, "int32"), (2,), False)
    # Rounding may reach the end; the last class of positive probability is meant.
    return engine.cast(engine.clip(index, 0, x.shape[1] - 1), name)


@op
def shuffle(x: TensorLike, axis: int = 0, seed: Seed = None) -> Tensor:
    """`x` with the entries along one axis in random order.

    Args:
        x: tensor of any shape.
        axis: the axis to shuffle.
        seed: an int, a `SeedGenerator`, or `None` for the global one.

    Returns:
        A tensor of the shape and dtype of `x`.

    Example:
        >>> keras.random.shuffle([1, 1, 1])
        [1, 1, 1]
    """
    x = tensor(x)
    axis = axis_index(axis, x.ndim, "keras.random.shuffle")
    engine = current.engine
    order = engine.random_permutation(as_seed(seed), x.shape[axis])
    return engine.take(x, order, axis)


def gamma(
    shape: Sequence[int],
    alpha: float | TensorLike,
    dtype: DType | None = None,
    seed: Seed = None,
) -> Tensor:
    """Numbers of the gamma distribution with scale 1.

    Args:
        shape: of the result.
        alpha: the shape parameter, positive; broadcasts to `shape`.
        dtype: a float dtype; default: `keras.config.floatx()`.
        seed: an int, a `SeedGenerator`, or `None` for the global one.

    Returns:
        A tensor of `shape`.

    Example:
        >>> keras.random.gamma((2,), 3.0).shape
        (2,)
    """
    name = _float_dtype(dtype, "keras.random.gamma")
    engine = current.load(current.active())
    return engine.cast(_gamma(as_seed(seed), shape, alpha, name), name)


def _gamma(seed: Native, shape: Any, alpha: Any, dtype: str) -> Native:
    """In the dtype to compute in."""
    engine = current.engine
    alpha = engine.broadcast_to(
        tensor(alpha, _working(dtype)), as_shape(shape, "keras.random.gamma")
    )
    return engine.random_gamma(seed, alpha)


def beta(
    shape: Sequence[int],
    alpha: float | TensorLike,
    beta: float | TensorLike,
    dtype: DType | None = None,
    seed: Seed = None,
) -> Tensor:
    """Numbers of the beta distribution, between 0 and 1.

    Args:
        shape: of the result.
        alpha, beta: the two shape parameters, positive; broadcast to `shape`.
        dtype: a float dtype; default: `keras.config.floatx()`.
        seed: an int, a `SeedGenerator`, or `None` for the global one.

    Returns:
        A tensor of `shape`.

    Example:
        >>> keras.random.beta((2,), 3.0, 1.0).shape
        (2,)
    """
    name = _float_dtype(dtype, "keras.random.beta")
    engine = current.load(current.active())
    pair = as_seed(seed)
    # X / (X + Y) of two gamma draws; the second has a seed of its own.
    x = _gamma(pair, shape, alpha, name)
    y = _gamma(_second(pair), shape, beta, name)
    return engine.cast(engine.divide(x, engine.add(x, y)), name)


def _second(pair: Native) -> Native:
    """Another seed, which no draw of the same stream has: the counter turned round."""
    sign = tensor([1, -1], "int64")
    return current.engine.subtract(
        current.engine.multiply(tensor(pair, "int64"), sign), tensor([0, 1], "int64")
    )


def binomial(
    shape: Sequence[int],
    counts: int | TensorLike,
    probabilities: float | TensorLike,
    dtype: DType | None = None,
    seed: Seed = None,
) -> Tensor:
    """How many of `counts` trials succeed.

    Args:
        shape: of the result.
        counts: the number of trials; broadcasts to `shape`.
        probabilities: of success in each trial; broadcasts to `shape`.
        dtype: a float dtype; default: `keras.config.floatx()`.
        seed: an int, a `SeedGenerator`, or `None` for the global one.

    Returns:
        A tensor of `shape`, of whole numbers in a float dtype.

    Example:
        >>> keras.random.binomial((2,), 10, 1.0)
        [10.0, 10.0]
    """
    name = _float_dtype(dtype, "keras.random.binomial")
    engine = current.load(current.active())
    working = _working(name)
    trials = engine.broadcast_to(
        tensor(counts, working), as_shape(shape, "keras.random.binomial")
    )
    chances = engine.broadcast_to(
        tensor(probabilities, working), as_shape(shape, "keras.random.binomial")
    )
    draw = engine.random_binomial(as_seed(seed), trials, chances)
    return engine.cast(draw, name)
