"""All optimizers, and the parts that can be added to any of them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import keras
from keras import ops, optimizers, tree
from keras.core.compiled import Compiled, value_and_grad
from keras.errors import ShapeError, UnknownNameError

OPTIMIZERS = {
    "SGD": {"learning_rate": 0.1},
    "SGD momentum": {"learning_rate": 0.05, "momentum": 0.9, "nesterov": True},
    "Adam": {"learning_rate": 0.1},
    "Adam amsgrad": {"learning_rate": 0.1, "amsgrad": True},
    "AdamW": {"learning_rate": 0.1, "weight_decay": 0.001},
    "Adamax": {"learning_rate": 0.1},
    "Nadam": {"learning_rate": 0.1},
    "RMSprop": {"learning_rate": 0.02},
    "RMSprop centered": {"learning_rate": 0.01, "momentum": 0.5, "centered": True},
    "Adagrad": {"learning_rate": 0.5},
    "Adadelta": {"learning_rate": 40.0},
    "Adafactor": {"learning_rate": 0.1},
    "Ftrl": {"learning_rate": 0.5},
    "Lamb": {"learning_rate": 0.05},
    "Lion": {"learning_rate": 0.02},
    "Muon": {"learning_rate": 0.2, "momentum": 0.5, "weight_decay": 0.0},
    "ScheduleFreeAdamW": {"learning_rate": 0.2},
}


STEPS = 150


def make(name, /, **more):
    return getattr(optimizers, name.split()[0])(**OPTIMIZERS[name] | more)


def weights():
    rng = np.random.default_rng(3)
    return [
        keras.Variable(rng.standard_normal((4, 3)).astype("float32"), name="kernel"),
        keras.Variable(rng.standard_normal(3).astype("float32"), name="bias"),
    ]


def gradients(step=0):
    rng = np.random.default_rng(step)
    shapes = ((4, 3), (3,))
    arrays = [rng.standard_normal(s).astype("float32") for s in shapes]
    return [ops.convert_to_tensor(a) for a in arrays]


def values(variables):
    return [np.array(v.numpy()) for v in variables]


def same(a, b, rtol=1e-5):
    for x, y in zip(a, b, strict=True):
        np.testing.assert_allclose(x, y, rtol=rtol, atol=1e-6)


def test_every_public_optimizer_is_in_the_table():
    wrappers = {"LossScaleOptimizer", "MultiOptimizer", "Optimizer"}
    public = {
        name
        for name, cls in vars(optimizers).items()
        if isinstance(cls, type) and issubclass(cls, optimizers.Optimizer)
    }
    assert public - wrappers == {name.split()[0] for name in OPTIMIZERS}


def quadratic(seed, condition, size):
    """A positive-definite (size, size), with eigenvalues from 1 to `condition`."""
    basis, _ = np.linalg.qr(np.random.default_rng(seed).standard_normal((size, size)))
    matrix = basis * np.linspace(1, condition, size) @ basis.T
    return matrix.astype("float32")


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_it_minimises_every_convex_quadratic(name, trainable_backend):
    variables = weights()
    optimizer = make(name)
    optimizer.build(variables)
    fresh = values(optimizer.variables)

    def train(matrices, minima):
        def loss():
            terms = zip(variables, matrices, minima, strict=True)
            away = ((v - c, a) for v, a, c in terms)
            return sum(ops.sum(d * ops.matmul(a, d)) / 2 for d, a in away)

        value, grads = value_and_grad(loss, variables)()
        optimizer.apply(grads, variables)
        return value

    # Compiled once: each example is other data for the same step.
    step = Compiled(lambda data: train(*data))

    # Far from the minimum, compared with the length of a step.
    @settings(max_examples=3, deadline=None)
    @given(
        st.integers(0, 2**32 - 1),
        st.floats(1.0, 3.0),
        st.lists(st.floats(-1, 1, width=32), min_size=2, max_size=2),
    )
    def check(seed, condition, minima):
        rng = np.random.default_rng(seed)
        for variable, minimum in zip(variables, minima, strict=True):
            away = rng.uniform(0.5, 1.5, variable.shape) * rng.choice(
                [-1, 1], variable.shape
            )
            variable.assign((minimum + away).astype("float32"))
        for variable, value in zip(optimizer.variables, fresh, strict=True):
            variable.assign(value)
        matrices = [quadratic(seed, condition, v.shape[0]) for v in variables]
        data = tree.map_structure(
            ops.convert_to_tensor, (matrices, [np.float32(m) for m in minima])
        )
        first = float(step(data))
        for _ in range(STEPS):
            last = float(step(data))
        assert last < 0.1 * first

    check()


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_its_config_makes_the_same_optimizer(name):
    optimizer = make(name, clipnorm=1.0, use_ema=True, name="mine")
    again = optimizers.deserialize(optimizers.serialize(optimizer))
    assert type(again) is type(optimizer)
    assert again.get_config() == optimizer.get_config()
    assert optimizers.get(name.split()[0]).__class__ is type(optimizer)
    assert optimizers.get(name.split()[0].lower()).__class__ is type(optimizer)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_its_state_is_restored_by_position(name):
    # The other forms of state: averages and accumulators beside the slots.
    more = {"use_ema": True, "gradient_accumulation_steps": 2}
    ours, theirs = weights(), weights()
    optimizer, other = make(name, **more), make(name, **more)
    optimizer.build(ours)
    other.build(theirs)
    for step in range(3):
        optimizer.apply(gradients(step), ours)
    store = {}
    optimizer.save_own_variables(store)
    assert store["0"].dtype == np.int32
    other.load_own_variables(store)
    for variable, value in zip(theirs, values(ours), strict=True):
        variable.assign(value)
    for step in range(3, 7):
        optimizer.apply(gradients(step), ours)
        other.apply(gradients(step), theirs)
    same(values(ours), values(theirs))
    same(values(optimizer.variables), values(other.variables))


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_engines_take_over_from_one_another(name):
    variables, reference = weights(), weights()
    optimizer, alone = make(name), make(name)
    optimizer.build(variables)
    alone.build(reference)
    for step in range(4):
        alone.apply(gradients(step), reference)
    for step, engine in enumerate(("torch", "jax", "numpy", "torch")):
        keras.config.set_backend(engine)
        optimizer.apply(gradients(step), variables)
    same(values(variables), values(reference), rtol=1e-4)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_stateless_apply_changes_nothing_itself(name, trainable_backend):
    variables, stateful = weights(), weights()
    optimizer, other = make(name), make(name)
    optimizer.build(variables)
    other.build(stateful)
    before = values(variables) + values(optimizer.variables)
    state = [ops.copy(v.value) for v in optimizer.variables]
    kept = [ops.copy(v.value) for v in variables]
    results, new = optimizer.stateless_apply(state, gradients(), kept)
    same(values(variables) + values(optimizer.variables), before)
    same([ops.convert_to_numpy(x) for x in kept + state], before)
    other.apply(gradients(), stateful)
    same([ops.convert_to_numpy(x) for x in results], values(stateful))
    same([ops.convert_to_numpy(x) for x in new], values(other.variables))


# The product of momenta of Nadam grows with each call of update_step.
@pytest.mark.parametrize("name", [n for n in OPTIMIZERS if n != "Nadam"])
def test_one_variable_by_update_step_is_as_all_by_apply(name):
    together, single = weights(), weights()
    optimizer, other = make(name), make(name)
    optimizer.build(together)
    other.build(single)
    if name in ("AdamW", "Muon"):
        optimizer.weight_decay = optimizer.adam_weight_decay = None
    optimizer.apply(gradients(), together)
    for gradient, variable in zip(gradients(), single, strict=True):
        other.update_step(gradient, variable, other.learning_rate.value)
    same(values(together), values(single))


def test_fused_adam_agrees_with_the_composed_form(monkeypatch):
    from keras.backend import torch as engine

    for amsgrad in (False, True):
        fused, composed = weights(), weights()
        one = optimizers.Adam(0.1, amsgrad=amsgrad)
        two = optimizers.Adam(0.1, amsgrad=amsgrad)
        for step in range(5):
            one.apply(gradients(step), fused)
            with monkeypatch.context() as patch:
                patch.delattr(engine, "fused_adam")
                two.apply(gradients(step), composed)
        same(values(fused), values(composed))
        same(values(one.variables), values(two.variables))


def test_fused_adam_declines_slots_in_another_memory_layout_than_the_weights():
    import torch

    from keras.backend import torch as engine

    turned, plain = torch.ones(3, 4).t(), torch.zeros(4, 3)
    lists = ([turned], [turned.clone()], [plain], [plain.clone()], [])
    assert engine.fused_adam(*lists, 1.0, 0.1, 0.9, 0.999, 1e-7) is False


def test_variables_lie_in_memory_in_the_order_of_their_axes():
    variable = keras.Variable(np.asfortranarray(np.ones((4, 3), "float32")))
    assert variable.value.is_contiguous()


def test_gradients_are_accumulated_in_a_compiled_step(trainable_backend):
    loose, compiled = weights(), weights()
    one = optimizers.SGD(0.1, gradient_accumulation_steps=3)
    two = optimizers.SGD(0.1, gradient_accumulation_steps=3)
    two.build(compiled)
    step = Compiled(lambda g: two.apply(g, compiled))
    for i in range(4):
        one.apply(gradients(i), loose)
        step(gradients(i))
    same(values(loose), values(compiled))


def test_gradients_in_another_memory_layout_count_the_same():
    import torch

    plain, turned = weights(), weights()
    gradient = gradients()
    transposed = [torch.tensor(gradient[0].numpy().T.copy()).T, gradient[1]]
    optimizers.Adam(0.1).apply(gradient, plain)
    optimizers.Adam(0.1).apply(transposed, turned)
    same(values(plain), values(turned))


def test_updates_never_write_into_what_was_assigned(backend):
    variables = weights()
    optimizer = optimizers.Adam(0.1)
    optimizer.build(variables)
    given = ops.ones((4, 3))
    optimizer.variables[2].assign(given)
    optimizer.apply(gradients(), variables)
    np.testing.assert_array_equal(ops.convert_to_numpy(given), np.ones((4, 3)))


def test_numpy_gives_a_snapshot(backend):
    variables = weights()
    before = variables[0].numpy()
    copy = before.copy()
    optimizers.SGD(0.1).apply(gradients(), variables)
    np.testing.assert_array_equal(before, copy)


# The parts.


def test_clipping_bounds_gradients(backend):
    large = [ops.ones((4, 3)) * 10.0, ops.ones((3,)) * 0.01]
    norms = {}
    for how in ("clipnorm", "global_clipnorm", "clipvalue"):
        variables = weights()
        before = values(variables)
        optimizers.SGD(1.0, **{how: 1.0}).apply(large, variables)
        moved = [a - b for a, b in zip(before, values(variables), strict=True)]
        norms[how] = [np.linalg.norm(m) for m in moved]
    total = np.sqrt(1200 + 3e-4)
    np.testing.assert_allclose(norms["clipnorm"], [1.0, 0.01 * 3**0.5], rtol=1e-4)
    expected = [1200**0.5 / total, 3e-4**0.5 / total]
    np.testing.assert_allclose(norms["global_clipnorm"], expected, rtol=1e-3)
    np.testing.assert_allclose(norms["clipvalue"], [12**0.5, 3e-4**0.5], rtol=1e-4)


def test_weight_decay_leaves_excluded_variables_alone(backend):
    variables = weights()
    before = values(variables)
    optimizer = optimizers.SGD(0.1, weight_decay=0.5)
    optimizer.exclude_from_weight_decay(var_names=["bias"])
    optimizer.apply([ops.zeros((4, 3)), ops.zeros((3,))], variables)
    same(values(variables), [before[0] * 0.95, before[1]])
    with pytest.raises(ValueError, match="after the optimizer was built"):
        optimizer.exclude_from_weight_decay(var_list=variables)


def test_accumulated_gradients_make_one_step(trainable_backend):
    variables, reference = weights(), weights()
    optimizer = optimizers.Adam(0.1, gradient_accumulation_steps=3)
    before = values(variables)
    for step in range(3):
        same(values(variables), before)
        optimizer.apply(gradients(step), variables)
    columns = zip(*(gradients(step) for step in range(3)), strict=True)
    means = [(a + b + c) / 3 for a, b, c in columns]
    optimizers.Adam(0.1).apply(means, reference)
    same(values(variables), values(reference))
    assert int(optimizer.iterations) == 1


def test_averages_replace_the_weights_when_training_ends(backend):
    variables = weights()
    optimizer = optimizers.SGD(0.1, use_ema=True, ema_momentum=0.5)
    optimizer.apply(gradients(0), variables)
    first = values(variables)
    optimizer.apply(gradients(1), variables)
    second = values(variables)
    optimizer.finalize_variable_values(variables)
    means = [(a + b) / 2 for a, b in zip(first, second, strict=True)]
    same(values(variables), means)


def test_constraints_hold_after_the_update(backend):
    variables = weights()
    variables[0].constraint = keras.constraints.NonNeg()
    optimizers.SGD(0.1).apply(gradients(), variables)
    assert (variables[0].numpy() >= 0).all()
    assert (variables[1].numpy() < 0).any()


def test_a_scaled_loss_is_unscaled_again(backend):
    variables, reference = weights(), weights()
    optimizer = optimizers.SGD(0.1, loss_scale_factor=8.0)
    assert float(optimizer.scale_loss(2.0)) == 16.0
    optimizer.apply([8.0 * g for g in gradients()], variables)
    optimizers.SGD(0.1).apply(gradients(), reference)
    same(values(variables), values(reference))


def test_the_loss_scale_follows_the_gradients(trainable_backend):
    variables = weights()
    optimizer = optimizers.LossScaleOptimizer(
        optimizers.Adam(0.1), initial_scale=8.0, dynamic_growth_steps=2
    )
    optimizer.build(variables)
    step = Compiled(lambda grads: optimizer.apply(grads, variables))
    before = values(variables) + values(optimizer.inner_optimizer.variables)
    step([ops.full((4, 3), float("inf")), ops.ones((3,))])
    same(values(variables) + values(optimizer.inner_optimizer.variables), before)
    assert float(optimizer.dynamic_scale) == 4.0
    for _ in range(2):
        step([4.0 * g for g in gradients()])
    assert float(optimizer.dynamic_scale) == 8.0
    assert int(optimizer.iterations) == 2
    again = optimizers.deserialize(optimizers.serialize(optimizer))
    assert again.get_config() == optimizer.get_config()


def test_variables_can_have_optimizers_of_their_own(backend):
    variables, kernel, bias = weights(), weights(), weights()
    choice = optimizers.OptimizerMap(optimizers.SGD(0.1))
    choice["ker.*"] = optimizers.Adam(0.01)
    optimizer = optimizers.MultiOptimizer(choice)
    optimizer.apply(gradients(), variables)
    optimizers.Adam(0.01).apply(gradients(), kernel)
    optimizers.SGD(0.1).apply(gradients(), bias)
    same(values(variables), [kernel[0].numpy(), bias[1].numpy()])
    with pytest.raises(AttributeError, match="one of its own"):
        _ = optimizer.learning_rate
    again = optimizers.deserialize(optimizers.serialize(optimizer))
    assert again.get_config() == optimizer.get_config()


# Learning rates.


def test_the_learning_rate_can_be_set_and_read(backend):
    optimizer = optimizers.SGD(0.5)
    optimizer.learning_rate = 0.25
    assert float(optimizer.learning_rate) == 0.25
    assert optimizer.get_config()["learning_rate"] == 0.25
    optimizer.learning_rate = optimizers.schedules.PiecewiseConstantDecay(
        [0], [0.5, 0.125]
    )
    assert len(optimizer.variables) == 1
    optimizer.apply(gradients(), weights_ := weights())
    assert float(optimizer.learning_rate) == 0.125
    optimizer.learning_rate = lambda: 0.75
    optimizer.apply(gradients(), weights_)
    assert float(optimizer.learning_rate) == 0.75


def test_counts_beyond_32_bits_are_kept():
    optimizer = optimizers.SGD(0.1)
    optimizer.iterations.assign(2**40)
    store = {}
    optimizer.save_own_variables(store)
    assert int(store["0"]) == 2**40
    other = optimizers.SGD(0.1)
    other.load_own_variables(store)
    assert int(other.iterations) == 2**40


def test_a_file_without_a_learning_rate_is_read():
    variables = weights()
    optimizer = optimizers.SGD(0.1, momentum=0.9)
    optimizer.build(variables)
    store = {"0": np.int64(7), "1": np.ones((4, 3)), "2": np.ones(3)}
    optimizer.load_own_variables(store)
    assert int(optimizer.iterations) == 7
    assert float(optimizer.learning_rate) == np.float32(0.1)
    np.testing.assert_array_equal(optimizer.variables[3].numpy(), np.ones(3))
    with pytest.warns(UserWarning, match="holds 1 variables"):
        optimizer.load_own_variables({"0": np.int64(7)})


# Users' own.


def test_a_user_may_write_the_update_of_one_variable(trainable_backend):
    class Mine(keras.Optimizer):
        def build(self, variables):
            if self.built:
                return
            super().build(variables)
            self.momenta = self.add_optimizer_variables(variables, "momentum")

        def update_step(self, gradient, variable, learning_rate):
            m = self.momenta[self._get_variable_index(variable)]
            self.assign(m, 0.9 * m + gradient)
            self.assign_sub(variable, ops.cast(learning_rate, variable.dtype) * m)

    variables, reference = weights(), weights()
    optimizer, other = Mine(0.1), optimizers.SGD(0.1, momentum=0.9)
    optimizer.build(variables)
    step = Compiled(lambda grads: optimizer.apply(grads, variables))
    for i in range(3):
        step(gradients(i))
        other.apply(gradients(i), reference)
    same(values(variables), values(reference))
    assert optimizer.variables[2].path == "mine/kernel_momentum"


# Errors.


def test_unknown_names_are_told_the_nearest():
    with pytest.raises(UnknownNameError, match=r"'adamw'|'AdamW'"):
        optimizers.get("adamww")
    with pytest.raises(TypeError, match="expected a name, a config"):
        optimizers.get(3)
    with pytest.raises(TypeError, match="learning_rate"):
        optimizers.Adam(learningrate=0.1)


@pytest.mark.parametrize(
    "options, words",
    [
        ({"clipnorm": 1.0, "clipvalue": 1.0}, "at most one way"),
        ({"clipnorm": -1.0}, "positive number"),
        ({"use_ema": True, "ema_momentum": 2.0}, "from 0 to 1"),
        ({"ema_overwrite_frequency": 0}, "int of at least 1"),
        ({"gradient_accumulation_steps": 1}, "int of at least 2"),
        ({"learning_rate": "fast"}, "expected a float, a LearningRateSchedule"),
    ],
)
def test_options_are_checked(options, words):
    with pytest.raises(ValueError, match=words):
        optimizers.Adam(**options)


def test_gradients_are_checked(backend):
    variables = weights()
    optimizer = optimizers.SGD(0.1)
    with pytest.raises(ValueError, match="before the optimizer was built"):
        optimizer.apply(gradients())
    with pytest.raises(ValueError, match="got 1 gradients for 2"):
        optimizer.apply(gradients()[:1], variables)
    with pytest.raises(ValueError, match="no gradient for any of kernel, bias"):
        optimizer.apply([None, None], variables)
    before = values(variables)
    with pytest.warns(UserWarning, match="no gradient for bias"):
        optimizer.apply([gradients()[0], None], variables)
    np.testing.assert_array_equal(variables[1].numpy(), before[1])
    assert (variables[0].numpy() != before[0]).all()
    with pytest.raises(ShapeError, match=r"shape \(3,\) for the variable 'kernel'"):
        optimizer.apply(gradients()[::-1], variables)
    with pytest.raises(ValueError, match="not built"):
        optimizer.apply(gradients(), weights())
