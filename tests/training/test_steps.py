"""Steps that users override run as they are, on torch and on JAX; their failures."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import keras
from keras import layers, ops
from keras.training import _data, _loop, _steps

RNG = np.random.default_rng(0)
X = RNG.normal(size=(16, 3)).astype("float32")
Y = X.sum(1, keepdims=True).astype("float32")


def graph():
    x = keras.Input((3,))
    return {"inputs": x, "outputs": layers.Dense(1, kernel_initializer="zeros")(x)}


def fitted(cls, compile_options=None, **options):
    model = cls(**graph())
    model.compile(keras.optimizers.SGD(0.1), "mse", **(compile_options or {}))
    history = model.fit(
        X, Y, batch_size=4, epochs=3, shuffle=False, verbose=0, **options
    )
    return model, history.history


class Plain(keras.Model):
    pass


def same_as_plain(cls, **options):
    """A model whose step is spelt out gives the numbers of the built-in one."""
    expected_model, expected = fitted(Plain)
    model, history = fitted(cls, **options)
    np.testing.assert_allclose(history["loss"], expected["loss"], rtol=1e-5)
    for a, b in zip(model.get_weights(), expected_model.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-7)
    return history


class OwnLoss(keras.Model):
    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        return ops.mean(ops.square(y - y_pred))


class OwnLossOnTop(keras.Model):
    def compute_loss(self, *args, **kwargs):
        return 2.0 * super().compute_loss(*args, **kwargs) / 2.0


def test_an_overridden_compute_loss_is_used(trainable_backend):
    same_as_plain(OwnLoss)
    same_as_plain(OwnLossOnTop)


class OwnMetrics(keras.Model):
    def compute_metrics(self, x, y, y_pred, sample_weight=None):
        logs = super().compute_metrics(x, y, y_pred, sample_weight)
        return {**logs, "mine": ops.max(y_pred)}


def test_an_overridden_compute_metrics_decides_what_is_shown(trainable_backend):
    history = same_as_plain(OwnMetrics)
    assert sorted(history) == ["loss", "mine"] and len(history["mine"]) == 3
    model, _ = fitted(OwnMetrics)
    logs = model.evaluate(X, Y, verbose=0, return_dict=True, batch_size=16)
    np.testing.assert_allclose(
        logs["mine"], model.predict(X, verbose=0).max(), rtol=1e-5
    )


class WrappedStep(keras.Model):
    def train_step(self, data):
        logs = super().train_step(data)
        return {**logs, "twice": 2 * logs["loss"]}

    def test_step(self, data):
        return {**super().test_step(data), "tested": ops.ones(())}

    def predict_step(self, data):
        return super().predict_step(data) + 100.0


def test_steps_may_add_to_the_built_in_ones(trainable_backend):
    history = same_as_plain(WrappedStep, validation_data=(X, Y))
    assert sorted(history) == ["loss", "twice", "val_loss", "val_tested"]
    model, _ = fitted(WrappedStep)
    assert model.predict(X, verbose=0).min() > 50


class TorchStyle(keras.Model):
    """As in the guide for torch."""

    def train_step(self, data):
        x, y = data
        self.zero_grad()
        y_pred = self(x, training=True)
        loss = self.compute_loss(y=y, y_pred=y_pred)
        loss.backward()
        trainable_weights = list(self.trainable_weights)
        gradients = [v.value.grad for v in trainable_weights]
        import torch

        with torch.no_grad():
            self.optimizer.apply(gradients, trainable_weights)
        for metric in self.metrics:
            if metric.name == "loss":
                metric.update_state(loss)
            else:
                metric.update_state(y, y_pred)
        return {m.name: m.result() for m in self.metrics}


def test_a_step_in_the_style_of_torch(on_torch):
    same_as_plain(TorchStyle)


class JaxStyle(keras.Model):
    """As in the guide for JAX: state goes in and comes out."""

    def compute_loss_and_updates(self, trainable, others, x, y, training=False):
        y_pred, others = self.stateless_call(trainable, others, x, training=training)
        return self.compute_loss(x, y, y_pred), (y_pred, others)

    def _updated(self, metrics_variables, y, y_pred, loss):
        logs, new = {}, []
        for metric in self.metrics:
            own = metrics_variables[len(new) : len(new) + len(metric.variables)]
            given = (loss,) if metric.name == "loss" else (y, y_pred)
            own = metric.stateless_update_state(own, *given)
            logs[metric.name] = metric.stateless_result(own)
            new += own
        return logs, new

    def train_step(self, state, data):
        import jax

        trainable, others, optimizer, metrics = state
        x, y = data
        grad_fn = jax.value_and_grad(self.compute_loss_and_updates, has_aux=True)
        (loss, (y_pred, others)), grads = grad_fn(
            trainable, others, x, y, training=True
        )
        trainable, optimizer = self.optimizer.stateless_apply(
            optimizer, grads, trainable
        )
        logs, metrics = self._updated(metrics, y, y_pred, loss)
        return logs, (trainable, others, optimizer, metrics)

    def test_step(self, state, data):
        trainable, others, metrics = state
        x, y = data
        loss, (y_pred, others) = self.compute_loss_and_updates(trainable, others, x, y)
        logs, metrics = self._updated(metrics, y, y_pred, loss)
        return logs, (trainable, others, metrics)


@pytest.mark.parametrize("eager", [False, True])
def test_a_step_in_the_style_of_jax(eager):
    pytest.importorskip("jax")
    before = keras.config.backend()
    keras.config.set_backend("jax")
    try:
        history = same_as_plain(
            JaxStyle,
            compile_options={"metrics": ["mae"], "run_eagerly": eager},
            validation_data=(X, Y),
        )
        assert sorted(history) == ["loss", "mae", "val_loss", "val_mae"]
    finally:
        keras.config.set_backend(before)


class OneStyle(keras.Model):
    """One step for every engine, by the library's own gradient."""

    def train_step(self, data):
        from keras.core.compiled import value_and_grad

        x, y = data

        def loss_of():
            return ops.mean(ops.square(y - self(x, training=True)))

        loss, gradients = value_and_grad(loss_of, self.trainable_variables)()
        self.optimizer.apply(gradients, self.trainable_variables)
        return {"loss": loss}


