#!/usr/bin/env python3
"""One bench without hardware: a scanner, a label printer, and a page to play the packer.

dockline_rig.py --folder DIR --scanner PATH --printer HOST:PORT --listen HOST:PORT [--title TEXT]
    [--server URL --token-file FILE --site SITE --station NAME | --offer FILE] [--page URL]

Port 0 picks a free one. The first line on stdout says what was opened, as JSON. Only loopback
addresses are accepted. Python's standard library is all it needs; pictures of labels need tests/label.
"""
import argparse
import http.server
import ipaddress
import json
import os
import pathlib
import signal
import subprocess
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from offer import Offer  # noqa: E402
from printer import Printer  # noqa: E402
from scanner import Scanner  # noqa: E402

HERE = pathlib.Path(__file__).parent
LABEL_TOOLS = HERE.parent / "label"
TYPES = {".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8",
         ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
BODY_MAX = 1 << 20


class Rig:
    def __init__(self, args):
        self.title, self.page = args.title, args.page
        self.version = 0
        self.folder = pathlib.Path(args.folder)
        self.scanner = Scanner(args.scanner, self.changed)
        self.printer = Printer(self.folder, *split_address(args.printer), print_ms=args.print_ms,
                               on_change=self.changed)
        self.offer = Offer(args.offer, args.server, args.token_file, args.site, args.station)
        self.drawing = threading.Lock()

    def changed(self):
        self.version += 1

    def state(self):
        return {"title": self.title, "page": self.page, "version": self.version,
                "scanner": self.scanner.view(), "printer": self.printer.view()}

    def labels(self):
        with self.printer.lock:
            return {"labels": list(self.printer.labels)}

    def label(self, number):
        with self.printer.lock:
            for label in self.printer.labels:
                if label["n"] == number:
                    return pathlib.Path(label["file"])
        raise FileNotFoundError(f"label {number} was not printed")

    def picture(self, number):
        """PNG of a printed label, drawn once by a foreign renderer."""
        zpl = self.label(number)
        png = zpl.with_suffix(".png")
        with self.drawing:
            if not png.exists():
                drawn = png.with_name(png.stem + ".new.png")
                done = subprocess.run(["node", str(LABEL_TOOLS / "render.mjs"), str(zpl), str(drawn)],
                                      capture_output=True, text=True, timeout=60, check=False)
                if done.returncode != 0:
                    raise RuntimeError("no picture: run tests/label/install.sh once; " +
                                       done.stderr.strip()[-300:])
                drawn.replace(png)
        return png.read_bytes()

    def scan(self, body):
        if "hex" in body:
            data = bytes.fromhex(body["hex"])
        else:
            data = (body.get("aim", "") + body["text"]).encode() + body.get("suffix", "\r\n").encode()
        return {"read": self.scanner.scan(data, 0.002 if body.get("slow") else 0.0)}

    def control_scanner(self, body):
        {"plug": self.scanner.plug, "unplug": self.scanner.unplug}[body["do"]]()
        return self.state()

    def control_printer(self, body):
        acts = {"open": self.printer.open, "close": self.printer.close,
                "restart": self.printer.restart, "second_client": self.printer.second_client}
        if "do" in body:
            acts[body["do"]]()
        if "set" in body:
            self.printer.set(body["set"])
        self.changed()
        return self.state()


def handler_for(rig, hosts):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def reply(self, status, kind, data, cache="no-store"):
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(data)))
            self.send_header("cache-control", cache)
            self.send_header("content-security-policy", "default-src 'self'; frame-ancestors 'none'")
            self.send_header("x-content-type-options", "nosniff")
            self.end_headers()
            self.wfile.write(data)

        def reply_json(self, value, status=200):
            self.reply(status, "application/json", json.dumps(value).encode())

        def guarded(self, work):
            if self.headers.get("host", "") not in hosts:
                self.reply_json({"error": "unknown host name: use the printed address"}, 421)
                return
            try:
                work()
            except (KeyError, ValueError, TypeError) as error:
                self.reply_json({"error": f"bad request: {error}"}, 400)
            except FileNotFoundError as error:
                self.reply_json({"error": str(error)}, 404)
            except (RuntimeError, subprocess.TimeoutExpired) as error:
                self.reply_json({"error": str(error)}, 503)
            except BrokenPipeError:
                self.close_connection = True

        def do_GET(self):
            self.guarded(self.get)

        def do_POST(self):
            self.guarded(self.post)

        def get(self):
            path = self.path.split("?")[0]
            views = {"/state": rig.state, "/labels": rig.labels, "/offer": rig.offer.view}
            if path in views:
                self.reply_json(views[path]())
            elif path.startswith("/labels/"):
                number, _, kind = path.removeprefix("/labels/").partition(".")
                if kind == "png":
                    self.reply(200, "image/png", rig.picture(int(number)), "max-age=86400")
                else:
                    self.reply(200, "text/plain; charset=utf-8", rig.label(int(number)).read_bytes())
            else:
                self.file("index.html" if path == "/" else path.lstrip("/"))

        def file(self, name):
            files = {f.name: f for f in (HERE / "web").iterdir()}
            if name not in files:
                raise FileNotFoundError(f"no page {name}")
            self.reply(200, TYPES[files[name].suffix], files[name].read_bytes())

        def post(self):
            if self.headers.get("content-type", "").split(";")[0] != "application/json":
                raise ValueError("send JSON as application/json")
            length = int(self.headers.get("content-length", "0"))
            if length > BODY_MAX:
                raise ValueError("body too large")
            body = json.loads(self.rfile.read(length) or b"{}")
            acts = {"/scan": rig.scan, "/scanner": rig.control_scanner,
                    "/printer": rig.control_printer}
            if self.path not in acts:
                raise FileNotFoundError(f"no such control {self.path}")
            self.reply_json(acts[self.path](body))

    return Handler


def split_address(text):
    host, _, port = text.rpartition(":")
    if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
        raise SystemExit(f"{text}: the rig opens loopback addresses only")
    return host, int(port)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", required=True, help="where printed labels are kept")
    parser.add_argument("--scanner", required=True, help="path for the pseudo-terminal")
    parser.add_argument("--printer", default="127.0.0.1:0")
    parser.add_argument("--listen", default="127.0.0.1:0", help="page and control")
    parser.add_argument("--title", default="Bench")
    parser.add_argument("--print-ms", type=int, default=300, help="how long one label takes")
    parser.add_argument("--offer", help="JSON file of orders and items to offer")
    parser.add_argument("--server", help="address of the Dockline server, for orders to offer")
    parser.add_argument("--token-file", help="the server's API token")
    parser.add_argument("--site", help="offer orders of this site...")
    parser.add_argument("--station", help="...and this station")
    parser.add_argument("--page", default="", help="address of the packer's screen, for a link")
    args = parser.parse_args()

    rig = Rig(args)
    host, port = split_address(args.listen)
    hosts = set()
    server = http.server.ThreadingHTTPServer((host, port), handler_for(rig, hosts))
    server.daemon_threads = True
    port = server.server_address[1]
    hosts.update({f"{host}:{port}", f"localhost:{port}"})
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    print(json.dumps({"listen": f"http://{host}:{port}", "scanner": str(rig.scanner.path),
                      "printer": f"{rig.printer.host}:{rig.printer.port}", "pid": os.getpid()}),
          flush=True)
    server.serve_forever(poll_interval=0.2)
    rig.scanner.unplug()
    rig.printer.close()


if __name__ == "__main__":
    main()
