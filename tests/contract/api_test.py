"""The HTTP API of a running server against its OpenAPI page, and what it refuses."""
import concurrent.futures
import hashlib
import hmac
import json
import os
import pathlib
import re
import socket
import sqlite3
import threading
import time
import unittest
from urllib.parse import quote

import jsonschema
import websocket
import yaml

from openapi import ELSEWHERE, Page
from served import HOOK_SECRET, ROOT, Server, wait_for

server, page = None, None
ORDER = {"number": "A-1", "ship_to": {"name": "Zoë Müller", "city": "Köln", "country": "DE"},
         "lines": [{"sku": "MUG-RED", "quantity": 2, "title": "Mug, red"}]}
STOCK = "sku,title,barcode,site,quantity,bin\nCUP,Cup,4006381333931,leipzig,7,A-1\nCUP,Cup,4006381333931,venlo,3,B-1\n"


def setUpModule():
    global server, page
    server, page = Server(), Page()


def tearDownModule():
    code = server.stop()
    assert code == 0, f"the server ended with {code}"


def ask(method, target, body=None, **more):
    """Every answer of every test is checked against the page."""
    headers = more.pop("headers", {})
    sent = body if isinstance(body, (dict, list)) else None
    if sent is not None:
        body = json.dumps(body)
        headers = {"Content-Type": "application/json", **headers}
    answer = server.ask(method, "/api/v1" + target, body, headers, **more)
    page.check(method, target, answer, sent)
    return answer


def done(method, target, body=None, status=200, **more):
    answer = ask(method, target, body, **more)
    assert answer.status == status, f"{method} {target}: {answer.status} {answer.body[:500]}"
    return answer.json


def refused(status, code, method, target, body=None, **more):
    answer = ask(method, target, body, **more)
    assert answer.headers["content-type"] == "application/problem+json"
    error = answer.json
    assert (answer.status, error["code"]) == (status, code), f"{answer.status} {error}"
    assert error["detail"] and error["remedy"], error
    return error["detail"]


def register_mug():
    return ask("POST", "/items", {"sku": "MUG-RED", "title": "Mug, red", "weight_g": 310,
                                  "barcodes": [{"code": "4006381333900"}],
                                  "bins": {"leipzig": "C-3"}})


def run_import(kind, name, text):
    started = done("POST", f"/imports?kind={kind}&name={quote(name)}", text, 202,
                   headers={"Content-Type": "text/csv"})["import"]
    return wait_for("the import ends", lambda: (
        lambda i: i if i["state"] != "running" else None)(done("GET", f"/imports/{started}")))


