"""Activations that JAX has as one compiled function."""

from jax.nn import elu as elu
from jax.nn import gelu as gelu
from jax.nn import hard_sigmoid as hard_sigmoid
from jax.nn import hard_silu as hard_silu
from jax.nn import leaky_relu as leaky_relu
from jax.nn import log_sigmoid as log_sigmoid
from jax.nn import selu as selu
from jax.nn import silu as silu
from jax.nn import softplus as softplus
