"""What the API promises beside single answers, on a real server that is killed meanwhile: the same
answer for the same Idempotency-Key, no write to an order that has changed (If-Match), and a stream
of facts without loss or doubles."""
import http.client
import json
import sqlite3
import threading
import time
import unittest
import uuid

from openapi import ELSEWHERE, Page
from served import Answer, Server, wait_for

server, page = None, None
ORDER = {"number": "P-1", "ship_to": {"name": "Ada"}, "lines": [{"sku": "CUP", "quantity": 2}]}


def setUpModule():
    global server, page
    server, page = Server(), Page()
    post("/items", {"sku": "CUP", "title": "Cup"})


def tearDownModule():
    code = server.stop()
    assert code == 0, f"the server ended with {code}"


def ask(method, target, body=None, headers=None):
    text = json.dumps(body) if isinstance(body, dict) else body
    answer = server.ask(method, "/api/v1" + target, text, headers)
    page.check(method, target, answer)
    return answer


def post(target, body, key=None, **headers):
    if key:
        headers["Idempotency-Key"] = key
    return ask("POST", target, body, {k.replace("_", "-"): v for k, v in headers.items()})


def on_hand():
    return ask("GET", "/stock/CUP").json["sites"][0]["on_hand"]


def same(one, two):
    return (one.status, one.body) == (two.status, two.body)


class SameKeySameAnswer(unittest.TestCase):
    FOUND = {"sku": "CUP", "site": "leipzig", "quantity": 1, "reason": "found"}

    def test_an_effect_happens_once(self):
        key = str(uuid.uuid4())
        first = post("/stock/adjust", self.FOUND, key)
        before = on_hand()
        self.assertNotIn("idempotency-replayed", first.headers)
        for form in (key, f'"{key}"', key):  # bare, and as RFC 8941 writes texts
            again = post("/stock/adjust", self.FOUND, form)
            self.assertTrue(same(first, again))
            self.assertEqual(again.headers["idempotency-replayed"], "true")
        self.assertEqual(on_hand(), before)
        post("/stock/adjust", self.FOUND, str(uuid.uuid4()))
        self.assertEqual(on_hand(), before + 1)

    def test_a_creation_answers_201_again(self):
        key = "order-201"
        first = post("/orders", {**ORDER, "number": "P-201"}, key)
        again = post("/orders", {**ORDER, "number": "P-201"}, key)
        self.assertEqual((first.status, again.status), (201, 201))
        self.assertEqual(post("/orders", {**ORDER, "number": "P-201"}).status, 200)

    def test_a_key_belongs_to_one_request(self):
        key = str(uuid.uuid4())
        post("/stock/adjust", self.FOUND, key)
        for target, body in [("/stock/adjust", {**self.FOUND, "quantity": 2}),
                             ("/items", {"sku": "OTHER", "title": "x"}),
                             ("/parked/retry", {})]:
            other = post(target, body, key)
            self.assertEqual((other.status, other.json["code"], other.json["place"]),
                             (422, "key_reused", "Idempotency-Key"))
        for bad in ("x" * 256, '""', "a b"):
            self.assertEqual(post("/stock/adjust", self.FOUND, bad).json["place"], "Idempotency-Key")

    def test_a_refusal_of_the_books_is_kept_too(self):
        key, wrong = str(uuid.uuid4()), {**self.FOUND, "sku": "LATER"}
        first = post("/stock/adjust", wrong, key)
        self.assertEqual(first.status, 422)
        post("/items", {"sku": "LATER", "title": "Later"})
        self.assertTrue(same(first, post("/stock/adjust", wrong, key)))
        self.assertEqual(post("/stock/adjust", wrong, str(uuid.uuid4())).status, 200)

    def test_after_a_kill_a_retry_gets_the_same_answer(self):
        """Killed at any moment of a hundred adjustments, each sent again until it is answered: each
        counts once."""
        before = on_hand()
        keys = [f"kill-{i}" for i in range(100)]
        answers = {}

        def send():
            for key in keys:
                while key not in answers:
                    try:
                        answer = server.ask("POST", "/api/v1/stock/adjust", json.dumps(self.FOUND),
                                            {"Idempotency-Key": key})
                    except (OSError, http.client.HTTPException):
                        time.sleep(0.02)
                        continue
                    if answer.status != 503:
                        answers[key] = answer
        sender = threading.Thread(target=send)
        sender.start()
        for _ in range(3):
            time.sleep(0.15)
            server.kill()
            server.start()
        sender.join(60)
        self.assertEqual({a.status for a in answers.values()}, {200})
        self.assertEqual(on_hand(), before + len(keys))
        server.kill()
        server.start()
        for key in keys[::10]:
            self.assertTrue(same(answers[key], post("/stock/adjust", self.FOUND, key)))
        self.assertEqual(on_hand(), before + len(keys))

    def test_old_keys_are_forgotten(self):
        key = str(uuid.uuid4())
        post("/stock/adjust", self.FOUND, key)
        with sqlite3.connect(server.path / "data/server.db", timeout=5) as db:
            db.execute("UPDATE answer SET at_ms = at_ms - 86500000 WHERE key = ?", (key,))
        before = on_hand()
        self.assertNotIn("idempotency-replayed", post("/stock/adjust", self.FOUND, key).headers)
        self.assertEqual(on_hand(), before + 1)
        with sqlite3.connect(server.path / "data/server.db", timeout=5) as db:
            db.execute("UPDATE answer SET at_ms = at_ms - 86500000")
        server.kill()
        server.start()  # the first tick sweeps

        def left():
            with sqlite3.connect(server.path / "data/server.db", timeout=5) as db:
                return db.execute("SELECT count(*) FROM answer").fetchone()[0]
        wait_for("old answers are swept", lambda: left() == 0)


    def test_keys_are_bounded(self):
        with sqlite3.connect(server.path / "data/server.db", timeout=5) as db:
            now = int(time.time() * 1000)
            db.executemany("INSERT INTO answer(key, request, told, at_ms) VALUES(?, '', x'', ?)",
                           ((f"many-{i}", now) for i in range(100_000)))
        server.kill()
        server.start()
        before = on_hand()
        full = post("/stock/adjust", self.FOUND, str(uuid.uuid4()))
        self.assertEqual((full.status, full.json["code"]), (507, "full"))
        self.assertEqual(post("/stock/adjust", self.FOUND).status, 200)
        self.assertEqual(on_hand(), before + 1)
        with sqlite3.connect(server.path / "data/server.db", timeout=5) as db:
            db.execute("DELETE FROM answer WHERE key LIKE 'many-%'")
        server.kill()
        server.start()


