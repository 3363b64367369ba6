"""`Lambda`: any function as a layer."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Unpack

from keras.core.keras_tensor import KerasTensor
from keras.layers._arguments import shapes_of
from keras.layers._layer import Layer, LayerOptions
from keras.typing import Config, Tensor


class Lambda(Layer):
    """Calls a function on its input. It has no weights of its own.

    A Python lambda is saved as code, which `load_model` refuses to run unless
    `safe_mode=False`; a named function is saved by its name and must be registered or
    given in `custom_objects`. A subclass of `Layer` is the better choice for both.

    Args:
        function: takes the input, and `mask` and `training` if it has such arguments.
        output_shape: shape without the batch, or a function from input shape to output
            shape; only needed where it cannot be found by calling `function`.
        mask: the mask of the output, or a function of `(inputs, mask)`; default: none.
        arguments: further keyword arguments for `function`.

    Example:
        >>> keras.layers.Lambda(lambda x: x ** 2)(numpy.array([[3.0]]))
        [[9.0]]
    """

    _omit_none = frozenset({"output_shape", "mask"})

    def __init__(
        self,
        function: Callable[..., Any],
        output_shape: Sequence[int | None] | Callable[..., Any] | None = None,
        mask: Any = None,
        arguments: Mapping[str, Any] | None = None,
        **kwargs: Unpack[LayerOptions],
    ) -> None:
        super().__init__(**kwargs)
        if not callable(function):
            raise TypeError(
                f"Lambda(function=...): got {function!r} ({type(function).__name__}); "
                "expected a function."
            )
        self.function = function
        self.output_shape = output_shape
        self.mask = mask
        self.arguments: dict[str, Any] = dict(arguments or {})
        self.supports_masking: bool = mask is not None
        self._makes_mask = mask is not None
        self._takes = frozenset(_parameters(function))

    def call(
        self, inputs: Any, mask: Tensor | None = None, training: bool | None = None
    ) -> Any:
        """Call the function."""
        extra = {"mask": mask, "training": training}
        known = {k: v for k, v in extra.items() if k in self._takes}
        return self.function(inputs, **{**known, **self.arguments})

    def compute_output_spec(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """Symbolic outputs: by `output_shape` if it was given, else by calling."""
        if self.output_shape is None:
            return super().compute_output_spec(inputs, *args, **kwargs)
        first = inputs[0] if isinstance(inputs, list | tuple) else inputs
        if callable(self.output_shape):
            shape = self.output_shape(shapes_of(inputs))
        else:
            shape = (first.shape[0], *self.output_shape)
        return KerasTensor(shape, first.dtype)

    def compute_mask(self, inputs: Any, previous_mask: Any) -> Any:
        """The mask that was given, or what the given function returns."""
        if callable(self.mask):
            return self.mask(inputs, previous_mask)
        return self.mask

    @classmethod
    def from_config(cls, config: Config) -> Any:
        """A layer from what `get_config` returned; code only outside of safe mode."""
        config = dict(config)
        for key in ("output_shape", "mask"):
            if isinstance(config.get(key), list):
                config[key] = tuple(config[key])
        return super().from_config(config)


def _parameters(function: Callable[..., Any]) -> list[str]:
    try:
        return list(inspect.signature(function).parameters)
    except (TypeError, ValueError):  # some built-in functions have no signature
        return []
