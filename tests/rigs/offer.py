"""What the bench panel offers to scan: orders and items from the server's API or from a file."""
import json
import pathlib
import threading
import time
import urllib.parse
import urllib.request

# UI.md section 4: command barcodes.
COMMANDS = [{"name": name, "code": code} for name, code in (
    ("CONFIRM", "DLKCOV"), ("NO", "DLKNOC"), ("OTHER", "DLKOTH"), ("UNDO", "DLKUNC"),
    ("QTY", "DLKNUI"), ("REPRINT", "DLKREH"), ("SHORT", "DLKSHH"), ("HOLD", "DLKHOB"),
    ("PROBLEM", "DLKPRB"), ("HELP", "DLKHEE"), ("COUNT", "DLKCNP"))]
DIGITS = [{"name": str(n), "code": "DLK" + code} for n, code in enumerate(
    ("VBI", "VCO", "VDU", "VEE", "VFJ", "VGP", "VHV", "VIF", "VJK", "VKR"))]
ORDERS_MAX = 12
FRESH_S = 1.5


class Offer:
    def __init__(self, file=None, server=None, token_file=None, site=None, station=None):
        self.file, self.server, self.token_file = file, server, token_file
        self.site, self.station = site, station
        self.lock = threading.Lock()
        self.kept, self.kept_at = None, 0.0
        self.barcodes = {}

    def view(self):
        with self.lock:
            if self.kept is None or time.monotonic() > self.kept_at + FRESH_S:
                self.kept = {"commands": COMMANDS, "digits": DIGITS, "orders": [], "items": [],
                             "note": "", **self.read()}
                self.kept_at = time.monotonic()
            return self.kept

    def read(self):
        try:
            if self.file:
                return json.loads(pathlib.Path(self.file).read_text())
            if self.server:
                return self.from_server()
        except (OSError, ValueError, KeyError) as error:
            # Orders in the rack do not vanish because the server does: a packer packs on.
            kept = self.kept or {}
            return {"orders": kept.get("orders", []), "items": kept.get("items", []),
                    "note": f"as last seen, the server does not answer ({error})"}
        return {"note": "start the rig with --server or --offer to see orders here"}

    def get(self, path):
        request = urllib.request.Request(self.server.rstrip("/") + "/api/v1" + path)
        token = pathlib.Path(self.token_file).read_text().strip()
        request.add_header("authorization", "Bearer " + token)
        with urllib.request.urlopen(request, timeout=3) as answer:
            return json.loads(answer.read())

    def barcode(self, sku):
        """The first barcode of an item; it does not change while the rig runs."""
        if sku not in self.barcodes:
            found = self.get("/stock/" + urllib.parse.quote(sku, safe="")).get("barcodes") or []
            first = found[0] if found else None
            self.barcodes[sku] = first.get("code") if isinstance(first, dict) else first
        return self.barcodes[sku]

    def from_server(self):
        query = urllib.parse.urlencode({"state": "released", "limit": 50})
        orders = []
        for row in self.get("/orders?" + query)["items"]:
            mine = row.get("site") in (None, self.site) and row.get("station") in (None, self.station)
            if mine and len(orders) < ORDERS_MAX:
                detail = self.get("/orders/" + urllib.parse.quote(row["id"], safe=":"))
                orders.append({"number": row["number"], "title": row.get("customer") or "",
                               "lines": [self.line(line) for line in detail["lines"]]})
        return {"orders": orders, "note": "" if orders else "no order is leased to this bench now"}

    def line(self, line):
        return {"sku": line["sku"], "title": line.get("title") or "",
                "quantity": line["quantity"], "barcode": self.barcode(line["sku"])}
