"""Learning rates that depend on the step."""

from keras.optimizers.schedules._cosine import CosineDecay as CosineDecay
from keras.optimizers.schedules._cosine import (
    CosineDecayRestarts as CosineDecayRestarts,
)
from keras.optimizers.schedules._decays import ExponentialDecay as ExponentialDecay
from keras.optimizers.schedules._decays import InverseTimeDecay as InverseTimeDecay
from keras.optimizers.schedules._decays import (
    PiecewiseConstantDecay as PiecewiseConstantDecay,
)
from keras.optimizers.schedules._decays import PolynomialDecay as PolynomialDecay
from keras.optimizers.schedules._names import deserialize as deserialize
from keras.optimizers.schedules._names import serialize as serialize
from keras.optimizers.schedules._schedule import (
    LearningRateSchedule as LearningRateSchedule,
)
