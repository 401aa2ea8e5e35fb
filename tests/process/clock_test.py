#!/usr/bin/env python3
"""Clocks that step by hours, or stand in a wrong year, while programs run and across restarts: order, timers and work do not care.

clock_test.py [--build DIR] [--seed N] [--keep]
Only the wall clock moves (wall_clock.c), as when a person or NTP sets a computer's clock.
"""
import os
import pathlib
import struct
import subprocess
import sys

from lab import HERE, Failed, Trial, wait_for

HOUR = 3600
YEAR = 365 * 24 * HOUR


class Clock:
    """The wall clock of the programs started with env()."""

    def __init__(self, lab, name):
        self.file, self.library = lab.folder / f"clock-{name}", lab.folder / f"clock-{name}.so"
        self.file.write_bytes(bytes(8))
        subprocess.run([os.environ.get("CC", "cc"), "-O1", "-Wall", "-Werror", "-shared", "-fPIC",
                        "-o", str(self.library), str(HERE / "wall_clock.c"), "-ldl"], check=True)

    def set(self, seconds):
        with open(self.file, "r+b") as f:
            f.write(struct.pack("q", seconds))

    def env(self):
        return {"LD_PRELOAD": str(self.library), "DOCKLINE_WALL_CLOCK": str(self.file)}


