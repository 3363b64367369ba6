"""`Functional`: a model given by the graph between its inputs and outputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from keras.backend import current
from keras.core import masks, tree
from keras.core.infer import infer_output
from keras.core.keras_tensor import KerasTensor
from keras.core.operation import FunctionOperation, Operation
from keras.errors import ShapeError
from keras.layers import _tracking
from keras.layers._layer import Layer
from keras.models._function import Graph, has_masks
from keras.models._graph_config import graph_config, graph_from_config
from keras.models._model import Model
from keras.typing import Config


class Functional(Model):
    """A model made from symbolic inputs and outputs; `keras.Model(inputs, outputs)`.

    Args:
        inputs, outputs: a symbolic tensor, or lists, tuples, dicts of them.
        name: default: "functional", counted up.
    """

    _is_container = True

    def __init__(
        self, inputs: Any, outputs: Any, name: str | None = None, **kwargs: Any
    ) -> None:
        trainable = kwargs.pop("trainable", None)
        Model.__init__(self, name=name, **kwargs)
        self._set_graph(inputs, outputs)
        if trainable is not None:
            self.trainable = trainable

    def _set_graph(self, inputs: Any, outputs: Any) -> None:
        _unwrapped = (
            inputs[0] if isinstance(inputs, list) and len(inputs) == 1 else None
        )
        self._graph = Graph(inputs, outputs)
        self._input_spec_structure = inputs
        self._output_spec_structure = outputs
        self._layers = [op for op in self._graph.operations if isinstance(op, Layer)]
        self._input_names = [
            x._keras_history.operation.name for x in self._graph.inputs
        ]
        self._unwrap = _unwrapped is not None
        self._plan_version = -1
        self._is_planned = type(self).call is Functional.call
        self.built = True
        _check_names(self._graph.operations, self.name)

    # What it is.

    @property
    def operations(self) -> list[Operation]:
        """All operations of the graph, layers and ops."""
        return self._graph.operations

    @property
    def inputs(self) -> list[KerasTensor]:
        """The symbolic inputs, flat."""
        return list(self._graph.inputs)

    @property
    def outputs(self) -> list[KerasTensor]:
        """The symbolic outputs, flat."""
        return list(self._graph.outputs)

    @property
    def input(self) -> Any:
        """The symbolic inputs in their structure."""
        return self._input_spec_structure

    @property
    def output(self) -> Any:
        """The symbolic outputs in their structure."""
        return self._output_spec_structure

    @property
    def input_names(self) -> list[str]:
        """The names of the inputs."""
        return list(self._input_names)

    @property
    def output_names(self) -> list[str]:
        """The names of the operations that the outputs come from."""
        return [x._keras_history.operation.name for x in self._graph.outputs]

    @property
    def input_shape(self) -> Any:
        """The shapes of the inputs in their structure."""
        return tree.map_structure(lambda x: x.shape, self._input_spec_structure)

    @property
    def output_shape(self) -> Any:
        """The shapes of the outputs in their structure."""
        return tree.map_structure(lambda x: x.shape, self._output_spec_structure)

    # Running.

    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        """Compute the outputs.

        Args:
            inputs: tensors in the structure of the model's inputs, or a dict by name.
            training: whether layers such as Dropout behave as in training.
            mask: masks of the inputs.
        """
        if self._plan_version != _tracking.version():
            self._graph.forget_plans()
            self._plan_version = _tracking.version()
        flat = self._standardized(inputs)
        if mask is not None:
            for x, m in zip(flat, tree.flatten(mask), strict=False):
                if m is not None:
                    masks.set_mask(x, m)
        if has_masks(flat):
            return self._graph.run_nodes(flat, training)
        return self._graph.run(flat, training)

    def _standardized(self, inputs: Any) -> list[Any]:
        """The inputs flat, in order, of the right dtype and rank."""
        symbols = self._graph.inputs
        flat = self._matched(inputs)
        if len(flat) != len(symbols):
            names = ", ".join(self._input_names)
            remedy = (
                "A list stands for several inputs: pass numpy.array(x)."
                if flat and isinstance(flat[0], int | float)
                else "Pass them as a list in this order, or as a dict by these names."
            )
            raise ShapeError(
                f'Model "{self.name}": got {len(flat)} inputs; expected {len(symbols)} '
                f"({names}). {remedy}"
            )
        return [self._fitted(x, s) for x, s in zip(flat, symbols, strict=True)]

    def _matched(self, inputs: Any) -> list[Any]:
        if not isinstance(inputs, dict):
            return tree.flatten(inputs)
        wanted = self._input_spec_structure
        has_keys = isinstance(wanted, dict)
        names = list(wanted) if has_keys else self._input_names
        missing = [n for n in names if n not in inputs]
        if missing:
            raise ShapeError(
                f'Model "{self.name}": got a dict with the keys '
                f"{sorted(map(str, inputs))}; expected the names {', '.join(names)}. "
                f"Rename the key that should be {missing[0]!r}."
            )
        if has_keys:
            return tree.flatten({n: inputs[n] for n in names})
        return [inputs[n] for n in names]

    def _fitted(self, x: Any, symbol: KerasTensor) -> Any:
        if x is None:
            return x
        if isinstance(x, KerasTensor):
            shape = x.shape
        else:
            engine = current.engine
            if symbol.dtype != "string":
                if not engine.is_tensor(x):
                    x = engine.convert(getattr(x, "value", x), symbol.dtype)
                elif engine.dtype(x) != symbol.dtype:
                    x = _cast(x, symbol.dtype)
            shape = tuple(x.shape)
        wanted = symbol.shape
        if len(shape) == len(wanted):
            for have, want in zip(shape, wanted, strict=True):
                if want is not None and have != want and have is not None:
                    raise self._wrong_shape(shape, symbol)
            return x
        if len(shape) == len(wanted) - 1 and wanted[-1] == 1:
            return x[..., None]
        if len(shape) == len(wanted) + 1 and shape[-1] == 1:
            return x[..., 0]
        raise self._wrong_shape(shape, symbol)

    def _wrong_shape(self, shape: Any, symbol: KerasTensor) -> ShapeError:
        return ShapeError(
            f'Model "{self.name}": input "{symbol.name}" got an array of shape '
            f"{tuple(shape)}; expected {symbol.shape}. Give arrays of this shape (the "
            "first dimension is the batch), or change the shape of keras.Input."
        )

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        """Symbolic outputs for symbolic inputs."""
        inputs = args[0] if args else kwargs["inputs"]
        flat = self._matched(inputs)
        same = all(
            isinstance(x, KerasTensor) and x.shape == s.shape
            for x, s in zip(flat, self._graph.inputs, strict=False)
        )
        if same and len(flat) == len(self._graph.inputs):
            # Inputs as the model was made for: the outputs are known.
            return tree.map_structure(
                lambda x: KerasTensor(x.shape, x.dtype), self._output_spec_structure
            )
        self._standardized(inputs)
        return infer_output(self.call, args, kwargs, self._described())

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The shapes of the outputs for inputs of these shapes."""
        flat = iter(self._graph.inputs)
        symbols = tree.map_shape_structure(
            lambda shape: KerasTensor(shape, next(flat).dtype), input_shape
        )
        return tree.map_structure(lambda s: s.shape, self.compute_output_spec(symbols))

    def compute_mask(self, inputs: Any, previous_mask: Any) -> Any:
        """The masks that the outputs get from the layers inside."""
        own = [getattr(x, "_keras_mask", None) for x in self._graph.outputs]
        flat = self._matched(inputs)
        if previous_mask is None and all(m is None for m in own):
            return None
        if not any(isinstance(x, KerasTensor) for x in flat):
            return None  # the outputs carry their masks already
        outputs = self._graph.run_nodes(flat, None)
        return tree.map_structure(masks.get_mask, outputs)

    @property
    def _makes_mask(self) -> bool:  # type: ignore[override]
        return any(
            getattr(x, "_keras_mask", None) is not None for x in self._graph.outputs
        )

    def build(self, input_shape: Any) -> None:
        """A functional model is built from the start."""
        self.built = True

    # Configuration.

    def get_config(self) -> Config:
        """The layers and how they are connected."""
        if type(self).__name__ != "Functional" and type(self).get_config is (
            Functional.get_config
        ):
            return Layer.get_config(self)
        return {
            "name": self.name,
            "trainable": self.trainable,
            **graph_config(
                self._graph, self._input_spec_structure, self._output_spec_structure
            ),
        }

    def get_build_config(self) -> Config | None:
        """A functional model needs no shape to be built."""
        return {"input_shape": None}

    def build_from_config(self, config: Config) -> None:
        """A functional model is built from the start."""

    @classmethod
    def from_config(
        cls, config: Config, custom_objects: dict[str, Callable[..., Any]] | None = None
    ) -> Any:
        """A model from what `get_config` returned."""
        if "layers" not in config or "input_layers" not in config:
            return super().from_config(config)
        inputs, outputs = graph_from_config(config, custom_objects)
        model = cls(inputs=inputs, outputs=outputs, name=config.get("name"))
        if config.get("trainable") is False:
            model.trainable = False
        return model


def _cast(x: Any, dtype: str) -> Any:
    result = current.engine.cast(x, dtype)
    if masks.in_use:
        masks.set_mask(result, masks.get_mask(x))
    return result


def _check_names(operations: list[Operation], model: str) -> None:
    seen: set[str] = set()
    # Ops give way to layers: nobody has chosen their names.
    for operation in sorted(operations, key=_is_op):
        if _is_op(operation):
            base, count = operation.name, 0
            while operation.name in seen:
                count += 1
                operation.name = f"{base}_{count}"
        if operation.name in seen:
            raise ValueError(
                f'Model "{model}": two layers have the name {operation.name!r}; names '
                "in a model differ. Rename one of them."
            )
        seen.add(operation.name)


def _is_op(operation: Operation) -> bool:
    return isinstance(operation, FunctionOperation)
