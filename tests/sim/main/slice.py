#!/usr/bin/env python3
"""A slice of simulation for CI: bounded in time, with seeds that nobody has seen before.

usage: slice.py PROGRAM [--seconds N] [--seed N] [--plants N] [--strict]

1. the regression list (tests/sim/seeds.txt)
2. two new seeds, each twice: the digests must be the same
3. some plants, drawn: each must be caught within its number of seeds (plants.txt)
4. new seeds until the time is over

What a new seed finds is printed with its story. It fails the slice with --strict only: as long as
long runs still find something now and then (README), a stranger's commit is not to blame for it.
"""
import argparse
import json
import pathlib
import random
import subprocess
import sys
import time

DEFAULT_FLEET = "--sites 2 --stations 4 --hours 0.4"  # as plants.sh
SIM = pathlib.Path(__file__).resolve().parents[1]


def plants():
    for line in (SIM / "plants/plants.txt").read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            name, _, seeds, *fleet = (part.strip() for part in line.split("|"))
            yield name, int(seeds), (fleet[0] if fleet and fleet[0] else DEFAULT_FLEET).split()


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("program")
    ask.add_argument("--seconds", type=int, default=240)
    ask.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6, 10**9))
    ask.add_argument("--plants", type=int, default=3)
    ask.add_argument("--strict", action="store_true")
    want = ask.parse_args()
    began = time.monotonic()
    draw = random.Random(want.seed)
    print(f"sim slice, first seed {want.seed}", flush=True)

    def left():
        return want.seconds - (time.monotonic() - began)

    def run(*words, quiet=False):
        """(exit code, the JSON object of the last line)."""
        done = subprocess.run([want.program, *map(str, words)], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL if quiet else None, text=True, check=False)
        lines = done.stdout.strip().splitlines()
        return done.returncode, json.loads(lines[-1]) if lines else {}

    def say(what, report):
        keys = ("seeds", "simulated_hours", "events", "orders", "violations", "speedup", "digest")
        print(f"{what}: " + ", ".join(f"{key} {report.get(key)}" for key in keys), flush=True)

    failed = []
    code, report = run("--seeds", SIM / "seeds.txt")
    say("regression list", report)
    failed += ["regression list"] if code else []
    digests = []
    for _ in range(2):
        code, report = run("--seed", want.seed, "--hours", 0.3, "--no-minimise", quiet=True)
        digests.append((code, report.get("events"), report.get("digest")))
    say("twice", report)
    failed += ["repeat: " + str(digests)] if digests[0] != digests[1] else []
    found = [want.seed] if code else []
    for name, seeds, fleet in draw.sample(sorted(plants()), want.plants):
        if left() < want.seconds / 2:
            break
        code, report = run("--plant", name, "--count", seeds, *fleet, "--no-minimise", quiet=True)
        print(f"plant {name}: {'caught in seed' if code == 1 else 'NOT CAUGHT in'} "
              f"{report.get('seeds')} of {seeds}", flush=True)
        failed += [f"plant {name}"] if code != 1 else []
    seed = want.seed + 2
    while left() > 20:
        code, report = run("--seed", seed, "--count", 5)
        say(f"seeds from {seed}", report)
        if code:
            found.append(seed)
            break
        seed += 5
    if found:
        print(f"FOUND by new seeds, see above: {found}", flush=True)
        failed += [f"new seeds {found}"] if want.strict else []
    print("FAILED: " + ", ".join(failed) if failed else "sim slice: clean")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
