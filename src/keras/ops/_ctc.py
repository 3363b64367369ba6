"""Connectionist temporal classification (Graves et al. 2006): loss and decoding."""

from typing import Any

from keras.backend import current
from keras.errors import ShapeError, unknown_name
from keras.ops._op import fast_path, floating, op, tensor
from keras.typing import Native, Tensor, TensorLike

_IMPOSSIBLE = -1e30  # the logarithm of 0, but finite: differences of it are no NaN


@op
def ctc_loss(
    target: TensorLike,
    output: TensorLike,
    target_length: TensorLike,
    output_length: TensorLike,
    mask_index: int = 0,
) -> Tensor:
    """Minus the log-probability of all alignments that spell the target.

    Args:
        target: class indices `(batch, target_time)`.
        output: logits `(batch, time, classes)`.
        target_length: how much of each target counts, `(batch,)`.
        output_length: how much of each output counts, `(batch,)`.
        mask_index: the class that stands for "nothing" (the blank).

    Returns:
        A float tensor `(batch,)`.

    Raises:
        ShapeError: if the shapes do not fit.

    Example:
        >>> keras.ops.ctc_loss([[1]], [[[0.0, 0.0]]], [1], [1])
        [0.6931]
    """
    engine = current.engine
    labels = tensor(target, "int32")
    logits = floating(output)
    lengths = tensor(target_length, "int32"), tensor(output_length, "int32")
    if labels.ndim != 2 or logits.ndim != 3 or labels.shape[0] != logits.shape[0]:
        raise ShapeError(
            f"keras.ops.ctc_loss: got target of shape {tuple(labels.shape)} and output "
            f"of shape {tuple(logits.shape)}; expected (batch, target_time) and "
            "(batch, time, classes)."
        )
    log_p = engine.log_softmax(logits, 2)
    native = fast_path("ctc_loss")
    if native is not None:
        return native(log_p, labels, *lengths, mask_index)
    return _ctc_loss(log_p, labels, *lengths, mask_index)


def _ctc_loss(
    log_p: Native, labels: Native, label_length: Native, length: Native, blank: int
) -> Native:
    """The forward algorithm over the target with blanks between its labels."""
    engine = current.engine
    dtype = engine.dtype(log_p)
    batch, count = labels.shape
    states = 2 * count + 1
    blanks = engine.full((batch, count), blank, "int32")
    pairs = engine.reshape(engine.stack([blanks, labels], 2), (batch, 2 * count))
    path = engine.concatenate([pairs, blanks[:, :1] if count else blanks], 1)
    if not count:
        path = engine.full((batch, 1), blank, "int32")
    # (time, batch, states): the log-probability of each state's label.
    steps = engine.transpose(log_p, (1, 0, 2))
    index = engine.broadcast_to(
        engine.expand_dims(path, 0), (steps.shape[0], batch, states)
    )
    emitted = engine.take_along_axis(steps, index, 2)
    # A blank may be left out between different labels.
    before = engine.concatenate(
        [engine.full((batch, min(2, states)), blank, "int32"), path[:, :-2]], 1
    )
    may_skip = engine.logical_and(
        engine.not_equal(path, blank), engine.not_equal(path, before)
    )
    impossible = engine.full((), _IMPOSSIBLE, dtype)
    wall = engine.full((batch, 2), _IMPOSSIBLE, dtype)
    first = engine.less(engine.arange(0, states, 1, "int32"), 2)
    alpha = engine.where(first, emitted[0], impossible)

    def step(alpha: Native, xs: Any) -> tuple[Native, None]:
        now, t = xs
        shifted = engine.concatenate([wall, alpha], 1)
        one, two = shifted[:, 1 : states + 1], shifted[:, :states]
        two = engine.where(may_skip, two, impossible)
        total = engine.add(_log_add(_log_add(alpha, one), two), now)
        inside = engine.expand_dims(engine.less(t, length), 1)
        return engine.where(inside, total, alpha), None

    times = engine.arange(1, emitted.shape[0], 1, "int32")
    if emitted.shape[0] > 1:
        rest = emitted[1:], times
        alpha, _ = engine.scan(step, alpha, rest, emitted.shape[0] - 1, False)
    last = engine.expand_dims(engine.multiply(label_length, 2), 1)
    ends = engine.concatenate([last, engine.clip(engine.subtract(last, 1), 0, None)], 1)
    final = engine.take_along_axis(alpha, ends, 1)
    # An empty target has one end only.
    empty = engine.expand_dims(engine.equal(label_length, 0), 1)
    second = engine.where(empty, impossible, final[:, 1:])
    return engine.negative(_log_add(final[:, :1], second)[:, 0])


