"""The PyTorch engine."""

from keras.backend.torch.activations import *  # noqa: F403
from keras.backend.torch.algebra import *  # noqa: F403
from keras.backend.torch.arrays import *  # noqa: F403
from keras.backend.torch.control import *  # noqa: F403
from keras.backend.torch.elementwise import *  # noqa: F403
from keras.backend.torch.lists import *  # noqa: F403
from keras.backend.torch.neural import *  # noqa: F403
from keras.backend.torch.recurrent import *  # noqa: F403

name = "torch"
