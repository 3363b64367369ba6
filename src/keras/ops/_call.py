"""The function that users call as an op, with the parameters of the op's own.

A wrapper of `*args, **kwargs` costs 0.2 us more than one that names its parameters, a
fifth of a small op. So the wrapper is made for each number of parameters, and gets the
names of the op's: `collections.namedtuple` does the same for the same reason.
"""

import inspect
from collections.abc import Callable, Sequence
from functools import cache, update_wrapper
from typing import Any, ParamSpec, TypeVar

from keras.core import masks
from keras.core.operation import needs_care, opaque

P = ParamSpec("P")
R = TypeVar("R")

_CALL = """
def bound(function, careful, explained):
    def call({parameters}):
        try:
            if {are_plain}:
                result = function({arguments})
            else:
                result = careful(({values},))
        except Exception as error:
            raise explained(error, ({values},))
        {carry}
        return result

    return call
"""
_CARRY = "if masks.in_use: masks.carry(result, {sources})"


def like(
    function: Callable[P, R],
    careful: Callable[[Sequence[Any]], Any],
    explained: Callable[[Exception, Sequence[Any]], Exception],
    masked: bool,
) -> Callable[P, R]:
    """A function that calls `function` where no argument needs care.

    Args:
        function: works on native tensors.
        careful: called with the values of all parameters where one does.
        explained: makes the error to raise from one that came, and these values.
        masked: whether the mask of one of the first two arguments travels on.
    """
    code = function.__code__
    has_more = bool(code.co_flags & inspect.CO_VARARGS)
    has_named = bool(code.co_flags & inspect.CO_VARKEYWORDS)
    count = code.co_argcount + code.co_kwonlyargcount
    names = code.co_varnames
    symbolic = [function.__annotations__.get(n) not in _NO_TENSOR for n in names]
    bound = _bound(
        tuple(symbolic[: code.co_argcount]),
        names[code.co_argcount : count],
        has_more,
        has_named,
        masked,
    )
    call = bound(function, careful, explained)
    own = call.__code__.co_varnames
    count += has_more + has_named
    call.__code__ = call.__code__.replace(
        co_name=code.co_name, co_varnames=names[:count] + own[count:]
    )
    call.__defaults__ = function.__defaults__
    call.__kwdefaults__ = function.__kwdefaults__
    return update_wrapper(call, function)


# Annotations of parameters that are never symbolic, which need not be looked at.
_NO_TENSOR = (bool, str, bool | None, str | None)


@cache
def _bound(
    symbolic: Sequence[bool],
    last: Sequence[str],
    has_more: bool,
    has_named: bool,
    masked: bool,
) -> Callable[..., Any]:
    """Makes calls of functions with parameters of which some may be `symbolic`, and
    with `last` by name only."""
    first = [f"p{i}" for i in range(len(symbolic))]
    looked_at = [p for p, may_be in zip(first, symbolic, strict=True) if may_be]
    more, named = ["more"] * has_more, ["named"] * has_named
    star = ["*more"] if has_more else ["*"] if last else []
    parameters = [*first, *star, *last, *(f"**{n}" for n in named)]
    passed = [*first, *(f"*{m}" for m in more), *(f"{k}={k}" for k in last)]
    values = [*first, *last, *more, *named]
    plain = [
        f"(type({v}) in opaque or not needs_care({v}))" for v in (*looked_at, *last)
    ]
    plain += [f"not ({v} and needs_care({v}))" for v in more + named]
    source = _CALL.format(
        parameters=", ".join(parameters),
        arguments=", ".join([*passed, *(f"**{n}" for n in named)]),
        are_plain=" and ".join(plain) or "True",
        values=", ".join(values),
        carry=_CARRY.format(sources=", ".join(first[:2])) if masked else "",
    )
    scope = {"masks": masks, "opaque": opaque, "needs_care": needs_care}
    # Nothing but names of parameters has gone into it.
    exec(compile(source, "<the call of an op>", "exec"), scope)
    return scope["bound"]  # type: ignore[return-value]
