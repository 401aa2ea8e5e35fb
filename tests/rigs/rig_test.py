#!/usr/bin/env python3
"""The rig against its own description: what it scans arrives, what it prints is a file, and every fault
can be had."""
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import termios
import time
import tty
import unittest
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE))
LABEL = b"^XA^FO1,1^BY3^BCN,104,N,N,N,A^FH_^FDA_5EB^FS^BCN,1,N,N,N,N^FD>;>800340123450000000123^FS^XZ"


class RigTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="dockline-rig-")
        self.scanner = pathlib.Path(self.folder.name) / "scanner"
        self.start()

    def tearDown(self):
        self.stop()
        self.folder.cleanup()

    def start(self):
        self.rig = subprocess.Popen(
            [sys.executable, str(HERE / "dockline_rig.py"), "--folder", self.folder.name,
             "--scanner", str(self.scanner), "--print-ms", "50", "--title", "Bench 4"],
            stdout=subprocess.PIPE, text=True)
        opened = json.loads(self.rig.stdout.readline())
        self.base, self.printer = opened["listen"], opened["printer"]

    def stop(self):
        self.rig.terminate()
        self.rig.wait(5)
        self.rig.stdout.close()

    def get(self, path):
        with urllib.request.urlopen(self.base + path, timeout=30) as answer:
            return json.loads(answer.read())

    def post(self, path, body, kind="application/json", host=None):
        request = urllib.request.Request(self.base + path, json.dumps(body).encode(),
                                         {"content-type": kind, **({"host": host} if host else {})})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())

    def connect(self):
        host, _, port = self.printer.partition(":")
        sock = socket.create_connection((host, int(port)), 5)
        sock.settimeout(5)
        return sock

    def ask(self, sock, question, until):
        sock.sendall(question)
        data = b""
        while not data.endswith(until):
            part = sock.recv(4096)
            if not part:
                raise ConnectionResetError("closed")
            data += part
        return data

    def status(self, sock):
        data = self.ask(sock, b"~HS\r\n", b"\x020000,0\x03\r\n")
        return data.decode().replace("\r\n", "").strip("\x02\x03").split("\x03\x02")

    def value(self, sock, name):
        answer = self.ask(sock, f'! U1 getvar "{name}"\r\n'.encode(), b'"')
        if answer == b'"':
            answer += self.ask(sock, b"", b'"')
        return answer.decode().strip('"')

    def printed(self, count):
        for _ in range(200):
            labels = self.get("/labels")["labels"]
            if len(labels) >= count:
                return labels
            time.sleep(0.02)
        self.fail(f"{count} labels expected, {len(labels)} printed")

    # ------------------------------------------------------------ scanner
    def open_scanner(self):
        handle = os.open(self.scanner, os.O_RDWR | os.O_NOCTTY)
        tty.setraw(handle, termios.TCSANOW)
        return handle

    def test_a_scan_arrives_with_its_suffix(self):
        import threading
        handle = self.open_scanner()
        got = []
        reader = threading.Thread(target=lambda: got.append(os.read(handle, 100)))
        reader.start()
        self.assertTrue(self.post("/scan", {"text": "00340", "aim": "]C1"})["read"])
        reader.join(5)
        self.assertEqual(got, [b"]C100340\r\n"])
        os.close(handle)

    def test_a_scan_nobody_reads_is_gone_as_with_a_real_scanner(self):
        self.assertFalse(self.post("/scan", {"text": "lost"})["read"])
        handle = self.open_scanner()
        os.set_blocking(handle, False)
        with self.assertRaises(BlockingIOError):
            os.read(handle, 100)
        os.close(handle)

    def test_unplug_hangs_up_and_the_path_comes_back(self):
        handle = self.open_scanner()
        self.post("/scanner", {"do": "unplug"})
        self.assertFalse(self.scanner.exists())
        try:
            self.assertEqual(os.read(handle, 10), b"")
        except OSError as error:
            self.assertEqual(error.errno, 5)
        os.close(handle)
        with self.assertRaises(urllib.error.HTTPError):
            self.post("/scan", {"text": "x"})
        self.assertTrue(self.post("/scanner", {"do": "plug"})["scanner"]["plugged"])
        self.assertTrue(self.scanner.exists())

    # ------------------------------------------------------------ printer
    def test_prints_one_file_a_label_and_counts(self):
        sock = self.connect()
        self.assertEqual(self.value(sock, "odometer.total_label_count"), "4711")
        for part in (b"~JX\r\n" + LABEL[:20], LABEL[20:21], LABEL[21:] + LABEL):
            sock.sendall(part)
            time.sleep(0.02)
        labels = self.printed(2)
        self.assertEqual(pathlib.Path(labels[0]["file"]).read_bytes(), LABEL)
        self.assertEqual(labels[0]["codes"], [{"aim": "]C0", "text": "A^B"},
                                              {"aim": "]C1", "text": "00340123450000000123"}])
        self.assertEqual(self.value(sock, "odometer.total_label_count"), "4713")
        self.assertEqual(self.status(sock)[0], "030,0,0,1218,000,0,0,0,000,0,0,0")
        self.assertEqual(self.value(sock, "no.such.variable"), "?")
        sock.close()
        self.stop()
        self.start()  # paper and counter stay, uptime starts again
        sock = self.connect()
        self.assertEqual(self.value(sock, "odometer.total_label_count"), "4713")
        self.assertEqual(len(self.get("/labels")["labels"]), 2)
        sock.close()

    def test_paper_out_holds_the_label_and_prints_it_whole_after_reloading(self):
        self.post("/printer", {"set": {"paper_out_in_middle": True}})
        sock = self.connect()
        sock.sendall(LABEL)
        for _ in range(100):
            if self.get("/state")["printer"]["paper_out"]:
                break
            time.sleep(0.02)
        self.assertEqual(self.status(sock)[0], "030,1,0,1218,001,0,0,0,000,0,0,0")
        self.assertIn(b"00000001", self.ask(sock, b"~HQES\r\n", b"\x03"))
        self.post("/printer", {"set": {"paper_out": False}})
        self.printed(1)
        self.assertEqual(self.value(sock, "odometer.total_label_count"), "4712")
        sock.close()

    def test_closes_before_or_after_the_end_of_a_format(self):
        for how, half, received in (("before_xz", True, 0), ("after_xz", True, 1)):
            self.post("/printer", {"set": {"close": how}})
            sock = self.connect()
            sock.sendall(LABEL)
            with self.assertRaises(ConnectionResetError):
                self.ask(sock, b"", b"never")
            sock.close()
            view = self.get("/state")["printer"]
            self.assertEqual((view["half"], view["received"]), (half and how == "before_xz", received))
            sock = self.connect()
            sock.sendall(b"~JX\r\n")
            self.status(sock)
            self.assertFalse(self.get("/state")["printer"]["half"])
            sock.close()

    def test_answers_late_split_glued_or_not_at_all(self):
        for how in ("split", "late"):
            self.post("/printer", {"set": {"answer": how, "late_ms": 100}})
            sock = self.connect()
            self.assertEqual(len(self.status(sock)), 3)
            sock.close()
        self.post("/printer", {"set": {"answer": "glued"}})
        sock = self.connect()
        sock.sendall(b"~HS\r\n")
        answers = self.ask(sock, b"~HS\r\n", b"\x020000,0\x03\r\n")
        while answers.count(b"\x02") < 6:
            answers += sock.recv(4096)
        self.assertEqual(answers.count(b"\x02030"), 2)
        self.post("/printer", {"set": {"answer": "no_hs"}})
        sock.sendall(b"~HS\r\n")
        self.assertIn(b"ERRORS", self.ask(sock, b"~HQES\r\n", b"\x03"))
        sock.close()

    def test_restarts_and_forgets(self):
        self.post("/printer", {"set": {"paused": True}})
        sock = self.connect()
        sock.sendall(LABEL)
        for _ in range(100):
            if self.get("/state")["printer"]["waiting"]:
                break
            time.sleep(0.02)
        self.post("/printer", {"do": "restart"})
        self.assertEqual(sock.recv(10), b"")
        sock.close()
        self.assertEqual(self.get("/state")["printer"]["waiting"], 0)

    def test_goes_away_and_comes_back_on_the_same_port(self):
        self.post("/printer", {"do": "close"})
        with self.assertRaises(OSError):
            self.connect()
        self.post("/printer", {"do": "open"})
        self.connect().close()

    def test_odometer_faults_and_a_second_client(self):
        self.post("/printer", {"set": {"odometer_step": 2}})
        sock = self.connect()
        sock.sendall(LABEL)
        self.printed(1)
        self.assertEqual(self.value(sock, "odometer.total_label_count"), "4713")
        self.post("/printer", {"set": {"odometer": 12, "serial": "OTHER", "odometer_step": 1}})
        self.assertEqual(self.value(sock, "device.unique_id"), "OTHER")
        self.post("/printer", {"do": "second_client"})
        self.printed(2)
        self.assertEqual(self.value(sock, "odometer.total_label_count"), "13")
        sock.close()

    # ------------------------------------------------------------ page and control
    def test_serves_its_page_and_refuses_foreign_hosts_and_forms(self):
        with urllib.request.urlopen(self.base + "/", timeout=5) as page:
            self.assertIn(b"rig.js", page.read())
        for body, kind, host, status in (({}, "text/plain", None, 400),
                                         ({}, "application/json", "evil.example", 421),
                                         ({"set": {"papre_out": True}}, "application/json", None, 400)):
            with self.assertRaises(urllib.error.HTTPError) as caught:
                self.post("/printer", body, kind, host)
            self.assertEqual(caught.exception.code, status)
            caught.exception.close()
        with self.assertRaises(urllib.error.HTTPError) as caught:
            self.get("/..%2frig_test.py")
        self.assertEqual(caught.exception.code, 404)
        caught.exception.close()


