"""What the parts of the bench share: a real server with its broker, light stations, JSON lines."""
import contextlib
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "deploy" / "demo"))
from fleet import Api, Process, free_port, wait_for  # noqa: E402

SITE = "leipzig"
ORDERS = 500
TICKS_PER_S = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


class Bench:
    """Where the programs are, where files may go, how long things may take."""

    def __init__(self, build, folder, short, full=False):
        self.bin = pathlib.Path(build).resolve() / "bin"
        self.folder, self.short, self.full = pathlib.Path(folder), short, full

    def run(self, name, *args, timeout=900, on_line=None):
        """The last line a program prints. `on_line`: called with each as it comes."""
        program = subprocess.Popen([str(self.bin / name), *[str(a) for a in args]], text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        stop = threading.Timer(timeout, program.kill)
        stop.start()
        try:
            lines = []
            for line in program.stdout:
                if on_line:
                    on_line(line)
                lines.append(line)
            problem = program.stderr.read()
            if program.wait() != 0 or not lines:
                raise RuntimeError(f"{name} ended with {program.returncode}: {problem[-2000:]}")
            return json.loads(lines[-1])
        finally:
            stop.cancel()
            if program.poll() is None:  # we were interrupted
                program.kill()
                program.wait()
            program.stdout.close()
            program.stderr.close()

    @contextlib.contextmanager
    def scratch(self):
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def say(part, name, value, unit, *, limit=None, limit_what="", goal=None, good=None, x=None,
        x_what=""):
    """One figure. `good` tells from (value, ratio) whether the goal is met."""
    ratio = value / limit if limit else None
    met = bool(good(value, ratio)) if good else None
    line = {"part": part, "name": name, "value": tidy(value), "unit": unit, "limit": tidy(limit),
            "limit_what": limit_what, "ratio": tidy(ratio), "goal": goal, "met": met}
    if x is not None:
        line |= {"x": x, "x_what": x_what}
    print(json.dumps(line), flush=True)
    return line


def tidy(value):
    if value is None or isinstance(value, int):
        return value
    return round(value, 3 if abs(value) < 100 else 1)


def median(values):
    return statistics.median(values)


def note(text):
    print(text, file=sys.stderr, flush=True)


class Server:
    """dockline-server with its managed broker and light stations b-0 .. b-(n-1)."""

    def __init__(self, bench, folder, stations, env=None):
        self.bench, self.folder = bench, pathlib.Path(folder)
        self.http, self.port = free_port(), free_port()
        config = ['[server]', 'data_dir = "server"', f'http_listen = "127.0.0.1:{self.http}"',
                  '[broker]', f'listen = "127.0.0.1:{self.port}"',
                  '[[site]]', f'name = "{SITE}"', 'title = "Bench"', 'priority = 1']
        for n in range(stations):
            config += ['[[station]]', f'site = "{SITE}"', f'name = "b-{n}"', f'title = "B {n}"']
        path = self.folder / "server.toml"
        path.write_text("\n".join(config) + "\n")
        self.api = Api(f"http://127.0.0.1:{self.http}", self.folder / "server" / "token")
        self.process = Process("server", [bench.bin / "dockline-server", "--config", path],
                               self.folder / "server.log", env)
        self.wait()

    def wait(self):
        self.pid = self.process.proc.pid
        wait_for("server with its broker", self.healthy, 120)

    def healthy(self):
        if not self.process.alive():
            raise RuntimeError("dockline-server ended:\n" + self.process.tail())
        with urllib.request.urlopen(f"http://127.0.0.1:{self.http}/api/v1/health", timeout=5) as a:
            return json.loads(a.read())["broker"]["up"]

    def take_orders(self, count=ORDERS):
        """Orders the stations' facts name; nothing on stock, so that none is released."""
        for n in range(count):
            self.api.post("/orders", {
                "number": str(n), "ship_to": {"name": "Bench"},
                "lines": [{"sku": "MUG-RED", "title": "Mug", "quantity": 1_000_000}]})

    @property
    def credentials(self):
        return self.folder / "server" / "broker" / "credentials"

    def fleet(self, *args, timeout=900, on_line=None):
        return self.bench.run("light_fleet", "--broker", f"127.0.0.1:{self.port}", "--credentials",
                              self.credentials, "--site", SITE, "--orders", ORDERS, *args,
                              timeout=timeout, on_line=on_line)

    @contextlib.contextmanager
    def beside(self, *args):
        """A second light fleet that runs as long as the block; its figures are filled in then."""
        figures = {}
        argv = [self.bench.bin / "light_fleet", "--broker", f"127.0.0.1:{self.port}",
                "--credentials", self.credentials, "--site", SITE, "--orders", ORDERS,
                "--seconds", 3600, *args]
        program = subprocess.Popen([str(a) for a in argv], stdout=subprocess.PIPE, text=True)
        try:
            program.stdout.readline()  # all are connected
            yield figures
            program.terminate()
            figures.update(json.loads(program.communicate(timeout=60)[0].splitlines()[-1]))
        finally:
            program.kill()
            program.wait()

    def raw(self, publishers, payload_bytes, seconds, client="raw_link"):
        """QoS 1 messages per second through this very broker, nothing done with them: by the
        product's client library (raw_link) or by the leanest client there is (raw_limit)."""
        out = self.bench.run(client, f"127.0.0.1:{self.port}", "dockline-server",
                             self.credentials / "dockline-server", publishers, payload_bytes,
                             seconds)
        return out["per_s"]

    def broker_pid(self):
        return int(subprocess.run(["pgrep", "-P", str(self.pid), "mosquitto"], text=True,
                                  capture_output=True, check=True).stdout.split()[0])

    def stop(self):
        self.process.stop(20)

    def start(self):
        self.process.start()
        self.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def cpu_s(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_S


def resident_mib(pid):
    return int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE_BYTES / 2**20
