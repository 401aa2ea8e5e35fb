"""Fleets for the fault tests: real programs that are started, frozen and killed, a packer at every
bench who remembers what was answered, and the judge at the end.

Every fault test has the same shape: open a Lab, let people pack, do harm, end the harm, settle(),
judge(). Start at Trial at the bottom; `kill_test.py` is the plainest example.
"""
import argparse
import contextlib
import csv
import http.client
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
DEMO = ROOT / "deploy" / "demo"
sys.path[:0] = [str(HERE), str(DEMO)]
from books import Books, Seen  # noqa: E402
from far_end import Shop  # noqa: E402
from fleet import Api, Failed, Fleet, Process, Station, free_port, wait_for  # noqa: E402
from packing import Bench, Order  # noqa: E402

SITES = ("leipzig", "venlo")
SHOP_KEY = "key-of-the-test-shop"


def catalogue():
    with open(DEMO / "stock.csv", newline="", encoding="utf-8") as f:
        return {row["sku"]: row["barcode"] for row in csv.DictReader(f)}


class Seat(Station):
    """One bench with its packer. `broker` may be another address than the server's own."""

    def __init__(self, lab, index, site, name, title):
        super().__init__(lab, index, site, name, title)
        self.lab = lab
        self.broker = None  # "host:port"
        self.env = {}       # of the agent
        self.bench = Bench(self)
        self.orders = []    # released to this bench, not begun
        self.packed = []
        self.forked = False  # the disk was changed by hand: its streams are not one line
        self.thread, self.error = None, None

    def write_config(self):
        path = super().write_config()
        if self.broker:
            own = f"127.0.0.1:{self.fleet.ports['broker']}"
            path.write_text(path.read_text().replace(f"tcp://{own}", f"tcp://{self.broker}"))
        return path

    def printed(self):
        return self.rig_get("/labels")["labels"]

    def agent_db(self):
        return self.folder / "data" / "agent.db"

    def start_rig(self):
        super().start_rig()
        self.rig_post("/printer", {"set": {"print_ms": 60}})

    def start_agent(self):
        self.write_config()
        argv = [self.fleet.bin / "dockline-agent", "--config", self.folder / "agent.toml"]
        self.agent = self.fleet.run(f"agent-{self.site}-{self.name}", argv, self.env)
        self.wait_agent()

    # ------------------------------------------------------------ harm
    def kill_agent(self):
        self.bench.life += 1
        self.agent.kill()

    def freeze_agent(self):
        self.bench.life += 1
        self.agent.proc.send_signal(signal.SIGSTOP)

    def thaw_agent(self):
        self.agent.proc.send_signal(signal.SIGCONT)
        time.sleep(0.5)  # what was scanned before the frost is answered to nobody
        self.bench.life += 1

    def kill_rig(self):
        self.bench.doubt_until = float("inf")
        self.rig.kill()

    def revive_rig(self):
        self.rig.start()
        wait_for(f"rig of {self.title}", lambda: self.rig_get("/state"))
        self.rig_post("/printer", {"set": {"print_ms": 60}})
        self.bench.doubt_until = time.monotonic() + 3

    # ------------------------------------------------------------ work
    def work(self, halt):
        try:
            while not halt.is_set():
                if not self.orders:
                    halt.wait(0.05)
                    continue
                order = self.orders.pop(0)
                self.bench.pack(order)
                self.packed.append(order)
                halt.wait(self.lab.pace)
        except (Failed, TimeoutError, OSError, http.client.HTTPException) as error:
            self.error = error


class ShopProcess:
    """The shop of the webhook channel as a program of its own, so that it can be killed too."""

    def __init__(self, lab, port):
        self.lab, self.port = lab, port
        self.book = lab.folder / "shop.jsonl"
        self.process = None

    def start(self):
        argv = [sys.executable, HERE / "lab.py", "shop", str(self.port), str(self.book)]
        self.process = self.lab.run("shop", argv)

    def told(self):
        if not self.book.exists():
            return []
        lines = self.book.read_text().split("\n")
        return [json.loads(line) for line in lines[:-1] if line]

    def place_order(self, order):
        return Shop.place_order(self, order)

    secret = SHOP_KEY.encode()
    channel = "shop"

    @property
    def server_url(self):
        return self.lab.url()


def run_shop(port, book):
    """What was told is on the disk before it is answered; a killed line is no line."""
    path = pathlib.Path(book)
    if path.exists() and not path.read_bytes().endswith(b"\n"):
        with open(path, "ab") as f:
            f.write(b"\n")

    class Kept(list):
        def append(self, delivery):
            with open(path, "a", encoding="utf-8") as f:
                f.write(json.dumps(delivery) + "\n")
    shop = Shop(int(port), SHOP_KEY, "", "shop")
    shop.deliveries = Kept()
    signal.pause()


