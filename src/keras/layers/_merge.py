"""Layers of several inputs: `Add`, `Multiply`, `Concatenate`, `Dot`, and others."""

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any, Unpack

from keras import ops
from keras.errors import ShapeError
from keras.layers._layer import LayerOptions, TensorLayer
from keras.typing import Tensor


class Merge(TensorLayer):
    """Makes one tensor of a list of them; subclasses define `_merged`.

    Sizes are broadcast; an input with fewer dimensions gets new ones after the batch.
    """

    def __init__(self, **kwargs: Unpack[LayerOptions]) -> None:
        super().__init__(**kwargs)
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        """Check that there are several inputs of shapes that fit.

        Raises:
            ValueError: if there are not.
        """
        is_list = isinstance(input_shape, list | tuple) and all(
            isinstance(s, list | tuple) for s in input_shape
        )
        if not is_list or not input_shape:
            raise ValueError(
                f"{type(self).__name__}: got an input of shape {input_shape}; expected "
                "a list of tensors. Call it as layer([a, b])."
            )
        self._check(input_shape)

    def _check(self, shapes: Sequence[Sequence[int | None]]) -> None:
        most = max(len(s) for s in shapes)
        full = [(s[0], *(1,) * (most - len(s)), *s[1:]) for s in shapes if len(s)]
        for sizes in zip(*full, strict=True):
            if len({n for n in sizes if n not in (None, 1)}) > 1:
                raise ShapeError(
                    f"{type(self).__name__}: got inputs of shapes "
                    f"{[tuple(s) for s in shapes]}, which cannot be broadcast to one "
                    "another. Give inputs of equal shapes, or with 1 where they differ."
                )

    def call(self, inputs: Sequence[Tensor]) -> Tensor:
        """Merge the inputs."""
        most = max(x.ndim for x in inputs)
        return self._merged([_with_ndim(x, most) for x in inputs])

    def _merged(self, inputs: list[Tensor]) -> Tensor:
        raise NotImplementedError(f"{type(self).__name__} does not define _merged.")

    def compute_mask(self, inputs: Any, mask: Any) -> Any:
        """What is real in one input is real in the output; `None` if one has none."""
        if mask is None or any(m is None for m in mask):
            return None
        return reduce(ops.logical_or, mask)


def _with_ndim(x: Tensor, ndim: int) -> Tensor:
    """`x` with new axes after the batch, so that it has `ndim`."""
    missing = ndim - x.ndim
    if missing <= 0:
        return x
    return ops.reshape(x, (x.shape[0], *(1,) * missing, *x.shape[1:]))


class Add(Merge):
    """The sum of a list of tensors.

    Shapes are broadcast; a tensor with fewer dimensions gets new ones after the batch.

    Example:
        >>> keras.layers.Add()([numpy.ones((2, 3)), numpy.ones((2, 3))]).shape
        (2, 3)
    """

    def _merged(self, inputs: list[Tensor]) -> Tensor:
        return reduce(ops.add, inputs)


class Subtract(Merge):
    """The first tensor of a pair minus the second.

    Example:
        >>> keras.layers.Subtract()([numpy.ones((2, 3)), numpy.ones((2, 3))]).shape
        (2, 3)
    """

    def _check(self, shapes: Sequence[Sequence[int | None]]) -> None:
        _check_pair(self, shapes)
        super()._check(shapes)

    def _merged(self, inputs: list[Tensor]) -> Tensor:
        return ops.subtract(*inputs)


class Multiply(Merge):
    """The product of a list of tensors, entry by entry; shapes as for `Add`.

    Example:
        >>> keras.layers.Multiply()([numpy.ones((2, 3)), numpy.ones((2, 1))]).shape
        (2, 3)
    """

    def _merged(self, inputs: list[Tensor]) -> Tensor:
        return reduce(ops.multiply, inputs)


class Average(Merge):
    """The mean of a list of tensors, entry by entry; shapes as for `Add`.

    Example:
        >>> keras.layers.Average()([numpy.ones((2, 3)), numpy.zeros((2, 3))]).shape
        (2, 3)
    """

    def _merged(self, inputs: list[Tensor]) -> Tensor:
        return ops.divide(reduce(ops.add, inputs), len(inputs))


