// What an operator does with goods: lots, places, what lay where, items.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { axeFindings, OUT, overflow, SIZES } from "./browser.mjs";
import { TAG } from "./serve.mjs";
import { api, at } from "./served.mjs";

/** The whole page as a picture; nothing sticks out, axe finds nothing. @param {Awaited<ReturnType<typeof import("./browser.mjs").visit>>} v @param {string} name @param {string} [part] */
async function picture(v, name, part) {
  assert.deepEqual([...await overflow(v.page), ...await axeFindings(v.page), ...v.troubles], []);
  const file = { path: path.join(OUT, `${name}.png`) };
  if (part) await v.page.locator(part).last().screenshot(file);
  else await v.page.screenshot(file);
}

const SEEN = /** @type {const} */ ([["en", "wide"], ["de", "phone"]]);
const ITEM = "#/stock/NAG-F01-BR-100";

test("Lots stand with place, owner and last day; what has expired or soon will comes first and is marked", async () => {
  const v = await at(ITEM);
  const card = v.page.locator("section.card", { has: v.page.getByRole("heading", { name: "Lots and serials" }) });
  await card.getByText("3 pieces have expired").waitFor();
  await card.getByText("40 pieces expire within 30 days").waitFor();
  const rows = await card.locator(".rows > div").allInnerTexts();
  assert.equal(rows.length, 8);
  assert.match(rows[0], /^3\s+lot L2608-A\s+quarantine, Leipzig[\s\S]*expired, last day 14 Nov 2026/);
  assert.match(rows[1], /^40\s+lot L2610-B\s+shelf, Leipzig[\s\S]*11 days left, until 5 Dec 2026/);
  assert.match(rows[2], /belongs to Hotel Vier Jahreszeiten[\s\S]*until 28 Dec 2027/);
  assert.match(rows[4], /serial SN-88120-004711[\s\S]*no expiry/);
  await card.getByRole("button", { name: "Show more, 4 are left" }).click();
  assert.equal(await card.locator(".rows > div").count(), 12);
  await v.page.evaluate(() => { location.hash = "#/stock/KRA-K4-KIR"; });
  await v.page.getByRole("heading", { name: "Movements" }).waitFor();
  assert.equal(await v.page.getByText("Lots and serials").count(), 0, "its pieces are all alike");
  await v.context.close();
  for (const [lang, size] of SEEN) {
    const w = await at(ITEM, { lang, size: SIZES[size] });
    await w.page.getByText("L2608-A").waitFor();
    await picture(w, `lots-${size}-${lang}`, "section.card:has(.tags)");
    await w.context.close();
  }
});

test("Words that a page brings with it are there before it is shown, and in the language chosen meanwhile", async () => {
  api.world.slow.set("/strings/en.goods.json", 500);
  api.world.slow.set("/strings/de.goods.json", 900);
  const v = await at("#/help");
  await v.page.evaluate((h) => { location.hash = h; }, ITEM);
  await v.page.evaluate(() => { location.hash = "#/help"; });
  await v.page.getByRole("button", { name: "Deutsch" }).click();
  await v.page.evaluate((h) => { location.hash = h; }, ITEM);
  await v.page.getByRole("heading", { name: "Chargen und Seriennummern" }).waitFor();
  assert.equal(await v.page.getByText("lots.title").count(), 0);
  await v.context.close();
});