class Desk(threading.Thread):
    """Customers: keep so many orders ahead of every packer, by the API and the shop in turn.

    Sends an order again until it was answered: the same number twice is the same order."""

    def __init__(self, lab, ahead, placed=0):
        super().__init__(daemon=True)
        self.lab, self.ahead = lab, ahead
        self.unsent, self.unreleased, self.taken = None, [], []
        self.placed, self.halt, self.error = placed, False, None

    def place(self):
        lab = self.lab
        if self.unsent is None:
            short = min(lab.seats, key=lambda s: len(s.orders))
            total = sum(len(s.orders) for s in lab.seats) + len(self.unreleased)
            # A bench that is cut off gets none: the others must not get them all.
            if (len(short.orders) + len(self.unreleased) / len(lab.seats) >= self.ahead or
                    total > 1.5 * self.ahead * len(lab.seats)):
                return False
            self.unsent = lab.order_body(f"F-{1000 + self.placed}", short.site)
            self.placed += 1
        if lab.shop and self.placed % 2:
            lab.shop.place_order(self.unsent)
            self.taken.append("shop:" + self.unsent["number"])
        else:
            self.taken.append(lab.api.post("/orders", self.unsent)["id"])
        self.unreleased.append(self.taken[-1])
        self.unsent = None
        return True

    def follow(self):
        for order in self.unreleased[:4]:
            detail = self.lab.api.get("/orders/" + order)
            if detail.get("station") and detail.get("tracking"):
                seat = self.lab.seat_of[detail["site"], detail["station"]]
                self.unreleased.remove(order)
                seat.orders.append(Order(detail, self.lab.barcodes))

    def turn(self):
        try:
            busy = self.place()
            self.follow()
        except (OSError, http.client.HTTPException) as error:
            if getattr(error, "code", 503) in (400, 401, 404, 409, 413, 422):
                raise Failed(f"an order was refused: {error} {error.read()[:500]!r}") from error
            time.sleep(0.2)  # the server is not there: the customer tries again
            return True
        return busy

    def run(self):
        try:
            while not self.halt:
                if not self.turn():
                    time.sleep(0.05)
        except (Failed, ValueError, KeyError) as error:
            self.error = error


