"""Steps as CUDA graphs under `jit_compile="auto"`, with a stand-in for CUDA."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import keras
from keras import layers, ops

torch = pytest.importorskip("torch")

from keras.backend.torch import arrays, capture, graphs  # noqa: E402

RNG = np.random.default_rng(0)
X = RNG.normal(size=(44, 6)).astype("float32")
Y = RNG.integers(0, 3, 44)
EPOCHS = 3  # of 5 batches of 8, and one of 4

needs_cuda = pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")


class Recorder:
    """What `graphs.record` is, without a device: a replay writes where a run wrote."""

    def __init__(self):
        self.recorded = self.replayed = 0

    def __call__(self, run, device):
        self.recorded += 1
        run()  # warm
        outputs = run()

        def replay():
            self.replayed += 1
            for output, again in zip(outputs, run(), strict=True):
                output.copy_(again)

        return outputs, replay


def of_host(x):
    """As if seeds and scalars lay in main memory and all else on a device."""
    return x.ndim == 0 or (x.dtype is torch.int64 and x.shape == (2,))


@pytest.fixture
def recorder(monkeypatch):
    before = keras.config.backend()
    keras.config.set_backend("torch")
    recorder = Recorder()
    monkeypatch.setattr(graphs, "record", recorder)
    monkeypatch.setattr(graphs, "on_host", of_host)
    monkeypatch.setattr("keras.backend.torch.captures", lambda: True)
    yield recorder
    keras.config.set_backend(before)


def model_of(middle, jit_compile, **options):
    keras.utils.clear_session()
    keras.utils.set_random_seed(3)
    rows = [keras.Input((6,)), layers.Dense(8, activation="relu"), *middle()]
    model = keras.Sequential([*rows, layers.Dense(3, dtype="float32")])
    make = options.pop("optimizer", lambda: keras.optimizers.Adam(1e-2, clipnorm=1.0))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    metrics = ["accuracy", MeanOutputs()]
    model.compile(make(), loss, metrics=metrics, jit_compile=jit_compile, **options)
    return model


class MeanOutputs(keras.Metric):
    """State that is no scalar."""

    def __init__(self, name="outputs", dtype=None):
        super().__init__(name=name, dtype=dtype)
        self.total = self.add_variable((3,), "zeros")

        self.last = self.add_variable((3,), "zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.total.assign_add(ops.mean(y_pred, axis=0))
        self.last.assign(y_pred[-1])

    def result(self):
        return ops.sum(self.total) + ops.sum(self.last)


def fitted(model, epochs=EPOCHS, **options):
    held = [v.value for v in model.trainable_variables]
    options = {"validation_data": (X[:20], Y[:20]), "verbose": 0, **options}
    history = model.fit(X, Y, batch_size=8, epochs=epochs, **options).history
    now = [v.value for v in model.trainable_variables]
    assert all(a is b for a, b in zip(held, now, strict=True))
    return model, history


def trained(middle, jit_compile, fit_options=None, **options):
    return fitted(model_of(middle, jit_compile, **options), **(fit_options or {}))


def assert_alike(a, b):
    (one, history), (other, expected) = a, b
    for key in expected:
        np.testing.assert_allclose(history[key], expected[key], rtol=1e-4, atol=1e-5)
    variables = [*one.variables, *one.optimizer.variables]
    others = [*other.variables, *other.optimizer.variables]
    for v, w in zip(variables, others, strict=True):
        np.testing.assert_allclose(v.numpy(), w.numpy(), rtol=1e-4, atol=1e-5)


def noisy():
    # Statistics, and noise that is new in every step.
    return [layers.BatchNormalization(), layers.Dropout(0.4)]


def programs(model, kind):
    runner = model._runners[kind]
    run = runner._compiled._programs["torch"]._run
    return [] if run.gave_up else list(run._programs.values())


SCHEDULE = keras.optimizers.schedules.ExponentialDecay(1e-2, 3, 0.9)
OPTIMIZERS = {
    "adam": lambda: keras.optimizers.Adam(1e-2, clipnorm=1.0),
    "averages": lambda: keras.optimizers.SGD(
        SCHEDULE, 0.9, use_ema=True, ema_momentum=0.9, ema_overwrite_frequency=4
    ),
    "accumulates": lambda: keras.optimizers.RMSprop(
        1e-2, gradient_accumulation_steps=3, weight_decay=1e-2
    ),
    "scales": lambda: keras.optimizers.LossScaleOptimizer(
        keras.optimizers.Adam(1e-2), initial_scale=2.0**5, dynamic_growth_steps=4
    ),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_replayed_step_gives_the_numbers_of_the_plain_one(recorder, name):
    found = trained(noisy, "auto", optimizer=OPTIMIZERS[name])
    # 15 full batches, of which 4 to 7 are run before; 6 to validate on.
    assert len(programs(found[0], "train")) == len(programs(found[0], "test")) == 1
    assert recorder.recorded >= 2 and recorder.replayed >= 8 + 2
    assert_alike(found, trained(noisy, False, optimizer=OPTIMIZERS[name]))


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_half_precision_is_replayed(recorder, policy):
    keras.config.set_dtype_policy(policy)
    found = trained(noisy, "auto")
    assert programs(found[0], "train")
    assert_alike(found, trained(noisy, False))


@pytest.mark.parametrize("options", [{"jit_compile": False}, {"run_eagerly": True}])
def test_nothing_is_recorded_where_it_is_not_wanted(recorder, options):
    model_and_history = trained(noisy, **{"jit_compile": "auto", **options})
    assert not recorder.recorded
    assert len(model_and_history[1]["loss"]) == EPOCHS


def test_a_step_of_a_user_is_left_as_it_is(recorder):
    calls = []

    class Own(keras.Sequential):
        def train_step(self, data):
            calls.append(1)
            return super().train_step(data)

    model = Own([keras.Input((6,)), layers.Dense(3)])
    model.compile("sgd", "mse")
    model.fit(X, np.zeros((44, 3)), batch_size=4, verbose=0)
    assert not recorder.recorded and len(calls) == 11


class LooksAtValues(layers.Layer):
    def compute_output_shape(self, input_shape):
        return input_shape

    def call(self, x):
        return x * 2.0 if bool(ops.any(x > 0)) else x


def test_a_step_that_cannot_be_traced_runs_as_it_is(recorder):
    found = trained(lambda: [LooksAtValues()], "auto")
    assert not recorder.recorded
    assert_alike(found, trained(lambda: [LooksAtValues()], False))


def does_nothing(run, device):
    return run(), lambda: None


def always_the_same(run, device):
    outputs = run()
    kept = [x.clone() for x in outputs]
    return outputs, lambda: torch._foreach_copy_(outputs, kept)


def fails(run, device):
    run()  # warm
    raise RuntimeError("operation not permitted when stream is capturing")


@pytest.mark.parametrize("record", [does_nothing, always_the_same, fails])
def test_a_recording_that_does_not_do_the_step_is_not_used(
    recorder, monkeypatch, record
):
    monkeypatch.setattr(graphs, "record", record)
    found = trained(noisy, "auto")
    assert not programs(found[0], "train")
    assert_alike(found, trained(noisy, False))


def rolled(x):
    """Noise of Python's own, which a trace would hold on to."""
    return x * float(np.random.uniform(0.5, 2.0))


