#!/usr/bin/env python3
"""Every printer fault of the list, through a real socket: what does the hub say became of the label?

usage: faults_test.py PATH-OF-device_driver
"""
import json
import pathlib
import queue
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.request

RIG = pathlib.Path(__file__).parents[1] / "rigs" / "dockline_rig.py"
DRIVER = sys.argv.pop(1) if len(sys.argv) > 1 else "device_driver"
FINAL = {"refused", "confirmed", "not_printed", "uncertain"}


class Lines:
    """Lines of a process, with patience."""

    def __init__(self, argv):
        self.proc = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.lines = queue.Queue()
        threading.Thread(target=self.pump, daemon=True).start()

    def pump(self):
        for line in self.proc.stdout:
            self.lines.put(line.rstrip("\n").split("\t"))

    def say(self, line):
        self.proc.stdin.write(line + "\n")
        self.proc.stdin.flush()

    def wait(self, wanted, seconds):
        until = time.monotonic() + seconds
        seen = []
        while True:
            try:
                line = self.lines.get(timeout=max(until - time.monotonic(), 0.01))
            except queue.Empty:
                raise AssertionError(f"not within {seconds} s; seen: {seen}") from None
            seen.append(line)
            if wanted(line):
                return line

    def stop(self):
        self.proc.kill()
        self.proc.wait()
        self.proc.stdin.close()
        self.proc.stdout.close()


class FaultsTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="dockline-faults-")
        self.rig = Lines([sys.executable, str(RIG), "--folder", self.folder.name,
                          "--scanner", self.folder.name + "/scanner", "--print-ms", "100"])
        opened = json.loads(self.rig.lines.get(timeout=20)[0])
        self.base = opened["listen"]
        self.address = "tcp://" + opened["printer"]
        self.hub = None
        self.start_hub()

    def tearDown(self):
        self.hub.stop()
        self.rig.stop()
        self.folder.cleanup()

    def start_hub(self):
        if self.hub:
            self.hub.stop()
        self.hub = Lines([DRIVER, self.address])
        self.hub.wait(lambda l: l[:2] == ["device", "ready"], 10)

    def printer(self, **body):
        request = urllib.request.Request(self.base + "/printer", json.dumps(body).encode(),
                                         {"content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())["printer"]

    def labels(self):
        with urllib.request.urlopen(self.base + "/labels", timeout=10) as answer:
            return json.loads(answer.read())["labels"]

    def step(self, step, seconds=15):
        return self.hub.wait(lambda l: l[0] == "print" and l[2] == step, seconds)

    def end(self, seconds=20):
        return self.hub.wait(lambda l: l[0] == "print" and l[2] in FINAL, seconds)

    def check(self, step, labels, seconds=20):
        line = self.end(seconds)
        self.assertEqual(line[2], step, line)
        self.assertEqual(len(self.labels()), labels)
        return line

    def test_no_fault(self):
        self.hub.say("print j1")
        self.assertIn("odometer 4711 -> 4712", self.check("confirmed", 1)[4])

    def test_close_before_the_last_byte(self):
        self.printer(set={"close": "before_xz"})
        self.hub.say("print j1")
        self.check("not_printed", 0)
        self.hub.say("print j2")  # half a format must not join the next one
        self.check("confirmed", 1)
        self.assertNotIn("j1", pathlib.Path(self.labels()[0]["file"]).read_text())

    def test_close_after_the_last_byte(self):
        self.printer(set={"close": "after_xz"})
        self.hub.say("print j1")
        self.check("confirmed", 1)

    def test_accepts_and_never_reads(self):
        self.printer(set={"reads": False})
        self.hub.say("print j1")
        self.check("refused", 0)

    def test_answers_late_split_or_glued(self):
        for how, late_ms in (("late", 400), ("split", 0), ("glued", 0)):
            self.printer(set={"answer": how, "late_ms": late_ms})
            before = len(self.labels())
            self.hub.say(f"print {how}")
            self.check("confirmed", before + 1)

    def test_does_not_answer_at_all(self):
        for how in ("no_hs", "none"):
            self.printer(set={"answer": how})
            self.hub.say("print j1")
            self.check("refused", 0)

    def test_pause_in_the_middle(self):
        self.printer(set={"pause_in_middle": True})
        self.hub.say("print j1")
        self.assertEqual(self.step("waiting")[3], "paused")
        self.printer(set={"paused": False})
        self.check("confirmed", 1)

    def test_paper_out_then_the_printer_repeats_the_label(self):
        self.printer(set={"paper_out_in_middle": True})
        self.hub.say("print j1")
        self.assertEqual(self.step("waiting")[3], "paper_out")
        self.printer(set={"paper_out": False})
        self.check("confirmed", 1)

    def test_restart_and_forget(self):
        time.sleep(1.1)  # an uptime that can fall
        self.printer(set={"pause_in_middle": True})
        self.hub.say("print j1")
        self.step("waiting")
        time.sleep(6)  # longer than the tolerance between two computed boot times
        self.printer(do="restart")
        self.printer(set={"paused": False})
        self.assertIn("off and on", self.check("uncertain", 0)[4])

    def test_odometer_moves_by_two(self):
        self.printer(set={"odometer_step": 2})
        self.hub.say("print j1")
        self.check("uncertain", 1)

    def test_odometer_is_lower_because_the_printer_was_replaced(self):
        self.printer(set={"pause_in_middle": True})
        self.hub.say("print j1")
        self.step("waiting")
        self.printer(do="close")
        self.printer(set={"serial": "OTHER", "odometer": 12, "paused": False})
        self.printer(do="open")
        self.assertIn("another printer", self.check("uncertain", 0)[4])

    def test_a_second_client_prints_in_between(self):
        self.printer(set={"pause_in_middle": True})
        self.hub.say("print j1")
        self.step("waiting")
        self.printer(do="second_client")
        self.printer(set={"paused": False})
        self.check("uncertain", 2)

    def test_a_clone_without_counters(self):
        self.printer(set={"counters": False})
        self.hub.say("print j1")
        self.assertIn("counts no labels", self.check("confirmed", 1)[4])

    def test_this_computer_dies_while_printing(self):
        for moved, step in ((0, "not_printed"), (1, "confirmed"), (2, "uncertain")):
            self.printer(set={"pause_in_middle": True})
            self.hub.say("print j1")
            mark = self.step("prepared")[5:9]
            self.step("waiting")
            self.start_hub_paused()
            # The label comes out while nobody looks; the count says what the case is about.
            self.printer(set={"odometer": int(mark[1]) + moved - 1, "paused": False})
            while self.printer()["waiting"]:
                time.sleep(0.05)
            self.hub.say("recover j1 " + " ".join(mark))
            self.assertEqual(self.end()[2], step)

    def start_hub_paused(self):
        self.hub.stop()
        self.hub = Lines([DRIVER, self.address])
        self.hub.wait(lambda l: l[:2] == ["device", "paused"], 10)


if __name__ == "__main__":
    unittest.main()
