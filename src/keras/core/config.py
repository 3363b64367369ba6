"""Process-wide defaults: `keras.config`."""

import json
from dataclasses import asdict
from typing import Literal

from keras.backend import current
from keras.backend.settings import (
    DATA_FORMATS,
    FLOATS,
    Settings,
    config_path,
    settings,
)
from keras.core import scopes


def backend() -> str:
    """The name of the active engine: "torch", "jax", "tensorflow" or "numpy".

    Example:
        >>> keras.config.backend()
        'torch'
    """
    return current.active()


def set_backend(backend: str) -> None:
    """Switch to another engine, here and now; variables move over when next used.

    Args:
        backend: "torch", "jax", "tensorflow" or "numpy".

    Raises:
        RuntimeError: inside a function that an engine is tracing.

    Example:
        >>> keras.config.set_backend("jax")
    """
    if scopes.is_tracing():
        raise RuntimeError(
            f"keras.config.set_backend({backend!r}): called while a function is traced "
            "or run without state. Switch engines outside of models and train steps."
        )
    current.set_active(backend)


def floatx() -> str:
    """The default float dtype: "float32" unless set otherwise."""
    return settings().floatx


def set_floatx(value: str) -> None:
    """Set the default float dtype.

    Args:
        value: "float16", "bfloat16", "float32" or "float64".
    """
    if value not in FLOATS:
        raise ValueError(
            f"keras.config.set_floatx: got {value!r}; expected one of "
            f"{', '.join(FLOATS)}."
        )
    settings().floatx = value


def epsilon() -> float:
    """The small number that keeps divisions and logarithms finite: 1e-7."""
    return settings().epsilon


def set_epsilon(value: float) -> None:
    """Set the number that `epsilon` returns."""
    settings().epsilon = float(value)


def image_data_format() -> Literal["channels_last", "channels_first"]:
    """Where the channels of images stand by default: "channels_last"."""
    return settings().image_data_format  # type: ignore[return-value]


def set_image_data_format(data_format: str) -> None:
    """Set the default of every `data_format` argument.

    Args:
        data_format: "channels_last" or "channels_first".
    """
    settings().image_data_format = check_data_format(data_format)


def check_data_format(data_format: str | None) -> str:
    """`data_format`, or the default for `None`; an error for anything else."""
    if data_format is None:
        return settings().image_data_format
    if data_format not in DATA_FORMATS:
        raise ValueError(
            f"data_format: got {data_format!r}; expected 'channels_last' or "
            "'channels_first'."
        )
    return data_format


def write_defaults() -> str:
    """Create `keras.json` with the default settings, and return its path.

    A file that is there stays as it is.
    """
    path = config_path()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(Settings()), indent=4) + "\n", "utf-8")
    return str(path)


class _Flags:
    """Switches of `keras.config` that hold a single value."""

    interactive_logging = True
    traceback_filtering = True
    unsafe_deserialization = False
    flash_attention: bool | None = None
    max_epochs: int | None = None
    max_steps_per_epoch: int | None = None


flags: _Flags = _Flags()


def enable_interactive_logging() -> None:
    """Show progress bars on standard output (the default)."""
    flags.interactive_logging = True


def disable_interactive_logging() -> None:
    """Show no progress bars; progress goes to the log."""
    flags.interactive_logging = False


def is_interactive_logging_enabled() -> bool:
    """Whether progress bars are shown."""
    return flags.interactive_logging


def enable_traceback_filtering() -> None:
    """Leave frames inside Keras out of tracebacks (the default)."""
    flags.traceback_filtering = True


def disable_traceback_filtering() -> None:
    """Show whole tracebacks."""
    flags.traceback_filtering = False


def is_traceback_filtering_enabled() -> bool:
    """Whether frames inside Keras are left out of tracebacks."""
    return flags.traceback_filtering


def enable_unsafe_deserialization() -> None:
    """Let `load_model` run code from files. Only for files whose author you trust."""
    flags.unsafe_deserialization = True


def enable_flash_attention() -> None:
    """Use the engine's fused attention kernel wherever it can be used."""
    flags.flash_attention = True


def disable_flash_attention() -> None:
    """Never use the engine's fused attention kernel."""
    flags.flash_attention = False


def is_flash_attention_enabled() -> bool | None:
    """What was set; `None` leaves the choice to each call."""
    return flags.flash_attention


def is_nnx_enabled() -> bool:
    """Whether variables are Flax NNX variables: never here."""
    return False


def max_epochs() -> int | None:
    """The bound on epochs of every `fit`, or `None`."""
    return flags.max_epochs


def set_max_epochs(max_epochs: int | None) -> None:
    """Bound the epochs of every `fit`; `None` lifts the bound."""
    flags.max_epochs = max_epochs


def max_steps_per_epoch() -> int | None:
    """The bound on steps of every epoch, or `None`."""
    return flags.max_steps_per_epoch


def set_max_steps_per_epoch(max_steps_per_epoch: int | None) -> None:
    """Bound the steps of every epoch; `None` lifts the bound."""
    flags.max_steps_per_epoch = max_steps_per_epoch
