"""Mixed precision: other names of dtype policies."""

from keras.core.policies import DTypePolicy as DTypePolicy
from keras.core.policies import DTypePolicy as Policy
from keras.core.policies import dtype_policy as dtype_policy
from keras.core.policies import dtype_policy as global_policy
from keras.core.policies import set_dtype_policy as set_dtype_policy
from keras.core.policies import set_dtype_policy as set_global_policy
from keras.optimizers import LossScaleOptimizer as LossScaleOptimizer
