"""Files in and out, and the registry of what they may name."""

from keras.core.registry import CustomObjectScope as CustomObjectScope
from keras.core.registry import CustomObjectScope as custom_object_scope  # noqa: N813
from keras.core.registry import get_custom_objects as get_custom_objects
from keras.core.registry import get_registered_name as get_registered_name
from keras.core.registry import get_registered_object as get_registered_object
from keras.core.registry import (
    register_keras_serializable as register_keras_serializable,
)
from keras.core.serialization import (
    deserialize_keras_object as deserialize_keras_object,
)
from keras.core.serialization import serialize_keras_object as serialize_keras_object
from keras.saving._api import load_model as load_model
from keras.saving._api import load_weights as load_weights
from keras.saving._api import save_model as save_model
from keras.saving._api import save_weights as save_weights
