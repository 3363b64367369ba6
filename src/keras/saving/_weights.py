"""Weights in `.weights.h5` files: which object stands at which path, and its arrays."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from keras.core import registry
from keras.core.naming import to_snake_case
from keras.errors import FileFormatError, ShapeError, shorten, warn
from keras.layers._layer import Layer
from keras.layers._state import _HIDDEN, State
from keras.saving import _files, _h5

_BASES = (
    "keras.core.operation",
    "keras.layers._state",
    "keras.layers._layer",
    "keras.models.",
    "keras.training.",
    "keras.backend.",
)
"""Modules of the classes whose own attributes are no part of a user's object tree."""

STATE_NAMES = "variable_names"
"""The attribute of an optimizer's group that tells what each of its variables is."""

OLD_CONTAINER = "_layer_checkpoint_dependencies"
"""What early versions of Keras 3 wrote for `layers`."""


def saveables(root: Any) -> Iterator[tuple[str, Any]]:
    """Every object with variables or assets below `root`, with its path in files.

    Each object comes once, at the first path that leads to it.
    """
    # By identity; what was seen is kept alive, or its identity would be given anew.
    seen: dict[int, Any] = {}

    def walk(target: Any, path: str) -> Iterator[tuple[str, Any]]:
        if id(target) in seen:
            return
        seen[id(target)] = target
        yield path, target
        for name, value in _attributes(target):
            below = f"{path}/{name}" if path else name
            if is_saveable(value):
                yield from walk(value, below)
            elif isinstance(value, list | tuple | dict | set):
                yield from walk_items(value, below)

    def walk_items(container: Any, path: str) -> Iterator[tuple[str, Any]]:
        if id(container) in seen:
            return
        seen[id(container)] = container
        counts: dict[str, int] = {}
        for item in container.values() if isinstance(container, dict) else container:
            is_container = isinstance(item, list | tuple | dict | set)
            if not is_container and not is_saveable(item):
                continue
            name = "container" if is_container else to_snake_case(type(item).__name__)
            count = counts.get(name, 0)
            counts[name] = count + 1
            below = f"{path}/{name}_{count}" if count else f"{path}/{name}"
            yield from (walk_items if is_container else walk)(item, below)

    yield from walk(root, "")


def is_saveable(value: Any) -> bool:
    """Whether files keep the state of this object: of layers, models, optimizers."""
    if isinstance(value, State):
        return True
    return (
        hasattr(value, "save_own_variables")
        and hasattr(value, "load_own_variables")
        and not isinstance(value, type)
        and not hasattr(value, "update_state")
    )


def _attributes(target: Any) -> Iterator[tuple[str, Any]]:
    """The attributes to look into: `layers` of a model first, then by name."""
    is_model = getattr(target, "_is_container", False)
    if is_model:
        yield "layers", list(target.layers)
    hidden = _hidden(type(target).__mro__) | _own_attributes()
    names = {n for n in dir(target) if not n.startswith("__")} - hidden
    if not is_model and hasattr(target, "get_layer"):
        names.add("layers")
    if hasattr(target, "compile_from_config"):
        names.add("optimizer")
    for name in sorted(names, key=lambda n: (n.startswith("_"), n)):
        try:
            yield name, getattr(target, name)
        except Exception:  # a property of the user that does not work yet
            continue


@functools.lru_cache(maxsize=4096)
def _hidden(mro: tuple[type, ...]) -> frozenset[str]:
    """Names that the classes every layer, model or optimizer derives from define."""
    own: set[str] = set()
    bases: set[str] = set()
    for base in mro:
        is_base = base.__module__.startswith(_BASES) or base.__module__ in (
            "builtins",
            "abc",
            "typing",
            "torch.nn.modules.module",
        )
        (bases if is_base else own).update(vars(base))
    methods = {n for n in own if callable(getattr(mro[0], n, None))}
    return frozenset((bases - own) | methods)


