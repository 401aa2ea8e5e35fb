#!/usr/bin/env python3
"""A station on an old image of its disk, on a new empty disk, and two computers with one disk's copy: seen, told, and work goes on.

disks_test.py [--build DIR] [--seed N] [--keep]
"""
import shutil
import sys
import time

from lab import Trial, wait_for


def image(seat, name):
    """The station's database as it lies there, taken between two of its lives."""
    place = seat.folder / name
    seat.kill_agent()
    shutil.copytree(seat.folder / "data", place)
    seat.agent.start()
    seat.wait_agent()
    return place


def put_back(seat, place):
    seat.kill_agent()
    shutil.rmtree(seat.folder / "data")
    if place:
        shutil.copytree(place, seat.folder / "data")
    seat.agent.start()
    seat.wait_agent()


def start_clone(lab, seat, place):
    """The same station on a second computer: its own page, no devices."""
    text = (seat.folder / "agent.toml").read_text().partition("[[scanner]]")[0]
    text = text.replace('data_dir = "data"', f'data_dir = "{place}"')
    config = seat.folder / "clone.toml"
    config.write_text(text.replace(f":{seat.panel_port}\"", ":0\""))
    return lab.run(f"clone-{seat.name}", [lab.bin / "dockline-agent", "--config", config])


def all_packed(lab):
    """Customers stop, and every order in the house is packed."""
    lab.desk.halt = True
    lab.desk.join(40)
    wait_for("all orders are released", lambda: lab.desk.follow() or not lab.desk.unreleased, 60)
    wait_for("all orders are packed", lambda: lab.check() or not any(s.orders for s in lab.seats), 120)
    lab.end_work()


def disks(trial):
    lab = trial.lab(seats=3)
    old, new, twin = lab.seats
    lab.open()
    lab.start_work()
    lab.pack_for(3)
    old_image = image(old, "image")
    lab.pack_for(3)
    all_packed(lab)
    lab.settle()
    taken = lab.desk.taken
    twin_image = image(twin, "copy")
    put_back(old, old_image)
    put_back(new, None)
    clone = start_clone(lab, twin, twin_image)
    kinds = {}

    def seen():
        kinds.clear()
        for case in lab.api.get("/exceptions")["items"]:
            kinds.setdefault(case["subject"].split("#")[0], set()).add(case["kind"])
        return all(f"{s.site}/{s.name}" in kinds for s in (old, twin))
    wait_for(f"a person is told of the old image and the twins, not only {kinds}", seen, 90, 0.3)
    time.sleep(5)  # the twins go on for a while
    clone.kill()
    lab.settle(240)
    lab.placed, lab.desk = lab.desk.placed, None
    lab.start_work()
    lab.pack_for(4)
    lab.end_work()
    rest = lab.settle(240)
    lab.desk.taken += taken
    for seat in lab.seats:
        seat.forked = True
    return {"cases": {k: sorted(v) for k, v in kinds.items()}, **lab.figures(),
            "rest_after_s": round(rest, 1)}, lab.judge()


if __name__ == "__main__":
    sys.exit(Trial("disks", __doc__).run(disks))
