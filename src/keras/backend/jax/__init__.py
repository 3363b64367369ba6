"""The JAX engine.

64-bit types are switched on: the API has them, and every dtype is stated explicitly
here, so that nothing becomes 64-bit by accident.
"""

import jax

from keras.backend.jax.activations import *  # noqa: F403
from keras.backend.jax.algebra import *  # noqa: F403
from keras.backend.jax.arrays import *  # noqa: F403
from keras.backend.jax.control import *  # noqa: F403
from keras.backend.jax.elementwise import *  # noqa: F403
from keras.backend.jax.neural import *  # noqa: F403

jax.config.update("jax_enable_x64", True)

name = "jax"
