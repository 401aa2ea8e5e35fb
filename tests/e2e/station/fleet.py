#!/usr/bin/env python3
"""A real server, one real station and its rig for a browser test (deploy/demo/fleet.py does it).

fleet.py FOLDER BUILD: prints one JSON line {"url","panel","rig"}, then answers each JSON line of
stdin with one JSON line. Ends, with everything it started, at the end of stdin.
"""
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "deploy" / "demo"))
from check import Broker  # noqa: E402
from fleet import STATIONS, Fleet, wait_for  # noqa: E402


def answer(fleet, broker, ask):
    do = ask["do"]
    if do == "order":
        made = fleet.api.post("/orders", ask["order"])
        path = "/orders/" + made["id"]
        return wait_for(f"order {made['id']} released", lambda: (
            lambda d: d if d.get("station") and d.get("tracking") else None)(fleet.api.get(path)), 30)
    if do == "get":
        return fleet.api.get(ask["path"])
    if do == "post":
        return fleet.api.post(ask["path"], ask["body"])
    if do == "cancel":
        return fleet.api.post(f"/orders/{ask['order']}/cancel", {"reason": "customer"})
    if do == "broker":
        broker.let_start() if ask["up"] else broker.stop()
        return {}
    station = fleet.stations[0]
    if do == "kill-agent":
        station.agent.kill()
        return {}
    if do == "start-agent":
        station.agent.start()
        station.wait_agent()
        return {}
    if do == "rig":
        return station.rig_post(ask["path"], ask["body"])
    if do == "labels":
        return station.rig_get("/labels")["labels"]
    raise ValueError(f"unknown: {do}")


def main():
    fleet = Fleet(sys.argv[1], sys.argv[2], stations=STATIONS[:1])
    try:
        fleet.start_server()
        station = fleet.stations[0]
        station.start_rig()
        station.start_agent()
        fleet.dockline("stock", "import", str(ROOT / "deploy" / "demo" / "stock.csv"))
        broker = Broker(fleet)
        print(json.dumps({"url": fleet.url(), "panel": station.url(), "rig": station.rig_url()}),
              flush=True)
        for line in sys.stdin:
            print(json.dumps(answer(fleet, broker, json.loads(line))), flush=True)
    finally:
        fleet.stop()


if __name__ == "__main__":
    main()
