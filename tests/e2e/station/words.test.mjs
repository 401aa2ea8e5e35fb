// The strings of the station page: complete in every language, same parameters, short enough to be
// read from two metres; none unknown to the page, none unused by it.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { register } from "node:module";
import path from "node:path";
import { test } from "node:test";
import { parameterNames, parseMessage, words } from "../../../shared/web/i18n.js";
import { ROOT } from "../tool/fixtures.mjs";

const WEB = path.join(ROOT, "agent/panel/web");
const LANGS = readdirSync(path.join(WEB, "strings")).map((f) => f.slice(0, -5));
/** @type {Record<string, Record<string, string>>} */
const ALL = Object.fromEntries(
  LANGS.map((l) => [l, JSON.parse(readFileSync(path.join(WEB, `strings/${l}.json`), "utf8"))]),
);
const DO_MOST = /** @type {Record<string, number>} */ ({ en: 36, de: 44 });
const CODE = readdirSync(WEB)
  .filter((f) => f.endsWith(".js"))
  .map((f) => readFileSync(path.join(WEB, f), "utf8"))
  .join("\n");
const SENTENCE_IDS = [...CODE.matchAll(/^ {2}"([a-z0-9-]+)": \{/gm)].map((m) => m[1]);

/** Every way a message can come out. @param {any[]} parts @returns {string[]} */
function outcomes(parts) {
  return parts.reduce(
    (/** @type {string[]} */ all, p) => {
      const here =
        p.kind === "text" ? [p.text]
        : p.kind === "b" ? outcomes(p.body)
        : p.cases ? Object.values(p.cases).flatMap((c) => outcomes(/** @type {any[]} */ (c)))
        : ["DHL 3"];
      return all.flatMap((a) => here.map((/** @type {string} */ h) => a + h));
    },
    [""],
  );
}

test("Every language has the same ids with the same parameters", () => {
  const ids = Object.keys(ALL.en).sort();
  for (const lang of LANGS) {
    assert.deepEqual(Object.keys(ALL[lang]).sort(), ids, lang);
    for (const id of ids) {
      const names = (/** @type {string} */ l) => [...parameterNames(parseMessage(ALL[l][id]))].sort();
      assert.deepEqual(names(lang), names("en"), `${lang} ${id}`);
    }
  }
});

test("Every state has its three sentences, and no sentence is without a state", () => {
  const wanted = [...SENTENCE_IDS, "other"].flatMap((id) =>
    ["said", "do", "how"].map((part) => `station.${id.replaceAll("-", "_")}.${part}`),
  );
  const have = Object.keys(ALL.en).filter((id) => id.startsWith("station."));
  assert.ok(SENTENCE_IDS.length > 35);
  assert.deepEqual(have.sort(), wanted.sort());
});

test("Sentences get exactly the parameters they name", async () => {
  register("../tool/shared.hooks.mjs", import.meta.url);
  const { SENTENCES } = await import("../../../agent/panel/web/sentences.js");
  // The words and figures of a desk are only asked, never checked, here.
  const desk = /** @type {any} */ ({
    now: 1, words: words("en", ALL.en),
    figures: new Proxy({}, { get: () => () => "x" }),
  });
  const view = /** @type {any} */ ({ body: { kind: "none" } });
  for (const [id, entry] of Object.entries(SENTENCES)) {
    const given = new Set(Object.keys(entry.values ? entry.values({}, view, desk) : {}));
    const used = new Set();
    for (const part of ["said", "do", "how"])
      for (const n of parameterNames(parseMessage(ALL.en[`station.${id.replaceAll("-", "_")}.${part}`])))
        used.add(n);
    assert.deepEqual([...used].sort(), [...given].sort(), id);
  }
});

test("What to do is at most 36 characters, 44 in German", () => {
  for (const lang of LANGS)
    for (const [id, text] of Object.entries(ALL[lang]))
      if (/^station\..*\.do$/.test(id))
        for (const way of outcomes(parseMessage(text)))
          assert.ok(way.length <= DO_MOST[lang], `${lang} ${id}: "${way}" has ${way.length}`);
});

test("Every id the code names exists, and every id is named by the code", () => {
  const named = new Set([...CODE.matchAll(/["`]((?:ui|fact|step|act|cmd|dev|sync)\.[A-Za-z_.${}]+)["`]/g)].map((m) => m[1]));
  const ids = Object.keys(ALL.en).filter((id) => !id.startsWith("station."));
  const patterns = [...named].map((n) => new RegExp(`^${n.replace(/\$\{[^}]*\}/g, "[A-Za-z_]+").replaceAll(".", "\\.")}$`));
  for (const n of named) {
    const pattern = patterns[[...named].indexOf(n)];
    assert.ok(ids.some((id) => pattern.test(id)), `the code names ${n}, which no language has`);
  }
  for (const id of ids) assert.ok(patterns.some((p) => p.test(id)), `${id} is named nowhere in the code`);
});
