"""The JAX engine.

64-bit types are switched on: the API has them, and every dtype is stated explicitly
here, so that nothing becomes 64-bit by accident.
"""

import jax

from keras.backend.jax.activations import *
from keras.backend.jax.algebra import *
from keras.backend.jax.arrays import *
from keras.backend.jax.control import *
from keras.backend.jax.elementwise import *
from keras.backend.jax.neural import *
from keras.backend.jax.recurrent import *

jax.config.update("jax_enable_x64", True)

name = "jax"
