// What an operator can do and must be able to trust.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import * as fx from "./fixtures.mjs";
import { OUT, SIZES, visit, overflow } from "./browser.mjs";
import { TOKEN } from "./serve.mjs";
import { ROOT } from "../tool/fixtures.mjs";
import { api, at, browser } from "./served.mjs";

test("A token in the address is taken and leaves the address at once", async () => {
  const { page, context } = await visit(browser);
  await page.goto(`${api.url}#token=${TOKEN}`);
  await page.getByRole("heading", { name: /orders are still to pack/ }).waitFor();
  assert.ok(!page.url().includes(TOKEN));
  assert.equal(await page.evaluate(() => sessionStorage.getItem("dockline.token")), TOKEN);
  assert.equal(await page.evaluate(() => JSON.stringify(localStorage).includes("dockline.token")), false);
  await context.close();
});

test("A wrong token is refused in words, a right one opens the console", async () => {
  const { page, context } = await visit(browser);
  await page.goto(api.url);
  await page.getByLabel("Token", { exact: true }).fill("nonsense");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("This token is not accepted").waitFor();
  await page.screenshot({ path: path.join(OUT, "login.png") });
  await page.getByLabel("Token", { exact: true }).fill(TOKEN);
  await page.getByLabel("Your name").fill("Milena Petrović");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.locator(".rail").waitFor();
  await context.close();
});

test("Backups are shown with when, whether whole and where; a late one and none at all as a risk", async () => {
  const { page, context } = await at("#/backups");
  const rows = page.locator(".c-bak [role=row]");
  await rows.nth(3).waitFor();
  assert.match(await rows.nth(1).innerText(), /30\smin ago[\s\S]*looked at, whole[\s\S]*101,200[\s\S]*214 MB[\s\S]*\/srv\/backup\/server-/);
  assert.match(await rows.nth(2).innerText(), /failed[\s\S]*\/srv\/backup is full/);
  assert.equal(await page.locator("main .failure").count(), 0);
  api.world.fault = "late-backup";
  api.tell(["backups"]);
  await page.getByText("The newest backup that is whole is 5 h 30 min old").waitFor();
  // None at all: the words are those of the API, which `dockline backup list` prints.
  const words = [...readFileSync(path.join(ROOT, "server/api/keeping_json.cpp"), "utf8").split('out["risk"] =')[1].split(";\n")[0]
    .matchAll(/"([^"]*)"/g)].map((m) => m[1]).join("");
  assert.match(words, /^No backups are configured: .*configuration\.$/);
  api.world.fault = "no-backups";
  api.tell(["backups"]);
  await page.getByText(words).waitFor();
  await page.evaluate(() => { location.hash = "#/today"; });
  await page.getByText(words).waitFor();
  await context.close();
});

test("New orders wait until the reader asks, known ones change where they stand", async () => {
  const { page, context } = await at("#/orders");
  const first = page.locator(".c-ord [role=row] a").first();
  await first.waitFor();
  assert.equal(await first.textContent(), "RW-20853");
  const fresh = [1, 2, 3].map((n) => ({ ...api.world.orders[0], id: `shopify:NEW-${n}`, number: `NEW-${n}` }));
  api.world.orders = [...fresh, { ...api.world.orders[0], packed: 5 }, ...api.world.orders.slice(1)];
  api.tell(["orders"]);
  const button = page.getByRole("button", { name: "3 new, show" });
  await button.waitFor();
  assert.equal(await first.textContent(), "RW-20853");
  await page.getByText("5 of 6 packed").waitFor();
  await button.click();
  await page.getByRole("link", { name: "NEW-1", exact: true }).waitFor();
  assert.equal(await first.textContent(), "NEW-1");
  await context.close();
});

test("Pages follow each other by key without losing or doubling a row", async () => {
  const { page, context } = await at("#/orders");
  await page.locator("[data-i='0'] a").waitFor();
  const seen = new Map();
  for (let top = 0; seen.size < api.world.orders.length; top += 400) {
    assert.ok(top < 20000, `${seen.size} rows were seen`);
    await page.locator(".vbox").evaluate((box, y) => { box.scrollTop = y; }, top);
    await page.waitForFunction(() => !document.querySelector(".vspace .skel"));
    for (const [i, number] of await page.locator(".vspace [data-i]").evaluateAll((rows) => rows.map((r) => [Number(r.getAttribute("data-i")), r.querySelector("a")?.textContent])))
      seen.set(i, number);
  }
  assert.deepEqual([...seen].sort((a, b) => Number(a[0]) - Number(b[0])).map(([, number]) => number), api.world.orders.map((o) => o.number));
  await context.close();
});

