"""`Layer`: an operation with weights."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypedDict

from keras import constraints, initializers, regularizers
from keras.backend import current
from keras.backend.base import Engine
from keras.core import dtypes, masks, naming, policies, scopes, tree
from keras.core.infer import infer_output
from keras.core.keras_tensor import KerasTensor
from keras.core.operation import Node, Operation, fresh, is_symbolic
from keras.core.variable import Aggregation, Variable
from keras.errors import nearest
from keras.layers import _tracking
from keras.layers._arguments import (
    as_shapes,
    converted,
    explain,
    has_shape,
    masks_of,
    shapes_of,
    warn_mask_ignored,
    weight_shape,
    wrapped_build,
)
from keras.layers._call import CallContext, building, call_context, call_signature
from keras.layers._configuration import Configuration
from keras.layers._input_spec import check_inputs
from keras.layers._likeness import likeness
from keras.layers._losses import Losses
from keras.layers._state import State
from keras.typing import Config, Constraint, Function, Initializer, Regularizer, Tensor


class UntypedOptions(TypedDict, total=False):
    """Keyword arguments of a layer whose name and dtype have places of their own."""

    trainable: bool
    autocast: bool
    input_shape: Sequence[int | None]
    batch_input_shape: Sequence[int | None]
    batch_size: int
    input_dtype: str


class UnnamedOptions(UntypedOptions, total=False):
    """Keyword arguments of a layer whose name has a place of its own."""

    dtype: str | policies.DTypePolicy | None


class LayerOptions(UnnamedOptions, total=False):
    """Keyword arguments that every layer takes."""

    name: str | None


class RegularizedOptions(LayerOptions, total=False):
    """Keyword arguments of a layer that hands the penalty on its output to the base."""

    activity_regularizer: Regularizer | None


_INPUT_OPTIONS = ("input_shape", "input_dim", "batch_input_shape", "batch_size")
_BASE_OPTIONS = ("name", "trainable", "dtype", "activity_regularizer", "autocast")


class Layer(Configuration, Losses):
    """A function with a state: variables made in `build`, used in `call`.

    Subclasses define `__init__` (options), `build(input_shape)` (weights, through
    `add_weight`) and `call(inputs)`, which may also take `training` and `mask`.

    Args:
        activity_regularizer: penalty on the output, added to the loss.
        trainable: whether training changes the weights.
        dtype: a dtype or policy such as "mixed_bfloat16"; default: the global policy.
        autocast: whether float inputs are cast to the dtype that the layer computes in.
        name: default: the class name in snake case, counted up.

    Example:
        >>> class Scale(keras.Layer):
        ...     def build(self, input_shape):
        ...         self.scale = self.add_weight(shape=input_shape[-1:], name="scale")
        ...     def call(self, x):
        ...         return x * self.scale
    """

    _is_tracked = True

    def __new__(cls, *args: Any, **kwargs: Any) -> Layer:
        """Keep the arguments: the config is made of them if the author writes none."""
        self = object.__new__(cls)
        object.__setattr__(self, "_init_args", (args, kwargs))
        return self

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "build" in cls.__dict__:
            cls.build = wrapped_build(cls.__dict__["build"])  # type: ignore[method-assign]

    def __init__(
        self,
        *,
        activity_regularizer: Regularizer | None = None,
        trainable: bool = True,
        dtype: Any = None,
        autocast: bool = True,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        current.load_if_imported()
        Operation.__init__(self, name)
        _tracking.touch()
        self._variables: list[Variable] = []
        self._losses = []
        self._loss_owners: list[State] = []
        self._trainable = bool(trainable)
        self._path = None
        self._build_shapes: dict[str, Any] | None = None
        self._is_building = False
        self._was_called = False
        self._saved_weights: Any = None
        self.built: bool = type(self).build is Layer.build
        self.autocast = autocast
        self.dtype_policy = dtype
        self.supports_masking = False
        self.input_spec: Any = None
        self.activity_regularizer: Function | None = regularizers.get(
            activity_regularizer
        )
        self._take_old_options(kwargs)

    def _take_old_options(self, kwargs: dict[str, Any]) -> None:
        """Input shapes given to a first layer, as Keras 2 programs do."""
        given = {k: kwargs.pop(k) for k in _INPUT_OPTIONS if k in kwargs}
        kwargs.pop("input_length", None)
        self._input_dtype_option = kwargs.pop("input_dtype", None)
        self._saved_weights = kwargs.pop("weights", None)
        self._input_shape_option: tuple[int | None, ...] | None = None
        if kwargs:
            known = [*inspect.signature(type(self).__init__).parameters, *_BASE_OPTIONS]
            name = next(iter(kwargs))
            close = nearest(name, [k for k in known if k not in ("self", "kwargs")])
            hint = f"Did you mean {close[0]!r}?" if close else "Leave it out."
            raise TypeError(
                f"{type(self).__name__}(...): got an unknown argument {name!r} "
                f"(unexpected keyword). {hint}"
            )
        if "batch_input_shape" in given:
            self._input_shape_option = tuple(given["batch_input_shape"])
        elif "input_shape" in given:
            shape = given["input_shape"]
            shape = (shape,) if isinstance(shape, int) else tuple(shape)
            self._input_shape_option = (given.get("batch_size"), *shape)
        elif "input_dim" in given:
            self._input_shape_option = (given.get("batch_size"), given["input_dim"])

    # Dtypes.

    @property
    def dtype_policy(self) -> policies.DTypePolicy:
        """In which dtype the layer computes and keeps its weights."""
        return self._dtype_policy

    @dtype_policy.setter
    def dtype_policy(self, value: Any) -> None:
        policy = policies.get(value)
        if isinstance(policy, policies.DTypePolicyMap):
            policy = policy[self.path]
        self._dtype_policy = policy
        self._compute_dtype = policy.compute_dtype
        self._is_mixed = policy.compute_dtype != policy.variable_dtype

    @property
    def dtype(self) -> str:
        """The dtype of the weights."""
        return self._dtype_policy.variable_dtype

    @property
    def variable_dtype(self) -> str:
        """The dtype of the weights."""
        return self._dtype_policy.variable_dtype

    @property
    def compute_dtype(self) -> str:
        """The dtype in which the layer computes."""
        return self._compute_dtype

    @property
    def input_dtype(self) -> str:
        """The dtype that float inputs are cast to."""
        return self._compute_dtype

    @property
    def quantization_mode(self) -> str | None:
        """How the layer is quantized: not at all, if `None`."""
        return self._dtype_policy.quantization_mode

    # Building.

    def add_weight(
        self,
        *args: Any,
        shape: Any = None,
        initializer: Initializer | None = None,
        dtype: Any = None,
        trainable: bool = True,
        autocast: bool = True,
        regularizer: Regularizer | None = None,
        constraint: Constraint | None = None,
        aggregation: Aggregation = "none",
        overwrite_with_gradient: bool = False,
        name: str | None = None,
    ) -> Variable:
        """Make a weight of this layer.

        Args:
            args: `shape`, or `name` and `shape`, by position, as Keras 2 programs do.
            shape: ints; default: a scalar.
            initializer: default: Glorot uniform for floats, zeros for ints.
            dtype: default: the layer's `variable_dtype`.
            trainable: whether training changes it.
            autocast: whether it is cast to the layer's `compute_dtype` inside `call`.
            regularizer: penalty on its value, added to the loss.
            constraint: applied to its value after every update.
            aggregation: how values of several replicas are merged.
            overwrite_with_gradient: whether the gradient is its next value.
            name: default: "variable", counted up.
        """
        for value in args:
            if isinstance(value, str):
                name = value
            else:
                shape = value
        dtype = dtypes.standardize_dtype(dtype or self.variable_dtype)
        if initializer is None:
            initializer = "glorot_uniform" if "float" in dtype else "zeros"
        with naming.absolute_scope(self.path):
            variable = Variable(
                initializers.get(initializer),
                shape=() if shape is None else weight_shape(shape, self.name, name),
                dtype=dtype,
                trainable=trainable,
                autocast=autocast,
                aggregation=aggregation,
                name=name,
            )
        variable.regularizer = regularizers.get(regularizer)
        variable.constraint = constraints.get(constraint)
        variable.overwrite_with_gradient = overwrite_with_gradient
        if not self._trainable and trainable:
            variable.trainable = False
        self._variables.append(variable)
        _tracking.touch()
        return variable

    def add_variable(
        self,
        shape: Any,
        initializer: Initializer,
        dtype: Any = None,
        trainable: bool = True,
        autocast: bool = True,
        regularizer: Regularizer | None = None,
        constraint: Constraint | None = None,
        name: str | None = None,
    ) -> Variable:
        """Make a weight: `add_weight` with its shape first."""
        return self.add_weight(
            shape=shape,
            initializer=initializer,
            dtype=dtype,
            trainable=trainable,
            autocast=autocast,
            regularizer=regularizer,
            constraint=constraint,
            name=name,
        )

    def _option_weight(self, name: str, shape: Any, autocast: bool = True) -> Variable:
        """A weight whose initializer, regularizer and constraint are options."""
        return self.add_weight(
            name=name,
            shape=shape,
            initializer=getattr(self, f"{name}_initializer"),
            regularizer=getattr(self, f"{name}_regularizer"),
            constraint=getattr(self, f"{name}_constraint"),
            autocast=autocast,
        )

    def build(self, input_shape: Any) -> None:
        """Make the weights for inputs of this shape; subclasses override it."""
        # A subclass that calls this is not done yet: other threads must wait.
        self.built = not self._is_building

    def get_build_config(self) -> Config | None:
        """The shapes that `build` was called with."""
        if self._build_shapes is None:
            return None
        if len(self._build_shapes) == 1:
            return {"input_shape": next(iter(self._build_shapes.values()))}
        return {"shapes_dict": dict(self._build_shapes)}

    def build_from_config(self, config: Config) -> None:
        """Build from what `get_build_config` returned."""
        if config.get("input_shape") is not None:
            self.build(as_shapes(config["input_shape"]))
        elif config.get("shapes_dict"):
            shapes = {k: as_shapes(v) for k, v in config["shapes_dict"].items()}
            self.build(**shapes)

    def _build_for(self, args: Sequence[Any], kwargs: dict[str, Any]) -> None:
        """Build from the arguments of the first call."""
        signature = call_signature(type(self).call)
        named = {**dict(zip(signature.names, args, strict=False)), **kwargs}
        shapes = {k: shapes_of(v) for k, v in named.items() if has_shape(v)}
        parameters = list(
            inspect.signature(inspect.unwrap(type(self).build)).parameters
        )[1:]
        wanted = [p for p in parameters if p.removesuffix("_shape") in named]
        if wanted and len(parameters) > 1:
            given = {p: shapes.get(p.removesuffix("_shape")) for p in wanted}
            self.build(**given)
        elif shapes:
            first = next(iter(shapes.values()))
            self.build(first)
        else:
            self.build(None)

    # Calling.

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the layer on tensors, or record it on symbolic ones.

        Args:
            args, kwargs: those of `call`; `training` and `mask` are filled in.
        """
        if self.has_hooks():
            return self.call_with_hooks(*args, **kwargs)  # type: ignore[attr-defined]
        return self._call_without_hooks(*args, **kwargs)

    def _call_without_hooks(self, *args: Any, **kwargs: Any) -> Any:
        if self._was_called:
            return self._call(args, kwargs)
        with naming.absolute_scope(self._scope_of_call()):
            result = self._call(args, kwargs)
        self._was_called = True
        return result

    def _scope_of_call(self) -> str:
        """Where the paths of layers that are built inside `call` begin."""
        if self._path is None:
            outer = naming.current_path()
            self._path = f"{outer}/{self.name}" if outer else self.name
        return self._path

    def _call(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if self._is_planned and self._is_plain_call(args, kwargs):
            return self._call_by_plan(args[0], kwargs.get("training"))
        signature = call_signature(type(self).call)
        args, kwargs = self._prepare(args, kwargs)
        if self.input_spec is not None and args:
            check_inputs(self.input_spec, args[0], self._described())
        if not self.built:
            with building:
                if not self.built:
                    self._build_for(args, kwargs)
                    self._load_saved_weights()
        outer = call_context()
        context = outer or CallContext(None)
        explicit = kwargs.get("training")
        training = (
            kwargs.pop("training", None)
            if not signature.has_training
            else (self._training_argument(args, kwargs, context))
        )
        given = dict(kwargs)
        if explicit is not None and signature.has_training:
            given["training"] = explicit  # a graph keeps it
        found = self._fill_masks(args, kwargs) if masks.in_use else None
        if signature.has_training and training is not None:
            kwargs["training"] = training
        if outer is not None:
            before, context.training = (
                context.training,
                (context.training if training is None else training),
            )
            try:
                outputs = self._run(args, kwargs, given)
            finally:
                context.training = before
        else:
            context.training = training
            outputs = self._run_outermost(context, args, kwargs, given)
        if found is not None and any(m is not None for m in tree.flatten(found)):
            self._set_masks(args[0] if args else None, found, outputs)
        elif self._makes_mask:
            self._set_masks(args[0] if args else None, None, outputs)
        return outputs

    _makes_mask = False
    """Whether `compute_mask` returns a mask where none came in."""

    def _is_plain_call(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
        """Whether a tensor was given and nothing else has to be looked after."""
        return (
            len(args) == 1
            and (not kwargs or (len(kwargs) == 1 and "training" in kwargs))
            and current.engine.is_tensor(args[0])
            and not masks.in_use
            and self.activity_regularizer is None
        )

    def _call_by_plan(self, x: Any, training: bool | None) -> Any:
        """What `_call` comes to for a planned model and one plain tensor."""
        outer = call_context()
        if outer is None:
            context = CallContext(training)
            return self._run_outermost(context, (x,), {"training": training}, {})
        if training is None:
            training = outer.training
        return self.call(x, training=training)

    _is_planned = False
    """Whether it is a model that runs from a plan."""
    _is_container = False
    """Whether it is a model, which takes care of dtypes and of `training` itself."""

    def has_hooks(self) -> bool:
        """Whether functions of others (those of a torch module) run at every call."""
        own = self.__dict__
        return bool(own.get("_forward_hooks") or own.get("_forward_pre_hooks")) or bool(
            own.get("_backward_hooks") or own.get("_backward_pre_hooks")
        )

    def forget_plans(self) -> None:
        """Plan and compile models anew: something has been changed by hand."""
        _tracking.touch()

    @property
    def takes_training(self) -> bool:
        """Whether `call` has an argument `training`."""
        return call_signature(type(self).call).has_training

    def _run_outermost(
        self, context: CallContext, args: Any, kwargs: Any, given: Any
    ) -> Any:
        for owner in self._loss_owners:
            owner._losses.clear()
        with context:
            outputs = self._run(args, kwargs, given)
        self._loss_owners = context.owners
        return outputs

    def _run(self, args: Any, kwargs: dict[str, Any], given: dict[str, Any]) -> Any:
        """`call`, or a node in the graph, in the layer's own dtype."""
        active = scopes.active.get()
        needs_cast = self._is_mixed or (active is not None and active.autocast)
        if is_symbolic(args) or is_symbolic(kwargs):
            return self._record(args, kwargs, given)
        if needs_cast and self.autocast:
            with scopes.autocast(self._compute_dtype if self._is_mixed else None):
                outputs = self._compute(args, kwargs)
        else:
            outputs = self._compute(args, kwargs)
        return outputs

    def _compute(self, args: Any, kwargs: Any) -> Any:
        try:
            outputs = self.call(*args, **kwargs)
        except Exception as error:
            explain(error, self, args)
            raise
        if self.activity_regularizer is not None:
            for output in tree.flatten(outputs):
                if hasattr(output, "shape"):
                    # The penalty counts once per entry of the batch, as the loss does.
                    batch = max(output.shape[0], 1) if output.ndim else 1
                    self.add_loss(self.activity_regularizer(output) / batch)
        return outputs

    def _record(self, args: Any, kwargs: dict[str, Any], given: dict[str, Any]) -> Any:
        passed = {k: v for k, v in kwargs.items() if k not in given}
        passed.pop("training", None)
        outputs = self.compute_output_spec(*args, **{**given, **passed})
        outputs = fresh(outputs, args, kwargs)
        Node(self, args, given, outputs, passed)
        return outputs

    def symbolic_call(self, *args: Any, **kwargs: Any) -> Any:
        """Record a node and return its symbolic outputs."""
        return self._record(args, kwargs, dict(kwargs))

    def _prepare(
        self, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Arrays as tensors, floats in the layer's dtype."""
        dtype = self._compute_dtype if self.autocast else None
        new = tuple(converted(x, dtype) for x in args)
        if kwargs:
            kwargs = {
                k: v
                if k == "training"
                else converted(v, None if "mask" in k else dtype)
                for k, v in kwargs.items()
            }
        return new, kwargs

    def _training_argument(
        self, args: Any, kwargs: dict[str, Any], context: CallContext
    ) -> bool | None:
        training: bool | None = kwargs.pop("training", None)
        if training is None:
            names = call_signature(type(self).call).names
            if "training" in names and len(args) > names.index("training"):
                return None  # given by position
            training = context.training
        return training

    def _fill_masks(self, args: Any, kwargs: dict[str, Any]) -> Any:
        """Add the masks of the inputs to `kwargs`; return that of the first input."""
        signature = call_signature(type(self).call)
        named = dict(zip(signature.names, args, strict=False))
        first = None
        for name, parameter in signature.masks:
            if kwargs.get(parameter) is None and (name in named or name in kwargs):
                mask = masks_of(named.get(name, kwargs.get(name)))
                if any(m is not None for m in tree.flatten(mask)):
                    kwargs[parameter] = mask
        if args:
            first = masks_of(args[0])
        explicit = kwargs.get("mask")
        return explicit if explicit is not None else first

    def _set_masks(self, inputs: Any, found: Any, outputs: Any) -> None:
        if (
            not self.supports_masking
            and not self._makes_mask
            and type(self).compute_mask is Layer.compute_mask
        ):
            warn_mask_ignored(self)
            return
        computed = self.compute_mask(inputs, found)
        if computed is None:
            return
        flat = tree.flatten(outputs)
        each = tree.flatten(computed) if len(flat) > 1 else [computed]
        for output, mask in zip(flat, each, strict=False):
            if mask is not None:
                masks.set_mask(output, mask)

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Compute the outputs; subclasses override it."""
        raise NotImplementedError(
            f"{type(self).__name__} has no call method. Define call(self, inputs)."
        )

    def compute_mask(self, inputs: Any, previous_mask: Any) -> Any:
        """The mask of the outputs, from that of the inputs."""
        return previous_mask if self.supports_masking else None

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        """Symbolic outputs, as `call` would return them."""
        if type(self).compute_output_shape is not Layer.compute_output_shape and not (
            kwargs.keys() - {"mask", "training"}
        ):
            shapes = self.compute_output_shape(shapes_of(args[0]))
            return tree.map_shape_structure(
                lambda s: KerasTensor(s, self._compute_dtype), shapes
            )

        def run(*a: Any, **k: Any) -> Any:
            with CallContext(k.get("training")) as context:
                dtype = self._compute_dtype if self._is_mixed else None
                with scopes.autocast(dtype if self.autocast else None):
                    result = self.call(*a, **k)
                context.forget_losses()
            return result

        return infer_output(run, args, kwargs, self._described(), likeness(self))

    def compute_output_shape(self, *args: Any, **kwargs: Any) -> Any:
        """The shape of the output for an input of a shape, which builds the layer.

        Args:
            args: the input shape, or several of them.
        """
        symbols = [
            tree.map_shape_structure(
                lambda s: KerasTensor(s, self._compute_dtype), as_shapes(a)
            )
            for a in [*args, *kwargs.values()]
        ]
        if not self.built:
            self.build(*[as_shapes(a) for a in args], **kwargs)
        spec = self.compute_output_spec(*symbols)
        return tree.map_structure(lambda s: s.shape, spec)

    def stateless_call(
        self,
        trainable_variables: Sequence[Any],
        non_trainable_variables: Sequence[Any],
        *args: Any,
        return_losses: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Call the layer with values in place of its variables, and change nothing.

        Args:
            trainable_variables: values for `self.trainable_variables`.
            non_trainable_variables: values for `self.non_trainable_variables`.
            args, kwargs: those of `call`.
            return_losses: whether to return `losses` too.

        Returns:
            `(outputs, new values of non_trainable_variables)`, and with `return_losses`
            a list of losses.
        """
        if not self.built:
            raise ValueError(
                f"{self.name}.stateless_call: the layer is not built. Call it once on "
                "data, or build(input_shape)."
            )
        trained, others = self.trainable_variables, self.non_trainable_variables
        for own, given, what in (
            (trained, trainable_variables, "trainable"),
            (others, non_trainable_variables, "non_trainable"),
        ):
            if len(own) != len(given):
                raise ValueError(
                    f"{self.name}.stateless_call: got {len(given)} values for "
                    f"{what}_variables; expected {len(own)}."
                )
        mapping = [
            *zip(trained, trainable_variables, strict=True),
            *zip(others, non_trainable_variables, strict=True),
        ]
        with scopes.StatelessScope(mapping) as scope:
            outputs = self(*args, **kwargs)
            losses = list(self.losses) if return_losses else []
        self._clear_losses()
        news = [scope.read(v) for v in others]
        return (outputs, news, losses) if return_losses else (outputs, news)

    def _load_saved_weights(self) -> None:
        """Weights that Keras 2 programs give to the constructor."""
        if self._saved_weights is not None:
            self.set_weights(self._saved_weights)
            self._saved_weights = None

    def _described(self) -> str:
        return f'Layer "{self.path}" ({type(self).__name__})'

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}, built={self.built}>"


if TYPE_CHECKING:

    class TensorLayer(Layer):
        """A layer whose output is one tensor, as editors are to see it."""

        def __call__(self, *args: Any, **kwargs: Any) -> Tensor: ...
else:
    TensorLayer = Layer


def _adopt(engine: Engine) -> None:
    """Let an engine whose users expect its own base class of layers add it."""
    adopt = getattr(engine, "adopt_layer", None)
    if adopt is not None:
        adopt(Layer)


current.when_loaded(_adopt)
