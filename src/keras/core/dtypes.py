"""Dtypes by name, and the one table of how they are promoted."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np

from keras.core.config import floatx
from keras.errors import unknown_name

FLOATS = ("float16", "bfloat16", "float32", "float64")
INTS = ("uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64")
COMPLEX = ("complex64", "complex128")
ALL = ("bool", *INTS, *FLOATS, *COMPLEX, "string")

_FLOATS, _INTS = frozenset(FLOATS), frozenset(INTS)
_PYTHON = {bool: "bool", int: "int32", str: "string"}
_SHORT = {"int": "int32", "half": "float16", "double": "float64", "str": "string"}

# PyTorch computes on no unsigned integer but uint8. So that results are the same on all
# engines, the others are stored in the next wider signed type everywhere.
_STORED = {"uint16": "int32", "uint32": "int64", "uint64": "int64"}


def standardize_dtype(dtype: Any) -> str:
    """The name of a dtype given as a string, a Python, NumPy or native type.

    Args:
        dtype: for example "float32", `float`, `numpy.float32`, `torch.float32`;
            `None` means `keras.config.floatx()`.

    Raises:
        UnknownNameError: for what is no dtype.

    Example:
        >>> standardize_dtype(int)
        'int32'
    """
    if type(dtype) is str and dtype in ALL:
        return dtype
    if dtype is None or dtype is float:
        return floatx()
    if isinstance(dtype, type) and dtype in _PYTHON:
        return _PYTHON[dtype]
    if isinstance(dtype, str):
        if dtype == "float":
            return floatx()
        name = _SHORT.get(dtype, dtype)
    elif isinstance(dtype, np.dtype):
        name = str(dtype.name)
    else:
        # torch.float32, jax.numpy.float32, tf.float32, numpy.float32
        found = getattr(dtype, "name", None) or getattr(dtype, "__name__", dtype)
        name = str(found)
    name = name.rsplit(".", 1)[-1]
    if name.startswith("str"):
        name = "string"
    if name not in ALL:
        raise unknown_name("dtype", dtype, ALL)
    return name


def stored(dtype: str) -> str:
    """The dtype in which tensors of `dtype` are held."""
    return _STORED.get(dtype, dtype)


def tensor_dtype(dtype: Any) -> str:
    """The dtype in which tensors are held whose dtype a user gives so.

    Args:
        dtype: as for `standardize_dtype`; `None` means `keras.config.floatx()`.
    """
    if dtype is None:
        return floatx()
    if type(dtype) is str and dtype in _HELD:
        return dtype
    return stored(standardize_dtype(dtype))


_HELD = frozenset(ALL) - _STORED.keys()


def is_float(dtype: str) -> bool:
    """Whether `dtype` names a real floating type."""
    return dtype in _FLOATS


def is_int(dtype: str) -> bool:
    """Whether `dtype` names an integer type (bool is none)."""
    return dtype in _INTS


def is_complex(dtype: str) -> bool:
    """Whether `dtype` names a complex type."""
    return dtype in COMPLEX


# Each type and those it may be promoted to in one step, after "JAX type promotion
# semantics". "int" and "float" are Python scalars; their width gives way to a tensor's.
_STEPS: dict[str, tuple[str, ...]] = {
    "bool": ("int",),
    "int": ("uint8", "int8"),
    "uint8": ("int16", "uint16"),
    "uint16": ("int32", "uint32"),
    "uint32": ("int64", "uint64"),
    "uint64": ("float",),
    "int8": ("int16",),
    "int16": ("int32",),
    "int32": ("int64",),
    "int64": ("float",),
    "float": ("float16", "bfloat16", "complex"),
    "float16": ("float32",),
    "bfloat16": ("float32",),
    "float32": ("float64", "complex64"),
    "float64": ("complex128",),
    "complex": ("complex64",),
    "complex64": ("complex128",),
    "complex128": (),
}


@cache
def _above(dtype: str) -> frozenset[str]:
    """`dtype` and all it can be promoted to."""
    return frozenset({dtype}.union(*(_above(d) for d in _STEPS[dtype])))


@cache
def _join(a: str, b: str) -> str:
    """The least type that both can be promoted to."""
    common = _above(a) & _above(b)
    return next(d for d in common if common <= _above(d))


_DEFAULTS = {"int": "int32", "complex": "complex64"}


@cache
def _promote(dtypes: tuple[str, ...]) -> str:
    result = dtypes[0]
    for dtype in dtypes[1:]:
        result = _join(result, dtype)
    return result


def promote(dtypes: Iterable[str]) -> str:
    """The dtype of a result from the dtypes of its arguments.

    "int" and "float" stand for Python scalars.
    """
    result = _promote(tuple(dtypes))
    return floatx() if result == "float" else _DEFAULTS.get(result, result)


def kind(x: Any) -> str | None:
    """The promotion name of a Python scalar, `None` for anything else."""
    return _SCALARS.get(type(x))


_SCALARS = {bool: "bool", int: "int", float: "float", complex: "complex"}

_NARROW = {"int64": "int32", "uint64": "uint32", "float64": "float32"}


def largest(dtype: str) -> float:
    """The largest finite number of a float dtype."""
    return _BFLOAT16_MAX if dtype == "bfloat16" else float(np.finfo(dtype).max)


def resolution(dtype: str) -> float:
    """The distance from 1 to the next number of a float or complex dtype."""
    return 2.0**-7 if dtype == "bfloat16" else float(np.finfo(dtype).eps)


_BFLOAT16_MAX = 3.3895313892515355e38  # NumPy does not know the type


def narrow(dtype: str) -> str:
    """The 32-bit type in place of a 64-bit one."""
    return _NARROW.get(dtype, dtype)


@dataclass(frozen=True, eq=False)  # compared, and hashed fast, by identity
class Rule:
    """How the dtype of an op's result follows from those of its arguments.

    Attributes:
        narrow: 64-bit types become 32-bit ones.
        floating: integers and bools become `floatx`.
        wide: where `floating`, int64 becomes float64.
        counts: bool becomes int32.
        sums: bool and integers below 32 bits become int32.
        strong: Python scalars count as tensors of int32 and `floatx`.
        index: what is neither int32 nor int64 becomes int32.
    """

    narrow: bool = False
    floating: bool = False
    wide: bool = False
    counts: bool = False
    sums: bool = False
    strong: bool = False
    index: bool = False

    @cached_property
    def kept(self) -> set[Any]:
        """The dtypes that arguments and result have in common: the fast path.

        Names, and what engines call them, as far as that has been met (`learn`).
        """
        every = ("bool", *INTS, *FLOATS, *COMPLEX)
        return {d for d in every if _ruled(self, "float32", (d,)) == d}

    @cached_property
    def beside(self) -> dict[tuple[Any, type], type]:
        """As what a Python number counts beside a tensor whose dtype it leaves alone.

        The keys are the tensor's dtype and the number's type.
        """
        return {
            (dtype, number): float if dtype in FLOATS else number
            for dtype in tuple(self.kept)
            for number in (int, float, complex)
            if isinstance(dtype, str)
            and not self.strong
            and _ruled(self, "float32", (dtype, _SCALARS[number])) == dtype
        }

    def learn(self, native: Any, name: str) -> None:
        """That an engine calls the dtype `name` by the object `native`."""
        if name in self.kept and native not in self.kept:
            for number in (int, float, complex):
                if (name, number) in self.beside:
                    self.beside[native, number] = self.beside[name, number]
            self.kept.add(native)

    def __call__(self, *kinds: str) -> str:
        """The dtype of the result; "int" and "float" stand for Python scalars."""
        return _ruled(self, floatx(), kinds)


@cache
def _ruled(rule: Rule, default: str, kinds: tuple[str, ...]) -> str:
    if rule.strong:
        tensors = {"int": "int32", "float": default, "complex": "complex64"}
        kinds = tuple(tensors.get(k, k) for k in kinds)
    result = promote(kinds)
    if rule.floating and not (is_float(result) or result in COMPLEX):
        result = "float64" if rule.wide and result == "int64" else default
    if (rule.counts and result == "bool") or (rule.sums and result in _SMALL):
        result = "int32"
    if rule.index and result != "int64":
        return "int32"
    return narrow(result) if rule.narrow else result


_SMALL = ("bool", "uint8", "int8", "int16")

PLAIN = Rule()

# What the result dtypes of Keras 3 show. An op that does not stand here is `PLAIN`.
_OPS_OF_RULE = {
    Rule(floating=True): """
        arccos arccosh arcsin arcsinh arctan arctanh corrcoef cos cosh divide exp exp2
        expm1 fabs floor i0 log log10 log1p log2 logaddexp2 mean nanmean nanstd nanvar
        reciprocal sin sinc sinh sqrt std tan tanh trapezoid var""",
    Rule(floating=True, narrow=True): """
        average ceil divide_no_nan geomspace linspace logspace nanquantile nextafter
        quantile""",
    Rule(floating=True, narrow=True, strong=True): "arctan2 heaviside hypot logaddexp",
    Rule(floating=True, wide=True): "cbrt deg2rad rad2deg",
    Rule(counts=True): "clip fmod gcd lcm mod power square subtract",
    Rule(narrow=True): "floor_divide fmax fmin matmul maximum minimum tensordot",
    Rule(narrow=True, strong=True): "dot inner",
    Rule(narrow=True, counts=True): "cumprod cumsum",
    Rule(strong=True): "append kron outer",
    Rule(sums=True): "nanprod nansum prod sum trace",
    Rule(index=True): "take",
}
RULES = {name: rule for rule, names in _OPS_OF_RULE.items() for name in names.split()}


def result_type(*dtypes: Any) -> str:
    """The dtype that an op on these would have, 64-bit types counted as 32-bit ones.

    Args:
        dtypes: names of dtypes, or `int`, `float`, `bool` for Python scalars.

    Example:
        >>> keras.backend.result_type("int32", "float16")
        'float16'
    """
    if not dtypes:
        return floatx()
    weak = {int: "int", float: "float", bool: "bool"}
    names = [
        weak[d] if d in (int, float, bool) else narrow(standardize_dtype(d))
        for d in dtypes
    ]
    return narrow(promote(names))
