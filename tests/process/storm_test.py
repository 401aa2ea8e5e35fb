#!/usr/bin/env python3
"""Many stations come back at once after the broker and the server fell: jittered back-off, no herd, everybody caught up.

storm_test.py [--build DIR] [--stations 40] [--away 15] [--seed N] [--keep]   long form: --stations 200 --away 60
Benches without devices; codes are typed at the page. Prints how connects were spread, bytes, memory
and processor time; asserts only what no slow machine can spoil.
"""
import base64
import collections
import datetime
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import time

from lab import Failed, Seat, Trial, wait_for
from packing import Memory, Order
from ws import PageWatch

LINE = re.compile(r"^(\S+Z) info broker\.(up|down)(.*)$")


class Typist(Seat):
    """A bench without scanner and printer."""

    def write_config(self):
        path = super().write_config()
        path.write_text(path.read_text().partition("[[scanner]]")[0])
        return path

    def begin(self):
        """Starts the agent without waiting for it."""
        self.write_config()
        self.agent = self.fleet.run(f"agent-{self.site}-{self.name}", [
            self.fleet.bin / "dockline-agent", "--config", self.folder / "agent.toml"])
        self.memory = self.bench.memory = Memory()

    def printed(self):
        return []

    def type(self, text):
        """Types one code at the page and waits for its answer."""
        with socket.create_connection(("127.0.0.1", self.panel_port), timeout=30) as s:
            host = f"127.0.0.1:{self.panel_port}"
            key = base64.b64encode(os.urandom(16)).decode()
            s.sendall((f"GET /ws HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n"
                       "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                       f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n").encode())
            stream = s.makefile("rb")
            while stream.readline() not in (b"\r\n", b""):
                pass
            before = self.view(stream)
            Memory.add(self.memory.scans, text)
            s.sendall(PageWatch._masked(1, json.dumps({"do": "type", "text": text}).encode()))
            while (after := self.view(stream))["sound_seq"] == before["sound_seq"]:
                pass
        Memory.add(self.memory.answered, text)
        return before, after

    @staticmethod
    def view(stream):
        while True:
            _, opcode, payload = PageWatch._frame(stream)
            if opcode == 1:
                return json.loads(payload)
            if opcode == 8:
                raise Failed("the page was closed")

    def count(self, order):
        """One more piece of the order that lies open here."""
        sku = next(s for s in order.want if self.memory.counted.get((order.id, s), 0) < order.want[s])
        before, after = self.type(order.barcodes[sku])
        if after["order"]["pieces_done"] != before["order"]["pieces_done"] + 1:
            raise Failed(f"{self.name}: {order.barcodes[sku]} was not counted: {after['banner']}")
        Memory.add(self.memory.counted, (order.id, sku))

    def connects(self, since):
        """[(moment, "lost", "failed" or "up")] of this station's link since then."""
        out = []
        for line in self.agent.log_path.read_text(errors="replace").splitlines():
            if found := LINE.match(line):
                at = datetime.datetime.fromisoformat(found[1].replace("Z", "+00:00")).timestamp()
                if at >= since:
                    out.append((at, "up" if found[2] == "up" else
                                "failed" if "connect to" in found[3] else "lost"))
        return out


def rss_mib(process):
    text = pathlib.Path(f"/proc/{process.proc.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", text)[1]) / 1024


