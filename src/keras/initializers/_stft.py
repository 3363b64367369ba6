"""`STFT`: kernels that compute a short-time Fourier transform by convolution."""

from collections.abc import Callable
from typing import Any, Literal

import numpy as np

from keras.backend import current
from keras.errors import ShapeError, unknown_name
from keras.initializers._initializer import Array, HostInitializer

WINDOWS: dict[str, Callable[[int], Array]] = {
    "hann": np.hanning,
    "hamming": np.hamming,
    "ones": np.ones,
    "rectangular": np.ones,
    "bartlett": np.bartlett,
    "blackman": np.blackman,
}


class STFT(HostInitializer):
    """Kernel `(frame, channels, bins)`: cosines or sines of `2 * (bins - 1)` samples.

    Entry (n, c, k) is `w[n] * cos(2 pi n k / N)`, for the imaginary part
    `-w[n] * sin(2 pi n k / N)`, with `N = 2 * (bins - 1)`.

    Args:
        side: "real" or "imag".
        window: name of a window ("hann", "hamming", "ones", "bartlett", "blackman"), an
            array of `(frame,)`, or `None` for no window.
        scaling: "density" divides the window by the root of its sum of squares,
            "spectrum" by its sum, `None` not at all.
        periodic: whether a window given by name is the periodic form.

    Raises:
        UnknownNameError: for an unknown side, window or scaling.
        ShapeError: when called for a shape that is no such kernel.

    Example:
        >>> keras.initializers.STFT("real", "hann")((128, 1, 513))
    """

    def __init__(
        self,
        side: Literal["real", "imag"] = "real",
        window: Any = "hann",
        scaling: Literal["density", "spectrum"] | None = "density",
        periodic: bool = False,
    ) -> None:
        if side not in ("real", "imag"):
            raise unknown_name("side of STFT", side, ("real", "imag"))
        if isinstance(window, str) and window not in WINDOWS:
            raise unknown_name("window of STFT", window, WINDOWS)
        if scaling not in (None, "density", "spectrum"):
            raise unknown_name("scaling of STFT", scaling, ("density", "spectrum"))
        self.side = side
        self.window = window
        self.scaling = scaling
        self.periodic = periodic

    def values(self, shape: tuple[int, ...], dtype: str, label: str) -> Array:
        """The kernel; each channel has the same."""
        if len(shape) != 3:
            raise ShapeError(
                f"STFT: got shape={shape}; expected (frame, channels, bins). Use it "
                "for the kernel of a Conv1D layer."
            )
        frame, _, bins = shape
        length = max(1, 2 * (bins - 1))
        # Reduced as whole numbers, the angles stay exact for long frames.
        turns = np.outer(np.arange(frame), np.arange(bins)) % length / length
        wave = np.cos if self.side == "real" else (lambda angle: -np.sin(angle))
        kernel = wave(2 * np.pi * turns) * self._window(frame)[:, None]
        return np.broadcast_to(kernel[:, None, :], shape)

    def _window(self, frame: int) -> Array:
        if self.window is None:
            return np.ones(frame)
        if isinstance(self.window, str):
            make = WINDOWS[self.window]
            window = make(frame + 1)[:-1] if self.periodic else make(frame)
        else:
            window = current.engine.to_numpy(self.window)
        if window.shape != (frame,):
            raise ShapeError(
                f"STFT(window=...): got a window of shape {window.shape}; expected "
                f"({frame},), the kernel's first dimension. Pass one of that length."
            )
        if self.scaling == "density":
            return np.asarray(window / np.sqrt(np.sum(np.square(window))))
        if self.scaling == "spectrum":
            return np.asarray(window / np.sum(window))
        return np.asarray(window)
