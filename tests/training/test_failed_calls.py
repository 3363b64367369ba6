"""A call that fails leaves the model as it was after the last completed step."""

import os
import signal
import threading
import time

import numpy as np
import pytest

import keras
from keras import layers, ops

STEPS, EPOCHS = 20, 2
X = np.random.default_rng(0).normal(size=(STEPS * 4, 3)).astype("float32")
Y = X.sum(axis=1, keepdims=True)


class Trap:
    """Raises on demand; in compiled steps only while they are traced."""

    armed = False

    @classmethod
    def spring(cls):
        if cls.armed:
            raise RuntimeError("broken on purpose")


@pytest.fixture(autouse=True)
def _disarmed():
    Trap.armed = False
    yield
    Trap.armed = False


class Fragile(layers.Layer):
    def call(self, x):
        Trap.spring()
        return x


class FragileMetric(keras.metrics.Mean):
    def update_state(self, values, sample_weight=None):
        super().update_state(values, sample_weight)
        Trap.spring()


def fragile_loss(y, y_pred):
    Trap.spring()
    return ops.mean(ops.square(y - y_pred), axis=-1)


def fragile_metric(y, y_pred):
    Trap.spring()
    return ops.mean(ops.abs(y - y_pred), axis=-1)


def model_of(*extra, loss="mse", metrics=("mae",), **options):
    """Statistics, seeds, slots and metrics: all that a step changes."""
    keras.utils.set_random_seed(3)
    model = keras.Sequential(
        [
            keras.Input((3,)),
            layers.Dense(4, name="hidden"),
            layers.BatchNormalization(name="normed"),
            layers.Dropout(0.1, name="thinned"),
            layers.Dense(1, name="head"),
            *extra,
        ]
    )
    model.compile(keras.optimizers.Adam(0.01), loss, metrics=list(metrics), **options)
    model._ensure_built((X[:4], Y[:4], None))
    return model


def variables(model):
    return [*model.variables, *model.optimizer.variables, *model.metrics_variables]


def state(model):
    return [v.numpy() for v in variables(model)]


def restore(model, values):
    for variable, value in zip(variables(model), values, strict=True):
        variable.assign(value)


class Recorder(keras.callbacks.Callback):
    """The state after each step, by the number of steps."""

    def __init__(self):
        super().__init__()
        self.states = {}

    def on_train_batch_end(self, batch, logs=None):
        self.states[int(self.model.optimizer.iterations)] = state(self.model)


def fit(model, **options):
    return model.fit(X, Y, 4, EPOCHS, verbose=0, shuffle=False, **options)


def assert_same(found, expected, **tolerance):
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_allclose(a, b, **tolerance)


# Ctrl-C.


def interrupted(run, seconds):
    """`run()` with a Ctrl-C after a while, if it still runs then."""
    timer = threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGINT))
    try:
        timer.start()
        run()
        # It came too late: wait for it, so that it hits nobody else.
        timer.join()
        time.sleep(0.01)
    except KeyboardInterrupt:
        timer.join()


def moments(run, count):
    """Times spread over the duration of `run()`."""
    began = time.perf_counter()
    run()
    seconds = time.perf_counter() - began
    return np.random.default_rng(1).uniform(0, seconds, count)


TRIALS = int(os.environ.get("KERAS_TEST_INTERRUPTS", "6"))
WAYS = [
    {"steps_per_execution": 1},
    {"steps_per_execution": 8},
    {"run_eagerly": True},
]


@pytest.mark.parametrize("options", WAYS, ids=lambda w: "-".join(map(str, w.items())))
def test_an_interrupted_fit_has_made_whole_steps(trainable_backend, options):
    model = model_of(**options)
    first = state(model)
    recorder = Recorder()
    fit(model, callbacks=[recorder])
    restore(model, first)
    fit(model)
    metrics = len(model.metrics_variables)
    before = signal.getsignal(signal.SIGINT)
    # Single operations on JAX are slow.
    trials = TRIALS // 3 if options == {"run_eagerly": True} else TRIALS
    for moment in moments(lambda: (restore(model, first), fit(model)), trials):
        restore(model, first)
        interrupted(lambda: fit(model), moment)
        assert signal.getsignal(signal.SIGINT) is before
        done = int(model.optimizer.iterations)
        found = state(model)
        expected = recorder.states.get(done, first)
        assert_same(found[:-metrics], expected[:-metrics], rtol=1e-4, atol=1e-6)
        if done % STEPS:  # between two epochs metrics are reset
            assert_same(found[-metrics:], expected[-metrics:], rtol=1e-4, atol=1e-6)
    restore(model, first)
    fit(model)


