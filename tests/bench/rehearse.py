"""The part `rehearse`: a recorded day of a real merchant (tests/workloads) taken in by a real server at its
own times of day, then `dockline rehearse` at five and ten times its peak, and the raw limit beside it.

The server's wall clock runs as the record says (tests/process/wall_clock.c), so that its log holds a
day's shape and not a burst. `shops`: the same day in so many shops at once.
"""
import contextlib
import csv
import datetime
import io
import json
import os
import pathlib
import sqlite3
import statistics
import struct
import subprocess
import tempfile
import time

from rig import ROOT, SITE, Server

RECORD = ROOT / "tests" / "workloads" / "online-retail-10k.csv"
DAY = "2010-12-05"  # holds the busiest hour of the record
STATIONS = 8
DAY_MS = 86_400_000
BARE = "bare SQLite: as many rows of the same bytes to a commit"


def recorded_day(most=None):
    """Orders of the day as (ms since midnight, number, lines); cancellations and odd lines are left out."""
    orders = {}
    with open(RECORD, newline="", encoding="utf-8") as f:
        for row in csv.DictReader(f):
            if not row["InvoiceDate"].startswith(DAY) or row["InvoiceNo"].startswith("C"):
                continue
            at = datetime.datetime.fromisoformat(row["InvoiceDate"]) - datetime.datetime.fromisoformat(DAY)
            if int(row["Quantity"]) > 0 and row["Description"]:
                order = orders.setdefault(row["InvoiceNo"], (int(at.total_seconds() * 1000), row["InvoiceNo"], []))
                order[2].append({"sku": row["StockCode"].upper(), "title": row["Description"].strip(),
                                 "quantity": int(row["Quantity"]),
                                 "unit_price_minor": round(float(row["UnitPrice"]) * 100)})
    return sorted(orders.values())[:most]


class Clock:
    """The wall clock of one program: as many whole seconds off as it is set to."""

    def __init__(self, folder):
        library, self.file = folder / "wall_clock.so", folder / "offset"
        subprocess.run([os.environ.get("CC", "cc"), "-shared", "-fPIC", "-O1", "-w", "-o", str(library),
                        str(ROOT / "tests" / "process" / "wall_clock.c"), "-ldl"], check=True)
        self.file.write_bytes(struct.pack("<q", 0))
        self.env = {"LD_PRELOAD": str(library), "DOCKLINE_WALL_CLOCK": str(self.file)}

    def set(self, wall_ms):
        with open(self.file, "r+b") as f:  # in place: the program has it mapped
            f.write(struct.pack("<q", int(wall_ms / 1000 - time.time())))


def stock_up(server, day):
    skus = {}
    for _, _, lines in day:
        for line in lines:
            skus.setdefault(line["sku"], line["title"])
    text = io.StringIO()
    out = csv.writer(text)
    out.writerow(["sku", "title", "site", "quantity"])
    for sku, title in skus.items():
        out.writerow([sku, title, SITE, 1_000_000])
    started = server.api.post("/imports?kind=stock&name=stock.csv", text.getvalue().encode(), kind="text/csv")
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        job = server.api.get("/imports/" + started["import"])
        if job["state"] != "running":
            return
        time.sleep(0.1)
    raise RuntimeError("the stock file was not taken in within 120 s")


