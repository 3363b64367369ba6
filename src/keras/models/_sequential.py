"""`Sequential`: layers, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from keras.core import naming, tree
from keras.core.keras_tensor import KerasTensor, is_keras_tensor
from keras.core.serialization import (
    deserialize_keras_object,
    serialize_keras_object,
)
from keras.layers._arguments import as_shapes
from keras.layers._input import InputLayer
from keras.layers._layer import Layer
from keras.models._functional import Functional
from keras.models._model import Model
from keras.typing import Config


class Sequential(Model):
    """A model that passes its input through a list of layers.

    Args:
        layers: layers or functions; the first may be `keras.Input(shape)`. Without one
            the model is built when first called.
        trainable: whether training changes the weights.
        name: default: "sequential", counted up.

    Example:
        >>> model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
        >>> model(numpy.ones((3, 4))).shape
    """

    _is_container = True

    def __new__(cls, *args: Any, **kwargs: Any) -> Sequential:
        """A plain object, whatever the arguments are."""
        return Layer.__new__(cls, *args, **kwargs)  # type: ignore[return-value]

    def __init__(
        self,
        layers: Sequence[Any] | None = None,
        trainable: bool = True,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        Model.__init__(self, name=name, trainable=trainable, **kwargs)
        self._functional: Functional | None = None
        self._layers: list[Any] = []
        self.built: bool = False
        for layer in layers or ():
            self.add(layer, rebuild=False)
        self._rebuild()

    # The list of layers.

    def add(self, layer: Any, rebuild: bool = True) -> None:
        """Put a layer at the end.

        Args:
            layer: a layer, a function, or what `keras.Input` returns.
            rebuild: whether to build at once, where the input shape is known.
        """
        if is_keras_tensor(layer):
            layer = layer._keras_history.operation
        if not isinstance(layer, Layer):
            layer = self._wrapped(layer)
        if any(own.name == layer.name for own in self._layers):
            raise ValueError(
                f'Sequential "{self.name}": got a second layer with the name '
                f"{layer.name!r}; names in a model differ. Rename one of them."
            )
        if isinstance(layer, InputLayer) and self._layers:
            raise ValueError(
                f'Sequential "{self.name}": got an Input after other layers. Put it '
                "first."
            )
        option = getattr(layer, "_input_shape_option", None)
        if not self._layers and option is not None:
            dtype = layer._input_dtype_option
            self._layers.append(
                InputLayer(batch_shape=option, dtype=dtype or _input_dtype(layer))
            )
        self._layers.append(layer)
        if rebuild:
            self._rebuild()
        else:
            self.built, self._functional, self._is_planned = False, None, False

    def _wrapped(self, layer: Any) -> Layer:
        if not callable(layer) or isinstance(layer, type):
            raise TypeError(
                f'Sequential "{self.name}": got {layer!r}; expected a layer instance. '
                "Write keras.layers.Dense(10), with its arguments."
            )
        from keras.layers import Lambda  # the folder's list; loaded by now

        return Lambda(layer)

    def pop(self, rebuild: bool = True) -> Layer:
        """Remove the last layer and return it."""
        layer: Layer = self._layers.pop()
        self.built, self._functional, self._is_planned = False, None, False
        if rebuild:
            self._rebuild()
        return layer

    @property
    def layers(self) -> list[Layer]:
        """The layers, without the input layer."""
        return [x for x in self._layers if not isinstance(x, InputLayer)]

    @layers.setter
    def layers(self, _: Any) -> None:
        raise AttributeError(
            "Sequential.layers cannot be set. Use add and pop, or make a new model."
        )

    # Building.

    def _rebuild(self) -> None:
        self.built, self._functional, self._is_planned = False, None, False
        if self._layers and isinstance(self._layers[0], InputLayer):
            if len(self._layers) > 1:
                self._make_graph(self._layers[0].output)
        elif self._layers and isinstance(self._layers[0], Functional | Sequential):
            first = self._layers[0]
            if first.built and getattr(first, "inputs", None):
                self.build(first.input_shape)

    def build(self, input_shape: Any = None) -> None:
        """Build the layers for inputs of this shape, batch dimension included."""
        if input_shape is None or self.built:
            return
        shape = as_shapes(input_shape)
        if not self._layers:
            raise ValueError(
                f'Sequential "{self.name}": is empty. Add a layer before it is built.'
            )
        if isinstance(shape, dict | list):
            self._build_one_by_one(shape)
            return
        source = self._layers[0]
        if not isinstance(source, InputLayer):
            source = InputLayer(batch_shape=shape, dtype=_input_dtype(source))
            self._layers = [source, *self._layers]
        self._make_graph(source.output)

    def _build_one_by_one(self, shape: Any) -> None:
        """For inputs that are structures: no graph, but every layer is built."""
        for layer in self.layers:
            if not layer.built:
                layer.build(shape)
            shape = layer.compute_output_shape(shape)
        self.built = True

    def _make_graph(self, x: Any) -> None:
        inputs = x
        with naming.absolute_scope(self._scope_of_call()):
            for layer in self._layers[1:]:
                x = layer(x)
        # Named as this model, so that errors name it.
        self._functional = Functional(inputs, x, name=self.name)
        self._build_shapes = {"input_shape": inputs.shape}
        self._is_planned = type(self).call is Sequential.call
        self.built = True

    def _build_for(self, args: Sequence[Any], kwargs: dict[str, Any]) -> None:
        value = args[0] if args else kwargs["inputs"]
        if isinstance(value, list | tuple) and len(value) == 1:
            value = value[0]
        shape = getattr(value, "shape", None)
        if shape is None:
            self.built = True
            return
        rest = [None if d is None else int(d) for d in shape[1:]]
        self.build((None, *rest))

    def call(
        self, inputs: Any, training: bool | None = None, mask: Any = None, **kwargs: Any
    ) -> Any:
        """Pass `inputs` through the layers.

        Args:
            inputs: a tensor, batch first.
            training: whether layers such as Dropout behave as in training.
            mask: the mask of the input.
        """
        if self._functional is not None:
            if isinstance(inputs, list | tuple) and len(inputs) == 1:
                inputs = inputs[0]
            return self._functional.call(inputs, training=training, mask=mask)
        x = inputs
        for layer in self.layers:
            options: dict[str, Any] = {}
            if layer.takes_training and training is not None:
                options["training"] = training
            x = layer(x, **options)
        return x

    def compute_output_spec(
        self,
        inputs: Any,
        training: bool | None = None,
        mask: Any = None,
        **kwargs: Any,
    ) -> Any:
        """Symbolic outputs for symbolic inputs."""
        if self._functional is not None:
            return self._functional.compute_output_spec(inputs)
        return super().compute_output_spec(inputs)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The shape of the output for an input of this shape."""
        if self._functional is not None:
            return self._functional.compute_output_shape(input_shape)
        for layer in self.layers:
            input_shape = layer.compute_output_shape(input_shape)
        return input_shape

    def compute_mask(self, inputs: Any, previous_mask: Any) -> Any:
        """The mask that the output gets from the layers inside."""
        if self._functional is None:
            return None
        return self._functional.compute_mask(inputs, previous_mask)

    @property
    def _makes_mask(self) -> bool:  # type: ignore[override]
        return self._functional is not None and self._functional._makes_mask

    # What a built model knows.

    def _known(self) -> Functional:
        if self._functional is None:
            raise AttributeError(
                f'Sequential "{self.name}": its input shape is not known yet. Begin it '
                "with keras.Input, or call it on data first."
            )
        return self._functional

    @property
    def inputs(self) -> list[KerasTensor]:
        """The symbolic input in a list."""
        return self._known().inputs

    @property
    def outputs(self) -> list[KerasTensor]:
        """The symbolic output in a list."""
        return self._known().outputs

    @property
    def input(self) -> Any:
        """The symbolic input."""
        return self._known().input

    @property
    def output(self) -> Any:
        """The symbolic output."""
        return self._known().output

    @property
    def input_shape(self) -> Any:
        """The shape of the input."""
        return self._known().input_shape

    @property
    def output_shape(self) -> Any:
        """The shape of the output."""
        return self._known().output_shape

    @property
    def input_dtype(self) -> str:
        """The dtype that the input is cast to."""
        if self._functional is None:
            return self.layers[0].input_dtype if self.layers else self.compute_dtype
        return self._functional.inputs[0].dtype

    @property
    def input_names(self) -> list[str]:
        """The name of the input in a list."""
        return self._known().input_names

    @property
    def output_names(self) -> list[str]:
        """The name of the last layer in a list."""
        return self._known().output_names

    # Configuration.

    def get_config(self) -> Config:
        """The layers in order."""
        config: Config = {
            "name": self.name,
            "trainable": self.trainable,
            "dtype": serialize_keras_object(self.dtype_policy),
            "layers": [serialize_keras_object(x) for x in self._layers],
        }
        if self._functional is not None:
            config["build_input_shape"] = tuple(self._functional.inputs[0].shape)
        return config

    def get_build_config(self) -> Config | None:
        """The input shape, where it is known."""
        return Layer.get_build_config(self)

    @classmethod
    def from_config(
        cls, config: Any, custom_objects: dict[str, Callable[..., Any]] | None = None
    ) -> Any:
        """A model from what `get_config` returned."""
        if isinstance(config, list):  # Keras 2.0
            config = {"layers": config}
        layers = [
            deserialize_keras_object(x, custom_objects=custom_objects)
            for x in config["layers"]
        ]
        model = cls(layers, name=config.get("name"), trainable=True)
        shape = config.get("build_input_shape")
        if not model.built and shape is not None and tree.is_shape(shape):
            model.build(tuple(shape))
        if config.get("trainable") is False:
            model.trainable = False
        return model


def _input_dtype(layer: Any) -> str | None:
    """The dtype in which a first layer takes its input."""
    dtype = getattr(layer, "input_dtype", None)
    return dtype if isinstance(dtype, str) else None
