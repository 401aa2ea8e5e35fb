// A packer's day on the real agent, server and broker: orders packed with nothing but scans, with
// and without the server, with paper running out, a scanner pulled, a customer who changes her
// mind and a station program that dies. What counts is what the screen says.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { browser, watch } from "../tool/browser.mjs";
import { ROOT } from "../tool/fixtures.mjs";
import { fleet } from "../tool/fleet.mjs";
import { overflow } from "../tool/overflow.mjs";

const OUT = path.join(ROOT, "tests/e2e/out/journey");
const SHOWN_WITHIN_MS = 5000;
const DEVICE_SHOWN_WITHIN_MS = 2000;

/** sku -> barcode of the demo's goods */
const GOODS = new Map(
  readFileSync(path.join(ROOT, "deploy/demo/stock.csv"), "utf8")
    .trim()
    .split("\n")
    .slice(1)
    .map((row) => /** @type {[string, string]} */ ([row.split(",")[0], row.split(",")[2]])),
);
const [FIRST, SECOND, THIRD, FOREIGN] = [...GOODS.keys()];
const code = (/** @type {string} */ sku) => GOODS.get(sku) ?? "";

/** @type {Awaited<ReturnType<typeof fleet>>} */ let bench;
/** @type {Awaited<ReturnType<typeof browser>>} */ let chromium;
/** @type {import("playwright-core").Page} */ let page;
/** @type {string[]} */ let bad;

before(async () => {
  mkdirSync(OUT, { recursive: true });
  bench = await fleet();
  chromium = await browser();
  page = await chromium.context.newPage();
  await page.setViewportSize({ width: 1280, height: 800 });
  bad = watch(page, () => bench.panel);
  await page.goto(bench.panel);
});
after(async () => {
  await chromium?.close();
  await bench?.close();
});

/** The banner shows this state. @param {string} id @param {number} [within] */
const sees = (id, within = SHOWN_WITHIN_MS) =>
  page.waitForSelector(`.page[data-state="${id}"]`, { timeout: within });

/** @param {string} text @param {string} id */
async function scan(text, id) {
  await bench.scan(text);
  await sees(id);
}

/** Keeps the picture and refuses one on which something is cut. @param {string} name */
async function look(name) {
  await page.waitForTimeout(200); // the glyph's movement
  await page.screenshot({ path: path.join(OUT, `${name}.png`) });
  assert.deepEqual(await page.evaluate(overflow), [], name);
}

/** @param {string} selector @param {RegExp} text @param {number} [within] */
const reads = (selector, text, within = SHOWN_WITHIN_MS) =>
  page.locator(selector).filter({ hasText: text }).first().waitFor({ timeout: within });

/** @param {string} number @param {[string, number][]} lines */
const order = (number, lines) =>
  bench.ask({
    do: "order",
    order: {
      number,
      currency: "EUR",
      ship_to: { name: "Annegret Schultheiß-Oberländer", street1: "Kaistraße 4", postal_code: "42103", city: "Wuppertal", country: "DE" },
      lines: lines.map(([sku, quantity]) => ({ sku, quantity })),
    },
  });

