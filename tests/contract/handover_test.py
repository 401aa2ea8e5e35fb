"""What happens to boxes after a bench has closed them, with success, against the OpenAPI page: handed over, taken back,
delivered, returned; and what people decide about a bench that does not answer and a channel that refuses. The bench is
played by hand, as shared/sync/PROTOCOL.md says, over a broker of the test's own."""
import hashlib
import http.server
import json
import subprocess
import threading
import time
import unittest
import uuid

from openapi import ELSEWHERE, Page
from served import Server, wait_for

server, page, bench, shop = None, None, None, None
INC = "0197a1b2-0000-7000-8000-0123456789ab"
BY = {"by": "ada"}
WHY = {"why": "the driver left it", **BY}


def setUpModule():
    global server, page, bench, shop
    page, shop = Page(), Refusing()
    server = WithBroker(f'[[channel]]\nname = "strict"\nkind = "webhook"\nurl = "{shop.url}"\n'
                        'secret_file = "{path}/shop.secret"\n')
    bench = Bench()
    done("POST", "/items", {"sku": "CUP", "title": "Cup"}, 201)
    done("POST", "/stock/adjust", {"sku": "CUP", "site": "leipzig", "quantity": 40, "reason": "found"})


def tearDownModule():
    bench.tap.terminate()
    bench.tap.wait(10)
    bench.tap.stdout.close()
    code = server.stop()
    shop.server.shutdown()
    shop.server.server_close()
    assert code == 0, f"the server ended with {code}"


def done(method, target, body=None, status=200):
    """Every answer is checked against the page, and so is what was sent."""
    answer = server.ask(method, "/api/v1" + target, json.dumps(body) if body is not None else None)
    page.check(method, target, answer, body)
    assert answer.status == status, f"{method} {target}: {answer.status} {answer.body[:500]}"
    return answer.json


class Refusing:
    """A shop's address that takes nothing."""

    def __init__(self):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self.send_response(422)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