class Shapes(unittest.TestCase):
    """The whole life of a few orders; Page.check looks at each answer."""

    def test_1_a_fresh_server_answers_every_list(self):
        for path in ["/health", "/summary", "/orders", "/stock", "/stations", "/devices",
                     "/exceptions", "/outbox", "/channels", "/events", "/decisions", "/imports"]:
            done("GET", path)
        self.assertEqual(done("GET", "/stations")["items"][0]["status"], "never")
        self.assertEqual(done("GET", "/channels")["items"][0]["kind"], "webhook")

    def test_2_items_stock_and_orders(self):
        done("POST", "/items", {"sku": "BOWL", "title": "Bowl"}, 201)
        done("POST", "/stock/adjust",
             {"sku": "BOWL", "site": "leipzig", "quantity": 5, "reason": "receipt"})
        order = {**ORDER, "lines": [{"sku": "BOWL", "quantity": 2}]}
        made = done("POST", "/orders", order, 201)
        self.assertEqual(made, {"id": "api:A-1", "created": True})
        self.assertEqual(done("POST", "/orders", order), {"id": "api:A-1", "created": False})
        refused(409, "order_differs", "POST", "/orders",
                {**order, "lines": [{"sku": "BOWL", "quantity": 3}]})
        shown = done("GET", "/orders/api%3AA-1")
        self.assertEqual(shown["ship_to"]["name"], "Zoë Müller")
        self.assertEqual(shown["lines"][0]["quantity"], 2)
        self.assertTrue(shown["timeline"] and shown["decisions"])
        self.assertEqual(done("GET", "/orders/A-1")["id"], "api:A-1")
        self.assertEqual(done("GET", "/orders?q=M%C3%BCller")["items"][0]["id"], "api:A-1")
        figure = done("GET", "/stock/BOWL")["sites"][0]
        self.assertEqual((figure["on_hand"], figure["reserved"], figure["atp"]), (5, 2, 3))
        self.assertEqual(done("GET", "/stock?q=bowl")["total"], 1)
        self.assertTrue(done("GET", "/decisions?subject=api%3AA-1")["items"])

    def test_2a_what_is_kept_back_kits_and_how_figures_come_about(self):
        done("POST", "/items", {"sku": "SAUCER", "title": "Saucer"}, 201)
        done("POST", "/items", {"sku": "TEA-SET", "title": "Tea set"}, 201)
        done("POST", "/stock/adjust",
             {"sku": "SAUCER", "site": "leipzig", "quantity": 9, "reason": "receipt"})
        policy = {"site": "leipzig", "sku": "SAUCER", "safety": 2, "why": "season", "by": "ann"}
        done("PUT", "/stock/policies", policy, 201)
        self.assertEqual(done("PUT", "/stock/policies", policy)["created"], False)
        self.assertEqual(done("GET", "/stock/policies?sku=SAUCER")["items"][0]["safety"], 2)
        refused(422, "refused", "PUT", "/stock/policies", {**policy, "buffer": 1})
        kit = {"sku": "TEA-SET", "parts": [{"sku": "SAUCER", "pieces": 2}]}
        done("PUT", "/kits", kit, 201)
        self.assertEqual(done("PUT", "/kits", kit)["created"], False)
        self.assertEqual(done("GET", "/kits")["items"][0]["parts"], kit["parts"])
        refused(422, "refused", "PUT", "/kits",
                {"sku": "SAUCER", "parts": [{"sku": "TEA-SET", "pieces": 1}]})
        for sku in ("SAUCER", "TEA-SET"):
            for figure in done("GET", f"/stock/{sku}/derivation")["figures"]:
                self.assertEqual(sum(term["value"] for term in figure["terms"]), figure["value"])
        channel = done("GET", "/channels")["items"][0]["channel"]
        self.assertEqual(done("GET", f"/channels/{channel}/drift")["total"], 0)
    def test_2a_places_of_a_site_and_a_past_instant(self):
        done("POST", "/items", {"sku": "JUG", "title": "Jug", "barcodes": [{"code": "JUG-1"}]}, 201)
        done("POST", "/stock/adjust",
             {"sku": "JUG", "site": "leipzig", "quantity": 9, "reason": "receipt"})
        before = int(time.time() * 1000)
        time.sleep(0.01)
        move = {"sku": "JUG", "site": "leipzig", "from": "shelf", "to": "quarantine", "quantity": 4,
                "reason": "glaze", "lot": {"lot": "L1"}}
        self.assertTrue(done("POST", "/stock/move", move)["created"])
        figure = done("GET", "/stock/JUG")["sites"][0]
        self.assertEqual((figure["on_hand"], figure["quarantine"], figure["atp"]), (5, 4, 5))
        lot = done("GET", "/stock/JUG/lots")["items"][0]
        self.assertEqual((lot["lot"], lot["place"], lot["quantity"]), ("L1", "leipzig/quarantine", 4))
        then = done("GET", f"/stock/JUG?at={before}")
        self.assertEqual({p["place"]: p["quantity"] for p in then["places"]},
                         {"adjustment": -9, "leipzig/shelf": 9})
        refused(400, "bad_query", "GET", "/stock/JUG?at=yesterday")
        refused(422, "refused", "POST", "/stock/move", {**move, "to": "packed"})

    def test_2a_bins_of_a_shelf(self):
        done("POST", "/items", {"sku": "BIN", "title": "Of many bins", "bins": {"leipzig": "A-1"}}, 201)
        done("POST", "/stock/adjust", {"sku": "BIN", "site": "leipzig", "quantity": 9, "reason": "receipt"})
        move = {"sku": "BIN", "site": "leipzig", "from": "shelf", "to": "shelf", "quantity": 4,
                "reason": "tidied", "to_bin": "B-2"}
        done("POST", "/stock/move", move)
        done("POST", "/receipts", {"site": "leipzig", "sku": "BIN", "quantity": 3, "by": "ada", "bin": "C-3"})
        shown = done("GET", "/stock/BIN")
        self.assertEqual(shown["sites"][0]["bins"], [
            {"bin": "A-1", "quantity": 5, "home": True}, {"bin": "B-2", "quantity": 4, "home": False},
            {"bin": "C-3", "quantity": 3, "home": False}])
        self.assertEqual((shown["moves"][1]["from"], shown["moves"][1]["to"], shown["moves"][1]["to_bin"]),
                         ("leipzig/shelf", "leipzig/shelf", "B-2"))
        said = refused(409, "bin_holds_less", "POST", "/stock/move", {**move, "quantity": 6})
        self.assertIn("holds 5", said)
        refused(422, "refused", "POST", "/stock/move", {**move, "to": "damaged"})
        done("POST", "/counts", {"sku": "BIN", "site": "leipzig", "counted": 1, "bin": "C-3", "by": "ada"})
        self.assertEqual(done("GET", "/stock/BIN")["sites"][0]["on_hand"], 10)
        listed = ask("GET", "/export/bins.csv").body.decode()
        self.assertIn('"BIN","leipzig","B-2","no","4"', listed)
        refused(422, "refused", "POST", "/counts",
                {"sku": "BIN", "site": "leipzig", "counted": 1, "bin": "Z-9", "by": "ada"})

    def test_2b_what_was_announced_and_what_came(self):
        announced = {"delivery": "ASN 7", "supplier": "POTTERS", "site": "leipzig",
                     "expected_ms": 4_000_000_000_000, "lines": [{"sku": "JUG", "quantity": 10}]}
        self.assertEqual(done("POST", "/deliveries", announced, 201)["id"], "ASN 7")
        self.assertFalse(done("POST", "/deliveries", announced)["created"])
        refused(409, "delivery_differs", "POST", "/deliveries", {**announced, "lines": [{"sku": "JUG", "quantity": 1}]})
        done("POST", "/deliveries/ASN%207/receive", {"code": "JUG-1", "quantity": 6, "by": "ada"})
        done("POST", "/deliveries/ASN%207/receive", {"code": "999", "quantity": 1, "by": "ada"})
        shown = done("GET", "/deliveries/ASN%207")
        self.assertEqual((shown["state"], shown["lines"][0]["received"], len(shown["receipts"])),
                         ("arriving", 6, 2))
        self.assertEqual(shown["strangers"][0]["code"], "999")
        self.assertIn("delivery_differs", [e["kind"] for e in done("GET", "/exceptions")["items"]])
        done("POST", "/deliveries/ASN%207/close", {"why": "the rest is lost", "by": "ada"})
        self.assertEqual(done("GET", "/deliveries?state=closed&sku=JUG")["total"], 1)
        self.assertEqual(done("GET", "/deliveries?state=open")["total"], 0)
        done("POST", "/receipts", {"site": "venlo", "sku": "JUG", "quantity": 2, "damaged": 1, "by": "ada"})
        refused(404, "not_found", "GET", "/deliveries/none")
        refused(404, "not_found", "POST", "/deliveries/none/receive", {"sku": "JUG", "quantity": 1, "by": "a"})
        refused(422, "refused", "POST", "/receipts", {"site": "venlo", "sku": "JUG", "quantity": 0, "by": "a"})

    def test_2c_goods_between_two_sites(self):
        wish = {"sku": "JUG", "from_site": "leipzig", "to_site": "venlo", "quantity": 3,
                "why": "they sell there", "by": "ada"}
        transfer = done("POST", "/transfers", wish, 201)["id"]
        done("POST", f"/transfers/{transfer}/send", {"quantity": 3, "by": "ada"})
        self.assertEqual(done("GET", f"/transfers/{transfer}")["in_transit"], 3)
        done("POST", f"/transfers/{transfer}/receive", {"quantity": 2, "by": "bob"})
        done("POST", f"/transfers/{transfer}/close", {"why": "one is lost", "by": "bob"})
        row = done("GET", "/transfers?sku=JUG")["items"][0]
        self.assertEqual((row["state"], row["settled"], row["in_transit"]), ("closed", 1, 0))
        refused(404, "not_found", "POST", "/transfers/T0/send", {"quantity": 3, "by": "ada"})
        refused(422, "refused", "POST", "/transfers", {**wish, "to_site": "leipzig"})

    def test_2d_counts_are_asked_for_and_entered(self):
        task = done("POST", "/counts/ask", {"sku": "JUG", "site": "leipzig", "why": "not sure"}, 201)["id"]
        self.assertEqual(done("GET", "/counts/tasks?state=open")["items"][0]["task"], task)
        done("POST", "/counts", {"sku": "JUG", "site": "leipzig", "counted": 7, "by": "ada"})
        count = done("GET", "/counts?site=leipzig&sku=JUG")["items"][0]
        self.assertEqual((count["counted"], count["task"], count["counts"]), (7, task, True))
        on_hand = {s["site"]: s["on_hand"] for s in done("GET", "/stock/JUG")["sites"]}
        self.assertEqual(on_hand["leipzig"], 7)
        again = done("POST", "/counts/ask", {"sku": "JUG", "site": "venlo", "why": "silence"}, 201)["id"]
        done("POST", f"/counts/tasks/{again}/drop", {"why": "not today"})
        self.assertEqual(done("GET", "/counts/tasks?state=dropped")["total"], 1)
        refused(422, "refused", "POST", "/counts", {"sku": "JUG", "site": "rome", "counted": 1, "by": "a"})

    def test_2d_orders_that_could_go_in_one_parcel(self):
        def order(number, name, street, site=""):
            return done("POST", "/orders", {"number": number, "customer": "c-77",
                "ship_to": {"name": name, "street1": street, "city": "Ulm", "postal_code": "89073", "country": "DE"},
                "lines": [{"sku": "JUG", "quantity": 1}]}, 201)["id"]
        one, two = order("T-1", "Kim", "Am Markt 1"), order("T-2", "Kim", "am markt  1")
        order("T-3", "Kim", "Elsewhere 2")
        found = done("GET", "/mergeable")
        self.assertTrue(found["allowed"])
        groups = [[o["number"] for o in g["orders"]] for g in found["items"]]
        self.assertIn(["T-1", "T-2"], groups)
        self.assertNotIn("T-3", sum(groups, []))
        mine = done("GET", "/mergeable?order=T-2")["items"]
        self.assertEqual([[o["id"] for o in g["orders"]] for g in mine], [[one, two]])
        self.assertEqual(done("GET", "/mergeable?order=T-3")["items"], [])
        refused(404, "not_found", "GET", "/mergeable?order=T-9")
        done("POST", "/orders/T-1/hold", {"what": "wait", "by": "ada"})
        self.assertEqual(done("GET", "/mergeable?order=T-2")["items"], [], "held orders wait alone")
        done("POST", "/orders/T-1/release-hold", {"why": "go on", "by": "ada"})
        done("POST", "/orders/T-1/merge", {"orders": ["T-2"], "why": "one box", "by": "ada"})
        self.assertEqual(done("GET", "/mergeable?order=T-1")["items"], [])
        for number in ("T-1", "T-2", "T-3"):
            done("POST", f"/orders/{number}/cancel", {"reason": "only tried"})

    def test_2d_units_of_the_item(self):
        done("POST", "/items", {"sku": "BEER", "title": "Beer", "barcodes": [
            {"code": "BEER-1"}, {"code": "BEER-12", "pieces": 12, "unit": "case"},
            {"code": "BEER-480", "pieces": 480, "unit": "pallet"}]}, 201)
        came = {"site": "leipzig", "sku": "BEER", "quantity": 3, "damaged": 1, "unit": "case", "by": "ada"}
        done("POST", "/receipts", came)
        on_hand = lambda site="leipzig": next(
            s for s in done("GET", "/stock/BEER")["sites"] if s["site"] == site)
        self.assertEqual((on_hand()["on_hand"], on_hand()["damaged"]), (24, 12))
        move = {"sku": "beer", "site": "leipzig", "from": "shelf", "to": "quarantine", "quantity": 1,
                "unit": "case", "reason": "wet"}
        done("POST", "/stock/move", move)
        done("POST", "/stock/adjust", {"sku": "BEER", "site": "leipzig", "quantity": 5, "reason": "found"})
        self.assertEqual(on_hand()["on_hand_in"], [{"unit": "case", "count": 1}, {"unit": "", "count": 5}])
        self.assertEqual(done("GET", "/stock/BEER")["units"],
                         [{"unit": "pallet", "pieces": 480}, {"unit": "case", "pieces": 12}])
        self.assertEqual(done("GET", "/stock/JUG")["units"], [])
        done("POST", "/counts", {"sku": "BEER", "site": "leipzig", "counted": 2, "unit": "case", "by": "ada"})
        self.assertEqual(on_hand()["on_hand"], 24)
        transfer = done("POST", "/transfers", {"sku": "BEER", "from_site": "leipzig", "to_site": "venlo",
                                               "quantity": 1, "unit": "case", "why": "they sell there",
                                               "by": "ada"}, 201)["id"]
        done("POST", f"/transfers/{transfer}/send", {"quantity": 1, "unit": "case", "by": "ada"})
        self.assertEqual(done("GET", f"/transfers/{transfer}")["in_transit"], 12)
        done("POST", f"/transfers/{transfer}/receive", {"quantity": 0, "damaged": 1, "unit": "case", "by": "ada"})
        self.assertEqual(on_hand("venlo")["damaged"], 12)
        done("POST", "/deliveries", {"delivery": "ASN 8", "supplier": "BREWERS", "site": "leipzig",
                                     "lines": [{"sku": "BEER", "quantity": 2, "unit": "pallet"}]}, 201)
        self.assertEqual(done("GET", "/deliveries/ASN%208")["lines"][0]["expected"], 960)
        said = refused(422, "refused", "POST", "/receipts", {**came, "unit": "crate"})
        self.assertIn("known: pallet, case", said)
        refused(422, "refused", "POST", "/receipts", {**came, "unit": 12})
        refused(422, "refused", "POST", "/receipts", {**came, "quantity": 1_000_000})
        scanned = {k: v for k, v in came.items() if k != "sku"}
        self.assertIn("beside a bar code", refused(422, "refused", "POST", "/receipts", {**scanned, "code": "BEER-1"}))
        refused(422, "refused", "POST", "/deliveries", {"delivery": "ASN 9", "supplier": "BREWERS", "site": "leipzig",
                                                        "lines": [{"sku": "BEER", "quantity": 1, "unit": "box"}]})
        self.assertEqual(on_hand()["on_hand"], 12)
        done("POST", "/deliveries/ASN%208/close", {"why": "only tried", "by": "ada"})

    def test_2e_buying_suspects_exports_and_data_quality(self):
        done("POST", "/suppliers", {"supplier": "POTTERS", "title": "The Potters", "lead_days": 7, "by": "ada"}, 201)
        done("POST", "/supplies", {"sku": "JUG", "supplier": "POTTERS", "pack": 12, "by": "ada"})
        refused(422, "refused", "POST", "/supplies", {"sku": "JUG", "supplier": "NOBODY", "by": "ada"})
        self.assertEqual(done("GET", "/suppliers")["items"][0]["skus"], 1)
        self.assertEqual(done("GET", "/supplies?sku=JUG")["items"][0]["pack"], 12)
        done("POST", "/stock/adjust", {"sku": "JUG", "site": "leipzig", "quantity": -20, "reason": "gone"})
        done("POST", "/stock/look", {"by": "ada"})
        wait_for("the look ends", lambda: done("GET", "/counts/suspects")["items"])
        self.assertEqual(done("GET", "/counts/suspects?site=leipzig")["items"][0]["sku"], "JUG")
        purchase = done("GET", "/purchases?state=proposed")["items"][0]["purchase"]
        self.assertIn("x JUG", done("GET", f"/purchases/{purchase}")["mail"]["body"])
        done("POST", f"/purchases/{purchase}/decide", {"action": "sent", "by": "ada"})
        self.assertEqual(done("GET", f"/deliveries/{purchase}")["origin"], "purchase")
        refused(409, "purchase_decided", "POST", f"/purchases/{purchase}/decide", {"action": "dropped", "by": "ada"})
        refused(404, "not_found", "POST", "/purchases/P0/decide", {"action": "sent", "by": "ada"})
        done("GET", "/transfers/proposals")
        rows = ask("GET", "/export/items.csv").body.decode()
        self.assertIn('"JUG","Jug","JUG-1"', rows)
        refused(404, "not_found", "GET", "/export/secrets.csv")
        # Long reading, one after the other beside all other requests: who asks meanwhile waits in line.
        with concurrent.futures.ThreadPoolExecutor(12) as crowd:
            answers = list(crowd.map(lambda n: ask("GET", f"/export/{('items', 'stock', 'sites')[n % 3]}.csv"), range(12)))
        self.assertEqual({answer.status for answer in answers}, {200})
        tag = answers[0].headers["etag"]
        self.assertEqual(ask("GET", "/export/items.csv", headers={"If-None-Match": tag}).status, 304)
        flaws = done("GET", "/data-quality")["items"]
        places = [(f["flaw"], f["place"]) for f in flaws]
        self.assertIn(("no_weight", "item JUG"), places)
        self.assertNotIn("item TEA-SET", [place for _, place in places], "a kit is not weighed or scanned itself")
        done("POST", "/items", {"sku": "J-UG", "title": "Jug, misspelt"}, 201)
        report = done("GET", "/data-quality?flaw=look_alike_sku")
        self.assertEqual([f["place"] for f in report["items"]], ["item J-UG"])
        self.assertIn('"J-UG", "JUG"', report["items"][0]["detail"])
        self.assertEqual(report["counts"]["look_alike_sku"], 1)
        self.assertGreater(report["counts"]["no_weight"], 0, "all are counted, whichever is asked for")
        refused(400, "bad_query", "GET", "/data-quality?flaw=ugly")
        self.assertEqual(done("GET", "/supplies?supplier=POTTERS")["total"], 1)
        self.assertEqual(done("GET", "/supplies?supplier=NOBODY")["total"], 0)

    def test_2f_lists_of_goods_are_entered_anywhere(self):
        for path in ("/deliveries", "/transfers", "/counts", "/counts/tasks", "/purchases", "/supplies"):
            rows = done("GET", path + "?limit=200")["items"]
            for skip in range(len(rows) + 1):
                self.assertEqual(done("GET", f"{path}?skip={skip}&limit=1")["items"], rows[skip:skip + 1])
            refused(400, "bad_query", "GET", path + "?skip=-1")
        self.assertGreater(len(done("GET", "/counts/tasks")["items"]), 1)

    def test_3_a_stock_file_twice_changes_once(self):
        first = run_import("stock", "stock.csv", STOCK)
        self.assertEqual((first["state"], first["lines"], first["exceptions"]), ("done", 2, 0))
        self.assertEqual(first["changes"] > 0, True)
        second = run_import("stock", "stock.csv", STOCK)
        self.assertEqual(second["changes"], 0)
        self.assertEqual(len(done("GET", f"/imports/{first['id']}/rows")["items"]), 2)
        self.assertEqual(done("GET", "/stock/CUP")["barcodes"][0]["code"], "4006381333931")

    def test_4_an_order_file_with_broken_rows_loses_no_line(self):
        text = ("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
                "9001,CUP,CUP,1,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n"
                "9001,NOWHERE,UNKNOWN THING,1,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n"
                "9002,CUP,CUP,one,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n"
                "9003,CUP\n")
        result = run_import("orders", "orders é.csv", text)
        self.assertEqual(result["file"], "orders é.csv")
        self.assertEqual(result["lines"], 4)
        self.assertEqual(sum(result[k] for k in ("orders", "cancellations", "adjustments",
                                                 "exceptions")), 4)
        rows = done("GET", f"/imports/{result['id']}/rows?outcome=exception")["items"]
        self.assertTrue(rows and all(row["why"] for row in rows))
        broken = run_import("orders", "broken.csv", b"InvoiceNo,\xff\xfe\n\xc3(,1\n")
        self.assertIn(broken["state"], ("failed", "done"))

    def test_5_cancelling_and_deciding(self):
        done("POST", "/orders", {**ORDER, "number": "A-5"}, 201)
        done("POST", "/orders/api%3AA-5/cancel", {"reason": "changed their mind"})
        self.assertEqual(done("GET", "/orders/A-5")["state"], "cancelled")
        self.assertTrue(done("GET", "/orders?state=cancelled")["items"])
        open_ones = done("GET", "/exceptions?state=open")["items"]
        self.assertTrue(open_ones, "the broken rows of the file before wait for a person")
        chosen = open_ones[0]
        done("POST", f"/exceptions/{quote(chosen['id'])}/resolve",
             {"action": chosen["actions"][0], "by": "ada"})
        self.assertIn(chosen["id"], [e["id"] for e in done("GET", "/exceptions?state=resolved")["items"]])

    def test_5_a_person_routes_and_other_rules_are_tried(self):
        done("POST", "/items", {"sku": "LAMP", "title": "Lamp", "weight_g": 900, "hazardous": True,
                                "cold_chain": False, "cost_minor": 700,
                                "barcodes": [{"code": "4006381333948", "pieces": 6, "unit": "case"}]}, 201)
        self.assertIs(done("GET", "/stock/LAMP")["hazardous"], True)
        adjust = {"sku": "LAMP", "site": "leipzig", "quantity": 5, "reason": "receipt"}
        done("POST", "/stock/adjust", adjust)
        done("POST", "/orders", {**ORDER, "number": "A-6", "lines": [
            {"sku": "LAMP", "quantity": 2, "unit_price_minor": 4900}]}, 201)
        there = {"site": "venlo", "why": "the buyer fetches it there", "by": "ada"}
        why = refused(409, "cannot_route", "POST", "/orders/A-6/route", there)
        self.assertIn("the rule stock forbids it", why)
        refused(422, "refused", "POST", "/orders/A-6/route", {**there, "lines": [{"line": 1, "site": "venlo"}]})
        done("POST", "/stock/adjust", {**adjust, "site": "venlo"})
        decision = done("POST", "/orders/A-6/route", there, 201)["id"]
        record = done("GET", f"/decisions/{decision}")
        self.assertEqual((record["rule"], record["by"]), ("person", "ada"))
        self.assertEqual(record["allocations"][0]["site"], "venlo")
        self.assertEqual(done("GET", "/orders/A-6")["site"], "venlo")
        rules = pathlib.Path(ROOT, "deploy/samples/routing.toml").read_text()
        report = done("POST", "/routing/what-if", {"rules": rules})
        self.assertGreaterEqual(report["decisions"], 2)
        self.assertEqual(report["decisions"], report["of_facts"] + report["rebuilt"] + report["unread"])
        self.assertIn("rules:1: ", refused(422, "refused", "POST", "/routing/what-if", {"rules": "[routng]"}))

    def test_6_pages_meet_without_gap_or_double(self):
        positions, after = [], 0
        while True:
            events = done("GET", f"/events?limit=7&after={after}")
            positions += [e["position"] for e in events["items"]]
            self.assertLessEqual(len(events["items"]), 7)
            if events["next"] is None:
                break
            after = quote(events["next"])
        self.assertEqual(positions, sorted(set(positions)))
        self.assertEqual(len(positions), done("GET", "/summary")["events"])
        one = done("GET", "/stock?limit=1")
        two = done("GET", f"/stock?limit=1&after={quote(one['next'])}")
        self.assertNotEqual(one["items"][0]["sku"], two["items"][0]["sku"])

    def test_6_one_search_for_what_a_person_holds(self):
        def found(q):
            hits = done("GET", f"/search?q={quote(q)}")["hits"]
            return [(h["type"], h["id"], h["match"]) for h in hits]
        order = {**ORDER, "number": "F-77", "external_id": "gid-9",
                 "ship_to": {"name": "Ada Maria Findus", "email": "Ada@Example.org"}}
        done("POST", "/orders", order, 201)
        hit = ("order", "api:F-77")
        for q, match in [("api:F-77", "id"), ("F-77", "number"), ("f-7", "number"), ("gid-9", "external_id"),
                         ("findus", "customer"), ("Ada Maria F", "customer"), ("ada@example.ORG", "email"),
                         ("ada@ex", "email"), (" F-77 ", "number")]:
            self.assertEqual(found(q)[0], (*hit, match), q)
        self.assertEqual(found("CUP")[0], ("item", "CUP", "sku"))
        self.assertEqual(found("cu")[0], ("item", "CUP", "sku"))
        for gtin in ("4006381333931", "04006381333931"):
            self.assertEqual(found(gtin), [("item", "CUP", "barcode")])
        self.assertIn(("item", "BOWL", "title"), found("owl"))
        self.assertEqual(found("bench-4"), [("station", "leipzig/bench-4", "name")])
        self.assertEqual(found("' OR 1=1 --"), [])
        # Goods by the number on their paper (made by the tests above).
        self.assertEqual(found("asn 7"), [("delivery", "ASN 7", "number")])
        self.assertEqual(found("ASN")[0], ("delivery", "ASN 7", "number"))
        for kind, path in (("transfer", "/transfers"), ("purchase", "/purchases")):
            number = done("GET", f"{path}?limit=1")["items"][0][kind]
            self.assertIn((kind, number, "number"), found(number))
            done("GET", f"{path}/{quote(number, safe='')}")
        done("POST", "/receipts", {"site": "venlo", "sku": "JUG", "quantity": 2, "by": "ada", "lot": {"lot": "L 26/07", "expires_ms": 4_000_000_000_000}})
        self.assertEqual(found("L 26/07"), [("item", "JUG", "lot")])
        with sqlite3.connect(server.path / "data/server.db", timeout=5) as db:
            row = db.execute("SELECT tracking, sscc, ord FROM p_lease LIMIT 1").fetchone()
            if row is None:
                row = ("DL-TEST", "340123450000000018", db.execute("SELECT ord FROM p_order").fetchone()[0])
                db.execute("INSERT INTO p_lease(lease, ord, epoch, site, station, state, touched, told, granted_ms, "
                           "ended_ms, tracking, sscc, carrier, service) VALUES('test-lease', ?, 1, 'leipzig', 'b', "
                           "'free', 0, 0, 0, 0, ?, ?, '', '')", (row[2], row[0], row[1]))
        self.assertEqual(found(row[0])[0][2], "tracking")
        for form in (row[1], "(00)" + row[1], "00" + row[1]):
            self.assertEqual(found(form)[0][2], "sscc")
        with sqlite3.connect(server.path / "data/server.db", timeout=5) as db:
            db.execute("DELETE FROM p_lease WHERE lease = 'test-lease'")
        refused(400, "bad_query", "GET", "/search?q=%20")
        self.assertLessEqual(len(done("GET", "/search?q=a&limit=2")["hits"]), 2)

    def test_6_what_lay_on_the_shelves_over_time(self):
        now = int(time.time() * 1000)
        every = done("GET", f"/stock/JUG/history?since={now - 86_400_000}&points=5")
        self.assertEqual((len(every["points"]), every["site"], every["cut"]), (5, None, False))
        self.assertEqual(every["points"][0]["quantity"], 0)
        sites = {s["site"]: s["on_hand"] for s in done("GET", "/stock/JUG")["sites"]}
        self.assertEqual(every["points"][-1]["quantity"], sum(sites.values()))
        for where, on_hand in sites.items():
            last = done("GET", f"/stock/JUG/history?site={where}")["points"]
            self.assertEqual((len(last), last[-1]["quantity"]), (40, on_hand))
        for point in every["points"]:
            lay = done("GET", f"/stock/JUG?at={point['at_ms']}")["places"]
            self.assertEqual(point["quantity"], sum(p["quantity"] for p in lay if p["place"].endswith("/shelf")))
        refused(404, "not_found", "GET", "/stock/NONE/history")
        for bad in ("points=1", "points=401", f"since={now + 3_600_000}"):
            refused(400, "bad_query", "GET", f"/stock/JUG/history?{bad}")

    def test_6_decisions_by_outcome_and_site(self):
        every, after = [], ""
        while after is not None:
            page = done("GET", f"/decisions?limit=200{after}")
            every += page["items"]
            after = page["next"] and f"&after={quote(page['next'])}"
        for outcome in ("allocated", "backordered", "partly_allocated"):
            page = done("GET", f"/decisions?outcome={outcome}&limit=200")
            self.assertEqual([d["id"] for d in page["items"]], [d["id"] for d in every if d["outcome"] == outcome][:200])
            self.assertEqual(page["total"], sum(d["outcome"] == outcome for d in every))
        for where in ("leipzig", "venlo"):
            page = done("GET", f"/decisions?site={where}&limit=200")
            self.assertEqual([d["id"] for d in page["items"]],
                             [d["id"] for d in every if where in [a["site"] for a in d["allocations"]]][:200])
            self.assertIsNone(page["total"])
        refused(400, "bad_query", "GET", "/decisions?site=leipzig&skip=3")
        refused(400, "bad_query", "GET", "/decisions?outcome=good")

    def test_6_today_agrees_with_the_lists(self):
        today = done("GET", "/today")
        self.assertEqual(today["orders"]["total"], done("GET", "/orders")["total"])
        self.assertEqual(sum(e["open"] for e in today["exceptions"]),
                         done("GET", "/exceptions?state=open")["total"])
        self.assertEqual(today["stations"]["total"], 1)
        for figure, query in (("late", "outlook=late"), ("at_risk", "outlook=at_risk"), ("held", "held=true")):
            self.assertEqual(today[figure], done("GET", f"/orders?{query}")["total"], figure)
        self.assertTrue(any(w["what"] in ("open", "backordered") for w in today["waits"]))

    def test_6_lists_have_cursors_links_and_bounds(self):
        one = ask("GET", "/orders?limit=1&state=returned")
        self.assertNotIn("link", one.headers)
        one = ask("GET", "/stock?limit=1&q=")
        self.assertTrue(one.json["next"].startswith("c_"))
        self.assertEqual(one.headers["link"],
                         f'</api/v1/stock?limit=1&q=&after={one.json["next"]}>; rel="next"')
        two = ask("GET", one.headers["link"].split(">")[0].removeprefix("</api/v1"))
        self.assertGreater(two.json["items"][0]["sku"], one.json["items"][0]["sku"])
        for after in ("c_", "c_!", "c_QQ", "c_QR", "c_" + "A" * 60):
            answer = ask("GET", f"/orders?after={quote(after)}")
            self.assertEqual((answer.status, answer.json["code"]), (400, "bad_query"), after)
        for limit in ("0", "201", "-1", "x", "1e1"):
            answer = ask("GET", f"/orders?limit={limit}")
            self.assertEqual((answer.status, answer.json["place"]), (400, "query.limit"))

    def test_6_a_far_jump_leaves_rows_out_and_goes_on_from_there(self):
        for path in ("/stock", "/orders", "/decisions", "/exceptions"):
            rows = [json.dumps(r) for r in ask("GET", f"{path}?limit=200").json["items"]]
            page = ask("GET", f"{path}?limit=1&skip=1")
            self.assertEqual([json.dumps(r) for r in page.json["items"]], rows[1:2], path)
            if page.json["next"]:
                self.assertNotIn("skip", page.headers["link"])
                after = ask("GET", page.headers["link"].split(">")[0].removeprefix("</api/v1"))
                self.assertEqual([json.dumps(r) for r in after.json["items"]], rows[2:3], path)
            for skip in ("-1", "x", "10000001"):
                answer = ask("GET", f"{path}?skip={skip}")
                self.assertEqual((answer.status, answer.json["place"]), (400, "query.skip"))

    def test_6_cases_of_one_kind(self):
        cases = ask("GET", "/exceptions?limit=200").json["items"]
        kind = cases[0]["kind"]
        some = ask("GET", f"/exceptions?limit=200&kind={kind}").json
        self.assertEqual(some["items"], [c for c in cases if c["kind"] == kind])
        self.assertEqual(some["total"], len(some["items"]))

    def test_6_etags_spare_what_is_known(self):
        for path in ("/orders", "/orders/A-1", "/stock/BOWL", "/channels", "/decisions?limit=3"):
            first = ask("GET", path)
            tag = first.headers["etag"]
            same = ask("GET", path, headers={"If-None-Match": f'"other", W/{tag}'})
            self.assertEqual((same.status, same.body, same.headers["etag"]), (304, b"", tag))
            self.assertEqual(ask("GET", path, headers={"If-None-Match": '"other"'}).status, 200)
        self.assertEqual(ask("HEAD", "/orders/A-1").headers["etag"], ask("GET", "/orders/A-1").headers["etag"])
        tag = ask("GET", "/orders/A-1").headers["etag"]
        done("POST", "/orders/A-1/cancel", {"reason": "for the tag", "lines": [{"line": 1, "quantity": 1}]})
        self.assertNotEqual(ask("GET", "/orders/A-1").headers["etag"], tag)

    def test_6_problems_name_their_place(self):
        def place(body, target="/orders"):
            answer = ask("POST", target, body)
            return answer.json.get("place")
        self.assertEqual(place({**ORDER, "lines": [{"sku": "X", "quantity": 1}, {"sku": "X", "quantity": 0}]}),
                         "lines[1].quantity")
        self.assertEqual(place('{"number": 1'), "line 1, column 13")
        self.assertEqual(place({**ORDER, "colour": 1}), "colour")
        answer = ask("GET", "/nothing")
        self.assertEqual((answer.json["type"], answer.json["status"]), ("urn:dockline:problem:not_found", 404))

    def test_7_the_replay_equals_the_live_tables(self):
        report = done("POST", "/replay/verify", {})
        self.assertTrue(report["equal"], report)
        self.assertTrue(report["tables"])

    def test_7_backups_are_made_and_looked_at(self):
        self.assertTrue(done("GET", "/backups")["configured"])
        made = done("POST", "/backups", {}, 201)
        self.assertEqual((made["state"], made["problem"]), ("verified", ""))
        self.assertTrue(os.path.exists(made["file"]))
        self.assertEqual(done("GET", "/backups")["items"][0], made)
        head = done("GET", "/log/head")
        self.assertEqual(len(head["chain"]), 64)
        self.assertGreaterEqual(head["position"], made["position"])
        self.assertEqual(done("GET", "/archive")["items"], [])

    def test_7_parked_facts_are_shown_and_tried_again(self):
        self.assertEqual(done("GET", "/parked")["items"], [])
        with sqlite3.connect(server.path / "data/server.db", timeout=5) as db:
            db.execute("INSERT INTO parked(site, station, inc, seq, heard_ms, why, bytes) "
                       "VALUES('leipzig', 'bench-4', 'i', 7, 1, 'no JSON', x'FF41')")
        row = done("GET", "/parked?state=waiting&station=leipzig/bench-4")["items"][0]
        self.assertEqual(done("GET", f"/parked/{row['id']}")["text"], "\\xffA")
        self.assertFalse(done("POST", f"/parked/{row['id']}/retry", {})["created"])
        self.assertEqual(done("GET", f"/parked/{row['id']}")["tries"], 2)
        self.assertEqual(done("POST", "/parked/retry", {})["id"], "1")
        refused(422, "refused", "POST", "/parked/retry?station=leipzig", {})
        refused(404, "not_found", "GET", "/parked/x1")
        refused(404, "not_found", "POST", "/parked/999/retry", {})
        with sqlite3.connect(server.path / "data/server.db", timeout=5) as db:
            db.execute("DELETE FROM parked")

    def test_8_webhooks_are_signed(self):
        body = json.dumps({"type": "order.placed", "delivery": "d-1", "order": {
            "number": "H-1", "ship_to": {"name": "Hook"},
            "lines": [{"sku": "CUP", "title": "Cup", "quantity": 1}]}})
        refused(401, "bad_signature", "POST", "/hooks/shop", body, token=None,
                headers={"x-dockline-signature": "sha256=" + "0" * 64})
        refused(401, "bad_signature", "POST", "/hooks/shop", body, token=None)
        refused(404, "not_found", "POST", "/hooks/nobody", body, token=None)
        good = "sha256=" + hmac.new(HOOK_SECRET.encode(), body.encode(), hashlib.sha256).hexdigest()
        headers = {"x-dockline-signature": good, "Host": "hooks.shop.example"}
        taken = done("POST", "/hooks/shop", body, token=None, headers=headers)
        self.assertEqual(taken["orders_new"], 1)
        again = done("POST", "/hooks/shop", body, token=None, headers=headers)
        self.assertEqual((again["orders_new"], again["orders_known"]), (0, 1))
        self.assertEqual(done("GET", "/orders/shop%3AH-1")["channel"], "shop")
        more = json.dumps({"type": "order.changed", "order": {
            "number": "H-1", "lines": [{"sku": "CUP", "quantity": 2}]}})
        good = "sha256=" + hmac.new(HOOK_SECRET.encode(), more.encode(), hashlib.sha256).hexdigest()
        refused(409, "order_grows", "POST", "/hooks/shop", more, token=None,
                headers={"x-dockline-signature": good, "Host": "hooks.shop.example"})

    def test_6_the_life_of_an_order(self):
        done("POST", "/orders", {**ORDER, "number": "L-1", "promised_ms": 1_900_000_000_000,
                                 "vip": True, "customer": "c-7",
                                 "lines": [{"sku": "BOWL", "quantity": 2}]}, 201)
        word = {"why": "asked on the phone", "by": "ada"}
        held = {"what": "wait for the second half", "by": "ada"}
        self.assertTrue(done("POST", "/orders/L-1/hold", held)["created"])
        shown = done("GET", "/orders/L-1")
        self.assertEqual((shown["held"], shown["vip"], shown["holds"][0]["reason"]),
                         (True, True, "person"))
        steps = {one["step"]: one for one in shown["steps"]}
        self.assertEqual(list(steps), ["received", "checked", "routed", "packed", "handed_over", "delivered"])
        self.assertEqual((steps["received"]["state"], steps["checked"]["state"]), ("done", "at_risk"))
        self.assertEqual(steps["checked"]["why"], "it is held until somebody releases it")
        # No hours are described here: the house's own day on the way, and three minutes for a box.
        self.assertEqual([steps[one]["deadline_ms"] for one in ("routed", "packed", "delivered")],
                         [1_900_000_000_000 - 86_400_000 - 180_000, 1_900_000_000_000 - 86_400_000, 1_900_000_000_000])
        self.assertEqual(done("GET", "/orders?held=true")["items"][0]["id"], "api:L-1")
        done("GET", "/orders?outlook=late")
        done("POST", "/orders/L-1/release-hold", word)
        self.assertFalse(done("GET", "/orders/L-1")["held"])
        address = {"name": "Zoë Müller", "city": "Ulm"}
        done("PATCH", "/orders/L-1", {"ship_to": address, "vip": False,
                                      "lines": [{"line": 1, "quantity": 3}], **word})
        shown = done("GET", "/orders/L-1")
        self.assertEqual((shown["ship_to"]["city"], shown["pieces"], shown["vip"]),
                         ("Ulm", 3, False))
        done("POST", "/orders/L-1/split", {"lines": [{"line": 1, "quantity": 1}], **word})
        self.assertEqual(done("GET", "/orders/L-1")["parts"],
                         [{"part": 2, "line": 1, "quantity": 1}])
        done("POST", "/backorders/BOWL", {"most": 5, **word})
        self.assertEqual(done("GET", "/backorders")["items"][0]["most"], 5)
        done("POST", "/backorders/BOWL", {"ended": True, **word})
        refused(422, "refused", "PATCH", "/orders/L-1", {"lines": [{"line": 9, "quantity": 1}],
                                                         **word})
        refused(404, "not_found", "POST", "/orders/nope/hold", held)

    def test_6_orders_of_one_buyer_go_in_one_parcel(self):
        def enter(number, **more):
            done("POST", "/orders", {**ORDER, "number": number, "customer": "c-9",
                                     "lines": [{"sku": "BOWL", "quantity": 1}], **more}, 201)
        word = {"why": "one box is enough", "by": "ada"}
        done("POST", "/stock/adjust",
             {"sku": "BOWL", "site": "leipzig", "quantity": 20, "reason": "found"})
        for number in ("G-1", "G-2", "G-3"):
            enter(number)
        enter("G-4", customer="c-10")
        self.assertTrue(done("POST", "/orders/G-1/merge", {"orders": ["G-2", "api:G-3"], **word})["created"])
        self.assertFalse(done("POST", "/orders/G-1/merge", {"orders": ["G-2"], **word})["created"])
        self.assertEqual(done("GET", "/orders/G-2")["merged"],
                         [{"id": "api:G-1", "number": "G-1"}, {"id": "api:G-3", "number": "G-3"}])
        self.assertEqual(done("GET", "/orders/G-4")["merged"], [])
        other = refused(409, "cannot_merge", "POST", "/orders/G-1/merge", {"orders": ["G-4"], **word})
        self.assertIn("different buyers", other)
        refused(404, "not_found", "POST", "/orders/G-1/merge", {"orders": ["nope"], **word})
        refused(422, "refused", "POST", "/orders/G-1/merge", {"orders": [], **word})

    def test_6_parcels_and_their_carriers(self):
        with sqlite3.connect(server.path / "data/server.db", timeout=5) as db:  # as if a bench had packed it
            ord_, order = db.execute("SELECT ord, id FROM p_order ORDER BY ord LIMIT 1").fetchone()
            db.execute("INSERT INTO p_handover(box, ord, site, carrier, tracking, state, closed_ms) "
                       "VALUES('test-box', ?, 'leipzig', 'House', 'DL-BOX', 'waiting', 1)", (ord_,))
        row = done("GET", "/handovers?site=leipzig&carrier=House&limit=1")["items"][0]
        self.assertEqual((row["tracking"], row["order"], row["state"]), ("DL-BOX", order, "waiting"))
        group = done("GET", "/handovers/waiting")["items"][0]
        self.assertEqual((group["parcels"], group["to_keep_back"]), (1, 1 if row["stopped"] else 0))
        with sqlite3.connect(server.path / "data/server.db", timeout=5) as db:
            held, = db.execute("SELECT held FROM p_order WHERE ord = ?", (ord_,)).fetchone()
            db.execute("UPDATE p_order SET held = 1 WHERE ord = ?", (ord_,))
        self.assertEqual(done("GET", "/handovers/waiting")["items"][0]["to_keep_back"], 1)
        with sqlite3.connect(server.path / "data/server.db", timeout=5) as db:
            db.execute("UPDATE p_order SET held = ? WHERE ord = ?", (held, ord_))
        self.assertEqual(done("GET", f"/orders/{order}")["parcels"][0]["tracking"], "DL-BOX")
        refused(409, "conflict", "POST", "/parcels/DL-BOX/delivered", {"by": "ada"})
        refused(409, "conflict", "POST", "/parcels/DL-BOX/take-back", {"why": "x", "by": "ada"})
        with sqlite3.connect(server.path / "data/server.db", timeout=5) as db:
            db.execute("DELETE FROM p_handover WHERE box = 'test-box'")
        self.assertEqual(done("GET", "/handovers?state=gone")["items"], [])
        self.assertEqual(done("POST", "/handovers", {"site": "leipzig", "carrier": "House", "by": "ada"}),
                         {"parcels": [], "left_out": [], "more": False})
        left = done("POST", "/handovers", {"parcels": ["NOSUCH"], "manifest": "M-1", "by": "ada"})["left_out"]
        self.assertEqual(left[0]["tracking"], "NOSUCH")
        refused(422, "refused", "POST", "/handovers", {"site": "nowhere", "by": "ada"})
        refused(422, "refused", "POST", "/handovers", {"parcels": [], "by": "ada"})
        refused(400, "bad_query", "GET", "/handovers?after=nonsense")
        refused(422, "refused", "POST", "/parcels/NOSUCH/take-back", {"why": "x", "by": "ada"})
        back = {"site": "leipzig", "lines": [{"line": 1, "quantity": 1, "to": "shelf"}], "why": "x", "by": "ada"}
        refused(409, "conflict", "POST", f"/orders/{order}/return", back)
        refused(404, "not_found", "POST", "/orders/nope/return", back)

    def test_9_the_page_names_every_route_and_every_operation_was_seen(self):
        source = "".join(p.read_text() for p in (ROOT / "server/api").glob("*_routes.cpp"))
        routes = {(m, "/" + re.sub(r"\*", "{}", p)) for m, p in
                  re.findall(r'\{"(GET|POST|PUT|PATCH|DELETE)",\s*"([^"]+)"', source)}
        on_page = {(o[2], re.sub(r"\{[^}]+\}", "{}", o[0])) for o in page.operations}
        self.assertEqual(routes | {("GET", "/live"), ("GET", "/stream")}, on_page)
        self.assertEqual(yaml.safe_load(ask("GET", "/openapi.yaml").body), page.document)
        self.assertIn(b"dockline_http_answers_total", ask("GET", "/metrics").body)
        # "live" is no answer but a web socket: class Live looks at its messages.
        left = {"live"}.union(*ELSEWHERE.values())
        self.assertEqual({o[3]["operationId"] for o in page.operations} - page.seen, left - page.seen)
        for place, schema in page.schemas():
            with self.subTest(place):
                jsonschema.Draft202012Validator.check_schema(schema)
        self.assertIn(b"dockline_http_answers_total", server.ask("GET", "/metrics").body)


