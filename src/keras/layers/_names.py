"""Layers as plain data and back."""

from collections.abc import Mapping
from typing import Any

from keras.core.serialization import deserialize_keras_object, serialize_keras_object
from keras.layers._layer import Layer
from keras.typing import Config


def serialize(layer: Layer) -> Config:
    """A layer as data that JSON can hold.

    Args:
        layer: the layer; its weights are not part of the result.

    Example:
        >>> keras.layers.serialize(keras.layers.Dense(8))["class_name"]
        'Dense'
    """
    return serialize_keras_object(layer)  # type: ignore[no-any-return]


def deserialize(config: Any, custom_objects: Mapping[str, Any] | None = None) -> Layer:
    """The layer that `serialize` described, with new weights.

    Args:
        config: what `serialize` returned.
        custom_objects: names and the classes or functions they stand for.

    Raises:
        TypeError: if it describes something else.

    Example:
        >>> keras.layers.deserialize(keras.layers.serialize(keras.layers.Dense(8)))
    """
    layer = deserialize_keras_object(config, custom_objects)
    if not isinstance(layer, Layer):
        raise TypeError(
            f"keras.layers.deserialize: got the description of a "
            f"{type(layer).__name__}; expected that of a layer."
        )
    return layer
