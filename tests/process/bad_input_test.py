#!/usr/bin/env python3
"""Bad input to the real programs: a clear message with place and remedy, nothing lost, no crash.

bad_input_test.py --build DIR. Everything on loopback in a folder of its own. The full disk is a
small tmpfs and needs root (CI is root); without root those two tests say that they were skipped.
"""
import argparse
import contextlib
import os
import pathlib
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "deploy" / "demo"))
from far_end import Shop  # noqa: E402
from fleet import Fleet, free_port, wait_for  # noqa: E402
from packer import Packer  # noqa: E402

BUILD = ROOT / "build" / "release"
ITEM, CODE = "22633", "2000471100009"
IS_ROOT = os.geteuid() == 0


def fill(path):
    """Writes until the disk is full."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT)
    try:
        while os.write(handle, b"x" * 4096) > 0:
            pass
    except OSError:
        os.close(handle)


def listener(port):
    """Somebody else on this port, whatever connections it had a moment ago."""
    taken = socket.socket()
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    taken.bind(("127.0.0.1", port))
    taken.listen()
    return taken


class Small(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="dockline-bad-"))
        self.fleet, self.shop, self.mounts = None, None, []

    def tearDown(self):
        if self.fleet:
            self.fleet.stop()
        if self.shop:
            self.shop.close()
        for place in self.mounts:
            subprocess.run(["umount", "-l", str(place)], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def make(self, channels=""):
        self.fleet = Fleet(self.folder, BUILD, channels=channels)
        return self.fleet

    def small_disk(self, place, size):
        place.mkdir(parents=True, exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)],
                       check=True)
        self.mounts.append(place)

    def run_to_end(self, program, config, *flags):
        return subprocess.run([str(BUILD / "bin" / program), "--config", str(config), *flags],
                              capture_output=True, text=True, timeout=30, check=False)

    def running_with_stock(self, pieces=20):
        fleet = self.make()
        fleet.start_server()
        station = fleet.stations[0]
        stock = self.folder / "stock.csv"
        stock.write_text("sku,title,barcode,site,quantity,bin\n"
                         f"{ITEM},Hand warmer,{CODE},leipzig,{pieces},A-01-1\n")
        fleet.dockline("stock", "import", str(stock))
        return fleet, station

    def order(self, number, pieces=1):
        self.fleet.api.post("/orders", {"number": number, "ship_to": {"name": "A"},
                                        "lines": [{"sku": ITEM, "quantity": pieces}]})
        return wait_for(f"{number} released", lambda: (
            lambda d: d if d.get("tracking") else None)(self.fleet.api.get(f"/orders/api:{number}")))


class Start(Small):
    """Programs that cannot start say why, where, and what to do; exit code not 0."""

    def both_configs(self):
        fleet = self.make()
        secrets = self.folder / "server" / "broker" / "credentials"
        secrets.mkdir(parents=True)
        (secrets / "leipzig.bench-4").write_text("a-secret-password\n")
        return {"dockline-server": fleet.write_server_config(),
                "dockline-agent": fleet.stations[0].write_config()}

    def test_a_typo_is_named_with_file_line_and_remedy(self):
        for program, path in self.both_configs().items():
            text = path.read_text().replace("data_dir", "data_dri", 1)
            path.write_text(text)
            line = text[:text.index("data_dri")].count("\n") + 1
            done = self.run_to_end(program, path)
            self.assertEqual(done.returncode, 78, done.stderr)
            self.assertIn(f"{path}:{line}:", done.stderr)
            self.assertIn("Did you mean data_dir?", done.stderr)

    def test_a_taken_port_is_named_with_its_key(self):
        configs = self.both_configs()
        with listener(self.fleet.ports["http"]), listener(self.fleet.stations[0].panel_port):
            for program, key in (("dockline-server", "http_listen"),
                                 ("dockline-agent", "panel_listen")):
                done = self.run_to_end(program, configs[program])
                self.assertNotEqual(done.returncode, 0)
                self.assertIn(key, done.stderr)
                self.assertIn("127.0.0.1:", done.stderr)

    def test_a_taken_broker_port_is_named_with_its_key(self):
        config = self.both_configs()["dockline-server"]
        with listener(self.fleet.ports["broker"]):
            done = self.run_to_end("dockline-server", config)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("broker.listen", done.stderr)

    def databases(self):
        fleet, station = self.running_with_stock()
        station.start_rig()
        station.start_agent()
        fleet.stop()
        return {"dockline-server": (self.folder / "server.toml", self.folder / "server" / "server.db"),
                "dockline-agent": (station.folder / "agent.toml",
                                   station.folder / "data" / "agent.db")}

    def test_a_damaged_or_newer_database_is_refused_and_left_as_it_is(self):
        for program, (config, db) in self.databases().items():
            good = db.read_bytes()
            with contextlib.closing(sqlite3.connect(db)) as c:
                c.execute("PRAGMA user_version=99")
            done = self.run_to_end(program, config)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn(str(db), done.stderr)
            self.assertIn("newer", done.stderr)
            damaged = good[:8192] + os.urandom(8192) + good[16384:]
            for beside in ("-wal", "-shm"):
                pathlib.Path(str(db) + beside).unlink(missing_ok=True)
            db.write_bytes(damaged)
            done = self.run_to_end(program, config)
            self.assertNotEqual(done.returncode, 0, program)
            self.assertIn(str(db), done.stderr)
            self.assertIn("backup", done.stderr)
            self.assertEqual(db.read_bytes(), damaged, "the damaged file is for the support")


class Running(Small):
    def test_garbage_and_oversized_scans_are_refused_and_the_next_scan_counts(self):
        _, station = self.running_with_stock()
        station.start_rig()
        station.start_agent()
        self.order("W-1", 2)
        packer = Packer(station)
        packer.see_order("W-1")
        packer.scan("W-1")
        station.rig_post("/scan", {"hex": os.urandom(300).replace(b"\r", b"x").hex()})
        station.rig_post("/scan", {"text": "9" * 20000})
        station.rig_post("/scan", {"text": "Lamp ^XZ ~JA"})
        state = packer.page.wait("the last of them refused",
                                 lambda s: "^XZ" in str(s["banner"]["p"]))
        self.assertEqual(state["banner"]["tone"], "stop")
        state = packer.scan(CODE)
        self.assertEqual(state["banner"]["id"], "item-accepted")
        self.assertEqual(state["order"]["pieces_done"], 1)
        self.assertTrue(station.agent.alive())

    def test_secrets_are_in_no_log_and_in_no_process_argument(self):
        port = free_port()
        (self.folder / "secrets").mkdir()
        (self.folder / "secrets" / "shop").write_text("shop-signing-key-4711\n")
        self.make(f'[[channel]]\nname = "shop"\nkind = "webhook"\n'
                  f'url = "http://127.0.0.1:{port}/x"\nsecret_file = "secrets/shop"\n')
        self.shop = Shop(port, "shop-signing-key-4711", self.fleet.url(), "shop")
        self.fleet.start_server()
        station = self.fleet.stations[0]
        station.start_rig()
        station.start_agent()
        time.sleep(1)
        credentials = self.folder / "server" / "broker" / "credentials"
        secrets = ["shop-signing-key-4711", (self.folder / "server" / "token").read_text().strip()]
        secrets += [p.read_text().strip() for p in credentials.iterdir()]
        self.assertGreaterEqual(len(secrets), 4)
        logs = [*self.folder.glob("*.log"), self.folder / "server" / "broker" / "log"]
        seen = "".join(p.read_text(errors="replace") for p in logs)
        for entry in pathlib.Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    seen += (entry / "cmdline").read_text() + (entry / "environ").read_text()
                except (OSError, UnicodeDecodeError):
                    continue
        for secret in secrets:
            self.assertNotIn(secret, seen)
        for path in credentials.iterdir():
            self.assertEqual(path.stat().st_mode & 0o077, 0, f"{path} is readable by others")

    def test_nothing_listens_beyond_this_computer(self):
        fleet, station = self.running_with_stock()
        station.start_rig()
        station.start_agent()
        pids = {str(p.proc.pid) for p in (fleet.server, station.agent)}
        for pid in list(pids):
            for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
                pids.update((task / "children").read_text().split())
        sockets = set()
        for pid in pids:
            for fd in pathlib.Path(f"/proc/{pid}/fd").iterdir():
                link = os.readlink(fd)
                if link.startswith("socket:["):
                    sockets.add(link[8:-1])
        listening = []
        for table in ("/proc/net/tcp", "/proc/net/tcp6"):
            for row in pathlib.Path(table).read_text().splitlines()[1:]:
                fields = row.split()
                if fields[3] == "0A" and fields[9] in sockets:
                    listening.append(fields[1].split(":")[0])
        self.assertEqual(len(listening), 3, "API, broker, station page")
        self.assertEqual(set(listening), {"0100007F"})

    @unittest.skipUnless(IS_ROOT, "mounting a small disk needs root")
    def test_a_full_disk_of_a_station_refuses_scans_and_works_again_when_there_is_room(self):
        _, station = self.running_with_stock()
        self.small_disk(station.folder / "data", "4m")
        station.start_rig()
        station.start_agent()
        self.order("W-1", 3)
        packer = Packer(station)
        packer.see_order("W-1")
        packer.scan("W-1")
        self.assertEqual(packer.scan(CODE)["order"]["pieces_done"], 1)
        ballast = station.folder / "data" / "ballast"
        fill(ballast)
        # The WAL's own pages may still take a scan or two; scans beyond the order are refused too.
        def full():
            station.rig_post("/scan", {"text": CODE})
            return packer.banner_is("store-full")
        wait_for("the full disk is on the screen", full, 60, 0.6)
        self.assertTrue(station.agent.alive())
        counted = packer.page.state["order"] and packer.page.state["order"]["pieces_done"]
        ballast.unlink()
        packer.page.wait("it goes on by itself", lambda s: s["banner"]["id"] != "store-full", 20)
        state = packer.page.state
        if counted:
            self.assertEqual(state["order"]["pieces_done"], counted, "refused means not counted")
        self.assertIn("database or disk is full", station.agent.tail(50))

    @unittest.skipUnless(IS_ROOT, "mounting a small disk needs root")
    def test_a_full_disk_of_the_server_refuses_orders_and_works_again_when_there_is_room(self):
        self.make()
        self.small_disk(self.folder / "server", "24m")
        self.fleet.start_server()
        ballast = self.folder / "server" / "ballast"
        fill(ballast)
        taken, refused = [], None
        for n in range(3000):
            try:
                self.fleet.api.post("/orders", {"number": f"W-{n}", "ship_to": {"name": "A"},
                                                "lines": [{"sku": ITEM, "quantity": 1}]})
                taken.append(n)
            except OSError as error:  # HTTPError is one
                refused = error
                break
        self.assertIsNotNone(refused, "the disk never filled")
        self.assertIn(refused.code, (503, 507), refused)
        self.assertTrue(self.fleet.server.alive(), self.fleet.server.tail())
        ballast.unlink()

        def works_again():
            return self.fleet.api.post("/orders", {"number": "W-after", "ship_to": {"name": "A"},
                                                   "lines": [{"sku": ITEM, "quantity": 1}]})
        wait_for("orders are taken again", works_again, 20, 0.5)
        known = {o["number"] for o in self.fleet.api.all("/orders")}
        self.assertTrue({f"W-{n}" for n in taken} <= known, "an answered order is missing")
        self.assertEqual(self.fleet.dockline("replay", "--verify", check=False).returncode, 0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--build")
    args, rest = parser.parse_known_args()
    if args.build:
        BUILD = pathlib.Path(args.build).resolve()
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)
