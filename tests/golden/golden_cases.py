"""Which golden cases there are for an engine, and what is wrong with one."""

import os
import warnings
from functools import cache
from pathlib import Path

import check_golden as golden

import keras

HERE = Path(__file__).parent
AREAS = golden.areas_of(str(HERE))
CHUNK = {"training": 6, "files": 12}
"""How many cases go into one test; 60 where nothing is said."""
FULL = os.environ.get("GOLDEN_FULL", "") == "1"
MATCH = os.environ.get("GOLDEN_MATCH", "")
SAMPLE = 1
"""How many cases of each group JAX replays by default: it compiles every one."""


def rows(name):
    """The words of each line of a list, without what stands behind `#`."""
    lines = (HERE / name).read_text().splitlines()
    return [line.split("#")[0].split() for line in lines if line.split("#")[0].strip()]


def known_failures(backend):
    table = rows("known_failures.txt")
    return {case for case, *engines in table if not engines or backend in engines}


def waiting():
    """Groups of cases that are left out, with the names that they wait for."""
    return {group: names for group, *names in rows("not_yet.txt")}


def exists(name):
    """Whether the package has the dotted name."""
    try:
        golden.Ctx.find(None, name)
    except AttributeError:
        return False
    return True


@cache
def read(area):
    return golden.read_area(str(HERE), area)


def chunks(area):
    """How many tests the cases of an area are cut into."""
    return -(-len(read(area)[0]) // CHUNK.get(area, 60))


def group_of(case):
    return case["id"].rsplit("/", 1)[0]


def cases(area, backend, full=True):
    """The cases of an area that the engine can run and the package has names for."""
    left_out, seen, chosen = waiting(), {}, []
    for case in read(area)[0]:
        group = group_of(case)
        trains = case.get("needs") == "training"
        skip = group in left_out or not case.get("scored", True)
        if skip or MATCH not in case["id"] or (trains and backend == "numpy"):
            continue
        seen[group] = seen.get(group, 0) + 1
        if full or seen[group] <= SAMPLE:
            chosen.append(case)
    return chosen


def replay(case, area, backend):
    """What is wrong with the case, or None."""
    pools = read(area)[1]
    context = golden.Ctx(str(HERE), pools)
    if case["kind"] == "program":
        keras.utils.clear_session(free_memory=False)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            got = golden.KINDS[case["kind"]](context, case, False)
            wrong, _, _ = golden.compare(case, got, pools, backend)
    except Exception as error:  # a case that fails is reported with the others
        return f"{type(error).__name__}: {str(error)[:300]}"
    return "; ".join(wrong[:2])[:300] or None


def forget_programs(backend):
    """Give back the memory of what JAX compiled, which would become gigabytes."""
    if backend == "jax":
        import jax  # not installed everywhere

        jax.clear_caches()