test("Pieces are set aside and come back, by lot where they have one, with the reason", async () => {
  const v = await at(ITEM);
  const form = v.page.locator("form.inplace");
  const move = async () => {
    await form.getByRole("button", { name: "Move them" }).click();
    await form.waitFor({ state: "detached" });
    return JSON.parse(api.world.posts.at(-1)?.body ?? "{}");
  };
  const begin = async (/** @type {string} */ site, /** @type {string} */ from, /** @type {string} */ to) => {
    await v.page.getByRole("button", { name: "Set aside, or back" }).click();
    await form.locator("select[name=site]").selectOption(site);
    await form.locator("select[name=from]").selectOption(from);
    await form.locator("select[name=to]").selectOption(to);
  };
  await begin("leipzig", "shelf", "damaged");
  await form.getByLabel("Pieces", { exact: true }).fill("2");
  await form.getByLabel("Bin of the shelf").fill("C-01-4");
  await form.getByRole("button", { name: "Move them" }).click();
  assert.equal(api.world.posts.length, 0, "without a reason nothing is sent");
  await form.getByLabel("Why", { exact: true }).fill("crushed");
  assert.deepEqual(await move(), { sku: "NAG-F01-BR-100", site: "leipzig", from: "shelf", to: "damaged", quantity: 2, reason: "crushed", from_bin: "C-01-4" });
  // In quarantine each piece has its lot: one is named, and no more of it than lies there.
  await begin("leipzig", "quarantine", "shelf");
  const which = form.locator("select[name=lot]");
  assert.deepEqual(await which.locator("option").allInnerTexts(), ["lot L2608-A, until 14 Nov 2026 (3)", "lot L2611-B, until 28 Dec 2027 (2)"]);
  assert.equal(await form.getByLabel("Pieces", { exact: true }).getAttribute("max"), "3");
  await form.locator("select[name=to]").selectOption("damaged");
  await form.getByLabel("Pieces", { exact: true }).fill("3");
  await form.getByLabel("Why", { exact: true }).fill("too old");
  assert.deepEqual(await move(), { sku: "NAG-F01-BR-100", site: "leipzig", from: "quarantine", to: "damaged", quantity: 3, reason: "too old", lot: { lot: "L2608-A", expires_ms: Date.UTC(2026, 10, 15) } });
  await begin("leipzig", "quarantine", "shelf");
  await which.selectOption({ index: 1 });
  await form.getByLabel("Pieces", { exact: true }).fill("1");
  await form.getByLabel("Why", { exact: true }).fill("ours after all");
  assert.deepEqual((await move()).lot, { lot: "L2611-B", expires_ms: Date.UTC(2027, 11, 29), ownership: "customer", owner: "Hotel Vier Jahreszeiten Betriebs-GmbH" });
  assert.deepEqual(v.troubles, []);
  await v.context.close();
  for (const [lang, size] of SEEN) {
    const w = await at(ITEM, { lang, size: SIZES[size] });
    await w.page.getByRole("button", { name: /^(Set aside, or back|Aussondern oder zurück)$/ }).click();
    await w.page.locator("form.inplace").waitFor();
    await picture(w, `relocate-${size}-${lang}`, "form.inplace");
    await w.context.close();
  }
});

