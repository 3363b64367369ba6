"""Recurrences over time: a general loop, the LSTM and the GRU."""

from collections.abc import Callable, Sequence
from typing import Any

from keras.backend import current
from keras.core import tree
from keras.ops._op import fast_path, tensor
from keras.typing import Native

Step = Callable[[Any, tuple[Any, ...]], tuple[Any, Sequence[Any]]]


def rnn(
    step_function: Step,
    inputs: Any,
    initial_states: Sequence[Any],
    go_backwards: bool = False,
    mask: Any = None,
    constants: Sequence[Any] | None = None,
    unroll: bool = False,
    input_length: int | None = None,
    time_major: bool = False,
    zero_output_for_mask: bool = False,
    return_all_outputs: bool = True,
) -> tuple[Any, Any, list[Any]]:
    """Run `step_function` over the time steps of `inputs`.

    Args:
        step_function: `(inputs, states)` to `(output, new_states)`; inputs and output
            without the time axis, `states` followed by `constants`.
        inputs: a tensor `(batch, time, ...)`, or a nested structure of them.
        initial_states: tensors, or structures of them, with a batch axis.
        go_backwards: whether to begin at the last step; the outputs then come in the
            order of computation.
        mask: bool `(batch, time)`: a step where it is `False` keeps the state, and
            repeats the output before it.
        constants: handed to every step after the states.
        unroll: whether to write the loop out instead of having the engine loop.
        input_length: accepted for compatibility.
        time_major: whether inputs, mask and outputs are `(time, batch, ...)`.
        zero_output_for_mask: whether masked steps put out zeros.
        return_all_outputs: whether all outputs are wanted; else only the last, with a
            time axis of 1.

    Returns:
        `(last_output, outputs, new_states)`.

    Example:
        >>> add = lambda x, states: (states[0] + x, [states[0] + x])
        >>> rnn(add, keras.ops.ones((2, 5, 3)), [keras.ops.zeros((2, 3))])[0]
        [[5.0, 5.0, 5.0], [5.0, 5.0, 5.0]]
    """
    engine = current.engine
    steps = tree.map_structure(tensor, inputs)
    keep = None if mask is None else tensor(mask, "bool")
    if not time_major:
        steps = tree.map_structure(_swapped, steps)
        keep = None if keep is None else _swapped(keep)
    extra = tuple(tree.map_structure(tensor, list(constants or ())))
    flat, structure = tree.flatten_with_spec(list(initial_states))
    state = tuple(tensor(s) for s in flat)

    def run(x: Any, old: tuple[Any, ...]) -> tuple[Any, tuple[Any, ...]]:
        states = tuple(tree.unflatten(structure, list(old)))
        output, new = step_function(x, states + extra)
        return output, tuple(tree.flatten(new))

    def step(carry: Any, x: Any) -> tuple[Any, Any]:
        old, last = carry
        values, real = x
        output, new = run(values, old)
        if real is not None:
            new = tuple(_chosen(real, n, o) for n, o in zip(new, old, strict=True))
            other = zeros if zero_output_for_mask else last
            output = tree.map_structure(lambda n, o: _chosen(real, n, o), output, other)
        return (new, output), output if return_all_outputs else None

    first = tree.map_structure(lambda x: x[0], steps)
    with engine.no_grad():
        # For its shape only; a compiler removes it.
        zeros = tree.map_structure(_zeros_like, run(first, state)[0])
    length = tree.flatten(steps)[0].shape[0]
    loop = _unrolled if unroll else engine.scan
    (state, last), outputs = loop(
        step, (state, zeros), (steps, keep), length, go_backwards
    )
    if not return_all_outputs:
        outputs = tree.map_structure(lambda x: engine.expand_dims(x, 0), last)
    elif go_backwards:
        outputs = tree.map_structure(lambda x: engine.flip(x, (0,)), outputs)
    if not time_major:
        outputs = tree.map_structure(_swapped, outputs)
    return last, outputs, list(tree.unflatten(structure, list(state)))


def _swapped(x: Native) -> Native:
    """Batch and time exchanged."""
    return current.engine.transpose(x, (1, 0, *range(2, x.ndim)))


