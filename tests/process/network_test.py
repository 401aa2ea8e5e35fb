#!/usr/bin/env python3
"""Bad networks between stations and broker: loss, delay, jitter, duplicates, reordering, low rate, flaps, half-open and full partitions.

network_test.py [--build DIR] [--wire gate|line|both] [--bad 12] [--partition 30] [--seed N] [--keep]
Nothing of it may stop a packer, and when it ends everything comes to rest by itself.
`gate` is a TCP proxy and runs everywhere; `line` harms real packets between network namespaces and
says SKIP where it cannot. Long form: --bad 60 --partition 180.
"""
import json
import sys
import threading
import time
import urllib.request

from lab import Failed, Trial, wait_for
from wires import Gates, Lines, line_kind

BAD = [
    {"loss": 0.2, "delay_ms": 100, "jitter_ms": 50},
    {"dup": 0.2, "reorder": 0.3, "delay_ms": 30, "jitter_ms": 20, "loss": 0.02},
    {"rate_kbit": 64, "delay_ms": 200},
]
PARTITIONS = ["up", "down", "both"]


def link_up(seat):
    with urllib.request.urlopen(seat.url() + "/health", timeout=5) as answer:
        return json.loads(answer.read())["link_up"]


class Flaps(threading.Thread):
    """The last station's line comes and goes."""

    def __init__(self, wires, seat, rng):
        super().__init__(daemon=True)
        self.wires, self.seat, self.random = wires, seat, rng
        self.halt, self.times = threading.Event(), 0

    def run(self):
        while not self.halt.wait(self.random.uniform(0.5, 2.5)):
            self.wires.set(self.seat, drop="both")
            self.halt.wait(self.random.uniform(0.2, 2.5))
            self.wires.cut(self.seat)
            self.wires.set(self.seat)
            self.times += 1


def bad_lines(trial, lab, wires):
    for seat, how in zip(lab.seats, BAD):
        wires.set(seat, **how)
    flaps = Flaps(wires, lab.seats[3], trial.random)
    flaps.start()
    lab.pack_for(trial.args.bad)
    flaps.halt.set()
    flaps.join()
    return flaps.times


def partitions(trial, lab, wires):
    """Each way of being apart must be noticed at the station, and stop nobody."""
    for seat, drop in zip(lab.seats, PARTITIONS):
        wires.set(seat, drop=drop)
    wires.set(lab.seats[3])
    before = [len(s.packed) for s in lab.seats]
    began = time.monotonic()
    noticed = {}

    def all_noticed():
        for seat, drop in zip(lab.seats, PARTITIONS):
            if drop not in noticed and not link_up(seat):
                noticed[drop] = round(time.monotonic() - began, 1)
        lab.check()
        return len(noticed) == len(PARTITIONS)
    wait_for(f"each partition is noticed (so far {noticed})", all_noticed, 60, 0.1)
    lab.pack_for(max(0.0, trial.args.partition - (time.monotonic() - began)))
    for seat, had in zip(lab.seats, before):
        if len(seat.packed) <= had:
            raise Failed(f"{seat.name} packed nothing while its line was down")
    for seat in lab.seats:
        wires.set(seat)
    return noticed


def through(trial, make):
    lab = trial.lab(seats=4)
    # A cut off bench works on what it has.
    lab.pace, lab.ahead = 0.5, 16 + int(1.2 * (trial.args.partition + 30))
    wires = make(lab)
    try:
        wires.open()
        lab.open()
        lab.start_work()
        flapped = bad_lines(trial, lab, wires)
        trial.say(f"{wires.name}: {flapped} flaps, partitions now")
        noticed = partitions(trial, lab, wires)
        trial.say(f"{wires.name}: partitions noticed after {noticed} s; healed")
        lab.end_work()
        rest = lab.settle(300)
        problems = lab.judge()
    finally:
        lab.stop()
        wires.close()
    return {"wire": wires.name, "flaps": flapped, "noticed_s": noticed, **lab.figures(),
            "rest_after_s": round(rest, 1)}, problems


def gate(trial):
    return through(trial, Gates)


def line(trial):
    kind, why = line_kind()
    if why:
        print(f"network: {'SKIP line: ' if kind is None else ''}{why}", flush=True)
    if kind is None:
        return {"skipped": why}, []
    return through(trial, lambda lab: Lines(lab, kind))


def flags(parser):
    parser.add_argument("--wire", choices=["gate", "line", "both"], default="both")
    parser.add_argument("--bad", type=float, default=12, help="seconds of bad lines")
    parser.add_argument("--partition", type=float, default=30, help="seconds apart")


if __name__ == "__main__":
    trial_ = Trial("network", __doc__, flags)
    sys.exit(trial_.run(*{"gate": [gate], "line": [line], "both": [gate, line]}[trial_.args.wire]))