class OnlyWhatWasSeen(unittest.TestCase):
    def test_a_write_to_a_changed_order_is_refused(self):
        post("/orders", {**ORDER, "number": "M-1"})
        path, tag = "/orders/api%3AM-1", None
        tag = ask("GET", path).headers["etag"]
        one = {"reason": "one less", "lines": [{"line": 1, "quantity": 1}]}
        self.assertEqual(post(path + "/cancel", one, If_Match=tag).status, 200)
        late = post(path + "/cancel", one, If_Match=tag)
        self.assertEqual((late.status, late.json["code"], late.json["place"]), (412, "changed", "If-Match"))
        self.assertEqual(post(path + "/cancel", one, If_Match='"nonsense"').status, 412)
        now = ask("GET", path).headers["etag"]
        self.assertEqual(post("/orders/M-1/cancel", one, If_Match=f'"1-a", {now}').status, 200)

    def test_an_item_is_changed_only_as_it_was_seen(self):
        item = {"sku": "VASE", "title": "Vase", "barcodes": [{"code": "4000000000013", "pieces": 6, "unit": "case"}, {"code": "4000000000020"}]}
        self.assertEqual(post("/items", item, If_None_Match="*").status, 201)
        again = post("/items", {**item, "title": "Other vase"}, If_None_Match="*")
        self.assertEqual((again.status, again.json["code"]), (412, "changed"))
        shown = ask("GET", "/stock/VASE")
        self.assertEqual([(b["code"], b["unit"]) for b in shown.json["barcodes"]], [("4000000000013", "case"), ("4000000000020", None)])
        tag = shown.headers["etag"]
        post("/stock/adjust", {"sku": "VASE", "site": "leipzig", "quantity": 3, "reason": "found"})
        self.assertEqual(post("/items", {**item, "title": "Tall vase"}, If_Match=tag).status, 201, "its stock is not what is said of it")
        late = post("/items", {**item, "title": "Small vase"}, If_Match=tag)
        self.assertEqual((late.status, late.json["code"], late.json["place"]), (412, "changed", "If-Match"))
        self.assertIn("GET the item", late.json["remedy"])
        self.assertEqual(ask("GET", "/stock/VASE").json["title"], "Tall vase")

    def test_of_two_at_once_one_wins(self):
        post("/orders", {**ORDER, "number": "M-2", "lines": [{"sku": "CUP", "quantity": 9}]})
        tag = ask("GET", "/orders/M-2").headers["etag"]
        statuses = []

        def cancel():
            answer = server.ask("POST", "/api/v1/orders/M-2/cancel", json.dumps(
                {"reason": "r", "lines": [{"line": 1, "quantity": 1}]}), {"If-Match": tag})
            statuses.append(answer.status)
        threads = [threading.Thread(target=cancel) for _ in range(8)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        self.assertEqual(sorted(statuses), [200] + [412] * 7)


class Listener(threading.Thread):
    """A client of /stream as a browser's EventSource is: comes back with the last id it has."""

    def __init__(self, query, last=None):
        super().__init__(daemon=True)
        self.query, self.last, self.events, self.comments, self.ended = query, last, [], 0, False
        self.start()

    def run(self):
        while not self.ended:
            try:
                self.listen()
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)

    def listen(self):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=12)
        headers = {"Authorization": "Bearer " + server.token, "Accept": "text/event-stream"}
        if self.last is not None:
            headers["Last-Event-ID"] = self.last
        connection.request("GET", "/api/v1/stream" + self.query, headers=headers)
        answer = connection.getresponse()
        page.check("GET", "/stream" + self.query, Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, b""))
        assert answer.status == 200 and answer.headers["content-type"] == "text/event-stream", answer.status
        event = {}
        while not self.ended and (line := answer.readline().decode()):
            name, _, value = line.rstrip("\n").partition(": ")
            if line == "\n" and "id" in event:
                self.events.append((int(event["id"]), event["event"], json.loads(event["data"])))
                self.last, event = event["id"], {}
            elif name:
                event[name] = value
            else:
                self.comments += 1
        connection.close()

    def end(self):
        self.ended = True


