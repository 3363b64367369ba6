"""What the allocator of the C library does with memory that is freed."""

import os
import sys

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # of mallopt, in malloc.h of glibc
_KEPT = 1 << 29


def keep_freed_memory() -> None:
    """Let the process keep half a gigabyte of freed memory, not hand it back at once.

    A training step takes and frees the same memory again and again. By default glibc
    returns large blocks to the system at once, and the next step waits for pages full
    of zeros: up to a fifth of its time, on torch as on JAX. Whoever sets one of glibc's
    own variables (`MALLOC_TRIM_THRESHOLD_`, ...) decides himself.
    """
    if sys.platform != "linux" or any(
        name.startswith("MALLOC_") for name in os.environ
    ):
        return
    import ctypes  # not needed by what only imports keras

    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:  # other C libraries have none
        mallopt(_MMAP_THRESHOLD, _KEPT)
        mallopt(_TRIM_THRESHOLD, _KEPT)
