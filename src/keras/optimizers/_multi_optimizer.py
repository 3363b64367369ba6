"""`MultiOptimizer`: several optimizers, each for its own variables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from typing import Any, Self

from keras.core.serialization import deserialize_keras_object, serialize_keras_object
from keras.core.variable import Variable
from keras.errors import shorten
from keras.optimizers._optimizer import Optimizer
from keras.typing import Config


class OptimizerMap(MutableMapping[str, Optimizer]):
    """Which optimizer is for which variable, by path.

    A path is looked up as it stands, then as a full match of each key as a regular
    expression; the default is for all that no key matches.

    Args:
        default_optimizer: an optimizer.
        optimizer_map: paths or regular expressions, and optimizers.

    Raises:
        TypeError: for what is no optimizer.

    Example:
        >>> choice = keras.optimizers.OptimizerMap(keras.optimizers.SGD(0.1))
        >>> choice["encoder/.*"] = keras.optimizers.Adam(1e-4)
    """

    def __init__(
        self,
        default_optimizer: Optimizer,
        optimizer_map: Mapping[str, Optimizer] | None = None,
    ) -> None:
        self._default = _checked("default_optimizer", default_optimizer)
        self._map: dict[str, Optimizer] = {}
        for key, optimizer in (optimizer_map or {}).items():
            self[key] = optimizer

    @property
    def default_optimizer(self) -> Optimizer:
        """The optimizer for all that no key matches."""
        return self._default

    def __call__(self, variable: Variable) -> Optimizer:
        """The optimizer for a variable."""
        return self[variable.path]

    def __getitem__(self, key: str) -> Optimizer:
        """The optimizer for a path.

        Raises:
            ValueError: if several keys match it.
        """
        if key in self._map:
            return self._map[key]
        found = [k for k in self._map if re.fullmatch(k, key)]
        if len(found) > 1:
            raise ValueError(
                f"OptimizerMap: the path {key!r} matches {len(found)} keys, "
                f"{shorten(', '.join(map(repr, found)))}; expected at most one. Make "
                "the keys exclude each other."
            )
        return self._map[found[0]] if found else self._default

    def __setitem__(self, key: str, optimizer: Optimizer) -> None:
        if key in self._map:
            raise ValueError(
                f"OptimizerMap: the key {key!r} is there already. Delete it first, or "
                "use another key."
            )
        self._map[key] = _checked(f"optimizer_map[{key!r}]", optimizer)

    def __delitem__(self, key: str) -> None:
        del self._map[key]

    def __contains__(self, key: object) -> bool:
        return key in self._map

    def __iter__(self) -> Iterator[str]:
        return iter(self._map)

    def __len__(self) -> int:
        return len(self._map)

    @property
    def optimizers(self) -> list[Optimizer]:
        """All of them once, the default last."""
        every = [o for o in self._map.values() if o is not self._default]
        return [*{id(o): o for o in every}.values(), self._default]

    def get_config(self) -> Config:
        """The constructor's arguments."""
        return {
            "default_optimizer": serialize_keras_object(self._default),
            "optimizer_map": serialize_keras_object(self._map),
        }

    @classmethod
    def from_config(
        cls, config: Config, custom_objects: Mapping[str, Any] | None = None
    ) -> Self:
        """A map made from what `get_config` returned."""
        arguments = deserialize_keras_object(dict(config), custom_objects)
        return cls(**arguments)


def _checked(what: str, optimizer: Any) -> Optimizer:
    if not isinstance(optimizer, Optimizer):
        raise TypeError(
            f"OptimizerMap({what}): got {shorten(repr(optimizer))}; expected an "
            "optimizer. Pass for example keras.optimizers.Adam()."
        )
    return optimizer


