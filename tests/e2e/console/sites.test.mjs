// What an operator sees of sites, and says of them.
import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { axeFindings, OUT, overflow, SIZES } from "./browser.mjs";
import { TAG } from "./serve.mjs";
import { api, at } from "./served.mjs";

test("Each site says whether it is open by its own clock, what it has to do and who is heard there", async () => {
  const v = await at("#/sites");
  await v.page.getByRole("heading", { name: "4 sites, 1 open now. 1 is dark.", level: 1 }).waitFor();
  const card = (/** @type {string} */ name) => v.page.locator("article.st", { has: v.page.getByRole("heading", { name }) });
  const says = async (/** @type {string} */ name) => (await card(name).innerText()).replace(/\s+/g, " ");
  const leipzig = await says("Leipzig, Alte Messe");
  for (const words of ["2 stations silent", "08:00 to 16:30, open now", "Europe/Berlin", "Next cut-off 16:30, in 2 h", "219 boxes closed, 143 orders wait", "Room for 38 more orders of 400 a day", "23 of 26 heard", "1 never heard so far", "4,812 SKUs, 61,204 pieces", "31 orders at its benches"])
    assert.ok(leipzig.includes(words), `${words}: ${leipzig}`);
  const newYork = await says("New york");
  for (const words of ["closed now", "09:00 to 17:00", "America/New_York", "Next cut-off 17:00", "not known", "More goods than are counted here"]) assert.ok(newYork.includes(words), `${words}: ${newYork}`);
  const venlo = await says("Venlo");
  for (const words of ["dark: no station is heard", "'Europe/Venlo' is no time zone", "Hours not known", "0 of 12 heard"]) assert.ok(venlo.includes(words), `${words}: ${venlo}`);
  const almere = await says("Almere depot nord");
  for (const words of ["full for today", "Closed all day", "Next cut-off Mon 16:00", "None is configured"]) assert.ok(almere.includes(words), `${words}: ${almere}`);
  assert.equal(await card("Leipzig, Alte Messe").getByRole("link", { name: "64 parcels for drivers" }).getAttribute("href"), "#/goods/parcels?site=leipzig");
  assert.equal(await card("Leipzig, Alte Messe").getByRole("link", { name: "23 of 26 heard" }).getAttribute("href"), "#/stations?site=leipzig");
  // Live: what changes is fetched again.
  let asked = 0;
  v.page.on("request", (r) => { if (r.url().endsWith("/api/v1/sites")) asked += 1; });
  for (const ws of api.world.sockets) ws.send(JSON.stringify({ changed: ["stations"], position: 103001, now_ms: Date.UTC(2026, 10, 24, 13, 2, 31) }));
  await v.page.waitForTimeout(900);
  assert.ok(asked >= 1);
  const [file] = await Promise.all([v.page.waitForEvent("download"), v.page.getByRole("button", { name: "sites", exact: true }).click()]);
  assert.equal(file.suggestedFilename(), "dockline-sites.csv");
  await v.page.getByRole("link", { name: "Take the file in again, changed" }).click();
  await v.page.getByLabel("What is in it").selectOption("sites");
  await v.page.evaluate(() => { location.hash = "#/sites/almere"; });
  await v.page.getByText("No site is called almere").waitFor();
  assert.deepEqual(v.troubles, []);
  await v.context.close();
});

test("A description is changed as a whole, by who saw it last; a refusal marks its field", async () => {
  const v = await at("#/sites/leipzig");
  await v.page.getByText("Version 5f2ab1c0, as decisions name it").waitFor();
  const form = v.page.locator("form.inplace");
  await v.page.getByRole("button", { name: "Say what it is like" }).click();
  assert.equal(await form.locator("[name=hours]").inputValue(), "mon-fri 08:00-16:30\nsat 09:00-12:00");
  assert.equal(await form.locator("[name=zones]").inputValue(), "DE 1\nDE 0 0");
  await form.locator("[name=capacity_per_day]").fill("450");
  await form.locator("[name=hours]").fill("mon-fri 07:30-16:30\n\n  sat   09:00-12:00 ");
  await form.locator("[name=cold_chain]").selectOption("false");
  await form.locator("[name=handling_parcel_minor]").fill("");
  await form.getByLabel("Why", { exact: true }).fill("two more benches");
  await form.getByRole("button", { name: "Keep it" }).click();
  await form.waitFor({ state: "detached" });
  const sent = api.world.posts.at(-1);
  assert.equal(sent.url, "/api/v1/sites/leipzig");
  assert.equal(sent.seen, TAG);
  assert.deepEqual(JSON.parse(sent.body), { values: { time_zone: "Europe/Berlin", closed: "2026-12-25 2026-12-26", capacity_per_day: "450", hazardous: "true", cold_chain: "false", "hours.mon-fri": "07:30-16:30", "hours.sat": "09:00-12:00",
    "zones.DE": "1", "zones.DE 0": "0", "distance_km.other": "900" }, why: "two more benches", by: "console" });
  await v.page.getByRole("button", { name: "Say what it is like" }).click();
  await form.locator("[name=hours]").fill("mon 8-16");
  await form.getByLabel("Why", { exact: true }).fill("w");
  api.world.fault = "refused";
  await form.getByRole("button", { name: "Keep it" }).click();
  await form.getByText("hours.mon: '8-16' are no hours Write 08:00-16:30").waitFor();
  assert.equal(await form.locator("[name=hours]").getAttribute("aria-invalid"), "true");
  assert.equal(await v.page.evaluate(() => document.activeElement?.getAttribute("name")), "hours");
  api.world.fault = "changed";
  await form.getByRole("button", { name: "Keep it" }).click();
  await form.getByText("Somebody changed it meanwhile, nothing was saved.").waitFor();
  assert.equal(await form.locator("[aria-invalid]").count(), 0);
  await v.context.close();
});