test("Goods that nobody announced are received, by SKU or bar code, with bin, lot and owner", async () => {
  const v = await at("#/goods/deliveries");
  const form = v.page.locator("form.inplace");
  const begin = () => v.page.getByRole("button", { name: "Enter goods that nobody announced" }).click();
  const book = async () => {
    await form.getByRole("button", { name: "Book it" }).click();
    await v.page.getByText("Booked.", { exact: true }).waitFor();
    assert.equal(api.world.posts.at(-1)?.url, "/api/v1/receipts");
    return JSON.parse(api.world.posts.at(-1)?.body ?? "{}");
  };
  await begin();
  await form.locator("[name=item]").fill("NAG-F01-BR-100");
  await form.getByLabel("Pieces that came").fill("24");
  await form.getByLabel("Of them damaged").fill("2");
  await form.locator("[name=site]").selectOption("venlo");
  await form.locator("[name=bin]").fill("D-02");
  await form.locator("[name=lot]").fill("L2612-A");
  await form.locator("[name=until]").fill("2027-03-31");
  await form.locator("[name=ownership]").selectOption("consignment");
  await form.getByLabel("Owner").fill("Papierwerk Nord");
  assert.deepEqual(await book(), { site: "venlo", sku: "NAG-F01-BR-100", quantity: 24, damaged: 2, lot: { lot: "L2612-A", expires_ms: Date.UTC(2027, 3, 1), ownership: "consignment", owner: "Papierwerk Nord" }, bin: "D-02", by: "console" });
  await begin();
  await form.locator("[name=named]").selectOption("code");
  await form.locator("[name=item]").fill("14006381333938");
  assert.equal(await form.locator("[name=unit]").count(), 0, "the code says its unit");
  await form.getByLabel("Scans").fill("3");
  assert.deepEqual(await book(), { site: "leipzig", code: "14006381333938", quantity: 3, by: "console" });
  await begin();
  await form.locator("[name=item]").fill("NAG-F01-BR-100");
  await form.getByLabel("Pieces that came").fill("3");
  await form.getByLabel(/^Unit/).fill("case");
  assert.deepEqual(await book(), { site: "leipzig", sku: "NAG-F01-BR-100", quantity: 3, unit: "case", by: "console" });
  assert.equal(api.world.posts.length, 3);
  await v.context.close();
  const item = await at(ITEM);
  await item.page.getByText(/on hand, bin .* case/).waitFor();
  await picture(item, "stock-units");
  await item.context.close();
  for (const [lang, size] of SEEN) {
    const w = await at("#/goods/deliveries", { lang, size: SIZES[size] });
    await w.page.getByRole("button", { name: /^(Enter goods that|Ware ohne)/ }).click();
    await w.page.locator("form.inplace").waitFor();
    await picture(w, `receipt-${size}-${lang}`);
    await w.context.close();
  }
});

test("Stock as of a past instant is chosen with a field, kept in the address and plainly past", async () => {
  const v = await at(`${ITEM}?q=filter`);
  await v.page.getByRole("button", { name: "As it was at a past instant" }).click();
  await v.page.getByLabel("Stock as of").fill("2026-10-25T14:02");
  const card = v.page.locator("section.card", { has: v.page.getByRole("heading", { name: /^As of 25 Oct 2026, 14:02/ }) });
  await card.getByText("past", { exact: true }).waitFor();
  await card.getByText("On all shelves").waitFor();
  const asked = new Date("2026-10-25T14:02:00+01:00").getTime();
  assert.match(v.page.url(), new RegExp(`q=filter&at=${asked}$`));
  assert.match((await card.innerText()).replace(/\s+/g, " "), /quarantine, Leipzig 5 shelf, Leipzig 71 shelf, Venlo 21 On all shelves 92/);
  assert.equal(await card.getByText("supplier").count(), 0);
  assert.equal(await v.page.locator(".item-side").getByRole("button").count(), 0, "the past cannot be changed");
  await v.page.reload();
  await card.waitFor();
  assert.equal(await v.page.getByLabel("Stock as of").inputValue(), "2026-10-25T14:02");
  await v.page.getByRole("link", { name: "Back to now" }).click();
  await v.page.getByRole("heading", { name: "All sites can ship 123" }).waitFor();
  await v.page.evaluate((h) => { location.hash = h; }, `${ITEM}?at=86400000`);
  await v.page.getByText("Nothing lay at any site.").waitFor();
  await v.context.close();
  for (const [lang, size] of SEEN) {
    const w = await at(`${ITEM}?at=${asked}`, { lang, size: SIZES[size] });
    await w.page.getByText(/^(On all shelves|In allen Regalen)$/).waitFor();
    await picture(w, `past-${size}-${lang}`);
    await w.context.close();
  }
});

