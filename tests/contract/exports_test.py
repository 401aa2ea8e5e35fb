"""What others read of us: EPCIS 2.0 events and schema.org offers of a whole day, told by the books
beside it. With DOCKLINE_EPCIS_SCHEMA=FILE (EPCIS-JSON-Schema.json of github.com/gs1/EPCIS, which is
no part of this repository) every document is checked against GS1's own schema too."""
import json
import os
import pathlib
import sqlite3
import subprocess
import time
import unittest
import uuid
from collections import Counter

import jsonschema

from openapi import ELSEWHERE, Page
from served import BIN, Server

server, page = None, None
OFFICIAL = os.environ.get("DOCKLINE_EPCIS_SCHEMA")
GTIN = "4006381333931"


def setUpModule():
    global server, page
    server, page = Server(), Page()
    ask("POST", "/items", {"sku": "CUP", "title": "Cup", "barcodes": [
        {"code": "CARTON", "pieces": 6}, {"code": GTIN}]})
    ask("POST", "/items", {"sku": "ODD ÖL:1", "title": "Oil"})


def tearDownModule():
    code = server.stop()
    assert code == 0, f"the server ended with {code}"


def ask(method, target, body=None, **more):
    answer = server.ask(method, "/api/v1" + target, json.dumps(body) if body is not None else None, **more)
    page.check(method, target, answer)
    return answer


def epcis(after=0, limit=200):
    answer = ask("GET", f"/epcis?after={after}&limit={limit}")
    document = answer.json
    if OFFICIAL:
        schema = json.loads(pathlib.Path(OFFICIAL).read_text())
        jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker()).validate(document)
    return document["epcisBody"]["eventList"], answer.headers.get("link")


def add_facts(facts):
    """Facts as stations and channels would have brought them, straight into the log: what is told of
    them is looked at here, not how they are folded."""
    now = int(time.time() * 1000)
    with sqlite3.connect(server.path / "data/server.db", timeout=5) as db:
        at = db.execute("SELECT max(position) FROM events").fetchone()[0]
        for kind, source, data in facts:
            at += 1
            event = {"specversion": "1.0", "id": str(uuid.uuid4()), "source": source, "type": kind,
                     "subject": "s", "time": time.strftime("%Y-%m-%dT%H:%M:%S.123Z", time.gmtime()),
                     "datacontenttype": "application/json", "data": data}
            db.execute("INSERT INTO events(position, id, type, source, subject, correlation, time_ms, heard_ms, body) "
                       "VALUES(?, ?, ?, ?, 's', '', ?, ?, ?)",
                       (at, event["id"], kind, source, now, now, json.dumps(event).encode()))


