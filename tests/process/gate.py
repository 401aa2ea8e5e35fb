#!/usr/bin/env python3
"""A TCP gate between a station and the broker: needs no privilege, runs everywhere.

gate.py LISTEN_PORT HOST:PORT, then one JSON object a line on stdin changes what it does:
  delay_ms, jitter_ms  each piece waits so long, order is kept (TCP keeps it)
  loss                 this share of pieces waits like a lost packet: 0.2 s, doubling
  rate_kbit            0: no limit
  up, down             "pass" or "drop": nothing goes that way and nobody is told (half-open)
  accept               "yes", "no" (connection refused), "hole" (accepted, never answered)
  cut                  true: all connections are reset now
Duplicates and reordering cannot be seen through TCP: line.py does them to real packets.
"""
import asyncio
import contextlib
import json
import random
import socket
import struct
import sys
import time

PIECE, QUEUE_MAX = 16384, 64


class Gate:
    def __init__(self, port, target):
        self.port, self.target = port, target
        self.how = {"delay_ms": 0, "jitter_ms": 0, "loss": 0.0, "rate_kbit": 0, "up": "pass",
                    "down": "pass", "accept": "yes"}
        self.random = random.Random()
        self.server, self.open, self.changed = None, set(), asyncio.Event()

    async def listen(self):
        if self.how["accept"] == "no" and self.server:
            self.server.close()
            self.server = None
        elif self.how["accept"] != "no" and not self.server:
            self.server = await asyncio.start_server(self.serve, "127.0.0.1", self.port)

    async def change(self, wanted):
        if wanted.pop("cut", False):
            for writer in list(self.open):
                sock = writer.get_extra_info("socket")
                with contextlib.suppress(OSError):  # RST, as a router that forgot the connection
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                writer.transport.abort()
        self.how.update(wanted)
        await self.listen()
        self.changed.set()
        self.changed = asyncio.Event()

    def wait_s(self, size):
        how = self.how
        wait = how["delay_ms"] + self.random.uniform(-1, 1) * how["jitter_ms"]
        again = 200
        while how["loss"] and self.random.random() < how["loss"] and again < 10_000:
            wait += again
            again *= 2
        return max(0.0, wait) / 1000 + (size * 8 / how["rate_kbit"] / 1000 if how["rate_kbit"] else 0)

    async def until_open(self, way):
        while self.how[way] == "drop":
            await self.changed.wait()

    async def pump(self, reader, writer, way):
        queue = asyncio.Queue(QUEUE_MAX)

        async def deliver():
            while True:
                at, data = await queue.get()
                await asyncio.sleep(max(0.0, at - time.monotonic()))
                await self.until_open(way)
                if not data:
                    return
                writer.write(data)
                await writer.drain()
        sending = asyncio.create_task(deliver())
        last = 0.0
        try:
            while not sending.done():
                data = await reader.read(PIECE)
                last = max(last, time.monotonic()) if self.how["rate_kbit"] else last
                last = max(last, time.monotonic() + self.wait_s(len(data)))
                await queue.put((last, data))
                if not data:
                    break
            await sending
        except OSError:
            sending.cancel()

    async def serve(self, reader, writer):
        self.open.add(writer)
        far_writer = None
        try:
            while self.how["accept"] == "hole":
                await self.changed.wait()
            far_reader, far_writer = await asyncio.open_connection(*self.target)
            self.open.add(far_writer)
            ways = [asyncio.create_task(self.pump(reader, far_writer, "up")),
                    asyncio.create_task(self.pump(far_reader, writer, "down"))]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for way in ways:
                way.cancel()
        except OSError:
            pass
        finally:
            for end in (writer, far_writer):
                if end:
                    self.open.discard(end)
                    end.transport.abort()


async def main():
    host, _, port = sys.argv[2].rpartition(":")
    gate = Gate(int(sys.argv[1]), (host, int(port)))
    await gate.listen()
    orders = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    print("ready", flush=True)
    while line := await orders.readline():
        await gate.change(json.loads(line))
        print("done", flush=True)


if __name__ == "__main__":
    asyncio.run(main())
