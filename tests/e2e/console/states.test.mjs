// Every page of the console, in both themes and both languages, at the sizes of a desk, a phone and
// the narrowest reflow: nothing sticks out, axe finds nothing, nothing is logged, no policy is broken.
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { axeFindings, open, OUT, overflow, SIZES, visit } from "./browser.mjs";
import { serve, TOKEN } from "./serve.mjs";

const PAGES = {
  today: "#/today", orders: "#/orders", order: "#/orders/shopify%3ARW-20853", stock: "#/stock", item: "#/stock/NAG-F01-BR-100",
  stations: "#/stations", sites: "#/sites", site: "#/sites/leipzig", exceptions: "#/exceptions", decided: "#/exceptions?state=resolved", decisions: "#/decisions",
  decision: "#/decisions/shopify%3ARW-20853", channels: "#/channels", search: "#/search?q=schul", import: "#/import",
  "import-done": "#/import/imp-1", backups: "#/backups", whatif: "#/whatif", events: "#/events", event: "#/events/3", deliveries: "#/goods/deliveries", delivery: "#/goods/deliveries%2FLF-2026-1188",
  transfers: "#/goods/transfers", transfer: "#/goods/transfers%2FT-1", suppliers: "#/goods/suppliers", supplier: "#/goods/suppliers%2Fkaffeekontor", parcels: "#/goods/parcels", counts: "#/goods/counts", count: "#/goods/counts%2FC-1",
  purchase: "#/goods/purchases%2FPO-4490", quality: "#/goods/quality", help: "#/help", more: "#/more", unknown: "#/nowhere", "order-unknown": "#/orders/no%3Asuch",
};
const FIRST_VIEW_BYTES_MAX = 250000;
const ROWS_MAX = 60;

/** @type {Awaited<ReturnType<typeof serve>>} */
let api;
/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  api = await serve();
  browser = await open();
});
after(async () => {
  await browser.close();
  api.stop();
});

/** @param {import("playwright-core").Page} page */
const settled = async (page) => {
  await page.waitForFunction(() => document.querySelector("main h1"));
  await page.waitForTimeout(80); // search waits 60 ms for the next letter
  await api.quiet();
  await page.evaluate(() => new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(() => r(null)))));
};

/** @param {string} fault @param {Record<string, string>} pages @param {{theme: string, size: keyof typeof SIZES, lang: string}} o */
async function walk(fault, pages, { theme, size, lang }) {
  api.world.fault = fault;
  const v = await visit(browser, { theme, lang, size: SIZES[size] });
  /** @type {string[]} */
  const found = [];
  await v.page.goto(`${api.url}#token=${TOKEN}`);
  await v.page.waitForSelector(".app");
  for (const [name, hash] of Object.entries(pages)) {
    await v.page.evaluate((h) => { location.hash = h; }, hash);
    await settled(v.page);
    const rows = await v.page.locator(".tbl :is([role=table], [role=grid])").first().locator("[role=row]").count();
    if (rows > ROWS_MAX + 1) found.push(`${name}: ${rows} rows in the document`);
    for (const x of [...(await overflow(v.page)), ...(await axeFindings(v.page))]) found.push(`${name}: ${x}`);
    await v.page.screenshot({ path: path.join(OUT, `${name}${fault ? `-${fault}` : ""}-${size}-${theme}-${lang}.png`) });
  }
  api.world.fault = "";
  await v.context.close();
  // A refused request is logged by the browser itself; it is what the fault is about.
  const logged = v.troubles.filter((t) => !/Failed to load resource.*(404|503)|^(404|503) /.test(t));
  assert.deepEqual([...found, ...logged], []);
}

for (const size of /** @type {const} */ (["wide", "phone", "small"]))
  for (const [theme, lang] of [["light", "en"], ["dark", "de"]])
    test(`All pages hold at ${SIZES[size].width} px, ${theme}, ${lang}`, () => walk("", PAGES, { theme, size, lang }));

test("A warehouse without any data invites to begin, on every page", () => walk("empty", PAGES, { theme: "light", size: "phone", lang: "en" }));

test("Parts that fail say so while the rest lives", () =>
  walk("parts", { today: "#/today", stations: "#/stations", sites: "#/sites", channels: "#/channels" }, { theme: "dark", size: "wide", lang: "en" }));

test("The first view of each page stays under 250 kB", async () => {
  for (const [hash, lang] of [["#/today", "en"], ["#/orders", "de"], ["#/channels", "de"], ["#/stock/NAG-F01-BR-100", "en"], ["#/orders/shopify%3ARW-20853", "de"]]) {
    const v = await visit(browser, { lang });
    await v.page.addInitScript((token) => sessionStorage.setItem("dockline.token", token), TOKEN);
    api.world.bytesCode = 0;
    await v.page.goto(`${api.url}${hash}`);
    await settled(v.page);
    assert.ok(api.world.bytesCode > 50000, "nothing was counted");
    assert.ok(api.world.bytesCode <= FIRST_VIEW_BYTES_MAX, `${hash}: ${api.world.bytesCode} bytes of page, style, code and words`);
    await v.context.close();
  }
});
