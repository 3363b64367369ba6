"""What a layer holds: its weights, its sublayers, and what is derived from them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from keras.core.operation import Operation
from keras.core.seeds import SeedGenerator
from keras.core.variable import Variable
from keras.errors import ShapeError
from keras.layers import _tracking
from keras.typing import Tensor

# Attributes that hold layers or variables of others, or those listed elsewhere.
_HIDDEN = frozenset(
    "_inbound_nodes _cache _losses _init_args _loss_owners _outputs _build_shapes "
    "_runners _compile_arguments _functional history".split()
)


class State(Operation):
    """The variables and layers in an object's attributes; the base of `Layer`."""

    _is_tracked = True
    built: bool
    _trainable: bool
    _losses: list[Tensor]
    _path: str | None

    def __setattr__(self, name: str, value: Any) -> None:
        if hasattr(value, "named_parameters") and not hasattr(value, "_is_tracked"):
            value = self._wrapped_module(value)
        if name not in _HIDDEN and (
            (hasattr(value, "_is_tracked") and not isinstance(value, type))
            or isinstance(value, Variable | SeedGenerator | list | tuple | dict)
        ):
            if "_variables" not in self.__dict__ and not isinstance(
                value, list | tuple | dict
            ):
                raise RuntimeError(
                    f"{type(self).__name__}: attribute {name!r} was set before "
                    "super().__init__() was called. Call it first in __init__."
                )
            _tracking.touch()
        object.__setattr__(self, name, value)

    def _wrapped_module(self, value: Any) -> Any:
        """A torch module as a layer, so that its parameters are weights."""
        from keras.layers._torch_module import TorchModuleWrapper  # it derives from us

        return (
            value if isinstance(self, TorchModuleWrapper) else TorchModuleWrapper(value)
        )

    def __delattr__(self, name: str) -> None:
        _tracking.touch()
        object.__delattr__(self, name)

    def _held(self) -> Iterator[Any]:
        return _tracking.held(self, _HIDDEN)

    def _sublayers(self) -> list[State]:
        """The layers in this layer's attributes."""
        return _tracking.cached(
            self,
            "layers",
            lambda: _tracking.unique(x for x in self._held() if isinstance(x, State)),
        )

    def _flatten_layers(self) -> list[State]:
        """This layer and all below it."""

        def walk(layer: State, seen: dict[int, State]) -> None:
            if id(layer) not in seen:
                seen[id(layer)] = layer
                for child in layer._sublayers():
                    walk(child, seen)

        def make() -> list[State]:
            seen: dict[int, State] = {}
            walk(self, seen)
            return list(seen.values())

        return _tracking.cached(self, "all_layers", make)

    def _own_variables(self) -> list[Variable]:
        """Weights of this very layer: those made trainable first, then the others."""

        def make() -> list[Variable]:
            found = _tracking.unique(x for x in self._held() if isinstance(x, Variable))
            return sorted(found, key=lambda v: not v.made_trainable)

        return _tracking.cached(self, "own", make)

    @property
    def weights(self) -> list[Variable]:
        """All weights: of this layer (trainable first), then of the layers in it."""
        return list(
            _tracking.cached(
                self,
                "weights",
                lambda: _tracking.unique(
                    v
                    for layer in self._flatten_layers()
                    for v in layer._own_variables()
                ),
            )
        )

    @property
    def variables(self) -> list[Variable]:
        """The weights and the states of random generators."""

        def make() -> list[Variable]:
            seeds = [
                x.state
                for layer in self._flatten_layers()
                for x in layer._held()
                if isinstance(x, SeedGenerator)
            ]
            return _tracking.unique([*self.weights, *seeds])

        return list(_tracking.cached(self, "variables", make))

    @property
    def trainable_variables(self) -> list[Variable]:
        """The variables that training changes."""

        def walk(layer: State) -> Iterator[Variable]:
            if layer.trainable:
                yield from (v for v in layer._own_variables() if v.trainable)
                for child in layer._sublayers():
                    yield from walk(child)

        make = lambda: _tracking.unique(walk(self))  # noqa: E731
        return list(_tracking.cached(self, "trainable", make))

    @property
    def trainable_weights(self) -> list[Variable]:
        """The weights that training changes."""
        return self.trainable_variables

    @property
    def non_trainable_variables(self) -> list[Variable]:
        """The variables that training leaves alone."""
        trained = {id(v) for v in self.trainable_variables}
        return [v for v in self.variables if id(v) not in trained]

    @property
    def non_trainable_weights(self) -> list[Variable]:
        """The weights that training leaves alone."""
        trained = {id(v) for v in self.trainable_variables}
        return [v for v in self.weights if id(v) not in trained]

    @property
    def metrics(self) -> list[Any]:
        """The metrics in the attributes of this layer and those below it."""
        return _tracking.unique(
            x
            for layer in self._flatten_layers()
            for x in layer._held()
            if hasattr(x, "update_state") and not isinstance(x, State)
        )

    @property
    def metrics_variables(self) -> list[Variable]:
        """The variables of `metrics`."""
        return [v for m in self.metrics for v in m.variables]

    @property
    def trainable(self) -> bool:
        """Whether training changes the weights."""
        return self._trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        for layer in self._flatten_layers():
            layer._trainable = bool(value)
            for variable in layer._own_variables():
                if variable.made_trainable:
                    variable.trainable = bool(value)
        _tracking.touch()

    @property
    def path(self) -> str:
        """The names of the layers around this one and its own, joined by slashes."""
        return self._path or self.name

    def count_params(self) -> int:
        """The number of scalars in all weights.

        Raises:
            ValueError: if the layer is not built.
        """
        if not self.built and self._flatten_layers() == [self]:
            raise ValueError(
                f"{self.name}.count_params(): the layer has no weights yet. Build it "
                "first: call it on data, or build(input_shape)."
            )
        return sum(int(np.prod(v.shape)) for v in self.weights)

    def get_weights(self) -> list[np.ndarray[Any, Any]]:
        """The values of all weights as NumPy arrays."""
        return [v.numpy() for v in self.weights]

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Set the values of all weights, in the order of `get_weights`.

        Raises:
            ValueError: if the number or a shape differs; nothing is changed then.
        """
        own = self.weights
        if len(weights) != len(own):
            raise ValueError(
                f"{self.name}.set_weights: got {len(weights)} arrays; expected "
                f"{len(own)}. Pass what get_weights() of a layer of this form returned."
            )
        for i, (variable, value) in enumerate(zip(own, weights, strict=True)):
            if tuple(np.shape(value)) != variable.shape:
                raise ShapeError(
                    f"{self.name}.set_weights: array {i} for {variable.path!r} has "
                    f"shape {tuple(np.shape(value))}; expected {variable.shape}. Pass "
                    "weights of a layer of this form."
                )
        for variable, value in zip(own, weights, strict=True):
            variable.assign(value)
