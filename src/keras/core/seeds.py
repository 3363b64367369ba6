"""Seeds: one global seed, host-side streams for weights, counters for run-time use."""

import random as python_random
import re
import zlib
from collections import Counter
from typing import Any, ClassVar

import numpy as np

from keras.backend import current
from keras.core import naming, scopes
from keras.core.variable import Variable
from keras.typing import Config, Native


class _Global:
    """The seed of the process and what has been drawn under it."""

    seed: int | None = None
    draws: ClassVar[Counter[str]] = Counter()
    generator: "SeedGenerator | None" = None


def set_random_seed(seed: int) -> None:
    """Seed Python, NumPy and Keras: the same seed gives the same initial weights and
    the same batches on every engine, and the same noise on the same engine.

    Args:
        seed: an int of at least 0.

    Example:
        >>> keras.utils.set_random_seed(7)
    """
    if not _is_seed(seed):
        raise ValueError(
            f"keras.utils.set_random_seed: got {seed!r}; expected an int of at least 0."
        )
    python_random.seed(seed)
    np.random.seed(seed % (1 << 32))  # users' own NumPy code
    _Global.seed = seed
    _Global.draws.clear()
    _Global.generator = None


def _is_seed(value: Any) -> bool:
    return isinstance(value, int) and value >= 0


def snapshot() -> Config:
    """The state of all host streams, those of Python and NumPy too, as plain data."""
    version, words, gauss = python_random.getstate()
    return {
        "seed": global_seed(),
        "draws": dict(_Global.draws),
        "python": [version, np.array(words, "int64"), gauss],
        "numpy": np.random.get_state(legacy=False),
    }


def restore(state: Config) -> None:
    """Go back to what `snapshot` returned."""
    version, words, gauss = state["python"]
    python_random.setstate((version, tuple(np.asarray(words).tolist()), gauss))
    np.random.set_state(state["numpy"])
    _Global.seed = int(state["seed"])
    _Global.draws = Counter({str(k): int(v) for k, v in state["draws"].items()})


def global_seed() -> int:
    """The seed of the process; drawn at random where none was set."""
    if _Global.seed is None:
        _Global.seed = python_random.SystemRandom().randrange(1 << 32)
    return _Global.seed


def host_stream(label: str, seed: int | None = None) -> np.random.Generator:
    """A NumPy generator (Philox) for one use.

    With `seed` it depends on nothing else. Without one it depends on the global seed,
    on `label` (a variable's path, say) without the counts in it, and on how often such
    a label has been used since the seed was set. So two models start differently, and
    one that is made anew after `set_random_seed` starts as before, whatever number its
    layers have got by then.
    """
    if seed is not None:
        return np.random.Generator(np.random.Philox(key=seed & ((1 << 64) - 1)))
    label = _COUNT.sub("", label)
    count = _Global.draws[label]
    _Global.draws[label] += 1
    key = zlib.crc32(label.encode()), count, global_seed()
    sequence = np.random.SeedSequence(key)
    return np.random.Generator(np.random.Philox(sequence))


_COUNT = re.compile(r"_\d+(?=/|$)")


def draw_seed() -> int:
    """A new int, for an object that was given no seed."""
    return int(host_stream("seed").integers(1, 1 << 31))


class SeedGenerator:
    """A stream of seeds for `keras.random`, whose position is a variable.

    Args:
        seed: an int of at least 0; default: drawn from the global seed.
        name: default: "seed_generator", counted up.

    Example:
        >>> seeds = keras.random.SeedGenerator(1337)
        >>> x = keras.random.normal((2, 3), seed=seeds)
    """

    def __init__(
        self, seed: int | None = None, name: str | None = None, **kwargs: Any
    ) -> None:
        if kwargs:
            raise TypeError(
                f"SeedGenerator: got unknown arguments {', '.join(kwargs)}."
            )
        if seed is None:
            seed = draw_seed()
        if not _is_seed(seed):
            raise ValueError(
                f"SeedGenerator(seed=...): got {seed!r}; expected an int of at least "
                "0, or None for one drawn at random."
            )
        self.name: str = name or naming.auto_name(type(self).__name__)
        self._initial_seed = seed
        with naming.name_scope(self.name):
            # On the host, so that no draw waits for a device.
            self.state: Variable = Variable(
                np.array([seed, 0], "int64"),
                trainable=False,
                autocast=False,
                name="seed_generator_state",
                host=True,
            )

    def next(self, ordered: bool = True) -> Native:
        """The seed for the next draw; the stream moves on.

        Args:
            ordered: accepted for compatibility.
        """
        seed = self.state.value
        # Both entries grow by one: no two draws of a stream share a pair, and streams
        # that start at different seeds never meet.
        self.state.assign(current.engine.add(seed, 1))
        return seed

    def get_config(self) -> Config:
        """The constructor's arguments."""
        return {"seed": self._initial_seed}

    @classmethod
    def from_config(cls, config: Config) -> "SeedGenerator":
        """A generator that starts where the one of `config` started."""
        return cls(**config)


def global_generator() -> SeedGenerator:
    """The stream behind `seed=None` in `keras.random`."""
    if _Global.generator is None:
        with scopes.outside_all(), naming.absolute_scope(""):
            _Global.generator = SeedGenerator(global_seed(), "global_seed_generator")
    return _Global.generator


def as_seed(seed: "int | SeedGenerator | None") -> Native:
    """The pair of ints that a random primitive takes, from what a user may pass."""
    if seed is None:
        return global_generator().next()
    if isinstance(seed, SeedGenerator):
        return seed.next()
    if isinstance(seed, int):
        return np.array([seed, 0], "int64")
    raise TypeError(
        f"seed: got {seed!r} ({type(seed).__name__}); expected an int, a "
        "keras.random.SeedGenerator, or None."
    )
