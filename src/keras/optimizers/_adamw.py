"""`AdamW`: Adam with weight decay."""

from typing import Any

from keras.optimizers._adam import Adam
from keras.optimizers._state import LearningRate


class AdamW(Adam):
    """`Adam` with weight decay by default: Loshchilov and Hutter (arXiv 1711.05101).

    `w -= learning_rate * weight_decay * w` before each update; unlike an L2 penalty it
    is not scaled by the moments.

    Args:
        learning_rate: float, schedule, or function.
        weight_decay: float.
        beta_1: float, the share of the past in the first moment.
        beta_2: float, the share of the past in the second moment.
        epsilon: float that keeps the division finite; `None` is the default of Keras.
        amsgrad: whether to divide by the largest second moment so far.

    The other arguments are those of `keras.optimizers.Optimizer`.

    Example:
        >>> optimizer = keras.optimizers.AdamW(1e-3, weight_decay=0.01)
        >>> optimizer.exclude_from_weight_decay(var_names=["bias"])
    """

    def __init__(
        self,
        learning_rate: LearningRate = 0.001,
        weight_decay: float | None = 0.004,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float | None = 1e-7,
        amsgrad: bool = False,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: float | None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            learning_rate=learning_rate,
            weight_decay=weight_decay,
            beta_1=beta_1,
            beta_2=beta_2,
            epsilon=epsilon,
            amsgrad=amsgrad,
            clipnorm=clipnorm,
            clipvalue=clipvalue,
            global_clipnorm=global_clipnorm,
            use_ema=use_ema,
            ema_momentum=ema_momentum,
            ema_overwrite_frequency=ema_overwrite_frequency,
            loss_scale_factor=loss_scale_factor,
            gradient_accumulation_steps=gradient_accumulation_steps,
            name=name,
            **kwargs,
        )
