#!/usr/bin/env python3
"""Bench event to channel request: real programs, real broker, a shop that notes when it is asked.

path.py BUILD_DIR [ORDERS [EVENTS_PER_S]]: packs ORDERS one-piece orders by scans at one station,
while light stations of another site send EVENTS_PER_S. Value: from the wall clock of the pack.closed
fact (the label scan) to the arrival of the fulfilment at the shop. Limit: tests/bench/path_limit over
the same broker and shop in the same run, before the load begins. One JSON line.
"""
import contextlib
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "deploy" / "demo"))
from far_end import Shop  # noqa: E402
from fleet import STATIONS, Fleet, free_port, wait_for  # noqa: E402
from packer import Packer  # noqa: E402
import check  # noqa: E402
import demo as demo_parts  # noqa: E402


def percentile(values, p):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * p // 100)]


def limit(build, fleet, shop, folder, count):
    secret = fleet.folder / "server" / "broker" / "credentials" / "dockline-server"
    argv = [build / "bin" / "path_limit", f"tcp://127.0.0.1:{fleet.ports['broker']}",
            "dockline-server", secret, "dockline/v1/bench/limit/raw",
            f"http://127.0.0.1:{shop.http.server_port}/raw", folder, count]
    out = subprocess.run([str(a) for a in argv], capture_output=True, text=True, check=True,
                         timeout=120).stdout
    return json.loads(out)


def pack_all(fleet, shop, packer, orders, sku, barcode):
    for n in range(orders):
        number = f"P-{n + 1}"
        shop.place_order({"number": number, "currency": "EUR", "ship_to": {"name": "Bench"},
                          "lines": [{"sku": sku, "quantity": 1}]})
        detail = wait_for(f"{number} released", lambda number=number: (
            lambda d: d if d.get("tracking") else None)(fleet.api.get(f"/orders/shop:{number}")))
        packer.see_order(number)
        packer.pack(number, [barcode])
        packer.close(detail["tracking"])
        wait_for(f"fulfilment of {number}",
                 lambda t=detail["tracking"]: any(t in str(d["body"]) for d in shop.deliveries))


LIGHT = [("venlo", f"b-{n}", f"Light {n}") for n in range(8)]


@contextlib.contextmanager
def load(build, fleet, events_per_s):
    if events_per_s == 0:
        yield
        return
    argv = [build / "bin" / "light_fleet", "--broker", f"127.0.0.1:{fleet.ports['broker']}",
            "--credentials", fleet.folder / "server" / "broker" / "credentials", "--site", "venlo",
            "--live", len(LIGHT), "--rate", events_per_s / len(LIGHT), "--seconds", 600]
    program = subprocess.Popen([str(a) for a in argv], stdout=subprocess.PIPE, text=True)
    try:
        program.stdout.readline()  # all are connected
        yield
        if program.poll() is not None:
            raise RuntimeError("the light stations ended early")
    finally:
        program.kill()
        program.wait()


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    orders = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    events_per_s = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    with tempfile.TemporaryDirectory(prefix="dockline-path-") as folder:
        folder = pathlib.Path(folder)
        port, secret = free_port(), demo_parts.secret_of(folder / "secrets" / "shop")
        channel = (f'[[channel]]\nname = "shop"\nkind = "webhook"\n'
                   f'url = "http://127.0.0.1:{port}/dockline"\nsecret_file = "secrets/shop"\n')
        fleet = Fleet(folder, build, channels=channel, stations=STATIONS + LIGHT)
        shop = Shop(port, secret, fleet.url(), "shop")
        try:
            fleet.start_server()
            station = fleet.stations[0]
            station.start_rig()
            station.start_agent()
            sku, barcode = next(iter(check.catalogue().items()))
            stock = folder / "stock.csv"
            stock.write_text("sku,title,barcode,site,quantity,bin\n"
                             f"{sku},Bench item,{barcode},leipzig,{orders},A-01-1\n")
            fleet.dockline("stock", "import", str(stock))
            before = limit(build, fleet, shop, folder, 200)
            shop.deliveries.clear()
            with load(build, fleet, events_per_s):
                pack_all(fleet, shop, Packer(station), orders, sku, barcode)
            took = []
            for event in fleet.api.all("/events?type=dockline.pack.closed.v1"):
                tracking = event["data"]["label"]["tracking"]
                arrived = [d["at_ms"] for d in shop.deliveries if tracking in str(d["body"])]
                took.append(min(arrived) - event["time_ms"])
            value = {p: percentile(took, p) for p in (50, 99)}
            print(json.dumps({
                "bench": "path", "orders": len(took), "value_p50_ms": value[50],
                "value_p99_ms": value[99], "limit_p50_ms": round(before["p50_us"] / 1000, 2),
                "limit_p99_ms": round(before["p99_us"] / 1000, 2),
                "ratio_p50": round(value[50] * 1000 / before["p50_us"], 1),
                "ratio_p99": round(value[99] * 1000 / before["p99_us"], 1)}))
        finally:
            fleet.stop()
            shop.close()


if __name__ == "__main__":
    main()
