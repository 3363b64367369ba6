"""What weights are mapped to after each update."""

from keras.constraints._constraint import Constraint as Constraint
from keras.constraints._names import deserialize as deserialize
from keras.constraints._names import get as get
from keras.constraints._names import serialize as serialize
from keras.constraints._norms import MaxNorm as MaxNorm
from keras.constraints._norms import MaxNorm as max_norm
from keras.constraints._norms import MinMaxNorm as MinMaxNorm
from keras.constraints._norms import MinMaxNorm as min_max_norm
from keras.constraints._norms import NonNeg as NonNeg
from keras.constraints._norms import NonNeg as non_neg
from keras.constraints._norms import UnitNorm as UnitNorm
from keras.constraints._norms import UnitNorm as unit_norm
