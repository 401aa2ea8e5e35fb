#!/usr/bin/env python3
"""Kills every program at random moments (kill -9, in start-up too) while people pack; nothing answered is lost or doubled.

kill_test.py [--build DIR] [--kills 50] [--stations 3] [--seed N] [--keep]
Targets: the agents, the server, the broker, the rigs (a bench's devices lose power) and the shop.
"""
import signal
import sys
import threading
import time

from lab import Failed, Trial

WEIGHTS = {"agent": 5, "server": 3, "broker": 3, "rig": 2, "shop": 1}


class Killer(threading.Thread):
    def __init__(self, lab, kills):
        super().__init__(daemon=True)
        self.lab, self.wanted, self.random = lab, kills, lab.random
        self.done = dict.fromkeys(WEIGHTS, 0)
        self.error, self.halt = None, False

    def total(self):
        return sum(self.done.values())

    def strike(self, target):
        lab, seat = self.lab, self.random.choice(self.lab.seats)
        if target == "broker":
            return lab.signal_broker(signal.SIGKILL)  # False: it is just being started
        process = {"agent": seat.agent, "rig": seat.rig, "server": lab.server,
                   "shop": lab.shop.process}[target]
        if not process.alive():
            raise Failed(f"{process.name} ended by itself:\n{process.tail()}")
        {"agent": seat.kill_agent, "rig": seat.kill_rig}.get(target, process.kill)()
        time.sleep(self.random.uniform(0, 0.4))
        {"rig": seat.revive_rig}.get(target, process.start)()
        return True

    def run(self):
        try:
            while not self.halt and self.total() < self.wanted:
                time.sleep(self.random.uniform(0.05, 1.3))
                target = self.random.choices(list(WEIGHTS), WEIGHTS.values())[0]
                if self.strike(target):
                    self.done[target] += 1
        except (Failed, OSError) as error:
            self.error = error


def kills(trial):
    args = trial.args
    lab = trial.lab(seats=args.stations, shop=True)
    lab.open()
    began = time.monotonic()
    lab.start_work()
    killer = Killer(lab, args.kills)
    killer.start()
    try:
        lab.pack_for(30 + args.kills * 5, unless=lambda: killer.error or killer.total() >= args.kills)
    finally:
        killer.halt = True
        killer.join(10)
    if killer.error:
        raise killer.error
    if killer.total() < args.kills:
        raise Failed(f"only {killer.total()} kills in {time.monotonic() - began:.0f} s")
    lab.end_work()
    seconds, rest = time.monotonic() - began, lab.settle()
    return {"kills": killer.done, **lab.figures(), "seconds": round(seconds),
            "rest_after_s": round(rest, 1)}, lab.judge()


def flags(parser):
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--stations", type=int, default=3)


if __name__ == "__main__":
    sys.exit(Trial("kill", __doc__, flags).run(kills))
