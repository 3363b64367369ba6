"""Data made ready."""

from keras.preprocessing import sequence as sequence
