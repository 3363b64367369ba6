"""Nested structures of lists, tuples and dicts: `keras.tree`, on optree."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import optree

_NAMESPACE = "keras"


class MAP_TO_NONE:
    """What a function given to `traverse` returns to put `None` in a node's place."""


def is_nested(structure: Any) -> bool:
    """Whether `structure` is a list, tuple, dict or other registered container."""
    return not optree.tree_is_leaf(structure, none_is_leaf=True, namespace=_NAMESPACE)


def flatten(structure: Any) -> list[Any]:
    """The leaves of `structure` in order; dicts by sorted key; `None` is a leaf."""
    leaves: list[Any] = optree.tree_leaves(
        structure, none_is_leaf=True, namespace=_NAMESPACE
    )
    return leaves


def flatten_with_path(structure: Any) -> list[tuple[tuple[Any, ...], Any]]:
    """Pairs of a path (keys and indices) and a leaf."""
    paths, leaves, _ = optree.tree_flatten_with_path(
        structure, none_is_leaf=True, namespace=_NAMESPACE
    )
    return list(zip(paths, leaves, strict=True))


def flatten_with_spec(structure: Any) -> tuple[list[Any], Any]:
    """The leaves, and what puts others in their place (`unflatten`)."""
    leaves, spec = optree.tree_flatten(
        structure, none_is_leaf=True, namespace=_NAMESPACE
    )
    return leaves, spec


def unflatten(spec: Any, leaves: Iterable[Any]) -> Any:
    """The structure of `spec` with other leaves."""
    return optree.tree_unflatten(spec, leaves)


def map_structure(
    func: Callable[..., Any], *structures: Any, none_is_leaf: bool = True
) -> Any:
    """`func` applied to the leaves of one or more structures of the same form.

    Raises:
        ValueError: if the structures differ in form.
    """
    if not structures:
        raise ValueError("keras.tree.map_structure: pass at least one structure.")
    for other in structures[1:]:
        assert_same_structure(structures[0], other)
    return optree.tree_map(
        func, *structures, none_is_leaf=none_is_leaf, namespace=_NAMESPACE
    )


def map_structure_up_to(
    shallow_structure: Any, func: Callable[..., Any], *structures: Any
) -> Any:
    """`func` of what stands in `structures` at the leaves of the shallow one."""
    _, spec = flatten_with_spec(shallow_structure)
    columns = [spec.flatten_up_to(s) for s in structures]
    return unflatten(spec, [func(*row) for row in zip(*columns, strict=True)])


def assert_same_structure(a: Any, b: Any, check_types: bool | None = None) -> None:
    """Raise a `ValueError` if `a` and `b` differ in form.

    Args:
        a, b: nested structures.
        check_types: accepted for compatibility; types of containers are compared.
    """
    left = optree.tree_structure(a, none_is_leaf=True, namespace=_NAMESPACE)
    right = optree.tree_structure(b, none_is_leaf=True, namespace=_NAMESPACE)
    if left != right:
        raise ValueError(
            f"The two structures do not have the same form: {left} and {right}."
        )


def assert_same_paths(a: Any, b: Any) -> None:
    """Raise a `ValueError` if the leaves of `a` and `b` have other paths."""
    left = {p for p, _ in flatten_with_path(a)}
    right = {p for p, _ in flatten_with_path(b)}
    if left != right:
        raise ValueError(
            "The two structures do not have the same paths; only one has "
            f"{sorted(map(str, left ^ right))[:5]}."
        )


def pack_sequence_as(structure: Any, flat_sequence: Sequence[Any]) -> Any:
    """`structure` with the leaves replaced by `flat_sequence` in order.

    Raises:
        ValueError: if their numbers differ.
    """
    leaves, spec = flatten_with_spec(structure)
    if len(leaves) != len(flat_sequence):
        raise ValueError(
            f"keras.tree.pack_sequence_as: the structure has {len(leaves)} leaves, the "
            f"sequence {len(flat_sequence)}. Give one value for each leaf."
        )
    return unflatten(spec, flat_sequence)


def lists_to_tuples(structure: Any) -> Any:
    """`structure` with every list turned into a tuple."""
    if isinstance(structure, list):
        return tuple(lists_to_tuples(s) for s in structure)
    if type(structure) is tuple:
        return tuple(lists_to_tuples(s) for s in structure)
    if isinstance(structure, dict):
        return {k: lists_to_tuples(v) for k, v in structure.items()}
    return structure


def is_shape(x: Any) -> bool:
    """Whether `x` is a tuple or list of ints and `None`."""
    return isinstance(x, list | tuple) and all(
        d is None or (isinstance(d, int) and not isinstance(d, bool)) for d in x
    )


def map_shape_structure(func: Callable[[Any], Any], structure: Any) -> Any:
    """`func` applied to every shape (a tuple of ints and `None`) in `structure`."""
    if is_shape(structure):
        return func(tuple(structure))
    if isinstance(structure, list | tuple):
        return type(structure)(map_shape_structure(func, s) for s in structure)
    if isinstance(structure, dict):
        return {k: map_shape_structure(func, s) for k, s in structure.items()}
    raise ValueError(f"keras.tree.map_shape_structure: {structure!r} holds no shape.")


def traverse(func: Callable[[Any], Any], structure: Any, top_down: bool = True) -> Any:
    """Apply `func` to every node; what it returns takes the node's place.

    `None` keeps the node (and, top down, goes on into it); `MAP_TO_NONE` puts `None`.
    """
    if top_down:
        result = func(structure)
        if result is not None:
            return None if result is MAP_TO_NONE else result
        return _traverse_children(func, structure, top_down)
    rebuilt = _traverse_children(func, structure, top_down)
    result = func(rebuilt)
    if result is None:
        return rebuilt
    return None if result is MAP_TO_NONE else result


def _traverse_children(
    func: Callable[[Any], Any], structure: Any, top_down: bool
) -> Any:
    if not is_nested(structure):
        return structure
    children, metadata, _, rebuild = optree.tree_flatten_one_level(
        structure, none_is_leaf=True, namespace=_NAMESPACE
    )
    return rebuild(metadata, [traverse(func, child, top_down) for child in children])
