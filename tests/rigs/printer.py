"""A ZPL label printer that does not exist: TCP, ~HS, ~HQES, Set-Get-Do, odometer, paper, and faults.

Every label it "prints" is one file; what the documents say of real printers, and what goes wrong with
them, is in the README beside this file.
"""
import json
import pathlib
import re
import socket
import threading
import time

TOKEN = re.compile(rb'~HS|~HQES|~HI|~JX|~JA|\^XA|\^XZ|! U1 getvar "([^"\r\n]*)"\r?\n')
TAIL_MAX = 80  # a token is shorter than this; its beginning is kept until the rest comes
FORMAT_MAX = 1 << 20

FLAGS = ("paper_out", "paused", "head_open", "ribbon_out")
FIELDS = re.compile(rb"\^BC[^^]*(?:\^FH_)?\^FD(.*?)\^FS", re.S)


def now_ms():
    return int(time.time() * 1000)


def barcodes(zpl):
    """What the Code 128 symbols of a format hold: [{"aim","text"}]."""
    found = []
    for raw in FIELDS.findall(zpl):
        text = re.sub(rb"_([0-9A-F]{2})", lambda m: bytes([int(m[1], 16)]), raw)
        text = text.decode("utf-8", "replace")
        if text.startswith(">;>8"):
            found.append({"aim": "]C1", "text": text[4:]})
        else:
            found.append({"aim": "]C0", "text": text})
    return found


class Connection:
    def __init__(self, sock):
        self.sock, self.tail, self.held = sock, b"", b""

    def close(self):
        for end in (lambda: self.sock.shutdown(socket.SHUT_RDWR), self.sock.close):
            try:
                end()
            except OSError:
                pass