@functools.cache
def _own_attributes() -> frozenset[str]:
    """Attributes that a bare layer or model has itself."""
    # By its name, as a file would: models stand above this floor.
    sequential = registry.find("keras", "Sequential", None)
    bare = [Layer(name="bare"), sequential(name="bare")]
    names = {n for b in bare for n in vars(b)} | {"_graph", "_cache"}
    return frozenset(names | _HIDDEN)


class Places:
    """What is saved of a model, and what the variables of its optimizers are called.

    A weight is known by its place in the file, as it is when it is loaded itself: names
    of layers may have been counted up, and variables may come in another order.

    Args:
        root: the model.
    """

    def __init__(self, root: Any) -> None:
        self.targets = list(saveables(root))
        self._weights: dict[int, str] = {}
        for path, target in self.targets:
            own = target._own_variables() if isinstance(target, State) else ()
            for i, variable in enumerate(own):
                self._weights.setdefault(id(variable), f"{path}/vars/{i}")

    def names_of_state(self, target: Any) -> list[str]:
        """A name for each variable of an optimizer; none for another object."""
        names: list[str] = []
        counts: Counter[str] = Counter()
        for weight, what in target._origins() if hasattr(target, "_origins") else ():
            if weight is not None:
                place = self._weights.get(id(weight), f"/{weight.path}")
                what = f"{place}/{what}"
            names.append(f"{what}#{counts[what]}" if counts[what] else what)
            counts[what] += 1
        return names


# Writing.


def write(root: Any, file: Any) -> None:
    """Put the variables of `root` and all below it into an open HDF5 file."""
    places = Places(root)
    for path, target in places.targets:
        values = own_values(target)
        if values or getattr(target, "name", None):
            group = file.create_group(f"{path}/vars" if path else "vars")
            describe(group, target, places, values)
            for name, value in values.items():
                _h5.put(group, name, value)
        elif path:
            file.require_group(path)


def own_values(target: Any) -> dict[str, Any]:
    """What an object's `save_own_variables` stores."""
    store: dict[str, Any] = {}
    if hasattr(target, "save_own_variables"):
        target.save_own_variables(store)
    return store


def describe(group: Any, target: Any, places: Places, values: dict[str, Any]) -> None:
    """Note in the group of an object its name, in an optimizer's what is what."""
    if getattr(target, "name", None):
        group.attrs["name"] = str(target.name)
    names = places.names_of_state(target)
    if names and list(values) == [str(i) for i in range(len(names))]:
        _h5.put_names(group, STATE_NAMES, names)


# Reading.


def read(
    root: Any, find: Callable[[str], list[Any]], what: str, skip_mismatch: bool
) -> None:
    """Take the variables of `root` and all below it from a file.

    Args:
        root: the model.
        find: gives the `vars` groups of a path: one, or several with shards.
        what: the file, for messages.
        skip_mismatch: whether to warn about objects that do not fit, and go on.

    Raises:
        ValueError: if an object has other variables than the file holds for it.
    """
    used, missing, failures = 0, [], []
    places = Places(root)
    for path, target in places.targets:
        store = _h5.Store(find(path))
        try:
            if not store and _expects_nothing(target):
                continue
            used += 1
            if not store and path:
                missing.append(path)
            _read_one(target, path, store, places)
        except (ValueError, KeyError) as error:
            if isinstance(error, FileFormatError) or not skip_mismatch:
                raise _explained(error, target, path, what, used, missing) from None
            failures.append(f"{path}: {shorten(error, 200)}")
    if failures:
        warn(
            f"{what}: {len(failures)} objects were left as they are: "
            + shorten("; ".join(failures), 400)
        )


def _expects_nothing(target: Any) -> bool:
    if not isinstance(target, State):
        return True  # an optimizer that was saved before its first step
    return not target._own_variables()


def _read_one(target: Any, path: str, store: _h5.Store, places: Places) -> None:
    """Load one object, after comparing shapes without reading anything."""
    plain = getattr(type(target), "load_own_variables", None)
    if isinstance(target, State):
        if plain is Layer.load_own_variables:
            own = target._own_variables()
            for i, variable in enumerate(own if len(own) == len(store) else ()):
                if str(i) in store:
                    check_shape(variable, store.dataset(str(i)).shape, path)
        target.load_own_variables(store)  # type: ignore[attr-defined]
        return
    if store and not getattr(target, "built", True):
        return
    _read_optimizer(target, path, store, places.names_of_state(target))


