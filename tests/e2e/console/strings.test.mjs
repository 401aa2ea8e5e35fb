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

/** @param {string} name of the file @returns {Record<string, string>} */
const fileOf = (name) => JSON.parse(readFileSync(path.join(site, `strings/${name}.json`), "utf8"));
// Words that only some pages need, by family, and the pages that fetch them.
const main = readFileSync(path.join(site, "app/main.js"), "utf8");
const wanted = /** @type {[string, string][]} */ ([...(/const WORDS = \{([^}]*)\}/.exec(main)?.[1] ?? "").matchAll(/(\w+): \[([^\]]*)\]/g)]
  .flatMap(([, page, named]) => [...named.matchAll(/"(\w+)"/g)].map((m) => [page, m[1]])));
const families = [...new Set(wanted.map(([, family]) => family))];
/** @param {string} lang @returns {Record<string, string>} */
const strings = (lang) => Object.assign({}, fileOf(lang), ...families.map((f) => fileOf(`${lang}.${f}`)));
const en = strings("en");
const code = readdirSync(path.join(site, "app"), { recursive: true }).map(String).filter((f) => f.endsWith(".js"))
  .map((f) => readFileSync(path.join(site, "app", f), "utf8")).join("\n");

test("Every language has the same ids with the same parameters as English", () => {
  const de = strings("de");
  assert.deepEqual(Object.keys(de).sort(), Object.keys(en).sort());
  for (const id of Object.keys(en))
    assert.deepEqual([...parameterNames(parseMessage(de[id]))].sort(), [...parameterNames(parseMessage(en[id]))].sort(), id);
});

test("Words of a family are used by the pages that fetch it, and stand in one file", () => {
  assert.ok(families.length, "main.js names no family");
  /** Modules that a page brings with it. @param {string} file @param {Set<string>} seen */
  const brought = (file, seen = new Set()) => {
    if (seen.has(file)) return seen;
    seen.add(file);
    for (const [, from] of readFileSync(file, "utf8").matchAll(/from "(\.[^"]+)"/g)) brought(path.join(path.dirname(file), from), seen);
    return seen;
  };
  const pages = [...(/const PAGES = \[([^\]]*)\]/.exec(main)?.[1] ?? "").matchAll(/"(\w+)"/g)].map((m) => m[1]);
  assert.ok(pages.length > 10);
  for (const family of families) {
    const ids = Object.keys(fileOf(`en.${family}`));
    assert.deepEqual(ids.filter((id) => id in fileOf("en")), [], `also in en.json`);
    const roots = new Set(ids.map((id) => id.split(".")[0]).filter((f) => !Object.keys(fileOf("en")).some((id) => id.startsWith(`${f}.`))));
    const others = pages.filter((p) => !wanted.some(([page, f]) => page === p && f === family)).map((p) => path.join(site, `app/pages/${p}.js`));
    for (const file of new Set(others.flatMap((p) => [...brought(p)]))) {
      const text = readFileSync(file, "utf8");
      assert.deepEqual(ids.filter((id) => text.includes(`"${id}"`)), [], file);
      assert.deepEqual([...roots].filter((f) => text.includes(`\`${f}.`) || text.includes(`words: "${f}"`) || text.includes(`words="${f}"`)), [], file);
    }
  }
});

test("Every id is used, and every id used is known", () => {
  const quoted = new Set([...code.matchAll(/"([a-z]+(?:\.[a-z0-9_]+)+)"/g)].map((m) => m[1]));
  const starts = [...code.matchAll(/`([a-z]+\.[a-z_]*)\$\{/g)].map((m) => m[1]);
  // A form that asks for a reason takes its three sentences by the family's name.
  const forms = [...code.matchAll(/\bwords(?:=|: )"([a-z]+)"/g)].flatMap((m) => ["go", "meaning", "title"].map((part) => `${m[1]}.${part}`));
  const unused = Object.keys(en).filter((id) => !quoted.has(id) && !forms.includes(id) && !starts.some((s) => id.startsWith(s)));
  assert.deepEqual(unused, []);
  const known = new Set(Object.keys(en).map((id) => id.split(".")[0]));
  const asked = [...code.matchAll(/\bt\("([^"]+)"/g), ...code.matchAll(/\bid="([a-z]+\.[a-z_]+)"/g)].map((m) => m[1]);
  assert.deepEqual(asked.filter((id) => known.has(id.split(".")[0]) && !(id in en)), []);
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