def _zeros_like(x: Native) -> Native:
    engine = current.engine
    return engine.full_like(x, 0, None)


def _chosen(real: Native, new: Native, old: Native) -> Native:
    """`new` for the rows of the batch where `real`, else `old`."""
    engine = current.engine
    condition = engine.reshape(real, (real.shape[0], *[1] * (new.ndim - 1)))
    return engine.where(condition, new, old)


def _unrolled(
    step: Callable[[Any, Any], tuple[Any, Any]],
    carry: Any,
    xs: Any,
    length: int,
    reverse: bool,
) -> tuple[Any, Any]:
    """`scan` as a plain loop, which a compiler sees written out."""
    steps, keep = xs
    outputs = []
    for i in range(length - 1, -1, -1) if reverse else range(length):
        x = tree.map_structure(lambda s, i=i: s[i], steps)
        carry, output = step(carry, (x, None if keep is None else keep[i]))
        outputs.append(output)
    if outputs[0] is None:
        return carry, None
    if reverse:
        outputs.reverse()
    engine = current.engine
    return carry, tree.map_structure(lambda *ys: engine.stack(ys, 0), *outputs)


Activation = Callable[[Any], Any] | None


def lstm(
    inputs: Any,
    initial_state_h: Any,
    initial_state_c: Any,
    mask: Any,
    kernel: Any,
    recurrent_kernel: Any,
    bias: Any = None,
    activation: Activation = None,
    recurrent_activation: Activation = None,
    return_sequences: bool = True,
    go_backwards: bool = False,
    unroll: bool = False,
) -> tuple[Any, Any, list[Any]]:
    """Long short-term memory (Hochreiter and Schmidhuber 1997).

    With the gates `i, f, c, o = split(x @ kernel + h @ recurrent_kernel + bias)`:
    `c' = sigmoid(f) c + sigmoid(i) tanh(c)` and `h' = sigmoid(o) tanh(c')`.

    Args:
        inputs: `(batch, time, features)`.
        initial_state_h, initial_state_c: `(batch, units)`.
        mask: bool `(batch, time)`, or `None`.
        kernel: `(features, 4 * units)`.
        recurrent_kernel: `(units, 4 * units)`.
        bias: `(4 * units,)`, or `None`.
        activation: in place of tanh; `None` for tanh lets the engine's kernel be used.
        recurrent_activation: in place of the sigmoid, likewise.
        return_sequences: whether all outputs are wanted.
        go_backwards: whether to begin at the last step.
        unroll: whether to write the loop out.

    Returns:
        `(last_output, outputs, [h, c])`; outputs `(batch, time, units)`, or one step.
    """
    engine = current.engine
    native = fast_path("lstm")
    if native and mask is None and activation is None and recurrent_activation is None:
        x = engine.flip(inputs, (1,)) if go_backwards else inputs
        outputs, h, c = native(
            x, initial_state_h, initial_state_c, kernel, recurrent_kernel, bias
        )
        return h, outputs if return_sequences else outputs[:, -1:], [h, c]
    squash = activation or engine.tanh
    gate = recurrent_activation or engine.sigmoid

    def step(x: Native, states: tuple[Any, ...]) -> tuple[Any, list[Any]]:
        h, c = states
        z = engine.add(x, engine.matmul(h, recurrent_kernel))
        h, c = lstm_step(z, c, squash, gate)
        return h, [h, c]

    return rnn(
        step,
        _projected(inputs, kernel, bias),
        [initial_state_h, initial_state_c],
        go_backwards,
        mask,
        unroll=unroll,
        return_all_outputs=return_sequences,
    )


def lstm_step(
    z: Native,
    c: Native,
    squash: Callable[[Any], Any],
    gate: Callable[[Any], Any],
    axis: int = -1,
) -> tuple[Native, Native]:
    """New `h` and `c` from the sums of all gates, four times as many along `axis`."""
    engine = current.engine
    units = c.shape[axis]
    i, f, new, o = engine.split(z, (units, 2 * units, 3 * units), axis % z.ndim)
    c = engine.add(engine.multiply(gate(f), c), engine.multiply(gate(i), squash(new)))
    return engine.multiply(gate(o), squash(c)), c


