// A real server with many orders (DOCKLINE_MANY, 100,000 and more of the fixtures: list.test.mjs): the list is there at once, far rows come when they are looked
// at, and the frames of a reader who scrolls through it are printed (a figure, not a judgement).
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { open, visit } from "./browser.mjs";
import { frames } from "./frames.mjs";
import { built, house, until } from "./house.mjs";

const MANY = Number(process.env.DOCKLINE_MANY ?? 20000);
const SKUS = 40;
const skip = !process.env.DOCKLINE_BIN && !built() ? "no server is built in build/release" : false;

/** @type {Awaited<ReturnType<typeof house>>} */
let h;
/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  if (skip) return;
  h = await house();
  await h.startServer();
  browser = await open();
});
after(async () => {
  if (skip) return;
  await browser?.close();
  await h?.close();
});

/** @param {string} kind @param {string} name @param {string} csv */
async function importCsv(kind, name, csv) {
  const r = await fetch(`${h.url}api/v1/imports?kind=${kind}&name=${name}`, { method: "POST", body: csv,
    headers: { authorization: `Bearer ${h.token()}`, "content-type": "text/csv" } });
  assert.equal(r.status, 202, await r.clone().text());
  const { import: id } = await r.json();
  await until(`${name} digested`, async () => (await h.call("GET", `/imports/${id}`)).state === "done", 400000);
  return h.call("GET", `/imports/${id}`);
}

test(`${MANY} orders: the last one is three keys away`, { skip, timeout: 500000 }, async (t) => {
  const stock = ["sku,title,barcode,site,quantity,bin", ...Array.from({ length: SKUS }, (_, i) => `S${i},Thing ${i},20004711${String(i).padStart(5, "0")},leipzig,100000,A-${i}`)].join("\n");
  await importCsv("stock", "stock.csv", stock);
  const began = Date.now();
  const day = new Date().toISOString().slice(0, 10);
  const rows = ["InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"];
  for (let i = 0; i < MANY; i++) rows.push(`${100000 + i},S${i % SKUS},Thing ${i % SKUS},1,${day} 08:00:00,1.90,C${i % 977},Germany`);
  const done = await importCsv("orders", "orders.csv", rows.join("\n"));
  assert.equal(done.orders, MANY, JSON.stringify(done));
  t.diagnostic(`${done.lines} lines digested in ${((Date.now() - began) / 1000).toFixed(0)} s`);
  const v = await visit(browser);
  await v.page.goto(`${h.url}#token=${h.token()}`);
  await v.page.locator(".rail").waitFor();
  await v.page.evaluate(() => { location.hash = "#/orders"; });
  const grid = v.page.getByRole("grid", { name: "Orders" });
  await grid.waitFor();
  assert.equal(await grid.getAttribute("aria-rowcount"), String(MANY + 1));
  await v.page.keyboard.press("j");
  await v.page.waitForTimeout(60); // a hand
  await v.page.keyboard.press("End");
  await v.page.getByRole("link", { name: "100000", exact: true }).waitFor();
  await v.page.keyboard.press("Home");
  await v.page.getByRole("link", { name: String(100000 + MANY - 1), exact: true }).waitFor();
  t.diagnostic(await frames(v.page));
  assert.deepEqual(v.troubles, []);
  await v.context.close();
});
