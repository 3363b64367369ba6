"""`.weights.h5` files and shards: paths, values, what does not fit."""

import json

import h5py
import numpy as np
import pytest

import keras
from keras import layers
from keras.core.naming import to_snake_case
from keras.errors import FileFormatError
from keras.saving import _h5, _weights


class Block(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.sub = [layers.Dense(4), layers.Dense(4)]
        self.table = {"z": layers.Dense(4), "a": layers.Dropout(0.1)}
        self._hidden = layers.Dense(4)
        self.alias = self.sub[1]

    def call(self, x):
        for layer in [*self.sub, *self.table.values(), self._hidden]:
            x = layer(x)
        return x


def model():
    return keras.Sequential(
        [keras.Input((4,)), layers.Dense(4, name="one"), Block(), layers.Dense(2)],
        name="m",
    )


def filled(target, seed=0):
    random = np.random.default_rng(seed)
    target.set_weights([random.normal(size=w.shape) for w in target.get_weights()])
    return target


def test_paths_follow_attributes_and_class_names(tmp_path):
    filled(model()).save_weights(tmp_path / "a.weights.h5")
    found = {}
    with h5py.File(tmp_path / "a.weights.h5") as file:
        assert dict(file.attrs) == {}
        file.visititems(lambda n, o: found.update({n: o.attrs.get("name")}))
        found = {n: v for n, v in found.items() if n.endswith("vars")}
        kernel = file["layers/block/sub/dense/vars/0"]
        assert kernel.shape == (4, 4)
    assert found == {
        "vars": "m",
        "layers/dense/vars": "one",
        "layers/dense_1/vars": "dense_4",
        "layers/block/vars": "block",
        # The first path wins, attributes come by name: `alias` before `sub`.
        "layers/block/alias/vars": "dense_1",
        "layers/block/sub/dense/vars": "dense",
        "layers/block/table/dense/vars": "dense_2",
        "layers/block/table/dropout/vars": "dropout",
        "layers/block/_hidden/vars": "dense_3",
    }


@pytest.mark.parametrize(
    ("name", "snake"),
    [
        ("BatchNormalization", "batch_normalization"),
        ("Conv2D", "conv2d"),
        ("LSTM", "lstm"),
        ("RMSprop", "rm_sprop"),
        ("AdamW", "adam_w"),
        ("PReLU", "p_re_lu"),
    ],
)
def test_class_names_in_paths(name, snake):
    assert to_snake_case(name) == snake


def test_weights_come_back(backend, tmp_path):
    saved, other = filled(model(), 1), filled(model(), 2)
    saved.save_weights(tmp_path / "a.weights.h5")
    other.load_weights(tmp_path / "a.weights.h5")
    for a, b in zip(saved.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_weights_load_from_a_whole_model(tmp_path):
    saved, other = filled(model(), 1), filled(model(), 2)
    saved.save(tmp_path / "a.keras")
    other.load_weights(tmp_path / "a.keras")
    np.testing.assert_array_equal(saved.get_weights()[0], other.get_weights()[0])


def test_bfloat16_keeps_its_bits(backend, tmp_path):
    def half():
        return keras.Sequential([keras.Input((4,)), layers.Dense(2, dtype="bfloat16")])

    saved, other = half(), half()
    saved.save_weights(tmp_path / "a.weights.h5")
    with h5py.File(tmp_path / "a.weights.h5") as file:
        kernel = file["layers/dense/vars/0"]
        assert kernel.attrs["dtype"] == "bfloat16"
        assert kernel.dtype.itemsize == 2
    other.load_weights(tmp_path / "a.weights.h5")
    one, two = (np.asarray(m.get_weights()[0], "float32") for m in (saved, other))
    np.testing.assert_array_equal(one, two)


def test_files_of_early_versions_name_containers_otherwise(tmp_path):
    saved, other = filled(model(), 1), filled(model(), 2)
    path = tmp_path / "a.weights.h5"
    saved.save_weights(path)
    with h5py.File(path, "r+") as file:
        file.move("layers", "_layer_checkpoint_dependencies")
    other.load_weights(path)
    np.testing.assert_array_equal(saved.get_weights()[0], other.get_weights()[0])


class OwnFormat(layers.Layer):
    def build(self, shape):
        self.w = self.add_weight(shape=shape[-1:], name="w")

    def call(self, x):
        return x * self.w

    def save_own_variables(self, store):
        store["mine"] = self.w.numpy() * 2

    def load_own_variables(self, store):
        self.w.assign(store["mine"] / 2)


def test_layers_may_store_their_variables_their_own_way(tmp_path):
    saved, other = (keras.Sequential([keras.Input((3,)), OwnFormat()]) for _ in "ab")
    other.layers[0].w.assign([7.0, 8.0, 9.0])
    saved.save_weights(tmp_path / "a.weights.h5")
    other.load_weights(tmp_path / "a.weights.h5")
    np.testing.assert_array_equal(saved.get_weights()[0], other.get_weights()[0])


def test_another_shape_is_refused_with_layer_and_both_shapes(tmp_path):
    path = tmp_path / "a.weights.h5"
    keras.Sequential([keras.Input((5,)), layers.Dense(4, name="d")]).save_weights(path)
    other = keras.Sequential([keras.Input((4,)), layers.Dense(4, name="d")])
    before = other.get_weights()
    with pytest.raises(ValueError, match=r"d/kernel.*\(5, 4\).*\(4, 4\)"):
        other.load_weights(path)
    with pytest.warns(UserWarning, match="d/kernel"):
        other.load_weights(path, skip_mismatch=True)
    np.testing.assert_array_equal(before[0], other.get_weights()[0])


def test_a_missing_layer_is_named(tmp_path):
    path = tmp_path / "a.weights.h5"
    keras.Sequential([keras.Input((4,)), layers.Dense(4)]).save_weights(path)
    other = keras.Sequential(
        [keras.Input((4,)), layers.Dense(4), layers.Dense(2, name="head")]
    )
    with pytest.raises(ValueError, match=r"holds nothing for layer 'head'.*dense_1"):
        other.load_weights(path)
    with pytest.warns(UserWarning, match="dense_1"):
        other.load_weights(path, skip_mismatch=True)


def test_a_model_that_is_not_built_is_told_to_build(tmp_path):
    path = tmp_path / "a.weights.h5"
    keras.Sequential([keras.Input((4,)), layers.Dense(4)]).save_weights(path)
    with pytest.raises(ValueError, match="Build the layer first"):
        keras.Sequential([layers.Dense(4)]).load_weights(path)


def test_by_name_is_for_old_files(tmp_path):
    path = tmp_path / "a.weights.h5"
    model().save_weights(path)
    with pytest.raises(ValueError, match="by_name"):
        model().load_weights(path, by_name=True)
    with pytest.raises(ValueError, match="unknown arguments by_nam"):
        model().load_weights(path, by_nam=True)


def test_shards_hold_what_one_file_would(tmp_path):
    saved, other = filled(model(), 1), filled(model(), 2)
    path = tmp_path / "a.weights.json"
    saved.save_weights(path, max_shard_size=1.5e-7)
    index = json.loads(path.read_text())
    files = {n for names in index["weight_map"].values() for n in names}
    assert len(files) > 2
    assert all((tmp_path / n).is_file() for n in files)
    size = sum(w.nbytes for w in saved.get_weights())
    assert index["metadata"] == {"total_size": size}
    other.load_weights(path)
    for a, b in zip(saved.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_variable_larger_than_a_shard_is_refused(tmp_path):
    with pytest.raises(ValueError, match="larger max_shard_size"):
        model().save_weights(tmp_path / "a.weights.json", max_shard_size=1e-9)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ValueError, match="need both"):
        model().save_weights(tmp_path / "a.weights.json")
    (tmp_path / "b.weights.json").write_text("{}")
    with pytest.raises(FileFormatError, match="no weight_map"):
        model().load_weights(tmp_path / "b.weights.json")


def test_every_object_comes_once():
    target = model()
    found = [id(x) for _, x in _weights.saveables(target)]
    assert len(found) == len(set(found))


# The state of optimizers.


class Pair(keras.Model):
    """Two layers of one shape, tracked in either order, named as they are made."""

    def __init__(self, order="ab", extra=False):
        super().__init__(name="pair")
        for name in order:
            setattr(self, name, layers.Dense(3))
        if extra:
            self.c = layers.Dense(3)

    def call(self, x):
        return getattr(self, "c", lambda y: y)(self.b(self.a(x)))


X = np.linspace(-1, 1, 12, dtype="float32").reshape(4, 3)


def pair(optimizer="adam", order="ab", steps=0, **options):
    target = Pair(order, **options)
    target.compile(optimizer, "mse")
    target.build((None, 3))
    target.optimizer.build(target.trainable_variables)
    for _ in range(steps):
        target.train_on_batch(X, X[::-1])
    return target


def state_by_weight(target):
    """The values of the slots, by layer."""
    optimizer = target.optimizer
    layer_of = {id(v): n for n in "ab" for v in getattr(target, n).variables}
    return {
        (layer_of[id(weight)], weight.name, what): variable.numpy()
        for variable, (weight, what) in zip(
            optimizer.variables, optimizer._origins(), strict=True
        )
        if weight is not None
    }


STATEFUL = {
    "adam": lambda: keras.optimizers.Adam(use_ema=True),
    "adafactor": keras.optimizers.Adafactor,
    "float16": lambda: keras.optimizers.LossScaleOptimizer(keras.optimizers.Adam()),
    "several": lambda: keras.optimizers.MultiOptimizer(
        keras.optimizers.OptimizerMap(
            keras.optimizers.Adam(), {".*bias": keras.optimizers.SGD(momentum=0.9)}
        )
    ),
}


@pytest.mark.parametrize("ending", ["a.weights.h5", "a.weights.json"])
@pytest.mark.parametrize("name", STATEFUL)
def test_slots_go_to_their_weights_in_whatever_order_these_come(tmp_path, name, ending):
    saved = pair(STATEFUL[name](), steps=2)
    # Other names of layers too: dense_2 is `b` here.
    other = pair(STATEFUL[name](), order="ba")
    shards = {"max_shard_size": 2e-7} if ending.endswith("json") else {}
    saved.save_weights(tmp_path / ending, **shards)
    other.load_weights(tmp_path / ending)
    one, two = state_by_weight(saved), state_by_weight(other)
    assert list(one) != list(two)
    assert one.keys() == two.keys()
    for key, value in one.items():
        np.testing.assert_array_equal(value, two[key], err_msg=str(key))
    for target in (saved, other):
        target.train_on_batch(X, X[::-1])
    np.testing.assert_array_equal(saved.b.kernel.numpy(), other.b.kernel.numpy())


def test_slots_go_to_their_weights_in_a_whole_model(tmp_path):
    def named(first):
        x = keras.Input((3,))
        made = {n: layers.Dense(3) for n in (first, {"a": "b", "b": "a"}[first])}
        target = keras.Model(x, made["b"](made["a"](x)))
        target.compile("adam", "mse")
        target.a, target.b = made["a"], made["b"]
        return target

    saved = named("a")
    saved.fit(X, X[::-1], verbose=0)
    saved.save(tmp_path / "a.keras")
    again = keras.models.load_model(tmp_path / "a.keras")
    other = named("b")
    other.optimizer.build(other.trainable_variables[::-1])
    other.load_weights(tmp_path / "a.keras")
    expected = list(state_by_weight(saved).values())
    assert [v.path for v in again.optimizer.variables]
    found = state_by_weight(other)
    for value, key in zip(expected, state_by_weight(saved), strict=True):
        np.testing.assert_array_equal(value, found[key])
    for a, b in zip(saved.optimizer.variables, again.optimizer.variables, strict=True):
        np.testing.assert_array_equal(a.numpy(), b.numpy())


def test_a_state_without_names_is_taken_by_position(tmp_path):
    path = tmp_path / "a.weights.h5"
    saved, other = pair(steps=2), pair()
    saved.save_weights(path)
    with h5py.File(path, "r+") as file:
        names = list(file["optimizer/vars"].attrs[_weights.STATE_NAMES])
        assert names[:3] == [b"iteration", b"learning_rate", b"a/vars/0/momentum"]
        del file["optimizer/vars"].attrs[_weights.STATE_NAMES]
    other.load_weights(path)
    one, two = state_by_weight(saved), state_by_weight(other)
    for key, value in one.items():
        np.testing.assert_array_equal(value, two[key])


def test_a_rate_that_one_of_two_optimizers_keeps_is_left_out(tmp_path):
    path = tmp_path / "a.weights.h5"
    schedule = keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.5)
    for first, second in ((schedule, 0.25), (0.25, schedule)):
        saved = pair(keras.optimizers.Adam(first), steps=2)
        other = pair(keras.optimizers.Adam(second))
        saved.save_weights(path)
        other.load_weights(path)
        assert int(other.optimizer.iterations) == 2
        one, two = state_by_weight(saved), state_by_weight(other)
        for key, value in one.items():
            np.testing.assert_array_equal(value, two[key])
    assert float(other.optimizer.learning_rate) != 0.25


def test_a_state_for_other_weights_is_not_loaded_and_these_are_named(tmp_path):
    path = tmp_path / "a.weights.h5"

    def frozen(name, steps=0):
        target = Pair()
        target.build((None, 3))
        getattr(target, name).trainable = False
        target.compile("adam", "mse")
        target.optimizer.build(target.trainable_variables)
        for _ in range(steps):
            target.train_on_batch(X, X)
        return target

    both, saved = pair(), frozen("a", steps=1)
    saved.save_weights(path)
    with pytest.warns(UserWarning, match=r"lacks a/vars/0/momentum.*not loaded") as log:
        both.load_weights(path)
    assert log[0].filename == __file__
    assert int(both.optimizer.iterations) == 0
    # As many slots of equal shapes, one layer in common.
    other = pair(extra=True)
    other.c.trainable = False
    other.compile("adam", "mse")
    other.optimizer.build(other.trainable_variables)
    before = pair(extra=True)
    before.a.trainable = False
    before.compile("adam", "mse")
    before.train_on_batch(X, X)
    before.save_weights(path)
    with pytest.warns(UserWarning, match=r"lacks a/vars/.* has beside them c/vars/"):
        other.load_weights(path)
    assert int(other.optimizer.iterations) == 0


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (lambda n: n[:-1], "attribute variable_names lists 9 names"),
        (lambda n: n[:-1] + n[:1], "9 of them different, for 10 variables"),
        (lambda n: np.arange(10), "is no list of names"),
        (lambda n: np.float32(1), "is no list of names"),
        (lambda n: np.zeros((10, 10), "S4"), "is no list of names"),
        (lambda n: [x.decode() for x in n], "is no list of names"),
        (lambda n: h5py.Empty("S4"), "variable_names"),
    ],
)
def test_hostile_names_of_a_state_are_refused(tmp_path, names, message):
    path = tmp_path / "a.weights.h5"
    saved = pair(steps=1)
    saved.save_weights(path)
    with h5py.File(path, "r+") as file:
        attributes = file["optimizer/vars"].attrs
        attributes[_weights.STATE_NAMES] = names(list(attributes[_weights.STATE_NAMES]))
    with pytest.raises(FileFormatError, match=message):
        pair().load_weights(path)


def test_names_of_many_slots_are_cut_into_several_attributes(tmp_path, monkeypatch):
    monkeypatch.setattr(_h5, "MAX_ATTRIBUTE_BYTES", 100)
    path = tmp_path / "a.weights.h5"
    saved, other = pair(steps=1), pair(order="ba")
    saved.save_weights(path)
    other.load_weights(path)
    one, two = state_by_weight(saved), state_by_weight(other)
    for key, value in one.items():
        np.testing.assert_array_equal(value, two[key])
    with h5py.File(path) as file:
        assert _weights.STATE_NAMES + "1" in file["optimizer/vars"].attrs