def _projected(inputs: Native, kernel: Native, bias: Native | None) -> Native:
    """The inputs' share of the gates, in one product for all steps."""
    engine = current.engine
    result = engine.matmul(inputs, kernel)
    return result if bias is None else engine.add(result, bias)


def gru(
    inputs: Any,
    initial_state: Any,
    mask: Any,
    kernel: Any,
    recurrent_kernel: Any,
    bias: Any = None,
    activation: Activation = None,
    recurrent_activation: Activation = None,
    return_sequences: bool = True,
    go_backwards: bool = False,
    unroll: bool = False,
    reset_after: bool = True,
) -> tuple[Any, Any, list[Any]]:
    """Gated recurrent unit (Cho et al. 2014).

    With z and r the sigmoids of their gates, `h' = z h + (1 - z) tanh(n)`, where n is
    `x W + r (h U + b)` with `reset_after` (Nvidia's form), else `x W + (r h) U`.

    Args:
        inputs: `(batch, time, features)`.
        initial_state: `(batch, units)`.
        mask: bool `(batch, time)`, or `None`.
        kernel: `(features, 3 * units)`, gates z, r, n.
        recurrent_kernel: `(units, 3 * units)`.
        bias: `(2, 3 * units)` with `reset_after`, else `(3 * units,)`, or `None`.
        activation: in place of tanh; `None` for tanh lets the engine's kernel be used.
        recurrent_activation: in place of the sigmoid, likewise.
        return_sequences: whether all outputs are wanted.
        go_backwards: whether to begin at the last step.
        unroll: whether to write the loop out.
        reset_after: whether r is applied after the product with the recurrent kernel.

    Returns:
        `(last_output, outputs, [h])`; outputs `(batch, time, units)`, or of one step.
    """
    engine = current.engine
    plain = mask is None and activation is None and recurrent_activation is None
    native = fast_path("gru")
    if native and plain and reset_after:
        x = engine.flip(inputs, (1,)) if go_backwards else inputs
        outputs, h = native(x, initial_state, kernel, recurrent_kernel, bias)
        return h, outputs if return_sequences else outputs[:, -1:], [h]
    squash = activation or engine.tanh
    gate = recurrent_activation or engine.sigmoid
    inner = bias[1] if reset_after and bias is not None else None
    outer = bias[0] if reset_after and bias is not None else bias

    def step(x: Native, states: tuple[Any, ...]) -> tuple[Any, list[Any]]:
        h = gru_step(x, states[0], recurrent_kernel, inner, squash, gate, reset_after)
        return h, [h]

    return rnn(
        step,
        _projected(inputs, kernel, outer),
        [initial_state],
        go_backwards,
        mask,
        unroll=unroll,
        return_all_outputs=return_sequences,
    )


def gru_step(
    x: Native,
    h: Native,
    recurrent_kernel: Native,
    bias: Native | None,
    squash: Callable[[Any], Any],
    gate: Callable[[Any], Any],
    reset_after: bool,
    dropped: Native | None = None,
) -> Native:
    """The new state from the inputs' share of the gates.

    `bias` belongs to the recurrent product; `dropped` is what it sees in place of `h`.
    """
    engine = current.engine
    units = h.shape[1]
    seen = h if dropped is None else dropped
    xz, xr, xn = engine.split(x, (units, 2 * units), 1)
    if reset_after:
        recurrent = _projected(seen, recurrent_kernel, bias)
        hz, hr, hn = engine.split(recurrent, (units, 2 * units), 1)
        n = engine.add(xn, engine.multiply(gate(engine.add(xr, hr)), hn))
    else:
        gates = engine.matmul(seen, recurrent_kernel[:, : 2 * units])
        hz, hr = engine.split(gates, (units,), 1)
        reset = engine.multiply(gate(engine.add(xr, hr)), seen)
        n = engine.add(xn, engine.matmul(reset, recurrent_kernel[:, 2 * units :]))
    z = gate(engine.add(xz, hz))
    kept = engine.multiply(z, h)
    return engine.add(kept, engine.multiply(engine.subtract(1.0, z), squash(n)))
