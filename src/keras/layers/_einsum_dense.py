"""`EinsumDense`: a dense layer over axes named by an equation."""

import re
from collections.abc import Callable, Sequence
from typing import Any, Unpack

from keras import activations, constraints, initializers, ops, regularizers
from keras.core.variable import Variable
from keras.layers._layer import LayerOptions, TensorLayer
from keras.ops._products import dense
from keras.typing import (
    Activation,
    Constraint,
    Function,
    Initializer,
    Regularizer,
    Shape,
    Tensor,
)

_EQUATION = re.compile(r"([a-zA-Z.]+),([a-zA-Z]+)->([a-zA-Z.]+)")


class EinsumDense(TensorLayer):
    """`activation(einsum(equation, x, kernel) + bias)`.

    Args:
        equation: such as "abc,cd->abd": axes of the input, of the kernel, of the
            output; "..." may stand for any axes in input and output.
        output_shape: sizes of the output without the batch; `None` for those that are
            the input's.
        activation: applied to the result; default: none.
        bias_axes: the letters of the output axes along which the bias differs, such as
            "d"; default: no bias.
        kernel_initializer, bias_initializer: first values of the weights.
        kernel_regularizer, bias_regularizer: penalties on the weights.
        kernel_constraint, bias_constraint: applied to the weights after updates.
        lora_rank, lora_alpha, gptq_unpacked_column_size, quantization_config: accepted
            for compatibility.

    Raises:
        ValueError: if the equation is none, or does not fit the shapes.

    Example:
        >>> layer = keras.layers.EinsumDense("abc,cd->abd", (None, 8), bias_axes="d")
        >>> layer(numpy.ones((2, 3, 4))).shape
        (2, 3, 8)
    """

    _omit_none = frozenset({"lora_rank", "lora_alpha", "gptq_unpacked_column_size"})

    def __init__(
        self,
        equation: str,
        output_shape: int | Sequence[int | None],
        activation: Activation | None = None,
        bias_axes: str | None = None,
        kernel_initializer: Initializer = "glorot_uniform",
        bias_initializer: Initializer = "zeros",
        kernel_regularizer: Regularizer | None = None,
        bias_regularizer: Regularizer | None = None,
        kernel_constraint: Constraint | None = None,
        bias_constraint: Constraint | None = None,
        lora_rank: int | None = None,
        lora_alpha: int | None = None,
        gptq_unpacked_column_size: int | None = None,
        quantization_config: Any = None,
        **kwargs: Unpack[LayerOptions],
    ) -> None:
        super().__init__(**kwargs)
        self.equation = equation
        self.output_shape: tuple[int | None, ...] = (
            (output_shape,) if isinstance(output_shape, int) else tuple(output_shape)
        )
        self.activation: Callable[..., Tensor] = activations.get(activation)
        self.bias_axes = bias_axes
        self.kernel_initializer: Function = initializers.get(kernel_initializer)
        self.bias_initializer: Function = initializers.get(bias_initializer)
        self.kernel_regularizer: Function | None = regularizers.get(kernel_regularizer)
        self.bias_regularizer: Function | None = regularizers.get(bias_regularizer)
        self.kernel_constraint: Function | None = constraints.get(kernel_constraint)
        self.bias_constraint: Function | None = constraints.get(bias_constraint)
        self.lora_rank: int | None = lora_rank
        self.lora_alpha: int | None = lora_alpha
        self.gptq_unpacked_column_size = gptq_unpacked_column_size
        self.quantization_config = quantization_config
        match = _EQUATION.fullmatch(equation.replace(" ", ""))
        if match is None:
            raise ValueError(
                f"EinsumDense(equation=...): got {equation!r}; expected the form "
                '"input,kernel->output" in letters, such as "abc,cd->abd".'
            )
        self._input, self._kernel, self._output = match.groups()
        self._contracted = _contracted(*match.groups())

    def build(self, input_shape: Any) -> None:
        """Make the kernel, and the bias if there is one."""
        sizes = self._sizes(tuple(input_shape))
        self.kernel: Variable = self._option_weight(
            "kernel", [sizes[c] for c in self._kernel]
        )
        self.bias: Variable | None = None
        if self.bias_axes:
            elided = len(input_shape) - len(self._input.replace("...", ""))
            self.bias = self._option_weight("bias", self._bias_shape(sizes, elided))

    def _sizes(self, input_shape: Shape) -> dict[str, int | None]:
        """The size of every letter.

        Raises:
            ValueError: if it is in neither shape, or not the same in both.
        """
        output = _by_letter(self._output, (None, *self.output_shape))
        given = _by_letter(self._input, input_shape)
        sizes = {**output, **{k: v for k, v in given.items() if v is not None}}
        unfit = [
            k
            for k, v in output.items()
            if v is not None and given.get(k) not in (None, v)
        ]
        unknown = [k for k in self._kernel if k not in sizes]
        if unfit or unknown:
            raise ValueError(
                f"{self._described()}: equation {self.equation!r} does not fit the "
                f"input of shape {input_shape} and output_shape={self.output_shape}: "
                f"check the axes {', '.join(unfit or unknown)}."
            )
        return sizes

    def _bias_shape(
        self, sizes: dict[str, int | None], elided: int
    ) -> list[int | None]:
        """The sizes of the bias axes, 1 for the others behind the first of them."""
        axes = self.bias_axes or ""
        if any(c not in self._output for c in axes):
            raise ValueError(
                f"EinsumDense(bias_axes={axes!r}): expected letters of the output "
                f"{self._output!r} of the equation."
            )
        behind = self._output[min(self._output.index(c) for c in axes) :]
        before, dots, after = behind.partition("...")
        shape = [sizes[c] if c in axes else 1 for c in before]
        shape += [1] * (elided if dots else 0)
        return shape + [sizes[c] if c in axes else 1 for c in after]

    def call(self, inputs: Tensor, training: bool | None = None) -> Tensor:
        """Compute the outputs."""
        count, bias = self._contracted, self.bias
        if count and (bias is None or bias.shape == self.kernel.shape[count:]):
            return self.activation(dense(inputs, self.kernel, bias, count))
        x = ops.einsum(self.equation, inputs, self.kernel)
        if bias is not None:
            x = ops.add(x, bias)
        return self.activation(x)


def _contracted(given: str, kernel: str, output: str) -> int:
    """How many dimensions are summed over, if they are the last of the inputs and the
    first of the kernel, and its others the last of the outputs; else 0."""
    for count in range(1, len(kernel)):
        batch, units = given[:-count], kernel[count:]
        letters = batch.replace("...", "") + kernel
        fits = given.endswith(kernel[:count]) and output == batch + units
        if fits and len(set(letters)) == len(letters):
            return count
    return 0


def _by_letter(labels: str, shape: Shape) -> dict[str, int | None]:
    """The sizes of the letters: from the front up to "...", the others from the end."""
    before, _, after = labels.partition("...")
    if len(before) + len(after) > len(shape) + (1 if "..." in labels else 0):
        raise ValueError(
            f"EinsumDense: the axes {labels!r} do not fit the shape {shape}."
        )
    found = dict(zip(before, shape, strict=False))
    return {**found, **dict(zip(reversed(after), reversed(shape), strict=False))}
