"""A WebSocket client (RFC 6455), just enough to watch a station page: text frames, ping, close."""
import base64
import json
import os
import socket
import struct
import threading
import time
from urllib.parse import urlparse


class PageWatch:
    """Keeps the newest state that a station page would show, in a thread of its own."""

    def __init__(self, url):
        where = urlparse(url)
        self.address = (where.hostname, where.port)
        self.host = where.netloc
        self.state, self.error = None, None
        self._changed = threading.Condition()
        self._stop = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        while not self._stop:
            try:
                self._watch()
            except (OSError, ValueError, struct.error) as error:
                self.error = error
                time.sleep(0.1)

    def _watch(self):
        with socket.create_connection(self.address, timeout=10) as s:
            key = base64.b64encode(os.urandom(16)).decode()
            s.sendall((f"GET /ws HTTP/1.1\r\nHost: {self.host}\r\nOrigin: http://{self.host}\r\n"
                       "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                       f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n").encode())
            stream = s.makefile("rb")
            status = stream.readline()
            if b"101" not in status:
                raise ValueError(f"no WebSocket: {status!r}")
            while stream.readline() not in (b"\r\n", b""):
                pass
            text = b""
            while not self._stop:
                final, opcode, payload = self._frame(stream)
                if opcode == 8:
                    raise ValueError("closed by the agent")
                if opcode == 9:
                    s.sendall(self._masked(10, payload))
                if opcode in (0, 1):
                    text += payload
                    if final:
                        self._take(json.loads(text))
                        text = b""

    @staticmethod
    def _frame(stream):
        head = stream.read(2)
        if len(head) < 2:
            raise ValueError("connection ended")
        length = head[1] & 127
        if length == 126:
            length = struct.unpack(">H", stream.read(2))[0]
        elif length == 127:
            length = struct.unpack(">Q", stream.read(8))[0]
        return bool(head[0] & 128), head[0] & 15, stream.read(length)

    @staticmethod
    def _masked(opcode, payload):
        mask = os.urandom(4)
        return (bytes([128 | opcode, 128 | len(payload)]) + mask +
                bytes(b ^ mask[i % 4] for i, b in enumerate(payload)))

    def _take(self, state):
        with self._changed:
            self.state, self.error = state, None
            self._changed.notify_all()

    def wait(self, what, good, seconds=15.0):
        """Waits until good(state) is true; returns that state."""
        deadline = time.monotonic() + seconds
        with self._changed:
            while self.state is None or not good(self.state):
                left = deadline - time.monotonic()
                if left <= 0 or not self._changed.wait(left):
                    seen = self.state and self.state.get("banner")
                    raise TimeoutError(f"{what}: the page shows {seen} ({self.error or 'live'})")
            return self.state

    def banner(self):
        return self.state["banner"]["id"] if self.state else None

    def close(self):
        self._stop = True
