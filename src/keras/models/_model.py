"""`Model`: a layer that can be trained, saved and looked at."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from keras.core.serialization import serialize_keras_object
from keras.errors import unknown_name
from keras.layers._layer import Layer
from keras.models import _summary
from keras.saving import _api as saving
from keras.training._trainer import Trainer
from keras.typing import Config


class Model(Trainer, Layer):
    """A layer with `fit`, `evaluate`, `predict`, `save` and `summary`.

    Either a graph, `keras.Model(inputs, outputs)`, or a class of your own that makes
    layers in `__init__` and uses them in `call`.

    Args:
        inputs: a symbolic tensor, or lists, tuples, dicts of them.
        outputs: the same.
        name: default: the class name in snake case, counted up.

    Example:
        >>> x = keras.Input((8,))
        >>> model = keras.Model(x, keras.layers.Dense(1)(x))
    """

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        """A `Functional` where inputs and outputs are given."""
        if cls is Model and _is_functional(args, kwargs):
            from keras.models._functional import Functional  # it derives from us

            return Layer.__new__(Functional, *args, **kwargs)
        return Layer.__new__(cls, *args, **kwargs)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if _is_functional(args, kwargs):
            _init_as_functional(self, args, kwargs)
            return
        Trainer.__init__(self)
        Layer.__init__(self, *args, **kwargs)

    # Layers.

    @property
    def layers(self) -> list[Layer]:
        """The layers of the model, those inside them not counted."""
        return [x for x in self._sublayers() if isinstance(x, Layer)]

    @layers.setter
    def layers(self, _: Any) -> None:
        raise AttributeError(
            "Model.layers cannot be set; it lists the layers there are."
        )

    def get_layer(self, name: str | None = None, index: int | None = None) -> Any:
        """The layer of a name, or at a place in `layers`.

        Raises:
            ValueError: if there is none, or if both or none of the arguments are given.
        """
        layers = self.layers
        if (name is None) == (index is None):
            raise ValueError(
                f"{self.name}.get_layer: pass either name or index, got name={name!r}, "
                f"index={index!r}."
            )
        if index is not None:
            if not -len(layers) <= index < len(layers):
                raise ValueError(
                    f"{self.name}.get_layer(index={index}): the model has "
                    f"{len(layers)} layers; expected an index below {len(layers)}."
                )
            return layers[index]
        for layer in layers:
            if layer.name == name:
                return layer
        raise unknown_name(
            f'layer in model "{self.name}"', name, [x.name for x in layers]
        )

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Compute the outputs; subclasses override it."""
        raise NotImplementedError(
            f"{type(self).__name__} has no call method. Define call(self, inputs), or "
            "make the model from inputs and outputs."
        )

    def build(self, input_shape: Any) -> None:
        """Make the weights by a symbolic call on inputs of this shape.

        Args:
            input_shape: shape with the batch dimension, or a list or dict of shapes.
        """
        self._build_by_symbolic_call(input_shape)

    def _build_for(self, args: Any, kwargs: Any) -> None:
        """The layers of a subclassed model are built as they are called."""
        if type(self).build is not Model.build:
            super()._build_for(args, kwargs)
        self.built = True

    # Looking at it.

    def summary(
        self,
        line_length: int | None = None,
        positions: list[float] | None = None,
        print_fn: Callable[[str], Any] | None = None,
        expand_nested: bool = False,
        show_trainable: bool = False,
        layer_range: list[str] | tuple[str, str] | None = None,
    ) -> None:
        """Print a table of the layers, their output shapes and numbers of weights.

        Args:
            line_length: width of the table in characters.
            positions: where columns end, as fractions of the width.
            print_fn: called with the text in place of printing it.
            expand_nested: whether to list the layers of nested models.
            show_trainable: whether to show which layers are trained.
            layer_range: names of the first and the last layer to show.
        """
        _summary.print_summary(
            self,
            line_length=line_length,
            positions=positions,
            print_fn=print_fn,
            expand_nested=expand_nested,
            show_trainable=show_trainable,
            layer_range=layer_range,
        )

    # Files.

    def save(
        self,
        filepath: Any,
        overwrite: bool = True,
        zipped: bool | None = None,
        **kwargs: Any,
    ) -> None:
        """Write the model, its weights and its optimizer into one file.

        Args:
            filepath: a path that ends in ".keras".
            overwrite: whether a file of that name may be replaced.
            zipped: whether to write one zip file (the default) or a folder.
        """
        saving.save_model(self, filepath, overwrite=overwrite, zipped=zipped, **kwargs)

    def save_weights(
        self, filepath: Any, overwrite: bool = True, max_shard_size: float | None = None
    ) -> None:
        """Write the weights into a file.

        Args:
            filepath: a path that ends in ".weights.h5".
            overwrite: whether a file of that name may be replaced.
            max_shard_size: size in GB from which to cut the file into several.
        """
        saving.save_weights(
            self, filepath, overwrite=overwrite, max_shard_size=max_shard_size
        )

    def load_weights(
        self, filepath: Any, skip_mismatch: bool = False, **kwargs: Any
    ) -> None:
        """Read the weights from a file.

        Args:
            filepath: a ".weights.h5", ".keras" or ".h5" file.
            skip_mismatch: whether to leave out weights whose shapes differ, with a
                warning, in place of an error.
        """
        saving.load_weights(self, filepath, skip_mismatch=skip_mismatch, **kwargs)

    # Configuration.

    def to_json(self, **kwargs: Any) -> str:
        """The config of the model as JSON text, for `keras.models.model_from_json`.

        Args:
            kwargs: those of `json.dumps`.
        """
        return json.dumps(serialize_keras_object(self), **kwargs)

    def get_build_config(self) -> Config | None:
        """The shapes that the model was built with."""
        return Layer.get_build_config(self)

    @classmethod
    def from_config(
        cls, config: Config, custom_objects: dict[str, Callable[..., Any]] | None = None
    ) -> Any:
        """A model from what `get_config` returned."""
        if {"layers", "input_layers", "output_layers"} <= config.keys():
            from keras.models._functional import Functional  # it derives from us

            if cls is Model or "functional" not in cls.__name__.lower():
                return Functional.from_config(config, custom_objects)
        return super().from_config(config)


def _is_functional(args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    return (
        len(args) >= 2
        or {"inputs", "outputs"} <= kwargs.keys()
        or (len(args) == 1 and "outputs" in kwargs)
    )


_mixed: dict[type, type] = {}


def _init_as_functional(model: Any, args: Any, kwargs: Any) -> None:
    """Let a subclass of `Model` call `super().__init__(inputs=..., outputs=...)`."""
    from keras.models._functional import Functional  # it derives from us

    cls = type(model)
    if not issubclass(cls, Functional):
        if cls not in _mixed:
            _mixed[cls] = type(
                cls.__name__,
                (cls, Functional),
                {
                    "__module__": cls.__module__,
                    "__qualname__": cls.__qualname__,
                },
            )
        model.__class__ = _mixed[cls]
    Functional.__init__(model, *args, **kwargs)
