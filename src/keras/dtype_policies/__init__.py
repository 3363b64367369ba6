"""Dtype policies: what layers compute in and keep their weights in."""

from keras.core.policies import DTypePolicy as DTypePolicy
from keras.core.policies import DTypePolicyMap as DTypePolicyMap
from keras.core.policies import FloatDTypePolicy as FloatDTypePolicy
from keras.core.policies import deserialize as deserialize
from keras.core.policies import get as get
from keras.core.policies import serialize as serialize
