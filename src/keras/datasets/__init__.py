"""Data sets."""

from keras.datasets import digits as digits
