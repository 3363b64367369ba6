"""`clone_model` and `model_from_json`: models from other models."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from keras.core import tree
from keras.core.keras_tensor import is_keras_tensor
from keras.core.serialization import deserialize_keras_object
from keras.layers._input import Input, InputLayer
from keras.layers._layer import Layer
from keras.models._functional import Functional
from keras.models._model import Model
from keras.models._sequential import Sequential
from keras.saving._files import read_json


def clone_model(
    model: Any,
    input_tensors: Any = None,
    clone_function: Callable[[Any], Any] | None = None,
    call_function: Callable[..., Any] | None = None,
    recursive: bool = False,
    **kwargs: Any,
) -> Any:
    """A model of the same layers with weights of its own, freshly initialised.

    Args:
        model: a `Sequential` or functional model; a subclassed one without the further
            arguments.
        input_tensors: symbolic tensors to build the new model on, in the structure of
            the model's inputs.
        clone_function: `layer -> new layer`, called for every layer but the inputs.
        call_function: `(layer, *args, **kwargs) -> outputs`, called in place of
            `layer(*args, **kwargs)`; functional models only.
        recursive: whether the functions are applied to the layers of nested models.

    Returns:
        The new model, not compiled.

    Raises:
        ValueError: for a subclassed model with any of the further arguments.

    Example:
        >>> copy = keras.models.clone_model(model)
        >>> copy.set_weights(model.get_weights())
    """
    if kwargs:
        raise ValueError(
            f"clone_model: got unknown arguments {', '.join(kwargs)}. Leave them out."
        )
    if isinstance(model, Sequential):
        if call_function is not None:
            raise ValueError(
                "clone_model(call_function=...): a Sequential calls its layers one "
                "after the other. Make the model from inputs and outputs to use it."
            )
        return _clone_sequential(model, input_tensors, clone_function, recursive)
    if isinstance(model, Functional):
        return _clone_functional(
            model, input_tensors, clone_function, call_function, recursive
        )
    if not isinstance(model, Model):
        raise ValueError(
            f"clone_model: got {type(model).__name__}; expected a model. For a layer "
            "use layer.from_config(layer.get_config())."
        )
    given = (input_tensors, clone_function, call_function)
    if any(x is not None for x in given) or recursive:
        raise ValueError(
            f"clone_model: {type(model).__name__} is a subclassed model, whose layers "
            "its own code makes and calls. Leave out input_tensors, clone_function, "
            "call_function and recursive."
        )
    return type(model).from_config(model.get_config())


def _same(layer: Any) -> Any:
    return type(layer).from_config(layer.get_config())


def _cloner(
    clone_function: Callable[[Any], Any] | None, recursive: bool, call_function: Any
) -> Callable[[Any], Any]:
    """What is applied to every layer."""
    function = clone_function or _same

    def clone(layer: Any) -> Any:
        if isinstance(layer, InputLayer) or not isinstance(layer, Layer):
            return layer
        if recursive and isinstance(layer, Functional | Sequential):
            inner = None if isinstance(layer, Sequential) else call_function
            return clone_model(
                layer,
                clone_function=clone_function,
                call_function=inner,
                recursive=True,
            )
        new = function(layer)
        if not isinstance(new, Layer):
            raise ValueError(
                f"clone_model(clone_function=...): returned {type(new).__name__} for "
                f"layer {layer.name!r}; expected a layer."
            )
        return new

    return clone


def _clone_sequential(
    model: Sequential,
    input_tensors: Any,
    clone_function: Callable[[Any], Any] | None,
    recursive: bool,
) -> Sequential:
    clone = _cloner(clone_function, recursive, None)
    layers = [clone(layer) for layer in model.layers]
    if input_tensors is not None:
        leaves = tree.flatten(input_tensors)
        if len(leaves) != 1 or not is_keras_tensor(leaves[0]):
            raise ValueError(
                "clone_model(input_tensors=...): a Sequential has one input; pass one "
                "symbolic tensor made by keras.Input."
            )
        source: Any = leaves[0]._keras_history.operation
        if not isinstance(source, InputLayer):
            raise ValueError(
                "clone_model(input_tensors=...): pass what keras.Input returned, not "
                "the output of a layer."
            )
        layers.insert(0, source)
    elif model._layers and isinstance(model._layers[0], InputLayer):
        old = model._layers[0]
        layers.insert(
            0, InputLayer(batch_shape=old.batch_shape, dtype=old.dtype, name=old.name)
        )
    return Sequential(layers, name=model.name, trainable=model.trainable)


def _clone_functional(
    model: Functional,
    input_tensors: Any,
    clone_function: Callable[[Any], Any] | None,
    call_function: Callable[..., Any] | None,
    recursive: bool,
) -> Functional:
    graph = model._graph
    inputs = _new_inputs(model, input_tensors)
    values = {id(x): y for x, y in zip(graph.inputs, tree.flatten(inputs), strict=True)}
    clone = _cloner(clone_function, recursive, call_function)
    clones: dict[int, Any] = {}

    def read(structure: Any) -> Any:
        return tree.map_structure(
            lambda x: values[id(x)] if is_keras_tensor(x) else x, structure
        )

    for node in graph.nodes:
        operation = node.operation
        if id(operation) not in clones:
            clones[id(operation)] = clone(operation)
        new = clones[id(operation)]
        args, kwargs = read(node.args), read(node.kwargs)
        if call_function is not None and isinstance(operation, Layer):
            outputs = call_function(new, *args, **kwargs)
        elif isinstance(operation, Layer):
            outputs = new(*args, **kwargs)
        else:
            outputs = operation.symbolic_call(*args, **kwargs)
        for symbol, value in zip(node.outputs, tree.flatten(outputs), strict=True):
            values[id(symbol)] = value
            mask = getattr(symbol, "_keras_mask", None)
            if mask is not None and getattr(value, "_keras_mask", None) is not None:
                values[id(mask)] = value._keras_mask
    outputs = read(model.output)
    new_model = Functional(inputs, outputs, name=model.name)
    new_model.trainable = model.trainable
    return new_model


def _new_inputs(model: Functional, input_tensors: Any) -> Any:
    graph = model._graph
    if input_tensors is None:
        fresh = []
        for x in graph.inputs:
            old: Any = x._keras_history.operation
            fresh.append(
                Input(
                    batch_shape=x.shape,
                    dtype=x.dtype,
                    name=old.name,
                    optional=getattr(old, "optional", False),
                )
            )
    else:
        fresh = tree.flatten(input_tensors)
        if len(fresh) != len(graph.inputs) or not all(map(is_keras_tensor, fresh)):
            raise ValueError(
                f"clone_model(input_tensors=...): got {len(fresh)} tensors; expected "
                f"{len(graph.inputs)} symbolic ones, made by keras.Input."
            )
    return tree.unflatten(graph.input_structure, fresh)


def model_from_json(
    json_string: str, custom_objects: Mapping[str, Any] | None = None
) -> Any:
    """A model from the text that `model.to_json()` returned; its weights are new.

    Args:
        json_string: the text.
        custom_objects: names and the classes or functions they stand for.

    Raises:
        FileFormatError: (a ValueError) if the text is no JSON.
        UnknownNameError: if a class is neither part of Keras nor registered.

    Example:
        >>> same = keras.models.model_from_json(model.to_json())
    """
    config = read_json(json_string, "model_from_json")
    return deserialize_keras_object(config, custom_objects=custom_objects)
