// Every state of the station page as its fixture says, in both themes and languages, at the
// smallest and the usual screen: nothing cut, nothing inaccessible, nothing from elsewhere.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { after, before, test } from "node:test";
import { browser, watch } from "../tool/browser.mjs";
import { fixture, ROOT, STATES } from "../tool/fixtures.mjs";
import { overflow } from "../tool/overflow.mjs";
import { serve } from "../tool/serve.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const OUT = path.join(ROOT, "tests/e2e/out/station");
const SIZES = /** @type {const} */ ([[1280, 800], [1920, 1080]]);
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const NODES_MOST = 700;

/** @type {Awaited<ReturnType<typeof serve>>} */ let server;
/** @type {Awaited<ReturnType<typeof browser>>} */ let chromium;
/** @type {import("playwright-core").Page} */ let page;
/** @type {string[]} */ let bad;

before(async () => {
  mkdirSync(OUT, { recursive: true });
  server = await serve();
  chromium = await browser();
  page = await chromium.context.newPage();
  await page.emulateMedia({ reducedMotion: "reduce" }); // pictures without waiting for the glyph
  bad = watch(page, () => server.url);
});
after(async () => {
  await chromium?.close();
  server?.close();
});

/** @param {string} state @param {string} lang */
async function drawn(state, lang) {
  await page.waitForSelector(`html[lang=${lang}] .page[data-state="${state}"]`);
  await page.evaluate(async () => {
    await document.fonts.ready;
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  });
}

/** @param {string} name @param {boolean} all with axe: it sees no sizes, one screen is enough */
async function inspect(name, all = true) {
  const findings = (await page.evaluate(overflow)).map((f) => `overflow: ${f}`);
  const nodes = await page.evaluate(() => document.querySelectorAll("*").length);
  if (nodes >= NODES_MOST) findings.push(`${nodes} nodes`);
  const styled = await page.evaluate(() => document.querySelectorAll("body [style]").length);
  if (styled) findings.push(`${styled} elements with inline style`);
  if ((await page.locator("h1").count()) !== 1) findings.push("not exactly one h1");
  if (all && !process.env.NOAXE) {
    // Not through the page's policy: evaluated by the debugger, as an extension would be.
    await page.evaluate(axe);
    const result = await page.evaluate(
      (rules) => /** @type {any} */ (window).axe.run(document, { runOnly: rules, resultTypes: ["violations"] }),
      RULES,
    );
    for (const v of result.violations)
      findings.push(`axe ${v.impact} ${v.id}: ${v.nodes[0].html.slice(0, 140)}`);
  }
  return findings.map((f) => `${name}: ${f}`);
}

const only = process.env.STATE;

for (const [width, height] of SIZES) {
  for (const lang of ["en", "de"]) {
    for (const theme of /** @type {const} */ (["light", "dark"])) {
      test(`Every state is whole and accessible: ${width}x${height} ${lang} ${theme}`, async () => {
        await page.setViewportSize({ width, height });
        server.show(fixture("idle", { lang, theme }));
        await page.goto(server.url);
        const findings = [];
        for (const id of STATES.filter((s) => !only || s.includes(only))) {
          const view = fixture(id, { lang, theme });
          server.show(view);
          await drawn(view.banner.id, lang);
          findings.push(...(await inspect(id, width === SIZES[0][0])));
          await page.screenshot({ path: path.join(OUT, `${id}-${width}-${lang}-${theme}.png`) });
        }
        assert.equal([...findings, ...bad].join("\n"), "");
      });
    }
  }
}

test("A silent agent shows within 4 s, and everything comes back with the next word", async () => {
  await page.clock.install(); // goes on by itself; 4 s of the page pass at one word
  for (const [width, height] of SIZES) {
    for (const lang of ["en", "de"]) {
      await page.setViewportSize({ width, height });
      server.show(fixture("item-accepted", { lang }));
      await page.goto(server.url);
      await drawn("item-accepted", lang);
      server.silence();
      await page.clock.runFor(4000);
      assert.equal(await page.locator(".page").getAttribute("data-state"), "agent-lost");
      await drawn("agent-lost", lang);
      assert.equal(await page.locator(".cmd").count(), 0);
      const findings = await inspect("agent-lost");
      await page.screenshot({ path: path.join(OUT, `agent-lost-${width}-${lang}-light.png`) });
      server.show(fixture("item-accepted", { lang }));
      await drawn("item-accepted", lang);
      assert.equal([...findings, ...bad].join("\n"), "");
    }
  }
});

test("The page draws a silent agent, its picture too, when nothing can be asked any more", async () => {
  const dying = await serve();
  const alone = await chromium.context.newPage();
  dying.show(fixture("idle"));
  await alone.goto(dying.url);
  await alone.waitForSelector('.page[data-state="idle"]');
  const before = dying.asked.length;
  for (const id of STATES) {
    dying.show(fixture(id));
    await alone.waitForSelector(`.page[data-state="${fixture(id).banner.id}"]`);
  }
  assert.deepEqual(dying.asked.slice(before), [], "asked for after the first view");
  dying.die();
  await alone.waitForSelector('.page[data-state="agent-lost"]');
  const width = await alone.evaluate(
    () => /** @type {SVGUseElement} */ (document.querySelector(".next .glyph use")).getBBox().width,
  );
  assert.ok(width > 0, "no glyph");
  await alone.close();
  dying.close();
});

test("The widest fonts a bench may have still fit", async () => {
  const findings = [];
  for (const font of ["DejaVu Sans", "Liberation Sans"]) {
    for (const [width, height] of SIZES) {
      await page.setViewportSize({ width, height });
      for (const lang of ["en", "de"]) {
        server.show(fixture("idle", { lang }));
        await page.goto(server.url);
        await drawn("idle", lang);
        await page.evaluate((f) => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync(`:root { --font: "${f}", "Noto Sans CJK SC" !important }`);
          document.adoptedStyleSheets = [sheet];
        }, font);
        for (const id of STATES.filter((s) => !only || s.includes(only))) {
          const view = fixture(id, { lang });
          server.show(view);
          await drawn(view.banner.id, lang);
          findings.push(...(await page.evaluate(overflow)).map((f) => `${font} ${width} ${lang} ${id}: ${f}`));
        }
      }
    }
  }
  assert.equal(findings.join("\n"), "");
});
