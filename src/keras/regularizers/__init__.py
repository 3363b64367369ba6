"""Penalties on weights and outputs."""

from keras.regularizers._names import deserialize as deserialize
from keras.regularizers._names import get as get
from keras.regularizers._names import serialize as serialize
from keras.regularizers._norms import L1 as L1
from keras.regularizers._norms import L1 as l1
from keras.regularizers._norms import L1L2 as L1L2
from keras.regularizers._norms import L1L2 as l1_l2
from keras.regularizers._norms import L2 as L2
from keras.regularizers._norms import L2 as l2
from keras.regularizers._orthogonal import (
    OrthogonalRegularizer as OrthogonalRegularizer,
)
from keras.regularizers._orthogonal import (
    OrthogonalRegularizer as orthogonal_regularizer,
)
from keras.regularizers._regularizer import Regularizer as Regularizer
