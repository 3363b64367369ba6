"""`Input`: where a functional model begins."""

from typing import Any

from keras.core.dtypes import standardize_dtype
from keras.core.keras_tensor import KerasTensor
from keras.core.operation import Node
from keras.layers._layer import Layer
from keras.typing import Config, Shape


class InputLayer(Layer):
    """The node behind `keras.Input`.

    Args:
        shape: without the batch dimension.
        batch_size: default: unknown.
        dtype: default: `keras.config.floatx()`.
        sparse, ragged: accepted for compatibility.
        batch_shape: shape with the batch dimension, in place of `shape`.
        input_tensor: a symbolic tensor to stand behind this input.
        optional: whether the model may be called with `None` in its place.
        name: default: "input_layer", counted up.
    """

    def __init__(
        self,
        shape: Any = None,
        batch_size: int | None = None,
        dtype: Any = None,
        sparse: bool | None = None,
        ragged: bool | None = None,
        batch_shape: Any = None,
        input_tensor: KerasTensor | None = None,
        optional: bool = False,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        if "batch_input_shape" in kwargs:
            batch_shape = kwargs.pop("batch_input_shape")
        if "input_shape" in kwargs:
            shape = kwargs.pop("input_shape")
        if input_tensor is not None:
            batch_shape, dtype = input_tensor.shape, dtype or input_tensor.dtype
        self.batch_shape: Shape = _batch_shape(shape, batch_size, batch_shape)
        if isinstance(dtype, dict):  # a policy from a file
            dtype = dtype["config"]["name"]
        self._dtype = standardize_dtype(getattr(dtype, "compute_dtype", dtype))
        super().__init__(name=name, dtype=_policy_dtype(self._dtype), **kwargs)
        self.sparse: bool = bool(sparse)
        self.ragged: bool = bool(ragged)
        self.optional: bool = optional
        self.built = True
        output = KerasTensor(self.batch_shape, self._dtype, name=self.name)
        output.sparse = self.sparse
        Node(self, (), {}, output)

    @property
    def dtype(self) -> str:
        """The dtype of the input."""
        return self._dtype

    def call(self) -> None:
        """An input computes nothing."""

    def get_config(self) -> Config:
        """The constructor's arguments; the dtype is a plain string in files."""
        return {
            "batch_shape": self.batch_shape,
            "dtype": self._dtype,
            "sparse": self.sparse,
            "ragged": self.ragged,
            "name": self.name,
            "optional": self.optional,
        }


def _policy_dtype(dtype: str) -> str | None:
    return None if dtype == "string" else dtype


def _batch_shape(shape: Any, batch_size: int | None, batch_shape: Any) -> Shape:
    if shape is not None and batch_shape is not None:
        raise ValueError(
            f"Input: got both shape={shape} and batch_shape={batch_shape}; expected "
            "one of them. Pass shape (without the batch dimension)."
        )
    if batch_shape is not None:
        return tuple(batch_shape)
    if shape is None:
        raise ValueError(
            "Input: got no shape. Pass shape, without the batch dimension: "
            "keras.Input(shape=(28, 28, 1))."
        )
    if isinstance(shape, int):
        raise ValueError(
            f"Input(shape={shape}): got an int; expected a tuple. Write "
            f"shape=({shape},)."
        )
    return (batch_size, *shape)


def Input(
    shape: Any = None,
    batch_size: int | None = None,
    dtype: Any = None,
    sparse: bool | None = None,
    ragged: bool | None = None,
    batch_shape: Any = None,
    name: str | None = None,
    tensor: KerasTensor | None = None,
    optional: bool = False,
    **kwargs: Any,
) -> KerasTensor:
    """A symbolic tensor, to be given to layers and then to `keras.Model`.

    Args:
        shape: tuple of ints and `None`, without the batch dimension.
        batch_size: default: unknown.
        dtype: default: `keras.config.floatx()`.
        sparse, ragged: accepted for compatibility.
        batch_shape: shape with the batch dimension, in place of `shape`.
        name: default: "input_layer", counted up.
        tensor: a symbolic tensor whose shape and dtype to take.
        optional: whether the model may be called with `None` in its place.

    Returns:
        A `KerasTensor` of shape `(batch_size, *shape)`.

    Raises:
        ValueError: if there is no shape, or two.

    Example:
        >>> x = keras.Input(shape=(32,))
        >>> model = keras.Model(x, keras.layers.Dense(16)(x))
    """
    layer = InputLayer(
        shape=shape,
        batch_size=batch_size,
        dtype=dtype,
        sparse=sparse,
        ragged=ragged,
        batch_shape=batch_shape,
        input_tensor=tensor,
        optional=optional,
        name=name,
        **kwargs,
    )
    result: KerasTensor = layer.output
    return result
