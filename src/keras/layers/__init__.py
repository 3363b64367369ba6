"""Layers."""

from keras.layers._dense import Dense as Dense
from keras.layers._dropout import Dropout as Dropout
from keras.layers._embedding import Embedding as Embedding
from keras.layers._input import Input as Input
from keras.layers._input import InputLayer as InputLayer
from keras.layers._input_spec import InputSpec as InputSpec
from keras.layers._layer import Layer as Layer
