"""Images seen through a map of their coordinates."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from keras.backend import current
from keras.core.seeds import SeedGenerator, as_seed
from keras.errors import ShapeError, unknown_name
from keras.ops._image_filters import blurred
from keras.ops._image_resize import images_in
from keras.ops._op import floating, op, tensor
from keras.typing import Native, Tensor, TensorLike

Corner = tuple[Native, Native | None, Native | None]
"""An index, whether it is inside, and its weight; `None` for "yes" and 1."""

_FILL_MODES = ("constant", "nearest", "wrap", "mirror", "reflect")
_ORDERS = {"nearest": 0, "bilinear": 1}


def _folded(index: Native, size: int, mode: str) -> tuple[Native, Native | None]:
    """An index within `size`, and for "constant" whether it was inside."""
    engine = current.engine
    if mode == "constant":
        inside = engine.logical_and(
            engine.greater_equal(index, 0), engine.less(index, size)
        )
        return engine.clip(index, 0, size - 1), inside
    if mode == "nearest":
        return engine.clip(index, 0, size - 1), None
    if mode == "wrap":
        return engine.mod(index, size), None
    if mode == "mirror":  # d c b | a b c d | c b a
        period = max(2 * (size - 1), 1)
        place = engine.mod(index, period)
        return engine.minimum(place, engine.subtract(period, place)), None
    place = engine.mod(index, 2 * size)  # d c b a | a b c d | d c b a
    return engine.minimum(place, engine.subtract(2 * size - 1, place)), None


def _corners(coordinate: Native, size: int, order: int, mode: str) -> list[Corner]:
    """The entries along one axis that a coordinate lies between."""
    engine = current.engine
    if order == 0:
        nearest = engine.cast(engine.round(coordinate), "int32")
        return [(*_folded(nearest, size, mode), None)]
    low = engine.floor(coordinate)
    share = engine.subtract(coordinate, low)
    first = engine.cast(low, "int32")
    return [
        (*_folded(first, size, mode), engine.subtract(1.0, share)),
        (*_folded(engine.add(first, 1), size, mode), share),
    ]


def _both(a: Native | None, b: Native | None, combine: Any) -> Native | None:
    if a is None or b is None:
        return b if a is None else a
    return combine(a, b)


def _sampled(x: Native, axes: Sequence[list[Corner]], fill_value: float) -> Native:
    """The weighted sum of all combinations of corners; later axes of `x` stay."""
    engine = current.engine
    count = len(axes)
    rest = tuple(x.shape[count:])
    flat = engine.reshape(x, (int(np.prod(x.shape[:count])), *rest))
    combinations: list[Corner] = [axes[0][0]] if len(axes[0]) == 1 else axes[0]
    for size, corners in zip(x.shape[1:count], axes[1:], strict=True):
        combinations = [
            (
                engine.add(engine.multiply(index, int(size)), next_index),
                _both(inside, next_inside, engine.logical_and),
                _both(weight, next_weight, engine.multiply),
            )
            for index, inside, weight in combinations
            for next_index, next_inside, next_weight in corners
        ]
    total = None
    for index, inside, weight in combinations:
        value = engine.take(flat, index, 0)
        spread = (*index.shape, *[1] * len(rest))
        if inside is not None:
            fill = engine.full((), fill_value, engine.dtype(value))
            value = engine.where(engine.reshape(inside, spread), value, fill)
        if weight is not None:
            value = engine.multiply(value, engine.reshape(weight, spread))
        total = value if total is None else engine.add(total, value)
    return total


def _check_mode(mode: str, what: str) -> None:
    if mode not in _FILL_MODES:
        raise unknown_name(f"fill_mode of {what}", mode, _FILL_MODES)


@op
def map_coordinates(
    inputs: TensorLike,
    coordinates: TensorLike,
    order: int,
    fill_mode: str = "constant",
    fill_value: float = 0,
) -> Tensor:
    """The values of a tensor at places between its entries.

    Args:
        inputs: tensor of n axes; ints become floats.
        coordinates: `(n, ...)`, a coordinate for each axis.
        order: 0 for the nearest entry, 1 for linear interpolation.
        fill_mode: what lies outside: "constant", "nearest", "wrap", "mirror" (about the
            last entry), "reflect" (about the edge).
        fill_value: for "constant".

    Returns:
        A tensor of the shape of one coordinate.

    Raises:
        ShapeError: if there are not n coordinates.

    Example:
        >>> keras.ops.image.map_coordinates([0.0, 2.0], [[0.5]], order=1)
        [1.0]
    """
    what = "keras.ops.image.map_coordinates"
    _check_mode(fill_mode, what)
    if order not in (0, 1):
        raise ValueError(f"{what}: got order={order!r}; expected 0 or 1.")
    x, places = floating(inputs), floating(coordinates)
    if places.ndim < 2 or places.shape[0] != x.ndim:
        raise ShapeError(
            f"{what}: got inputs of shape {tuple(x.shape)} and coordinates of shape "
            f"{tuple(places.shape)}; expected ({x.ndim}, ...), one for each axis."
        )
    axes = [_corners(places[i], n, order, fill_mode) for i, n in enumerate(x.shape)]
    return _sampled(x, axes, fill_value)


def _at(
    x: Native, rows: Native, columns: Native, order: int, mode: str, value: float
) -> Native:
    """Images `(batch, height, width, channels)` at places `(batch, h, w)`."""
    engine = current.engine
    batch, height, width = x.shape[:3]
    image = engine.reshape(engine.arange(0, batch, 1, "int32"), (batch, 1, 1))
    image = engine.broadcast_to(image, tuple(rows.shape))
    axes: list[list[Corner]] = [
        [(image, None, None)],
        _corners(rows, height, order, mode),
        _corners(columns, width, order, mode),
    ]
    return _sampled(x, axes, value)


def _grid(height: int, width: int) -> tuple[Native, Native]:
    """Row and column `(1, height, width)` of each pixel."""
    engine = current.engine
    rows = engine.reshape(engine.arange(0, height, 1, "float32"), (1, height, 1))
    columns = engine.reshape(engine.arange(0, width, 1, "float32"), (1, 1, width))
    shape = (1, height, width)
    return engine.broadcast_to(rows, shape), engine.broadcast_to(columns, shape)


def _order(interpolation: str, what: str) -> int:
    if interpolation not in _ORDERS:
        raise unknown_name(f"interpolation of {what}", interpolation, _ORDERS)
    return _ORDERS[interpolation]


@op
def affine_transform(
    images: TensorLike,
    transform: TensorLike,
    interpolation: str = "bilinear",
    fill_mode: str = "constant",
    fill_value: float = 0,
    data_format: str | None = None,
) -> Tensor:
    """Images whose pixel (x, y) shows the input at `(a0 x + a1 y + a2, b0 x + ...)`.

    Args:
        images: `(height, width, channels)`, or a batch of them, or channels first.
        transform: `[a0, a1, a2, b0, b1, b2, c0, c1]`, or one for each image; c0 and c1
            are not used.
        interpolation: "nearest" or "bilinear".
        fill_mode: what lies outside: "constant", "nearest", "wrap", "mirror" or
            "reflect"; as in `map_coordinates`.
        fill_value: for "constant".
        data_format: "channels_last" or "channels_first"; default:
            `keras.config.image_data_format()`.

    Returns:
        Images of the same shape and dtype.

    Raises:
        ShapeError: if the transform has not 8 entries.

    Example:
        >>> same = [1.0, 0, 0, 0, 1.0, 0, 0, 0]
        >>> keras.ops.image.affine_transform(keras.ops.ones((2, 2, 1)), same).shape
        (2, 2, 1)
    """
    what = "keras.ops.image.affine_transform"
    _check_mode(fill_mode, what)
    order = _order(interpolation, what)
    x, undo = images_in(images, data_format, what)
    engine = current.engine
    matrix = tensor(transform, "float32")
    if matrix.ndim not in (1, 2) or matrix.shape[-1] != 8:
        raise ShapeError(
            f"{what}: got a transform of shape {tuple(matrix.shape)}; expected (8,) or "
            "(batch, 8)."
        )
    if matrix.ndim == 1:
        matrix = engine.expand_dims(matrix, 0)
    matrix = engine.broadcast_to(matrix, (x.shape[0], 8))
    a0, a1, a2, b0, b1, b2 = (matrix[:, i, None, None] for i in range(6))
    rows, columns = _grid(*x.shape[1:3])
    return undo(
        _transformed(
            x,
            b0 * columns + b1 * rows + b2,
            a0 * columns + a1 * rows + a2,
            order,
            fill_mode,
            fill_value,
        )
    )


def _transformed(
    x: Native, rows: Native, columns: Native, order: int, mode: str, value: float
) -> Native:
    """`_at` in floats, and back to the dtype of `x`."""
    engine = current.engine
    dtype = engine.dtype(x)
    result = _at(tensor(x, "float32"), rows, columns, order, mode, value)
    return engine.cast(result, dtype)


@op
def perspective_transform(
    images: TensorLike,
    start_points: TensorLike,
    end_points: TensorLike,
    interpolation: str = "bilinear",
    fill_value: float = 0,
    data_format: str | None = None,
) -> Tensor:
    """Images turned in space, so that four points come to lie at four others.

    Args:
        images: `(height, width, channels)`, or a batch of them, or channels first.
        start_points: four points `(x, y)` of each input, `(4, 2)` or `(batch, 4, 2)`.
        end_points: where they are in the result.
        interpolation: "nearest" or "bilinear".
        fill_value: of what lies outside the inputs.
        data_format: "channels_last" or "channels_first"; default:
            `keras.config.image_data_format()`.

    Returns:
        Images of the same shape and dtype.

    Raises:
        ShapeError: if there are not four points.

    Example:
        >>> points = [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]
        >>> x = keras.ops.ones((2, 2, 1))
        >>> keras.ops.image.perspective_transform(x, points, points).shape
        (2, 2, 1)
    """
    what = "keras.ops.image.perspective_transform"
    order = _order(interpolation, what)
    x, undo = images_in(images, data_format, what)
    start, end = (_points(p, x.shape[0], what) for p in (start_points, end_points))
    h = _homography(end, start)
    rows, columns = _grid(*x.shape[1:3])
    a0, a1, a2, b0, b1, b2, c0, c1 = (h[:, i, None, None] for i in range(8))
    depth = c0 * columns + c1 * rows + 1
    at_rows = (b0 * columns + b1 * rows + b2) / depth
    at_columns = (a0 * columns + a1 * rows + a2) / depth
    return undo(_transformed(x, at_rows, at_columns, order, "constant", fill_value))


def _points(points: TensorLike, batch: int, what: str) -> Native:
    engine = current.engine
    p = tensor(points, "float32")
    p = engine.expand_dims(p, 0) if p.ndim == 2 else p
    if p.ndim != 3 or tuple(p.shape[1:]) != (4, 2):
        raise ShapeError(
            f"{what}: got points of shape {tuple(p.shape)}; expected (4, 2) or (batch, "
            "4, 2)."
        )
    return engine.broadcast_to(p, (batch, 4, 2))


def _homography(source: Native, target: Native) -> Native:
    """The eight numbers of the perspective map from `source` to `target`."""
    engine = current.engine
    x, y = source[:, :, 0], source[:, :, 1]
    u, v = target[:, :, 0], target[:, :, 1]
    one, zero = engine.add(engine.multiply(x, 0), 1), engine.multiply(x, 0)
    rows_u = [x, y, one, zero, zero, zero, -x * u, -y * u]
    rows_v = [zero, zero, zero, x, y, one, -x * v, -y * v]
    matrix = engine.concatenate([engine.stack(rows_u, 2), engine.stack(rows_v, 2)], 1)
    right = engine.concatenate([u, v], 1)
    return engine.solve(matrix, right)


@op
def elastic_transform(
    images: TensorLike,
    alpha: float = 20.0,
    sigma: float = 5.0,
    interpolation: str = "bilinear",
    fill_mode: str = "reflect",
    fill_value: float = 0.0,
    seed: int | SeedGenerator | None = None,
    data_format: str | None = None,
) -> Tensor:
    """Images distorted by smooth random displacements (Simard et al. 2003).

    Args:
        images: `(height, width, channels)`, or a batch of them, or channels first.
        alpha: how far pixels move.
        sigma: how smooth the displacements are, in pixels.
        interpolation: "nearest" or "bilinear".
        fill_mode: what lies outside: "constant", "nearest", "wrap", "mirror" or
            "reflect"; as in `map_coordinates`.
        fill_value: for "constant".
        seed: an int, a `SeedGenerator`, or `None` for the global one.
        data_format: "channels_last" or "channels_first"; default:
            `keras.config.image_data_format()`.

    Returns:
        Images of the same shape and dtype.

    Example:
        >>> keras.ops.image.elastic_transform(keras.ops.ones((8, 8, 1)), seed=1).shape
        (8, 8, 1)
    """
    what = "keras.ops.image.elastic_transform"
    _check_mode(fill_mode, what)
    order = _order(interpolation, what)
    x, undo = images_in(images, data_format, what)
    engine = current.engine
    batch, height, width = x.shape[:3]
    noise = engine.random_normal(as_seed(seed), (batch, height, width, 2), "float32")
    # A kernel of six standard deviations, odd, holds nearly all of the weight.
    size = int(6 * sigma) | 1
    moved = blurred(noise, (size, size), (float(sigma), float(sigma))) * alpha
    rows, columns = _grid(height, width)
    return undo(
        _transformed(
            x,
            rows + moved[..., 0],
            columns + moved[..., 1],
            order,
            fill_mode,
            fill_value,
        )
    )
