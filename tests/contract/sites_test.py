"""Sites as people describe them: API, CSV out and in, command line; across kill -9, with a routing file and without."""
import csv
import io
import json
import os
import subprocess
import unittest
from urllib.parse import quote

from openapi import ELSEWHERE, Page
from served import BIN, ROOT, Server, wait_for

server, page = None, None
WORD = {"why": "autumn", "by": "ada"}
LEIPZIG = {"time_zone": "Europe/Berlin", "hours.mon-sun": "00:00-23:59", "capacity_per_day": "3",
           "zones.DE 0": "1", "distance_km.other": "900", "closed": "2031-12-25 2031-12-26", "hazardous": "true"}


def setUpModule():
    global server, page
    server, page = Server(), Page()


def tearDownModule():
    assert server.stop() == 0


def ask(method, target, body=None, status=200, code=None, **more):
    sent = json.dumps(body) if isinstance(body, dict) else body
    answer = server.ask(method, "/api/v1" + target, sent, **more)
    page.check(method, target, answer, body if isinstance(body, dict) else None)
    assert answer.status == status, f"{method} {target}: {answer.status} {answer.body[:500]}"
    if code is not None:
        assert answer.json["code"] == code and answer.json["remedy"], answer.json
    return answer


def site(name="leipzig"):
    return ask("GET", f"/sites/{name}").json


def describe(values, name="leipzig", status=201, **more):
    return ask("PUT", f"/sites/{name}", {"values": values, **WORD}, status, **more).json


def exported():
    return ask("GET", "/export/sites.csv").body.decode()


def take_in(text, name):
    started = ask("POST", f"/imports?kind=sites&name={quote(name)}", text, 202).json["import"]
    done = wait_for("the import ends", lambda: (
        lambda i: i if i["state"] != "running" else None)(ask("GET", f"/imports/{started}").json))
    return done, ask("GET", f"/imports/{started}/rows").json["items"]


def dockline(*words, code=0):
    made = subprocess.run([BIN / "dockline", *words], capture_output=True, text=True, timeout=30, env={
        "HOME": server.folder.name, "PATH": os.environ["PATH"], "USER": "ada", "DOCKLINE_URL": server.url,
        "DOCKLINE_TOKEN_FILE": f"{server.folder.name}/token"})
    assert made.returncode == code, f"{words}: {made.returncode}\n{made.stdout}\n{made.stderr}"
    return made.stdout + made.stderr