class Maximum(Merge):
    """The largest entries of a list of tensors; shapes as for `Add`.

    Example:
        >>> keras.layers.Maximum()([numpy.ones((2, 3)), numpy.zeros((2, 3))]).shape
        (2, 3)
    """

    def _merged(self, inputs: list[Tensor]) -> Tensor:
        return reduce(ops.maximum, inputs)


class Minimum(Merge):
    """The smallest entries of a list of tensors; shapes as for `Add`.

    Example:
        >>> keras.layers.Minimum()([numpy.ones((2, 3)), numpy.zeros((2, 3))]).shape
        (2, 3)
    """

    def _merged(self, inputs: list[Tensor]) -> Tensor:
        return reduce(ops.minimum, inputs)


class Concatenate(Merge):
    """A list of tensors behind one another along an axis.

    Args:
        axis: along which; all other sizes are equal.

    Raises:
        ShapeError: if other sizes differ.

    Example:
        >>> keras.layers.Concatenate()([numpy.ones((2, 3)), numpy.ones((2, 4))]).shape
        (2, 7)
    """

    def __init__(self, axis: int = -1, **kwargs: Unpack[LayerOptions]) -> None:
        super().__init__(**kwargs)
        self.axis = axis

    def _check(self, shapes: Sequence[Sequence[int | None]]) -> None:
        ndim = len(shapes[0])
        if not -ndim <= self.axis < ndim:
            raise ValueError(
                f"Concatenate(axis={self.axis}): got inputs of shapes "
                f"{[tuple(s) for s in shapes]}; expected an axis from {-ndim} to "
                f"{ndim - 1}."
            )
        axis = self.axis % ndim
        others = [tuple(s[:axis]) + tuple(s[axis + 1 :]) for s in shapes]
        if any(len(s) != ndim for s in shapes) or any(
            len({n for n in sizes if n is not None}) > 1
            for sizes in zip(*others, strict=True)
        ):
            raise ShapeError(
                f"Concatenate(axis={self.axis}): got inputs of shapes "
                f"{[tuple(s) for s in shapes]}; expected equal sizes on all other "
                "axes. Reshape the inputs, or change the axis."
            )

    def call(self, inputs: Sequence[Tensor]) -> Tensor:
        """Put the inputs behind one another."""
        return ops.concatenate(inputs, axis=self.axis)

    def compute_mask(self, inputs: Any, mask: Any) -> Any:
        """The masks behind one another, or, along other axes, as for `Add`."""
        if mask is None or all(m is None for m in mask):
            return None
        masks = [
            ops.ones(x.shape[:2], dtype="bool") if m is None else m
            for x, m in zip(inputs, mask, strict=True)
        ]
        axis = self.axis % inputs[0].ndim
        if axis < masks[0].ndim:
            return ops.concatenate(masks, axis=axis)
        return reduce(ops.logical_or, masks)


