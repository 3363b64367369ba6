"""What can be added to any optimizer: clipping, decay, averaging, accumulation.

Each part is a function or class of its own that `Optimizer` calls before or after the
update; no optimizer's file knows of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from keras.backend import current
from keras.core.updates import update_if
from keras.core.variable import Variable
from keras.optimizers._lists import TensorList, list_where

if TYPE_CHECKING:
    from keras.optimizers._optimizer import Optimizer
from keras.optimizers._plan import Plan


def clip_by_value(g: TensorList, bound: float) -> TensorList:
    """Every entry between `-bound` and `bound`."""
    return g.minimum(bound).maximum_(-bound)


def clip_by_norm(g: TensorList, bound: float) -> TensorList:
    """Every tensor scaled down to norm `bound` where its norm is larger."""
    return g / (g.norm().maximum_(bound) / bound)


def clip_by_global_norm(g: TensorList, bound: float) -> TensorList:
    """All scaled by one factor so that their common norm is at most `bound`."""
    engine = current.engine
    norms = engine.stack([engine.cast(n, "float32") for n in g.norm().items], 0)
    norm = engine.sqrt(engine.sum(norms * norms, (0,), False))
    return g * (bound / engine.clip(norm, bound, None))


class Exclusions:
    """Which variables weight decay leaves alone."""

    def __init__(self) -> None:
        self._ids: set[int] = set()
        self._kept: list[Variable] = []
        self._patterns: list[re.Pattern[str]] = []

    def add(
        self, variables: Iterable[Variable] | None, names: Iterable[str] | None
    ) -> None:
        """Exclude variables, and all whose name contains one of `names`."""
        self._kept.extend(variables or ())
        self._ids = {id(v) for v in self._kept}
        self._patterns += [re.compile(name) for name in names or ()]

    def __contains__(self, variable: Variable) -> bool:
        if id(variable) in self._ids:
            return True
        return any(p.search(variable.name) for p in self._patterns)


def decay(w: TensorList, places: Sequence[int], factor: Any) -> None:
    """Weights at `places` times `factor`."""
    if len(places) == len(w.items):
        w *= factor
    elif places:
        part = w.pick(places)
        part *= factor
        w.put(places, part)


def average(
    averages: TensorList,
    w: TensorList,
    momentum: float,
    frequency: int | None,
    step: Any,
) -> None:
    """Moving averages of the weights; every `frequency` steps they replace them."""
    if not current.engine.is_tensor(step):
        averages.lerp_(w, 1 - momentum if step > 1 else 1.0)
        if frequency and step % frequency == 0:
            w.assign_(averages)
        return
    first = current.engine.cast(step <= 1, "float32")
    averages.lerp_(w, 1 - momentum * (1 - first))
    if frequency:
        now = step % frequency == 0
        w.items = list_where(now, averages.items, w.items)


def accumulate(optimizer: Optimizer, plan: Plan, g: TensorList, steps: int) -> None:
    """Add gradients up, and every `steps` calls update with their mean."""
    accumulators = plan.slots["gradient_accumulator"]
    total = TensorList(accumulators.read())
    total += g
    accumulators.write(total.items)

    def update() -> None:
        total = TensorList(accumulators.read())
        optimizer._step(total / steps, plan)
        accumulators.write(total.zero_().items)

    count = optimizer._count() + 1
    update_if(count % steps == 0, update, [*optimizer.variables, *plan.variables])
