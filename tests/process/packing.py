"""A packer whose bench may die at any moment: does what the page asks for, and remembers every answer.

Only what a person could know is used: the page, the box, and the labels that came out of the printer.
"""
import http.client
import time
import urllib.error

from fleet import Failed, now_ms, wait_for
from ws import PageWatch

GOOD = {"tick", "tock", "done", "silence", "back"}
NO = "DLKNO"  # command() adds the check letter
DOUBLED_S = 0.45  # the same code sooner than 400 ms is one scan


def command(five):
    """A command barcode with its check letter (UI.md section 4)."""
    alphabet = "BCDEFGHIJKLNOPRSTUV"
    return five + alphabet[sum((i + 1) * alphabet.index(c) for i, c in enumerate(five)) % 19]


def says_full(page):
    return page is not None and page["body"]["kind"] == "full"


class Order:
    def __init__(self, detail, barcodes):
        self.id, self.number, self.tracking = detail["id"], detail["number"], detail["tracking"]
        self.want = {line["sku"]: line["quantity"] for line in detail["lines"]}
        self.barcodes = {sku: barcodes[sku] for sku in self.want}


class Memory:
    """What the bench answered, as heard; and what was sent to it."""

    def __init__(self):
        self.scans = {}      # text -> times handed to the scanner
        self.answered = {}   # text -> times any answer came
        self.counted = {}    # (order, sku) -> pieces answered as counted
        self.closed = set()  # orders answered as closed
        self.said_no = []    # orders whose label did not come out

    @staticmethod
    def add(where, key):
        where[key] = where.get(key, 0) + 1


class Bench:
    def __init__(self, station):
        self.station = station
        self.memory = Memory()
        self.life = 0  # the killer raises it whenever it kills the agent
        # Sounds until then may be about the devices and not an answer: the rig was killed.
        self.doubt_until = 0.0
        self.page, self.page_life = None, -1
        self.last = ("", 0.0)

    def state(self, seconds=240.0):
        """What the page of the living agent shows. An agent may be frozen for minutes."""
        until = time.monotonic() + seconds
        while True:
            if self.page_life != self.life:
                if self.page:
                    self.page.close()
                self.page_life = self.life
                self.page = PageWatch(self.station.url())
            try:
                return self.page.wait("the page", lambda s: True, 1.0)
            except TimeoutError:
                if time.monotonic() > until:
                    raise

    def scan(self, text):
        """Scans and waits for the answer. (before, after); after is None when nobody answered."""
        wait = DOUBLED_S - (time.monotonic() - self.last[1])
        if self.last[0] == text and wait > 0:
            time.sleep(wait)
        if time.monotonic() < self.doubt_until:
            time.sleep(0.2)
        before, life = self.state(), self.life
        self.memory.add(self.memory.scans, text)
        self.last = (text, time.monotonic())
        try:
            self.station.rig_post("/scan", {"text": text})
        except urllib.error.HTTPError as error:
            raise Failed(f"the scanner rig refused '{text}': {error.read()[:300]!r}") from error
        except (OSError, http.client.HTTPException):  # the rig was killed: nobody knows what it sent
            wait_for("the rig is back", lambda: self.rig("/state"), 30)
        deadline = time.monotonic() + 2.0
        while time.monotonic() < deadline and life == self.life:
            after = self.page.state
            # "Nothing can be saved" is the answer that this scan does not count. A sheet's report that
            # was saved in that very moment raises the counter of sounds all the same.
            if says_full(before) or says_full(after):
                return before, None
            if after and after["sound_seq"] != before["sound_seq"]:
                if time.monotonic() > self.doubt_until:
                    self.memory.add(self.memory.answered, text)
                return before, after
            time.sleep(0.002)
        return before, None

    def labels(self, tracking):
        """Labels of this parcel that came out, once the printer is quiet."""
        wait_for("the printer is quiet",
                 lambda: not self.rig("/state")["printer"]["waiting"], 15)
        tray = wait_for("what the printer gave", lambda: self.rig("/labels"), 30)
        return [label for label in tray["labels"]
                if any(code["text"] == tracking for code in label["codes"])]

    def rig(self, path):
        """An answer that the rig's death cut off is none."""
        try:
            return self.station.rig_get(path)
        except http.client.HTTPException as error:
            raise OSError(f"the rig broke off: {error}") from error

    def count(self, order, sku):
        before, after = self.scan(order.barcodes[sku])
        if not after or not after["order"] or after["order"]["id"] != order.id:
            return
        more = after["order"]["pieces_done"] - before["order"]["pieces_done"]
        if more not in (0, 1):
            raise Failed(f"one scan counted {more} pieces of {order.number}")
        if more == 1 and after["sound"] in GOOD:
            self.memory.add(self.memory.counted, (order.id, sku))

    def close(self, order):
        _, after = self.scan(order.tracking)
        if after and after["banner"]["id"] == "order-closed":
            self.memory.closed.add(order.id)

    def answer_question(self, order):
        if self.labels(order.tracking):
            self.close(order)
        else:
            self.memory.said_no.append(order.id)
            self.scan(command(NO))

    def step(self, order):
        """One move towards closing the order. True when it is known to be closed."""
        state = self.state()
        shown = state["order"]
        if order.id in self.memory.closed:
            return True
        if shown is None:
            _, after = self.scan(order.number)
            return bool(after) and after["banner"]["id"] == "order-done"
        if shown["id"] != order.id:
            raise Failed(f"{order.number} is in work, the page shows {shown['number']}")
        kind = state["body"]["kind"]
        if kind == "question":
            self.answer_question(order)
        elif kind == "lines":
            todo = [line for line in state["body"]["lines"] if line["have"] < line["want"]]
            other = [line for line in todo if order.barcodes[line["sku"]] != self.last[0]]
            if todo:
                self.count(order, (other or todo)[0]["sku"])
        elif kind == "ladder" and self.labels(order.tracking):
            self.close(order)
        time.sleep(0.01)
        return False

    def pack(self, order, seconds=120.0):
        until, life = time.monotonic() + seconds, self.life
        while not self.step(order):
            if life != self.life:  # what an end or a frost of the agent cost is not its fault
                until, life = time.monotonic() + seconds, self.life
            if time.monotonic() > until:
                state = self.state()
                raise Failed(f"{order.number} is not closed after {seconds:.0f} s: banner "
                             f"{state['banner']}, body {state['body']['kind']}, at {now_ms()}")