def test_a_step_that_is_never_twice_the_same_is_not_replayed(recorder):
    found, _ = trained(lambda: [layers.Lambda(rolled)], "auto")
    assert recorder.recorded and not programs(found, "train")


def interfered(jit_compile):
    """Training, with everything assigned that can be assigned in between."""
    model = model_of(noisy, jit_compile)
    schedule = keras.callbacks.LearningRateScheduler(lambda n, rate: rate * 0.7)
    _, history = fitted(model, callbacks=[schedule])
    predictions = [model.predict(X, batch_size=4, verbose=0)]
    model.set_weights([w * 0.9 for w in model.get_weights()])
    predictions.append(model.predict(X, batch_size=4, verbose=0))
    model.optimizer.learning_rate = 0.02
    for variable in model.optimizer.variables:
        variable.assign(variable.numpy() * 1)
    more = fitted(model)[1]
    predictions.append(model.predict(X, batch_size=4, verbose=0))
    history = {k: history[k] + more[k] for k in more}
    return (model, history), predictions


def test_what_is_assigned_between_steps_counts(recorder):
    found, predictions = interfered("auto")
    for kind in ("train", "test", "predict"):
        assert programs(found[0], kind)
    expected, others = interfered(False)
    assert_alike(found, expected)
    np.testing.assert_allclose(predictions, others, rtol=1e-4, atol=1e-5)


