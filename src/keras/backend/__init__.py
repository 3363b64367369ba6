"""Engines (floor 0), and the functions of the public `keras.backend`."""

from keras.core.config import backend as backend
from keras.core.config import epsilon as epsilon
from keras.core.config import floatx as floatx
from keras.core.config import image_data_format as image_data_format
from keras.core.config import set_epsilon as set_epsilon
from keras.core.config import set_floatx as set_floatx
from keras.core.config import set_image_data_format as set_image_data_format
from keras.core.dtypes import result_type as result_type
from keras.core.dtypes import standardize_dtype as standardize_dtype
from keras.core.keras_tensor import is_keras_tensor as is_keras_tensor
from keras.core.naming import get_uid as get_uid
from keras.core.session import clear_session as clear_session
from keras.core.session import is_float_dtype as is_float_dtype
from keras.core.session import is_int_dtype as is_int_dtype