test("Decisions are narrowed by outcome and site, kept in the address; a page without any leads further back", async () => {
  const v = await at("#/decisions");
  await v.page.getByLabel("Outcome").selectOption("backordered");
  await v.page.waitForFunction(() => location.hash === "#/decisions?outcome=backordered");
  await v.page.waitForFunction(() => [...document.querySelectorAll(".c-dec [role=row] .tag")].every((x) => x.textContent?.trim() === "waits for stock"));
  await v.page.getByLabel("Sites", { exact: true }).selectOption("leipzig");
  await v.page.waitForFunction(() => /outcome=backordered&site=leipzig|site=leipzig&outcome=backordered/.test(location.hash));
  await v.page.getByRole("heading", { name: "No decision fits" }).waitFor();
  await v.page.getByLabel("Outcome").selectOption("allocated");
  await v.page.locator(".c-dec [role=row] a").first().waitFor();
  await v.page.reload();
  await v.page.locator(".c-dec [role=row] a").first().waitFor();
  assert.equal(await v.page.getByLabel("Sites", { exact: true }).inputValue(), "leipzig");
  await v.page.getByRole("button", { name: "Next", exact: true }).click();
  await v.page.getByRole("button", { name: "Back", exact: true }).click();
  assert.deepEqual([...await overflow(v.page), ...await axeFindings(v.page), ...v.troubles], []);
  await v.page.evaluate(() => { location.hash = "#/decisions?site=venlo"; });
  await v.page.getByRole("heading", { name: "None among the newest looked at" }).waitFor();
  await v.page.getByRole("button", { name: "Next", exact: true }).click();
  await v.page.getByRole("heading", { name: "None among the newest looked at" }).waitFor();
  await v.context.close();
  for (const [lang, size] of /** @type {const} */ ([["en", "wide"], ["de", "phone"], ["de", "small"]])) {
    const w = await at("#/decisions?site=leipzig&outcome=allocated", { lang, size: SIZES[size] });
    await w.page.locator(".c-dec [role=row] a").first().waitFor();
    assert.deepEqual([...await overflow(w.page), ...await axeFindings(w.page), ...w.troubles], []);
    await w.page.screenshot({ path: path.join(OUT, `decisions-site-${size}-${lang}.png`) });
    await w.context.close();
  }
});

test("A delivery, a transfer, a purchase and a lot are found by what stands on their paper", async () => {
  const v = await at("#/today");
  for (const [q, hash, kind] of [["LF-2026-1188", "#/goods/deliveries%2FLF-2026-1188", "Delivery"], ["T-1", "#/goods/transfers%2FT-1", "Transfer"], ["PO-4490", "#/goods/purchases%2FPO-4490", "Purchase"], ["L2611-B", "#/stock/NAG-F01-BR-100", "Item"]]) {
    await v.page.evaluate((h) => { location.hash = h; }, `#/search?q=${q}`);
    await v.page.locator(".hits a", { hasText: kind }).first().waitFor();
    assert.ok((await v.page.locator(".hits a").evaluateAll((all) => all.map((a) => a.getAttribute("href")))).includes(hash), `${q}: ${hash}`);
  }
  await v.page.getByText("found by lot").waitFor();
  await v.page.locator("#q").fill("PO-4490");
  await v.page.locator("#q").press("Enter");
  await v.page.waitForFunction(() => location.hash === "#/goods/purchases%2FPO-4490");
  assert.deepEqual(v.troubles, []);
  await v.context.close();
});

test("How many parcels are to keep back stands with each driver's, whatever their number", async () => {
  const v = await at("#/goods/parcels");
  const card = v.page.locator("section.card", { has: v.page.getByRole("heading", { name: "Waiting for a driver" }) });
  const groups = card.locator(".block-res");
  await groups.filter({ hasText: "212" }).getByText(/^7 /).waitFor();
  await groups.filter({ hasText: "41" }).getByText("Too many stand to say which should stay").waitFor();
  assert.equal(await groups.filter({ hasText: "Großbrief" }).locator(".tag").count(), 0);
  await card.locator("header .tag", { hasText: /^\s*7 / }).waitFor();
  assert.deepEqual([...await overflow(v.page), ...await axeFindings(v.page), ...v.troubles], []);
  await v.context.close();
});

for (const [lang, size, theme] of /** @type {const} */ ([["en", "wide", "light"], ["de", "phone", "dark"], ["de", "small", "light"]]))
  test(`The form holds at ${SIZES[size].width} px, ${lang}`, async () => {
    const v = await at("#/sites/leipzig", { lang, theme, size: SIZES[size] });
    await v.page.getByRole("button", { name: /^(Say what it is like|Beschreiben)$/ }).click();
    await v.page.locator("form.inplace").waitFor();
    assert.deepEqual([...await overflow(v.page), ...await axeFindings(v.page), ...v.troubles], []);
    await v.page.screenshot({ path: path.join(OUT, `siteform-${size}-${lang}.png`), fullPage: true });
    await v.context.close();
  });
