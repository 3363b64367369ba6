"""Every golden case that the package has the names for, on every engine."""

import os
import sys
import warnings
from pathlib import Path

import pytest

import keras

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import check_golden as golden  # noqa: E402

KNOWN_FAILURES = HERE / "known_failures.txt"


def _expected_failures(backend):
    lines = KNOWN_FAILURES.read_text().splitlines()
    rows = [line.split("#")[0].split() for line in lines if line.split("#")[0].strip()]
    return {case for case, *engines in rows if not engines or backend in engines}


AREAS = golden.areas_of(str(HERE))


@pytest.mark.parametrize("area", AREAS)
def test_golden_area(area, backend):
    cases, pools = golden.read_area(str(HERE), area)
    expected = _expected_failures(backend)
    context = golden.Ctx(str(HERE), pools)
    wrong = {}
    only = os.environ.get("GOLDEN_MATCH", "")
    for case in cases:
        skip = not case.get("scored", True) or only not in case["id"]
        if skip or (backend == "numpy" and case.get("needs") == "training"):
            continue
        reason = _replay(context, case, pools, backend)
        if reason and case["id"] not in expected:
            wrong[case["id"]] = reason
    text = "\n".join(f"{k}: {v}" for k, v in list(wrong.items())[:20])
    assert not wrong, f"{len(wrong)} of {len(cases)} cases:\n{text}"


def _replay(context, case, pools, backend):
    """What is wrong with the case, or None."""
    if case["kind"] == "program":
        keras.utils.clear_session(free_memory=False)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            got = golden.KINDS[case["kind"]](context, case, False)
            main, _, _ = golden.compare(case, got, pools, backend)
    except Exception as error:  # a case that fails is reported with the others
        return f"{type(error).__name__}: {str(error)[:300]}"
    return "; ".join(main[:2])[:300] or None
