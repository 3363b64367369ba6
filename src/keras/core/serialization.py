"""Objects as plain data and back: `serialize_keras_object` and its inverse."""

from __future__ import annotations

import base64
import inspect
import marshal
import types
from collections import Counter
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

import numpy as np

from keras.backend import current
from keras.core import registry
from keras.core.config import flags
from keras.core.dtypes import standardize_dtype
from keras.core.keras_tensor import KerasTensor
from keras.core.variable import Variable
from keras.errors import FileFormatError, UnsafeFileError, shorten, unknown_name

_PLAIN = (str, int, float, bool, type(None))

_safe_mode: ContextVar[bool | None] = ContextVar("safe_mode", default=None)
_shared: ContextVar[dict[int, Any] | None] = ContextVar("shared_objects", default=None)


class ObjectSharingScope:
    """Inside it, an object that is serialized twice is one object after loading."""

    def __enter__(self) -> ObjectSharingScope:
        self._token = _shared.set({})
        return self

    def __exit__(self, *args: object) -> None:
        _shared.reset(self._token)


def drop_single_ids(data: Any) -> Any:
    """`data` without the ids of objects that occur once."""
    counts: Counter[int] = Counter()

    def count(item: Any) -> None:
        if isinstance(item, dict):
            counts[item.get("shared_object_id", 0)] += 1
        for child in item.values() if isinstance(item, dict) else item:
            if isinstance(child, dict | list):
                count(child)

    def drop(item: Any) -> Any:
        if isinstance(item, dict):
            single = counts[item.get("shared_object_id", 0)] < 2
            return {
                k: drop(v)
                for k, v in item.items()
                if not (single and k == "shared_object_id")
            }
        return [drop(x) for x in item] if isinstance(item, list) else item

    if isinstance(data, dict | list):
        count(data)
    return drop(data)


def in_safe_mode() -> bool:
    """Whether functions stored as code are refused here."""
    if flags.unsafe_deserialization:
        return False
    return _safe_mode.get() is not False


def serialize_keras_object(obj: Any) -> Any:
    """`obj` as data that JSON can hold.

    Args:
        obj: a plain value, a list, tuple or dict, a tensor, a Keras object with
            `get_config`, a registered class or function.

    Returns:
        Plain values as they are; objects as dicts with `module`, `class_name`,
        `config`, `registered_name`.

    Raises:
        TypeError: for what cannot be described by data.
    """
    if isinstance(obj, _PLAIN) and not isinstance(obj, np.generic):
        return obj
    if isinstance(obj, list | tuple):
        return [serialize_keras_object(x) for x in obj]
    if isinstance(obj, dict):
        return {str(k): serialize_keras_object(v) for k, v in obj.items()}
    tagged = _tagged(obj)
    if tagged is not None:
        return tagged
    if isinstance(obj, types.FunctionType | types.BuiltinFunctionType):
        return _serialize_function(obj)
    if inspect.isclass(obj):
        return {
            "module": registry.public_path(obj),
            "class_name": obj.__name__,
            "config": None,
            "registered_name": registry.get_registered_name(obj),
        }
    if hasattr(obj, "get_config"):
        return _serialize_instance(obj)
    if callable(obj) and hasattr(obj, "__name__"):
        return _serialize_function(obj)
    raise TypeError(
        f"serialize_keras_object: got {shorten(repr(obj))} ({type(obj).__name__}), "
        "which is neither plain data nor an object with get_config. Give its class a "
        "get_config method, or override get_config of the layer that holds it."
    )


