"""Random numbers from explicit seeds, or from the global one."""

from keras.core.seeds import SeedGenerator as SeedGenerator
