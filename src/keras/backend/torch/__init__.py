"""The PyTorch engine."""

from keras.backend.torch.activations import *
from keras.backend.torch.algebra import *
from keras.backend.torch.arrays import *
from keras.backend.torch.capture import captures as captures
from keras.backend.torch.capture import jit as jit
from keras.backend.torch.control import *
from keras.backend.torch.elementwise import *
from keras.backend.torch.lists import *
from keras.backend.torch.module import adopt_layer as adopt_layer
from keras.backend.torch.neural import *
from keras.backend.torch.recurrent import *

name = "torch"