class OfferTest(unittest.TestCase):
    def test_keeps_what_it_offered_while_the_server_is_away(self):
        import http.server
        import threading
        from offer import Offer
        answers = {"/api/v1/orders?state=released&limit=50": {"items": [
                       {"id": "shop:A 1", "number": "A 1", "customer": "M", "site": "s", "station": "b"},
                       {"id": "shop:B", "number": "B", "site": "s", "station": "other"}]},
                   "/api/v1/orders/shop:A%201": {"lines": [{"sku": "K/1", "title": "mug", "quantity": 2}]},
                   "/api/v1/stock/K%2F1": {"barcodes": [{"code": "4006381333931", "pieces": 1}]}}

        class Server(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def do_GET(self):
                body = json.dumps(answers[self.path]).encode()
                self.send_response(200)
                self.end_headers()
                self.wfile.write(body)

        server = http.server.HTTPServer(("127.0.0.1", 0), Server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with tempfile.NamedTemporaryFile("w", suffix="-token") as token:
            token.write("t")
            token.flush()
            offer = Offer(None, f"http://127.0.0.1:{server.server_address[1]}", token.name, "s", "b")
            seen = offer.view()["orders"]
            self.assertEqual([o["number"] for o in seen], ["A 1"])
            self.assertEqual(seen[0]["lines"][0]["barcode"], "4006381333931")
            server.shutdown()
            server.server_close()
            offer.kept_at = -100
            later = offer.view()
        self.assertEqual(later["orders"], seen)
        self.assertIn("does not answer", later["note"])


if __name__ == "__main__":
    unittest.main()
