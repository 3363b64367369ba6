"""On torch a layer is a `torch.nn.Module`, in every respect that people rely on."""

import copy

import numpy as np
import pytest

import keras
from keras import layers

torch = pytest.importorskip("torch")

X = torch.linspace(-1, 1, 12).reshape(4, 3)


@pytest.fixture(autouse=True)
def _loaded(on_torch):
    keras.ops.ones(())  # loads the engine


def test_layers_models_and_their_parts_are_modules():
    model = keras.Sequential(
        [keras.Input((3,)), layers.Dense(2), layers.BatchNormalization()]
    )
    assert isinstance(model, torch.nn.Module)
    assert isinstance(layers.Dense(1), torch.nn.Module)
    assert [p.shape for p in model.parameters()] == [(3, 2), (2,), (2,), (2,)]
    assert all(isinstance(p, torch.nn.Parameter) for p in model.parameters())
    names = [name for name, _ in model.named_parameters()]
    assert len(set(names)) == 4 and any("kernel" in name for name in names)
    assert sum(p.numel() for p in model.parameters()) == 12


def test_state_dict_holds_everything_and_loads():
    model = keras.Sequential(
        [keras.Input((3,)), layers.Dense(2), layers.BatchNormalization()]
    )
    state = {k: v.clone() for k, v in model.state_dict().items()}
    assert len(state) == 6  # the moving moments too
    before = model.get_weights()
    model.set_weights([w + 1 for w in before])
    model.load_state_dict(state)
    for a, b in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.first = layers.Dense(8, activation="relu")
        self.middle = torch.nn.Linear(8, 8)
        self.last = layers.Dense(1)

    def forward(self, x):
        return self.last(self.middle(self.first(x)))


def test_layers_train_in_a_module_of_torch_by_hand():
    torch.manual_seed(0)
    net = Net()
    net(X)
    assert len(list(net.parameters())) == 6
    y = X.sum(1, keepdim=True)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.05)
    losses = []
    for _ in range(20):
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(net(X), y)
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.2 * losses[0]
    # The variables are what torch has trained.
    np.testing.assert_array_equal(
        net.first.kernel.numpy(), net.first.kernel.value.detach().numpy()
    )


def test_a_keras_model_trains_with_an_optimizer_of_torch():
    model = keras.Sequential([keras.Input((3,)), layers.Dense(1)])
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    before = model.get_weights()[0]
    model(X).sum().backward()
    gradient = model.layers[0].kernel.value.grad.numpy().copy()
    optimizer.step()
    np.testing.assert_allclose(
        model.get_weights()[0], before - 0.1 * gradient, rtol=1e-6
    )
    model.zero_grad()


def test_train_and_eval_reach_modules_inside():
    model = keras.Sequential([keras.Input((3,)), layers.Dropout(0.5)])
    model.eval()
    np.testing.assert_array_equal(model(X).detach(), X)


def test_forward_hooks_run():
    layer = layers.Dense(2)
    seen = []
    handle = layer.register_forward_hook(
        lambda m, args, out: seen.append(tuple(out.shape))
    )
    layer(X)
    model = keras.Sequential([keras.Input((3,)), layer])
    seen.clear()
    model(X)
    assert seen == [(4, 2)]
    handle.remove()
    model(X)
    assert seen == [(4, 2)]


def test_a_forward_hook_added_after_the_model_ran_runs_too():
    layer = layers.Dense(2)
    model = keras.Sequential([keras.Input((3,)), layer])
    model(X)
    seen = []
    layer.register_forward_hook(lambda *_: seen.append(1))
    model(X)
    assert seen == [1]


def test_modules_of_torch_are_layers_in_a_keras_model():
    class Mixed(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(4)
            self.linear = torch.nn.Linear(4, 1)

        def call(self, x):
            return self.linear(self.dense(x))

    model = Mixed()
    model(X)
    assert len(list(model.parameters())) == 4


def test_deep_copies_of_modules_with_layers():
    net = Net()
    net(X)
    other = copy.deepcopy(net)
    np.testing.assert_allclose(other(X).detach(), net(X).detach())
    with torch.no_grad():
        other.first.kernel.value.add_(1.0)
    assert not np.allclose(other(X).detach(), net(X).detach())
    assert len(list(other.parameters())) == 6


def test_moving_to_another_dtype_by_torch_is_seen():
    layer = layers.Dense(2)
    layer(X)
    layer.requires_grad_(False)
    assert not any(p.requires_grad for p in layer.parameters())


def test_layers_without_gradient_recording():
    layer = layers.Dense(2)
    with torch.no_grad():
        assert not layer(X).requires_grad
    assert layer(X).requires_grad


KEEPING = {
    (4, 12, 12, 8): [
        lambda: layers.Conv2D(8, 3, padding="same"),
        lambda: layers.Conv2D(1, 3),
        lambda: layers.DepthwiseConv2D(3, padding="same"),
        lambda: layers.SeparableConv2D(4, 3),
        lambda: layers.Conv2DTranspose(8, 3, strides=2),
        lambda: layers.BatchNormalization(),
        lambda: layers.GroupNormalization(4),
        lambda: layers.LayerNormalization(),
        lambda: layers.MaxPooling2D(2),
        lambda: layers.AveragePooling2D(3, 2, padding="same"),
        lambda: layers.UpSampling2D(2),
        lambda: layers.UpSampling2D(2, interpolation="bilinear"),
        lambda: layers.ZeroPadding2D(1),
        lambda: layers.SpatialDropout2D(0.5),
    ],
    (4, 12, 8): [
        lambda: layers.Conv1D(8, 3, padding="causal"),
        lambda: layers.Conv1DTranspose(8, 3, strides=2),
        lambda: layers.MaxPooling1D(2),
        lambda: layers.AveragePooling1D(2),
        lambda: layers.BatchNormalization(),
        lambda: layers.GroupNormalization(4),
    ],
}


@pytest.mark.parametrize("shape, make", [(s, m) for s in KEEPING for m in KEEPING[s]])
def test_channels_stay_last_in_memory(shape, make):
    x = torch.randn(shape, requires_grad=True)
    y = make()(x, training=True)
    y.backward(torch.ones_like(y))
    assert y.is_contiguous()
    assert x.grad.is_contiguous()
