#!/usr/bin/env python3
"""The server's database is lost and an old backup put in its place while people pack: what the benches had had acknowledged since
comes back from them, and work goes on.

restore_test.py [--build DIR] [--rounds 2] [--since 5] [--seed N] [--keep]
"""
import sys

from lab import Desk, Trial, wait_for


def with_backups(lab):
    lab.config_edit = lambda text: text + (
        f'\n[backup]\nfolder = "{lab.folder / "backups"}"\nevery_minutes = 1440\n')


def backup(lab):
    """A backup that was looked at: from here on it is what the server's disk is worth."""
    made = {row["file"] for row in lab.api.get("/backups")["items"]}
    lab.dockline("backup")
    done = wait_for("a verified backup", lambda: [
        row for row in lab.api.get("/backups")["items"]
        if row["file"] not in made and row["state"] == "verified"], 60, 0.1)
    return done[0]


def all_released(lab):
    """Nobody orders meanwhile. An order that no bench has would be lost with the server's disk, and its shop sends it again."""
    desk = lab.desk
    desk.halt = True
    desk.join(40)
    wait_for("every order is at a bench", lambda: desk.follow() or not desk.unreleased, 60)
    lab.taken += desk.taken
    lab.placed, lab.desk = desk.placed, None


def lose_disk(trial, lab, saved):
    """The machine dies, people go on packing, and the database of yesterday is put in its place."""
    all_released(lab)
    acked = sum(lab.health(seat)["received"] for seat in lab.seats)
    lab.server.kill()
    lab.signal_broker(9)
    lab.pack_for(trial.random.uniform(0.5, 2.0))
    lab.dockline("restore", str(lab.folder / "backups" / saved["file"]), "--data",
                 str(lab.folder / "server"), "--force")
    lab.server.start()
    lab.wait_server(60)
    return acked


def goes_on(lab):
    """Customers come again, and every bench gets and packs something new."""
    lab.desk = Desk(lab, lab.ahead, lab.placed)
    lab.desk.start()

    def packs(seat):
        new = set(lab.desk.taken)
        return any(order.id in new for order in seat.packed[-50:])
    wait_for("every bench packs new orders", lambda: lab.check() or all(map(packs, lab.seats)), 60, 0.1)


def restore(trial):
    lab = trial.lab(seats=3)
    lab.taken, lost = [], []
    with_backups(lab)
    lab.open()
    lab.start_work()
    lab.pack_for(2)
    for _ in range(trial.args.rounds):
        saved = backup(lab)
        lab.pack_for(trial.args.since * trial.random.uniform(0.5, 1.5))
        had = lose_disk(trial, lab, saved)
        lost.append({"position": saved["position"], "acknowledged": had})
        goes_on(lab)
    lab.end_work()
    rest = lab.settle(240)
    cases = sorted({case["kind"] for case in lab.api.get("/exceptions?state=open")["items"]})
    problems = [f"a person is asked about {kind}" for kind in cases
                if kind in ("gap", "fenced_work", "restored", "packed_twice", "lease_holder")]
    lab.desk.taken += lab.taken
    return {"lost": lost, "cases": cases, **lab.figures(), "rest_after_s": round(rest, 1)}, \
        problems + lab.judge()


def flags(parser):
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--since", type=float, default=5, help="seconds of work after the backup, about")


if __name__ == "__main__":
    sys.exit(Trial("restore", __doc__, flags).run(restore))
