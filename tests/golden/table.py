"""Print how many golden cases pass: `python tests/golden/table.py [ENGINE ...]`."""

import collections
import sys

import golden_cases

import keras


def main(engines):
    left_out = golden_cases.waiting()
    print(f"{'area':15}" + "".join(f"{e:>14}" for e in engines) + f"{'waiting':>10}")
    total = collections.Counter()
    for area in golden_cases.AREAS:
        row = f"{area:15}"
        for engine in engines:
            keras.config.set_backend(engine)
            chosen = golden_cases.cases(area, engine)
            passed = sum(not golden_cases.replay(c, area, engine) for c in chosen)
            row += f"{f'{passed} / {len(chosen)}':>14}"
            total[engine, "passed"] += passed
            total[engine, "cases"] += len(chosen)
            keras.utils.clear_session(free_memory=False)
            golden_cases.forget_programs(engine)
        waits = sum(
            golden_cases.group_of(c) in left_out for c in golden_cases.read(area)[0]
        )
        total["waiting"] += waits
        print(row + f"{waits:>10}", flush=True)
    sums = [f"{total[e, 'passed']} / {total[e, 'cases']}" for e in engines]
    print(
        f"{'total':15}" + "".join(f"{s:>14}" for s in sums) + f"{total['waiting']:>10}"
    )


if __name__ == "__main__":
    main(sys.argv[1:] or ["torch", "jax", "numpy"])
