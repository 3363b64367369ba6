"""Every engine provides what the waist asks for, with the same parameters."""

import inspect

import numpy as np
import pytest

from keras.backend import base, current

PROTOCOLS = [p for p in base.Engine.__mro__ if p.__module__ == base.__name__]
FUNCTIONS = {
    name: member
    for protocol in PROTOCOLS
    for name, member in vars(protocol).items()
    if inspect.isfunction(member) and not name.startswith("_")
}
VALUES = {
    name
    for protocol in PROTOCOLS
    for name in inspect.get_annotations(protocol)
    if not name.startswith("_")
}


def test_the_waist_is_narrow():
    assert 150 < len(FUNCTIONS) < 250
    assert {"name", "functional", "tensor_types"} == VALUES


def test_every_value_is_there(backend):
    engine = current.load(backend)
    assert engine.name == backend
    assert isinstance(engine.functional, bool)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_primitive_is_there_and_takes_the_same(backend, name):
    function = getattr(current.load(backend), name, None)
    assert callable(function), f"{backend} has no {name}"
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # written in C: nothing to compare
        return
    wanted = list(inspect.signature(FUNCTIONS[name]).parameters.values())[1:]
    values = [object() for p in wanted if p.kind is not p.VAR_POSITIONAL]
    signature.bind(*values)  # raises where it cannot be called like this


@pytest.mark.parametrize("first, second", [("torch", "jax"), ("jax", "torch")])
def test_engines_import_nothing_of_one_another(first, second):
    module = pytest.importorskip(f"keras.backend.{first}")
    text = "".join(
        p.read_text()
        for p in __import__("pathlib").Path(module.__path__[0]).iterdir()
        if p.suffix == ".py"
    )
    assert f"import {second}" not in text
    assert f"keras.backend.{second}" not in text


def test_jax_reads_no_array_after_it_was_converted():
    engine = current.load("jax")
    for make in (engine.convert, lambda x, _: engine.variable(x, True, False)):
        for _ in range(30):
            array = np.zeros((512, 512), "float32")
            tensor = make(array, None)
            array[:] = 5
            assert not engine.to_numpy(tensor).any()