class Dot(Merge):
    """The sums of products of two tensors along an axis of each, for each batch entry.

    Inputs `(batch, ..., n, ...)`; the output has the other axes of the first, then
    those of the second; `(batch, 1)` where there are none.

    Args:
        axes: the axis of both, or a pair; the batch axis 0 is not allowed.
        normalize: whether to scale the inputs to length 1 along the axes first, which
            gives the cosine of their angle.

    Raises:
        ShapeError: if the sizes along the axes differ.

    Example:
        >>> a, b = numpy.ones((5, 3, 4)), numpy.ones((5, 4, 2))
        >>> keras.layers.Dot(axes=(2, 1))([a, b]).shape
        (5, 3, 2)
    """

    def __init__(
        self,
        axes: int | Sequence[int],
        normalize: bool = False,
        **kwargs: Unpack[LayerOptions],
    ) -> None:
        super().__init__(**kwargs)
        pair: list[Any] = [axes, axes] if isinstance(axes, int) else list(axes)
        if len(pair) != 2 or not all(isinstance(a, int) and a for a in pair):
            raise ValueError(
                f"Dot(axes=...): got {axes!r}; expected an int or a pair of ints, not "
                "0 (the batch axis)."
            )
        self.axes: int | tuple[int, ...] = (
            axes if isinstance(axes, int) else tuple(axes)
        )
        self.normalize = normalize

    def _pair(self, first: int, second: int) -> tuple[int, int]:
        """Both axes, counted from the front, for inputs of so many dimensions."""
        a, b = (self.axes, self.axes) if isinstance(self.axes, int) else self.axes
        return a % first, b % second

    def _check(self, shapes: Sequence[Sequence[int | None]]) -> None:
        _check_pair(self, shapes)
        first, second = shapes
        a, b = self._pair(len(first), len(second))
        if None not in (first[a], second[b]) and first[a] != second[b]:
            raise ShapeError(
                f"Dot(axes={self.axes}): got inputs of shapes {tuple(first)} and "
                f"{tuple(second)}, with {first[a]} and {second[b]} entries along the "
                "axes; expected equal sizes. Change axes or the inputs."
            )

    def call(self, inputs: Sequence[Tensor]) -> Tensor:
        """Multiply and sum."""
        x, y = inputs
        a, b = self._pair(x.ndim, y.ndim)
        if self.normalize:
            x, y = ops.normalize(x, axis=a), ops.normalize(y, axis=b)
        rest_x = [i for i in range(1, x.ndim) if i != a]
        rest_y = [i for i in range(1, y.ndim) if i != b]
        out = [x.shape[i] for i in rest_x] + [y.shape[i] for i in rest_y]
        x = ops.transpose(x, (0, *rest_x, a))
        y = ops.transpose(y, (0, b, *rest_y))
        batch, n = x.shape[0], x.shape[-1]
        result = ops.matmul(
            ops.reshape(x, (batch, _size(x.shape[1:-1]), n)),
            ops.reshape(y, (batch, n, _size(y.shape[2:]))),
        )
        return ops.reshape(result, (batch, *(out or [1])))

    def compute_mask(self, inputs: Any, mask: Any) -> None:
        """No mask: the axes are others."""
        return None


def _size(shape: Sequence[int]) -> int:
    return reduce(lambda m, n: m * n, shape, 1)


def _check_pair(layer: Merge, shapes: Sequence[Any]) -> None:
    if len(shapes) != 2:
        raise ValueError(
            f"{type(layer).__name__}: got {len(shapes)} inputs; expected 2. Call it as "
            "layer([a, b])."
        )


def _spelled(cls: type[Merge], inputs: Any, *args: Any, **kwargs: Any) -> Tensor:
    make: Callable[..., Merge] = cls
    return make(*args, **kwargs)(inputs)


def add(inputs: Sequence[Tensor], **kwargs: Unpack[LayerOptions]) -> Tensor:
    """`Add(**kwargs)(inputs)`.

    Example:
        >>> keras.layers.add([keras.Input((3,)), keras.Input((3,))]).shape
        (None, 3)
    """
    return _spelled(Add, inputs, **kwargs)


def subtract(inputs: Sequence[Tensor], **kwargs: Unpack[LayerOptions]) -> Tensor:
    """`Subtract(**kwargs)(inputs)`."""
    return _spelled(Subtract, inputs, **kwargs)


def multiply(inputs: Sequence[Tensor], **kwargs: Unpack[LayerOptions]) -> Tensor:
    """`Multiply(**kwargs)(inputs)`."""
    return _spelled(Multiply, inputs, **kwargs)


def average(inputs: Sequence[Tensor], **kwargs: Unpack[LayerOptions]) -> Tensor:
    """`Average(**kwargs)(inputs)`."""
    return _spelled(Average, inputs, **kwargs)


def maximum(inputs: Sequence[Tensor], **kwargs: Unpack[LayerOptions]) -> Tensor:
    """`Maximum(**kwargs)(inputs)`."""
    return _spelled(Maximum, inputs, **kwargs)


def minimum(inputs: Sequence[Tensor], **kwargs: Unpack[LayerOptions]) -> Tensor:
    """`Minimum(**kwargs)(inputs)`."""
    return _spelled(Minimum, inputs, **kwargs)


def concatenate(
    inputs: Sequence[Tensor], axis: int = -1, **kwargs: Unpack[LayerOptions]
) -> Tensor:
    """`Concatenate(axis, **kwargs)(inputs)`."""
    return _spelled(Concatenate, inputs, axis, **kwargs)


def dot(
    inputs: Sequence[Tensor],
    axes: int | Sequence[int] = -1,
    **kwargs: Unpack[LayerOptions],
) -> Tensor:
    """`Dot(axes, **kwargs)(inputs)`."""
    return _spelled(Dot, inputs, axes, **kwargs)
