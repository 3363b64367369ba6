"""Layers."""

from keras.layers._attention import AdditiveAttention as AdditiveAttention
from keras.layers._attention import Attention as Attention
from keras.layers._bidirectional import Bidirectional as Bidirectional
from keras.layers._conv_lstm import ConvLSTM1D as ConvLSTM1D
from keras.layers._conv_lstm import ConvLSTM2D as ConvLSTM2D
from keras.layers._conv_lstm import ConvLSTM3D as ConvLSTM3D
from keras.layers._dense import Dense as Dense
from keras.layers._dropout import Dropout as Dropout
from keras.layers._embedding import Embedding as Embedding
from keras.layers._group_query_attention import (
    GroupQueryAttention as GroupQueryAttention,
)
from keras.layers._gru import GRU as GRU
from keras.layers._gru import GRUCell as GRUCell
from keras.layers._input import Input as Input
from keras.layers._input import InputLayer as InputLayer
from keras.layers._input_spec import InputSpec as InputSpec
from keras.layers._layer import Layer as Layer
from keras.layers._lstm import LSTM as LSTM
from keras.layers._lstm import LSTMCell as LSTMCell
from keras.layers._multi_head_attention import MultiHeadAttention as MultiHeadAttention
from keras.layers._rnn import RNN as RNN
from keras.layers._simple_rnn import SimpleRNN as SimpleRNN
from keras.layers._simple_rnn import SimpleRNNCell as SimpleRNNCell
from keras.layers._stacked_rnn_cells import StackedRNNCells as StackedRNNCells
from keras.layers._time_distributed import TimeDistributed as TimeDistributed
from keras.layers._wrapper import Wrapper as Wrapper