test("Tables are saved as CSV files where they belong, and a refusal is said", async () => {
  const v = await at("#/stock");
  for (const [hash, names] of /** @type {[string, [string, string][]][]} */ ([["#/stock", [["stock", "stock"], ["items", "items"], ["bar codes", "barcodes"], ["bins", "bins"], ["all places", "places"], ["sites", "sites"]]],
    ["#/goods/suppliers", [["suppliers", "suppliers"], ["what they supply", "supplies"]]], ["#/goods/purchases", [["purchases", "purchases"]]]])) {
    await v.page.evaluate((h) => { location.hash = h; }, hash);
    for (const [label, table] of names) {
      const saved = v.page.waitForEvent("download");
      await v.page.getByText("Save as CSV:").getByRole("button", { name: label, exact: true }).click();
      const file = await saved;
      assert.equal(file.suggestedFilename(), `dockline-${table}.csv`);
      assert.equal(readFileSync(await file.path(), "utf8"), `"${table}","quantity"\r\n"Kettle ""Elbe"", 1 l","31"\r\n`);
    }
  }
  assert.deepEqual(v.troubles, []);
  api.world.fault = "no-export";
  await v.page.getByRole("button", { name: "purchases", exact: true }).click();
  await v.page.getByText("the database is busy").waitFor();
  await v.context.close();
  api.world.fault = "";
  for (const [lang, size] of SEEN)
    for (const hash of ["#/stock", "#/goods/suppliers"]) {
      const w = await at(hash, { lang, size: SIZES[size] });
      await w.page.getByText(/^(Save as CSV|Als CSV)/).waitFor();
      await picture(w, `save-${hash.slice(2).replace("/", "-")}-${size}-${lang}`);
      await w.context.close();
    }
});

