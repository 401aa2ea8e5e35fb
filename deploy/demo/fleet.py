"""Starts a whole Dockline on loopback and stops exactly what it started.

Used by demo.py, check.py and the tests in tests/process. Standard library only.
"""
import contextlib
import json
import os
import pathlib
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
SITES = [("leipzig", "Leipzig", 1), ("venlo", "Venlo", 2)]
STATIONS = [("leipzig", "bench-4", "Bench 4"), ("venlo", "bench-7", "Bench 7")]


GIVEN = set()  # by free_port(), in this process


def free_port(wanted=0):
    """The wanted port if nobody has it, else a free one below those that the kernel gives to outgoing
    connections (from 32768 on): none of them can take it before its program listens."""
    for port in (wanted, *random.sample(range(10_000, 32_000), 200)):
        if port == 0 or (port in GIVEN and port != wanted):
            continue
        with contextlib.suppress(OSError), socket.socket() as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            s.bind(("127.0.0.1", port))
            GIVEN.add(port)
            return port
    raise RuntimeError("no free port on 127.0.0.1")


def now_ms():
    return time.time_ns() // 1_000_000


class Failed(Exception):
    """A step that did not happen; the text says which and what was seen instead."""


def wait_for(what, probe, seconds=20.0, every=0.02):
    """Polls `probe` until it returns something true; raises Failed with `what` otherwise."""
    deadline = time.monotonic() + seconds
    seen = None
    while time.monotonic() < deadline:
        try:
            seen = probe()
        except (OSError, urllib.error.URLError, json.JSONDecodeError) as error:
            seen = error
        else:
            if seen:
                return seen
        time.sleep(every)
    raise Failed(f"{what}: not seen within {seconds:.0f} s (last: {seen!r})")


class Api:
    """The server's HTTP API, with the token from its file."""

    def __init__(self, base, token_file):
        self.base, self.token_file = base, token_file

    def call(self, method, path, body=None, kind="application/json", headers=None, timeout=30):
        data = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
        request = urllib.request.Request(self.base + "/api/v1" + path, data=data, method=method)
        token = pathlib.Path(self.token_file).read_text().strip()
        request.add_header("authorization", "Bearer " + token)
        if data is not None:
            request.add_header("content-type", kind)
        for name, value in (headers or {}).items():
            request.add_header(name, value)
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def get(self, path):
        return self.call("GET", path)

    def post(self, path, body=None, **more):
        return self.call("POST", path, body if body is not None else {}, **more)

    def all(self, path):
        """Every item of a paged list."""
        items, after = [], ""
        while True:
            joint = "&" if "?" in path else "?"
            page = self.get(f"{path}{joint}limit=200" + (f"&after={after}" if after != "" else ""))
            items += page["items"]
            after = page.get("next")
            if not page["items"] or after in (None, "", 0):
                return items


class Process:
    """One child in a process group of its own, so that Ctrl-C reaches only us."""

    def __init__(self, name, argv, log, env=None):
        self.name, self.argv, self.log_path = name, [str(a) for a in argv], log
        self.env = {**os.environ, **(env or {})}
        self.proc = None
        self.start()

    def start(self):
        with open(self.log_path, "ab") as log:
            self.proc = subprocess.Popen(self.argv, stdout=log, stderr=log, env=self.env,
                                         stdin=subprocess.DEVNULL, start_new_session=True)

    def alive(self):
        return self.proc.poll() is None

    def kill(self):
        self.proc.kill()
        self.proc.wait()

    def stop(self, seconds=5.0):
        if not self.alive():
            return
        self.proc.terminate()
        try:
            self.proc.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()

    def tail(self, lines=15):
        text = pathlib.Path(self.log_path).read_text(errors="replace").splitlines()
        return "\n".join(text[-lines:])