def _tagged(obj: Any) -> dict[str, Any] | None:
    if isinstance(obj, np.generic):
        return obj.item()  # type: ignore[no-any-return]
    if isinstance(obj, KerasTensor):
        operation, node, index = obj._keras_history
        config: Any = {
            "shape": list(obj.shape),
            "dtype": obj.dtype,
            "keras_history": [operation.name, node, index],
        }
        return {"class_name": "__keras_tensor__", "config": config}
    if isinstance(obj, np.ndarray):
        config = {"value": obj.tolist(), "dtype": obj.dtype.name}
        return {"class_name": "__numpy__", "config": config}
    if isinstance(obj, bytes):
        return {"class_name": "__bytes__", "config": {"value": obj.decode()}}
    if isinstance(obj, slice):
        parts = (obj.start, obj.stop, obj.step)
        start, stop, step = map(serialize_keras_object, parts)
        config = {"start": start, "stop": stop, "step": step}
        return {"class_name": "__slice__", "config": config}
    if obj is Ellipsis:
        return {"class_name": "__ellipsis__", "config": {}}
    if type(obj).__name__ == "dtype" or isinstance(obj, np.dtype):
        return standardize_dtype(obj)  # type: ignore[return-value]
    if not isinstance(obj, Variable) and current.engine.is_tensor(obj):
        array = current.engine.to_numpy(obj)
        config = {"value": array.tolist(), "dtype": current.engine.dtype(obj)}
        return {"class_name": "__tensor__", "config": config}
    return None


def _serialize_function(fn: Any) -> dict[str, Any]:
    if fn.__name__ == "<lambda>":
        return serialize_lambda(fn)
    return {
        "module": registry.public_path(fn),
        "class_name": "function",
        "config": fn.__name__,
        "registered_name": registry.get_registered_name(fn),
    }


def serialize_lambda(fn: Any) -> dict[str, Any]:
    """A Python function as its code, which loading refuses in safe mode."""
    code = base64.b64encode(marshal.dumps(fn.__code__)).decode("ascii")
    cells = fn.__closure__
    closure = (
        [serialize_keras_object(c.cell_contents) for c in cells] if cells else None
    )
    defaults = (
        serialize_keras_object(list(fn.__defaults__)) if fn.__defaults__ else None
    )
    config = {"code": code, "defaults": defaults, "closure": closure}
    return {"class_name": "__lambda__", "config": config}


def _serialize_instance(obj: Any) -> dict[str, Any]:
    cls = type(obj)
    module = registry.public_path(cls)
    is_public = module is not None and not module.startswith("keras.src")
    name = None if is_public else registry.get_registered_name(cls)
    entry: dict[str, Any] = {
        "module": module,
        "class_name": cls.__name__,
        "config": serialize_dict(obj.get_config()),
        "registered_name": name,
    }
    build_config = getattr(obj, "get_build_config", lambda: None)()
    if build_config is not None:
        entry["build_config"] = serialize_dict(build_config)
    compile_config = getattr(obj, "get_compile_config", lambda: None)()
    if compile_config is not None:
        entry["compile_config"] = serialize_dict(compile_config)
    shared = _shared.get()
    if shared is not None:
        entry["shared_object_id"] = id(obj)
        shared[id(obj)] = obj  # kept alive, so that no other gets its id
    return entry


def serialize_dict(config: Mapping[str, Any]) -> dict[str, Any]:
    """Every value of a config serialized."""
    return {str(k): serialize_keras_object(v) for k, v in config.items()}


def deserialize_keras_object(
    config: Any,
    custom_objects: Mapping[str, Any] | None = None,
    safe_mode: bool = True,
    **kwargs: Any,
) -> Any:
    """The object that `serialize_keras_object` described.

    Args:
        config: what it returned.
        custom_objects: names and the classes or functions they stand for.
        safe_mode: whether functions stored as code are refused.

    Raises:
        UnknownNameError: if a class is neither part of Keras nor registered.
        UnsafeFileError: in safe mode, for a function stored as code.
    """
    if kwargs:
        raise TypeError(
            f"deserialize_keras_object: got unknown arguments {', '.join(kwargs)}."
        )
    with registry.CustomObjectScope(custom_objects):
        token = _safe_mode.set(in_safe_mode() if safe_mode else False)
        try:
            return _deserialize(config)
        finally:
            _safe_mode.reset(token)


def _deserialize(config: Any) -> Any:
    if isinstance(config, list | tuple):
        return [_deserialize(x) for x in config]
    if not isinstance(config, dict):
        return config
    if "class_name" not in config or "config" not in config:
        return {k: _deserialize(v) for k, v in config.items()}
    class_name = config["class_name"]
    if not isinstance(class_name, str):
        raise FileFormatError(
            f"class_name: got {shorten(repr(class_name))}; not a str."
        )
    if class_name.startswith("__"):
        return _untagged(class_name, config["config"])
    if class_name == "function":
        return _deserialize_function(config)
    return _deserialize_instance(config)


