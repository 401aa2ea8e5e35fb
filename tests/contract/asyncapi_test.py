"""The AsyncAPI page against the event catalogue, and against what really goes over the broker: a
server and a station played by hand, every message read as it comes by a third party."""
import hashlib
import json
import pathlib
import re
import subprocess
import tempfile
import time
import unittest
import uuid

import jsonschema
import yaml

from openapi import closed
from served import BIN, ROOT, free_port, wait_for

WIRE = ROOT / "shared/wire"
PAGE = yaml.safe_load((WIRE / "asyncapi.yaml").read_text())
INC = "0197a1b2-0000-7000-8000-0123456789ab"


def catalogue():
    """Types by section of the catalogue's headers."""
    out, section, travels = {}, None, None
    names = ("facts_up", "facts_down", "facts_log", "facts_lease_log", "facts_stock_log")
    for line in "\n".join((WIRE / f"{name}.hpp").read_text() for name in names).splitlines():
        if found := re.match(r"// -+ (up|down|log):", line):
            section = found[1]
        if found := re.match(r"// (Down and log:|Up, or by a person:)", line):
            travels = {"D": "down", "U": "up"}[found[1][0]]
        if found := re.search(r'kType = "([^"]+)"', line):
            out.setdefault(travels or section, []).append(found[1])
            travels = None
    return out


def listed(name):
    data = PAGE["components"]["schemas"][name]["allOf"][1]["properties"]["data"]["anyOf"]
    return [ref["$ref"].removeprefix("./schemas/").removesuffix(".json") for ref in data]


class Catalogue(unittest.TestCase):
    def test_the_page_lists_exactly_the_facts_that_travel(self):
        known = catalogue()
        self.assertEqual(listed("UpFact"), known["up"])
        self.assertEqual(listed("DownFact"), known["down"])

    def test_every_fact_has_its_schema_and_it_is_valid(self):
        for types in catalogue().values():
            for name in types:
                schema = json.loads((WIRE / f"schemas/{name}.json").read_text())
                jsonschema.Draft202012Validator.check_schema(schema)

    def test_every_reference_of_the_page_leads_somewhere(self):
        def walk(node):
            if isinstance(node, dict):
                if "$ref" in node:
                    ref = node["$ref"]
                    if ref.startswith("#/"):
                        at = PAGE
                        for step in ref[2:].split("/"):
                            at = at[step]
                    else:
                        self.assertTrue((WIRE / ref).exists(), ref)
                for value in node.values():
                    walk(value)
            elif isinstance(node, list):
                for value in node:
                    walk(value)
        walk(PAGE)

    def test_topics_are_those_of_the_protocol(self):
        text = (ROOT / "shared/sync/PROTOCOL.md").read_text()
        for channel in PAGE["channels"].values():
            suffix = channel["address"].removeprefix("dockline/v1/")
            form = suffix.replace("{site}", "<site>").replace("{station}", "<station>")
            self.assertIn(f"`{form}`", text)


def plain(payload):
    if payload[:1] == b"\x28":
        return subprocess.run(["zstd", "-dc"], input=payload, capture_output=True, check=True).stdout
    return payload


class Judge:
    def __init__(self):
        self.page = {**PAGE, "components": {**PAGE["components"],
                                            "schemas": closed(PAGE["components"]["schemas"])}}
        self.resolver = jsonschema.RefResolver("", self.page)
        self.seen = set()

    def channel(self, topic):
        for name, channel in PAGE["channels"].items():
            form = re.sub(r"\\\{[^}]+\\\}", "[a-z0-9-]+", re.escape(channel["address"]))
            if re.fullmatch(form, topic) and not (name == "stationState"
                                                  and topic == "dockline/v1/server/state"):
                return name
        raise AssertionError(f"topic {topic} is not on the page")

    def message(self, topic, payload):
        name = self.channel(topic)
        head, *lines = plain(payload).split(b"\n")
        header = json.loads(head)
        kind = header["k"]
        if kind not in PAGE["channels"][name]["messages"]:
            raise AssertionError(f"{kind} on {topic} is not on the page")
        schema = self.page["components"]["schemas"][kind.capitalize()]
        self.validate(schema, header, f"{kind} on {topic}")
        self.seen.add((name, kind))
        if kind == "data":
            facts = [line for line in lines if line]
            assert len(facts) == header["count"]
            for line in facts:
                self.fact(json.loads(line), "UpFact" if name == "up" else "DownFact")

    def fact(self, fact, direction):
        self.validate(self.page["components"]["schemas"]["Fact"], fact, fact.get("type"))
        assert fact["type"] in listed(direction), f"{fact['type']} is no {direction}"
        data = closed(json.loads((WIRE / f"schemas/{fact['type']}.json").read_text()))
        self.validate(data, fact["data"], fact["type"])
        self.seen.add(("fact", fact["type"]))

    def validate(self, schema, value, where):
        problems = [f"{list(e.absolute_path)}: {e.message}" for e in
                    jsonschema.Draft202012Validator(schema, resolver=self.resolver).iter_errors(value)]
        if problems:
            raise AssertionError(f"{where}: {problems[:3]} in {value}")


