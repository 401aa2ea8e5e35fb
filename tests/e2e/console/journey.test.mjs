// One order of a real server with a real agent, watched by an operator: stock comes in by file, an
// order is placed, packed by scans and confirmed by the shop, an unknown item is decided, a bench
// falls silent, the server goes and comes back. Nothing is faked but paper and fingers.
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { axeFindings, open, OUT, overflow, visit } from "./browser.mjs";
import { built, house, ROOT, until } from "./house.mjs";

// Run by hand before anything is built there is no server to visit; ctest always names one.
const skip = !process.env.DOCKLINE_BIN && !built() ? "no server is built in build/release" : false;

/** @type {Awaited<ReturnType<typeof house>>} */
let h;
/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof visit>>} */
let v;
before(async () => {
  if (skip) return;
  assert.ok(built(), "dockline-server and dockline-agent are not built where DOCKLINE_BIN says");
  h = await house();
  await h.startServer();
  browser = await open();
  v = await visit(browser);
  await v.page.goto(`${h.url}#token=${h.token()}`);
  await v.page.locator(".rail").waitFor();
});
after(async () => {
  if (skip) return;
  await browser?.close();
  await h?.close();
});

/** @param {string} hash */
const go = (hash) => v.page.evaluate((x) => { location.hash = x; }, hash);
/** @param {string} name */
async function picture(name) {
  await v.page.waitForTimeout(400);
  assert.deepEqual(await overflow(v.page), []);
  assert.deepEqual(await axeFindings(v.page), []);
  await v.page.screenshot({ path: path.join(OUT, `journey-${name}.png`) });
}
/** @param {string} sku */
const titleOf = (sku) => h.call("GET", `/stock/${sku}`).then((s) => s.title, () => sku);
const order = async (/** @type {string} */ number, /** @type {[string, number][]} */ lines) => h.call("POST", "/orders", { channel: "shop", number, currency: "EUR",
  ship_to: { name: "Annegret Schultheiß-Oberländer", street1: "Kaistraße 4", postal_code: "42103", city: "Wuppertal", country: "DE" },
  lines: await Promise.all(lines.map(async ([sku, quantity]) => ({ sku, quantity, title: await titleOf(sku), unit_price_minor: 185 }))) });

test("A new server invites to begin, and takes a stock file", { skip }, async () => {
  await v.page.getByRole("heading", { name: "Ready for the first order" }).waitFor();
  await picture("new");
  await v.page.getByRole("link", { name: "Import a CSV file" }).first().click();
  await v.page.getByLabel("What is in it").selectOption("stock");
  await v.page.getByLabel("File", { exact: true }).setInputFiles(path.join(ROOT, "deploy/demo/stock.csv"));
  await v.page.getByRole("button", { name: "Import the file" }).click();
  await v.page.getByRole("heading", { name: "stock.csv", level: 1 }).waitFor();
  await v.page.locator(".head .tag.ok", { hasText: "done" }).waitFor({ timeout: 30000 });
  await picture("import");
  await go("#/stock");
  await v.page.getByRole("link", { name: "Hand warmer union jack" }).waitFor();
});

test("A station that starts is heard, with its devices", { skip }, async () => {
  await go("#/stations");
  await v.page.getByRole("heading", { name: /^0 of 2 stations heard/ }).waitFor();
  await h.startBench();
  await v.page.getByRole("heading", { name: /^1 of 2 stations heard/ }).waitFor({ timeout: 20000 });
  await v.page.locator(".st", { hasText: "Bench 4, Leipzig" }).getByText("Scanner", { exact: true }).waitFor({ timeout: 10000 });
  await picture("stations");
});

