// Lists of any length: few rows in the document, places that hold, the keyboard, and the frames of a
// reader who scrolls through 100,000 rows. The frames are printed, not judged: the machine is shared.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { open, SIZES, visit } from "./browser.mjs";
import { frames } from "./frames.mjs";
import * as fx from "./fixtures.mjs";
import { serve, TOKEN } from "./serve.mjs";

const MANY = 100000;
const HUGE = 2000000;

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

/** As many orders as asked, made when they are looked at. @param {number} n */
function orders(n) {
  const [model] = fx.orders();
  return { length: n, at: (/** @type {number} */ i) => ({ ...model, id: `shop:N${i}`, number: `N${i}`, customer: `Customer ${i}` }) };
}

/** @param {number} n @param {any} [o] */
async function at(n, o) {
  api.world.many = orders(n);
  const v = await visit(browser, o);
  await v.page.addInitScript((token) => sessionStorage.setItem("dockline.token", token), TOKEN);
  await v.page.goto(`${api.url}#/orders`);
  await v.page.getByRole("link", { name: "N0", exact: true }).waitFor();
  return v;
}

/** What has the focus. @param {import("playwright-core").Page} page */
const focused = (page) => page.evaluate(() => document.activeElement?.querySelector("a")?.textContent ?? "");

test("100,000 rows: few in the document, each says which it is, the keyboard goes through all", async () => {
  const { page, context } = await at(MANY);
  const grid = page.getByRole("grid", { name: "Orders" });
  assert.equal(await grid.getAttribute("aria-rowcount"), String(MANY + 1));
  await page.keyboard.press("j");
  await page.waitForTimeout(60); // a hand
  for (const [key, number] of [["ArrowDown", "N1"], ["ArrowDown", "N2"], ["ArrowUp", "N1"], ["End", `N${MANY - 1}`], ["ArrowUp", `N${MANY - 2}`], ["Home", "N0"]]) {
    await page.keyboard.press(key);
    await page.waitForFunction((n) => document.activeElement?.querySelector("a")?.textContent === n, number);
    assert.ok(await grid.getByRole("row").count() <= 61);
    const index = await page.evaluate(() => document.activeElement?.getAttribute("aria-rowindex"));
    assert.equal(index, String(Number(number.slice(1)) + 2));
    assert.ok(await page.evaluate(() => {
      const row = document.activeElement?.getBoundingClientRect();
      const box = document.querySelector(".vbox")?.getBoundingClientRect();
      return row && box && row.top >= box.top && row.bottom <= box.bottom + 1;
    }), `${number} is not to be seen`);
  }
  await page.keyboard.press("PageDown");
  await page.keyboard.press("PageDown");
  await page.waitForFunction(() => Number(document.activeElement?.querySelector("a")?.textContent?.slice(1)) > 15);
  await context.close();
});

test("The focus stays on its row when the view scrolls away, and the way back leads to the same place", async () => {
  const { page, context } = await at(MANY);
  await page.keyboard.press("j");
  await page.waitForTimeout(60); // a hand
  for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowDown");
  assert.equal(await focused(page), "N3");
  await page.locator(".vbox").evaluate((box) => { box.scrollTop = 2500000; });
  await page.getByRole("link", { name: "N50001", exact: true }).waitFor();
  assert.equal(await focused(page), "N3");
  await page.getByRole("link", { name: "N50003", exact: true }).click();
  await page.waitForFunction(() => location.hash.includes("N50003"));
  await page.goBack();
  await page.getByRole("link", { name: "N50001", exact: true }).waitFor();
  await context.close();
});

test("Enter opens the row in focus", async () => {
  const { page, context } = await at(MANY);
  await page.keyboard.press("j");
  await page.waitForTimeout(60); // a hand
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => location.hash === "#/orders/shop%3AN1");
  await context.close();
});

test("2,000,000 rows on a phone: taller than any browser’s box, and still each row is reached", async () => {
  const { page, context } = await at(HUGE, { size: SIZES.phone });
  await page.locator("[data-i='0']").focus();
  await page.keyboard.press("End");
  await page.getByRole("link", { name: `N${HUGE - 1}`, exact: true }).waitFor();
  await page.keyboard.press("PageUp");
  await page.keyboard.press("ArrowUp");
  await page.waitForFunction((n) => Number(document.activeElement?.querySelector("a")?.textContent?.slice(1)) < n - 3, HUGE);
  await page.locator(".vbox").evaluate((box) => { box.scrollTop = box.scrollHeight / 2; });
  const first = async () => Number((await page.locator(".paging span").first().textContent())?.replace(/,/g, "").split(" ")[0]);
  await page.waitForFunction(() => /^(9|1,0)/.test(document.querySelector(".paging span")?.textContent ?? ""));
  const seen = await first();
  assert.ok(Math.abs(seen - HUGE / 2) < HUGE / 100, `${seen}`);
  await page.mouse.move(150, 500);
  await page.mouse.wheel(0, 300);
  await page.waitForFunction((n) => !document.querySelector(".paging span")?.textContent?.startsWith(n), seen.toLocaleString("en"));
  assert.equal(await first(), seen + 3);
  await context.close();
});

test("Filters stand in the address, and the back button takes the last choice back", async () => {
  api.world.many = null;
  const v = await visit(browser);
  await v.page.addInitScript((token) => sessionStorage.setItem("dockline.token", token), TOKEN);
  await v.page.goto(`${api.url}#/orders?state=packed&channel=shopify&q=RW-2084`);
  const numbers = () => v.page.locator(".c-ord [data-i] a").allTextContents();
  await v.page.getByRole("link", { name: "RW-20846" }).waitFor();
  assert.ok((await numbers()).every((n) => n.startsWith("RW-2084")));
  assert.equal(await v.page.getByLabel("Part of a number or name").inputValue(), "RW-2084");
  await v.page.getByLabel("Channel").selectOption("");
  await v.page.waitForFunction(() => !location.hash.includes("channel"));
  await v.page.getByRole("button", { name: /^All/ }).click();
  await v.page.waitForFunction(() => !location.hash.includes("state"));
  await v.page.getByRole("link", { name: "RW-20844" }).waitFor();
  await v.page.goBack();
  await v.page.waitForFunction(() => location.hash.includes("state=packed"));
  await v.page.goBack();
  assert.match(v.page.url(), /state=packed&channel=shopify&q=RW-2084$/);
  await v.page.getByLabel("Part of a number or name").fill("");
  await v.page.waitForFunction(() => !location.hash.includes("q="));
  await v.page.getByRole("link", { name: "Show all" }).click();
  await v.page.getByRole("link", { name: "302-8841267-3391541" }).waitFor();
  await v.context.close();
});

test("Frames while 100,000 rows of the fixtures go by", async (t) => {
  const { page, context } = await at(MANY);
  t.diagnostic(await frames(page));
  await context.close();
});
