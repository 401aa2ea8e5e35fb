"""An ordered purchase and its supplier's address: down first, then up, signed, and one key across kill -9."""
import hashlib
import hmac
import http.server
import json
import threading
import unittest

from openapi import Page
from served import HOOK_SECRET, Server, free_port, wait_for



class Potters:
    """The supplier's receiver; answers with `status` and remembers what came."""

    def __init__(self, port):
        self.got, self.status, self.hold = [], 200, threading.Event()
        self.hold.set()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                outer.got.append(({k.lower(): v for k, v in self.headers.items()}, body))
                status = outer.status
                outer.hold.wait(20)
                try:
                    self.send_response(status)
                    if status in (301, 302, 307):
                        self.send_header("Location", f"http://127.0.0.1:{port}/elsewhere")
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                except OSError:
                    pass  # the server was killed meanwhile

            def log_message(self, *_):
                pass

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.http.daemon_threads = True
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def close(self):
        self.hold.set()
        self.http.shutdown()
        self.http.server_close()


class Purchases(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.page = Page()
        cls.server = Server('[[supplier]]\nname = "POTTERS"\nsecret_file = "{path}/shop.secret"\n')
        cls.port = free_port()

    @classmethod
    def tearDownClass(cls):
        assert cls.server.stop() == 0

    def call(self, method, target, body=None, status=200):
        headers = {"Content-Type": "application/json"} if body is not None else {}
        answer = self.server.ask(method, "/api/v1" + target, json.dumps(body) if body is not None else None, headers)
        self.page.check(method, target, answer, body)
        self.assertEqual(answer.status, status, answer.body[:400])
        return answer.json

    def order(self, sku):
        """A purchase of this SKU at POTTERS, ordered."""
        self.call("POST", "/suppliers", {"supplier": "POTTERS", "title": "The Potters", "by": "ada",
                                         "webhook": f"http://127.0.0.1:{self.port}/orders"}, 201 if sku == "JUG" else 200)
        self.call("POST", "/items", {"sku": sku, "title": sku}, 201)
        self.call("POST", "/stock/adjust", {"sku": sku, "site": "leipzig", "quantity": -20, "reason": "gone"})
        self.call("POST", "/supplies", {"sku": sku, "supplier": "POTTERS", "supplier_sku": "P-" + sku, "by": "ada"})
        self.call("POST", "/stock/look", {"by": "ada"})

        def proposed():
            found = self.call("GET", f"/purchases?state=proposed&sku={sku}")["items"]
            return found and found[0]["purchase"]
        purchase = wait_for("it is proposed", proposed)
        self.assertIsNone(self.call("GET", f"/purchases/{purchase}")["sending"])
        self.call("POST", f"/purchases/{purchase}/decide", {"action": "sent", "by": "ada"})
        return purchase

    def sending(self, purchase):
        return self.call("GET", f"/purchases/{purchase}")["sending"]

    def reaches(self, purchase, state):
        wait_for(f"{purchase} is {state}", lambda: self.sending(purchase)["state"] == state)

    def check_signed(self, purchase, headers, body):
        want = "sha256=" + hmac.new(HOOK_SECRET.encode(), body, hashlib.sha256).hexdigest()
        self.assertEqual(headers["x-dockline-signature"], want)
        self.assertEqual(headers["idempotency-key"], purchase)
        self.assertEqual(json.loads(body)["purchase"]["number"], purchase)

    def test_1_a_receiver_that_is_down_gets_it_when_it_is_up(self):
        purchase = self.order("JUG")
        wait_for("it was tried", lambda: self.sending(purchase)["waits"]["attempts"] >= 2)
        self.assertEqual(self.sending(purchase)["state"], "waiting")
        self.assertTrue(self.sending(purchase)["why"])
        potters = Potters(self.port)
        try:
            self.reaches(purchase, "taken")
            self.assertEqual(len(potters.got), 1)
            headers, body = potters.got[0]
            self.check_signed(purchase, headers, body)
            line = json.loads(body)["purchase"]["lines"][0]
            self.assertEqual((line["sku"], line["supplier_sku"], line["quantity"]), ("JUG", "P-JUG", 20))
        finally:
            potters.close()

    def test_2_a_server_killed_between_asks_again_under_the_same_key(self):
        potters = Potters(self.port)
        potters.hold.clear()  # it has the order, and its answer does not come
        try:
            purchase = self.order("POT")
            wait_for("it came", lambda: potters.got)
            self.server.kill()
            potters.hold.set()
            self.server.start()
            self.reaches(purchase, "taken")
            self.assertGreaterEqual(len(potters.got), 2)
            for headers, body in potters.got:
                self.check_signed(purchase, headers, body)
                self.assertEqual(body, potters.got[0][1])
        finally:
            potters.close()

    def test_3_a_refusal_and_a_redirect_go_to_a_person_who_sends_again(self):
        potters = Potters(self.port)
        potters.status = 307
        try:
            purchase = self.order("URN")
            self.reaches(purchase, "refused")
            self.assertEqual(len(potters.got), 1, "it was followed")
            found = [e for e in self.call("GET", "/exceptions")["items"] if e["kind"] == "purchase_unsent"]
            self.assertEqual([e["subject"] for e in found], [purchase])
            self.assertEqual(found[0]["actions"], ["send_again", "sent_otherwise"])
            potters.status = 200
            self.call("POST", f"/exceptions/{found[0]['id']}/resolve", {"action": "send_again", "by": "ada"})
            self.reaches(purchase, "taken")
        finally:
            potters.close()

    def test_4_an_address_that_could_be_read_on_the_way_is_refused(self):
        self.call("POST", "/suppliers", {"supplier": "X", "title": "X", "by": "ada", "webhook": "http://potters.example"}, 422)


if __name__ == "__main__":
    unittest.main()