test("A person says what a site is like; a second writer who saw it before is told", { skip }, async () => {
  await go("#/sites");
  await v.page.getByRole("heading", { name: "2 sites, 0 open now. 1 is dark.", level: 1 }).waitFor({ timeout: 10000 });
  await v.page.getByRole("link", { name: "Leipzig", exact: true }).click();
  const form = v.page.locator("form.inplace");
  const describe = async (/** @type {string} */ hours) => {
    await form.locator("[name=hours]").fill(hours);
    await form.getByLabel("Why", { exact: true }).fill("summer");
    await form.getByRole("button", { name: "Keep it" }).click();
  };
  await v.page.getByRole("button", { name: "Say what it is like" }).click();
  await form.locator("[name=time_zone]").fill("Europe/Berlin");
  await form.locator("[name=capacity_per_day]").fill("90");
  await describe("mon-sun 8-16");
  await form.getByText("hours.mon-sun: '8-16' are no hours").waitFor({ timeout: 10000 });
  assert.equal(await form.locator("[name=hours]").getAttribute("aria-invalid"), "true");
  await describe("mon-sun 00:00-23:59");
  await form.waitFor({ state: "detached", timeout: 10000 });
  await v.page.getByText("00:00 to 23:59, open now").waitFor({ timeout: 10000 });
  await v.page.getByText("Room for 90 more orders of 90 a day").first().waitFor();
  await picture("site");
  await v.page.getByRole("button", { name: "Say what it is like" }).click();
  await form.locator("[name=capacity_per_day]").fill("70");
  await h.call("PUT", "/sites/leipzig", { values: { capacity_per_day: "80" }, why: "somebody else", by: "ann" });
  await describe("mon-sun 00:00-23:59");
  await form.getByText("Somebody changed it meanwhile, nothing was saved.").waitFor({ timeout: 10000 });
  assert.deepEqual((await h.call("GET", "/sites/leipzig")).values, { capacity_per_day: "80" });
  v.troubles.length = 0; // the browser logs both refusals
  await h.call("PUT", "/sites/leipzig", { values: {}, why: "as before", by: "ann" });
  await v.page.getByText("nobody said anything").waitFor({ timeout: 10000 });
});

test("An order is on the page at once, with its reason and its bench", { skip }, async () => {
  await go("#/orders");
  await order("W-1001", [["22633", 2], ["22632", 1]]);
  await v.page.getByRole("link", { name: "W-1001", exact: true }).waitFor({ timeout: 5000 });
  for (let n = 1002; n < 1008; n++) await order(`W-${n}`, [["22633", 1], ["22960", 1]]);
  await v.page.getByRole("button", { name: /new, show/ }).click();
  await v.page.getByRole("link", { name: "W-1007", exact: true }).waitFor();
  await picture("orders");
  await v.page.getByRole("link", { name: "W-1001", exact: true }).click();
  await v.page.getByText("Released").first().waitFor();
  const steps = v.page.locator(".card", { has: v.page.getByRole("heading", { name: "Steps" }) }).locator(".res");
  assert.equal(await steps.count(), (await h.call("GET", "/orders/shop%3AW-1001")).steps.length);
  assert.match(await steps.first().innerText(), /Received[\s\S]*done/);
  await v.page.getByRole("link", { name: "What was weighed" }).click();
  await v.page.getByRole("heading", { name: /^Why Leipzig/ }).waitFor();
  await picture("decision");
});

test("A person holds an order and lets it go on; both stand in its timeline", { skip }, async () => {
  await go("#/orders/shop%3AW-1007");
  await v.page.getByRole("button", { name: "Hold", exact: true }).click();
  await v.page.getByLabel("Why", { exact: true }).fill("the buyer rings back");
  await v.page.getByRole("button", { name: "Hold it" }).click();
  await v.page.getByRole("heading", { name: "It is held" }).waitFor({ timeout: 10000 });
  assert.equal((await h.call("GET", "/orders/shop%3AW-1007")).held, true);
  await go("#/orders?held=true");
  await v.page.getByRole("link", { name: "W-1007", exact: true }).waitFor();
  await picture("held");
  await go("#/orders/shop%3AW-1007");
  await v.page.getByRole("button", { name: "Release it" }).click();
  await until("W-1007 goes on", async () => !(await h.call("GET", "/orders/shop%3AW-1007")).held);
  await v.page.getByRole("heading", { name: "It is held" }).waitFor({ state: "detached", timeout: 10000 });
  await v.page.locator(".tl").getByText("the buyer rings back").first().waitFor();
  await v.page.locator(".tl").getByText("Released by").waitFor();
});

