"""Borders added and cut off: `ZeroPadding1D` to `Cropping3D`."""

from collections.abc import Sequence
from typing import Any, Unpack

from keras import ops
from keras.core.config import check_data_format
from keras.errors import ShapeError
from keras.layers._input_spec import InputSpec
from keras.layers._layer import LayerOptions, TensorLayer
from keras.typing import DataFormat, Tensor

Pairs = tuple[tuple[int, int], ...]
_Border = int | Sequence[Any]


def _pairs(value: _Border, rank: int, what: str) -> Pairs:
    """`(before, after)` for each axis, from an int, an int or a pair for each.

    Raises:
        ValueError: for anything else.
    """
    sides: list[Any] = [value] * rank if isinstance(value, int) else list(value)
    if rank == 1 and len(sides) == 2:
        sides = [sides]
    pairs = [(side, side) if isinstance(side, int) else tuple(side) for side in sides]
    if len(pairs) != rank or not all(
        len(pair) == 2 and all(isinstance(n, int) and n >= 0 for n in pair)
        for pair in pairs
    ):
        raise ValueError(
            f"{what}: got {value!r}; expected an int, or for each of the {rank} "
            "spatial axes an int or a pair (before, after), none of them negative."
        )
    return tuple(pairs)


class _Borders(TensorLayer):
    """A layer that changes the borders of `rank` spatial axes."""

    rank: int

    def __init__(
        self, data_format: DataFormat | None, **kwargs: Unpack[LayerOptions]
    ) -> None:
        super().__init__(**kwargs)
        self.data_format: str = check_data_format(data_format)
        self.input_spec: Any = InputSpec(ndim=self.rank + 2)

    def _all_axes(self, pairs: Pairs, other: Any) -> list[Any]:
        """`pairs` at the spatial axes, `other` at batch and channels."""
        if self.data_format == "channels_last":
            return [other, *pairs, other]
        return [other, other, *pairs]


class ZeroPadding(_Borders):
    """Zeros around the spatial axes; subclasses set `rank`."""

    def __init__(
        self,
        padding: _Border = 1,
        data_format: DataFormat | None = None,
        **kwargs: Unpack[LayerOptions],
    ) -> None:
        super().__init__(data_format, **kwargs)
        pairs = _pairs(padding, self.rank, f"{type(self).__name__}(padding=...)")
        self._pairs = pairs
        self.padding: Any = pairs[0] if self.rank == 1 else pairs

    def call(self, inputs: Tensor) -> Tensor:
        """Add the zeros."""
        return ops.pad(inputs, self._all_axes(self._pairs, (0, 0)))


class Cropping(_Borders):
    """Cuts the borders of the spatial axes off; subclasses set `rank`."""

    def __init__(
        self,
        cropping: _Border = 1,
        data_format: DataFormat | None = None,
        **kwargs: Unpack[LayerOptions],
    ) -> None:
        super().__init__(data_format, **kwargs)
        pairs = _pairs(cropping, self.rank, f"{type(self).__name__}(cropping=...)")
        self._pairs = pairs
        self.cropping: Any = pairs[0] if self.rank == 1 else pairs

    def call(self, inputs: Tensor) -> Tensor:
        """Cut."""
        pairs = self._all_axes(self._pairs, (0, 0))
        sizes = [n - a - b for n, (a, b) in zip(inputs.shape, pairs, strict=True)]
        if min(sizes[1:]) <= 0:
            raise ShapeError(
                f"{self._described()}: got an input of shape {tuple(inputs.shape)}, of "
                f"which cropping {self.cropping} leaves nothing. Crop less, or give "
                "larger inputs."
            )
        return inputs[
            tuple(
                slice(a, n - b) for n, (a, b) in zip(inputs.shape, pairs, strict=True)
            )
        ]


class ZeroPadding1D(ZeroPadding):
    """Zeros before and after the steps of `(batch, steps, channels)`.

    Args:
        padding: int, or pair (before, after).
        data_format: "channels_last" or "channels_first"; default:
            `keras.config.image_data_format()`.

    Example:
        >>> keras.layers.ZeroPadding1D(2)(numpy.ones((1, 3, 4))).shape
        (1, 7, 4)
    """

    rank = 1


class ZeroPadding2D(ZeroPadding):
    """Zeros around images `(batch, height, width, channels)`.

    Args:
        padding: int; a pair of ints for height and width; or a pair of pairs
            `((top, bottom), (left, right))`.
        data_format: as for `ZeroPadding1D`.

    Example:
        >>> keras.layers.ZeroPadding2D(1)(numpy.ones((1, 3, 3, 4))).shape
        (1, 5, 5, 4)
    """

    rank = 2


class ZeroPadding3D(ZeroPadding):
    """Zeros around volumes `(batch, depth, height, width, channels)`.

    Args:
        padding: int, triple of ints, or triple of pairs.
        data_format: as for `ZeroPadding1D`.

    Example:
        >>> keras.layers.ZeroPadding3D(1)(numpy.ones((1, 3, 3, 3, 4))).shape
        (1, 5, 5, 5, 4)
    """

    rank = 3


class Cropping1D(Cropping):
    """The first and last steps of `(batch, steps, channels)` cut off.

    Args:
        cropping: int, or pair (before, after).

    Raises:
        ShapeError: if nothing is left.

    Example:
        >>> keras.layers.Cropping1D(1)(numpy.ones((1, 5, 4))).shape
        (1, 3, 4)
    """

    rank = 1

    def __init__(
        self, cropping: _Border = (1, 1), **kwargs: Unpack[LayerOptions]
    ) -> None:
        super().__init__(cropping, "channels_last", **kwargs)


class Cropping2D(Cropping):
    """The borders of images `(batch, height, width, channels)` cut off.

    Args:
        cropping: int; a pair of ints for height and width; or a pair of pairs
            `((top, bottom), (left, right))`.
        data_format: "channels_last" or "channels_first"; default:
            `keras.config.image_data_format()`.

    Raises:
        ShapeError: if nothing is left.

    Example:
        >>> keras.layers.Cropping2D(1)(numpy.ones((1, 5, 5, 4))).shape
        (1, 3, 3, 4)
    """

    rank = 2

    def __init__(
        self,
        cropping: _Border = 0,
        data_format: DataFormat | None = None,
        **kwargs: Unpack[LayerOptions],
    ) -> None:
        super().__init__(cropping, data_format, **kwargs)


class Cropping3D(Cropping):
    """The borders of volumes `(batch, depth, height, width, channels)` cut off.

    Args:
        cropping: int, triple of ints, or triple of pairs.
        data_format: as for `Cropping2D`.

    Example:
        >>> keras.layers.Cropping3D(1)(numpy.ones((1, 5, 5, 5, 4))).shape
        (1, 3, 3, 3, 4)
    """

    rank = 3
