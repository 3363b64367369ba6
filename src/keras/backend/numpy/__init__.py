"""The NumPy engine: everything but gradients, and the reference for the others."""

from keras.backend.numpy.algebra import *
from keras.backend.numpy.arrays import *
from keras.backend.numpy.control import *
from keras.backend.numpy.elementwise import *
from keras.backend.numpy.neural import *

name = "numpy"
