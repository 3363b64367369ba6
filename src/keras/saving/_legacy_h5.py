"""`.h5` files: whole models of Keras 2 and 3, and weights of Keras 2."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from keras.backend import current
from keras.core.serialization import serialize_keras_object
from keras.errors import FileFormatError, shorten, warn
from keras.layers._state import State
from keras.legacy._configs import modern_config, modern_training_config
from keras.saving import _archive, _files, _h5, _weights

TOP_LEVEL = "top_level_model_weights"


def is_legacy(path: Path) -> bool:
    """Whether an HDF5 file has the old form, with `layer_names`."""
    with _h5.opened(path) as file:
        group = _weights_group(file)
        return any(a.startswith("layer_names") for a in group.attrs)


def _weights_group(file: Any) -> Any:
    group = _h5.child(file, "model_weights")
    return file if group is None else group


# Writing.


def save(model: Any, path: Path, include_optimizer: bool = True) -> None:
    """Write a whole model as Keras 3 writes `.h5` files."""
    entry = serialize_keras_object(model)
    optimizer = getattr(model, "optimizer", None) if include_optimizer else None
    compile_config = dict(entry.get("compile_config") or {})
    with _files.replacing(path) as part, _h5.opened(part, "w") as file:
        file.attrs["backend"] = current.active()
        file.attrs["keras_version"] = _archive.WRITTEN_VERSION
        file.attrs["model_config"] = json.dumps(_old_entry(entry))
        if include_optimizer and compile_config:
            optimizer_entry = compile_config.pop("optimizer", None)
            if isinstance(optimizer_entry, dict):
                compile_config["optimizer_config"] = {
                    k: optimizer_entry[k] for k in ("class_name", "config")
                }
            file.attrs["training_config"] = json.dumps(compile_config)
        _save_layers(file.create_group("model_weights"), model)
        if optimizer is not None and list(optimizer.variables):
            _save_variables(
                file.create_group("optimizer_weights"), list(optimizer.variables)
            )


def _old_entry(entry: Any) -> dict[str, Any]:
    """The form of this file for a model or layer: class name and config, no module."""
    name = entry.get("registered_name")
    custom = isinstance(name, str) and ">" in name
    old: dict[str, Any] = {"class_name": name if custom else entry["class_name"]}
    config = entry["config"]
    if isinstance(config, dict) and isinstance(config.get("layers"), list):
        config = {**config, "layers": [_old_entry(x) for x in config["layers"]]}
    old["config"] = config
    for key in ("name", "inbound_nodes"):
        if key in entry:
            old[key] = entry[key]
    return old


def _save_layers(group: Any, model: Any) -> None:
    group.attrs["backend"] = current.active()
    group.attrs["keras_version"] = _archive.WRITTEN_VERSION
    _h5.put_names(group, "layer_names", [layer.name for layer in model.layers])
    for layer in model.layers:
        _save_variables(group.create_group(layer.name), old_order(layer))
    _save_variables(group.create_group(TOP_LEVEL), list(model._own_variables()))


def _save_variables(group: Any, variables: Sequence[Any]) -> None:
    names: list[str] = []
    for variable in variables:
        name, count = variable.path, 1
        while name in names:
            name, count = f"{variable.path}_{count}", count + 1
        names.append(name)
        _h5.put(group, name, variable)
    _h5.put_names(group, "weight_names", names)


def old_order(layer: Any) -> list[Any]:
    """A layer's variables: all that were made trainable first, then the others."""
    return sorted(layer.weights, key=lambda v: not v.made_trainable)


# Reading.


def load(path: Path, custom_objects: Any, compile_model: bool, safe_mode: bool) -> Any:
    """The model in an `.h5` file."""
    with _h5.opened(path) as file:
        text = _h5.text_attribute(file, "model_config")
        if text is None:
            raise FileFormatError(
                f"load_model: {path.name} holds weights, but no model. Make the model, "
                f"then call model.load_weights({path.name!r})."
            )
        config = modern_config(_files.read_json(text, f"{path.name}: model_config"))
        model = _archive.model_from(config, custom_objects, False, safe_mode)
        _load_layers(model, _weights_group(file), path.name, False)
        if compile_model:
            _compile(model, file, path.name, custom_objects, safe_mode)
    return model


def _compile(
    model: Any, file: Any, what: str, custom_objects: Any, safe_mode: bool
) -> None:
    text = _h5.text_attribute(file, "training_config")
    if text is None:
        return
    config = modern_training_config(_files.read_json(text, f"{what}: training_config"))
    if config is None:
        return
    from keras.core.registry import CustomObjectScope  # beside its only use

    with CustomObjectScope(custom_objects):
        model.compile_from_config(config)
    _archive.build_optimizer(model)
    group = _h5.child(file, "optimizer_weights")
    if group is not None and getattr(model, "optimizer", None) is not None:
        _load_optimizer(model.optimizer, group, len(model.trainable_variables), what)


