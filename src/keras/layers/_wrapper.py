"""`Wrapper`: the base of layers that hold one other layer."""

from typing import Any, Unpack

from keras.layers._layer import Layer, LayerOptions


class Wrapper(Layer):
    """A layer around another one, which it keeps as `layer`.

    Args:
        layer: the layer inside.

    Raises:
        TypeError: if it is no layer.

    Example:
        >>> keras.layers.Wrapper(keras.layers.Dense(2)).layer.units
        2
    """

    def __init__(self, layer: Layer, **kwargs: Unpack[LayerOptions]) -> None:
        if not isinstance(layer, Layer):
            raise TypeError(
                f"{type(self).__name__}(layer=...): got {layer!r} "
                f"({type(layer).__name__}); expected a Layer, such as "
                "keras.layers.Dense(8)."
            )
        super().__init__(**kwargs)
        self.layer = layer

    def build(self, input_shape: Any = None) -> None:
        """Build the layer inside for inputs of the same shape."""
        if not self.layer.built:
            self.layer.build(input_shape)
            self.layer.built = True
