#!/usr/bin/env python3
"""Keeps a bench run: record.py LINES.json writes its table into README.md, between the marks
`<!-- table:part -->` of each part it has, and draws its curves into plots/."""
import datetime
import json
import os
import pathlib
import re
import subprocess
import sys

import plot

HERE = pathlib.Path(__file__).parent


def machine():
    model = re.search(r"model name\s*: (.+)", pathlib.Path("/proc/cpuinfo").read_text())
    memory = re.search(r"MemTotal:\s+(\d+)", pathlib.Path("/proc/meminfo").read_text())
    load = os.getloadavg()[0]
    return (f"{os.cpu_count()} cores ({model[1].strip() if model else 'unknown'}), "
            f"{int(memory[1]) // 2**20} GiB, Linux {os.uname().release.split('-')[0]}, "
            f"load {load:.1f} at the end")


def commit():
    return subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=HERE, text=True,
                          capture_output=True, check=False).stdout.strip() or "?"


def number(value):
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:g}"


def table(lines):
    out = [f"{datetime.date.today()}, commit {commit()}, {machine()}.", "",
           "| figure | value | limit in the same run | ratio | goal | met |", "|---|---|---|---|---|---|"]
    for one in lines:
        if "x" in one:
            continue
        limit = f"{number(one['limit'])} ({one['limit_what']})" if one["limit"] is not None else ""
        met = {True: "yes", False: "**no**", None: ""}[one["met"]]
        out.append(f"| {one['name'].replace('_', ' ')} | {number(one['value'])} {one['unit']} | "
                   f"{limit} | {number(one['ratio'])} | {one['goal'] or ''} | {met} |")
    return "\n".join(out)


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    lines = [json.loads(t) for t in pathlib.Path(sys.argv[1]).read_text().splitlines()]
    readme = HERE / "README.md"
    text = readme.read_text()
    for part in dict.fromkeys(one["part"] for one in lines):
        mark = f"<!-- table:{part} -->"
        if text.count(mark) != 2:
            print(f"record: README.md lacks the two marks {mark}", file=sys.stderr)
            return 1
        before, _, after = text.split(mark)
        fresh = table([one for one in lines if one["part"] == part])
        text = f"{before}{mark}\n{fresh}\n{mark}{after}"
    readme.write_text(text)
    plot.draw_all(lines, HERE / "plots")
    return 0


if __name__ == "__main__":
    sys.exit(main())