class Fleet:
    """Broker and server, two sites with one station each, rigs below the agents."""

    def __init__(self, folder, build, ports=None, channels="", stations=None):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.bin = pathlib.Path(build) / "bin"
        wanted = ports or {}
        self.ports = {k: free_port(wanted.get(k, 0)) for k in ("http", "broker", "panel")}
        self.channels = channels
        self.processes = []
        self.server = None
        self.stations = [Station(self, i, *s) for i, s in enumerate(stations or STATIONS)]
        self.api = Api(f"http://127.0.0.1:{self.ports['http']}", self.folder / "server" / "token")

    def url(self):
        return f"http://127.0.0.1:{self.ports['http']}"

    def run(self, name, argv, env=None):
        process = Process(name, argv, self.folder / f"{name}.log", env)
        self.processes.append(process)
        return process

    def write_server_config(self):
        text = ['[server]', 'data_dir = "server"', f'http_listen = "127.0.0.1:{self.ports["http"]}"',
                '', '[broker]', f'listen = "127.0.0.1:{self.ports["broker"]}"', '']
        for name, title, priority in SITES:
            text += ['[[site]]', f'name = "{name}"', f'title = "{title}"', f'priority = {priority}', '']
        for station in self.stations:
            text += ['[[station]]', f'site = "{station.site}"', f'name = "{station.name}"',
                     f'title = "{station.title}"', '']
        path = self.folder / "server.toml"
        path.write_text("\n".join(text) + "\n" + self.channels)
        return path

    def start_server(self):
        config = self.write_server_config()
        began = time.monotonic()
        self.server = self.run("server", [self.bin / "dockline-server", "--config", config])
        self.wait_server()
        return time.monotonic() - began

    def wait_server(self, seconds=20):
        def healthy():
            if not self.server.alive():
                raise Failed("dockline-server ended:\n" + self.server.tail())
            with urllib.request.urlopen(self.url() + "/api/v1/health", timeout=2) as answer:
                return json.loads(answer.read())["broker"]["up"]
        wait_for("server with its broker", healthy, seconds)

    def stop(self):
        for process in reversed(self.processes):
            process.stop()

    def dockline(self, *args, check=True, timeout=600):
        """Runs the operator command line against this server; returns its output."""
        env = {**os.environ, "DOCKLINE_URL": self.url(),
               "DOCKLINE_TOKEN_FILE": str(self.folder / "server" / "token")}
        done = subprocess.run([str(self.bin / "dockline"), *args], env=env, text=True,
                              capture_output=True, timeout=timeout, check=False)
        if check and done.returncode != 0:
            raise Failed(f"dockline {' '.join(args)} ended with {done.returncode}:\n"
                         f"{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done


def rig_command(station):
    """A scanner and a printer without hardware below the agent (tests/rigs)."""
    return [sys.executable, ROOT / "tests" / "rigs" / "dockline_rig.py",
            "--folder", station.folder / "rig", "--scanner", station.folder / "scanner",
            "--printer", f"127.0.0.1:{station.printer_port}",
            "--listen", f"127.0.0.1:{station.rig_port}",
            "--title", f"{station.title}, {station.site}", "--page", station.url(),
            "--server", station.fleet.url(), "--token-file", station.fleet.api.token_file,
            "--site", station.site, "--station", station.name]


class Station:
    """One agent with its scanner and printer rig."""

    def __init__(self, fleet, index, site, name, title):
        self.fleet, self.site, self.name, self.title = fleet, site, name, title
        self.folder = fleet.folder / f"{site}.{name}"
        self.folder.mkdir(parents=True, exist_ok=True)
        base = fleet.ports["panel"]
        self.panel_port = free_port(base + index) if index else base
        self.printer_port, self.rig_port = free_port(), free_port(base + 10 + index)
        self.agent = self.rig = None

    def url(self):
        return f"http://127.0.0.1:{self.panel_port}"

    def rig_url(self):
        return f"http://127.0.0.1:{self.rig_port}"

    def write_config(self):
        secret = self.fleet.folder / "server" / "broker" / "credentials" / f"{self.site}.{self.name}"
        path = self.folder / "agent.toml"
        path.write_text(f"""[station]
site = "{self.site}"
name = "{self.name}"
title = "{self.title}"
site_title = "{dict((s[0], s[1]) for s in SITES)[self.site]}"
data_dir = "data"
panel_listen = "127.0.0.1:{self.panel_port}"

[broker]
url = "tcp://127.0.0.1:{self.fleet.ports['broker']}"
user = "{self.site}.{self.name}"
password_file = "{secret}"

[[scanner]]
name = "Scanner"
address = "pty://{self.folder / 'scanner'}"

[[printer]]
name = "Printer"
address = "tcp://127.0.0.1:{self.printer_port}"
""")
        return path

    def start_rig(self):
        self.rig = self.fleet.run(f"rig-{self.site}-{self.name}", rig_command(self))
        wait_for(f"rig of {self.title}", lambda: self.rig_get("/state"))

    def start_agent(self):
        config = self.write_config()
        began = time.monotonic()
        self.agent = self.fleet.run(f"agent-{self.site}-{self.name}",
                                    [self.fleet.bin / "dockline-agent", "--config", config])
        self.wait_agent()
        return time.monotonic() - began

    def wait_agent(self, seconds=20):
        def healthy():
            if not self.agent.alive():
                raise Failed(f"dockline-agent of {self.title} ended:\n" + self.agent.tail())
            with urllib.request.urlopen(self.url() + "/health", timeout=2) as answer:
                return answer.status == 200
        wait_for(f"agent of {self.title}", healthy, seconds)

    def rig_get(self, path):
        with urllib.request.urlopen(self.rig_url() + path, timeout=10) as answer:
            return json.loads(answer.read())

    def rig_post(self, path, body):
        request = urllib.request.Request(self.rig_url() + path, data=json.dumps(body).encode(),
                                         headers={"content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read() or b"{}")
