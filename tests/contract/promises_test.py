"""What the API promises beside single answers, on a real server that is killed meanwhile: a stream
of facts without loss or doubles."""
import http.client
import json
import threading
import time
import unittest

from openapi import Page
from served import Server, wait_for

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


def post(target, body):
    return ask("POST", target, body)


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


if __name__ == "__main__":
    unittest.main()
