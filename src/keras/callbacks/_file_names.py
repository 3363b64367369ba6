"""Names of files that hold the epoch and the metrics."""

from __future__ import annotations

from typing import Any

from keras.callbacks._callback import Logs


def filled(template: str, owner: str, epoch: int, batch: int | None, logs: Logs) -> str:
    """`template` with `{epoch}`, `{batch}` (from 1) and metrics filled in.

    Args:
        template: such as "model-{epoch:02d}-{val_loss:.2f}.keras".
        owner: the name of the callback, for errors.
        epoch, batch: numbers from 0; `batch` only within an epoch.
        logs: the metrics.

    Raises:
        KeyError: for a name that is no metric.
    """
    values: dict[str, Any] = {"epoch": epoch + 1, **logs}
    if batch is not None:
        values["batch"] = batch + 1
    try:
        return template.format(**values)
    except KeyError as error:
        raise KeyError(
            f"{owner}(filepath={template!r}): there is no {error.args[0]!r} at this "
            f"time; available are {', '.join(values)}. Use one of these."
        ) from None
