"""`RemoteMonitor`: the metrics of every epoch sent to a server."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from keras.callbacks._callback import Callback, Logs
from keras.errors import warn

_TIMEOUT = 10.0
"""Seconds to wait for the server: a training must not hang on it."""


class RemoteMonitor(Callback):
    """Sends the metrics of each epoch to a server by HTTP POST.

    Args:
        root: address of the server.
        path: path on it.
        field: name of the form field that holds the JSON text; not with
            `send_as_json`.
        headers: HTTP headers.
        send_as_json: whether the body is the JSON text itself.

    Example:
        >>> model.fit(x, y, callbacks=[keras.callbacks.RemoteMonitor()])
    """

    def __init__(
        self,
        root: str = "http://localhost:9000",
        path: str = "/publish/epoch/end/",
        field: str = "data",
        headers: Mapping[str, str] | None = None,
        send_as_json: bool = False,
    ) -> None:
        super().__init__()
        if not root.startswith(("http://", "https://")):
            raise ValueError(
                f"RemoteMonitor(root=...): got {root!r}; expected an address that "
                "begins with http:// or https://."
            )
        self.root = root
        self.path = path
        self.field = field
        self.headers = headers
        self.send_as_json = send_as_json

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Send the metrics; a server that does not answer is only warned about."""
        # These take a while to load, and few need them.
        from urllib.error import URLError
        from urllib.parse import urlencode
        from urllib.request import Request, urlopen

        values = {"epoch": epoch, **{k: _plain(v) for k, v in (logs or {}).items()}}
        text = json.dumps(values)
        body = text if self.send_as_json else urlencode({self.field: text})
        kind = "json" if self.send_as_json else "x-www-form-urlencoded"
        headers = {"Content-Type": f"application/{kind}", **(self.headers or {})}
        request = Request(self.root + self.path, body.encode(), headers, method="POST")
        try:
            urlopen(request, timeout=_TIMEOUT).close()
        except (URLError, OSError) as error:
            warn(
                f"RemoteMonitor: could not reach {self.root}{self.path} ({error}). "
                "Start the server, or pass its address as root."
            )


def _plain(value: Any) -> Any:
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else value
