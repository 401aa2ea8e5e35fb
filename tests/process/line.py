#!/usr/bin/env python3
"""A bad network line between this network namespace and another one, under real IP packets. Root.

line.py KIND NAMESPACE NAME ADDRESS_HERE ADDRESS_THERE, then one JSON object a line on stdin:
  delay_ms, jitter_ms, loss, dup, reorder (shares 0..1), rate_kbit (0: no limit),
  drop: "none", "up", "down" or "both" (up: from here to there)
KIND netem: a veth pair with tc netem at both ends, where the kernel has it.
KIND tun:   two TUN devices with this program between them, which does the same to each packet.
"""
import fcntl
import heapq
import itertools
import json
import os
import random
import select
import struct
import subprocess
import sys
import time

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
CALM = {"delay_ms": 0, "jitter_ms": 0, "loss": 0.0, "dup": 0.0, "reorder": 0.0, "rate_kbit": 0,
        "drop": "none"}
QUEUE_MAX = 1000  # packets under way, as netem's default


def run(*argv):
    subprocess.run(argv, check=True, capture_output=True, text=True)


def address(device, here, there, namespace=None):
    way = ["ip"] + (["-n", namespace] if namespace else [])
    run(*way, "addr", "add", here, "peer", there, "dev", device)
    run(*way, "link", "set", device, "up")


class Netem:
    def __init__(self, namespace, name, here, there):
        self.ends = [([], f"{name}a"), (["ip", "netns", "exec", namespace], f"{name}b")]
        run("ip", "link", "add", f"{name}a", "type", "veth", "peer", "name", f"{name}b", "netns",
            namespace)
        address(f"{name}a", here, there)
        address(f"{name}b", there, here, namespace)

    def change(self, how):
        for (prefix, device), way in zip(self.ends, ("up", "down")):
            loss = 1.0 if how["drop"] in (way, "both") else how["loss"]
            argv = ["tc", "qdisc", "replace", "dev", device, "root", "netem", "limit", str(QUEUE_MAX)]
            delay = max(how["delay_ms"], 1 if how["reorder"] else 0)  # reorder needs a delay
            if delay:
                argv += ["delay", f"{delay}ms", f"{how['jitter_ms']}ms"]
            for word, share in (("loss", loss), ("duplicate", how["dup"]), ("reorder", how["reorder"])):
                if share:
                    argv += [word, f"{share * 100:.1f}%"]
            if how["rate_kbit"]:
                argv += ["rate", f"{how['rate_kbit']}kbit"]
            run(*prefix, *argv)

    def serve(self, take):
        while take():
            pass


class Tun:
    def __init__(self, namespace, name, here, there):
        self.how, self.random = dict(CALM), random.Random()
        self.fds = [self.make(f"{name}a"), self.make(f"{name}b")]
        run("ip", "link", "set", f"{name}b", "netns", namespace)
        address(f"{name}a", here, there)
        address(f"{name}b", there, here, namespace)
        self.queue, self.order, self.free_at = [], itertools.count(), [0.0, 0.0]

    @staticmethod
    def make(name):
        fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TUN | IFF_NO_PI))
        return fd

    def change(self, how):
        self.how = how

    def packet(self, way, data):
        how, chance = self.how, self.random.random
        if how["drop"] in (("up", "down")[way], "both") or chance() < how["loss"]:
            return
        for _ in range(2 if chance() < how["dup"] else 1):
            if len(self.queue) >= QUEUE_MAX:
                return
            at = time.monotonic()
            if how["rate_kbit"]:
                at = self.free_at[way] = (max(at, self.free_at[way]) +
                                          len(data) * 8 / how["rate_kbit"] / 1000)
            if chance() >= how["reorder"]:  # the others overtake, as with netem
                at += max(0.0, how["delay_ms"] + self.random.uniform(-1, 1) * how["jitter_ms"]) / 1000
            heapq.heappush(self.queue, (at, next(self.order), 1 - way, data))

    def serve(self, take):
        poll = select.poll()
        for fd in (*self.fds, sys.stdin.fileno()):
            poll.register(fd, select.POLLIN)
        while True:
            now = time.monotonic()
            while self.queue and self.queue[0][0] <= now:
                _, _, to, data = heapq.heappop(self.queue)
                try:
                    os.write(self.fds[to], data)
                except OSError:
                    pass  # the device is full: a packet is lost
            wait = (self.queue[0][0] - now) * 1000 if self.queue else None
            for fd, _ in poll.poll(wait):
                if fd == sys.stdin.fileno():
                    if not take():
                        return
                    continue
                try:
                    for _ in range(64):
                        self.packet(self.fds.index(fd), os.read(fd, 65536))
                except BlockingIOError:
                    pass


def main():
    kind, namespace, name, here, there = sys.argv[1:]
    line = {"netem": Netem, "tun": Tun}[kind](namespace, name, here, there)
    line.change(dict(CALM))
    print("ready", flush=True)

    def take():
        text = sys.stdin.readline()
        if text:
            line.change({**CALM, **json.loads(text)})
            print("done", flush=True)
        return bool(text)
    line.serve(take)


if __name__ == "__main__":
    main()
