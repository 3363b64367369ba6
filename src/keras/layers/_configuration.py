"""A layer as plain data: its constructor's arguments, variables in files."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from keras.core import policies
from keras.core.serialization import serialize_keras_object
from keras.layers._options import (
    deserialized_option,
    option_names,
    serialized_option,
)
from keras.layers._state import State
from keras.typing import Config


class Configuration(State):
    """How a layer is written to files and made from them; a base of `Layer`."""

    activity_regularizer: Callable[[Any], Any] | None
    dtype_policy: policies.DTypePolicy
    _init_args: tuple[tuple[Any, ...], dict[str, Any]]
    _omit_none: frozenset[str] = frozenset({"activity_regularizer"})
    """Options that the config leaves out where they are `None`."""
    _unsaved: frozenset[str] = frozenset()
    """Arguments of the constructor that are no options: the config leaves them out."""

    def get_config(self) -> Config:
        """The constructor's arguments, with nested objects as plain data."""
        self._check_configurable()
        config: Config = {
            "name": self.name,
            "trainable": self.trainable,
            "dtype": serialize_keras_object(self.dtype_policy),
        }
        if (
            self.activity_regularizer is not None
            or "activity_regularizer" not in self._omit_none
        ):
            config["activity_regularizer"] = serialize_keras_object(
                self.activity_regularizer
            )
        kind: type = type(self)
        for name in option_names(kind):
            if name in self._unsaved:
                continue
            value = self._option(name)
            if value is None and name in self._omit_none:
                continue
            config[name] = serialized_option(value)
        return config

    def _option(self, name: str) -> Any:
        """The value of a constructor's argument: our layers keep it by its name."""
        if type(self).__module__.startswith("keras."):
            return getattr(self, name)
        args, kwargs = self._init_args
        signature = inspect.signature(type(self).__init__)
        bound = signature.bind(self, *args, **kwargs)
        bound.apply_defaults()
        return bound.arguments[name]

    def _check_configurable(self) -> None:
        """Refuse to make a config up where the constructor's form forbids it."""
        kinds = inspect.signature(type(self).__init__).parameters.values()
        takes_args = any(p.kind is inspect.Parameter.VAR_POSITIONAL for p in kinds)
        if takes_args and not type(self).__module__.startswith("keras."):
            raise NotImplementedError(
                f"{type(self).__name__}.get_config(): the constructor takes *args, "
                "so no config can be made from it. Define get_config."
            )

    @classmethod
    def from_config(cls, config: Config) -> Any:
        """A layer of this class from what `get_config` returned."""
        return cls(**{k: deserialized_option(v) for k, v in config.items()})

    def save_own_variables(self, store: Any) -> None:
        """Put the values of this very layer's variables into `store`, by number."""
        for i, variable in enumerate(self._own_variables()):
            store[str(i)] = variable

    def load_own_variables(self, store: Any) -> None:
        """Take the values of this very layer's variables from `store`.

        Raises:
            ValueError: if there are more or fewer of them, or of other shapes.
        """
        own = self._own_variables()
        if len(store.keys()) != len(own):
            raise ValueError(
                f"Layer {self.path!r}: the file holds {len(store.keys())} variables "
                f"for it; expected {len(own)}. "
                + (
                    "Build the layer first."
                    if not self.built
                    else "Load into a layer made with the same options."
                )
            )
        for i, variable in enumerate(own):
            variable.assign(store[str(i)])