class WithBroker(Server):
    """A server at a broker without accounts, so that a test can speak as its stations."""

    def start(self):
        (self.path / "broker.conf").write_text(f"listener {self.broker_port} 127.0.0.1\nallow_anonymous true\n")
        self.config.write_text(self.config.read_text().replace(
            f'[broker]\nlisten = "127.0.0.1:{self.broker_port}"',
            f'[broker]\nmode = "external"\nurl = "tcp://127.0.0.1:{self.broker_port}"'))
        self.broker = subprocess.Popen(["mosquitto", "-c", self.path / "broker.conf"], stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
        wait_for("the broker listens", lambda: not self._broker_gone())
        super().start()

    def stop(self):
        try:
            return super().stop()
        finally:
            self.broker.terminate()
            self.broker.wait(10)


class Bench:
    """leipzig/bench-4: an up stream of one message a fact, each sent when the one before it is confirmed."""
    SESSION = "1.00000000000000aa.1"

    def __init__(self):
        self.seq, self.heard = 0, []
        self.tap = subprocess.Popen(["mosquitto_sub", *self.words(), "-t", "dockline/v1/server/state", "-t",
                                     "dockline/v1/leipzig/bench-4/up-ack", "-F", "%x"],
                                    stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        threading.Thread(target=self.read, daemon=True).start()
        wait_for("the server is at the broker, and this bench hears it", lambda: self.heard)
        now = time.time_ns() // 1_000_000
        self.say("state", {"v": 1, "k": "state", "status": "up", "inc": INC, "boot": 1, "nonce": "00000000000000aa",
                           "versions": [1], "program": "test", "last": 0, "acked": 0, "down_through": 0, "t1": now})
        chain = hashlib.sha256(("dockline-1" + INC).encode()).hexdigest()[:32]
        self.say("up", {"v": 1, "k": "open", "inc": INC, "ses": self.SESSION, "base": 0, "basechain": chain, "last": 0,
                        "gone": [], "versions": [1], "why": "start", "t1": now})
        self.confirmed()

    def words(self):
        return ["-h", "127.0.0.1", "-p", str(server.broker_port), "-q", "1"]

    def read(self):
        for line in self.tap.stdout:
            self.heard.append(json.loads(bytes.fromhex(line.decode().strip()).split(b"\n")[0]))

    def say(self, topic, header, *lines):
        payload = "\n".join([json.dumps(header), *lines]) + "\n"
        subprocess.run(["mosquitto_pub", *self.words(), "-t", f"dockline/v1/leipzig/bench-4/{topic}", "-s"],
                       input=payload.encode(), check=True)

    def confirmed(self):
        return wait_for(f"fact {self.seq} is confirmed", lambda: next(
            (a for a in reversed(self.heard) if a.get("ses") == self.SESSION and a.get("through") == self.seq), None))

    def fact(self, kind, subject, data):
        prev, self.seq, now = self.confirmed()["chain"], self.seq + 1, time.time_ns() // 1_000_000
        fact = {"specversion": "1.0", "id": str(uuid.uuid4()), "source": "/leipzig/bench-4", "type": kind, "subject": subject,
                "time": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime()), "dlinc": INC, "dlseq": self.seq,
                "dlhlc": f"{now << 16:016x}", "datacontenttype": "application/json", "data": data}
        self.say("up", {"v": 1, "k": "data", "inc": INC, "ses": self.SESSION, "first": self.seq, "count": 1, "prev": prev},
                 json.dumps(fact, separators=(",", ":")))
        self.confirmed()

    def lease(self, order):
        """What the server gave this bench: it is in the log, whether or not the bench reads its down stream."""
        def probe():
            facts = done("GET", "/events?type=dockline.order.released.v1&limit=200")["items"]
            return next((f["data"] for f in reversed(facts) if f["data"]["order"] == order), None)
        return wait_for(f"the bench is given {order}", probe)

    def pack(self, order):
        lease = self.lease(order)
        lines = [{"line": l["line"], "sku": l["sku"], "packed": l["quantity"], "missing": 0}
                 for l in done("GET", f"/orders/{order}")["lines"]]
        self.fact("dockline.pack.opened.v1", order, {"order": order, "work": lease["work"]})
        self.fact("dockline.pack.closed.v1", order, {"order": order, "work": lease["work"], "label": lease["label"],
                                                     "lines": lines})
        return lease["label"]["tracking"]


def ordered(number, quantity=1):
    return done("POST", "/orders", {"number": number, "ship_to": {"name": "Ada"},
                                    "lines": [{"sku": "CUP", "quantity": quantity}]}, 201)["id"]


class Boxes(unittest.TestCase):
    def state(self, order):
        return done("GET", f"/orders/{order}")["state"]

    def test_a_parcel_leaves_comes_back_and_reaches_its_buyer(self):
        order = ordered("H-1", 2)
        box = bench.pack(order)
        self.assertEqual(done("GET", "/handovers?site=leipzig")["items"][0]["tracking"], box)
        given = {"tracking": box, "order": order, "why": ""}
        wish = {"parcels": [box], "manifest": "M-1", **BY}
        self.assertEqual(done("POST", "/handovers", wish), {"parcels": [given], "left_out": [], "more": False})
        self.assertEqual(self.state(order), "shipped")
        self.assertIn("already", done("POST", "/handovers", wish)["left_out"][0]["why"])
        self.assertEqual([p["state"] for p in done("GET", "/handovers?manifest=M-1")["items"]], ["handed_over"])
        self.assertEqual(done("POST", f"/parcels/{box}/take-back", WHY), {"id": box, "created": True})
        self.assertEqual(self.state(order), "packed")
        done("POST", "/handovers", {"parcels": [box], "handed_ms": int(time.time() * 1000) - 1000, **BY})
        self.assertEqual(done("POST", f"/parcels/{box}/delivered", BY), {"id": box, "created": True})
        self.assertEqual(done("POST", f"/parcels/{box}/delivered", BY), {"id": box, "created": False})
        self.assertEqual(done("GET", "/handovers?state=delivered")["items"][0]["tracking"], box)
        self.assertEqual(done("GET", f"/orders/{order}")["parcels"][0]["state"], "delivered")
        back = {"site": "leipzig", "lines": [{"line": 1, "quantity": 1, "to": "damaged", "lot": {"lot": "L-9"}},
                                             {"line": 1, "quantity": 1}], **WHY}
        self.assertEqual(done("POST", f"/orders/{order}/return", back), {"id": order, "created": True})
        self.assertEqual(done("GET", f"/orders/{order}")["lines"][0]["returned"], 2)
        self.assertEqual(done("GET", "/stock/CUP")["sites"][0]["damaged"], 1)

    def test_of_all_that_waits_what_should_stay_is_left_out(self):
        leaves, stays = ordered("H-2"), ordered("H-3")
        gone, kept = bench.pack(leaves), bench.pack(stays)
        done("POST", f"/orders/{stays}/cancel", {"reason": "changed her mind"})
        self.assertEqual(done("GET", "/handovers/waiting")["items"][0]["to_keep_back"], 1)
        said = done("POST", "/handovers", {"site": "leipzig", **BY})
        self.assertEqual([p["tracking"] for p in said["parcels"]], [gone])
        self.assertEqual([(p["tracking"], p["order"]) for p in said["left_out"]], [(kept, stays)])
        self.assertIn("cancelled", said["left_out"][0]["why"])


class Decisions(unittest.TestCase):
    def test_an_order_is_taken_from_a_bench_that_does_not_answer(self):
        order = ordered("H-4")
        before = bench.lease(order)["work"]
        self.assertEqual(done("POST", f"/orders/{order}/revoke", {"reason": "no answer", **BY}),
                         {"id": order, "created": True})
        kinds = [e["type"] for e in done("GET", f"/orders/{order}")["timeline"]]
        self.assertIn("dockline.lease.revoked.v1", kinds)
        self.assertNotEqual(wait_for("it is given anew", lambda: (
            lambda work: work if work != before else None)(bench.lease(order)["work"])), before)

    def test_what_a_channel_refuses_is_sent_again_or_given_up(self):
        def dead():
            return next((r for r in done("GET", "/outbox?limit=200")["items"]
                         if r["channel"] == "strict" and r["state"] == "dead"), None)
        row = wait_for("the channel has refused", dead)
        said = {"id": str(row["id"]), "created": True}
        self.assertEqual(done("POST", f"/outbox/{row['id']}/decide", {"again": True}), said)
        row = wait_for("it has refused again", dead)
        self.assertEqual(done("POST", f"/outbox/{row['id']}/decide", {"again": False})["created"], True)
        self.assertNotIn(row["id"], [r["id"] for r in done("GET", "/outbox?limit=200")["items"]])


class StationWrittenOff(unittest.TestCase):  # behind Boxes and Decisions: this bench gets nothing from here on
    def test_a_bench_that_will_not_come_back(self):
        bench.lease(ordered("H-5"))
        self.assertEqual(done("POST", "/stations/leipzig%2Fbench-4/write-off", {"reason": "stolen", **BY}),
                         {"id": "leipzig/bench-4", "created": True})
        self.assertTrue(done("POST", "/replay/verify", {})["equal"])


class TheOperationsLeftToThisFile(unittest.TestCase):  # after all others, by its name
    def test_each_was_seen_with_success(self):
        self.assertEqual(ELSEWHERE["handover_test"] - page.seen, set())


if __name__ == "__main__":
    unittest.main()
