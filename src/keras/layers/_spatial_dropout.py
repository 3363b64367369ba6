"""Dropout of whole channels: `SpatialDropout1D` to `SpatialDropout3D`."""

from typing import Any, Unpack

from keras import random
from keras.core.config import check_data_format
from keras.layers._dropout import Dropout
from keras.layers._input_spec import InputSpec
from keras.layers._layer import UntypedOptions
from keras.typing import Config, DataFormat, Tensor


class SpatialDropout(Dropout):
    """Drops channels of inputs with `rank` spatial axes; subclasses set `rank`."""

    rank: int
    data_format: str

    def __init__(
        self,
        rate: float,
        data_format: DataFormat | None = None,
        seed: int | None = None,
        name: str | None = None,
        dtype: str | None = None,
        **kwargs: Unpack[UntypedOptions],
    ) -> None:
        super().__init__(rate, seed=seed, name=name, dtype=dtype, **kwargs)
        self.data_format = check_data_format(data_format)
        self.input_spec: Any = InputSpec(ndim=self.rank + 2)

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        """Drop channels if `training`, else return the input."""
        if not training or self.rate == 0:
            return inputs
        ones = (1,) * self.rank
        batch = inputs.shape[0]
        shape = (
            (batch, *ones, inputs.shape[-1])
            if self.data_format == "channels_last"
            else (batch, inputs.shape[1], *ones)
        )
        return random.dropout(inputs, self.rate, shape, self.seed_generator)

    def get_config(self) -> Config:
        """The constructor's arguments; those that other implementations read too."""
        return {
            "rate": self.rate,
            "seed": self.seed,
            "name": self.name,
            "dtype": self.dtype_policy.name,
            "data_format": self.data_format,
        }


class SpatialDropout1D(SpatialDropout):
    """Sets whole channels of `(batch, steps, channels)` to zero in training.

    As `Dropout`, for inputs whose neighbouring steps are alike (Tompson et al. 2015,
    Efficient object localization using convolutional networks).

    Args:
        rate: the share of channels that is dropped, from 0 to 1.
        seed: an int, or a `keras.random.SeedGenerator`.

    Example:
        >>> keras.layers.SpatialDropout1D(0.5)(numpy.ones((2, 3, 4)), training=True)
    """

    rank = 1

    def __init__(
        self,
        rate: float,
        seed: int | None = None,
        name: str | None = None,
        dtype: str | None = None,
        **kwargs: Unpack[UntypedOptions],
    ) -> None:
        super().__init__(rate, "channels_last", seed, name, dtype, **kwargs)

    def get_config(self) -> Config:
        """The constructor's arguments."""
        config = super().get_config()
        del config["data_format"]
        return config


class SpatialDropout2D(SpatialDropout):
    """Sets whole channels of `(batch, height, width, channels)` to zero in training.

    Args:
        rate: the share of channels that is dropped, from 0 to 1.
        data_format: "channels_last" or "channels_first"; default:
            `keras.config.image_data_format()`.
        seed: an int, or a `keras.random.SeedGenerator`.

    Example:
        >>> keras.layers.SpatialDropout2D(0.5)(numpy.ones((2, 3, 3, 4)), training=True)
    """

    rank = 2


class SpatialDropout3D(SpatialDropout):
    """Sets whole channels of `(batch, depth, height, width, channels)` to zero.

    The arguments are those of `SpatialDropout2D`.

    Example:
        >>> x = numpy.ones((2, 3, 3, 3, 4))
        >>> keras.layers.SpatialDropout3D(0.5)(x, training=True)
    """

    rank = 3
