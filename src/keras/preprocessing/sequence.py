"""Sequences."""

from keras.utils._pad_sequences import pad_sequences as pad_sequences