test("A silent server is a red line, ages become clock times, changing buttons are off, and all comes back", async () => {
  const { page, context } = await at("#/exceptions");
  await page.getByRole("heading", { name: "11 cases need a person" }).waitFor();
  assert.equal(await page.getByText("open for 4 min").count(), 1);
  api.cut();
  await page.locator(".hl").first().waitFor({ timeout: 12000 });
  await page.getByText("Benches keep packing").first().waitFor();
  await page.getByText("open since 13:58:31").waitFor();
  assert.equal(await page.getByText("open for 4 min").count(), 0);
  assert.equal(await page.locator(".ex .btn:enabled").count(), 0);
  await page.screenshot({ path: path.join(OUT, "exceptions-silent-wide-light-en.png") });
  assert.deepEqual(await overflow(page), []);
  await page.evaluate(() => { location.hash = "#/orders"; });
  await page.getByRole("button", { name: "Try now" }).first().click();
  api.world.fault = "";
  await page.getByText("live,").first().waitFor({ timeout: 12000 });
  await page.getByRole("link", { name: "RW-20853" }).first().waitFor();
  assert.equal(await page.locator(".hl").count(), 0);
  await context.close();
});

test("A list that takes long is still skeletons, then a sentence", async () => {
  const { page, context } = await at("#/help");
  api.world.fault = "slow";
  await page.evaluate(() => { location.hash = "#/orders"; });
  await page.locator(".skel").first().waitFor();
  assert.equal(await page.locator(".skel[role=row]").count(), 11);
  await page.getByText("Taking longer than 2 s").waitFor();
  await page.screenshot({ path: path.join(OUT, "orders-slow-wide-light-en.png") });
  await context.close();
});

test("One press decides, can be taken back, and goes out only after its moment", async () => {
  const { page, context } = await at("#/exceptions");
  await page.evaluate(() => sessionStorage.setItem("dockline.person", "Milena"));
  await page.getByRole("heading", { name: "11 cases need a person" }).waitFor();
  await page.keyboard.press("1");
  await page.getByRole("heading", { name: /^The goods are back: Order RW-20866/ }).waitFor();
  await page.screenshot({ path: path.join(OUT, "exceptions-held-wide-light-en.png") });
  await page.keyboard.press("z");
  await page.getByRole("button", { name: "The goods are back" }).waitFor();
  assert.equal(api.world.posts.length, 0);
  await page.keyboard.press("2");
  await page.getByRole("heading", { name: /^Done: Send it anyway/ }).waitFor({ timeout: 15000 });
  assert.deepEqual(api.world.posts.map((p) => [p.url, JSON.parse(p.body).action]), [["/api/v1/exceptions/ex-1/resolve", "send_anyway"]]);
  await context.close();
});

test("Many cases are a list with the chosen one beside it; kinds narrow it, a key decides", async () => {
  const [model] = api.world.exceptions;
  api.world.exceptions = Array.from({ length: 400 }, (_, i) => ({ ...model, id: `m-${i}`, kind: i % 4 ? "short_pick" : "unknown_item", what: `Case ${i}`, actions: ["counted", "noted"] }));
  const { page, context } = await at("#/exceptions");
  const grid = page.getByRole("grid", { name: "Exceptions" });
  await grid.waitFor();
  assert.equal(await grid.getAttribute("aria-rowcount"), "401");
  await page.getByRole("link", { name: "Case 3", exact: true }).click();
  await page.getByRole("heading", { name: "Case 3", level: 2 }).waitFor();
  await page.screenshot({ path: path.join(OUT, "exceptions-many-wide-light-en.png") });
  assert.deepEqual(await overflow(page), []);
  await page.keyboard.press("1");
  await page.getByRole("heading", { name: /It is counted: Case 3/ }).waitFor();
  await page.keyboard.press("z");
  await page.getByLabel("Kind").selectOption("unknown_item");
  await page.waitForFunction(() => document.querySelector("[role=grid]")?.getAttribute("aria-rowcount") === "101");
  assert.match(page.url(), /kind=unknown_item/);
  await context.close();
});

test("Leaving the page sends what was decided", async () => {
  const { page, context } = await at("#/exceptions");
  await page.getByRole("heading", { name: "11 cases need a person" }).waitFor();
  await page.keyboard.press("1");
  await page.getByRole("button", { name: "Take it back" }).waitFor();
  await page.goto("about:blank");
  for (let i = 0; i < 40 && !api.world.posts.length; i++) await new Promise((r) => setTimeout(r, 50));
  assert.equal(api.world.posts.length, 1);
  await context.close();
});

