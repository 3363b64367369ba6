"""The floors of the house: imports go downward only, and engines stay below."""

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent / "src" / "keras"

# From the lowest floor up; a folder may import its own floor and those below.
FLOORS = [
    {"typing", "errors", "version"},
    {"backend"},
    {"core"},
    {"ops", "random", "tree", "config", "dtype_policies"},
    {"legacy"},
    {
        "activations",
        "initializers",
        "regularizers",
        "constraints",
        "losses",
        "metrics",
        "optimizers",
    },
    {"layers"},
    {"callbacks", "saving", "training"},
    {"models"},
    {"datasets", "utils", "preprocessing", "visualization", "applications"},
]
LEVEL = {name: i for i, floor in enumerate(FLOORS) for name in floor}

ENGINES = ("torch", "jax", "tensorflow")


def _imports(path):
    """The modules that a file imports, but those for type checkers alone."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "keras":
                yield from (f"keras.{alias.name}" for alias in node.names)
            else:
                yield node.module


def _files():
    # The folders' lists of public names may name what stands above (keras.backend).
    return [p for p in ROOT.rglob("*.py") if p.name != "__init__.py"]


def test_imports_go_down_the_floors_only():
    wrong = []
    for path in _files():
        parts = path.relative_to(ROOT).parts
        own = parts[0].removesuffix(".py")
        for module in _imports(path):
            if not module.startswith("keras."):
                continue
            other = module.split(".")[1]
            if LEVEL[other] > LEVEL[own]:
                wrong.append(f"{'/'.join(parts)} imports {module}")
    assert not wrong, "\n".join(wrong)


def test_engines_are_named_under_backend_only():
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in ROOT.rglob("*.py")
        if path.relative_to(ROOT).parts[0] not in ("backend", "export")
        for module in _imports(path)
        if module.split(".")[0] in ENGINES
    ]
    assert not wrong, "\n".join(wrong)


def test_engines_do_not_import_one_another():
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for engine in (*ENGINES, "numpy")
        for path in (ROOT / "backend" / engine).glob("*.py")
        for module in _imports(path)
        if (module.split(".")[0] in ENGINES and module.split(".")[0] != engine)
        or (
            module.startswith("keras.backend.")
            and module.split(".")[2] in (*ENGINES, "numpy")
            and module.split(".")[2] != engine
        )
    ]
    assert not wrong, "\n".join(wrong)


def _modules_after(program):
    script = f"import sys\n{program}\nprint('\\n'.join(sys.modules))"
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return set(run.stdout.split())


HEAVY = ("h5py", "rich", "PIL", "matplotlib", "sklearn", "pandas", "pooch")


def test_import_loads_no_engine_and_nothing_heavy():
    modules = _modules_after("import keras")
    assert not modules & {*ENGINES, *HEAVY}
    assert len(modules - _modules_after("import numpy, ml_dtypes, optree")) < 500


def test_one_engine_loads_no_other():
    program = (
        "import os; os.environ['KERAS_BACKEND'] = 'torch'\n"
        "import keras; keras.ops.ones(2)"
    )
    modules = _modules_after(program)
    assert "torch" in modules
    assert not modules & {"jax", "tensorflow"}
