"""Lots, serials and bins in what others read of us: EPCIS 2.0 events of goods that can be traced. Checked against GS1's
schema as exports_test.py does, whose server and questions these are."""
import json
import subprocess
import unittest
from collections import Counter

import exports_test as day

setUpModule, tearDownModule = day.setUpModule, day.tearDownModule


class TracedGoods(unittest.TestCase):
    """Lots, serials and bins: received, put elsewhere, sent to another site, found, counted, packed."""

    UNTIL = 4_102_444_800_000 + 86_400_000  # good for the whole first of January 2100

    @classmethod
    def setUpClass(cls):
        of_lot = {"lot": "L/7", "expires_ms": cls.UNTIL}
        day.ask("POST", "/receipts", {"sku": "CUP", "site": "leipzig", "quantity": 6, "damaged": 1, "by": "ada",
                                      "bin": "R-2", "lot": of_lot})
        day.ask("POST", "/receipts", {"sku": "CUP", "site": "leipzig", "quantity": 1, "by": "ada",
                                      "lot": {**of_lot, "serial": "S1"}})
        day.ask("POST", "/receipts", {"sku": "ODD ÖL:1", "site": "leipzig", "quantity": 2, "by": "ada", "lot": {"lot": "L/7"}})

        def move(**more):
            day.ask("POST", "/stock/move", {"sku": "CUP", "site": "leipzig", "from": "shelf", "to": "shelf",
                                            "reason": "tidied", **more})
        move(quantity=2, from_bin="R-2", to_bin="R 3")
        move(quantity=1, **{"from_bin": "R-2", "to": "quarantine", "lot": of_lot})
        move(quantity=1, **{"from": "adjustment", "lot": {**of_lot, "serial": "S2"}})
        transfer = day.ask("POST", "/transfers", {"sku": "CUP", "from_site": "leipzig", "to_site": "venlo",
                                                  "quantity": 2, "why": "few", "by": "ada"}).json["id"]
        day.ask("POST", f"/transfers/{transfer}/send", {"quantity": 2, "by": "ada", "lot": of_lot})
        day.ask("POST", f"/transfers/{transfer}/receive", {"quantity": 2, "by": "bob", "lot": of_lot, "bin": "V-1"})
        day.add_facts([
            ("dockline.stock.counted.v1", "/leipzig/bench-4", {"site": "leipzig", "sku": "CUP", "counted": 2, "bin": "R-2", "by": "b"}),
            ("dockline.pack.closed.v1", "/leipzig/bench-4", {
                "order": "api:E-9", "work": {"lease": "lease-9", "epoch": 1},
                "label": {"tracking": "DL9", "sscc": "340123450000000094", "carrier": "c", "service": "s"},
                "lines": [{"line": 1, "sku": "CUP", "packed": 4, "missing": 0, "lots": [
                    {"lot": of_lot, "quantity": 2}, {"lot": {**of_lot, "serial": "S1"}, "quantity": 1}]},
                    {"line": 2, "sku": "ODD ÖL:1", "packed": 1, "missing": 0, "lots": [{"lot": {"serial": "T 1"}, "quantity": 1}]}]}),
        ])
        cls.events, _ = day.epcis()

    CUP = f"https://id.gs1.org/01/0{day.GTIN}"
    OIL = "urn:dockline:sku:ODD%20%C3%96L%3A1"
    LOT = CUP + "/10/L%2F7"

    def of(self, step, action):
        return [e for e in self.events if (e["bizStep"], e["action"]) == (step, action)]

    def test_pieces_of_a_lot_are_a_quantity_of_it(self):
        good, damaged, piece, oil, came = self.of("receiving", "OBSERVE")
        self.assertEqual([e["quantityList"] for e in (good, damaged, oil, came)],
                         [[{"epcClass": self.LOT, "quantity": 5}], [{"epcClass": self.LOT, "quantity": 1}],
                          [{"epcClass": self.OIL + ":lot:L%2F7", "quantity": 2}], [{"epcClass": self.LOT, "quantity": 2}]])
        self.assertEqual((piece["epcList"], piece.get("quantityList")), ([self.CUP + "/21/S1"], None))
        self.assertEqual(piece["dockline:lots"], [{"id": self.CUP + "/21/S1", "dockline:lot": {"id": self.LOT}}])
        self.assertEqual(self.of("shipping", "OBSERVE")[0]["quantityList"], [{"epcClass": self.LOT, "quantity": 2}])

    def test_a_box_has_its_serials_and_its_lots(self):
        box, = self.of("packing", "ADD")
        self.assertEqual(box["childEPCs"], [self.CUP + "/21/S1", self.OIL + ":serial:T%201"])
        self.assertEqual(box["childQuantityList"],
                         [{"epcClass": self.LOT, "quantity": 2}, {"epcClass": self.CUP, "quantity": 1}])
        self.assertEqual(box["dockline:lots"], [{"id": self.CUP + "/21/S1", "dockline:lot": {"id": self.LOT}}])

    def test_master_data_is_where_a_piece_begins_alone(self):
        found, = self.of("cycle_counting", "ADD")
        self.assertEqual((found["epcList"], found["ilmd"]),
                         ([self.CUP + "/21/S2"], {"cbvmda:lotNumber": "L/7", "cbvmda:itemExpirationDate": "2100-01-01"}))
        self.assertEqual([e for e in self.events if "ilmd" in e], [found])

    def test_bins_are_places_of_their_own(self):
        at = "urn:dockline:place:leipzig/"
        moved, aside = self.of("storing", "OBSERVE")
        self.assertEqual((moved["readPoint"]["id"], moved["dockline:from"]["id"]), (at + "shelf/R%203", at + "shelf/R-2"))
        self.assertEqual((aside["readPoint"]["id"], aside["dockline:from"]["id"]), (at + "quarantine", at + "shelf/R-2"))
        good, damaged, *_, came = self.of("receiving", "OBSERVE")
        self.assertEqual([e["readPoint"]["id"] for e in (good, damaged, came, *self.of("cycle_counting", "OBSERVE"))],
                         [at + "shelf/R-2", at + "shelf", "urn:dockline:place:venlo/shelf/V-1", at + "shelf/R-2"])
        self.assertEqual({e["bizLocation"]["id"] for e in self.events},
                         {"urn:dockline:site:leipzig", "urn:dockline:site:venlo"})

    def test_a_recall_greps_the_events_of_its_lot(self):
        made = subprocess.run([day.BIN / "dockline", "export", "epcis", "--url", day.server.url, "--token-file",
                               day.server.path / "token"], capture_output=True, timeout=20, text=True)
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertEqual(json.loads(made.stdout)["epcisBody"]["eventList"], self.events)
        lines = [json.loads(line.rstrip(",")) for line in made.stdout.splitlines() if "/10/L%2F7" in line]
        self.assertEqual(Counter(e["bizStep"] for e in lines),
                         Counter({"receiving": 4, "storing": 1, "cycle_counting": 1, "shipping": 1, "packing": 1}))

    def test_each_prefix_is_declared(self):
        document = day.ask("GET", "/epcis").json
        declared = {key for part in document["@context"] if isinstance(part, dict) for key in part}
        used = set()

        def walk(node):
            if isinstance(node, dict):
                used.update(key.split(":")[0] for key in node if ":" in key)
                node = node.values()
            elif not isinstance(node, list):
                return
            for one in node:
                walk(one)
        walk(document)
        # cbvmda is of GS1's own context.
        self.assertEqual(used - {"cbvmda"}, {"dockline"})
        self.assertIn("dockline", declared)


if __name__ == "__main__":
    unittest.main()