class ReferenceDay(unittest.TestCase):
    """Received, moved to another site, ordered, packed, opened again, packed for good, handed over, taken back,
    returned; counted, damaged, delivered."""

    @classmethod
    def setUpClass(cls):
        ask("POST", "/stock/adjust", {"sku": "CUP", "site": "leipzig", "quantity": 9, "reason": "found"})
        ask("POST", "/stock/adjust", {"sku": "CUP", "site": "leipzig", "quantity": -2, "reason": "lost"})
        ask("POST", "/orders", {"number": "E-1", "ship_to": {"name": "Ada"},
                                "lines": [{"sku": "CUP", "quantity": 2}]})
        transfer = ask("POST", "/transfers", {"sku": "CUP", "from_site": "leipzig", "to_site": "venlo",
                                              "quantity": 3, "why": "few", "by": "ada"}).json["id"]
        ask("POST", f"/transfers/{transfer}/send", {"quantity": 3, "by": "ada"})
        ask("POST", f"/transfers/{transfer}/receive", {"quantity": 1, "damaged": 1, "by": "bob"})
        ask("POST", "/receipts", {"sku": "CUP", "site": "leipzig", "quantity": 3, "by": "ada"})
        cls.transfer = transfer
        work = {"lease": "lease-1", "epoch": 1}
        label = {"tracking": "DL1", "sscc": "340123450000000018", "carrier": "c", "service": "s"}
        bench = "/leipzig/bench-4"
        closed = ("dockline.pack.closed.v1", bench, {"order": "api:E-1", "work": work, "label": label, "lines": [
            {"line": 1, "sku": "CUP", "packed": 2, "missing": 0}, {"line": 2, "sku": "ODD ÖL:1", "packed": 0, "missing": 1}]})
        add_facts([
            ("dockline.delivery.received.v1", "/server", {"delivery": "ASN 7", "site": "venlo", "sku": "CUP",
                                                          "quantity": 12, "damaged": 2, "by": "ada",
                                                          "lot": {"lot": "L-1"}}),
            ("dockline.stock.counted.v1", bench, {"site": "leipzig", "sku": "ODD ÖL:1", "counted": 0, "by": "b"}),
            ("dockline.stock.moved.v1", "/server", {"sku": "CUP", "quantity": 1, "from": "leipzig/shelf",
                                                    "to": "leipzig/damaged", "reason": "damage"}),
            ("dockline.stock.moved.v1", "/server", {"sku": "CUP", "quantity": 5, "from": "supplier",
                                                    "to": "leipzig/shelf", "reason": "receipt"}),
            closed, ("dockline.pack.reopened.v1", bench, {"order": "api:E-1", "work": work}), closed,
            # What a channel was told is no physical event; that the carrier took the box is one.
            ("dockline.channel.fulfilment.confirmed.v1", "/server", {
                "channel": "shop", "order": "api:E-1", "tracking": "DL1", "external_id": "x", "sent_ms": 5}),
            ("dockline.parcel.handed.over.v1", "/server", {
                "order": "api:E-1", "box": "lease-1", "site": "leipzig", "carrier": "c", "tracking": "DL1",
                "handed_ms": 1_790_000_000_000, "manifest": "M-1", "by": "ada"}),
            ("dockline.parcel.taken.back.v1", "/server", {
                "order": "api:E-1", "box": "lease-1", "tracking": "DL1", "why": "left behind", "by": "ada"}),
            ("dockline.order.returned.v1", "/server", {
                "order": "api:E-1", "site": "venlo", "why": "chipped", "by": "ada", "lines": [
                    {"line": 1, "sku": "CUP", "quantity": 1, "to": "damaged", "lot": {"lot": "L-9"}},
                    {"line": 1, "sku": "CUP", "quantity": 1, "to": "shelf"}]}),
        ])
        cls.events, cls.link = epcis()

    def of(self, step):
        return [e for e in self.events if e["bizStep"] == step]

    def test_each_step_is_told(self):
        self.assertEqual(Counter(e["bizStep"] for e in self.events), Counter({
            "cycle_counting": 3, "receiving": 8, "inspecting": 1, "packing": 2, "unpacking": 1, "shipping": 2,
            "arriving": 1}))
        self.assertIsNone(self.link)
        ids = [e["eventID"] for e in self.events]
        self.assertEqual(len(ids), len(set(ids)))

    def test_found_and_lost_pieces(self):
        found, lost, counted = self.of("cycle_counting")
        self.assertEqual((found["action"], found["quantityList"]),
                         ("ADD", [{"epcClass": f"https://id.gs1.org/01/0{GTIN}", "quantity": 9}]))
        self.assertEqual((lost["action"], lost["quantityList"][0]["quantity"]), ("DELETE", 2))
        self.assertEqual((counted["action"], counted["quantityList"]),
                         ("OBSERVE", [{"epcClass": "urn:dockline:sku:ODD%20%C3%96L%3A1", "quantity": 0}]))
        self.assertEqual(found["bizLocation"]["id"], "urn:dockline:site:leipzig")

    def test_receipts(self):
        good, damaged, plain = self.of("receiving")[3:6]
        self.assertEqual((good["quantityList"][0]["quantity"], good["disposition"]), (10, "in_progress"))
        self.assertEqual((damaged["quantityList"][0]["quantity"], damaged["disposition"]), (2, "damaged"))
        self.assertEqual(good["quantityList"][0]["epcClass"], f"https://id.gs1.org/01/0{GTIN}/10/L-1")
        self.assertEqual(good["bizTransactionList"],
                         [{"type": "desadv", "bizTransaction": "urn:dockline:delivery:ASN%207"}])
        self.assertEqual(plain["quantityList"][0]["quantity"], 5)

    def test_goods_between_two_sites(self):
        sent, (good, damaged) = self.of("shipping")[0], self.of("receiving")[:2]
        self.assertEqual((sent["quantityList"], sent["disposition"], sent["bizLocation"]["id"]),
                         ([{"epcClass": f"https://id.gs1.org/01/0{GTIN}", "quantity": 3}], "in_transit",
                          "urn:dockline:site:leipzig"))
        self.assertEqual([(e["quantityList"][0]["quantity"], e["disposition"], e["bizLocation"]["id"])
                          for e in (good, damaged)],
                         [(1, "in_progress", "urn:dockline:site:venlo"), (1, "damaged", "urn:dockline:site:venlo")])
        for e in (sent, good, damaged):
            self.assertEqual(e["sourceList"], [{"type": "location", "source": "urn:dockline:site:leipzig"}])
            self.assertEqual(e["destinationList"], [{"type": "location", "destination": "urn:dockline:site:venlo"}])
            self.assertEqual(e["bizTransactionList"], [{"bizTransaction": f"urn:dockline:transfer:{self.transfer}"}])

    def test_boxes(self):
        first, second = self.of("packing")
        self.assertEqual(first["parentID"], "https://id.gs1.org/00/340123450000000018")
        self.assertEqual(first["childQuantityList"], [{"epcClass": f"https://id.gs1.org/01/0{GTIN}", "quantity": 2}])
        self.assertEqual(first["readPoint"]["id"], "urn:dockline:place:leipzig/bench-4")
        self.assertEqual(first["bizTransactionList"], [{"type": "po", "bizTransaction": "urn:dockline:order:api%3AE-1"}])
        self.assertNotEqual(first["eventID"], second["eventID"])
        self.assertEqual((self.of("unpacking")[0]["action"], self.of("unpacking")[0]["childEPCs"]), ("DELETE", []))
        gone, back = self.of("shipping")[1], self.of("arriving")[0]
        self.assertEqual((gone["disposition"], gone["epcList"], gone["eventTime"]),
                         ("in_transit", ["urn:dockline:parcel:DL1"], "2026-09-21T14:13:20.000Z"))
        self.assertEqual(gone["readPoint"]["id"], "urn:dockline:place:leipzig/packed")
        self.assertEqual((back["action"], back["epcList"]), ("OBSERVE", gone["epcList"]))

    def test_what_came_back(self):
        chipped, fit = self.of("receiving")[6:]
        self.assertEqual((chipped["disposition"], chipped["readPoint"]["id"]),
                         ("damaged", "urn:dockline:place:venlo/damaged"))
        self.assertEqual(chipped["quantityList"][0]["epcClass"], f"https://id.gs1.org/01/0{GTIN}/10/L-9")
        self.assertEqual((fit["disposition"], fit["quantityList"][0]["quantity"]), ("returned", 1))
        self.assertNotEqual(chipped["eventID"], fit["eventID"])

    def test_pages_meet(self):
        got, target = [], "/epcis?limit=2"
        while target:
            answer = ask("GET", target)
            got += answer.json["epcisBody"]["eventList"]
            link = answer.headers.get("link")
            target = link.split(">")[0].removeprefix("</api/v1") if link else None
        self.assertEqual(got, self.events)

    def test_the_command_line_gives_the_whole(self):
        made = subprocess.run([BIN / "dockline", "export", "epcis", "--url", server.url, "--token-file",
                               server.path / "token"], capture_output=True, timeout=20)
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertEqual(json.loads(made.stdout)["epcisBody"]["eventList"], self.events)


