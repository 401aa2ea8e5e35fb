#!/usr/bin/env python3
"""A station on an old image of its disk, on a new empty disk, and two computers with one disk's copy: seen, told, and work goes on.

disks_test.py [--build DIR] [--seed N] [--keep]
"""
import contextlib
import shutil
import sqlite3
import sys
import time

from lab import Trial, free_port, wait_for


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


def heard(lab, seat):
    row, = (r for r in lab.api.get("/stations")["items"] if (r["site"], r["station"]) == (seat.site, seat.name))
    return row["heard_ms"]


def start_clone(lab, seat, place):
    """The same station on a second computer: its own page, no devices."""
    text = (seat.folder / "agent.toml").read_text().partition("[[scanner]]")[0]
    text = text.replace('data_dir = "data"', f'data_dir = "{place}"')
    config = seat.folder / "clone.toml"
    port = free_port()
    config.write_text(text.replace(f":{seat.panel_port}\"", f":{port}\""))
    return lab.run(f"clone-{seat.name}", [lab.bin / "dockline-agent", "--config", config]), Page(port)


class Page:
    def __init__(self, port):
        self.port = port

    def url(self):
        return f"http://127.0.0.1:{self.port}"


def read(path, sql, *args):
    """Of a program that was stopped."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        return db.execute(sql, args).fetchall()


def holder(lab, seat, copy):
    """Who holds the work of a bench that was two computers (PROTOCOL.md section 16, 12): what is wrong."""
    server = lab.folder / "server" / "server.db"
    (mine,), = read(seat.agent_db(), "SELECT up_inc FROM live")
    (other, last), = read(copy / "agent.db", "SELECT up_inc, up_last FROM live")
    (works,), = read(server, "SELECT value FROM own_text WHERE name = ?", f"works:{seat.site}/{seat.name}")
    given = read(server, "SELECT holder, count(*) FROM p_lease WHERE site = ? AND station = ? AND state "
                 "IN ('held', 'revoking') GROUP BY holder", seat.site, seat.name)
    closed = read(server, "SELECT json_extract(body, '$.data.order'), count(DISTINCT json_extract(body, "
                  "'$.dlinc')) n FROM events WHERE type = 'dockline.pack.closed.v1' GROUP BY 1 HAVING n > 1")
    got = read(server, "SELECT through FROM stream_in WHERE site = ? AND station = ? AND inc = ?",
               seat.site, seat.name, other)
    open_orders = read(copy / "agent.db", "SELECT number FROM work WHERE state IN ('open', 'held')")
    wrong = []
    if mine == other:
        wrong.append(f"both computers write stream {mine}")
    if works != mine:
        wrong.append(f"{works} works, the computer that lives is {mine}, the copy was {other}")
    if {who for who, _ in given} - {mine}:
        wrong.append(f"orders are held by {given}, the computer that lives is {mine}")
    if not given:
        wrong.append(f"no order waits at {seat.name}: nothing is shown")
    if got != [(last,)]:
        wrong.append(f"the copy recorded {last} facts in {other}, the server has {got}")
    if closed:
        wrong.append(f"packed at both: {closed}")
    if open_orders:
        wrong.append(f"the copy could still pack {open_orders}")
    return wrong


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
    clone, page = start_clone(lab, twin, twin_image)
    kinds = {}

    def seen():
        kinds.clear()
        for case in lab.api.get("/exceptions")["items"]:
            kinds.setdefault(case["subject"].split("#")[0], set()).add(case["kind"])
        return all(f"{s.site}/{s.name}" in kinds for s in (old, twin))
    wait_for(f"a person is told of the old image and the twins, not only {kinds}", seen, 90, 0.3)
    time.sleep(5)  # the twins go on for a while
    wait_for("the server has all of both",
             lambda: not any(lab.health(each)["waiting"] for each in (twin, page)), 30, 0.2)
    at_ms = time.time() * 1000
    clone.kill()
    # Until then it is not clear who works there, and the bench gets no orders.
    wait_for("the server hears of the copy's end", lambda: heard(lab, twin) > at_ms, 60, 0.1)
    lab.settle(240)
    lab.placed, lab.desk = lab.desk.placed, None
    lab.start_work()
    lab.pack_for(4)
    lab.end_work()
    rest = lab.settle(240)
    lab.desk.taken += taken
    for seat in lab.seats:
        seat.forked = True
    problems = lab.judge()
    problems += holder(lab, twin, twin_image)
    return {"cases": {k: sorted(v) for k, v in kinds.items()}, **lab.figures(),
            "rest_after_s": round(rest, 1)}, problems


if __name__ == "__main__":
    sys.exit(Trial("disks", __doc__).run(disks))
