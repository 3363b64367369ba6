"""Updates of weights by gradients."""

from keras.optimizers import legacy as legacy
from keras.optimizers import schedules as schedules
from keras.optimizers._adadelta import Adadelta as Adadelta
from keras.optimizers._adafactor import Adafactor as Adafactor
from keras.optimizers._adagrad import Adagrad as Adagrad
from keras.optimizers._adam import Adam as Adam
from keras.optimizers._adamax import Adamax as Adamax
from keras.optimizers._adamw import AdamW as AdamW
from keras.optimizers._ftrl import Ftrl as Ftrl
from keras.optimizers._lamb import Lamb as Lamb
from keras.optimizers._lion import Lion as Lion
from keras.optimizers._loss_scale_optimizer import (
    LossScaleOptimizer as LossScaleOptimizer,
)
from keras.optimizers._multi_optimizer import MultiOptimizer as MultiOptimizer
from keras.optimizers._multi_optimizer import OptimizerMap as OptimizerMap
from keras.optimizers._muon import Muon as Muon
from keras.optimizers._nadam import Nadam as Nadam
from keras.optimizers._names import deserialize as deserialize
from keras.optimizers._names import get as get
from keras.optimizers._names import serialize as serialize
from keras.optimizers._optimizer import Optimizer as Optimizer
from keras.optimizers._rmsprop import RMSprop as RMSprop
from keras.optimizers._schedule_free_adamw import ScheduleFreeAdamW as ScheduleFreeAdamW
from keras.optimizers._sgd import SGD as SGD