def test_a_copy_of_a_variable_does_not_change_with_it(recorder):
    model, _ = trained(noisy, "auto")
    mean = model.layers[1].moving_mean
    momentum = model.optimizer.variables[2]
    copies = keras.Variable(mean.numpy() * 0, trainable=False), keras.Variable(momentum)
    copies[0].assign(mean)
    copies[1].trainable = False
    copies[1].assign(momentum)
    before = mean.numpy(), momentum.numpy()
    fitted(model)
    for variable, copy, old in zip((mean, momentum), copies, before, strict=True):
        np.testing.assert_array_equal(copy.numpy(), old)
        assert not np.allclose(variable.numpy(), old)


def test_a_frozen_layer_stays_as_it_is(recorder):
    def frozen_later(jit_compile):
        model, _ = trained(noisy, jit_compile)
        model.layers[0].trainable = False
        return fitted(model)

    found = frozen_later("auto")
    assert programs(found[0], "train")
    assert_alike(found, frozen_later(False))


def test_only_so_many_shapes_are_recorded(recorder, monkeypatch):
    monkeypatch.setattr(capture, "_MOST", 2)
    model = model_of(noisy, "auto")
    for _ in range(6):
        for size in (4, 5, 6):
            model.train_on_batch(X[:size], Y[:size])
    assert len(programs(model, "train")) == recorder.recorded == 2


def test_results_of_earlier_steps_stay(recorder):
    model = model_of(list, "auto")
    step = model.make_predict_function()
    batches = [(torch.from_numpy(X[i : i + 4]), None, None) for i in range(0, 44, 4)]
    outputs = [step(batch) for batch in batches]
    assert programs(model, "predict")
    expected = model(torch.from_numpy(X)).detach()
    torch.testing.assert_close(torch.cat(outputs), expected)


def test_threads_may_share_a_recording(recorder):
    model = model_of(list, "auto")
    expected = model.predict(X, batch_size=4, verbose=0)

    def run(_):
        return model.predict(X, batch_size=4, verbose=0)

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(run, range(12)))
    assert programs(model, "predict")
    for one in found:
        np.testing.assert_allclose(one, expected, rtol=1e-5)


def test_a_saved_model_goes_on_as_the_one_that_was_saved(recorder, tmp_path):
    model, _ = trained(lambda: [layers.BatchNormalization()], "auto")
    model.save(tmp_path / "model.keras")
    objects = {"MeanOutputs": MeanOutputs}
    loaded = keras.models.load_model(tmp_path / "model.keras", objects)
    keras.utils.set_random_seed(5)
    expected = fitted(model)
    keras.utils.set_random_seed(5)
    found = fitted(loaded)
    assert programs(loaded, "train")
    assert_alike(found, expected)


