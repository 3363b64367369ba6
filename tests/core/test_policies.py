import numpy as np
import pytest

import keras
from keras import layers, ops
from keras.backend import current
from keras.errors import UnknownNameError

# name, compute dtype, dtype of the weights
POLICIES = [
    ("float32", "float32", "float32"),
    ("mixed_float16", "float16", "float32"),
    ("mixed_bfloat16", "bfloat16", "float32"),
    ("float16", "float16", "float16"),
    ("bfloat16", "bfloat16", "bfloat16"),
    ("float64", "float64", "float64"),
]
X = np.linspace(-1, 1, 6, dtype="float32").reshape(2, 3)


@pytest.mark.parametrize("name, compute, variable", POLICIES)
def test_a_layer_keeps_and_computes_in_the_dtypes_of_its_policy(
    backend, name, compute, variable
):
    layer = layers.Dense(2, dtype=name)
    result = layer(X)
    assert current.engine.dtype(result) == compute == layer.compute_dtype
    assert {v.dtype for v in layer.weights} == {variable} == {layer.variable_dtype}
    assert layer.dtype_policy.name == name
    assert layer(keras.Input((3,))).dtype == compute
    kernel = layer.kernel.numpy().astype("float64")
    np.testing.assert_allclose(
        np.asarray(ops.convert_to_numpy(ops.cast(result, "float32"))),
        X @ kernel,
        atol=2e-2 if "16" in name else 1e-6,
    )


@pytest.mark.parametrize("name, compute, variable", POLICIES)
def test_a_policy_by_itself(name, compute, variable):
    policy = keras.DTypePolicy(name)
    assert (policy.name, policy.compute_dtype, policy.variable_dtype) == (
        name,
        compute,
        variable,
    )
    assert policy == keras.DTypePolicy.from_config(policy.get_config())
    assert policy == keras.dtype_policies.get(name)
    assert len({policy, keras.DTypePolicy(name)}) == 1
    again = keras.dtype_policies.deserialize(keras.dtype_policies.serialize(policy))
    assert again == policy
    assert policy.quantization_mode is None
    assert name in repr(policy)


def test_the_global_policy_holds_for_layers_made_after_it():
    before = layers.Dense(1)
    keras.config.set_dtype_policy("mixed_bfloat16")
    assert keras.config.dtype_policy().name == "mixed_bfloat16"
    assert layers.Dense(1).compute_dtype == "bfloat16"
    assert before.compute_dtype == "float32"
    keras.config.set_dtype_policy(keras.DTypePolicy("float64"))
    assert layers.Dense(1).compute_dtype == "float64"


def test_integers_are_not_cast(backend):
    layer = layers.Embedding(4, 2, dtype="mixed_bfloat16")
    assert current.engine.dtype(layer(np.array([[1, 2]]))) == "bfloat16"

    class Same(keras.Layer):
        def call(self, x):
            return x

    assert current.engine.dtype(Same(dtype="float16")(np.array([1]))) == "int64"
    assert current.engine.dtype(Same(dtype="float16")(X)) == "float16"
    assert current.engine.dtype(Same(dtype="float16", autocast=False)(X)) == "float32"


def test_nested_layers_compute_in_their_own_dtype(backend):
    class Outer(keras.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.exact = layers.Dense(2, dtype="float32")
            self.seen = []

        def call(self, x):
            result = self.exact(x)
            self.seen += [current.engine.dtype(x), current.engine.dtype(result)]
            return result

    outer = Outer(dtype="mixed_bfloat16")
    outer(X)
    assert outer.seen == ["bfloat16", "float32"]
    assert outer.exact.kernel.dtype == "float32"


def test_unknown_policies_are_refused_with_the_nearest():
    with pytest.raises(UnknownNameError, match=r"'mixed_bfloat15'.*'mixed_bfloat16'"):
        keras.DTypePolicy("mixed_bfloat15")
    with pytest.raises(TypeError, match="expected a str"):
        keras.DTypePolicy(16)
    with pytest.raises((ValueError, TypeError), match="float31"):
        layers.Dense(1, dtype="float31")


def test_a_map_gives_policies_by_path():
    table = keras.dtype_policies.DTypePolicyMap("float32", {"net/.*": "mixed_float16"})
    table["net/last"] = "float64"
    assert table["net/first"].name == "mixed_float16"
    assert table["net/last"].name == "float64"
    assert table["other"].name == "float32"
    assert (len(table), list(table)) == (2, ["net/.*", "net/last"])
    with pytest.raises(ValueError, match="has a policy already"):
        table["net/last"] = "float32"
    del table["net/last"]
    assert table["net/last"].name == "mixed_float16"
    again = type(table).from_config(table.get_config())
    assert again["net/a"].name == "mixed_float16"


@pytest.mark.parametrize("name", ["mixed_bfloat16", "mixed_float16", "bfloat16"])
def test_half_precision_trains(trainable_backend, name):
    x = np.random.default_rng(0).normal(size=(64, 4)).astype("float32")
    y = (x.sum(1, keepdims=True) > 0).astype("float32")
    keras.config.set_dtype_policy(name)
    model = keras.Sequential(
        [
            keras.Input((4,)),
            layers.Dense(8, activation="relu"),
            layers.BatchNormalization(),
            layers.Dense(1, activation="sigmoid", dtype="float32"),
        ]
    )
    model.compile(keras.optimizers.Adam(0.02), "binary_crossentropy")
    history = model.fit(x, y, epochs=8, batch_size=16, verbose=0).history["loss"]
    assert history[-1] < 0.8 * history[0]
    scaled = isinstance(model.optimizer, keras.optimizers.LossScaleOptimizer)
    assert scaled == (name == "mixed_float16")
    assert model.predict(x, verbose=0).dtype == np.float32