test("A form that stood open is refused only when somebody changed the order, and goes on with what was typed", { skip }, async () => {
  const path = "/orders/shop%3AW-1006";
  const tagOf = async () => /** @type {string} */ ((await fetch(`${h.url}api/v1${path}`, { headers: { authorization: `Bearer ${h.token()}` } })).headers.get("etag"));
  await until("a bench for W-1006", async () => (await h.call("GET", path)).state === "released");
  await go(`#${path}`);
  const form = v.page.locator("form.inplace");
  const amend = async (/** @type {string} */ company) => {
    await v.page.getByRole("button", { name: "Amend", exact: true }).click();
    await form.getByLabel("Company").fill(company);
    await form.getByLabel("Why", { exact: true }).fill("the buyer wrote");
  };
  // What is expected of it changes with the hours of its site, as it does with each minute: not the order.
  await amend("Kontor");
  const seen = await tagOf();
  await h.call("PUT", "/sites/leipzig", { values: { "time_zone": "Europe/Berlin", "hours.mon-sun": "00:00-23:59" }, why: "longer", by: "ann" });
  const later = /** @type {string} */ (await until("another tag of W-1006", async () => { const tag = await tagOf(); return tag !== seen && tag; }));
  assert.equal(later.split("-")[0], seen.split("-")[0], "the order itself is as it was");
  await form.getByRole("button", { name: "Amend it" }).click();
  await form.waitFor({ state: "detached", timeout: 10000 });
  assert.equal((await h.call("GET", path)).ship_to.company, "Kontor");
  await v.page.getByText("Kontor").first().waitFor();
  await amend("Kontor Nord");
  await h.call("PATCH", path, { vip: true, why: "an old customer", by: "ann" });
  await form.getByRole("button", { name: "Amend it" }).click();
  await form.getByRole("alert").getByText("Amended by ann").waitFor({ timeout: 10000 });
  assert.equal((await h.call("GET", path)).ship_to.company, "Kontor", "nothing was sent");
  await picture("changed");
  await form.getByRole("button", { name: "Go on with it as it is now" }).click();
  await form.getByRole("button", { name: "Amend it" }).click();
  await form.waitFor({ state: "detached", timeout: 10000 });
  const now = await h.call("GET", path);
  assert.deepEqual([now.ship_to.company, now.vip], ["Kontor Nord", true]);
  v.troubles.length = 0; // the browser logs the refusal
  await h.call("PUT", "/sites/leipzig", { values: {}, why: "as before", by: "ann" });
});

test("Scans at the bench appear in the order while they happen, until the shop confirms the parcel", { skip }, async () => {
  await go("#/orders/shop%3AW-1001");
  const o = await until("a bench for W-1001", async () => { const x = await h.call("GET", "/orders/shop%3AW-1001"); return x.tracking && x; });
  const code = async (/** @type {string} */ sku) => (await h.call("GET", `/stock/${sku}`)).barcodes[0].code;
  await h.scan("W-1001");
  await h.scan(await code("22633"));
  await v.page.locator(".tl").getByText("Counted").first().waitFor({ timeout: 5000 });
  await v.page.getByText("1 of 2 counted").waitFor();
  await picture("order-packing");
  await h.scan(await code("22633"));
  await h.scan(await code("22632"));
  await until("a label", async () => (await h.labels()).length > 0);
  await v.page.waitForTimeout(1500);
  await h.scan(o.tracking);
  await v.page.locator(".tl").getByText("Packed and closed").waitFor({ timeout: 10000 });
  await v.page.locator(".tl").getByText("shop confirmed the parcel").waitFor({ timeout: 10000 });
  await picture("order");
  assert.ok(h.told.some((m) => JSON.stringify(m).includes(o.tracking)), "the shop was told the tracking number");
});

test("The driver takes what stands there; the parcel arrives, and a piece of it comes back", { skip }, async () => {
  const { tracking } = await h.call("GET", "/orders/shop%3AW-1001");
  await go("#/goods/parcels");
  await v.page.getByRole("link", { name: tracking }).waitFor();
  await picture("parcels");
  await v.page.getByRole("button", { name: "House took them" }).click();
  await v.page.getByLabel("Number of the collection, if there is one").fill("M-7");
  await v.page.getByRole("button", { name: "They have left" }).click();
  await v.page.getByText("No parcel waits for a carrier.").waitFor({ timeout: 10000 });
  await go("#/orders/shop%3AW-1001");
  await v.page.locator(".tl").getByText("Handed over").waitFor({ timeout: 10000 });
  assert.equal((await h.call("GET", "/orders/shop%3AW-1001")).state, "shipped");
  await v.page.getByRole("button", { name: "It stayed here" }).click();
  await v.page.getByLabel("Why", { exact: true }).fill("left behind");
  await v.page.getByRole("button", { name: "It stands here" }).click();
  await v.page.locator(".tl").getByText("Stands at its site again").waitFor({ timeout: 10000 });
  await v.page.getByRole("button", { name: "Driver took it" }).click();
  await v.page.getByRole("button", { name: "They have left" }).click();
  await v.page.getByRole("button", { name: "Delivered", exact: true }).waitFor({ timeout: 10000 });
  await v.page.getByRole("button", { name: "Delivered", exact: true }).click();
  await v.page.locator("form").getByRole("button", { name: "Delivered", exact: true }).click();
  await v.page.locator(".tl").getByText("Delivered").waitFor({ timeout: 10000 });
  await v.page.getByRole("button", { name: "Goods came back" }).click();
  await v.page.getByLabel(/pieces back, of 2/).fill("1");
  await v.page.getByLabel("Found").selectOption("damaged");
  await v.page.getByLabel("Why", { exact: true }).fill("chipped");
  await v.page.getByRole("button", { name: "They are here" }).click();
  await v.page.locator(".tl").getByText("Came back").waitFor({ timeout: 10000 });
  await picture("returned");
  const line = (await h.call("GET", "/orders/shop%3AW-1001")).lines.find((/** @type {any} */ l) => l.sku === "22633");
  assert.deepEqual([line.delivered, line.returned], [1, 1]);
});

