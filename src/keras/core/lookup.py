"""One way to turn strings and configs into objects, and objects into configs.

`keras.initializers.get`, `keras.optimizers.get` and their siblings are an instance of
`Lookup` each; `constructor_config` derives what `get_config` returns.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from keras.core import registry
from keras.core.naming import to_snake_case
from keras.core.serialization import deserialize_keras_object, serialize_keras_object
from keras.errors import shorten, unknown_name
from keras.typing import Config


def constructor_config(obj: Any) -> Config:
    """The constructor's arguments of an object that stores each under its own name.

    For a subclass by a user, those of the class of ours it derives from.
    """
    ours = (c for c in type(obj).__mro__ if c.__module__.split(".")[0] == "keras")
    rest = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    parameters = inspect.signature(next(ours)).parameters.values()
    return {p.name: getattr(obj, p.name) for p in parameters if p.kind not in rest}


def revive(config: Mapping[str, Any]) -> Config:
    """Constructor arguments whose serialized objects are objects again."""
    return {
        k: deserialize_keras_object(v) if isinstance(v, dict | list) else v
        for k, v in config.items()
    }


@cache
def _required(cls: type) -> list[str]:
    """The arguments of a constructor that have no default."""
    return [
        p.name
        for p in inspect.signature(cls).parameters.values()
        if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD
    ]


class Lookup:
    """The objects of one kind, by name.

    Args:
        what: the kind in a word, for errors: "initializer".
        module: the public module: "keras.initializers".
        known: the classes (or functions), found by their own name and its snake case.
        aliases: further names.
        renamed: names of earlier versions, called to warn and to tell the new one.
    """

    def __init__(
        self,
        what: str,
        module: str,
        known: Iterable[Any],
        aliases: Mapping[str, Any] | None = None,
        renamed: Callable[[str], str] | None = None,
    ) -> None:
        self.what = what
        self.module = module
        self.names: dict[str, Any] = {}
        for obj in known:
            self.names[obj.__name__] = obj
            self.names[to_snake_case(obj.__name__)] = obj
        self.names |= aliases or {}
        self._renamed = renamed

    def find(self, name: str, custom_objects: Mapping[str, Any] | None = None) -> Any:
        """The class or function that `name` stands for.

        Raises:
            UnknownNameError: if there is none; the message shows the nearest names.
        """
        custom = registry.get_registered_object(name, custom_objects)
        if custom is not None:
            return custom
        if name not in self.names and self._renamed is not None:
            name = self._renamed(name)
        if name not in self.names:
            raise unknown_name(self.what, name, self.names)
        return self.names[name]

    def get(self, identifier: Any) -> Any:
        """An object from its name, its config, its class, or itself.

        Raises:
            UnknownNameError: for a name that stands for nothing.
            TypeError: for what is none of these.
        """
        if identifier is None:
            return None
        if isinstance(identifier, str):
            identifier = self.find(identifier)
        elif isinstance(identifier, dict):
            return self.deserialize(identifier)
        if inspect.isclass(identifier):
            return self.make(identifier)
        if callable(identifier) or hasattr(identifier, "get_config"):
            return identifier
        raise TypeError(
            f"{self.module}.get: got {shorten(repr(identifier))} "
            f"({type(identifier).__name__}); expected a name, a config, a class or an "
            f"instance. Pass for example {next(iter(self.names))!r}."
        )

    def make(self, cls: type) -> Any:
        """An instance with every argument at its default."""
        required = _required(cls)
        if required:
            raise ValueError(
                f"{self.module}.get: got {cls.__name__!r}, which has no default for "
                f"{', '.join(required)}. Pass {cls.__name__}({required[0]}=...)."
            )
        return cls()

    def serialize(self, obj: Any) -> Any:
        """`obj` as plain data."""
        return serialize_keras_object(obj)

    def deserialize(
        self, config: Any, custom_objects: Mapping[str, Any] | None = None
    ) -> Any:
        """The object that `serialize` described, whatever version wrote it."""
        if isinstance(config, str):
            with registry.CustomObjectScope(custom_objects):
                return self.get(config)
        if isinstance(config, dict) and not config.get("module"):
            name = config.get("class_name")
            custom = registry.get_registered_object(str(name), custom_objects)
            if custom is None and name in self.names:
                name = self.names[name].__name__
                config = {"config": {}, **config}
                config |= {"module": self.module, "class_name": name}
        return deserialize_keras_object(config, custom_objects)
