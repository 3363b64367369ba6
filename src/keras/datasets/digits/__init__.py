"""1,797 scanned handwritten digits, 8x8 grey, bundled with the package."""

from keras.datasets.digits._digits import load_data as load_data
