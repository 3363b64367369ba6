"""Checks of the options that optimizers take."""

from typing import Any

from keras.core.config import epsilon


def check_options(owner: str, **options: Any) -> None:
    """Refuse options that contradict each other or are out of range.

    Raises:
        ValueError: if they are.
    """
    clips = {k: options[k] for k in ("clipnorm", "clipvalue", "global_clipnorm")}
    given = [k for k, v in clips.items() if v is not None]
    if len(given) > 1:
        raise ValueError(
            f"{owner}: got {' and '.join(given)}; expected at most one way of "
            "clipping. Leave one out."
        )
    for name in given:
        if not clips[name] > 0:
            raise ValueError(
                f"{owner}({name}=...): got {clips[name]!r}; expected a positive number."
                f" Leave it out for no clipping."
            )
    momentum, frequency = options["ema_momentum"], options["ema_overwrite_frequency"]
    if options["use_ema"] and not 0 <= momentum <= 1:
        raise ValueError(
            f"{owner}(ema_momentum=...): got {momentum!r}; expected a number from 0 to "
            "1. Pass for example 0.99."
        )
    if frequency is not None and not (isinstance(frequency, int) and frequency >= 1):
        raise ValueError(
            f"{owner}(ema_overwrite_frequency=...): got {frequency!r}; expected an int "
            "of at least 1, or None."
        )
    steps = options["gradient_accumulation_steps"]
    if steps is not None and not (isinstance(steps, int) and steps >= 2):
        raise ValueError(
            f"{owner}(gradient_accumulation_steps=...): got {steps!r}; expected an int "
            "of at least 2. Leave it out to update at every call."
        )


def check_range(owner: str, name: str, value: Any) -> None:
    """Refuse a coefficient outside of [0, 1].

    Raises:
        ValueError: if it is.
    """
    if not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValueError(
            f"{owner}({name}=...): got {value!r}; expected a number from 0 to 1. Pass "
            f"for example {name}=0.9."
        )


def resolve_epsilon(value: float | None) -> float:
    """`value`, or the default epsilon for `None`."""
    return epsilon() if value is None else value
