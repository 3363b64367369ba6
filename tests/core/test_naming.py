"""Names as they stand in files: the examples of the format's description."""

import pytest

import keras
from keras import layers
from keras.core import naming


@pytest.mark.parametrize(
    "name, snake",
    [
        ("BatchNormalization", "batch_normalization"),
        ("Conv2D", "conv2d"),
        ("LSTM", "lstm"),
        ("GRUCell", "gru_cell"),
        ("MultiHeadAttention", "multi_head_attention"),
        ("RMSprop", "rm_sprop"),
        ("AdamW", "adam_w"),
        ("PReLU", "p_re_lu"),
        ("ReLU", "re_lu"),
        ("Conv1DTranspose", "conv1d_transpose"),
        ("RMSNormalization", "rms_normalization"),
        ("SimpleRNN", "simple_rnn"),
        ("ConvLSTM1D", "conv_lstm1d"),
        ("ZeroPadding2D", "zero_padding2d"),
        ("UpSampling1D", "up_sampling1d"),
        ("my_layer", "my_layer"),
        ("F1Score", "f1_score"),
    ],
)
def test_snake_case(name, snake):
    assert naming.to_snake_case(name) == snake


def test_names_are_counted_over_the_process_until_the_session_is_cleared():
    assert [layers.Dense(1).name for _ in range(3)] == ["dense", "dense_1", "dense_2"]
    assert layers.LSTM(1).name == "lstm"
    assert keras.Sequential([layers.Dense(1)]).layers[0].name == "dense_3"
    assert keras.Sequential().name == "sequential_1"
    keras.utils.clear_session()
    assert layers.Dense(1).name == "dense"


def test_given_names_are_not_counted():
    layers.Dense(1, name="dense")
    assert layers.Dense(1).name == "dense"


def test_functional_models_and_inputs():
    x = keras.Input((2,))
    assert x.name == "keras_tensor" or x.name.startswith("input")
    model = keras.Model(x, layers.Dense(1)(x))
    assert model.name == "functional"
    assert model.input_names == ["input_layer"]
    assert [layer.name for layer in model.layers] == ["input_layer", "dense"]
    assert keras.Model(x, layers.Dense(1)(x)).name == "functional_1"


def test_optimizers_and_metrics_are_named_alike():
    assert keras.optimizers.RMSprop().name == "rm_sprop"
    assert keras.optimizers.AdamW().name == "adam_w"
    assert keras.metrics.MeanSquaredError().name == "mean_squared_error"


def paths(layer):
    return [v.path for v in layer.weights]


def test_paths_of_weights(backend):
    dense = layers.Dense(1)
    dense.build((None, 2))
    assert paths(dense) == ["dense/kernel", "dense/bias"]
    both = layers.Bidirectional(layers.LSTM(2))
    both.build((None, 3, 4))
    assert both.forward_layer.name == "forward_lstm"
    assert both.backward_layer.name == "backward_lstm"
    assert paths(both)[0] == "bidirectional/forward_lstm/lstm_cell/kernel"
    assert paths(both)[-1] == "bidirectional/backward_lstm/lstm_cell/bias"


def test_paths_of_layers_built_inside_others(backend):
    class Block(keras.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.inner = layers.Dense(2)

        def build(self, shape):
            self.scale = self.add_weight(shape=(), name="scale")
            self.inner.build(shape)

        def call(self, x):
            return self.inner(x) * self.scale

    block = Block()
    block(keras.ops.ones((1, 2)))
    assert paths(block) == ["block/scale", "block/dense/kernel", "block/dense/bias"]


def test_paths_in_a_sequential_begin_with_its_name(backend):
    model = keras.Sequential([keras.Input((2,)), layers.Dense(1)], name="net")
    assert paths(model) == ["net/dense/kernel", "net/dense/bias"]


def test_optimizer_slots_are_named_by_variable(backend):
    v = keras.Variable([1.0], name="kernel")
    adam = keras.optimizers.Adam()
    adam.build([v])
    assert [s.path for s in adam.variables] == [
        "adam/iteration",
        "adam/learning_rate",
        "adam/kernel_momentum",
        "adam/kernel_velocity",
    ]


def test_get_uid_counts_from_one():
    assert [keras.backend.get_uid("a") for _ in range(2)] == [1, 2]