def _read_optimizer(
    optimizer: Any, path: str, store: _h5.Store, names: list[str]
) -> None:
    found = _named(store, path)
    if found and names:
        own_slots, slots = _slots(names), _slots(found)
        if own_slots == slots:
            order = {name: str(i) for i, name in enumerate(found)}
            common = [order[n] for n in names if n in order]
            store = store.renamed({str(i): old for i, old in enumerate(common)})
        elif own_slots & slots:
            _warn_of_other_slots(optimizer, own_slots - slots, slots - own_slots)
            return
        # Else nothing is known by these names: a model whose weights have other places.
    own = list(getattr(optimizer, "variables", []))
    if len(own) == len(store):
        for i, variable in enumerate(own):
            if str(i) in store:
                check_shape(variable, store.dataset(str(i)).shape, path)
    optimizer.load_own_variables(store)


def _named(store: _h5.Store, path: str) -> list[str]:
    """What the variables in an optimizer's group are, if the file tells it.

    Raises:
        FileFormatError: if it names other ones than there are, or one twice.
    """
    groups = store.groups[:1]
    names = _h5.names_of(groups[0], STATE_NAMES, kinds="S") if groups else []
    if names and not (
        len(set(names)) == len(names) == len(store)
        and all(str(i) in store for i in range(len(names)))
    ):
        raise FileFormatError(
            f"{path}: its attribute {STATE_NAMES} lists {len(names)} names, "
            f"{len(set(names))} of them different, for {len(store)} variables. The "
            "file is damaged: take another copy of it."
        )
    return names


def _slots(names: list[str]) -> set[str]:
    """The names of what belongs to a weight."""
    return {n for n in names if "/" in n}


def _warn_of_other_slots(optimizer: Any, missing: set[str], extra: set[str]) -> None:
    facts = [
        f"{what} {shorten(', '.join(sorted(names)), 150)}"
        for what, names in (("lacks", missing), ("has beside them", extra))
        if names
    ]
    warn(
        f"{optimizer.name}: the file {' and '.join(facts)}; the state of the optimizer "
        "is not loaded. Train the same variables as when the file was written, or "
        "go on with a fresh state."
    )


def check_shape(variable: Any, shape: Any, path: str) -> None:
    """Refuse an array of another shape.

    Raises:
        ShapeError: naming the variable, its place in the file and both shapes.
    """
    if tuple(shape) != tuple(variable.shape):
        raise ShapeError(
            f"Variable {variable.path!r}: the file holds an array of shape "
            f"{tuple(shape)} for it (at {path!r}); expected {tuple(variable.shape)}. "
            "Make the model as it was when it was saved, or pass skip_mismatch=True to "
            "leave such layers as they are."
        )


def _explained(
    error: Exception, target: Any, path: str, what: str, used: int, missing: list[str]
) -> Exception:
    if missing and missing[-1] == path:
        name = getattr(target, "name", path)
        return ValueError(
            f"{what}: holds nothing for layer {name!r}, expected at {path!r}. Make the "
            "model with the layers that it had when it was saved, or pass "
            "skip_mismatch=True."
        )
    if isinstance(error, KeyError):
        return ValueError(
            f"{what}: holds no variable {error} for {path!r}. Make the model as it was "
            "when it was saved."
        )
    error.add_note(f"While loading {path or 'the model'!r} from {what}.")
    return error


def finder(file: Any) -> Callable[[str], list[Any]]:
    """Where an open HDF5 file keeps the variables of a path: one group, or none."""

    def find(path: str) -> list[Any]:
        group = _h5.child(file, f"{path}/vars")
        if group is None and "layers" in path.split("/"):
            old = [OLD_CONTAINER if p == "layers" else p for p in path.split("/")]
            group = _h5.child(file, "/".join(old) + "/vars")
        return [_h5.as_group(group)] if group is not None else []

    return find