def _log_add(a: Native, b: Native) -> Native:
    return current.engine.logaddexp(a, b)


_STRATEGIES = ("greedy", "beam_search")


@op
def ctc_decode(
    inputs: TensorLike,
    sequence_lengths: TensorLike,
    strategy: str = "greedy",
    beam_width: int = 100,
    top_paths: int = 1,
    merge_repeated: bool = True,
    mask_index: int = 0,
) -> tuple[Tensor, Tensor]:
    """The labels that the outputs of a CTC model spell.

    Args:
        inputs: logits `(batch, time, classes)`.
        sequence_lengths: how much of each counts, `(batch,)`.
        strategy: "greedy" takes the best class of each step, "beam_search" looks for
            the most probable labellings.
        beam_width: how many labellings the search keeps.
        top_paths: how many it returns.
        merge_repeated: whether a class that follows itself counts once ("greedy"; the
            search always does so).
        mask_index: the class that stands for "nothing" (the blank).

    Returns:
        A pair: labels `(paths, batch, time)` of dtype int32, filled up with -1, and
        scores `(batch, paths)`: log-probabilities, or for "greedy" minus the sum of the
        largest logits.

    Raises:
        ValueError: for an unknown strategy.

    Example:
        >>> keras.ops.ctc_decode([[[0.0, 1.0], [1.0, 0.0]]], [2])[0]
        [[[1, -1]]]
    """
    what = "keras.ops.ctc_decode"
    if strategy not in _STRATEGIES:
        raise unknown_name(f"strategy of {what}", strategy, _STRATEGIES)
    x = floating(inputs)
    lengths = tensor(sequence_lengths, "int32")
    if x.ndim != 3 or tuple(lengths.shape) != (x.shape[0],):
        raise ShapeError(
            f"{what}: got inputs of shape {tuple(x.shape)} and sequence_lengths of "
            "shape "
            f"{tuple(lengths.shape)}; expected (batch, time, classes) and (batch,)."
        )
    if strategy == "greedy":
        return _greedy(x, lengths, merge_repeated, mask_index % x.shape[2])
    if not 1 <= top_paths <= beam_width:
        raise ValueError(
            f"{what}: got top_paths={top_paths} and beam_width={beam_width}; expected "
            "at least one path, and no more than beams."
        )
    return _beam_search(x, lengths, beam_width, top_paths, mask_index % x.shape[2])


def _greedy(
    x: Native, lengths: Native, merge_repeated: bool, blank: int
) -> tuple[Native, Native]:
    engine = current.engine
    batch, time, _ = x.shape
    best = engine.argmax(x, 2, False)
    times = engine.arange(0, time, 1, "int32")
    inside = engine.less(times, engine.expand_dims(lengths, 1))
    keep = engine.logical_and(inside, engine.not_equal(best, blank))
    if merge_repeated:
        start = engine.full((batch, 1), -1, "int32")
        before = engine.concatenate([start, best[:, :-1]], 1)
        keep = engine.logical_and(keep, engine.not_equal(best, before))
    # What is kept moves to the front, in its order.
    late = engine.add(times, time)
    order = engine.argsort(engine.where(keep, engine.add(late, -time), late), 1)
    count = engine.sum(engine.cast(keep, "int32"), (1,), True)
    labels = engine.take_along_axis(best, order, 1)
    labels = engine.where(
        engine.less(times, count), labels, engine.full((), -1, "int32")
    )
    tops = engine.multiply(
        engine.max(x, (2,), False), engine.cast(inside, engine.dtype(x))
    )
    score = engine.negative(engine.sum(tops, (1,), True))
    return engine.expand_dims(labels, 0), score


# A prefix is told apart by a number: that of its parent times this, plus label and one.
_HASH = 1_000_003