test("Keys go everywhere, and can be switched off", async () => {
  const { page, context } = await at("#/today");
  // A hand: keys closer than 30 ms are a scanner's.
  const hand = async (/** @type {string[]} */ ...keys) => { for (const k of keys) { await page.keyboard.press(k); await page.waitForTimeout(60); } };
  await hand("g", "o");
  await page.locator(".c-ord [role=row] a").first().waitFor();
  await hand("j", "j", "k", "Enter");
  await page.getByRole("heading", { name: "What happened" }).waitFor();
  await hand("?");
  await page.getByRole("group", { name: "Single keys" }).getByRole("button", { name: "Off" }).click();
  await hand("g", "s");
  assert.match(page.url(), /#\/help$/);
  await context.close();
});

test("The language chosen last stays, whichever words come first", async () => {
  api.world.slow.set("/strings/de.json", 900);
  for (const [names, last, title] of /** @type {[string[], string, string][]} */ ([[["Deutsch", "English"], "en", "Keys and settings"], [["Deutsch", "English", "Deutsch"], "de", "Tasten, Einstellungen"]])) {
    const { page, context } = await at("#/help");
    const late = page.waitForResponse((r) => r.url().endsWith("/strings/de.json"));
    for (const name of names) await page.getByRole("group", { name: "Language" }).getByRole("button", { name }).click();
    await (await late).finished();
    await page.waitForTimeout(1500);
    assert.equal(await page.getAttribute("html", "lang"), last);
    assert.equal(await page.evaluate(() => localStorage.getItem("dockline.lang")), last);
    await page.getByRole("heading", { level: 1, name: title }).waitFor();
    await context.close();
  }
});

test("A scan into the search opens the one thing it names", async () => {
  const { page, context } = await at("#/today");
  await page.keyboard.press("/");
  await page.keyboard.type("302-8841267-3391541", { delay: 2 });
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "302-8841267-3391541", level: 1 }).waitFor();
  await context.close();
});

