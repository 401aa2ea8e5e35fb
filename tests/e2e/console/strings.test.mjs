// The words of both languages: same ids, same parameters, nothing unused, nothing unknown, and every
// message can be read.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..");
const site = path.join(root, "server/web/site");
const { parameterNames, parseMessage, words } = await import(pathToFileURL(path.join(root, "shared/web/i18n.js")).href);

/** @param {string} lang @returns {Record<string, string>} */
const strings = (lang) => JSON.parse(readFileSync(path.join(site, `strings/${lang}.json`), "utf8"));
const en = strings("en");
const code = readdirSync(path.join(site, "app"), { recursive: true }).map(String).filter((f) => f.endsWith(".js"))
  .map((f) => readFileSync(path.join(site, "app", f), "utf8")).join("\n");

test("Every language has the same ids with the same parameters as English", () => {
  const de = strings("de");
  assert.deepEqual(Object.keys(de).sort(), Object.keys(en).sort());
  for (const id of Object.keys(en))
    assert.deepEqual([...parameterNames(parseMessage(de[id]))].sort(), [...parameterNames(parseMessage(en[id]))].sort(), id);
});

test("Every id is used, and every id used is known", () => {
  const quoted = new Set([...code.matchAll(/"([a-z]+(?:\.[a-z0-9_]+)+)"/g)].map((m) => m[1]));
  const starts = [...code.matchAll(/`([a-z]+\.[a-z_]*)\$\{/g)].map((m) => m[1]);
  // A form that asks for a reason takes its three sentences by the family's name.
  const forms = [...code.matchAll(/\bwords(?:=|: )"([a-z]+)"/g)].flatMap((m) => ["go", "meaning", "title"].map((part) => `${m[1]}.${part}`));
  const unused = Object.keys(en).filter((id) => !quoted.has(id) && !forms.includes(id) && !starts.some((s) => id.startsWith(s)));
  assert.deepEqual(unused, []);
  const families = new Set(Object.keys(en).map((id) => id.split(".")[0]));
  const asked = [...code.matchAll(/\bt\("([^"]+)"/g), ...code.matchAll(/\bid="([a-z]+\.[a-z_]+)"/g)].map((m) => m[1]);
  assert.deepEqual(asked.filter((id) => families.has(id.split(".")[0]) && !(id in en)), []);
});

test("Plurals, choices and emphasis come out as said", () => {
  const w = words("en", { a: "{n, plural, =0 {none} one {1 piece} other {# pieces}}", b: "{x, select, yes {<b>on {y}</b>} other {off}}" });
  assert.equal(w.text("a", { n: 0 }), "none");
  assert.equal(w.text("a", { n: 1 }), "1 piece");
  assert.equal(w.text("a", { n: 1200 }), "1,200 pieces");
  assert.equal(w.text("b", { x: "yes", y: "top" }), "on top");
  assert.deepEqual(w.parts("b", { x: "yes", y: "top" }, (/** @type {any} */ body) => ({ body })), [{ body: ["on ", "top"] }]);
});

test("The kinds and actions of the server’s closed list have words", () => {
  const kinds = readFileSync(path.join(root, "server/exceptions/kinds.cpp"), "utf8");
  const actions = new Set([...kinds.matchAll(/\{("[a-z_]+"(?:, "[a-z_]+")*)\}\}/g)].flatMap((m) => m[1].split(", ").map((a) => a.slice(1, -1))));
  const names = [...kinds.matchAll(/\{"([a-z_]+)",\s+"[A-Z]/g)].map((m) => m[1]);
  assert.ok(actions.size > 3 && names.length > 30, `${actions.size} actions, ${names.length} kinds`);
  assert.deepEqual([...actions].filter((a) => !(`action.${a}` in en)), []);
  assert.deepEqual(names.filter((k) => !(`kind.${k}` in en)), []);
});
