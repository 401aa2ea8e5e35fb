#!/usr/bin/env python3
"""deploy/bench.sh's driver: bench.py PART|all --build BUILD [--short] [--full] [--dir FOLDER].

Parts: scan ingest drain fleet path growth footprint page routing orders listings rehearse (see README.md). Every figure is one JSON line
on stdout: part, name, value, unit, limit, limit_what, ratio, goal, met; lines with x are points of a
curve. The limit is measured in the same run on the same disk and broker.
"""
import argparse
import json
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import time

from rig import Bench, ROOT, SITE, Server, cpu_s, median, note, resident_mib, say

FACT_BYTES = 650  # a live fact in a message of its own, as the light stations send it
RAW = "QoS 1 messages/s of the same payload, by the product's client library, nothing done with them"
RAW_LEAN = "the same by libmosquitto in a bare poll loop, the leanest client there is"


def at_most(limit):
    return lambda value, ratio: (value if ratio is None else ratio) <= limit


def at_least(limit):
    return lambda value, ratio: (value if ratio is None else ratio) >= limit


def below(limit):
    return lambda value, _: value < limit


# ------------------------------------------------------------------------------------------- scan
def scan(bench):
    scans, rounds = (100, 1) if bench.short else (2000, 3)
    runs = [bench.run("scan_bench", "--dir", bench.folder, "--scans", scans) for _ in range(rounds)]
    for p, goal in (("p50", None), ("p99", 1.5)):
        best = sorted(runs, key=lambda r, p=p: r[f"ratio_{p}"])[rounds // 2]
        say("scan", p, best[f"value_{p}_us"], "us", limit=best[f"limit_{p}_us"],
            limit_what="bare SQLite commit of a row of the same size, interleaved",
            goal=f"at most {goal}x" if goal else None, good=at_most(goal) if goal else None)


# ----------------------------------------------------------------------------------------- ingest
def ingest(bench):
    seconds, rounds = (1, 1) if bench.short else (3, 3)
    with bench.scratch() as folder, Server(bench, folder, 8) as server:
        server.take_orders(50 if bench.short else 500)
        raw, lean, alone, gathered = [], [], [], []
        for _ in range(rounds):
            raw.append(server.raw(8, FACT_BYTES, seconds))
            alone.append(server.fleet("--live", 8, "--alone", "--seconds", seconds)["live_per_s"])
            lean.append(server.raw(8, FACT_BYTES, seconds, "raw_limit"))
            gathered.append(server.fleet("--live", 8, "--window", 512, "--seconds",
                                         seconds)["live_per_s"])
        figures = (("alone", alone, raw, RAW, 0.8), ("alone_lean", alone, lean, RAW_LEAN, None),
                   ("gathered", gathered, raw, RAW, 0.8))
        for name, values, limits, what, goal in figures:
            middle = sorted(range(rounds), key=lambda i: values[i] / limits[i])[rounds // 2]
            say("ingest", name, values[middle], "events/s", limit=limits[middle], limit_what=what,
                goal=f"at least {goal}x" if goal else None, good=at_least(goal) if goal else None)
        for stations in (1, 2, 4, 8):
            out = server.fleet("--live", stations, "--alone", "--seconds", min(seconds, 2))
            say("ingest", "events_per_s", out["live_per_s"], "events/s", x=stations,
                x_what="stations that send, each event in a message of its own")


# ------------------------------------------------------------------------------------------ drain
def drain(bench):
    stations, live = 20, 4
    backlog = 1_000 if bench.short else 50_000
    with bench.scratch() as folder, Server(bench, folder, stations + live) as server:
        server.take_orders(50 if bench.short else 500)
        raws = [server.raw(8, FACT_BYTES, 1 if bench.short else 3)]
        rows = [bare_rows(bench, folder, 20_000 if bench.short else 300_000)]
        began = (cpu_s(server.pid), cpu_s(server.broker_pid()))
        with server.beside("--first", stations, "--live", live, "--rate", 10) as beside:
            out = server.fleet("--drain", stations, "--backlog", backlog)
        used = (cpu_s(server.pid) - began[0], cpu_s(server.broker_pid()) - began[1])
        raws.append(server.raw(8, FACT_BYTES, 1 if bench.short else 3))
        rows.append(bare_rows(bench, folder, 20_000 if bench.short else 300_000))
        value, events = out["drain_per_s"], out["drained"]
        say("drain", "against_raw", value, "events/s", limit=median(raws), limit_what=RAW,
            goal="at least 2.5x", good=at_least(2.5))
        say("drain", "against_rows", value, "events/s", limit=median(rows),
            limit_what="bare SQLite: the same rows and one counter per row, 2,048 to a commit",
            goal="at least 0.5x", good=at_least(0.5))
        say("drain", "live_p99", beside["live_p99_us"] / 1000, "ms", goal="under 250 ms",
            good=below(250))
        say("drain", "server_cpu", used[0] * 1e6 / events, "us/event")
        say("drain", "broker_cpu", used[1] * 1e6 / events, "us/event")
        say("drain", "wire", out["bytes_out"] / events, "bytes/event")
        if out["asked_again"]:
            note(f"drain: {out['asked_again']} times a station had to ask again")
        for share in (5, 10, 20) if not bench.short else (20,):
            more = server.fleet("--drain", share, "--backlog", 500 if bench.short else 10_000)
            say("drain", "events_per_s", more["drain_per_s"], "events/s", x=share,
                x_what="stations with a backlog")


def bare_rows(bench, folder, facts):
    with_rows = pathlib.Path(tempfile.mkdtemp(dir=folder))
    return bench.run("rows_limit", with_rows, facts, 2048)["per_s"]


# ------------------------------------------------------------------------------------------ fleet
def fleet(bench):
    sizes = (50, 100) if bench.short else (500, 1000, 2500, 5000)
    seconds = 5 if bench.short else 20
    with bench.scratch() as folder, Server(bench, folder, sizes[-1]) as server:
        server.take_orders(50 if bench.short else 500)
        for size in sizes:
            run_fleet(server, size, seconds, size == sizes[-1])


def run_fleet(server, size, seconds, last):
    marks = {}

    def watch():  # while every station is connected and talks
        time.sleep(seconds * 0.4)
        marks["from"] = (time.monotonic(), cpu_s(server.pid), cpu_s(server.broker_pid()))
        time.sleep(seconds * 0.5)
        marks["to"] = (time.monotonic(), cpu_s(server.pid), cpu_s(server.broker_pid()))
        marks["mib"] = (resident_mib(server.pid), resident_mib(server.broker_pid()))

    # Connecting takes its time; the light fleet says when it is through.
    out = server.fleet("--live", size, "--rate", 0.2, "--seconds", seconds, on_line=lambda text: (
        threading.Thread(target=watch, daemon=True).start() if '"open"' in text else None))
    wait = time.monotonic() + seconds
    while "mib" not in marks and time.monotonic() < wait:
        time.sleep(0.05)
    took = marks["to"][0] - marks["from"][0]
    server_cpu = (marks["to"][1] - marks["from"][1]) / took * 100
    broker_cpu = (marks["to"][2] - marks["from"][2]) / took * 100
    if out["durable"] < out["live_facts"]:
        note(f"fleet: {out['live_facts'] - out['durable']} facts were not durable in time")
    what = "stations connected, one event each per 5 s"
    for name, value, unit in (("p99_to_durable", out["live_p99_us"] / 1000, "ms"),
                              ("server_cpu", server_cpu, "% of one core"),
                              ("broker_cpu", broker_cpu, "% of one core"),
                              ("connect", out["connect_s"], "s")):
        say("fleet", name, value, unit, x=size, x_what=what)
    if last:
        say("fleet", "connected", out["connected"], "stations", goal=f"{size} at once",
            good=at_least(size))
        say("fleet", "server_cpu_per_station", server_cpu / 100 / size * 1e6, "us/s")
        say("fleet", "server_memory", marks["mib"][0], "MiB")
        say("fleet", "server_memory_per_station", marks["mib"][0] * 1024 / size, "KiB")
        say("fleet", "broker_memory", marks["mib"][1], "MiB")


# ------------------------------------------------------------------------------------------- path
def path(bench):
    orders = 10 if bench.short else 100
    for name, load, goal in (("idle", 0, 50), ("loaded", 100 if bench.short else 1000, 250)):
        done = subprocess.run([sys.executable, ROOT / "tests" / "bench" / "path.py",
                               bench.bin.parent, str(orders), str(load)], text=True,
                              capture_output=True, check=False, timeout=600)
        if done.returncode != 0:
            raise RuntimeError(f"path.py: {done.stderr[-2000:]}")
        out = json.loads(done.stdout.splitlines()[-1])
        what = "commit, MQTT, commit, HTTP with nothing of the product in between, idle"
        say("path", f"{name}_p50", out["value_p50_ms"], "ms", limit=out["limit_p50_ms"],
            limit_what=what, goal=None if load else "under 10 ms",
            good=None if load else below(10))
        say("path", f"{name}_p99", out["value_p99_ms"], "ms", limit=out["limit_p99_ms"],
            limit_what=what, goal=f"under {goal} ms", good=below(goal))


# ----------------------------------------------------------------------------------------- growth
def growth(bench):
    points, skus, sample = "10000,100000,1000000", 2_000_000, 40_000
    if bench.full:
        points += ",10000000"
    if bench.short:
        points, skus, sample = "5000,20000", 20_000, 5_000
    seen = []

    def point(text):
        one = json.loads(text)
        seen.append(one)
        for name, unit in (("event_us", "us/event"), ("event_cpu_us", "us/event"),
                           ("lookup_us", "us"), ("lookup_same_us", "us"), ("file_mib", "MiB")):
            say("growth", name, one[name], unit, x=one["events"], x_what="events kept")

    with bench.scratch() as folder:
        bench.run("growth_bench", "--dir", folder, "--points", points, "--skus", skus, "--sample",
                  sample, timeout=3600, on_line=point)
    first, last = seen[0], seen[-1]
    for name, unit in (("event_us", "us/event"), ("event_cpu_us", "us/event"),
                       ("lookup_us", "us"), ("lookup_same_us", "us")):
        say("growth", name.replace("_us", ""), last[name], unit, limit=first[name],
            limit_what=f"the same at {first['events']} events, {skus} SKUs at both",
            goal=f"at most 1.2x at {last['events']} events", good=at_most(1.2))


# -------------------------------------------------------------------------------------- footprint
def footprint(bench):
    from footprint import measure
    measure(bench, say)


# ------------------------------------------------------------------------------------------- page
def page(bench):
    rounds, samples = (1, 5) if bench.short else (12, 300)
    done = subprocess.run(["node", ROOT / "tests" / "bench" / "page.mjs", str(rounds),
                           str(samples)], text=True, capture_output=True, check=False, timeout=300)
    if done.returncode != 0:
        raise RuntimeError(f"page.mjs: {done.stderr[-2000:]}")
    out = json.loads(done.stdout.splitlines()[-1])
    note(f"page: dearest state {out['dearest']} (after {out['before']}: {out['changes']} changes), "
         f"{out['messages']} messages of {out['states']} states before")
    what = ("the same text read by JSON.parse, what differs put in its place by plain DOM calls "
            "known beforehand, same styles and layout")
    for name, figure, goal in (("dearest_best", "best", None), ("dearest_p50", "p50", 8),
                               ("dearest_p99", "p99", 8),
                               ("all_states_p50", "all_p50", None),
                               ("all_states_p99", "all_p99", None),
                               ("only_ages_p50", "ages_p50", None)):
        say("page", name, out[figure]["ms"], "ms", limit=out[figure]["limit_ms"], limit_what=what,
            goal=f"under {goal} ms" if goal else None, good=below(goal) if goal else None)
    say("page", "first_of_all", out["first_ms"], "ms")


# ---------------------------------------------------------------------------------------- routing
def routing(bench):
    out = bench.run("routing_bench", "--orders", 400 if bench.short else 40_000)
    small, scarce, large = out["small"], out["scarce"], out["large"]
    what = "orders/s of the bare scan over the same figures that takes the cheapest single site"
    for name, one in (("small", small), ("small_scarce", scarce)):
        say("routing", name, one["choice_per_s"], "orders/s", limit=one["bare_per_s"],
            limit_what=what, goal="at least 20000/s, all proved",
            good=lambda value, _, one=one: value >= 20_000 and one["proved"] == one["orders"])
        say("routing", f"{name}_record", one["record_per_s"], "orders/s", limit=one["bare_per_s"],
            limit_what=what)
    for name, one in (("large", large), ("large_scarce", out["large_scarce"])):
        say("routing", f"{name}_p99", one["choice_p99_us"] / 1000, "ms",
            limit=one["bare_p99_us"] / 1000, limit_what="p99 of the same bare scan",
            goal="under 1 ms", good=below(1))
        say("routing", f"{name}_gap", one["gap_per_mille"] / 10, "% of the cost, mean")
    store = bench.run("routing_store_bench", "--orders", 200 if bench.short else 5_000)
    say("routing", "on_the_store", store["weighed_us"], "us of processor per order taken in",
        limit=store["unconfigured_us"], limit_what="us with the unconfigured chain")


# ----------------------------------------------------------------------------------------- orders
def orders(bench):
    count = 500 if bench.short else 20_000
    what = "orders/s of bare SQLite: rows of the same bytes, a commit where the hub commits"
    runs = [bench.run("orders_bench", "--dir", bench.folder, "--orders", count)
            for _ in range(1 if bench.short else 3)]
    best = sorted(runs, key=lambda r: r["ratio"])[len(runs) // 2]
    say("orders", "allocated", best["per_s"], "orders/s", limit=best["bare_per_s"],
        limit_what=what, goal="at least 5000/s", good=lambda value, _: value >= 5_000)
    say("orders", "allocated_cpu", best["cpu_us"], "us/order")
    one = bench.run("orders_bench", "--dir", bench.folder, "--orders", count, "--lines", 1)
    say("orders", "allocated_one_line", one["per_s"], "orders/s", limit=one["bare_per_s"],
        limit_what=what)
    some = bench.run("orders_bench", "--dir", bench.folder, "--orders", count // 4, "--benches")
    say("orders", "released", some["per_s"], "orders/s", limit=some["bare_per_s"],
        limit_what=what)
    for group in (1, 16, 64, 256, 1024):
        out = bench.run("orders_bench", "--dir", bench.folder, "--group", group, "--orders",
                        min(count, 100 * group))
        say("orders", "per_commit", out["per_s"], "orders/s", limit=out["bare_per_s"],
            limit_what=what, x=group, x_what="orders to a commit")
    last_unit(bench)
    from storefronts import measure
    measure(bench, say)


def last_unit(bench):
    from last_unit import BUYERS, run
    rounds = 10 if bench.short else 1_000
    with bench.scratch() as folder, Server(bench, folder, 1) as server:
        failed, per_s, slowest_ms = run(server, SITE, rounds)
    for what in failed[:10]:
        note(f"orders: last unit: {what}")
    say("orders", "last_unit_rounds", rounds, f"rounds of {BUYERS} buyers at once")
    say("orders", "last_unit_failures", len(failed), "rounds", goal="sold exactly once each round",
        good=lambda value, _: value == 0)
    say("orders", "last_unit_rate", per_s, "orders/s over HTTP")
    say("orders", "last_unit_slowest", slowest_ms, "ms for all answers of a round")
    if failed:
        raise RuntimeError("the last unit was not sold exactly once")


# --------------------------------------------------------------------------------------- listings
def listings(bench):
    skus, events = (2_000, 50) if bench.short else (666_667, 2_000)
    with bench.scratch() as folder:
        out = bench.run("listings_bench", "--dir", folder, "--skus", skus, "--events", events)
    count = out["listings"]
    say("listings", "figures_per_event", out["figures_per_event"],
        f"figures worked out for a stock event, of {count} listings",
        goal="those of its SKU: 3", good=lambda value, _: value <= 3)
    for p, goal in (("p50", None), ("p99", 20)):
        say("listings", f"follow_{p}", out[f"follow_{p}_ms"], "ms from event to request",
            limit=out[f"commit_{p}_ms"], limit_what="bare SQLite commit of one row",
            goal=f"under {goal} ms" if goal else None, good=below(goal) if goal else None)
    say("listings", "recompute", out["recompute_s"], f"s for {count} figures",
        limit=out["bare_reads_s"], limit_what="processor time of bare reads of the same rows",
        goal="under 60 s", good=below(60))
    say("listings", "recompute_cpu", out["recompute_cpu_s"], "s of processor time",
        limit=out["bare_reads_s"], limit_what="processor time of bare reads of the same rows")
    say("listings", "memory", out["peak_mib"], "MiB at most", goal="under 1024 MiB",
        good=below(1024))


# --------------------------------------------------------------------------------------- rehearse
def rehearse(bench):
    from rehearse import measure
    measure(bench, say)


PARTS = {"scan": scan, "ingest": ingest, "drain": drain, "fleet": fleet, "path": path,
         "growth": growth, "footprint": footprint, "page": page,
         "routing": routing, "orders": orders, "listings": listings,
         "rehearse": rehearse}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=[*PARTS, "all"])
    parser.add_argument("--build", default=ROOT / "build" / "release")
    parser.add_argument("--dir", default="/var/tmp")
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--full", action="store_true", help="growth up to 10 million events")
    args = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is ended
    failed = 0
    with tempfile.TemporaryDirectory(prefix="dockline-bench-", dir=args.dir) as folder:
        bench = Bench(args.build, folder, args.short, args.full)
        for name in PARTS if args.part == "all" else [args.part]:
            began = time.monotonic()
            try:
                PARTS[name](bench)
            except Exception as error:  # one part that cannot run does not hide the others
                failed += 1
                note(f"bench: {name} could not be measured: {error}")
                if args.part != "all":
                    raise
            note(f"bench: {name} took {time.monotonic() - began:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