def load_weights(model: Any, path: Path, by_name: bool, skip_mismatch: bool) -> None:
    """The weights of an `.h5` file, by position or by the names of layers."""
    with _h5.opened(path) as file:
        group = _weights_group(file)
        if by_name:
            _load_by_name(model, group, path.name, skip_mismatch)
        else:
            _load_layers(model, group, path.name, skip_mismatch)


def _layers_in(group: Any, what: str) -> list[tuple[str, Any, list[str]]]:
    """Name, group and names of variables of each layer in the file."""
    result = []
    for name in _h5.names_of(group, "layer_names"):
        layer = _h5.child(group, name)
        if layer is None:
            raise FileFormatError(
                f"{what}: lists the layer {shorten(name, 80)!r}, but holds nothing for "
                "it. The file is damaged: take another copy of it."
            )
        result.append((name, layer, _h5.names_of(layer, "weight_names")))
    return result


def _load_layers(model: Any, group: Any, what: str, skip_mismatch: bool) -> None:
    stored = [x for x in _layers_in(group, what) if x[2]]
    own = [layer for layer in model.layers if old_order(layer)]
    if len(stored) != len(own):
        raise ValueError(
            f"{what}: holds weights for {len(stored)} layers; the model has {len(own)} "
            f"layers with weights ({shorten(', '.join(x.name for x in own), 120)}). "
            "Make the model as it was when it was saved, or load by_name=True."
        )
    for layer, (_, place, names) in zip(own, stored, strict=True):
        _load_into(old_order(layer), place, names, layer.name, what, skip_mismatch)
    _load_top_level(model, group, what, skip_mismatch)


def _load_by_name(model: Any, group: Any, what: str, skip_mismatch: bool) -> None:
    by_name = {name: (place, names) for name, place, names in _layers_in(group, what)}
    for layer in model.layers:
        if layer.name in by_name and old_order(layer):
            place, names = by_name[layer.name]
            _load_into(old_order(layer), place, names, layer.name, what, skip_mismatch)
    _load_top_level(model, group, what, skip_mismatch)


def _load_top_level(model: Any, group: Any, what: str, skip_mismatch: bool) -> None:
    place = _h5.child(group, TOP_LEVEL)
    own = list(model._own_variables()) if isinstance(model, State) else []
    if place is not None and own:
        names = _h5.names_of(place, "weight_names")
        _load_into(own, place, names, model.name, what, skip_mismatch)


def _load_into(
    variables: list[Any],
    place: Any,
    names: list[str],
    layer: str,
    what: str,
    skip_mismatch: bool,
) -> None:
    if len(names) != len(variables):
        message = (
            f"{what}: holds {len(names)} variables for layer {layer!r}; expected "
            f"{len(variables)}. Make the layer with the options it had when it was "
            "saved."
        )
        if not skip_mismatch:
            raise ValueError(message)
        warn(message)
        return
    for variable, name in zip(_matched(variables, names), names, strict=True):
        dataset = _h5.child(place, name)
        if dataset is None:
            raise FileFormatError(
                f"{what}: lists the variable {shorten(name, 80)!r} of layer {layer!r}, "
                "but does not hold it. The file is damaged: take another copy of it."
            )
        _h5.check_dataset(dataset)
        try:
            _weights.check_shape(variable, dataset.shape, f"{layer}/{name}")
        except ValueError as error:
            if not skip_mismatch:
                raise
            warn(shorten(error, 400))
            continue
        variable.assign(_h5.array(dataset))


def _matched(variables: list[Any], names: list[str]) -> list[Any]:
    """The variables in the order of `names`.

    Keras 2 orders those of frozen nested models differently, so names count where each
    of them fits exactly one variable; else the order does.
    """
    if len(variables) > 4:
        paths = {f"/{v.path}": v for v in variables}
        found = []
        for name in names:
            end = "/" + name.rsplit(":", 1)[0]
            fits = [v for path, v in paths.items() if path.endswith(end)]
            if len(fits) != 1:
                return variables
            found += fits
        if len({id(v) for v in found}) == len(variables):
            return found
    return variables


def _load_optimizer(optimizer: Any, group: Any, count: int, what: str) -> None:
    """Slots by order; Keras 2 has no learning rate, and may group slots by kind."""
    names = _h5.names_of(group, "weight_names")
    own = list(optimizer.variables)
    if len(names) == len(own) - 1:
        own = [v for v in own if v.name != "learning_rate"]
    first = names[0].rsplit(":", 1)[0] if names else ""
    slots = own[1:]
    if first.endswith("/iter") and count and len(slots) % count == 0:
        kinds = len(slots) // count
        slots = [slots[i * kinds + k] for k in range(kinds) for i in range(count)]
    own = own[:1] + slots
    datasets = [_h5.child(group, n) for n in names]
    fits = len(own) == len(names) and all(
        d is not None and tuple(d.shape) == tuple(v.shape)
        for d, v in zip(datasets, own, strict=True)
    )
    if not fits:
        warn(
            f"{what}: the optimizer's state has another form ({len(names)} variables, "
            f"expected {len(own)}) and is not taken over. Training begins with a fresh "
            "state; pass compile=False to leave it out."
        )
        return
    for variable, dataset in zip(own, datasets, strict=True):
        variable.assign(_h5.array(dataset))
