"""Programs as people write them after the guides: loops and steps of their own."""

import itertools

import numpy as np
import pytest

import keras
from keras import layers, ops

RNG = np.random.default_rng(0)
X = RNG.normal(size=(64, 4)).astype("float32")
Y = (X.sum(1) > 0).astype("int32")


@pytest.fixture
def on_torch():
    torch = pytest.importorskip("torch")
    keras.config.set_backend("torch")
    return torch


@pytest.fixture
def on_jax():
    jax = pytest.importorskip("jax")
    keras.config.set_backend("jax")
    yield jax
    keras.config.set_backend("torch")


def classifier():
    inputs = keras.Input((4,))
    x = layers.Dense(16, activation="relu")(inputs)
    x = layers.Dropout(0.1)(layers.BatchNormalization()(x))
    return keras.Model(inputs, layers.Dense(2)(x))


def batches():
    for i in range(0, 64, 16):
        yield X[i : i + 16], Y[i : i + 16]


# Loops written out.


def test_a_loop_in_torch(on_torch):
    model, losses = classifier(), []
    optimizer = on_torch.optim.Adam(model.parameters(), lr=0.01)
    loss_fn = on_torch.nn.CrossEntropyLoss()
    metric = keras.metrics.SparseCategoricalAccuracy()
    for _ in range(8):
        for x, y in batches():
            logits = model(on_torch.tensor(x), training=True)
            loss = loss_fn(logits, on_torch.tensor(y).long())
            model.zero_grad()
            loss.backward()
            optimizer.step()
            metric.update_state(y, logits)
        losses.append(loss.item())
    assert losses[-1] < losses[0]
    assert 0 < float(metric.result()) <= 1


def test_a_loop_in_torch_with_an_optimizer_of_keras(on_torch):
    model, losses = classifier(), []
    optimizer = keras.optimizers.Adam(0.01)
    loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    for _ in range(8):
        for x, y in batches():
            model.zero_grad()
            loss = loss_fn(y, model(x, training=True))
            loss.backward()
            weights = list(model.trainable_weights)
            with on_torch.no_grad():
                optimizer.apply([v.value.grad for v in weights], weights)
        losses.append(loss.item())
    assert losses[-1] < losses[0]
    assert int(optimizer.iterations) == 32


def test_a_loop_in_jax(on_jax):
    model, losses = classifier(), []
    optimizer = keras.optimizers.Adam(0.01)
    loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    metric = keras.metrics.SparseCategoricalAccuracy()
    optimizer.build(model.trainable_variables)

    def compute_loss(trainable, others, x, y):
        logits, others = model.stateless_call(trainable, others, x, training=True)
        return loss_fn(y, logits), (others, logits)

    grad_fn = on_jax.value_and_grad(compute_loss, has_aux=True)

    @on_jax.jit
    def train_step(state, data):
        trainable, others, slots, metrics = state
        x, y = data
        (loss, (others, logits)), grads = grad_fn(trainable, others, x, y)
        trainable, slots = optimizer.stateless_apply(slots, grads, trainable)
        metrics = metric.stateless_update_state(metrics, y, logits)
        return loss, (trainable, others, slots, metrics)

    groups = (
        model.trainable_variables,
        model.non_trainable_variables,
        optimizer.variables,
        metric.variables,
    )
    state = tuple([v.value for v in group] for group in groups)
    for _ in range(8):
        for data in batches():
            loss, state = train_step(state, data)
        losses.append(float(loss))
    assert losses[-1] < losses[0]
    trainable, others, _, metrics = state
    assert 0 < float(metric.stateless_result(metrics)) <= 1
    for variable, value in zip(model.trainable_variables, trainable, strict=True):
        variable.assign(value)
    for variable, value in zip(model.non_trainable_variables, others, strict=True):
        variable.assign(value)
    assert np.mean(model.predict(X, verbose=0).argmax(1) == Y) > 0.6


# Steps for fit.


