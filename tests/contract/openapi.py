"""Answers and requests against the OpenAPI document: operation, status, headers, content type, body.
Objects are closed here, so that a field the page does not name is a failure, though clients are
asked to ignore fields they do not know."""
import copy
import json
import re

import jsonschema
import yaml

from served import ROOT

FOLDER = ROOT / "server/api/openapi"
# Operations whose success a file of its own checks against the page, and says so in its last test.
ELSEWHERE = {
    "exports_test": {"exportEpcis", "listOffers"},
    "handover_test": {"decideOutbox", "deliverParcel", "returnGoods", "revokeLease", "takeBackParcel", "writeOffStation"},
    "promises_test": {"streamEvents"},
    "sites_test": {"describeSite", "exportSites", "getSite", "listSites"},
}
# What every HTTP server sends; all else must be on the page.
PLAIN = {"content-type", "content-length", "connection", "cache-control", "x-content-type-options",
         "transfer-encoding"}


def closed(node):
    if isinstance(node, dict):
        node = {key: closed(value) for key, value in node.items()}
        if "properties" in node and "additionalProperties" not in node:
            node["additionalProperties"] = False
        return node
    return [closed(n) for n in node] if isinstance(node, list) else node


class Page:
    def __init__(self):
        self.document = yaml.safe_load("".join(p.read_text() for p in sorted(FOLDER.glob("*.yaml"))))
        self.closed = copy.deepcopy(self.document)
        self.closed["components"]["schemas"] = closed(self.document["components"]["schemas"])
        self.resolver = jsonschema.RefResolver("", self.closed)
        self.codes = self.document["components"]["schemas"]["Problem"]["x-codes"]
        self.seen = set()
        self.operations = []
        for path, item in self.document["paths"].items():
            form = re.compile("^" + re.sub(r"\{[^}]+\}", "[^/]+", path) + "$")
            for method, operation in item.items():
                self.operations.append((path, form, method.upper(), operation))

    def schemas(self):
        """Every schema of the document, with the place where it stands."""
        def walk(node, place):
            if isinstance(node, dict):
                for key, value in node.items():
                    if key == "schema":
                        yield place, value
                    yield from walk(value, f"{place}/{key}")
            elif isinstance(node, list):
                for i, value in enumerate(node):
                    yield from walk(value, f"{place}/{i}")
        yield from walk(self.document, "")
        for name, schema in self.document["components"]["schemas"].items():
            yield f"/components/schemas/{name}", schema

    def _deref(self, node):
        while "$ref" in node:
            node = self.resolver.resolve(node["$ref"])[1]
        return node

    def operation(self, method, path):
        # The path with fewest parameters wins: /stock/adjust before /stock/{sku}.
        fits = [o for o in self.operations if o[1].match(path) and o[2] == method]
        return min(fits, key=lambda o: o[0].count("{"), default=None)

    def problems_of(self, schema, value):
        validator = jsonschema.Draft202012Validator(closed(schema), resolver=self.resolver)
        return [f"{'/'.join(map(str, e.absolute_path))}: {e.message}"
                for e in validator.iter_errors(value)]

    def check(self, method, target, answer, body=None):
        """`answer`: served.Answer. `body`: what was sent, if it was JSON."""
        path = target.split("?")[0].removeprefix("/api/v1")
        found = self.operation("GET" if method == "HEAD" else method, path)
        about = f"{method} {target} -> {answer.status}"
        if found is None:
            # Refusals of any path are problems; what succeeds must be on the page.
            assert answer.status >= 400, f"{about}: this operation is not on the page"
            response = self.document["components"]["responses"]["Problem"]
        else:
            responses = found[3]["responses"]
            assert answer.status >= 400 or str(answer.status) in responses, \
                f"{about}: the status is not on the page"
            response = self._deref(responses.get(str(answer.status), responses.get("default")))
        extra = set(answer.headers) - PLAIN - {h.lower() for h in response.get("headers", {})}
        assert not extra, f"{about}: headers that are not on the page: {extra}"
        for name, header in response.get("headers", {}).items():
            if name.lower() in answer.headers:
                bad = self.problems_of(self._deref(header)["schema"], answer.headers[name.lower()])
                assert not bad, f"{about}: {name}: {bad}"
        if found and answer.status < 400:
            self.seen.add(found[3]["operationId"])
            if body is not None:
                sent = found[3].get("requestBody", {}).get("content", {}).get("application/json")
                bad = self.problems_of(sent["schema"], body) if sent else []
                assert not bad, f"{about}: taken, though not as the page says: {bad}"
        self._check_body(about, method, answer, response)

    def _check_body(self, about, method, answer, response):
        if "content" not in response or method == "HEAD":
            assert not answer.body, f"{about}: the page knows no body"
            return
        kind = answer.headers["content-type"].split(";")[0]
        assert kind in response["content"], f"{about}: {kind} is not on the page"
        if not kind.endswith("json"):
            return
        value = json.loads(answer.body)
        bad = self.problems_of(response["content"][kind]["schema"], value)
        assert not bad, f"{about}: " + "; ".join(bad[:5])
        if answer.status >= 400:
            statuses = self.codes.get(value["code"], [])
            assert answer.status in (statuses if isinstance(statuses, list) else [statuses]), \
                f"{about}: code {value['code']} does not come with it on the page"
            assert value["status"] == answer.status, about