test("A scan on any page searches and decides nothing, whatever keys it is made of", async () => {
  const { page, context } = await at("#/exceptions");
  await page.getByRole("heading", { name: "11 cases need a person" }).waitFor();
  // In the page itself: a busy computer would put gaps of a hand between the keys of a scan.
  const scan = (/** @type {string[]} */ keys) => page.evaluate((all) => {
    for (const key of all) document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  }, keys);
  await scan([..."302-8841267-3391541", "Enter"]);
  await page.getByRole("heading", { name: "302-8841267-3391541", level: 1 }).waitFor();
  await page.goBack();
  await page.getByRole("heading", { name: "11 cases need a person" }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Take it back" }).count(), 0);
  await scan([..."12zgo"]);
  await page.waitForTimeout(500);
  assert.match(page.url(), /#\/exceptions$/);
  assert.equal(await page.getByRole("button", { name: "Take it back" }).count(), 0);
  assert.equal(api.world.posts.length, 0);
  await context.close();
});

test("The stock sum can be checked with a pencil", async () => {
  const { page, context } = await at("#/stock/NAG-F01-BR-100");
  await page.getByRole("heading", { name: "All sites can ship 123" }).waitFor();
  const rows = await page.locator(".sumrow").evaluateAll((all) => all.map((r) => [r.className, Number(r.querySelector(".q")?.textContent?.replace("−", "-") ?? 0)]));
  let site = 0;
  let part = 0;
  let sites = 0;
  for (const [cls, n] of [...rows, ["grp", 0]]) {
    if (String(cls).includes("sub")) part += Number(n);
    else if (String(cls).includes("grp")) {
      assert.equal(part, site);
      sites += site;
      [site, part] = [Number(n), 0];
    } else assert.equal(Number(n), sites + site);
  }
  await context.close();
});

test("A channel’s figure is the sum of its terms", async () => {
  const { page, context } = await at("#/stock/NAG-F01-BR-100");
  for (const [channel, told] of [["shopify", 106], ["vendure", 104], ["marketplace", 66]]) {
    await page.getByRole("group", { name: "Channel" }).getByRole("button", { name: String(channel) }).click();
    await page.getByRole("heading", { name: `Why ${channel} is told ${told}` }).waitFor();
    const figures = await page.locator(".fall .q").evaluateAll((all) => all.map((q) => Number(q.textContent?.replace("−", "-"))));
    assert.equal(figures.slice(0, -1).reduce((a, b) => a + b, 0), figures.at(-1));
    assert.equal(figures.at(-1), told);
  }
  await context.close();
});

test("Lost pieces are corrected with a reason, in place", async () => {
  const { page, context } = await at("#/stock/NAG-F01-BR-100");
  await page.getByRole("button", { name: "Correct the stock" }).click();
  await page.getByLabel("Pieces found").fill("-2");
  await page.getByLabel("Why", { exact: true }).fill("broken in the bin");
  await page.getByRole("button", { name: "Note it" }).click();
  await page.getByText("2 pieces lost in Leipzig: noted.").waitFor();
  assert.deepEqual(JSON.parse(api.world.posts[0].body), { sku: "NAG-F01-BR-100", site: "leipzig", quantity: -2, reason: "broken in the bin" });
  await context.close();
});

test("Pieces are moved from bin to bin, and the page shows what lies in which", async () => {
  const { page, context } = await at("#/stock/NAG-F01-BR-100");
  await page.getByText("C-01-4: 3").waitFor();
  await page.getByRole("button", { name: "From bin to bin" }).click();
  await page.getByLabel("From bin").fill("C-01-4");
  await page.getByLabel("Pieces", { exact: true }).fill("2");
  await page.getByLabel("Why", { exact: true }).last().fill("tidied");
  await page.getByRole("button", { name: "Move", exact: true }).click();
  await page.getByRole("button", { name: "From bin to bin" }).waitFor();
  assert.deepEqual(JSON.parse(api.world.posts[0].body), { sku: "NAG-F01-BR-100", site: "leipzig", from: "shelf", to: "shelf", quantity: 2, reason: "tidied", from_bin: "C-01-4" });
  await context.close();
});

test("What is kept back is changed as a whole row: what was not touched stays", async () => {
  const { page, context } = await at("#/stock/NAG-F01-BR-100");
  await page.getByText("safety stock 4, 3 for stations").waitFor();
  await page.getByText("buffer 2").waitFor();
  const change = async () => {
    await page.getByRole("button", { name: "Keep back otherwise" }).click();
    await page.getByLabel("Why", { exact: true }).fill("Christmas");
  };
  const sent = async () => {
    await page.getByRole("button", { name: "Keep it back" }).click();
    await page.locator("form.inplace").waitFor({ state: "detached" });
    const { url, body } = api.world.posts.at(-1) ?? { url: "", body: "{}" };
    assert.equal(url, "/api/v1/stock/policies");
    return JSON.parse(body);
  };
  await change();
  await page.getByLabel("Safety stock, pieces").fill("6");
  assert.deepEqual(await sent(), { site: "leipzig", sku: "NAG-F01-BR-100", safety: 6, quota: 3, why: "Christmas", by: "console" });
  await change();
  await page.locator('select[name="where"]').selectOption("channel vendure");
  assert.equal(await page.getByLabel("Buffer, pieces").inputValue(), "", "the item has no row of its own there");
  await page.getByRole("button", { name: "Keep it back" }).click();
  await page.getByText("Nothing was changed").waitFor();
  await page.getByLabel("Holds for").selectOption("all");
  await page.getByLabel("Shown at most").fill("50");
  assert.deepEqual(await sent(), { channel: "vendure", buffer: 2, cap: 50, share_pm: 900, why: "Christmas", by: "console" });
  assert.equal(api.world.posts.length, 2);
  await context.close();
});

test("A hold is released with one press, which can be taken back; an amendment sends only what was changed", async () => {
  const { page, context } = await at("#/orders/shopify%3ARW-20853");
  await page.evaluate(() => sessionStorage.setItem("dockline.person", "Milena"));
  await page.getByRole("button", { name: "Release it" }).click();
  await page.getByRole("button", { name: "Take it back" }).click();
  assert.equal(api.world.posts.length, 0);
  await page.getByRole("button", { name: "Amend", exact: true }).click();
  await page.getByLabel("Street", { exact: true }).fill("Friedrich-Ebert-Straße 114");
  await page.getByLabel("Why", { exact: true }).fill("the buyer wrote");
  await page.getByRole("button", { name: "Amend it" }).click();
  await page.getByRole("button", { name: "Amend it" }).waitFor({ state: "detached" });
  const [sent] = api.world.posts.map((p) => ({ url: p.url, ...JSON.parse(p.body) }));
  assert.equal(sent.url, "/api/v1/orders/shopify%3ARW-20853");
  assert.deepEqual([sent.ship_to.street1, sent.ship_to.city, sent.lines, sent.vip], ["Friedrich-Ebert-Straße 114", "Wuppertal", undefined, undefined]);
  await context.close();
});

test("Orders of one buyer are sent together: the others are named, and the reason is asked", async () => {
  const { page, context } = await at("#/orders/shopify%3ARW-20844");
  await page.getByRole("button", { name: "Send with another" }).click();
  await page.getByText("bear one label").waitFor();
  await page.getByLabel("Numbers of others").fill("RW-20861, RW-20853");
  await page.getByRole("button", { name: "Send them together" }).click();
  assert.equal(api.world.posts.length, 0, "without a reason nothing is sent");
  await page.getByLabel("Why", { exact: true }).fill("the buyer asked for one parcel");
  await page.getByRole("button", { name: "Send them together" }).click();
  await page.locator("form.inplace").waitFor({ state: "detached" });
  assert.deepEqual(api.world.posts.map((p) => [p.url, JSON.parse(p.body)]), [["/api/v1/orders/shopify%3ARW-20844/merge",
    { orders: ["RW-20861", "RW-20853"], why: "the buyer asked for one parcel", by: "console" }]]);
  await page.evaluate(() => { location.hash = "#/orders/shopify%3ARW-20853"; });
  await page.getByRole("button", { name: "Release it" }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Send with another" }).count(), 0, "what is held is not merged");
  await context.close();
});

test("Other rules stand beside what was decided, and nothing is changed", async () => {
  const { page, context } = await at("#/decisions");
  await page.getByRole("link", { name: "What if" }).click();
  await page.getByRole("button", { name: "Decide again" }).click();
  await page.getByText("Paste a routing file, or choose one.").waitFor();
  await page.getByLabel("Routing file (TOML), pasted").fill('[[chain]]\nname = "cheapest"\n');
  await page.getByLabel("Decisions of").selectOption("168");
  await page.getByRole("button", { name: "Decide again" }).click();
  const table = page.getByRole("table", { name: /under these rules/ });
  assert.match(await table.getByRole("row", { name: /^Cost, all told/ }).innerText(), /€9,143.70[\s\S]*€8,711.20[\s\S]*−€432.50/);
  await page.getByRole("heading", { name: "214 orders would go elsewhere" }).waitFor();
  assert.deepEqual(api.world.posts.map((p) => [p.url, JSON.parse(p.body).since_hours]), [["/api/v1/routing/what-if", 168]]);
  await page.screenshot({ path: path.join(OUT, "whatif-done-wide-light-en.png") });
  assert.deepEqual(await overflow(page), []);
  await context.close();
});

test("What came of a delivery is entered in place, and a proposed purchase is sent", async () => {
  const { page, context } = await at("#/goods");
  await page.getByRole("link", { name: "LF-2026-1188" }).click();
  await page.getByRole("button", { name: "Enter what came" }).click();
  await page.locator("select[name=sku]").selectOption("NAG-F01-BR-100");
  await page.getByLabel("Pieces that came").fill("24");
  await page.getByRole("button", { name: "Book it" }).click();
  await page.getByRole("button", { name: "Book it" }).waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Purchases" }).click();
  await page.getByRole("link", { name: "Kaffeekontor Bremen GmbH" }).click();
  await page.getByRole("button", { name: "It is sent" }).click();
  await page.locator("form").getByRole("button", { name: "It is sent" }).click();
  await page.locator("form").waitFor({ state: "detached" });
  assert.deepEqual(api.world.posts.map((p) => [p.url, JSON.parse(p.body)]), [["/api/v1/deliveries/LF-2026-1188/receive", { sku: "NAG-F01-BR-100", quantity: 24, by: "console" }],
    ["/api/v1/purchases/PO-4490/decide", { action: "sent", by: "console" }]]);
  await context.close();
});

test("A proposed transfer is ordered, a supplier entered with an item, a limit of backorders set", async () => {
  const { page, context } = await at("#/goods/transfers");
  await page.getByRole("button", { name: "Order this transfer of KRA-K4-KIR" }).click();
  assert.equal(await page.locator("form").getByLabel("Pieces").inputValue(), "7");
  await page.locator("form").getByLabel("Pieces").fill("5");
  await page.locator("form").getByRole("button", { name: "Order it" }).click();
  await page.locator("form").waitFor({ state: "detached" });

  await page.getByRole("button", { name: "Suppliers" }).click();
  await page.getByRole("button", { name: "Enter a supplier" }).click();
  await page.getByLabel("Short name, as in files").fill("teehaus");
  await page.getByLabel("Name", { exact: true }).fill("Teehaus Altona");
  await page.getByLabel("Days until goods come").fill("4");
  await page.getByRole("button", { name: "Enter it" }).click();
  await page.locator("form").waitFor({ state: "detached" });
  await page.getByRole("link", { name: /Kaffeekontor Bremen GmbH/ }).click();
  await page.getByText("no longer bought").waitFor();
  await page.getByRole("button", { name: "Enter an item" }).click();
  await page.getByLabel("SKU", { exact: true }).fill("TEA-01");
  await page.getByLabel("Rank").fill("2");
  await page.getByRole("button", { name: "Enter it" }).click();
  await page.locator("form").waitFor({ state: "detached" });

  await page.evaluate(() => { location.hash = "#/stock/NAG-F01-BR-100"; });
  await page.getByText("Pieces that orders wait for").waitFor();
  await page.getByRole("button", { name: "Set a limit" }).click();
  await page.locator("form").getByLabel("Backorders at most").fill("25");
  await page.getByLabel("Why", { exact: true }).fill("more are coming");
  await page.getByRole("button", { name: "Set it" }).click();
  await page.locator("form").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "No limit any more" }).click();
  await page.getByLabel("Why", { exact: true }).fill("enough came");
  await page.getByRole("button", { name: "End it" }).click();
  await page.locator("form").waitFor({ state: "detached" });
  const why = "venlo sells three a day and has four; leipzig has 31 and sells one a week";
  assert.deepEqual(api.world.posts.map((p) => [p.url.replace("/api/v1", ""), JSON.parse(p.body)]), [
    ["/transfers", { sku: "KRA-K4-KIR", from_site: "leipzig", to_site: "venlo", quantity: 5, why, by: "console" }],
    ["/suppliers", { supplier: "teehaus", title: "Teehaus Altona", email: "", webhook: "", lead_days: 4, by: "console" }],
    ["/supplies", { sku: "TEA-01", supplier: "kaffeekontor", rank: 2, by: "console" }],
    ["/backorders/NAG-F01-BR-100", { most: 25, why: "more are coming", by: "console" }],
    ["/backorders/NAG-F01-BR-100", { ended: true, why: "enough came", by: "console" }]]);
  await context.close();
});

test("An act without any change says so and sends nothing", async () => {
  const { page, context } = await at("#/orders/shopify%3ARW-20853");
  await page.getByRole("button", { name: "Split", exact: true }).click();
  await page.getByLabel("Why", { exact: true }).fill("in a hurry");
  await page.getByRole("button", { name: "Split it" }).click();
  await page.getByText("Nothing was changed").waitFor();
  assert.equal(api.world.posts.length, 0);
  await context.close();
});

test("An order shows each step with its deadline, what is late and why", async () => {
  const { page, context } = await at("#/orders/shopify%3ARW-20853");
  const card = page.locator(".card", { has: page.getByRole("heading", { name: "Steps" }) });
  const rows = card.locator(".res");
  await rows.nth(5).waitFor();
  assert.equal(await rows.count(), 6);
  assert.match(await rows.nth(0).innerText(), /Received[\s\S]*done/);
  assert.match(await rows.nth(1).innerText(), /Checked[\s\S]*by[\s\S]*at risk/);
  assert.match(await rows.nth(4).innerText(), /With the carrier[\s\S]*by[\s\S]*expected[\s\S]*leaves leipzig Wed 2026-09-23 16:30[\s\S]*late/);
  await context.close();
});

test("An event of the timeline shows the fact as the log has it", async () => {
  const { page, context } = await at("#/orders/shopify%3ARW-20853");
  await page.getByRole("button", { name: "Event" }).first().click();
  await page.locator(".fact", { hasText: "dockline.pack.item.counted.v1" }).waitFor();
  await context.close();
});

test("A plot has its table, and a page of a phone has no sideways scroll with it", async () => {
  const { page, context } = await at("#/channels", { size: SIZES.phone });
  await page.getByRole("img", { name: /half of the changes confirmed/ }).first().waitFor();
  await page.getByRole("button", { name: "Show as table" }).click();
  await page.getByRole("table", { name: "shopify" }).waitFor();
  assert.deepEqual(await overflow(page), []);
  assert.equal(fx.channels().length, await page.getByRole("table", { name: "Channels", exact: true }).getByRole("row").count() - 1);
  await context.close();
});
