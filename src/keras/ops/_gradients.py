"""Derivatives of functions, and functions with derivatives of their own."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from keras.backend import current
from keras.core import compiled, dtypes, tree
from keras.core.variable import Variable
from keras.ops._op import op, tensor


def value_and_grad(
    fn: Callable[..., Any],
    variables: Sequence[Variable] | None = None,
    has_aux: bool = False,
) -> Callable[..., tuple[Any, Any]]:
    """`fn` with the gradients of its scalar result.

    Args:
        fn: returns a scalar, or with `has_aux` a pair of a scalar and anything else. It
            may assign variables.
        variables: float variables to differentiate by; default: the first argument of
            `fn`, a float tensor or a nested structure of them.
        has_aux: whether `fn` returns more than the scalar.

    Returns:
        A function with the arguments of `fn`. It returns `(value, gradients)`, the
        gradients being a list with one for each variable, or of the structure of the
        first argument, with `None` for what is no float.

    Raises:
        ShapeError: by that function, if the value is no scalar.

    Example:
        >>> keras.ops.value_and_grad(lambda x: x * x)(3.0)
        (9.0, 6.0)
    """
    if variables is not None:
        return compiled.value_and_grad(fn, variables, has_aux)

    @wraps(fn)
    def call(first: Any, *args: Any, **kwargs: Any) -> tuple[Any, Any]:
        leaves, spec = tree.flatten_with_spec(first)
        leaves = [x if x is None else tensor(x) for x in leaves]
        places = [i for i, x in enumerate(leaves) if _differentiable(x)]
        if not places:
            raise TypeError(
                "keras.ops.value_and_grad: got no float tensor in the first argument; "
                "expected one at least. Give floats, or variables=[...]."
            )

        def run(values: list[Any]) -> tuple[Any, Any]:
            inner = list(leaves)
            for i, value in zip(places, values, strict=True):
                inner[i] = value
            result = fn(tree.unflatten(spec, inner), *args, **kwargs)
            return compiled.scalar_and_aux(result, has_aux)

        engine, values = current.engine, [leaves[i] for i in places]
        by = compiled.differentiated if engine.functional else engine.value_and_grad
        (loss, aux), found = by(run, values)
        grads: list[Any] = [None] * len(leaves)
        for i, gradient in zip(places, found, strict=True):
            grads[i] = gradient
        return ((loss, aux) if has_aux else loss), tree.unflatten(spec, grads)

    return call


def _differentiable(x: Any) -> bool:
    if x is None:
        return False
    dtype = current.engine.dtype(x)
    return dtypes.is_float(dtype) or dtypes.is_complex(dtype)


def grad(
    fn: Callable[..., Any],
    variables: Sequence[Variable] | None = None,
    has_aux: bool = False,
) -> Callable[..., Any]:
    """The gradients of the scalar result of `fn`, as `value_and_grad` gives them.

    Args:
        fn: returns a scalar, or with `has_aux` a pair of a scalar and anything else.
        variables: float variables; default: the first argument of `fn`.
        has_aux: whether `fn` returns more than the scalar; the rest is then returned
            beside the gradients: `(gradients, aux)`.

    Example:
        >>> keras.ops.grad(lambda x: x * x)(3.0)
        6.0
    """
    both = value_and_grad(fn, variables, has_aux)

    @wraps(fn)
    def call(*args: Any, **kwargs: Any) -> Any:
        value, grads = both(*args, **kwargs)
        return (grads, value[1]) if has_aux else grads

    return call


def custom_gradient(f: Callable[..., Any]) -> Callable[..., Any]:
    """Let a function say itself how it is differentiated.

    Args:
        f: from tensors to a pair: the result, and a function from the gradient by the
            result to the gradients by the arguments, in a tuple if there are several.

    Example:
        >>> @keras.ops.custom_gradient
        ... def doubled(x):
        ...     return x, lambda upstream: upstream * 2
    """
    wrapped: dict[str, Callable[..., Any]] = {}

    @wraps(f)
    def call(*args: Any, **kwargs: Any) -> Any:
        return run(args, kwargs)

    @op(runs_code=True)
    def run(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        engine = current.load(current.active())
        if engine.name not in wrapped:
            wrapped[engine.name] = engine.custom_gradient(f)
        values = [x.value if isinstance(x, Variable) else x for x in args]
        return wrapped[engine.name](*values, **kwargs)

    return call
