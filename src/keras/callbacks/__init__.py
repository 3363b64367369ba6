"""Callbacks of the training loop."""

from keras.callbacks._callback import Callback as Callback
from keras.callbacks._callback_list import CallbackList as CallbackList
from keras.callbacks._history import History as History
from keras.callbacks._progbar_logger import ProgbarLogger as ProgbarLogger