class MultiOptimizer(Optimizer):
    """Several optimizers, each for its own variables.

    Args:
        optimizer_map: an `OptimizerMap`, or a function of a variable that gives its
            optimizer.
        loss_scale_factor: float that `scale_loss` multiplies by.
        name: default: "multi_optimizer", counted up.

    Raises:
        TypeError: if `optimizer_map` is neither.

    Example:
        >>> choice = keras.optimizers.OptimizerMap(
        ...     keras.optimizers.SGD(0.1), {"encoder/.*": keras.optimizers.Adam(1e-4)})
        >>> optimizer = keras.optimizers.MultiOptimizer(choice)
    """

    def __init__(
        self,
        optimizer_map: OptimizerMap | Callable[[Variable], Optimizer],
        loss_scale_factor: float | None = None,
        name: str | None = None,
    ) -> None:
        if not callable(optimizer_map):
            raise TypeError(
                "MultiOptimizer(optimizer_map=...): got "
                f"{shorten(repr(optimizer_map))}; expected an OptimizerMap or a "
                "function of a variable. Pass OptimizerMap(default, {path: optimizer})."
            )
        self.optimizer_map = optimizer_map
        self._parts: dict[int, tuple[Optimizer, list[Variable]]] = {}
        super().__init__(0.0, loss_scale_factor=loss_scale_factor, name=name)

    @property
    def optimizers(self) -> list[Optimizer]:
        """The optimizers; where a function chooses, those it has chosen."""
        if isinstance(self.optimizer_map, OptimizerMap):
            return self.optimizer_map.optimizers
        return [optimizer for optimizer, _ in self._parts.values()]

    def build(self, variables: Sequence[Variable]) -> None:
        """Choose an optimizer for each variable, and build them."""
        if self.built:
            return
        super().build(variables)
        self._chosen: list[Optimizer] = []
        for variable in variables:
            optimizer = self.optimizer_map(variable)
            self._chosen.append(optimizer)
            entry = self._parts.setdefault(id(optimizer), (optimizer, []))
            entry[1].append(variable)
        for optimizer in self.optimizers:
            optimizer.build(self._parts.get(id(optimizer), (optimizer, []))[1])
            self._weight_of |= optimizer._weight_of

    @property
    def variables(self) -> list[Variable]:
        """Its own state, then that of each optimizer."""
        return [
            *super().variables,
            *(v for optimizer in self.optimizers for v in optimizer.variables),
        ]

    @property
    def learning_rate(self) -> Any:
        """None: each optimizer has one of its own.

        Raises:
            AttributeError: always.
        """
        raise AttributeError(
            "MultiOptimizer.learning_rate: each optimizer has one of its own. Use "
            "[o.learning_rate for o in optimizer.optimizers]."
        )

    @learning_rate.setter
    def learning_rate(self, value: Any) -> None:
        if self._learning_rate is not None:
            raise AttributeError(
                "MultiOptimizer.learning_rate: each optimizer has one of its own. Set "
                "it for each of optimizer.optimizers."
            )
        # Files have one of the wrapper's own, which nothing reads.
        self._learning_rate = self._counter("learning_rate", "float32")

    def _apply(self, grads: list[Any], variables: Sequence[Variable]) -> None:
        if self.loss_scale_factor:
            grads = [g / self.loss_scale_factor for g in grads]
        shares: dict[int, tuple[list[Any], list[Variable]]] = {}
        for g, v in zip(grads, variables, strict=True):
            chosen = self._chosen[self._get_variable_index(v)]
            share = shares.setdefault(id(chosen), ([], []))
            share[0].append(g)
            share[1].append(v)
        for optimizer in self.optimizers:
            if id(optimizer) in shares:
                optimizer._apply(*shares[id(optimizer)])
        self._iterations.assign_add(1)

    def finalize_variable_values(self, var_list: Sequence[Variable]) -> None:
        """As each optimizer does for its variables."""
        for optimizer in self.optimizers:
            mine = self._parts.get(id(optimizer), (optimizer, []))[1]
            ids = {id(v) for v in mine}
            optimizer.finalize_variable_values([v for v in var_list if id(v) in ids])

    def get_config(self) -> Config:
        """The constructor's arguments."""
        return {
            "optimizer_map": serialize_keras_object(self.optimizer_map),
            "loss_scale_factor": self.loss_scale_factor,
            "name": self.name,
        }

    @classmethod
    def from_config(
        cls, config: Config, custom_objects: Mapping[str, Any] | None = None
    ) -> Self:
        """An optimizer made from what `get_config` returned."""
        chosen = deserialize_keras_object(config["optimizer_map"], custom_objects)
        return cls(**{**config, "optimizer_map": chosen})