class Console(unittest.TestCase):
    """Everything the console does is in the API's document."""
    # A text or template that begins as a path: "/orders", `/orders/${id}/cancel`, `/events${query(...)}`.
    LITERAL = re.compile(r"""(["'`])(/[a-z](?:\$\{[^}]*\}|[^"'`\s$?])*)""")

    @staticmethod
    def paths(text):
        text = re.sub(r"(?m)^\s*(//|\*|/\*).*|//.*$", "", text)
        text = re.sub(r"\$\{encodeURIComponent\(`[^`]*`\)\}", "x", text)
        base = re.search(r"const path = `(/[^`]*)`;", text)  # and what is appended to it
        if base:
            text = text.replace("${path}", base[1]).replace("path=${path + \"", "path=${\"" + base[1])
        for _, literal in Console.LITERAL.findall(text):
            literal = literal.removeprefix("/api/v1").split("${query(")[0]
            path = re.sub(r"\$\{[^}]*\}", "x", literal)
            if "." in path or path.startswith(("/strings", "/shared", "/vendor")) or path.strip("/") in ("", "x"):
                continue
            yield path

    def test_each_of_its_requests_is_an_operation(self):
        site = ROOT / "server/web/site/app"
        asked = {(path, file.name) for file in site.rglob("*.js") for path in self.paths(file.read_text())}
        self.assertGreater(len({path for path, _ in asked}), 15, asked)
        methods = {o[2] for o in page.operations}
        unknown = {a for a in asked if a[0] != "/live" and not any(page.operation(m, a[0]) for m in methods)}
        self.assertEqual(unknown, set())
        # Those whose method stands beside them.
        for file in site.rglob("*.js"):
            for method, call in re.findall(r'request\("([A-Z]+)",\s*([^;]*)', file.read_text()):
                for path in list(self.paths(call.split(",")[0]))[:1]:
                    self.assertIsNotNone(page.operation(method, path), f"{file.name}: {method} {path}")