# Files.


def save(root: Any, path: Path) -> None:
    """Write a `.weights.h5` file."""
    with _files.replacing(path) as part, _h5.opened(part, "w") as file:
        write(root, file)


def load(root: Any, path: Path, skip_mismatch: bool) -> None:
    """Read a `.weights.h5` file."""
    with _h5.opened(path) as file:
        read(root, finder(file), path.name, skip_mismatch)


def save_shards(root: Any, path: Path, max_shard_size: float) -> None:
    """Write `name_00000.weights.h5`, ... and the `.weights.json` that lists them.

    Args:
        root: the model.
        path: ends in ".weights.json".
        max_shard_size: in GB; no variable is cut.

    Raises:
        ValueError: if one variable is larger.
    """
    import json  # beside its only use

    limit = max_shard_size * 1e9
    stem = path.name.removesuffix(".weights.json")
    places = Places(root)
    groups = [(p, t, own_values(t)) for p, t in places.targets]
    weight_map: dict[str, list[str]] = {}
    total = 0
    with ExitStack() as stack:
        shard: Any = None
        file_name, used, number = "", 0.0, 0
        for where, target, values in groups:
            key = f"/{where}/vars" if where else "/vars"
            if not values:
                continue
            for name, value in values.items():
                size = _size(value)
                if size > limit:
                    raise ValueError(
                        f"save_weights(max_shard_size={max_shard_size}): the variable "
                        f"{name} of {where!r} has {size} bytes; expected at most "
                        f"{int(limit)}. Pass a larger max_shard_size."
                    )
                if shard is None or used + size > limit:
                    file_name = f"{stem}_{number:05d}.weights.h5"
                    part = stack.enter_context(
                        _files.replacing(path.with_name(file_name))
                    )
                    shard = stack.enter_context(_h5.opened(part, "w"))
                    used, number = 0.0, number + 1
                if file_name not in weight_map.setdefault(key, []):
                    weight_map[key].append(file_name)
                if key not in shard:
                    describe(shard.create_group(key), target, places, values)
                group = shard[key]
                _h5.put(group, name, value)
                used += size
                total += size
    index = {"metadata": {"total_size": float(total)}, "weight_map": weight_map}
    with _files.replacing(path) as part:
        part.write_text(json.dumps(index, indent=4), encoding="utf-8")


def _size(value: Any) -> int:
    values = value.numpy() if hasattr(value, "numpy") else value
    return int(values.nbytes)


def load_shards(root: Any, path: Path, skip_mismatch: bool) -> None:
    """Read the files that a `.weights.json` lists."""
    index = _files.read_json(path.read_bytes(), path.name)
    table = index.get("weight_map") if isinstance(index, dict) else None
    if not isinstance(table, dict):
        raise FileFormatError(
            f"{path.name}: has no weight_map. Give the .weights.json file that "
            "model.save_weights wrote."
        )
    names = sorted({n for v in table.values() for n in _listed(v, path)})
    with ExitStack() as stack:
        files = {n: _shard(stack, path, n) for n in names}

        def find(where: str) -> list[Any]:
            listed = table.get(f"/{where}/vars" if where else "/vars", [])
            return [g for n in _listed(listed, path) for g in finder(files[n])(where)]

        read(root, find, path.name, skip_mismatch)


def _listed(value: Any, path: Path) -> list[str]:
    names = [value] if isinstance(value, str) else value
    if isinstance(names, list) and all(isinstance(n, str) for n in names):
        return names
    raise FileFormatError(f"{path.name}: its weight_map is damaged.")


def _shard(stack: ExitStack, path: Path, name: str) -> Any:
    if Path(name).name != name or "\\" in name or not name.endswith(".weights.h5"):
        raise FileFormatError(
            f"{path.name}: names the file {shorten(name, 80)!r}; expected names of "
            ".weights.h5 files in the same folder."
        )
    return stack.enter_context(_h5.opened(_files.existing(path.with_name(name), name)))
