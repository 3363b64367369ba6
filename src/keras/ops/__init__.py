"""Operations on tensors of any engine, symbolic ones too."""

from keras.core import operators
from keras.ops import nn as nn
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
from keras.ops._arithmetic import add as add
from keras.ops._arithmetic import allclose as allclose
from keras.ops._arithmetic import arctan2 as arctan2
from keras.ops._arithmetic import bitwise_and as bitwise_and
from keras.ops._arithmetic import bitwise_left_shift as bitwise_left_shift
from keras.ops._arithmetic import bitwise_or as bitwise_or
from keras.ops._arithmetic import bitwise_right_shift as bitwise_right_shift
from keras.ops._arithmetic import bitwise_xor as bitwise_xor
from keras.ops._arithmetic import clip as clip
from keras.ops._arithmetic import divide as divide
from keras.ops._arithmetic import divide_no_nan as divide_no_nan
from keras.ops._arithmetic import equal as equal
from keras.ops._arithmetic import floor_divide as floor_divide
from keras.ops._arithmetic import fmax as fmax
from keras.ops._arithmetic import fmin as fmin
from keras.ops._arithmetic import fmod as fmod
from keras.ops._arithmetic import gcd as gcd
from keras.ops._arithmetic import greater as greater
from keras.ops._arithmetic import greater_equal as greater_equal
from keras.ops._arithmetic import heaviside as heaviside
from keras.ops._arithmetic import hypot as hypot
from keras.ops._arithmetic import isclose as isclose
from keras.ops._arithmetic import lcm as lcm
from keras.ops._arithmetic import ldexp as ldexp
from keras.ops._arithmetic import left_shift as left_shift
from keras.ops._arithmetic import less as less
from keras.ops._arithmetic import less_equal as less_equal
from keras.ops._arithmetic import logaddexp as logaddexp
from keras.ops._arithmetic import logaddexp2 as logaddexp2
from keras.ops._arithmetic import logical_and as logical_and
from keras.ops._arithmetic import logical_or as logical_or
from keras.ops._arithmetic import logical_xor as logical_xor
from keras.ops._arithmetic import maximum as maximum
from keras.ops._arithmetic import minimum as minimum
from keras.ops._arithmetic import mod as mod
from keras.ops._arithmetic import multiply as multiply
from keras.ops._arithmetic import nextafter as nextafter
from keras.ops._arithmetic import not_equal as not_equal
from keras.ops._arithmetic import power as power
from keras.ops._arithmetic import right_shift as right_shift
from keras.ops._arithmetic import subtract as subtract
from keras.ops._arithmetic import true_divide as true_divide
from keras.ops._convolutions import conv as conv
from keras.ops._convolutions import conv_transpose as conv_transpose
from keras.ops._convolutions import depthwise_conv as depthwise_conv
from keras.ops._convolutions import separable_conv as separable_conv
from keras.ops._creation import arange as arange
from keras.ops._creation import bartlett as bartlett
from keras.ops._creation import blackman as blackman
from keras.ops._creation import empty as empty
from keras.ops._creation import empty_like as empty_like
from keras.ops._creation import eye as eye
from keras.ops._creation import full as full
from keras.ops._creation import full_like as full_like
from keras.ops._creation import geomspace as geomspace
from keras.ops._creation import hamming as hamming
from keras.ops._creation import hanning as hanning
from keras.ops._creation import identity as identity
from keras.ops._creation import kaiser as kaiser
from keras.ops._creation import linspace as linspace
from keras.ops._creation import logspace as logspace
from keras.ops._creation import ones as ones
from keras.ops._creation import ones_like as ones_like
from keras.ops._creation import tri as tri
from keras.ops._creation import vander as vander
from keras.ops._creation import zeros as zeros
from keras.ops._creation import zeros_like as zeros_like
from keras.ops._elementwise import abs as abs
from keras.ops._elementwise import absolute as absolute
from keras.ops._elementwise import angle as angle
from keras.ops._elementwise import arccos as arccos
from keras.ops._elementwise import arccosh as arccosh
from keras.ops._elementwise import arcsin as arcsin
from keras.ops._elementwise import arcsinh as arcsinh
from keras.ops._elementwise import arctan as arctan
from keras.ops._elementwise import arctanh as arctanh
from keras.ops._elementwise import bitwise_invert as bitwise_invert
from keras.ops._elementwise import bitwise_not as bitwise_not
from keras.ops._elementwise import cbrt as cbrt
from keras.ops._elementwise import ceil as ceil
from keras.ops._elementwise import conj as conj
from keras.ops._elementwise import conjugate as conjugate
from keras.ops._elementwise import cos as cos
from keras.ops._elementwise import cosh as cosh
from keras.ops._elementwise import deg2rad as deg2rad
from keras.ops._elementwise import exp as exp
from keras.ops._elementwise import exp2 as exp2
from keras.ops._elementwise import expm1 as expm1
from keras.ops._elementwise import fabs as fabs
from keras.ops._elementwise import floor as floor
from keras.ops._elementwise import i0 as i0
from keras.ops._elementwise import imag as imag
from keras.ops._elementwise import isfinite as isfinite
from keras.ops._elementwise import isinf as isinf
from keras.ops._elementwise import isnan as isnan
from keras.ops._elementwise import isneginf as isneginf
from keras.ops._elementwise import isposinf as isposinf
from keras.ops._elementwise import isreal as isreal
from keras.ops._elementwise import log as log
from keras.ops._elementwise import log1p as log1p
from keras.ops._elementwise import log2 as log2
from keras.ops._elementwise import log10 as log10
from keras.ops._elementwise import logical_not as logical_not
from keras.ops._elementwise import nan_to_num as nan_to_num
from keras.ops._elementwise import negative as negative
from keras.ops._elementwise import rad2deg as rad2deg
from keras.ops._elementwise import real as real
from keras.ops._elementwise import reciprocal as reciprocal
from keras.ops._elementwise import round as round
from keras.ops._elementwise import sign as sign
from keras.ops._elementwise import signbit as signbit
from keras.ops._elementwise import sin as sin
from keras.ops._elementwise import sinc as sinc
from keras.ops._elementwise import sinh as sinh
from keras.ops._elementwise import sqrt as sqrt
from keras.ops._elementwise import square as square
from keras.ops._elementwise import tan as tan
from keras.ops._elementwise import tanh as tanh
from keras.ops._elementwise import trunc as trunc
from keras.ops._indexing import diag as diag
from keras.ops._indexing import diagflat as diagflat
from keras.ops._indexing import diagonal as diagonal
from keras.ops._indexing import get_item as get_item
from keras.ops._indexing import nonzero as nonzero
from keras.ops._indexing import scatter as scatter
from keras.ops._indexing import scatter_update as scatter_update
from keras.ops._indexing import select as select
from keras.ops._indexing import slice as slice
from keras.ops._indexing import slice_update as slice_update
from keras.ops._indexing import take as take
from keras.ops._indexing import take_along_axis as take_along_axis
from keras.ops._indexing import tril as tril
from keras.ops._indexing import triu as triu
from keras.ops._indexing import unravel_index as unravel_index
from keras.ops._indexing import where as where
from keras.ops._losses import binary_crossentropy as binary_crossentropy
from keras.ops._losses import categorical_crossentropy as categorical_crossentropy
from keras.ops._losses import (
    sparse_categorical_crossentropy as sparse_categorical_crossentropy,
)
from keras.ops._math import erf as erf
from keras.ops._math import erfc as erfc
from keras.ops._math import erfinv as erfinv
from keras.ops._math import in_top_k as in_top_k
from keras.ops._math import logsumexp as logsumexp
from keras.ops._math import multi_hot as multi_hot
from keras.ops._math import one_hot as one_hot
from keras.ops._math import rsqrt as rsqrt
from keras.ops._math import top_k as top_k
from keras.ops._normalization import batch_normalization as batch_normalization
from keras.ops._normalization import layer_normalization as layer_normalization
from keras.ops._normalization import moments as moments
from keras.ops._normalization import normalize as normalize
from keras.ops._normalization import rms_normalization as rms_normalization
from keras.ops._pooling import adaptive_average_pool as adaptive_average_pool
from keras.ops._pooling import adaptive_max_pool as adaptive_max_pool
from keras.ops._pooling import average_pool as average_pool
from keras.ops._pooling import max_pool as max_pool
from keras.ops._products import dot as dot
from keras.ops._products import einsum as einsum
from keras.ops._products import matmul as matmul
from keras.ops._products import tensordot as tensordot
from keras.ops._reductions import all as all
from keras.ops._reductions import amax as amax
from keras.ops._reductions import amin as amin
from keras.ops._reductions import any as any
from keras.ops._reductions import argmax as argmax
from keras.ops._reductions import argmin as argmin
from keras.ops._reductions import count_nonzero as count_nonzero
from keras.ops._reductions import cumprod as cumprod
from keras.ops._reductions import cumsum as cumsum
from keras.ops._reductions import max as max
from keras.ops._reductions import mean as mean
from keras.ops._reductions import min as min
from keras.ops._reductions import prod as prod
from keras.ops._reductions import ptp as ptp
from keras.ops._reductions import std as std
from keras.ops._reductions import sum as sum
from keras.ops._reductions import var as var
from keras.ops._shapes import append as append
from keras.ops._shapes import array_split as array_split
from keras.ops._shapes import broadcast_to as broadcast_to
from keras.ops._shapes import concatenate as concatenate
from keras.ops._shapes import dsplit as dsplit
from keras.ops._shapes import dstack as dstack
from keras.ops._shapes import expand_dims as expand_dims
from keras.ops._shapes import flip as flip
from keras.ops._shapes import fliplr as fliplr
from keras.ops._shapes import flipud as flipud
from keras.ops._shapes import hsplit as hsplit
from keras.ops._shapes import hstack as hstack
from keras.ops._shapes import meshgrid as meshgrid
from keras.ops._shapes import moveaxis as moveaxis
from keras.ops._shapes import pad as pad
from keras.ops._shapes import ravel as ravel
from keras.ops._shapes import repeat as repeat
from keras.ops._shapes import reshape as reshape
from keras.ops._shapes import roll as roll
from keras.ops._shapes import rot90 as rot90
from keras.ops._shapes import split as split
from keras.ops._shapes import squeeze as squeeze
from keras.ops._shapes import stack as stack
from keras.ops._shapes import swapaxes as swapaxes
from keras.ops._shapes import tile as tile
from keras.ops._shapes import transpose as transpose
from keras.ops._shapes import unstack as unstack
from keras.ops._shapes import vsplit as vsplit
from keras.ops._shapes import vstack as vstack
from keras.ops._sorting import argsort as argsort
from keras.ops._sorting import sort as sort
from keras.ops._tensor import array as array
from keras.ops._tensor import cast as cast
from keras.ops._tensor import convert_to_numpy as convert_to_numpy
from keras.ops._tensor import convert_to_tensor as convert_to_tensor
from keras.ops._tensor import copy as copy
from keras.ops._tensor import dtype as dtype
from keras.ops._tensor import is_tensor as is_tensor
from keras.ops._tensor import ndim as ndim
from keras.ops._tensor import saturate_cast as saturate_cast
from keras.ops._tensor import shape as shape
from keras.ops._tensor import size as size
from keras.ops._tensor import stop_gradient as stop_gradient
from keras.ops._tensor import view as view

operators.provide(
    absolute=absolute,
    add=add,
    cast=cast,
    divide=divide,
    equal=equal,
    floor_divide=floor_divide,
    get_item=get_item,
    greater=greater,
    greater_equal=greater_equal,
    less=less,
    less_equal=less_equal,
    logical_and=logical_and,
    logical_not=logical_not,
    logical_or=logical_or,
    logical_xor=logical_xor,
    matmul=matmul,
    mod=mod,
    multiply=multiply,
    negative=negative,
    not_equal=not_equal,
    power=power,
    reshape=reshape,
    round=round,
    squeeze=squeeze,
    subtract=subtract,
)
