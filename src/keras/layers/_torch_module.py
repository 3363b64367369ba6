"""`TorchModuleWrapper`: a torch module as a layer. The one layer that needs torch."""

import base64
from collections.abc import Sequence
from typing import Any, Unpack

from keras.backend import current
from keras.core import naming
from keras.core.keras_tensor import KerasTensor
from keras.core.serialization import in_safe_mode
from keras.core.variable import Variable
from keras.errors import UnsafeFileError
from keras.layers._layer import Layer, UnnamedOptions
from keras.typing import Config


class TorchModuleWrapper(Layer):
    """Calls a torch module; its parameters and buffers are weights of the layer.

    The layer runs on the engine "torch" only, and keeps values of its own: those that
    the module had when it was wrapped, then what training makes of them.

    Args:
        module: a `torch.nn.Module`, initialised.
        name: default: "torch_module_wrapper", counted up.
        output_shape: shape of the output with the batch, where it cannot be found by
            calling the module.

    Raises:
        TypeError: if `module` is no torch module.

    Example:
        >>> linear = torch.nn.Linear(3, 2)
        >>> keras.layers.TorchModuleWrapper(linear)(torch.ones(4, 3)).shape
        (4, 2)
    """

    def __init__(
        self,
        module: Any,
        name: str | None = None,
        output_shape: Sequence[int | None] | None = None,
        **kwargs: Unpack[UnnamedOptions],
    ) -> None:
        super().__init__(name=name, **kwargs)
        modules = _modules()
        if not modules.is_module(module):
            raise TypeError(
                f"TorchModuleWrapper(module=...): got {type(module).__name__}; "
                "expected a torch.nn.Module, such as torch.nn.Linear(3, 2)."
            )
        self.module = module
        self.output_shape: tuple[int | None, ...] | None = (
            None if output_shape is None else tuple(output_shape)
        )
        self._state = {
            **self._variables_of(modules.parameters(module), trainable=True),
            **self._variables_of(modules.buffers(module), trainable=False),
        }

    def _variables_of(self, tensors: Any, trainable: bool) -> dict[str, Variable]:
        with naming.absolute_scope(self.path):
            return {
                key: Variable(
                    tensor.detach().cpu().numpy(),
                    dtype=current.load("torch").dtype(tensor),
                    trainable=trainable and tensor.requires_grad,
                    name=key.replace(".", "_"),
                )
                for key, tensor in tensors.items()
            }

    def call(self, *args: Any, training: bool | None = None, **kwargs: Any) -> Any:
        """Call the module."""
        if current.active() != "torch":
            raise NotImplementedError(
                f"{self._described()}: holds a torch module, and the engine is "
                f"{current.active()!r}. Call keras.config.set_backend('torch') first."
            )
        values = {key: variable.value for key, variable in self._state.items()}
        result, buffers = _modules().run(self.module, values, training, *args, **kwargs)
        for key, value in buffers.items():
            self._state[key].assign(value)
        return result

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        """Symbolic outputs: by `output_shape` if it was given, else by calling."""
        if self.output_shape is None:
            return super().compute_output_spec(*args, **kwargs)
        return KerasTensor(self.output_shape, self.compute_dtype)

    def get_config(self) -> Config:
        """The module pickled, which loading refuses in safe mode."""
        module = base64.b64encode(_modules().to_bytes(self.module)).decode("ascii")
        config: Config = {"name": self.name, "trainable": self.trainable}
        return {**config, "module": module, "output_shape": self.output_shape}

    @classmethod
    def from_config(cls, config: Config) -> Any:
        """A layer from what `get_config` returned.

        Raises:
            UnsafeFileError: in safe mode.
        """
        if in_safe_mode():
            raise UnsafeFileError(
                "TorchModuleWrapper: the file holds a pickled torch module, which can "
                "run any code and is not loaded. Only if you trust its author, pass "
                "safe_mode=False."
            )
        module = _modules().from_bytes(base64.b64decode(config["module"]))
        return cls(**{**config, "module": module})


def _modules() -> Any:
    from keras.backend.torch import modules  # loads torch

    return modules