test("Decisions are narrowed to one order by its number or its id, kept in the address", async () => {
  const v = await at("#/decisions");
  const rows = () => v.page.waitForFunction(() => document.querySelector("[role=grid]")?.getAttribute("aria-rowcount"));
  await rows();
  await v.page.getByRole("searchbox", { name: "Order", exact: true }).fill("RW-20853");
  await v.page.waitForFunction(() => document.querySelector("[role=grid]")?.getAttribute("aria-rowcount") === "3");
  assert.match(v.page.url(), /#\/decisions\?q=RW-20853$/);
  await v.page.reload();
  await v.page.waitForFunction(() => document.querySelector("[role=grid]")?.getAttribute("aria-rowcount") === "3");
  await v.page.getByRole("link", { name: "Show all" }).click();
  await v.page.waitForFunction(() => document.querySelector("[role=grid]")?.getAttribute("aria-rowcount") === "61");
  await v.page.evaluate(() => { location.hash = "#/decisions?q=shopify%3ARW-20861"; });
  await v.page.waitForFunction(() => document.querySelector("[role=grid]")?.getAttribute("aria-rowcount") === "3");
  await v.page.evaluate(() => { location.hash = "#/decisions?q=NO-SUCH"; });
  await v.page.getByText("Nothing was decided about NO-SUCH").waitFor();
  await v.context.close();
  for (const [lang, size] of SEEN) {
    const w = await at("#/decisions?q=RW-20853", { lang, size: SIZES[size] });
    await w.page.locator(".c-dec [role=row] a").first().waitFor();
    await picture(w, `decisions-of-${size}-${lang}`);
    await w.context.close();
  }
});

test("An item is entered and changed as a whole: what the form does not show goes back as it is", async () => {
  const v = await at("#/stock");
  const form = v.page.locator("form.inplace");
  const kept = async () => {
    await form.getByRole("button", { name: "Keep it" }).click();
    await form.waitFor({ state: "detached" });
    assert.equal(api.world.posts.at(-1)?.url, "/api/v1/items");
    return JSON.parse(api.world.posts.at(-1)?.body ?? "{}");
  };
  await v.page.getByRole("button", { name: "New item" }).click();
  await form.locator("[name=sku]").fill("tea-01");
  await form.locator("[name=title]").fill("Assam, 250 g");
  await form.locator("[name=weight_g]").fill("268");
  await form.locator("[name=cold_chain]").check();
  await form.locator("[name=barcodes]").fill("4006381333955\n\n 14006381333952 12 ");
  assert.deepEqual(await kept(), { sku: "tea-01", title: "Assam, 250 g", weight_g: 268, cold_chain: true, barcodes: [{ code: "4006381333955" }, { code: "14006381333952", pieces: 12 }] });
  assert.equal(api.world.posts.at(-1)?.fresh, "*", "another item under this SKU is not overwritten");
  await v.page.waitForFunction(() => location.hash === "#/stock/TEA-01");
  await v.page.evaluate((h) => { location.hash = h; }, ITEM);
  await v.page.getByRole("button", { name: "Change the item" }).click();
  assert.equal(await form.locator("[name=barcodes]").inputValue(), "4006381333931\n14006381333938 20");
  await form.locator("[name=title]").fill("Paper filter size 01, unbleached");
  assert.equal(await form.locator("[name=hazardous]").isChecked(), true);
  await form.locator("[name=hazardous]").uncheck();
  await form.locator("[name=tracked]").selectOption("lot");
  await form.locator("[name=barcodes]").fill("14006381333938 20\n4006381333931\n4006381333999");
  assert.deepEqual(await kept(), { sku: "NAG-F01-BR-100", title: "Paper filter size 01, unbleached", weight_g: 118, hazardous: false, tracked: "lot", cost_minor: 92,
    barcodes: [{ code: "14006381333938", pieces: 20, unit: "case" }, { code: "4006381333931" }, { code: "4006381333999" }] });
  assert.equal(api.world.posts.at(-1)?.seen, TAG);
  api.world.fault = "changed";
  await v.page.getByRole("button", { name: "Change the item" }).click();
  await form.locator("[name=title]").fill("Another name");
  await form.getByRole("button", { name: "Keep it" }).click();
  await form.getByText("Somebody changed it meanwhile, nothing was saved.").waitFor();
  api.world.fault = "";
  await v.context.close();
  for (const [lang, size] of SEEN) {
    const w = await at(ITEM, { lang, size: SIZES[size] });
    await w.page.getByRole("button", { name: /^(Change the item|Artikel ändern)$/ }).click();
    await w.page.locator("form.inplace").waitFor();
    await picture(w, `itemform-${size}-${lang}`, "form.inplace");
    await w.context.close();
  }
});

test("Stock over time is one question to the server, of all sites or of one, for a span", async () => {
  const v = await at(ITEM);
  const card = v.page.locator("section.card", { has: v.page.getByRole("heading", { name: "On the shelves over time" }) });
  await card.getByRole("img", { name: /now 184, lowest 92, highest 184/ }).waitFor();
  await card.getByText("Looked at 120 instants").waitFor();
  /** @type {URLSearchParams[]} */
  const asked = [];
  v.page.on("request", (r) => { if (r.url().includes("/history?")) asked.push(new URL(r.url()).searchParams); });
  await card.getByLabel("What is shown").selectOption("365");
  await card.getByRole("img", { name: /now 184, lowest 0, highest 184/ }).waitFor();
  assert.equal(asked.length, 1);
  assert.equal(Math.round((Date.UTC(2026, 10, 24, 13, 2, 31) - Number(asked[0].get("since"))) / 86400000), 365);
  await card.getByLabel("Where", { exact: true }).selectOption("leipzig");
  await card.getByRole("img", { name: /now 142, lowest 0, highest 142/ }).waitFor();
  assert.equal(asked.at(-1)?.get("site"), "leipzig");
  await card.getByLabel("Where", { exact: true }).selectOption("venlo");
  await card.getByText("What is older is not counted back").waitFor();
  await card.getByRole("button", { name: "Show as table" }).click();
  await v.page.getByRole("table", { name: "On the shelves over time" }).waitFor();
  assert.deepEqual(v.troubles, []);
  await v.context.close();
  for (const [lang, size] of SEEN) {
    const w = await at(ITEM, { lang, size: SIZES[size] });
    const plot = w.page.locator("section.card.plot").last();
    await plot.scrollIntoViewIfNeeded();
    await plot.locator("select").first().selectOption("90");
    await plot.locator("canvas").waitFor();
    await w.page.getByText(/(Looked at|An) 120/).waitFor();
    await w.page.waitForTimeout(500);
    await picture(w, `span-${size}-${lang}`, "section.card.plot");
    await w.context.close();
  }
});
