"""A real dockline-server for a test: free ports, a temporary folder, stopped and removed at the end."""
import http.client
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "deploy/demo"))
from fleet import free_port  # noqa: E402
BIN = pathlib.Path(os.environ.get("DOCKLINE_BIN", ROOT / "build/dev/bin"))
HOOK_SECRET = "a secret of forty characters for the test"


def wait_for(what, probe, seconds=15.0):
    deadline = time.monotonic() + seconds
    seen = None
    while time.monotonic() < deadline:
        try:
            seen = probe()
            if seen:
                return seen
        except OSError as error:
            seen = error
        time.sleep(0.03)
    raise AssertionError(f"{what}: not seen within {seconds:.0f} s, last {seen!r}")


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)


class Server:
    def __init__(self, more=""):
        """more: further tables of server.toml; {path} is the folder of this server."""
        self.folder = tempfile.TemporaryDirectory(prefix="dockline-contract-")
        self.path = pathlib.Path(self.folder.name)
        self.port, self.broker_port = free_port(), free_port()
        (self.path / "shop.secret").write_text(HOOK_SECRET + "\n")
        self.config = self.path / "server.toml"
        self.config.write_text(f"""
[server]
data_dir = "{self.path}/data"
http_listen = "127.0.0.1:{self.port}"
token_file = "{self.path}/token"
log_file = "{self.path}/server.log"
[backup]
folder = "{self.path}/backups"
[broker]
listen = "127.0.0.1:{self.broker_port}"
[[site]]
name = "leipzig"
priority = 1
[[site]]
name = "venlo"
priority = 2
[[station]]
site = "leipzig"
name = "bench-4"
[[channel]]
name = "shop"
kind = "webhook"
url = "http://127.0.0.1:{free_port()}/nobody-listens"
secret_file = "{self.path}/shop.secret"
""" + more.replace("{path}", str(self.path)))
        self.output = open(self.path / "output.txt", "wb")
        self.start()
        self.token = (self.path / "token").read_text().strip()

    def start(self):
        self.process = subprocess.Popen([BIN / "dockline-server", "--config", self.config],
                                        stdout=self.output, stderr=self.output)
        try:
            wait_for("the server answers", self._answers)
        except AssertionError:
            print(self.said())
            self.stop()
            raise

    def kill(self):
        """As a power cut to the process: nothing is said, nothing is finished."""
        self.process.kill()
        self.process.wait()
        wait_for("its broker has gone with it", self._broker_gone)

    def _broker_gone(self):
        with socket.socket() as s:
            return s.connect_ex(("127.0.0.1", self.broker_port)) != 0

    def _answers(self):
        if self.process.poll() is not None:
            raise AssertionError(f"the server ended: {self.said()}")
        return self.ask("GET", "/api/v1/health", token=None).status == 200

    def said(self):
        log = self.path / "server.log"
        return (self.path / "output.txt").read_text() + (log.read_text() if log.exists() else "")

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def ask(self, method, target, body=None, headers=None, token=""):
        """token: "" is the right one, None sends none."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        send = dict(headers or {})
        if token is not None:
            send.setdefault("Authorization", "Bearer " + (token or self.token))
        try:
            connection.request(method, target, body=body, headers=send)
            answer = connection.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()},
                          answer.read())
        finally:
            connection.close()

    def raw(self, data, seconds=5.0):
        """Sends bytes as they are; what comes back until the server closes or the time is over."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as s:
            s.sendall(data)
            out = b""
            try:
                while chunk := s.recv(65536):
                    out += chunk
            except (socket.timeout, ConnectionResetError):
                pass
            return out

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        code = self.process.returncode
        self.output.close()
        self.folder.cleanup()
        return code
