#!/usr/bin/env python3
"""SIGSTOP of agent, server and broker, each for longer than keep-alive and heartbeat, then SIGCONT: work goes on everywhere else.

frozen_test.py [--build DIR] [--seconds 40] [--seed N] [--keep]   long form: --seconds 300
"""
import signal
import sys
import threading
import time

from lab import Failed, Trial, wait_for


def station(lab, seat):
    return next(s for s in lab.api.get("/stations")["items"]
                if (s["site"], s["station"]) == (seat.site, seat.name))


def worked_on(lab, seats, seconds):
    """Packing goes on at these benches for so long."""
    had = [len(s.packed) for s in seats]
    lab.pack_for(seconds)
    for seat, before in zip(seats, had):
        if len(seat.packed) - before < seconds / 8:
            raise Failed(f"{seat.name} packed {len(seat.packed) - before} orders in {seconds:.0f} s")


def start(trial):
    lab = trial.lab(seats=2)
    lab.pace, lab.ahead = 1.0, 20 + int(trial.args.seconds)
    lab.open()
    lab.start_work()
    lab.pack_for(3)
    return lab


def finish(lab, **figures):
    lab.pack_for(2)
    lab.end_work()
    rest = lab.settle(300)
    return {**figures, **lab.figures(), "rest_after_s": round(rest, 1)}, lab.judge()


def agent(trial):
    lab = start(trial)
    frozen, other = lab.seats
    frozen.freeze_agent()
    began = time.monotonic()
    # The broker misses its keep-alive and publishes the last will.
    wait_for("the server says that the frozen station is away",
             lambda: station(lab, frozen)["status"] == "down", 60, 0.2)
    noticed = time.monotonic() - began
    worked_on(lab, [other], max(1.0, trial.args.seconds - noticed))
    frozen.thaw_agent()
    return finish(lab, noticed_s=round(noticed, 1))


def server(trial):
    lab = start(trial)
    lab.server.proc.send_signal(signal.SIGSTOP)
    worked_on(lab, lab.seats, trial.args.seconds)
    lab.server.proc.send_signal(signal.SIGCONT)
    return finish(lab)


class Caller(threading.Thread):
    """Asks the server for its orders all the time: how long does it let people wait?"""

    def __init__(self, lab):
        super().__init__(daemon=True)
        self.lab, self.worst, self.calls, self.halt = lab, 0.0, 0, threading.Event()

    def run(self):
        while not self.halt.wait(0.2):
            began = time.monotonic()
            self.lab.api.post("/stock/adjust", {
                "sku": self.lab.skus["leipzig"][0], "site": "leipzig", "quantity": 1,
                "reason": "found while the broker slept"})
            self.worst = max(self.worst, time.monotonic() - began)
            self.calls += 1


def broker(trial):
    lab = start(trial)
    caller = Caller(lab)
    caller.start()
    lab.signal_broker(signal.SIGSTOP)
    try:
        worked_on(lab, lab.seats, trial.args.seconds)
    finally:
        lab.signal_broker(signal.SIGCONT)
    caller.halt.set()
    caller.join(30)
    # A person's click needs no broker: it must not wait for one.
    if caller.worst > 5 or caller.calls < trial.args.seconds:
        raise Failed(f"while the broker slept the server answered {caller.calls} calls, "
                     f"the slowest after {caller.worst:.1f} s")
    return finish(lab, api_worst_s=round(caller.worst, 2), api_calls=caller.calls)


def flags(parser):
    parser.add_argument("--seconds", type=float, default=40)


if __name__ == "__main__":
    sys.exit(Trial("frozen", __doc__, flags).run(agent, server, broker))
