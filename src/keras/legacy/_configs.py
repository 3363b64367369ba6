"""Configs of models that Keras 2, or the old `.h5` form of Keras 3, wrote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keras.core import registry
from keras.errors import FileFormatError, shorten

# Options of Keras 2 that say nothing today: what they asked for always holds.
_DROPPED = frozenset({"implementation", "input_length", "time_major", "sample_weight_mode"})

# Options that Keras 2 wrote for layers which have them no more, at their only value.
_DROPPED_BY_CLASS = {
    "MultiHeadAttention": ("query_shape", "key_shape", "value_shape"),
    "Conv1DTranspose": ("groups",),
    "Conv2DTranspose": ("groups",),
    "Conv3DTranspose": ("groups",),
    "DepthwiseConv1D": ("groups", "filters", "kernel_initializer", "kernel_regularizer",
                        "kernel_constraint"),
    "DepthwiseConv2D": ("groups", "filters", "kernel_initializer", "kernel_regularizer",
                        "kernel_constraint"),
    "SeparableConv1D": ("groups", "kernel_initializer", "kernel_regularizer",
                        "kernel_constraint"),
    "SeparableConv2D": ("groups", "kernel_initializer", "kernel_regularizer",
                        "kernel_constraint"),
    "ThresholdedReLU": (),
}  # fmt: skip

_RENAMED = {
    "CuDNNLSTM": "LSTM",
    "CuDNNGRU": "GRU",
    "SyncBatchNormalization": "BatchNormalization",
    "BatchNormalizationV1": "BatchNormalization",
    "BatchNormalizationV2": "BatchNormalization",
    "LSTMV1": "LSTM",
    "GRUV1": "GRU",
    "GlorotUniformV2": "GlorotUniform",
}

_MODELS = ("Model", "Functional", "Sequential")


def modern_config(entry: Any) -> Any:
    """The form of today for a serialized model, layer or object inside one.

    Args:
        entry: `{"class_name": ..., "config": ...}`, or what stands inside.
    """
    if isinstance(entry, list):
        return [modern_config(x) for x in entry]
    if not isinstance(entry, dict):
        return entry
    name = entry.get("class_name")
    if not isinstance(name, str) or "config" not in entry:
        return {k: modern_config(v) for k, v in entry.items()}
    if name.startswith("__"):
        return entry
    if _is_op(entry):
        return {**entry, "module": "keras.src.ops.numpy"}
    name = _RENAMED.get(name, name)
    new = {**entry, "class_name": name.split(">")[-1]}
    if ">" in name:
        new["registered_name"] = name
    if name in ("Policy", "PolicyV1"):
        return {**new, "module": "keras", "class_name": "DTypePolicy"}
    config = entry["config"]
    if name in _MODELS or _has_layers(config):
        new["config"] = _modern_model(config)
        if name == "Model":
            new["class_name"] = "Functional"
    elif isinstance(config, dict):
        new["config"] = _modern_layer(name, config)
    return new


def _has_layers(config: Any) -> bool:
    return isinstance(config, dict) and isinstance(config.get("layers"), list)


def _is_op(entry: Mapping[str, Any]) -> bool:
    """Whether a graph entry without a module is an op: those have few options."""
    config = entry["config"]
    return (
        "inbound_nodes" in entry
        and not entry.get("module")
        and isinstance(config, dict)
        and not config.keys() & {"trainable", "layers", "batch_shape"}
        and bool(entry["inbound_nodes"])
        and isinstance(entry["inbound_nodes"][0], dict)
        and registry.op_function(entry["class_name"]) is not None
    )


def _modern_model(config: Any) -> Any:
    if isinstance(config, list):  # a Sequential of Keras 2.0
        config = {"layers": config}
    config = {k: v for k, v in config.items() if k not in _DROPPED}
    layers = [modern_config(x) for x in config.get("layers", [])]
    config["layers"] = layers
    if isinstance(config.get("dtype"), dict):
        config["dtype"] = modern_config(config["dtype"])
    if "input_layers" not in config or not any(map(_has_old_nodes, layers)):
        return config
    offsets = _node_offsets(layers, config.get("output_layers"))
    for layer in layers:
        layer["inbound_nodes"] = [
            _modern_node(n, offsets) for n in layer.get("inbound_nodes", [])
        ]
    config["input_layers"] = _modern_ends(config["input_layers"], offsets)
    # As outputs, calls of nested functional models count from 1 today.
    for layer in layers:
        if "input_layers" in layer["config"]:
            offsets[layer["name"]] = offsets.get(layer["name"], 0) - 1
    config["output_layers"] = _modern_ends(config["output_layers"], offsets)
    return config


def _has_old_nodes(layer: Mapping[str, Any]) -> bool:
    return any(isinstance(n, list) for n in layer.get("inbound_nodes", []))


def _modern_layer(name: str, config: Mapping[str, Any]) -> dict[str, Any]:
    if config.get("time_major"):
        raise FileFormatError(
            f"{name} {config.get('name')!r}: was made with time_major=True, which no "
            "layer has any more. Transpose its input and make it without."
        )
    dropped = {*_DROPPED, *_DROPPED_BY_CLASS.get(name, ())}
    new = {k: modern_config(v) for k, v in config.items() if k not in dropped}
    axis = new.get("axis")
    if "Normalization" in name and isinstance(axis, list) and len(axis) == 1:
        new["axis"] = axis[0]
    return new


# Graphs: `[[["layer", node, tensor, {kwargs}], ...], ...]`, one list per call.


def _modern_node(node: Any, offsets: Mapping[str, int]) -> Any:
    if isinstance(node, dict) and "args" in node:
        return node
    kwargs: dict[str, Any] = {}

    def tensor(entry: Any) -> Any:
        if _is_reference(entry):
            if len(entry) > 3 and isinstance(entry[3], dict):
                kwargs.update(entry[3])
            return _tensor(entry, offsets)
        if isinstance(entry, list) and entry and entry[0] == "_CONSTANT_VALUE":
            return entry[2]
        if isinstance(entry, list):
            return [tensor(x) for x in entry]
        if isinstance(entry, dict):
            return {k: tensor(v) for k, v in entry.items()}
        return entry

    # One input stands alone; several are one list.
    inputs = tensor(node)
    if isinstance(inputs, list) and len(inputs) == 1:
        inputs = inputs[0]
    named = {
        k: tensor(v[:3]) if _is_reference(v) and v[1] >= 0 else v
        for k, v in list(kwargs.items())
    }
    return {"args": [inputs], "kwargs": named}


def _is_reference(entry: Any) -> bool:
    return (
        isinstance(entry, list)
        and len(entry) >= 3
        and isinstance(entry[0], str)
        and entry[0] != "_CONSTANT_VALUE"
        and type(entry[1]) is int
        and type(entry[2]) is int
    )


def _tensor(entry: Any, offsets: Mapping[str, int]) -> dict[str, Any]:
    history = [entry[0], entry[1] - offsets.get(entry[0], 0), entry[2]]
    config = {"shape": None, "dtype": None, "keras_history": history}
    return {"class_name": "__keras_tensor__", "config": config}


def _modern_ends(ends: Any, offsets: Mapping[str, int]) -> Any:
    if isinstance(ends, dict):
        return {k: _modern_ends(v, offsets) for k, v in ends.items()}
    if _is_reference(ends):
        return [ends[0], ends[1] - offsets.get(ends[0], 0), ends[2]]
    if isinstance(ends, list):
        new = [_modern_ends(x, offsets) for x in ends]
        # Keras 2 writes a list even for one.
        return new[0] if len(new) == 1 and _is_reference(ends[0]) else new
    raise FileFormatError(f"The model's config has {shorten(repr(ends))} as an end.")


def _node_offsets(layers: list[Any], outputs: Any) -> dict[str, int]:
    """For nested models: how many calls they had before those in this graph.

    A `Sequential` of Keras 2 was called once by itself, so its first call in the graph
    has the number 1.
    """
    highest: dict[str, int] = {}

    def look(entry: Any) -> None:
        if _is_reference(entry):
            highest[entry[0]] = max(highest.get(entry[0], 0), entry[1])
        elif isinstance(entry, list):
            for x in entry:
                look(x)
        elif isinstance(entry, dict) and "class_name" not in entry:
            for x in entry.values():
                look(x)

    for layer in layers:
        for node in layer.get("inbound_nodes", []):
            if isinstance(node, list):
                look(node)
                for reference in node:
                    if _is_reference(reference) and len(reference) > 3:
                        look(reference[3])
    look(outputs)
    offsets = {}
    for layer in layers:
        name = layer.get("name")
        calls = len(layer.get("inbound_nodes", []))
        if calls and isinstance(name, str) and highest.get(name, 0) >= calls:
            offsets[name] = highest[name] - calls + 1
    return offsets


# Compilation.


def modern_training_config(config: Any) -> dict[str, Any] | None:
    """What `compile_from_config` takes, from a `training_config`."""
    if not isinstance(config, dict) or "optimizer_config" not in config:
        return None
    new = {
        k: v
        for k, v in config.items()
        if k not in ("optimizer_config", "sample_weight_mode")
    }
    for kind in ("metrics", "weighted_metrics"):
        new[kind] = _modern_metrics(new.get(kind))
    new["loss"] = _modern_loss(new.get("loss"))
    new["optimizer"] = _modern_optimizer(config["optimizer_config"])
    return new


def _modern_optimizer(entry: Any) -> Any:
    if not isinstance(entry, dict) or not isinstance(entry.get("config"), dict):
        return entry
    renamed = {"lr": "learning_rate", "beta1": "beta_1", "beta2": "beta_2"}
    dropped = ("is_legacy_optimizer", "jit_compile", "decay", "momentum_cache")
    config = {
        renamed.get(k, k): modern_config(v)
        for k, v in entry["config"].items()
        if k not in dropped
    }
    config["name"] = str(config.get("name", "")).lower() or None
    config = {k: v for k, v in config.items() if k != "name" or v}
    name = str(entry.get("class_name")).split(">")[-1]
    name = {"adam": "Adam", "sgd": "SGD", "rmsprop": "RMSprop"}.get(name, name)
    return {"module": "keras.optimizers", "class_name": name, "config": config}


def _modern_loss(loss: Any) -> Any:
    if isinstance(loss, list):
        return [_modern_loss(x) for x in loss]
    if isinstance(loss, dict) and "class_name" in loss:
        config = {
            k: v
            for k, v in loss.get("config", {}).items()
            if k != "fn" and not (k == "reduction" and v == "auto")
        }
        return {"module": "keras.losses", "class_name": loss["class_name"],
                "config": config}  # fmt: skip
    if isinstance(loss, dict):
        return {k: _modern_loss(v) for k, v in loss.items()}
    return loss


def _modern_metrics(metrics: Any) -> Any:
    """Metrics that wrap a function as the name of that function."""
    if isinstance(metrics, list):
        new = [_modern_metrics(m) for m in metrics]
        # Keras 2 writes one list per output, for one output too.
        return new[0] if len(new) == 1 and isinstance(new[0], list) else new
    if isinstance(metrics, dict) and metrics.get("class_name") == "MeanMetricWrapper":
        config = metrics.get("config", {})
        return config.get("fn") if isinstance(config.get("fn"), str) else (
            config.get("name")
        )
    if isinstance(metrics, dict) and "class_name" in metrics:
        name = str(metrics["class_name"]).split(">")[-1]
        return {"module": "keras.metrics", "class_name": name,
                "config": metrics.get("config", {})}  # fmt: skip
    if isinstance(metrics, dict):
        return {k: _modern_metrics(v) for k, v in metrics.items()}
    return metrics
