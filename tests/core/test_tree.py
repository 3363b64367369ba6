from collections import OrderedDict, namedtuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras import tree

leaves = st.one_of(st.integers(), st.none(), st.text(max_size=2))
structures = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.sampled_from("abcd"), inner, max_size=3),
    ),
    max_leaves=8,
)
Point = namedtuple("Point", "x y")


@given(structures)
def test_packing_the_leaves_gives_the_structure_back(structure):
    assert tree.pack_sequence_as(structure, tree.flatten(structure)) == structure


@given(structures)
def test_mapping_the_identity_changes_nothing(structure):
    assert tree.map_structure(lambda x: x, structure) == structure
    tree.assert_same_structure(structure, structure)


@given(structures)
def test_paths_lead_to_the_leaves(structure):
    for path, leaf in tree.flatten_with_path(structure):
        found = structure
        for key in path:
            found = found[key]
        assert found is leaf


def test_dicts_are_flat_in_the_order_of_their_keys():
    assert tree.flatten({"b": 1, "a": [2, (3, None)]}) == [2, 3, None, 1]
    assert tree.flatten(OrderedDict([("b", 1), ("a", 2)])) in ([1, 2], [2, 1])


def test_named_tuples_stay():
    assert tree.map_structure(lambda x: x + 1, Point(1, [2])) == Point(2, [3])


def test_what_is_nested():
    assert all(map(tree.is_nested, ([], (), {}, Point(1, 2))))
    assert not any(map(tree.is_nested, (1, "ab", None, {1})))


def test_several_structures_are_mapped_together():
    assert tree.map_structure(lambda a, b: a + b, {"a": [1]}, {"a": [2]}) == {"a": [3]}
    with pytest.raises(ValueError, match="not have the same form"):
        tree.map_structure(lambda a, b: a, [1], [1, 2])
    with pytest.raises(ValueError, match="at least one"):
        tree.map_structure(lambda a: a)


def test_up_to_a_shallow_structure():
    result = tree.map_structure_up_to([0, 0], lambda a: len(a), [[1, 2], [3]])
    assert result == [2, 1]


def test_too_few_leaves_are_refused():
    with pytest.raises(ValueError, match="2 leaves, the sequence 1"):
        tree.pack_sequence_as([0, 0], [1])


def test_different_paths_are_refused():
    tree.assert_same_paths([1, 2], (3, 4))
    with pytest.raises(ValueError, match="same paths"):
        tree.assert_same_paths({"a": 1}, {"b": 1})


def test_traverse_replaces_nodes():
    double = tree.traverse(
        lambda x: x * 2 if isinstance(x, int) else None, [1, (2, "a")]
    )
    assert double == [2, (4, "a")]
    cut = tree.traverse(lambda x: "t" if isinstance(x, tuple) else None, [1, (2,)])
    assert cut == [1, "t"]
    gone = tree.traverse(lambda x: tree.MAP_TO_NONE if x == 1 else None, [1, 2])
    assert gone == [None, 2]
    up = tree.traverse(
        lambda x: sum(x) if isinstance(x, list) else None, [1, [2, 3]], False
    )
    assert up == 6


def test_lists_to_tuples():
    assert tree.lists_to_tuples([1, {"a": [2]}]) == (1, {"a": (2,)})
