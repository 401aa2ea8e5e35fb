#!/usr/bin/env python3
"""Full file systems under agent and server while work goes on, and room again: nothing answered is lost, it goes on by itself.

full_disk_test.py [--build DIR] [--rounds 2] [--full 6] [--seed N] [--keep]   long form: --rounds 20
Small tmpfs mounts; says SKIP without root.
"""
import os
import shutil
import subprocess
import sys
import urllib.error
import urllib.request

from lab import Failed, Trial, wait_for


class Disk:
    def __init__(self, place, size):
        self.place, self.ballast = place, place / "ballast"
        place.mkdir(parents=True, exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)], check=True)

    def fill(self):
        handle = os.open(self.ballast, os.O_WRONLY | os.O_CREAT)
        try:
            while os.write(handle, b"x" * 65536) > 0:
                pass
        except OSError:
            pass
        finally:
            os.close(handle)

    def room(self):
        self.ballast.unlink()

    def umount(self, evidence):
        """With evidence wanted, what lies on it is left beside it."""
        if evidence:
            shutil.copytree(self.place, self.place.with_name(self.place.name + "-kept"),
                            ignore=shutil.ignore_patterns("ballast"))
        subprocess.run(["umount", "-l", str(self.place)], check=False)


def bench_full(bench):
    """Does the agent say that its disk takes nothing?"""
    with urllib.request.urlopen(bench.url() + "/metrics", timeout=5) as answer:
        return b"\ndockline_store_full 1" in answer.read()


def server_full(lab):
    """Is a person's click refused for want of room?"""
    try:
        lab.api.post("/stock/adjust", {"sku": lab.skus["leipzig"][0], "site": "leipzig",
                                       "quantity": 1, "reason": "is there room"})
        return False
    except urllib.error.HTTPError as error:
        if error.code in (503, 507):
            return True
        raise


def refused(trial, lab, disk, full):
    """Full for a while, and seen to hurt: a test that never filled it proves nothing. Then room, and
    it goes on by itself."""
    disk.fill()
    try:
        wait_for("the full disk is felt", lambda: lab.check() or full(), 40, 0.2)
        lab.pack_for(trial.args.full * trial.random.uniform(0.5, 1.5))
    finally:
        disk.room()
    wait_for("it goes on with room", lambda: lab.check() or not full(), 40, 0.2)


def full(trial):
    if os.geteuid() != 0:
        print("full_disk: SKIP mounting small file systems needs root", flush=True)
        return {"skipped": "not root"}, []
    lab = trial.lab(seats=2, shop=True)
    bench, other = lab.seats
    disks, problems = [], None
    try:
        disks += [Disk(bench.folder / "data", "16m"), Disk(lab.folder / "server", "96m")]
        agent_disk, server_disk = disks
        lab.pace, lab.ahead = 0.5, 60
        lab.open()
        lab.start_work()
        lab.pack_for(2)
        for _ in range(trial.args.rounds):
            refused(trial, lab, agent_disk, lambda: bench_full(bench))
            lab.pack_for(2)
            had = len(other.packed)
            refused(trial, lab, server_disk, lambda: server_full(lab))
            if len(other.packed) == had:
                raise Failed(f"{other.name} stood still because the server's disk was full")
            lab.pack_for(2)
            agent_disk.fill()
            refused(trial, lab, server_disk, lambda: server_full(lab))
            agent_disk.room()
            lab.pack_for(2)
        lab.end_work()
        rest = lab.settle(300)
        for process in (lab.server, bench.agent, other.agent):
            if not process.alive():
                raise Failed(f"{process.name} ended:\n{process.tail()}")
        problems = lab.judge()
    finally:
        lab.stop()
        for disk in disks:
            disk.umount(trial.args.keep or problems != [])
    return {"rounds": trial.args.rounds, **lab.figures(), "rest_after_s": round(rest, 1)}, problems


def flags(parser):
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--full", type=float, default=6, help="seconds without room, about")


if __name__ == "__main__":
    sys.exit(Trial("full_disk", __doc__, flags).run(full))
