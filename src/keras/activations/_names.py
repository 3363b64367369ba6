"""Activations by name: `get`, `serialize`, `deserialize`."""

from collections.abc import Callable, Mapping
from typing import Any

from keras import ops, typing
from keras.activations._activations import exponential, gelu, linear, mish, relu
from keras.core.lookup import Lookup

LOOKUP = Lookup(
    "activation",
    "keras.activations",
    (
        ops.celu,
        ops.elu,
        exponential,
        gelu,
        ops.glu,
        ops.hard_shrink,
        ops.hard_sigmoid,
        ops.hard_silu,
        ops.hard_tanh,
        ops.leaky_relu,
        linear,
        ops.log_sigmoid,
        ops.log_softmax,
        mish,
        relu,
        ops.relu6,
        ops.selu,
        ops.sigmoid,
        ops.silu,
        ops.soft_shrink,
        ops.softmax,
        ops.softplus,
        ops.softsign,
        ops.sparse_plus,
        ops.sparse_sigmoid,
        ops.sparsemax,
        ops.squareplus,
        ops.tanh,
        ops.tanh_shrink,
        ops.threshold,
    ),
    aliases={"hard_swish": ops.hard_silu, "swish": ops.silu},
)


def get(identifier: "typing.Activation | None") -> Callable[..., typing.Tensor]:
    """An activation from its name, config, or itself; `None` is `linear`.

    Args:
        identifier: for example "relu", a config, a function of a tensor, a layer.

    Raises:
        UnknownNameError: for a name that stands for nothing.

    Example:
        >>> keras.activations.get("relu")
    """
    if identifier is None:
        return linear
    found: Callable[..., typing.Tensor] = LOOKUP.get(identifier)
    return found


def serialize(activation: Any) -> Any:
    """The name of an activation of Keras; other functions and layers as plain data."""
    name = getattr(activation, "__name__", None)
    known = LOOKUP.names.get(name) if isinstance(name, str) else None
    if known is not None and activation in (known, getattr(ops, str(name), None)):
        return name
    return LOOKUP.serialize(activation)


def deserialize(config: Any, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """The activation that `serialize` described."""
    return LOOKUP.deserialize(config, custom_objects)