def test_one_step_for_every_engine(trainable_backend):
    model, history = fitted(OneStyle)
    expected, _ = fitted(Plain)
    np.testing.assert_allclose(
        model.get_weights()[0], expected.get_weights()[0], rtol=1e-5
    )
    assert len(history["loss"]) == 3


def test_eager_steps_give_the_same_numbers(trainable_backend):
    calls = []

    class Counted(keras.Model):
        def call(self, x):
            calls.append(1)
            return super().call(x)

    same_as_plain(Counted, compile_options={"run_eagerly": True})
    assert len(calls) >= 12  # each step runs the Python code


def test_a_compiled_step_is_traced_once_on_jax(on_jax):
    calls = []

    class Counted(layers.Layer):
        def call(self, x):
            calls.append(1)
            return x

    model = keras.Sequential([keras.Input((3,)), Counted(), layers.Dense(1)])
    model.compile("sgd", "mse", steps_per_execution=1)
    model.fit(X, Y, batch_size=4, epochs=5, verbose=0)
    assert len(calls) < 12  # of 20 steps


# Failures leave a model that can be used.


class Fragile(layers.Layer):
    """Fails inside the step for batches of another size."""

    def call(self, x):
        if x.shape[0] == 3:
            raise RuntimeError("broken on purpose")
        return x


def usable(model):
    weights = model.get_weights()
    assert all(np.isfinite(w).all() for w in weights)
    for v in [*model.variables, *model.optimizer.variables]:
        v.numpy()
    before = weights[0].copy()
    model.fit(X, Y, batch_size=4, verbose=0)
    assert not np.array_equal(before, model.get_weights()[0])
    model.predict(X[:4], verbose=0)


@pytest.mark.parametrize("eager", [False, True])
def test_a_failing_batch_leaves_the_weights_readable(trainable_backend, eager):
    model = keras.Sequential([keras.Input((3,)), Fragile(), layers.Dense(1)])
    model.compile("adam", "mse", run_eagerly=eager)
    with pytest.raises(RuntimeError, match="broken on purpose"):
        model.fit(X[:7], Y[:7], batch_size=4, shuffle=False, verbose=0)
    usable(model)


def test_a_batch_of_a_wrong_shape_leaves_the_weights_readable(trainable_backend):
    model = keras.Sequential([keras.Input((3,)), layers.Dense(1)])
    model.compile("adam", "mse")
    model.fit(X, Y, verbose=0)
    with pytest.raises(ValueError, match="shape"):
        model.fit(X[:, :2], Y, verbose=0)
    usable(model)


@pytest.mark.parametrize(
    "hook", ["on_train_batch_end", "on_epoch_end", "on_epoch_begin", "on_test_end"]
)
def test_an_exception_in_a_callback_leaves_the_weights_readable(
    trainable_backend, hook
):
    class Stop(Exception):
        pass

    def fail(*args):
        raise Stop

    class Failing(keras.callbacks.Callback):
        pass

    setattr(Failing, hook, fail)
    model = keras.Sequential([keras.Input((3,)), layers.Dense(1)])
    model.compile("adam", "mse")
    with pytest.raises(Stop):
        model.fit(X, Y, validation_data=(X, Y), callbacks=[Failing()], verbose=0)
    usable(model)


def test_an_interrupted_generator_leaves_the_weights_readable(trainable_backend):
    def batches():
        yield X[:4], Y[:4]
        raise KeyboardInterrupt

    model = keras.Sequential([keras.Input((3,)), layers.Dense(1)])
    model.compile("adam", "mse")
    with pytest.raises(KeyboardInterrupt):
        model.fit(batches(), verbose=0)
    usable(model)


@given(st.integers(1, 5000))
@settings(deadline=None)
def test_blocks_are_chosen_for_the_fewest_dispatches(steps):
    size = _steps._block_size(steps)
    dispatches = steps // size + steps % size
    assert 1 <= size <= 96
    assert dispatches <= steps // 64 + steps % 64 or steps < 64
    assert steps > 96 or dispatches == 1


def test_progress_is_shown_for_a_hundredth_of_the_time(monkeypatch):
    now = 0.0
    monkeypatch.setattr(_loop.time, "perf_counter", lambda: now)
    pace = _loop._Pace()

    def is_due(at):
        nonlocal now
        now = at
        return pace.is_due()

    assert not is_due(0.09)
    assert is_due(0.1)
    now = 0.102  # drawing took 2 ms
    pace.shown()
    assert not is_due(0.3)
    assert is_due(0.31)
    now = 2.0  # a first drawing, which loads what draws
    pace.shown()
    assert not is_due(2.49)
    assert is_due(2.51)


def test_what_is_done_between_steps_does_not_count_as_their_time(on_jax):
    total = keras.Variable(0.0)
    runner = _steps.StepRunner(lambda batch: total.assign_add(1.0), "auto", "auto")
    source = _data.ArraySource(np.zeros((64_000, 1), "float32"), batch_size=1)
    counts = []
    for count, _ in runner.epoch(source, None, False, 64_000):
        counts.append(count)
        if len(counts) < 12:
            time.sleep(0.01)  # the first picture of progress, say
    assert max(counts) > 1
    assert sum(counts) == 64_000 == float(total)