class OnTheWire(unittest.TestCase):
    """A broker without accounts between a real server and a station that this test plays."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="dockline-asyncapi-")
        path = pathlib.Path(self.folder.name)
        self.port, self.http = free_port(), free_port()
        (path / "broker.conf").write_text(f"listener {self.port} 127.0.0.1\nallow_anonymous true\n")
        (path / "server.toml").write_text(f"""
[server]
data_dir = "{path}/data"
http_listen = "127.0.0.1:{self.http}"
[broker]
mode = "external"
url = "tcp://127.0.0.1:{self.port}"
[[site]]
name = "leipzig"
[[station]]
site = "leipzig"
name = "bench-4"
""")
        self.children = []
        self.start(["mosquitto", "-c", path / "broker.conf"])
        self.tap = subprocess.Popen(
            ["mosquitto_sub", "-h", "127.0.0.1", "-p", str(self.port), "-t", "dockline/#", "-q", "1",
             "-F", "%t %x"], stdout=open(path / "tap", "wb"), stderr=subprocess.DEVNULL)
        wait_for("the tap listens", self.tapped)
        self.start([BIN / "dockline-server", "--config", path / "server.toml"])
        self.path = path

    def start(self, words):
        self.children.append(subprocess.Popen(words, stdout=subprocess.DEVNULL,
                                              stderr=subprocess.DEVNULL))

    def tapped(self):
        """mosquitto_sub ends when the broker is not up yet; then it is started again."""
        if self.tap.poll() is None:
            time.sleep(0.3)
            return self.tap.poll() is None
        path = pathlib.Path(self.folder.name)
        self.tap = subprocess.Popen(
            ["mosquitto_sub", "-h", "127.0.0.1", "-p", str(self.port), "-t", "dockline/#", "-q", "1",
             "-F", "%t %x"], stdout=open(path / "tap", "wb"), stderr=subprocess.DEVNULL)
        return False

    def tearDown(self):
        self.tap.terminate()
        self.tap.wait()
        for child in reversed(self.children):
            child.terminate()
            child.wait(10)
        self.folder.cleanup()

    def messages(self):
        for line in (self.path / "tap").read_text().splitlines():
            topic, _, payload = line.partition(" ")
            yield topic, bytes.fromhex(payload)

    def publish(self, topic, payload, retain=False):
        subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(self.port), "-q", "1", "-t",
                        f"dockline/v1/leipzig/bench-4/{topic}", "-s", *(["-r"] if retain else [])],
                       input=payload, check=True)

    def say(self, topic, header, *lines, retain=False):
        payload = "\n".join([json.dumps(header), *lines]) + "\n"
        self.publish(topic, payload.encode(), retain)

    def heard(self, topic, kind):
        def probe():
            for t, payload in self.messages():
                if t.endswith(topic):
                    header = json.loads(plain(payload).split(b"\n")[0])
                    if header["k"] == kind:
                        return header
            return None
        return wait_for(f"{kind} on {topic}", probe)

    def test_what_is_sent_is_what_the_page_says(self):
        self.heard("server/state", "state")
        now = time.time_ns() // 1_000_000
        start = hashlib.sha256(("dockline-1" + INC).encode()).hexdigest()[:32]
        session = "1.00000000000000aa.1"
        self.say("state", {"v": 1, "k": "state", "status": "up", "inc": INC, "boot": 1,
                           "nonce": "00000000000000aa", "versions": [1], "program": "test",
                           "last": 1, "acked": 0, "down_through": 0, "t1": now}, retain=True)
        self.say("up", {"v": 1, "k": "open", "inc": INC, "ses": session, "base": 0,
                        "basechain": start, "last": 1, "gone": [], "versions": [1], "why": "start",
                        "t1": now})
        ack = self.heard("up-ack", "ack")
        self.assertEqual((ack["ses"], ack["through"]), (session, 0))
        fact = {"specversion": "1.0", "id": str(uuid.uuid4()), "source": "/leipzig/bench-4",
                "type": "dockline.device.changed.v1", "subject": "left scanner",
                "time": "2026-11-24T13:02:31.250Z", "dlinc": INC, "dlseq": 1,
                "dlhlc": f"{now << 16:016x}", "datacontenttype": "application/json",
                "data": {"device": "left scanner", "kind": "scanner", "state": "ready"}}
        self.say("up", {"v": 1, "k": "data", "inc": INC, "ses": session, "first": 1, "count": 1,
                        "prev": ack["chain"]}, json.dumps(fact, separators=(",", ":")))
        wait_for("the fact is confirmed", lambda: any(
            json.loads(plain(p).split(b"\n")[0]).get("through") == 1
            for t, p in self.messages() if t.endswith("up-ack")))
        self.heard("/down", "open")
        judge = Judge()
        for topic, payload in self.messages():
            if payload:
                judge.message(topic, payload)
        self.assertLessEqual({("serverState", "state"), ("upAck", "ack"), ("down", "open"),
                              ("stationState", "state"), ("up", "open"), ("up", "data")}, judge.seen)


if __name__ == "__main__":
    unittest.main(warnings="ignore")
