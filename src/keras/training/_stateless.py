"""The loss as a pure function of the state, for JAX and other functional code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from keras.core.scopes import StatelessScope
from keras.training._stepping import Stepping
from keras.typing import Tensor

Values = Sequence[Tensor]
"""The values of some variables, in their order."""


class Stateless(Stepping):
    """The part of `Trainer` that takes state and returns it, and changes nothing."""

    def stateless_compute_loss(
        self,
        trainable_variables: Values,
        non_trainable_variables: Values,
        metrics_variables: Values,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> tuple[Tensor | None, tuple[Values, Values, Values]]:
        """`compute_loss` as a pure function.

        Args:
            trainable_variables, non_trainable_variables, metrics_variables: values for
                the variables of these names.
            x, y, y_pred, sample_weight, training: those of `compute_loss`.

        Returns:
            The loss, and the new values of the three groups of variables.
        """
        groups = (trainable_variables, non_trainable_variables, metrics_variables)
        with self._state_of(*groups) as scope:
            loss = self.compute_loss(x, y, y_pred, sample_weight, training=training)
            return loss, self._new_values(scope)

    def compute_loss_and_updates(
        self,
        trainable_variables: Values,
        non_trainable_variables: Values,
        metrics_variables: Values,
        x: Any,
        y: Any,
        sample_weight: Any,
        training: bool = False,
        optimizer_variables: Values | None = None,
    ) -> tuple[Tensor | None, tuple[Tensor | None, Any, Values, Values]]:
        """The model and its loss as one pure function, to be differentiated.

        Args:
            trainable_variables, non_trainable_variables, metrics_variables: values for
                the variables of these names.
            x, y, sample_weight: a batch.
            training: whether the model is called in training.
            optimizer_variables: values for those of the optimizer, which may scale the
                loss.

        Returns:
            The loss as the optimizer scales it, and `(loss, y_pred,
            non_trainable_variables, metrics_variables)`.
        """
        groups = (trainable_variables, non_trainable_variables, metrics_variables)
        with self._state_of(*groups, optimizer_variables) as scope:
            y_pred = self._call_model(x, training)
            loss = self.compute_loss(x, y, y_pred, sample_weight, training=training)
            scaled = loss
            if training and self.optimizer is not None:
                scaled = self.optimizer.scale_loss(loss)
            _, others, metrics = self._new_values(scope)
        self._forget_traces()
        return scaled, (loss, y_pred, others, metrics)

    def jax_state_sync(self) -> None:
        """Accepted for compatibility: variables hold their values at all times."""

    @contextmanager
    def _state_of(
        self,
        trainable: Values,
        others: Values,
        metrics: Values,
        optimizer: Values | None = None,
    ) -> Iterator[StatelessScope]:
        mapping = [
            *zip(self.trainable_variables, trainable, strict=True),
            *zip(self.non_trainable_variables, others, strict=True),
            *zip(self.metrics_variables, metrics, strict=True),
        ]
        if optimizer is not None:
            mapping += zip(self.optimizer.variables, optimizer, strict=True)
        with StatelessScope(mapping) as scope:
            yield scope

    def _new_values(self, scope: StatelessScope) -> tuple[Values, Values, Values]:
        groups = (
            self.trainable_variables,
            self.non_trainable_variables,
            self.metrics_variables,
        )
        first, second, third = ([scope.read(v) for v in group] for group in groups)
        return first, second, third
