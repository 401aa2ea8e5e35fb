"""A packer with a scanner in hand: packs whole orders by scans alone and looks at the page."""
import time

from fleet import Failed, wait_for
from ws import PageWatch


class Packer:
    def __init__(self, station):
        self.station = station
        self.page = PageWatch(station.url())
        self.last = None

    def scan(self, text):
        """One scan, and the next answer (sound) of the station."""
        if text == self.last:  # a second piece of the same: sooner would be a doubled scan
            time.sleep(0.5)
        self.last = text
        before = self.page.state["sound_seq"] if self.page.state else -1
        self.station.rig_post("/scan", {"text": text})
        return self.page.wait(f"answer to scan '{text}' at {self.station.title}",
                              lambda s: s["sound_seq"] > before)

    def wait(self, banner, seconds=15.0):
        wanted = {banner} if isinstance(banner, str) else set(banner)
        return self.page.wait(f"'{banner}' at {self.station.title}",
                              lambda s: s["banner"]["id"] in wanted, seconds)

    def banner_is(self, banner):
        return self.page.banner() == banner

    def see_order(self, number, seconds=15.0):
        """Waits until the order is leased to this station and listed on its page."""
        def listed(state):
            return state["body"]["kind"] == "queue" and state["body"]["total"] > 0
        self.page.wait(f"order {number} at {self.station.title}", listed, seconds)

    def labels(self):
        return self.station.rig_get("/labels")["labels"]

    def pack(self, number, barcodes):
        """Order, items, label, label scan. `barcodes` has one entry a piece.

        Returns the label as the printer got it: file, and at_ms, when its last byte came."""
        known = len(self.labels())
        state = self.scan(number)
        if state["banner"]["id"] not in ("order-open", "note-step"):
            raise Failed(f"scan of order {number}: the page shows {state['banner']}")
        for code in barcodes:
            state = self.scan(code)
            if state["banner"]["id"] not in ("item-accepted", "printing", "label-scan"):
                raise Failed(f"scan of item {code}: the page shows {state['banner']}")
        label = wait_for(f"label of {number} at the printer",
                         lambda: next(iter(self.labels()[known:]), None))
        self.wait("label-scan")
        return label

    def close(self, code):
        """Scans the printed label itself: only that closes the order."""
        state = self.scan(code)
        if state["banner"]["id"] != "order-closed":
            raise Failed(f"scan of label {code}: the page shows {state['banner']}")
        return state
