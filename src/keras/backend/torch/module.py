"""Layers as torch modules: the one place where `torch.nn.Module` becomes their base.

A layer has the methods of a module (`parameters`, `state_dict`, `to`, hooks, ...), and
a module of a user's own may hold layers. What a module keeps in dicts (`_parameters`,
`_buffers`, `_modules`) is derived here from the variables and layers that a layer
holds, so that there is nothing to keep in step.
"""

from collections import OrderedDict
from typing import Any

import torch

from keras.typing import Native


class _OnDemand:
    """A dict of hooks that is made when somebody first asks for it."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, layer: Any, owner: type) -> Any:
        if layer is None:
            return self
        made: OrderedDict[Any, Any] = OrderedDict()
        layer.__dict__[self._name] = made
        layer.forget_plans()  # the plan of a model skips hooks that are not there
        return made


class _Views(dict[str, Any]):
    """Tensors by name; a tensor that is put in becomes the variable's value."""

    def __init__(self, variables: dict[str, Any]) -> None:
        super().__init__({k: v.value for k, v in variables.items()})
        self._variables = variables

    def __setitem__(self, key: str, value: Native) -> None:
        super().__setitem__(key, value)
        self._variables[key].replace_value(value)


def _named(items: list[Any]) -> dict[str, Any]:
    """`items` by their names, counted up where one occurs again."""
    found: dict[str, Any] = {}
    for item in items:
        name, count = item.name.replace(".", "_"), 1
        while name in found:
            name, count = f"{item.name}_{count}", count + 1
        found[name] = item
    return found


class ModuleView(torch.nn.Module):
    """What a layer inherits beside its own base once torch is loaded."""

    training = True
    _non_persistent_buffers_set: Any = frozenset()
    _is_full_backward_hook = None
    _backward_pre_hooks = _OnDemand()
    _backward_hooks = _OnDemand()
    _forward_hooks = _OnDemand()
    _forward_hooks_with_kwargs = _OnDemand()
    _forward_hooks_always_called = _OnDemand()
    _forward_pre_hooks = _OnDemand()
    _forward_pre_hooks_with_kwargs = _OnDemand()
    _state_dict_hooks = _OnDemand()
    _state_dict_pre_hooks = _OnDemand()
    _load_state_dict_pre_hooks = _OnDemand()
    _load_state_dict_post_hooks = _OnDemand()

    def _own(self, trainable: bool) -> dict[str, Any]:
        own = self._own_variables()
        return _named([v for v in own if isinstance_parameter(v.value) == trainable])

    @property
    def _parameters(self) -> Any:
        return _Views(self._own(True))

    @property
    def _buffers(self) -> Any:
        return _Views(self._own(False))

    @property
    def _modules(self) -> Any:
        return _named(self._sublayers())

    @property
    def torch_params(self) -> dict[str, torch.nn.Parameter]:
        """The parameters of this layer and those in it, by path."""
        return dict(self.named_parameters())

    def __getattr__(self, name: str) -> Any:
        missing = getattr(type(self), name, None)
        if isinstance(missing, property):
            return missing.__get__(self)  # it raises again, in its own words
        return super().__getattr__(name)

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """What `torch.nn.Module` calls between its hooks."""
        return self._call_without_hooks(*args, **kwargs)

    def call_with_hooks(self, *args: Any, **kwargs: Any) -> Any:
        """`forward` with the hooks around it."""
        return torch.nn.Module.__call__(self, *args, **kwargs)


def isinstance_parameter(value: Native) -> bool:
    """Whether a variable's value is one that torch trains."""
    return isinstance(value, torch.nn.Parameter)


def adopt_layer(layer_class: type) -> None:
    """Make `torch.nn.Module` a base of all layers, those that exist included."""
    if ModuleView not in layer_class.__bases__:
        layer_class.__bases__ = (*layer_class.__bases__, ModuleView)