class WhoMayEnter(unittest.TestCase):
    def test_the_token_file_is_secret(self):
        mode = os.stat(server.path / "token").st_mode & 0o777
        self.assertEqual(mode, 0o600)
        self.assertEqual(len(server.token), 64)
        self.assertNotIn(server.token, server.said())
        for proc in (server.process.pid,):
            with open(f"/proc/{proc}/cmdline", "rb") as f:
                self.assertNotIn(server.token.encode(), f.read())

    def test_no_token_no_answer(self):
        for token in (None, "wrong", server.token[:-1], server.token + "0"):
            refused(401, "unauthorized", "GET", "/summary", token=token)
        self.assertEqual(server.ask("GET", "/metrics", token=None).status, 401)
        self.assertEqual(server.ask("GET", "/health", token=None).status, 200)

    def test_a_large_body_without_token_is_not_read(self):
        head = (f"POST /api/v1/imports?kind=orders&name=x HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
                "Content-Length: 60000000\r\n\r\n")
        began = time.monotonic()
        self.assertIn(b"401", server.raw(head.encode(), 4.0).split(b"\r\n")[0])
        self.assertLess(time.monotonic() - began, 4.0)

    def test_foreign_host_names_and_origins_are_refused(self):
        refused(403, "foreign_host", "GET", "/summary", headers={"Host": "evil.example"})
        refused(403, "foreign_origin", "GET", "/summary", headers={"Origin": "http://evil.example"})
        self.assertEqual(server.ask("GET", "/", headers={"Host": "evil.example"}).status, 403)
        own = f"http://127.0.0.1:{server.port}"
        self.assertEqual(ask("GET", "/summary", headers={"Origin": own}).status, 200)

    def test_console_files_carry_policy_and_etag(self):
        first = server.ask("GET", "/", token=None)
        self.assertEqual(first.status, 200)
        self.assertIn("default-src 'none'", first.headers["content-security-policy"])
        self.assertIn("frame-ancestors 'none'", first.headers["content-security-policy"])
        again = server.ask("GET", "/", token=None,
                           headers={"If-None-Match": first.headers["etag"]})
        self.assertEqual((again.status, again.body), (304, b""))
        head = server.ask("HEAD", "/", token=None)
        self.assertEqual((head.status, head.body), (200, b""))
        for path in ("/../../etc/passwd", "/%2e%2e/server.toml", "/nothing.js", "//etc/passwd"):
            self.assertEqual(server.ask("GET", path, token=None).status, 404)