def _untagged(tag: str, config: Any) -> Any:
    if tag == "__keras_tensor__":
        # A graph replaces it by its own tensor; what is left describes one.
        return config
    if tag == "__numpy__":
        return np.array(config["value"], dtype=standardize_dtype(config["dtype"]))
    if tag == "__tensor__":
        return current.engine.convert(
            np.array(config["value"]), standardize_dtype(config["dtype"])
        )
    if tag == "__bytes__":
        return str(config["value"]).encode()
    if tag == "__slice__":
        return slice(*(_deserialize(config[k]) for k in ("start", "stop", "step")))
    if tag == "__ellipsis__":
        return Ellipsis
    if tag == "__typespec__":
        return config
    if tag == "__lambda__":
        return deserialize_lambda(config)
    raise FileFormatError(f"Unknown tag {tag!r} in a serialized object.")


def deserialize_lambda(config: Mapping[str, Any]) -> Any:
    """A function from its code.

    Raises:
        UnsafeFileError: in safe mode.
    """
    if in_safe_mode():
        raise UnsafeFileError(
            "The file holds a Python function as code (a Lambda layer), which is not "
            "run. Rebuild the layer from a registered class; only if you trust the "
            "author of the file, pass safe_mode=False."
        )
    code = marshal.loads(base64.b64decode(config["code"]))
    defaults = config.get("defaults")
    closure = config.get("closure")
    cells = tuple(types.CellType(_deserialize(c)) for c in closure) if closure else None
    function_globals: dict[str, Any] = {"__builtins__": __builtins__}
    values = tuple(_deserialize(defaults)) if defaults else None
    return types.FunctionType(code, function_globals, code.co_name, values, cells)


def _deserialize_function(config: Mapping[str, Any]) -> Any:
    name = config["config"]
    if isinstance(name, Mapping):
        name = name.get("class_name")
    found = registry.find_function(
        config.get("module"), str(name), config.get("registered_name")
    )
    if found is None:
        found = registry.op_function(str(name))
    if found is None:
        raise _not_found("function", str(name), config.get("registered_name"))
    return found


def _deserialize_instance(entry: Mapping[str, Any]) -> Any:
    shared = _shared.get()
    key = entry.get("shared_object_id")
    if shared is not None and key is not None and key in shared:
        return shared[key]
    name, config = entry["class_name"], entry["config"]
    cls = registry.find(entry.get("module"), name, entry.get("registered_name"))
    if cls is None:
        raise _not_found("class", name, entry.get("registered_name"))
    if config is None:
        return cls
    if not inspect.isclass(cls):
        return cls
    instance = _from_config(cls, config)
    build_config = entry.get("build_config")
    if build_config and hasattr(instance, "build_from_config"):
        instance.build_from_config(_deserialize(build_config))
    compile_config = entry.get("compile_config")
    if compile_config and hasattr(instance, "compile_from_config"):
        instance.compile_from_config(compile_config)
    if shared is not None and key is not None:
        shared[key] = instance
    return instance


def _from_config(cls: Any, config: Any) -> Any:
    if not hasattr(cls, "from_config"):
        raise FileFormatError(
            f"{cls.__name__}: is named in a file, but has no from_config method."
        )
    try:
        return cls.from_config(config)
    except TypeError as error:
        if "unexpected keyword" in str(error) or "unknown argument" in str(error):
            error.add_note(
                f"While making {cls.__name__} from a file. If the class is yours, its "
                "constructor should take what its get_config returns."
            )
        raise


def _not_found(what: str, name: str, registered_name: Any) -> Exception:
    shown = registered_name or name
    known = [*registry.get_custom_objects(), *registry.public_names()]
    error = unknown_name(f"{what} in a file", shown, known)
    error.add_note(
        "If it is yours: decorate it with keras.saving.register_keras_serializable(), "
        f"or pass custom_objects={{{name!r}: ...}}."
    )
    return error
