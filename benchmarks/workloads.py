"""Four workloads, each in Keras and written by hand: what `training.py` measures.

A contender is a class. Its methods are the tasks: each does its work once and returns
how many units (steps, or calls) it did. All contenders of a workload do the same work:
Adam, shuffled batches, loss and accuracy kept on the device and read once an epoch.
"""

import numpy as np

BATCH = {"mlp": 32, "convnet": 128, "lstm": 32, "transformer": 32}
SAMPLES = {"mlp": 60_000, "convnet": 1_024, "lstm": 512, "transformer": 2_048}
CALLS = {"mlp": 300, "convnet": 20, "lstm": 20, "transformer": 40}
"""Calls of `train_on_batch`, and of `predict` and `model(x)` on one sample."""


def data(workload, samples=None):
    rng = np.random.default_rng(0)
    n = samples or SAMPLES[workload]
    if workload == "mlp":
        x = rng.standard_normal((n, 100)).astype("float32")
    elif workload == "convnet":
        x = rng.standard_normal((n, 28, 28, 1)).astype("float32")
    else:
        top, length = (20_000, 80) if workload == "lstm" else (1_000, 32)
        x = rng.integers(1, top, (n, length)).astype("int32")
    return x, rng.integers(0, 2 if workload == "lstm" else 10, n).astype("int32")