class OwnMetrics(keras.Model):
    """Metrics as attributes, listed in `metrics`, so that epochs reset them."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.loss_tracker = keras.metrics.Mean(name="loss")
        self.mae_metric = keras.metrics.MeanAbsoluteError(name="mae")
        self.loss_fn = keras.losses.MeanSquaredError()

    @property
    def metrics(self):
        return [self.loss_tracker, self.mae_metric]


class OwnMetricsOnTorch(OwnMetrics):
    def train_step(self, data):
        import torch

        x, y, *rest = data
        weight = rest[0] if rest else None
        y_pred = self(x, training=True)
        loss = self.loss_fn(y, y_pred, sample_weight=weight)
        self.zero_grad()
        loss.backward()
        weights = list(self.trainable_weights)
        with torch.no_grad():
            self.optimizer.apply([v.value.grad for v in weights], weights)
        self.loss_tracker.update_state(loss)
        self.mae_metric.update_state(y, y_pred)
        return {"loss": self.loss_tracker.result(), "mae": self.mae_metric.result()}


class OwnMetricsOnJax(OwnMetrics):
    def loss_of(self, trainable, others, x, y, weight):
        y_pred, others = self.stateless_call(trainable, others, x, training=True)
        return self.loss_fn(y, y_pred, sample_weight=weight), (y_pred, others)

    def train_step(self, state, data):
        import jax

        trainable, others, slots, metrics = state
        x, y, *rest = data
        weight = rest[0] if rest else None
        grad_fn = jax.value_and_grad(self.loss_of, has_aux=True)
        (loss, (y_pred, others)), grads = grad_fn(trainable, others, x, y, weight)
        trainable, slots = self.optimizer.stateless_apply(slots, grads, trainable)
        count = len(self.loss_tracker.variables)
        first = self.loss_tracker.stateless_update_state(metrics[:count], loss)
        second = self.mae_metric.stateless_update_state(metrics[count:], y, y_pred)
        logs = {
            "loss": self.loss_tracker.stateless_result(first),
            "mae": self.mae_metric.stateless_result(second),
        }
        return logs, (trainable, others, slots, first + second)


@pytest.mark.parametrize("weighted", [False, True])
def test_own_metrics_in_a_step(trainable_backend, weighted):
    cls = {"torch": OwnMetricsOnTorch, "jax": OwnMetricsOnJax}[trainable_backend]
    inputs = keras.Input((4,))
    model = cls(inputs, layers.Dense(1)(inputs))
    model.compile(optimizer=keras.optimizers.Adam(0.05))
    weight = np.ones(64, "float32") if weighted else None
    history = model.fit(
        X, Y, sample_weight=weight, batch_size=16, epochs=5, verbose=0
    ).history
    assert list(history) == ["loss", "mae"]
    assert history["loss"][-1] < history["loss"][0]


class StatelessLoss(keras.Model):
    """`stateless_compute_loss`, which also carries the metrics that a loss updates."""

    def loss_of(self, trainable, others, metrics, x, y, weight, training=False):
        y_pred, others = self.stateless_call(trainable, others, x, training=training)
        loss, (_, others, metrics) = self.stateless_compute_loss(
            trainable,
            others,
            metrics,
            x=x,
            y=y,
            y_pred=y_pred,
            sample_weight=weight,
            training=training,
        )
        return loss, (y_pred, others, metrics)

    def train_step(self, state, data):
        import jax

        trainable, others, slots, metrics = state
        x, y, weight = keras.utils.unpack_x_y_sample_weight(data)
        grad_fn = jax.value_and_grad(self.loss_of, has_aux=True)
        (loss, (_, others, metrics)), grads = grad_fn(
            trainable, others, metrics, x, y, weight, training=True
        )
        trainable, slots = self.optimizer.stateless_apply(slots, grads, trainable)
        return {"loss": loss}, (trainable, others, slots, metrics)


class LossAndUpdates(keras.Model):
    """`compute_loss_and_updates`, which the model brings along."""

    def train_step(self, state, data):
        import jax

        trainable, others, slots, metrics = state
        x, y, weight = keras.utils.unpack_x_y_sample_weight(data)
        grad_fn = jax.value_and_grad(self.compute_loss_and_updates, has_aux=True)
        (_, (loss, _, others, metrics)), grads = grad_fn(
            trainable,
            others,
            metrics,
            x,
            y,
            weight,
            training=True,
            optimizer_variables=slots,
        )
        trainable, slots = self.optimizer.stateless_apply(slots, grads, trainable)
        return {"loss": loss}, (trainable, others, slots, metrics)


@pytest.mark.parametrize("cls", [StatelessLoss, LossAndUpdates])
@pytest.mark.parametrize("policy", ["float32", "mixed_float16"])
def test_pure_losses_in_a_step(on_jax, cls, policy):
    keras.config.set_dtype_policy(policy)
    inputs = keras.Input((4,))
    model = cls(inputs, layers.Dense(2)(layers.Dropout(0.1)(inputs)))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.05), loss)
    history = model.fit(X, Y, batch_size=16, epochs=5, verbose=0).history
    assert history["loss"][-1] < history["loss"][0]


class GAN(keras.Model):
    """Two networks, two optimizers, a `compile` of its own."""

    def __init__(self, discriminator, generator):
        super().__init__()
        self.discriminator, self.generator = discriminator, generator
        self.seed_generator = keras.random.SeedGenerator(7)
        self.d_loss = keras.metrics.Mean(name="d_loss")
        self.g_loss = keras.metrics.Mean(name="g_loss")
        self.built = True

    def compile(self, d_optimizer, g_optimizer, loss_fn):
        super().compile()
        self.d_optimizer, self.g_optimizer = d_optimizer, g_optimizer
        self.loss_fn = loss_fn

    @property
    def metrics(self):
        return [self.d_loss, self.g_loss]

    def train_step(self, real):
        import torch

        if isinstance(real, tuple):
            real = real[0]
        size = real.shape[0]
        noise = keras.random.normal((size, 2), seed=self.seed_generator)
        both = ops.concatenate([self.generator(noise), real])
        labels = ops.concatenate([ops.ones((size, 1)), ops.zeros((size, 1))])
        self.zero_grad()
        d_loss = self.loss_fn(labels, self.discriminator(both))
        d_loss.backward()
        weights = self.discriminator.trainable_weights
        with torch.no_grad():
            self.d_optimizer.apply([v.value.grad for v in weights], weights)
        noise = keras.random.normal((size, 2), seed=self.seed_generator)
        self.zero_grad()
        scores = self.discriminator(self.generator(noise))
        g_loss = self.loss_fn(ops.zeros((size, 1)), scores)
        g_loss.backward()
        weights = self.generator.trainable_weights
        with torch.no_grad():
            self.g_optimizer.apply([v.value.grad for v in weights], weights)
        self.d_loss.update_state(d_loss)
        self.g_loss.update_state(g_loss)
        return {"d_loss": self.d_loss.result(), "g_loss": self.g_loss.result()}


def test_a_gan(on_torch):
    gan = GAN(
        keras.Sequential([keras.Input((4,)), layers.Dense(8, "relu"), layers.Dense(1)]),
        keras.Sequential([keras.Input((2,)), layers.Dense(8, "relu"), layers.Dense(4)]),
    )
    gan.compile(
        d_optimizer=keras.optimizers.Adam(1e-3),
        g_optimizer=keras.optimizers.Adam(1e-3),
        loss_fn=keras.losses.BinaryCrossentropy(from_logits=True),
    )
    before = [gan.generator.get_weights(), gan.discriminator.get_weights()]
    history = gan.fit(X, batch_size=16, epochs=2, verbose=0).history
    assert list(history) == ["d_loss", "g_loss"]
    after = [gan.generator.get_weights(), gan.discriminator.get_weights()]
    pairs = zip([*before[0], *before[1]], [*after[0], *after[1]], strict=True)
    for old, new in pairs:
        assert not np.array_equal(old, new)


class Sampling(layers.Layer):
    """A layer that adds a loss and tracks a metric of its own."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.seed_generator = keras.random.SeedGenerator(1)
        self.kl = keras.metrics.Mean(name="kl")

    def call(self, inputs):
        mean, log_variance = inputs
        noise = keras.random.normal(ops.shape(mean), seed=self.seed_generator)
        kl = -0.5 * ops.mean(
            1 + log_variance - ops.square(mean) - ops.exp(log_variance)
        )
        self.add_loss(kl)
        self.kl.update_state(kl)
        return mean + ops.exp(0.5 * log_variance) * noise


