"""`Muon`: momentum made orthogonal, for matrices; Adam for all else."""

import re
from collections.abc import Sequence
from typing import Any

from keras import ops
from keras.core.variable import Variable
from keras.optimizers import _parts as parts
from keras.optimizers._lists import TensorList
from keras.optimizers._optimizer import Optimizer
from keras.optimizers._options import resolve_epsilon
from keras.optimizers._plan import Plan, Slots
from keras.optimizers._state import LearningRate, Slotted
from keras.typing import Native, Tensor

# Keeps the division by the norm of a matrix of zeros finite.
_SMALLEST_NORM = 1e-7


class Muon(Optimizer):
    """Momentum whose singular values are all set to 1: Jordan et al., 2024.

    For a matrix, `m = momentum * m + g`, and `w -= learning_rate * scale * O`, where O
    is m (or `g + momentum * m`) with its singular values near 1, by a Newton-Schulz
    iteration, and `scale = rms_rate * sqrt(max(rows, columns))` (arXiv 2502.16982).
    Other variables, and embeddings, are updated by Adam.

    Args:
        learning_rate: float, schedule, or function.
        adam_beta_1: float, Adam's share of the past in the first moment.
        adam_beta_2: float, Adam's share of the past in the second moment.
        adam_weight_decay: float, for the variables that Adam updates.
        epsilon: float of Adam; `None` is `keras.config.epsilon()`.
        weight_decay: float, for the matrices.
        exclude_layers: regular expressions; Adam updates variables whose path has one.
        exclude_embeddings: whether Adam updates variables whose path has "embedding".
        muon_a: first coefficient of the iteration.
        muon_b: second coefficient of the iteration.
        muon_c: third coefficient of the iteration.
        adam_lr_ratio: float, Adam's learning rate over that of the matrices.
        momentum: float.
        ns_steps: int, steps of the iteration.
        nesterov: whether to look ahead.
        rms_rate: float, the root mean square of the update of a square matrix times the
            root of its size; `None` leaves updates as they are.

    The other arguments are those of `keras.optimizers.Optimizer`.

    Example:
        >>> model.compile(optimizer=keras.optimizers.Muon(1e-3), loss="mse")
    """

    def __init__(
        self,
        learning_rate: LearningRate = 0.001,
        adam_beta_1: float = 0.9,
        adam_beta_2: float = 0.999,
        adam_weight_decay: float | None = 0.004,
        epsilon: float | None = 1e-7,
        weight_decay: float | None = 0.004,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: float | None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
        exclude_layers: Sequence[str] | None = None,
        exclude_embeddings: bool = True,
        muon_a: float = 3.4445,
        muon_b: float = -4.7750,
        muon_c: float = 2.0315,
        adam_lr_ratio: float = 1,
        momentum: float = 0.95,
        ns_steps: int = 5,
        nesterov: bool = True,
        rms_rate: float | None = 0.2,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            learning_rate=learning_rate,
            weight_decay=weight_decay,
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
        self.adam_beta_1 = adam_beta_1
        self.adam_beta_2 = adam_beta_2
        self.adam_weight_decay = adam_weight_decay
        self.epsilon: float = resolve_epsilon(epsilon)
        self.exclude_layers: list[str] = list(exclude_layers or ())
        self.exclude_embeddings = exclude_embeddings
        self.muon_a = muon_a
        self.muon_b = muon_b
        self.muon_c = muon_c
        self.adam_lr_ratio = adam_lr_ratio
        self.momentum = momentum
        self.ns_steps = ns_steps
        self.nesterov = nesterov
        self.rms_rate = rms_rate

    def slot_groups(self) -> Slotted:
        """The slots of each variable."""
        return (("momentum", "velocity"),)

    def has_slot(self, variable: Variable, name: str) -> bool:
        """Only Adam needs a velocity."""
        return name != "velocity" or self._by_adam(variable)

    def _by_adam(self, variable: Variable) -> bool:
        path = variable.path
        if len(variable.shape) != 2:
            return True
        if self.exclude_embeddings and "embedding" in path.lower():
            return True
        return any(re.search(pattern, path) for pattern in self.exclude_layers)

    def _decay(self, w: TensorList, plan: Plan, learning_rate: Any) -> None:
        adam = set(plan.places["velocity"])
        for rate, ours in ((self.weight_decay, False), (self.adam_weight_decay, True)):
            if rate:
                places = [i for i in plan.decayed if (i in adam) is ours]
                parts.decay(w, places, 1 - rate * learning_rate)

    def update_all(
        self, w: TensorList, g: TensorList, slots: Slots, learning_rate: Any, step: Any
    ) -> None:
        """Change weights and slots."""
        adam = slots.places["velocity"]
        matrices = sorted(set(range(len(w.items))) - set(adam))
        momenta = slots["momentum"]
        if matrices:
            m, part = momenta.pick(matrices), w.pick(matrices)
            self._update_matrices(part, g.pick(matrices), m, learning_rate)
            w.put(matrices, part)
            momenta.put(matrices, m)
        if adam:
            m, part = momenta.pick(adam), w.pick(adam)
            rate = learning_rate * self.adam_lr_ratio
            self._update_others(part, g.pick(adam), m, slots["velocity"], rate, step)
            w.put(adam, part)
            momenta.put(adam, m)

    def _update_matrices(
        self, w: TensorList, g: TensorList, m: TensorList, learning_rate: Any
    ) -> None:
        m *= self.momentum
        m += g
        direction = m
        if self.nesterov:
            direction = m * self.momentum
            direction += g
        whitened = direction.map(
            lambda x: self.lr_adjust(self.zeropower_via_newtonschulz5(x, self.ns_steps))
        )
        w.add_(whitened, -learning_rate)

    def _update_others(
        self,
        w: TensorList,
        g: TensorList,
        m: TensorList,
        v: TensorList,
        learning_rate: Any,
        step: Any,
    ) -> None:
        past_1, past_2 = self.adam_beta_1, self.adam_beta_2
        m.lerp_(g, 1 - past_1)
        v *= past_2
        v.addcmul_(g, g, 1 - past_2)
        root = v.sqrt()
        root += self.epsilon
        bias = (1 - past_2**step) ** 0.5 / (1 - past_1**step)
        w.addcdiv_(m, root, -learning_rate * bias)

    def transpose_last_axis(self, X: Native) -> Tensor:
        """`X` with its last two axes swapped."""
        axes = list(range(len(X.shape)))
        axes[-2:] = axes[-1], axes[-2]
        return ops.transpose(X, axes)

    def lr_adjust(self, x: Native) -> Tensor:
        """An update scaled to the root mean square that Adam's have."""
        if self.rms_rate is None:
            return x  # type: ignore[no-any-return]
        return ops.multiply(x, self.rms_rate * max(x.shape[-2:]) ** 0.5)

    def zeropower_via_newtonschulz5(self, x: Native, steps: int) -> Tensor:
        """A matrix with the singular vectors of `x` and singular values near 1.

        Args:
            x: tensor `(..., rows, columns)`.
            steps: int, steps of the iteration `X = a X + (b A + c A A) X`, `A = X X^T`.
        """
        tall = x.shape[-2] > x.shape[-1]
        # The smaller product is cheaper.
        y: Any = self.transpose_last_axis(x) if tall else x
        squares = ops.sum(ops.square(y), axis=(-2, -1), keepdims=True)
        y = y / (ops.sqrt(squares) + _SMALLEST_NORM)
        for _ in range(steps):
            a = ops.matmul(y, self.transpose_last_axis(y))
            b = self.muon_b * a + self.muon_c * ops.matmul(a, a)
            y = self.muon_a * y + ops.matmul(b, y)
        return self.transpose_last_axis(y) if tall else y