def live(origin=None, token="", message=None):
    ws = websocket.create_connection(
        f"ws://127.0.0.1:{server.port}/api/v1/live", timeout=6,
        **({"origin": origin} if origin else {"suppress_origin": True}))
    ws.send(message if message is not None else json.dumps({"token": token or server.token}))
    return ws


class Live(unittest.TestCase):
    def test_changes_are_told_and_the_heart_beats(self):
        ws = live(origin=f"http://127.0.0.1:{server.port}")
        first = json.loads(ws.recv())
        self.assertEqual(page.problems_of({"$ref": "#/components/schemas/Live"}, first), [])
        time.sleep(0.3)
        done("POST", "/orders", {**ORDER, "number": f"L-{time.time_ns()}"}, 201)
        told, deadline = set(), time.monotonic() + 4
        while "orders" not in told and time.monotonic() < deadline:
            told |= set(json.loads(ws.recv())["changed"])
        self.assertIn("orders", told)
        began = time.monotonic()
        beats = [json.loads(ws.recv()) for _ in range(2)]
        self.assertLess(time.monotonic() - began, 5.0)
        self.assertTrue(all("now_ms" in beat for beat in beats))
        ws.close()

    def test_a_busy_time_makes_ten_messages_a_second_at_most(self):
        ws = live()
        count, stop = 0, time.monotonic() + 1.5
        def work():
            while time.monotonic() < stop:
                done("POST", "/orders", {**ORDER, "number": f"B-{time.time_ns()}"}, 201)
        worker = threading.Thread(target=work)
        worker.start()
        while time.monotonic() < stop:
            ws.recv()
            count += 1
        worker.join()
        ws.close()
        self.assertLessEqual(count, 18)

    def test_strangers_are_turned_away(self):
        with self.assertRaises(websocket.WebSocketBadStatusException) as told:
            live(origin="http://evil.example")
        self.assertEqual(told.exception.status_code, 403)
        for message in ('{"token":"wrong"}', "garbage", "{}", "\x00" * 100):
            ws = live(message=message)
            opcode, data = ws.recv_data()
            self.assertEqual((opcode, int.from_bytes(data[:2], "big")), (8, 1008))
            ws.close()

    def test_who_says_nothing_is_dropped(self):
        ws = websocket.create_connection(f"ws://127.0.0.1:{server.port}/api/v1/live", timeout=12,
                                         suppress_origin=True)
        began = time.monotonic()
        try:
            opcode, _ = ws.recv_data()
            self.assertEqual(opcode, 8)
        except websocket.WebSocketConnectionClosedException:
            pass
        self.assertLess(time.monotonic() - began, 11)

    def test_a_listener_that_never_reads_harms_nobody(self):
        deaf = live()
        for i in range(30):
            done("POST", "/orders", {**ORDER, "number": f"D-{time.time_ns()}"}, 201)
        self.assertEqual(ask("GET", "/summary").status, 200)
        deaf.close()


