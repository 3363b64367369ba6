"""Layers."""

from keras.layers._activation import Activation as Activation
from keras.layers._activity_regularization import (
    ActivityRegularization as ActivityRegularization,
)
from keras.layers._adaptive_pooling import (
    AdaptiveAveragePooling1D as AdaptiveAveragePooling1D,
)
from keras.layers._adaptive_pooling import (
    AdaptiveAveragePooling2D as AdaptiveAveragePooling2D,
)
from keras.layers._adaptive_pooling import (
    AdaptiveAveragePooling3D as AdaptiveAveragePooling3D,
)
from keras.layers._adaptive_pooling import AdaptiveMaxPooling1D as AdaptiveMaxPooling1D
from keras.layers._adaptive_pooling import AdaptiveMaxPooling2D as AdaptiveMaxPooling2D
from keras.layers._adaptive_pooling import AdaptiveMaxPooling3D as AdaptiveMaxPooling3D
from keras.layers._attention import AdditiveAttention as AdditiveAttention
from keras.layers._attention import Attention as Attention
from keras.layers._batch_normalization import BatchNormalization as BatchNormalization
from keras.layers._bidirectional import Bidirectional as Bidirectional
from keras.layers._borders import Cropping1D as Cropping1D
from keras.layers._borders import Cropping2D as Cropping2D
from keras.layers._borders import Cropping3D as Cropping3D
from keras.layers._borders import ZeroPadding1D as ZeroPadding1D
from keras.layers._borders import ZeroPadding2D as ZeroPadding2D
from keras.layers._borders import ZeroPadding3D as ZeroPadding3D
from keras.layers._conv import Conv1D as Conv1D
from keras.layers._conv import Conv1D as Convolution1D
from keras.layers._conv import Conv2D as Conv2D
from keras.layers._conv import Conv2D as Convolution2D
from keras.layers._conv import Conv3D as Conv3D
from keras.layers._conv import Conv3D as Convolution3D
from keras.layers._conv_lstm import ConvLSTM1D as ConvLSTM1D
from keras.layers._conv_lstm import ConvLSTM2D as ConvLSTM2D
from keras.layers._conv_lstm import ConvLSTM3D as ConvLSTM3D
from keras.layers._conv_transpose import Conv1DTranspose as Conv1DTranspose
from keras.layers._conv_transpose import Conv1DTranspose as Convolution1DTranspose
from keras.layers._conv_transpose import Conv2DTranspose as Conv2DTranspose
from keras.layers._conv_transpose import Conv2DTranspose as Convolution2DTranspose
from keras.layers._conv_transpose import Conv3DTranspose as Conv3DTranspose
from keras.layers._conv_transpose import Conv3DTranspose as Convolution3DTranspose
from keras.layers._dense import Dense as Dense
from keras.layers._depthwise_conv import DepthwiseConv1D as DepthwiseConv1D
from keras.layers._depthwise_conv import DepthwiseConv2D as DepthwiseConv2D
from keras.layers._dropout import Dropout as Dropout
from keras.layers._einsum_dense import EinsumDense as EinsumDense
from keras.layers._embedding import Embedding as Embedding
from keras.layers._embedding import ReversibleEmbedding as ReversibleEmbedding
from keras.layers._global_pooling import (
    GlobalAveragePooling1D as GlobalAveragePooling1D,
)
from keras.layers._global_pooling import GlobalAveragePooling1D as GlobalAvgPool1D
from keras.layers._global_pooling import (
    GlobalAveragePooling2D as GlobalAveragePooling2D,
)
from keras.layers._global_pooling import GlobalAveragePooling2D as GlobalAvgPool2D
from keras.layers._global_pooling import (
    GlobalAveragePooling3D as GlobalAveragePooling3D,
)
from keras.layers._global_pooling import GlobalAveragePooling3D as GlobalAvgPool3D
from keras.layers._global_pooling import GlobalMaxPooling1D as GlobalMaxPool1D
from keras.layers._global_pooling import GlobalMaxPooling1D as GlobalMaxPooling1D
from keras.layers._global_pooling import GlobalMaxPooling2D as GlobalMaxPool2D
from keras.layers._global_pooling import GlobalMaxPooling2D as GlobalMaxPooling2D
from keras.layers._global_pooling import GlobalMaxPooling3D as GlobalMaxPool3D
from keras.layers._global_pooling import GlobalMaxPooling3D as GlobalMaxPooling3D
from keras.layers._group_normalization import GroupNormalization as GroupNormalization
from keras.layers._group_normalization import UnitNormalization as UnitNormalization
from keras.layers._group_query_attention import (
    GroupQueryAttention as GroupQueryAttention,
)
from keras.layers._gru import GRU as GRU
from keras.layers._gru import GRUCell as GRUCell
from keras.layers._input import Input as Input
from keras.layers._input import InputLayer as InputLayer
from keras.layers._input_spec import InputSpec as InputSpec
from keras.layers._lambda import Lambda as Lambda
from keras.layers._layer import Layer as Layer
from keras.layers._layer_normalization import LayerNormalization as LayerNormalization
from keras.layers._layer_normalization import RMSNormalization as RMSNormalization
from keras.layers._lstm import LSTM as LSTM
from keras.layers._lstm import LSTMCell as LSTMCell
from keras.layers._masking import Identity as Identity
from keras.layers._masking import Masking as Masking
from keras.layers._merge import Add as Add
from keras.layers._merge import Average as Average
from keras.layers._merge import Concatenate as Concatenate
from keras.layers._merge import Dot as Dot
from keras.layers._merge import Maximum as Maximum
from keras.layers._merge import Minimum as Minimum
from keras.layers._merge import Multiply as Multiply
from keras.layers._merge import Subtract as Subtract
from keras.layers._merge import add as add
from keras.layers._merge import average as average
from keras.layers._merge import concatenate as concatenate
from keras.layers._merge import dot as dot
from keras.layers._merge import maximum as maximum
from keras.layers._merge import minimum as minimum
from keras.layers._merge import multiply as multiply
from keras.layers._merge import subtract as subtract
from keras.layers._multi_head_attention import MultiHeadAttention as MultiHeadAttention
from keras.layers._names import deserialize as deserialize
from keras.layers._names import serialize as serialize
from keras.layers._noise import AlphaDropout as AlphaDropout
from keras.layers._noise import GaussianDropout as GaussianDropout
from keras.layers._noise import GaussianNoise as GaussianNoise
from keras.layers._pooling import AveragePooling1D as AveragePooling1D
from keras.layers._pooling import AveragePooling1D as AvgPool1D
from keras.layers._pooling import AveragePooling2D as AveragePooling2D
from keras.layers._pooling import AveragePooling2D as AvgPool2D
from keras.layers._pooling import AveragePooling3D as AveragePooling3D
from keras.layers._pooling import AveragePooling3D as AvgPool3D
from keras.layers._pooling import MaxPooling1D as MaxPool1D
from keras.layers._pooling import MaxPooling1D as MaxPooling1D
from keras.layers._pooling import MaxPooling2D as MaxPool2D
from keras.layers._pooling import MaxPooling2D as MaxPooling2D
from keras.layers._pooling import MaxPooling3D as MaxPool3D
from keras.layers._pooling import MaxPooling3D as MaxPooling3D
from keras.layers._relu import ELU as ELU
from keras.layers._relu import LeakyReLU as LeakyReLU
from keras.layers._relu import PReLU as PReLU
from keras.layers._relu import ReLU as ReLU
from keras.layers._rescaling import Rescaling as Rescaling
from keras.layers._reshaping import Flatten as Flatten
from keras.layers._reshaping import Permute as Permute
from keras.layers._reshaping import RepeatVector as RepeatVector
from keras.layers._reshaping import Reshape as Reshape
from keras.layers._rnn import RNN as RNN
from keras.layers._separable_conv import SeparableConv1D as SeparableConv1D
from keras.layers._separable_conv import SeparableConv1D as SeparableConvolution1D
from keras.layers._separable_conv import SeparableConv2D as SeparableConv2D
from keras.layers._separable_conv import SeparableConv2D as SeparableConvolution2D
from keras.layers._simple_rnn import SimpleRNN as SimpleRNN
from keras.layers._simple_rnn import SimpleRNNCell as SimpleRNNCell
from keras.layers._softmax import Softmax as Softmax
from keras.layers._spatial_dropout import SpatialDropout1D as SpatialDropout1D
from keras.layers._spatial_dropout import SpatialDropout2D as SpatialDropout2D
from keras.layers._spatial_dropout import SpatialDropout3D as SpatialDropout3D
from keras.layers._spectral_normalization import (
    SpectralNormalization as SpectralNormalization,
)
from keras.layers._stacked_rnn_cells import StackedRNNCells as StackedRNNCells
from keras.layers._time_distributed import TimeDistributed as TimeDistributed
from keras.layers._torch_module import TorchModuleWrapper as TorchModuleWrapper
from keras.layers._up_sampling import UpSampling1D as UpSampling1D
from keras.layers._up_sampling import UpSampling2D as UpSampling2D
from keras.layers._up_sampling import UpSampling3D as UpSampling3D
from keras.layers._wrapper import Wrapper as Wrapper
