#!/usr/bin/env python3
"""kill -9 of agent, server and broker at random moments of packing loses and doubles nothing.

kill_test.py [--build DIR] [--kills N] [--seed N] [--keep]
"""
import argparse
import csv
import json
import os
import pathlib
import random
import shutil
import signal
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEMO = ROOT / "deploy" / "demo"
sys.path.insert(0, str(DEMO))
from books import Books  # noqa: E402
from fleet import Failed, Fleet, wait_for  # noqa: E402
from packing import Bench, Order  # noqa: E402

SITE, NAME = "leipzig", "bench-4"


class Killer(threading.Thread):
    """Kills one of the three every now and then, and starts it again."""

    def __init__(self, fleet, bench, kills, seed):
        super().__init__(daemon=True)
        self.fleet, self.bench, self.wanted = fleet, bench, kills
        self.random = random.Random(seed)
        self.done = {"agent": 0, "server": 0, "broker": 0}
        self.error, self.halt = None, False

    def total(self):
        return sum(self.done.values())

    def broker_pid(self):
        """Our mosquitto, whoever its parent is by now."""
        mine = os.fsencode(str(self.fleet.folder))
        for entry in pathlib.Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    line = (entry / "cmdline").read_bytes()
                except OSError:
                    continue
                if b"mosquitto" in line.split(b"\0")[0] and mine in line:
                    return int(entry.name)
        return None

    def strike(self, target):
        if target == "broker":
            pid = self.broker_pid()
            if pid is None:
                return False  # it is just being started
            os.kill(pid, signal.SIGKILL)
            return True
        process = self.fleet.server if target == "server" else self.fleet.stations[0].agent
        if not process.alive():
            raise Failed(f"{process.name} ended by itself:\n{process.tail()}")
        if target == "agent":
            self.bench.life += 1
        process.kill()
        time.sleep(self.random.uniform(0, 0.4))
        process.start()
        return True

    def run(self):
        try:
            while not self.halt and self.total() < self.wanted:
                time.sleep(self.random.uniform(0.05, 1.3))
                target = self.random.choice(["agent", "agent", "server", "broker"])
                if self.strike(target):
                    self.done[target] += 1
        except (Failed, OSError) as error:
            self.error = error


def catalogue():
    with open(DEMO / "stock.csv", newline="", encoding="utf-8") as f:
        return {row["sku"]: row["barcode"] for row in csv.DictReader(f)}


def place_orders(fleet, rng, barcodes, count):
    """Orders of one to four lines, released to the bench with their labels."""
    skus = sorted(barcodes)[:12]
    for sku in skus:
        fleet.api.post("/stock/adjust", {"sku": sku, "site": SITE, "quantity": 2000,
                                         "reason": "stock for the test"})
    ids = []
    for n in range(count):
        lines = [{"sku": sku, "quantity": rng.randint(1, 2)}
                 for sku in rng.sample(skus, rng.randint(1, 4))]
        made = fleet.api.post("/orders", {
            "number": f"K-{1000 + n}", "lines": lines,
            "ship_to": {"name": "Ada Test", "street1": "Kai 1", "postal_code": "04109",
                        "city": "Leipzig", "country": "DE"}})
        ids.append(made["id"])

    def released(order):
        detail = fleet.api.get("/orders/" + order)
        return detail if detail.get("station") == NAME and detail.get("tracking") else None
    return [Order(wait_for(f"{order} released to {NAME}", lambda order=order: released(order), 60),
                  barcodes) for order in ids]


def settle(fleet, bench):
    """Everything up, and both ends at rest."""
    fleet.wait_server(30)
    fleet.stations[0].wait_agent()

    def quiet():
        sync = bench.state()["sync"]
        return sync["up"] and sync["waiting"] == 0
    wait_for("the station has nothing waiting", quiet, 120, 0.1)

    def caught_up():
        row = next(s for s in fleet.api.get("/stations")["items"] if s["station"] == NAME)
        return row["waiting"] == 0
    wait_for("the server has heard it all", caught_up, 120, 0.2)
    time.sleep(2.0)  # answers under way, down facts too


def pack_all(bench, orders, killer):
    packed = []
    for order in orders:
        bench.pack(order)
        packed.append(order)
        if killer.error:
            raise killer.error
        if killer.total() >= killer.wanted:
            break
    if killer.total() < killer.wanted:
        raise Failed(f"only {killer.total()} kills while {len(packed)} orders were packed: "
                     "raise the number of orders")
    return packed


def run(args, folder):
    rng = random.Random(args.seed)
    fleet = Fleet(folder, args.build, stations=[(SITE, NAME, "Bench 4")])
    try:
        fleet.start_server()
        fleet.dockline("stock", "import", str(DEMO / "stock.csv"))
        station = fleet.stations[0]
        station.start_rig()
        station.rig_post("/printer", {"set": {"print_ms": 60}})
        station.start_agent()
        orders = place_orders(fleet, rng, catalogue(), args.kills * 3)
        bench = Bench(station)
        wait_for("work on the page", lambda: bench.state()["body"].get("total"), 60)
        began = time.monotonic()
        killer = Killer(fleet, bench, args.kills, args.seed)
        killer.start()
        try:
            packed = pack_all(bench, orders, killer)
        finally:
            killer.halt = True
            killer.join(10)
        seconds = time.monotonic() - began
        settle(fleet, bench)
        labels = station.rig_get("/labels")["labels"]
    finally:
        fleet.stop()
    books = Books(station.folder / "data" / "agent.db", folder / "server" / "server.db", SITE, NAME)
    problems = books.judge(bench.memory, packed, labels)
    memory = bench.memory
    print(json.dumps({"ok": not problems, "seed": args.seed, "kills": killer.done,
                      "orders": len(packed), "scans": sum(memory.scans.values()),
                      "answered": sum(memory.answered.values()),
                      "pieces_answered": sum(memory.counted.values()),
                      "closes_answered": len(memory.closed), "labels_asked_for": len(memory.said_no),
                      "seconds": round(seconds)}))
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release")
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    parser.add_argument("--keep", action="store_true", help="keep databases and logs")
    args = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="dockline-kill-"))
    problems = []
    try:
        problems = run(args, folder)
    except (Failed, TimeoutError) as error:
        problems = [str(error)]
    for problem in problems:
        print(f"kill_test: seed {args.seed}: {problem}", file=sys.stderr)
    if problems or args.keep:
        print(f"kill_test: databases and logs are in {folder}", file=sys.stderr)
    else:
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
