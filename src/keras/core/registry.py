"""Which names in files stand for which classes and functions."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import ContextDecorator
from contextvars import ContextVar
from functools import cache
from types import MappingProxyType
from typing import Any, TypeVar

from keras.core import op_names

C = TypeVar("C", bound=Callable[..., Any])

_objects: dict[str, Any] = {}
_names: dict[int, str] = {}
_NOTHING: Mapping[str, Any] = MappingProxyType({})
_scope: ContextVar[Mapping[str, Any]] = ContextVar("custom_objects", default=_NOTHING)

PUBLIC_MODULES = (
    "keras.layers",
    "keras.models",
    "keras.losses",
    "keras.metrics",
    "keras.optimizers",
    "keras.optimizers.schedules",
    "keras.initializers",
    "keras.regularizers",
    "keras.constraints",
    "keras.activations",
    "keras.dtype_policies",
    "keras.random",
    "keras",
)
"""The modules whose classes and functions a file may name."""

# Classes whose first public path is not the folder that they are defined in.
_PUBLIC_PATH = {
    "Sequential": "keras",
    "Functional": "keras.src.models.functional",
    "Model": "keras",
    "Layer": "keras",
    "DTypePolicy": "keras",
    "FloatDTypePolicy": "keras",
    "DTypePolicyMap": "keras.dtype_policies",
    "SeedGenerator": "keras.random",
}


def register_keras_serializable(
    package: str = "Custom", name: str | None = None
) -> Callable[[C], C]:
    """A decorator that lets files name a class or function of yours.

    Args:
        package: the first half of the name in files, `package>name`.
        name: the second half; default: the class name.

    Raises:
        ValueError: for a class without `get_config`.

    Example:
        >>> @keras.saving.register_keras_serializable(package="my_pkg")
        ... class Scale(keras.layers.Layer): ...
    """

    def register(target: C) -> C:
        key = f"{package}>{name or target.__name__}"
        if inspect.isclass(target) and not hasattr(target, "get_config"):
            raise ValueError(
                f"register_keras_serializable: {target.__name__} has no get_config "
                "method. Define one that returns the constructor's arguments."
            )
        _objects[key] = target
        _names[id(target)] = key
        return target

    return register


def get_registered_name(obj: Any) -> str:
    """The name under which files know `obj`: `package>name`, or its own name."""
    return _names.get(id(obj)) or str(obj.__name__)


def get_registered_object(
    name: str,
    custom_objects: Mapping[str, Any] | None = None,
    module_objects: Mapping[str, Any] | None = None,
) -> Any:
    """The class or function that `name` stands for, or `None`."""
    for table in (_scope.get(), custom_objects or {}, _objects, module_objects or {}):
        if name in table:
            return table[name]
    return None


def get_custom_objects() -> dict[str, Any]:
    """The table of all registered objects, which may be changed."""
    return _objects


class CustomObjectScope(ContextDecorator):
    """Inside it, files may name the given classes and functions.

    Args:
        custom_objects: names and what they stand for.

    Example:
        >>> with keras.saving.custom_object_scope({"Scale": Scale}):
        ...     model = keras.models.load_model("model.keras")
    """

    def __init__(self, custom_objects: Mapping[str, Any] | None) -> None:
        self.custom_objects: dict[str, Any] = dict(custom_objects or {})
        self._tokens: list[Any] = []

    def __enter__(self) -> CustomObjectScope:
        self._tokens.append(_scope.set({**_scope.get(), **self.custom_objects}))
        return self

    def __exit__(self, *args: object, **kwargs: object) -> None:
        _scope.reset(self._tokens.pop())


def public_path(target: Any) -> str | None:
    """The public module of a class or function of ours, `None` for users' own.

    Files begin with an underscore, so the path ends where one begins.
    """
    module = str(target.__module__)
    if module.split(".")[0] != "keras" or id(target) in _names:
        return None
    if target.__name__ in _PUBLIC_PATH:
        return _PUBLIC_PATH[target.__name__]
    parts = module.split(".")
    private = next((i for i, p in enumerate(parts) if p.startswith("_")), len(parts))
    return ".".join(parts[:private])


def _public(module: str, name: str) -> Any:
    """The public class or function `name` of `module`, `None` if there is none."""
    if module not in PUBLIC_MODULES or name.startswith("_"):
        return None
    found = getattr(importlib.import_module(module), name, None)
    if inspect.isclass(found) or inspect.isfunction(found):
        return found
    return None


def find(module: str | None, name: str, registered_name: str | None) -> Any:
    """The class or function that an entry of a file names, or `None`.

    Only registered objects and public names of Keras are found: the module named in a
    file is never imported.
    """
    for key in filter(None, (registered_name, name)):
        custom = get_registered_object(key)
        if custom is not None:
            return custom
        if ">" in key:
            short = get_registered_object(key.split(">")[-1])
            if short is not None:
                return short
    if registered_name and ">" in registered_name:
        return None
    if name == "Functional":  # no public name: `keras.Model` makes it
        name, module = "Model", "keras"
    if module in PUBLIC_MODULES and (found := _public(module, name)) is not None:
        return found
    return next(_search(name), None)


def find_function(module: str | None, name: str, registered_name: str | None) -> Any:
    """The function that an entry of a file names, or `None`.

    Functions of Keras that are no mathematics, `load_model` say, are not found.
    """
    found = find(module, name, registered_name)
    if inspect.isfunction(found) and str(found.__module__).startswith("keras."):
        folder = ".".join(str(found.__module__).split(".")[:2])
        return found if folder in _FUNCTION_FOLDERS else None
    return found


_FUNCTION_FOLDERS = (
    "keras.activations",
    "keras.initializers",
    "keras.losses",
    "keras.metrics",
    "keras.ops",
)


def _search(name: str) -> Iterator[Any]:
    """Where an entry names no module, or an internal one of another implementation."""
    for module in PUBLIC_MODULES:
        found = _public(module, name)
        if found is not None:
            yield found


def public_names() -> Iterator[str]:
    """The names of all classes of Keras that a file may hold."""
    for module in PUBLIC_MODULES:
        for name, found in vars(importlib.import_module(module)).items():
            if inspect.isclass(found) and not name.startswith("_"):
                yield name


def op_function(name: str) -> Any:
    """The op that a file calls by the name of its class, or its own: "Multiply" or
    "multiply" -> `ops.multiply`; `None` for any other name."""
    return _ops().get(name) or _ops().get(op_names.class_name(name))


@cache
def _ops() -> dict[str, Any]:
    modules = map(
        importlib.import_module, ("keras.random", "keras.ops.image", "keras.ops")
    )
    return {
        op_names.class_name(name): found
        for module in modules
        for name, found in vars(module).items()
        if inspect.isfunction(found) and not name.startswith("_")
    }