class Interrupts(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 2:
            raise KeyboardInterrupt


def test_an_interrupted_training_is_resumed_as_if_nothing_had_been(recorder, tmp_path):
    model = model_of(noisy, "auto")
    with pytest.raises(KeyboardInterrupt):
        backup = keras.callbacks.BackupAndRestore(tmp_path)
        fitted(model, callbacks=[backup, Interrupts()])
    resumed = model_of(noisy, "auto")
    keras.utils.set_random_seed(77)
    _, history = fitted(
        resumed, 4, callbacks=[keras.callbacks.BackupAndRestore(tmp_path)]
    )
    assert programs(resumed, "train")
    whole, expected = fitted(model_of(noisy, False), 4)
    expected = {k: v[-len(history[k]) :] for k, v in expected.items()}
    assert_alike((resumed, history), (whole, expected))


# Parting, with tensors of a device that need not be there.


def traced(fn, *tensors):
    """A graph of `fn` over fakes of tensors, given as (device, shape, dtype)."""
    from torch._subclasses import FakeTensorMode
    from torch.fx.experimental.proxy_tensor import make_fx

    token = arrays.placement.set(torch.device("cuda"))
    try:
        with FakeTensorMode(), torch.no_grad():
            fakes = [
                torch.empty(shape, device=device, dtype=dtype)
                for device, shape, dtype in tensors
            ]
            return make_fx(fn)(*fakes)
    finally:
        arrays.placement.reset(token)


def called(graph):
    return [str(n.target) for n in graph.graph.nodes if n.op == "call_function"]


SEED, RATE = ("cpu", (2,), torch.int64), ("cpu", (), torch.float32)
WEIGHTS = ("cuda", (4,), torch.float32)


def test_a_step_is_parted_where_values_go_to_the_device():
    def step(seed, weights, rate, x):
        noise = capture.draw("uniform", seed, (4,), "float32") > 0.5
        ones = torch.ones((4,), device="cuda")
        new = weights.clone()
        new.add_(x * noise * ones * (rate * 0.5))
        return [new.sum(), None, 7, seed, seed + 1, new]

    graph = traced(step, SEED, WEIGHTS, RATE, WEIGHTS)
    parts = graphs.Parts(graph, 2)
    assert parts.host_inputs == [0, 2] and parts.inputs == [1, 3]
    # Noise is drawn on the host's word; what is made of it runs on the device.
    names = sorted(n.split(".")[1] for n in called(parts.host))
    assert names == ["add", "draw", "mul"]
    assert parts.crossing == 2 and parts.results == 1 and parts.changed == [1]
    # The copy that an optimizer makes of the weights is not needed.
    assert not any("clone" in name for name in called(parts.device))
    outputs = parts.outputs([None, 7, "seed", "next"], ["sum"], ["weights"])
    assert outputs == ["sum", None, 7, "seed", "next", "weights"]


def test_an_old_value_that_is_still_read_is_not_overwritten():
    def step(weights, x):
        new = weights.clone()
        new.add_(x)
        return [weights.view(2, 2) * 2, new]

    parts = graphs.Parts(traced(step, WEIGHTS, WEIGHTS), 1)
    assert any("clone" in name for name in called(parts.device))


def test_state_may_change_places():
    olds = [torch.tensor([1.0]), torch.tensor([2.0]), torch.tensor([3.0])]
    graphs._overwrite(olds, [olds[1], olds[0], olds[2]])
    assert torch.cat(olds).tolist() == [2.0, 1.0, 3.0]


def test_a_step_of_the_host_alone_is_not_recorded():
    graph = traced(lambda seed: [seed + 1], SEED)
    with pytest.raises(ValueError, match="parted into host and device"):
        graphs.Parts(graph, 1)


def test_outputs_are_compared_by_what_a_step_does():
    old = torch.full((100,), 1.0)
    new = old + 1e-3
    assert graphs._alike(new, new, old)
    assert graphs._alike(new + 1e-6, new, old)  # rounding
    assert not graphs._alike(old, new, old)  # nothing was done
    assert not graphs._alike(old - 1e-3, new, old)
    bad = new.clone()
    bad[3] = torch.nan
    assert graphs._alike(bad, bad.clone(), old)
    assert not graphs._alike(new, bad, old) and not graphs._alike(bad, new, old)
    assert not graphs._alike(new.double(), new, old)
    assert graphs._alike(7, 7, None) and not graphs._alike(7, 8, None)


# With CUDA.


@needs_cuda
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_cuda_graph_gives_the_numbers_of_the_plain_step(name):
    keras.config.set_backend("torch")
    found = trained(noisy, "auto", optimizer=OPTIMIZERS[name])
    assert programs(found[0], "train") and programs(found[0], "test")
    assert_alike(found, trained(noisy, False, optimizer=OPTIMIZERS[name]))


@needs_cuda
def test_what_is_assigned_between_replays_counts_on_a_device():
    keras.config.set_backend("torch")
    found, predictions = interfered("auto")
    assert programs(found[0], "train") and programs(found[0], "predict")
    expected, others = interfered(False)
    assert_alike(found, expected)
    np.testing.assert_allclose(predictions, others, rtol=1e-4, atol=1e-5)


@needs_cuda
def test_a_step_that_waits_for_the_device_runs_as_it_is():
    keras.config.set_backend("torch")
    found = trained(lambda: [LooksAtValues()], "auto")
    assert not programs(found[0], "train")
    assert_alike(found, trained(lambda: [LooksAtValues()], False))