def _beam_search(
    x: Native, lengths: Native, width: int, paths: int, blank: int
) -> tuple[Native, Native]:
    """Prefix search: each beam is a labelling with the probability of all alignments.

    Per beam: the log-probabilities of ending in a blank and of ending in the last
    label, the labels, their number, and hashes of the prefix and of its parent.
    """
    engine = current.engine
    batch, time, classes = x.shape
    log_p = engine.log_softmax(engine.cast(x, "float32"), 2)

    def state(value: Any, dtype: str) -> Native:
        return engine.full((batch, width), value, dtype)

    one = engine.expand_dims(engine.equal(engine.arange(0, width, 1, "int32"), 0), 0)
    ending = engine.where(one, state(0.0, "float32"), state(_IMPOSSIBLE, "float32"))
    carry = (
        ending,
        state(_IMPOSSIBLE, "float32"),
        engine.full((batch, width, time), -1, "int32"),
        state(0, "int32"),
        # Beams that do not exist yet have hashes that no prefix has.
        engine.where(one, state(0, "int64"), state(-1, "int64")),
        state(-2, "int64"),
    )
    places = engine.arange(0, time, 1, "int32")
    labels_of = engine.arange(0, classes, 1, "int32")
    impossible = engine.full((), _IMPOSSIBLE, "float32")

    def step(old: Any, xs: Any) -> tuple[Any, None]:
        by_blank, by_label, labels, count, prefix, parent = old
        p, t = xs  # (batch, classes)
        total = _log_add(by_blank, by_label)
        at_end = engine.expand_dims(engine.clip(engine.subtract(count, 1), 0, None), 2)
        last = engine.take_along_axis(labels, at_end, 2)[:, :, 0]
        known = engine.clip(last, 0, None)
        # Staying: a blank, or the last label again.
        stay_blank = engine.add(total, p[:, blank : blank + 1])
        again = engine.add(by_label, engine.take_along_axis(p, known, 1))
        # Growing by a label; by the last one only after a blank.
        same = engine.equal(engine.expand_dims(last, 2), labels_of)
        base = engine.where(
            same, engine.expand_dims(by_blank, 2), engine.expand_dims(total, 2)
        )
        grow = engine.add(base, engine.expand_dims(p, 1))  # (batch, width, classes)
        grow = engine.where(engine.equal(labels_of, blank), impossible, grow)
        # match[w, v]: beam w is beam v with one label more.
        match = engine.equal(
            engine.expand_dims(parent, 2), engine.expand_dims(prefix, 1)
        )
        grown = engine.take_along_axis(
            engine.transpose(grow, (0, 2, 1)),
            engine.broadcast_to(engine.expand_dims(known, 2), (batch, width, width)),
            1,
        )  # (batch, w, v): beam v grown by the last label of w
        joined = engine.logsumexp(engine.where(match, grown, impossible), (2,), False)
        stay_label = _log_add(again, joined)
        hot = engine.one_hot(known, classes, "float32")
        taken = engine.matmul(
            engine.transpose(engine.cast(match, "float32"), (0, 2, 1)), hot
        )
        grow = engine.where(engine.greater(taken, 0), impossible, grow)
        flat = engine.reshape(grow, (batch, width * classes))
        scores = engine.concatenate([_log_add(stay_blank, stay_label), flat], 1)
        _, chosen = engine.top_k(scores, width, True)
        chosen = engine.cast(chosen, "int32")
        grows = engine.greater_equal(chosen, width)
        rank = engine.clip(engine.subtract(chosen, width), 0, None)
        source = engine.where(grows, engine.floor_divide(rank, classes), chosen)
        label = engine.mod(rank, classes)

        def pick(values: Native) -> Native:
            return engine.take_along_axis(values, source, 1)

        new_count = pick(count)
        rows = engine.broadcast_to(engine.expand_dims(source, 2), (batch, width, time))
        new_labels = engine.take_along_axis(labels, rows, 1)
        here = engine.logical_and(
            engine.equal(places, engine.expand_dims(new_count, 2)),
            engine.expand_dims(grows, 2),
        )
        new_labels = engine.where(here, engine.expand_dims(label, 2), new_labels)
        old_prefix = pick(prefix)
        longer = engine.add(
            engine.multiply(old_prefix, _HASH),
            engine.cast(engine.add(label, 1), "int64"),
        )
        grown_score = engine.take_along_axis(scores, chosen, 1)
        new = (
            engine.where(grows, impossible, pick(stay_blank)),
            engine.where(grows, grown_score, pick(stay_label)),
            new_labels,
            engine.add(new_count, engine.cast(grows, "int32")),
            engine.where(grows, longer, old_prefix),
            engine.where(grows, old_prefix, pick(parent)),
        )
        inside = engine.less(t, lengths)
        return tuple(
            _for_rows(inside, n, o) for n, o in zip(new, old, strict=True)
        ), None

    steps = engine.transpose(log_p, (1, 0, 2)), places
    final, _ = engine.scan(step, carry, steps, time, False)
    by_blank, by_label, labels, *_ = final
    scores, order = engine.top_k(_log_add(by_blank, by_label), paths, True)
    rows = engine.broadcast_to(
        engine.expand_dims(engine.cast(order, "int32"), 2), (batch, paths, time)
    )
    best = engine.take_along_axis(labels, rows, 1)
    return engine.transpose(best, (1, 0, 2)), scores


def _for_rows(condition: Native, new: Native, old: Native) -> Native:
    engine = current.engine
    spread = engine.reshape(condition, (condition.shape[0], *[1] * (new.ndim - 1)))
    return engine.where(spread, new, old)
