"""Neural network operations."""

from keras.ops._activations import celu as celu
from keras.ops._activations import elu as elu
from keras.ops._activations import gelu as gelu
from keras.ops._activations import glu as glu
from keras.ops._activations import hard_shrink as hard_shrink
from keras.ops._activations import hard_sigmoid as hard_sigmoid
from keras.ops._activations import hard_silu as hard_silu
from keras.ops._activations import hard_swish as hard_swish
from keras.ops._activations import hard_tanh as hard_tanh
from keras.ops._activations import leaky_relu as leaky_relu
from keras.ops._activations import log_sigmoid as log_sigmoid
from keras.ops._activations import log_softmax as log_softmax
from keras.ops._activations import relu as relu
from keras.ops._activations import relu6 as relu6
from keras.ops._activations import selu as selu
from keras.ops._activations import sigmoid as sigmoid
from keras.ops._activations import silu as silu
from keras.ops._activations import soft_shrink as soft_shrink
from keras.ops._activations import softmax as softmax
from keras.ops._activations import softplus as softplus
from keras.ops._activations import softsign as softsign
from keras.ops._activations import sparse_plus as sparse_plus
from keras.ops._activations import sparse_sigmoid as sparse_sigmoid
from keras.ops._activations import sparsemax as sparsemax
from keras.ops._activations import squareplus as squareplus
from keras.ops._activations import swish as swish
from keras.ops._activations import tanh_shrink as tanh_shrink
from keras.ops._activations import threshold as threshold
from keras.ops._attention import dot_product_attention as dot_product_attention
from keras.ops._blocks import depth_to_space as depth_to_space
from keras.ops._blocks import fold as fold
from keras.ops._blocks import space_to_depth as space_to_depth
from keras.ops._blocks import unfold as unfold
from keras.ops._convolutions import conv as conv
from keras.ops._convolutions import conv_transpose as conv_transpose
from keras.ops._convolutions import depthwise_conv as depthwise_conv
from keras.ops._convolutions import separable_conv as separable_conv
from keras.ops._hot import multi_hot as multi_hot
from keras.ops._hot import one_hot as one_hot
from keras.ops._losses import binary_crossentropy as binary_crossentropy
from keras.ops._losses import categorical_crossentropy as categorical_crossentropy
from keras.ops._losses import (
    sparse_categorical_crossentropy as sparse_categorical_crossentropy,
)
from keras.ops._math import polar as polar
from keras.ops._math import psnr as psnr
from keras.ops._normalization import batch_normalization as batch_normalization
from keras.ops._normalization import layer_normalization as layer_normalization
from keras.ops._normalization import moments as moments
from keras.ops._normalization import normalize as normalize
from keras.ops._normalization import rms_normalization as rms_normalization
from keras.ops._pooling import adaptive_average_pool as adaptive_average_pool
from keras.ops._pooling import adaptive_max_pool as adaptive_max_pool
from keras.ops._pooling import average_pool as average_pool
from keras.ops._pooling import max_pool as max_pool
