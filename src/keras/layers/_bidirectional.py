"""`Bidirectional`: a recurrent layer run forwards and backwards in time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Unpack

from keras import ops
from keras.core import tree
from keras.core.registry import CustomObjectScope
from keras.core.serialization import deserialize_keras_object, serialize_keras_object
from keras.errors import unknown_name
from keras.layers._input_spec import InputSpec
from keras.layers._layer import Layer, LayerOptions
from keras.typing import Config, Tensor

_MODES = ("sum", "mul", "ave", "concat", None)


class Bidirectional(Layer):
    """Runs one copy of a recurrent layer forwards, one backwards, and merges both.

    Source: Schuster and Paliwal 1997, Bidirectional recurrent neural networks.

    Args:
        layer: an `RNN`, or any layer with `go_backwards`, `return_sequences`,
            `return_state`; copies of it are used, not itself.
        merge_mode: "concat" (along features), "sum", "mul", "ave"; `None` returns both
            outputs.
        weights: the first values of all weights.
        backward_layer: the layer to run backwards, with the opposite `go_backwards`;
            default: a second copy of `layer`.

    Raises:
        ValueError: if the two layers do not fit together, or `merge_mode` is unknown.
        TypeError: if `layer` is no layer.

    Example:
        >>> layer = keras.layers.Bidirectional(keras.layers.LSTM(8))
        >>> layer(numpy.ones((2, 10, 3))).shape
        (2, 16)
    """

    _unsaved = frozenset({"weights"})

    def __init__(
        self,
        layer: Layer,
        merge_mode: Literal["sum", "mul", "ave", "concat"] | None = "concat",
        weights: Sequence[Any] | None = None,
        backward_layer: Layer | None = None,
        **kwargs: Unpack[LayerOptions],
    ) -> None:
        for given in (layer, layer if backward_layer is None else backward_layer):
            if not isinstance(given, Layer):
                raise TypeError(
                    f"Bidirectional(layer=...): got {given!r} "
                    f"({type(given).__name__}); expected a recurrent layer, such as "
                    "keras.layers.LSTM(8)."
                )
        if merge_mode not in _MODES:
            raise unknown_name("merge_mode of Bidirectional", merge_mode, _MODES[:-1])
        super().__init__(**kwargs)
        self.forward_layer: Any = _copy(layer, "forward_")
        self.backward_layer: Any = (
            _copy(layer, "backward_", go_backwards=not _flag(layer, "go_backwards"))
            if backward_layer is None
            else backward_layer
        )
        self._check_pair()
        self.merge_mode = merge_mode
        self.return_sequences: bool = _flag(layer, "return_sequences")
        self.return_state: bool = _flag(layer, "return_state")
        for each in (self.forward_layer, self.backward_layer):
            if self.return_sequences and hasattr(each, "zero_output_for_mask"):
                # Repeated outputs would be other ones in each direction.
                each.zero_output_for_mask = True
        self.stateful: bool = bool(getattr(layer, "stateful", False))
        self.supports_masking = True
        self.input_spec: Any = InputSpec(min_ndim=3)
        self._saved_weights = weights

    def _check_pair(self) -> None:
        a, b = self.forward_layer, self.backward_layer
        for name in ("return_sequences", "return_state"):
            if _flag(a, name) != _flag(b, name):
                raise ValueError(
                    f"Bidirectional: layer has {name}={_flag(a, name)}, backward_layer "
                    f"has {_flag(b, name)}; expected the same. Make both alike."
                )
        if _flag(a, "go_backwards") == _flag(b, "go_backwards"):
            raise ValueError(
                "Bidirectional: layer and backward_layer both have go_backwards="
                f"{_flag(a, 'go_backwards')}; expected opposite ones. Give one of them "
                f"go_backwards={not _flag(a, 'go_backwards')}."
            )

    @property
    def layer(self) -> Any:
        """The layer that runs forwards."""
        return self.forward_layer

    @property
    def states(self) -> Any:
        """The states of stateful layers, forwards and backwards; else `None`."""
        forward = getattr(self.forward_layer, "states", None)
        backward = getattr(self.backward_layer, "states", None)
        return None if forward is None else (*forward, *(backward or ()))

    def build(self, sequences_shape: Any, initial_state_shape: Any = None) -> None:
        """Build both layers."""
        for layer in (self.forward_layer, self.backward_layer):
            if not layer.built:
                layer.build(sequences_shape)
                layer.built = True

    def call(
        self,
        sequences: Tensor,
        initial_state: Any = None,
        mask: Any = None,
        training: bool | None = None,
    ) -> Any:
        """Run both layers and merge their outputs.

        Args:
            sequences: `(batch, time, ...)`.
            initial_state: the states of the forward layer, then those of the other.
            mask: bool `(batch, time)`.
            training: handed to both layers.
        """
        first = last = None
        if initial_state is not None:
            half = len(initial_state) // 2
            first, last = list(initial_state[:half]), list(initial_state[half:])
        run = {"mask": mask, "training": bool(training)}
        y = self.forward_layer(sequences, initial_state=first, **run)
        back = self.backward_layer(sequences, initial_state=last, **run)
        states: tuple[Any, ...] = ()
        if self.return_state:
            states = (*y[1:], *back[1:])
            y, back = y[0], back[0]
        if self.return_sequences:
            back = ops.flip(back, axis=1)  # in the order of time
        merged = self._merged(y, back)
        if not states:
            return merged
        return (*merged, *states) if self.merge_mode is None else (merged, *states)

    def _merged(self, y: Tensor, back: Tensor) -> Any:
        if self.merge_mode == "concat":
            return ops.concatenate([y, back], axis=-1)
        if self.merge_mode == "mul":
            return ops.multiply(y, back)
        if self.merge_mode is None:
            return y, back
        total = ops.add(y, back)
        return total if self.merge_mode == "sum" else ops.divide(total, 2)

    def compute_mask(self, _: Any, mask: Any) -> Any:
        """That of the inputs where the time axis stays; the states have none."""
        if isinstance(mask, list | tuple):
            mask = mask[0]
        own = mask if self.return_sequences else None
        outputs = [own, own] if self.merge_mode is None else [own]
        if self.return_state:
            sizes = [
                *getattr(self.forward_layer, "state_size", [None]),
                *getattr(self.backward_layer, "state_size", [None]),
            ]
            return outputs + [None for _ in tree.flatten(sizes)]
        return outputs if len(outputs) > 1 else own

    def reset_state(self) -> None:
        """Let both stateful layers begin at their initial states again."""
        if self.stateful:
            self.forward_layer.reset_state()
            self.backward_layer.reset_state()

    def reset_states(self) -> None:
        """`reset_state`."""
        self.reset_state()

    @classmethod
    def from_config(
        cls, config: Config, custom_objects: Mapping[str, Any] | None = None
    ) -> Any:
        """A layer from what `get_config` returned."""
        with CustomObjectScope(custom_objects):
            return super().from_config(config)


def _flag(layer: Layer, name: str) -> bool:
    """An attribute that a layer must have to run in two directions."""
    try:
        return bool(getattr(layer, name))
    except AttributeError:
        raise ValueError(
            f"Bidirectional(layer=...): {type(layer).__name__} has no attribute "
            f"{name!r}; expected a recurrent layer. Pass one such as "
            "keras.layers.LSTM(8)."
        ) from None


def _copy(layer: Layer, prefix: str, **changes: Any) -> Any:
    """A layer of the same options, with the name prefixed."""
    entry = serialize_keras_object(layer)
    entry.pop("build_config", None)
    config = {**entry["config"], **changes}
    config["name"] = prefix + layer.name.removeprefix(prefix)
    name = entry["registered_name"] or entry["class_name"]
    return deserialize_keras_object(
        {**entry, "config": config},
        custom_objects={entry["class_name"]: type(layer), name: type(layer)},
    )
