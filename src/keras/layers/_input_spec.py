"""`InputSpec`: what shapes and dtypes a layer takes."""

from collections.abc import Mapping, Sequence
from typing import Any

from keras.core import tree
from keras.core.dtypes import standardize_dtype
from keras.errors import ShapeError
from keras.typing import Config, Shape


class InputSpec:
    """Conditions on one input of a layer.

    Args:
        dtype: the expected dtype.
        shape: the expected shape; `None` entries match anything.
        ndim: the expected number of dimensions.
        max_ndim, min_ndim: bounds on the number of dimensions.
        axes: sizes expected on certain axes, `{axis: size}`.
        allow_last_axis_squeeze: let a last axis of size 1 be missing or too many.
        name: the key of this input where inputs are a dict.
        optional: whether the input may be `None`.

    Example:
        >>> layer.input_spec = keras.InputSpec(min_ndim=2, axes={-1: 8})
    """

    def __init__(
        self,
        dtype: str | None = None,
        shape: Shape | None = None,
        ndim: int | None = None,
        max_ndim: int | None = None,
        min_ndim: int | None = None,
        axes: Mapping[int, int | None] | None = None,
        allow_last_axis_squeeze: bool = False,
        name: str | None = None,
        optional: bool = False,
    ) -> None:
        self.dtype: str | None = None if dtype is None else standardize_dtype(dtype)
        self.shape: tuple[int | None, ...] | None = (
            None if shape is None else tuple(shape)
        )
        self.ndim: int | None = len(self.shape) if self.shape is not None else ndim
        self.max_ndim = max_ndim
        self.min_ndim = min_ndim
        self.axes: dict[int, int | None] = {int(k): v for k, v in (axes or {}).items()}
        self.allow_last_axis_squeeze = allow_last_axis_squeeze
        self.name = name
        self.optional = optional

    def get_config(self) -> Config:
        """The constructor's arguments."""
        return {
            "dtype": self.dtype,
            "shape": self.shape,
            "ndim": self.ndim,
            "max_ndim": self.max_ndim,
            "min_ndim": self.min_ndim,
            "axes": self.axes,
            "allow_last_axis_squeeze": self.allow_last_axis_squeeze,
            "name": self.name,
            "optional": self.optional,
        }

    @classmethod
    def from_config(cls, config: Config) -> "InputSpec":
        """A spec from what `get_config` returned."""
        return cls(**config)

    def __repr__(self) -> str:
        parts = {k: v for k, v in self.get_config().items() if v}
        return f"InputSpec({', '.join(f'{k}={v}' for k, v in parts.items())})"

    def mismatch(self, shape: Sequence[int | None]) -> str | None:
        """What is wrong with `shape`, in words, or `None`."""
        shape = tuple(shape)
        ndim = len(shape)
        if self.shape is not None and self.allow_last_axis_squeeze:
            if shape and shape[-1] == 1 and ndim == len(self.shape) + 1:
                shape, ndim = shape[:-1], ndim - 1
            elif self.shape[-1:] == (1,) and ndim + 1 == len(self.shape):
                shape, ndim = (*shape, 1), ndim + 1
        if self.ndim is not None and ndim != self.ndim:
            return f"{self.ndim} dimensions"
        if self.max_ndim is not None and ndim > self.max_ndim:
            return f"at most {self.max_ndim} dimensions"
        if self.min_ndim is not None and ndim < self.min_ndim:
            return f"at least {self.min_ndim} dimensions"
        for axis, size in self.axes.items():
            if size is not None and shape[axis] not in (size, None):
                return f"size {size} on axis {axis}"
        for given, wanted in zip(shape, self.shape or (), strict=False):
            if wanted is not None and given is not None and given != wanted:
                return f"shape {self.shape}"
        return None


def check_inputs(spec: Any, inputs: Any, layer: str) -> None:
    """Compare the inputs of a layer with its `input_spec`.

    Raises:
        ShapeError: naming the layer, what came and what was expected.
    """
    specs = tree.flatten(spec)
    values = tree.flatten(inputs)
    if isinstance(inputs, dict) and all(s.name for s in specs):
        values = [inputs.get(s.name) for s in specs]
    if len(specs) != len(values):
        raise ShapeError(
            f"{layer}: got {len(values)} inputs; expected {len(specs)}. Pass them as a "
            "list or dict of that many tensors."
        )
    for i, (each, value) in enumerate(zip(specs, values, strict=True)):
        if each is None or (value is None and each.optional):
            continue
        shape = getattr(value, "shape", None)
        if shape is None:
            continue
        wrong = each.mismatch(shape)
        if wrong is not None:
            which = f"input {i} of shape" if len(specs) > 1 else "an input of shape"
            raise ShapeError(
                f"{layer}: got {which} {tuple(shape)}; expected {wrong}. Reshape the "
                "input, or build the layer for inputs of this shape."
            )