def test_an_autoencoder_whose_layer_adds_a_loss_and_a_metric(trainable_backend):
    inputs = keras.Input((4,))
    hidden = layers.Dense(8, "relu")(inputs)
    z = Sampling()([layers.Dense(2)(hidden), layers.Dense(2)(hidden)])
    model = keras.Model(inputs, layers.Dense(4)(z))
    model.compile("adam", "mse")
    history = model.fit(X, X, batch_size=16, epochs=4, validation_split=0.25, verbose=0)
    assert sorted(history.history) == ["kl", "loss", "val_kl", "val_loss"]
    assert history.history["loss"][-1] < history.history["loss"][0]


# What fit and compile take.


def two_outputs(**options):
    inputs = keras.Input((4,))
    a = layers.Dense(1, name="a", kernel_initializer="ones")(inputs)
    b = layers.Dense(1, name="b", kernel_initializer="zeros")(inputs)
    model = keras.Model(inputs, {"a": a, "b": b})
    model.compile(keras.optimizers.SGD(0.0), "mse", **options)
    return model


TARGETS = {"a": X[:, :1], "b": X[:, 1:2]}


@pytest.mark.parametrize("weights", [[2.0, 0.5], {"a": 2.0, "b": 0.5}])
def test_losses_are_weighted(trainable_backend, weights):
    plain = two_outputs().fit(X, TARGETS, verbose=0).history
    found = two_outputs(loss_weights=weights).fit(X, TARGETS, verbose=0).history
    assert found["a_loss"] == pytest.approx(plain["a_loss"], rel=1e-5)
    expected = 2.0 * plain["a_loss"][0] + 0.5 * plain["b_loss"][0]
    assert found["loss"][0] == pytest.approx(expected, rel=1e-5)


