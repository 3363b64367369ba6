"""The numbers of Keras 3: every golden case that the package has the names for.

NumPy and PyTorch replay all of them. JAX, which compiles each case for itself,
replays the first of every group; `GOLDEN_FULL=1` in the environment makes it
replay all, and `GOLDEN_MATCH=TEXT` keeps the cases with TEXT in their id.

What does not pass is listed, with the reason, in `known_failures.txt`; what waits for
names that the package does not have, in `not_yet.txt`. Both lists can only shrink: a
listed case that passes, or a listed name that exists, fails a test.
"""

import golden_cases
import pytest

AREAS = {area: golden_cases.chunks(area) for area in golden_cases.AREAS}
CHUNKS = [(area, i) for area, count in AREAS.items() for i in range(count)]


@pytest.mark.parametrize(("area", "chunk"), CHUNKS)
def test_the_numbers_are_those_of_keras_3(area, chunk, backend):
    full = golden_cases.FULL or backend != "jax"
    chosen = golden_cases.cases(area, backend, full)[chunk :: AREAS[area]]
    known = golden_cases.known_failures(backend)
    wrong = {}
    for case in chosen:
        reason = golden_cases.replay(case, area, backend)
        if case["id"] in known:
            reason = None if reason else "passes: take it off known_failures.txt"
        if reason:
            wrong[case["id"]] = reason
    golden_cases.forget_programs(backend)
    text = "\n".join(f"{k}: {v}" for k, v in list(wrong.items())[:20])
    assert not wrong, f"{len(wrong)} of {len(chosen)} cases:\n{text}"


@pytest.mark.parametrize("group", golden_cases.waiting())
def test_what_waits_for_a_name_still_has_to(group):
    names = golden_cases.waiting()[group]
    assert names, "say which names the cases wait for"
    there = [name for name in names if golden_cases.exists(name)]
    assert len(there) < len(names), f"all exist: take {group} off not_yet.txt"


def test_both_lists_name_cases_that_exist():
    known = [case for case, *_ in golden_cases.rows("known_failures.txt")]
    every = [case for area in AREAS for case in golden_cases.read(area)[0]]
    assert set(known) <= {case["id"] for case in every}
    assert set(golden_cases.waiting()) <= {golden_cases.group_of(c) for c in every}