class Contender:
    """A model with data for it.

    Args:
        workload: one of `BATCH`.
        samples: how many; default: those of the workload.
    """

    def __init__(self, workload, samples=None):
        self.workload, self.size = workload, BATCH[workload]
        self.x, self.y = data(workload, samples)
        self.steps = -(-len(self.x) // self.size)
        self.calls = CALLS[workload]
        self.make()

    def make(self):
        """Build the model."""
        raise NotImplementedError


# With Keras: this one, or Keras 3.


def keras_model(workload):
    import keras
    from keras import layers as L

    if workload == "mlp":
        rows = [keras.Input((100,)), L.Dense(64, activation="relu"), L.Dense(10)]
    elif workload == "convnet":
        rows = [
            keras.Input((28, 28, 1)),
            L.Conv2D(32, 3, activation="relu"),
            L.MaxPooling2D(2),
            L.Conv2D(64, 3, activation="relu"),
            L.MaxPooling2D(2),
            L.Flatten(),
            L.Dense(10),
        ]
    elif workload == "lstm":
        rows = [
            keras.Input((80,), dtype="int32"),
            L.Embedding(20_000, 128),
            L.LSTM(128),
            L.Dense(2),
        ]
    else:
        inputs = keras.Input((32,), dtype="int32")
        x = L.Embedding(1_000, 64)(inputs)
        for _ in range(2):
            a = L.MultiHeadAttention(num_heads=4, key_dim=16)(x, x)
            x = L.LayerNormalization()(L.Add()([x, a]))
            f = L.Dense(64)(L.Dense(128, activation="relu")(x))
            x = L.LayerNormalization()(L.Add()([x, f]))
        outputs = L.Dense(10)(L.GlobalAveragePooling1D()(x))
        return keras.Model(inputs, outputs)
    return keras.Sequential(rows)


class WithKeras(Contender):
    jit_compile = "auto"

    def make(self):
        import keras

        keras.utils.set_random_seed(0)
        self.model = keras_model(self.workload)
        self.model.compile(
            keras.optimizers.Adam(1e-3),
            keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            metrics=["accuracy"],
            jit_compile=self.jit_compile,
        )

    def fit(self):
        self.model.fit(self.x, self.y, batch_size=self.size, epochs=1, verbose=0)
        return self.steps

    def evaluate(self):
        self.model.evaluate(self.x, self.y, batch_size=self.size, verbose=0)
        return self.steps

    def predict(self):
        self.model.predict(self.x, batch_size=self.size, verbose=0)
        return self.steps

    def train_on_batch(self):
        x, y = self.x[: self.size], self.y[: self.size]
        for _ in range(self.calls):
            self.model.train_on_batch(x, y)
        return self.calls

    def predict_one(self):
        x = self.x[:1]
        for _ in range(self.calls):
            self.model.predict(x, verbose=0)
        return self.calls

    def call_one(self):
        x = self.x[:1]
        for _ in range(self.calls):
            result = self.model(x)
        np.asarray(result.detach() if hasattr(result, "detach") else result)
        return self.calls


class WithKerasCompiled(WithKeras):
    jit_compile = True


# By hand, on torch.


def torch_model(workload):
    import torch
    from torch import nn

    class Last(nn.Module):
        def forward(self, x):
            return x[0][:, -1]

    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.qkv, self.out = nn.Linear(64, 192), nn.Linear(64, 64)
            self.one, self.two = nn.LayerNorm(64, 1e-3), nn.LayerNorm(64, 1e-3)
            self.up, self.down = nn.Linear(64, 128), nn.Linear(128, 64)

        def forward(self, x):
            b, t, d = x.shape
            q, k, v = self.qkv(x).view(b, t, 3, 4, 16).permute(2, 0, 3, 1, 4)
            a = nn.functional.scaled_dot_product_attention(q, k, v)
            x = self.one(x + self.out(a.transpose(1, 2).reshape(b, t, d)))
            return self.two(x + self.down(torch.relu(self.up(x))))

    class Mean(nn.Module):
        def forward(self, x):
            return x.mean(1)

    if workload == "mlp":
        return nn.Sequential(nn.Linear(100, 64), nn.ReLU(), nn.Linear(64, 10))
    if workload == "convnet":
        model = nn.Sequential(
            nn.Conv2d(1, 32, 3),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(1600, 10),
        )
        return model.to(memory_format=torch.channels_last)
    if workload == "lstm":
        lstm = nn.LSTM(128, 128, batch_first=True)
        return nn.Sequential(nn.Embedding(20_000, 128), lstm, Last(), nn.Linear(128, 2))
    blocks = [Block(), Block()]
    return nn.Sequential(nn.Embedding(1_000, 64), *blocks, Mean(), nn.Linear(64, 10))


class ByHandOnTorch(Contender):
    fused = False

    def make(self):
        import torch

        torch.manual_seed(0)
        self.torch, self.model = torch, torch_model(self.workload)
        x = self.x.transpose(0, 3, 1, 2) if self.workload == "convnet" else self.x
        self.x = torch.from_numpy(np.ascontiguousarray(x))
        self.y = torch.from_numpy(self.y).long()
        weights = self.model.parameters()
        self.optimizer = torch.optim.Adam(weights, 1e-3, fused=self.fused)
        self.loss_fn = torch.nn.CrossEntropyLoss()

    def _step(self, x, y):
        self.optimizer.zero_grad()
        logits = self.model(x)
        loss = self.loss_fn(logits, y)
        loss.backward()
        self.optimizer.step()
        return loss, logits

    def fit(self):
        torch = self.torch
        order = torch.randperm(len(self.x))
        total, right = torch.zeros(()), torch.zeros(())
        for start in range(0, len(self.x), self.size):
            at = order[start : start + self.size]
            x, y = self.x[at], self.y[at]
            loss, logits = self._step(x, y)
            with torch.no_grad():
                total += loss * len(x)
                right += (logits.argmax(1) == y).sum()
        float(total), float(right)
        return self.steps

    def evaluate(self):
        torch = self.torch
        total, right = torch.zeros(()), torch.zeros(())
        with torch.no_grad():
            for start in range(0, len(self.x), self.size):
                x = self.x[start : start + self.size]
                y = self.y[start : start + self.size]
                logits = self.model(x)
                total += self.loss_fn(logits, y) * len(x)
                right += (logits.argmax(1) == y).sum()
        float(total), float(right)
        return self.steps

    def predict(self):
        with self.torch.no_grad():
            pieces = [self.model(x).numpy() for x in self.x.split(self.size)]
        np.concatenate(pieces)
        return self.steps

    def train_on_batch(self):
        x, y = self.x[: self.size], self.y[: self.size]
        for _ in range(self.calls):
            loss, logits = self._step(x, y)
            float(loss), float((logits.argmax(1) == y).float().mean())
        return self.calls

    def predict_one(self):
        for _ in range(self.calls):
            with self.torch.no_grad():
                self.model(self.x[:1]).numpy()
        return self.calls

    def call_one(self):
        for _ in range(self.calls):
            self.model(self.x[:1])
        return self.calls


class ByHandOnTorchFused(ByHandOnTorch):
    fused = True


# By hand, on JAX: the MLP alone.


class ByHandOnJax(Contender):
    """A jitted step."""

    def make(self):
        import jax
        import jax.numpy as jnp

        self.rng = rng = np.random.default_rng(0)
        params = [
            jnp.asarray(rng.standard_normal((100, 64)).astype("float32") * 0.1),
            jnp.zeros(64),
            jnp.asarray(rng.standard_normal((64, 10)).astype("float32") * 0.1),
            jnp.zeros(10),
        ]
        step = jax_step(jax, jnp)
        zeros = [jnp.zeros_like(p) for p in params]
        count = jnp.zeros(())
        self.state = (params, zeros, zeros, count, count, jnp.zeros((), int))
        self.one = jax.jit(step)
        self.many = jax.jit(lambda s, b: jax.lax.scan(step, s, b))

    def fit(self):
        order = self.rng.permutation(len(self.x))
        for start in range(0, len(self.x), self.size):
            at = order[start : start + self.size]
            self.state, _ = self.one(self.state, (self.x[at], self.y[at]))
        float(self.state[4]), float(self.state[5])
        return self.steps


class ByHandOnJaxScanned(ByHandOnJax):
    """A whole epoch in one scan."""

    def fit(self):
        order = self.rng.permutation(len(self.x))
        x, y = self.x[order], self.y[order]
        block = x.reshape(self.steps, self.size, -1), y.reshape(self.steps, self.size)
        self.state, _ = self.many(self.state, block)
        float(self.state[4]), float(self.state[5])
        return self.steps


def jax_step(jax, jnp):
    def loss_fn(p, x, y):
        logits = jax.nn.relu(x @ p[0] + p[1]) @ p[2] + p[3]
        losses = jax.nn.logsumexp(logits, -1) - logits[jnp.arange(len(y)), y]
        return losses.mean(), logits

    def step(state, batch):
        p, m, v, t, total, right = state
        x, y = batch
        (loss, logits), g = jax.value_and_grad(loss_fn, has_aux=True)(p, x, y)
        t = t + 1
        rate = 1e-3 * jnp.sqrt(1 - 0.999**t) / (1 - 0.9**t)
        m = [0.9 * a + 0.1 * b for a, b in zip(m, g, strict=True)]
        v = [0.999 * a + 0.001 * b * b for a, b in zip(v, g, strict=True)]
        p = [
            a - rate * b / (jnp.sqrt(c) + 1e-7) for a, b, c in zip(p, m, v, strict=True)
        ]
        total += loss * len(y)
        right += (logits.argmax(-1) == y).sum()
        return (p, m, v, t, total, right), loss

    return step