class BadInput(unittest.TestCase):
    def order(self, **change):
        return {**ORDER, "number": "BAD", **change}

    def test_broken_json_names_line_and_column(self):
        message = refused(400, "bad_json", "POST", "/orders", '{\n  "number": ,\n}')
        self.assertIn("line 2, column 13", message)
        refused(400, "bad_json", "POST", "/orders", "")
        refused(400, "bad_json", "POST", "/orders", "[" * 100_000)
        refused(400, "bad_json", "POST", "/orders", '{"number":"1"} trailing')

    def test_bytes_that_are_no_utf8(self):
        message = refused(400, "bad_utf8", "POST", "/orders", b'{"number":"\xff"}')
        self.assertIn("line 1, column 12", message)
        refused(400, "bad_query", "GET", "/orders?q=%ff")
        refused(400, "bad_path", "GET", "/orders/%ff")

    def test_wrong_values_name_their_field(self):
        for body, place in [
                (self.order(lines=[{"sku": "MUG-RED", "quantity": -1}]), "lines[0].quantity is -1"),
                (self.order(lines=[{"sku": "MUG-RED", "quantity": 0}]), "lines[0].quantity is 0"),
                (self.order(lines=[{"sku": "MUG-RED", "quantity": 1.5}]), "lines[0].quantity"),
                (self.order(lines=[{"sku": "MUG-RED", "quantity": 10**30}]), "lines[0].quantity"),
                (self.order(lines=[]), "lines has 0 entries"),
                (self.order(lines=[{"sku": "M", "quantity": 1}] * 1501), "lines has 1501 entries"),
                (self.order(number=""), "number has 0 bytes"),
                (self.order(number=7), "number must be a text"),
                (self.order(ship_to={"name": "x" * 1001}), "ship_to.name has 1001 bytes"),
                (self.order(ship_to=None), "ship_to is missing"),
                (self.order(qty=1), "qty is not known here"),
        ]:
            self.assertIn(place, refused(422, "refused", "POST", "/orders", body))

    def test_unknown_things(self):
        refused(422, "refused", "POST", "/stock/adjust",
                {"sku": "NO-SUCH-SKU", "site": "leipzig", "quantity": 1, "reason": "x"})
        register_mug()
        refused(422, "refused", "POST", "/stock/adjust",
                {"sku": "MUG-RED", "site": "atlantis", "quantity": 1, "reason": "x"})
        refused(404, "not_found", "GET", "/orders/nope")
        refused(404, "not_found", "GET", "/stock/nope")
        refused(404, "not_found", "GET", "/imports/nope")
        refused(404, "not_found", "POST", "/orders/nope/cancel", {"reason": "x"})
        refused(404, "not_found", "POST", "/orders/nope/revoke", {"reason": "x", "by": "ada"})
        refused(404, "not_found", "POST", "/orders/nope/route", {"site": "venlo", "why": "x", "by": "ada"})
        refused(404, "not_found", "GET", "/decisions/nope")
        refused(422, "refused", "POST", "/stations/no%2Fwhere/write-off", {"reason": "x", "by": "ada"})
        refused(404, "not_found", "POST", "/stations/nowhere/write-off", {"reason": "x", "by": "ada"})
        refused(404, "not_found", "POST", "/outbox/nope/decide", {"again": True})
        refused(400, "bad_query", "GET", "/orders?stat=open")
        refused(400, "bad_query", "GET", "/orders?state=opn")
        refused(400, "bad_query", "GET", "/orders?limit=0")
        refused(400, "bad_query", "GET", "/orders?limit=1e9")
        for path in ("/nothing", "/orders/a/b/c", "/"):
            self.assertEqual(server.ask("GET", "/api/v1" + path).status, 404)
        answer = server.ask("DELETE", "/api/v1/orders")
        self.assertEqual((answer.status, answer.headers["allow"]), (405, "GET, POST"))

    def test_an_order_of_an_unknown_sku_is_kept_for_a_person(self):
        order = self.order(number="UNKNOWN-SKU", lines=[{"sku": "NEVER-SEEN", "quantity": 1}])
        answer = ask("POST", "/orders", order)
        self.assertIn(answer.status, (201, 422))
        if answer.status == 201:
            state = done("GET", "/orders/UNKNOWN-SKU")["state"]
            self.assertIn(state, ("backordered", "open"))

    def test_oversized_things_are_refused_before_they_are_read(self):
        self.assertEqual(ask("POST", "/orders", "x" * (1024 * 1024 + 1)).status, 413)
        head = (f"POST /api/v1/imports?kind=orders&name=x HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
                f"Authorization: Bearer {server.token}\r\nContent-Length: 99999999999\r\n\r\n")
        self.assertIn(b"413", server.raw(head.encode(), 3.0).split(b"\r\n")[0])
        chunked = (f"POST /api/v1/orders HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
                   f"Authorization: Bearer {server.token}\r\nTransfer-Encoding: chunked\r\n\r\n"
                   + ("10000\r\n" + "x" * 65536 + "\r\n") * 17)
        self.assertIn(b"413", server.raw(chunked.encode(), 3.0).split(b"\r\n")[0])
        long = f"GET /api/v1/summary HTTP/1.1\r\nHost: 127.0.0.1\r\nX: {'y' * 20000}\r\n\r\n"
        self.assertIn(b"431", server.raw(long.encode(), 3.0).split(b"\r\n")[0])
        with_body = ask("GET", "/summary", "x" * 10)
        self.assertEqual(with_body.status, 413)

    def test_bytes_that_are_no_http(self):
        for garbage in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"\x00" * 100, b"GET\r\n\r\n",
                        b"GET / HTTP/9.9\r\n\r\n", os.urandom(400) + b"\r\n\r\n",
                        b"POST /api/v1/orders HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
                        b"POST /api/v1/orders HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"
                        b"Transfer-Encoding: chunked\r\n\r\n"):
            out = server.raw(garbage, 1.0)
            self.assertTrue(out == b"" or out.startswith(b"HTTP/1.1 4"), out[:80])
        self.assertEqual(ask("GET", "/health").status, 200)

    def test_a_request_that_is_cut_off_changes_nothing(self):
        before = done("GET", "/summary")["events"]
        body = json.dumps({**ORDER, "number": "CUT"})
        head = (f"POST /api/v1/orders HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
                f"Authorization: Bearer {server.token}\r\nContent-Length: {len(body) + 50}\r\n\r\n")
        with socket.create_connection(("127.0.0.1", server.port)) as s:
            s.sendall((head + body).encode())
        time.sleep(0.2)
        refused(404, "not_found", "GET", "/orders/CUT")
        self.assertEqual(done("GET", "/summary")["events"], before)

    def test_slow_clients_cost_nobody_else_and_are_dropped(self):
        slow = socket.create_connection(("127.0.0.1", server.port))
        slow.sendall(b"GET /api/v1/summary HTTP/1.1\r\n")
        many = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(300)]
        for s in many:
            s.close()
        wait_for("others are served", lambda: ask("GET", "/summary").status == 200)
        slow.settimeout(14)
        began = time.monotonic()
        self.assertEqual(slow.recv(100), b"")
        self.assertLess(time.monotonic() - began, 13)
        slow.close()

    def test_one_connection_carries_many_requests(self):
        one = (f"GET /api/v1/health HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n" * 3
               + f"GET /api/v1/health HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nConnection: close\r\n\r\n")
        self.assertEqual(server.raw(one.encode(), 5.0).count(b"HTTP/1.1 200"), 4)


if __name__ == "__main__":
    unittest.main(warnings="ignore")
