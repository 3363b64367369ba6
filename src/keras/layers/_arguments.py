"""Shapes, tensors and masks in the arguments of a layer call."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any

import numpy as np

from keras.backend import current
from keras.core import masks, naming, tree
from keras.core.dtypes import is_float, standardize_dtype, stored
from keras.core.keras_tensor import KerasTensor
from keras.core.operators import call as call_op
from keras.core.variable import Variable
from keras.errors import shorten

if TYPE_CHECKING:
    from keras.layers._layer import Layer


def converted(x: Any, dtype: str | None) -> Any:
    """Arrays in the structure `x` as tensors; floats cast to `dtype` if it is given."""
    kind = type(x)
    if kind is list or kind is tuple:
        return kind(converted(item, dtype) for item in x)
    if kind is dict:
        return {k: converted(v, dtype) for k, v in x.items()}
    if x is None or kind in (bool, int, float, str):
        return x
    engine = current.engine
    if isinstance(x, KerasTensor):
        if dtype is not None and is_float(x.dtype) and x.dtype != dtype:
            return call_op("cast", x, dtype)
        return x
    if engine.is_tensor(x):
        if dtype is not None:
            given = engine.dtype(x)
            if given != dtype and is_float(given):
                return _cast_with_mask(x, dtype)
        return x
    if isinstance(x, Variable):
        return x.value
    if hasattr(x, "__array__") or hasattr(x, "__dlpack__"):
        given = standardize_dtype(getattr(x, "dtype", np.asarray(x).dtype))
        if given == "string":
            return x
        target = dtype if dtype is not None and is_float(given) else stored(given)
        return engine.convert(x, target)
    return x


def _cast_with_mask(x: Any, dtype: str) -> Any:
    result = current.engine.cast(x, dtype)
    if masks.in_use:
        masks.set_mask(result, masks.get_mask(x))
    return result


def has_shape(x: Any) -> bool:
    """Whether `x` is a tensor or a non-empty structure of tensors."""
    if hasattr(x, "shape"):
        return True
    if isinstance(x, list | tuple):
        return bool(x) and all(has_shape(i) or i is None for i in x)
    return isinstance(x, dict) and bool(x) and all(map(has_shape, x.values()))


def shapes_of(x: Any) -> Any:
    """The shape of every tensor in the structure `x`."""
    if hasattr(x, "shape"):
        return tuple(None if d is None else int(d) for d in x.shape)
    if isinstance(x, dict):
        return {k: shapes_of(v) for k, v in x.items()}
    if isinstance(x, list | tuple):
        return [shapes_of(i) for i in x]
    return None


def as_shapes(x: Any) -> Any:
    """Shapes read from a file or typed by hand, as tuples."""
    if x is None:
        return None
    if isinstance(x, dict):
        return {k: as_shapes(v) for k, v in x.items()}
    if isinstance(x, int):
        return (x,)
    if all(d is None or isinstance(d, int | np.integer) for d in x):
        return tuple(None if d is None else int(d) for d in x)
    return [as_shapes(i) for i in x]


def weight_shape(shape: Any, layer: str, name: str | None) -> tuple[int, ...]:
    """The shape of a new weight.

    Raises:
        ValueError: if a dimension is not known.
    """
    shape = (shape,) if isinstance(shape, int | np.integer) else tuple(shape)
    if any(d is None for d in shape):
        raise ValueError(
            f"{layer}.add_weight(name={name!r}): got shape {shape}; expected known "
            "ints. Give the layer inputs whose needed dimensions are known."
        )
    return tuple(int(d) for d in shape)


def masks_of(x: Any) -> Any:
    """The masks that travel with the tensors of the structure `x`."""
    if isinstance(x, list | tuple):
        return [masks_of(i) for i in x]
    if isinstance(x, dict):
        return {k: masks_of(v) for k, v in x.items()}
    return masks.get_mask(x)


def warn_mask_ignored(layer: Layer) -> None:
    """Say once per layer that a mask ends here."""
    if not layer.__dict__.get("_warned_mask"):
        object.__setattr__(layer, "_warned_mask", True)
        warnings.warn(
            f"{layer._described()} got a mask, which it does not use and does not pass "
            "on. If it treats every time step by itself, set supports_masking = True "
            "in its constructor; else drop the mask before it.",
            stacklevel=4,
        )


def explain(error: Exception, layer: Layer, args: Sequence[Any]) -> None:
    """Add the layer and the shapes that came to an error from inside its `call`."""
    notes = getattr(error, "__notes__", ())
    if any(note.startswith("Raised in ") for note in notes):
        return
    given = [
        f"{tuple(x.shape)} {str(x.dtype).rsplit('.', 1)[-1]}"
        for x in tree.flatten(args)
        if hasattr(x, "shape") and hasattr(x, "dtype")
    ]
    error.add_note(
        shorten(f"Raised in {layer._described()}, called on {', '.join(given)}.", 400)
    )


def wrapped_build(build: Callable[..., None]) -> Callable[..., None]:
    """`build` that opens the layer's name scope, and notes how it was called."""

    @wraps(build)
    def run(self: Layer, *args: Any, **kwargs: Any) -> None:
        if self._is_building:  # a subclass that calls super().build()
            return build(self, *args, **kwargs)
        object.__setattr__(self, "_is_building", True)
        try:
            with naming.absolute_scope(self._scope_of_call()):
                build(self, *args, **kwargs)
        finally:
            object.__setattr__(self, "_is_building", False)
        self.built = True
        names = list(build.__code__.co_varnames[1 : build.__code__.co_argcount])
        shapes = {**dict(zip(names, args, strict=False)), **kwargs}
        self._build_shapes = shapes
        return None

    return run