/** @param {string} id @param {string} state */
async function serverSays(id, state) {
  for (let i = 0; i < 100; i += 1) {
    const detail = await bench.ask({ do: "get", path: `/orders/${id}` });
    if (detail.state === state) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  assert.fail(`the server does not say ${state} of ${id} within 10 s`);
}

test("The page is ready and lists an order as soon as it is released to this bench", async () => {
  await sees("idle", 15_000);
  await order("RW-20853", [[FIRST, 2], [SECOND, 1], [THIRD, 1]]);
  await reads(".rows li", /RW-20853/);
  await look("1-idle");
});

test("An order is packed with nothing but scans", async () => {
  await scan("RW-20853", "order-open");
  assert.equal(await page.locator(".line:not(.more)").count(), 3);
  await look("2-order-open");
  await scan(code(FIRST), "item-accepted");
  await reads(".count", /^3/);
  await look("3-item-accepted");
  await scan(code(FOREIGN), "wrong-item");
  await look("4-wrong-item");
  await scan("4006381333931", "unknown-barcode");
  await look("5-unknown-barcode");
  await scan("DLKHEO", "help");
  await look("6-help");
  await scan(code(SECOND), "item-accepted");
  await reads(".count", /^2/);
  await scan("DLKUNC", "taken-back");
  await reads(".count", /^3/);
  await scan(code(SECOND), "item-accepted");
  await scan("DLKSHH", "short");
  await look("7-short");
  await scan("DLKUNC", "order-open");
  await scan(code(FIRST), "item-accepted");
  await bench.scan(code(THIRD));
  await sees("label-scan", 15_000);
  await look("8-label-scan");
  await scan("DL9999999999", "wrong-label");
  const labels = await bench.ask({ do: "labels" });
  assert.equal(labels.length, 1);
  const { tracking } = await bench.ask({ do: "get", path: "/orders/api:RW-20853" });
  assert.ok(JSON.stringify(labels[0].codes).includes(tracking), JSON.stringify(labels[0].codes));
  await scan(tracking, "order-closed");
  await look("9-order-closed");
  await reads(".top", /1 closed today/);
  await serverSays("api:RW-20853", "packed");
});

test("Without paper the order waits, then its label prints by itself, once", async () => {
  await order("RW-20854", [[FIRST, 1]]);
  await reads(".rows li", /RW-20854/);
  await bench.ask({ do: "rig", path: "/printer", body: { set: { paper_out: true } } });
  await reads(".strip .warn", /out of labels/, 10_000);
  await scan("RW-20854", "order-open");
  await bench.scan(code(FIRST));
  await sees("printer-paper", 15_000);
  await look("10-printer-paper");
  const before = (await bench.ask({ do: "labels" })).length;
  await bench.ask({ do: "rig", path: "/printer", body: { set: { paper_out: false } } });
  await sees("label-scan", 15_000);
  assert.equal((await bench.ask({ do: "labels" })).length, before + 1);
  const { tracking } = await bench.ask({ do: "get", path: "/orders/api:RW-20854" });
  await scan(tracking, "order-closed");
});

test("A pulled scanner is on the screen within two seconds, and its return too", async () => {
  await bench.ask({ do: "rig", path: "/scanner", body: { do: "unplug" } });
  await reads(".strip .bad", /not plugged in/, DEVICE_SHOWN_WITHIN_MS);
  await sees("scanner-lost");
  await look("11-scanner-lost");
  await bench.ask({ do: "rig", path: "/scanner", body: { do: "plug" } });
  await reads(".strip .dev", /ready/, 10_000);
  await page.waitForFunction(() => !document.querySelector(".strip .bad"), null, { timeout: 10_000 });
});

test("A cancelled order is taken out again, piece by piece", async () => {
  const made = await order("RW-20855", [[FIRST, 1], [SECOND, 2]]);
  await reads(".rows li", /RW-20855/);
  await scan("RW-20855", "order-open");
  await scan(code(FIRST), "item-accepted");
  await scan(code(SECOND), "item-accepted");
  await bench.ask({ do: "cancel", order: made.id });
  await sees("cancelled");
  await look("12-cancelled");
  await reads(".count", /^2/);
  await bench.scan(code(FIRST));
  await reads(".count", /^1/);
  await scan(code(SECOND), "all-out");
});

test("A box on hold whose order is cancelled heads the queue, and is emptied", async () => {
  const made = await order("RW-20859", [[FIRST, 1], [SECOND, 1]]);
  await reads(".rows li", /RW-20859/);
  await scan("RW-20859", "order-open");
  await scan(code(FIRST), "item-accepted");
  await scan("DLKHOB", "held");
  await bench.ask({ do: "cancel", order: made.id });
  await reads(".rows .aside", /RW-20859[^]*Take the pieces out of this box[^]*the 1 piece in it/);
  await look("12-aside");
  await scan("RW-20859", "cancelled");
  await scan(code(FIRST), "all-out");
  await page.waitForFunction(() => !document.querySelector(".rows .aside"));
});

test("A shelf that the office asks about is counted with scans, and the books are set right", async () => {
  const { site } = (await bench.ask({ do: "get", path: "/stations" })).items[0];
  const shelf = async () =>
    (await bench.ask({ do: "get", path: `/counts?sku=${FOREIGN}` })).items[0]?.counted;
  await bench.ask({ do: "post", path: "/counts/ask", body: { sku: FOREIGN, site, why: "nobody knows" } });
  await reads(".rows .asked", /COUNT/);
  await look("count-1-asked");
  await scan("DLKCNP", "count-open");
  await look("count-2-open");
  await scan(code(FOREIGN), "count-piece");
  await bench.scan("DLKNUI");
  await sees("qty");
  await bench.scan("DLKVEE");
  await scan(code(FOREIGN), "count-piece");
  await reads(".count", /^4/);
  await scan(code(FIRST), "count-other");
  await look("count-3-other");
  await scan("DLKUNC", "count-piece");
  await reads(".count", /^1/);
  await scan("DLKCOV", "count-done");
  await look("count-4-done");
  for (let i = 0; (await shelf()) !== 1; i += 1) {
    assert.ok(i < 100, "the server has no count of 1 within 10 s");
    await new Promise((done) => setTimeout(done, 100));
  }
  const tasks = await bench.ask({ do: "get", path: `/counts/tasks?sku=${FOREIGN}` });
  assert.equal(tasks.items[0].state, "counted");
});

test("A whole order is packed while the server is away, and goes out when it is back", async () => {
  await order("RW-20856", [[SECOND, 1], [THIRD, 2]]);
  await reads(".rows li", /RW-20856/);
  const { tracking } = await bench.ask({ do: "get", path: "/orders/api:RW-20856" });
  await bench.ask({ do: "broker", up: false });
  await reads(".strip", /No server for/, 30_000);
  await scan("RW-20856", "order-open");
  await scan(code(SECOND), "item-accepted");
  await look("13-offline-packing");
  await scan(code(THIRD), "item-accepted");
  await page.waitForTimeout(500); // the second of two equal pieces comes from another hand
  await bench.scan(code(THIRD));
  await sees("label-scan", 15_000);
  await look("14-offline-label");
  await scan(tracking, "order-closed");
  await reads(".strip .dev b", /^[1-9]\d* waiting, all saved here/);
  await look("15-offline-closed");
  await bench.ask({ do: "broker", up: true });
  await reads(".strip .dev b", /^0 waiting/, 60_000);
  await serverSays("api:RW-20856", "packed");
});

test("When the station program dies the page says so by itself, and nothing counted is lost", async () => {
  await order("RW-20857", [[FIRST, 2]]);
  await reads(".rows li", /RW-20857/, 30_000);
  await scan("RW-20857", "order-open");
  await scan(code(FIRST), "item-accepted");
  await bench.ask({ do: "kill-agent" });
  await sees("agent-lost");
  await look("16-agent-lost");
  await bench.ask({ do: "start-agent" });
  await sees("restarted", 15_000);
  await look("17-restarted");
  await bench.scan(code(FIRST));
  await sees("label-scan", 15_000);
  const { tracking } = await bench.ask({ do: "get", path: "/orders/api:RW-20857" });
  await scan(tracking, "order-closed");
  await serverSays("api:RW-20857", "packed");
});

test("Nothing was refused by the page's policy and nothing came from elsewhere", () => {
  // While the station program was dead its socket could not be reached: that is the point.
  const other = bad.filter((line) => !/WebSocket connection to .* failed/.test(line));
  assert.equal(other.join("\n"), "");
});
