"""Utilities."""

from keras.core.config import (
    disable_interactive_logging as disable_interactive_logging,
)
from keras.core.config import enable_interactive_logging as enable_interactive_logging
from keras.core.config import (
    is_interactive_logging_enabled as is_interactive_logging_enabled,
)
from keras.core.dtypes import standardize_dtype as standardize_dtype
from keras.core.keras_tensor import is_keras_tensor as is_keras_tensor
from keras.core.registry import CustomObjectScope as CustomObjectScope
from keras.core.registry import CustomObjectScope as custom_object_scope  # noqa: N813
from keras.core.registry import get_custom_objects as get_custom_objects
from keras.core.registry import get_registered_name as get_registered_name
from keras.core.registry import get_registered_object as get_registered_object
from keras.core.registry import (
    register_keras_serializable as register_keras_serializable,
)
from keras.core.seeds import set_random_seed as set_random_seed
from keras.core.serialization import (
    deserialize_keras_object as deserialize_keras_object,
)
from keras.core.serialization import serialize_keras_object as serialize_keras_object
from keras.core.session import clear_session as clear_session