test("A scanned label finds its order, whatever page is open", { skip }, async () => {
  const { tracking } = await h.call("GET", "/orders/shop%3AW-1001");
  await go("#/stations");
  await v.page.locator(".st").first().waitFor();
  await v.page.keyboard.press("/");
  await v.page.keyboard.type(tracking, { delay: 2 });
  await v.page.keyboard.press("Enter");
  await v.page.getByRole("heading", { name: "W-1001", level: 1 }).waitFor();
  await go("#/search?q=Schulthei%C3%9F");
  await v.page.getByRole("link", { name: /W-1001/ }).waitFor();
  await picture("search");
});

test("The stock sum is what the shop was told", { skip }, async () => {
  await go("#/stock/22633");
  await v.page.locator(".told .tag.ok").first().waitFor({ timeout: 10000 });
  const total = Number(await v.page.locator(".sumrow.tot .q").textContent());
  /** @type {Map<string, number>} the newest figure of each location */
  const last = new Map(h.told.filter((m) => m.type === "stock.figure" && m.stock.sku === "22633").map((m) => [m.stock.location, m.stock.available]));
  assert.equal([...last.values()].reduce((a, b) => a + b, 0), total);
  await picture("stock");
  await go("#/channels");
  await v.page.getByRole("img", { name: /^shop: half of the changes confirmed/ }).waitFor({ timeout: 10000 });
  await picture("channels");
});

test("An item nobody knows is a case; one key decides it, with the name of who did", { skip }, async () => {
  await order("W-2001", [["NO-SUCH-ITEM", 1]]);
  await v.page.evaluate(() => sessionStorage.setItem("dockline.person", "Milena"));
  await v.page.reload();
  await go("#/exceptions");
  await v.page.getByText("NO-SUCH-ITEM").first().waitFor({ timeout: 10000 });
  await picture("exceptions");
  const open = (await h.call("GET", "/exceptions?state=open")).items;
  await v.page.keyboard.press("1");
  await v.page.getByRole("heading", { name: /^Done: / }).waitFor({ timeout: 20000 });
  const solved = (await h.call("GET", "/exceptions?state=resolved")).items.filter((/** @type {any} */ e) => open.some((/** @type {any} */ o) => o.id === e.id));
  assert.equal(solved.length, 1);
  assert.equal(solved[0].by, "Milena");
  assert.ok(open.some((/** @type {any} */ e) => e.id === solved[0].id));
});

test("Today sums it up", { skip }, async () => {
  await go("#/today");
  await v.page.getByRole("heading", { name: /orders are still to pack/ }).waitFor();
  const { orders } = await h.call("GET", "/today");
  const packed = orders.packed + orders.shipped + orders.delivered + orders.returned;
  assert.ok(packed >= 1);
  await v.page.locator(".under b", { hasText: String(packed) }).waitFor();
  await v.page.getByRole("table", { name: /channel’s own confirmation/ }).getByRole("row").nth(1).getByText("shop").waitFor();
  await picture("today");
  await go("#/events");
  await v.page.getByRole("grid", { name: "Events" }).getByText("pack.closed").first().waitFor();
  await picture("events");
});

test("A killed bench is silent and its figures are not known", { skip }, async () => {
  await go("#/stations");
  await h.stop("agent", "SIGKILL");
  await v.page.getByText("Unknown how many wait.").first().waitFor({ timeout: 60000 });
  await picture("stations-silent");
});

test("A server that is gone is a red line, and all is live again when it is back", { skip }, async () => {
  await go("#/orders");
  await v.page.getByRole("link", { name: "W-1001", exact: true }).waitFor();
  await h.stop("server", "SIGKILL");
  await v.page.getByText("No answer from the server since").waitFor({ timeout: 20000 });
  await picture("silent");
  await h.startServer();
  await v.page.getByText("No answer from the server since").waitFor({ state: "detached", timeout: 30000 });
  await order("W-3001", [["22633", 1]]);
  await v.page.getByText(/new, show/).waitFor({ timeout: 10000 });
  const logged = v.troubles.filter((t) => !/ERR_CONNECTION|WebSocket connection|ERR_EMPTY_RESPONSE|ERR_INCOMPLETE/.test(t));
  assert.deepEqual(logged, []);
});
