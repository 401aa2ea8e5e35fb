"""A shop system at the other end of the webhook channel: signs orders in, checks what comes out."""
import hashlib
import hmac
import http.server
import json
import threading
import urllib.request

from fleet import now_ms


class Shop:
    """Listens on a port of its own; keeps every stock figure and fulfilment it was told."""

    def __init__(self, port, secret, server_url, channel):
        self.secret, self.server_url, self.channel = secret.encode(), server_url, channel
        self.deliveries, self.bad = [], 0
        shop = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                good = shop.signature_fits(self.headers, body)
                if good:
                    shop.deliveries.append({"at_ms": now_ms(), "body": json.loads(body),
                                            "delivery": self.headers.get("x-dockline-delivery")})
                else:
                    shop.bad += 1
                self.send_response(200 if good else 401)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *args):
                pass

        class Quiet(http.server.ThreadingHTTPServer):
            def handle_error(self, request, client_address):
                """The server under test was killed in the middle of a request: that is the test."""

        self.http = Quiet(("127.0.0.1", port), Handler)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def signature_fits(self, headers, body):
        wanted = "sha256=" + hmac.new(self.secret, body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(wanted, headers.get("x-dockline-signature", ""))

    def place_order(self, order):
        body = json.dumps({"type": "order.placed", "order": order}).encode()
        signature = hmac.new(self.secret, body, hashlib.sha256).hexdigest()
        request = urllib.request.Request(
            f"{self.server_url}/api/v1/hooks/{self.channel}", data=body,
            headers={"content-type": "application/json",
                     "x-dockline-signature": "sha256=" + signature})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read() or b"{}")

    def close(self):
        self.http.shutdown()
