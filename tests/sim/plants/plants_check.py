#!/usr/bin/env python3
"""Every PLANT("name") of the code is in plants.txt and the other way round; no program that ships
holds the name of a plant.

usage: plants_check.py --flavour dev|release|sim [folder of programs]
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
SHIPPED = ["dockline-server", "dockline-agent", "dockline"]


def planted():
    """name -> places; only in product code."""
    found = {}
    for top in ("shared", "agent", "server", "firmware-interfaces"):
        for path in sorted((ROOT / top).rglob("*")):
            if path.suffix not in (".cpp", ".hpp") or path.name == "plant.hpp":
                continue
            for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
                for name in re.findall(r'PLANT\("([^"]*)"\)', line):
                    found.setdefault(name, []).append(f"{path.relative_to(ROOT)}:{number}")
    return found


def listed():
    names = {}
    for line in (pathlib.Path(__file__).parent / "plants.txt").read_text().splitlines():
        if line.startswith("#"):
            continue
        name, what, seeds = (part.strip() for part in line.split("|")[:3])
        if name in names or not what or int(seeds) < 1:
            raise SystemExit(f"plants.txt: {line!r} is double or lacks something")
        names[name] = what
    return names


def main():
    problems = []
    code, table = planted(), listed()
    for name in sorted(set(code) - set(table)):
        problems.append(f"{code[name][0]}: PLANT(\"{name}\") is not in plants.txt; add a line")
    for name in sorted(set(table) - set(code)):
        problems.append(f"plants.txt: {name} is nowhere in the code; take it out or plant it")
    if len(table) < 20:
        problems.append(f"plants.txt: {len(table)} plants; at least 20 are wanted")
    looked = 0
    if "sim" not in sys.argv and len(sys.argv) > 1:
        for program in SHIPPED:
            path = pathlib.Path(sys.argv[-1]) / program
            if not path.is_file():
                # The build that ships is complete; elsewhere a part of it may have been asked for.
                if "release" in sys.argv:
                    problems.append(f"{path} is missing: build it, or nothing was looked at")
                continue
            looked += 1
            contents = path.read_bytes()
            for name in table:
                if name.encode() in contents:
                    problems.append(f"{path}: holds the plant {name}: built with DOCKLINE_PLANTS?")
    print("\n".join(problems) if problems else
          f"plants: {len(table)} in the list and in the code, in none of {looked} programs")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