class Stream(unittest.TestCase):
    def log(self, after=0):
        out = []
        while True:
            got = ask("GET", f"/events?limit=200&after={after}").json["items"]
            if not got:
                return out
            out += [(e["position"], e["type"]) for e in got]
            after = got[-1]["position"]

    def test_every_fact_once_also_across_kills(self):
        all_of_it = Listener("?after=0")
        cups = Listener("?after=0&types=dockline.order.received.v1,dockline.order.cancelled.v1")
        late = Listener("")  # from now on
        wait_for("the old facts come", lambda: len(all_of_it.events) >= len(self.log()))
        began = all_of_it.events[-1][0]
        for i in range(60):
            if i in (20, 40):
                server.kill()
                server.start()
            self.assertEqual(post("/orders", {**ORDER, "number": f"S-{i}"}).status, 201)
        want = self.log()
        wait_for("all facts came", lambda: len(all_of_it.events) >= len(want))
        for listener in (all_of_it, cups, late):
            listener.end()
        self.assertEqual([e[:2] for e in all_of_it.events], want)
        for position, kind, event in all_of_it.events:
            self.assertEqual((event["specversion"], event["type"]), ("1.0", kind))
        self.assertEqual([e[:2] for e in cups.events], [w for w in want if w[1].startswith("dockline.order.")
                                                        and w[1] in ("dockline.order.received.v1",
                                                                     "dockline.order.cancelled.v1")])
        self.assertTrue(late.events and all(e[0] >= began for e in late.events))

    def test_a_quiet_line_beats_and_refusals_are_problems(self):
        quiet = Listener("")
        wait_for("a heartbeat", lambda: quiet.comments > 0, 8.0)
        quiet.end()
        for target, headers in [("/stream?after=x", {}), ("/stream?x=1", {}), ("/stream", {"Last-Event-ID": "-1"})]:
            self.assertEqual(ask("GET", target, headers=headers).status, 400)
        answer = server.ask("GET", "/api/v1/stream", token="wrong")
        self.assertEqual((answer.status, answer.headers["content-type"]), (401, "application/problem+json"))

    def test_listeners_are_bounded(self):
        wait_for("those before have gone", lambda: server.ask("GET", "/metrics").body.find(
            b"dockline_stream_clients 0") >= 0)
        crowd = [Listener("") for _ in range(32)]
        wait_for("the crowd listens", lambda: server.ask("GET", "/metrics").body.find(
            b"dockline_stream_clients 32") >= 0)
        self.assertEqual(ask("GET", "/stream").json["code"], "busy")
        for listener in crowd:
            listener.end()
        wait_for("the crowd has gone", lambda: server.ask("GET", "/metrics").body.find(
            b"dockline_stream_clients 0") >= 0)


class TheOperationsLeftToThisFile(unittest.TestCase):  # after all others, by its name
    def test_each_was_seen_with_success(self):
        self.assertEqual(ELSEWHERE["promises_test"] - page.seen, set())


if __name__ == "__main__":
    unittest.main()