def cpu_s(process):
    """Processor time that a program has used."""
    fields = pathlib.Path(f"/proc/{process.proc.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def row(lab, seat):
    return next(s for s in lab.api.get("/stations")["items"]
                if (s["site"], s["station"]) == (seat.site, seat.name))


class Case:
    def __init__(self, lab):
        self.lab = lab

    def packs_on(self, seconds):
        """Work goes on, and no timer fires in a storm."""
        lab = self.lab
        had = [len(s.packed) for s in lab.seats]
        programs = [lab.server, *(s.agent for s in lab.seats)]
        used = [cpu_s(p) for p in programs]
        lab.pack_for(seconds)
        for seat, before in zip(lab.seats, had):
            if len(seat.packed) == before:
                raise Failed(f"{seat.name} packed nothing for {seconds} s after a step of a clock")
        for program, before in zip(programs, used):
            if cpu_s(program) - before > 0.7 * seconds:
                raise Failed(f"{program.name} used {cpu_s(program) - before:.1f} s of processor "
                             f"time in {seconds} s after a step of a clock")

    def seen_alive(self, what):
        """Nobody is silent for longer than a heartbeat, and it is shown that they were heard."""
        wait_for(f"all stations are alive {what}", lambda: all(
            not s["silent"] for s in self.lab.api.get("/stations")["items"]), 50, 0.2)

    def shows_error(self, seat, station_s, server_s):
        """/stations says by how much the station's clock is wrong: what must be added to it."""
        want = (server_s - station_s) * 1000
        wait_for(f"{seat.name}: clock error of {want} ms is shown, not {row(self.lab, seat)}",
                 lambda: abs(row(self.lab, seat)["clock_offset_ms"] - want) < 5000, 90, 0.3)

    def shop_is_told(self, step):
        """The breaker probes every 30 s at most; then what waited goes out."""
        told, look = len(self.lab.shop.told()), {}

        def again():
            look.update(self.lab.api.get("/outbox")["channels"][0])
            return look["circuit"] == "closed" and len(self.lab.shop.told()) > told + 3
        try:
            wait_for("the shop is told again", again, 60, 0.3)
        except Failed as error:
            raise Failed(f"a step of the server's clock to {step} s starves the shop: {look}") from error

    def restart(self, seat, clock, seconds):
        seat.kill_agent()
        clock.set(seconds)
        seat.agent.start()
        seat.wait_agent()


def agent(trial):
    """A station's clock: hours forward and back while it runs, another year across a restart."""
    lab = trial.lab(seats=2)
    seat = lab.seats[0]
    clock = Clock(lab, "agent")
    seat.env = clock.env()
    case = Case(lab)
    lab.pace, lab.ahead = 0.3, 20
    lab.open()
    clock.set(3 * HOUR)
    case.shows_error(seat, 3 * HOUR, 0)
    lab.start_work()
    for step in (-5 * HOUR, 0):
        clock.set(step)
        case.packs_on(4)
        case.seen_alive(f"at {step} s")
    for step in (11 * YEAR, -20 * YEAR, 0):
        case.restart(seat, clock, step)
        case.packs_on(4)
        case.shows_error(seat, step, 0)
    lab.end_work()
    rest = lab.settle(200)
    return {**lab.figures(), "rest_after_s": round(rest, 1)}, lab.judge()


def server(trial):
    """The server's clock, its broker's too; a shop that was away meanwhile must still be told."""
    lab = trial.lab(seats=2, shop=True)
    clock = Clock(lab, "server")
    lab.server_env = clock.env()
    case = Case(lab)
    lab.pace, lab.ahead = 0.3, 20
    lab.open()
    lab.start_work()
    for step in (2 * HOUR, -6 * HOUR, 26 * HOUR, 0):
        lab.shop.process.kill()
        case.packs_on(2)
        clock.set(step)
        case.packs_on(3)
        lab.shop.process.start()
        case.seen_alive(f"at {step} s")
        case.shop_is_told(step)
    for step in (-20 * YEAR, 5 * YEAR, 0):
        lab.server.kill()
        clock.set(step)
        lab.server.start()
        lab.wait_server()
        case.packs_on(4)
        case.seen_alive(f"after a restart at {step} s")
    lab.end_work()
    rest = lab.settle(200)
    return {**lab.figures(), "rest_after_s": round(rest, 1)}, lab.judge()


def silence(trial):
    """The server's clock, while a bench is silent that has a part of an offline quota: it keeps it."""
    lab = trial.lab(seats=3, shop=True)
    clock = Clock(lab, "server")
    lab.server_env = clock.env()
    lab.open()
    seat, near = lab.seats[0], lab.seats[2]  # of one site
    sku = lab.skus[seat.site][0]
    lab.api.call("PUT", "/stock/policies", {"site": seat.site, "sku": sku, "quota": 6,
                                            "why": "walk-in buyers", "by": "test"})

    def kept():
        """What its part takes off, by the newest figure: one more piece makes it a new one."""
        lab.api.post("/stock/adjust", {"sku": sku, "site": seat.site, "quantity": 1,
                                       "reason": "receipt"})
        figures = lab.api.get(f"/stock/{sku}/derivation")["figures"]
        return sum(term["value"] for figure in figures for term in figure["terms"]
                   if term["name"] == "offline_risk")

    def stays(what):
        if not row(lab, seat)["silent"] or kept() != -3:
            raise Failed(f"{seat.name} keeps {kept()} and not its 3 of the quota {what}: "
                         f"{row(lab, seat)}")
        if row(lab, near)["silent"]:
            raise Failed(f"{near.name} is called silent {what}: {row(lab, near)}")

    seat.kill_agent()
    wait_for("it is silent", lambda: row(lab, seat)["silent"], 150, 0.5)
    wait_for("its part is kept", lambda: kept() == -3, 150, 1)
    for step in (-6 * HOUR, 26 * HOUR, 0):
        clock.set(step)
        wait_for("the server has looked at its clock", lambda: kept() == -3, 5, 0.2)
        stays(f"at {step} s")
    lab.server.kill()
    clock.set(-24 * HOUR)
    lab.server.start()
    lab.wait_server()
    if kept() > -3:
        raise Failed(f"{seat.name} counts as heard after a restart a day before: {kept()}")
    wait_for("the others are heard", lambda: not row(lab, near)["silent"], 50, 0.2)
    stays("after a restart a day before")
    seat.agent.start()
    seat.wait_agent()
    wait_for("it is heard again", lambda: kept() == 0, 50, 0.2)
    return {"kept": -3}, lab.judge()


if __name__ == "__main__":
    trial_ = Trial("clock", __doc__, lambda parser: parser.add_argument("--case", default=""))
    cases = [c for c in (agent, server, silence) if trial_.args.case in ("", c.__name__)]
    sys.exit(trial_.run(*cases))