@pytest.mark.parametrize("moment", [0.0, 0.05, 0.3])
def test_a_first_fit_may_be_interrupted(trainable_backend, moment):
    keras.utils.set_random_seed(3)

    class Later(keras.Model):
        def __init__(self):
            super().__init__()
            self.hidden, self.head = layers.Dense(4), layers.Dense(1)

        def call(self, x):
            return self.head(self.hidden(x))

    model = Later()
    model.compile("adam", "mse")
    interrupted(lambda: fit(model), moment)
    fit(model)
    assert [v.path.rsplit("/", 1)[-1] for v in model.weights] == ["kernel", "bias"] * 2
    assert all(np.isfinite(value).all() for value in state(model))


@pytest.mark.parametrize("method", ["evaluate", "predict"])
def test_an_interrupted_evaluate_or_predict_changes_no_weight(
    trainable_backend, method
):
    model = model_of()
    first = model.get_weights()
    arguments = (X, Y) if method == "evaluate" else (X,)

    def run():
        getattr(model, method)(*arguments, batch_size=2, verbose=0)

    run()
    for moment in moments(run, TRIALS):
        interrupted(run, moment)
        assert_same(model.get_weights(), first, rtol=0)
        assert all(np.isfinite(value).all() for value in state(model))
    model.train_on_batch(X[:4], Y[:4])


def test_an_interrupted_single_step_is_whole(trainable_backend):
    model = model_of()
    model.train_on_batch(X[:4], Y[:4])

    def run():
        for _ in range(100):
            model.train_on_batch(X[:4], Y[:4])

    first = state(model)
    for moment in moments(run, TRIALS):
        restore(model, first)
        interrupted(run, moment)
        counts = [float(v) for v in model.metrics_variables if v.name == "count"]
        assert counts == [4.0 * int(model.optimizer.iterations)] * len(counts)


def test_ctrl_c_waits_for_the_step_and_a_second_one_does_not(on_torch):
    events = []

    class Slow(layers.Layer):
        def call(self, x):
            events.append("begin")
            for _ in range(presses):
                signal.raise_signal(signal.SIGINT)
            events.append("end")
            return x

    presses = 0
    model = model_of(Slow())
    events.clear()
    presses = 1
    with pytest.raises(KeyboardInterrupt):
        fit(model)
    assert events == ["begin", "end"]
    assert int(model.optimizer.iterations) == 1
    events.clear()
    before = model.get_weights()
    presses = 2
    with pytest.raises(KeyboardInterrupt):
        fit(model)
    assert events == ["begin"]
    assert_same(model.get_weights(), before, rtol=0)


def test_a_handler_of_the_program_is_called_and_stays(on_torch):
    seen = []

    def handler(number, frame):
        seen.append(number)

    before = signal.signal(signal.SIGINT, handler)
    try:
        model = model_of()
        press = lambda batch, logs: signal.raise_signal(signal.SIGINT)  # noqa: E731
        callback = keras.callbacks.LambdaCallback(on_train_batch_end=press)
        model.fit(X[:8], Y[:8], 4, verbose=0, callbacks=[callback])
        assert signal.getsignal(signal.SIGINT) is handler
    finally:
        signal.signal(signal.SIGINT, before)
    assert seen == [signal.SIGINT] * 2


@pytest.fixture
def on_torch():
    keras.config.set_backend("torch")


