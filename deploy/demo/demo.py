#!/usr/bin/env python3
"""The demo: a whole Dockline on loopback. deploy/demo.sh builds first and calls this.

demo.py [--check] [--storefront vendure] [--data DIR]
"""
import argparse
import json
import os
import pathlib
import shutil
import signal
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import check  # noqa: E402
from far_end import Shop  # noqa: E402
from fleet import ROOT, Failed, Fleet, free_port  # noqa: E402
from storefront import Vendure  # noqa: E402

PORTS = {"http": 8480, "broker": 18830, "panel": 8490}


def say(text):
    print(text, flush=True)


def write_secret(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as out:
        out.write(text + "\n")


def secret_of(path):
    """The same secret at every start with the same data."""
    if not path.exists():
        write_secret(path, os.urandom(24).hex())
    return path.read_text().strip()


class Demo:
    def __init__(self, folder, storefront, ports):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.vendure = None
        self.shop_port = free_port(8600 if ports else 0)
        self.shop_secret = secret_of(self.folder / "secrets" / "shop")
        channels = f"""
[[channel]]
name = "shop"
kind = "webhook"
url = "http://127.0.0.1:{self.shop_port}/dockline"
secret_file = "secrets/shop"
"""
        if storefront == "vendure":
            say("demo: starting a real Vendure with its own PostgreSQL (the first time takes about a minute)")
            self.vendure = Vendure(self.folder / "vendure", free_port(3000 if ports else 0))
            self.vendure.start(check.catalogue())
            write_secret(self.folder / "secrets" / "vendure", self.vendure.store["channel"]["password"])
            channels += self.vendure.channel_config("secrets/vendure")
        self.fleet = Fleet(self.folder, ROOT / "build" / "release", ports, channels)
        self.shop = None
        self.started = {}

    def start(self):
        self.shop = Shop(self.shop_port, self.shop_secret, self.fleet.url(), "shop")
        self.started["server_ms"] = round(self.fleet.start_server() * 1000)
        fresh = not self.fleet.api.get("/stock?limit=1")["items"]
        for station in self.fleet.stations:
            station.start_rig()
            self.started[f"agent_{station.site}_ms"] = round(station.start_agent() * 1000)
        return fresh

    def seed(self):
        here = pathlib.Path(__file__).parent
        self.fleet.dockline("stock", "import", str(here / "stock.csv"))

    def stop(self):
        self.fleet.stop()
        if self.shop:
            self.shop.close()
        if self.vendure:
            self.vendure.stop()


def serve(demo):
    fresh = demo.start()
    if fresh:
        demo.seed()
        demo.fleet.dockline("orders", "import",
                            str(pathlib.Path(__file__).parent / "orders.csv"))
    token = (demo.folder / "server" / "token").read_text().strip()
    say("")
    say("Dockline runs" + ("" if fresh else ", with the data of last time") + ":")
    say(f"  console          {demo.fleet.url()}/#token={token}")
    for station in demo.fleet.stations:
        say(f"  {station.title + ', ' + station.site:<16} {station.url()}   (the packer's screen)")
        say(f"  {'':<16} {station.rig_url()}   (bench panel: click barcodes, see the label)")
    if demo.vendure:
        say(f"  Vendure          {demo.vendure.base}/shop-api  (user {demo.vendure.store['user']})")
    say("  command line     "
        f"export DOCKLINE_URL={demo.fleet.url()} DOCKLINE_TOKEN_FILE={demo.folder}/server/token")
    say(f"                   {ROOT / 'build/release/bin/dockline'} orders list")
    say(f"  data             {demo.folder}")
    say("Ctrl-C stops all of it.")
    stopping = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.append(1))
    while not stopping:
        time.sleep(0.2)
        for process in demo.fleet.processes:
            if not process.alive():
                raise Failed(f"{process.name} ended by itself:\n{process.tail()}")
    say("\ndemo: stopping")


def main():
    parser = argparse.ArgumentParser(prog="deploy/demo.sh", description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true",
                        help="drive the whole path unattended on data of its own; exit 0 only if "
                             "each step was seen at the far end")
    parser.add_argument("--storefront", choices=["vendure"], help="sell through a real shop")
    parser.add_argument("--data", help="where the demo keeps its data")
    args = parser.parse_args()
    state = os.environ.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state")
    scratch = None
    if args.check and not args.data:
        scratch = tempfile.mkdtemp(prefix="dockline-check-")
        os.chmod(scratch, 0o755)  # PostgreSQL's own account must reach its folder
    folder = args.data or scratch or os.path.join(state, "dockline-demo")
    demo, code = None, 1
    try:
        demo = Demo(folder, args.storefront, None if args.check else PORTS)
        if args.check:
            print(json.dumps(check.run(demo, say)), flush=True)
        else:
            serve(demo)
        code = 0
    except (Failed, TimeoutError) as error:
        print(f"demo: {error}", file=sys.stderr)
        print(f"demo: logs are in {folder}", file=sys.stderr)
        if args.check:
            print(json.dumps({"ok": False, "error": str(error)[:500]}), flush=True)
    except KeyboardInterrupt:
        code = 130
    finally:
        if demo:
            demo.stop()
        if scratch and code == 0:
            shutil.rmtree(scratch, ignore_errors=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
