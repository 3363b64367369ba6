"""Code lines per folder of src/keras; fails where an engine or a file is too large.

Run: python tools/size.py
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent / "src" / "keras"
ENGINE_LIMIT = 3000
FILE_LIMIT = 600
WAIST_LIMIT = 220


def code_lines(path: Path) -> int:
    """Lines that are neither blank nor a comment, docstrings included."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return sum(bool(s) and not s.startswith("#") for s in map(str.strip, lines))


def main() -> int:
    """Print the table; the exit status says whether all limits hold."""
    sizes = {p: code_lines(p) for p in ROOT.rglob("*.py")}
    folders: dict[str, int] = {}
    for path, lines in sizes.items():
        name = str(path.relative_to(ROOT).parent)
        if name.startswith("backend/"):
            folders[name] = folders.get(name, 0) + lines
        else:
            top = name.split("/")[0]
            folders[top] = folders.get(top, 0) + lines
    for name, lines in sorted(folders.items(), key=lambda item: -item[1]):
        print(f"{lines:7,}  {name}")
    print(f"{sum(sizes.values()):7,}  in all, {len(sizes)} files")
    waist = (ROOT / "backend" / "base.py").read_text().count("\n    def ")
    print(f"{waist:7,}  primitives in the waist")
    wrong = [
        f"{name}: {n} lines; at most {ENGINE_LIMIT}"
        for name, n in folders.items()
        if name.startswith("backend/") and n > ENGINE_LIMIT
    ]
    wrong += [
        f"{p.relative_to(ROOT)}: {n} lines; at most {FILE_LIMIT}"
        for p, n in sizes.items()
        if n > FILE_LIMIT
    ]
    if waist > WAIST_LIMIT:
        wrong.append(f"backend/base.py: {waist} primitives; at most {WAIST_LIMIT}")
    print("\n".join(wrong))
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
