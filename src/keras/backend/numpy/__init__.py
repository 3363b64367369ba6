"""The NumPy engine: everything but gradients, and the reference for the others."""

from keras.backend.numpy.algebra import *  # noqa: F403
from keras.backend.numpy.arrays import *  # noqa: F403
from keras.backend.numpy.control import *  # noqa: F403
from keras.backend.numpy.elementwise import *  # noqa: F403
from keras.backend.numpy.neural import *  # noqa: F403

name = "numpy"