class Lab(Fleet):
    def __init__(self, folder, build, seed, seats=3, shop=False, kind=Seat):
        names = [(SITES[i % 2 if seats > 1 else 0], f"bench-{i + 1}", f"Bench {i + 1}")
                 for i in range(seats)]
        # Below the range that outgoing connections take their ports from: a free one stays free.
        base = random.SystemRandom().randrange(11_000, 30_000)
        super().__init__(folder, build, {"http": base, "broker": base + 1, "panel": base + 2},
                         stations=names)
        self.stations = [kind(self, i, *name) for i, name in enumerate(names)]
        self.seats = self.stations
        self.random = random.Random(seed)
        self.barcodes = catalogue()
        # Each site has goods of its own, so each gets its share of the orders.
        self.skus = {site: sorted(self.barcodes)[n * 8:n * 8 + 8] for n, site in enumerate(SITES)}
        self.halt = threading.Event()
        self.server_prefix, self.server_env = [], {}
        self.api_host = self.broker_host = "127.0.0.1"
        self.config_edit = lambda text: text
        self.seat_of = {(s.site, s.name): s for s in self.seats}
        self.desk, self.ahead = None, 10  # so many orders wait at every bench
        self.placed = 0  # orders of earlier desks
        self.pace = 0.0  # seconds between two orders of one packer
        self.late = []  # what was waited for 5 s after the end of the faults
        self.shop = None
        if shop:
            self.open_shop()

    def open_shop(self):
        self.shop = ShopProcess(self, free_port())
        (self.folder / "secrets").mkdir()
        (self.folder / "secrets" / "shop").write_text(SHOP_KEY + "\n")
        self.channels = (f'[[channel]]\nname = "shop"\nkind = "webhook"\n'
                         f'url = "http://127.0.0.1:{self.shop.port}/x"\n'
                         'secret_file = "secrets/shop"\n')

    # ------------------------------------------------------------ programs
    def url(self):
        return f"http://{self.api_host}:{self.ports['http']}"

    def write_server_config(self):
        path = super().write_server_config()
        text = path.read_text()
        for key, host in (("http", self.api_host), ("broker", self.broker_host)):
            text = text.replace(f"127.0.0.1:{self.ports[key]}", f"{host}:{self.ports[key]}")
        path.write_text(self.config_edit(text))
        return path

    def start_server(self):
        self.api = Api(self.url(), self.folder / "server" / "token")
        config = self.write_server_config()
        self.server = self.run("server", [*self.server_prefix, self.bin / "dockline-server",
                                          "--config", config], self.server_env)
        self.wait_server()

    def open(self, pieces=20000):
        """Everything up, and stock on the shelves."""
        if self.shop:
            self.shop.start()
        self.start_server()
        self.import_stock(pieces)
        for seat in self.seats:
            seat.start_rig()
            seat.start_agent()
        wait_for("every station was heard", lambda: all(
            s["heard_ms"] for s in self.api.get("/stations")["items"]), 60)

    def import_stock(self, pieces):
        stock = self.folder / "stock.csv"
        stock.write_text("sku,title,barcode,site,quantity,bin\n" + "".join(
            f"{sku},Item {sku},{self.barcodes[sku]},{site},{pieces},A-{n}-1\n"
            for site in SITES for n, sku in enumerate(self.skus[site])))
        self.dockline("stock", "import", str(stock))

    def broker_pid(self):
        """Our mosquitto, whoever its parent is by now."""
        mine = os.fsencode(str(self.folder) + "/")
        for entry in pathlib.Path("/proc").iterdir():
            if entry.name.isdigit():
                with contextlib.suppress(OSError):
                    line = (entry / "cmdline").read_bytes()
                    if line.split(b"\0")[0].endswith(b"/mosquitto") and mine in line:
                        return int(entry.name)
        return None

    def signal_broker(self, number):
        pid = self.broker_pid()
        if pid is not None:
            os.kill(pid, number)
        return pid is not None

    def stop(self):
        for process in self.processes:
            if process.name.startswith("agent-") and process.alive():
                process.proc.terminate()  # all at once: each takes a second for its farewell
        super().stop()

    # ------------------------------------------------------------ work
    def order_body(self, number, site):
        rng, skus = self.random, self.skus[site]
        return {"number": number,
                "lines": [{"sku": sku, "quantity": rng.randint(1, 2)}
                          for sku in rng.sample(skus, rng.randint(1, 3))],
                "ship_to": {"name": "Ada Test", "street1": "Kai 1", "postal_code": "04109",
                            "city": "Leipzig", "country": "DE"}}

    def start_work(self):
        self.halt.clear()
        if self.desk is None:
            self.desk = Desk(self, self.ahead, self.placed)
            self.desk.start()
            wait_for("orders at every bench", lambda: self.desk.error or all(
                s.bench.state()["body"].get("total") for s in self.seats), 60)
        for seat in self.seats:
            if not seat.thread:
                seat.thread = threading.Thread(target=seat.work, args=(self.halt,), daemon=True)
                seat.thread.start()

    def check(self):
        if self.desk and self.desk.error:
            raise self.desk.error
        for seat in self.seats:
            if seat.error:
                raise seat.error

    def pack_for(self, seconds, unless=lambda: False):
        """People go on for so long; whoever cannot is an error at once."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and not unless():
            self.check()
            time.sleep(0.05)

    def end_work(self, seconds=150):
        """Everybody finishes the order in hand."""
        self.halt.set()
        for seat in self.seats:
            if seat.thread:
                seat.thread.join(seconds)
                if seat.thread.is_alive():
                    raise Failed(f"{seat.name} does not get its order done")
                seat.thread = None
        if self.desk:
            self.desk.halt = True
            self.desk.join(40)
        self.check()

    def packed(self):
        return sum(len(s.packed) for s in self.seats)

    # ------------------------------------------------------------ rest
    @staticmethod
    def health(seat):
        with urllib.request.urlopen(seat.url() + "/health", timeout=5) as answer:
            return json.loads(answer.read())

    def difference(self, seat):
        """What keeps both ends of this station's streams from rest; None when nothing does."""
        health = self.health(seat)
        if not health["link_up"] or health["waiting"]:
            return f"link {health['link_up']}, {health['waiting']} facts wait for the server"
        row = next(s for s in self.api.get("/stations")["items"]
                   if (s["site"], s["station"]) == (seat.site, seat.name))
        if row["status"] != "up" or row["down_waiting"]:
            return f"the server says {row['status']}, {row['down_waiting']} facts wait for it"
        return None

    def settle(self, seconds=120):
        """Everything up, and both ends of every stream at rest. Returns how long that took."""
        began = time.monotonic()
        self.wait_server(60)
        for seat in self.seats:
            seat.wait_agent(60)
        why, quiet_for = {}, [0]

        def quiet():
            why.clear()
            why.update({s.name: d for s in self.seats if (d := self.difference(s))})
            if why and time.monotonic() - began > 5 and not self.late:
                self.late.append(dict(why))
            quiet_for[0] = 0 if why else quiet_for[0] + 1
            return quiet_for[0] == 3  # answers may be under way at the first look
        try:
            wait_for("both ends at rest", quiet, seconds, 0.2)
        except Failed as error:
            raise Failed(f"no rest within {seconds} s after the faults: {why}") from error
        if self.shop:
            self.settle_shop()
        return time.monotonic() - began

    def settle_shop(self):
        if not self.shop.process.alive():
            self.shop.start()

        def drained():
            rows = self.api.get("/outbox")["channels"]
            return all(row["waiting"] == 0 for row in rows)
        wait_for("the outbox to the shop is empty", drained, 120, 0.3)

    def replay(self):
        done = self.dockline("replay", "--verify", check=False)
        return [] if done.returncode == 0 else [f"replay gives another state: {done.stdout}{done.stderr}"]

    # ------------------------------------------------------------ the judge
    def judge(self):
        """Stops everything, then reads what is on the disks."""
        problems = self.replay()
        seen = [Seen(s.site, s.name, s.agent_db(), s.bench.memory, s.packed,
                     s.printed(), not s.forked) for s in self.seats]
        self.stop()
        told = self.shop.told() if self.shop else None
        taken = self.desk.taken if self.desk else []
        problems += Books(self.folder / "server" / "server.db", seen).judge(taken, told)
        return problems + self.audit()

    def audit(self):
        argv = [self.bin / "dockline", "audit", "--server-db", self.folder / "server" / "server.db"]
        for seat in self.seats:
            argv += ["--agent-db", seat.agent_db()]
        done = subprocess.run([str(a) for a in argv], capture_output=True, text=True, timeout=300,
                              check=False)
        return [] if done.returncode == 0 else [
            f"dockline audit ended with {done.returncode}:\n{done.stdout[-3000:]}{done.stderr[-1000:]}"]

    def figures(self):
        memory = [s.bench.memory for s in self.seats]
        return {**({"late": self.late} if self.late else {}), "stations": len(self.seats), "orders": self.packed(),
                "scans": sum(sum(m.scans.values()) for m in memory),
                "answered": sum(sum(m.answered.values()) for m in memory),
                "pieces_answered": sum(sum(m.counted.values()) for m in memory),
                "orders_answered": len(self.desk.taken) if self.desk else 0,
                "labels_asked_for": sum(len(m.said_no) for m in memory)}


