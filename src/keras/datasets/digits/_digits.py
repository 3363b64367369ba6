"""The handwritten digits that come with the package."""

from pathlib import Path
from typing import Any

import numpy as np

_FILE = Path(__file__).with_name("digits.npz")
_TEST_SAMPLES = 360
_STRIDE = 619
"""Walks through the samples in steps that share nothing with the order of digits."""

Split = tuple[np.ndarray[Any, np.dtype[np.uint8]], np.ndarray[Any, np.dtype[np.uint8]]]


def load_data() -> tuple[Split, Split]:
    """1,797 scanned handwritten digits, 8x8 grey: no download needed.

    The test half of "Optical Recognition of Handwritten Digits" (E. Alpaydin and C.
    Kaynak, 1998, UCI Machine Learning Repository, doi 10.24432/C50P49, licence CC BY
    4.0), which scikit-learn ships too. The split is fixed, spread over all writers.

    Returns:
        `(x_train, y_train), (x_test, y_test)`: uint8 images `(1437, 8, 8)` and
        `(360, 8, 8)` with values from 0 to 16, and their digits, uint8 `(1437,)` and
        `(360,)`.

    Example:
        >>> (x_train, y_train), (x_test, y_test) = keras.datasets.digits.load_data()
        >>> x_train = x_train[..., None] / 16.0
    """
    with np.load(_FILE, allow_pickle=False) as file:
        images, labels = file["images"], file["labels"]
    test = np.arange(len(labels)) * _STRIDE % len(labels) < _TEST_SAMPLES
    return (images[~test], labels[~test]), (images[test], labels[test])