class Printer:
    def __init__(self, folder, host, port, serial="DLRIG0001", print_ms=300, on_change=lambda: None):
        self.folder = pathlib.Path(folder)
        (self.folder / "labels").mkdir(parents=True, exist_ok=True)
        self.on_change = on_change
        self.lock = threading.Condition(threading.RLock())
        self.state = {"serial": serial, "odometer": 4711, "print_ms": print_ms, "paper_out": False,
                      "paused": False, "head_open": False, "ribbon_out": False, "reads": True,
                      "answer": "normal", "late_ms": 1500, "counters": True, "odometer_step": 1,
                      "close": "", "pause_in_middle": False, "paper_out_in_middle": False}
        self.half = None         # bytes of an unfinished format; shared by all connections
        self.waiting = []        # formats received, not printed
        self.labels = []         # printed, newest last
        self.received = 0
        self.booted = time.monotonic()
        self.connections = set()
        self.host, self.port = host, port
        self.listener = None
        self.load()
        self.open()
        threading.Thread(target=self.print_loop, daemon=True).start()

    # ------------------------------------------------------------ memory of the paper
    def load(self):
        memory = self.folder / "printer.json"
        if memory.exists():
            kept = json.loads(memory.read_text())
            self.state.update(serial=kept["serial"], odometer=kept["odometer"])
        for paper in sorted((self.folder / "labels").glob("*.zpl")):
            self.labels.append(self.remember(paper))
        # The counter is a printer's own and survives all: paper that came out was counted.
        self.state["odometer"] = max([self.state["odometer"],
                                      *(label.get("odometer", 0) for label in self.labels)])

    def remember(self, paper):
        """What is known of a printed label, also when the rig was killed before it noted it."""
        try:
            return json.loads(paper.with_suffix(".json").read_text())
        except (OSError, json.JSONDecodeError):
            self.state["odometer"] += self.state["odometer_step"]
            return self.note(paper, paper.read_bytes(), now_ms())

    def keep(self):
        memory = self.folder / "printer.json"
        fresh = memory.with_suffix(".new")
        fresh.write_text(json.dumps({k: self.state[k] for k in ("serial", "odometer")}))
        fresh.replace(memory)

    # ------------------------------------------------------------ being there
    def open(self):
        with self.lock:
            if self.listener:
                return
            listener = socket.socket()
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((self.host, self.port))
            listener.listen(8)
            self.port = listener.getsockname()[1]
            self.listener = listener
        threading.Thread(target=self.accept_loop, args=(listener,), daemon=True).start()

    def close(self):
        """Switched off at the mains or unplugged: nobody listens, open connections end."""
        with self.lock:
            if self.listener:
                try:
                    self.listener.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
                self.listener.close()
                self.listener = None
            self.drop_connections()
            self.forget()
        self.on_change()

    def drop_connections(self):
        for connection in list(self.connections):
            connection.close()

    def forget(self):
        """Its memory is volatile: formats received are gone, nothing tells which."""
        self.half, self.waiting = None, []
        self.booted = time.monotonic()

    def restart(self):
        with self.lock:
            self.drop_connections()
            self.forget()
            self.lock.notify_all()
        self.on_change()

    def set(self, changes):
        unknown = [k for k in changes if k not in self.state]
        if unknown:
            raise ValueError(f"no such printer setting: {', '.join(unknown)}; "
                             f"there are {', '.join(sorted(self.state))}")
        for key, value in changes.items():
            if not isinstance(value, type(self.state[key])):
                raise ValueError(f"{key} must be of type {type(self.state[key]).__name__}")
        with self.lock:
            self.state.update(changes)
            self.keep()
            self.lock.notify_all()
        self.on_change()

    def second_client(self):
        """Another computer prints a label of its own on this printer."""
        with self.lock:
            self.waiting.append((b"^XA^FDsomebody else^FS^XZ", now_ms()))
            self.lock.notify_all()

    def view(self):
        with self.lock:
            return {**self.state, "address": f"{self.host}:{self.port}",
                    "open": self.listener is not None, "connections": len(self.connections),
                    "waiting": len(self.waiting), "half": self.half is not None,
                    "received": self.received, "printed": len(self.labels)}

    # ------------------------------------------------------------ the wire
    def accept_loop(self, listener):
        while True:
            try:
                sock, _ = listener.accept()
            except OSError:
                return
            connection = Connection(sock)
            with self.lock:
                self.connections.add(connection)
            threading.Thread(target=self.read_loop, args=(connection,), daemon=True).start()

    def read_loop(self, connection):
        self.on_change()
        try:
            while True:
                with self.lock:
                    while not self.state["reads"] and connection in self.connections:
                        self.lock.wait(0.2)
                data = connection.sock.recv(65536)
                if not data:
                    break
                self.feed(connection, data)
        except OSError:
            pass
        with self.lock:
            self.connections.discard(connection)
        connection.close()
        self.on_change()

    def feed(self, connection, data):
        data = connection.tail + data
        at = 0
        for token in TOKEN.finditer(data):
            self.text(data[at:token.start()])
            at = token.end()
            if not self.command(connection, token):
                connection.close()
                return
        rest = data[at:]
        # A token may be split over two reads: keep what could be its beginning.
        start = max(rest.rfind(mark, max(0, len(rest) - TAIL_MAX)) for mark in (b"~", b"^", b"!"))
        connection.tail = rest[start:] if start >= 0 else b""
        self.text(rest[:start] if start >= 0 else rest)

    def text(self, data):
        with self.lock:
            if self.half is not None and len(self.half) < FORMAT_MAX:
                self.half += data

    def command(self, connection, token):
        """Executes one token; False ends the connection."""
        word = token[0]
        with self.lock:
            if word == b"^XA":
                self.half = b"^XA"
            elif word == b"^XZ":
                return self.end_format()
            elif word == b"~JX":
                self.half = None
            elif word == b"~JA":
                self.waiting = self.waiting[:0]
            elif word == b"~HS":
                self.answer(connection, self.host_status(), status=True)
            elif word == b"~HQES":
                self.answer(connection, self.errors())
            elif word == b"~HI":
                self.answer(connection, b"\x02ZTC RIG-203dpi ZPL,V1.0,8,4194304\x03\r\n")
            elif self.state["counters"]:
                self.answer(connection, b'"' + self.variable(token[1].decode()).encode() + b'"')
        return True

    def end_format(self):
        if self.half is None:
            return True
        if self.state["close"] == "before_xz":
            self.state["close"] = ""
            return False  # half a format stays in the memory
        self.waiting.append((self.half + b"^XZ", now_ms()))
        self.half = None
        self.received += 1
        if self.state["pause_in_middle"]:
            self.state.update(pause_in_middle=False, paused=True)
        self.lock.notify_all()
        if self.state["close"] == "after_xz":
            self.state["close"] = ""
            return False
        return True

    def variable(self, name):
        return {"odometer.total_label_count": str(self.state["odometer"]),
                "device.unique_id": self.state["serial"],
                "device.uptime": str(int(time.monotonic() - self.booted))}.get(name, "?")

    def host_status(self):
        flag = {k: int(self.state[k]) for k in FLAGS}
        return (b"\x02030,%d,%d,1218,%03d,0,0,%d,000,0,0,0\x03\r\n"
                b"\x02001,0,%d,%d,0,2,0,0,%08d,1,000\x03\r\n\x020000,0\x03\r\n" %
                (flag["paper_out"], flag["paused"], len(self.waiting), self.half is not None,
                 flag["head_open"], flag["ribbon_out"], len(self.waiting)))

    def errors(self):
        bits = sum(bit for bit, key in ((1, "paper_out"), (2, "ribbon_out"), (4, "head_open"))
                   if self.state[key])
        return (b"\x02\r\nPRINTER STATUS\r\n ERRORS:         %d 00000000 %08X\r\n"
                b" WARNINGS:       0 00000000 00000000\r\n\x03" % (bits != 0, bits))

    def answer(self, connection, data, status=False):
        how = self.state["answer"]
        if how == "none" or (how == "no_hs" and status):
            return
        if how == "late":
            threading.Timer(self.state["late_ms"] / 1000, self.transmit, (connection, data)).start()
        elif how == "split":
            for i in range(len(data)):
                self.transmit(connection, data[i:i + 1])
        elif how == "glued" and not connection.held:
            connection.held = data  # comes with the next answer
        else:
            held, connection.held = connection.held, b""
            self.transmit(connection, held + data)

    @staticmethod
    def transmit(connection, data):
        try:
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.sock.sendall(data)
        except OSError:
            pass  # the other side went away; its read loop ends the connection

    # ------------------------------------------------------------ paper
    def can_print(self):
        return self.waiting and not any(self.state[k] for k in FLAGS)

    def print_loop(self):
        while True:
            with self.lock:
                while not self.can_print():
                    self.lock.wait()
                zpl, received_ms = self.waiting[0]
                boot, pause = self.booted, self.state["print_ms"] / 1000
            time.sleep(pause)
            with self.lock:
                if boot != self.booted or not self.can_print() or self.waiting[0][0] != zpl:
                    continue
                if self.state["paper_out_in_middle"]:
                    # The roll ends inside the label; after reloading it is printed again, whole.
                    self.state.update(paper_out_in_middle=False, paper_out=True)
                    continue
                self.state["odometer"] += self.state["odometer_step"]
                self.put_out(zpl, received_ms)
                self.waiting.pop(0)
                self.keep()
            self.on_change()

    def put_out(self, zpl, received_ms):
        number = self.labels[-1]["n"] + 1 if self.labels else 1
        file = self.folder / "labels" / f"{number:05d}.zpl"
        fresh = file.with_suffix(".new")
        fresh.write_bytes(zpl)
        fresh.replace(file)
        self.labels.append(self.note(file, zpl, received_ms))

    def note(self, file, zpl, received_ms):
        label = {"n": int(file.stem), "file": str(file), "at_ms": received_ms, "printed_ms": now_ms(),
                 "bytes": len(zpl), "codes": barcodes(zpl), "copy": b"^FDCOPY " in zpl,
                 "odometer": self.state["odometer"]}
        file.with_suffix(".json").write_text(json.dumps(label))
        return label