class Trial:
    """A fault test's main(): flags, a folder, the seed that is printed, and the end."""

    def __init__(self, name, text, extra=lambda parser: None):
        parser = argparse.ArgumentParser(description=text.splitlines()[0])
        parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release")
        parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
        parser.add_argument("--keep", action="store_true", help="keep databases and logs")
        extra(parser)
        self.args = parser.parse_args()
        self.args.build = self.args.build.resolve()
        self.name = name
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"dockline-{name}-"))
        self.random = random.Random(self.args.seed)
        self.labs, self.lock = [], threading.Lock()
        self.began = time.monotonic()

    def lab(self, **how):
        with self.lock:
            name = f"fleet-{len(self.labs) + 1}"
            made = Lab(self.folder / name, self.args.build, self.random.randrange(1 << 32), **how)
            self.labs.append(made)
        return made

    def say(self, text):
        print(f"{self.name}: {time.monotonic() - self.began:5.1f} s  {text}", flush=True)

    def run(self, *cases):
        """Each case(trial) returns (figures, problems). Several run side by side."""
        print(f"{self.name}: seed {self.args.seed}", flush=True)
        results = {}

        def guarded(case):
            try:
                results[case.__name__] = case(self)
            except (Failed, TimeoutError, OSError, AssertionError,
                    subprocess.SubprocessError, urllib.error.URLError) as error:
                results[case.__name__] = ({}, [f"{type(error).__name__}: {error}"])
        try:
            threads = [threading.Thread(target=guarded, args=(case,)) for case in cases]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        finally:
            for lab in self.labs:
                lab.stop()
        return self.report(results, cases)

    def report(self, results, cases):
        bad = False
        for case in cases:
            figures, problems = results.get(case.__name__, ({}, ["it broke off: see the traceback"]))
            print(json.dumps({"test": self.name, "case": case.__name__, "ok": not problems,
                              "seed": self.args.seed, **figures}), flush=True)
            for problem in problems:
                bad = True
                print(f"{self.name}: {case.__name__}: seed {self.args.seed}: {problem}",
                      file=sys.stderr)
        if bad or self.args.keep:
            print(f"{self.name}: databases and logs are in {self.folder}", file=sys.stderr)
        else:
            shutil.rmtree(self.folder, ignore_errors=True)
        return 1 if bad else 0


if __name__ == "__main__" and sys.argv[1:2] == ["shop"]:
    run_shop(*sys.argv[2:])
