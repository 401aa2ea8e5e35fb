#!/usr/bin/env python3
"""A broker that keeps nothing: it falls every few seconds, forgets sessions and retained messages, or comes back with old ones.

broker_test.py [--build DIR] [--falls 8] [--seed N] [--keep]   long form: --falls 100
"""
import pathlib
import shutil
import signal
import sys

from lab import Process, Trial, free_port


def flapping(trial):
    """The managed broker, without persistence: each fall forgets everything."""
    lab = trial.lab(seats=3)
    lab.open()
    lab.start_work()
    falls = 0
    while falls < trial.args.falls:
        lab.pack_for(trial.random.uniform(0.5, 4))
        falls += lab.signal_broker(signal.SIGKILL)
    lab.end_work()
    rest = lab.settle(300)
    return {"falls": falls, **lab.figures(), "rest_after_s": round(rest, 1)}, lab.judge()


class ForeignBroker:
    """A Mosquitto of somebody else's, with persistence that we may tamper with."""

    def __init__(self, lab):
        self.lab, self.folder = lab, lab.folder / "foreign"
        self.folder.mkdir()
        self.store = self.folder / "mosquitto.db"
        self.port = free_port()
        (self.folder / "conf").write_text(
            f"listener {self.port} 127.0.0.1\nuser root\nallow_anonymous true\npersistence true\n"
            f"persistence_location {self.folder}/\nautosave_interval 1\nautosave_on_changes true\n"
            "log_dest stderr\n")
        self.process = None

    def start(self):
        self.process = Process("foreign", ["mosquitto", "-c", self.folder / "conf"],
                               self.folder / "log")
        self.lab.processes.append(self.process)

    def fall(self, how):
        """Killed, and back with what it last wrote, with nothing, or with its oldest file."""
        self.process.kill()
        oldest = pathlib.Path(f"{self.store}.oldest")
        if how == "empty":
            self.store.unlink(missing_ok=True)
        elif self.store.exists() and not oldest.exists():
            shutil.copy(self.store, oldest)
        elif how == "old" and oldest.exists():
            shutil.copy(oldest, self.store)
        self.start()


def foreign(trial):
    """An external broker with persistence, restarted with its file, without it, with an old one."""
    lab = trial.lab(seats=2)
    broker = ForeignBroker(lab)
    broker.start()
    lab.ports["broker"] = broker.port
    lab.config_edit = lambda text: text.replace(
        f'listen = "127.0.0.1:{broker.port}"',
        f'mode = "external"\nurl = "tcp://127.0.0.1:{broker.port}"')
    secrets = lab.folder / "server" / "broker" / "credentials"
    secrets.mkdir(parents=True)
    for seat in lab.seats:
        (secrets / f"{seat.site}.{seat.name}").write_text("not asked for\n")
    lab.open()
    lab.start_work()
    falls = 0
    while falls < trial.args.falls:
        lab.pack_for(trial.random.uniform(0.5, 4))
        falls += 1
        broker.fall(["kept", "empty", "old"][falls % 3])
    lab.end_work()
    rest = lab.settle(300)
    return {"falls": falls, **lab.figures(), "rest_after_s": round(rest, 1)}, lab.judge()


def flags(parser):
    parser.add_argument("--falls", type=int, default=8)


if __name__ == "__main__":
    sys.exit(Trial("broker", __doc__, flags).run(flapping, foreign))