class Sites(unittest.TestCase):
    def test_1_every_configured_site_is_there_before_anybody_said_anything(self):
        rows = ask("GET", "/sites").json["items"]
        self.assertEqual([(r["site"], r["from"], r["values"]) for r in rows],
                         [("leipzig", "nobody", {}), ("venlo", "nobody", {})])
        self.assertEqual((rows[0]["capacity_per_day"], rows[0]["left_today"], rows[0]["opens_ms"]), (None, None, None))
        ask("GET", "/sites/ulm", status=404, code="not_found")
        ask("PUT", "/sites/ulm", {"values": {}, **WORD}, 404, "not_found")
        self.assertEqual([r["site"] for r in csv.DictReader(io.StringIO(exported()))], ["leipzig", "venlo"])

    def test_2_a_description_is_refused_whole_with_place_and_remedy(self):
        for values, place, says in [
                ({**LEIPZIG, "capacity_per_day": "many"}, "values.capacity_per_day", "a whole number is needed"),
                ({"zonez.DE": "1"}, "values.zonez.DE", "unknown key"),
                ({"zones": "1"}, "values.zones", "names no entry"),
                ({"zones.Germany": "1"}, "values.zones.Germany", "is no place"),
                ({"capacity_per_day.DE": "1"}, "values.capacity_per_day.DE", "has no entries"),
                ({"hours.mon": "8-16", "time_zone": "Europe/Berlin"}, "values.hours.mon", "are no hours"),
                ({"hours.mon": "08:00-16:00"}, "values.time_zone", "missing"),
                ({"time_zone": "Europe/Leipzig"}, "values.time_zone", "is no time zone"),
                ({"closed": "25.12.2026"}, "values.closed", "is no date"),
                ({"hazardous": "perhaps"}, "values.hazardous", "true or false"),
                ({"name": "ulm"}, "values.name", "the site itself")]:
            with self.subTest(place):
                told = describe(values, status=422, code="refused")
                self.assertEqual(told["place"], place)
                self.assertIn(says, told["detail"])
        ask("PUT", "/sites/leipzig", {"values": {"capacity_per_day": 3}, **WORD}, 422, "refused")
        ask("PUT", "/sites/leipzig", {"values": {}, "by": "ada"}, 422, "refused")
        self.assertEqual(site()["from"], "nobody")

    def test_3_what_people_say_holds_and_survives_the_server(self):
        self.assertTrue(describe(LEIPZIG)["created"])
        self.assertFalse(describe(LEIPZIG, status=200)["created"])
        shown = site()
        self.assertEqual((shown["from"], shown["values"], shown["capacity_per_day"], shown["left_today"]),
                         ("people", LEIPZIG, 3, 3))
        self.assertGreater(shown["cut_off_ms"], shown["opens_ms"])
        self.assertRegex(shown["version"], "^[0-9a-f]{8}$")
        ask("POST", "/items", {"sku": "CUP", "title": "Cup", "barcodes": []}, 201)
        for where in ("leipzig", "venlo"):
            ask("POST", "/stock/adjust", {"sku": "CUP", "site": where, "quantity": 50, "reason": "found"})
        went = [self.order(n) for n in range(5)]
        self.assertEqual(went, ["leipzig"] * 3 + ["venlo"] * 2, "leipzig packs three a day, as described")
        record = ask("GET", "/decisions?subject=api:S-0").json["items"][0]
        self.assertEqual(record["rule"], "nearest-as-described")
        self.assertIn({"name": "site leipzig", "value": f"as described, version {shown['version']}", "as_of_ms": None},
                      [{"as_of_ms": None, **i} for i in record["inputs"]])
        self.assertEqual((site()["waiting"], site()["left_today"]), (3, 0))
        server.kill()
        server.start()
        self.assertEqual(site()["values"], LEIPZIG)
        self.assertEqual(self.order(5), "venlo")
        describe({**LEIPZIG, "capacity_per_day": "4"})
        self.assertEqual(self.order(6), "leipzig", "from the next decision on, without a restart")

    def test_3b_the_second_of_two_writers_is_told(self):
        seen = ask("GET", "/sites/venlo").headers["etag"]
        describe({"capacity_per_day": "5"}, "venlo", headers={"If-Match": seen})
        late = describe({"capacity_per_day": "6"}, "venlo", 412, code="changed", headers={"If-Match": seen})
        self.assertEqual(late["place"], "If-Match")
        self.assertIn("GET the site", late["remedy"])
        self.assertEqual(site("venlo")["values"], {"capacity_per_day": "5"})
        describe({}, "venlo", headers={"If-Match": ask("GET", "/sites/venlo").headers["etag"]})
        self.assertEqual(site("venlo")["from"], "nobody")

    def test_3c_its_day_stands_beside_what_it_is(self):
        shown = site()
        self.assertIs(shown["open_now"], True)
        self.assertEqual(shown["today"]["cut_off_ms"], shown["cut_off_ms"])
        self.assertEqual(shown["stations"]["total"], shown["stations"]["heard"] + shown["stations"]["silent"] + shown["stations"]["never"])
        self.assertEqual((shown["skus"], shown["pieces"]), (1, 50))
        self.assertEqual((site("venlo")["open_now"], site("venlo")["today"]), (None, None))

    def order(self, n):
        made = ask("POST", "/orders", {"number": f"S-{n}", "ship_to": {"name": "Ada", "country": "DE"},
                                       "lines": [{"sku": "CUP", "quantity": 1}]}, 201).json["id"]
        return wait_for("it is routed", lambda: ask("GET", f"/orders/{made}").json["site"])

    def test_4_out_and_in_again_changes_nothing(self):
        before = exported()
        rows = list(csv.DictReader(io.StringIO(before)))
        self.assertEqual([(r["site"], r["from"], r["capacity_per_day"], r["zones.DE 0"]) for r in rows],
                         [("leipzig", "people", "4", "1"), ("venlo", "nobody", "", "")])
        self.assertEqual(rows[0]["pieces"], "50")
        done, lines = take_in(before, "sites.csv")
        self.assertEqual((done["state"], done["items"], done["exceptions"], done["changes"]), ("done", 2, 0, 0))
        self.assertEqual(exported(), before)
        changed = before.replace('"900"', '"800"')
        self.assertEqual(take_in(changed, "sites.csv")[0]["changes"], 1)
        self.assertEqual(site()["values"]["distance_km.other"], "800")
        # The first file once more: what it says is said again.
        self.assertEqual(take_in(before, "sites.csv")[0]["changes"], 1)
        self.assertEqual(exported(), before)

    def test_5_wrong_rows_name_row_and_column(self):
        before = exported()
        rows = list(csv.DictReader(io.StringIO(before)))
        head = list(rows[0]) + ["zonez.DE"]
        at = head.index("capacity_per_day") + 1
        rows[0] |= {"capacity_per_day": "many"}
        rows[1] |= {"zonez.DE": "1"}
        out = io.StringIO()
        writer = csv.DictWriter(out, head)
        writer.writeheader()
        writer.writerows(rows + [{**rows[0], "site": "ulm", "capacity_per_day": "5"}, rows[1]])
        done, lines = take_in(out.getvalue(), "wrong.csv")
        self.assertEqual((done["exceptions"], [r["row"] for r in lines]), (4, [1, 2, 3, 4]))
        self.assertIn(f'column {at} (capacity_per_day): "many": a whole number is needed', lines[0]["why"])
        self.assertIn(f"column {len(head)} (zonez.DE)", lines[1]["why"])
        self.assertIn("ulm", lines[2]["why"])
        self.assertIn("row 2 already", lines[3]["why"])
        self.assertEqual(exported(), before)
        done, _ = take_in("site,skus,pieces\nleipzig,1,50\n", "old.csv")
        self.assertEqual(done["state"], "failed")
        self.assertIn("the header lacks: time_zone", done["problem"])

    def test_6_the_command_line(self):
        self.assertIn("people", dockline("sites", "list"))
        self.assertIn("zones.DE 0", dockline("sites", "show", "leipzig"))
        said = dockline("sites", "set", "leipzig", "capacity_per_day=7", "zones.DE 0=", "zones.DE=2", "--reason", "move")
        self.assertIn("it holds from the next decision on", said)
        values = {**LEIPZIG, "capacity_per_day": "7", "zones.DE": "2"}
        del values["zones.DE 0"]
        self.assertEqual(site()["values"], values)
        self.assertIn("a whole number is needed",
                      dockline("sites", "set", "leipzig", "capacity_per_day=x", "--reason", "r", code=6))
        dockline("sites", "set", "leipzig", "--reason", "r", code=2)
        dockline("sites", "show", "ulm", code=5)
        file = server.path / "out.csv"
        file.write_text(dockline("export", "sites"))
        self.assertIn("Nothing changed", dockline("import", "sites", str(file)))
        dockline("sites", "set", "leipzig", "--reset", "--reason", "back")
        self.assertEqual(site()["from"], "nobody")

    def test_7_the_routing_file_is_what_holds_where_nobody_said_anything(self):
        text = (ROOT / "deploy/samples/routing.toml").read_text()
        (server.path / "routing.toml").write_text(text)
        server.config.write_text(server.config.read_text().replace(
            "[server]\n", f'[server]\nrouting = "{server.path}/routing.toml"\n', 1))
        server.kill()
        server.start()
        shown = site()
        self.assertEqual((shown["from"], shown["values"]["hours.mon-fri"], shown["values"]["closed"]),
                         ("file", "08:00-16:30", "2026-12-25 2026-12-26"))
        before = exported()
        self.assertEqual(take_in(before, "file.csv")[0]["changes"], 0)
        self.assertEqual(exported(), before)
        describe({**shown["values"], "capacity_per_day": "1"})
        self.assertEqual((site()["from"], site()["capacity_per_day"], site("venlo")["from"]), ("people", 1, "file"))
        what_if = ask("POST", "/routing/what-if", {"rules": text}).json
        self.assertEqual(what_if["described"], ["leipzig"])
        self.assertTrue(ask("POST", "/replay/verify", {}).json["equal"])
        describe({})
        self.assertEqual(site()["values"], shown["values"])


class TheOperationsLeftToThisFile(unittest.TestCase):  # after all others, by its name
    def test_each_was_seen_with_success(self):
        self.assertEqual(ELSEWHERE["sites_test"] - page.seen, set())


if __name__ == "__main__":
    unittest.main()