def cpu_s(process):
    fields = pathlib.Path(f"/proc/{process.proc.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def broker_bytes(lab):
    """In and out over the broker's present connections, both directions once."""
    text = subprocess.run(["ss", "-tinH", "sport", "=", f":{lab.ports['broker']}"],
                          capture_output=True, text=True, check=True).stdout
    return sum(int(n) for n in re.findall(r"bytes_(?:sent|received):(\d+)", text))


def check_back_off(seat, history):
    """The n-th try after a loss comes no sooner than half of 1, 2, 4... seconds after the one before."""
    level, last = 0, None
    for at, what in history:
        if last is not None and what != "lost":
            least = 0.5 * 2 ** min(level, 6) - 0.05
            if at - last < least:
                raise Failed(f"{seat.name} tried again after {at - last:.2f} s, {least:.2f} s is the "
                             f"least at try {level + 1}: {history}")
            level += 1
        if what == "up":
            level, last = 0, None
        else:
            last = at


def all_back(lab, since, seconds=240):
    """Every station is connected and nothing waits at either end."""
    def quiet():
        rows = lab.api.get("/stations")["items"]
        late = [r["station"] for r in rows if r["status"] != "up" or r["waiting"] or r["down_waiting"]
                or (r["heard_ms"] or 0) < since * 1000]
        return not late
    wait_for("everybody is back and caught up", quiet, seconds, 0.1)
    for seat in lab.seats:
        wait_for(f"{seat.name} at rest", lambda s=seat: lab.difference(s) is None, 60, 0.1)


def spread(lab, since):
    """How the tries of all stations lie in time."""
    firsts, tries = [], collections.Counter()
    for seat in lab.seats:
        history = seat.connects(since - 0.05)
        check_back_off(seat, history)
        lost = next((at for at, what in history if what == "lost"), None)
        after = [at for at, what in history if what != "lost"]
        if lost is None or not after:
            raise Failed(f"{seat.name} never noticed the end of its broker: {history}")
        firsts.append(after[0] - lost)
        for at in after:
            tries[int((at - since) * 10)] += 1
    if max(firsts) - min(firsts) < 0.25:
        raise Failed(f"a herd: all first tries lie within {max(firsts) - min(firsts):.2f} s")
    return {"tries": sum(tries.values()), "most_in_100_ms": max(tries.values()),
            "first_try_after_s": [round(min(firsts), 2), round(max(firsts), 2)],
            "per_second": [sum(n for slot, n in tries.items() if slot // 10 == second)
                           for second in range(max(tries) // 10 + 1)][:40]}


def storm(trial):
    args = trial.args
    lab = trial.lab(seats=args.stations, kind=Typist)
    lab.start_server()
    lab.import_stock(20000)
    began = time.time()
    for seat in lab.seats:
        seat.begin()
    for seat in lab.seats:
        seat.wait_agent(120)
    all_back(lab, 0)
    figures = {"stations": args.stations, "first_start_s": round(time.time() - began, 1)}
    orders = give_everybody_an_order(lab)
    for seat in lab.seats:
        seat.type(orders[seat.name].number)

    def broker_falls():
        lab.signal_broker(signal.SIGKILL)

    def server_is_away():
        lab.server.kill()
        work()
        time.sleep(args.away)
        lab.server.start()

    def server_restarts():
        lab.server.stop(30)
        lab.server.start()

    def work():
        for seat in lab.seats:
            seat.count(orders[seat.name])
    for harm in (broker_falls, server_is_away, server_restarts):
        work()
        since = time.time()
        harm()
        back = time.time()
        if harm is broker_falls:
            work()
        lab.wait_server(60)
        used = cpu_s(lab.server)
        all_back(lab, back)
        figures[harm.__name__] = {
            "all_back_after_s": round(time.time() - back, 1), "server_cpu_s":
            round(cpu_s(lab.server) - (used if harm is broker_falls else 0), 2),
            "bytes": broker_bytes(lab), **spread(lab, since)}
        trial.say(f"{harm.__name__}: {json.dumps(figures[harm.__name__])}")
    figures["agent_rss_mib"] = round(sum(rss_mib(s.agent) for s in lab.seats) / len(lab.seats), 1)
    figures["server_rss_mib"] = round(rss_mib(lab.server), 1)
    return {**figures, "pieces_answered": lab.figures()["pieces_answered"]}, lab.judge()


def give_everybody_an_order(lab):
    """Eight pieces for each; the server spreads them over the benches of a site."""
    orders = {}
    for n, seat in enumerate(lab.seats):
        body = lab.order_body(f"S-{n}", seat.site)
        body["lines"] = [{"sku": sku, "quantity": 2} for sku in lab.skus[seat.site][:4]]
        made = lab.api.post("/orders", body)["id"]

        def released(order=made):
            detail = lab.api.get("/orders/" + order)
            return detail if detail.get("station") and detail.get("tracking") else None
        detail = wait_for(f"{made} released", released, 60)
        if detail["station"] in orders:
            raise Failed(f"{detail['station']} was given two orders while others had none")
        orders[detail["station"]] = Order(detail, lab.barcodes)
    all_back(lab, 0)
    return orders


def flags(parser):
    parser.add_argument("--stations", type=int, default=40)
    parser.add_argument("--away", type=float, default=15, help="seconds without a server")


if __name__ == "__main__":
    sys.exit(Trial("storm", __doc__, flags).run(storm))
