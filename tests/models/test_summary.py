"""The table of a model."""

import pytest

import keras
from keras import layers, ops
from keras.errors import UnknownNameError
from keras.models._summary import readable_size


def text_of(model, **kwargs):
    lines = []
    model.summary(print_fn=lines.append, **kwargs)
    assert len(lines) == 1
    return lines[0]


def chain():
    return keras.Sequential(
        [keras.Input((4,)), layers.Dense(3, name="a"), layers.Dense(2, name="b")],
        name="chain",
    )


def branched():
    x = keras.Input((4,), name="x")
    shared = layers.Dense(3, name="shared")
    inner = keras.Sequential([layers.Dense(3, name="deep")], name="inner")
    y = inner(shared(x))
    return keras.Model(x, [y, ops.relu(y + shared(x))], name="branched")


def test_layers_shapes_and_numbers_are_shown():
    text = text_of(chain())
    assert text.startswith('Model: "chain"\n')
    row = next(line for line in text.splitlines() if "a (Dense)" in line)
    assert "(None, 3)" in row
    assert "15" in row
    assert "Connected to" not in text
    assert " Total params: 23 (92.00 B)\n" in text
    assert " Trainable params: 23 (92.00 B)\n" in text
    assert " Non-trainable params: 0 (0.00 B)\n" in text
    assert "\x1b" not in text


def test_connections_are_shown_where_the_graph_is_no_chain():
    text = text_of(branched(), line_length=120)
    row = next(line for line in text.splitlines() if "inner (Sequential)" in line)
    assert "shared[0][0]" in row
    assert "relu (Relu)" in text
    assert "deep" not in text


def test_nested_models_are_expanded():
    text = text_of(branched(), line_length=120, expand_nested=True)
    row = next(line for line in text.splitlines() if "deep (Dense)" in line)
    assert "└" in row
    assert "12" in row


def test_frozen_layers_are_shown():
    model = chain()
    model.get_layer("a").trainable = False
    text = text_of(model, show_trainable=True, line_length=100)
    row = next(line for line in text.splitlines() if "a (Dense)" in line)
    assert " N " in row
    assert " Non-trainable params: 15 (60.00 B)\n" in text


def test_a_model_that_is_not_built_has_no_numbers():
    text = text_of(keras.Sequential([layers.Dense(3)], name="m"))
    assert "?" in text
    assert "0 (unbuilt)" in text


def test_a_range_of_layers_is_shown():
    text = text_of(chain(), layer_range=["b", "b"])
    assert "b (Dense)" in text
    assert "a (Dense)" not in text
    with pytest.raises(UnknownNameError, match="layer_range"):
        text_of(chain(), layer_range=["a", "nothing"])
    with pytest.raises(ValueError, match="expected two"):
        text_of(chain(), layer_range=["a"])


def test_the_width_is_kept():
    text = text_of(branched(), line_length=70, positions=[0.4, 0.6, 0.7, 1.0])
    assert max(map(len, text.splitlines())) <= 70


def test_it_prints_where_nothing_else_is_said(capsys):
    chain().summary()
    assert "a (Dense)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("size", "shown"),
    [(0, "0.00 B"), (1536, "1.50 KB"), (3 * 2**20, "3.00 MB"), (2**40, "1.00 TB")],
)
def test_sizes_have_units(size, shown):
    assert readable_size(size) == shown
