"""Other shapes: `Flatten`, `Reshape`, `Permute`, `RepeatVector`."""

from collections.abc import Sequence
from math import prod
from typing import Any, Unpack

from keras import ops
from keras.core.config import check_data_format
from keras.errors import ShapeError
from keras.layers._input_spec import InputSpec
from keras.layers._layer import LayerOptions, TensorLayer
from keras.layers._options import positive_int
from keras.typing import DataFormat, Tensor


class Flatten(TensorLayer):
    """All axes but the batch made one: `(batch, ...)` to `(batch, features)`.

    Args:
        data_format: "channels_first" to move the channels of `(batch, channels, ...)`
            to the end first; default: `keras.config.image_data_format()`.

    Example:
        >>> keras.layers.Flatten()(numpy.ones((2, 3, 4))).shape
        (2, 12)
    """

    def __init__(
        self, data_format: DataFormat | None = None, **kwargs: Unpack[LayerOptions]
    ) -> None:
        super().__init__(**kwargs)
        self.data_format: str = check_data_format(data_format)
        self.input_spec: Any = InputSpec(min_ndim=1)

    def call(self, inputs: Tensor) -> Tensor:
        """Flatten each entry of the batch."""
        x = inputs
        if self.data_format == "channels_first" and x.ndim > 2:
            x = ops.moveaxis(x, 1, -1)
        # The size is computed, since -1 is ambiguous for an empty batch.
        return ops.reshape(x, (x.shape[0], prod(x.shape[1:])))


class Reshape(TensorLayer):
    """Each entry of the batch in another shape: `(batch, *target_shape)`.

    Args:
        target_shape: ints, without the batch; one may be -1, to be found.

    Raises:
        ShapeError: if an input has another number of entries.

    Example:
        >>> keras.layers.Reshape((3, -1))(numpy.ones((2, 12))).shape
        (2, 3, 4)
    """

    def __init__(
        self, target_shape: Sequence[int], **kwargs: Unpack[LayerOptions]
    ) -> None:
        super().__init__(**kwargs)
        target_shape = (
            (target_shape,) if isinstance(target_shape, int) else tuple(target_shape)
        )
        if target_shape.count(-1) > 1:
            raise ValueError(
                f"Reshape(target_shape=...): got {target_shape}; expected at most one "
                "-1. Give the other sizes."
            )
        self.target_shape = target_shape

    def call(self, inputs: Tensor) -> Tensor:
        """Reshape each entry of the batch."""
        size = prod(inputs.shape[1:])
        known = prod(n for n in self.target_shape if n != -1)
        found = size // known if -1 in self.target_shape and known else 1
        if known * found != size:
            raise ShapeError(
                f"Reshape: got an input of shape {tuple(inputs.shape)}, whose entries "
                f"have {size} numbers; they do not fit into target_shape "
                f"{self.target_shape}. Change target_shape, or use one -1 in it."
            )
        shape = [found if n == -1 else n for n in self.target_shape]
        return ops.reshape(inputs, (inputs.shape[0], *shape))


class Permute(TensorLayer):
    """The axes of each entry of the batch in another order.

    Args:
        dims: where each axis comes from, counted from 1: `(2, 1)` swaps the first two
            after the batch.

    Raises:
        ValueError: if `dims` is no permutation of 1, 2, ...

    Example:
        >>> keras.layers.Permute((2, 1))(numpy.ones((5, 3, 4))).shape
        (5, 4, 3)
    """

    def __init__(self, dims: Sequence[int], **kwargs: Unpack[LayerOptions]) -> None:
        super().__init__(**kwargs)
        self.dims: tuple[int, ...] = tuple(dims)
        if sorted(self.dims) != list(range(1, len(self.dims) + 1)):
            raise ValueError(
                f"Permute(dims=...): got {self.dims}; expected the numbers 1 to "
                f"{len(self.dims)}, each once. The batch axis is not among them."
            )
        self.input_spec: Any = InputSpec(ndim=len(self.dims) + 1)

    def call(self, inputs: Tensor) -> Tensor:
        """Reorder the axes."""
        return ops.transpose(inputs, (0, *self.dims))


class RepeatVector(TensorLayer):
    """Each entry `n` times: `(batch, features)` to `(batch, n, features)`.

    Args:
        n: how often.

    Raises:
        ValueError: if `n` is no positive int.

    Example:
        >>> keras.layers.RepeatVector(3)(numpy.ones((2, 4))).shape
        (2, 3, 4)
    """

    def __init__(self, n: int, **kwargs: Unpack[LayerOptions]) -> None:
        super().__init__(**kwargs)
        self.n: int = positive_int(n, "RepeatVector", "n")
        self.input_spec: Any = InputSpec(ndim=2)

    def call(self, inputs: Tensor) -> Tensor:
        """Repeat along a new axis."""
        batch, features = inputs.shape
        x = ops.expand_dims(inputs, 1)  # (batch, 1, features)
        return ops.broadcast_to(x, (batch, self.n, features))
