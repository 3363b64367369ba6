"""Training steps of the small image convnet: on the JAX engine, and in plain JAX.

    PYTHONPATH=src KERAS_BACKEND=jax python benchmarks/conv_jax.py

Conv 32 3x3 relu, pool, Conv 64 3x3 relu, pool, flatten, dense 10; batch 128 of 28x28.
"""

import statistics
import time
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from keras import ops
from keras.backend import current

BATCH, STEPS, ROUNDS = 128, 4, 5


def xla_conv(x, kernel):
    numbers = ("NHWC", "HWIO", "NHWC")
    return lax.conv_general_dilated(
        x, kernel, (1, 1), "VALID", dimension_numbers=numbers
    )


def xla_pool(x):
    window = (1, 2, 2, 1)
    return lax.reduce_window(x, -jnp.inf, lax.max, window, window, "VALID")


def train_step(conv, pool, jit):
    def loss(weights, x, y):
        first, second, dense = weights
        x = pool(jax.nn.relu(conv(x, first)))
        x = pool(jax.nn.relu(conv(x, second)))
        logits = x.reshape(x.shape[0], -1) @ dense
        return -jnp.mean(jnp.sum(jax.nn.log_softmax(logits) * y, -1))

    def step(weights, x, y):
        gradients = jax.grad(loss)(weights, x, y)
        pairs = zip(weights, gradients, strict=True)
        return None, [w - 0.01 * g for w, g in pairs]

    return jit(step)


def copied(weights):
    """Weights that a step may overwrite."""
    return [jnp.array(w) for w in weights]


def seconds_per_step(step, weights, x, y):
    weights = copied(weights)
    begin = time.perf_counter()
    for _ in range(STEPS):
        _, weights = step(weights, x, y)
    jax.block_until_ready(weights)
    return (time.perf_counter() - begin) / STEPS


def main():
    rng = np.random.default_rng(0)
    shapes = ((3, 3, 1, 32), (3, 3, 32, 64), (1600, 10))
    weights = [jnp.asarray(rng.normal(size=s) * 0.05, jnp.float32) for s in shapes]
    x = jnp.asarray(rng.normal(size=(BATCH, 28, 28, 1)), jnp.float32)
    y = jax.nn.one_hot(rng.integers(0, 10, BATCH), 10, dtype=jnp.float32)
    plain = train_step(xla_conv, xla_pool, partial(jax.jit, donate_argnums=0))
    jit = partial(current.load("jax").jit, asked=False)
    ours = train_step(ops.conv, lambda x: ops.max_pool(x, 2), jit)
    news = [step(copied(weights), x, y)[1] for step in (plain, ours)]
    for a, b in zip(*news, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-3, atol=1e-5)
    pairs = [
        (seconds_per_step(plain, weights, x, y), seconds_per_step(ours, weights, x, y))
        for _ in range(ROUNDS)
    ]
    slow, fast = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"plain JAX {BATCH / slow:6.0f} samples/s")
    print(f"ours      {BATCH / fast:6.0f} samples/s, {ratio:.2f} times")


if __name__ == "__main__":
    main()