def test_weighted_metrics_take_the_weights(trainable_backend):
    weights = np.arange(64, dtype="float32")
    model = two_outputs(metrics={"a": ["mae"]}, weighted_metrics={"a": ["mae", "mse"]})
    logs = model.evaluate(
        X, TARGETS, sample_weight=weights, verbose=0, return_dict=True
    )
    errors = X.sum(1) - X[:, 0]
    mean = lambda e: np.average(e, weights=weights)  # noqa: E731
    assert logs["a_mse"] == pytest.approx(mean(errors**2), rel=1e-4)
    assert logs["a_mae"] in (
        pytest.approx(mean(np.abs(errors)), rel=1e-4),
        pytest.approx(np.abs(errors).mean(), rel=1e-4),
    )


def test_validation_is_bounded_and_rarer_than_epochs(trainable_backend):
    model = two_outputs()
    seen = []

    class Count(keras.callbacks.Callback):
        def on_test_batch_end(self, batch, logs=None):
            seen.append(batch)

    history = model.fit(
        X,
        TARGETS,
        epochs=4,
        initial_epoch=1,
        validation_data=(X, TARGETS),
        validation_batch_size=8,
        validation_steps=3,
        validation_freq=[2, 4],
        callbacks=[Count()],
        verbose=0,
    )
    assert history.epoch == [1, 2, 3]
    assert len(history.history["val_loss"]) == 2
    assert seen == [0, 1, 2] * 2


def test_epochs_shorter_than_the_data_go_on(trainable_backend):
    rows = itertools.count()
    endless = ((X[i % 64 : i % 64 + 1], Y[:1]) for i in rows)
    model = keras.Sequential([keras.Input((4,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(endless, steps_per_epoch=5, epochs=3, initial_epoch=1, verbose=0)
    assert next(rows) == 10


# Mixed precision.


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_mixed_precision_learns_as_full_precision_does(trainable_backend, policy):
    def losses(dtype):
        keras.utils.set_random_seed(1)
        keras.config.set_dtype_policy(dtype)
        model = classifier()
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(keras.optimizers.Adam(0.02), loss)
        history = model.fit(X, Y, batch_size=16, epochs=6, verbose=0).history
        assert all(v.dtype == "float32" for v in model.trainable_variables)
        assert all(np.isfinite(w).all() for w in model.get_weights())
        return history["loss"]

    full, mixed = losses("float32"), losses(policy)
    assert mixed[-1] < 0.7 * mixed[0]
    assert mixed[-1] == pytest.approx(full[-1], abs=0.25)


def test_an_overflow_skips_the_step_and_halves_the_scale(trainable_backend):
    keras.config.set_dtype_policy("mixed_float16")
    model = keras.Sequential([keras.Input((4,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    optimizer = model.optimizer
    assert isinstance(optimizer, keras.optimizers.LossScaleOptimizer)
    model.train_on_batch(X[:8], X[:8, :1])
    for _ in range(30):  # until the first scale fits
        model.train_on_batch(X[:8], X[:8, :1])
    scale, steps = float(optimizer.dynamic_scale), int(optimizer.iterations)
    assert steps > 0
    weights = model.get_weights()
    model.train_on_batch(X[:8] * 1e4, X[:8, :1] * 6e4)
    for old, new in zip(weights, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    assert float(optimizer.dynamic_scale) == scale / 2
    assert int(optimizer.iterations) == steps
    model.train_on_batch(X[:8], X[:8, :1])
    assert int(optimizer.iterations) == steps + 1


def test_the_loss_is_scaled_only_if_wanted():
    keras.config.set_backend("torch")
    keras.config.set_dtype_policy("mixed_float16")
    model = keras.Sequential([keras.Input((4,)), layers.Dense(1)])
    model.compile("sgd", "mse", auto_scale_loss=False)
    assert isinstance(model.optimizer, keras.optimizers.SGD)
