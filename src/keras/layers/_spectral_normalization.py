"""`SpectralNormalization`: a layer whose kernel has largest singular value 1."""

from typing import Any, Unpack

from keras import initializers, ops
from keras.core.variable import Variable
from keras.layers._layer import Layer, LayerOptions
from keras.layers._options import positive_int
from keras.layers._wrapper import Wrapper
from keras.typing import Tensor


class SpectralNormalization(Wrapper):
    """Divides the kernel of a layer by its largest singular value, in training.

    The value is estimated by power iterations that go on from call to call (Miyato et
    al. 2018, Spectral normalization for generative adversarial networks).

    Args:
        layer: a layer with a `kernel` or `embeddings`.
        power_iterations: how many per call.

    Raises:
        AttributeError: if the layer has neither.

    Example:
        >>> layer = keras.layers.SpectralNormalization(keras.layers.Dense(8))
        >>> layer(numpy.ones((2, 4)), training=True).shape
        (2, 8)
    """

    def __init__(
        self, layer: Layer, power_iterations: int = 1, **kwargs: Unpack[LayerOptions]
    ) -> None:
        super().__init__(layer, **kwargs)
        self.power_iterations: int = positive_int(
            power_iterations, "SpectralNormalization", "power_iterations"
        )

    def build(self, input_shape: Any = None) -> None:
        """Build the layer inside, and make the vector of the power iterations."""
        super().build(input_shape)
        kernel = getattr(self.layer, "kernel", None)
        if kernel is None:
            kernel = getattr(self.layer, "embeddings", None)
        if kernel is None:
            raise AttributeError(
                f"{self._described()}: the layer {self.layer.name!r} "
                f"({type(self.layer).__name__}) has neither kernel nor embeddings. "
                "Wrap a layer that has, such as Dense or Conv2D."
            )
        self.kernel = kernel
        self.vector_u: Variable = self.add_weight(
            name="vector_u",
            shape=(1, kernel.shape[-1]),
            initializer=initializers.TruncatedNormal(stddev=0.02),
            trainable=False,
        )

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        """Normalize the kernel if `training`, then call the layer."""
        if training:
            kernel, vector = self.normalized_weights()
            self.kernel.assign(kernel)
            self.vector_u.assign(vector)
        return self.layer(inputs)  # type: ignore[no-any-return]

    def normalized_weights(self) -> tuple[Tensor, Tensor]:
        """The kernel divided by its largest singular value, and the next vector."""
        kernel = ops.reshape(self.kernel, (-1, self.kernel.shape[-1]))
        u: Any = self.vector_u
        for _ in range(self.power_iterations):
            v = ops.normalize(ops.matmul(u, ops.transpose(kernel)), epsilon=1e-12)
            u = ops.normalize(ops.matmul(v, kernel), epsilon=1e-12)
        u, v = ops.stop_gradient(u), ops.stop_gradient(v)
        sigma = ops.matmul(ops.matmul(v, kernel), ops.transpose(u))  # (1, 1)
        shape = self.kernel.shape
        return ops.reshape(ops.divide(kernel, sigma), shape), u
