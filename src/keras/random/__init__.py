"""Random numbers from explicit seeds, or from the global one."""

from keras.core.seeds import SeedGenerator as SeedGenerator
from keras.random._distributions import beta as beta
from keras.random._distributions import binomial as binomial
from keras.random._distributions import categorical as categorical
from keras.random._distributions import dropout as dropout
from keras.random._distributions import gamma as gamma
from keras.random._distributions import normal as normal
from keras.random._distributions import randint as randint
from keras.random._distributions import shuffle as shuffle
from keras.random._distributions import truncated_normal as truncated_normal
from keras.random._distributions import uniform as uniform
