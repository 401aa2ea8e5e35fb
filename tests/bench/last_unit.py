"""64 buyers at once for the last unit of an article, over HTTP against the real dockline-server.

Each round has an article of its own with one piece. 64 connections send their order within a
millisecond; afterwards the books must show one piece sold and 63 backordered. All connections are
opened beforehand and kept, so that nothing but the orders is between the buyers.
"""
import json
import selectors
import socket
import sqlite3
import time

BUYERS = 64
ANSWER_S = 30


class Buyer:
    """One kept connection; requests and answers as bytes."""

    def __init__(self, port, token):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=ANSWER_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.head = (f"POST /api/v1/{{path}} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
                     f"Authorization: Bearer {token}\r\nContent-Type: application/json\r\n")
        self.seen = b""

    def request(self, path, body):
        text = json.dumps(body).encode()
        return (self.head.replace("{path}", path) +
                f"Content-Length: {len(text)}\r\n\r\n").encode() + text

    def send(self, request):
        self.seen = b""
        self.socket.sendall(request)

    def read(self):
        """The status when the whole answer is there, else None."""
        more = self.socket.recv(65536)
        if not more:
            raise RuntimeError("the server closed a connection")
        self.seen += more
        head, end, body = self.seen.partition(b"\r\n\r\n")
        if not end:
            return None
        for line in head.split(b"\r\n"):
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length" and len(body) >= int(value):
                return int(head.split(b" ", 2)[1])
        return None

    def ask(self, path, body):
        self.send(self.request(path, body))
        while (status := self.read()) is None:
            pass
        return status


def answers(buyers):
    """The status of each buyer's request, when all are there."""
    out = {}
    with selectors.DefaultSelector() as ready:
        for buyer in buyers:
            ready.register(buyer.socket, selectors.EVENT_READ, buyer)
        until = time.monotonic() + ANSWER_S
        while len(out) < len(buyers):
            if time.monotonic() > until:
                raise RuntimeError(f"{len(buyers) - len(out)} orders were not answered")
            for key, _ in ready.select(1):
                status = key.data.read()
                if status is not None:
                    out[key.data] = status
                    ready.unregister(key.fileobj)
    return list(out.values())


def judge(path, rounds):
    """Rounds in which anything but one piece was sold, by the books in the file."""
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    wrong, seen = [], 0
    for sku, orders, sold, waits, reserved in db.execute(
            "SELECT l.sku, count(*), sum(allocated + released), sum(backordered), "
            "(SELECT coalesce(sum(quantity), 0) FROM p_reservation r WHERE r.sku = l.sku) "
            "FROM p_line l WHERE l.sku LIKE 'LAST-%' GROUP BY l.sku"):
        seen += 1
        if (orders, sold, waits, reserved) != (BUYERS, 1, BUYERS - 1, 1):
            wrong.append(f"{sku}: {orders} orders, {sold} sold, {waits} wait, {reserved} reserved")
    db.close()
    if seen != rounds:
        wrong.append(f"{seen} of {rounds} articles have orders")
    return wrong


def run(server, site, rounds):
    """(failures in words, orders per second, the slowest round in ms)."""
    token = server.api.token_file.read_text().strip()
    buyers = [Buyer(server.http, token) for _ in range(BUYERS)]
    took, failed = [], []
    for n in range(rounds):
        sku = f"LAST-{n}"
        made = (buyers[0].ask("items", {"sku": sku, "title": "The last one"}),
                buyers[1].ask("stock/adjust",
                              {"sku": sku, "site": site, "quantity": 1, "reason": "receipt"}))
        if any(status >= 300 for status in made):
            raise RuntimeError(f"{sku} cannot be put on stock: {made}")
        requests = [buyer.request("orders", {"number": f"{n}-{i}", "ship_to": {"name": "Ada"},
                                             "lines": [{"sku": sku, "quantity": 1}]})
                    for i, buyer in enumerate(buyers)]
        began = time.monotonic()
        for buyer, request in zip(buyers, requests):
            buyer.send(request)
        statuses = answers(buyers)
        took.append(time.monotonic() - began)
        if statuses.count(201) != BUYERS:
            failed.append(f"{sku}: answered with {sorted(set(statuses))}")
    for buyer in buyers:
        buyer.socket.close()
    failed += judge(server.folder / "server" / "server.db", rounds)
    return failed, rounds * BUYERS / sum(took), max(took) * 1000
