"""What lies between a station and the broker in network_test.py: a gate (TCP) or a line (packets)."""
import contextlib
import json
import os
import select
import socket
import subprocess
import sys
import time

from lab import HERE, Failed, free_port

CALM = {"delay_ms": 0, "jitter_ms": 0, "loss": 0.0, "rate_kbit": 0}


class Helper:
    """A helper program that says "ready" and answers each line with "done"."""

    def __init__(self, *argv):
        self.proc = subprocess.Popen([sys.executable, *map(str, argv)], stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                     start_new_session=True)
        self.expect("ready")

    def expect(self, word):
        ready, _, _ = select.select([self.proc.stdout], [], [], 10)
        said = self.proc.stdout.readline().strip() if ready else "nothing"
        if said != word:
            self.proc.kill()
            raise Failed(f"{self.proc.args[1:4]} said {said}: {self.proc.stderr.read()[-800:]}")

    def send(self, **how):
        self.proc.stdin.write(json.dumps(how) + "\n")
        self.proc.stdin.flush()
        self.expect("done")

    def close(self):
        self.proc.kill()
        self.proc.wait()


class Gates:
    """One TCP gate for each station. Nothing but Python is needed."""
    name = "gate"
    cannot = ("dup", "reorder")  # not to be seen through TCP

    def __init__(self, lab):
        self.lab, self.gates = lab, {}

    def open(self):
        for seat in self.lab.seats:
            port = free_port()
            gate = Helper(HERE / "gate.py", port, f"127.0.0.1:{self.lab.ports['broker']}")
            self.gates[seat.name], seat.broker = gate, f"127.0.0.1:{port}"

    def set(self, seat, drop="none", dup=0.0, reorder=0.0, **how):
        del dup, reorder
        self.gates[seat.name].send(**{
            **CALM, **how, "up": "drop" if drop in ("up", "both") else "pass",
            "down": "drop" if drop in ("down", "both") else "pass",
            "accept": "hole" if drop != "none" else "yes"})

    def cut(self, seat):
        self.gates[seat.name].send(cut=True)

    def close(self):
        for gate in self.gates.values():
            gate.close()


class Lines:
    """The server and its broker in a network namespace, one packet line for each station, and a
    clean veth pair for the API, by which the test looks on."""
    cannot = ()

    def __init__(self, lab, kind):
        self.lab, self.kind, self.lines = lab, kind, {}
        self.name = f"line ({kind})"
        self.tag = f"d{os.getpid() % 100000:05d}"
        self.space = f"dockline-{self.tag}"
        self.net = f"10.{64 + os.getpid() % 128}"

    def open(self):
        ip("netns", "add", self.space)
        ip("-n", self.space, "link", "set", "lo", "up")
        ip("link", "add", f"{self.tag}x", "type", "veth", "peer", "name", f"{self.tag}y", "netns",
           self.space)
        ip("addr", "add", f"{self.net}.0.1/30", "dev", f"{self.tag}x")
        ip("link", "set", f"{self.tag}x", "up")
        ip("-n", self.space, "addr", "add", f"{self.net}.0.2/30", "dev", f"{self.tag}y")
        ip("-n", self.space, "link", "set", f"{self.tag}y", "up")
        self.lab.server_prefix = ["ip", "netns", "exec", self.space]
        self.lab.api_host, self.lab.broker_host = f"{self.net}.0.2", "0.0.0.0"
        for n, seat in enumerate(self.lab.seats, 1):
            here, there = f"{self.net}.{n}.1", f"{self.net}.{n}.2"
            self.lines[seat.name] = Helper(HERE / "line.py", self.kind, self.space,
                                           f"{self.tag}{n}", here, there)
            seat.broker = f"{there}:{self.lab.ports['broker']}"
            self.prove(there)

    def prove(self, there):
        """Packets really go through; refused by an empty port is an answer as well."""
        with socket.socket() as s:
            s.settimeout(5)
            try:
                s.connect((there, 9))
            except ConnectionRefusedError:
                return
            except OSError as error:
                raise Failed(f"the {self.name} to {there} carries nothing: {error}") from error

    def set(self, seat, **how):
        self.lines[seat.name].send(**how)

    def cut(self, seat):
        """A line has no connections to cut: a second without it."""
        self.set(seat, drop="both")
        time.sleep(1)
        self.set(seat)

    def close(self):
        for line in self.lines.values():
            line.close()
        for argv in (("netns", "del", self.space), ("link", "del", f"{self.tag}x")):
            with contextlib.suppress(subprocess.CalledProcessError, FileNotFoundError):
                ip(*argv)


def ip(*argv):
    subprocess.run(["ip", *argv], check=True, capture_output=True, text=True)


def line_kind():
    """("netem" or "tun", "") or (None, why there is no line here)."""
    if os.geteuid() != 0:
        return None, "network namespaces need root"
    probe = f"dockline-probe-{os.getpid()}"
    try:
        ip("netns", "add", probe)
    except (FileNotFoundError, subprocess.CalledProcessError) as error:
        return None, f"no network namespaces here ({getattr(error, 'stderr', error)})".strip()
    try:
        done = subprocess.run(["ip", "netns", "exec", probe, "tc", "qdisc", "add", "dev", "lo",
                               "root", "netem", "loss", "1%"], capture_output=True, check=False)
        if done.returncode == 0:
            return "netem", ""
        if os.path.exists("/dev/net/tun"):
            return "tun", "this kernel has no netem; packets go through TUN devices instead"
        return None, "this kernel has neither netem nor TUN devices"
    finally:
        ip("netns", "del", probe)
