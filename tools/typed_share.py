"""The share of the public API that a type checker sees typed.

Run: python tools/typed_share.py --min 95
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path


def main() -> int:
    """Print the share; the exit status says whether it reaches the bound."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--min", type=float, default=95.0)
    bound = parser.parse_args().min
    command = [
        *("basedpyright", "--ignoreexternal", "--verifytypes", "keras"),
        "--outputjson",
    ]
    # It looks for the package by the first Python on the path, which must be this one.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    run = subprocess.run(
        [sys.executable, "-m", *command],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PATH": path},
    )
    report = json.loads(run.stdout)["typeCompleteness"]
    share = 100 * report["completenessScore"]
    print(f"{share:.1f} % of the public API is typed (bound {bound:g} %)")
    if share < bound:
        for symbol in report["symbols"]:
            if not symbol["isTypeKnown"] and symbol["isExported"]:
                print("  unknown:", symbol["name"])
    return share < bound


if __name__ == "__main__":
    sys.exit(main())
