"""Paid orders and stock updates per second of the real Vendure and Medusa, and of Dockline, in one run.

What is compared: at the shops one paid order is their whole checkout (cart, address, shipping,
payment with a test provider), which Dockline does not have; at Dockline it is an order taken in,
routed, reserved and durable, over HTTP. A stock update is one level set through the administrator's
interface against one correction booked. Same machine, same disk, one after the other.
"""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import threading
import time

from last_unit import Buyer
from rig import ROOT, SITE, Server, free_port, note

STORES = ROOT / "deploy" / "storefronts"
CLIENTS = {"orders": 4, "stock": 8}


class Store:
    """A shop with its PostgreSQL, below a folder that the database's account can reach."""

    def __init__(self, kind):
        self.kind, self.scripts = kind, STORES / kind
        self.data = pathlib.Path(tempfile.mkdtemp(prefix=f"dockline-{kind}-", dir="/var/tmp"))
        self.data.chmod(0o755)
        env = {**os.environ, "STORE_SKUS": "MUG-RED,MUG-BLUE,TEE-L,CAP", "STORE_STOCK": "100000"}
        done = subprocess.run([self.scripts / "start.sh", str(free_port()), self.data], env=env,
                              text=True, capture_output=True, check=False, timeout=900)
        if done.returncode != 0:
            self.stop()
            raise RuntimeError(f"{kind} cannot be started: {done.stderr[-1500:]}")

    def node(self, script, *args, env=None):
        done = subprocess.run(["node", script, *[str(a) for a in args]], text=True, check=False,
                              capture_output=True, timeout=600, env={**os.environ, **(env or {})})
        if done.returncode != 0:
            raise RuntimeError(f"{self.kind}: {done.stderr[-1500:]}")
        return done.stdout.splitlines()

    def sku(self):
        stock = json.loads("\n".join(self.node(self.scripts / "read-state.mjs", self.data)))["stock"]
        return sorted(stock)[0]

    def orders_per_s(self, count):
        sku = self.sku()
        place = self.scripts / "place-order.mjs"
        env = {"CONCURRENCY": str(CLIENTS["orders"])}
        self.node(place, self.data, 2, sku, env=env)  # warm
        began = time.monotonic()
        lines = self.node(place, self.data, count, sku, env=env)
        return len(lines) / (time.monotonic() - began)

    def stock_per_s(self, count):
        out = json.loads(self.node(ROOT / "tests" / "bench" / "store_stock.mjs", self.kind,
                                   self.scripts, self.data, count, CLIENTS["stock"])[-1])
        return out["updates"] / out["seconds"]

    def stop(self):
        subprocess.run([self.scripts / "stop.sh", self.data], check=False, capture_output=True)
        shutil.rmtree(self.data, ignore_errors=True)


def ours(bench, kind, count):
    """Requests per second at dockline-server, by as many kept connections."""
    with bench.scratch() as folder, Server(bench, folder, 1) as server:
        token = server.api.token_file.read_text().strip()
        first = Buyer(server.http, token)
        first.ask("items", {"sku": "MUG", "title": "Mug"})
        stock = {"sku": "MUG", "site": SITE, "quantity": 1_000_000, "reason": "receipt"}
        if first.ask("stock/adjust", stock) >= 300:
            raise RuntimeError("dockline-server took no stock")
        wrong = []

        def work(own):
            buyer = Buyer(server.http, token)
            for n in range(own, count, CLIENTS[kind]):
                status = buyer.ask(*(
                    ("orders", {"number": str(n), "ship_to": {"name": "Ada"},
                                "lines": [{"sku": "MUG", "quantity": 1}]}) if kind == "orders" else
                    ("stock/adjust", {**stock, "quantity": 1})))
                if status >= 300:
                    wrong.append(status)

        began = time.monotonic()
        threads = [threading.Thread(target=work, args=(i,)) for i in range(CLIENTS[kind])]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = time.monotonic() - began
    if wrong:
        raise RuntimeError(f"dockline-server answered {wrong[0]} {len(wrong)} times")
    return count / took


def measure(bench, say):
    mine = {kind: ours(bench, kind, 40 if bench.short else 4_000) for kind in CLIENTS}
    for kind, unit in (("orders", "paid orders/s"), ("stock", "stock updates/s")):
        say("orders", f"dockline_{kind}", mine[kind], f"{unit}, {CLIENTS[kind]} clients")
    if bench.short:
        return  # a shop takes minutes: CI starts one elsewhere
    for name in ("vendure", "medusa"):
        try:
            store = Store(name)
        except (RuntimeError, subprocess.TimeoutExpired) as error:
            note(f"orders: {name} was not measured: {error}")
            continue
        try:
            for kind, per_s, unit in (("orders", store.orders_per_s(40), "paid orders/s"),
                                      ("stock", store.stock_per_s(300), "stock updates/s")):
                say("orders", f"{name}_{kind}", per_s, f"{unit}, {CLIENTS[kind]} clients",
                    limit=mine[kind], limit_what=f"Dockline over HTTP, {CLIENTS[kind]} clients")
        finally:
            store.stop()
