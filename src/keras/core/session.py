"""The state of the process that `clear_session` resets."""

import gc
from typing import Any

from keras.core import naming
from keras.core.dtypes import standardize_dtype


def clear_session(free_memory: bool = True) -> None:
    """Forget automatic names, as in a fresh process.

    Random streams go on: after `set_random_seed` a program draws the same numbers in
    every run, whether it clears the session or not.

    Args:
        free_memory: also collect garbage.
    """
    naming.reset()
    if free_memory:
        gc.collect()


def is_float_dtype(dtype: Any) -> bool:
    """Whether `dtype` is a real floating type."""
    return "float" in standardize_dtype(dtype)


def is_int_dtype(dtype: Any) -> bool:
    """Whether `dtype` is an integer type."""
    return "int" in standardize_dtype(dtype)
