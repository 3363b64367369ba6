"""The public API: names and signatures are those of Keras 3, recorded in api.json."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import keras

HERE = Path(__file__).parent / "reference"
COMPLETE = (
    "activations callbacks constraints initializers losses metrics ops optimizers "
    "random regularizers tree"
).split()


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """What check_api.py finds in a fresh interpreter."""
    out = tmp_path_factory.mktemp("api") / "api.json"
    source = str(Path(keras.__file__).parents[1])
    command = [sys.executable, str(HERE / "check_api.py"), sys.executable]
    subprocess.run(
        [*command, "--backend", "torch", "--show", "0", "--json", str(out)],
        env=os.environ | {"PYTHONPATH": source, "KERAS_BACKEND": "torch"},
        stdout=subprocess.DEVNULL,
        check=False,  # its status says whether nothing is missing at all
        timeout=300,
    )
    return json.loads(out.read_text())


@pytest.mark.parametrize("module", COMPLETE)
def test_a_complete_module_has_every_name_and_signature(report, module):
    inside = (f"keras.{module}", f"keras.{module}.")
    missing = [
        name
        for name, *_ in report["missing"] + report["signatures"]
        if name == inside[0] or name.startswith(inside[1])
    ]
    assert missing == []


def test_dtype_policies_lack_only_those_of_quantization(report):
    missing = [name for name, _ in report["missing"] if ".dtype_policies" in name]
    assert [name for name in missing if not name.endswith("DTypePolicy")] == []
    assert "keras.dtype_policies.DTypePolicy" not in missing


def test_every_name_that_exists_has_a_compatible_signature(report):
    wrong = [row for row in report["signatures"] if row[1] != "missing"]
    assert wrong == []


def test_aliases_are_the_same_object(report):
    assert report["aliases"] == []


def test_the_share_of_the_api_does_not_shrink(report, record_property):
    share = {k: f"{v['ok']} of {v['of']}" for k, v in report["total"].items()}
    record_property("api", share)
    print(share)
    names = report["total"]["names"]
    assert names["ok"] / names["of"] >= 0.80, share
