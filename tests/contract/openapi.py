"""Answers against the OpenAPI document. Objects are closed here, so that a field the page does not
name is a failure, though clients are asked to ignore fields they do not know."""
import copy
import re

import jsonschema
import yaml

from served import ROOT

FOLDER = ROOT / "server/api/openapi"


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
        self.seen = set()
        self.operations = []
        for path, item in self.document["paths"].items():
            form = re.compile("^" + re.sub(r"\{[^}]+\}", "[^/]+", path) + "$")
            for method, operation in item.items():
                self.operations.append((path, form, method.upper(), operation))

    def _deref(self, node):
        while "$ref" in node:
            node = self.resolver.resolve(node["$ref"])[1]
        return node

    def operation(self, method, path):
        # The path with fewest parameters wins: /stock/adjust before /stock/{sku}.
        fits = [o for o in self.operations if o[1].match(path) and o[2] == method]
        return min(fits, key=lambda o: o[0].count("{"), default=None)

    def check(self, method, target, status, content_type, value):
        path = target.split("?")[0].removeprefix("/api/v1")
        found = self.operation(method, path)
        if found is None:
            raise AssertionError(f"{method} {path} is not on the page")
        responses = found[3]["responses"]
        if status < 400 and str(status) not in responses:
            raise AssertionError(f"{method} {path}: {status} is not on the page")
        response = self._deref(responses.get(str(status), responses["default"]))
        kinds = response["content"]
        kind = content_type.split(";")[0]
        if kind not in kinds:
            raise AssertionError(f"{method} {path}: {kind} is not on the page")
        if status < 400:
            self.seen.add(found[3]["operationId"])
        if kind != "application/json":
            return
        schema = closed(kinds[kind]["schema"])
        validator = jsonschema.Draft202012Validator(schema, resolver=self.resolver)
        problems = [f"{'/'.join(map(str, e.absolute_path))}: {e.message}"
                    for e in validator.iter_errors(value)]
        if problems:
            raise AssertionError(f"{method} {target} -> {status}: " + "; ".join(problems[:5]))
