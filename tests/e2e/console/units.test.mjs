// Moves, counts, transfers and deliveries in units of the item: what is chosen is what the books have.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import path from "node:path";
import { axeFindings, open, OUT, overflow, SIZES, visit } from "./browser.mjs";
import { built, house, until } from "./house.mjs";
import { serve, TOKEN } from "./serve.mjs";

const skip = !process.env.DOCKLINE_BIN && !built() ? "no server is built in build/release" : false;

/** @type {Awaited<ReturnType<typeof house>>} */
let h;
/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof visit>>} */
let v;
before(async () => { browser = await open(); });
after(async () => {
  await browser.close();
  await h?.close();
});

/** @param {string} hash */
const go = (hash) => v.page.evaluate((x) => { location.hash = x; }, hash);
const form = () => v.page.locator("form.inplace");
/** @param {string} name of its button */
async function sent(name) {
  await form().getByRole("button", { name, exact: true }).click();
  await form().waitFor({ state: "detached", timeout: 10000 });
}
/** Pieces of TEA by kind of place. @param {string} site */
const held = async (site) => (await h.call("GET", "/stock/TEA")).sites.find((/** @type {any} */ s) => s.site === site) ?? {};

test("Cases counted, moved, sent and received are so many pieces in the books", { skip }, async () => {
  h = await house();
  await h.startServer();
  await h.call("POST", "/items", { sku: "TEA", title: "Assam", barcodes: [{ code: "4006381333955" }, { code: "14006381333952", pieces: 6, unit: "case" }] });
  await h.call("POST", "/stock/adjust", { sku: "TEA", site: "leipzig", quantity: 31, reason: "found" });
  await h.call("POST", "/counts/ask", { sku: "TEA", site: "leipzig", why: "looks like more" });
  v = await visit(browser);
  await v.page.goto(`${h.url}#token=${h.token()}`);
  await v.page.locator(".rail").waitFor();

  await go("#/goods/counts");
  await v.page.locator(".c-goods").getByRole("link", { name: "Assam" }).click();
  await v.page.getByRole("button", { name: "Enter a count" }).click();
  await form().getByLabel("Pieces that lie there").fill("5");
  await form().getByLabel("Counted in").selectOption("case");
  assert.deepEqual(await form().getByLabel("Counted in").locator("option").allInnerTexts(), ["pieces", "case of 6"]);
  await sent("So many");
  await until("30 on the shelf", async () => (await held("leipzig")).on_hand === 30);

  await go("#/stock/TEA");
  await v.page.getByRole("button", { name: "Set aside, or back" }).click();
  await form().locator("[name=to]").selectOption("damaged");
  assert.equal(await form().getByLabel("Pieces", { exact: true }).getAttribute("max"), "30");
  await form().getByLabel("Counted in").selectOption("case");
  assert.equal(await form().getByLabel("Pieces", { exact: true }).getAttribute("max"), "5");
  await form().getByLabel("Pieces", { exact: true }).fill("1");
  await form().getByLabel("Why", { exact: true }).fill("wet");
  await sent("Move them");
  await until("a case is damaged", async () => { const s = await held("leipzig"); return s.on_hand === 24 && s.damaged === 6; });

  await v.page.getByRole("button", { name: "From bin to bin" }).click();
  await form().getByLabel("To bin").fill("D-04");
  await form().getByLabel("Pieces", { exact: true }).fill("2");
  await form().getByLabel("Counted in").selectOption("case");
  await form().getByLabel("Why", { exact: true }).fill("tidied");
  await sent("Move");
  await until("12 lie in D-04", async () => (await held("leipzig")).bins.some((/** @type {any} */ b) => b.bin === "D-04" && b.quantity === 12));

  await go("#/goods/transfers");
  await v.page.getByRole("button", { name: "Order a transfer" }).click();
  await form().getByLabel("SKU").fill("TEA");
  await form().locator("[name=from]").selectOption("leipzig");
  await form().locator("[name=to]").selectOption("venlo");
  await form().getByLabel("Pieces", { exact: true }).fill("3");
  await form().getByLabel(/^Unit/).fill("barrel");
  await form().getByLabel("Why", { exact: true }).fill("venlo runs out");
  await form().getByRole("button", { name: "Order it" }).click();
  await form().locator(".failure").getByText("barrel").waitFor();
  assert.equal(await form().getByLabel(/^Unit/).getAttribute("aria-invalid"), "true", "the field that is refused is shown");
  await form().getByLabel(/^Unit/).fill("case");
  await sent("Order it");
  await v.page.locator(".c-goods").getByRole("link", { name: "TEA" }).click();
  await v.page.getByRole("button", { name: "Enter what left" }).click();
  await form().getByLabel("Pieces", { exact: true }).fill("3");
  await form().getByLabel("Counted in").selectOption("case");
  await sent("They left");
  await v.page.getByRole("button", { name: "Enter what came" }).click();
  await form().getByLabel("Pieces that came").fill("2");
  await form().getByLabel("Of them damaged").fill("1");
  await form().getByLabel("Counted in").selectOption("case");
  await sent("They came");
  const [transfer] = (await h.call("GET", "/transfers")).items;
  assert.deepEqual([transfer.quantity, transfer.sent, transfer.received, transfer.damaged], [18, 18, 12, 6]);

  await go("#/goods/deliveries");
  await v.page.getByRole("button", { name: "Announce a delivery" }).click();
  await form().locator("[name=delivery]").fill("LS-1");
  await form().locator("[name=supplier]").fill("Teehaus");
  await form().locator("[name=sku]").fill("TEA");
  await form().locator("[name=quantity]").fill("4");
  await form().getByLabel(/^Unit/).fill("case");
  await form().locator("[type=submit]").click();
  await v.page.locator(".c-goods").getByRole("link", { name: "LS-1" }).click();
  await v.page.getByRole("button", { name: "Enter what came" }).click();
  await form().getByLabel("Pieces that came").fill("3");
  await form().getByLabel("Counted in").selectOption("case");
  await sent("Book it");
  const [line] = (await h.call("GET", "/deliveries/LS-1")).lines;
  assert.deepEqual([line.expected, line.received], [24, 18]);
  await v.context.close();
});

test("The choice of a unit fits its form, in both languages", async () => {
  const api = await serve();
  for (const [lang, size] of /** @type {const} */ ([["en", "wide"], ["de", "phone"]]))
    for (const [name, hash, button] of /** @type {[string, string, RegExp][]} */ ([["count", "#/goods/counts/C-1", /^(Enter a count|Zählung eintragen)$/], ["transfer", "#/goods/transfers/T-1", /^(Enter what came|Eingang eintragen)$/],
      ["bins", "#/stock/NAG-F01-BR-100", /^(From bin to bin|Von Fach zu Fach)$/]])) {
      const w = await visit(browser, { lang, size: SIZES[size] });
      await w.page.goto(`${api.url}#token=${TOKEN}`);
      await w.page.waitForSelector(".app");
      await w.page.evaluate((x) => { location.hash = x; }, hash);
      await w.page.getByRole("button", { name: button }).click();
      await w.page.locator("form.inplace select[name=unit]").waitFor();
      assert.deepEqual([...await overflow(w.page), ...await axeFindings(w.page), ...w.troubles], []);
      await w.page.locator("form.inplace").screenshot({ path: path.join(OUT, `unit-${name}-${size}-${lang}.png`) });
      await w.context.close();
    }
  api.stop();
});