def test_an_interrupted_fit_closes_what_it_opened(trainable_backend, tmp_path):
    class Data(keras.utils.PyDataset):
        def __len__(self):
            return 50

        def __getitem__(self, index):
            return X[:4], Y[:4]

    class Press(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if batch == 3:
                signal.raise_signal(signal.SIGINT)

    log = keras.callbacks.CSVLogger(tmp_path / "log.csv")
    bar = keras.callbacks.ProgbarLogger()
    model = model_of()
    with pytest.raises(KeyboardInterrupt) as error:
        model.fit(Data(workers=2), callbacks=[log, bar, Press()], verbose=1)
    assert error.value.__traceback__ is not None  # which keeps all frames alive
    assert bar._line is None
    for thread in threading.enumerate():
        if thread.name.startswith("keras-data"):
            thread.join(5)
            assert not thread.is_alive()


# Exceptions.

FRAGILE = {
    "layer": lambda: model_of(Fragile(), run_eagerly=True),
    "loss": lambda: model_of(loss=fragile_loss, run_eagerly=True),
    "metric": lambda: model_of(metrics=[fragile_metric], run_eagerly=True),
}


@pytest.mark.parametrize("where", FRAGILE)
def test_an_exception_in_a_step_undoes_it(trainable_backend, where):
    model = FRAGILE[where]()
    model.train_on_batch(X[:4], Y[:4])
    before = state(model)
    Trap.armed = True
    for method in ("train_on_batch", "test_on_batch"):
        with pytest.raises(RuntimeError, match="broken on purpose"):
            getattr(model, method)(X[4:8], Y[4:8])
        assert_same(state(model), before, rtol=0)
    Trap.armed = False
    fit(model)


def test_an_exception_after_the_update_leaves_the_step_done(trainable_backend):
    class Own(keras.Sequential):
        def compute_metrics(self, x, y, y_pred, sample_weight=None):
            Trap.spring()
            return super().compute_metrics(x, y, y_pred, sample_weight)

    keras.utils.set_random_seed(3)
    model = Own([keras.Input((3,)), layers.BatchNormalization(), layers.Dense(1)])
    model.compile("sgd", "mse", run_eagerly=True)
    model.train_on_batch(X[:4], Y[:4])
    before = model.get_weights()
    Trap.armed = True
    with pytest.raises(RuntimeError, match="broken on purpose"):
        model.train_on_batch(X[4:8], Y[4:8])
    assert int(model.optimizer.iterations) == 2
    for old, new in zip(before, model.get_weights(), strict=True):
        assert not np.array_equal(old, new)


class Batches(keras.utils.PyDataset):
    """Five good batches, then a bad one."""

    def __init__(self, bad, **options):
        super().__init__(**options)
        self.bad = bad

    def __len__(self):
        return 6

    def __getitem__(self, index):
        if index < 5:
            return X[4 * index : 4 * index + 4], Y[4 * index : 4 * index + 4]
        if isinstance(self.bad, BaseException):
            raise self.bad
        return self.bad


BAD = {
    "inputs of a wrong shape": (X[:4, :2], Y[:4]),
    "targets of a wrong shape": (X[:4], np.ones((3, 2), "float32")),
    "a tuple of four": (X, X, X, X),
    "text": (np.array(["a", "b"]), Y[:2]),
    "an exception": RuntimeError("broken on purpose"),
    "an interrupt": KeyboardInterrupt(),
}


@pytest.mark.parametrize(
    ("bad", "kind"),
    [
        *[(bad, "generator") for bad in BAD],
        ("an exception", "data set"),
        ("an exception", "workers"),
        ("an interrupt", "workers"),
    ],
)
def test_a_bad_batch_leaves_the_steps_before_it(trainable_backend, bad, kind):
    model = model_of()
    first = state(model)
    data = Batches(BAD[bad], workers=2 if kind == "workers" else 1)
    with pytest.raises((Exception, KeyboardInterrupt)):
        model.fit(iter(data) if kind == "generator" else data, shuffle=False, verbose=0)
    assert int(model.optimizer.iterations) == 5
    found = state(model)
    restore(model, first)
    model.fit(X[:20], Y[:20], 4, shuffle=False, verbose=0)
    assert_same(found, state(model), rtol=1e-5, atol=1e-7)


HOOKS = [
    f"on_{kind}_{moment}"
    for kind in ("train", "epoch", "train_batch", "test", "test_batch")
    for moment in ("begin", "end")
]


@pytest.mark.parametrize("hook", HOOKS)
def test_an_interrupt_in_a_callback_leaves_whole_steps(trainable_backend, hook):
    class Failing(keras.callbacks.Callback):
        calls = 0

    def fail(self, *args):
        self.calls += 1
        if self.calls == 2 or (hook.startswith("on_train_") and "batch" not in hook):
            raise KeyboardInterrupt

    setattr(Failing, hook, fail)
    model = model_of()
    with pytest.raises(KeyboardInterrupt):
        fit(model, validation_data=(X[:8], Y[:8]), callbacks=[Failing()])
    assert all(np.isfinite(value).all() for value in state(model))
    model.train_on_batch(X[:4], Y[:4])
