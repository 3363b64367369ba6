"""Utilities."""

from keras.callbacks._progress import Progbar as Progbar
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
from keras.core.registry import CustomObjectScope as custom_object_scope
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
from keras.training._batch import pack_x_y_sample_weight as pack_x_y_sample_weight
from keras.training._batch import unpack_x_y_sample_weight as unpack_x_y_sample_weight
from keras.training._pydataset import PyDataset as PyDataset
from keras.training._pydataset import PyDataset as Sequence
from keras.utils._normalize import normalize as normalize
from keras.utils._pad_sequences import pad_sequences as pad_sequences
from keras.utils._to_categorical import to_categorical as to_categorical