def live_the_day(server, clock, day, shops):
    """The orders at their times; returns the last position before the first of them."""
    midnight = (int(time.time() * 1000) // DAY_MS - 1) * DAY_MS  # of yesterday
    clock.set(midnight)
    stock_up(server, day)
    before = last_position(server)
    for at_ms, number, lines in day:
        clock.set(midnight + at_ms)
        for shop in range(shops):
            server.api.post("/orders", {"number": f"{number}-{shop}", "ship_to": {"name": "Ada", "city": "London", "country": "GB"},
                                        "currency": "GBP", "lines": lines})
    return before


def books(server):
    return sqlite3.connect(f"file:{server.folder / 'server' / 'server.db'}?mode=ro", uri=True)


def last_position(server):
    with contextlib.closing(books(server)) as db:
        return db.execute("SELECT coalesce(max(position), 0) FROM events").fetchone()[0]


def per_order(server, before, orders):
    """Facts and bytes that an order of the day left in the log."""
    with contextlib.closing(books(server)) as db:
        facts, size = db.execute("SELECT count(*), sum(length(body)) FROM events WHERE position > ?", (before,)).fetchone()
    return facts / orders, size / facts


def bare_commits(folder, commits, rows, size):
    """Milliseconds of each COMMIT of that many rows, as the server commits: WAL, every one synced."""
    path = pathlib.Path(tempfile.mkdtemp(dir=folder)) / "bare.db"
    took = []
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        db.execute("CREATE TABLE t(a INTEGER PRIMARY KEY, b BLOB) STRICT")
        row = b"x" * size
        for _ in range(commits):
            began = time.perf_counter()
            db.execute("BEGIN IMMEDIATE")
            for _ in range(rows):
                db.execute("INSERT INTO t(b) VALUES(?1)", (row,))
            db.execute("COMMIT")
            took.append((time.perf_counter() - began) * 1000)
    return sorted(took)


def stage(run, name):
    return next(one for one in run["stages"] if one["stage"] == name)


def measure(bench, say):
    shops = 1 if bench.short else 20
    day = recorded_day(20 if bench.short else None)
    with bench.scratch() as folder:
        clock = Clock(folder)
        with Server(bench, folder, STATIONS, env=clock.env) as server:
            before = live_the_day(server, clock, day, shops)
            facts, size = per_order(server, before, len(day) * shops)
        done = subprocess.run([bench.bin / "dockline", "--json", "rehearse", "--data", folder / "server", "--scratch", folder,
                               "--factor", "10"], text=True, capture_output=True, check=False, timeout=900)
        if done.returncode != 0:
            raise RuntimeError(f"dockline rehearse: {done.stderr[-2000:]}")
        report = json.loads(done.stdout)
        tell(say, report, folder, shops, facts, max(1, round(size)))


def tell(say, report, folder, shops, facts, size):
    for run in report["runs"]:
        times = run["factor"]
        for one in run["stages"]:
            say("rehearse", one["stage"].replace(" ", "_") + "_load", one["load_per_mille"] / 10, "% busy", x=times,
                x_what="times the recorded peak")
        if times == 1:
            continue
        rows = max(1, round(run["orders"] * facts / max(1, run["turns"])))
        bare = bare_commits(folder, min(run["turns"], 2_000), rows, size)
        intake, commit = stage(run, "intake"), stage(run, "commit")
        name = {5: "five_times", 10: "ten_times"}[times]
        for p, at in (("p50", len(bare) // 2), ("p99", len(bare) * 99 // 100)):
            say("rehearse", f"{name}_commit_{p}", commit[f"{p}_us"] / 1000, "ms", limit=bare[at], limit_what=BARE)
            say("rehearse", f"{name}_intake_{p}", intake[f"{p}_us"] / 1000, "ms of waiting for a turn", limit=bare[at],
                limit_what=BARE)
        say("rehearse", f"{name}_queue", max(one["most_waiting"] for one in run["stages"] if not one["stage"].startswith("benches")),
            "orders waiting at most before the benches")
        say("rehearse", f"{name}_refused", run["refused"], "orders", goal="none", good=lambda value, _: value == 0)
    last = report["runs"][-1]
    rate = last["orders"] / 3600 * 1000 / max(1, stage(last, "intake")["load_per_mille"])
    together = bare_commits(folder, 200, max(1, round(shops * facts)), size)
    say("rehearse", "server_rate", rate, "orders/s where the server would be full", limit=shops / (statistics.fmean(together) / 1000),
        limit_what="orders/s of " + BARE + " for the orders of one instant")
    full_at = {one["stage"]: one["full_at_tenths"] / 10 for one in report["bends"] if one["full_at_tenths"]}
    first = report["bends"][0]
    say("rehearse", "first_full_at", full_at.get(first["stage"], 0), f"times the recorded peak: {first['stage']}")
    # A load below a thousandth is shown as none.
    say("rehearse", "server_full_at", full_at.get("intake", last["factor"] * 1_000), "times the recorded peak", goal="above 10",
        good=lambda value, _: value > 10)
