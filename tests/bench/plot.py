#!/usr/bin/env python3
"""Draws the curves of a bench run: plot.py LINES.json FOLDER writes <part>-<name>.svg.

Reads the JSON lines of bench.py; every (part, name) with points (x) becomes one picture. Standard
library only, so that the pictures can be made anywhere.
"""
import json
import math
import pathlib
import sys
from xml.sax.saxutils import escape

WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 520, 300, 70, 50, 40, 20


def ticks(top):
    """Round steps from 0 up to at least `top`."""
    step = 10 ** math.floor(math.log10(top)) if top > 0 else 1
    for part in (5, 2.5, 2, 1):
        if top / (step / part) <= 6:
            step /= part
            break
    count = math.ceil(top / step)
    return [i * step for i in range(count + 1)]


def short(value):
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:g}{letter}"
    return f"{value:g}"


def draw(part, name, points):
    xs, ys = [p["x"] for p in points], [p["value"] for p in points]
    logarithmic = min(xs) > 0 and max(xs) / min(xs) >= 50
    scale = math.log10 if logarithmic else float
    low, high = (scale(min(xs)), scale(max(xs))) if logarithmic else (0.0, float(max(xs)))
    steps = ticks(max(ys) or 1)

    def at(x, y):
        share = (scale(x) - low) / ((high - low) or 1)
        return (LEFT + share * (WIDTH - LEFT - RIGHT),
                HEIGHT - BOTTOM - y / steps[-1] * (HEIGHT - TOP - BOTTOM))

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
           'font-family="sans-serif" font-size="12">',
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
           f'<text x="{LEFT}" y="20" font-size="14">{escape(part)}: {escape(name)} '
           f'({escape(points[0]["unit"])})</text>']
    for step in steps:
        y = at(xs[0], step)[1]
        out.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" '
                   'stroke="#dddddd"/>')
        out.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{short(step)}</text>')
    for x in dict.fromkeys(xs):
        out.append(f'<text x="{at(x, 0)[0]:.1f}" y="{HEIGHT - BOTTOM + 18}" '
                   f'text-anchor="middle">{short(x)}</text>')
    out.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 10}" '
               f'text-anchor="middle">{escape(points[0]["x_what"])}</text>')
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in (at(p["x"], p["value"]) for p in points))
    out.append(f'<polyline points="{line}" fill="none" stroke="#1f5f8b" stroke-width="2"/>')
    for p in points:
        x, y = at(p["x"], p["value"])
        out.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="#1f5f8b"/>')
        out.append(f'<text x="{x:.1f}" y="{y - 8:.1f}" text-anchor="middle">{p["value"]:g}</text>')
    return "\n".join([*out, "</svg>", ""])


def draw_all(lines, folder):
    """One picture for each (part, name) with at least two points."""
    curves = {}
    for one in lines:
        if "x" in one:
            curves.setdefault((one["part"], one["name"]), []).append(one)
    folder.mkdir(parents=True, exist_ok=True)
    for (part, name), points in curves.items():
        if len(points) < 2:
            continue
        path = folder / f"{part}-{name.replace('_', '-')}.svg"
        path.write_text(draw(part, name, sorted(points, key=lambda p: p["x"])))
        print(path, file=sys.stderr)


def main():
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    lines = [json.loads(t) for t in pathlib.Path(sys.argv[1]).read_text().splitlines()]
    draw_all(lines, pathlib.Path(sys.argv[2]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
