"""Promotion against the recorded result dtypes of Keras 3, pair by pair."""

import gzip
import itertools
import json
from pathlib import Path

import numpy as np
import pytest

import keras
from keras.core import dtypes
from keras.core.dtypes import PLAIN, RULES, standardize_dtype, stored

GOLDEN = Path(__file__).parent.parent / "golden" / "dtypes.json.gz"
SCALARS = {"py:int": "int", "py:float": "float", "py:bool": "bool"}
TYPES = {"py:int": int, "py:float": float, "py:bool": bool}
BINARY = """add subtract multiply divide true_divide floor_divide mod power maximum
minimum fmax fmod arctan2 hypot logaddexp divide_no_nan heaviside dot inner outer kron
gcd""".split()
# Upstream shows something else for these alone; see tests/golden/known_failures.txt.
ODD = {("heaviside", "py:bool,bool")}


def recorded():
    """Of each op the recorded result dtype of each combination of arguments."""
    table = {}
    with gzip.open(GOLDEN, "rt") as file:
        for case in json.load(file)["cases"]:
            table.setdefault(case["op"], {}).update(case["expect"]["dtypes"])
    return table


RECORDED = recorded()


def kinds(combination):
    return [SCALARS.get(d) or stored(d) for d in combination.split(",")]


@pytest.mark.parametrize("name", BINARY)
def test_rule_of_a_binary_op_gives_all_recorded_dtypes(name):
    rule = RULES.get({"true_divide": "divide"}.get(name, name), PLAIN)
    wrong = {
        combination: (rule(*kinds(combination)), expected)
        for combination, expected in RECORDED[name].items()
        if rule(*kinds(combination)) != expected and (name, combination) not in ODD
    }
    assert wrong == {}


def test_result_type_gives_all_recorded_dtypes():
    for combination, expected in RECORDED["result_type"].items():
        given = [TYPES.get(d, d) for d in combination.split(",")]
        assert keras.backend.result_type(*given) == expected, combination


def test_promotion_does_not_depend_on_order_or_grouping():
    names = [*dtypes.INTS, *dtypes.FLOATS, "bool", "int", "float"]
    for a, b, c in itertools.product(names, repeat=3):
        assert dtypes.promote((a, b)) == dtypes.promote((b, a))
        assert dtypes.promote((a, b, c)) == dtypes.promote((c, a, b))


@pytest.mark.parametrize(
    ("given", "name"),
    [
        (None, "float32"),
        (float, "float32"),
        ("float", "float32"),
        (int, "int32"),
        (bool, "bool"),
        (np.float64, "float64"),
        (np.dtype("float64"), "float64"),
        (np.dtype("int8"), "int8"),
        ("half", "float16"),
    ],
)
def test_standardize_dtype_takes_python_and_numpy_types(given, name):
    assert standardize_dtype(given) == name


def test_an_unknown_dtype_is_refused_with_the_nearest():
    with pytest.raises(ValueError, match="'float31'.*'float32'"):
        standardize_dtype("float31")
