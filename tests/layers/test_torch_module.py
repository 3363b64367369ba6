import numpy as np
import pytest

import keras
from keras import layers
from keras.errors import UnsafeFileError

torch = pytest.importorskip("torch")


pytestmark = pytest.mark.usefixtures("on_torch")


def test_torch_module_gives_its_own_numbers_and_gradients():
    module = torch.nn.Linear(3, 2)
    layer = layers.TorchModuleWrapper(module)
    x = torch.randn(4, 3)
    torch.testing.assert_close(layer(x), module(x))
    layer(x).sum().backward()
    assert [v.shape for v in layer.trainable_weights] == [(2, 3), (2,)]
    assert torch.any(layer.trainable_weights[0].value.grad != 0)


def test_buffers_of_a_torch_module_are_weights_that_move_in_training():
    layer = layers.TorchModuleWrapper(torch.nn.BatchNorm1d(2, momentum=0.5))
    x = torch.tensor([[0.0, 2.0], [4.0, 2.0]])
    layer(x, training=True)
    moving_mean = layer.non_trainable_weights[0].numpy()
    np.testing.assert_allclose(moving_mean, [1.0, 1.0])


def test_pickled_torch_module_is_refused_in_safe_mode():
    config = layers.TorchModuleWrapper(torch.nn.Linear(3, 2)).get_config()
    with pytest.raises(UnsafeFileError, match="safe_mode"):
        layers.TorchModuleWrapper.from_config(config)


def test_other_engines_refuse_a_torch_module():
    layer = layers.TorchModuleWrapper(torch.nn.Linear(3, 2))
    keras.config.set_backend("numpy")
    with pytest.raises(NotImplementedError, match="set_backend"):
        layer(np.ones((1, 3), "float32"))
