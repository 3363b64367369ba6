"""`TimeDistributed`: one layer for every time step."""

from __future__ import annotations

from typing import Any, Unpack

from keras import ops
from keras.core import tree
from keras.layers._call import call_signature
from keras.layers._input_spec import InputSpec
from keras.layers._layer import Layer, LayerOptions
from keras.layers._wrapper import Wrapper
from keras.typing import Tensor


class TimeDistributed(Wrapper):
    """Applies a layer to every time step by itself, with the same weights.

    Input `(batch, time, ...)`, output `(batch, time, ...)`: batch and time are one axis
    for the layer inside.

    Args:
        layer: a layer for inputs `(batch, ...)`.

    Raises:
        TypeError: if `layer` is no layer.

    Example:
        >>> layer = keras.layers.TimeDistributed(keras.layers.Conv2D(8, 3))
        >>> layer(numpy.ones((2, 10, 16, 16, 3))).shape
        (2, 10, 14, 14, 8)
    """

    def __init__(self, layer: Layer, **kwargs: Unpack[LayerOptions]) -> None:
        super().__init__(layer, **kwargs)
        self.input_spec: Any = InputSpec(min_ndim=3)
        self.supports_masking = True

    def build(self, input_shape: Any = None) -> None:
        """Build the layer inside for one time step."""
        super().build((input_shape[0], *input_shape[2:]))

    def call(
        self, inputs: Tensor, training: bool | None = None, mask: Any = None
    ) -> Any:
        """Fold time into the batch, call the layer, unfold it."""
        batch, time, *rest = inputs.shape
        signature = call_signature(type(self.layer).call)
        options: dict[str, Any] = {}
        if signature.has_training:
            options["training"] = training
        if mask is not None and signature.masks:
            # (batch, time, ...): one value, or one row, for each call inside
            options["mask"] = ops.reshape(mask, (batch * time, *mask.shape[2:]))
        outputs = self.layer(ops.reshape(inputs, (batch * time, *rest)), **options)
        return tree.map_structure(
            lambda y: ops.reshape(y, (batch, time, *y.shape[1:])), outputs
        )
