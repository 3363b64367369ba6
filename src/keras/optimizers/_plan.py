"""What is known of an update before the gradients come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from keras.core.updates import Group
from keras.core.variable import Variable
from keras.optimizers._lists import TensorList

if TYPE_CHECKING:
    from keras.optimizers._optimizer import Optimizer

# Slots that belong to the base class and not to the update.
_SHARED_SLOTS = ("average", "gradient_accumulator")


class Slots(dict[str, TensorList]):
    """The state of the variables of one update, by slot.

    `places[name]` are the variables that have the slot `name`, where not all do.
    """

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.places: dict[str, list[int]] = plan.places
        for name in plan.own:
            self[name] = TensorList(plan.slots[name].read())


class Plan:
    """All that is known before the gradients come: which variables, which state."""

    def __init__(self, optimizer: Optimizer, variables: Sequence[Variable]) -> None:
        self.variables: list[Variable] = list(variables)
        self.weights: Group = Group(variables)
        self.decayed: list[int] = [
            i for i, v in enumerate(variables) if optimizer._use_weight_decay(v)
        ]
        rows = [optimizer._get_variable_index(v) for v in variables]
        self.slots: dict[str, Group] = {}
        self.places: dict[str, list[int]] = {}
        for name, slot in optimizer._slots.items():
            self.places[name] = [
                i for i, row in enumerate(rows) if slot[row] is not None
            ]
            self.slots[name] = Group([slot[rows[i]] for i in self.places[name]])
        self.own: list[str] = [name for name in self.slots if name not in _SHARED_SLOTS]