class Offers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with sqlite3.connect(server.path / "data/server.db", timeout=5) as db:
            for sku, location, n in [("CUP", "a", 3), ("CUP", "b", 4), ("ODD ÖL:1", "a", 0), ("ZZZ", "a", 1)]:
                db.execute("INSERT OR REPLACE INTO p_told(channel, sku, location, listing, quantity, caused_ms, "
                           "sent_ms, confirmed_ms) VALUES('shop', ?, ?, ?, ?, 1, 2, 1700000000000)",
                           (sku, location, sku, n))

    def test_what_the_channel_is_told(self):
        feed = ask("GET", "/offers?channel=shop&limit=2")
        cup, oil = [e["item"] for e in feed.json["dataFeedElement"]]
        self.assertEqual((cup["inventoryLevel"]["value"], cup["availability"], cup["itemOffered"]["gtin"]),
                         (7, "https://schema.org/InStock", "0" + GTIN))
        self.assertEqual((oil["availability"], oil["itemOffered"]["name"]), ("https://schema.org/OutOfStock", "Oil"))
        rest = ask("GET", feed.headers["link"].split(">")[0].removeprefix("</api/v1"))
        self.assertEqual([e["item"]["sku"] for e in rest.json["dataFeedElement"]], ["ZZZ"])
        self.assertNotIn("link", rest.headers)
        self.assertEqual(ask("GET", "/offers?channel=nobody").json["place"], "query.channel")

    def test_open_where_the_configuration_says_so(self):
        self.assertEqual(ask("GET", "/offers?channel=shop", token=None).status, 401)
        server.config.write_text(server.config.read_text().replace("[server]\n", "[server]\noffers_open = true\n", 1))
        server.kill()
        server.start()
        self.assertEqual(ask("GET", "/offers?channel=shop", token=None).status, 200)
        self.assertEqual(ask("GET", "/epcis", token=None).status, 401)


class TheOperationsLeftToThisFile(unittest.TestCase):  # after all others, by its name
    def test_each_was_seen_with_success(self):
        self.assertEqual(ELSEWHERE["exports_test"] - page.seen, set())


if __name__ == "__main__":
    unittest.main()
