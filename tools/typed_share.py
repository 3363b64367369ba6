"""The share of the public API that a type checker sees typed.

Run: python tools/typed_share.py --min 95
"""

import argparse
import json
import subprocess
import sys


def main() -> int:
    """Print the share; the exit status says whether it reaches the bound."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--min", type=float, default=95.0)
    bound = parser.parse_args().min
    command = [
        *("basedpyright", "--ignoreexternal", "--verifytypes", "keras"),
        "--outputjson",
    ]
    run = subprocess.run(
        [sys.executable, "-m", *command], capture_output=True, text=True, check=False
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
