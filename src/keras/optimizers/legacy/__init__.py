"""Names of optimizers that Keras 2 had beside the current ones."""

from keras.legacy._optimizers import LegacyOptimizer as Adagrad
from keras.legacy._optimizers import LegacyOptimizer as Adam
from keras.legacy._optimizers import LegacyOptimizer as Ftrl
from keras.legacy._optimizers import LegacyOptimizer as Optimizer
from keras.legacy._optimizers import LegacyOptimizer as RMSprop
from keras.legacy._optimizers import LegacyOptimizer as SGD
