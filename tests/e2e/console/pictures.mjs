// The README's pictures of the console, from a real server, agent and shop: stock and orders of the
// demo's files, a few orders packed by scans, one under way. Writes out/console/readme-*.png.
//   DOCKLINE_BIN=build/release/bin node tests/e2e/console/pictures.mjs
import path from "node:path";
import { open, OUT, visit } from "./browser.mjs";
import { house, ROOT, until } from "./house.mjs";

const h = await house();
const browser = await open();
try {
  await h.startServer();
  const v = await visit(browser, { size: { width: 1280, height: 800 } });
  const shot = async (/** @type {string} */ name, /** @type {string} */ hash) => {
    await v.page.evaluate((x) => { location.hash = x; }, hash);
    await v.page.mouse.move(5, 795);
    await v.page.waitForTimeout(1200);
    await v.page.screenshot({ path: path.join(OUT, `readme-${name}.png`) });
  };
  await v.page.goto(`${h.url}#token=${h.token()}`);
  const importFile = async (/** @type {string} */ kind, /** @type {string} */ file) => {
    await v.page.evaluate(() => { location.hash = "#/import"; });
    await v.page.getByLabel(/What is in it/).selectOption(kind);
    await v.page.getByLabel("File", { exact: true }).setInputFiles(path.join(ROOT, file));
    await v.page.getByRole("button", { name: "Import the file" }).click();
    await v.page.getByRole("heading", { name: path.basename(file), level: 1 }).waitFor();
    await v.page.locator(".head .tag.ok", { hasText: "done" }).waitFor({ timeout: 60000 });
  };
  await importFile("stock", "deploy/demo/stock.csv");
  await h.startBench();
  const names = ["Annegret Schultheiß-Oberländer", "Søren Dahl-Østergaard", "王思远", "Ngozi Okonkwo-Lindqvist", "Friederike Donaudampf", "Jörg Weißmüller"];
  const skus = ["22633", "22632", "22960", "22913"];
  const item = async (/** @type {string} */ sku) => h.call("GET", `/stock/${sku}`);
  for (const [i, name] of names.entries()) {
    const lines = await Promise.all(skus.slice(i % 2, 2 + (i % 3)).map(async (sku, k) => ({ sku, quantity: 1 + ((i + k) % 2), title: (await item(sku)).title, unit_price_minor: 1490 + 250 * k })));
    await h.call("POST", "/orders", { channel: "shop", number: `W-${1001 + i}`, currency: "EUR", lines,
      ship_to: { name, street1: "Friedrich-Ebert-Straße 114a", postal_code: "42117", city: "Wuppertal", country: "DE" } });
  }
  await h.call("POST", "/orders", { channel: "shop", number: "W-1010", currency: "EUR", lines: [{ sku: "HAND-GRINDER-K4", quantity: 1, title: "Hand grinder K4, cherry wood" }],
    ship_to: { name: "İbrahim Çağlayan", city: "Duisburg", country: "DE" } });
  await importFile("orders", "deploy/demo/orders.csv");
  const pack = async (/** @type {string} */ number, /** @type {number} */ leave) => {
    const o = await until(`a bench for ${number}`, async () => { const x = await h.call("GET", `/orders/shop%3A${number}`); return x.tracking && x; }, 60000);
    const known = (await h.labels()).length;
    await h.scan(number);
    let open = o.pieces - leave;
    for (const l of o.lines) for (let n = 0; n < l.quantity && open > 0; n++, open--) await h.scan((await item(l.sku)).barcodes[0].code);
    if (leave) return;
    await until("a label", async () => (await h.labels()).length > known);
    await v.page.waitForTimeout(1500);
    await h.scan(o.tracking);
  };
  for (const number of ["W-1002", "W-1003", "W-1004", "W-1005"]) await pack(number, 0);
  await pack("W-1001", 1);
  await v.page.waitForTimeout(1500);
  for (const [name, hash] of [["today", "#/today"], ["orders", "#/orders"], ["order", "#/orders/shop%3AW-1001"], ["stock", "#/stock/22633"], ["stations", "#/stations"], ["exceptions", "#/exceptions"], ["channels", "#/channels"]])
    await shot(name, hash);
} finally {
  await browser.close();
  await h.close();
}
